//! Every message of the corpus: read, written, read again; the broken ones by their faults.

use std::fmt::Write as _;

use expect_test::expect;

use super::super::{
    FeedKind, Limits, Message, ReadError, Status, Time, describe, from_description, parse,
    parse_feed, write, write_as_is,
};
use super::{fixture, fixtures};

/// Broken or hostile by what is said of them, and no message.
const REFUSED: [&str; 1] = ["xee.cap"];

#[test]
fn every_message_is_the_same_when_it_is_read_written_and_read_again() {
    for (name, bytes) in fixtures(".cap") {
        let Ok(message) = parse(&bytes, &Limits::default()) else {
            assert!(REFUSED.contains(&name.as_str()), "{name}");
            continue;
        };
        comes_back(&name, &message);
    }
    let mut refused = Vec::new();
    for (name, bytes) in fixtures(".edxlde").into_iter().chain(fixtures(".atom")) {
        let Ok(feed) = parse_feed(&bytes, &Limits::default()) else { continue };
        for message in feed.items.into_iter().flat_map(|item| item.messages) {
            match message {
                Ok(message) => comes_back(&name, &message),
                Err(error) => refused.push((name.clone(), error)),
            }
        }
    }
    let empty = ReadError::Nameless { line: 94, name: "identifier" };
    assert_eq!(refused, [("bushfire_invalid.edxlde".to_owned(), empty)]);
}

#[track_caller]
fn comes_back(name: &str, message: &Message) {
    let upgraded = message.alert.clone().upgraded();
    let again = parse(&write_as_is(&upgraded), &Limits::default());
    let again = again.unwrap_or_else(|error| panic!("{name}: {error}"));
    assert_eq!(again.alert, upgraded, "{name}");
    assert!(again.foreign.is_empty() && again.signatures.is_empty(), "{name}");
    // Strictly written exactly when nothing is wrong with it as CAP 1.2.
    let strict = write(&upgraded);
    assert_eq!(strict.is_ok(), again.faults.is_empty(), "{name}: {:?}", again.faults);
    let described = from_description(&describe(message));
    assert_eq!(described.ok(), strict.ok(), "{name}");
}

#[test]
fn what_is_wrong_with_each_message_is_said_with_its_place() {
    let mut said = String::new();
    for (name, bytes) in fixtures(".cap") {
        match parse(&bytes, &Limits::default()) {
            Ok(message) => {
                let _ = writeln!(said, "{name}");
                for fault in &message.faults.list {
                    let _ = writeln!(said, "    {fault}");
                }
                for signature in &message.signatures {
                    let _ = writeln!(said, "    a signature of {} bytes", signature.len());
                }
            }
            Err(error) => {
                let _ = writeln!(said, "{name}: {error}");
            }
        }
    }
    expect![[r#"
        43b080713727.cap
        KAR0-0306112239-SW.cap
        australia.cap
        canada.cap
        canada_errors.cap
            line 12: references: nothing, expected references, because of Update, Cancel, Ack or Error (CAP 1.2 §3.2.1)
        canada_signed.cap
            a signature of 3405 bytes
            a signature of 2679 bytes
        earthquake-iso8859-1.cap
            a signature of 1356 bytes
        earthquake.cap
        earthquake_signed.cap
            a signature of 1356 bytes
        invalid.cap
            line 2: scope: nothing, expected it to be there and not empty (CAP 1.2 §3.2)
        no_optional_fields.cap
        noaa_errors.cap
            line 17: info[1].urgency: nothing, expected it to be there and not empty (CAP 1.2 §3.2)
            line 18: info[1].severity: nothing, expected it to be there and not empty (CAP 1.2 §3.2)
            line 19: info[1].certainty: nothing, expected it to be there and not empty (CAP 1.2 §3.2)
            line 66: info[1].area[1].polygon[1]: pair 7 is "+40.85,-118.09,", expected latitude,longitude, expected at least 4 pairs lat,lon, the last as the first (CAP 1.2 §3.2.4)
            line 67: info[1].area[1].polygon[2]: it has 0 pairs, expected at least 4, expected at least 4 pairs lat,lon, the last as the first (CAP 1.2 §3.2.4)
        thunderstorm.cap
        wcatwc-warning.cap
        weather.cap
        xee.cap: line 3: a document type, expected none: entities are not expanded
    "#]].assert_eq(&said);
}

#[test]
fn values_are_read_as_they_are_meant() {
    let canada = parse(&fixture("canada.cap"), &Limits::default()).expect("a message").alert;
    assert_eq!(canada.info.len(), 2);
    assert_eq!(canada.info[1].language.as_deref(), Some("fr-CA"));
    assert_eq!(canada.info[1].headline.as_deref(), Some("veille d'orages violents"));
    let references = canada.references.expect("it updates").references().expect("triples");
    assert_eq!(references.len(), 2);
    assert_eq!(references[1].identifier, "2.49.0.1.124.60f31a3a.2012");
    assert_eq!(canada.sent.moment(), Time::from_text("2012-05-03T07:21:04+08:00").moment());
    let ring = canada.info[0].area[1].polygon[0].ring().expect("a ring");
    assert_eq!((ring.len(), ring[0].lat, ring[0].lon), (38, 42.3564, -81.5498));

    let australia = parse(&fixture("australia.cap"), &Limits::default()).expect("prefixed").alert;
    let (centre, radius) =
        australia.info[0].area[0].circle[0].centre_and_radius().expect("a circle");
    assert_eq!((centre.lat, centre.lon, radius), (-35.3888, 147.0598, 25.0));
    assert_eq!(australia.status, Some(Status::Actual));
    assert!(australia.info[0].description.as_ref().is_some_and(|text| text.contains("<br />")));

    let latin = parse(&fixture("earthquake-iso8859-1.cap"), &Limits::default()).expect("latin");
    assert_eq!(latin.encoding, "windows-1252");
    assert!(latin.alert.info[0].headline.as_ref().is_some_and(|text| text.contains("Usulután")));
}

#[test]
fn messages_inside_a_distribution_are_read_each_by_itself() {
    let feed = parse_feed(&fixture("bushfire_valid.edxlde"), &Limits::default()).expect("EDXL");
    assert_eq!((feed.kind, feed.items.len()), (FeedKind::EdxlDe, 7));
    assert!(feed.items.iter().all(|item| item.messages.len() == 1 && item.title.is_some()));
}
