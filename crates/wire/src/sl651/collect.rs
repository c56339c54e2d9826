//! One message in packets (mode M3): what has come, what is missing (§6.3.1.2 c).

use std::collections::BTreeMap;

use base::Timestamp;

use super::link::Link;
use super::{End, Frame, Function, LengthForm, Packet};

/// The packets of one message so far.
#[derive(Debug)]
pub(super) struct Collection {
    link: Link,
    function: Function,
    total: u16,
    parts: BTreeMap<u16, Part>,
    /// Bytes held, raw and body.
    pub size: usize,
    /// When the last packet came or the last request went out.
    pub since: Timestamp,
    /// The packet asked for, and how often.
    asked: Option<(u16, u32)>,
}

#[derive(Debug)]
struct Part {
    raw: Vec<u8>,
    frame: Frame,
}

/// How a packet fits into a collection.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Fit {
    /// It was missing.
    New,
    /// It is here already, byte for byte.
    Known,
    /// It belongs to another message with the same number of packets.
    Other,
}

/// A message put together again.
#[derive(Debug)]
pub(super) struct Whole {
    pub frame: Frame,
    pub raw: Vec<u8>,
    pub total: u16,
}

impl Collection {
    pub fn new(now: Timestamp, frame: &Frame, total: u16) -> Collection {
        let (link, function) = (Link::of(frame), frame.function);
        let (parts, size, since, asked) = (BTreeMap::new(), 0, now, None);
        Collection { link, function, total, parts, size, since, asked }
    }

    /// Packets belong together by station, function and total.
    pub fn is_for(&self, frame: &Frame, total: u16) -> bool {
        self.link.station == frame.station && self.function == frame.function && self.total == total
    }

    /// A first packet that nobody asked for begins a new message; so does a
    /// packet that contradicts one already here.
    pub fn fit(&self, packet: Packet, frame: &Frame) -> Fit {
        match self.parts.get(&packet.number) {
            Some(part) if part.frame.body == frame.body => Fit::Known,
            Some(_) => Fit::Other,
            None => {
                let asked = self.asked.is_some_and(|(number, _)| number == 1);
                match packet.number == 1 && !asked && !self.parts.is_empty() {
                    true => Fit::Other,
                    false => Fit::New,
                }
            }
        }
    }

    /// Takes a packet that fits as new. Returns the next number to ask for at
    /// once, when the packet answers a request and others are still missing.
    pub fn insert(
        &mut self,
        now: Timestamp,
        packet: Packet,
        frame: Frame,
        raw: Vec<u8>,
    ) -> Option<u16> {
        self.size += raw.len() + frame.body.len();
        self.since = now;
        self.parts.insert(packet.number, Part { raw, frame });
        let answered = self.asked.take_if(|(number, _)| *number == packet.number);
        answered.and_then(|_| self.missing())
    }

    /// The first number that has not come.
    pub fn missing(&self) -> Option<u16> {
        (1..=self.total).find(|number| !self.parts.contains_key(number))
    }

    /// Notes one more request; `None` when it has been asked for `most` times.
    pub fn ask(&mut self, now: Timestamp, number: u16, most: u32) -> Option<Ask> {
        let before = match self.asked {
            Some((asked, count)) if asked == number => count,
            _ => 0,
        };
        if before == most {
            return None;
        }
        self.asked = Some((number, before + 1));
        self.since = now;
        let serial = self.parts.get(&1).and_then(|part| part.frame.serial()).unwrap_or(0);
        let packet = Packet { total: self.total, number };
        Some(Ask { link: self.link, function: self.function, packet, serial })
    }

    /// The whole message; call it when nothing is missing.
    pub fn into_whole(self) -> Whole {
        let Collection { link, function, total, .. } = self;
        let mut raw = Vec::with_capacity(self.size);
        let mut frame: Option<Frame> = None;
        for part in self.parts.into_values() {
            raw.extend(part.raw);
            match &mut frame {
                Some(frame) => frame.body.extend(part.frame.body),
                None => frame = Some(part.frame),
            }
        }
        let header = super::link::Header {
            direction: super::Direction::Up,
            function,
            packet: None,
            end: End::Etx,
        };
        let mut frame = frame.unwrap_or_else(|| link.frame(header, Vec::new()));
        frame.packet = None;
        frame.length = LengthForm::Twelve;
        frame.end = End::Etx;
        Whole { frame, raw, total }
    }

    /// What has come, in order of number.
    pub fn into_raw(self) -> Vec<u8> {
        self.parts.into_values().flat_map(|part| part.raw).collect()
    }

    /// For messages about it.
    pub fn total(&self) -> u16 {
        self.total
    }
}

/// A request for one packet.
#[derive(Debug)]
pub(super) struct Ask {
    pub link: Link,
    pub function: Function,
    pub packet: Packet,
    /// Of the message, or 0 while its first packet is missing.
    pub serial: u16,
}
