//! What is exported is what is stored.

use ::parquet::file::reader::{FileReader as _, SerializedFileReader};
use ::parquet::record::Field;
use base::quantity::{Grade, Quality, SeriesKind};
use std::fs::File;

use host::town::Scratch;
use series::Sample;

use super::*;

const HOUR: i64 = 3_600_000;

/// Three sensors, one without readings; 120 000 of the first, half of them in blocks.
fn lived_in() -> (Store, Vec<Id>) {
    let store = Store::in_memory(SeriesConfig::default());
    let sensors: Vec<Id> = (1..=3).map(Id::from_u128).collect();
    let kinds: Vec<_> = sensors.iter().map(|sensor| (*sensor, SeriesKind::Gauge)).collect();
    let series = store.register_all(&kinds).expect("registers");
    for part in 0..12 {
        let sample = |n: i64| {
            let time = Timestamp::from_millis(n * 1000);
            let quality = if n % 1000 == 7 {
                Quality::new(Grade::Bad, Quality::BY_CHECK)
            } else {
                Quality::GOOD
            };
            Sample { series: series[0], time, value: n as f64 / 10.0, quality }
        };
        let samples = (part * 10_000..(part + 1) * 10_000).map(sample).collect();
        store.append(Timestamp::from_millis((part + 1) * 10_000_000), samples).expect("stores");
        if part == 5 {
            store.seal().expect("seals");
            store.merge().expect("merges");
        }
    }
    let odd = Sample {
        series: series[1],
        time: Timestamp::from_millis(1_500),
        value: 0.1 + 0.2,
        quality: Quality::GOOD,
    };
    store.append(Timestamp::from_millis(2_000), vec![odd]).expect("stores");
    (store, sensors)
}

fn options(output: PathBuf, format: Format) -> Options {
    Options {
        directory: PathBuf::new(),
        config: None,
        world: "real".to_owned(),
        sensors: Vec::new(),
        from: Timestamp::from_millis(0),
        to: Timestamp::from_millis(100 * HOUR),
        known: None,
        format,
        output,
    }
}

#[test]
fn csv_holds_every_reading_once_to_the_last_digit() {
    let ((store, sensors), scratch) = (lived_in(), Scratch::new());
    let output = scratch.path().join("all.csv");
    let asked = options(output.clone(), Format::Csv);
    assert_eq!(export(&store, &asked), Ok(120_001));
    let text = std::fs::read_to_string(&output).expect("is there");
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 120_002);
    assert_eq!(lines[0], "sensor,time,value,grade,quality,received");
    let first = sensors[0];
    let expected = format!("{first},1970-01-01T00:00:00.000Z,0,good,0,1970-01-01T02:46:40.000Z");
    assert_eq!(lines[1], expected);
    assert!(lines[8].contains(",0.7,bad,10,"), "{}", lines[8]);
    let values = lines[1..120_001].iter().map(|line| line.split(',').nth(2).expect("has it"));
    assert!(values.zip(0..).all(|(value, n)| value.parse() == Ok(f64::from(n) / 10.0)));
    let expected = format!("{},1970-01-01T00:00:01.500Z,0.30000000000000004,good,0,", sensors[1]);
    assert!(lines[120_001].starts_with(&expected), "{}", lines[120_001]);
    assert!(export(&store, &asked).is_err_and(|error| error.contains("is there already")));
    assert!(!scratch.path().join("all.csv.part").exists());
}

#[test]
fn parquet_holds_the_same() {
    let ((store, sensors), scratch) = (lived_in(), Scratch::new());
    let output = scratch.path().join("all.parquet");
    assert_eq!(export(&store, &options(output.clone(), Format::Parquet)), Ok(120_001));
    let file = File::open(&output).expect("is there");
    let reader = SerializedFileReader::new(file).expect("is Parquet");
    assert_eq!(reader.metadata().file_metadata().num_rows(), 120_001);
    let mut count = 0;
    for (n, row) in (0..).zip(reader.get_row_iter(None).expect("has rows")) {
        let row = row.expect("reads");
        let fields: Vec<&Field> = row.get_column_iter().map(|(_, field)| field).collect();
        let (sensor, time, value) = match n {
            120_000 => (sensors[1], 1_500, 0.1 + 0.2),
            n => (sensors[0], n * 1000, n as f64 / 10.0),
        };
        assert_eq!(fields[0], &Field::Str(sensor.to_string()));
        assert_eq!(fields[1], &Field::TimestampMillis(time));
        assert_eq!(fields[2], &Field::Double(value));
        let is_bad = n % 1000 == 7;
        assert_eq!(fields[3], &Field::Str(if is_bad { "bad" } else { "good" }.to_owned()));
        count += 1;
    }
    assert_eq!(count, 120_001);
}

#[test]
fn a_range_and_a_sensor_are_what_was_asked_for_and_others_are_refused() {
    let ((store, sensors), scratch) = (lived_in(), Scratch::new());
    let mut asked = options(scratch.path().join("part.csv"), Format::Csv);
    asked.sensors = vec![sensors[0]];
    (asked.from, asked.to) = (Timestamp::from_millis(5_000), Timestamp::from_millis(8_000));
    assert_eq!(export(&store, &asked), Ok(3));
    asked.output = scratch.path().join("known.csv");
    asked.known = Some(Timestamp::from_millis(9_000_000));
    assert_eq!(export(&store, &asked), Ok(0), "all of them came later");
    asked.sensors = vec![Id::from_u128(99)];
    assert!(export(&store, &asked).is_err_and(|error| error.contains("no readings of")));
    asked.to = asked.from;
    assert!(export(&store, &asked).is_err_and(|error| error.contains("expected a time after")));
}
