//! SL 651-2014, hydrological stations: who sends, and what elements mean here (annex C,
//! tables C.1–C.3).

mod meaning;
mod order;
mod words;

use std::collections::HashMap;
use std::sync::Arc;

use base::{AdminCode, Duration, Timestamp};
use wire::sl651::{
    AddressKind, Body, Centre, CentreConfig, Coding, Command, ElementId, ElementInfo, End, Frame,
    Function, StationAddress, describe, layout, parse,
};

use self::meaning::{
    COMMON, MEANINGS, Meaning, USUAL, doubts, is_relative, meaning, number, quality, shown,
};
use super::form::{Ask, Bad, Form, Keys, To};
use super::{
    Dialect, Doors, Element, Observation, Omission, PasswordForm, Said, Span, Unread, Way, WayKind,
    Why,
};
use crate::gateway::Converses;

/// Hydrological stations over TCP.
pub struct Sl651;

impl Dialect for Sl651 {
    type Message = Frame;

    const WORD: &'static str = "SL 651";
    const STANDARD: &'static str = "SL 651-2014";
    const PASSWORD: Option<PasswordForm> =
        Some(PasswordForm {
            word: "4 位十六进制", word_en: "4 hexadecimal digits", longest: 4
        });

    /// The ten hexadecimal digits of the address, which is on the station's label; 8
    /// and 12 decimal digits are the codes of §6.2.3.2.
    fn code(typed: &str) -> Result<String, &'static str> {
        let address: Option<StationAddress> = typed.trim().parse().ok();
        let of_one = address.filter(|address| !address.is_broadcast());
        of_one
            .map(|address| address.to_string())
            .ok_or("10 hexadecimal digits, an 8-digit or a 12-digit code of one station")
    }

    fn password(typed: &str) -> Result<String, &'static str> {
        let is_one = typed.len() == 4 && typed.bytes().all(|byte| byte.is_ascii_hexdigit());
        is_one.then(|| typed.to_ascii_uppercase()).ok_or("4 hexadecimal digits")
    }

    fn new_key(random: &[u8; 32]) -> Option<String> {
        Some(format!("{:02X}{:02X}", random[0], random[1]))
    }

    /// Of an address by table 14; the eight digits of a hydrological code name none.
    fn division(code: &str) -> Option<AdminCode> {
        match code.parse::<StationAddress>().ok()?.kind() {
            AddressKind::Division { division, .. } => format!("{division:06}").parse().ok(),
            AddressKind::Hydrological(_) | AddressKind::Unreadable => None,
        }
    }

    fn elements() -> Vec<Element> {
        let element = |meaning: &'static Meaning| {
            let ElementInfo { ascii: code, name: word, .. } = *meaning.info();
            Element {
                code,
                word,
                word_en: meaning.word_en,
                quantity: meaning.quantity,
                is_common: COMMON.contains(&code),
                usual_for: USUAL.iter().find(|(usual, _)| *usual == code).map_or(&[], |it| it.1),
            }
        };
        MEANINGS.iter().map(element).collect()
    }

    fn element_word(code: &str) -> Option<&'static str> {
        Some(ElementId::from_ascii(code)?.info()?.name)
    }

    fn sender(frame: &Frame) -> String {
        frame.station.to_string()
    }

    fn proves(frame: &mut Frame, key: &str) -> bool {
        u16::from_str_radix(key, 16) == Ok(frame.password)
    }

    fn is_heartbeat(frame: &Frame) -> bool {
        frame.function == Function::HEARTBEAT
    }

    /// Taken from the station's clock when the message goes out (§6.6.2.5).
    fn sent(frame: &Frame) -> Option<Timestamp> {
        frame.sent()
    }

    /// What has no observation time is as of the moment it was sent (status answers).
    fn read(frame: &Frame, _: Timestamp) -> Result<Vec<Said<'_>>, Unread> {
        let body = Body::decode(frame).map_err(|error| Unread {
            reason: format!("body of function {} does not read: {error}", frame.function),
            offset: Some(body_at(frame).saturating_add(error.offset)),
        })?;
        let readings = body.readings();
        let is_test = frame.function == Function::TEST;
        let doubts = doubts(&readings);
        let mut told = Told::new(frame.station);
        for reading in &readings {
            let said = told.of(reading.station.unwrap_or(frame.station));
            let value = match meaning(reading.element) {
                _ if is_test => Err(Why::Test),
                _ if is_relative(reading.element) => Err(Why::Relative),
                None => Err(Why::NoQuantity),
                Some(meaning) => number(meaning, reading.value).map(|value| (meaning, value)),
            };
            match value {
                Ok((meaning, value)) => said.observations.push(Observation {
                    element: meaning.info().ascii.into(),
                    time: reading.observed.unwrap_or(body.sent),
                    value,
                    quality: quality(meaning, reading, &doubts),
                }),
                Err(why) => {
                    let (element, value) = (reading.element.to_string(), shown(reading.value));
                    said.omissions.push(Omission { element, why, value });
                }
            }
        }
        Ok(told.said)
    }

    /// Of all packets, in order, as the centre puts them together.
    fn again(_: &str, raw: &[u8]) -> Option<Frame> {
        let (mut whole, mut rest) = parse(raw).ok()?;
        whole.packet = None;
        while !rest.is_empty() {
            let (part, after) = parse(rest).ok()?;
            whole.body.extend(part.body);
            rest = after;
        }
        Some(whole)
    }

    fn ways(_: &str, doors: &Doors, _: Timestamp) -> Vec<Way> {
        doors.tcp.map(|door| Way::new(WayKind::Tcp, door)).into_iter().collect()
    }

    fn layout(raw: &[u8]) -> Vec<Span> {
        let mut spans = Vec::new();
        let mut rest = raw;
        while !rest.is_empty() {
            let at = raw.len() - rest.len();
            let read = parse(rest).map(|(_, after)| rest.len() - after.len());
            let (frame, after) = rest.split_at(read.as_ref().map_or(rest.len(), |length| *length));
            let named = match read {
                Ok(_) => layout(frame),
                Err(error) => broken(frame, &error.to_string()),
            };
            spans.extend(named.into_iter().map(|it| Span { start: at + it.start, ..it.into() }));
            rest = after;
        }
        spans
    }

    /// Zeros for the password, and the check that belongs to them.
    fn unhidden(digits: &str) -> Vec<u8> {
        let is_ascii = digits.starts_with("01");
        let zero = if is_ascii { "30" } else { "00" };
        let mut raw = hex::decode(digits.replace("**", zero)).unwrap_or_default();
        let check = if is_ascii { 4 } else { 2 };
        let Some(at) = raw.len().checked_sub(check) else { return raw };
        let crc = wire::sl651::crc16(&raw[..at]);
        match is_ascii {
            true => raw[at..].copy_from_slice(format!("{crc:04X}").as_bytes()),
            false => raw[at..].copy_from_slice(&crc.to_be_bytes()),
        }
        raw
    }

    fn forms() -> Vec<Form> {
        order::forms()
    }

    fn check(ask: &Ask) -> Result<(), Bad> {
        let keys = Keys { now: "0000".to_owned(), next: "0000".to_owned() };
        order::order(StationAddress([0; 5]), ask, Some(&keys)).map(|_| ())
    }

    /// The address that broken bytes of HEX coding carry where a station's should be.
    fn suspect(raw: &[u8]) -> Option<String> {
        let [0x7E, 0x7E, _, address @ ..] = raw else { return None };
        address.first_chunk().map(|bytes| StationAddress(*bytes).to_string())
    }
}

