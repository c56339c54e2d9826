//! Frames as JSON and back, and the map of their bytes.

use expect_test::{Expect, expect};
use serde_json::{Value as Json, json};

use super::super::{describe, from_description, layout, parse, write};
use super::{all_frames, bytes, from_fixture};

#[test]
fn every_good_frame_comes_back_from_its_description() {
    let mut seen = 0;
    for raw in all_frames() {
        let Ok((frame, _)) = parse(&raw) else { continue };
        let description = describe(&frame);
        assert_eq!(from_description(&description), Ok(frame.clone()), "{description}");
        assert_eq!(write(&frame), Ok(raw));
        let is_part = frame.packet.is_some_and(|packet| 1 < packet.total);
        let is_raw = description.get("raw_body").is_some();
        assert_eq!(is_raw, is_part && frame.end.name().starts_with("ET"), "{description}");
        seen += 1;
    }
    assert_eq!(seen, 19);
}

#[test]
fn a_description_reads_like_the_report() {
    let (frame, _) = parse(&from_fixture("32 timed report river")).expect("a frame");
    expect![[r#"
        {
          "protocol": "sl651",
          "coding": "hex",
          "direction": "up",
          "centre": 1,
          "station": "0010820550",
          "station_code": "10820550",
          "password": "A1B2",
          "function": "32",
          "function_name": "遥测站定时报",
          "end": "ETX",
          "body": {
            "serial": 8,
            "sent": "2024-08-01T08:00:05+08:00",
            "report": [
              {
                "station": "0010820550",
                "class": "H",
                "class_name": "河道",
                "blocks": [
                  {
                    "observed": "2024-08-01T08:00:00+08:00",
                    "elements": [
                      {
                        "id": "PJ",
                        "name": "当前降水量",
                        "unit": "mm",
                        "definition": "19",
                        "value": 12.5
                      },
                      {
                        "id": "PT",
                        "name": "降水量累计值",
                        "unit": "mm",
                        "definition": "19",
                        "value": 123.4
                      },
                      {
                        "id": "Z",
                        "name": "瞬时河道水位、潮位",
                        "unit": "m",
                        "definition": "23",
                        "value": 193.456
                      },
                      {
                        "id": "VT",
                        "name": "电源电压",
                        "unit": "V",
                        "definition": "12",
                        "value": 12.65
                      }
                    ]
                  }
                ]
              }
            ]
          }
        }"#]]
    .assert_eq(&pretty(&describe(&frame)));
    let name = "33 extra report, warning bit2 (level over limit)";
    let (frame, _) = parse(&from_fixture(name)).expect("a frame");
    let status = &describe(&frame)["body"]["report"][0]["blocks"][0]["elements"][1];
    expect![[r#"
        {
          "id": "ZT",
          "name": "遥测站状态及报警",
          "definition": "20",
          "value": "00000084",
          "flags": {
            "交流电充电状态": "正常",
            "蓄电池电压状态": "正常",
            "水位超限报警状态": "报警",
            "流量超限报警状态": "正常",
            "水质超限报警状态": "正常",
            "流量仪表状态": "正常",
            "水位仪表状态": "正常",
            "终端箱门状态": "关闭",
            "存储器状态": "正常",
            "IC卡功能有效": "关闭",
            "水泵工作状态": "水泵工作",
            "剩余水量报警": "未超限"
          }
        }"#]]
    .assert_eq(&pretty(status));
}

fn pretty(json: &Json) -> String {
    serde_json::to_string_pretty(json).expect("JSON has no other keys than text")
}

#[test]
fn a_person_can_leave_out_what_follows_from_the_rest() {
    let frame = from_description(&json!({
        "direction": "up",
        "station": "10820550",
        "password": "A1B2",
        "function": "32",
        "body": {
            "serial": 8,
            "sent": "2024-08-01T00:00:05Z",
            "report": [{
                "station": "10820550",
                "class": "H",
                "blocks": [{
                    "observed": "2024-08-01T08:00:00+08:00",
                    "elements": [
                        {"id": "PJ", "value": 12.5},
                        {"id": "PT", "value": 123.4},
                        {"id": "Z", "value": 193.456},
                        {"id": "VT", "value": 12.65},
                    ],
                }],
            }],
        },
    }))
    .expect("a frame");
    assert_eq!(write(&frame), Ok(from_fixture("32 timed report river")));
}

#[track_caller]
fn check_refusal(change: impl FnOnce(&mut Json), expected: Expect) {
    let (frame, _) = parse(&from_fixture("32 timed report river")).expect("a frame");
    let mut description = describe(&frame);
    change(&mut description);
    let refused = from_description(&description).expect_err("a broken description");
    expected.assert_eq(&refused.to_string());
}

#[test]
fn a_refused_description_names_the_field() {
    let element = "/body/report/0/blocks/0/elements/2";
    let at = |pointer: String, value: Json| {
        move |json: &mut Json| *json.pointer_mut(&pointer).expect("a field") = value
    };
    check_refusal(
        at("/function".to_owned(), json!("3")),
        expect![[r#"function is "3", expected two hexadecimal digits"#]],
    );
    check_refusal(
        at("/end".to_owned(), json!("ENQ")),
        expect!["frame cannot be written: end byte is 0x05, which no Up frame has"],
    );
    check_refusal(
        at("/station".to_owned(), json!("12")),
        expect![[r#"station is "12", expected ten hexadecimal digits, or a station code"#]],
    );
    check_refusal(
        at("/body/sent".to_owned(), json!("yesterday")),
        expect![[r#"body.sent is "yesterday", expected a time such as 2026-08-03T11:14:26+08:00"#]],
    );
    check_refusal(
        at("/body/sent".to_owned(), json!("1999-12-31T00:00:00Z")),
        expect!["body cannot be written: 1999-12-31T00:00:00.000Z is outside the years 2000–2099"],
    );
    check_refusal(
        at(format!("{element}/value"), json!(193_456_000)),
        expect![
            "body.report[0].blocks[0].elements[2].value is 193456000, expected a value that fits its definition"
        ],
    );
    check_refusal(
        at(format!("{element}/value"), json!({"a": 1})),
        expect![[
            r#"body.report[0].blocks[0].elements[2].value is {"a":1}, expected a number with the decimals of the definition"#
        ]],
    );
    check_refusal(
        at(format!("{element}/id"), json!("水位")),
        expect![[
            r#"body.report[0].blocks[0].elements[2].id is "水位", expected an element identifier"#
        ]],
    );
    check_refusal(at("/body".to_owned(), Json::Null), expect!["body is missing, expected a value"]);
    let refused = from_description(&json!([1])).expect_err("no object");
    assert_eq!(refused.to_string(), "direction is missing, expected a value");
}

/// Bytes, name and text of each range, one a line.
#[track_caller]
fn check_layout(raw: &[u8], expected: Expect) {
    let mut text = String::new();
    for span in layout(raw) {
        let bytes = hex::encode_upper(&raw[span.start..span.start + span.len]);
        let shown: String = bytes.chars().take(24).collect();
        text += &format!("{:<3} {shown} {}: {}\n", span.start, span.name, span.text);
    }
    expected.assert_eq(&text);
}

#[test]
fn every_byte_of_a_frame_has_a_name() {
    check_layout(
        &from_fixture("32 timed report river"),
        expect![[r#"
            0   7E7E start: 7E 7E, HEX/BCD
            2   01 centre: 1
            3   0010820550 station: 10820550
            8   A1B2 password: A1B2
            10  32 function: 32 遥测站定时报
            11  002B length: up, 43 bytes
            13  02 text: STX
            14  0008 serial: 8
            16  240801080005 sent: 2024-08-01 08:00:05
            22  F1F1 station_lead: F1F1
            24  0010820550 station: 0010820550
            29  48 class: H 河道
            30  F0F0 observed_lead: F0F0
            32  2408010800 observed: 2024-08-01 08:00:00
            37  20 element: PJ 当前降水量
            38  19 definition: 3 bytes, 1 decimals
            39  000125 data: 12.5 mm
            42  26 element: PT 降水量累计值
            43  19 definition: 3 bytes, 1 decimals
            44  001234 data: 123.4 mm
            47  39 element: Z 瞬时河道水位、潮位
            48  23 definition: 4 bytes, 3 decimals
            49  00193456 data: 193.456 m
            53  38 element: VT 电源电压
            54  12 definition: 2 bytes, 2 decimals
            55  1265 data: 12.65 V
            57  03 end: ETX
            58  19F4 checksum: CRC-16
        "#]],
    );
    check_layout(
        &from_fixture("38 downlink query P1 2024-07-31 08h..2024-08-01 08h step 1h"),
        expect![[r#"
            0   7E7E start: 7E 7E, HEX/BCD
            2   0010820550 station: 10820550
            7   01 centre: 1
            8   A1B2 password: A1B2
            10  38 function: 38 查询遥测站时段数据
            11  8017 length: down, 23 bytes
            13  02 text: STX
            14  0000 serial: 0
            16  240801121000 sent: 2024-08-01 12:10:00
            22  24073108 period_start: 2024-07-31 08:00:00
            26  24080108 period_end: 2024-08-01 08:00:00
            30  04 element: DRxnn 时间步长
            31  18 definition: 3 bytes, 0 decimals
            32  000100 data: 0 d 1 h 0 min
            35  1A element: P1 1小时时段降水量
            36  19 definition: 3 bytes, 1 decimals
            37  05 end: ENQ
            38  C1CC checksum: CRC-16
        "#]],
    );
    check_layout(
        &from_fixture("36 M3 part 2/2"),
        expect![[r#"
            0   7E7E start: 7E 7E, HEX/BCD
            2   01 centre: 1
            3   0010820550 station: 10820550
            8   A1B2 password: A1B2
            10  36 function: 36 遥测站图片报
            11  000A length: up, 10 bytes
            13  16 text: SYN
            14  002002 packet: 2 of 2
            17  4946000101FFD9 part: 2 of 2
            24  03 end: ETX
            25  01F3 checksum: CRC-16
        "#]],
    );
    check_layout(
        &from_fixture("ASCII timed report"),
        expect![[r#"
            0   01 start: SOH, ASCII
            1   3031 centre: 1
            3   30303130383230353530 station: 10820550
            13  41314232 password: A1B2
            17  3332 function: 32 遥测站定时报
            19  30303531 length: up, 81 bytes
            23  02 text: STX
            24  30303045 serial: 000E
            28  323430383031313430303030 sent: 240801140000
            40  5354 station_lead: ST
            42  20 space: 
            43  30303130383230353530 station: 0010820550
            53  20 space: 
            54  48 class: H
            55  20 space: 
            56  5454 observed_lead: TT
            58  20 space: 
            59  32343038303131343030 observed: 2408011400
            69  20 space: 
            70  504A element: PJ 当前降水量
            72  20 space: 
            73  332E35 data: 3.5 mm
            76  20 space: 
            77  5054 element: PT 降水量累计值
            79  20 space: 
            80  3134302E32 data: 140.2 mm
            85  20 space: 
            86  5A element: Z 瞬时河道水位、潮位
            87  20 space: 
            88  3139342E313030 data: 194.100 m
            95  20 space: 
            96  5654 element: VT 电源电压
            98  20 space: 
            99  31322E3630 data: 12.60 V
            104 20 space: 
            105 03 end: ETX
            106 42383345 checksum: CRC-16
        "#]],
    );
}

#[test]
fn bytes_that_cannot_be_read_have_a_name_too() {
    check_layout(
        &from_fixture("NEGATIVE: bit flip in body -> CRC must fail"),
        expect![[r#"
            0   7E7E010010820550A1B23200 unread: checksum is 0x19f4, the bytes give 0xe5a5
        "#]],
    );
    let (mut frame, _) = parse(&from_fixture("2F heartbeat")).expect("a frame");
    frame.function = super::super::Function::TIMED;
    frame.body.extend(bytes("F1F1 0010820550 48 39 23 0019"));
    let mut raw = write(&frame).expect("it fits");
    raw.push(0x00);
    check_layout(
        &raw,
        expect![[r#"
            0   7E7E start: 7E 7E, HEX/BCD
            2   01 centre: 1
            3   0010820550 station: 10820550
            8   A1B2 password: A1B2
            10  32 function: 32 遥测站定时报
            11  0014 length: up, 20 bytes
            13  02 text: STX
            14  0007 serial: 7
            16  240801080000 sent: 2024-08-01 08:00:00
            22  F1F1 station_lead: F1F1
            24  0010820550 station: 0010820550
            29  48 class: H 河道
            30  39 element: Z 瞬时河道水位、潮位
            31  23 definition: 4 bytes, 3 decimals
            32  0019 unread: at byte 16 of the body: element Z announces 4 bytes, 2 are left
            34  03 end: ETX
            35  C98B checksum: CRC-16
            37  00 after: 1 bytes
        "#]],
    );
}
