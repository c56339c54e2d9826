//! What a frame says: serial, time, and what its function code lays out (§6.6).

mod hex;
mod hex_write;
mod text;
mod text_write;

use base::{Duration, Timestamp};

use super::value::{number_to_bcd, time_from_bcd, time_from_digits};
use super::{
    Coding, Decimal, Direction, ElementId, ElementInfo, Frame, Function, Group, Kind,
    StationAddress, StationClass, Step, Value,
};

/// A decoded body.
#[derive(Debug, Clone, PartialEq)]
pub struct Body {
    /// 1–65535, wrapping to 1; an acknowledgement repeats it, what the centre
    /// begins itself carries 0 (§6.6.2.4).
    pub serial: u16,
    /// When the message was sent, by the sender's clock.
    pub sent: Timestamp,
    /// The address group in front of an answer that is no report.
    pub station: Option<StationAddress>,
    pub content: Content,
}

/// What follows serial and time.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// Nothing: heartbeats, acknowledgements, plain queries, confirmations.
    Bare,
    /// Elements of one or more stations: 30–3A, 44, 46 and 4B upwards.
    Report(Vec<Section>),
    /// Configuration values: 40–43, 49 and 4B.
    Parameters(Vec<Parameter>),
    /// Elements without values: 3A downwards.
    Identifiers(Vec<Identifier>),
    /// Parameters without values: 41, 43, 47, 48 downwards.
    Names(Vec<Identifier>),
    /// What to read back: 38 downwards.
    Period(Period),
    /// The software version as sent: 45 upwards.
    Version(Vec<u8>),
    /// One bit a pump or valve, first in the lowest bit: 4C, 4D.
    Switches(Vec<u8>),
    /// 4E.
    Gates(Gates),
    /// FF: the water quota is enforced, 00: it is not: 4F.
    Quota(u8),
    /// How often each event ERC1–32 happened: 50 upwards (table 82).
    Events([u16; 32]),
    /// A function whose layout the standard does not fix.
    Raw(Vec<u8>),
}

/// What one station reports.
#[derive(Debug, Clone, PartialEq)]
pub struct Section {
    /// `None`: the station of the frame.
    pub station: Option<StationAddress>,
    pub class: Option<StationClass>,
    pub blocks: Vec<Block>,
}

/// Elements that belong to one observation time.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Block {
    /// `None`: the time of the block before, or none was given.
    pub observed: Option<Timestamp>,
    /// Present in uniform reports: `elements` are then rows of `columns`, one row a step.
    pub series: Option<Series>,
    pub elements: Vec<Element>,
    /// Text, picture or batch that takes the rest of the body.
    pub attachment: Option<Attachment>,
}

/// The heading of a uniform report; HEX has one column (§6.6.4.4 b).
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    pub step: Step,
    pub columns: Vec<Identifier>,
}

/// Bytes that are no element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// [`Kind::Manual`], [`Kind::Picture`] or [`Kind::Batch`].
    pub kind: Kind,
    pub bytes: Vec<u8>,
}

/// One measured value as sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Element {
    pub id: ElementId,
    pub data: Data,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Data {
    /// From a HEX body.
    Coded(Coded),
    /// From an ASCII body: visible characters without a space.
    Text(Box<str>),
}

/// The definition byte and the bytes it announces.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Coded {
    /// High five bits: length in bytes, 0–31; low three: decimals.
    definition: u8,
    bytes: [u8; 31],
}

/// An identifier without data. In ASCII bodies the definition is 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Identifier {
    pub id: ElementId,
    pub definition: u8,
}

/// One value of the configuration tables D.1 and D.4.
///
/// The same lead bytes as elements mean other things here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    pub lead: u8,
    /// The second byte of a user's own parameter (lead FF).
    pub extension: Option<u8>,
    /// As for elements; for 0E all eight bits are the length. `None` in an ASCII body.
    pub definition: Option<u8>,
    /// What it says, see [`Parameter::setting`]; of an ASCII body its characters.
    pub data: Vec<u8>,
}

