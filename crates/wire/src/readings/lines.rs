//! Lines of records: each stands for itself.

use super::json::{BOM, record, utf8};
use super::{Bad, Limits, Record};

/// One line that had something in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Line<'a> {
    /// From 1, as editors count.
    pub number: usize,
    /// Its bytes without the end of line.
    pub text: &'a [u8],
    pub record: Result<Record<'a>, Bad>,
}

/// The lines of a text with their numbers; blank ones are passed over. A line ends with
/// LF or CRLF, the last one with the text.
#[derive(Debug, Clone)]
pub struct Lines<'a> {
    rest: &'a [u8],
    number: usize,
}

impl<'a> Lines<'a> {
    pub fn new(text: &'a [u8]) -> Lines<'a> {
        Lines { rest: text.strip_prefix(BOM).unwrap_or(text), number: 0 }
    }
}

impl<'a> Iterator for Lines<'a> {
    type Item = (usize, &'a [u8]);

    fn next(&mut self) -> Option<(usize, &'a [u8])> {
        loop {
            if self.rest.is_empty() {
                return None;
            }
            let end = self.rest.iter().position(|byte| *byte == b'\n');
            let (line, rest) = match end {
                Some(end) => (&self.rest[..end], &self.rest[end + 1..]),
                None => (self.rest, &[][..]),
            };
            self.rest = rest;
            self.number += 1;
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            if !line.iter().all(u8::is_ascii_whitespace) {
                return Some((self.number, line));
            }
        }
    }
}

/// One JSON record a line (NDJSON). What is wrong with one line says nothing of another.
///
/// # Errors
/// [`Bad`] for a text with more lines or bytes than are taken: then none is.
pub fn parse_ndjson<'a>(text: &'a [u8], limits: &Limits) -> Result<Vec<Line<'a>>, Bad> {
    let mut found = Vec::new();
    let mut budget = limits.values;
    for (number, text) in Lines::new(text) {
        count(found.len(), limits)?;
        let record = line(text, limits, &mut budget);
        found.push(Line { number, text, record });
    }
    Ok(found)
}

pub(super) fn count(lines: usize, limits: &Limits) -> Result<(), Bad> {
    match lines < limits.lines {
        true => Ok(()),
        false => {
            let reason = format!("more than {} lines, that is the limit", limits.lines);
            Err(Bad::new("the text", 0, reason))
        }
    }
}

pub(super) fn fits(text: &[u8], limits: &Limits) -> Result<(), Bad> {
    match text.len() <= limits.line {
        true => Ok(()),
        false => {
            let reason = format!("line has {} bytes, {} are taken", text.len(), limits.line);
            Err(Bad::new("the line", 0, reason))
        }
    }
}

fn line<'a>(text: &'a [u8], limits: &Limits, budget: &mut usize) -> Result<Record<'a>, Bad> {
    fits(text, limits)?;
    let mut reader = super::json::reader(utf8(text)?);
    let record = record(&mut reader, "", limits, budget)?;
    reader.end()?;
    Ok(record)
}
