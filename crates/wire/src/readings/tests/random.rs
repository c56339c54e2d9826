//! What holds for any records and any bytes.

use std::borrow::Cow;

use base::{Quality, Timestamp, quantity::Grade};
use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;

use super::super::{
    Limits, Record, Value, describe, from_description, number, parse_csv, parse_json, parse_ndjson,
    write_csv, write_json, write_ndjson,
};

fn quality() -> impl Strategy<Value = Quality> {
    prop_oneof![
        Just(Quality::GOOD),
        Just(Quality::new(Grade::Uncertain, Quality::BY_DEVICE)),
        Just(Quality::new(Grade::Bad, Quality::BY_DEVICE)),
    ]
}

fn finite() -> impl Strategy<Value = f64> {
    any::<u64>().prop_map(f64::from_bits).prop_filter("finite", |value| value.is_finite())
}

prop_compose! {
    /// Values of one moment, or of several.
    fn record()(
        station in option::of("[0-9A-Z]{1,12}"),
        via in vec("[0-9a-z-]{1,12}", 0..9),
        time in 0..4_000_000_000_000_i64,
        is_even in any::<bool>(),
        quality in quality(),
        values in btree_map("[a-z0-9_,\" 水]{0,6}[a-z]", (option::of(finite()), 0..1_000_i64, quality()), 1..6),
    ) -> Record<'static> {
        let value = |(name, (value, later, own)): (String, (Option<f64>, i64, Quality))| Value {
            name: Cow::Owned(name.trim().to_owned()),
            time: Timestamp::from_millis(if is_even { time } else { time + later }),
            value,
            quality: if is_even { quality } else { own },
        };
        let mut values: Vec<_> = values.into_iter().map(value).collect();
        values.dedup_by(|one, other| one.name == other.name);
        let via = via.into_iter().map(Cow::Owned).collect();
        Record { station: station.map(Cow::Owned), via, values }
    }
}

proptest! {
    #[test]
    fn what_is_written_as_json_reads_back(records in vec(record(), 1..5)) {
        let text = write_json(&records);
        prop_assert_eq!(parse_json(text.as_bytes(), &Limits::default()), Ok(records));
    }

    #[test]
    fn what_is_written_as_lines_reads_back(records in vec(record(), 1..5)) {
        let text = write_ndjson(&records);
        let lines = parse_ndjson(text.as_bytes(), &Limits::default()).expect("few");
        let read: Vec<_> = lines.into_iter().map(|line| line.record.expect("good")).collect();
        prop_assert_eq!(read, records);
    }

    #[test]
    fn what_is_written_as_a_table_reads_back(records in vec(record(), 1..5)) {
        let text = write_csv(&records);
        let lines = parse_csv(text.as_bytes(), &Limits::default()).expect("a header");
        let read = lines.into_iter().map(|line| {
            let record = line.record.expect("good");
            (record.station, record.values)
        });
        let expected = records.into_iter().flat_map(|record| {
            let station = record.station;
            record.values.into_iter().map(move |value| (station.clone(), vec![value]))
        });
        prop_assert_eq!(read.collect::<Vec<_>>(), expected.collect::<Vec<_>>());
    }

    #[test]
    fn a_description_encodes_to_what_describes_the_same(record in record()) {
        let document = describe(&record);
        let bytes = from_description(&document).expect("it is one");
        let read = parse_json(&bytes, &Limits::default()).expect("it was written");
        prop_assert_eq!(read, vec![record]);
    }

    #[test]
    fn any_bytes_read_or_say_why_not(text in vec(any::<u8>(), 0..300)) {
        let limits = Limits::default();
        let _ = parse_json(&text, &limits);
        let _ = parse_ndjson(&text, &limits);
        let _ = parse_csv(&text, &limits);
    }

    #[test]
    fn what_looks_like_a_record_reads_or_says_why_not(
        text in "[\\[\\]{}:,\" \\\\\n0-9eE.+-]{0,40}(time|values|name|\"a\"|1)[\\[\\]{}:,\" \\\\0-9u]{0,40}",
    ) {
        let _ = parse_json(text.as_bytes(), &Limits::default());
        let _ = parse_csv(text.as_bytes(), &Limits::default());
    }

    #[test]
    fn a_document_is_json_when_serde_says_so(records in vec(record(), 1..3), at in any::<prop::sample::Index>(), byte in 0x20..0x7F_u8) {
        let mut text = write_json(&records).into_bytes();
        let at = at.index(text.len());
        text[at] = byte;
        if parse_json(&text, &Limits::default()).is_ok() {
            prop_assert!(serde_json::from_slice::<serde_json::Value>(&text).is_ok());
        }
    }

    #[test]
    fn a_number_is_the_nearest_double(value in finite()) {
        prop_assert_eq!(number(&value.to_string()).map(f64::to_bits), Some(value.to_bits()));
        prop_assert_eq!(number(&format!("{value:e}")).map(f64::to_bits), Some(value.to_bits()));
    }
}
