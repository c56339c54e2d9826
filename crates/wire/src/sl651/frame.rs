//! The frame: who to whom, which function, and the bytes in between (§6.2–§6.5).

use super::{Function, StationAddress, ascii, crc16};

/// One frame of either coding and direction.
///
/// `centre` is 1–255; 0 is not valid and is kept as seen. `password` is the two
/// bytes as sent. `body` is at most 4095 bytes (4092 beside a packet count), or
/// 65 535 with [`LengthForm::Sixteen`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    pub coding: Coding,
    pub direction: Direction,
    pub centre: u8,
    pub station: StationAddress,
    pub password: u16,
    pub function: Function,
    /// Present when the message came in packets (mode M3).
    pub packet: Option<Packet>,
    pub length: LengthForm,
    pub body: Vec<u8>,
    pub end: End,
}

/// The two codings of the standard; one conversation keeps to one of them (§6.1.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coding {
    /// HEX/BCD, starts with 7E 7E (§6.5).
    Hex,
    /// ASCII characters, starts with SOH (§6.4).
    Ascii,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// From the station to the centre.
    Up,
    /// From the centre to the station.
    Down,
}

/// Which packet of a message this is; `1 <= number <= total <= 4095`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Packet {
    pub total: u16,
    pub number: u16,
}

/// How the two length bytes are read.
///
/// For frames in packets the text contradicts itself: table 11 puts the
/// direction into the top four bits, tables 22 and 23 give all sixteen to the
/// length. Both are read; the first is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LengthForm {
    /// Direction nibble and twelve bits.
    #[default]
    Twelve,
    /// Sixteen bits; the end byte tells the direction.
    Sixteen,
}

/// The control character that ends a body (table 10).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// Up: the last or only frame.
    Etx,
    /// Up: more follows.
    Etb,
    /// Down: a query or command, an answer is expected.
    Enq,
    /// Down: received, send the next.
    Ack,
    /// Down: send that packet again.
    Nak,
    /// Down: finished, the station may go.
    Eot,
    /// Down: finished, the station stays for ten minutes.
    Esc,
}

/// Why bytes are not a frame.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    /// Not wrong so far, only not whole.
    #[error("frame has {got} bytes so far, {need} are needed")]
    Short { got: usize, need: usize },
    /// Only where a limit was given.
    #[error("frame announces {need} bytes, at most {most} are taken")]
    TooLong { need: usize, most: usize },
    #[error("frame starts with {0:#04x}, expected 7e 7e or 01")]
    Start(u8),
    #[error("byte {at} is {got:#04x}, expected a hexadecimal digit")]
    Digit { at: usize, got: u8 },
    #[error("direction is {0:#x}, expected 0 (up) or 8 (down)")]
    Direction(u8),
    #[error("text starts with {0:#04x}, expected 0x02 or 0x16")]
    Text(u8),
    #[error("length is {got}, expected {least} to {most}")]
    Length { got: usize, least: usize, most: usize },
    #[error("packet is {number} of {total}, expected 1 to 4095 and no more than the total")]
    Packet { total: u16, number: u16 },
    #[error("end byte is {got:#04x}, which no {direction:?} frame has")]
    End { got: u8, direction: Direction },
    #[error("checksum is {got:#06x}, the bytes give {want:#06x}")]
    Checksum { got: u16, want: u16 },
}

/// Reads one frame of either coding; returns what follows it.
///
/// # Errors
/// [`FrameError::Short`] when more bytes are needed, any other when they cannot help.
pub fn parse(bytes: &[u8]) -> Result<(Frame, &[u8]), FrameError> {
    parse_within(bytes, usize::MAX)
}

/// As [`parse`], for frames of at most `most` bytes. Whether a frame is too long is known from
/// its header, so it does not matter how much of it is there.
pub(super) fn parse_within(bytes: &[u8], most: usize) -> Result<(Frame, &[u8]), FrameError> {
    match bytes {
        [0x7E, 0x7E, ..] => parse_hex(bytes, most),
        [ascii::SOH, ..] => ascii::parse_frame(bytes, most),
        [0x7E] => Err(FrameError::Short { got: 1, need: HEADER }),
        [] => Err(FrameError::Short { got: 0, need: HEADER }),
        [_, second, ..] if bytes[0] == 0x7E => Err(FrameError::Start(*second)),
        [first, ..] => Err(FrameError::Start(*first)),
    }
}

