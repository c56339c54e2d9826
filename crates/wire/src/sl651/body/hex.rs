//! HEX/BCD bodies, read (§6.6.3).

use base::Timestamp;

use super::super::function::{Control, Layout};
use super::super::value::{number_from_bcd, pair_from_bcd, time_from_bcd};
use super::super::{ElementId, Group, Kind, StationAddress, StationClass, Step, Value};
use super::{
    Attachment, BATCH, Block, Body, BodyError, Coded, Content, Element, Gates, Identifier, MANUAL,
    PICTURE, Parameter, Period, Problem, STATION, Section, Series, TIME, Trace, data_of,
};

pub(super) fn decode(
    bytes: &[u8],
    layout: Layout,
    trace: &mut impl Trace,
) -> Result<Body, BodyError> {
    let mut reader = Reader { bytes, at: 0, trace };
    let serial =
        reader.take("serial", 2, |data| u16::from_be_bytes([data[0], data[1]]).to_string())?;
    let serial = u16::from_be_bytes([serial[0], serial[1]]);
    let sent = reader.time("sent", 6)?;
    let is_report = matches!(layout, Layout::Report | Layout::Series | Layout::Status);
    let station = match is_report {
        true => None,
        false => reader.station()?,
    };
    let content = if reader.rest().is_empty() {
        Content::Bare
    } else {
        match layout {
            Layout::Bare => Content::Raw(reader.all("raw").to_vec()),
            Layout::Report | Layout::Series | Layout::Status => {
                Content::Report(reader.sections(layout)?)
            }
            Layout::Parameters => Content::Parameters(reader.parameters()?),
            Layout::Identifiers => Content::Identifiers(reader.identifiers()?),
            Layout::Names => Content::Names(reader.identifiers()?),
            Layout::Period => Content::Period(reader.period()?),
            Layout::Control(control) => reader.control(control)?,
        }
    };
    reader.finish()?;
    Ok(Body { serial, sent, station, content })
}

