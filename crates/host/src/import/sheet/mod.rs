//! A table in a file, row by row: XLSX, or CSV in UTF-8 or GB 18030.
//!
//! Any bytes at all are a table or a refusal. What a sender can make us hold is
//! bounded by the constants below, whatever the file says of itself.

mod csv;
#[cfg(test)]
mod tests;
mod xlsx;

use std::ops::ControlFlow;
use std::path::Path;

/// The largest file, in bytes.
pub const LARGEST_FILE: u64 = 32 << 20;
/// All parts of a workbook together, unpacked, in bytes.
const LARGEST_UNPACKED: u64 = 384 << 20;
/// The texts of a workbook, unpacked, in bytes: they are held all at once.
const LARGEST_STRINGS: u64 = 64 << 20;
/// Rows of a table, the header not counted.
pub const MOST_ROWS: u32 = 200_000;
/// Columns that are looked at.
pub const MOST_COLUMNS: usize = 100;
/// Characters of one cell.
const LONGEST_CELL: usize = 4_000;

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Cell {
    #[default]
    Empty,
    Text(String),
    /// A number of a workbook.
    Number(f64),
    /// A day or a moment of a workbook, as `2026-08-03` or `2026-08-03 14:30:00`.
    Moment(String),
    /// It is computed: what it shows depends on where it is opened, so it is no fact.
    Formula,
    /// It is covered by, or is the first of, cells that were merged over several rows.
    Merged,
    /// `#N/A` and the like, or a text that is too long.
    Broken(String),
}

/// One row with anything in it. `number` counts from 1, as spreadsheets show it.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    pub number: u32,
    pub cells: Vec<Cell>,
}

/// Why a file is no table.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SheetError {
    #[error("the file is no workbook (XLSX) and no text (CSV): {0}")]
    Format(String),
    #[error("byte {at} is neither UTF-8 nor GB 18030")]
    Encoding { at: usize },
    #[error("{part} is larger than {limit} bytes unpacked")]
    Large { part: String, limit: u64 },
    #[error("the workbook does not read: {0}")]
    Workbook(String),
    #[error("the workbook has no sheet {0:?}")]
    Sheet(String),
    #[error("row {row} comes after row {after}")]
    Order { row: u32, after: u32 },
    #[error("more than {0} rows, expected several files")]
    Rows(u32),
    #[error("line {0} is no CSV: {1}")]
    Csv(u64, String),
    #[error("the file does not read: {0}")]
    Disk(String),
}

/// How a file is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Xlsx,
    Csv,
}

/// By the first bytes, never by the name.
fn format(path: &Path) -> Result<Format, SheetError> {
    use std::io::Read as _;
    let mut head = Vec::new();
    let file = std::fs::File::open(path).map_err(disk)?;
    file.take(4 << 10).read_to_end(&mut head).map_err(disk)?;
    match &head[..] {
        [b'P', b'K', 3, 4, ..] => Ok(Format::Xlsx),
        // XLS of before 2007, and workbooks with a password.
        [0xD0, 0xCF, 0x11, 0xE0, ..] => Err(SheetError::Format(
            "it is an XLS of before 2007 or has a password; save it as XLSX without one".into(),
        )),
        [] => Err(SheetError::Format("it is empty".into())),
        head if head.contains(&0) => Err(SheetError::Format("it holds NUL bytes".into())),
        _ => Ok(Format::Csv),
    }
}

/// The names of the sheets; one without a name for CSV.
///
/// # Errors
/// [`SheetError`].
pub fn sheets(path: &Path) -> Result<Vec<String>, SheetError> {
    match format(path)? {
        Format::Xlsx => xlsx::sheets(path),
        Format::Csv => Ok(vec![String::new()]),
    }
}

/// Hands every row with anything in it to `take`, from the top, until it breaks off.
///
/// - `sheet`: which of [`sheets`]; the first when `None`.
///
/// # Errors
/// [`SheetError`]; rows before it were handed over.
pub fn rows(
    path: &Path,
    sheet: Option<&str>,
    take: &mut dyn FnMut(Line) -> ControlFlow<()>,
) -> Result<(), SheetError> {
    let mut counted = 0;
    let mut within = |line: Line| {
        counted += 1;
        // The header, and some lines above it.
        if MOST_ROWS + HEADER_WITHIN < counted {
            return Err(SheetError::Rows(MOST_ROWS));
        }
        Ok(take(line))
    };
    match format(path)? {
        Format::Xlsx => xlsx::rows(path, sheet, &mut within),
        Format::Csv => csv::rows(path, &mut within),
    }
}

/// The header stands within this many rows: forms begin with titles and notes.
pub const HEADER_WITHIN: u32 = 20;

type Take<'a> = &'a mut dyn FnMut(Line) -> Result<ControlFlow<()>, SheetError>;

fn disk(error: std::io::Error) -> SheetError {
    SheetError::Disk(error.to_string())
}

/// A text of a file as a cell: blanks at the ends say nothing.
fn text_cell(text: &str) -> Cell {
    let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    let length = text.chars().count();
    match length {
        0 => Cell::Empty,
        _ if LONGEST_CELL < length => Cell::Broken(format!("{length} characters")),
        _ if text.contains('\0') => Cell::Broken("a NUL character".to_owned()),
        _ => Cell::Text(text.to_owned()),
    }
}

impl Line {
    /// Without the empty cells at its end; `None` when nothing is left.
    fn of(number: u32, mut cells: Vec<Cell>) -> Option<Line> {
        while cells.last() == Some(&Cell::Empty) {
            cells.pop();
        }
        (!cells.is_empty()).then_some(Line { number, cells })
    }
}
