//! Fields: points, states, numbers, times.

use expect_test::{Expect, expect};

use super::super::{PointCode, PointState, Stop, items, stops};
use super::{MINE, at, file, said};

const GOOD: &str =
    "22010000000101MN0001011A08;甲烷;1301综采工作面T1;0.42;%CH4;0;2019-08-01 07:59:58~";

/// A file of nine good records and this one, so that it may be bad.
#[track_caller]
fn check(record: &str, expected: Expect) {
    let good: String = (0..9).map(|n| GOOD.replace("011A08", &format!("00000{n}"))).collect();
    expected.assert_eq(&said("CDSS", file(&[&good, record, "~"].concat()).as_bytes()));
}

#[test]
fn a_state_is_eight_binary_digits_or_a_decimal_number() {
    for (text, bits) in [
        ("0", Some(0)),
        ("1", Some(1)),
        ("3", Some(3)),
        ("128", Some(128)),
        ("00000000", Some(0)),
        ("00000001", Some(1)),
        ("10000000", Some(128)),
        ("00000010", Some(2)),
        ("255", Some(255)),
        ("256", None),
        ("", None),
        ("-1", None),
        ("0x1", None),
        ("正常", None),
        ("00000002", Some(2)),
        ("000000001", Some(1)),
        ("100000001", None),
    ] {
        assert_eq!(PointState(text.to_owned()).bits(), bits, "{text:?}");
    }
}

#[test]
fn an_alarm_and_a_cut_do_not_spoil_a_value_and_everything_else_does() {
    for (text, is_usable) in [
        ("0", true),
        ("1", true),
        ("2", true),
        ("3", true),
        ("4", false),
        ("8", false),
        ("16", false),
        ("32", false),
        ("64", false),
        ("128", false),
        ("5", false),
        ("", false),
    ] {
        assert_eq!(PointState(text.to_owned()).is_usable(), is_usable, "{text:?}");
    }
}

#[test]
fn a_point_is_cut_into_its_parts() {
    let point = PointCode::parse("22010000000101MN0001011A08", MINE).expect("the example");
    let parts =
        [point.mine(), point.system(), point.value_type(), point.sensor_type(), point.own()];
    assert_eq!(parts, ["220100000001", "01", "MN", "0001", "011A08"]);
    let refused = |code: &str| PointCode::parse(code, MINE).expect_err(code).reason.code();
    assert_eq!(refused("22010000000101MN0001"), "CODE_LENGTH");
    assert_eq!(refused("22010000000101MN0001123456789"), "CODE_LENGTH");
    assert_eq!(refused("22010000000201MN0001011A08"), "OTHER_MINE");
    assert_eq!(refused("2201000000010xMN0001011A08"), "CODE_FORM");
    assert_eq!(refused("22010000000101mn0001011A08"), "CODE_FORM");
    assert_eq!(refused("22010000000101MN0001魚011A"), "CODE_FORM");
    assert_eq!(refused("魚億魚億魚億魚億"), "CODE_FORM");
    assert_eq!(refused(""), "MISSING");
}

#[test]
fn a_record_is_refused_with_its_number_field_and_reason() {
    check("a;b;c", expect![[r#"9 good; 10 is FIELD_COUNT in "": "3", expected 7 fields"#]]);
    check(
        &GOOD.replace("22010000000101MN0001011A08", "").replace('~', ""),
        expect![[r#"9 good; 10 is MISSING in "point": "", expected a code"#]],
    );
    for number in ["NaN", "Infinity", "-inf", "0x1F", "1e3", "1,5", "１２", "0.4.2", "--1", "."] {
        let record = GOOD.replace("0.42", number).replace('~', "");
        let good: String = (0..9).map(|n| GOOD.replace("011A08", &format!("00000{n}"))).collect();
        let said = super::said("CDSS", file(&[&good, &record, "~"].concat()).as_bytes());
        let want =
            format!(r#"9 good; 10 is NUMBER in "value": "{number}", expected a decimal number"#);
        assert_eq!(said, want);
    }
    let slashes = GOOD.replace("2019-08-01 07", "2019/08/01 07").replace('~', "");
    check(
        &slashes,
        expect![[
            r#"9 good; 10 is TIME in "data_time": "2019/08/01 07:59:58", expected yyyy-MM-dd HH:mm:ss"#
        ]],
    );
    let month = GOOD.replace("2019-08-01 07", "2019-13-01 07").replace('~', "");
    check(
        &month,
        expect![[
            r#"9 good; 10 is TIME in "data_time": "2019-13-01 07:59:58", expected yyyy-MM-dd HH:mm:ss"#
        ]],
    );
    let none = GOOD.replace("2019-08-01 07:59:58~", "");
    check(
        &none,
        expect![[r#"9 good; 10 is MISSING in "data_time": "", expected yyyy-MM-dd HH:mm:ss"#]],
    );
}

#[test]
fn empty_is_no_value_and_zero_is_one() {
    let values = ["", "0", "0.00", "null", "-0.01", "+1.5"].map(|value| {
        let text = file(&GOOD.replace("0.42", value));
        let read = super::read("CDSS", text.as_bytes()).expect("a good record");
        let super::super::Content::PointValue(values) = read.content else { panic!("values") };
        values[0].1.value.map(|value| value.to_string())
    });
    let want = [None, Some("0"), Some("0.00"), None, Some("-0.01"), Some("1.5")];
    assert_eq!(values, want.map(|value| value.map(str::to_owned)));
}

#[test]
fn what_stood_in_a_field_about_a_person_is_not_repeated() {
    let row = |card: &str| format!("{card};张三;1;;;;;;;三八制;;正常;0;0;~");
    let rows: String = (0..9).map(|n| row(&format!("{MINE}{n:05}"))).collect();
    let said = said("RYSS", file(&[&rows, &row("2201000000012")[..]].concat()).as_bytes());
    expect![[r#"9 good; 10 is CODE_LENGTH in "card": "13 characters", expected 17 digits: a mine and 5 more"#]].assert_eq(&said);
}

#[test]
fn tracks_and_lists_are_cut_as_hosts_join_them() {
    let (a, b) = ("2201000000010001000010", "2201000000010001000020");
    let (first, second) = ("2019-08-01 07:00:00", "2019-08-01 07:10:00");
    let both =
        [Stop { station: a, at: Some(at(first)) }, Stop { station: b, at: Some(at(second)) }];
    assert_eq!(stops(&format!("{a}&{first}&{b}&{second}")).collect::<Vec<_>>(), both);
    assert_eq!(stops(&format!("{a}&{first},{b}&{second},")).collect::<Vec<_>>(), both);
    assert_eq!(stops(a).collect::<Vec<_>>(), [Stop { station: a, at: None }]);
    assert_eq!(stops("").count(), 0);
    assert_eq!(items("1&2& &3,").collect::<Vec<_>>(), ["1", "2", "3"]);
}