/// Counts, bits and states alone, which say the same in both codings once their
/// characters are bytes again.
pub(super) fn control(
    bytes: &[u8],
    layout: Control,
    trace: &mut impl Trace,
) -> Result<Content, BodyError> {
    let mut reader = Reader { bytes, at: 0, trace };
    let content = reader.control(layout)?;
    reader.finish()?;
    Ok(content)
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

    fn error<R>(&self, problem: Problem) -> Result<R, BodyError> {
        Err(BodyError { offset: self.at, problem })
    }

    fn take(
        &mut self,
        what: &'static str,
        need: usize,
        text: impl FnOnce(&[u8]) -> String,
    ) -> Result<&'a [u8], BodyError> {
        let rest = self.rest();
        let Some(data) = rest.get(..need) else {
            return self.error(Problem::Short { what, need, got: rest.len() });
        };
        self.trace.span(self.at, self.at + need, what, || text(data));
        self.at += need;
        Ok(data)
    }

    fn all(&mut self, what: &'static str) -> &'a [u8] {
        let rest = self.rest();
        if !rest.is_empty() {
            let length = rest.len();
            self.trace.span(self.at, self.bytes.len(), what, || format!("{length} bytes"));
        }
        self.at = self.bytes.len();
        rest
    }

    fn finish(&self) -> Result<(), BodyError> {
        match self.rest() {
            [] => Ok(()),
            rest => self.error(Problem::Unexpected {
                what: "the rest",
                got: format!("{} bytes", rest.len()),
                want: "nothing more",
            }),
        }
    }

    fn time(&mut self, what: &'static str, need: usize) -> Result<Timestamp, BodyError> {
        let start = self.at;
        let show = |data: &[u8]| match time_from_bcd(data) {
            Some(time) => time.to_beijing(),
            None => hex_text(data),
        };
        let data = self.take(what, need, show)?;
        time_from_bcd(data).ok_or_else(|| BodyError {
            offset: start,
            problem: Problem::Time { what, got: hex_text(data) },
        })
    }

    fn starts_with(&self, pair: [u8; 2]) -> bool {
        self.rest().starts_with(&pair)
    }

    fn station(&mut self) -> Result<Option<StationAddress>, BodyError> {
        if !self.starts_with(STATION) {
            return Ok(None);
        }
        self.take("station_lead", 2, hex_text)?;
        let data = self.take("station", 5, hex_text)?;
        Ok(Some(StationAddress([data[0], data[1], data[2], data[3], data[4]])))
    }

    fn sections(&mut self, layout: Layout) -> Result<Vec<Section>, BodyError> {
        let mut sections = Vec::with_capacity(1);
        loop {
            let station = self.station()?;
            let has_class = station.is_some() && layout != Layout::Status && {
                let group =
                    [TIME, MANUAL, PICTURE, BATCH].iter().any(|pair| self.starts_with(*pair));
                !group && !self.rest().is_empty()
            };
            let class = match has_class {
                true => {
                    let show = |data: &[u8]| match StationClass(data[0]).name() {
                        Some(name) => format!("{:?} {name}", StationClass(data[0])),
                        None => hex_text(data),
                    };
                    Some(StationClass(self.take("class", 1, show)?[0]))
                }
                false => None,
            };
            let blocks = self.blocks(layout)?;
            sections.push(Section { station, class, blocks });
            if self.rest().is_empty() {
                return Ok(sections);
            }
        }
    }

    /// Reads blocks up to the next station or the end.
    fn blocks(&mut self, layout: Layout) -> Result<Vec<Block>, BodyError> {
        let mut blocks = Vec::with_capacity(1);
        let mut block = Block::default();
        let mut begun = false;
        while !self.rest().is_empty() && !self.starts_with(STATION) {
            if self.starts_with(TIME) {
                if begun {
                    blocks.push(std::mem::take(&mut block));
                }
                self.take("observed_lead", 2, hex_text)?;
                block.observed = Some(self.time("observed", 5)?);
            } else if let Some((kind, name)) = self.attachment() {
                self.take("attachment_lead", 2, hex_text)?;
                let bytes = self.all(name).to_vec();
                block.attachment = Some(Attachment { kind, bytes });
            } else {
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
            begun = true;
        }
        if begun {
            blocks.push(block);
        }
        Ok(blocks)
    }

    fn attachment(&self) -> Option<(Kind, &'static str)> {
        [
            (MANUAL, Kind::Manual, "manual"),
            (PICTURE, Kind::Picture, "picture"),
            (BATCH, Kind::Batch, "batch"),
        ]
        .into_iter()
        .find(|(pair, ..)| self.starts_with(*pair))
        .map(|(_, kind, name)| (kind, name))
    }

    fn identifier(&mut self) -> Result<Identifier, BodyError> {
        let id = self.element_id("element")?;
        let definition = self.take("definition", 1, |data| {
            format!("{} bytes, {} decimals", data[0] >> 3, data[0] & 0b111)
        })?[0];
        Ok(Identifier { id, definition })
    }

    fn element_id(&mut self, what: &'static str) -> Result<ElementId, BodyError> {
        let length = if self.rest().first() == Some(&0xFF) { 2 } else { 1 };
        let show = |data: &[u8]| {
            let id = match data {
                [lead] => ElementId::Lead(*lead),
                _ => ElementId::User(data[1]),
            };
            match id.info() {
                Some(info) => format!("{id} {}", info.name),
                None => id.to_string(),
            }
        };
        Ok(match self.take(what, length, show)? {
            [_, extension] => ElementId::User(*extension),
            data => ElementId::Lead(data[0]),
        })
    }

    fn element(&mut self) -> Result<Element, BodyError> {
        let start = self.at;
        let Identifier { id, definition } = self.identifier()?;
        let (need, got) = (usize::from(definition >> 3), self.rest().len());
        if got < need {
            return Err(BodyError { offset: start, problem: Problem::Element { id, need, got } });
        }
        self.data(id, definition)
    }

    fn data(&mut self, id: ElementId, definition: u8) -> Result<Element, BodyError> {
        let element = |data: &[u8]| {
            let coded = Coded::new(data, definition & 0b111).expect("five and three bits fit");
            Element::coded(id, coded)
        };
        let show = |data: &[u8]| shown(&element(data));
        self.take("data", usize::from(definition >> 3), show).map(element)
    }

    /// One element, then equal values to the end of the body (§6.6.4.4).
    fn series(&mut self, step: Step, block: &mut Block) -> Result<(), BodyError> {
        let mut columns = Vec::new();
        if !self.rest().is_empty() {
            let Identifier { id, definition } = self.identifier()?;
            columns.push(Identifier { id, definition });
            let (got, each) = (self.rest().len(), usize::from(definition >> 3));
            if got != 0 && (each == 0 || got % each != 0) {
                return self.error(Problem::Rows { got, each });
            }
            block.elements.reserve(got.checked_div(each).unwrap_or(0));
            while !self.rest().is_empty() {
                block.elements.push(self.data(id, definition)?);
            }
        }
        block.series = Some(Series { step, columns });
        Ok(())
    }

    fn parameters(&mut self) -> Result<Vec<Parameter>, BodyError> {
        let mut parameters = Vec::new();
        while !self.rest().is_empty() {
            let long = self.rest()[0] == 0xFF;
            let lead = self.take("parameter", if long { 2 } else { 1 }, hex_text)?;
            let definition = self.take("definition", 1, hex_text)?[0];
            let need = parameter_length(lead[0], definition);
            let data = self.take(data_of(lead[0]), need, hex_text)?.to_vec();
            let extension = lead.get(1).copied();
            let definition = Some(definition);
            parameters.push(Parameter { lead: lead[0], extension, definition, data });
        }
        Ok(parameters)
    }

    fn identifiers(&mut self) -> Result<Vec<Identifier>, BodyError> {
        let mut identifiers = Vec::new();
        while !self.rest().is_empty() {
            identifiers.push(self.identifier()?);
        }
        Ok(identifiers)
    }

    fn period(&mut self) -> Result<Period, BodyError> {
        let start = self.time("period_start", 4)?;
        let end = self.time("period_end", 4)?;
        let offset = self.at;
        let element = self.element()?;
        let Value::Step(step) = element.value() else {
            let (what, want) = ("time step", "04 18 and days, hours, minutes");
            let got = element.id.to_string();
            return Err(BodyError { offset, problem: Problem::Unexpected { what, got, want } });
        };
        Ok(Period { start, end, step, elements: self.identifiers()? })
    }

    fn control(&mut self, layout: Control) -> Result<Content, BodyError> {
        Ok(match layout {
            Control::Version => Content::Version(self.counted("version")?.to_vec()),
            Control::Switches => Content::Switches(self.counted("switches")?.to_vec()),
            Control::Gates => Content::Gates(self.gates()?),
            Control::Quota => Content::Quota(self.take("quota", 1, hex_text)?[0]),
            Control::Events => Content::Events(self.events()?),
        })
    }

    /// A length byte and that many bytes.
    fn counted(&mut self, what: &'static str) -> Result<&'a [u8], BodyError> {
        let count = self.take("count", 1, |data| data[0].to_string())?[0];
        self.take(what, usize::from(count), hex_text)
    }

    fn gates(&mut self) -> Result<Gates, BodyError> {
        let count = self.take("count", 1, |data| data[0].to_string())?[0];
        let open = self.take("switches", usize::from(count).div_ceil(8), hex_text)?.to_vec();
        let mut openings = Vec::with_capacity(usize::from(count));
        for _ in 0..count {
            let offset = self.at;
            let data = self.take("opening", 2, hex_text)?;
            match (pair_from_bcd(data[0]), pair_from_bcd(data[1])) {
                (Some(high), Some(low)) => openings.push(u16::from(high) * 100 + u16::from(low)),
                _ => {
                    let (what, want) = ("gate opening", "decimal digits");
                    let got = hex_text(data);
                    let problem = Problem::Unexpected { what, got, want };
                    return Err(BodyError { offset, problem });
                }
            }
        }
        Ok(Gates { count, open, openings })
    }

    fn events(&mut self) -> Result<[u16; 32], BodyError> {
        let data = self.take("events", 64, |_| "ERC1–ERC32".to_owned())?;
        let mut counters = [0; 32];
        for (counter, pair) in counters.iter_mut().zip(data.chunks_exact(2)) {
            *counter = u16::from_be_bytes([pair[0], pair[1]]);
        }
        Ok(counters)
    }
}

/// 0E, the address ranges of a relay, uses the whole byte as its length (table D.1).
pub(super) fn parameter_length(lead: u8, definition: u8) -> usize {
    match lead {
        0x0E => usize::from(definition),
        _ => usize::from(definition >> 3),
    }
}

pub(super) fn value(kind: Kind, coded: &Coded) -> Value {
    let bytes = coded.bytes();
    match kind {
        Kind::Number => number_from_bcd(bytes, coded.decimals()),
        Kind::Bits => match bytes {
            [first, second, third, fourth] => {
                Value::Bits(u32::from_be_bytes([*first, *second, *third, *fourth]))
            }
            _ => Value::Invalid,
        },
        Kind::Step => match bytes {
            [days, hours, minutes] => {
                match (pair_from_bcd(*days), pair_from_bcd(*hours), pair_from_bcd(*minutes)) {
                    (Some(days), Some(hours), Some(minutes)) => {
                        Value::Step(Step { days, hours, minutes })
                    }
                    _ => Value::Invalid,
                }
            }
            _ => Value::Invalid,
        },
        Kind::Duration => match number_from_bcd(bytes, coded.decimals()) {
            Value::Number(number) => super::text::minutes(number),
            other => other,
        },
        Kind::Rain => {
            group(bytes.iter().map(|byte| (*byte != 0xFF).then_some(u16::from(*byte))), 1)
        }
        Kind::Levels => group(
            bytes.chunks(2).map(|pair| match pair {
                [high, low] => {
                    Some(u16::from_be_bytes([*high, *low])).filter(|level| *level != 0xFFFF)
                }
                _ => None,
            }),
            2,
        ),
        Kind::Time | Kind::Address | Kind::Manual | Kind::Picture | Kind::Batch => Value::Invalid,
    }
}

/// [`Value::Invalid`] unless there are twelve.
fn group(values: impl ExactSizeIterator<Item = Option<u16>>, decimals: u8) -> Value {
    if values.len() != 12 {
        return Value::Invalid;
    }
    let mut group = Group { values: [None; 12], decimals };
    for (slot, value) in group.values.iter_mut().zip(values) {
        *slot = value;
    }
    Value::Group(group)
}

pub(super) fn hex_text(data: &[u8]) -> String {
    data.iter().map(|byte| format!("{byte:02X}")).collect()
}

/// A value with its unit, for a person.
pub(super) fn shown(element: &Element) -> String {
    let unit = element.id.info().map_or("", |info| info.unit);
    match element.value() {
        Value::Number(number) if unit.is_empty() => number.to_string(),
        Value::Number(number) => format!("{number} {unit}"),
        Value::Missing => "missing".to_owned(),
        Value::Minutes(minutes) => format!("{} h {:02} min", minutes / 60, minutes % 60),
        Value::Bits(bits) => format!("{bits:#010X}"),
        Value::Step(step) => {
            format!("{} d {} h {} min", step.days, step.hours, step.minutes)
        }
        Value::Group(group) => {
            let each = group.decimals().map(|value| match value {
                Value::Number(number) => number.to_string(),
                _ => "–".to_owned(),
            });
            format!("{} {unit}", each.collect::<Vec<_>>().join(" "))
        }
        Value::Invalid => "not readable".to_owned(),
    }
}
