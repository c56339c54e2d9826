//! The way back from [`super::describe`]: JSON in, frame out.

use base::Timestamp;
use serde_json::{Map, Value as Json};

use super::describe::{coding_word, direction_word, encoded, kind_word};
use super::{
    Attachment, Block, Body, Coding, Content, Data, Decimal, Direction, Element, ElementId,
    ElementInfo, End, Frame, FrameError, Function, Gates, Group, Identifier, Kind, LengthForm,
    Packet, Parameter, Period, Section, Series, StationAddress, StationClass, Step, Value,
};

/// Why a description gives no frame.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum DescriptionError {
    #[error("{path} is {got}, expected {want}")]
    Field { path: String, got: String, want: &'static str },
    #[error("body cannot be written: {0}")]
    Body(#[from] super::EncodeError),
    #[error("frame cannot be written: {0}")]
    Frame(#[from] FrameError),
}

/// The frame of a description as [`super::describe`] gives it.
///
/// `coding`, `centre`, `password`, `end` and most of a body may be left out:
/// then it is HEX, centre 1, password 0000, ETX or ENQ, and nothing.
/// `raw_body` and `data`, where present, go before what is decoded beside them.
///
/// # Errors
/// [`DescriptionError`] names the field; the result can be written by [`super::write`].
pub fn from_description(description: &Json) -> Result<Frame, DescriptionError> {
    let node = Node { path: String::new(), json: description };
    let coding = match node.find("coding") {
        None => Coding::Hex,
        Some(word) => word.one_of(&[Coding::Hex, Coding::Ascii], coding_word)?,
    };
    let direction =
        node.at("direction")?.one_of(&[Direction::Up, Direction::Down], direction_word)?;
    let end = match (node.find("end"), direction) {
        (Some(word), _) => word.one_of(&End::ALL, End::name)?,
        (None, Direction::Up) => End::Etx,
        (None, Direction::Down) => End::Enq,
    };
    let function = node.at("function")?;
    let function = Function::from_digits(function.text()?)
        .ok_or_else(|| function.wrong("two hexadecimal digits"))?;
    let packet = match node.find("packet") {
        None => None,
        Some(packet) => {
            let (total, number) = (packet.at("total")?.number()?, packet.at("number")?.number()?);
            Some(Packet::new(total, number)?)
        }
    };
    let body = match (node.find("raw_body"), node.find("body")) {
        (Some(raw), _) => raw.bytes()?,
        (None, Some(body)) => body_of(&body, coding)?.encode(coding)?,
        (None, None) => return Err(node.at("body").err().unwrap_or_else(|| node.wrong("a body"))),
    };
    let length = match node.find("length_bits") {
        Some(bits) if bits.number::<u8>()? == 16 => LengthForm::Sixteen,
        _ => LengthForm::Twelve,
    };
    let frame = Frame {
        coding,
        direction,
        centre: node.find("centre").map_or(Ok(1), |centre| centre.number())?,
        station: station(&node.at("station")?)?,
        password: match node.find("password") {
            None => 0,
            Some(password) => {
                let bytes = password.bytes()?;
                u16::from_be_bytes(bytes[..].try_into().map_err(|_| password.wrong("four digits"))?)
            }
        },
        function,
        packet,
        length,
        body,
        end,
    };
    super::write(&frame)?;
    Ok(frame)
}

fn body_of(node: &Node<'_>, coding: Coding) -> Result<Body, DescriptionError> {
    let station = node.find("station").map(|address| station(&address)).transpose()?;
    let content = if let Some(report) = node.find("report") {
        Content::Report(report.each(|item| section(item, coding))?)
    } else if let Some(parameters) = node.find("parameters") {
        Content::Parameters(parameters.each(|item| parameter(item, coding))?)
    } else if let Some(names) = node.find("names") {
        Content::Names(names.each(name)?)
    } else if let Some(identifiers) = node.find("identifiers") {
        Content::Identifiers(identifiers.each(identifier)?)
    } else if let Some(period) = node.find("period") {
        Content::Period(Period {
            start: period.at("start")?.time()?,
            end: period.at("end")?.time()?,
            step: step(&period.at("step")?)?,
            elements: period.at("elements")?.each(identifier)?,
        })
    } else if let Some(version) = node.find("version") {
        Content::Version(match version.find("text") {
            Some(text) => text.text()?.as_bytes().to_vec(),
            None => version.at("data")?.bytes()?,
        })
    } else if let Some(switches) = node.find("switches") {
        Content::Switches(switches.bytes()?)
    } else if let Some(gates) = node.find("gates") {
        Content::Gates(Gates {
            count: gates.at("count")?.number()?,
            open: gates.at("open")?.bytes()?,
            openings: gates.at("openings_cm")?.each(|opening| opening.number())?,
        })
    } else if let Some(quota) = node.find("quota") {
        let bytes = quota.bytes()?;
        let [state] = bytes[..] else { return Err(quota.wrong("two hexadecimal digits")) };
        Content::Quota(state)
    } else if let Some(events) = node.find("events") {
        let counters = events.each(|counter| counter.number())?;
        Content::Events(counters.try_into().map_err(|_| events.wrong("32 counters"))?)
    } else if let Some(raw) = node.find("raw") {
        Content::Raw(raw.bytes()?)
    } else {
        Content::Bare
    };
    Ok(Body {
        serial: node.at("serial")?.number()?,
        sent: node.at("sent")?.time()?,
        station,
        content,
    })
}

fn section(node: &Node<'_>, coding: Coding) -> Result<Section, DescriptionError> {
    let station = node.find("station").map(|address| station(&address)).transpose()?;
    let class = match node.find("class") {
        None => None,
        Some(class) => Some(StationClass(match class.text()?.as_bytes() {
            [letter] => *letter,
            _ => match class.bytes()?[..] {
                [byte] => byte,
                _ => return Err(class.wrong("one letter or two hexadecimal digits")),
            },
        })),
    };
    let blocks = match node.find("blocks") {
        None => Vec::new(),
        Some(blocks) => blocks.each(|item| block(item, coding))?,
    };
    Ok(Section { station, class, blocks })
}

fn block(node: &Node<'_>, coding: Coding) -> Result<Block, DescriptionError> {
    let series = match node.find("step") {
        None => None,
        Some(value) => {
            let columns = node.at("columns")?.each(identifier)?;
            Some(Series { step: step(&value)?, columns })
        }
    };
    let attachment = match node.find("attachment") {
        None => None,
        Some(kind) => {
            let kind = kind.one_of(&[Kind::Manual, Kind::Picture, Kind::Batch], kind_word)?;
            let bytes = match node.find("data") {
                Some(data) => data.bytes()?,
                None => node.at("text")?.text()?.as_bytes().to_vec(),
            };
            Some(Attachment { kind, bytes })
        }
    };
    let elements = match node.find("elements") {
        None => Vec::new(),
        Some(elements) => elements.each(|item| element(item, coding))?,
    };
    let observed = node.find("observed").map(|time| time.time()).transpose()?;
    Ok(Block { observed, series, elements, attachment })
}

fn element(node: &Node<'_>, coding: Coding) -> Result<Element, DescriptionError> {
    let id = element_id(&node.at("id")?)?;
    if coding == Coding::Ascii {
        let word = match (node.find("text"), node.find("value")) {
            (Some(text), _) => text.text()?.to_owned(),
            (None, Some(value)) => match value.json {
                Json::Number(number) => number.to_string(),
                Json::String(text) => text.clone(),
                _ => return Err(value.wrong("a number or text")),
            },
            (None, None) => "M".to_owned(),
        };
        if word.is_empty() || !word.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(node.wrong("a text of visible ASCII characters"));
        }
        return Ok(Element { id, data: Data::Text(word.into()) });
    }
    let info = id.info();
    let value = node.find("value");
    let definition = match (node.find("definition"), info) {
        (Some(definition), _) => match definition.bytes()?[..] {
            [byte] => byte,
            _ => return Err(definition.wrong("two hexadecimal digits")),
        },
        // Below zero a number takes one more byte for its sign.
        (None, Some(ElementInfo { kind: Kind::Number, bytes, decimals, .. })) => {
            let below =
                value.as_ref().and_then(|value| value.json.as_f64()).is_some_and(|x| x < 0.0);
            ((bytes + u8::from(below)) << 3) | decimals
        }
        (None, Some(info)) if info.kind == Kind::Duration => (2 << 3) | 2,
        (None, Some(info)) if info.bytes > 0 => info.bytes << 3,
        (None, _) => return Err(node.wrong("a definition, as annex C has none")),
    };
    let data = match (node.find("data"), value) {
        (Some(data), _) => data.bytes()?,
        (None, value) => {
            let place = value.as_ref().unwrap_or(node);
            let kind = info.map_or(Kind::Number, |info| info.kind);
            let read = match &value {
                None => Value::Missing,
                Some(value) => value_of(value, kind, definition & 0b111)?,
            };
            let wrong = || place.wrong("a value that fits its definition");
            encoded(id, definition, read).ok_or_else(wrong)?
        }
    };
    Element::from_parts(id, definition, &data)
        .ok_or_else(|| node.wrong("as many bytes of data as the definition says"))
}

fn value_of(node: &Node<'_>, kind: Kind, decimals: u8) -> Result<Value, DescriptionError> {
    Ok(match kind {
        Kind::Duration => {
            let text = node.text()?;
            let (hours, minutes) =
                text.split_once(':').ok_or_else(|| node.wrong("hours:minutes"))?;
            match (hours.parse::<u32>(), minutes.parse::<u32>()) {
                (Ok(hours), Ok(minutes)) if hours < 10_000 && minutes < 60 => {
                    Value::Minutes(hours * 60 + minutes)
                }
                _ => return Err(node.wrong("hours:minutes")),
            }
        }
        Kind::Bits => match node.bytes()?[..] {
            [first, second, third, fourth] => {
                Value::Bits(u32::from_be_bytes([first, second, third, fourth]))
            }
            _ => return Err(node.wrong("eight hexadecimal digits")),
        },
        Kind::Step => Value::Step(step(node)?),
        Kind::Rain | Kind::Levels => {
            let decimals = if kind == Kind::Rain { 1 } else { 2 };
            let values = node.each(|item| match item.json {
                Json::Null => Ok(None),
                _ => u16::try_from(decimal(item, decimals)?.mantissa)
                    .map(Some)
                    .map_err(|_| item.wrong("0 to 25.4 mm, or 0 to 655.34 m")),
            })?;
            let values = values.try_into().map_err(|_| node.wrong("twelve values"))?;
            Value::Group(Group { values, decimals })
        }
        _ => Value::Number(decimal(node, decimals)?),
    })
}

fn decimal(node: &Node<'_>, decimals: u8) -> Result<Decimal, DescriptionError> {
    let number = match node.json {
        Json::String(text) => text.parse::<Decimal>().ok().and_then(|it| it.rescale(decimals)),
        other => other.as_f64().and_then(|value| Decimal::from_f64(value, decimals)),
    };
    number.ok_or_else(|| node.wrong("a number with the decimals of the definition"))
}

fn lead_bytes(id: &Node<'_>) -> Result<(u8, Option<u8>), DescriptionError> {
    match id.bytes()?[..] {
        [lead] => Ok((lead, None)),
        [0xFF, extension] => Ok((0xFF, Some(extension))),
        _ => Err(id.wrong("a lead byte, or FF and one more")),
    }
}

fn name(node: &Node<'_>) -> Result<Identifier, DescriptionError> {
    let id = match lead_bytes(&node.at("id")?)? {
        (_, Some(extension)) => ElementId::User(extension),
        (lead, None) => ElementId::Lead(lead),
    };
    let definition = match node.find("definition") {
        None => 0,
        Some(definition) => match definition.bytes()?[..] {
            [byte] => byte,
            _ => return Err(definition.wrong("two hexadecimal digits")),
        },
    };
    Ok(Identifier { id, definition })
}

fn parameter(node: &Node<'_>, coding: Coding) -> Result<Parameter, DescriptionError> {
    let (lead, extension) = lead_bytes(&node.at("id")?)?;
    if coding == Coding::Ascii {
        let data = node.at("text")?.text()?.as_bytes().to_vec();
        return Ok(Parameter { lead, extension, definition: None, data });
    }
    let data = node.at("data")?.bytes()?;
    let definition = match node.find("definition") {
        Some(definition) => match definition.bytes()?[..] {
            [byte] => byte,
            _ => return Err(definition.wrong("two hexadecimal digits")),
        },
        None => u8::try_from(data.len() << 3).map_err(|_| node.wrong("at most 31 bytes"))?,
    };
    Ok(Parameter { lead, extension, definition: Some(definition), data })
}

fn identifier(node: &Node<'_>) -> Result<Identifier, DescriptionError> {
    let id = element_id(&node.at("id")?)?;
    let definition = match (node.find("definition"), id.info()) {
        (Some(definition), _) => match definition.bytes()?[..] {
            [byte] => byte,
            _ => return Err(definition.wrong("two hexadecimal digits")),
        },
        (None, Some(info)) => (info.bytes << 3) | info.decimals,
        (None, None) => 0,
    };
    Ok(Identifier { id, definition })
}

/// `Z`, `76H`, `FF01H`, or another ASCII identifier.
fn element_id(node: &Node<'_>) -> Result<ElementId, DescriptionError> {
    let text = node.text()?;
    if text == "DRxnn" {
        return Ok(ElementId::Lead(0x04));
    }
    let bytes = text.strip_suffix('H').and_then(from_digits);
    match (ElementInfo::by_ascii(text), bytes.as_deref()) {
        (Some(info), _) => Ok(ElementId::Lead(info.lead)),
        (None, Some([lead])) if *lead != 0xFF => Ok(ElementId::Lead(*lead)),
        (None, Some([0xFF, extension])) => Ok(ElementId::User(*extension)),
        _ => ElementId::from_ascii(text).ok_or_else(|| node.wrong("an element identifier")),
    }
}

fn station(node: &Node<'_>) -> Result<StationAddress, DescriptionError> {
    node.text()?.parse().map_err(|_| node.wrong("ten hexadecimal digits, or a station code"))
}

fn step(node: &Node<'_>) -> Result<Step, DescriptionError> {
    Ok(Step {
        days: node.at("days")?.number()?,
        hours: node.at("hours")?.number()?,
        minutes: node.at("minutes")?.number()?,
    })
}

fn from_digits(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> =
        text.chars().map(|digit| digit.to_digit(16).map(|digit| digit as u8)).collect();
    let digits = digits.filter(|digits| digits.len() % 2 == 0)?;
    Some(digits.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect())
}

/// A place in the description that knows its own path.
struct Node<'a> {
    path: String,
    json: &'a Json,
}

