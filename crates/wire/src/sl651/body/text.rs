//! ASCII bodies, read (§6.6.2): serial and time without a separator, then words, each followed by one space.

use base::Timestamp;

use super::super::function::{Control, Layout};
use super::super::value::time_from_digits;
use super::super::{Decimal, ElementId, Group, Kind, StationAddress, StationClass, Step, Value};
use super::hex::{self, hex_text, shown};
use super::{
    Attachment, Block, Body, BodyError, Content, Data, Element, Identifier, Parameter, Period,
    Problem, Section, Series, Trace, data_of,
};

pub(super) fn decode(
    bytes: &[u8],
    layout: Layout,
    trace: &mut impl Trace,
) -> Result<Body, BodyError> {
    let mut reader = Reader { bytes, at: 0, trace };
    let digits = reader.fixed("serial", 4)?;
    let serial = u16::from_str_radix(digits, 16).ok().filter(|_| is_hex(digits));
    let serial = match serial {
        Some(serial) => serial,
        None => return reader.wrong(0, "serial", digits, "four hexadecimal digits"),
    };
    let digits = reader.fixed("sent", 12)?;
    let sent = reader.moment(4, "sent", digits, 12)?;
    let mut station = None;
    let content = match layout {
        _ if reader.rest().is_empty() => Content::Bare,
        Layout::Report | Layout::Series | Layout::Status => {
            Content::Report(reader.sections(layout)?)
        }
        Layout::Period => Content::Period(reader.period()?),
        Layout::Identifiers if reader.rest().starts_with(b"ST ") => reader.raw(),
        Layout::Identifiers => Content::Identifiers(reader.identifiers()?),
        Layout::Names => Content::Names(reader.names()?),
        Layout::Parameters => {
            if reader.rest().starts_with(b"ST ") {
                station = Some(reader.station()?);
            }
            match reader.rest().is_empty() {
                true => Content::Bare,
                false => Content::Parameters(reader.parameters()?),
            }
        }
        Layout::Control(control) => {
            if reader.is_at_station() {
                station = Some(reader.station()?);
            }
            match reader.rest().is_empty() {
                true => Content::Bare,
                false => reader.control(control),
            }
        }
        Layout::Bare => {
            if reader.rest().len() == 14 && reader.rest().starts_with(b"ST ") {
                station = Some(reader.station()?);
                Content::Bare
            } else {
                reader.raw()
            }
        }
    };
    Ok(Body { serial, sent, station, content })
}

struct Reader<'a, 't, T> {
    bytes: &'a [u8],
    at: usize,
    trace: &'t mut T,
}

