//! Every form that reports come in, and what is refused of them.

use expect_test::{Expect, expect};

use super::super::{
    Doubt, Form, Names, Number, Payload, PayloadError, PointCode, QuotaCode, ReportKind, Row,
    Status, TimeForm, Value,
};
use super::LEVEL;

const TWO: &str = r#"[{"quotaId":"540170007002G0001YW001","value":"9173"},{"quotaId":"540170007002G0002YW001","value":12869}]"#;

fn hazchem(members: &str, rows: &str) -> Result<Payload, PayloadError> {
    let text = format!(
        r#"{{"dataId":"x","enterpriseId":"540170007","gatewayId":"54017000701",{members},"datas":{rows}}}"#
    );
    Payload::parse(&text)
}

fn mine(data_type: &str, rows: &str) -> Payload {
    let text = format!(
        r#"{{"dataId":"d","enterpriseCode":"220000000001","gatewayCode":"22000000000101","enterpriseName":"样例矿","enterpriseType":"DXK","collectTime":"2025-03-01 08:00:00","isConnectDataSource":true,"reportType":"report","dataType":"{data_type}","datas":{rows}}}"#
    );
    Payload::parse(&text).expect("a report of a mine")
}

#[track_caller]
fn check(payload: &Payload, expected: Expect) {
    let mut text = String::new();
    for reading in payload.readings() {
        text += &format!(
            "{} {} {:?} {:?}\n",
            reading.time.to_beijing(),
            reading.point,
            reading.value,
            reading.doubt,
        );
    }
    for row in &payload.rows {
        match row {
            Row::Bad { reason, .. } => text += &format!("bad: {reason}\n"),
            Row::Other(members) => text += &format!("other: {members:?}\n"),
            Row::Alarm(alarm) => text += &format!("{alarm:?}\n"),
            Row::Quota(_) | Row::Point(_) => {}
        }
    }
    expected.assert_eq(&text);
}

