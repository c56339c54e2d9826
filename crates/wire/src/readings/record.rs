//! What one message says, whichever form it has.

use std::borrow::Cow;

use base::{Quality, Timestamp, quantity::Grade};

/// Values of one station; most have the same time.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Record<'a> {
    /// `None` is whoever sent it.
    pub station: Option<Cow<'a, str>>,
    /// Through whose hands it went before, the first of them first: names of systems.
    pub via: Vec<Cow<'a, str>>,
    pub values: Vec<Value<'a>>,
}

/// One value of one point.
#[derive(Debug, Clone, PartialEq)]
pub struct Value<'a> {
    pub name: Cow<'a, str>,
    /// As the device gave it.
    pub time: Timestamp,
    /// `None` when the device says that it has none.
    pub value: Option<f64>,
    pub quality: Quality,
}

/// Why something was not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason} at {place}")]
pub struct Bad {
    /// Where: a JSON pointer, or a column.
    pub place: String,
    /// The first byte to blame, from 0, of the document or line.
    pub offset: usize,
    /// What was seen and what was expected.
    pub reason: String,
}

/// How much is taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a document; 1 MiB.
    pub bytes: usize,
    /// Bytes of one line; 64 KiB.
    pub line: usize,
    /// Lines with something in them; 100 000.
    pub lines: usize,
    /// Records of one document; 10 000.
    pub records: usize,
    /// Values of all records of one document or line together; 100 000.
    pub values: usize,
    /// Bytes of a name or station code; 128.
    pub name: usize,
    /// Columns of a table; 1 024.
    pub columns: usize,
    /// Systems that a record went through; 8.
    pub hops: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            bytes: 1 << 20,
            line: 64 << 10,
            lines: 100_000,
            records: 10_000,
            values: 100_000,
            name: 128,
            columns: 1_024,
            hops: 8,
        }
    }
}

impl Bad {
    pub(super) fn new(place: impl Into<String>, offset: usize, reason: impl Into<String>) -> Bad {
        Bad { place: place.into(), offset, reason: reason.into() }
    }
}

/// The words for a device's own doubt.
const QUALITIES: [(&str, Grade); 3] =
    [("good", Grade::Good), ("uncertain", Grade::Uncertain), ("bad", Grade::Bad)];

/// What a word of quality means; the device said so itself.
pub(super) fn quality(word: &str) -> Option<Quality> {
    let (_, grade) = QUALITIES.iter().find(|(known, _)| *known == word)?;
    Some(match grade {
        Grade::Good => Quality::GOOD,
        grade => Quality::new(*grade, Quality::BY_DEVICE),
    })
}

pub(super) fn quality_word(quality: Quality) -> &'static str {
    let grade = quality.grade();
    QUALITIES.iter().find(|(_, known)| *known == grade).map_or("good", |(word, _)| word)
}

/// A text of the sender, short enough for a reason.
pub(super) fn shown(text: &str) -> String {
    let mut short: String = text.chars().take(40).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}
