//! Messages in streams: cut anywhere, too long, never ended, and ids that would break them.

use base::Duration;
use expect_test::expect;

use super::super::{
    Message, MessageError, Response, ScanLimits, Scanned, Scanner, layout, parse, write,
};
use super::{LEVEL_CLOSED, at, bytes, envelope};

fn scan(limits: ScanLimits, chunks: &[&[u8]]) -> Vec<Scanned> {
    let mut scanner = Scanner::new(limits);
    let mut found = Vec::new();
    for chunk in chunks {
        scanner.push(at(0), chunk);
        while let Some(scanned) = scanner.scan(at(0)) {
            found.push(scanned);
        }
    }
    found
}

fn ids(found: &[Scanned]) -> Vec<String> {
    let id = |scanned: &Scanned| match scanned {
        Scanned::Message { message, .. } => match &**message {
            Message::Request(envelope) => envelope.data_id.clone(),
            Message::Response(_) => "answer".to_owned(),
        },
        Scanned::Reject { error, .. } => error.to_string(),
    };
    found.iter().map(id).collect()
}

#[test]
fn two_messages_in_one_read_and_one_in_three_are_the_same_two() {
    let two = [bytes("d-1", "AAAA"), bytes("d-2", "AAAA")].concat();
    let expected = ["d-1", "d-2"];
    assert_eq!(ids(&scan(ScanLimits::DEFAULT, &[&two])), expected);
    let first = bytes("d-1", "AAAA").len();
    // The marks of the first are cut between their two bytes.
    let cut = [&two[..10], &two[10..first - 1], &two[first - 1..]];
    assert_eq!(ids(&scan(ScanLimits::DEFAULT, &cut)), expected);
    let single: Vec<&[u8]> = two.chunks(1).collect();
    assert_eq!(ids(&scan(ScanLimits::DEFAULT, &single)), expected);
}

#[test]
fn lines_between_messages_and_empty_ones_say_nothing() {
    let stream = [b"\r\n@@@@ ", &bytes("d-1", "AAAA")[..], b"\r\n", &bytes("d-2", "AAAA"), b"\n"];
    let found = scan(ScanLimits::DEFAULT, &[&stream.concat()]);
    assert_eq!(ids(&found), ["d-1", "d-2"]);
}

