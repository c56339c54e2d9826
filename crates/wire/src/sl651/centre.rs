//! The platform's side: takes reports, acknowledges what is stored, asks for packets, sends commands.

use std::collections::{BTreeMap, VecDeque};

use base::{Duration, Timestamp};

use super::collect::{Ask, Collection, Fit, Whole};
use super::link::{BuildError, Header, Link};
use super::scan::{ScanLimits, Scanned, Scanner};
use super::{
    Body, Command, Content, Direction, End, Frame, Function, Packet, Setting, StationAddress,
};
use crate::session::{
    CloseReason, CommandError, CommandId, CommandResult, Outcome, Output, Session, Token,
};

/// One connection on which stations report.
///
/// - Modes M1 and M2: each frame is an [`Output::Frame`]; after
///   [`Outcome::Stored`] it is acknowledged with its own serial. What is refused
///   or met no room is not answered: the station sends it again (§6.3.1.2 b).
/// - Mode M3: packets are collected; the whole message is one frame with the
///   bodies joined and no packet count, which may be longer than one frame can carry.
/// - Mode M4: [`Command`]s go out one after another.
/// - A heartbeat (2F) is a frame like others and never answered.
#[derive(Debug)]
pub struct Centre {
    config: CentreConfig,
    scanner: Scanner,
    outputs: VecDeque<Output<Frame>>,
    unsettled: BTreeMap<Token, Answer>,
    collections: Vec<Collection>,
    /// Stations heard here, the latest last.
    peers: Vec<Link>,
    commands: VecDeque<(CommandId, Command)>,
    in_flight: Option<InFlight>,
    /// The answer to the last command; the next goes out once this is settled,
    /// so that a station is never asked while it waits for its acknowledgement.
    unsettled_answer: Option<Token>,
    last_frame: Timestamp,
    /// How far the time in frames is ahead of the session's.
    ahead: Duration,
    next_token: u64,
    next_command: u64,
    is_closed: bool,
}

/// Times and limits of a [`Centre`]. The standard leaves the times to the channel.
#[derive(Debug, Clone, PartialEq)]
pub struct CentreConfig {
    /// How long bytes may wait to become a frame; 30 s.
    pub partial: Duration,
    /// How long without a whole frame before the connection is closed; 15 min,
    /// longer than the ten minutes a station stays online after ESC.
    pub idle: Duration,
    /// How long after the last packet a missing one is asked for; 10 s.
    pub gap: Duration,
    /// How long a command waits for its answer; 20 s.
    pub answer: Duration,
    /// How often a query or a request for a packet is repeated; the standard says 2. A
    /// setting is sent once: whether it was carried out, only its answer tells.
    pub resends: u32,
    /// What an acknowledgement asks of the station.
    pub finish: Finish,
    /// Largest frame, in bytes; [`ScanLimits::FRAME`], what twelve bits of length announce. Raise it to
    /// 65 552 for stations that use sixteen: noise then costs sixteen times the checking.
    pub max_frame: usize,
    /// Largest message in packets, in bytes held for it.
    pub max_message: usize,
    /// Messages in packets at the same time.
    pub max_collections: usize,
    /// Frames waiting to be settled; the oldest is forgotten, so it stays unacknowledged.
    pub max_unsettled: usize,
    pub max_commands: usize,
    /// Stations remembered, to whom commands can go.
    pub max_stations: usize,
}

/// What the last acknowledgement asks of a station (table 10).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finish {
    /// ESC: stay online for commands.
    StayOnline,
    /// EOT: the station may go. While commands wait for it, ESC is sent instead.
    Release,
}

/// How a frame will be acknowledged.
#[derive(Debug)]
struct Answer {
    link: Link,
    function: Function,
    serial: u16,
    packet: Option<Packet>,
    /// The station has more to send.
    more: bool,
    /// In force once this answer is acknowledged (§6.6.4.23).
    new_password: Option<u16>,
}

#[derive(Debug)]
struct InFlight {
    id: CommandId,
    command: Command,
    since: Timestamp,
    resends: u32,
}

