//! Frames as JSON for people and scripts: `fengsui decode sl651` and `encode sl651`.
//!
//! What is decoded stands as a word or number; what could not be decoded, or
//! would not come back byte for byte, stands as hexadecimal digits beside it.

use base::Timestamp;
use serde_json::{Map, Value as Json, json};

use super::{
    Block, Body, Channel, Coded, Coding, Content, Data, Decimal, Direction, Element, ElementId,
    Frame, Function, Group, Identifier, Kind, LengthForm, Parameter, ParameterInfo, Range,
    STATUS_BITS, Section, Setting, StationClass, Step, Value,
};

/// One JSON object that says everything the frame says.
///
/// [`super::from_description`] makes the same frame of it. Times are Beijing
/// time with offset. `name` fields are for reading and ignored on the way back.
pub fn describe(frame: &Frame) -> Json {
    let mut out = Map::new();
    let mut put = |key: &str, value: Json| out.insert(key.to_owned(), value);
    put("protocol", json!("sl651"));
    put("coding", json!(coding_word(frame.coding)));
    put("direction", json!(direction_word(frame.direction)));
    put("centre", json!(frame.centre));
    put("station", json!(frame.station.to_string()));
    put("station_code", json!(frame.station.code()));
    put("password", json!(format!("{:04X}", frame.password)));
    put("function", json!(frame.function.to_string()));
    put("function_name", json!(frame.function.name()));
    if let Some(packet) = frame.packet {
        put("packet", json!({"total": packet.total, "number": packet.number}));
    }
    if frame.length == LengthForm::Sixteen {
        put("length_bits", json!(16));
    }
    put("end", json!(frame.end.name()));
    match Body::decode(frame) {
        Ok(body) => put("body", describe_body(&body, frame.function)),
        Err(error) => {
            put("raw_body", json!(digits(&frame.body)));
            put("body_error", json!(error.to_string()))
        }
    };
    let description = Json::Object(out);
    // What would not come back as it was is shown, but the bytes go before it.
    match super::from_description(&description) {
        Ok(same) if same == *frame => description,
        _ => {
            let Json::Object(mut out) = description else { return description };
            out.insert("raw_body".to_owned(), json!(digits(&frame.body)));
            Json::Object(out)
        }
    }
}

fn describe_body(body: &Body, function: Function) -> Json {
    let mut out = Map::new();
    out.insert("serial".to_owned(), json!(body.serial));
    out.insert("sent".to_owned(), time(body.sent));
    if let Some(station) = body.station {
        out.insert("station".to_owned(), json!(station.to_string()));
    }
    let (key, value) = match &body.content {
        Content::Bare => return Json::Object(out),
        Content::Report(sections) => ("report", sections.iter().map(section).collect()),
        Content::Parameters(parameters) => {
            ("parameters", parameters.iter().map(|it| parameter(it, function)).collect())
        }
        Content::Names(names) => ("names", names.iter().map(|it| name(it, function)).collect()),
        Content::Identifiers(identifiers) => {
            ("identifiers", identifiers.iter().map(identifier).collect())
        }
        Content::Period(period) => (
            "period",
            json!({
                "start": time(period.start),
                "end": time(period.end),
                "step": step(period.step),
                "elements": period.elements.iter().map(identifier).collect::<Json>(),
            }),
        ),
        Content::Version(data) => ("version", text_or_hex(data)),
        Content::Switches(data) => ("switches", json!(digits(data))),
        Content::Gates(gates) => (
            "gates",
            json!({"count": gates.count, "open": digits(&gates.open), "openings_cm": gates.openings}),
        ),
        Content::Quota(state) => ("quota", json!(format!("{state:02X}"))),
        Content::Events(counters) => ("events", json!(counters)),
        Content::Raw(data) => ("raw", json!(digits(data))),
    };
    out.insert(key.to_owned(), value);
    Json::Object(out)
}

fn section(section: &Section) -> Json {
    let mut out = Map::new();
    if let Some(station) = section.station {
        out.insert("station".to_owned(), json!(station.to_string()));
    }
    if let Some(class) = section.class {
        out.insert("class".to_owned(), json!(class_word(class)));
        out.insert("class_name".to_owned(), json!(class.name()));
    }
    out.insert("blocks".to_owned(), section.blocks.iter().map(block).collect());
    Json::Object(out)
}

fn block(block: &Block) -> Json {
    let mut out = Map::new();
    if let Some(observed) = block.observed {
        out.insert("observed".to_owned(), time(observed));
    }
    if let Some(series) = &block.series {
        out.insert("step".to_owned(), step(series.step));
        out.insert("columns".to_owned(), series.columns.iter().map(identifier).collect());
    }
    if !block.elements.is_empty() || block.series.is_some() {
        out.insert("elements".to_owned(), block.elements.iter().map(element).collect());
    }
    if let Some(attachment) = &block.attachment {
        out.insert("attachment".to_owned(), json!(kind_word(attachment.kind)));
        out.insert("data".to_owned(), json!(digits(&attachment.bytes)));
        if attachment.kind == Kind::Manual
            && let Ok(text) = std::str::from_utf8(&attachment.bytes)
        {
            out.insert("text".to_owned(), json!(text));
        }
    }
    Json::Object(out)
}

