//! Tables with a header, long or wide (RFC 4180).
//!
//! Long: `station,time,name,value,quality`, one value a line, columns in any order.
//! Wide: `station,time,quality` as they are there, and every other column is a point.
//! An empty cell says that there is no value, which is not zero.

use std::borrow::Cow;
use std::collections::HashSet;

use base::Quality;

use super::json::{trimmed, utf8};
use super::lines::{count, fits};
use super::record::{quality, shown};
use super::{Bad, Limits, Line, Lines, Record, Value, number, time};

/// Where things stand in a line.
struct Header<'a> {
    names: Vec<Cow<'a, str>>,
    station: Option<usize>,
    time: usize,
    quality: Option<usize>,
    /// `name` and `value` of a long table.
    long: Option<(usize, usize)>,
}

/// Reads a table; a line is bad alone.
///
/// Cells with a comma or a quote stand in quotes; an end of line within quotes is not
/// read, as no reading needs it and one lost quote would take all lines behind it.
///
/// # Errors
/// [`Bad`] for a header that cannot be read by, or more lines than are taken.
pub fn parse_csv<'a>(text: &'a [u8], limits: &Limits) -> Result<Vec<Line<'a>>, Bad> {
    let mut lines = Lines::new(text);
    let Some((_, first)) = lines.next() else {
        return Err(Bad::new("the header", 0, "text is empty, expected a header"));
    };
    let header = header(first, limits)?;
    let mut found = Vec::new();
    let mut budget = limits.values;
    for (number, text) in lines {
        count(found.len(), limits)?;
        let record = line(&header, text, limits, &mut budget);
        found.push(Line { number, text, record });
    }
    Ok(found)
}

fn header<'a>(text: &'a [u8], limits: &Limits) -> Result<Header<'a>, Bad> {
    fits(text, limits)?;
    let names = cells(utf8(text)?, limits.columns)?;
    let bad = |reason: String| Bad::new("the header", 0, reason);
    let mut seen = HashSet::new();
    for name in &names {
        if name.is_empty() || limits.name < name.len() {
            let most = limits.name;
            return Err(bad(format!("a column's name is empty or longer than {most} bytes")));
        }
        if !seen.insert(name.as_ref()) {
            return Err(bad(format!("column {:?} is there twice", shown(name))));
        }
    }
    let place = |wanted: &str| names.iter().position(|name| name == wanted);
    let time = place("time").ok_or_else(|| bad("column \"time\" is missing".to_owned()))?;
    let (station, quality) = (place("station"), place("quality"));
    let long = match (place("name"), place("value")) {
        (Some(name), Some(value)) => Some((name, value)),
        _ => None,
    };
    Ok(Header { station, time, quality, long, names })
}

fn line<'a>(
    header: &Header<'a>,
    text: &'a [u8],
    limits: &Limits,
    budget: &mut usize,
) -> Result<Record<'a>, Bad> {
    fits(text, limits)?;
    let cells = cells(utf8(text)?, limits.columns)?;
    if cells.len() != header.names.len() {
        let (seen, expected) = (cells.len(), header.names.len());
        let reason = format!("line has {seen} cells, the header {expected}");
        return Err(Bad::new("the line", 0, reason));
    }
    let bad = |column: usize, reason: String| {
        // Cells are slices of the line, or unquoted copies of them.
        Bad::new(shown(&header.names[column]), 0, reason)
    };
    let written = &cells[header.time];
    let moment = time(written).ok_or_else(|| {
        let seen = shown(written);
        let reason = format!("time is {seen:?}, expected RFC 3339 with its offset or milliseconds");
        bad(header.time, reason)
    })?;
    let quality = match header.quality.map(|column| (column, &cells[column])) {
        None => Quality::GOOD,
        Some((_, word)) if word.is_empty() => Quality::GOOD,
        Some((column, word)) => quality(word).ok_or_else(|| {
            let seen = shown(word);
            bad(column, format!("quality is {seen:?}, expected good, uncertain or bad"))
        })?,
    };
    let station = header.station.map(|column| cells[column].clone());
    let station = station.filter(|code| !code.is_empty());
    if station.as_ref().is_some_and(|code| limits.name < code.len()) {
        let most = limits.name;
        return Err(Bad::new("station", 0, format!("code is longer than {most} bytes")));
    }
    let mut values = Vec::new();
    let mut take = |name: &Cow<'a, str>, column: usize| {
        *budget = budget.checked_sub(1).ok_or_else(|| {
            bad(column, format!("more than {} values, that is the limit", limits.values))
        })?;
        let written = &cells[column];
        let value = match written.is_empty() {
            true => None,
            false => Some(number(written).ok_or_else(|| {
                bad(column, format!("value is {:?}, expected a number", shown(written)))
            })?),
        };
        values.push(Value { name: name.clone(), time: moment, value, quality });
        Ok::<(), Bad>(())
    };
    match header.long {
        Some((name, value)) => {
            let written = &cells[name];
            if written.is_empty() || limits.name < written.len() {
                let most = limits.name;
                return Err(bad(name, format!("name is empty or longer than {most} bytes")));
            }
            take(written, value)?;
        }
        None => {
            for (column, name) in header.names.iter().enumerate() {
                let is_head = column == header.time
                    || Some(column) == header.station
                    || Some(column) == header.quality;
                if !is_head {
                    take(name, column)?;
                }
            }
        }
    }
    Ok(Record { station, via: Vec::new(), values })
}

/// The cells of one line, without quotes and the blanks around.
fn cells(line: &str, most: usize) -> Result<Vec<Cow<'_, str>>, Bad> {
    let mut found = Vec::new();
    let mut rest = line;
    loop {
        if most <= found.len() {
            let reason = format!("more than {most} columns, that is the limit");
            return Err(Bad::new("the line", 0, reason));
        }
        let (cell, after) = match rest.strip_prefix('"') {
            Some(quoted) => {
                let (cell, after) = unquoted(quoted).ok_or_else(|| {
                    let offset = line.len() - rest.len();
                    Bad::new("the line", offset, "quote has no end on its line")
                })?;
                if !after.is_empty() && !after.starts_with(',') {
                    let offset = line.len() - after.len();
                    return Err(Bad::new("the line", offset, "something follows a quoted cell"));
                }
                (cell, after)
            }
            None => {
                let end = rest.find(',').unwrap_or(rest.len());
                (Cow::Borrowed(rest[..end].trim()), &rest[end..])
            }
        };
        found.push(trimmed(cell));
        match after.strip_prefix(',') {
            Some(after) => rest = after,
            None => return Ok(found),
        }
    }
}

/// A cell behind its opening quote, and what follows its closing one; two quotes are one.
fn unquoted(text: &str) -> Option<(Cow<'_, str>, &str)> {
    let mut cell = Cow::Borrowed("");
    let mut from = 0;
    loop {
        let end = from + text[from..].find('"')?;
        let piece = &text[from..end];
        let has_more = text[end + 1..].starts_with('"');
        match (&mut cell, has_more) {
            (Cow::Borrowed(""), false) => cell = Cow::Borrowed(piece),
            (cell, false) => cell.to_mut().push_str(piece),
            (cell, true) => {
                let cell = cell.to_mut();
                cell.push_str(piece);
                cell.push('"');
            }
        }
        if !has_more {
            return Some((cell, &text[end + 1..]));
        }
        from = end + 2;
    }
}
