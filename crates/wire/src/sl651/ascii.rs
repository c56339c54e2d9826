//! ASCII frames (§6.4): the header and check as hexadecimal characters.

use super::frame::{STX, SYN, check_size};
use super::{
    Coding, Direction, End, Frame, FrameError, Function, LengthForm, Packet, StationAddress, crc16,
};

pub(super) const SOH: u8 = 0x01;
/// SOH, centre 2, station 10, password 4, function 2, length 4, STX.
pub(super) const HEADER: usize = 24;
/// End and check.
const TRAILER: usize = 5;

/// Reads one frame that starts with SOH; wrong digits are found as soon as they are there.
pub(super) fn parse_frame(bytes: &[u8], most: usize) -> Result<(Frame, &[u8]), FrameError> {
    let digits = &bytes[1..bytes.len().min(HEADER - 1)];
    if let Some(at) = digits.iter().position(|byte| !byte.is_ascii_hexdigit()) {
        return Err(FrameError::Digit { at: at + 1, got: digits[at] });
    }
    let Some(header) = bytes.get(..HEADER) else {
        return Err(FrameError::Short { got: bytes.len(), need: HEADER });
    };
    let in_packets = match header[HEADER - 1] {
        STX => false,
        SYN => true,
        other => return Err(FrameError::Text(other)),
    };
    let word = number(bytes, 19)?;
    let direction = Direction::from_nibble((word >> 12) as u8)?;
    let (length, least) = (usize::from(word & 0xFFF), if in_packets { 6 } else { 1 });
    if length < least {
        return Err(FrameError::Length { got: length, least, most: 0xFFF });
    }
    let need = HEADER + length + TRAILER;
    check_size(bytes.len(), need, most)?;
    let (whole, rest) = bytes.split_at(need);
    let end = End::read(whole[HEADER + length], direction)?;
    let got = number(whole, need - 4)?;
    let want = crc16(&whole[..need - 4]);
    if got != want {
        return Err(FrameError::Checksum { got, want });
    }
    let mut body = &whole[HEADER..HEADER + length];
    let mut packet = None;
    if in_packets {
        let both = u32::from(digit(whole, HEADER)?) << 20
            | u32::from(number(whole, HEADER + 1)?) << 4
            | u32::from(digit(whole, HEADER + 5)?);
        packet = Some(Packet::new((both >> 12) as u16, (both & 0xFFF) as u16)?);
        body = &body[6..];
    }
    let (centre, station) = match direction {
        Direction::Up => (1, 3),
        Direction::Down => (11, 1),
    };
    let mut address = [0; 5];
    for (index, byte) in address.iter_mut().enumerate() {
        *byte = pair(whole, station + 2 * index)?;
    }
    let frame = Frame {
        coding: Coding::Ascii,
        direction,
        centre: pair(whole, centre)?,
        station: StationAddress(address),
        password: number(whole, 13)?,
        function: Function(pair(whole, 17)?),
        packet,
        length: LengthForm::Twelve,
        body: body.to_vec(),
        end,
    };
    Ok((frame, rest))
}

pub(super) fn write_frame(frame: &Frame) -> Vec<u8> {
    let centre = format!("{:02X}", frame.centre);
    let station = frame.station.to_string();
    let addresses = match frame.direction {
        Direction::Up => centre + &station,
        Direction::Down => station + &centre,
    };
    let (password, function) = (frame.password, frame.function);
    let length = frame.length_word(6);
    let mut bytes = vec![SOH];
    bytes.extend(format!("{addresses}{password:04X}{function}{length:04X}").bytes());
    match frame.packet {
        None => bytes.push(STX),
        Some(Packet { total, number }) => {
            bytes.push(SYN);
            bytes.extend(format!("{total:03X}{number:03X}").bytes());
        }
    }
    bytes.extend(&frame.body);
    bytes.push(frame.end.byte());
    let check = crc16(&bytes);
    bytes.extend(format!("{check:04X}").bytes());
    bytes
}

/// The callers have made sure that the bytes are there.
fn digit(bytes: &[u8], at: usize) -> Result<u8, FrameError> {
    let got = bytes[at];
    char::from(got).to_digit(16).map(|digit| digit as u8).ok_or(FrameError::Digit { at, got })
}

fn pair(bytes: &[u8], at: usize) -> Result<u8, FrameError> {
    Ok(digit(bytes, at)? << 4 | digit(bytes, at + 1)?)
}

fn number(bytes: &[u8], at: usize) -> Result<u16, FrameError> {
    Ok(u16::from(pair(bytes, at)?) << 8 | u16::from(pair(bytes, at + 2)?))
}
