//! SL 651-2014, hydrological stations: who sends, and what elements mean here (annex C,
//! tables C.1–C.3).

mod order;
mod words;

use std::collections::HashMap;
use std::sync::Arc;

use base::quantity::Grade;
use base::{AdminCode, Duration, Quality, Quantity, Timestamp};
use wire::sl651::{
    AddressKind, Body, Centre, CentreConfig, Coding, Command, ElementId, ElementInfo, End, Frame,
    Function, Reading, StationAddress, Value, describe, layout, parse,
};

use super::form::{Ask, Bad, Form, Keys, To};
use super::{
    Dialect, Doors, Element, Observation, Omission, PasswordForm, Said, Span, Unread, Way, WayKind,
    Why,
};
use crate::gateway::Converses;
use crate::station::Class;

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

/// The status words of a message, by station and moment.
type Doubts = HashMap<(Option<StationAddress>, Option<Timestamp>), u32>;

fn doubts(readings: &[Reading]) -> Doubts {
    let mut doubts = Doubts::new();
    for reading in readings.iter().filter(|reading| reading.element == ZT) {
        if let Value::Bits(bits) = reading.value {
            *doubts.entry((reading.station, reading.observed)).or_default() |= bits;
        }
    }
    doubts
}

/// How an element's number becomes a value of its quantity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reads {
    /// As it stands: the standard's unit is ours.
    Number,
    /// 1–16 clockwise, 1 is north: one sector is 22.5°.
    Sector,
    /// A number, unless it is one of the codes for a state.
    Opening,
    /// The status word as a number.
    Bits,
}

/// An element that a sensor may be registered for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Meaning {
    /// The lead byte in HEX bodies; its ASCII name and Chinese word are `wire`'s.
    pub lead: u8,
    pub quantity: Quantity,
    pub reads: Reads,
    /// Where the standard says what it is.
    pub clause: &'static str,
    pub word_en: &'static str,
}

impl Meaning {
    fn info(&self) -> &'static ElementInfo {
        ElementInfo::by_lead(self.lead).expect("annex C has every lead byte of the table")
    }
}

const fn row(
    lead: u8,
    quantity: Quantity,
    reads: Reads,
    clause: &'static str,
    word_en: &'static str,
) -> Meaning {
    Meaning { lead, quantity, reads, clause, word_en }
}

