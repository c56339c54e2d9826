//! The platform's side: hands out envelopes, answers what is settled.

use std::collections::{BTreeMap, VecDeque};
use std::convert::Infallible;

use base::{Duration, Timestamp};

use super::envelope::{Envelope, FailureId, Message, Response};
use super::scan::{ScanLimits, Scanned, Scanner};
use crate::session::{CloseReason, CommandError, CommandId, Outcome, Output, Session, Token};

/// One connection on which a gateway reports.
///
/// It holds no keys: each frame is the closed [`Envelope`], and who sent it is found by
/// the driver. After [`Outcome::Stored`] the answer is success with the message's own id;
/// after [`Outcome::Refused`] a failure that says nothing of the reason, but for the ids
/// that [`FailureId::of`] finds in front of it; after [`Outcome::Busy`] there is none, and
/// the gateway sends it again. What is no message is answered with a failure that names
/// none. After a message without end the connection is closed, since nothing that
/// follows could be told apart.
#[derive(Debug)]
pub struct Platform {
    config: PlatformConfig,
    scanner: Scanner,
    outputs: VecDeque<Output<Envelope>>,
    /// The ids of messages that wait for their answer.
    unsettled: BTreeMap<Token, String>,
    last_message: Timestamp,
    next_token: u64,
    is_closed: bool,
}

/// Times and limits of a [`Platform`]; none of them was found in a text.
#[derive(Debug, Clone, PartialEq)]
pub struct PlatformConfig {
    /// Largest message, in bytes; 1 MiB.
    pub max_message: usize,
    /// How long the start of a message waits for its end; 2 min.
    pub partial: Duration,
    /// How long without a whole message before the connection is closed; 15 min.
    pub idle: Duration,
    /// Messages waiting to be settled; the oldest is forgotten, so it stays unanswered.
    pub max_unsettled: usize,
}

impl Default for PlatformConfig {
    fn default() -> PlatformConfig {
        let ScanLimits { message, patience } = ScanLimits::DEFAULT;
        PlatformConfig {
            max_message: message,
            partial: patience,
            idle: Duration::from_mins(15),
            max_unsettled: 1024,
        }
    }
}

impl Platform {
    pub fn new(config: PlatformConfig, now: Timestamp) -> Platform {
        let limits = ScanLimits { message: config.max_message, patience: config.partial };
        Platform {
            config,
            scanner: Scanner::new(limits),
            outputs: VecDeque::new(),
            unsettled: BTreeMap::new(),
            last_message: now,
            next_token: 1,
            is_closed: false,
        }
    }

    fn scan(&mut self, now: Timestamp) {
        while let Some(scanned) = self.scanner.scan(now) {
            match scanned {
                Scanned::Message { message, raw } => match *message {
                    Message::Request(frame) => {
                        self.last_message = now;
                        self.deliver(frame, raw);
                    }
                    Message::Response(_) => {
                        let reason = "message is an answer, expected one of a gateway".to_owned();
                        self.outputs.push_back(Output::Reject { raw, reason });
                    }
                },
                Scanned::Reject { raw, error } => {
                    self.outputs.push_back(Output::Reject { raw, reason: error.to_string() });
                    self.answer(&Response::failure(None, FailureId::SystemError));
                }
            }
        }
        if self.scanner.is_lost() {
            self.is_closed = true;
            self.outputs.push_back(Output::Close(CloseReason::Broken));
        }
    }

    fn deliver(&mut self, frame: Envelope, raw: Vec<u8>) {
        let token = Token(self.next_token);
        self.next_token += 1;
        if self.unsettled.len() == self.config.max_unsettled {
            self.unsettled.pop_first();
        }
        self.unsettled.insert(token, frame.data_id.clone());
        self.outputs.push_back(Output::Frame { token, frame, raw });
    }

    fn answer(&mut self, response: &Response) {
        self.outputs.push_back(Output::Send(response.to_bytes()));
    }
}

impl Session for Platform {
    type Frame = Envelope;
    type Command = Infallible;

    fn input(&mut self, now: Timestamp, bytes: &[u8]) {
        if !self.is_closed {
            self.scanner.push(now, bytes);
            self.scan(now);
        }
    }

    fn poll(&mut self) -> Option<Output<Envelope>> {
        self.outputs.pop_front()
    }

    fn settle(&mut self, _: Timestamp, token: Token, outcome: Outcome) {
        let Some(data_id) = self.unsettled.remove(&token) else { return };
        match outcome {
            Outcome::Stored => self.answer(&Response::success(&data_id)),
            Outcome::Refused(reason) | Outcome::Unreadable(reason) => {
                self.answer(&Response::failure(Some(&data_id), FailureId::of(&reason)));
            }
            Outcome::Busy => {}
        }
    }

    fn command(&mut self, _: Timestamp, command: Infallible) -> Result<CommandId, CommandError> {
        match command {}
    }

    fn deadline(&self) -> Option<Timestamp> {
        let idle = self.last_message + self.config.idle;
        (!self.is_closed).then(|| self.scanner.deadline().into_iter().chain([idle]).min())?
    }

    fn tick(&mut self, now: Timestamp) {
        if self.is_closed {
            return;
        }
        self.scan(now);
        if !self.is_closed && self.last_message + self.config.idle <= now {
            self.is_closed = true;
            let millis = self.config.idle.as_millis();
            self.outputs.push_back(Output::Close(CloseReason::Idle { millis }));
        }
    }
}
