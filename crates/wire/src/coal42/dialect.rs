//! Other formats with the same separators: told apart, never guessed at.

use std::fmt;

use super::name::is_digits;
use super::record::time;

/// A format that is not this one though it looks like it.
///
/// In some of them the same type means another thing: their `RYCS` lists persons, ours
/// are alarms. So nothing of them is read with our columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// Header: system's model, name, manufacturer, time, counts. Provincial texts of 2009
    /// and later; bodies may be enciphered.
    Provincial,
    /// Header: time, a count. Alarm lists of older hosts.
    TimeFirst,
    /// `^` ends records and `]]]` the file: sibling of metal mines.
    Caret,
    /// None that is known.
    Unknown,
}

impl fmt::Display for Dialect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Dialect::Provincial => "the older provincial form (system's model first)",
            Dialect::TimeFirst => "the older form with its time first",
            Dialect::Caret => "the form of metal mines (`^` and `]]]`)",
            Dialect::Unknown => "no form that is known",
        })
    }
}

/// The dialect of a header, or `None` when its first segment is a mine's code.
///
/// - `first`: the first segment of the header, without blanks around it.
pub(super) fn of_header(first: &str) -> Option<Dialect> {
    if is_digits(first) && (9..=12).contains(&first.len()) {
        return None;
    }
    let is_time = time(first).is_some() || time(&first.replace('/', "-")).is_some();
    let capitals = first.bytes().take_while(u8::is_ascii_uppercase).count();
    let rest = first.get(capitals..).unwrap_or_default();
    let is_model = (1..=4).contains(&capitals)
        && rest.starts_with(|c: char| c.is_ascii_digit() || c == '-' || c == 'X' || c == 'x');
    Some(match (is_time, is_model) {
        (true, _) => Dialect::TimeFirst,
        (_, true) => Dialect::Provincial,
        _ => Dialect::Unknown,
    })
}
