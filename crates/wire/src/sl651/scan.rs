//! Frames out of a stream: skips what is no frame, waits for what may become one.

use std::collections::VecDeque;

use base::{Duration, Timestamp};

use super::frame::parse_within;
use super::{Frame, FrameError};

/// Cuts a stream of bytes into frames and rejects.
///
/// The same bytes give the same frames and rejects however they were cut.
/// A start of a frame waits for its end no longer than `patience` after its
/// first byte came, however the rest drips in; then reading goes on one byte
/// later, so what a lying length swallowed is found.
///
/// Memory: one frame of the largest allowed size, one piece of noise, and what
/// one [`Scanner::push`] brought.
#[derive(Debug)]
pub struct Scanner {
    buffer: Vec<u8>,
    /// Where in `buffer` reading goes on.
    at: usize,
    /// Skipped bytes that have not been handed out.
    noise: Vec<u8>,
    /// Why the first of them was skipped; `None` for bytes that only lie around.
    reason: Option<RejectReason>,
    /// Bytes of the stream before `buffer[at]`.
    offset: u64,
    /// From which byte of the stream on bytes came at which time, to the second.
    arrivals: VecDeque<(u64, Timestamp)>,
    limits: ScanLimits,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScanLimits {
    /// Largest frame taken, in bytes.
    pub frame: usize,
    /// How long a start of a frame waits for its end.
    pub patience: Duration,
}

/// What a stream holds, in order.
#[derive(Debug, Clone, PartialEq)]
pub enum Scanned {
    Frame { frame: Frame, raw: Vec<u8> },
    Reject(Reject),
}

/// Bytes that are no frame, at most [`Scanner::PIECE`] of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reject {
    pub raw: Vec<u8>,
    /// Where in the stream they began.
    pub offset: u64,
    pub reason: RejectReason,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RejectReason {
    #[error("no frame starts here")]
    Noise,
    #[error(transparent)]
    Frame(#[from] FrameError),
    #[error("frame was not completed in time, {got} of {need} bytes came")]
    Stalled { got: usize, need: usize },
}

impl ScanLimits {
    /// The largest frame that twelve bits of length can announce, which is an ASCII one.
    pub const FRAME: usize = 24 + 4095 + 5;
}

impl Scanner {
    /// Rejects come in pieces of at most this many bytes.
    pub const PIECE: usize = 1024;

    pub fn new(limits: ScanLimits) -> Scanner {
        Scanner {
            buffer: Vec::new(),
            at: 0,
            noise: Vec::new(),
            reason: None,
            offset: 0,
            arrivals: VecDeque::new(),
            limits,
        }
    }

    /// Takes bytes; call [`Scanner::scan`] until it has no more.
    pub fn push(&mut self, now: Timestamp, bytes: &[u8]) {
        self.buffer.drain(..self.at);
        self.at = 0;
        match self.arrivals.back() {
            _ if !self.is_waiting() => self.arrivals = VecDeque::from([(self.offset, now)]),
            Some((_, last)) if now < *last + Duration::from_secs(1) => {}
            _ => self.arrivals.push_back((self.offset + self.buffer.len() as u64, now)),
        }
        self.buffer.extend_from_slice(bytes);
    }

    /// The next frame or reject; `None` until more bytes or [`Scanner::deadline`] come.
    pub fn scan(&mut self, now: Timestamp) -> Option<Scanned> {
        loop {
            if self.noise.len() == Self::PIECE {
                return Some(self.reject());
            }
            let rest = &self.buffer[self.at..];
            let room = Self::PIECE - self.noise.len();
            let plain = rest.iter().take(room).take_while(|byte| !matches!(byte, 0x7E | 0x01));
            let skipped = plain.count();
            if skipped > 0 {
                self.skip(skipped);
                continue;
            }
            let reason = match parse_within(rest, self.limits.frame) {
                Ok(_) if !self.noise.is_empty() => return Some(self.reject()),
                Ok((frame, after)) => {
                    let raw = rest[..rest.len() - after.len()].to_vec();
                    self.at += raw.len();
                    self.offset += raw.len() as u64;
                    return Some(Scanned::Frame { frame, raw });
                }
                Err(FrameError::Short { got, need }) => {
                    if got == 0 || !self.is_late(now, self.offset) {
                        return self.rest(now);
                    }
                    Some(RejectReason::Stalled { got, need })
                }
                Err(FrameError::Start(_) | FrameError::Digit { .. }) => None,
                Err(other) => Some(RejectReason::Frame(other)),
            };
            if reason.is_some() && self.reason.is_none() && !self.noise.is_empty() {
                return Some(self.reject()); // what lies before a broken frame is not part of it
            }
            self.reason = self.reason.take().or(reason);
            self.skip(1);
        }
    }

    /// When waiting ends for the oldest bytes that are no frame yet.
    pub fn deadline(&self) -> Option<Timestamp> {
        let oldest = self.offset - self.noise.len() as u64;
        self.is_waiting().then(|| self.arrival(oldest) + self.limits.patience)
    }

    fn is_waiting(&self) -> bool {
        !self.noise.is_empty() || self.at < self.buffer.len()
    }

    fn arrival(&self, offset: u64) -> Timestamp {
        let after = self.arrivals.partition_point(|(start, _)| *start <= offset);
        let known = after.checked_sub(1).and_then(|index| self.arrivals.get(index));
        known.map_or(Timestamp::MIN, |(_, time)| *time)
    }

    fn is_late(&self, now: Timestamp, offset: u64) -> bool {
        self.arrival(offset) + self.limits.patience <= now
    }

    /// Nothing more can be read now: noise that is old enough goes out, and what
    /// is no longer needed is forgotten.
    fn rest(&mut self, now: Timestamp) -> Option<Scanned> {
        let oldest = self.offset - self.noise.len() as u64;
        if !self.noise.is_empty() && self.is_late(now, oldest) {
            return Some(self.reject());
        }
        while self.arrivals.get(1).is_some_and(|(start, _)| *start <= oldest) {
            self.arrivals.pop_front();
        }
        None
    }

    fn skip(&mut self, count: usize) {
        self.noise.extend_from_slice(&self.buffer[self.at..self.at + count]);
        self.at += count;
        self.offset += count as u64;
    }

    fn reject(&mut self) -> Scanned {
        let raw = std::mem::take(&mut self.noise);
        let offset = self.offset - raw.len() as u64;
        let reason = self.reason.take().unwrap_or(RejectReason::Noise);
        Scanned::Reject(Reject { raw, offset, reason })
    }
}
