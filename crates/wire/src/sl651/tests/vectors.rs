//! `fixtures/sl651` and the frames of the field, against what they are said to hold.

use expect_test::{Expect, expect};
use serde_json::{Value as Json, json};

use super::super::{
    Body, Coding, Content, Direction, ELEMENTS, ElementInfo, Frame, FrameError, Kind, Reading,
    Value, parse, write,
};
use super::{bytes, from_fixture};

const FRAMES: &str = include_str!("../../../../../fixtures/sl651/sl651_frames.jsonl");
const TABLE: &str = include_str!("../../../../../fixtures/sl651/sl651_elements.csv");

/// Every key of the expected decode has to be found in the frame.
#[test]
fn the_fixture_frames_hold_what_they_are_said_to_hold() {
    let mut seen = 0;
    for line in FRAMES.lines() {
        let vector: Json = serde_json::from_str(line).expect("a line of JSON");
        let raw = bytes(vector["hex"].as_str().expect("hex"));
        let name = vector["name"].as_str().expect("name");
        seen += 1;
        let Json::Object(expected) = &vector["decoded"] else {
            let refused = parse(&raw).expect_err(name);
            assert!(matches!(refused, FrameError::Checksum { .. }), "{name}: {refused}");
            continue;
        };
        let (frame, rest) = parse(&raw).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(rest.is_empty(), "{name}");
        assert_eq!(write(&frame).as_deref(), Ok(&raw[..]), "{name}");
        for (key, want) in expected {
            if key != "text" && key != "alarms" && key != "door" {
                assert_eq!(&said(&frame, key), want, "{name}: {key}");
            }
        }
        if frame.packet.is_none() {
            let body = Body::decode(&frame).unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!(body.encode(frame.coding).as_ref(), Ok(&frame.body), "{name}");
        }
    }
    assert_eq!(seen, 14);
}

/// What `frame` says about one key of the fixture.
fn said(frame: &Frame, key: &str) -> Json {
    let body = || Body::decode(frame).expect("a body");
    let beijing = |time: base::Timestamp| json!(time.to_beijing().replace(' ', "T") + "+08:00");
    let section = || match body().content {
        Content::Report(sections) => sections.into_iter().next().expect("a section"),
        other => panic!("no report but {other:?}"),
    };
    match key {
        "fc" => json!(frame.function.to_string()),
        "dir" => json!(if frame.direction == Direction::Up { "up" } else { "down" }),
        "mode" => json!(if frame.coding == Coding::Ascii { "ascii" } else { "hex" }),
        "center" => json!(frame.centre),
        "station" | "station_raw" => json!(frame.station.to_string()),
        "station_decoded" => json!(frame.station.code()),
        "password" => json!(format!("{:04X}", frame.password)),
        "end" => json!(frame.end.name()),
        "total" => json!(frame.packet.expect("packets").total),
        "seq" | "resend" => json!(frame.packet.expect("packets").number),
        "serial" => json!(body().serial),
        "sent" => beijing(body().sent),
        "class" => json!(format!("{:?}", section().class.expect("a class"))),
        "obs" => beijing(section().blocks[0].observed.expect("a time")),
        "step" => match &section().blocks[0].series {
            Some(series) => json!(format!("{}h", series.step.hours)),
            None => Json::Null,
        },
        "ZT" => match body().readings().iter().find_map(|reading| match reading.value {
            Value::Bits(bits) => Some(bits),
            _ => None,
        }) {
            Some(bits) => json!(format!("{bits:#010x}")),
            None => Json::Null,
        },
        // Only the first packet is in `total` 2; the picture of both is a test of the session.
        "jpeg" => json!("FFD8FFE000104A464946000101FFD9"),
        element => {
            let (id, _unit) = element.split_once('_').expect("element and unit");
            let info = ElementInfo::by_ascii(id).expect("an element");
            let readings = body().readings();
            let values: Vec<Json> = readings
                .iter()
                .filter(|reading| reading.element == super::super::ElementId::Lead(info.lead))
                .map(|reading| match reading.value {
                    Value::Number(number) if number.mantissa == 0 => json!(0),
                    Value::Number(number) => json!(number.to_f64()),
                    Value::Missing => Json::Null,
                    other => panic!("no number but {other:?}"),
                })
                .collect();
            match values.len() {
                1 => values[0].clone(),
                _ => Json::Array(values),
            }
        }
    }
}

