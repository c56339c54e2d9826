//! The device's side: publishes until it is acknowledged, over as many connections as that takes.

use std::collections::VecDeque;
use std::sync::Arc;

use base::{Duration, Timestamp};
use bytes::Bytes;

use super::scan::Scanner;
use super::{Connack, Connect, Packet, Publish, Qos, Version, read, write};
use crate::session::{
    CloseReason, CommandError, CommandId, CommandResult, Outcome, Output, Session, Token,
};

/// One device, for simulation and tests.
///
/// It outlives its connections: [`Session::lost`] makes it ready for the next one, on
/// which it connects again, subscribes again unless its session is still there, and
/// sends again with DUP what was not acknowledged, in its order (§4.4).
#[derive(Debug)]
pub struct Client {
    config: ClientConfig,
    scanner: Scanner,
    outputs: VecDeque<Output<Heard>>,
    queue: VecDeque<Waiting>,
    state: State,
    /// In force: what the server allows, at most what the configuration wants.
    window: usize,
    keep_alive: Duration,
    last_sent: Timestamp,
    last_pid: u16,
    next_token: u64,
    next_command: u64,
}

#[derive(Debug, Clone, PartialEq)]
pub struct ClientConfig {
    pub connect: Connect,
    /// Messages of QoS 1 and 2 that may be unacknowledged; 20.
    pub window: usize,
    /// How long it waits for any acknowledgement before it connects anew; 20 s.
    pub answer: Duration,
    /// Filters that it subscribes to, with QoS 1.
    pub filters: Vec<Arc<str>>,
    /// Messages that may wait; 1024.
    pub max_queue: usize,
    /// Largest packet that is taken, bytes; 256 KiB.
    pub max_packet: usize,
}

/// What a device hears.
#[derive(Debug, Clone, PartialEq)]
pub enum Heard {
    /// It was let in, or was not: `reason` is 0 or says why.
    Connack { reason: u8, is_present: bool },
    /// A message on a topic that it listens to. It is acknowledged when it is settled.
    Message(Publish),
    /// For each of its filters, whether it is granted.
    Suback(Vec<u8>),
    /// The server ended the connection (version 5).
    Disconnect { reason: u8 },
}

/// A message to publish.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    pub topic: Arc<str>,
    pub payload: Bytes,
    pub qos: Qos,
    pub correlation: Option<Bytes>,
}

#[derive(Debug)]
struct Waiting {
    id: CommandId,
    report: Report,
    sent: Option<Sent>,
}

/// It is on its way under this identifier.
#[derive(Debug, Clone, Copy)]
struct Sent {
    pid: u16,
    since: Timestamp,
    /// QoS 2: PUBREC came, PUBREL is out.
    is_released: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Connecting { since: Timestamp },
    Open,
    Closed,
}

impl ClientConfig {
    /// With the limits named at the fields.
    pub fn new(connect: Connect) -> ClientConfig {
        ClientConfig {
            connect,
            window: 20,
            answer: Duration::from_secs(20),
            filters: Vec::new(),
            max_queue: 1_024,
            max_packet: 256 << 10,
        }
    }
}

impl Client {
    pub fn new(config: ClientConfig, now: Timestamp) -> Client {
        let mut client = Client {
            window: config.window,
            keep_alive: Duration::from_secs(i64::from(config.connect.keep_alive)),
            config,
            scanner: Scanner::default(),
            outputs: VecDeque::new(),
            queue: VecDeque::new(),
            state: State::Connecting { since: now },
            last_sent: now,
            last_pid: 0,
            next_token: 1,
            next_command: 1,
        };
        client.connect(now);
        client
    }

    /// Says good-bye: the server drops the will.
    pub fn disconnect(&mut self, now: Timestamp) {
        if self.state == State::Open {
            self.send(now, &Packet::Disconnect { reason: 0, expiry: None, text: None });
        }
        self.close(CloseReason::Finished);
    }

    fn version(&self) -> Version {
        self.config.connect.version
    }

    fn connect(&mut self, now: Timestamp) {
        self.state = State::Connecting { since: now };
        let connect = Packet::Connect(Box::new(self.config.connect.clone()));
        self.send(now, &connect);
    }

    fn send(&mut self, now: Timestamp, packet: &Packet) {
        match write(self.version(), packet) {
            Ok(bytes) => {
                self.last_sent = now;
                self.outputs.push_back(Output::Send(bytes));
            }
            Err(error) => {
                self.outputs.push_back(Output::Reject { raw: Vec::new(), reason: error.text });
            }
        }
    }

