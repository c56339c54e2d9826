//! Readings in the open form (JSON, NDJSON, CSV), over MQTT and HTTP.
//!
//! One dialect with two doors: a station is the same, whichever it comes by. Its points
//! are named as it likes. A message is a client's [`Frame`], which over HTTP is made of
//! the request: who it is, the content type and the body.

mod order;
mod post;
mod ways;

use std::borrow::Cow;
use std::sync::Arc;

use base::quantity::Quantity;
use base::{AdminCode, Duration, Id, Timestamp};
use bytes::Bytes;
use wire::mqtt::{
    Command, Due, Event, Frame, Hub, Message, Packet, Peer, Publish, Qos, Server, ServerConfig,
    Topics, Version, layout, read_any,
};
use wire::readings::{Bad, Format, Limits, Line, Record, parse_csv, parse_json, parse_ndjson};

use super::form::{self, Ask, Form, To};
use super::{
    Dialect, Doors, Element, Observation, Omission, PasswordForm, Said, Span, Suggestion, Unread,
    Way, Why,
};
use crate::gateway::{Converses, Overdue};
use crate::station::Mapping;

/// Whoever speaks no other: MQTT clients, and systems that post.
pub struct Json;

/// Names that are usual, and what they suggest.
const USUAL: [(&str, &str, &str, Quantity); 6] = [
    ("water_level", "水位", "Water level", Quantity::WaterLevel),
    ("discharge", "流量", "Discharge", Quantity::Discharge),
    ("rain", "时段雨量", "Rain within the step", Quantity::RainAmount),
    ("air_temperature", "气温", "Air temperature", Quantity::AirTemperature),
    ("wind_speed", "风速", "Wind speed", Quantity::WindSpeed),
    ("voltage", "电压", "Supply voltage", Quantity::Voltage),
];

/// Bytes of a point's name, at most.
const LONGEST_NAME: usize = 128;

impl Dialect for Json {
    type Message = Frame;

    const WORD: &'static str = "JSON";
    const STANDARD: &'static str = "JSON, NDJSON, CSV";
    const PASSWORD: Option<PasswordForm> = Some(PasswordForm {
        word: "8 至 64 位字母、数字或符号",
        word_en: "8 to 64 letters, digits or signs",
        longest: 64,
    });
    const NEEDS_KEY: bool = true;
    const IS_OPEN: bool = true;
    const NEEDS_LEAVE: bool = true;