/// The question of 38; start and end are whole hours.
#[derive(Debug, Clone, PartialEq)]
pub struct Period {
    pub start: Timestamp,
    pub end: Timestamp,
    pub step: Step,
    pub elements: Vec<Identifier>,
}

/// Gate states of table 77.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gates {
    /// How many gates; the bits and openings follow from it.
    pub count: u8,
    /// One bit a gate, 1 open; ⌈count/8⌉ bytes.
    pub open: Vec<u8>,
    /// `[count]` openings in centimetres, 0–9999.
    pub openings: Vec<u16>,
}

/// One value of one element at one time, groups and series unrolled.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reading {
    /// `None`: the station of the frame.
    pub station: Option<StationAddress>,
    pub class: Option<StationClass>,
    /// `None`: the body gives no observation time.
    pub observed: Option<Timestamp>,
    pub element: ElementId,
    /// Never [`Value::Group`] or [`Value::Step`].
    pub value: Value,
}

/// Why a body could not be read; the frame around it is still good.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("at byte {offset} of the body: {problem}")]
pub struct BodyError {
    pub offset: usize,
    pub problem: Problem,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    #[error("{what} needs {need} bytes, {got} are left")]
    Short { what: &'static str, need: usize, got: usize },
    #[error("{what} is {got}, which is no minute of the years 2000–2099")]
    Time { what: &'static str, got: String },
    #[error("element {id} announces {need} bytes, {got} are left")]
    Element { id: ElementId, need: usize, got: usize },
    #[error("{got} bytes or words of values do not divide into rows of {each}")]
    Rows { got: usize, each: usize },
    #[error("{what} is {got}, expected {want}")]
    Unexpected { what: &'static str, got: String, want: &'static str },
    #[error("packet {number} of {total} is only a part of a body")]
    Part { total: u16, number: u16 },
}

/// Why a body cannot be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EncodeError {
    #[error("{0} is outside the years 2000–2099")]
    Year(Timestamp),
    #[error("element {0} has no form in this coding")]
    Element(ElementId),
    #[error("parameter {0:02X} has no form in this coding")]
    Parameter(u8),
    #[error("{what} is {got}, expected {want}")]
    Unexpected { what: &'static str, got: usize, want: &'static str },
}

impl Body {
    /// Reads the body of a frame that is not one of several packets.
    ///
    /// # Errors
    /// [`BodyError`] says where; the frame's bytes stay available.
    pub fn decode(frame: &Frame) -> Result<Body, BodyError> {
        Body::decode_traced(frame, &mut ())
    }

    pub(super) fn decode_traced(frame: &Frame, trace: &mut impl Trace) -> Result<Body, BodyError> {
        if let Some(packet) = frame.packet.filter(|packet| 1 < packet.total && !frame.is_answer()) {
            let (total, number) = (packet.total, packet.number);
            return Err(BodyError { offset: 0, problem: Problem::Part { total, number } });
        }
        let layout = frame.function.layout(frame.direction);
        match frame.coding {
            Coding::Hex => hex::decode(&frame.body, layout, trace),
            Coding::Ascii => text::decode(&frame.body, layout, trace),
        }
    }

    /// Writes the body.
    ///
    /// # Errors
    /// [`EncodeError`] when a value has no form in this coding.
    pub fn encode(&self, coding: Coding) -> Result<Vec<u8>, EncodeError> {
        match coding {
            Coding::Hex => hex_write::encode(self),
            Coding::Ascii => text_write::encode(self),
        }
    }

