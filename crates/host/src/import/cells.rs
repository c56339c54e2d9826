//! The cells of one row, asked for by column and type. What is wrong is noted, and the
//! row is read on: a person wants to hear of all mistakes of a row at once.

use std::str::FromStr;

use base::{AdminCode, Date, Datum, Located};

use super::sheet::Cell;
use super::{Column, Fault};

/// One row of a register's table.
pub struct Cells<'a> {
    columns: &'static [Column],
    /// By the register's columns.
    cells: Vec<&'a Cell>,
    faults: Vec<Fault>,
}

const EMPTY: Cell = Cell::Empty;

/// Numbers of a workbook are exact up to here; a longer code loses its last digits.
const EXACT: f64 = 9_007_199_254_740_992.0;

impl<'a> Cells<'a> {
    /// - `places`: for each column, where it stands in the row, if it does.
    /// - `fixed`: for each column, what an empty cell means.
    pub(super) fn new(
        columns: &'static [Column],
        row: &'a [Cell],
        places: &[Option<usize>],
        fixed: &'a [Cell],
    ) -> Cells<'a> {
        let cell = |at: usize| {
            let own = places[at].and_then(|place| row.get(place)).unwrap_or(&EMPTY);
            if *own == Cell::Empty { fixed.get(at).unwrap_or(&EMPTY) } else { own }
        };
        Cells { columns, cells: (0..columns.len()).map(cell).collect(), faults: Vec::new() }
    }

    pub(super) fn into_faults(self) -> Vec<Fault> {
        self.faults
    }

    /// Notes that something is wrong with a column.
    pub fn fault(&mut self, column: &str, code: &str, seen: &str, expected: &str) {
        self.faults.push(Fault::new(column, code, seen, expected));
    }

    /// The text of a column; `None` for an empty cell, and for one with a fault.
    pub fn text(&mut self, column: &str) -> Option<String> {
        let cell = self.cell(column);
        match cell {
            Cell::Empty => None,
            Cell::Text(text) if is_formula(text) => {
                self.fault(column, "formula", text, "a value, not a formula");
                None
            }
            Cell::Text(text) | Cell::Moment(text) => Some(text.clone()),
            Cell::Number(number) if number.abs() < EXACT => Some(number.to_string()),
            Cell::Number(number) => {
                let seen = number.to_string();
                self.fault(column, "rounded", &seen, "text: a number this long loses digits");
                None
            }
            Cell::Formula => {
                self.fault(column, "formula", "=…", "a value, not a formula");
                None
            }
            Cell::Merged => {
                self.fault(column, "merged", "", "a value of its own, not merged cells");
                None
            }
            Cell::Broken(seen) => {
                self.fault(column, "broken", seen, "a value");
                None
            }
        }
    }

    /// Like [`Cells::text`]; an empty cell is a fault.
    pub fn needed(&mut self, column: &str) -> Option<String> {
        if *self.cell(column) == Cell::Empty {
            self.fault(column, "missing", "", "a value");
            return None;
        }
        self.text(column)
    }

    /// A code or a number as text: full-width letters and digits made narrow, and
    /// blanks within taken out.
    pub fn code(&mut self, column: &str) -> Option<String> {
        self.text(column).map(|text| {
            base::date::narrow_text(&text).chars().filter(|c| !c.is_whitespace()).collect()
        })
    }

    /// Like [`Cells::code`]; an empty cell is a fault.
    pub fn needed_code(&mut self, column: &str) -> Option<String> {
        self.needed(column)?;
        self.code(column)
    }

    /// A code that parses as what it should be.
    pub fn parse<T>(&mut self, column: &str) -> Option<T>
    where
        T: FromStr<Err: std::fmt::Display>,
    {
        let text = self.code(column)?;
        match text.parse() {
            Ok(value) => Some(value),
            Err(error) => {
                self.fault(column, "value", &text, &error.to_string());
                None
            }
        }
    }

    /// Like [`Cells::parse`]; an empty cell is a fault.
    pub fn needed_parse<T>(&mut self, column: &str) -> Option<T>
    where
        T: FromStr<Err: std::fmt::Display>,
    {
        if *self.cell(column) == Cell::Empty {
            self.fault(column, "missing", "", "a value");
            return None;
        }
        self.parse(column)
    }

    /// A division code.
    pub fn region(&mut self, column: &str) -> Option<AdminCode> {
        self.needed_parse(column)
    }

    /// A finite number, in the unit that the column's hint says.
    pub fn number(&mut self, column: &str) -> Option<f64> {
        if let Cell::Number(number) = self.cell(column) {
            return Some(*number);
        }
        let text = self.code(column)?;
        // Rust reads `inf` and `nan`, which are no numbers on paper.
        let number = text.parse::<f64>().ok().filter(|number| number.is_finite());
        if number.is_none() || text.contains(|c: char| c.is_alphabetic() && c != 'e' && c != 'E') {
            self.fault(column, "number", &text, "a number");
            return None;
        }
        number
    }

    /// A whole number.
    pub fn integer(&mut self, column: &str) -> Option<i64> {
        let number = self.number(column)?;
        if number.fract() == 0.0 && number.abs() < EXACT {
            return Some(number as i64);
        }
        self.fault(column, "number", &number.to_string(), "a whole number");
        None
    }

    /// A day as [`Date::read`] takes it.
    pub fn date(&mut self, column: &str) -> Option<Date> {
        let text = self.text(column)?;
        match Date::read(&text) {
            Ok(date) => Some(date),
            Err(_) => {
                self.fault(column, "date", &text, "a day such as 2026-08-03, year first");
                None
            }
        }
    }

    /// One of some words; a cell with another is a fault.
    pub fn choice<T: Copy>(&mut self, column: &str, choices: &[(&str, T)]) -> Option<T> {
        let text = self.code(column)?;
        let found = choices.iter().find(|(word, _)| word.eq_ignore_ascii_case(&text));
        if found.is_none() {
            let words: Vec<&str> = choices.iter().map(|(word, _)| *word).collect();
            self.fault(column, "choice", &text, &words.join(", "));
        }
        found.map(|(_, value)| *value)
    }

    /// Like [`Cells::choice`]; an empty cell is a fault.
    pub fn needed_choice<T: Copy>(&mut self, column: &str, choices: &[(&str, T)]) -> Option<T> {
        self.needed(column)?;
        self.choice(column, choices)
    }

    /// Like [`Cells::number`]; an empty cell is a fault.
    pub fn needed_number(&mut self, column: &str) -> Option<f64> {
        self.needed(column)?;
        self.number(column)
    }

    /// Codes in one cell, with commas, 、 or blanks between.
    pub fn list(&mut self, column: &str) -> Vec<String> {
        let Some(text) = self.text(column) else { return Vec::new() };
        let between = |c: char| c.is_whitespace() || matches!(c, ',' | ';' | '、' | '/');
        let narrow = base::date::narrow_text(&text);
        narrow.split(between).filter(|code| !code.is_empty()).map(str::to_owned).collect()
    }

    /// A place from three columns: longitude, latitude and datum. Both numbers or none; a
    /// place without a datum is a fault, since half a kilometre hangs on it.
    pub fn located(&mut self, [lon, lat, datum]: [&str; 3]) -> Option<Located> {
        let before = self.faults.len();
        let (x, y) = (self.number(lon), self.number(lat));
        let named: Option<Datum> = self.text(datum).and_then(|text| match text.parse() {
            Ok(datum) => Some(datum),
            Err(error) => {
                let error: base::datum::UnknownDatum = error;
                self.fault(datum, "datum", &text, &error.to_string());
                None
            }
        });
        if before < self.faults.len() {
            return None;
        }
        match (x, y, named) {
            (None, None, _) => None,
            (Some(x), Some(y), Some(named)) => match Located::new(named, [x, y]) {
                Ok(place) => Some(place),
                Err(error) => {
                    self.fault(lon, "place", &format!("{x}, {y}"), &error.to_string());
                    None
                }
            },
            (Some(_), Some(_), None) => {
                self.fault(datum, "missing", "", "the datum of the coordinates");
                None
            }
            (None, Some(_), _) => {
                self.fault(lon, "missing", "", "longitude and latitude, or neither");
                None
            }
            (Some(_), None, _) => {
                self.fault(lat, "missing", "", "longitude and latitude, or neither");
                None
            }
        }
    }

    fn cell(&self, column: &str) -> &'a Cell {
        let at = self.columns.iter().position(|known| known.name == column);
        // A register that asks for a column it does not have: its test says so.
        debug_assert!(at.is_some(), "no column {column}");
        at.map_or(&EMPTY, |at| self.cells[at])
    }
}

/// A text that a spreadsheet would compute, or send somewhere, when it is opened.
fn is_formula(text: &str) -> bool {
    let computes = text.contains(['(', '|', '!']);
    match text.chars().next() {
        Some('=' | '@') => true,
        Some('+' | '-') => computes,
        _ => false,
    }
}

/// A cell of a CSV that we give out: one that a spreadsheet would compute becomes text.
pub(super) fn csv_cell(text: &str) -> String {
    let computed = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let text = if computed { format!("'{text}") } else { text.to_owned() };
    if text.contains(['"', ',', '\n', '\r', ';']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}
