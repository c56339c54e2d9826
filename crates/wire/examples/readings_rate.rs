//! Readings a second through `parse_json`, `parse_ndjson` and `parse_csv`, one thread.
//!
//! `cargo run --release -p wire --example readings_rate [READINGS]`

use std::hint::black_box;
use std::time::Instant;

use wire::readings::{Limits, parse_csv, parse_json, parse_ndjson};

fn main() {
    let readings: usize = match std::env::args().nth(1).map(|text| text.parse()) {
        Some(Ok(readings)) => readings,
        Some(Err(error)) => return eprintln!("number of readings: {error}"),
        None => 20_000_000,
    };
    let small = r#"{"time":1785733200000,"values":{"ch4":0.42}}"#.to_owned();
    let names: Vec<String> =
        (0..100).map(|number| format!("\"p{number:04}\":{}.25", number)).collect();
    let wide =
        format!("{{\"time\":\"2026-08-03T11:14:26+08:00\",\"values\":{{{}}}}}", names.join(","));
    let lines = format!("{small}\n").repeat(1_000);
    let cells: Vec<String> = (0..100).map(|number| format!("p{number:04}")).collect();
    let row = (0..100).map(|number| format!(",{number}.25")).collect::<String>();
    let table = format!("time,{}\n{}", cells.join(","), format!("1785733200000{row}\n").repeat(10));
    let limits = Limits::default();
    let json = |text: &str| {
        let records = parse_json(text.as_bytes(), &limits).expect("the constants are records");
        black_box(records).iter().map(|record| record.values.len()).sum()
    };
    let ndjson = |text: &str| {
        let lines = parse_ndjson(text.as_bytes(), &limits).expect("the constants are lines");
        black_box(lines).iter().flat_map(|line| &line.record).map(|it| it.values.len()).sum()
    };
    let csv = |text: &str| {
        let lines = parse_csv(text.as_bytes(), &limits).expect("the constants are a table");
        black_box(lines).iter().flat_map(|line| &line.record).map(|it| it.values.len()).sum()
    };
    measure("JSON, one value", &small, readings / 10, json);
    measure("JSON, a hundred values", &wide, readings, json);
    measure("NDJSON, one value a line", &lines, readings / 10, ndjson);
    measure("CSV, a hundred columns", &table, readings, csv);
}

fn measure(name: &str, text: &str, readings: usize, parse: impl Fn(&str) -> usize) {
    let start = Instant::now();
    let mut found = 0;
    while found < readings {
        found += parse(black_box(text));
    }
    let seconds = start.elapsed().as_secs_f64();
    let each: usize = parse(text);
    let bytes = found as f64 / each as f64 * text.len() as f64 / seconds / 1e6;
    println!("{name}: {:.2} M readings/s, {bytes:.0} MB/s", found as f64 / seconds / 1e6);
}
