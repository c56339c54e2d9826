//! ASCII bodies, written (§6.6.2).

use base::Timestamp;

use super::super::value::time_to_fields;
use super::super::{ElementId, ElementInfo, Group, Kind, StationClass, Step, Value};
use super::hex::hex_text;
use super::hex_write::{put_counted, put_gates};
use super::text::STEP;
use super::{Body, Content, Data, Element, EncodeError, Parameter, Section};

pub(super) fn encode(body: &Body) -> Result<Vec<u8>, EncodeError> {
    let mut bytes = format!("{:04X}", body.serial).into_bytes();
    bytes.extend(digits(body.sent, 6)?.bytes());
    if let Some(station) = body.station {
        put(&mut bytes, "ST");
        put(&mut bytes, &station.to_string());
    }
    match &body.content {
        Content::Bare => {}
        Content::Report(sections) => {
            sections.iter().try_for_each(|section| put_section(&mut bytes, section))?;
        }
        Content::Identifiers(identifiers) => {
            identifiers.iter().try_for_each(|identifier| put_id(&mut bytes, identifier.id))?;
        }
        Content::Period(period) => {
            put(&mut bytes, &digits(period.start, 4)?);
            put(&mut bytes, &digits(period.end, 4)?);
            put(&mut bytes, &step_to(period.step)?);
            for identifier in &period.elements {
                put_id(&mut bytes, identifier.id)?;
            }
        }
        Content::Raw(data) => bytes.extend(data),
        Content::Names(names) => {
            names.iter().try_for_each(|name| put_name(&mut bytes, name.id))?;
        }
        Content::Parameters(parameters) => {
            parameters.iter().try_for_each(|parameter| put_parameter(&mut bytes, parameter))?;
        }
        Content::Version(text) => {
            let mut counted = Vec::with_capacity(1 + text.len());
            put_counted(&mut counted, "version length", text)?;
            put(&mut bytes, &hex_text(&counted[..1]));
            bytes.extend(text);
            bytes.push(b' ');
        }
        Content::Switches(data) => {
            put_codes(&mut bytes, |codes| put_counted(codes, "switch bytes", data))?;
        }
        Content::Gates(gates) => put_codes(&mut bytes, |codes| put_gates(codes, gates))?,
        Content::Quota(state) => put(&mut bytes, &hex_text(&[*state])),
        Content::Events(counters) => {
            let digits: String = counters.iter().map(|it| format!("{it:04X}")).collect();
            put(&mut bytes, &digits);
        }
    }
    Ok(bytes)
}

fn put_section(bytes: &mut Vec<u8>, section: &Section) -> Result<(), EncodeError> {
    if let Some(station) = section.station {
        put(bytes, "ST");
        put(bytes, &station.to_string());
    }
    if let Some(StationClass(class)) = section.class {
        if !class.is_ascii_graphic() {
            let (what, got, want) = ("station class", usize::from(class), "a visible character");
            return Err(EncodeError::Unexpected { what, got, want });
        }
        put(bytes, &char::from(class).to_string());
    }
    for block in &section.blocks {
        if let Some(observed) = block.observed {
            put(bytes, "TT");
            put(bytes, &digits(observed, 5)?);
        }
        if let Some(series) = &block.series {
            put(bytes, &step_to(series.step)?);
            for identifier in &series.columns {
                put_id(bytes, identifier.id)?;
            }
        }
        for element in &block.elements {
            if block.series.is_none() && element.id != STEP {
                put_id(bytes, element.id)?;
            }
            put(bytes, &text_of(element)?);
        }
        if let Some(attachment) = &block.attachment {
            put(
                bytes,
                match attachment.kind {
                    Kind::Picture => "PIC",
                    Kind::Batch => "DATA",
                    _ => "RGZS",
                },
            );
            bytes.extend(&attachment.bytes);
        }
    }
    Ok(())
}

fn put(bytes: &mut Vec<u8>, word: &str) {
    bytes.extend(word.bytes());
    bytes.push(b' ');
}

/// What HEX bodies carry in bytes, two characters for each, as one word (§6.6.2.2).
fn put_codes(
    bytes: &mut Vec<u8>,
    write: impl FnOnce(&mut Vec<u8>) -> Result<(), EncodeError>,
) -> Result<(), EncodeError> {
    let mut codes = Vec::new();
    write(&mut codes)?;
    put(bytes, &hex_text(&codes));
    Ok(())
}

fn put_id(bytes: &mut Vec<u8>, id: ElementId) -> Result<(), EncodeError> {
    match (id, id.info()) {
        (_, Some(ElementInfo { ascii, .. })) if id != STEP => put(bytes, ascii),
        (ElementId::Name(name), _) => put(bytes, name.as_str()),
        _ => return Err(EncodeError::Element(id)),
    }
    Ok(())
}

/// Lead bytes of appendix D in hexadecimal digits (§6.6.2.2).
fn put_name(bytes: &mut Vec<u8>, id: ElementId) -> Result<(), EncodeError> {
    match id {
        ElementId::Lead(lead) if lead != 0xFF => put(bytes, &format!("{lead:02X}")),
        ElementId::User(extension) => put(bytes, &format!("FF{extension:02X}")),
        _ => return Err(EncodeError::Element(id)),
    }
    Ok(())
}

fn put_parameter(bytes: &mut Vec<u8>, parameter: &Parameter) -> Result<(), EncodeError> {
    let refused = || EncodeError::Parameter(parameter.lead);
    let id = match (parameter.lead, parameter.extension) {
        (0xFF, Some(extension)) => ElementId::User(extension),
        (lead, None) => ElementId::Lead(lead),
        _ => return Err(refused()),
    };
    put_name(bytes, id)?;
    let text = std::str::from_utf8(&parameter.data).map_err(|_| refused())?;
    let is_word = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
    if parameter.definition.is_some() || !is_word {
        return Err(refused());
    }
    put(bytes, text);
    Ok(())
}

fn text_of(element: &Element) -> Result<String, EncodeError> {
    if let Data::Text(text) = &element.data {
        return Ok(text.to_string());
    }
    match element.value() {
        Value::Number(number) => Ok(number.to_string()),
        Value::Missing => Ok("M".to_owned()),
        Value::Minutes(minutes) => Ok(format!("{}.{:02}", minutes / 60, minutes % 60)),
        Value::Bits(bits) => Ok(format!("{bits:08X}")),
        Value::Step(step) => step_to(step),
        Value::Group(Group { values, decimals: 1 }) => {
            Ok(values.iter().map(|value| format!("{:02X}", value.unwrap_or(0xFF))).collect())
        }
        Value::Group(Group { values, .. }) => {
            Ok(values.iter().map(|value| format!("{:04X}", value.unwrap_or(0xFFFF))).collect())
        }
        Value::Invalid => Err(EncodeError::Element(element.id)),
    }
}

fn step_to(step: Step) -> Result<String, EncodeError> {
    match step {
        Step { days, hours: 0, minutes: 0 } if (1..=99).contains(&days) => {
            Ok(format!("DRD{days:02}"))
        }
        Step { days: 0, hours, minutes: 0 } if hours <= 99 => Ok(format!("DRH{hours:02}")),
        Step { days: 0, hours: 0, minutes } if minutes <= 99 => Ok(format!("DRN{minutes:02}")),
        _ => Err(EncodeError::Element(STEP)),
    }
}

fn digits(moment: Timestamp, fields: usize) -> Result<String, EncodeError> {
    let all = time_to_fields(moment).ok_or(EncodeError::Year(moment))?;
    Ok(all[..fields].iter().map(|field| format!("{field:02}")).collect())
}
