//! Stories and properties; one file per subject.

mod csv;
mod json;
mod lines;
mod random;

use super::{Bad, Line, Record};

/// `station name=value@seconds quality` of each value, one a line.
fn shown(records: &[Record<'_>]) -> String {
    let mut text = String::new();
    for record in records {
        for value in &record.values {
            let station = record.station.as_deref().unwrap_or("-");
            let number = value.value.map_or("none".to_owned(), |value| format!("{value:?}"));
            let line =
                format!("{station} {}={number} @{} {:?}\n", value.name, value.time, value.quality);
            text.push_str(&line);
        }
    }
    text
}

fn shown_lines(lines: &Result<Vec<Line<'_>>, Bad>) -> String {
    let lines = match lines {
        Ok(lines) => lines,
        Err(bad) => return format!("{bad}\n"),
    };
    let line = |line: &Line<'_>| match &line.record {
        Ok(record) => shown(std::slice::from_ref(record))
            .lines()
            .map(|text| format!("{}: {text}\n", line.number))
            .collect(),
        Err(bad) => format!("{}: {bad}\n", line.number),
    };
    lines.iter().map(line).collect()
}