/// Writes a frame in its coding.
///
/// # Errors
/// [`FrameError::Length`] when the body is empty or does not fit its length
/// form, [`FrameError::Packet`] and [`FrameError::End`] when these contradict
/// the standard.
pub fn write(frame: &Frame) -> Result<Vec<u8>, FrameError> {
    frame.check()?;
    Ok(match frame.coding {
        Coding::Hex => write_hex(frame),
        Coding::Ascii => ascii::write_frame(frame),
    })
}

/// Bytes before the body: start, addresses, password, function, length, STX.
pub(super) const HEADER: usize = 14;
/// Bytes after the body: end and check.
const TRAILER: usize = 3;
pub(super) const STX: u8 = 0x02;
pub(super) const SYN: u8 = 0x16;
const MOST_TWELVE: usize = 0x0FFF;
const MOST_SIXTEEN: usize = 0xFFFF;

fn parse_hex(bytes: &[u8], most: usize) -> Result<(Frame, &[u8]), FrameError> {
    let Some((header, _)) = bytes.split_first_chunk::<HEADER>() else {
        return Err(FrameError::Short { got: bytes.len(), need: HEADER });
    };
    let length = u16::from_be_bytes([header[11], header[12]]);
    let (nibble, twelve) = (header[11] >> 4, usize::from(length) & MOST_TWELVE);
    match header[13] {
        STX => {
            let direction = Direction::from_nibble(nibble)?;
            let form = LengthForm::Twelve;
            read(bytes, header, Reading { direction, length: twelve, form, most })
        }
        SYN => {
            let sixteen = usize::from(length);
            let by_end = |length: usize| {
                let end = bytes.get(HEADER + length).copied();
                if end.and_then(End::from_byte).is_some_and(End::is_down) {
                    Direction::Down
                } else {
                    Direction::Up
                }
            };
            let wide = |bytes| {
                let direction = by_end(sixteen);
                let form = LengthForm::Sixteen;
                read(bytes, header, Reading { direction, length: sixteen, form, most })
            };
            match nibble {
                // Both readings name the same bytes; only the end byte tells them apart.
                0 if 3 <= twelve && by_end(twelve) == Direction::Down => wide(bytes),
                0 | 8 => {
                    let direction = Direction::from_nibble(nibble)?;
                    let form = LengthForm::Twelve;
                    match read(bytes, header, Reading { direction, length: twelve, form, most }) {
                        result @ (Ok(_) | Err(FrameError::Short { .. })) => result,
                        Err(_) if nibble == 8 => wide(bytes),
                        refused => refused,
                    }
                }
                _ => wide(bytes),
            }
        }
        other => Err(FrameError::Text(other)),
    }
}

/// One way to read the length bytes.
struct Reading {
    direction: Direction,
    length: usize,
    form: LengthForm,
    most: usize,
}

fn read<'a>(
    bytes: &'a [u8],
    header: &[u8; HEADER],
    Reading { direction, length, form, most }: Reading,
) -> Result<(Frame, &'a [u8]), FrameError> {
    let in_packets = header[13] == SYN;
    let least = if in_packets { 3 } else { 1 };
    if length < least {
        return Err(FrameError::Length { got: length, least, most: form.most() });
    }
    let need = HEADER + length + TRAILER;
    check_size(bytes.len(), need, most)?;
    let (whole, rest) = bytes.split_at(need);
    let text = &whole[HEADER..HEADER + length];
    let end = End::read(whole[HEADER + length], direction)?;
    let got = u16::from_be_bytes([whole[need - 2], whole[need - 1]]);
    let want = crc16(&whole[..need - 2]);
    if got != want {
        return Err(FrameError::Checksum { got, want });
    }
    let (packet, body) = match text {
        [first, second, third, body @ ..] if in_packets => {
            let both = u32::from_be_bytes([0, *first, *second, *third]);
            (Some(Packet::new((both >> 12) as u16, (both & 0xFFF) as u16)?), body)
        }
        body => (None, body),
    };
    let (centre, station) = match direction {
        Direction::Up => (header[2], [header[3], header[4], header[5], header[6], header[7]]),
        Direction::Down => (header[7], [header[2], header[3], header[4], header[5], header[6]]),
    };
    let frame = Frame {
        coding: Coding::Hex,
        direction,
        centre,
        station: StationAddress(station),
        password: u16::from_be_bytes([header[8], header[9]]),
        function: Function(header[10]),
        packet,
        length: form,
        body: body.to_vec(),
        end,
    };
    Ok((frame, rest))
}

pub(super) fn check_size(got: usize, need: usize, most: usize) -> Result<(), FrameError> {
    if most < need {
        return Err(FrameError::TooLong { need, most });
    }
    if got < need { Err(FrameError::Short { got, need }) } else { Ok(()) }
}