fn element(element: &Element) -> Json {
    let mut out = Map::new();
    out.insert("id".to_owned(), json!(element.id.to_string()));
    if let Some(info) = element.id.info() {
        out.insert("name".to_owned(), json!(info.name));
        if !info.unit.is_empty() {
            out.insert("unit".to_owned(), json!(info.unit));
        }
    }
    let value = element.value();
    match &element.data {
        Data::Coded(coded) => {
            out.insert("definition".to_owned(), json!(format!("{:02X}", coded.definition())));
            out.insert("value".to_owned(), value_of(value));
            if encoded(element.id, coded.definition(), value).as_deref() != Some(coded.bytes()) {
                out.insert("data".to_owned(), json!(digits(coded.bytes())));
            }
        }
        Data::Text(text) => {
            out.insert("value".to_owned(), value_of(value));
            out.insert("text".to_owned(), json!(text));
        }
    }
    if let Value::Bits(bits) = value {
        let flags = STATUS_BITS.iter().enumerate();
        let state = flags.map(|(bit, (name, words))| {
            ((*name).to_owned(), json!(words[usize::from(bits >> bit & 1 == 1)]))
        });
        out.insert("flags".to_owned(), Json::Object(state.collect()));
    }
    Json::Object(out)
}

/// The data bytes that a value of this definition would have by itself.
pub(super) fn encoded(id: ElementId, definition: u8, value: Value) -> Option<Vec<u8>> {
    let (length, decimals) = (usize::from(definition >> 3), definition & 0b111);
    let kind = id.info().map_or(Kind::Number, |info| info.kind);
    match (kind, value) {
        (Kind::Number, Value::Number(number)) if number.decimals == decimals => {
            super::value::number_to_bcd(number.mantissa, length)
        }
        (Kind::Number | Kind::Duration, Value::Missing) if length > 0 => Some(vec![0xFF; length]),
        (Kind::Duration, Value::Minutes(minutes)) => {
            let written = i64::from(minutes / 60 * 100 + minutes % 60);
            let number = Decimal::new(written, 2).rescale(decimals)?;
            super::value::number_to_bcd(number.mantissa, length)
        }
        (Kind::Bits, Value::Bits(bits)) if definition == 4 << 3 => Some(bits.to_be_bytes().into()),
        (Kind::Step, Value::Step(step)) if definition == 3 << 3 => {
            let fields = [step.days, step.hours, step.minutes];
            fields
                .iter()
                .all(|field| *field < 100)
                .then(|| fields.iter().map(|field| super::value::pair_to_bcd(*field)).collect())
        }
        (Kind::Rain | Kind::Levels, Value::Group(group)) => {
            let ElementId::Lead(lead) = id else { return None };
            match Element::group(lead, group.values)?.data {
                Data::Coded(coded) if coded.bytes().len() == length => Some(coded.bytes().into()),
                _ => None,
            }
        }
        _ => None,
    }
}

fn value_of(value: Value) -> Json {
    match value {
        Value::Number(number) => number_of(number),
        Value::Missing => Json::Null,
        Value::Minutes(minutes) => json!(format!("{}:{:02}", minutes / 60, minutes % 60)),
        Value::Bits(bits) => json!(format!("{bits:08X}")),
        Value::Step(value) => step(value),
        Value::Group(Group { values, decimals }) => values
            .into_iter()
            .map(|value| match value {
                Some(value) => number_of(Decimal::new(i64::from(value), decimals)),
                None => Json::Null,
            })
            .collect(),
        Value::Invalid => json!("invalid"),
    }
}

/// A JSON number as far as it is exact (15 digits), a string beyond.
fn number_of(number: Decimal) -> Json {
    match number.mantissa.unsigned_abs() < 1_000_000_000_000_000 {
        true if number.decimals == 0 => json!(number.mantissa),
        true => json!(number.to_f64()),
        false => json!(number.to_string()),
    }
}

