//! The platform's side of one connection: judges nothing itself, acknowledges what is stored.

mod config;
mod inbound;
mod link;
mod open;

use std::collections::VecDeque;
use std::sync::Arc;

use base::{Duration, Timestamp};
use bytes::Bytes;

use self::link::Link;
use super::scan::Scanner;
use super::{Connack, Connect, Frame, Hub, Packet, PacketError, Peer, Qos, Version, read, write};
use crate::session::{
    CloseReason, CommandError, CommandId, CommandResult, Outcome, Output, Session, Token, Wake,
};

pub use self::config::ServerConfig;

/// One connection of one client.
///
/// - CONNECT is a [`Frame`] to judge; CONNACK follows [`Outcome::Stored`], and what the
///   client sends before is left in the buffer.
/// - PUBLISH of QoS 1 is acknowledged after [`Outcome::Stored`], in the order in which
///   messages came (§4.6). One that is stored twice is stored once: intake knows. That
///   is also why QoS 2 needs no memory here: version 3 clients get PUBREC after the disk
///   and PUBCOMP for whatever PUBREL, version 5 clients are told that 1 is the maximum.
/// - [`Outcome::Busy`] withholds the acknowledgement. MQTT has no other way to ask for a
///   message again than a new connection, so this one reads no further and is closed
///   after [`ServerConfig::busy`]; the client comes back and sends it again.
/// - [`Outcome::Refused`] of a message is a PUBACK with its reason in version 5, and the
///   end of the connection in version 3, which knows no such answer (§3.3.5).
/// - [`Outcome::Unreadable`] is a PUBACK as well, in version 5 with its reason. A version 3
///   client that was cut instead would send the same message again, before all others,
///   for ever; its bytes are kept, and what is wrong with them is shown to people.
/// - Its own command topics may be subscribed to; nothing else is heard here.
/// - Whatever breaks the standard ends the connection, with the reason where the version
///   has one.
pub struct Server {
    config: ServerConfig,
    hub: Hub,
    scanner: Scanner,
    outputs: VecDeque<Output<Frame>>,
    phase: Phase,
    /// Messages that intake has, in the order they came.
    unsettled: VecDeque<Unsettled>,
    wake: Option<Wake>,
    next_token: u64,
    /// The driver's clock as far as it was heard; what settles a frame has another one.
    clock: Timestamp,
    /// We kept the peer waiting, so what it began is not late.
    was_full: bool,
}

enum Phase {
    /// No CONNECT yet.
    Waiting {
        since: Timestamp,
    },
    /// Its credentials are with intake.
    Judging {
        token: Token,
        connect: Box<Connect>,
        peer: Arc<Peer>,
    },
    Open(Box<Link>),
    Closed,
}

/// A message that waits for its acknowledgement.
struct Unsettled {
    token: Token,
    qos: Qos,
    pid: u16,
    /// What became of it, while one before it is still unsettled.
    outcome: Option<Outcome>,
}

/// The first byte of a client.
const CONNECT: u8 = 0x10;

impl Server {
    pub fn new(config: ServerConfig, hub: Hub, now: Timestamp) -> Server {
        Server {
            config,
            hub,
            scanner: Scanner::default(),
            outputs: VecDeque::new(),
            phase: Phase::Waiting { since: now },
            unsettled: VecDeque::new(),
            wake: None,
            next_token: 1,
            clock: now,
            was_full: false,
        }
    }

    fn token(&mut self) -> Token {
        let token = Token(self.next_token);
        self.next_token += 1;
        token
    }