impl Converses for Sl651 {
    type Session = Centre;
    type Limits = CentreConfig;
    type Shared = ();

    /// At most two messages in packets of 2 MiB each per connection.
    fn limits() -> CentreConfig {
        CentreConfig { max_message: 2 << 20, max_collections: 2, ..CentreConfig::default() }
    }

    fn open(limits: &CentreConfig, _: &Arc<()>, now: Timestamp) -> Centre {
        Centre::new(limits.clone(), now)
    }

    fn order(to: &To<'_>, ask: &Ask) -> Result<Command, Bad> {
        let address = to.station.parse();
        let station = address.map_err(|_| Bad::new("station", to.station, "an address"))?;
        order::order(station, ask, to.keys)
    }

    /// A frame that asks; what repeats it is the same once more.
    fn is_order(raw: &[u8], to: &To<'_>, ask: &Ask) -> bool {
        parse(raw).is_ok_and(|(frame, _)| {
            frame.end == End::Enq
                && frame.function.to_string() == ask.command
                && frame.station.to_string() == to.station
        })
    }

    fn answers(frame: &Frame) -> Option<String> {
        (frame.end == End::Etx).then(|| frame.function.to_string())
    }

    /// The body as `decode` describes it, without a password that it repeats.
    fn answer(frame: &Frame) -> Option<serde_json::Value> {
        let mut body = describe(frame).get_mut("body").map(serde_json::Value::take)?;
        if let Some(parameters) = body.get_mut("parameters").and_then(|it| it.as_array_mut()) {
            parameters.retain(|parameter| parameter["id"] != "03");
        }
        Some(body)
    }