    fn close(&mut self, reason: CloseReason) {
        if self.state != State::Closed {
            self.state = State::Closed;
            self.outputs.push_back(Output::Close(reason));
        }
    }

    fn tell(&mut self, frame: Heard, raw: Vec<u8>) -> Token {
        let token = Token(self.next_token);
        self.next_token += 1;
        self.outputs.push_back(Output::Frame { token, frame, raw });
        token
    }

    fn take(&mut self, now: Timestamp, raw: Vec<u8>) {
        let packet = match read(self.version(), &raw) {
            Ok(packet) => packet,
            Err(error) => return self.violated(raw, error.text),
        };
        match packet {
            Packet::Connack(connack) => self.connack(now, *connack, raw),
            Packet::Publish(publish) => {
                let (qos, pid) = (publish.qos, publish.pid);
                self.tell(Heard::Message(publish), raw);
                // A simulated device has nothing that could be lost in between.
                if qos == Qos::AtLeastOnce {
                    self.send(now, &Packet::Puback { pid, reason: 0 });
                }
            }
            Packet::Puback { pid, reason } | Packet::Pubcomp { pid, reason } => {
                self.finished(now, pid, reason);
            }
            Packet::Pubrec { pid, reason } if 0x80 <= reason => self.finished(now, pid, reason),
            Packet::Pubrec { pid, .. } => {
                if let Some(sent) = self.sent(pid) {
                    sent.is_released = true;
                    sent.since = now;
                }
                self.send(now, &Packet::Pubrel { pid });
            }
            Packet::Suback { codes, .. } => {
                self.tell(Heard::Suback(codes), raw);
            }
            Packet::Disconnect { reason, .. } => {
                self.tell(Heard::Disconnect { reason }, raw);
                self.close(CloseReason::Refused);
            }
            Packet::Pingresp | Packet::Unsuback { .. } => {}
            _ => self.violated(raw, "packet comes from no server".to_owned()),
        }
    }

    fn violated(&mut self, raw: Vec<u8>, reason: String) {
        self.outputs.push_back(Output::Reject { raw, reason });
        self.close(CloseReason::Broken);
    }

    fn connack(&mut self, now: Timestamp, connack: Connack, raw: Vec<u8>) {
        let (reason, is_present) = (connack.reason, connack.is_present);
        self.tell(Heard::Connack { reason, is_present }, raw);
        if reason != 0 {
            return self.close(CloseReason::Refused);
        }
        self.state = State::Open;
        self.window = self.config.window.min(usize::from(connack.receive_max.unwrap_or(u16::MAX)));
        if let Some(seconds) = connack.keep_alive {
            self.keep_alive = Duration::from_secs(i64::from(seconds));
        }
        if !is_present && !self.config.filters.is_empty() {
            let filters = self.config.filters.iter();
            let filters = filters.map(|it| (Arc::clone(it), Qos::AtLeastOnce)).collect();
            let pid = self.free_pid();
            self.send(now, &Packet::Subscribe { pid, has_identifier: false, filters });
        }
        for index in 0..self.queue.len() {
            if let Some(sent) = self.queue[index].sent {
                self.queue[index].sent = Some(Sent { since: now, ..sent });
                match sent.is_released {
                    true => self.send(now, &Packet::Pubrel { pid: sent.pid }),
                    false => self.publish(now, index, sent.pid, true),
                }
            }
        }
        self.advance(now);
    }

    /// Sends what waits, as far as the window goes.
    fn advance(&mut self, now: Timestamp) {
        if self.state != State::Open {
            return;
        }
        let mut room =
            self.window.saturating_sub(self.queue.iter().filter(|it| it.sent.is_some()).count());
        let mut index = 0;
        while index < self.queue.len() {
            let (is_sent, qos) = (self.queue[index].sent.is_some(), self.queue[index].report.qos);
            if !is_sent && qos == Qos::AtMostOnce {
                self.publish(now, index, 0, false);
                if let Some(Waiting { id: command, .. }) = self.queue.remove(index) {
                    let result = CommandResult::Sent;
                    self.outputs.push_back(Output::Done { command, result });
                }
                continue;
            }
            if !is_sent && 0 < room {
                room -= 1;
                let pid = self.free_pid();
                self.queue[index].sent = Some(Sent { pid, since: now, is_released: false });
                self.publish(now, index, pid, false);
            }
            index += 1;
        }
    }

