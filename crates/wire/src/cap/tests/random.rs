//! What holds for any message and any bytes.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use super::super::{
    Alert, Area, Category, Circle, Info, Limits, List, Pair, Point, Polygon, Severity, Time,
    Urgency, Word, check, describe, describe_feed, from_description, parse, parse_feed, write,
    write_as_is,
};
use super::{GOOD, good};

/// Any text that XML has, without blanks at its ends: reading leaves those out.
fn text() -> impl Strategy<Value = String> {
    let wild = prop_oneof![
        "[ -~]{1,20}".boxed(),
        "[\\PC\n\t\r]{1,12}".boxed(),
        Just("<![CDATA[]]>&amp;'\"".to_owned()).boxed(),
    ];
    wild.prop_map(|text| text.trim().replace(['\u{fffe}', '\u{ffff}'], "").trim().to_owned())
        .prop_filter("not empty", |text| !text.is_empty())
}

fn pair() -> impl Strategy<Value = Pair> {
    (text(), option::of(text()))
        .prop_map(|(value_name, value)| Pair { value_name, value: value.unwrap_or_default() })
}

prop_compose! {
    fn area()(
        desc in text(),
        points in vec((-90.0..=90.0_f64, -180.0..=180.0_f64), 3..8),
        radius in 0.0..1e4_f64,
        geocode in vec(pair(), 0..3),
    ) -> Area {
        let points: Vec<Point> = points.into_iter().map(|(lat, lon)| Point { lat, lon }).collect();
        Area {
            area_desc: Some(desc),
            circle: vec![Circle::from_centre(points[0], radius)],
            polygon: vec![Polygon::from_points(&points)],
            geocode,
            altitude: None,
            ceiling: None,
        }
    }
}

prop_compose! {
    /// A message that keeps all rules.
    fn message()(
        identifier in "[A-Za-z0-9._:-]{1,30}",
        note in option::of(text()),
        items in vec("[^\"\\p{C}]{0,8}", 1..4),
        sent in 0..4_000_000_000_i64,
        lasts in 1..1_000_000_i64,
        event in text(),
        headline in option::of(text()),
        severity in 0..5_usize,
        urgency in 0..5_usize,
        categories in vec(0..12_usize, 1..4),
        parameter in vec(pair(), 0..4),
        area in vec(area(), 0..3),
    ) -> Alert {
        let at = |seconds: i64| Time::beijing(base::Timestamp::from_millis(seconds * 1000));
        let mut alert = good();
        alert.identifier = identifier;
        alert.note = note;
        alert.incidents = Some(List::from_items(&items).expect("no quotes"));
        alert.sent = at(sent);
        alert.info[0] = Info {
            category: categories.iter().map(|at| Category::KNOWN[*at].clone()).collect(),
            event: Some(event),
            headline,
            severity: Some(Severity::KNOWN[severity].clone()),
            urgency: Some(Urgency::KNOWN[urgency].clone()),
            expires: Some(at(sent + lasts)),
            parameter,
            area,
            ..alert.info[0].clone()
        };
        alert
    }
}

/// Reads bytes in every way; what is read can be written and is the same again.
fn never_panics(bytes: &[u8]) {
    let limits = Limits::default();
    if let Ok(message) = parse(bytes, &limits) {
        let alert = message.alert.clone().upgraded();
        let again = parse(&write_as_is(&alert), &limits).expect("what was written is read");
        assert_eq!(again.alert, alert);
        assert_eq!(write(&alert).is_ok(), check(&alert).is_empty());
        let _ = from_description(&describe(&message));
    }
    if let Ok(feed) = parse_feed(bytes, &limits) {
        describe_feed(&feed);
    }
}

proptest! {
    #[test]
    fn any_good_message_is_written_and_is_the_same_again(alert in message()) {
        prop_assert_eq!(check(&alert).list, vec![]);
        let written = write(&alert).expect("no fault");
        let read = parse(&written, &Limits::default()).expect("its own");
        prop_assert_eq!(&read.alert, &alert);
        prop_assert!(read.faults.is_empty() && read.foreign.is_empty());
        prop_assert_eq!(from_description(&describe(&read)).expect("its own"), written);
    }

    #[test]
    fn lists_come_back(items in vec("[^\"]{0,10}", 0..6)) {
        let list = List::from_items(&items).expect("no quotes");
        prop_assert_eq!(list.items().expect("its own"), items);
    }

    #[test]
    fn any_text_is_a_time_or_none(text in "[0-9A-Za-z ,:+-]{0,30}|[A-Z][a-z]{2}, [0-9]{1,2} [A-Z][a-z]{2} [0-9]{4} [0-9:]{5,8} [A-Z+0-9-]{1,5}|\\PC{0,30}") {
        let moment = Time::from_text(text.as_str()).moment();
        prop_assert!(moment.is_some() || !Time::from_text(text.as_str()).is_strict());
        let text = text.replace(['<', '&'], "");
        never_panics(format!("<rss><channel><item><pubDate>{text}</pubDate></item></channel></rss>").as_bytes());
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in vec(any::<u8>(), 0..300)) {
        never_panics(&bytes);
    }

    #[test]
    fn a_message_with_bytes_changed_is_read_or_refused(
        changes in vec((0..GOOD.len(), any::<u8>()), 1..4), end in 0..=GOOD.len(),
    ) {
        let mut bytes = GOOD.as_bytes().to_vec();
        for (at, byte) in changes {
            bytes[at] = byte;
        }
        never_panics(&bytes);
        bytes.truncate(end);
        never_panics(&bytes);
    }

    #[test]
    fn any_pieces_of_markup_are_read_or_refused(pieces in vec(0..PIECES.len(), 0..40)) {
        let inside: String = pieces.into_iter().map(|at| PIECES[at]).collect();
        never_panics(inside.as_bytes());
        never_panics(GOOD.replace("<code>cn</code>", &inside).as_bytes());
        never_panics(format!("<rss><channel>{inside}</channel></rss>").as_bytes());
    }
}

const PIECES: &[&str] = &[
    "<alert>",
    "</alert>",
    "<info>",
    "</info>",
    "<item>",
    "</item>",
    "<area>",
    "</area>",
    "<polygon>",
    "</polygon>",
    "1,2 ",
    "<code/>",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "&amp;",
    "&#x41;",
    "&#",
    ";",
    "<?x ?>",
    "<?xml version='1.0' encoding='gbk'?>",
    "<a:b xmlns:a='c'>",
    "</a:b>",
    " xmlns='http://www.w3.org/2000/09/xmldsig#'",
    "<Signature xmlns='http://www.w3.org/2000/09/xmldsig#'>",
    "</Signature>",
    "<sent>",
    "</sent>",
    "2026-08-03T11:14:26+08:00",
    "<",
    ">",
    "'",
    "\"",
    "中",
    "\u{feff}",
    "\r\n",
    "]]",
    "<!DOCTYPE",
    "=",
];