impl Default for CentreConfig {
    fn default() -> CentreConfig {
        CentreConfig {
            partial: Duration::from_secs(30),
            idle: Duration::from_mins(15),
            gap: Duration::from_secs(10),
            answer: Duration::from_secs(20),
            resends: 2,
            finish: Finish::StayOnline,
            max_frame: ScanLimits::FRAME,
            max_message: 4 << 20,
            max_collections: 4,
            max_unsettled: 1024,
            max_commands: 16,
            max_stations: 64,
        }
    }
}

impl Centre {
    pub fn new(config: CentreConfig, now: Timestamp) -> Centre {
        Centre {
            scanner: Scanner::new(ScanLimits { frame: config.max_frame, patience: config.partial }),
            config,
            outputs: VecDeque::new(),
            unsettled: BTreeMap::new(),
            collections: Vec::new(),
            peers: Vec::new(),
            commands: VecDeque::new(),
            in_flight: None,
            unsettled_answer: None,
            last_frame: now,
            ahead: Duration::ZERO,
            next_token: 1,
            next_command: 1,
            is_closed: false,
        }
    }

    fn scan(&mut self, now: Timestamp) {
        while let Some(scanned) = self.scanner.scan(now) {
            self.take(now, scanned);
        }
    }

    fn take(&mut self, now: Timestamp, scanned: Scanned) {
        match scanned {
            Scanned::Reject(reject) => {
                self.reject(reject.raw, format!("{} (byte {})", reject.reason, reject.offset));
            }
            Scanned::Frame { frame, raw } if frame.direction == Direction::Down => {
                self.reject(raw, "frame is for a station, expected one for the centre".to_owned());
            }
            Scanned::Frame { frame, raw } => {
                self.last_frame = now;
                self.remember(Link::of(&frame));
                self.refresh(now, &frame);
                match frame.packet {
                    Some(packet) if 1 < packet.total => self.collect(now, packet, frame, raw),
                    packet => self.deliver(now, frame, raw, packet),
                }
            }
        }
    }

    fn reject(&mut self, raw: Vec<u8>, reason: String) {
        self.outputs.push_back(Output::Reject { raw, reason });
    }

    fn remember(&mut self, link: Link) {
        if self.peers.last() == Some(&link) {
            return;
        }
        self.peers.retain(|peer| peer.station != link.station);
        if self.peers.len() == self.config.max_stations {
            self.peers.remove(0);
        }
        self.peers.push(link);
    }

    fn deliver(&mut self, now: Timestamp, frame: Frame, raw: Vec<u8>, packet: Option<Packet>) {
        let token = Token(self.next_token);
        self.next_token += 1;
        if frame.function != Function::HEARTBEAT
            && let Some(serial) = frame.serial()
        {
            if self.unsettled.len() == self.config.max_unsettled {
                self.unsettled.pop_first();
            }
            let answer = Answer {
                link: Link::of(&frame),
                function: frame.function,
                serial,
                packet,
                more: packet.is_none() && frame.end == End::Etb,
                new_password: new_password(&frame),
            };
            self.unsettled.insert(token, answer);
        }
        let answered = self.in_flight.take_if(|in_flight| {
            let Command { station, function, .. } = in_flight.command;
            station == frame.station && function == frame.function && frame.end == End::Etx
        });
        self.outputs.push_back(Output::Frame { token, frame, raw });
        if let Some(InFlight { id, .. }) = answered {
            self.unsettled_answer = Some(token);
            self.done(now, id, CommandResult::Answered);
        }
    }