#[test]
fn the_table_of_elements_is_the_fixture() {
    let mut lines = 0;
    for line in TABLE.lines().skip(1) {
        let fields: Vec<&str> = line.split(',').collect();
        let lead = u8::from_str_radix(fields[0], 16).expect("a lead byte");
        let info = ElementInfo::by_lead(lead).unwrap_or_else(|| panic!("{line}"));
        let number = |text: &str| text.parse().unwrap_or(0_u8);
        let kind = match fields[4] {
            "bcd" => Kind::Number,
            "bcd dhm" => Kind::Step,
            "HH.mm" => Kind::Duration,
            "bits" => Kind::Bits,
            "bcd time" => Kind::Time,
            "address" => Kind::Address,
            "ascii" => Kind::Manual,
            "jpeg" => Kind::Picture,
            "u8 x12" => Kind::Rain,
            "u16 x12" => Kind::Levels,
            "batch" => Kind::Batch,
            other => panic!("{other}"),
        };
        let row = ElementInfo {
            lead,
            ascii: info.ascii,
            name: info.name,
            unit: info.unit,
            kind,
            bytes: number(fields[5]),
            decimals: number(fields[6]),
            digits: number(fields[7]),
        };
        assert_eq!(*info, row);
        assert_eq!([info.ascii, info.name, info.unit], [fields[1], fields[2], fields[3]]);
        lines += 1;
    }
    assert_eq!(lines, ELEMENTS.len());
    assert_eq!(ELEMENTS.iter().filter(|info| 0x76 <= info.lead && info.lead < 0xF0).count(), 0);
}

/// Frames seen in the field, published by others; their checks hold.
pub(super) const FIELD: [&str; 6] = [
    "7E7E010012345678123430002B020003591011154947F1F1001234567848F0F0591011154920190000052619000005392300000127381211150320FA",
    "7E7E05001122334403E832002B020034170718110016F1F1001122334448F0F01707181100201900004026190000403923000104903812109903A421",
    "7E7E00112233440503E83280080200341707181100161BE5D4",
    "7E7E05001122334403E8340068020033170718110014F1F1001122334448F0F01707181005F4600500000014FFFFFFFFFF0000F0F017071811002619000040F0F01707181005F5C0000C000C001C00310031FFFFFFFFFFFFFFFFFFFF00310031F0F0170718110039230001049020190000403812109903F502",
    "7E7E0500112233441234460015020023170718102008F1F100112233444520000004000315C1",
    "7E7E01001234567812342F0008020003591011155111036BCA",
];

/// A frame from the field: header, then one line a reading.
#[track_caller]
fn check(hex: &str, expected: Expect) {
    let raw = bytes(hex);
    let text = match parse(&raw) {
        Err(error) => format!("{error}\n"),
        Ok((frame, rest)) => {
            assert!(rest.is_empty());
            assert_eq!(write(&frame).as_deref(), Ok(&raw[..]));
            let body = Body::decode(&frame).expect("a body");
            assert_eq!(body.encode(frame.coding).as_ref(), Ok(&frame.body));
            show(&frame, &body)
        }
    };
    expected.assert_eq(&text);
}

fn show(frame: &Frame, body: &Body) -> String {
    let mut text = format!(
        "{} {:?} centre {:02} station {} password {:04X} {} serial {} sent {}\n",
        frame.function,
        frame.direction,
        frame.centre,
        frame.station,
        frame.password,
        frame.end.name(),
        body.serial,
        body.sent.to_beijing(),
    );
    for Reading { class, observed, element, value, .. } in body.readings() {
        let observed = observed.map(|time| time.to_beijing()).unwrap_or_default();
        let value = match value {
            Value::Number(number) => number.to_string(),
            Value::Bits(bits) => format!("{bits:#010x}"),
            other => format!("{other:?}"),
        };
        let class = class.map(|class| format!("{class:?} ")).unwrap_or_default();
        text += &format!("{class}{observed} {element} {value}\n");
    }
    text
}