/// In the order of their lead bytes. Units of the standard are those of the
/// quantities, so nothing is scaled but the wind's sectors.
///
/// PJ (当前降水量) and the period amounts P1–PR, ED and EJ are amounts of a span
/// that ends at the observation time. DRP is twelve amounts of five minutes,
/// each at the beginning of its five minutes, as the standard gives the time.
#[rustfmt::skip]
static MEANINGS: &[Meaning] = &[
    row(0x02, Quantity::AirTemperature, Reads::Number, "C.1 AI", "air temperature"),
    row(0x03, Quantity::WaterTemperature, Reads::Number, "C.1 C", "water temperature"),
    row(0x06, Quantity::Evaporation, Reads::Number, "C.1 ED", "evaporation of the day"),
    row(0x07, Quantity::Evaporation, Reads::Number, "C.1 EJ", "present evaporation"),
    row(0x08, Quantity::Pressure, Reads::Number, "C.1 FL", "air pressure"),
    row(0x09, Quantity::GateOpening, Reads::Opening, "C.1 GH", "gate opening"),
    row(0x0E, Quantity::GroundwaterDepth, Reads::Number, "C.1 H", "groundwater depth"),
    row(0x10, Quantity::SoilMoisture, Reads::Number, "C.1 M10", "soil at 10 cm"),
    row(0x11, Quantity::SoilMoisture, Reads::Number, "C.1 M20", "soil at 20 cm"),
    row(0x12, Quantity::SoilMoisture, Reads::Number, "C.1 M30", "soil at 30 cm"),
    row(0x13, Quantity::SoilMoisture, Reads::Number, "C.1 M40", "soil at 40 cm"),
    row(0x14, Quantity::SoilMoisture, Reads::Number, "C.1 M50", "soil at 50 cm"),
    row(0x15, Quantity::SoilMoisture, Reads::Number, "C.1 M60", "soil at 60 cm"),
    row(0x16, Quantity::SoilMoisture, Reads::Number, "C.1 M80", "soil at 80 cm"),
    row(0x17, Quantity::SoilMoisture, Reads::Number, "C.1 M100", "soil at 100 cm"),
    row(0x1A, Quantity::RainAmount, Reads::Number, "C.1 P1", "rain of 1 hour"),
    row(0x1B, Quantity::RainAmount, Reads::Number, "C.1 P2", "rain of 2 hours"),
    row(0x1C, Quantity::RainAmount, Reads::Number, "C.1 P3", "rain of 3 hours"),
    row(0x1D, Quantity::RainAmount, Reads::Number, "C.1 P6", "rain of 6 hours"),
    row(0x1E, Quantity::RainAmount, Reads::Number, "C.1 P12", "rain of 12 hours"),
    row(0x1F, Quantity::RainAmount, Reads::Number, "C.1 PD", "rain of the day"),
    row(0x20, Quantity::RainAmount, Reads::Number, "C.1 PJ", "present rain"),
    row(0x21, Quantity::RainAmount, Reads::Number, "C.1 PN01", "rain of 1 min"),
    row(0x22, Quantity::RainAmount, Reads::Number, "C.1 PN05", "rain of 5 min"),
    row(0x23, Quantity::RainAmount, Reads::Number, "C.1 PN10", "rain of 10 min"),
    row(0x24, Quantity::RainAmount, Reads::Number, "C.1 PN30", "rain of 30 min"),
    row(0x25, Quantity::RainAmount, Reads::Number, "C.1 PR", "storm rain"),
    row(0x26, Quantity::RainTotal, Reads::Number, "C.1 PT", "total rain"),
    row(0x27, Quantity::Discharge, Reads::Number, "C.1 Q", "discharge"),
    row(0x28, Quantity::Discharge, Reads::Number, "C.1 Q1", "discharge at intake or outlet 1"),
    row(0x29, Quantity::Discharge, Reads::Number, "C.1 Q2", "discharge at intake or outlet 2"),
    row(0x2A, Quantity::Discharge, Reads::Number, "C.1 Q3", "discharge at intake or outlet 3"),
    row(0x2B, Quantity::Discharge, Reads::Number, "C.1 Q4", "discharge at intake or outlet 4"),
    row(0x2C, Quantity::Discharge, Reads::Number, "C.1 Q5", "discharge at intake or outlet 5"),
    row(0x2D, Quantity::Discharge, Reads::Number, "C.1 Q6", "discharge at intake or outlet 6"),
    row(0x2E, Quantity::Discharge, Reads::Number, "C.1 Q7", "discharge at intake or outlet 7"),
    row(0x2F, Quantity::Discharge, Reads::Number, "C.1 Q8", "discharge at intake or outlet 8"),
    row(0x30, Quantity::Discharge, Reads::Number, "C.1 QA", "total outflow"),
    row(0x31, Quantity::Discharge, Reads::Number, "C.1 QZ", "discharge of the conveyance"),
    row(0x33, Quantity::WindDirection, Reads::Sector, "C.1 UC", "wind direction"),
    row(0x35, Quantity::WindSpeed, Reads::Number, "C.1 US", "wind speed"),
    row(0x36, Quantity::FlowVelocity, Reads::Number, "C.1 VA", "mean velocity of the section"),
    row(0x37, Quantity::FlowVelocity, Reads::Number, "C.1 VJ", "present velocity"),
    row(0x38, Quantity::Voltage, Reads::Number, "C.1 VT", "supply voltage"),
    row(0x39, Quantity::WaterLevel, Reads::Number, "C.1 Z", "water level"),
    row(0x3A, Quantity::WaterLevel, Reads::Number, "C.1 ZB", "level below the dam"),
    row(0x3B, Quantity::WaterLevel, Reads::Number, "C.1 ZU", "level above the dam"),
    row(0x3C, Quantity::WaterLevel, Reads::Number, "C.1 Z1", "level at intake or outlet 1"),
    row(0x3D, Quantity::WaterLevel, Reads::Number, "C.1 Z2", "level at intake or outlet 2"),
    row(0x3E, Quantity::WaterLevel, Reads::Number, "C.1 Z3", "level at intake or outlet 3"),
    row(0x3F, Quantity::WaterLevel, Reads::Number, "C.1 Z4", "level at intake or outlet 4"),
    row(0x40, Quantity::WaterLevel, Reads::Number, "C.1 Z5", "level at intake or outlet 5"),
    row(0x41, Quantity::WaterLevel, Reads::Number, "C.1 Z6", "level at intake or outlet 6"),
    row(0x42, Quantity::WaterLevel, Reads::Number, "C.1 Z7", "level at intake or outlet 7"),
    row(0x43, Quantity::WaterLevel, Reads::Number, "C.1 Z8", "level at intake or outlet 8"),
    row(0x45, Quantity::StatusWord, Reads::Bits, "C.1 ZT, table 58", "state and alarms"),
    row(0xF4, Quantity::RainAmount, Reads::Number, "C.1 DRP", "rain by 5 min"),
];

