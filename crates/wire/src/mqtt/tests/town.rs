//! A platform and devices without a socket, and a clock by hand.

use base::{Duration, Timestamp};
use bytes::Bytes;

use super::super::{
    Client, ClientConfig, Connect, Event, Frame, Heard, Hub, Packet, Publish, Qos, Report, Server,
    ServerConfig, Version, read, write,
};
use crate::session::{CloseReason, CommandId, CommandResult, Outcome, Output, Session, Token};

pub const T0: Timestamp = Timestamp::from_millis(1_785_733_200_000);

pub fn at(seconds: i64) -> Timestamp {
    T0 + Duration::from_secs(seconds)
}

/// A platform's connection, and what it said since somebody looked.
pub struct Door {
    pub server: Server,
    pub version: Version,
    pub sent: Vec<Packet>,
    pub frames: Vec<(Token, Frame, Vec<u8>)>,
    pub rejects: Vec<(Vec<u8>, String)>,
    pub done: Vec<(CommandId, CommandResult)>,
    pub closed: Option<CloseReason>,
}

impl Door {
    pub fn new(hub: &Hub, version: Version) -> Door {
        Door::with(ServerConfig::default(), hub, version)
    }

    pub fn with(config: ServerConfig, hub: &Hub, version: Version) -> Door {
        Door {
            server: Server::new(config, hub.clone(), T0),
            version,
            sent: Vec::new(),
            frames: Vec::new(),
            rejects: Vec::new(),
            done: Vec::new(),
            closed: None,
        }
    }

    /// A door with a client of that name that was let in.
    pub fn open(hub: &Hub, connect: Connect) -> Door {
        let mut door = Door::new(hub, connect.version);
        door.hear(0, &Packet::Connect(Box::new(connect)));
        door.settle(0, Outcome::Stored);
        door
    }

    pub fn hear(&mut self, seconds: i64, packet: &Packet) {
        let bytes = write(self.version, packet).expect("it can be written");
        self.hear_bytes(seconds, &bytes);
    }

    pub fn hear_bytes(&mut self, seconds: i64, bytes: &[u8]) {
        self.server.input(at(seconds), bytes);
        self.drain();
    }

    pub fn tick(&mut self, seconds: i64) {
        self.server.tick(at(seconds));
        self.drain();
    }

    /// Settles the oldest frame that is not.
    pub fn settle(&mut self, seconds: i64, outcome: Outcome) {
        let (token, ..) = self.frames.remove(0);
        self.server.settle(at(seconds), token, outcome);
        self.drain();
    }

    pub fn drain(&mut self) {
        while let Some(output) = self.server.poll() {
            match output {
                Output::Send(bytes) => {
                    self.sent.push(read(self.version, &bytes).expect("a server sends packets"));
                }
                Output::Frame { token, frame, raw } => self.frames.push((token, frame, raw)),
                Output::Reject { raw, reason } => self.rejects.push((raw, reason)),
                Output::Done { command, result } => self.done.push((command, result)),
                Output::Close(reason) => self.closed = Some(reason),
            }
        }
    }

    /// What it has sent since somebody asked.
    pub fn said(&mut self) -> Vec<Packet> {
        std::mem::take(&mut self.sent)
    }

    /// The payloads of the messages and wills that wait to be settled.
    pub fn told(&self) -> Vec<String> {
        let text = |payload: &Bytes| String::from_utf8_lossy(payload).into_owned();
        let told = self.frames.iter().map(|(_, frame, _)| match &frame.event {
            Event::Connect { .. } => "connect".to_owned(),
            Event::Publish(message) => text(&message.payload),
            Event::Will(message) => format!("will {}", text(&message.payload)),
        });
        told.collect()
    }
}

/// CONNECT of the station 水库 with its key.
pub fn connect(version: Version) -> Connect {
    Connect {
        user: Some("shuiku".into()),
        password: Some(Bytes::from_static(b"key")),
        ..Connect::new(version, "logger-1")
    }
}

pub fn publish(qos: Qos, pid: u16, payload: &'static str) -> Packet {
    Packet::Publish(Publish { qos, pid, ..Publish::new("data", payload) })
}

pub fn subscribe(filter: &str) -> Packet {
    let filters = vec![(filter.into(), Qos::AtLeastOnce)];
    Packet::Subscribe { pid: 1, has_identifier: false, filters }
}

pub fn device(version: Version) -> Client {
    Client::new(ClientConfig::new(connect(version)), T0)
}

pub fn report(payload: &str) -> Report {
    Report {
        topic: "data".into(),
        payload: Bytes::copy_from_slice(payload.as_bytes()),
        qos: Qos::AtLeastOnce,
        correlation: None,
    }
}

/// Lets both talk until neither has anything to say; what the platform hears is settled
/// by `judge`. Says what the device heard and what became of its reports.
pub fn talk(
    seconds: i64,
    client: &mut Client,
    door: &mut Door,
    mut judge: impl FnMut(&Frame) -> Outcome,
) -> (Vec<Heard>, Vec<(CommandId, CommandResult)>) {
    let (mut heard, mut done) = (Vec::new(), Vec::new());
    loop {
        let mut is_quiet = true;
        while let Some(output) = client.poll() {
            is_quiet = false;
            match output {
                Output::Send(bytes) => door.server.input(at(seconds), &bytes),
                Output::Frame { frame, .. } => heard.push(frame),
                Output::Done { command, result } => done.push((command, result)),
                Output::Reject { reason, .. } => panic!("the device rejects: {reason}"),
                Output::Close(_) => return (heard, done),
            }
        }
        while let Some(output) = door.server.poll() {
            is_quiet = false;
            match output {
                Output::Send(bytes) => client.input(at(seconds), &bytes),
                Output::Frame { token, frame, .. } => {
                    let outcome = judge(&frame);
                    door.server.settle(at(seconds), token, outcome);
                }
                Output::Reject { reason, .. } => panic!("the platform rejects: {reason}"),
                Output::Done { command, result } => door.done.push((command, result)),
                Output::Close(reason) => door.closed = Some(reason),
            }
        }
        if is_quiet {
            return (heard, done);
        }
    }
}