    fn collect(&mut self, now: Timestamp, packet: Packet, frame: Frame, raw: Vec<u8>) {
        let found = self.collections.iter().position(|item| item.is_for(&frame, packet.total));
        let mut collection = match found {
            Some(index) => self.collections.remove(index),
            None => Collection::new(now, &frame, packet.total),
        };
        match collection.fit(packet, &frame) {
            Fit::Known => {
                collection.since = now;
                self.collections.push(collection);
                return;
            }
            Fit::Other => {
                let next = Collection::new(now, &frame, packet.total);
                let left = std::mem::replace(&mut collection, next);
                self.give_up(left, "another message with as many packets began");
            }
            Fit::New => {}
        }
        let ask = collection.insert(now, packet, frame, raw);
        if self.config.max_message < collection.size {
            let most = self.config.max_message;
            self.give_up(collection, &format!("it is longer than the {most} bytes taken"));
            return;
        }
        if collection.missing().is_none() {
            let Whole { frame, raw, total } = collection.into_whole();
            self.deliver(now, frame, raw, Some(Packet { total, number: total }));
            return;
        }
        if let Some(ask) = ask.and_then(|number| collection.ask(now, number, self.config.resends)) {
            self.ask(now, &ask);
        }
        if self.collections.len() == self.config.max_collections {
            let oldest = self.collections.remove(0);
            self.give_up(oldest, "too many messages in packets at the same time");
        }
        self.collections.push(collection);
    }

    fn give_up(&mut self, collection: Collection, why: &str) {
        let total = collection.total();
        let reason = format!("message of {total} packets was given up: {why}");
        self.reject(collection.into_raw(), reason);
    }

    fn ask(&mut self, now: Timestamp, ask: &Ask) {
        let Ask { link, function, packet, serial } = *ask;
        let (direction, packet) = (Direction::Down, Some(packet));
        let header = Header { direction, function, packet, end: End::Nak };
        self.send(link.message(header, serial, now + self.ahead, Content::Bare));
    }

    /// Bytes that cannot be built (a clock outside 2000–2099) stay unsent, so the peer repeats.
    fn send(&mut self, bytes: Result<Vec<u8>, BuildError>) {
        self.outputs.extend(bytes.ok().map(Output::Send));
    }

    fn query(&self, now: Timestamp, command: &Command) -> Result<Vec<u8>, CommandError> {
        let link = self.peers.iter().find(|peer| peer.station == command.station);
        let link = link.ok_or_else(|| CommandError::Unheard(command.station.to_string()))?;
        let (direction, function) = (Direction::Down, command.function);
        let header = Header { direction, function, packet: None, end: End::Enq };
        let content = command.content_in(link.coding);
        link.message(header, 0, now + self.ahead, content)
            .map_err(|error| CommandError::Unwritable(error.to_string()))
    }

    /// Sends the next command if none is in flight.
    fn advance(&mut self, now: Timestamp) {
        self.unsettled_answer.take_if(|token| !self.unsettled.contains_key(token));
        while self.in_flight.is_none()
            && self.unsettled_answer.is_none()
            && let Some((id, command)) = self.commands.pop_front()
        {
            match self.query(now, &command) {
                Ok(bytes) => {
                    self.outputs.push_back(Output::Send(bytes));
                    self.in_flight = Some(InFlight { id, command, since: now, resends: 0 });
                }
                Err(_) => {
                    let result = CommandResult::Unanswered;
                    self.outputs.push_back(Output::Done { command: id, result });
                }
            }
        }
    }

    fn done(&mut self, now: Timestamp, command: CommandId, result: CommandResult) {
        self.outputs.push_back(Output::Done { command, result });
        self.advance(now);
    }

    /// An answer in packets takes longer than one frame; each packet renews its time.
    fn refresh(&mut self, now: Timestamp, frame: &Frame) {
        if let Some(in_flight) = &mut self.in_flight
            && in_flight.command.station == frame.station
            && in_flight.command.function == frame.function
        {
            in_flight.since = now;
        }
    }

    fn acknowledge(&mut self, now: Timestamp, answer: Answer) {
        let Answer { link, function, serial, packet, more, new_password } = answer;
        let stay = self.config.finish == Finish::StayOnline || self.has_command_for(link.station);
        let end = match (more, stay) {
            (true, _) => End::Ack,
            (false, true) => End::Esc,
            (false, false) => End::Eot,
        };
        let header = Header { direction: Direction::Down, function, packet, end };
        self.send(link.message(header, serial, now + self.ahead, Content::Bare));
        if let Some(password) = new_password {
            self.remember(Link { password, ..link });
        }
    }