    /// Takes packets as long as something may be done with them.
    fn scan(&mut self, now: Timestamp) {
        while self.takes_packets() {
            let most = match self.phase {
                Phase::Waiting { .. } => self.config.max_connect,
                _ => self.config.max_packet,
            };
            // Whoever does not begin with CONNECT is no client, however much it promises.
            if matches!(self.phase, Phase::Waiting { .. })
                && let Some(first) = self.scanner.rest().first()
                && *first != CONNECT
            {
                let text = format!("first byte is {first:#04x}, expected CONNECT ({CONNECT:#04x})");
                let rest = self.scanner.rest().to_vec();
                return self.violated(now, rest, &PacketError::new(0x82, text));
            }
            match self.scanner.cut(now, most) {
                Ok(Some(raw)) => self.take(now, raw),
                Ok(None) => return,
                Err(error) => {
                    let reason = match error {
                        super::scan::ScanError::Length => 0x81,
                        super::scan::ScanError::TooLarge { .. } => 0x95,
                    };
                    let rest = self.scanner.rest().to_vec();
                    return self.violated(now, rest, &PacketError::new(reason, error.to_string()));
                }
            }
        }
    }

    fn takes_packets(&self) -> bool {
        match &self.phase {
            Phase::Waiting { .. } => true,
            Phase::Judging { .. } | Phase::Closed => false,
            Phase::Open(link) => {
                link.busy_since.is_none() && self.unsettled.len() < self.config.max_unsettled
            }
        }
    }

    fn take(&mut self, now: Timestamp, raw: Vec<u8>) {
        let version = match &self.phase {
            Phase::Open(link) => link.peer.version,
            // CONNECT says its own.
            _ => Version::V3,
        };
        let taken = read(version, &raw).and_then(|packet| match packet {
            Packet::Connect(connect) => self.connect(*connect, &raw),
            packet => self.packet(now, packet, &raw),
        });
        if let Err(error) = taken {
            self.violated(now, raw, &error);
        }
    }

    /// The first packet; it is judged before anything else is looked at.
    fn connect(&mut self, connect: Connect, raw: &[u8]) -> Result<(), PacketError> {
        if !matches!(self.phase, Phase::Waiting { .. }) {
            return Err(PacketError::new(0x82, "CONNECT came a second time"));
        }
        if let Some((reason, text)) = self.config.objection(&connect) {
            self.turn_away(connect.version, reason, CloseReason::Refused);
            self.reject(raw.to_vec(), text.to_owned());
            return Ok(());
        }
        let client = match connect.client.is_empty() {
            true => self.hub.name(),
            false => Arc::clone(&connect.client),
        };
        let peer = Arc::new(Peer {
            version: connect.version,
            client,
            user: connect.user.clone(),
            password: connect.password.clone(),
        });
        if !super::Topics::can_be(peer.code()) {
            self.turn_away(connect.version, Refusal::Identifier, CloseReason::Refused);
            self.reject(raw.to_vec(), "code is empty or holds one of / + #".to_owned());
            return Ok(());
        }
        let token = self.token();
        let event = super::Event::Connect {
            keep_alive: connect.keep_alive,
            is_clean: connect.is_clean,
            has_will: connect.will.is_some(),
        };
        let frame = Frame { peer: Arc::clone(&peer), event };
        // Strangers are shown with their bytes; a key of theirs is nobody's to see.
        let bare = Connect { password: None, ..connect.clone() };
        let raw = write(connect.version, &Packet::Connect(Box::new(bare))).unwrap_or_default();
        self.outputs.push_back(Output::Frame { token, frame, raw });
        self.phase = Phase::Judging { token, connect: Box::new(connect), peer };
        Ok(())
    }

    /// CONNACK with a reason, and the end.
    fn turn_away(&mut self, version: Version, refusal: Refusal, reason: CloseReason) {
        let connack = Connack { reason: refusal.code(version), ..Connack::default() };
        self.send(version, &Packet::Connack(Box::new(connack)));
        self.phase = Phase::Closed;
        self.outputs.push_back(Output::Close(reason));
    }

