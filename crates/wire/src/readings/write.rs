//! Records as text, in the forms that are read.

use std::fmt::Write as _;

use base::{Quality, Timestamp};
use serde_json::{Map, Value as Json, json};

use super::record::quality_word;
use super::{Record, Value};

/// A document: one record as an object, several as an array.
pub fn write_json(records: &[Record<'_>]) -> String {
    match records {
        [record] => document(record).to_string(),
        records => Json::Array(records.iter().map(document).collect()).to_string(),
    }
}

/// One record a line.
pub fn write_ndjson(records: &[Record<'_>]) -> String {
    let mut text = String::new();
    for record in records {
        let _ = writeln!(text, "{}", document(record));
    }
    text
}

/// A long table; a value that is missing has an empty cell.
pub fn write_csv(records: &[Record<'_>]) -> String {
    let mut text = String::from("station,time,name,value,quality\n");
    for record in records {
        for value in &record.values {
            let station = record.station.as_deref().unwrap_or_default();
            let written = value.value.map(|value| value.to_string()).unwrap_or_default();
            let (time, quality) = (value.time, quality_word(value.quality));
            let (station, name) = (cell(station), cell(&value.name));
            let _ = writeln!(text, "{station},{time},{name},{written},{quality}");
        }
    }
    text
}

/// The record as JSON; values of one time and quality as an object, others as an array.
pub(super) fn document(record: &Record<'_>) -> Json {
    let mut object = Map::new();
    if let Some(station) = &record.station {
        object.insert("station".to_owned(), json!(station));
    }
    if !record.via.is_empty() {
        object.insert("via".to_owned(), json!(record.via));
    }
    let first = record.values.first();
    let (time, quality) =
        first.map_or((Timestamp::MIN, Quality::GOOD), |value| (value.time, value.quality));
    let mut names: Vec<&str> = record.values.iter().map(|value| &*value.name).collect();
    names.sort_unstable();
    let is_plain = names.windows(2).all(|pair| pair[0] != pair[1])
        && record.values.iter().all(|value| (value.time, value.quality) == (time, quality));
    if first.is_none() || is_plain {
        object.insert("time".to_owned(), json!(time));
        if quality != Quality::GOOD {
            object.insert("quality".to_owned(), json!(quality_word(quality)));
        }
        let values = record.values.iter().map(|it| (it.name.to_string(), json!(it.value)));
        object.insert("values".to_owned(), Json::Object(values.collect()));
    } else {
        object.insert("values".to_owned(), record.values.iter().map(item).collect());
    }
    Json::Object(object)
}

fn item(value: &Value<'_>) -> Json {
    let mut object = Map::new();
    object.insert("name".to_owned(), json!(value.name));
    object.insert("time".to_owned(), json!(value.time));
    object.insert("value".to_owned(), json!(value.value));
    if value.quality != Quality::GOOD {
        object.insert("quality".to_owned(), json!(quality_word(value.quality)));
    }
    Json::Object(object)
}

fn cell(text: &str) -> String {
    match text.contains([',', '"', '\n', '\r']) || text.trim() != text {
        true => format!("\"{}\"", text.replace('"', "\"\"")),
        false => text.to_owned(),
    }
}