impl<'a, T: Trace> Reader<'a, '_, T> {
    fn rest(&self) -> &'a [u8] {
        &self.bytes[self.at..]
    }

    fn raw(&mut self) -> Content {
        Content::Raw(self.all("raw"))
    }

    fn all(&mut self, name: &'static str) -> Vec<u8> {
        let rest = self.rest();
        if !rest.is_empty() {
            self.trace.span(self.at, self.bytes.len(), name, || format!("{} bytes", rest.len()));
        }
        self.at = self.bytes.len();
        rest.to_vec()
    }

    fn wrong<R>(
        &self,
        offset: usize,
        what: &'static str,
        got: &str,
        want: &'static str,
    ) -> Result<R, BodyError> {
        let got = got.chars().take(32).collect();
        Err(BodyError { offset, problem: Problem::Unexpected { what, got, want } })
    }

    fn fixed(&mut self, what: &'static str, need: usize) -> Result<&'a str, BodyError> {
        let (start, rest) = (self.at, self.rest());
        let Some(data) = rest.get(..need) else {
            let problem = Problem::Short { what, need, got: rest.len() };
            return Err(BodyError { offset: start, problem });
        };
        self.at += need;
        match std::str::from_utf8(data) {
            Ok(text) if text.is_ascii() => {
                self.trace.span(start, self.at, what, || text.to_owned());
                Ok(text)
            }
            _ => self.wrong(start, what, &hex_text(data), "ASCII characters"),
        }
    }

    /// The next word; its space is taken as well.
    fn word(&mut self) -> Result<&'a str, BodyError> {
        let (start, rest) = (self.at, self.rest());
        let word = match rest.iter().position(|byte| *byte == b' ') {
            Some(length) => &rest[..length],
            None => {
                let got = format!("{} bytes", rest.len());
                return self.wrong(start, "the last word", &got, "a space after it");
            }
        };
        self.at += word.len() + 1;
        match std::str::from_utf8(word) {
            Ok(text) if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic()) => {
                Ok(text)
            }
            _ => self.wrong(start, "word", &hex_text(word), "visible ASCII characters"),
        }
    }

    /// The next word without taking it.
    fn peek(&self) -> &'a [u8] {
        let rest = self.rest();
        &rest[..rest.iter().position(|byte| *byte == b' ').unwrap_or(rest.len())]
    }

    fn named(&mut self, name: &'static str) -> Result<&'a str, BodyError> {
        let start = self.at;
        let word = self.word()?;
        self.trace.span(start, self.at - 1, name, || word.to_owned());
        Ok(word)
    }

    fn moment(
        &self,
        offset: usize,
        what: &'static str,
        digits: &str,
        length: usize,
    ) -> Result<Timestamp, BodyError> {
        Some(digits).filter(|digits| digits.len() == length).and_then(time_from_digits).ok_or_else(
            || {
                let got = digits.chars().take(32).collect();
                BodyError { offset, problem: Problem::Time { what, got } }
            },
        )
    }

    fn station(&mut self) -> Result<StationAddress, BodyError> {
        self.named("station_lead")?;
        let start = self.at;
        let word = self.named("station")?;
        match word.parse() {
            Ok(station) if word.len() == 10 && is_hex(word) => Ok(station),
            _ => self.wrong(start, "station address", word, "ten hexadecimal digits"),
        }
    }

    /// Whether a whole address group comes next.
    fn is_at_station(&self) -> bool {
        let digits = self.rest().strip_prefix(b"ST ").and_then(|rest| rest.split_at_checked(10));
        digits.is_some_and(|(digits, rest)| {
            digits.iter().all(u8::is_ascii_hexdigit) && rest.first() == Some(&b' ')
        })
    }

    /// What is laid out by one table is one word; its HEX codes are two characters a
    /// byte (§6.6.2.2). A version is characters already and follows the word of its
    /// count. Anything else is kept raw: the standard has no example.
    fn control(&mut self, layout: Control) -> Content {
        let (start, rest) = (self.at, self.rest());
        let read = match layout {
            Control::Version => version(rest, start, self.trace),
            _ => rest.strip_suffix(b" ").and_then(|word| {
                let bytes = ::hex::decode(word).ok()?;
                // Nothing is named of what is not read whole.
                hex::control(&bytes, layout, &mut ()).ok()?;
                hex::control(&bytes, layout, &mut Doubled { start, trace: self.trace }).ok()
            }),
        };
        match read {
            Some(content) => {
                self.at = self.bytes.len();
                content
            }
            None => self.raw(),
        }
    }

    fn sections(&mut self, layout: Layout) -> Result<Vec<Section>, BodyError> {
        let mut sections = Vec::with_capacity(1);
        loop {
            let (mut station, mut class) = (None, None);
            if self.peek() == b"ST" {
                station = Some(self.station()?);
                if layout != Layout::Status && self.peek().len() == 1 {
                    class = Some(StationClass(self.named("class")?.as_bytes()[0]));
                }
            }
            let blocks = self.blocks(layout)?;
            sections.push(Section { station, class, blocks });
            if self.rest().is_empty() {
                return Ok(sections);
            }
        }
    }

    fn blocks(&mut self, layout: Layout) -> Result<Vec<Block>, BodyError> {
        let mut blocks = Vec::with_capacity(1);
        let mut block = Block::default();
        let mut begun = false;
        while !self.rest().is_empty() && self.peek() != b"ST" {
            let kind = match self.peek() {
                b"TT" => Some(Kind::Time),
                b"RGZS" => Some(Kind::Manual),
                b"PIC" => Some(Kind::Picture),
                b"DATA" => Some(Kind::Batch),
                _ => None,
            };
            match kind {
                Some(Kind::Time) => {
                    if begun {
                        blocks.push(std::mem::take(&mut block));
                    }
                    self.named("observed_lead")?;
                    let start = self.at;
                    let digits = self.named("observed")?;
                    block.observed = Some(self.moment(start, "observed", digits, 10)?);
                }
                Some(kind) => {
                    self.named("attachment_lead")?;
                    block.attachment = Some(Attachment { kind, bytes: self.all("attachment") });
                }
                None => {
                    let element = self.element()?;
                    match (layout, element.value()) {
                        (Layout::Series, Value::Step(step)) if !step.is_zero() => {
                            if !block.elements.is_empty() {
                                blocks.push(std::mem::take(&mut block));
                            }
                            self.series(step, &mut block)?;
                        }
                        _ => block.elements.push(element),
                    }
                }
            }
            begun = true;
        }
        if begun {
            blocks.push(block);
        }
        Ok(blocks)
    }

    fn id(&mut self) -> Result<ElementId, BodyError> {
        let start = self.at;
        let word = self.word()?;
        let Some(id) = ElementId::from_ascii(word) else {
            return self.wrong(start, "identifier", word, "1 to 8 characters");
        };
        self.trace.span(start, self.at - 1, "element", || match id.info() {
            Some(info) => format!("{id} {}", info.name),
            None => id.to_string(),
        });
        Ok(id)
    }

    fn element(&mut self) -> Result<Element, BodyError> {
        if std::str::from_utf8(self.peek()).is_ok_and(|word| step_from(word).is_some()) {
            // The identifier of a time step carries its value.
            return Ok(Element { id: STEP, data: Data::Text(self.named("step")?.into()) });
        }
        let id = self.id()?;
        self.value(id)
    }

    fn value(&mut self, id: ElementId) -> Result<Element, BodyError> {
        let start = self.at;
        let element = Element { id, data: Data::Text(self.word()?.into()) };
        self.trace.span(start, self.at - 1, "data", || shown(&element));
        Ok(element)
    }

    fn series(&mut self, step: Step, block: &mut Block) -> Result<(), BodyError> {
        let mut columns: Vec<Identifier> = Vec::new();
        while self.next_is_identifier() {
            columns.push(Identifier { id: self.id()?, definition: 0 });
        }
        let start = self.at;
        let values = self.rest().iter().filter(|byte| **byte == b' ').count();
        if values != 0 && (columns.is_empty() || values % columns.len() != 0) {
            let problem = Problem::Rows { got: values, each: columns.len() };
            return Err(BodyError { offset: start, problem });
        }
        for index in 0..values {
            block.elements.push(self.value(columns[index % columns.len()].id)?);
        }
        if !self.rest().is_empty() {
            return self.word().map(|_| ());
        }
        block.series = Some(Series { step, columns });
        Ok(())
    }

    /// Numbers begin with a digit or sign, a missing value is `M`, a group has
    /// more than eight characters.
    fn next_is_identifier(&self) -> bool {
        let word = self.peek();
        word.first().is_some_and(u8::is_ascii_alphabetic) && word != b"M" && word.len() <= 8
    }

    fn identifiers(&mut self) -> Result<Vec<Identifier>, BodyError> {
        let mut identifiers = Vec::new();
        while !self.rest().is_empty() {
            identifiers.push(Identifier { id: self.id()?, definition: 0 });
        }
        Ok(identifiers)
    }

    /// A lead byte of appendix D in two hexadecimal digits, or FF and two more.
    fn parameter_id(&mut self) -> Result<(u8, Option<u8>), BodyError> {
        let start = self.at;
        let word = self.named("parameter")?;
        let byte = |at: usize| u8::from_str_radix(word.get(at..at + 2)?, 16).ok();
        match (word.len(), byte(0), byte(2)) {
            (2, Some(lead), _) if lead != 0xFF && is_hex(word) => Ok((lead, None)),
            (4, Some(0xFF), Some(extension)) if is_hex(word) => Ok((0xFF, Some(extension))),
            _ => self.wrong(start, "parameter", word, "two hexadecimal digits, or FF and two more"),
        }
    }

    fn names(&mut self) -> Result<Vec<Identifier>, BodyError> {
        let mut names = Vec::new();
        while !self.rest().is_empty() {
            let id = match self.parameter_id()? {
                (_, Some(extension)) => ElementId::User(extension),
                (lead, None) => ElementId::Lead(lead),
            };
            names.push(Identifier { id, definition: 0 });
        }
        Ok(names)
    }

    fn parameters(&mut self) -> Result<Vec<Parameter>, BodyError> {
        let mut parameters = Vec::new();
        while !self.rest().is_empty() {
            let (lead, extension) = self.parameter_id()?;
            let data = self.named(data_of(lead))?.as_bytes().to_vec();
            parameters.push(Parameter { lead, extension, definition: None, data });
        }
        Ok(parameters)
    }

    fn period(&mut self) -> Result<Period, BodyError> {
        let at = self.at;
        let digits = self.named("period_start")?;
        let start = self.moment(at, "period_start", digits, 8)?;
        let at = self.at;
        let digits = self.named("period_end")?;
        let end = self.moment(at, "period_end", digits, 8)?;
        let at = self.at;
        let word = self.named("step")?;
        let Some(step) = step_from(word) else {
            return self.wrong(at, "time step", word, "DRDnn, DRHnn or DRNnn");
        };
        Ok(Period { start, end, step, elements: self.identifiers()? })
    }
}

