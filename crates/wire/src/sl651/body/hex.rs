//! HEX/BCD bodies (§6.6.3).

use base::Timestamp;

use super::super::function::Layout;
use super::super::value::{
    number_from_bcd, pair_from_bcd, pair_to_bcd, time_from_bcd, time_to_fields,
};
use super::super::{ElementId, Group, Kind, StationAddress, StationClass, Step, Value};
use super::{
    Attachment, BATCH, Block, Body, BodyError, Coded, Content, Data, Element, EncodeError, Gates,
    Identifier, MANUAL, PICTURE, Parameter, Period, Problem, STATION, Section, Series, TIME, Trace,
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
            Layout::Period => Content::Period(reader.period()?),
            Layout::Version => Content::Version(reader.counted("version")?.to_vec()),
            Layout::Switches => Content::Switches(reader.counted("switches")?.to_vec()),
            Layout::Gates => Content::Gates(reader.gates()?),
            Layout::Quota => Content::Quota(reader.take("quota", 1, hex_text)?[0]),
            Layout::Events => Content::Events(reader.events()?),
        }
    };
    reader.finish()?;
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
            let data = self.take("data", need, hex_text)?.to_vec();
            let extension = lead.get(1).copied();
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

pub(super) fn encode(body: &Body) -> Result<Vec<u8>, EncodeError> {
    let mut bytes = Vec::with_capacity(64);
    bytes.extend(body.serial.to_be_bytes());
    put_time(&mut bytes, body.sent, 6)?;
    if let Some(station) = body.station {
        bytes.extend(STATION);
        bytes.extend(station.0);
    }
    match &body.content {
        Content::Bare => {}
        Content::Report(sections) => {
            sections.iter().try_for_each(|section| put_section(&mut bytes, section))?;
        }
        Content::Parameters(parameters) => {
            for parameter in parameters {
                put_parameter(&mut bytes, parameter)?;
            }
        }
        Content::Identifiers(identifiers) => {
            identifiers
                .iter()
                .try_for_each(|identifier| put_identifier(&mut bytes, *identifier))?;
        }
        Content::Period(period) => {
            put_time(&mut bytes, period.start, 4)?;
            put_time(&mut bytes, period.end, 4)?;
            put_step(&mut bytes, period.step)?;
            for identifier in &period.elements {
                put_identifier(&mut bytes, *identifier)?;
            }
        }
        Content::Version(data) => put_counted(&mut bytes, "version length", data)?,
        Content::Switches(data) => put_counted(&mut bytes, "switch bytes", data)?,
        Content::Gates(gates) => put_gates(&mut bytes, gates)?,
        Content::Quota(state) => bytes.push(*state),
        Content::Events(counters) => {
            bytes.extend(counters.iter().flat_map(|counter| counter.to_be_bytes()));
        }
        Content::Raw(data) => bytes.extend(data),
    }
    Ok(bytes)
}

fn put_section(bytes: &mut Vec<u8>, section: &Section) -> Result<(), EncodeError> {
    if let Some(station) = section.station {
        bytes.extend(STATION);
        bytes.extend(station.0);
    }
    if let Some(class) = section.class {
        bytes.push(class.0);
    }
    for block in &section.blocks {
        if let Some(observed) = block.observed {
            bytes.extend(TIME);
            put_time(bytes, observed, 5)?;
        }
        if let Some(series) = &block.series {
            put_step(bytes, series.step)?;
            match series.columns[..] {
                [] => {}
                [identifier] => put_identifier(bytes, identifier)?,
                _ => {
                    let (what, got) = ("columns of a HEX series", series.columns.len());
                    return Err(EncodeError::Unexpected { what, got, want: "one" });
                }
            }
        }
        for element in &block.elements {
            let Data::Coded(coded) = &element.data else {
                return Err(EncodeError::Element(element.id));
            };
            let identifier = Identifier { id: element.id, definition: coded.definition() };
            match &block.series {
                None => put_identifier(bytes, identifier)?,
                Some(series) if series.columns[..] == [identifier] => {}
                Some(_) => return Err(EncodeError::Element(element.id)),
            }
            bytes.extend(coded.bytes());
        }
        if let Some(attachment) = &block.attachment {
            bytes.extend(match attachment.kind {
                Kind::Picture => PICTURE,
                Kind::Batch => BATCH,
                _ => MANUAL,
            });
            bytes.extend(&attachment.bytes);
        }
    }
    Ok(())
}

fn put_identifier(bytes: &mut Vec<u8>, identifier: Identifier) -> Result<(), EncodeError> {
    match identifier.id {
        ElementId::Lead(0xFF) | ElementId::Name(_) => {
            return Err(EncodeError::Element(identifier.id));
        }
        ElementId::Lead(lead) => bytes.push(lead),
        ElementId::User(extension) => bytes.extend([0xFF, extension]),
    }
    bytes.push(identifier.definition);
    Ok(())
}

fn put_parameter(bytes: &mut Vec<u8>, parameter: &Parameter) -> Result<(), EncodeError> {
    bytes.push(parameter.lead);
    bytes.extend(parameter.extension);
    bytes.push(parameter.definition);
    bytes.extend(&parameter.data);
    let got = parameter.data.len();
    let consistent = parameter_length(parameter.lead, parameter.definition) == got
        && parameter.extension.is_some() == (parameter.lead == 0xFF);
    let want = "as many bytes as the definition says, an extension only beside FF";
    match consistent {
        true => Ok(()),
        false => Err(EncodeError::Unexpected { what: "parameter data", got, want }),
    }
}

fn put_step(bytes: &mut Vec<u8>, step: Step) -> Result<(), EncodeError> {
    bytes.extend([0x04, 0x18]);
    for field in [step.days, step.hours, step.minutes] {
        if 99 < field {
            let (what, got) = ("time step field", usize::from(field));
            return Err(EncodeError::Unexpected { what, got, want: "two digits" });
        }
        bytes.push(pair_to_bcd(field));
    }
    Ok(())
}

fn put_counted(bytes: &mut Vec<u8>, what: &'static str, data: &[u8]) -> Result<(), EncodeError> {
    let got = data.len();
    let count = u8::try_from(got).map_err(|_| EncodeError::Unexpected {
        what,
        got,
        want: "at most 255 bytes",
    })?;
    bytes.push(count);
    bytes.extend(data);
    Ok(())
}

fn put_gates(bytes: &mut Vec<u8>, gates: &Gates) -> Result<(), EncodeError> {
    let count = usize::from(gates.count);
    let fits = gates.open.len() == count.div_ceil(8) && gates.openings.len() == count;
    if !fits || gates.openings.iter().any(|opening| 9999 < *opening) {
        let (what, got, want) = ("gates", count, "bits and openings of 0–9999 cm for each");
        return Err(EncodeError::Unexpected { what, got, want });
    }
    bytes.push(gates.count);
    bytes.extend(&gates.open);
    for opening in &gates.openings {
        bytes.extend([pair_to_bcd((opening / 100) as u8), pair_to_bcd((opening % 100) as u8)]);
    }
    Ok(())
}

fn put_time(bytes: &mut Vec<u8>, moment: Timestamp, length: usize) -> Result<(), EncodeError> {
    let fields = time_to_fields(moment).ok_or(EncodeError::Year(moment))?;
    bytes.extend(fields[..length].iter().map(|field| pair_to_bcd(*field)));
    Ok(())
}
