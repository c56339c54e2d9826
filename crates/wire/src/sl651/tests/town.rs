//! A centre and a station joined without a socket, with a clock by hand.

use base::{Duration, Timestamp};

use super::super::{
    Body, Centre, CentreConfig, Decimal, Element, Frame, Section, Station, StationClass,
    StationConfig,
};
use super::super::{Content, Function, Report, Value};
use crate::session::{Outcome, Output, Session, Token};

/// Both sides of one connection. The log says what each side was told, in order.
pub(super) struct Town {
    pub now: Timestamp,
    pub centre: Centre,
    pub station: Station,
    /// What the driver of the centre answers for each frame.
    pub outcome: Outcome,
    pub log: Vec<String>,
    /// Tokens the centre handed out, latest last.
    pub tokens: Vec<Token>,
    /// Frames the centre handed out, latest last.
    pub frames: Vec<Frame>,
    /// Raw bytes that went with them.
    pub raws: Vec<Vec<u8>>,
    /// How many of the next messages of each direction get lost.
    pub lose_up: Vec<usize>,
    pub lose_down: usize,
    sent_up: usize,
}

pub(super) fn at(clock: &str) -> Timestamp {
    format!("2026-08-03T{clock}+08:00").parse().expect("a time of day")
}

impl Town {
    pub fn new() -> Town {
        Town::with(
            CentreConfig::default(),
            StationConfig::new("0010820550".parse().expect("an address"), 0xA1B2),
        )
    }

    pub fn with(centre: CentreConfig, station: StationConfig) -> Town {
        let now = at("08:00:00");
        Town {
            now,
            centre: Centre::new(centre, now),
            station: Station::new(station, now),
            outcome: Outcome::Stored,
            log: Vec::new(),
            tokens: Vec::new(),
            frames: Vec::new(),
            raws: Vec::new(),
            lose_up: Vec::new(),
            lose_down: 0,
            sent_up: 0,
        }
    }

    /// Carries everything to and fro until both sides are quiet.
    pub fn run(&mut self) {
        loop {
            let mut quiet = true;
            while let Some(output) = self.station.poll() {
                quiet = false;
                match output {
                    Output::Send(bytes) => {
                        self.sent_up += 1;
                        let lost = self.lose_up.contains(&self.sent_up);
                        self.note(format!(
                            "up {}{}",
                            describe(&bytes),
                            if lost { " (lost)" } else { "" }
                        ));
                        if !lost {
                            self.centre.input(self.now, &bytes);
                        }
                    }
                    Output::Frame { .. } => {}
                    other => self.note(format!("station: {}", show(&other))),
                }
            }
            while let Some(output) = self.centre.poll() {
                quiet = false;
                match output {
                    Output::Send(bytes) => {
                        let lost = self.lose_down > 0;
                        self.lose_down = self.lose_down.saturating_sub(1);
                        self.note(format!(
                            "down {}{}",
                            describe(&bytes),
                            if lost { " (lost)" } else { "" }
                        ));
                        if !lost {
                            self.station.input(self.now, &bytes);
                        }
                    }
                    Output::Frame { token, frame, raw } => {
                        self.tokens.push(token);
                        self.frames.push(frame);
                        self.raws.push(raw);
                        let outcome = self.outcome.clone();
                        self.centre.settle(self.now, token, outcome);
                    }
                    other => self.note(format!("centre: {}", show(&other))),
                }
            }
            if quiet {
                return;
            }
        }
    }

    /// Moves the clock to each deadline up to `clock`, as a driver would.
    pub fn until(&mut self, clock: &str) {
        let end = at(clock);
        loop {
            let next = [self.centre.deadline(), self.station.deadline()];
            let Some(next) = next.into_iter().flatten().min().filter(|next| *next <= end) else {
                self.now = end;
                return;
            };
            self.now = self.now.max(next);
            self.centre.tick(self.now);
            self.station.tick(self.now);
            self.run();
        }
    }

    pub fn pass(&mut self, seconds: i64) {
        self.now = self.now + Duration::from_secs(seconds);
    }

    pub fn reports(&mut self, function: Function, content: Content) {
        let report = Report::Confirmed { function, content };
        self.station.command(self.now, report).expect("the queue has room");
        self.run();
    }

    /// A river station reports its level, in millimetres.
    pub fn reads(&mut self, level: i64) {
        let content = self.level(level);
        self.reports(Function::TIMED, content);
    }

    pub fn level(&self, level: i64) -> Content {
        let element = Element::number(0x39, Decimal::new(level, 3)).expect("a level");
        let station = "0010820550".parse().expect("an address");
        let section = Section::observed(station, StationClass::RIVER, self.now, vec![element]);
        Content::Report(vec![section])
    }

    pub fn picture(&self, jpeg: Vec<u8>) -> Content {
        let station = "0010820550".parse().expect("an address");
        Content::Report(vec![Section::picture(station, StationClass::RIVER, self.now, jpeg)])
    }

    pub fn note(&mut self, line: String) {
        let clock = self.now.to_beijing();
        self.log.push(format!("{} {line}\n", &clock[11..]));
    }

    #[track_caller]
    pub fn expect(&self, expected: expect_test::Expect) {
        expected.assert_eq(&self.log.concat());
    }
}

fn show(output: &Output<Frame>) -> String {
    match output {
        Output::Reject { raw, reason } => format!("rejects {} bytes: {reason}", raw.len()),
        Output::Done { command, result } => format!("command {} {result:?}", command.0),
        Output::Close(reason) => format!("close {reason:?}"),
        other => format!("{other:?}"),
    }
}

/// One line about a frame on the wire.
pub(super) fn describe(bytes: &[u8]) -> String {
    let (frame, rest) = super::super::parse(bytes).expect("sessions send whole frames");
    assert!(rest.is_empty());
    let packet = match frame.packet {
        Some(packet) => format!(" {}/{}", packet.number, packet.total),
        None => String::new(),
    };
    let serial = match frame.serial() {
        Some(serial) => format!(" serial {serial}"),
        None => String::new(),
    };
    let readings: Vec<String> = Body::decode(&frame)
        .map(|body| body.readings())
        .unwrap_or_default()
        .iter()
        .map(|reading| match reading.value {
            Value::Number(number) => format!(" {} {number}", reading.element),
            other => format!(" {} {other:?}", reading.element),
        })
        .collect();
    format!("{}{packet}{serial} {}{}", frame.function, frame.end.name(), readings.concat())
}
