//! Records at the command line: what was read, in one form, and back.

use serde_json::Value as Json;

use super::write::document;
use super::{Bad, Limits, Record, parse_json, write_json};

/// The record as JSON, in the form that [`parse_json`] reads.
pub fn describe(record: &Record<'_>) -> Json {
    document(record)
}

/// The bytes of a document of one record or several.
///
/// # Errors
/// [`Bad`] for what is no record.
pub fn from_description(document: &Json) -> Result<Vec<u8>, Bad> {
    let text = document.to_string();
    let limits = Limits { bytes: usize::MAX, ..Limits::default() };
    Ok(write_json(&parse_json(text.as_bytes(), &limits)?).into_bytes())
}
