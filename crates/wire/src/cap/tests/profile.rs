//! China's profile as data.

use base::{Level, Timestamp};

use super::super::{Confidence, IdentifierError, Info, Profile, Severity, check, is_name};
use super::good;

#[test]
fn each_part_says_its_source_and_how_sure_it_is() {
    let profile = Profile::china();
    let [severity, colour, identifier] = profile.sources();
    assert_eq!(*severity.confidence, Confidence::Low);
    assert_eq!(*colour.confidence, Confidence::Own);
    assert_eq!(*identifier.confidence, Confidence::Medium);
    assert!(profile.sources().iter().all(|origin| !origin.source.is_empty()));
}

#[test]
fn colours_and_severities_go_both_ways() {
    let profile = Profile::china();
    for (level, severity) in [
        (Level::Red, Severity::Extreme),
        (Level::Orange, Severity::Severe),
        (Level::Yellow, Severity::Moderate),
        (Level::Blue, Severity::Minor),
    ] {
        let mut info = Info::default();
        profile.put_level(&mut info, level);
        profile.put_level(&mut info, level);
        assert_eq!((info.severity.as_ref(), info.parameter.len()), (Some(&severity), 1));
        assert_eq!(profile.level(&info), Some(level));
        // Another's message has only a severity.
        info.parameter.clear();
        assert_eq!(profile.level(&info), Some(level));
    }
    let unknown = Info { severity: Some(Severity::Unknown), ..Info::default() };
    assert_eq!(profile.level(&unknown), None);
    // The word goes before the severity.
    let mut info = Info::default();
    profile.put_level(&mut info, Level::Red);
    info.severity = Some(Severity::Minor);
    assert_eq!(profile.level(&info), Some(Level::Red));
}

#[test]
fn identifiers_are_made_and_taken_apart() {
    let profile = Profile::china();
    let sent = Timestamp::from_beijing([2026, 8, 3], [11, 14, 26]).expect("a moment");
    let values = [("area", "220280"), ("organisation", "416"), ("serial", "0")];
    let text = profile.identifier(&values, sent).expect("all parts");
    assert_eq!(text, "22028041600000_20260803111426_0");
    assert_eq!((text.len(), is_name(&text)), (31, true));
    let parts = profile.read_identifier(&text).expect("its own");
    let parts: Vec<(&str, &str)> = parts.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    assert_eq!(
        parts,
        [
            ("area", "220280"),
            ("organisation", "416"),
            ("unit", "000"),
            ("extension", "00"),
            ("sent", "20260803111426"),
            ("serial", "0")
        ]
    );
    let mut alert = good();
    alert.identifier = text;
    assert!(check(&alert).is_empty());
}

#[test]
fn what_is_no_identifier_is_refused_by_its_part() {
    let profile = Profile::china();
    let sent = Timestamp::from_millis(0);
    let digits = |part: &str, saw: &str, digits| IdentifierError::Digits {
        part: part.into(),
        saw: saw.into(),
        digits,
    };
    assert_eq!(
        profile.identifier(&[("area", "22028"), ("organisation", "416"), ("serial", "0")], sent),
        Err(digits("area", "22028", 6))
    );
    assert_eq!(
        profile.identifier(&[("area", "220280"), ("organisation", "416")], sent),
        Err(digits("serial", "", 1))
    );
    assert_eq!(
        profile.identifier(&[("colour", "1")], sent),
        Err(IdentifierError::Unknown("colour".into()))
    );
    for (text, error) in [
        ("12345", IdentifierError::Length { got: 5, want: 31 }),
        ("2202804160000A_20260803111426_0", digits("extension", "0A", 2)),
        ("22028041600000_20261303111426_0", IdentifierError::Time { saw: "20261303111426".into() }),
        (
            "22028041600000-20260803111426_0",
            IdentifierError::Text { at: 14, saw: "-".into(), expected: "_".into() },
        ),
        ("2202804160000é20260803111426_0", digits("extension", "\u{fffd}", 2)),
    ] {
        assert_eq!(profile.read_identifier(text), Err(error), "{text}");
    }
}

#[test]
fn a_profile_that_contradicts_itself_is_refused() {
    let good = include_str!("../profile_cn.json");
    for (from, to) in [
        ("\"severity\": \"Severe\"", "\"severity\": \"Extreme\""),
        ("\"severity\": \"Severe\"", "\"severity\": \"Red\""),
        ("\"level\": \"orange\"", "\"level\": \"red\""),
        (", \"blue\": \"蓝色\"", ""),
        ("\"digits\": 6", "\"digits\": 0"),
        ("\"text\": \"_\"", "\"text\": \" \""),
        ("\"otherwise\": \"000\"", "\"otherwise\": \"0\""),
        ("\"name\": \"cn\"", "\"name\": \"cn\", \"more\": 1"),
    ] {
        assert!(good.contains(from), "{from}");
        assert!(Profile::parse(&good.replacen(from, to, 1)).is_err(), "{to}");
    }
}