fn write_hex(frame: &Frame) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(HEADER + 3 + frame.body.len() + TRAILER);
    bytes.extend([0x7E, 0x7E]);
    match frame.direction {
        Direction::Up => {
            bytes.push(frame.centre);
            bytes.extend(frame.station.0);
        }
        Direction::Down => {
            bytes.extend(frame.station.0);
            bytes.push(frame.centre);
        }
    }
    bytes.extend(frame.password.to_be_bytes());
    bytes.push(frame.function.0);
    bytes.extend(frame.length_word(3).to_be_bytes());
    match frame.packet {
        None => bytes.push(STX),
        Some(packet) => {
            bytes.push(SYN);
            let both = u32::from(packet.total) << 12 | u32::from(packet.number);
            bytes.extend(&both.to_be_bytes()[1..]);
        }
    }
    bytes.extend(&frame.body);
    bytes.push(frame.end.byte());
    let check = crc16(&bytes);
    bytes.extend(check.to_be_bytes());
    bytes
}

impl Frame {
    /// The length bytes; a packet count takes `count` bytes of the length.
    pub(super) fn length_word(&self, count: usize) -> u16 {
        let length = self.body.len() + if self.packet.is_some() { count } else { 0 };
        let length = u16::try_from(length).expect("check() bounds the body");
        match self.length {
            LengthForm::Sixteen => length,
            LengthForm::Twelve => u16::from(self.direction.nibble()) << 12 | length,
        }
    }

    fn check(&self) -> Result<(), FrameError> {
        let (count, least) = match (self.packet, self.coding) {
            (None, _) => (0, 1),
            (Some(_), Coding::Hex) => (3, 3),
            (Some(_), Coding::Ascii) => (6, 6),
        };
        if let Some(packet) = self.packet {
            Packet::new(packet.total, packet.number)?;
        }
        // Sixteen bits exist for HEX packets only (tables 22 and 23).
        let form = match (self.packet, self.coding) {
            (Some(_), Coding::Hex) => self.length,
            _ => LengthForm::Twelve,
        };
        let (got, most) = (self.body.len() + count, form.most());
        if got < least || most < got || form != self.length {
            return Err(FrameError::Length { got, least, most });
        }
        End::read(self.end.byte(), self.direction).map(|_| ())
    }
}

impl LengthForm {
    fn most(self) -> usize {
        match self {
            LengthForm::Twelve => MOST_TWELVE,
            LengthForm::Sixteen => MOST_SIXTEEN,
        }
    }
}

impl Packet {
    /// # Errors
    /// [`FrameError::Packet`] unless `1 <= number <= total <= 4095`.
    pub fn new(total: u16, number: u16) -> Result<Packet, FrameError> {
        if 1 <= number && number <= total && total <= 0xFFF {
            Ok(Packet { total, number })
        } else {
            Err(FrameError::Packet { total, number })
        }
    }
}

impl Direction {
    pub(super) fn from_nibble(nibble: u8) -> Result<Direction, FrameError> {
        match nibble {
            0 => Ok(Direction::Up),
            8 => Ok(Direction::Down),
            other => Err(FrameError::Direction(other)),
        }
    }

    fn nibble(self) -> u8 {
        match self {
            Direction::Up => 0,
            Direction::Down => 8,
        }
    }
}

impl End {
    pub const ALL: [End; 7] =
        [End::Etx, End::Etb, End::Enq, End::Ack, End::Nak, End::Eot, End::Esc];

    pub fn byte(self) -> u8 {
        match self {
            End::Etx => 0x03,
            End::Etb => 0x17,
            End::Enq => 0x05,
            End::Ack => 0x06,
            End::Nak => 0x15,
            End::Eot => 0x04,
            End::Esc => 0x1B,
        }
    }

    /// The name of table 10.
    pub fn name(self) -> &'static str {
        match self {
            End::Etx => "ETX",
            End::Etb => "ETB",
            End::Enq => "ENQ",
            End::Ack => "ACK",
            End::Nak => "NAK",
            End::Eot => "EOT",
            End::Esc => "ESC",
        }
    }

    pub fn is_down(self) -> bool {
        !matches!(self, End::Etx | End::Etb)
    }

    fn from_byte(byte: u8) -> Option<End> {
        End::ALL.into_iter().find(|end| end.byte() == byte)
    }

    pub(super) fn read(byte: u8, direction: Direction) -> Result<End, FrameError> {
        End::from_byte(byte)
            .filter(|end| end.is_down() == (direction == Direction::Down))
            .ok_or(FrameError::End { got: byte, direction })
    }
}