    /// The peer broke the standard: its bytes are kept, the reason is said if the version
    /// has a packet for it, and the connection ends. Its will is done (MQTT-3.1.2-8).
    fn violated(&mut self, now: Timestamp, mut raw: Vec<u8>, error: &PacketError) {
        raw.truncate(self.config.max_evidence);
        self.reject(raw, error.text.clone());
        match std::mem::replace(&mut self.phase, Phase::Closed) {
            Phase::Open(link) => {
                self.phase = Phase::Open(link);
                let reason = Some((error.reason, &*error.text));
                self.end(now, reason, Some(CloseReason::Broken));
            }
            Phase::Waiting { .. } => {
                if error.reason == 0x84 {
                    // The answer that every version understands (MQTT-3.1.2-2).
                    let refusal = Refusal::Version.code(Version::V3);
                    let connack = Connack { reason: refusal, ..Connack::default() };
                    self.send(Version::V3, &Packet::Connack(Box::new(connack)));
                }
                self.outputs.push_back(Output::Close(CloseReason::Broken));
            }
            Phase::Judging { .. } | Phase::Closed => {
                self.outputs.push_back(Output::Close(CloseReason::Broken));
            }
        }
        self.scanner.clear();
    }

    fn reject(&mut self, raw: Vec<u8>, reason: String) {
        self.outputs.push_back(Output::Reject { raw, reason });
    }

    /// What cannot be written was never read in that form either, so nothing is lost.
    fn send(&mut self, version: Version, packet: &Packet) {
        self.outputs.extend(write(version, packet).ok().map(Output::Send));
    }
}

/// Why a client is not let in (§3.2.2.3 of version 3, §3.2.2.2 of version 5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Refusal {
    Version,
    Identifier,
    /// Unknown, or with other credentials: which of them, nobody learns.
    Credentials,
    Busy,
    Full,
    Method,
    WillQos,
    WillRetained,
    WillTopic,
}

impl Refusal {
    fn code(self, version: Version) -> u8 {
        let (three, five) = match self {
            Refusal::Version => (1, 0x84),
            Refusal::Identifier => (2, 0x85),
            Refusal::Credentials => (5, 0x87),
            Refusal::Busy => (3, 0x89),
            Refusal::Full => (3, 0x97),
            Refusal::Method => (5, 0x8C),
            Refusal::WillQos => (5, 0x9B),
            Refusal::WillRetained => (5, 0x9A),
            Refusal::WillTopic => (5, 0x90),
        };
        match version {
            Version::V3 => three,
            Version::V5 => five,
        }
    }
}

/// A message of a client to its own platform, downward.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    pub payload: Bytes,
    /// Version 5: comes back with the answer.
    pub correlation: Option<Bytes>,
    /// After this nobody wants it any more; never when `None`.
    pub until: Option<Timestamp>,
}

impl Session for Server {
    type Frame = Frame;
    type Command = Command;

    fn input(&mut self, now: Timestamp, bytes: &[u8]) {
        if matches!(self.phase, Phase::Closed) {
            return;
        }
        self.hear_clock(now);
        self.scanner.push(now, bytes);
        self.scan(now);
        // Whoever goes on sending though nothing is read is not waited for.
        if self.config.max_packet.max(self.config.max_connect) * 2 < self.scanner.rest().len() {
            let rest = self.scanner.rest().to_vec();
            let text = "bytes come though none are taken";
            self.violated(now, rest, &PacketError::new(0x97, text));
        }
    }

    fn poll(&mut self) -> Option<Output<Frame>> {
        self.outputs.pop_front()
    }

    /// No acknowledgement of MQTT carries a time, and deadlines are by the driver's clock.
    fn settle(&mut self, _: Timestamp, token: Token, outcome: Outcome) {
        let now = self.clock;
        self.was_full |= !self.takes_packets();
        match std::mem::replace(&mut self.phase, Phase::Closed) {
            Phase::Judging { token: judged, connect, peer } if judged == token => match outcome {
                Outcome::Stored => self.open(now, *connect, peer),
                Outcome::Refused(_) | Outcome::Unreadable(_) => {
                    self.turn_away(peer.version, Refusal::Credentials, CloseReason::Refused);
                }
                Outcome::Busy => self.turn_away(peer.version, Refusal::Busy, CloseReason::Busy),
            },
            phase => {
                self.phase = phase;
                self.settled(now, token, outcome);
            }
        }
        self.scan(now);
    }

