//! Which column of a file is which column of the register: by the words of its header,
//! or as whoever brought it said.

use std::ops::ControlFlow;
use std::path::Path;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::sheet::{self, Cell, HEADER_WITHIN, Line, MOST_COLUMNS, SheetError};
use super::{Column, Register};
use crate::error::{Error, Result};

/// How a file's table lies.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "ImportLayout")]
pub(super) struct Layout {
    /// The sheets of the file; one without a name for CSV.
    pub sheets: Vec<String>,
    pub sheet: String,
    /// The row of the header, from 1; rows below it are the table.
    pub header_row: u32,
    /// What the header says, from the left.
    pub headers: Vec<String>,
    /// For each column of the register, where it stands in `headers`, from 0.
    pub places: Vec<Option<usize>>,
    /// For each column of the register, what an empty cell means.
    pub fixed: Vec<Option<String>>,
}

/// What whoever brought the file says of it; what is left out is found by the header.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[schemars(rename = "ImportColumns")]
pub(super) struct Said {
    pub sheet: Option<String>,
    /// By the register's column.
    #[serde(default)]
    pub places: std::collections::BTreeMap<String, Option<usize>>,
    #[serde(default)]
    pub fixed: std::collections::BTreeMap<String, String>,
}

impl Layout {
    /// Looks at the first rows of a file.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a file that is no table, and for a column or place that is none.
    pub fn find(path: &Path, register: &Register, said: &Said) -> Result<Layout> {
        let sheets = sheet::sheets(path).map_err(refused)?;
        let wanted = said.sheet.clone().or_else(|| sheets.first().cloned()).unwrap_or_default();
        if !sheets.contains(&wanted) {
            return Err(Error::invalid("sheet", &wanted, "one of the file's sheets"));
        }
        let mut top: Vec<Line> = Vec::new();
        sheet::rows(path, named(&wanted), &mut |line| {
            if HEADER_WITHIN < line.number {
                return ControlFlow::Break(());
            }
            top.push(line);
            ControlFlow::Continue(())
        })
        .map_err(refused)?;
        let known = |line: &Line| {
            let texts = texts(line);
            register.columns.iter().filter(|column| place(column, &texts).is_some()).count()
        };
        // Of equals the first: a second header further down is a row.
        let header = top.iter().rev().max_by_key(|line| known(line));
        let header =
            header.ok_or_else(|| Error::invalid("file", "no row", "a header and rows below it"))?;
        let headers = texts(header);
        let mut layout = Layout {
            sheets,
            sheet: wanted,
            header_row: header.number,
            places: register.columns.iter().map(|column| place(column, &headers)).collect(),
            fixed: vec![None; register.columns.len()],
            headers,
        };
        layout.take_said(register, said)?;
        Ok(layout)
    }

    fn take_said(&mut self, register: &Register, said: &Said) -> Result<()> {
        let at = |name: &String| {
            let found = register.columns.iter().position(|column| column.name == name);
            found.ok_or_else(|| Error::invalid("column", name, "a column of the register"))
        };
        for (column, place) in &said.places {
            if place.is_some_and(|place| self.headers.len() <= place) {
                let expected = format!("a place below {}", self.headers.len());
                return Err(Error::invalid("places", place, expected));
            }
            self.places[at(column)?] = *place;
        }
        for (column, value) in &said.fixed {
            let value = crate::web::text("fixed", value, 0, 200)?;
            self.fixed[at(column)?] = (!value.is_empty()).then_some(value);
        }
        Ok(())
    }

    /// Columns that the register needs and that stand nowhere.
    pub fn missing(&self, register: &Register) -> Vec<&'static str> {
        let columns = register.columns.iter().enumerate();
        let missing = columns.filter(|(at, column)| {
            column.needed && self.places[*at].is_none() && self.fixed[*at].is_none()
        });
        missing.map(|(_, column)| column.name).collect()
    }

    /// What empty cells mean, as cells.
    pub fn fixed_cells(&self) -> Vec<Cell> {
        let cell = |text: &Option<String>| text.clone().map_or(Cell::Empty, Cell::Text);
        self.fixed.iter().map(cell).collect()
    }

    pub fn sheet(&self) -> Option<&str> {
        named(&self.sheet)
    }
}

fn named(sheet: &str) -> Option<&str> {
    (!sheet.is_empty()).then_some(sheet)
}

pub(super) fn refused(error: SheetError) -> Error {
    Error::Invalid {
        field: "file".to_owned(),
        seen: error.to_string(),
        expected: "XLSX, or CSV in UTF-8 or GB 18030, with a header".to_owned(),
    }
}

fn texts(line: &Line) -> Vec<String> {
    let text = |cell: &Cell| match cell {
        Cell::Text(text) | Cell::Moment(text) => text.chars().take(60).collect(),
        Cell::Number(number) => number.to_string(),
        _ => String::new(),
    };
    line.cells.iter().take(MOST_COLUMNS).map(text).collect()
}

/// Where a column stands by its words; the earlier word counts more.
fn place(column: &Column, headers: &[String]) -> Option<usize> {
    let plain: Vec<String> = headers.iter().map(|header| plain(header)).collect();
    let of = |word: &str| plain.iter().position(|header| *header == self::plain(word));
    column.words.iter().find_map(|word| of(word)).or_else(|| of(column.name))
}

/// A header without what does not tell it from others: blanks, units in brackets, the
/// star of what must be filled in, width and case of letters.
fn plain(header: &str) -> String {
    let narrow = base::date::narrow_text(header).to_lowercase();
    let mut depth = 0;
    let mut plain = String::new();
    for char in narrow.chars() {
        match char {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = 0.max(depth - 1),
            '*' | '_' | '-' | ':' => {}
            char if depth == 0 && !char.is_whitespace() => plain.push(char),
            _ => {}
        }
    }
    plain
}
