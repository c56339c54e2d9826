//! The gateway's side: closes reports, sends them until they are answered, catches up.

use std::collections::VecDeque;

use base::{Duration, Timestamp};

use super::cipher::Key;
use super::envelope::{Envelope, Message, Response};
use super::open::close;
use super::payload::{Payload, ReportKind};
use super::scan::{ScanLimits, Scanned, Scanner};
use crate::session::{
    CloseReason, CommandError, CommandId, CommandResult, Outcome, Output, Session, Token,
};

/// One front-end gateway, for simulation and tests.
///
/// Reports go out in order, [`DeviceConfig::window`] of them at a time, and are kept
/// until the platform has answered. One that is not answered is sent again with the same
/// id; after [`DeviceConfig::resends`] times it has ended as
/// [`CommandResult::Unanswered`], and whoever plays the device gives it again. After
/// [`Device::reconnect`] everything unanswered is sent anew as
/// [`ReportKind::Continues`]: it is no longer news. A failure ends a report as well; the
/// answer itself is handed to the driver as a frame before.
#[derive(Debug)]
pub struct Device {
    config: DeviceConfig,
    scanner: Scanner,
    outputs: VecDeque<Output<Response>>,
    /// In order; the first `window` of them are out.
    queue: VecDeque<Waiting>,
    /// The last time anything came from the platform.
    last_heard: Timestamp,
    next_token: u64,
    next_command: u64,
    next_data_id: u64,
    is_closed: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub struct DeviceConfig {
    pub app_id: String,
    pub service_id: String,
    pub key: Key,
    /// Put before the number of each message to name it: unique for this device.
    pub data_id: String,
    /// How long a message waits for its answer; 20 s.
    pub answer: Duration,
    /// How often a message is sent again on one connection; 2.
    pub resends: u32,
    /// Messages out at the same time; 1.
    pub window: usize,
    /// How long a connection stays without anything from the platform; 10 min.
    pub online: Duration,
    /// Messages kept; more are not taken.
    pub max_queue: usize,
}

#[derive(Debug)]
struct Waiting {
    id: CommandId,
    data_id: String,
    payload: Payload,
    /// `None` until it is out.
    sent: Option<Sent>,
}

#[derive(Debug)]
struct Sent {
    since: Timestamp,
    bytes: Vec<u8>,
    resends: u32,
}

impl DeviceConfig {
    /// With the times and limits named at the fields.
    pub fn new(app_id: &str, service_id: &str, key: Key) -> DeviceConfig {
        DeviceConfig {
            app_id: app_id.to_owned(),
            service_id: service_id.to_owned(),
            key,
            data_id: "d-".to_owned(),
            answer: Duration::from_secs(20),
            resends: 2,
            window: 1,
            online: Duration::from_mins(10),
            max_queue: 256,
        }
    }
}

impl Device {
    pub fn new(config: DeviceConfig, now: Timestamp) -> Device {
        Device {
            scanner: Scanner::new(ScanLimits::DEFAULT),
            config,
            outputs: VecDeque::new(),
            queue: VecDeque::new(),
            last_heard: now,
            next_token: 1,
            next_command: 1,
            next_data_id: 1,
            is_closed: false,
        }
    }

    /// The link broke and there is a new one: half a message that was heard is gone, and
    /// what was not answered is sent as caught up.
    pub fn reconnect(&mut self, now: Timestamp) {
        self.scanner = Scanner::new(ScanLimits::DEFAULT);
        self.outputs.retain(|output| !matches!(output, Output::Send(_) | Output::Close(_)));
        self.last_heard = now;
        self.is_closed = false;
        for waiting in &mut self.queue {
            if waiting.sent.take().is_some() && waiting.payload.kind == ReportKind::Report {
                waiting.payload.kind = ReportKind::Continues;
            }
        }
        self.advance(now);
    }

    /// Reports that are kept for want of an answer.
    pub fn unanswered(&self) -> usize {
        self.queue.len()
    }

    fn advance(&mut self, now: Timestamp) {
        for waiting in self.queue.iter_mut().take(self.config.window.max(1)) {
            if waiting.sent.is_none() {
                let bytes = bytes(&self.config, &waiting.data_id, &waiting.payload);
                self.outputs.push_back(Output::Send(bytes.clone()));
                waiting.sent = Some(Sent { since: now, bytes, resends: 0 });
            }
        }
    }