#[test]
fn what_is_no_message_is_told_and_the_next_one_read() {
    let stream = [
        &b"GET / HTTP/1.1@@"[..],
        b"\xFF\xFE@@",
        b"[1]@@",
        br#"{"appId":"a","serviceId":"s","dataId":"d"}@@"#,
        br#"{"appId":"a","serviceId":"s","dataId":7,"data":"AAAA"}@@"#,
        br#"{"appId":"a","appId":"b","serviceId":"s","dataId":"d","data":"AAAA"}@@"#,
        br#"{"appId":"","serviceId":"s","dataId":"d","data":"AAAA"}@@"#,
        br#"{"appId":"a","serviceId":"s","dataId":"\u0040\u0040","data":"AAAA"}@@"#,
        br#"{"appId":"a","serviceId":"s","dataId":"a\nb","data":"AAAA"}@@"#,
        br#"{"appId":"a","serviceId":"s","dataId":"d","data":"AAAA","params":NaN}@@"#,
        &bytes("d-9", "AAAA"),
    ];
    let found = scan(ScanLimits::DEFAULT, &[&stream.concat()]);
    expect![[r#"
        [
            "message is no JSON object: expected value at line 1 column 1",
            "message is no UTF-8 text, from byte 0 on",
            "message is no JSON object: invalid type: sequence, expected an object at line 1 column 0",
            "data is missing, expected base64 or hex text",
            "dataId is 7, expected 1 to 128 characters, none of control, without @@ and blanks at the ends",
            "message is no JSON object: \"appId\" stands twice in one object at line 1 column 24",
            "appId is \"\", expected 1 to 128 characters, none of control, without @@ and blanks at the ends",
            "dataId is \"@@\", expected 1 to 128 characters, none of control, without @@ and blanks at the ends",
            "dataId is \"a\\nb\", expected 1 to 128 characters, none of control, without @@ and blanks at the ends",
            "message is no JSON object: expected value at line 1 column 66",
            "d-9",
        ]
    "#]]
    .assert_debug_eq(&ids(&found));
}

#[test]
fn a_message_that_is_too_long_ends_the_stream_however_it_was_cut() {
    let limits = ScanLimits { message: 120, ..ScanLimits::DEFAULT };
    let fits = bytes("d-1", &"A".repeat(58));
    assert_eq!(fits.len(), 120 + 2, "as long as is taken");
    let stream = [fits, bytes("d-2", &"A".repeat(59)), bytes("d-3", "AAAA")].concat();
    let whole = scan(limits, &[&stream]);
    assert_eq!(ids(&whole), ["d-1", "message has more than the 120 bytes taken"]);
    for size in 1..40 {
        let chunks: Vec<&[u8]> = stream.chunks(size).collect();
        assert_eq!(scan(limits, &chunks), whole, "in pieces of {size}");
    }
}

#[test]
fn the_start_of_a_message_waits_two_minutes_for_its_end() {
    let mut scanner = Scanner::new(ScanLimits::DEFAULT);
    assert_eq!(scanner.deadline(), None);
    scanner.push(at(0), br#"{"appId":"#);
    assert_eq!(scanner.scan(at(0)), None);
    scanner.push(at(100), br#""a""#);
    assert_eq!(scanner.scan(at(100)), None);
    assert_eq!(scanner.deadline(), Some(at(0) + Duration::from_mins(2)));
    assert_eq!(scanner.scan(at(119)), None);
    let Some(Scanned::Reject { raw, error }) = scanner.scan(at(120)) else { panic!("too late") };
    assert_eq!((raw.len(), error), (12, MessageError::Short { got: 12 }));
    assert!(scanner.is_lost());
    scanner.push(at(121), &bytes("d-1", "AAAA"));
    assert_eq!((scanner.scan(at(121)), scanner.deadline()), (None, None));
}

#[test]
fn an_endless_stream_without_marks_costs_no_more_than_one_message() {
    let limits = ScanLimits { message: 64 << 10, ..ScanLimits::DEFAULT };
    let mut scanner = Scanner::new(limits);
    let mut rejected = 0;
    for _ in 0..1_000 {
        scanner.push(at(0), &[b'a'; 4_096]);
        while let Some(Scanned::Reject { raw, .. }) = scanner.scan(at(0)) {
            rejected += raw.len();
        }
    }
    assert_eq!(rejected, Scanner::EVIDENCE);
}

#[test]
fn a_message_comes_back_from_its_bytes_and_one_that_cannot_stand_is_refused() {
    let mut whole = envelope("d-1", LEVEL_CLOSED);
    whole.interface = Some("realtime".to_owned());
    whole.params = Some(serde_json::json!({"v": [1, null]}));
    whole.more.insert("sign".to_owned(), serde_json::json!("00"));
    let message = Message::Request(whole.clone());
    let raw = write(&message).expect("it can stand");
    assert_eq!(parse(&raw), Ok((message, &b""[..])));
    for broken in ["", "a@@b", " a", "a\u{7}"] {
        let mut other = whole.clone();
        other.data_id = broken.to_owned();
        assert!(write(&Message::Request(other)).is_err(), "{broken:?}");
    }
    whole.data = "@@".to_owned();
    assert!(write(&Message::Request(whole)).is_err());
    assert!(matches!(parse(br#"{"a":1}"#), Err(MessageError::Short { got: 7 })));
}

#[test]
fn answers_are_read_as_the_reference_server_writes_them() {
    let known = br#"{"success":false,"dataId":null,"error":{"code":"401","id":"INVALID_SERVICE_ID","message":"m"}}@@"#;
    let Ok((Message::Response(response), _)) = parse(known) else { panic!("an answer") };
    assert!(!response.is_success && response.data_id.is_none());
    assert_eq!(
        response.error.as_ref().map(|it| (&*it.code, &*it.id)),
        Some(("401", "INVALID_SERVICE_ID"))
    );
    let mut bytes = response.to_bytes();
    assert_eq!(bytes, known);
    bytes.clear();
    // An id with marks can never break a stream of answers.
    let odd = Response::success("a@@b");
    assert_eq!(parse(&odd.to_bytes()), Ok((Message::Response(odd), &b""[..])));
}

#[test]
fn a_layout_names_every_byte() {
    let raw = [&b" "[..], &bytes("d-1", "AAAA"), b"rest"].concat();
    let named: Vec<(String, &str)> = layout(&raw)
        .into_iter()
        .map(|span| {
            (String::from_utf8_lossy(&raw[span.start..span.start + span.len]).into(), span.name)
        })
        .collect();
    expect![[r#"
        [
            (
                " {\"appId\":",
                "syntax",
            ),
            (
                "\"app-1\"",
                "app",
            ),
            (
                ",\"serviceId\":",
                "syntax",
            ),
            (
                "\"svc-1\"",
                "service",
            ),
            (
                ",\"dataId\":",
                "syntax",
            ),
            (
                "\"d-1\"",
                "message",
            ),
            (
                ",\"data\":",
                "syntax",
            ),
            (
                "\"AAAA\"",
                "data",
            ),
            (
                "}",
                "syntax",
            ),
            (
                "@@",
                "end",
            ),
            (
                "rest",
                "unread",
            ),
        ]
    "#]]
    .assert_debug_eq(&named);
}
