//! The device's side: sends reports until they are acknowledged, answers the centre.

mod memory;

use std::collections::VecDeque;

use base::{Duration, Timestamp};

use self::memory::{Event, Memory};
use super::link::{Header, Link};
use super::scan::{ScanLimits, Scanned, Scanner};
use super::{
    Body, Coding, Content, Direction, End, Frame, Function, Packet, StationAddress, StationClass,
    write,
};
use crate::session::{
    CloseReason, CommandError, CommandId, CommandResult, Outcome, Output, Session, Token,
};

/// One telemetry station, for simulation and tests.
///
/// Reports wait for their acknowledgement and are repeated byte for byte, with
/// the same serial, at most [`StationConfig::resends`] times; then they are
/// left for the next slot. Long ones go out in packets. Queries are answered
/// from what was last reported. Every frame from the centre is also handed to
/// the driver; settling it does nothing.
#[derive(Debug)]
pub struct Station {
    config: StationConfig,
    scanner: Scanner,
    outputs: VecDeque<Output<Frame>>,
    queue: VecDeque<(CommandId, Report)>,
    in_flight: Option<InFlight>,
    /// The packets sent last, for requests to repeat one.
    sent: Option<Packets>,
    memory: Memory,
    /// Of the last message; heartbeats repeat it (§6.6.4.2).
    serial: u16,
    /// What the station's clock is ahead of the driver's.
    clock_offset: Duration,
    last_heard: Timestamp,
    next_token: u64,
    next_command: u64,
    is_closed: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub struct StationConfig {
    pub coding: Coding,
    pub centre: u8,
    pub address: StationAddress,
    pub password: u16,
    pub class: StationClass,
    /// Answer to 45.
    pub version: String,
    /// Largest body of one packet of a message in packets; the standard advises frames of
    /// at most 256 bytes (H.4.2).
    pub packet: usize,
    /// How long a message waits for its acknowledgement; 20 s.
    pub answer: Duration,
    /// How often a message or packet is repeated; the standard says 2.
    pub resends: u32,
    /// How long bytes may wait to become a frame; 30 s.
    pub partial: Duration,
    /// How long the station stays without hearing the centre; the standard says 10 min after ESC.
    pub online: Duration,
    /// Messages waiting to be sent.
    pub max_queue: usize,
}

/// What a station sends of its own accord.
#[derive(Debug, Clone, PartialEq)]
pub enum Report {
    /// A message with the next serial, repeated until acknowledged.
    Confirmed { function: Function, content: Content },
    /// An answer to a query that the station cannot answer itself; sent once.
    Answer { function: Function, content: Content },
    /// 2F, with the last serial; no answer is expected.
    Heartbeat,
}

#[derive(Debug)]
struct InFlight {
    id: CommandId,
    function: Function,
    serial: u16,
    frames: Vec<Vec<u8>>,
    since: Timestamp,
    resends: u32,
}

/// A message sent in packets and how often each was repeated.
#[derive(Debug)]
struct Packets {
    function: Function,
    frames: Vec<Frame>,
    repeated: Vec<u32>,
}

impl StationConfig {
    /// HEX coding, centre 1, a river station, and the waiting times named at the fields.
    pub fn new(address: StationAddress, password: u16) -> StationConfig {
        StationConfig {
            coding: Coding::Hex,
            centre: 1,
            address,
            password,
            class: StationClass::RIVER,
            version: "Fengsui simulated station".to_owned(),
            packet: 220,
            answer: Duration::from_secs(20),
            resends: 2,
            partial: Duration::from_secs(30),
            online: Duration::from_mins(10),
            max_queue: 256,
        }
    }
}

impl Station {
    /// `config.packet` is raised to 1 and lowered to 4000 where it lies outside.
    pub fn new(mut config: StationConfig, now: Timestamp) -> Station {
        config.packet = config.packet.clamp(1, 4000);
        Station {
            memory: Memory::new(&config),
            scanner: Scanner::new(ScanLimits {
                frame: ScanLimits::FRAME,
                patience: config.partial,
            }),
            config,
            outputs: VecDeque::new(),
            queue: VecDeque::new(),
            in_flight: None,
            sent: None,
            serial: 0,
            clock_offset: Duration::ZERO,
            last_heard: now,
            next_token: 1,
            next_command: 1,
            is_closed: false,
        }
    }

    /// Lets the station's clock run ahead of the driver's (behind, when negative).
    pub fn set_clock_offset(&mut self, offset: Duration) {
        self.clock_offset = offset;
    }

    /// What the station believes the time is.
    pub fn clock(&self, now: Timestamp) -> Timestamp {
        now + self.clock_offset
    }

    /// The status word of answers to 46 and 4B (table 58).
    pub fn set_status(&mut self, bits: u32) {
        self.memory.status = bits;
    }

