//! Each rule of the standard, broken alone in a message that is good otherwise.

use super::super::{
    Alert, Limits, List, ListError, MsgType, Point, Polygon, ReadError, References, Rule, Scope,
    ShapeError, Time, Version, Word, check, parse, write, write_as_is,
};
use super::{GOOD, good, read};

#[test]
fn a_good_message_has_no_fault_and_is_written() {
    assert_eq!(read(GOOD).faults.list, []);
    let alert = good();
    let written = write(&alert).expect("no fault");
    assert_eq!(parse(&written, &Limits::default()).expect("its own").alert, alert);
}

/// Replaces something in the good message and compares rules and places of its faults.
#[track_caller]
fn broken(from: &str, to: &str, expected: &[(Rule, &str)]) {
    assert!(GOOD.contains(from), "{from}");
    let text = GOOD.replacen(from, to, 1);
    let message = read(&text);
    let faults: Vec<(Rule, &str)> =
        message.faults.list.iter().map(|fault| (fault.rule, fault.path.as_str())).collect();
    assert_eq!(faults, expected, "{from} → {to}");
    for fault in &message.faults.list {
        let line = fault.line.expect("it was read") as usize;
        assert!((2..=text.lines().count()).contains(&line), "{fault}");
    }
}

#[test]
fn what_the_standard_demands_is_missed() {
    for (name, path) in [
        ("status>Exercise</status", "status"),
        ("msgType>Alert</msgType", "msgType"),
        ("scope>Public</scope", "scope"),
        ("event>暴雨</event", "info[1].event"),
        ("urgency>Expected</urgency", "info[1].urgency"),
        ("severity>Severe</severity", "info[1].severity"),
        ("certainty>Likely</certainty", "info[1].certainty"),
        ("category>Met</category", "info[1].category"),
        ("mimeType>image/png</mimeType", "info[1].resource[1].mimeType"),
        ("resourceDesc>map</resourceDesc", "info[1].resource[1].resourceDesc"),
        ("areaDesc>样例县</areaDesc", "info[1].area[1].areaDesc"),
        ("valueName>rain</valueName", "info[1].parameter[1].valueName"),
        ("value>50 &lt; mm</value", "info[1].parameter[1].value"),
    ] {
        broken(&format!("<{name}>"), "", &[(Rule::Required, path)]);
    }
    for name in ["identifier", "sender", "sent"] {
        let text = GOOD.replace(&format!("<{name}>"), &format!("<x{name}>"));
        let text = text.replace(&format!("</{name}>"), &format!("</x{name}>"));
        let refused = parse(text.as_bytes(), &Limits::default()).map(|it| it.alert);
        assert_eq!(refused, Err(ReadError::Nameless { line: 2, name }));
    }
}

#[test]
fn words_outside_the_lists_are_kept_and_said() {
    for (from, to, path) in [
        (">Exercise<", ">exercise<", "status"),
        (">Alert<", ">Warning<", "msgType"),
        (">Public<", ">Everybody<", "scope"),
        (">Met<", ">Weather<", "info[1].category[1]"),
        (">Prepare<", ">Run<", "info[1].responseType[1]"),
        (">Expected<", ">Soon<", "info[1].urgency"),
        (">Severe<", ">Red<", "info[1].severity"),
        (">Likely<", ">Sure<", "info[1].certainty"),
    ] {
        broken(from, to, &[(Rule::Word, path)]);
    }
    let alert = read(&GOOD.replace(">Severe<", ">Red<")).alert;
    assert_eq!(alert.info[0].severity.as_ref().map(Word::as_str), Some("Red"));
}

#[test]
fn names_have_no_blanks_commas_or_markup() {
    for bad in ["a b", "a,b", "a&lt;b", "a&amp;b"] {
        let to = format!("<sender>{bad}</sender>");
        broken("<sender>22028041600000</sender>", &to, &[(Rule::Name, "sender")]);
    }
}

#[test]
fn times_have_an_offset_in_digits() {
    let sent = "2026-08-03T11:14:26+08:00";
    for bad in [
        "2026-08-03T03:14:26Z",
        "2026-08-03T11:14:26",
        "2026-08-03T11:14:26.5+08:00",
        "2026-08-03 11:14:26+08:00",
        "2026-02-30T11:14:26+08:00",
        "2026-08-03T11:14+08:00",
        "today",
        "2026-08-03T11:14:60+08:00",
        "2026-08-03T11:14:26+15:00",
    ] {
        broken(sent, bad, &[(Rule::Time, "sent")]);
    }
    for good in
        ["2026-08-03T03:14:26-00:00", "2026-08-03T03:14:26+00:00", "2026-08-02T20:14:26-07:00"]
    {
        broken(sent, good, &[]);
        assert_eq!(Time::from_text(good).moment(), Time::from_text(sent).moment(), "{good}");
    }
    let moment = Time::from_text("2026-08-03T03:14:26Z").moment().expect("a moment all the same");
    assert_eq!(Time::beijing(moment).as_str(), sent);
    assert_eq!(Time::from_text("2026-08-03T11:14:26").moment(), None);
}

