//! Messages as JSON and back.

use expect_test::expect;
use serde_json::json;

use super::super::{Key, Message, describe, from_description, parse};
use super::{LEVEL, LEVEL_CLOSED, bytes, key};

fn described(raw: &[u8], key: Option<&Key>) -> serde_json::Value {
    let (message, _) = parse(raw).expect("a message");
    describe(&message, raw, key)
}

#[test]
fn without_a_key_a_message_stays_closed() {
    let raw = bytes("d-0001", LEVEL_CLOSED);
    let text = described(&raw, None);
    assert_eq!(text["data"], LEVEL_CLOSED);
    assert!(text.get("plain").is_none() && text.get("raw").is_none());
    assert_eq!(from_description(&text, None), Ok(raw));
}

#[test]
fn with_its_key_it_says_what_it_means_and_never_the_key() {
    let raw = bytes("d-0001", LEVEL_CLOSED);
    let mut text = described(&raw, Some(&key()));
    expect![[r#"
        {
          "enterprise": "220000001",
          "enterprise_name": null,
          "gateway": "22000000101",
          "collected": "2019-08-01T08:00:00+08:00",
          "is_connected": true,
          "is_caught_up": false,
          "rows": [
            {
              "point": "220000001001G0001YW001",
              "name": "储罐0001 液位001",
              "value": 8.42
            }
          ]
        }"#]]
    .assert_eq(&serde_json::to_string_pretty(&text["report"]).expect("JSON"));
    assert_eq!(text["plain"].to_string(), LEVEL);
    assert!(!text.to_string().contains("0123456789ABCDEF"));
    // Who writes one leaves `data` out: it is closed from `plain`.
    text.as_object_mut().expect("an object").remove("data");
    assert_eq!(from_description(&text, Some(&key())), Ok(raw));
    assert!(from_description(&text, None).is_err(), "there is no key to close it with");
    text["plain"] = json!({"a": 1});
    assert!(from_description(&text, Some(&key())).is_err(), "that is no report");
}

#[test]
fn another_key_does_not_open_it() {
    let other = Key::parse("FEDCBA9876543210 ABCDEF0123456789").expect("a key");
    let text = described(&bytes("d-0001", LEVEL_CLOSED), Some(&other));
    assert!(text.get("plain").is_none() && text["open_error"].is_string(), "{text}");
}

#[test]
fn what_would_be_written_otherwise_goes_back_as_it_was() {
    let raw = br#"{ "serviceId":"s", "appId":"a", "dataId":"\u0064", "data":"AAAA", "x":1.0 }@@"#;
    let text = described(raw, None);
    assert!(text["raw"].is_string());
    assert_eq!(from_description(&text, None).as_deref(), Ok(&raw[..]));
    let plain = LEVEL.replace(":", ": ");
    let raw = bytes("d", &key().close(plain.as_bytes()));
    let mut text = described(&raw, Some(&key()));
    assert_eq!(text["plain"], plain, "as text, since its blanks would be lost");
    text.as_object_mut().expect("an object").remove("data");
    assert_eq!(from_description(&text, Some(&key())), Ok(raw));
}

#[test]
fn answers_are_described_both_ways() {
    for raw in [
        &br#"{"success":true,"dataId":"d-7"}@@"#[..],
        br#"{"success":false,"dataId":null,"error":{"code":"400","id":"SYSTEM_ERROR","message":"m"}}@@"#,
    ] {
        let text = described(raw, None);
        assert_eq!(text["direction"], "down");
        assert_eq!(from_description(&text, None).as_deref(), Ok(raw));
    }
}

#[test]
fn a_row_of_every_kind_is_shown() {
    let plain = r#"{"enterpriseCode":"220000000001","gatewayCode":"22000000000101","enterpriseType":"DXK","collectTime":"2025-03-01 08:00:00","isConnectDataSource":false,"dataType":"04","datas":[{"pointCode":"22000000000101MN0002A01","pointValue":"NaN","pointStatus":"00000100"},{"pointCode":"x y"}]}"#;
    let raw = bytes("d", &key().close(plain.as_bytes()));
    let text = described(&raw, Some(&key()));
    expect![[r#"
        {
          "enterprise": "220000000001",
          "enterprise_name": null,
          "enterprise_type": {
            "code": "DXK",
            "name": "地下矿山"
          },
          "gateway": "22000000000101",
          "collected": "2025-03-01T08:00:00+08:00",
          "is_connected": false,
          "is_caught_up": false,
          "data_type": {
            "code": "04",
            "name": "测点实时数据"
          },
          "rows": [
            {
              "point": "22000000000101MN0002A01",
              "kind": "模拟量",
              "place": null,
              "value": {
                "unread": "NaN"
              },
              "unit": null,
              "status": {
                "bits": "00000100",
                "names": [
                  "标校"
                ]
              },
              "unread_status": null,
              "time": null,
              "doubt": "link_lost"
            },
            {
              "error": "pointCode is \"x y\", expected 1 to 64 visible ASCII characters without @@",
              "row": {
                "pointCode": "x y"
              }
            }
          ]
        }"#]]
    .assert_eq(&serde_json::to_string_pretty(&text["report"]).expect("JSON"));
    let Ok((Message::Request(_), _)) = parse(&raw) else { panic!("a message") };
}

#[test]
fn a_description_that_lacks_something_names_it() {
    for (description, error) in [
        (json!({}), "direction is missing, expected text"),
        (json!({"direction": "down"}), "success is missing, expected true or false"),
        (json!({"direction": "up", "data": 7}), "data is 7, expected text"),
        (json!({"direction": "up"}), "data is missing, expected it, or plain and a key"),
        (json!({"raw": "7"}), r#"raw is "7", expected pairs of hexadecimal digits"#),
    ] {
        let got = from_description(&description, None).expect_err("it is no message").to_string();
        assert_eq!(got, error);
    }
}
