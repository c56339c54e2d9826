//! CSV (RFC 4180), as offices write it: UTF-8 with or without a byte-order mark, or
//! GB 18030; CRLF or LF; commas, semicolons or tabs between the fields.

use std::path::Path;

use encoding_rs::GB18030;

use super::{Line, MOST_COLUMNS, SheetError, Take, disk, text_cell};

pub(super) fn rows(path: &Path, take: Take<'_>) -> Result<(), SheetError> {
    let text = decode(std::fs::read(path).map_err(disk)?)?;
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter(&text))
        .from_reader(text.as_bytes());
    let mut record = csv::StringRecord::new();
    let (mut number, mut end) = (0u32, 0);
    loop {
        match reader.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => return Ok(()),
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line);
                return Err(SheetError::Csv(line, error.to_string()));
            }
        }
        number = number.saturating_add(1).saturating_add(blank_lines(&text, end));
        end = usize::try_from(reader.position().byte()).unwrap_or(usize::MAX);
        let cells = record.iter().take(MOST_COLUMNS).map(text_cell).collect();
        let Some(line) = Line::of(number, cells) else { continue };
        if take(line)?.is_break() {
            return Ok(());
        }
    }
}

/// Empty lines after the record that ended at `end`: a spreadsheet shows each as a row,
/// and the library passes over them. A record with line breaks in it is one row.
fn blank_lines(text: &str, end: usize) -> u32 {
    let (before, rest) = text.as_bytes().split_at(end.min(text.len()));
    let breaks = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n'));
    let count = breaks.filter(|byte| **byte == b'\n').count();
    // The second half of the record's own end.
    let own = before.ends_with(b"\r") && rest.starts_with(b"\n");
    u32::try_from(count - usize::from(own)).unwrap_or(u32::MAX)
}

/// UTF-8 if it is that, else GB 18030, of which GBK and GB 2312 are parts.
fn decode(bytes: Vec<u8>) -> Result<String, SheetError> {
    let bytes = match bytes.strip_prefix(b"\xEF\xBB\xBF") {
        Some(rest) => rest.to_vec(),
        None => bytes,
    };
    let bytes = match String::from_utf8(bytes) {
        Ok(text) => return Ok(text),
        Err(error) => error.into_bytes(),
    };
    match GB18030.decode_without_bom_handling_and_without_replacement(&bytes) {
        Some(text) => Ok(text.into_owned()),
        None => Err(SheetError::Encoding { at: broken_at(&bytes) }),
    }
}

/// Where it stops being UTF-8, for a file that is GB 18030 neither.
fn broken_at(bytes: &[u8]) -> usize {
    std::str::from_utf8(bytes).err().map_or(0, |error| error.valid_up_to())
}

/// Whichever of them the first line has most of; a comma when it has none.
fn delimiter(text: &str) -> u8 {
    let line = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let count = |byte: &u8| line.bytes().filter(|other| other == byte).count();
    // Of equals the last wins.
    [b'\t', b';', b','].into_iter().max_by_key(count).unwrap_or(b',')
}