/// The identifier of a time step carries its value.
pub(super) const STEP: ElementId = ElementId::Lead(0x04);

/// `0B V1.0 (2014) `: how many bytes, then as many, and the last space.
fn version(rest: &[u8], start: usize, trace: &mut impl Trace) -> Option<Content> {
    let (count, text) = rest.split_at_checked(2)?;
    let [count] = ::hex::decode(count).ok()?[..] else { return None };
    let text = text.strip_prefix(b" ")?.strip_suffix(b" ")?;
    if text.len() != usize::from(count) {
        return None;
    }
    trace.span(start, start + 2, "count", || count.to_string());
    if !text.is_empty() {
        trace.span(start + 3, start + 3 + text.len(), "version", || hex_text(text));
    }
    Some(Content::Version(text.to_vec()))
}

/// Names characters by the bytes that they stand for.
struct Doubled<'t, T> {
    /// Where the first character stands.
    start: usize,
    trace: &'t mut T,
}

impl<T: Trace> Trace for Doubled<'_, T> {
    fn span(
        &mut self,
        start: usize,
        end: usize,
        name: &'static str,
        text: impl FnOnce() -> String,
    ) {
        self.trace.span(self.start + 2 * start, self.start + 2 * end, name, text);
    }
}

fn is_hex(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// `DRDnn`, `DRHnn`, `DRNnn` (table C.2).
fn step_from(word: &str) -> Option<Step> {
    let digits = word.get(3..).filter(|digits| digits.len() == 2)?;
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let count = digits.parse().ok()?;
    let step = Step::default();
    match &word[..3] {
        "DRD" => Some(Step { days: count, ..step }),
        "DRH" => Some(Step { hours: count, ..step }),
        "DRN" => Some(Step { minutes: count, ..step }),
        _ => None,
    }
}

/// The part after the point is minutes, whatever its length says of decimals.
pub(super) fn minutes(number: Decimal) -> Value {
    let Some(Decimal { mantissa, .. }) = number.rescale(2) else { return Value::Invalid };
    match (u32::try_from(mantissa / 100), u32::try_from(mantissa % 100)) {
        (Ok(hours), Ok(minutes)) if hours < 10_000 && minutes < 60 => {
            Value::Minutes(hours * 60 + minutes)
        }
        _ => Value::Invalid,
    }
}

pub(super) fn value(kind: Kind, text: &str) -> Value {
    if text == "M" {
        return Value::Missing;
    }
    match kind {
        Kind::Number => text.parse().map_or(Value::Invalid, Value::Number),
        Kind::Duration => text.parse().map_or(Value::Invalid, minutes),
        Kind::Step => step_from(text).map_or(Value::Invalid, Value::Step),
        Kind::Bits => match u32::from_str_radix(text, 16) {
            Ok(bits) if text.len() == 8 && is_hex(text) => Value::Bits(bits),
            _ => Value::Invalid,
        },
        Kind::Rain => group(text, 2, 0xFF, 1),
        Kind::Levels => group(text, 4, 0xFFFF, 2),
        Kind::Time | Kind::Address | Kind::Manual | Kind::Picture | Kind::Batch => Value::Invalid,
    }
}

fn group(text: &str, width: usize, invalid: u16, decimals: u8) -> Value {
    if text.len() != 12 * width || !is_hex(text) {
        return Value::Invalid;
    }
    let mut group = Group { values: [None; 12], decimals };
    for (index, slot) in group.values.iter_mut().enumerate() {
        let digits = &text[index * width..(index + 1) * width];
        *slot = u16::from_str_radix(digits, 16).ok().filter(|value| *value != invalid);
    }
    Value::Group(group)
}