#[test]
fn field_test_report_with_the_year_59() {
    check(
        FIELD[0],
        expect![[r#"
            30 Up centre 01 station 0012345678 password 1234 ETX serial 3 sent 2059-10-11 15:49:47
            H 2059-10-11 15:49:00 PJ 0.5
            H 2059-10-11 15:49:00 PT 0.5
            H 2059-10-11 15:49:00 Z 0.127
            H 2059-10-11 15:49:00 VT 11.15
        "#]],
    );
}

#[test]
fn field_timed_report() {
    check(
        FIELD[1],
        expect![[r#"
            32 Up centre 05 station 0011223344 password 03E8 ETX serial 52 sent 2017-07-18 11:00:16
            H 2017-07-18 11:00:00 PJ 4.0
            H 2017-07-18 11:00:00 PT 4.0
            H 2017-07-18 11:00:00 Z 10.490
            H 2017-07-18 11:00:00 VT 10.99
        "#]],
    );
}

#[test]
fn field_acknowledgement() {
    check(
        FIELD[2],
        expect![[r#"
        32 Down centre 05 station 0011223344 password 03E8 ESC serial 52 sent 2017-07-18 11:00:16
    "#]],
    );
}

#[test]
fn field_hourly_report() {
    check(
        FIELD[3],
        expect![[r#"
            34 Up centre 05 station 0011223344 password 03E8 ETX serial 51 sent 2017-07-18 11:00:14
            H 2017-07-18 10:05:00 DRP 0.5
            H 2017-07-18 10:10:00 DRP 0.0
            H 2017-07-18 10:15:00 DRP 0.0
            H 2017-07-18 10:20:00 DRP 0.0
            H 2017-07-18 10:25:00 DRP 2.0
            H 2017-07-18 10:30:00 DRP Missing
            H 2017-07-18 10:35:00 DRP Missing
            H 2017-07-18 10:40:00 DRP Missing
            H 2017-07-18 10:45:00 DRP Missing
            H 2017-07-18 10:50:00 DRP Missing
            H 2017-07-18 10:55:00 DRP 0.0
            H 2017-07-18 11:00:00 DRP 0.0
            H 2017-07-18 11:00:00 PT 4.0
            H 2017-07-18 10:05:00 DRZ1 0.12
            H 2017-07-18 10:10:00 DRZ1 0.12
            H 2017-07-18 10:15:00 DRZ1 0.28
            H 2017-07-18 10:20:00 DRZ1 0.49
            H 2017-07-18 10:25:00 DRZ1 0.49
            H 2017-07-18 10:30:00 DRZ1 Missing
            H 2017-07-18 10:35:00 DRZ1 Missing
            H 2017-07-18 10:40:00 DRZ1 Missing
            H 2017-07-18 10:45:00 DRZ1 Missing
            H 2017-07-18 10:50:00 DRZ1 Missing
            H 2017-07-18 10:55:00 DRZ1 0.49
            H 2017-07-18 11:00:00 DRZ1 0.49
            H 2017-07-18 11:00:00 Z 10.490
            H 2017-07-18 11:00:00 PJ 4.0
            H 2017-07-18 11:00:00 VT 10.99
        "#]],
    );
}

#[test]
fn field_status_answer() {
    check(
        FIELD[4],
        expect![[r#"
        46 Up centre 05 station 0011223344 password 1234 ETX serial 35 sent 2017-07-18 10:20:08
         ZT 0x00000400
    "#]],
    );
}

#[test]
fn field_heartbeat() {
    check(
        FIELD[5],
        expect![[r#"
        2F Up centre 01 station 0012345678 password 1234 ETX serial 3 sent 2059-10-11 15:51:11
    "#]],
    );
}

#[test]
fn field_manual_report_with_a_wrong_check() {
    check(
        "7E7E0100123456781234350011020004591011155145F2F251312E32333420034602",
        expect![[r#"
        checksum is 0x4602, the bytes give 0xd76f
    "#]],
    );
}

#[test]
fn when_a_frame_was_sent_is_known_without_its_body() {
    let mut seen = 0;
    for raw in super::all_frames() {
        let Ok((frame, _)) = parse(&raw) else { continue };
        let Ok(body) = Body::decode(&frame) else { continue };
        assert_eq!(frame.sent(), Some(body.sent), "{frame:?}");
        seen += 1;
    }
    assert!(10 < seen, "{seen} frames read");
    let mut frame = parse(&from_fixture("32 timed report river")).expect("a frame").0;
    frame.body[3] = 0x13;
    assert_eq!(frame.sent(), None, "there is no thirteenth month");
    frame.body.truncate(5);
    assert_eq!(frame.sent(), None);
}
