//! JSON documents: what is taken, and what of them is refused with which words.

use expect_test::{Expect, expect};

use super::super::{Limits, parse_json};
use super::shown;

#[track_caller]
fn check(text: &str, expected: Expect) {
    let text = match parse_json(text.as_bytes(), &Limits::default()) {
        Ok(records) => shown(&records),
        Err(bad) => format!("{bad} (byte {})\n", bad.offset),
    };
    expected.assert_eq(&text);
}

#[test]
fn values_by_name() {
    check(
        r#"{"station": "2202820001", "time": "2026-08-03T11:14:26+08:00",
            "values": {"ch4": 0.42, "temp": {"value": 21.5, "quality": "uncertain"}, "co": null, "fan": true}}"#,
        expect![[r#"
            2202820001 ch4=0.42 @2026-08-03T03:14:26.000Z Good(0x00)
            2202820001 temp=21.5 @2026-08-03T03:14:26.000Z Uncertain(0x05)
            2202820001 co=none @2026-08-03T03:14:26.000Z Good(0x00)
            2202820001 fan=1.0 @2026-08-03T03:14:26.000Z Good(0x00)
        "#]],
    );
}

#[test]
fn values_in_a_list_with_times_of_their_own() {
    check(
        r#"{"time": 1785733200000, "quality": "bad", "values": [
            {"name": "level", "value": 261.93},
            {"name": "level", "value": 261.95, "time": "2026-08-03T05:05:00Z", "quality": "good"}]}"#,
        expect![[r#"
            - level=261.93 @2026-08-03T05:00:00.000Z Bad(0x06)
            - level=261.95 @2026-08-03T05:05:00.000Z Good(0x00)
        "#]],
    );
}

#[test]
fn several_records_and_keys_of_the_devices_own() {
    check(
        r#"[{"v": {"deep": [[[{}]]]}, "values": {"a": 1}, "time": 0}, {"values": {"b": 2e3}, "time": -1}]"#,
        expect![[r#"
            - a=1.0 @1970-01-01T00:00:00.000Z Good(0x00)
            - b=2000.0 @1969-12-31T23:59:59.999Z Good(0x00)
        "#]],
    );
}

#[test]
fn numbers_are_what_is_written() {
    check(
        r#"{"time": 0, "values": {"a": 0.1, "b": 9007199254740993, "c": 123456789.123456789, "d": -0.0,
            "e": 2.2250738585072011e-308, "f": 1.7976931348623157e308, "g": 0.30000000000000004}}"#,
        expect![[r#"
            - a=0.1 @1970-01-01T00:00:00.000Z Good(0x00)
            - b=9007199254740992.0 @1970-01-01T00:00:00.000Z Good(0x00)
            - c=123456789.12345679 @1970-01-01T00:00:00.000Z Good(0x00)
            - d=-0.0 @1970-01-01T00:00:00.000Z Good(0x00)
            - e=2.225073858507201e-308 @1970-01-01T00:00:00.000Z Good(0x00)
            - f=1.7976931348623157e308 @1970-01-01T00:00:00.000Z Good(0x00)
            - g=0.30000000000000004 @1970-01-01T00:00:00.000Z Good(0x00)
        "#]],
    );
}

#[test]
fn what_is_no_number_is_named() {
    for (value, expected) in [
        (
            "NaN",
            expect![[r#"
                value is NaN, expected a number, true, false or null at /values/a (byte 27)
            "#]],
        ),
        (
            "Infinity",
            expect![[r#"
                value is Infinity, expected a number, true, false or null at /values/a (byte 27)
            "#]],
        ),
        (
            "0x10",
            expect![[r#"
                value is 0x10, expected a number, true, false or null at /values/a (byte 27)
            "#]],
        ),
        (
            "1e400",
            expect![[r#"
                value 1e400 is no double at /values/a (byte 27)
            "#]],
        ),
        (
            "\"\"",
            expect![[r#"
                value is "", expected a number, true, false or null at /values/a (byte 27)
            "#]],
        ),
        (
            "\"21.5\"",
            expect![[r#"
                value is "21.5", expected a number, true, false or null at /values/a (byte 27)
            "#]],
        ),
        (
            "01",
            expect![[r#"
                value is 01, expected a number, true, false or null at /values/a (byte 27)
            "#]],
        ),
        (
            "[1]",
            expect![[r#"
                value is [1, expected a number, true, false or null at /values/a (byte 27)
            "#]],
        ),
        (
            "",
            expect![[r#"
                value is nothing, expected a number, true, false or null at /values/a (byte 27)
            "#]],
        ),
    ] {
        check(&format!("{{\"time\": 0, \"values\": {{\"a\":{value}}}}}"), expected);
    }
}

#[test]
fn a_time_is_a_moment() {
    for (time, expected) in [
        (
            "\"2026-08-03 11:14:26\"",
            expect![[r#"
            time is "2026-08-03 11:14:26", expected RFC 3339 with its offset or milliseconds at /time (byte 8)
        "#]],
        ),
        (
            "\"1785733200000\"",
            expect![[r#"
            time is "1785733200000", expected RFC 3339 with its offset or milliseconds at /time (byte 8)
        "#]],
        ),
        (
            "1785733200.5",
            expect![[r#"
            time is 1785733200.5, expected RFC 3339 with its offset or milliseconds at /time (byte 8)
        "#]],
        ),
        (
            "99999999999999999",
            expect![[r#"
            time is 99999999999999999, expected RFC 3339 with its offset or milliseconds at /time (byte 8)
        "#]],
        ),
        (
            "null",
            expect![[r#"
            time is null, expected RFC 3339 with its offset or milliseconds at /time (byte 8)
        "#]],
        ),
        (
            "\"2026-02-30T00:00:00Z\"",
            expect![[r#"
            time is "2026-02-30T00:00:00Z", expected RFC 3339 with its offset or milliseconds at /time (byte 8)
        "#]],
        ),
    ] {
        check(&format!("{{\"time\":{time}, \"values\": {{\"a\": 1}}}}"), expected);
    }
}

#[test]
fn what_is_missing_or_twice_is_named() {
    check(
        r#"{"values": {"a": 1}}"#,
        expect![[r#"
            key "time" is missing at the record (byte 0)
        "#]],
    );
    check(
        r#"{"time": 0}"#,
        expect![[r#"
        key "values" is missing at the record (byte 0)
    "#]],
    );
    check(
        r#"{"time": 0, "values": [{"name": "a"}]}"#,
        expect![[r#"
        key "value" is missing at /values/0 (byte 23)
    "#]],
    );
    check(
        r#"{"time": 0, "values": [{"value": 1}]}"#,
        expect![[r#"
        key "name" is missing at /values/0 (byte 23)
    "#]],
    );
    check(
        r#"{"time": 0, "values": {"a": 1, "a": 2}}"#,
        expect![[r#"
        name "a" is there twice at /values/a (byte 36)
    "#]],
    );
    check(
        r#"{"time": 0, "time": 1, "values": {"a": 1}}"#,
        expect![[r#"
        key "time" is there twice at /time (byte 20)
    "#]],
    );
    check(
        r#"[{"time": 0, "values": {"a": 1}}, {"time": 0, "values": {"a": {"value": 1, "value": 1}}}]"#,
        expect![[r#"
        key "value" is there twice at /1/values/a (byte 84)
    "#]],
    );
    check(
        r#"{"time": 0, "values": {"": 1}}"#,
        expect![[r#"
        name is empty or longer than 128 bytes at /values/ (byte 27)
    "#]],
    );
    check(
        r#"{"time": 0, "values": {"a": 1, " a ": 2}}"#,
        expect![[r#"
        name "a" is there twice at /values/a (byte 38)
    "#]],
    );
    check(
        r#"{"time": 0, "via": "county", "values": {"a": 1}}"#,
        expect![[r#"
        via is "county", expected an array of names at /via (byte 19)
    "#]],
    );
    check(
        r#"{"time": 0, "via": ["1","2","3","4","5","6","7","8","9"], "values": {"a": 1}}"#,
        expect![[r#"
        more than 8 systems, that is the limit at /via (byte 52)
    "#]],
    );
    check(
        "[]",
        expect![[r#"
        no record is there at / (byte 2)
    "#]],
    );
    check(
        "[1]",
        expect![[r#"
        record is 1, expected an object at /0 (byte 1)
    "#]],
    );
}

#[test]
fn what_is_no_json_is_said_to_be_none() {
    check(
        "",
        expect![[r#"
        record is nothing, expected an object at the record (byte 0)
    "#]],
    );
    check(
        r#"{"time": 0, "values": {"a": 1}"#,
        expect![[r#"
        not JSON: nothing, expected a comma or } at the document (byte 30)
    "#]],
    );
    check(
        r#"{"time": 0, "values": {"a": 1}} {}"#,
        expect![[r#"
        { follows the document at the end (byte 32)
    "#]],
    );
    check(
        r#"{"time": 0, "values": {"a": 1},}"#,
        expect![[r#"
        not JSON: nothing, expected a key in quotes at the document (byte 31)
    "#]],
    );
    check(
        "{'time': 0}",
        expect![[r#"
        not JSON: 'time': 0, expected a key in quotes at the document (byte 1)
    "#]],
    );
    check(
        "{\"time\": 0, \"values\": {\"a\nb\": 1}}",
        expect![[r#"
            not JSON: control character (\u0000-\u001F) found while parsing a string at line 2 column 0 at the document (byte 23)
        "#]],
    );
}

#[test]
fn names_may_be_escaped_and_texts_begin_with_a_mark() {
    check(
        "\u{FEFF}{\"time\": 0, \"values\": {\"\\u6c34\\u4f4d\": 1}}",
        expect![[r#"
        - 水位=1.0 @1970-01-01T00:00:00.000Z Good(0x00)
    "#]],
    );
    let gbk = b"{\"time\": 0, \"values\": {\"\xB5\xE7\": 1}}";
    let bad = parse_json(gbk, &Limits::default()).expect_err("it is GBK");
    assert_eq!(bad.to_string(), "text is not UTF-8 at the text");
}

#[test]
fn limits_are_said() {
    let small = Limits { bytes: 200, records: 2, values: 3, name: 4, ..Limits::default() };
    for (text, expected) in [
        (r#"[{"time":0,"values":{"a":1}},{"time":0,"values":{"a":1}},{"time":0,"values":{"a":1}}]"#.to_owned(), "more than 2 records, that is the limit at /2"),
        (r#"{"time":0,"values":{"a":1,"b":1,"c":1,"d":1}}"#.to_owned(), "more than 3 values, that is the limit at /values/d"),
        (r#"{"time":0,"values":{"abcde":1}}"#.to_owned(), "name is empty or longer than 4 bytes at /values/abcde"),
        (r#"{"time":0,"station":"abcde","values":{}}"#.to_owned(), "name has 5 bytes, 4 are taken at /station"),
        (" ".repeat(201), "document has 201 bytes, 200 are taken at the document"),
    ] {
        let bad = parse_json(text.as_bytes(), &small).expect_err(expected);
        assert_eq!(bad.to_string(), expected);
    }
}

/// A million brackets cost no stack, and what is deep is passed over like anything else.
#[test]
fn depth_is_no_matter() {
    let deep = "[".repeat(400_000);
    assert!(parse_json(deep.as_bytes(), &Limits::default()).is_err());
    let text = format!("{{\"x\": {deep}{}, \"time\": 0, \"values\": {{}}}}", "]".repeat(400_000));
    assert!(parse_json(text.as_bytes(), &Limits::default()).is_ok());
}
