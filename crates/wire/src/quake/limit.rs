//! What a document may cost, and why one is refused whole.

use super::event::{Document, Fault};

/// Bounds of one document; what is beyond refuses it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    pub bytes: usize,
    pub events: usize,
    /// Elements or brackets one within the other.
    pub depth: usize,
    /// Parts of one event that are looked at: elements, or fields of one object.
    pub parts: usize,
    /// Faults that are listed; more are counted.
    pub faults: usize,
}

impl Default for Limits {
    /// Room for a month of the whole world.
    fn default() -> Limits {
        Limits { bytes: 32 << 20, events: 40_000, depth: 32, parts: 5_000, faults: 1_000 }
    }
}

/// Why nothing was read of a document.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    #[error("document has {got} bytes, the limit is {most}")]
    TooLarge { got: usize, most: usize },
    #[error("document is not UTF-8 from byte {at} on")]
    NotUtf8 { at: usize },
    #[error("encoding is {0:?}, expected UTF-8")]
    Encoding(String),
    #[error("nesting at byte {at} is deeper than {most}")]
    TooDeep { at: usize, most: usize },
    #[error("more than {0} events")]
    TooManyEvents(usize),
    #[error("more than {most} parts in one event or object, near byte {at}")]
    TooManyParts { at: usize, most: usize },
    #[error("document is not JSON: {0}")]
    Json(String),
    #[error("document is not XML near byte {at}: {problem}")]
    Xml { at: usize, problem: String },
    #[error("document has a DOCTYPE at byte {at}, which is not taken from outside")]
    Doctype { at: usize },
    #[error("entity {name:?} near byte {at} is none of XML's own five")]
    Entity { at: usize, name: String },
    #[error("document is {seen}, expected {expected}")]
    Other { seen: String, expected: &'static str },
}

/// Names of passed-over fields that are told apart.
const MOST_NAMES: usize = 300;

impl Document {
    pub(super) fn fault(&mut self, limits: &Limits, place: String, problem: String) {
        if self.faults.len() < limits.faults {
            self.faults.push(Fault { place, problem });
        } else {
            self.more_faults += 1;
        }
    }

    /// Counts a field that is not looked at; `…` where there are too many names.
    pub(super) fn pass(&mut self, within: &str, name: &str) {
        let mut key = format!("{within}{}", short(name));
        if !self.passed_over.contains_key(&key) && MOST_NAMES <= self.passed_over.len() {
            key = "…".to_owned();
        }
        *self.passed_over.entry(key).or_default() += 1;
    }
}

/// The text, its byte-order mark aside.
pub(super) fn text<'a>(bytes: &'a [u8], limits: &Limits) -> Result<&'a str, ReadError> {
    if limits.bytes < bytes.len() {
        return Err(ReadError::TooLarge { got: bytes.len(), most: limits.bytes });
    }
    let text = std::str::from_utf8(bytes)
        .map_err(|error| ReadError::NotUtf8 { at: error.valid_up_to() })?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
}

/// The first of a text, for an error.
pub(super) fn short(text: &str) -> &str {
    text.char_indices().nth(64).map_or(text, |(end, _)| &text[..end])
}