#[test]
fn nothing_ends_before_it_was_sent_or_begins() {
    let expires = "2026-08-03T23:00:00+08:00";
    for bad in ["2026-08-03T11:14:26+08:00", "2026-08-03T10:00:00+08:00"] {
        broken(expires, bad, &[(Rule::Expired, "info[1].expires")]);
    }
    let onset = "<onset>2026-08-04T00:00:00+08:00</onset><expires>";
    broken("<expires>", onset, &[(Rule::Expired, "info[1].expires")]);
}

#[test]
fn what_answers_another_message_names_it() {
    for (word, more) in [
        ("Update", &[][..]),
        ("Cancel", &[]),
        ("Ack", &[]),
        ("Error", &[(Rule::NoteNeeded, "note")]),
    ] {
        let mut expected = vec![(Rule::ReferencesNeeded, "references")];
        expected.extend_from_slice(more);
        broken("<msgType>Alert<", &format!("<msgType>{word}<"), &expected);
    }
    for bad in ["a,b", "a,b,c", "a,b,2026-08-03T11:14:26+08:00,d", ",b,2026-08-03T11:14:26+08:00"] {
        let to = format!("<references>{bad}</references>\n<incidents>");
        broken("<incidents>", &to, &[(Rule::References, "references")]);
    }
}

#[test]
fn a_scope_names_whom_it_is_for() {
    broken(">Public<", ">Restricted<", &[(Rule::RestrictionNeeded, "restriction")]);
    broken(">Public<", ">Private<", &[(Rule::AddressesNeeded, "addresses")]);
    let mut alert = good();
    alert.scope = Some(Scope::Private);
    alert.addresses = Some(List::from_items(&["a@example.org", "二 号"]).expect("no quotes"));
    assert_eq!(check(&alert).list, []);
}

#[test]
fn lists_have_quotes_around_blanks() {
    let alert = good();
    let incidents = alert.incidents.expect("two");
    assert_eq!(incidents.items(), Ok(vec!["one", "two words"]));
    assert_eq!(List::from_items(&["one", "two words"]), Ok(incidents));
    broken("two words\"", "two words", &[(Rule::List, "incidents")]);
    broken("two words\"", "two words\"x", &[(Rule::List, "incidents")]);
    assert_eq!(
        List::from_items(&["a\"b"]),
        Err(ListError::Inside { number: 1, saw: "a\"b".into() })
    );
}

#[test]
fn rings_are_closed_and_latitude_comes_first() {
    let ring = "43.1,126.1 43.1,126.5 43.4,126.5 43.1,126.1";
    for bad in [
        "43.1,126.1 43.1,126.5 43.4,126.5 43.2,126.1",
        "43.1,126.1 43.1,126.5 43.1,126.1",
        "",
        "126.1,43.1 126.5,43.1 126.5,43.4 126.1,43.1",
        "43.1 126.1 43.1 126.5",
        "43.1,126.1 43.1,126.5 43.4,NaN 43.1,126.1",
        "43.1,126.1 43.1,1e2 43.4,126.5 43.1,126.1",
    ] {
        broken(ring, bad, &[(Rule::Polygon, "info[1].area[1].polygon[1]")]);
    }
    let open = Polygon::from_text("1,2 3,4 5,6 7,8");
    assert_eq!(open.points().map(|points| points.len()), Ok(4));
    assert!(matches!(open.ring(), Err(ShapeError::Open { .. })));
    let corners = [
        Point { lat: 1.0, lon: 2.0 },
        Point { lat: 1.5, lon: 2.0 },
        Point { lat: 1.5, lon: -3.25 },
    ];
    assert_eq!(Polygon::from_points(&corners).as_str(), "1,2 1.5,2 1.5,-3.25 1,2");
}

#[test]
fn circles_have_a_centre_and_a_radius() {
    for bad in ["43.2,126.2", "43.2,126.2 -1", "43.2,126.2 10 km", "126.2,43.2 10", "10"] {
        broken("43.2,126.2 10", bad, &[(Rule::Circle, "info[1].area[1].circle[1]")]);
    }
}

#[test]
fn heights_are_numbers_and_the_ceiling_is_above() {
    broken("<altitude>600</altitude>", "", &[(Rule::Ceiling, "info[1].area[1].ceiling")]);
    broken("1200.5", "500", &[(Rule::Ceiling, "info[1].area[1].ceiling")]);
    broken("1200.5", "high", &[(Rule::Number, "info[1].area[1].ceiling")]);
}

