//! Documents that would cost more than they say, and any bytes at all.

use proptest::prelude::*;

use super::super::{Limits, ReadError, parse_geojson, parse_quakeml, parse_text};
use super::{feed, quakeml};

fn xml(text: &str) -> ReadError {
    parse_quakeml(text.as_bytes(), &Limits::default()).expect_err("refused")
}

fn json(text: &str) -> ReadError {
    parse_geojson(text.as_bytes(), &Limits::default()).expect_err("refused")
}

#[test]
fn a_doctype_and_entities_of_its_own_are_refused() {
    let bomb = format!("<!DOCTYPE q [<!ENTITY a 'b'>]>{}", quakeml("&a;"));
    assert_eq!(xml(&bomb), ReadError::Doctype { at: 0 });
    assert!(matches!(xml(&quakeml("&a;")), ReadError::Entity { name, .. } if name == "a"));
    let within = quakeml("<event publicID='e'><pick>&file;</pick></event>");
    assert!(matches!(xml(&within), ReadError::Entity { .. }), "passed over or not");
    assert!(matches!(xml(&quakeml("<event publicID='&a;'/>")), ReadError::Xml { .. }));
}

#[test]
fn what_is_nested_too_deep_is_refused_in_both() {
    let deep = quakeml(&"<a>".repeat(40));
    assert!(matches!(xml(&deep), ReadError::TooDeep { most: 32, .. }));
    let deep = feed(&format!("{}{}", "[".repeat(100_000), "]".repeat(100_000)));
    assert!(matches!(json(&deep), ReadError::TooDeep { most: 32, .. }));
    let brackets = feed(&format!(r#"{{"id":"{}","properties":{{"time":0}}}}"#, "[{".repeat(99)));
    assert!(parse_geojson(brackets.as_bytes(), &Limits::default()).is_ok(), "in a text");
}

#[test]
fn limits_hold_to_the_one() {
    let limits = Limits { events: 3, parts: 4, bytes: 1_000, ..Limits::default() };
    let features = |n: usize| vec![r#"{"id":"a"}"#; n].join(",");
    let read = |text: &str| parse_geojson(text.as_bytes(), &limits);
    assert_eq!(read(&feed(&features(3))).map(|document| document.events.len()), Ok(3));
    assert_eq!(read(&feed(&features(4))), Err(ReadError::TooManyEvents(3)));
    let parts = |n: usize| feed(&format!("{{{}}}", vec![r#""x":1"#; n].join(",")));
    assert!(read(&parts(4)).is_ok());
    assert!(matches!(read(&parts(5)), Err(ReadError::TooManyParts { most: 4, .. })));
    let large = feed(&" ".repeat(1_000));
    assert!(matches!(read(&large), Err(ReadError::TooLarge { most: 1_000, .. })));

    let read = |inside: &str| parse_quakeml(quakeml(inside).as_bytes(), &limits);
    assert!(read(&"<event publicID='e'/>".repeat(3)).is_ok());
    assert_eq!(read(&"<event publicID='e'/>".repeat(4)), Err(ReadError::TooManyEvents(3)));
    let parts = |n| format!("<event publicID='e'>{}</event>", "<origin/>".repeat(n));
    assert!(read(&parts(3)).is_ok(), "with the event itself four");
    assert!(matches!(read(&parts(4)), Err(ReadError::TooManyParts { .. })));

    let lines = |n| format!("#EventID|Time|Latitude|Longitude\n{}", "a|||\n".repeat(n));
    assert!(parse_text(lines(3).as_bytes(), &limits).is_ok());
    assert_eq!(parse_text(lines(4).as_bytes(), &limits), Err(ReadError::TooManyEvents(3)));
}

#[test]
fn names_that_are_passed_over_do_not_pile_up() {
    let fields: Vec<String> = (0..4_000).map(|n| format!(r#""x{n}":1"#)).collect();
    let text = feed(&format!(r#"{{"id":"a",{}}}"#, fields.join(",")));
    let document = parse_geojson(text.as_bytes(), &Limits::default()).expect("a feed");
    assert!(document.passed_over.len() <= 301);
    assert_eq!(document.passed_over.values().sum::<usize>(), 4_000);
}

#[test]
fn what_is_something_else_says_what_it_is() {
    assert!(matches!(json("[1]"), ReadError::Other { .. }));
    assert!(matches!(json(r#"{"type":"Point"}"#), ReadError::Other { .. }));
    assert!(matches!(json("<html>"), ReadError::Json(_)));
    assert!(matches!(xml("<html/>"), ReadError::Other { .. }));
    assert!(matches!(xml("<quakeml/>"), ReadError::Other { .. }), "of no namespace");
    assert!(matches!(xml(""), ReadError::Xml { .. }));
    let cut = quakeml("<event publicID='e'>");
    assert!(matches!(xml(&cut[..cut.len() - 40]), ReadError::Xml { .. }));
    let latin = format!("<?xml version='1.0' encoding='ISO-8859-1'?>{}", quakeml(""));
    assert_eq!(xml(&latin), ReadError::Encoding("ISO-8859-1".to_owned()));
    let other = parse_text(b"a|b", &Limits::default());
    assert!(matches!(other, Err(ReadError::Other { .. })));
    let bytes = parse_text(b"#\xff", &Limits::default());
    assert_eq!(bytes, Err(ReadError::NotUtf8 { at: 1 }));
    let twice = parse_text(b"#EventID|Time|Latitude|Latitude|Longitude", &Limits::default());
    assert!(matches!(twice, Err(ReadError::Other { .. })));
}

/// A real document with some of its bytes changed, taken out or doubled.
fn mutated(text: &'static str) -> impl Strategy<Value = Vec<u8>> {
    let from = proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0u8..3), 1..6);
    from.prop_map(move |edits| {
        let mut bytes = text.as_bytes().to_vec();
        for (index, byte, edit) in edits {
            let at = index.index(bytes.len());
            match edit {
                0 => bytes[at] = byte,
                1 => drop(bytes.drain(at..(at + usize::from(byte)).min(bytes.len() - 1))),
                _ => bytes.insert(at, byte),
            }
        }
        bytes
    })
}

const FEATURE: &str = r#"{"type":"Feature","id":"us1","properties":{"mag":5.5,"time":1517966773840,"updated":1517966996303,"status":"reviewed","ids":",us1,cn2,","magType":"mww","net":"us"},"geometry":{"type":"Point","coordinates":[130.6,43.7,566]}}"#;
const QUAKEML: &str = include_str!("../../../../../fixtures/quake/usgs_event_quakeml12.xml");
const LINES: &str = "#EventID|Time|Latitude|Longitude|Depth/km|MagType|Magnitude\na|2002-06-28T17:19:30Z|43.7|130.6|566|mww|7.3\n";

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let limits = Limits::default();
        let _ = (parse_geojson(&bytes, &limits), parse_quakeml(&bytes, &limits),
            parse_text(&bytes, &limits));
    }

    #[test]
    fn what_is_nearly_a_document_is_read_or_refused(
        feature in mutated(FEATURE), quakeml in mutated(QUAKEML), lines in mutated(LINES),
    ) {
        let limits = Limits::default();
        for document in [parse_geojson(&feature, &limits), parse_quakeml(&quakeml, &limits),
            parse_text(&lines, &limits)].into_iter().flatten()
        {
            for event in document.events {
                prop_assert!(!event.id.is_empty());
                prop_assert!(event.preferred_origin.is_none_or(|at| at < event.origins.len()));
                prop_assert!(
                    event.preferred_magnitude.is_none_or(|at| at < event.magnitudes.len()));
                for origin in &event.origins {
                    prop_assert!(origin.depth_km.is_none_or(|km| (-10.0..=800.0).contains(&km)));
                }
                prop_assert!(event.magnitudes.iter().all(|of| of.value.is_finite()));
            }
        }
    }
}
