//! HEX/BCD bodies, written (§6.6.3).

use base::Timestamp;

use super::super::value::{pair_to_bcd, time_to_fields};
use super::super::{ElementId, Kind, Step};
use super::hex::parameter_length;
use super::{
    BATCH, Body, Content, Data, EncodeError, Gates, Identifier, MANUAL, PICTURE, Parameter,
    STATION, Section, TIME,
};

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
        Content::Identifiers(identifiers) | Content::Names(identifiers) => {
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
    let definition = parameter.definition.ok_or(EncodeError::Parameter(parameter.lead))?;
    bytes.push(definition);
    bytes.extend(&parameter.data);
    let got = parameter.data.len();
    let consistent = parameter_length(parameter.lead, definition) == got
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

pub(super) fn put_counted(
    bytes: &mut Vec<u8>,
    what: &'static str,
    data: &[u8],
) -> Result<(), EncodeError> {
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

pub(super) fn put_gates(bytes: &mut Vec<u8>, gates: &Gates) -> Result<(), EncodeError> {
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
