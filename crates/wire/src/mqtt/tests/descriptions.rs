//! Packets as JSON and back, and names for every byte.

use expect_test::expect;
use serde_json::json;

use super::super::{
    Connack, Packet, Publish, Qos, Version, describe, from_description, layout, read_any, write,
};
use super::bytes;
use super::town::connect;

#[test]
fn a_message_is_described() {
    let raw = bytes("32 0D 0004 64617461 0007 7B2261223A317D");
    // The length is wrong by two on purpose: the last bytes are another packet's.
    assert!(read_any(&raw).is_err());
    let raw = bytes("32 0F 0004 64617461 0007 7B2261223A317D");
    let (version, packet) = read_any(&raw).expect("a message");
    let document = describe(version, &packet);
    expect![[r#"{"packet":"publish","version":"3.1.1","topic":"data","qos":1,"id":7,"retain":false,"again":false,"payload":"{\"a\":1}"}"#]]
        .assert_eq(&document.to_string());
    assert_eq!(from_description(&document), Ok((version, packet)));
}

#[test]
fn a_description_says_what_is_wrong_with_it() {
    for (document, expected) in [
        (json!({}), "\"version\" is missing, expected 3.1.1 or 5.0"),
        (
            json!({"version": "5.0"}),
            "\"packet\" is missing, expected the name of a packet, such as publish",
        ),
        (
            json!({"version": "5.0", "packet": "publish", "qos": 3}),
            "\"qos\" is 3, expected 0, 1 or 2",
        ),
        (
            json!({"version": "5.0", "packet": "puback", "id": 70000}),
            "\"id\" is 70000, expected a number within its range",
        ),
        (
            json!({"version": "5.0", "packet": "publish", "payload_hex": "7"}),
            "\"payload_hex\" is \"7\", expected hexadecimal digits",
        ),
    ] {
        let error = from_description(&document).expect_err(expected);
        assert_eq!(error.to_string(), expected);
    }
}

#[test]
fn every_kind_of_packet_comes_back_from_its_description() {
    let connack = Connack { max_qos: Some(1), retains: Some(false), ..Connack::default() };
    let publish = Publish { qos: Qos::AtLeastOnce, pid: 3, ..Publish::new("t", vec![0xFF]) };
    for packet in [
        Packet::Connect(Box::new(connect(Version::V5))),
        Packet::Connack(Box::new(connack)),
        Packet::Publish(publish),
        Packet::Puback { pid: 1, reason: 0x99 },
        Packet::Pubrec { pid: 1, reason: 0 },
        Packet::Pubrel { pid: 1 },
        Packet::Pubcomp { pid: 1, reason: 0x92 },
        Packet::Suback { pid: 1, codes: vec![1, 0x87] },
        Packet::Unsuback { pid: 1, codes: vec![0x11] },
        Packet::Pingresp,
        Packet::Disconnect { reason: 0x8E, expiry: None, text: Some("why".into()) },
        Packet::Auth,
    ] {
        let document = describe(Version::V5, &packet);
        assert_eq!(from_description(&document), Ok((Version::V5, packet)));
    }
}

#[test]
fn a_password_is_named_also_in_a_broken_connect() {
    for version in [Version::V3, Version::V5] {
        let raw = write(version, &Packet::Connect(Box::new(connect(version)))).expect("bytes");
        let password = raw.windows(3).position(|it| it == b"key").expect("it is there");
        let spans = layout(&raw);
        let span = spans.last().expect("its last field");
        assert_eq!((span.name, span.start, span.len), ("password", password - 2, 5));
        for bit in 0..raw.len() * 8 {
            let mut broken = raw.clone();
            broken[bit / 8] ^= 1 << (bit % 8);
            let hidden = layout(&broken).into_iter().any(|span| {
                span.name == "password"
                    && span.start <= password
                    && password + 3 <= span.start + span.len
            });
            let is_read = read_any(&broken).is_ok();
            assert!(hidden || is_read, "{version:?} bit {bit}");
        }
    }
}

#[test]
fn a_layout_has_the_fields_of_a_message() {
    let raw = bytes("32 13 0004 64617461 0007 03 23 0001 7B2261223A317D C0 00");
    let shown: String = layout(&raw)
        .iter()
        .map(|span| format!("{}+{} {} {}\n", span.start, span.len, span.name, span.text))
        .collect();
    expect![[r#"
        0+1 function publish
        1+1 length 19
        2+6 topic data
        8+2 packet_id 7
        10+4 properties 3 bytes
        14+7 data {"a":1}
        21+1 function pingreq
        22+1 length 0
    "#]]
    .assert_eq(&shown);
}