    /// Every value with its own time: groups of an hour and uniform reports unrolled.
    ///
    /// The first value of a group or series has the observation time itself
    /// (§6.6.2.8 d, note to table 36).
    pub fn readings(&self) -> Vec<Reading> {
        let mut readings = Vec::new();
        let Content::Report(sections) = &self.content else { return readings };
        for section in sections {
            let mut observed = None;
            for block in &section.blocks {
                observed = block.observed.or(observed);
                for (index, element) in block.elements.iter().enumerate() {
                    let (id, observed) = (element.id, block.time_of(index, observed));
                    let Section { station, class, .. } = *section;
                    let mut push = |observed, value| {
                        readings.push(Reading { station, class, observed, element: id, value });
                    };
                    match element.value() {
                        Value::Step(_) => {}
                        Value::Group(group) => {
                            for (row, value) in group.decimals().enumerate() {
                                let later = Duration::from_mins(5 * row as i64);
                                push(observed.map(|time| time + later), value);
                            }
                        }
                        value => push(observed, value),
                    }
                }
            }
        }
        readings
    }
}

impl Frame {
    /// Whether this is the centre's word on a message in packets; its packet
    /// count names the packet meant, the body is whole.
    pub(super) fn is_answer(&self) -> bool {
        self.direction == Direction::Down
    }

    /// When the message was sent, by the sender's clock, without decoding the rest; `None`
    /// when it is not there, or is no minute of the calendar.
    pub fn sent(&self) -> Option<Timestamp> {
        if self.packet.is_some_and(|packet| packet.number != 1) && !self.is_answer() {
            return None;
        }
        match self.coding {
            Coding::Hex => time_from_bcd(self.body.get(2..8)?),
            Coding::Ascii => time_from_digits(std::str::from_utf8(self.body.get(4..16)?).ok()?),
        }
    }

    /// The serial number without decoding the rest; `None` when it is not there
    /// (too short, no hexadecimal digits, or a later packet).
    pub fn serial(&self) -> Option<u16> {
        if self.packet.is_some_and(|packet| packet.number != 1) && !self.is_answer() {
            return None;
        }
        match self.coding {
            Coding::Hex => self.body.first_chunk().map(|bytes| u16::from_be_bytes(*bytes)),
            Coding::Ascii => {
                let digits = std::str::from_utf8(self.body.get(..4)?).ok()?;
                u16::from_str_radix(digits, 16).ok()
            }
        }
    }
}

impl Section {
    /// Elements observed at one time, as most reports carry them.
    pub fn observed(
        station: StationAddress,
        class: StationClass,
        observed: Timestamp,
        elements: Vec<Element>,
    ) -> Section {
        let blocks = vec![Block { observed: Some(observed), elements, ..Block::default() }];
        Section { station: Some(station), class: Some(class), blocks }
    }

    /// A picture taken at a time (36).
    pub fn picture(
        station: StationAddress,
        class: StationClass,
        observed: Timestamp,
        jpeg: Vec<u8>,
    ) -> Section {
        let attachment = Some(Attachment { kind: Kind::Picture, bytes: jpeg });
        let blocks = vec![Block { observed: Some(observed), attachment, ..Block::default() }];
        Section { station: Some(station), class: Some(class), blocks }
    }
}

impl Block {
    fn time_of(&self, index: usize, observed: Option<Timestamp>) -> Option<Timestamp> {
        let Some(series) = &self.series else { return observed };
        let row = index / series.columns.len().max(1);
        let minutes = i64::from(series.step.as_minutes()).saturating_mul(row as i64);
        observed.map(|time| time + Duration::from_mins(minutes))
    }
}

impl Group {
    /// The twelve values as numbers or [`Value::Missing`].
    pub fn decimals(self) -> impl Iterator<Item = Value> {
        self.values.into_iter().map(move |value| match value {
            Some(value) => Value::Number(Decimal::new(i64::from(value), self.decimals)),
            None => Value::Missing,
        })
    }
}

impl Coded {
    /// `data` has 0–31 bytes, `decimals` is 0–7.
    pub fn new(data: &[u8], decimals: u8) -> Option<Coded> {
        let mut bytes = [0; 31];
        bytes.get_mut(..data.len())?.copy_from_slice(data);
        let length = data.len() as u8;
        (decimals < 8).then_some(Coded { definition: length << 3 | decimals, bytes })
    }

    pub fn definition(&self) -> u8 {
        self.definition
    }

    pub fn decimals(&self) -> u8 {
        self.definition & 0b111
    }