/// Elements that stations usually send.
const COMMON: [&str; 19] = [
    "Z", "ZU", "ZB", "Q", "PJ", "PT", "P1", "PD", "DRP", "GH", "H", "M10", "M20", "M40", "AI", "C",
    "US", "UC", "VT",
];

/// What a class of stations usually measures; a person corrects it.
#[rustfmt::skip]
const USUAL: &[(&str, &[Class])] = &[
    ("Z", &[Class::River, Class::Tide]),
    ("ZU", &[Class::Reservoir, Class::Gate, Class::Pump]),
    ("ZB", &[Class::Gate, Class::Pump]),
    ("Q", &[Class::Intake, Class::Outlet]),
    ("PJ", &[Class::Reservoir, Class::Rain]),
    ("PT", &[Class::Reservoir, Class::Rain]),
    ("GH", &[Class::Gate]),
    ("H", &[Class::Groundwater]),
    ("M10", &[Class::Soil]),
    ("M20", &[Class::Soil]),
    ("M40", &[Class::Soil]),
    ("VT", &Class::OF_WATERS),
];

/// The status word; its bits say which instrument is not to be trusted.
const ZT: ElementId = ElementId::Lead(0x45);
/// Bit 5 of table 58: 流量仪表故障.
const FLOW_METER_FAULT: u32 = 1 << 5;
/// Bit 6 of table 58: 水位仪表故障.
const LEVEL_METER_FAULT: u32 = 1 << 6;

/// Gate openings that are states, in metres (notes to annex C).
const OPENING_STATES: [f64; 4] = [555.0, 444.0, 999.0, 888.0];

/// What an element means; `None` when we have no quantity for it.
fn meaning(element: ElementId) -> Option<&'static Meaning> {
    let ElementId::Lead(lead) = element else { return None };
    let index = MEANINGS.binary_search_by_key(&lead, |meaning| meaning.lead).ok()?;
    Some(&MEANINGS[index])
}

/// DRZ1–DRZ8 have a base that only the device knows.
fn is_relative(element: ElementId) -> bool {
    matches!(element, ElementId::Lead(0xF5..=0xFC))
}

fn number(meaning: &Meaning, value: Value) -> Result<f64, Why> {
    match (meaning.reads, value) {
        (_, Value::Missing) => Err(Why::Missing),
        (Reads::Bits, Value::Bits(bits)) => Ok(f64::from(bits)),
        (Reads::Number, Value::Number(number)) => Ok(number.to_f64()),
        (Reads::Opening, Value::Number(number)) => {
            let opening = number.to_f64();
            if OPENING_STATES.contains(&opening) { Err(Why::State) } else { Ok(opening) }
        }
        (Reads::Sector, Value::Number(number)) => {
            let sector = number.to_f64();
            let is_sector = (1.0..=16.0).contains(&sector) && sector.fract() == 0.0;
            if is_sector { Ok((sector - 1.0) * 22.5) } else { Err(Why::Unreadable) }
        }
        _ => Err(Why::Unreadable),
    }
}

/// A level or flow whose meter the status word of the same moment calls faulty is
/// uncertain, by the device's own word.
fn quality(meaning: &Meaning, reading: &Reading, doubts: &Doubts) -> Quality {
    let fault = match meaning.quantity {
        Quantity::WaterLevel => LEVEL_METER_FAULT,
        Quantity::Discharge | Quantity::FlowVelocity => FLOW_METER_FAULT,
        _ => return Quality::GOOD,
    };
    match doubts.get(&(reading.station, reading.observed)) {
        Some(bits) if bits & fault != 0 => Quality::new(Grade::Uncertain, Quality::BY_DEVICE),
        _ => Quality::GOOD,
    }
}

fn shown(value: Value) -> String {
    match value {
        Value::Number(number) => number.to_string(),
        Value::Missing => "缺".to_owned(),
        Value::Minutes(minutes) => format!("{}:{:02}", minutes / 60, minutes % 60),
        Value::Bits(bits) => format!("{bits:08X}"),
        Value::Step(_) | Value::Group(_) | Value::Invalid => "?".to_owned(),
    }
}

#[cfg(test)]
mod tests;
