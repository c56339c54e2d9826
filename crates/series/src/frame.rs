//! Frames: how appended records are told from torn ones.
//!
//! ```text
//! marker "FSFR" · payload length u32 · sequence u64 · durable u64 · payload crc32 u32 · header crc32 u32
//! payload · end byte 0xa5                                                     (numbers little-endian)
//! ```
//!
//! `durable` is the last sequence known to be on disk when the frame was written.
//! So when a frame is broken, a later intact frame proves whether the broken one
//! had been acknowledged: then the file is damaged. If nothing proves it, and the
//! frame is cut short or has a sector of zeros, a power cut tore it off while it
//! was being written and nobody was told that it was stored.

use crate::bytes::Reader;

pub(crate) const HEADER: usize = 32;
const MARKER: [u8; 4] = *b"FSFR";
const END: u8 = 0xa5;
/// A frame's payload is at most this long; the writer keeps to it.
pub(crate) const MAX_PAYLOAD: usize = 256 << 20;
const SECTOR: usize = 512;

/// The first part of a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Header {
    pub length: usize,
    pub sequence: u64,
    pub durable: u64,
    crc: u32,
}

impl Header {
    /// Bytes of the whole frame.
    pub fn frame_length(&self) -> usize {
        HEADER + self.length + 1
    }

    /// # Errors
    /// What is wrong, in words.
    pub fn parse(bytes: &[u8; HEADER]) -> Result<Header, &'static str> {
        let mut reader = Reader(bytes);
        let mut next = || reader.u32().expect("the header has eight numbers of four bytes");
        let marker = next().to_le_bytes();
        let length = next() as usize;
        let mut long = || u64::from(next()) | u64::from(next()) << 32;
        let (sequence, durable) = (long(), long());
        let (crc, own) = (next(), next());
        if marker != MARKER {
            return Err("no frame starts here");
        }
        if own != crc32fast::hash(&bytes[..HEADER - 4]) || length > MAX_PAYLOAD {
            return Err("the frame's header fails its checksum");
        }
        Ok(Header { length, sequence, durable, crc })
    }

    /// The payload, checked; `body` is what follows the header.
    pub fn payload<'a>(&self, body: &'a [u8]) -> Result<&'a [u8], &'static str> {
        match body.get(..self.length + 1) {
            None => Err("the frame is cut short"),
            Some([payload @ .., END]) if crc32fast::hash(payload) == self.crc => Ok(payload),
            Some(_) => Err("the frame fails its checksum"),
        }
    }
}

/// Appends a frame to `out`; `fill` writes the payload.
pub(crate) fn write(
    out: &mut Vec<u8>,
    sequence: u64,
    durable: u64,
    fill: impl FnOnce(&mut Vec<u8>),
) {
    let start = out.len();
    out.extend_from_slice(&[0; HEADER]);
    fill(out);
    let payload = &out[start + HEADER..];
    let (length, crc) = (payload.len(), crc32fast::hash(payload));
    debug_assert!(length <= MAX_PAYLOAD);
    let header = &mut out[start..start + HEADER];
    header[..4].copy_from_slice(&MARKER);
    header[4..8].copy_from_slice(&(length as u32).to_le_bytes());
    header[8..16].copy_from_slice(&sequence.to_le_bytes());
    header[16..24].copy_from_slice(&durable.to_le_bytes());
    header[24..28].copy_from_slice(&crc.to_le_bytes());
    let own = crc32fast::hash(&header[..HEADER - 4]);
    header[HEADER - 4..].copy_from_slice(&own.to_le_bytes());
    out.push(END);
}

/// How a file of frames ends.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Tail {
    /// With a whole frame, at the end of the bytes.
    Whole,
    /// With bytes from this offset on that a power cut left behind.
    Torn(usize),
    /// It is broken at this offset, and it had been whole once.
    Damaged(usize, String),
}