    /// What can be a level of a topic and a user name of HTTP.
    fn code(typed: &str) -> Result<String, &'static str> {
        let code = typed.trim();
        let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        let is_one = (1..=64).contains(&code.len()) && code.bytes().all(is_part);
        is_one.then(|| code.to_owned()).ok_or("1 to 64 letters, digits, - _ or .")
    }

    fn password(typed: &str) -> Result<String, &'static str> {
        let is_one =
            (8..=64).contains(&typed.len()) && typed.bytes().all(|it| it.is_ascii_graphic());
        is_one.then(|| typed.to_owned()).ok_or("8 to 64 letters, digits or signs")
    }

    fn new_key(random: &[u8; 32]) -> Option<String> {
        Some(hex::encode(&random[..20]))
    }

    /// The division that a code begins with, as the register likes to number.
    fn division(code: &str) -> Option<AdminCode> {
        let digits = code.get(..6)?;
        let is_longer = code.as_bytes().get(6).is_some_and(u8::is_ascii_alphabetic);
        if is_longer { None } else { digits.parse().ok() }
    }

    fn elements() -> Vec<Element> {
        let elements = USUAL.iter().map(|(code, word, word_en, quantity)| Element {
            code,
            word,
            word_en,
            quantity: *quantity,
            is_common: true,
            usual_for: &[],
        });
        elements.collect()
    }

    fn suggestion(code: &str) -> Option<Suggestion> {
        let is_name = !code.trim().is_empty()
            && code.len() <= LONGEST_NAME
            && code.trim() == code
            && !code.contains(char::is_control);
        let known = USUAL.iter().find(|(usual, ..)| *usual == code);
        let quantity = known.map(|(.., quantity)| *quantity);
        is_name.then(|| Suggestion { quantity, mapping: Mapping::default() })
    }

    fn element_word(code: &str) -> Option<&'static str> {
        USUAL.iter().find(|(usual, ..)| *usual == code).map(|(_, word, ..)| *word)
    }

    fn sender(frame: &Frame) -> String {
        frame.peer.code().to_string()
    }

    /// Credentials are shown once, in CONNECT or in the request, and hold for all that
    /// follows; they are compared with each message, so that a key that ends has ended.
    fn proves(frame: &mut Frame, key: &str) -> bool {
        let Some(shown) = &frame.peer.password else { return false };
        let differs =
            shown.iter().zip(key.as_bytes()).fold(0, |all, (one, other)| all | (one ^ other));
        shown.len() == key.len() && differs == 0
    }

    fn is_heartbeat(frame: &Frame) -> bool {
        matches!(frame.event, Event::Connect { .. })
    }

    /// A last will says that the link is dead, and an answer what became of a command:
    /// neither is a reading, both are kept.
    fn read(frame: &Frame, _: Timestamp) -> Result<Vec<Said<'_>>, Unread> {
        let Event::Publish(message) = &frame.event else { return Ok(Vec::new()) };
        if is_answer(frame, message) {
            return Ok(Vec::new());
        }
        let at = |bad: Bad| Unread {
            reason: bad.to_string(),
            offset: Some(message.offset + bad.offset),
        };
        let read = parse(message).map_err(at)?;
        let mut all = vec![Said::default()];
        for record in read.records {
            let said = of_station(&mut all, frame.peer.code(), record.station, record.via);
            said.records += 1;
            for value in record.values {
                match value.value {
                    Some(number) => said.observations.push(Observation {
                        element: value.name,
                        time: value.time,
                        value: number,
                        quality: value.quality,
                    }),
                    None => said.omissions.push(Omission {
                        element: value.name.into_owned(),
                        why: Why::Missing,
                        value: "null".to_owned(),
                    }),
                }
            }
        }
        all[0].omissions.extend(read.rejected.into_iter().map(|(line, bad)| Omission {
            element: format!("line {line}"),
            why: Why::Unreadable,
            value: bad.to_string(),
        }));
        Ok(all)
    }

    /// What was kept is a packet of MQTT, or the body of a request; neither says who sent
    /// it.
    fn again(sender: &str, raw: &[u8]) -> Option<Frame> {
        let known = |version| Peer {
            version,
            client: Arc::from(""),
            user: Some(sender.into()),
            password: None,
        };
        if is_text(raw) {
            return Some(posted(known(Version::V5), None, Bytes::copy_from_slice(raw)));
        }
        let Ok((version, Packet::Publish(publish))) = read_any(raw) else { return None };
        let peer = Arc::new(known(version));
        let Publish { topic, payload, content_type, .. } = publish;
        let offset = raw.len() - payload.len();
        let message = Message { topic, content_type, offset, ..plain(payload) };
        Some(Frame { peer, event: Event::Publish(message) })
    }

    fn ways(code: &str, doors: &Doors, now: Timestamp) -> Vec<Way> {
        ways::ways(code, doors, now)
    }

    fn layout(raw: &[u8]) -> Vec<Span> {
        if !raw.is_empty() && is_text(raw) {
            let text = String::from_utf8_lossy(raw).chars().take(400).collect();
            return vec![Span { start: 0, len: raw.len(), name: "data", text }];
        }
        layout(raw).into_iter().map(Span::from).collect()
    }

    fn forms() -> Vec<Form> {
        order::forms()
    }

    fn check(ask: &Ask) -> Result<(), form::Bad> {
        order::check(ask).map(|_| ())
    }

    /// By its own words, on its own topic, whenever it comes.
    fn answered(frame: &Frame) -> Option<(Id, serde_json::Value)> {
        match &frame.event {
            Event::Publish(message) if is_answer(frame, message) => order::answered(message),
            _ => None,
        }
    }

    fn suspect(raw: &[u8]) -> Option<String> {
        let Ok((_, Packet::Connect(connect))) = read_any(raw) else { return None };
        let code = connect.user.as_ref().filter(|user| !user.is_empty()).unwrap_or(&connect.client);
        Self::code(code).ok()
    }
}

impl Converses for Json {
    type Session = Server;
    type Limits = ServerConfig;
    type Shared = Hub;

    fn limits() -> ServerConfig {
        ServerConfig::default()
    }

    fn open(limits: &ServerConfig, hub: &Arc<Hub>, now: Timestamp) -> Server {
        Server::new(limits.clone(), Hub::clone(hub), now)
    }

    /// A command outlives its connection: it is given again on the next one, under the
    /// same id, until the client acknowledges it or it is out of date.
    const OUTLIVES: bool = true;

    fn due(hub: &Hub, now: Timestamp) -> Vec<Overdue<Frame>> {
        let due = hub.tick(now).into_iter().map(|due| match due {
            Due::Will { frame, raw } => Overdue::Message(frame, raw),
            Due::Done { command, result } => Overdue::Done(command, result),
        });
        due.collect()
    }

    fn order(to: &To<'_>, ask: &Ask) -> Result<Command, form::Bad> {
        order::order(to, ask)
    }