    fn publish(&mut self, now: Timestamp, index: usize, pid: u16, is_again: bool) {
        let report = self.queue[index].report.clone();
        let publish = Publish {
            qos: report.qos,
            pid,
            is_again,
            correlation: report.correlation,
            ..Publish::new(report.topic, report.payload)
        };
        self.send(now, &Packet::Publish(publish));
    }

    fn finished(&mut self, now: Timestamp, pid: u16, reason: u8) {
        let found = |waiting: &Waiting| waiting.sent.is_some_and(|sent| sent.pid == pid);
        let Some(index) = self.queue.iter().position(found) else { return };
        if let Some(Waiting { id: command, .. }) = self.queue.remove(index) {
            let result = match reason < 0x80 {
                true => CommandResult::Answered,
                false => CommandResult::Unanswered,
            };
            self.outputs.push_back(Output::Done { command, result });
        }
        self.advance(now);
    }

    fn sent(&mut self, pid: u16) -> Option<&mut Sent> {
        self.queue.iter_mut().filter_map(|it| it.sent.as_mut()).find(|sent| sent.pid == pid)
    }

    fn free_pid(&mut self) -> u16 {
        loop {
            self.last_pid = self.last_pid.checked_add(1).unwrap_or(1);
            let pid = self.last_pid;
            if self.sent(pid).is_none() {
                return pid;
            }
        }
    }

    /// Since when the longest unanswered thing waits.
    fn oldest(&self) -> Option<Timestamp> {
        match self.state {
            State::Connecting { since } => Some(since),
            _ => self.queue.iter().filter_map(|waiting| waiting.sent).map(|sent| sent.since).min(),
        }
    }
}

impl Session for Client {
    type Frame = Heard;
    type Command = Report;

    fn input(&mut self, now: Timestamp, bytes: &[u8]) {
        if self.state == State::Closed {
            return;
        }
        self.scanner.push(now, bytes);
        while !matches!(self.state, State::Closed) {
            match self.scanner.cut(now, self.config.max_packet) {
                Ok(Some(raw)) => self.take(now, raw),
                Ok(None) => return,
                Err(error) => {
                    let rest = self.scanner.rest().to_vec();
                    self.violated(rest, error.to_string());
                }
            }
        }
    }

    fn poll(&mut self) -> Option<Output<Heard>> {
        self.outputs.pop_front()
    }

    fn settle(&mut self, _: Timestamp, _: Token, _: Outcome) {}

    /// [`CommandResult::Answered`] when the server took it, [`CommandResult::Unanswered`]
    /// when it said that it did not, [`CommandResult::Sent`] with QoS 0.
    fn command(&mut self, now: Timestamp, report: Report) -> Result<CommandId, CommandError> {
        let (waiting, limit) = (self.queue.len(), self.config.max_queue);
        if limit <= waiting {
            return Err(CommandError::Full { waiting, limit });
        }
        let publish = Publish {
            qos: report.qos,
            pid: 1,
            correlation: report.correlation.clone(),
            ..Publish::new(Arc::clone(&report.topic), report.payload.clone())
        };
        write(self.version(), &Packet::Publish(publish))
            .map_err(|error| CommandError::Unwritable(error.text))?;
        let id = CommandId(self.next_command);
        self.next_command += 1;
        self.queue.push_back(Waiting { id, report, sent: None });
        self.advance(now);
        Ok(id)
    }

    fn deadline(&self) -> Option<Timestamp> {
        if self.state == State::Closed {
            return None;
        }
        let answer = self.oldest().map(|since| since + self.config.answer);
        let ping = (Duration::ZERO < self.keep_alive).then(|| self.last_sent + self.keep_alive);
        answer.into_iter().chain(ping).min()
    }

    fn tick(&mut self, now: Timestamp) {
        if self.state == State::Closed {
            return;
        }
        if self.oldest().is_some_and(|since| since + self.config.answer <= now) {
            let millis = self.config.answer.as_millis();
            return self.close(CloseReason::Idle { millis });
        }
        if Duration::ZERO < self.keep_alive && self.last_sent + self.keep_alive <= now {
            self.send(now, &Packet::Pingreq);
        }
    }

    /// Ready for the next connection, whose first bytes come by [`Session::poll`].
    fn lost(&mut self, now: Timestamp) {
        self.scanner.clear();
        self.outputs.retain(|output| !matches!(output, Output::Send(_) | Output::Close(_)));
        self.connect(now);
    }

    fn held(&self) -> Option<usize> {
        Some(self.scanner.rest().len())
    }
}