    /// The password in force; 49 changes it.
    pub fn password(&self) -> u16 {
        self.memory.password
    }

    fn link(&self) -> Link {
        Link {
            coding: self.config.coding,
            centre: self.config.centre,
            station: self.config.address,
            password: self.memory.password,
        }
    }

    fn next_serial(&mut self) -> u16 {
        self.serial = self.serial.checked_add(1).unwrap_or(1);
        self.serial
    }

    /// Builds the frames of one message and remembers the packets.
    fn build(
        &mut self,
        now: Timestamp,
        serial: u16,
        function: Function,
        (station, content): (Option<StationAddress>, Content),
    ) -> Result<Vec<Vec<u8>>, CommandError> {
        let unwritable =
            |error: &dyn std::fmt::Display| CommandError::Unwritable(error.to_string());
        let body = Body { serial, sent: self.clock(now), station, content };
        let body = body.encode(self.config.coding).map_err(|error| unwritable(&error))?;
        let link = self.link();
        let header = |packet, end| Header { direction: Direction::Up, function, packet, end };
        // Only these may be long, so only these go in packets (§6.3.1.2 c).
        let is_long = matches!(function.0, 0x31 | 0x35 | 0x36 | 0x38 | 0x39);
        let chunks: Vec<&[u8]> = match is_long && self.config.packet < body.len() {
            true => body.chunks(self.config.packet).collect(),
            false => vec![&body],
        };
        let total = u16::try_from(chunks.len()).unwrap_or(u16::MAX);
        let mut frames = Vec::with_capacity(chunks.len());
        for (number, chunk) in (1..=total).zip(chunks) {
            let packet =
                (1 < total || function == Function::PICTURE).then_some(Packet { total, number });
            let end = if number == total { End::Etx } else { End::Etb };
            frames.push(link.frame(header(packet, end), chunk.to_vec()));
        }
        let bytes = frames.iter().map(write).collect::<Result<_, _>>();
        let bytes = bytes.map_err(|error| unwritable(&error))?;
        self.memory.count(Event::Sent);
        let repeated = vec![0; frames.len()];
        self.sent = Some(Packets { function, frames, repeated });
        Ok(bytes)
    }

    /// Starts the next message if none waits for its acknowledgement.
    fn advance(&mut self, now: Timestamp) {
        while self.in_flight.is_none()
            && let Some((id, report)) = self.queue.pop_front()
        {
            let (function, serial, content) = match report {
                Report::Heartbeat => (Function::HEARTBEAT, self.serial.max(1), Content::Bare),
                Report::Confirmed { function, ref content }
                | Report::Answer { function, ref content } => {
                    (function, self.next_serial(), content.clone())
                }
            };
            let result = match self.build(now, serial, function, (None, content.clone())) {
                Err(_) => Some(CommandResult::Unanswered),
                Ok(frames) => {
                    self.outputs.extend(frames.iter().cloned().map(Output::Send));
                    match report {
                        Report::Confirmed { .. } => {
                            self.memory.remember(function, &content);
                            let (since, resends) = (now, 0);
                            let in_flight =
                                InFlight { id, function, serial, frames, since, resends };
                            self.in_flight = Some(in_flight);
                            None
                        }
                        Report::Answer { .. } | Report::Heartbeat => Some(CommandResult::Sent),
                    }
                }
            };
            if let Some(result) = result {
                self.outputs.push_back(Output::Done { command: id, result });
            }
        }
    }

    fn scan(&mut self, now: Timestamp) {
        while let Some(scanned) = self.scanner.scan(now) {
            self.take(now, scanned);
        }
    }

    fn take(&mut self, now: Timestamp, scanned: Scanned) {
        let (frame, raw) = match scanned {
            Scanned::Frame { frame, raw } => (frame, raw),
            Scanned::Reject(reject) => {
                let reason = format!("{} (byte {})", reject.reason, reject.offset);
                return self.outputs.push_back(Output::Reject { raw: reject.raw, reason });
            }
        };
        let (got, want) = (Link::of(&frame), self.link());
        if frame.direction == Direction::Up || got != want {
            let reason = format!(
                "frame is {:?} for station {} with password {:04X}, expected Down for {} with {:04X}",
                frame.direction, got.station, got.password, want.station, want.password,
            );
            return self.outputs.push_back(Output::Reject { raw, reason });
        }
        self.last_heard = now;
        self.memory.count(Event::Received);
        let token = Token(self.next_token);
        self.next_token += 1;
        self.outputs.push_back(Output::Frame { token, frame: frame.clone(), raw });
        match frame.end {
            End::Enq => self.answer(now, &frame),
            End::Nak => self.repeat(now, &frame),
            End::Ack | End::Eot | End::Esc => self.acknowledged(now, &frame),
            End::Etx | End::Etb => {}
        }
    }