    /// A PUBLISH with the command's id in it.
    fn is_order(raw: &[u8], to: &To<'_>, _: &Ask) -> bool {
        let Ok((_, Packet::Publish(publish))) = read_any(raw) else { return false };
        let id = to.command.to_string();
        publish.payload.windows(id.len()).any(|window| window == id.as_bytes())
    }

    fn takes_orders(session: &Server) -> bool {
        session.takes_commands()
    }

    fn longest_wait(limits: &ServerConfig) -> Duration {
        limits.partial.max(limits.busy)
    }
}

/// Whether a message is on the topic for answers of who sent it.
fn is_answer(frame: &Frame, message: &Message) -> bool {
    message.topic.ends_with("/answer") && *message.topic == *Topics(frame.peer.code()).answer()
}

/// Where what one record says is put: the first is the sender's own, and neighbours of one
/// station and one way share one.
fn of_station<'a, 'm>(
    all: &'a mut Vec<Said<'m>>,
    sender: &str,
    station: Option<Cow<'_, str>>,
    via: Vec<Cow<'_, str>>,
) -> &'a mut Said<'m> {
    let station = station.filter(|station| **station != *sender);
    if station.is_none() && via.is_empty() {
        return &mut all[0];
    }
    let is_same = |said: &Said<'_>| {
        said.station.as_deref() == station.as_deref() && said.via.iter().eq(via.iter())
    };
    if !all.last().is_some_and(is_same) {
        let via = via.into_iter().map(Cow::into_owned).collect();
        all.push(Said { station: station.map(Cow::into_owned), via, ..Said::default() });
    }
    let last = all.len() - 1;
    &mut all[last]
}

/// What a payload says.
struct Read<'a> {
    records: Vec<Record<'a>>,
    /// Lines that are none, with their numbers.
    rejected: Vec<(usize, Bad)>,
}

/// Reads a payload as its content type says, or as it looks.
///
/// # Errors
/// [`Bad`] when nothing of it can be taken.
fn parse(message: &Message) -> Result<Read<'_>, Bad> {
    let limits = Limits::default();
    let text = &message.payload;
    let named = message.content_type.as_deref().and_then(Format::of_mime);
    let lines = match named.unwrap_or_else(|| looks_like(text)) {
        Format::Json => {
            return Ok(Read { records: parse_json(text, &limits)?, rejected: Vec::new() });
        }
        Format::Ndjson => parse_ndjson(text, &limits)?,
        Format::Csv => parse_csv(text, &limits)?,
    };
    let mut read = Read { records: Vec::with_capacity(lines.len()), rejected: Vec::new() };
    for Line { number, record, .. } in lines {
        match record {
            Ok(record) => read.records.push(record),
            Err(bad) => read.rejected.push((number, bad)),
        }
    }
    match read.records.is_empty() {
        false => Ok(read),
        true => Err(match read.rejected.into_iter().next() {
            Some((line, bad)) => Bad { place: format!("{}, line {line}", bad.place), ..bad },
            None => Bad { place: "the text".to_owned(), offset: 0, reason: "no line".to_owned() },
        }),
    }
}

/// The form of a payload that nobody named: an array is JSON, objects on several lines
/// are NDJSON, and what is no object is a table.
fn looks_like(text: &[u8]) -> Format {
    let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text);
    match text.trim_ascii_start().first() {
        Some(b'[') => Format::Json,
        Some(b'{') => {
            let mut lines = text.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
            let is_whole = |line: &[u8]| line.starts_with(b"{") && line.ends_with(b"}");
            let several = text.trim_ascii().contains(&b'\n');
            let lines_are_whole = several && lines.all(|line| line.is_empty() || is_whole(line));
            if lines_are_whole { Format::Ndjson } else { Format::Json }
        }
        _ => Format::Csv,
    }
}

/// The message of a request.
fn posted(peer: Peer, content_type: Option<Arc<str>>, payload: Bytes) -> Frame {
    let message = Message { content_type, ..plain(payload) };
    Frame { peer: Arc::new(peer), event: Event::Publish(message) }
}

fn plain(payload: Bytes) -> Message {
    Message {
        topic: Arc::from(""),
        payload,
        qos: Qos::AtLeastOnce,
        is_retained: false,
        is_again: false,
        content_type: None,
        correlation: None,
        offset: 0,
    }
}

/// Whether bytes are the body of a request: packets of MQTT have lengths in them, whose
/// first byte is nearly always 0.
fn is_text(raw: &[u8]) -> bool {
    let is_odd = |text: &str| text.contains(|it: char| it.is_control() && !"\r\n\t".contains(it));
    std::str::from_utf8(raw).is_ok_and(|text| !is_odd(text))
}
