//! Workbooks (ECMA-376), by `calamine`, after its archive has been looked through.
//!
//! The library believes what a file says of itself in two places that could end the
//! process: the number of texts, for which it reserves room, and how far an archive
//! unpacks. So every part is unpacked once before, and counted.

use std::fs::File;
use std::io::{self, BufReader, Read as _};
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use calamine::{DataRef, Reader as _, Xlsx};
use quick_xml::events::Event;

use super::{
    Cell, LARGEST_STRINGS, LARGEST_UNPACKED, Line, MOST_COLUMNS, SheetError, Take, disk, text_cell,
};

/// Parts of a workbook; pictures and the like count too.
const MOST_PARTS: usize = 2_000;
/// Texts of a workbook: more than a table of the largest size has.
const MOST_STRINGS: u64 = 8_000_000;
/// Merged ranges that are looked at.
const MOST_MERGED: usize = 10_000;

pub(super) fn sheets(path: &Path) -> Result<Vec<String>, SheetError> {
    guarded(|| Ok(open(path)?.sheet_names()))
}

pub(super) fn rows(path: &Path, sheet: Option<&str>, take: Take<'_>) -> Result<(), SheetError> {
    guarded(|| read(path, sheet, take))
}

/// A library that panics on somebody's file ends nothing but its reading.
fn guarded<T>(read: impl FnOnce() -> Result<T, SheetError>) -> Result<T, SheetError> {
    catch_unwind(AssertUnwindSafe(read))
        .unwrap_or_else(|_| Err(SheetError::Workbook("it is malformed".to_owned())))
}

fn workbook(error: impl std::fmt::Display) -> SheetError {
    SheetError::Workbook(error.to_string().chars().take(200).collect())
}

fn open(path: &Path) -> Result<Xlsx<BufReader<File>>, SheetError> {
    check(path)?;
    let file = File::open(path).map_err(disk)?;
    Xlsx::new(BufReader::new(file)).map_err(workbook)
}

/// Unpacks every part and counts.
fn check(path: &Path) -> Result<(), SheetError> {
    let file = File::open(path).map_err(disk)?;
    let mut archive = zip::ZipArchive::new(BufReader::new(file)).map_err(workbook)?;
    if MOST_PARTS < archive.len() {
        return Err(workbook(format!("it has {} parts", archive.len())));
    }
    let mut left = LARGEST_UNPACKED;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(workbook)?;
        let name = part.name().map_err(workbook)?.into_owned();
        let is_strings = name.to_ascii_lowercase().ends_with("sharedstrings.xml");
        let limit = if is_strings { left.min(LARGEST_STRINGS) } else { left };
        let mut limited = BufReader::new(part.take(limit + 1));
        if is_strings {
            count_strings(&mut limited)?;
        }
        io::copy(&mut limited, &mut io::sink()).map_err(workbook)?;
        let unread = limited.get_ref().limit();
        if unread == 0 {
            return Err(SheetError::Large { part: name.chars().take(80).collect(), limit });
        }
        left -= limit + 1 - unread;
    }
    Ok(())
}

/// Refuses a number of texts that nobody has; it is in the first element.
fn count_strings(part: &mut impl io::BufRead) -> Result<(), SheetError> {
    let mut xml = quick_xml::Reader::from_reader(part);
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer).map_err(workbook)? {
            Event::Start(element) | Event::Empty(element) => {
                for attribute in element.attributes().with_checks(false) {
                    let attribute = attribute.map_err(workbook)?;
                    let value: &[u8] = attribute.value.as_ref().as_ref();
                    let number = std::str::from_utf8(value).ok();
                    let number = number.and_then(|text| text.trim().parse::<u128>().ok());
                    if number.is_some_and(|number| u128::from(MOST_STRINGS) < number) {
                        return Err(workbook("it says to have more texts than a file can"));
                    }
                }
                return Ok(());
            }
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}

