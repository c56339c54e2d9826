//! Messages out of a stream: what ends in `@@`.

use base::{Duration, Timestamp};

use super::envelope::{END, Message, MessageError};

/// Cuts a stream at every `@@`.
///
/// The same bytes give the same messages and rejects however they were cut. What has
/// only blanks before its `@@` says nothing and is passed over, as are blanks in front. After a message that is
/// too long, or does not end in time, nothing more can be told apart: the scanner is
/// [`Scanner::is_lost`] and takes no more bytes.
///
/// Memory: one message of the largest allowed size, and what one [`Scanner::push`] brought.
#[derive(Debug)]
pub struct Scanner {
    buffer: Vec<u8>,
    /// Where in `buffer` the next message begins.
    at: usize,
    /// From where on `@@` has not been looked for.
    looked: usize,
    /// When the first byte of what waits came.
    since: Option<Timestamp>,
    limits: ScanLimits,
    is_lost: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScanLimits {
    /// Largest message, in bytes before its `@@`.
    pub message: usize,
    /// How long the start of a message waits for its end.
    pub patience: Duration,
}

/// What a stream holds, in order.
#[derive(Debug, Clone, PartialEq)]
pub enum Scanned {
    /// `raw` ends with its `@@`.
    Message { message: Box<Message>, raw: Vec<u8> },
    /// What ended in `@@` and is no message, or no end came.
    Reject { raw: Vec<u8>, error: MessageError },
}

impl ScanLimits {
    /// 1 MiB and two minutes: that message at 70 kbit/s.
    pub const DEFAULT: ScanLimits =
        ScanLimits { message: 1 << 20, patience: Duration::from_mins(2) };
}

impl Scanner {
    pub fn new(limits: ScanLimits) -> Scanner {
        Scanner { buffer: Vec::new(), at: 0, looked: 0, since: None, limits, is_lost: false }
    }

    /// Takes bytes; call [`Scanner::scan`] until it has no more.
    pub fn push(&mut self, now: Timestamp, bytes: &[u8]) {
        if self.is_lost {
            return;
        }
        self.buffer.drain(..self.at);
        self.looked -= self.at;
        self.at = 0;
        if self.buffer.is_empty() {
            self.since = Some(now);
        }
        self.buffer.extend_from_slice(bytes);
        if self.looked == 0 {
            // A long message is gone; its room is not held for the next one.
            self.buffer.shrink_to(self.buffer.len().max(SMALL));
        }
    }

    /// The next message or reject; `None` until more bytes or [`Scanner::deadline`] come.
    pub fn scan(&mut self, now: Timestamp) -> Option<Scanned> {
        while !self.is_lost {
            let blanks =
                self.buffer[self.at..].iter().take_while(|byte| byte.is_ascii_whitespace());
            self.at += blanks.count();
            self.looked = self.looked.max(self.at);
            let Some(end) = find_end(&self.buffer, self.looked) else {
                // The last byte may be the first half of an end.
                self.looked = self.buffer.len().saturating_sub(1).max(self.at);
                return self.wait(now);
            };
            let (start, after) = (self.at, end + END.len());
            (self.at, self.looked) = (after, after);
            self.since = (after < self.buffer.len()).then_some(now);
            let raw = &self.buffer[start..after];
            if self.limits.message < end - start {
                return Some(self.lose(start, MessageError::Long { limit: self.limits.message }));
            }
            let inside = self.buffer[start..end].trim_ascii_end();
            if inside.is_empty() {
                continue;
            }
            return Some(match Message::parse(inside) {
                Ok(message) => Scanned::Message { message: Box::new(message), raw: raw.to_vec() },
                Err(error) => Scanned::Reject { raw: raw.to_vec(), error },
            });
        }
        None
    }

    /// When waiting ends for the oldest bytes that are no message yet.
    pub fn deadline(&self) -> Option<Timestamp> {
        self.since.filter(|_| !self.is_lost).map(|since| since + self.limits.patience)
    }

    /// Whether the stream can no longer be told apart.
    pub fn is_lost(&self) -> bool {
        self.is_lost
    }

    fn wait(&mut self, now: Timestamp) -> Option<Scanned> {
        let waiting = self.buffer.len() - self.at;
        // One `@` more than the largest message may be the first half of its end.
        if self.limits.message + 1 < waiting {
            return Some(self.lose(self.at, MessageError::Long { limit: self.limits.message }));
        }
        if waiting == 0 {
            self.since = None;
            (self.buffer, self.at, self.looked) = (Vec::new(), 0, 0);
            return None;
        }
        if self.deadline().is_some_and(|due| due <= now) {
            return Some(self.lose(self.at, MessageError::Short { got: waiting }));
        }
        None
    }

    /// Gives what begins at `start` as evidence, at most [`Scanner::EVIDENCE`] bytes of
    /// it, and takes nothing more.
    fn lose(&mut self, start: usize, error: MessageError) -> Scanned {
        // No more than has surely come, or the cutting of the stream would show.
        let most = Self::EVIDENCE.min(self.limits.message + 2);
        let end = self.buffer.len().min(start + most);
        let raw = self.buffer[start..end].to_vec();
        (self.buffer, self.at, self.looked) = (Vec::new(), 0, 0);
        (self.since, self.is_lost) = (None, true);
        Scanned::Reject { raw, error }
    }

    /// What is kept of a message without an end.
    pub const EVIDENCE: usize = 4_096;
}

/// Room that an idle connection may hold.
const SMALL: usize = 4_096;

/// Where the first `@@` at or after `from` begins.
pub(super) fn find_end(bytes: &[u8], from: usize) -> Option<usize> {
    let rest = bytes.get(from..)?;
    rest.windows(END.len()).position(|pair| pair == END).map(|index| from + index)
}