impl<'a> Node<'a> {
    fn wrong(&self, want: &'static str) -> DescriptionError {
        let path = if self.path.is_empty() { "description".to_owned() } else { self.path.clone() };
        let got = self.json.to_string().chars().take(60).collect();
        DescriptionError::Field { path, got, want }
    }

    fn object(&self) -> Option<&'a Map<String, Json>> {
        self.json.as_object()
    }

    /// A field that may be missing or null.
    fn find(&self, key: &str) -> Option<Node<'a>> {
        let json = self.object()?.get(key).filter(|json| !json.is_null())?;
        Some(Node { path: self.under(key), json })
    }

    fn at(&self, key: &str) -> Result<Node<'a>, DescriptionError> {
        self.find(key).ok_or_else(|| DescriptionError::Field {
            path: self.under(key),
            got: "missing".to_owned(),
            want: "a value",
        })
    }

    fn under(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    fn each<R>(
        &self,
        read: impl Fn(&Node<'a>) -> Result<R, DescriptionError>,
    ) -> Result<Vec<R>, DescriptionError> {
        let items = self.json.as_array().ok_or_else(|| self.wrong("a list"))?;
        let node = |(index, json)| Node { path: format!("{}[{index}]", self.path), json };
        items.iter().enumerate().map(node).map(|node| read(&node)).collect()
    }

    fn text(&self) -> Result<&'a str, DescriptionError> {
        self.json.as_str().ok_or_else(|| self.wrong("text"))
    }

    fn bytes(&self) -> Result<Vec<u8>, DescriptionError> {
        from_digits(self.text()?).ok_or_else(|| self.wrong("pairs of hexadecimal digits"))
    }

    fn number<N: TryFrom<u64>>(&self) -> Result<N, DescriptionError> {
        self.json
            .as_u64()
            .and_then(|number| N::try_from(number).ok())
            .ok_or_else(|| self.wrong("a whole number in range"))
    }

    fn time(&self) -> Result<Timestamp, DescriptionError> {
        self.text()?.parse().map_err(|_| self.wrong("a time such as 2026-08-03T11:14:26+08:00"))
    }

    fn one_of<T: Copy>(
        &self,
        choices: &[T],
        word: impl Fn(T) -> &'static str,
    ) -> Result<T, DescriptionError> {
        let text = self.text()?;
        choices
            .iter()
            .copied()
            .find(|choice| word(*choice) == text)
            .ok_or_else(|| self.wrong("one of the words of the standard"))
    }
}
