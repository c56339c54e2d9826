//! Bytes that the standards print (OASIS MQTT 3.1.1 and 5.0), and lengths of their tables.

use bytes::Bytes;

use super::super::{Packet, Publish, Qos, ScanError, Scanner, Version, Will, read, write};
use super::bytes;
use super::town::T0;

/// Figure 3.6 of version 3: user name, password, will with QoS 1, clean session, 10 s.
/// The payload that follows is ours, since the figure ends with the variable header.
#[test]
fn the_connect_of_figure_3_6_reads() {
    let raw = bytes(
        "10 23 0004 4D515454 04 CE 000A  0002 6964  0003 612F62 0002 6869  0004 75736572 0004 70617373",
    );
    let Ok(Packet::Connect(connect)) = read(Version::V3, &raw) else { panic!("it is CONNECT") };
    assert_eq!((connect.version, connect.is_clean, connect.keep_alive), (Version::V3, true, 10));
    assert_eq!(connect.user.as_deref(), Some("user"));
    assert_eq!(connect.password, Some(Bytes::from_static(b"pass")));
    let will = connect.will.as_ref().expect("its flag is set");
    assert_eq!((&*will.topic, will.qos, will.is_retained), ("a/b", Qos::AtLeastOnce, false));
    assert_eq!(write(Version::V3, &Packet::Connect(connect)), Ok(raw));
}

/// Figure 3-6 of version 5: the same with a session expiry of ten seconds.
#[test]
fn the_connect_of_figure_3_6_of_version_5_reads() {
    let raw = bytes(
        "10 2A 0004 4D515454 05 CE 000A 05 11 0000000A  0002 6964  00 0003 612F62 0002 6869  0004 75736572 0004 70617373",
    );
    let Ok(Packet::Connect(connect)) = read(Version::V5, &raw) else { panic!("it is CONNECT") };
    assert_eq!((connect.version, connect.expiry, connect.keep_alive), (Version::V5, Some(10), 10));
    let topic: &str = "a/b";
    let payload = Bytes::from_static(b"hi");
    let qos = Qos::AtLeastOnce;
    let will = Will { topic: topic.into(), payload, qos, is_retained: false, delay: 0 };
    assert_eq!(connect.will, Some(will));
    assert_eq!(write(Version::V5, &Packet::Connect(connect)), Ok(raw));
}

/// Figures 3.8 and 3.9: topic a/b, packet identifier 10.
#[test]
fn the_publish_of_figure_3_9_reads() {
    let raw = bytes("32 07 0003 612F62 000A");
    let publish = Publish { qos: Qos::AtLeastOnce, pid: 10, ..Publish::new("a/b", "") };
    assert_eq!(read(Version::V3, &raw), Ok(Packet::Publish(publish.clone())));
    assert_eq!(write(Version::V3, &Packet::Publish(publish)), Ok(raw));
}

/// Figures 3.20 to 3.23 and 3.26: a/b with QoS 1 and c/d with QoS 2, and the answer that
/// grants the first with 0, the second with 2 and refuses a third.
#[test]
fn the_subscribe_of_figure_3_23_and_its_answer_read() {
    let raw = bytes("82 0E 000A 0003 612F62 01 0003 632F64 02");
    let filters = vec![("a/b".into(), Qos::AtLeastOnce), ("c/d".into(), Qos::ExactlyOnce)];
    let subscribe = Packet::Subscribe { pid: 10, has_identifier: false, filters };
    assert_eq!(read(Version::V3, &raw), Ok(subscribe.clone()));
    assert_eq!(write(Version::V3, &subscribe), Ok(raw));

    let raw = bytes("90 05 000A 00 02 80");
    let suback = Packet::Suback { pid: 10, codes: vec![0, 2, 0x80] };
    assert_eq!(read(Version::V3, &raw), Ok(suback.clone()));
    assert_eq!(write(Version::V3, &suback), Ok(raw));
}

/// Figure 3.30: UNSUBSCRIBE of a/b and c/d.
#[test]
fn the_unsubscribe_of_figure_3_30_reads() {
    let raw = bytes("A2 0C 000A 0003 612F62 0003 632F64");
    let unsubscribe = Packet::Unsubscribe { pid: 10, filters: vec!["a/b".into(), "c/d".into()] };
    assert_eq!(read(Version::V3, &raw), Ok(unsubscribe.clone()));
    assert_eq!(write(Version::V3, &unsubscribe), Ok(raw));
}

/// Figure 1.1: the letter A and U+2A6D4, which takes four bytes.
#[test]
fn the_text_of_figure_1_1_is_a_topic() {
    let raw = bytes("30 08 0005 41 F0AA9B94 21");
    let publish = Publish::new("A𪛔", "!");
    assert_eq!(read(Version::V3, &raw), Ok(Packet::Publish(publish)));
}

/// §1.5.3: a surrogate is ill-formed UTF-8, and U+0000 is no part of a topic.
#[test]
fn ill_formed_text_is_malformed() {
    for raw in ["30 06 0003 EDA080 21", "30 04 0001 00 21", "30 04 0001 FF 21"] {
        for version in [Version::V3, Version::V5] {
            assert!(read(version, &bytes(raw)).is_err(), "{raw}");
        }
    }
}

/// Table 2.4: the first and last length of one to four bytes.
#[test]
fn remaining_lengths_are_those_of_table_2_4() {
    let most = usize::MAX;
    for (head, length) in [
        ("00", 0),
        ("7F", 127),
        ("80 01", 128),
        ("FF 7F", 16_383),
        ("80 80 01", 16_384),
        ("FF FF 7F", 2_097_151),
        ("80 80 80 01", 2_097_152),
        ("FF FF FF 7F", 268_435_455_usize),
    ] {
        let head = [vec![0x30], bytes(head)].concat();
        let mut scanner = Scanner::default();
        scanner.push(T0, &head);
        match length {
            0 => assert_eq!(scanner.cut(T0, most), Ok(Some(head.clone()))),
            _ => assert_eq!(scanner.cut(T0, most), Ok(None)),
        }
        let whole = head.len() + length;
        let error = ScanError::TooLarge { length: whole as u64, most: whole - 1 };
        let mut scanner = Scanner::default();
        scanner.push(T0, &head);
        assert_eq!(scanner.cut(T0, whole - 1), Err(error), "nothing waits for what is too long");
    }
    let mut scanner = Scanner::default();
    scanner.push(T0, &bytes("30 FF FF FF FF 7F"));
    assert_eq!(scanner.cut(T0, most), Err(ScanError::Length));
}

/// Version 5, §3.14: three bytes or fewer say all of an ordinary DISCONNECT.
#[test]
fn short_forms_of_version_5_read() {
    let normal = Packet::Disconnect { reason: 0, expiry: None, text: None };
    assert_eq!(read(Version::V5, &bytes("E0 00")), Ok(normal));
    let with_will = Packet::Disconnect { reason: 4, expiry: None, text: None };
    assert_eq!(read(Version::V5, &bytes("E0 01 04")), Ok(with_will));
    assert_eq!(read(Version::V5, &bytes("40 02 0007")), Ok(Packet::Puback { pid: 7, reason: 0 }));
    let refused = Packet::Puback { pid: 7, reason: 0x99 };
    assert_eq!(read(Version::V5, &bytes("40 03 0007 99")), Ok(refused));
}