    pub fn bytes(&self) -> &[u8] {
        &self.bytes[..usize::from(self.definition >> 3)]
    }
}

impl std::fmt::Debug for Coded {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:02X}:", self.definition)?;
        self.bytes().iter().try_for_each(|byte| write!(f, "{byte:02X}"))
    }
}

impl Element {
    /// A number in the length and decimals of annex C; one byte longer below zero.
    ///
    /// `None` for an element that is no number there, or when digits would be lost.
    pub fn number(lead: u8, value: Decimal) -> Option<Element> {
        let info = ElementInfo::by_lead(lead).filter(|info| info.kind == Kind::Number)?;
        let value = value.rescale(info.decimals)?;
        let bytes = usize::from(info.bytes) + usize::from(value.mantissa < 0);
        let data = number_to_bcd(value.mantissa, bytes)?;
        Some(Element::coded(ElementId::Lead(lead), Coded::new(&data, info.decimals)?))
    }

    /// "No value", in the length of annex C.
    pub fn missing(lead: u8) -> Option<Element> {
        let info = ElementInfo::by_lead(lead).filter(|info| info.kind == Kind::Number)?;
        let data = vec![0xFF; usize::from(info.bytes)];
        Some(Element::coded(ElementId::Lead(lead), Coded::new(&data, info.decimals)?))
    }

    /// The status word 45.
    pub fn status(bits: u32) -> Element {
        let data = Coded::new(&bits.to_be_bytes(), 0).expect("four bytes fit");
        Element::coded(ElementId::Lead(0x45), data)
    }

    /// Twelve rain amounts (lead F4) or relative levels (F5–FC), in units of the
    /// last decimal; `None` for other leads and for rain above 25.4 mm.
    pub fn group(lead: u8, values: [Option<u16>; 12]) -> Option<Element> {
        let mut data = Vec::with_capacity(24);
        match ElementInfo::by_lead(lead)?.kind {
            Kind::Rain => {
                for value in values {
                    data.push(match value {
                        None => 0xFF,
                        Some(value) => u8::try_from(value).ok().filter(|byte| *byte < 0xFF)?,
                    });
                }
            }
            Kind::Levels => {
                for value in values {
                    data.extend(value.unwrap_or(0xFFFF).to_be_bytes());
                }
            }
            _ => return None,
        }
        Some(Element::coded(ElementId::Lead(lead), Coded::new(&data, 0)?))
    }

    pub fn coded(id: ElementId, coded: Coded) -> Element {
        Element { id, data: Data::Coded(coded) }
    }

    /// What the data say, by the kind of the element; an element that annex C
    /// does not have is read as a number.
    pub fn value(&self) -> Value {
        let kind = self.id.info().map_or(Kind::Number, |info| info.kind);
        match &self.data {
            Data::Coded(coded) => hex::value(kind, coded),
            Data::Text(text) => text::value(kind, text),
        }
    }
}

impl Function {
    /// Whether a body of this function carries values of elements upwards.
    pub fn is_report(self) -> bool {
        matches!(self.0, 0x30..=0x3A | 0x44 | 0x46 | 0x4B)
    }
}

/// Listens to what the decoder reads, byte range by byte range.
pub(super) trait Trace {
    /// `start..end` of the body is a `name`, which says `text`.
    fn span(&mut self, start: usize, end: usize, name: &'static str, text: impl FnOnce() -> String);
}

impl Trace for () {
    fn span(&mut self, _: usize, _: usize, _: &'static str, _: impl FnOnce() -> String) {}
}

/// What the data of a parameter are called: the password of table D.1 is not for everybody
/// who looks at bytes.
fn data_of(lead: u8) -> &'static str {
    if lead == 0x03 { "password" } else { "data" }
}

/// The separator and lead bytes of groups whose definition byte is fixed (notes a–d, f of table C.1).
const TIME: [u8; 2] = [0xF0, 0xF0];
const STATION: [u8; 2] = [0xF1, 0xF1];
const MANUAL: [u8; 2] = [0xF2, 0xF2];
const PICTURE: [u8; 2] = [0xF3, 0xF3];
const BATCH: [u8; 2] = [0xFD, 0xF6];