    fn answer(&mut self, now: Timestamp, frame: &Frame) {
        let Ok(query) = Body::decode(frame) else { return };
        if frame.function == Function::SET_CLOCK {
            self.clock_offset = query.sent.since(now);
        }
        let clock = self.clock(now);
        let Some(answer) = self.memory.answer(frame.function, &query, clock) else { return };
        let serial = self.next_serial();
        let frames = self.build(now, serial, frame.function, answer);
        self.outputs.extend(frames.into_iter().flatten().map(Output::Send));
    }

    /// Sends one packet again, at most `resends` times; it ends in ETX (§6.3.1.2 c).
    fn repeat(&mut self, now: Timestamp, frame: &Frame) {
        let Some(packet) = frame.packet else { return };
        let Some(sent) = self.sent.as_mut().filter(|sent| sent.function == frame.function) else {
            return;
        };
        let index = usize::from(packet.number) - 1;
        let (Some(frame), Some(count)) = (sent.frames.get(index), sent.repeated.get_mut(index))
        else {
            return;
        };
        if *count == self.config.resends {
            return;
        }
        *count += 1;
        let again = Frame { end: End::Etx, ..frame.clone() };
        self.outputs.extend(write(&again).ok().map(Output::Send));
        if let Some(in_flight) = &mut self.in_flight {
            in_flight.since = now;
        }
    }

    fn acknowledged(&mut self, now: Timestamp, frame: &Frame) {
        self.memory.confirm(frame.function);
        if frame.function == Function::SET_CLOCK
            && let Ok(body) = Body::decode(frame)
        {
            self.clock_offset = body.sent.since(now);
        }
        let serial = frame.serial();
        let finished = self.in_flight.take_if(|in_flight| {
            in_flight.function == frame.function && serial == Some(in_flight.serial)
        });
        if let Some(InFlight { id, .. }) = finished {
            let result = CommandResult::Answered;
            self.outputs.push_back(Output::Done { command: id, result });
        }
        self.advance(now);
        if frame.end == End::Eot && self.in_flight.is_none() && self.queue.is_empty() {
            self.is_closed = true;
            self.outputs.push_back(Output::Close(CloseReason::Finished));
        }
    }
}

impl Session for Station {
    type Frame = Frame;
    type Command = Report;

    fn input(&mut self, now: Timestamp, bytes: &[u8]) {
        if !self.is_closed {
            self.scanner.push(now, bytes);
            self.scan(now);
        }
    }

    fn poll(&mut self) -> Option<Output<Frame>> {
        self.outputs.pop_front()
    }

    fn settle(&mut self, _: Timestamp, _: Token, _: Outcome) {}

    /// [`CommandResult::Answered`] when the centre acknowledged it,
    /// [`CommandResult::Unanswered`] when the repeats ran out.
    fn command(&mut self, now: Timestamp, report: Report) -> Result<CommandId, CommandError> {
        let (waiting, limit) = (self.queue.len(), self.config.max_queue);
        if limit <= waiting {
            return Err(CommandError::Full { waiting, limit });
        }
        if let Report::Confirmed { content, .. } | Report::Answer { content, .. } = &report {
            let body =
                Body { serial: 1, sent: self.clock(now), station: None, content: content.clone() };
            body.encode(self.config.coding)
                .map_err(|error| CommandError::Unwritable(error.to_string()))?;
        }
        let id = CommandId(self.next_command);
        self.next_command += 1;
        self.queue.push_back((id, report));
        self.advance(now);
        Ok(id)
    }

    fn deadline(&self) -> Option<Timestamp> {
        if self.is_closed {
            return None;
        }
        let online = self.last_heard + self.config.online;
        let partial = self.scanner.deadline();
        let answer = self.in_flight.iter().map(|in_flight| in_flight.since + self.config.answer);
        partial.into_iter().chain(answer).chain([online]).min()
    }

    fn tick(&mut self, now: Timestamp) {
        if self.is_closed {
            return;
        }
        self.scan(now);
        if let Some(mut in_flight) =
            self.in_flight.take_if(|in_flight| in_flight.since + self.config.answer <= now)
        {
            if in_flight.resends < self.config.resends {
                in_flight.resends += 1;
                in_flight.since = now;
                self.outputs.extend(in_flight.frames.iter().cloned().map(Output::Send));
                self.in_flight = Some(in_flight);
            } else {
                let (command, result) = (in_flight.id, CommandResult::Unanswered);
                self.outputs.push_back(Output::Done { command, result });
                self.advance(now);
            }
        }
        if self.last_heard + self.config.online <= now {
            self.is_closed = true;
            let millis = self.config.online.as_millis();
            self.outputs.push_back(Output::Close(CloseReason::Idle { millis }));
        }
    }
}