fn parameter(parameter: &Parameter, function: Function) -> Json {
    let Parameter { lead, extension, definition, data } = parameter;
    let mut out = Map::new();
    let info = ParameterInfo::of(function, *lead).filter(|_| extension.is_none());
    let digits_of = extension.map(|byte| format!("{byte:02X}")).unwrap_or_default();
    out.insert("id".to_owned(), json!(format!("{lead:02X}{digits_of}")));
    if let Some(info) = info {
        out.insert("name".to_owned(), json!(info.name));
        if !info.unit.is_empty() {
            out.insert("unit".to_owned(), json!(info.unit));
        }
    }
    let setting = parameter.setting(function);
    if let Some(value) = setting_of(&setting) {
        out.insert("value".to_owned(), value);
    }
    match definition {
        Some(definition) => {
            out.insert("definition".to_owned(), json!(format!("{definition:02X}")));
            out.insert("data".to_owned(), json!(digits(data)));
        }
        None => {
            out.insert("text".to_owned(), json!(String::from_utf8_lossy(data)));
        }
    }
    Json::Object(out)
}

/// For reading: [`super::Setting`] as JSON, `None` for what has or shows no value.
fn setting_of(setting: &Setting) -> Option<Json> {
    Some(match setting {
        Setting::Number(number) => number_of(*number),
        Setting::Missing => Json::Null,
        Setting::Centres(centres) => json!(centres),
        Setting::Station(station) => json!(station.to_string()),
        Setting::Password(password) => json!(format!("{password:04X}")),
        Setting::Channel(channel) => match channel {
            Channel::Ip { address: [a, b, c, d], port } => {
                json!({"kind": channel.word(), "address": format!("{a}.{b}.{c}.{d}:{port}")})
            }
            Channel::Other { kind, digits } => {
                json!({"kind": channel.word(), "code": kind, "digits": digits})
            }
        },
        Setting::Mode(mode) => json!(mode),
        Setting::Mask(mask) => Setting::measured(*mask).map(Json::from).collect(),
        Setting::Ranges(ranges) => ranges
            .iter()
            .map(|Range { start, count }| json!({"start": start.to_string(), "count": count}))
            .collect(),
        Setting::Card { kind, number } => json!({"kind": kind, "number": number}),
        Setting::Bits(bits) => json!(format!("{bits:08X}")),
        Setting::Nothing | Setting::Unread => return None,
    })
}

/// A parameter that is asked for: its identifier as [`parameter`] writes it.
fn name(identifier: &Identifier, function: Function) -> Json {
    let Identifier { id, definition } = identifier;
    let (id, lead) = match id {
        ElementId::Lead(lead) => (format!("{lead:02X}"), Some(*lead)),
        ElementId::User(extension) => (format!("FF{extension:02X}"), None),
        ElementId::Name(name) => (name.as_str().to_owned(), None),
    };
    let name = lead.and_then(|lead| ParameterInfo::of(function, lead)).map(|info| info.name);
    json!({"id": id, "definition": format!("{definition:02X}"), "name": name})
}

fn identifier(identifier: &Identifier) -> Json {
    let Identifier { id, definition } = identifier;
    let name = id.info().map(|info| info.name);
    json!({"id": id.to_string(), "definition": format!("{definition:02X}"), "name": name})
}

fn step(step: Step) -> Json {
    json!({"days": step.days, "hours": step.hours, "minutes": step.minutes})
}

fn time(moment: Timestamp) -> Json {
    json!(format!("{}+08:00", moment.to_beijing().replace(' ', "T")))
}

fn text_or_hex(data: &[u8]) -> Json {
    match std::str::from_utf8(data) {
        Ok(text) => json!({"text": text}),
        Err(_) => json!({"data": digits(data)}),
    }
}

pub(super) fn digits(data: &[u8]) -> String {
    data.iter().map(|byte| format!("{byte:02X}")).collect()
}

/// The letter of annex A, or two hexadecimal digits.
fn class_word(class: StationClass) -> String {
    match class.0.is_ascii_graphic() {
        true => char::from(class.0).to_string(),
        false => format!("{:02X}", class.0),
    }
}

pub(super) fn coding_word(coding: Coding) -> &'static str {
    match coding {
        Coding::Hex => "hex",
        Coding::Ascii => "ascii",
    }
}

pub(super) fn direction_word(direction: Direction) -> &'static str {
    match direction {
        Direction::Up => "up",
        Direction::Down => "down",
    }
}

pub(super) fn kind_word(kind: Kind) -> &'static str {
    match kind {
        Kind::Picture => "picture",
        Kind::Batch => "batch",
        _ => "manual",
    }
}

impl Function {
    /// From the two hexadecimal digits of [`Function`]'s `Display`.
    pub(super) fn from_digits(text: &str) -> Option<Function> {
        (text.len() == 2).then(|| u8::from_str_radix(text, 16).ok().map(Function)).flatten()
    }
}

impl Element {
    /// An element of this definition with these data bytes.
    pub(super) fn from_parts(id: ElementId, definition: u8, data: &[u8]) -> Option<Element> {
        (data.len() == usize::from(definition >> 3))
            .then(|| Coded::new(data, definition & 0b111).map(|coded| Element::coded(id, coded)))
            .flatten()
    }
}
