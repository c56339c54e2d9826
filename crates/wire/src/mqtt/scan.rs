//! Cuts a stream into packets by their fixed headers (§2.1.1, §2.1.4).

use base::{Duration, Timestamp};

/// Bytes that came and are no whole packet yet; never more than one packet and what
/// one call to [`Scanner::push`] brought.
#[derive(Debug, Default)]
pub struct Scanner {
    buffer: Vec<u8>,
    /// Bytes of `buffer` that are cut off already.
    start: usize,
    /// When the first byte of what is not whole came.
    since: Option<Timestamp>,
}

/// Why no packet can be cut off any more; there is no way to find the next one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ScanError {
    #[error("length of the packet goes on after four bytes")]
    Length,
    #[error("packet has {length} bytes, {most} are taken")]
    TooLarge { length: u64, most: usize },
}

impl Scanner {
    pub fn push(&mut self, now: Timestamp, bytes: &[u8]) {
        if self.start == self.buffer.len() {
            self.buffer.clear();
            self.start = 0;
        } else if self.buffer.len() / 2 < self.start {
            // What is cut off goes when it is the greater part, so each byte moves once.
            self.buffer.drain(..self.start);
            self.start = 0;
        }
        if self.buffer.is_empty() && 4_096 < self.buffer.capacity() {
            // An idle connection keeps no room of its longest packet.
            self.buffer = Vec::new();
        }
        self.buffer.extend_from_slice(bytes);
        self.since.get_or_insert(now);
    }

    /// The next whole packet of at most `most` bytes.
    ///
    /// # Errors
    /// [`ScanError`]; what is left is told by [`Scanner::rest`].
    pub fn cut(&mut self, now: Timestamp, most: usize) -> Result<Option<Vec<u8>>, ScanError> {
        let rest = self.rest();
        let Some(length) = length(rest)? else { return Ok(None) };
        if length > most as u64 {
            return Err(ScanError::TooLarge { length, most });
        }
        let length = length as usize;
        if rest.len() < length {
            return Ok(None);
        }
        let packet = rest[..length].to_vec();
        self.start += length;
        self.renew(now);
        Ok(Some(packet))
    }

    /// What has come and was not cut off.
    pub fn rest(&self) -> &[u8] {
        &self.buffer[self.start..]
    }

    /// Until when the packet that has begun must be whole.
    pub fn deadline(&self, patience: Duration) -> Option<Timestamp> {
        self.since.filter(|_| !self.rest().is_empty()).map(|since| since + patience)
    }

    /// What is not whole yet was kept waiting by us.
    pub fn renew(&mut self, now: Timestamp) {
        self.since = (!self.rest().is_empty()).then_some(now);
    }

    pub fn clear(&mut self) {
        *self = Scanner::default();
    }
}

/// Bytes of the packet that begins here, its header included.
fn length(bytes: &[u8]) -> Result<Option<u64>, ScanError> {
    let mut remaining = 0_u64;
    for index in 0..4 {
        let Some(byte) = bytes.get(index + 1) else { return Ok(None) };
        remaining |= u64::from(byte & 0x7F) << (7 * index);
        if byte & 0x80 == 0 {
            return Ok(Some(remaining + 2 + index as u64));
        }
    }
    Err(ScanError::Length)
}