/// Reads frames from `start` on, the first with sequence `expected`, the rest
/// counting up, and calls `each` with header, offset and payload.
pub(crate) fn scan(
    bytes: &[u8],
    start: usize,
    mut expected: u64,
    mut each: impl FnMut(&Header, usize, &[u8]) -> Result<(), String>,
) -> Tail {
    let mut at = start;
    while at < bytes.len() {
        let problem = match parse(bytes, at) {
            Ok((header, _)) if header.sequence != expected => {
                let seen = header.sequence;
                return Tail::Damaged(at, format!("frame {seen} stands where {expected} belongs"));
            }
            Ok((header, payload)) => match each(&header, at, payload) {
                Ok(()) => {
                    at += header.frame_length();
                    expected += 1;
                    continue;
                }
                Err(problem) => return Tail::Damaged(at, problem),
            },
            Err(problem) => problem,
        };
        if is_torn(bytes, at, expected) {
            return Tail::Torn(at);
        }
        return Tail::Damaged(at, problem.to_owned());
    }
    Tail::Whole
}

fn parse(bytes: &[u8], at: usize) -> Result<(Header, &[u8]), &'static str> {
    let (header, body) = bytes[at..].split_first_chunk().ok_or("the frame is cut short")?;
    let header = Header::parse(header)?;
    Ok((header, header.payload(body)?))
}

/// Whether the broken frame at `at` may be what a power cut left of frame `expected`.
fn is_torn(bytes: &[u8], at: usize, expected: u64) -> bool {
    let mut later = at + 1;
    while let Some(found) = bytes[later..].windows(4).position(|window| window == MARKER) {
        later += found;
        if parse(bytes, later).is_ok_and(|(header, _)| header.durable >= expected) {
            return false;
        }
        later += 1;
    }
    let rest = &bytes[at..];
    let frame = match rest.first_chunk().map(Header::parse) {
        None => return true,
        Some(Ok(header)) if header.frame_length() > rest.len() => return true,
        Some(Ok(header)) => &rest[..header.frame_length()],
        Some(Err(_)) => &rest[..HEADER],
    };
    // A sector is written whole or not at all; the end byte keeps the part of a
    // frame in its last sector from being all zeros by right.
    let first = SECTOR - at % SECTOR;
    let (head, tail) = frame.split_at(first.min(frame.len()));
    [head]
        .into_iter()
        .chain(tail.chunks(SECTOR))
        .any(|part| !part.is_empty() && part.iter().all(|&byte| byte == 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn three() -> Vec<u8> {
        let mut bytes = Vec::new();
        for sequence in 1..=3 {
            write(&mut bytes, sequence, sequence - 1, |out| out.extend_from_slice(&[7; 100]));
        }
        bytes
    }

    fn tail(bytes: &[u8]) -> (usize, Tail) {
        let mut frames = 0;
        let tail = scan(bytes, 0, 1, |_, _, payload| {
            assert_eq!(payload, [7; 100]);
            frames += 1;
            Ok(())
        });
        (frames, tail)
    }

    #[test]
    fn a_frame_cut_anywhere_is_torn_and_the_whole_ones_before_it_stand() {
        let bytes = three();
        let length = bytes.len() / 3;
        for end in 0..bytes.len() {
            let whole = end / length;
            let expected = if end % length == 0 { Tail::Whole } else { Tail::Torn(whole * length) };
            assert_eq!(tail(&bytes[..end]), (whole, expected), "cut at {end}");
        }
    }

    #[test]
    fn a_bit_turned_over_anywhere_is_damage() {
        for at in 0..three().len() {
            let mut bytes = three();
            bytes[at] ^= 0x10;
            let frame = at / (bytes.len() / 3);
            let (frames, tail) = tail(&bytes);
            assert_eq!(frames, frame, "byte {at}");
            let offset = frame * bytes.len() / 3;
            assert!(
                matches!(tail, Tail::Damaged(seen, _) if seen == offset),
                "byte {at}: {tail:?}"
            );
        }
    }

    #[test]
    fn a_group_that_lost_a_sector_is_torn_even_when_a_later_frame_of_it_is_whole() {
        let mut bytes = Vec::new();
        write(&mut bytes, 1, 0, |out| out.extend_from_slice(&[7; 2000]));
        let second = bytes.len();
        write(&mut bytes, 2, 0, |out| out.extend_from_slice(&[7; 100]));
        bytes[512..1024].fill(0);
        assert_eq!(scan(&bytes, 0, 1, |_, _, _| Ok(())), Tail::Torn(0));
        // A third frame that knew both to be on disk makes the same hole damage.
        write(&mut bytes, 3, 2, |out| out.push(1));
        assert!(matches!(scan(&bytes, 0, 1, |_, _, _| Ok(())), Tail::Damaged(0, _)));
        assert!(second < bytes.len());
    }
}
