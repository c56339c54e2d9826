//! One JSON document: a record, or an array of them.
//!
//! ```json
//! {"station": "2202820001", "time": "2026-08-03T11:14:26+08:00", "quality": "good",
//!  "values": {"ch4": 0.42, "temp": {"value": 21.5, "quality": "uncertain"}, "co": null}}
//! ```
//!
//! `values` may also be an array of `{"name", "value", "time", "quality"}`, where `time`
//! and `quality` stand for those of the record. `time` is RFC 3339 or milliseconds.
//! `via` names the systems that a record went through, the first of them first.
//! Other keys are the device's own and not looked at; a key twice is refused, since
//! nobody knows which was meant.

mod reader;
mod values;

use std::borrow::Cow;

use base::{Quality, Timestamp};

use self::reader::Reader;
use super::record::{quality, shown};
use super::{Bad, Limits, Record, Value, time};

/// Reads a document whole, or says why nothing of it is taken.
///
/// # Errors
/// [`Bad`] with the place of the first thing that is not as it should be.
pub fn parse_json<'a>(text: &'a [u8], limits: &Limits) -> Result<Vec<Record<'a>>, Bad> {
    if limits.bytes < text.len() {
        let reason = format!("document has {} bytes, {} are taken", text.len(), limits.bytes);
        return Err(Bad::new("the document", 0, reason));
    }
    let rest = text.strip_prefix(BOM).unwrap_or(text);
    let before = text.len() - rest.len();
    let read = || {
        let mut reader = Reader::new(utf8(rest)?);
        let records = document(&mut reader, limits)?;
        reader.end()?;
        Ok(records)
    };
    read().map_err(|bad: Bad| Bad { offset: bad.offset + before, ..bad })
}

pub(super) fn reader(text: &str) -> Reader<'_> {
    Reader::new(text)
}

/// What editors of some systems put in front of a text.
pub(super) const BOM: &[u8] = b"\xEF\xBB\xBF";

pub(super) fn utf8(text: &[u8]) -> Result<&str, Bad> {
    std::str::from_utf8(text)
        .map_err(|error| Bad::new("the text", error.valid_up_to(), "text is not UTF-8"))
}

fn document<'a>(reader: &mut Reader<'a>, limits: &Limits) -> Result<Vec<Record<'a>>, Bad> {
    let mut budget = limits.values;
    if reader.peek() != Some(b'[') {
        return Ok(vec![record(reader, "", limits, &mut budget)?]);
    }
    let mut records = Vec::new();
    reader.array(|reader, index| {
        if limits.records <= index {
            let reason = format!("more than {} records, that is the limit", limits.records);
            return Err(reader.bad(format!("/{index}"), reason));
        }
        records.push(record(reader, &format!("/{index}"), limits, &mut budget)?);
        Ok(())
    })?;
    if records.is_empty() {
        return Err(reader.bad("/", "no record is there"));
    }
    Ok(records)
}

/// The keys of a record that are looked at.
const KEYS: [&str; 5] = ["station", "via", "time", "quality", "values"];

/// What a record says besides its values.
#[derive(Default)]
struct Head<'a> {
    station: Option<Cow<'a, str>>,
    via: Vec<Cow<'a, str>>,
    time: Option<Timestamp>,
    quality: Option<Quality>,
    values: Option<Vec<Draft<'a>>>,
}

/// A value before the whole record is known, since keys may have any order.
struct Draft<'a> {
    name: Cow<'a, str>,
    time: Option<Timestamp>,
    value: Option<f64>,
    quality: Option<Quality>,
}