    /// [`CommandResult::Answered`] when the client acknowledged it, which may be on a later
    /// connection; its own answer is a message like others.
    fn command(&mut self, now: Timestamp, command: Command) -> Result<CommandId, CommandError> {
        let Phase::Open(link) = &self.phase else {
            return Err(CommandError::Unheard("this connection".to_owned()));
        };
        let id = self.hub.command_here(&link.key, link.connection, command)?;
        self.deliver(now);
        Ok(id)
    }

    fn deadline(&self) -> Option<Timestamp> {
        let partial = self.scanner.deadline(self.config.partial);
        match &self.phase {
            Phase::Waiting { since } => {
                partial.into_iter().chain([*since + self.config.connect]).min()
            }
            Phase::Judging { .. } | Phase::Closed => None,
            Phase::Open(link) => {
                let silent = link.last_heard + link.patience;
                let busy = link.busy_since.map(|since| since + self.config.busy);
                let partial = partial.filter(|_| self.takes_packets());
                let expiry = self.hub.next_expiry(&link.key, link.connection);
                [Some(silent), busy, partial, expiry].into_iter().flatten().min()
            }
        }
    }

    fn tick(&mut self, now: Timestamp) {
        self.hear_clock(now);
        let is_late = self.scanner.deadline(self.config.partial).is_some_and(|due| due <= now);
        match &self.phase {
            Phase::Waiting { since } => {
                if *since + self.config.connect <= now || is_late {
                    let idle = CloseReason::Idle { millis: self.config.connect.as_millis() };
                    let rest = self.scanner.rest().to_vec();
                    if !rest.is_empty() {
                        self.reject(rest, "CONNECT did not come whole in time".to_owned());
                    }
                    self.phase = Phase::Closed;
                    self.outputs.push_back(Output::Close(idle));
                }
            }
            Phase::Judging { .. } | Phase::Closed => {}
            Phase::Open(link) => {
                let idle = CloseReason::Idle { millis: link.patience.as_millis() };
                if !self.hub.is_attached(&link.key, link.connection) {
                    let text = "the same client came by another connection";
                    self.end(now, Some((0x8E, text)), Some(CloseReason::TakenOver));
                } else if link.busy_since.is_some_and(|since| since + self.config.busy <= now) {
                    let text = "no room now, send it again";
                    self.end(now, Some((0x89, text)), Some(CloseReason::Busy));
                } else if link.last_heard + link.patience <= now {
                    self.end(now, Some((0x8D, "nothing was heard in time")), Some(idle));
                } else if is_late && self.takes_packets() {
                    let rest = self.scanner.rest().to_vec();
                    let text = "packet did not come whole in time";
                    self.violated(now, rest, &PacketError::new(0x81, text));
                } else {
                    self.expire(now);
                    self.deliver(now);
                }
            }
        }
    }

    fn wake_by(&mut self, wake: Wake) {
        self.wake = Some(wake);
    }

    fn lost(&mut self, now: Timestamp) {
        self.hear_clock(now);
        if matches!(self.phase, Phase::Open(_)) {
            self.end(now, None, None);
        }
        self.phase = Phase::Closed;
    }

    fn is_full(&self) -> bool {
        !self.takes_packets()
    }

    fn held(&self) -> Option<usize> {
        Some(self.scanner.rest().len())
    }
}

impl Server {
    /// Whether its client is let in and listens to commands.
    pub fn takes_commands(&self) -> bool {
        match &self.phase {
            Phase::Open(link) => self.hub.listens(&link.key, link.connection),
            _ => false,
        }
    }

    fn hear_clock(&mut self, now: Timestamp) {
        self.clock = now;
        if self.was_full && self.takes_packets() {
            self.was_full = false;
            self.scanner.renew(now);
        }
    }

    /// Tells of commands that nobody wants any more.
    fn expire(&mut self, now: Timestamp) {
        let Phase::Open(link) = &self.phase else { return };
        let over = self.hub.expire(now, &link.key, link.connection);
        let result = CommandResult::Unanswered;
        self.outputs.extend(over.into_iter().map(|command| Output::Done { command, result }));
    }
}

/// What a client is told of times in seconds.
fn seconds(span: Duration) -> u32 {
    u32::try_from(span.as_millis() / 1_000).unwrap_or(u32::MAX)
}