    fn has_command_for(&self, station: StationAddress) -> bool {
        let in_flight = self.in_flight.iter().map(|in_flight| &in_flight.command);
        let waiting = self.commands.iter().map(|(_, command)| command);
        in_flight.chain(waiting).any(|command| command.station == station)
    }

    fn tick_collections(&mut self, now: Timestamp) {
        let (gap, resends) = (self.config.gap, self.config.resends);
        for mut collection in std::mem::take(&mut self.collections) {
            if now < collection.since + gap {
                self.collections.push(collection);
                continue;
            }
            let Some(number) = collection.missing() else { continue };
            match collection.ask(now, number, resends) {
                Some(ask) => {
                    self.ask(now, &ask);
                    self.collections.push(collection);
                }
                None => {
                    let why = format!("packet {number} did not come after {resends} requests");
                    self.give_up(collection, &why);
                }
            }
        }
    }

    fn tick_command(&mut self, now: Timestamp) {
        let Some(in_flight) = &self.in_flight else { return };
        if now < in_flight.since + self.config.answer {
            return;
        }
        let bytes = self.query(now, &in_flight.command);
        let Some(mut in_flight) = self.in_flight.take() else { return };
        let resends = if in_flight.command.is_query() { self.config.resends } else { 0 };
        match bytes {
            Ok(bytes) if in_flight.resends < resends => {
                in_flight.resends += 1;
                in_flight.since = now;
                self.in_flight = Some(in_flight);
                self.outputs.push_back(Output::Send(bytes));
            }
            _ => self.done(now, in_flight.id, CommandResult::Unanswered),
        }
    }
}

impl Session for Centre {
    type Frame = Frame;
    type Command = Command;

    fn input(&mut self, now: Timestamp, bytes: &[u8]) {
        if !self.is_closed {
            self.scanner.push(now, bytes);
            self.scan(now);
        }
    }

    fn poll(&mut self) -> Option<Output<Frame>> {
        self.outputs.pop_front()
    }

    fn settle(&mut self, now: Timestamp, token: Token, outcome: Outcome) {
        let Some(answer) = self.unsettled.remove(&token) else { return };
        if self.is_closed {
            return;
        }
        if outcome == Outcome::Stored {
            self.acknowledge(now, answer);
        }
        self.advance(now);
    }

    fn command(&mut self, now: Timestamp, command: Command) -> Result<CommandId, CommandError> {
        let (waiting, limit) = (self.commands.len(), self.config.max_commands);
        if limit <= waiting {
            return Err(CommandError::Full { waiting, limit });
        }
        self.query(now, &command)?;
        let id = CommandId(self.next_command);
        self.next_command += 1;
        self.commands.push_back((id, command));
        self.advance(now);
        Ok(id)
    }

    fn deadline(&self) -> Option<Timestamp> {
        if self.is_closed {
            return None;
        }
        let idle = self.last_frame + self.config.idle;
        let partial = self.scanner.deadline();
        let gap = self.collections.iter().map(|collection| collection.since + self.config.gap);
        let answer = self.in_flight.iter().map(|in_flight| in_flight.since + self.config.answer);
        partial.into_iter().chain(gap).chain(answer).chain([idle]).min()
    }

    fn carries(&mut self, ahead: Duration) {
        self.ahead = ahead;
    }

    fn tick(&mut self, now: Timestamp) {
        if self.is_closed {
            return;
        }
        self.scan(now);
        self.tick_collections(now);
        self.tick_command(now);
        if self.last_frame + self.config.idle <= now {
            self.is_closed = true;
            let millis = self.config.idle.as_millis();
            self.outputs.push_back(Output::Close(CloseReason::Idle { millis }));
        }
    }
}

/// The password that an answer to 49 repeats (table 66).
fn new_password(frame: &Frame) -> Option<u16> {
    if frame.function != Function::CHANGE_PASSWORD {
        return None;
    }
    let Content::Parameters(parameters) = Body::decode(frame).ok()?.content else { return None };
    let password = parameters.iter().rev().find(|parameter| parameter.lead == 0x03)?;
    match password.setting(frame.function) {
        Setting::Password(password) => Some(password),
        _ => None,
    }
}