#[test]
fn files_and_addresses_have_their_form() {
    broken(">QUJD<", ">QUJ<", &[(Rule::Base64, "info[1].resource[1].derefUri")]);
    broken(">3<", ">3.5<", &[(Rule::Number, "info[1].resource[1].size")]);
    broken(">3c01bd", ">3c01b", &[(Rule::Digest, "info[1].resource[1].digest")]);
    broken("https://example.org/a", "example.org/a", &[(Rule::Uri, "info[1].web")]);
    broken("map.png", "my map.png", &[(Rule::Uri, "info[1].resource[1].uri")]);
    broken("zh-CN", "zh_CN", &[(Rule::Language, "info[1].language")]);
    assert_eq!(good().info[0].resource[0].file().as_deref(), Some(&b"ABC"[..]));
}

#[test]
fn order_repetition_and_foreign_elements_are_said_and_kept() {
    let twice = "<scope>Public</scope><scope>Private</scope>";
    broken("<scope>Public</scope>", twice, &[(Rule::Twice, "")]);
    let late = "<event>暴雨</event><category>Fire</category>";
    broken("<event>暴雨</event>", late, &[(Rule::Order, "info[1]")]);
    let foreign = "<x:note xmlns:x=\"urn:x\">hi</x:note><code>cn</code>";
    broken("<code>cn</code>", foreign, &[(Rule::Unknown, "")]);
    let message = read(&GOOD.replace("<code>cn</code>", foreign));
    assert_eq!(message.foreign[0].text, "<x:note xmlns:x=\"urn:x\">hi</x:note>");
    let message = read(&GOOD.replace("<scope>Public</scope>", twice));
    assert_eq!((message.alert.scope, message.foreign.len()), (Some(Scope::Public), 1));
}

#[test]
fn a_message_without_a_namespace_or_with_a_prefix_is_read() {
    let bare = GOOD.replace(" xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\"", "");
    let message = read(&bare);
    assert_eq!(message.alert, good());
    assert_eq!(message.faults.list.iter().map(|it| it.rule).collect::<Vec<_>>(), [Rule::Namespace]);
    let prefixed = GOOD.replace("</", "</c:").replace('<', "<c:").replace("<c:/c:", "</c:");
    let prefixed = prefixed.replace("<c:?xml", "<?xml").replace("xmlns=", "xmlns:c=");
    let message = read(&prefixed);
    assert_eq!((message.alert, message.faults.list), (good(), vec![]));
    let other = GOOD.replace("cap:1.2", "cap:9.9");
    let refused = parse(other.as_bytes(), &Limits::default());
    assert!(matches!(refused, Err(ReadError::Root { line: 2, .. })), "{refused:?}");
}

#[test]
fn cap_1_0_is_read_with_its_own_rules_and_written_as_1_2() {
    let old = r#"<alert xmlns="http://www.incident.com/cap/1.0">
        <identifier>KSTO1</identifier><sender>K@N.GOV</sender><sent>2003-06-17T14:57:00Z</sent>
        <status>Actual</status><msgType>Alert</msgType>
        <info><event>STORM</event><urgency>Immediate</urgency><severity>Severe</severity>
        <certainty>Very Likely</certainty><eventCode>same=SVR</eventCode>
        <area><areaDesc>x</areaDesc><geocode>fips6=006109</geocode></area></info></alert>"#;
    let message = read(old);
    assert_eq!((message.alert.version, message.faults.list), (Version::V10, vec![]));
    let info = &message.alert.info[0];
    assert_eq!(
        (info.event_code[0].value_name.as_str(), info.event_code[0].value.as_str()),
        ("same", "SVR")
    );
    let new = message.alert.clone().upgraded();
    let rules: Vec<Rule> = check(&new).list.iter().map(|fault| fault.rule).collect();
    assert_eq!(rules, [Rule::Time, Rule::Required, Rule::Required], "scope and category");
    assert_eq!(parse(&write_as_is(&new), &Limits::default()).expect("its own").alert, new);
    // Never written in words of 1.0.
    assert!(write(&message.alert).is_err());
    let newer = GOOD.replace(">Likely<", ">Very Likely<");
    assert_eq!(read(&newer).faults.list[0].rule, Rule::Deprecated);
}

#[test]
fn what_breaks_a_rule_is_not_written() {
    let cases: [fn(&mut Alert); 4] = [
        |alert| alert.sender = "a b".into(),
        |alert| alert.msg_type = Some(MsgType::Update),
        |alert| alert.references = Some(References::from_text("x")),
        |alert| alert.info[0].headline = Some("a\u{1}b".into()),
    ];
    for (number, change) in cases.into_iter().enumerate() {
        let mut alert = good();
        change(&mut alert);
        let faults = write(&alert).expect_err("a fault");
        assert_eq!(faults.list.len(), 1, "{number}: {faults:?}");
    }
}

#[test]
fn every_rule_has_its_own_code_clause_and_words() {
    let codes: std::collections::HashSet<&str> = Rule::ALL.iter().map(|rule| rule.code()).collect();
    assert_eq!(codes.len(), Rule::ALL.len());
    assert!(Rule::ALL.iter().all(|rule| !rule.clause().is_empty() && !rule.expected().is_empty()));
}