/// - `budget`: values that may still come.
pub(super) fn record<'a>(
    reader: &mut Reader<'a>,
    at: &str,
    limits: &Limits,
    budget: &mut usize,
) -> Result<Record<'a>, Bad> {
    if reader.peek() != Some(b'{') {
        let seen = reader.seen();
        return Err(reader.bad(at, format!("record is {seen}, expected an object")));
    }
    let start = reader.clone();
    let mut head = Head::default();
    let mut is_known = [false; KEYS.len()];
    reader.object(|reader, key| {
        let place = || format!("{at}/{}", shown(key));
        let Some(known) = KEYS.iter().position(|it| *it == key) else { return reader.skip() };
        if std::mem::replace(&mut is_known[known], true) {
            return Err(reader.bad(place(), format!("key {key:?} is there twice")));
        }
        match key {
            "station" => head.station = Some(name(reader, &place, limits)?),
            "via" => head.via = hops(reader, &place, limits)?,
            "time" => head.time = Some(moment(reader, &place)?),
            "quality" => head.quality = Some(grade(reader, &place)?),
            _ => head.values = Some(values::values(reader, at, limits, budget)?),
        }
        Ok(())
    })?;
    let Some(drafts) = head.values.take() else {
        return Err(start.bad(at, "key \"values\" is missing"));
    };
    if head.time.is_none() && drafts.iter().any(|draft| draft.time.is_none()) {
        return Err(start.bad(at, "key \"time\" is missing"));
    }
    let (time, quality) = (head.time.unwrap_or(Timestamp::MIN), head.quality.unwrap_or_default());
    let whole = |draft: Draft<'a>| Value {
        name: draft.name,
        time: draft.time.unwrap_or(time),
        value: draft.value,
        quality: draft.quality.unwrap_or(quality),
    };
    let values = drafts.into_iter().map(whole).collect();
    Ok(Record { station: head.station, via: head.via, values })
}

/// An array of names.
fn hops<'a>(
    reader: &mut Reader<'a>,
    place: &dyn Fn() -> String,
    limits: &Limits,
) -> Result<Vec<Cow<'a, str>>, Bad> {
    let start = reader.clone();
    if reader.peek() != Some(b'[') {
        let reason = format!("via is {}, expected an array of names", start.seen());
        return Err(start.bad(place(), reason));
    }
    let mut hops = Vec::new();
    reader.array(|reader, index| {
        if limits.hops <= index {
            let reason = format!("more than {} systems, that is the limit", limits.hops);
            return Err(reader.bad(place(), reason));
        }
        hops.push(name(reader, place, limits)?);
        Ok(())
    })?;
    Ok(hops)
}

fn name<'a>(
    reader: &mut Reader<'a>,
    place: &dyn Fn() -> String,
    limits: &Limits,
) -> Result<Cow<'a, str>, Bad> {
    let start = reader.clone();
    let name = reader
        .text()?
        .ok_or_else(|| start.bad(place(), format!("name is {}, expected a text", start.seen())))?;
    let name = trimmed(name);
    match name.len() {
        0 => Err(start.bad(place(), "name is empty")),
        length if limits.name < length => {
            Err(start.bad(place(), format!("name has {length} bytes, {} are taken", limits.name)))
        }
        _ => Ok(name),
    }
}

/// A name without blanks around it, wherever it stands.
pub(super) fn trimmed(name: Cow<'_, str>) -> Cow<'_, str> {
    match name {
        Cow::Borrowed(name) => Cow::Borrowed(name.trim()),
        Cow::Owned(name) if name.trim().len() < name.len() => Cow::Owned(name.trim().to_owned()),
        Cow::Owned(name) => Cow::Owned(name),
    }
}

fn moment(reader: &mut Reader<'_>, place: &dyn Fn() -> String) -> Result<Timestamp, Bad> {
    let start = reader.clone();
    let found = match reader.peek() {
        Some(b'"') => reader.text()?.and_then(|text| {
            // Milliseconds are a number, not a text of digits.
            text.contains(['T', 't', ' ']).then(|| time(&text)).flatten()
        }),
        Some(b'-' | b'0'..=b'9') => time(reader.literal()?),
        _ => None,
    };
    found.ok_or_else(|| {
        let seen = start.seen();
        let reason = format!("time is {seen}, expected RFC 3339 with its offset or milliseconds");
        start.bad(place(), reason)
    })
}

fn grade(reader: &mut Reader<'_>, place: &dyn Fn() -> String) -> Result<Quality, Bad> {
    let start = reader.clone();
    let word = if reader.peek() == Some(b'"') { reader.text()? } else { None };
    let found = word.and_then(|word| quality(&word));
    found.ok_or_else(|| {
        let reason = format!("quality is {}, expected good, uncertain or bad", start.seen());
        start.bad(place(), reason)
    })
}