    fn scan(&mut self, now: Timestamp) {
        while let Some(scanned) = self.scanner.scan(now) {
            match scanned {
                Scanned::Message { message, raw } => match *message {
                    Message::Response(response) => {
                        self.last_heard = now;
                        self.hear(now, response, raw);
                    }
                    Message::Request(_) => {
                        let reason = "message is a gateway's, expected an answer".to_owned();
                        self.outputs.push_back(Output::Reject { raw, reason });
                    }
                },
                Scanned::Reject { raw, error } => {
                    self.outputs.push_back(Output::Reject { raw, reason: error.to_string() });
                }
            }
        }
        if self.scanner.is_lost() {
            self.is_closed = true;
            self.outputs.push_back(Output::Close(CloseReason::Broken));
        }
    }

    fn hear(&mut self, now: Timestamp, response: Response, raw: Vec<u8>) {
        // An answer that names no message is to what was sent first.
        let is_meant = |waiting: &Waiting| {
            let is_named = response.data_id.as_ref().is_none_or(|id| *id == waiting.data_id);
            waiting.sent.is_some() && is_named
        };
        let meant = self.queue.iter().position(is_meant);
        let is_success = response.is_success;
        let token = Token(self.next_token);
        self.next_token += 1;
        self.outputs.push_back(Output::Frame { token, frame: response, raw });
        if let Some(waiting) = meant.and_then(|index| self.queue.remove(index)) {
            let result = match is_success {
                true => CommandResult::Answered,
                false => CommandResult::Unanswered,
            };
            self.outputs.push_back(Output::Done { command: waiting.id, result });
        }
        self.advance(now);
    }
}

/// The message of one report.
fn bytes(config: &DeviceConfig, data_id: &str, payload: &Payload) -> Vec<u8> {
    let payload = Payload { data_id: Some(data_id.to_owned()), ..payload.clone() };
    let envelope = Envelope {
        app_id: config.app_id.clone(),
        service_id: config.service_id.clone(),
        data_id: data_id.to_owned(),
        data: close(&payload, &config.key),
        interface: None,
        params: None,
        more: serde_json::Map::new(),
    };
    // A configuration that cannot be written was refused by `command`.
    super::write(&Message::Request(envelope)).unwrap_or_default()
}

impl Session for Device {
    type Frame = Response;
    type Command = Payload;

    fn input(&mut self, now: Timestamp, bytes: &[u8]) {
        if !self.is_closed {
            self.scanner.push(now, bytes);
            self.scan(now);
        }
    }

    fn poll(&mut self) -> Option<Output<Response>> {
        self.outputs.pop_front()
    }

    fn settle(&mut self, _: Timestamp, _: Token, _: Outcome) {}

    /// [`CommandResult::Answered`] when the platform has stored it,
    /// [`CommandResult::Unanswered`] when it refused it or the repeats ran out.
    fn command(&mut self, now: Timestamp, payload: Payload) -> Result<CommandId, CommandError> {
        let (waiting, limit) = (self.queue.len(), self.config.max_queue);
        if limit <= waiting {
            return Err(CommandError::Full { waiting, limit });
        }
        let data_id = format!("{}{}", self.config.data_id, self.next_data_id);
        if bytes(&self.config, &data_id, &payload).is_empty() {
            return Err(CommandError::Unwritable(
                "ids of the gateway cannot be written".to_owned(),
            ));
        }
        self.next_data_id += 1;
        let id = CommandId(self.next_command);
        self.next_command += 1;
        self.queue.push_back(Waiting { id, data_id, payload, sent: None });
        if !self.is_closed {
            self.advance(now);
        }
        Ok(id)
    }

    fn deadline(&self) -> Option<Timestamp> {
        if self.is_closed {
            return None;
        }
        let online = self.last_heard + self.config.online;
        let sent = self.queue.iter().filter_map(|waiting| waiting.sent.as_ref());
        let answers = sent.map(|sent| sent.since + self.config.answer);
        self.scanner.deadline().into_iter().chain(answers).chain([online]).min()
    }

    fn tick(&mut self, now: Timestamp) {
        if self.is_closed {
            return;
        }
        self.scan(now);
        let (answer, resends) = (self.config.answer, self.config.resends);
        let mut given_up = Vec::new();
        for waiting in &mut self.queue {
            let Some(sent) = &mut waiting.sent else { continue };
            if now < sent.since + answer {
                continue;
            }
            if sent.resends < resends {
                (sent.since, sent.resends) = (now, sent.resends + 1);
                self.outputs.push_back(Output::Send(sent.bytes.clone()));
            } else {
                given_up.push(waiting.id);
            }
        }
        for command in given_up {
            self.queue.retain(|waiting| waiting.id != command);
            let result = CommandResult::Unanswered;
            self.outputs.push_back(Output::Done { command, result });
        }
        self.advance(now);
        if self.last_heard + self.config.online <= now {
            self.is_closed = true;
            let millis = self.config.online.as_millis();
            self.outputs.push_back(Output::Close(CloseReason::Idle { millis }));
        }
    }
}
