//! Readings as JSON, NDJSON and CSV: the open form, for whoever speaks no other.
//!
//! In: a document, or lines. Out: [`Record`]s, each of one station and one moment, with
//! numbers as they were written.
//! One bad value refuses a JSON document whole; of NDJSON and CSV it refuses its line, and
//! the others are taken. README beside this file says the form and why it is so.
//! Source: this project; RFC 8259 (JSON), RFC 4180 (CSV), RFC 3339 (times).

mod number;
mod time;

mod record;

mod json;

mod csv;
mod lines;

mod describe;
mod write;

pub use csv::parse_csv;
pub use describe::{describe, from_description};
pub use json::parse_json;
pub use lines::{Line, Lines, parse_ndjson};
pub use number::number;
pub use record::{Bad, Limits, Record, Value};
pub use time::time;
pub use write::{write_csv, write_json, write_ndjson};

/// How bytes are to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    Json,
    Ndjson,
    Csv,
}

impl Format {
    /// The format that a MIME type names, parameters aside.
    pub fn of_mime(text: &str) -> Option<Format> {
        let essence = text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        match essence.as_str() {
            "application/json" | "text/json" => Some(Format::Json),
            "application/x-ndjson" | "application/ndjson" | "application/jsonl" => {
                Some(Format::Ndjson)
            }
            "text/csv" | "application/csv" => Some(Format::Csv),
            _ => None,
        }
    }

    pub fn mime(self) -> &'static str {
        match self {
            Format::Json => "application/json",
            Format::Ndjson => "application/x-ndjson",
            Format::Csv => "text/csv",
        }
    }
}

#[cfg(test)]
mod tests;
