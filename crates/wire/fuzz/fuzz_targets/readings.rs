//! Readings as JSON, NDJSON and CSV: whatever is read can be written and reads the same.

#![no_main]

use libfuzzer_sys::fuzz_target;
use wire::readings::{
    Limits, Record, parse_csv, parse_json, parse_ndjson, write_csv, write_json, write_ndjson,
};

fuzz_target!(|data: &[u8]| {
    let limits = Limits::default();
    if let Ok(records) = parse_json(data, &limits) {
        let rest = data.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(data);
        serde_json::from_slice::<serde_json::Value>(rest).expect("serde reads it too");
        again(&records);
    }
    for lines in [parse_ndjson(data, &limits), parse_csv(data, &limits)].into_iter().flatten() {
        let records: Vec<Record<'_>> =
            lines.into_iter().filter_map(|line| line.record.ok()).collect();
        again(&records);
    }
});

fn again(records: &[Record<'_>]) {
    let limits = Limits { bytes: usize::MAX, line: usize::MAX, ..Limits::default() };
    if records.iter().all(|record| !record.values.is_empty()) && !records.is_empty() {
        let text = write_json(records);
        assert_eq!(parse_json(text.as_bytes(), &limits).as_deref(), Ok(records));
        let text = write_ndjson(records);
        let lines = parse_ndjson(text.as_bytes(), &limits).expect("few");
        assert!(lines.iter().map(|line| line.record.as_ref()).eq(records.iter().map(Ok)));
        let text = write_csv(records);
        for line in parse_csv(text.as_bytes(), &limits).expect("a header") {
            // A name with an end of line has no place in a table.
            if !text.contains('\r') && records.iter().all(is_plain) {
                line.record.expect("it was written");
            }
        }
    }
}

fn is_plain(record: &Record<'_>) -> bool {
    let texts = record.values.iter().map(|value| &value.name).chain(&record.station);
    texts.into_iter().all(|text| !text.contains('\n') && text.trim() == text.as_ref())
}