fn read(path: &Path, sheet: Option<&str>, take: Take<'_>) -> Result<(), SheetError> {
    let mut workbook_ = open(path)?;
    let names = workbook_.sheet_names();
    let name = match sheet {
        Some(wanted) => names.iter().find(|name| *name == wanted),
        None => names.first(),
    };
    let name = name.ok_or_else(|| SheetError::Sheet(sheet.unwrap_or_default().to_owned()))?.clone();
    // Over several rows only: a title over several columns takes nothing from a row below it.
    let merged = workbook_.merge_cells_by_sheet_name(&name).map_err(workbook)?;
    if MOST_MERGED < merged.len() {
        return Err(workbook(format!("it has {} merged ranges", merged.len())));
    }
    let mut merged: Vec<_> = merged.into_iter().filter(|it| it.start.0 < it.end.0).collect();
    merged.sort_by_key(|it| it.start);
    let mut rows = Rows { merged, open: Vec::new(), row: None, cells: Vec::new(), take };
    let mut reader = workbook_.worksheet_cells_reader(&name).map_err(workbook)?;
    while let Some(cell) = reader.next_cell_with_formula_metadata().map_err(workbook)? {
        let (row, column) = cell.pos;
        if rows.turn_to(row)?.is_break() {
            return Ok(());
        }
        let value = if cell.formula.is_some() { Cell::Formula } else { cell_of(&cell.value) };
        rows.put(column as usize, value);
    }
    rows.hand_over().map(|_| ())
}

/// Rows as they are put together from their cells.
struct Rows<'a> {
    /// Ranges over several rows that are still to come, by their first row.
    merged: Vec<calamine::Dimensions>,
    /// Those that rows have reached and not passed.
    open: Vec<calamine::Dimensions>,
    row: Option<u32>,
    cells: Vec<Cell>,
    take: Take<'a>,
}

impl Rows<'_> {
    fn turn_to(&mut self, row: u32) -> Result<ControlFlow<()>, SheetError> {
        match self.row {
            Some(before) if before == row => return Ok(ControlFlow::Continue(())),
            Some(before) if row < before => {
                return Err(SheetError::Order {
                    row: row.saturating_add(1),
                    after: before.saturating_add(1),
                });
            }
            _ => {}
        }
        let flow = self.hand_over()?;
        self.row = Some(row);
        Ok(flow)
    }

    fn put(&mut self, column: usize, value: Cell) {
        if MOST_COLUMNS <= column || value == Cell::Empty {
            return;
        }
        if self.cells.len() <= column {
            self.cells.resize(column + 1, Cell::Empty);
        }
        self.cells[column] = value;
    }

    fn hand_over(&mut self) -> Result<ControlFlow<()>, SheetError> {
        let Some(row) = self.row.take() else { return Ok(ControlFlow::Continue(())) };
        self.mark_merged(row);
        let cells = std::mem::take(&mut self.cells);
        match Line::of(row.saturating_add(1), cells) {
            Some(line) => (self.take)(line),
            None => Ok(ControlFlow::Continue(())),
        }
    }

    fn mark_merged(&mut self, row: u32) {
        let reached = self.merged.partition_point(|range| range.start.0 <= row);
        self.open.extend(self.merged.drain(..reached));
        self.open.retain(|range| row <= range.end.0);
        // A row of which nothing but covered cells is left stays a row with nothing in it.
        if self.cells.is_empty() {
            return;
        }
        for at in 0..self.open.len() {
            let (first, last) = (self.open[at].start.1 as usize, self.open[at].end.1 as usize);
            for column in first..=last.min(MOST_COLUMNS - 1) {
                self.put(column, Cell::Merged);
            }
        }
    }
}

fn cell_of(value: &DataRef<'_>) -> Cell {
    match value {
        DataRef::Empty => Cell::Empty,
        DataRef::Int(number) => Cell::Number(*number as f64),
        DataRef::Float(number) if number.is_finite() => Cell::Number(*number),
        DataRef::Float(number) => Cell::Broken(number.to_string()),
        DataRef::String(text) => text_cell(text),
        DataRef::SharedString(text) => text_cell(text),
        DataRef::Bool(yes) => Cell::Text(if *yes { "TRUE" } else { "FALSE" }.to_owned()),
        DataRef::DateTime(moment) if moment.is_datetime() => {
            let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
            let date = format!("{year:04}-{month:02}-{day:02}");
            Cell::Moment(match (hour, minute, second) {
                (0, 0, 0) => date,
                _ => format!("{date} {hour:02}:{minute:02}:{second:02}"),
            })
        }
        DataRef::DateTime(span) => Cell::Number(span.as_f64()),
        DataRef::DateTimeIso(text) => Cell::Moment(text.chars().take(40).collect()),
        DataRef::DurationIso(text) => text_cell(text),
        DataRef::Error(error) => Cell::Broken(error.to_string()),
    }
}