    fn longest_wait(limits: &CentreConfig) -> Duration {
        limits.partial.max(limits.gap).max(limits.answer)
    }
}

/// What is no frame: all of it unread, but for what stands where a frame of HEX or
/// ASCII coding carries its station's password. Several broken frames may stand behind
/// one another, and the very first byte or bit be what is broken: whatever may begin a
/// frame is taken for one, and what is hidden may be more than a password. The byte that
/// begins an ASCII frame is common inside others: there twelve digits follow, or nearly.
fn broken(raw: &[u8], reason: &str) -> Vec<wire::Span> {
    let mut hidden = vec![false; raw.len()];
    for at in 0..raw.len() {
        let starts = raw[at..].iter().take(2).filter(|byte| **byte == 0x7E).count();
        let hex = starts == 2 || (at == 0 && starts == 1);
        let digits = raw[at..].iter().skip(1).take(12).filter(|byte| byte.is_ascii_hexdigit());
        let ascii = (raw[at] == 0x01 || at == 0) && 10 <= digits.count();
        for (begins, place) in [(hex, 8..10), (ascii, 13..17)] {
            let end = raw.len().min(at + place.end);
            if begins && let Some(password) = hidden.get_mut(at + place.start..end) {
                password.fill(true);
            }
        }
    }
    let mut spans: Vec<wire::Span> = Vec::new();
    for (start, is_hidden) in hidden.into_iter().enumerate() {
        let name = if is_hidden { Span::PASSWORD } else { "unread" };
        match spans.last_mut() {
            Some(last) if last.name == name => last.len += 1,
            _ => spans.push(wire::Span { start, len: 1, name, text: reason.to_owned() }),
        }
    }
    spans
}

/// Where the body begins in a frame of HEX coding; ASCII takes two characters a byte.
fn body_at(frame: &Frame) -> usize {
    let head = match frame.coding {
        Coding::Hex => 14,
        Coding::Ascii => 24,
    };
    head + if frame.packet.is_some() { 3 } else { 0 }
}

/// What a frame says of each station: of one, a relay's of a few, and whoever means harm
/// names a hundred thousand in one message.
struct Told<'a> {
    sender: StationAddress,
    said: Vec<Said<'a>>,
    places: HashMap<StationAddress, usize>,
}

impl<'a> Told<'a> {
    fn new(sender: StationAddress) -> Told<'a> {
        Told { sender, said: Vec::with_capacity(1), places: HashMap::new() }
    }

    /// What it has said of `station` so far.
    fn of(&mut self, station: StationAddress) -> &mut Said<'a> {
        let at = *self.places.entry(station).or_insert_with(|| {
            let code = (station != self.sender).then(|| station.to_string());
            self.said.push(Said { station: code, ..Said::default() });
            self.said.len() - 1
        });
        &mut self.said[at]
    }
}

#[cfg(test)]
mod tests;