#[test]
fn the_sample_of_2019_nests_its_report_and_writes_flags_as_text() {
    let text = r#"{"dataId":"6f1d","enterpriseId":"540170007","report":{"gatewayId":"54017000701","collectTime":"20191217100530","isConnectDataSource":"true","reportType":"report","dataType":"real","datas":[{"quotaId":"540170007002G0001YW001","value":"9173"}]}}"#;
    let payload = Payload::parse(text).expect("a report");
    assert_eq!(payload.form, Form { is_nested: true, ..Form::HAZCHEM });
    assert_eq!((payload.is_connected, payload.kind.clone()), (Some(true), ReportKind::Report));
    check(
        &payload,
        expect![[r#"
            2019-12-17 10:05:30 540170007002G0001YW001 Number(Number { text: "9173", value: 9173.0 }) None
        "#]],
    );
    assert_eq!(payload.to_json(), text);
    assert_eq!(Payload::parse(LEVEL).expect("a report").to_json(), LEVEL);
}

#[test]
fn both_times_flags_as_text_and_numbers_of_both_kinds_say_the_same() {
    let forms = [
        r#""collectTime":"20191217100530","isConnectDataSource":"true","reportType":"report""#,
        r#""collectTime":"2019-12-17 10:05:30","isConnectDataSource":true"#,
        r#""collectTime":"2019-12-17 10:05:30","isConnectDataSource":"1","reportType":"""#,
    ];
    let said = forms.map(|form| {
        let payload = hazchem(form, TWO).expect("a report");
        let values: Vec<_> = payload.readings().map(|it| (it.time, it.value.number())).collect();
        (payload.is_connected, payload.kind, values)
    });
    assert!(said.iter().all(|it| *it == said[0]), "{said:?}");
    let late = hazchem(r#""collectTime":"20191217100530","reportType":"continues""#, TWO);
    assert_eq!(late.expect("a report").kind, ReportKind::Continues);
}

#[test]
fn who_has_lost_its_instruments_is_not_believed() {
    let form = r#""collectTime":"20191217100530","isConnectDataSource":"false""#;
    let payload = hazchem(form, TWO).expect("a report");
    assert_eq!(payload.is_connected, Some(false));
    assert!(payload.readings().all(|reading| reading.doubt == Doubt::LinkLost));
    assert_eq!(payload.readings().count(), 2);
    // Nothing to list is all it may say then, and only then.
    assert!(hazchem(form, "null").expect("a report").rows.is_empty());
    let error = hazchem(r#""collectTime":"20191217100530""#, "null").expect_err("no rows");
    assert_eq!(error.to_string(), "datas is null, expected a list");
}

#[test]
fn an_empty_value_is_no_zero_and_no_number_is_none() {
    let values = [
        r#""""#,
        "null",
        r#""  ""#,
        r#""0""#,
        "-0.50",
        "1e3",
        r#"" 8.42 ""#,
        r#""NaN""#,
        r#""Infinity""#,
        r#""-inf""#,
        r#""0x1F""#,
        r#""1e999""#,
        r#""1,5""#,
        r#""8.42m""#,
        r#""断线""#,
        r#"".5""#,
        r#""5.""#,
        r#""1_000""#,
        "true",
        "1e999",
    ];
    let rows: Vec<String> = values
        .iter()
        .map(|value| format!(r#"{{"quotaId":"540170007002G0001YW001","value":{value}}}"#))
        .collect();
    let rows = format!(r#"[{},{{"quotaId":"540170007002G0001YW001"}}]"#, rows.join(","));
    let payload = hazchem(r#""collectTime":"20191217100530""#, &rows).expect("a report");
    let read: Vec<String> = payload
        .readings()
        .map(|it| match it.value {
            Value::Number(number) => format!("{}", number.value()),
            Value::Empty => "empty".to_owned(),
            Value::Bad(text) => format!("bad {text}"),
        })
        .collect();
    expect![[r#"
        [
            "empty",
            "empty",
            "empty",
            "0",
            "-0.5",
            "1000",
            "8.42",
            "bad NaN",
            "bad Infinity",
            "bad -inf",
            "bad 0x1F",
            "bad 1e999",
            "bad 1,5",
            "bad 8.42m",
            "bad 断线",
            "bad .5",
            "bad 5.",
            "bad 1_000",
            "1",
            "bad 1e999",
            "empty",
        ]
    "#]]
    .assert_debug_eq(&read);
    assert!(
        hazchem(r#""collectTime":"20191217100530""#, r#"[{"quotaId":"q","value":NaN}]"#).is_err()
    );
    assert_eq!(Number::parse(&"9".repeat(65)), None, "longer than any number of an instrument");
}

#[test]
fn points_of_a_mine_have_their_own_times_places_and_states() {
    let row = |code: &str, value: &str, status: &str| {
        format!(
            r#"{{"ksbh":"k1","pointCode":"{code}","sensorType":"0001","pointLocation":"1号井口","pointValue":{value},"valueUnit":"m/s","pointStatus":{status},"dataTime":"2025-03-01 07:59:58"}}"#
        )
    };
    let rows = [
        row("22000000000101MN0002A01", "2.41", r#""00000000""#),
        row("22000000000101MN0002A02", r#""2.4""#, r#""00000011""#),
        row("22000000000101MN0002A03", r#""2.4""#, r#""10000000""#),
        row("22000000000101KG1001B01", "1", "4"),
        row("22000000000101KG1001B02", "1", r#""256""#),
        row("22000000000101KG1001B03", "1", "null"),
        r#"{"pointCode":"22000000000101MN0002A04","pointName":"2号井口","pointValue":"2"}"#
            .to_owned(),
        r#"{"pointValue":"2"}"#.to_owned(),
        r#"{"pointCode":"22000000000101MN0002A05","pointValue":"2","dataTime":"yesterday"}"#
            .to_owned(),
        "7".to_owned(),
        r#"{"pointCode":"a","pointCode":"b","pointValue":"2"}"#.to_owned(),
    ];
    check(
        &mine("04", &format!("[{}]", rows.join(","))),
        expect![[r#"
            2025-03-01 07:59:58 22000000000101MN0002A01 Number(Number { text: "2.41", value: 2.41 }) None
            2025-03-01 07:59:58 22000000000101MN0002A02 Number(Number { text: "2.4", value: 2.4 }) None
            2025-03-01 07:59:58 22000000000101MN0002A03 Number(Number { text: "2.4", value: 2.4 }) Status
            2025-03-01 07:59:58 22000000000101KG1001B01 Number(Number { text: "1", value: 1.0 }) Status
            2025-03-01 07:59:58 22000000000101KG1001B02 Number(Number { text: "1", value: 1.0 }) Status
            2025-03-01 07:59:58 22000000000101KG1001B03 Number(Number { text: "1", value: 1.0 }) None
            2025-03-01 08:00:00 22000000000101MN0002A04 Number(Number { text: "2", value: 2.0 }) None
            bad: pointCode is missing, expected 1 to 64 visible ASCII characters without @@
            bad: dataTime is "yesterday", expected yyyy-MM-dd HH:mm:ss or yyyyMMddHHmmss, Beijing time
            bad: invalid type: integer `7`, expected an object at line 1 column 1
            bad: "pointCode" stands twice in one object at line 1 column 32
        "#]],
    );
}

#[test]
fn graded_alarms_are_read_and_types_without_known_columns_are_kept() {
    let open = r#"{"ksbh":"k1","alarmStartTime":"2025-03-01 07:50:00","alarmLevel":2,"alarmStatus":"0","alarmType":"001","relatedObj":"22000000000101MN0002A01","Alarmcode":"AL-1","alarmDesc":"风速超限"}"#;
    let payload = mine("1001", &format!(r#"[{open},{{"alarmOverTime":""}}]"#));
    let Row::Alarm(alarm) = &payload.rows[0] else { panic!("{:?}", payload.rows[0]) };
    assert_eq!((alarm.level.as_deref(), alarm.end), (Some("2"), None));
    assert_eq!(alarm.code.as_deref(), Some("AL-1"));
    assert!(matches!(payload.rows[1], Row::Bad { .. }), "an alarm begins at some time");
    assert_eq!(payload.readings().count(), 0);
    for data_type in ["01", "02", "03", "05", "06", "07", "08", "09", "10", "11", "12", "99"] {
        let payload = mine(data_type, r#"[{"ksbh":"k1","anything":[1,{"a":null}]}]"#);
        let [Row::Other(members)] = &payload.rows[..] else { panic!("{:?}", payload.rows) };
        assert_eq!(members["anything"][1]["a"], serde_json::Value::Null);
        assert_eq!(Payload::parse(&payload.to_json()), Ok(payload));
    }
}

#[test]
fn what_is_missing_or_says_two_things_is_named() {
    let refused = [
        "{}",
        r#"{"enterpriseId":"1","enterpriseCode":"2","gatewayId":"1"}"#,
        r#"{"enterpriseId":"a b"}"#,
        r#"{"enterpriseId":"a@@b"}"#,
        r#"{"enterpriseId":""}"#,
        r#"{"enterpriseId":"1"}"#,
        r#"{"enterpriseId":"1","gatewayId":"11"}"#,
        r#"{"enterpriseId":"1","gatewayId":"11","collectTime":"2019-12-17T10:05:30"}"#,
        r#"{"enterpriseId":"1","gatewayId":"11","collectTime":"20191317100530"}"#,
        r#"{"enterpriseId":"1","gatewayId":"11","collectTime":"２０１９１２"}"#,
        r#"{"enterpriseId":"1","gatewayId":"11","collectTime":20191217100530,"datas":[]}"#,
        r#"{"enterpriseId":"1","gatewayId":"11","collectTime":"20191217100530","isConnectDataSource":"maybe","datas":[]}"#,
        r#"{"enterpriseId":"1","gatewayId":"11","collectTime":"20191217100530"}"#,
        r#"{"enterpriseId":"1","report":{"enterpriseId":"2","gatewayId":"11"}}"#,
    ];
    let errors: Vec<String> = refused
        .map(|text| Payload::parse(text).expect_err("it is no report").to_string())
        .into_iter()
        .collect();
    expect![[r#"
        [
            "enterpriseId is missing, expected 1 to 64 visible ASCII characters without @@",
            "enterpriseId says two things, in the message and in its report",
            "enterpriseId is \"a b\", expected 1 to 64 visible ASCII characters without @@",
            "enterpriseId is \"a@@b\", expected 1 to 64 visible ASCII characters without @@",
            "enterpriseId is \"\", expected 1 to 64 visible ASCII characters without @@",
            "gatewayId is missing, expected 1 to 64 visible ASCII characters without @@",
            "collectTime is missing, expected yyyy-MM-dd HH:mm:ss or yyyyMMddHHmmss, Beijing time",
            "collectTime is \"2019-12-17T10:05:30\", expected yyyy-MM-dd HH:mm:ss or yyyyMMddHHmmss, Beijing time",
            "collectTime is \"20191317100530\", expected yyyy-MM-dd HH:mm:ss or yyyyMMddHHmmss, Beijing time",
            "collectTime is \"２０１９１２\", expected yyyy-MM-dd HH:mm:ss or yyyyMMddHHmmss, Beijing time",
            "collectTime is 20191217100530, expected yyyy-MM-dd HH:mm:ss or yyyyMMddHHmmss, Beijing time",
            "isConnectDataSource is \"maybe\", expected true or false",
            "datas is missing, expected a list",
            "enterpriseId says two things, in the message and in its report",
        ]
    "#]]
    .assert_debug_eq(&errors);
}

#[test]
fn depth_size_and_names_of_json_are_bounded() {
    let deep = format!(r#"{{"enterpriseId":"1","x":{}1{}}}"#, "[".repeat(16), "]".repeat(16));
    let error = Payload::parse(&deep).expect_err("too deep").to_string();
    assert_eq!(error, "report is no JSON object: JSON is deeper than 16 levels");
    let long = format!(r#"{{"x":[{}1]}}"#, "1,".repeat(200_000));
    let error = Payload::parse(&long).expect_err("too long").to_string();
    assert_eq!(error, "report is no JSON object: JSON has more than 200000 values");
    let names: Vec<String> = (0..257).map(|number| format!(r#""n{number}":1"#)).collect();
    let error = Payload::parse(&format!("{{{}}}", names.join(","))).expect_err("too many names");
    assert!(error.to_string().contains("more than 256 members"), "{error}");
    // Brackets in texts are no levels.
    let text = LEVEL.replacen("d-0001", &r#"[{\"["#.repeat(20), 1);
    assert!(Payload::parse(&text).is_ok());
}

#[test]
fn codes_of_points_are_split_and_unknown_letters_kept() {
    let code = QuotaCode::parse("540170007002G0001YW001").expect("the sample's");
    assert_eq!(format!("{code:?}"), "540170007 002 G 0001 YW 001");
    assert_eq!(code.word(), "储罐0001 液位001");
    let unknown = QuotaCode::parse("540170007002X0001QQ001").expect("well-formed");
    assert_eq!((unknown.word().as_str(), unknown.indicator()), ("X0001 QQ001", None));
    for wrong in ["", "540170007002G0001YW01", "540170007002g0001YW001", "54017000700储G0001YW001"]
    {
        assert_eq!(QuotaCode::parse(wrong), None, "{wrong}");
    }
    let code = PointCode::parse("22000000000101MN0001011A08").expect("a mine's");
    assert_eq!(format!("{code:?}"), "22000000000101 MN 0001 011A08");
    for wrong in ["22000000000101MN0001", "22000000000101mn0001011A08", "2200000000010X MN0001A"] {
        assert_eq!(PointCode::parse(wrong), None, "{wrong}");
    }
}

/// Test list §8, item 2.
#[test]
fn a_state_of_eight_binary_characters_is_bits_and_anything_else_a_number() {
    let parsed = ["0", "1", "3", "128", "00000001", "10000000", "00000010", "256", "", "-1", "+1"]
        .map(|text| Status::parse(text).map(|status| status.0));
    let expected =
        [Some(0), Some(1), Some(3), Some(128), Some(1), Some(128), Some(2), None, None, None, None];
    assert_eq!(parsed, expected);
    assert!(Status(3).is_usable() && !Status(4).is_usable());
    assert_eq!(Status(0b101).words(), ["报警", "标校"]);
}

#[test]
fn a_payload_of_a_mine_is_written_in_its_own_words() {
    let payload = mine("04", r#"[{"pointCode":"22000000000101MN0002A01","pointValue":"2.41"}]"#);
    assert_eq!(payload.form, Form { names: Names::Mine, time: TimeForm::Dashed, ..Form::MINE });
    let text = payload.to_json();
    assert!(text.contains(r#""enterpriseCode":"220000000001""#), "{text}");
    assert!(text.contains(r#""collectTime":"2025-03-01 08:00:00""#), "{text}");
    assert_eq!(Payload::parse(&text), Ok(payload));
}
