//! Types of gateway messages that name persons. Their columns are not known, so that
//! everything in a row may be somebody's.

use wire::gateway::{DATA_TYPES, Payload, Row, find};

use super::super::{AboutPersons, Masked, PersonColumn, PersonTable};

/// Where persons are, overtime, over-crowding, restricted areas, calls for help.
const KINDS: [&str; 5] = ["07", "08", "09", "10", "11"];
/// Columns of a table; a row may name members as it likes.
const MOST_COLUMNS: usize = 64;

pub fn about(payload: &Payload) -> Option<AboutPersons> {
    let kind = payload.data_type.as_deref().filter(|kind| KINDS.contains(kind))?;
    let bad = payload.rows.iter().filter(|row| matches!(row, Row::Bad { .. })).count();
    Some(AboutPersons {
        kind: kind.to_owned(),
        name: payload.data_id.clone().unwrap_or_default(),
        made: payload.collected,
        records: payload.rows.len() - bad,
        bad,
    })
}

pub fn word(kind: &str) -> Option<(&'static str, &'static str)> {
    let kind = KINDS.contains(&kind).then(|| find(&DATA_TYPES, kind)).flatten()?;
    Some((kind.word, kind.word_en))
}

pub fn table(payload: &Payload) -> PersonTable {
    let rows = payload.rows.iter().filter_map(|row| match row {
        Row::Other(members) => Some(members),
        _ => None,
    });
    let mut names: Vec<&str> = Vec::new();
    for members in rows.clone() {
        for name in members.keys() {
            if names.len() < MOST_COLUMNS && !names.contains(&name.as_str()) {
                names.push(name);
            }
        }
    }
    let text = |value: &serde_json::Value| match value {
        serde_json::Value::String(text) => text.clone(),
        serde_json::Value::Null => String::new(),
        other => other.to_string(),
    };
    let column = |name: &&str| PersonColumn { name: (*name).to_owned(), masked: Masked::Nothing };
    PersonTable {
        columns: names.iter().map(column).collect(),
        rows: rows
            .map(|members| {
                names.iter().map(|name| members.get(*name).map(text).unwrap_or_default()).collect()
            })
            .collect(),
    }
}
