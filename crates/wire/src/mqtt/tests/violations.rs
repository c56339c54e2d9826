//! What breaks the standard ends the connection, with its reason where there is one.

use super::super::{Hub, Packet, Publish, Qos, ServerConfig, Version, write};
use super::bytes;
use super::town::{Door, at, connect, publish, subscribe};
use crate::session::{CloseReason, Outcome, Session};

/// The reason that a version 5 client hears for these bytes, once it is let in.
#[track_caller]
fn check(raw: &[u8], reason: u8) {
    let mut door = Door::open(&Hub::default(), connect(Version::V5));
    door.said();
    door.hear_bytes(1, raw);
    assert_eq!(door.closed, Some(CloseReason::Broken));
    let said = door.said();
    let found = said.iter().find_map(|packet| match packet {
        Packet::Disconnect { reason, .. } => Some(*reason),
        _ => None,
    });
    assert_eq!(found, Some(reason), "{:?}", door.rejects);
    assert_eq!(door.rejects.len(), 1);
    let before = door.frames.len();
    door.hear(1, &publish(Qos::AtMostOnce, 0, "after"));
    assert_eq!(door.frames.len(), before, "nothing is heard any more");

    // Version 3 has no packet for it.
    let mut door = Door::open(&Hub::default(), connect(Version::V3));
    door.said();
    door.hear_bytes(1, &bytes("F0 00"));
    assert_eq!((door.closed, door.said()), (Some(CloseReason::Broken), vec![]));
}

fn five(packet: &Packet) -> Vec<u8> {
    write(Version::V5, packet).expect("it can be written")
}

#[test]
fn malformed_packets() {
    for raw in [
        // A length without end, reserved types and flags.
        "C0 80 80 80 80 01",
        "00 00",
        "C1 00",
        "60 02 0001",
        "80 07 0001 00 0001 61 01",
        // QoS 3, DUP with QoS 0, identifier 0.
        "36 06 0001 61 0001 00",
        "38 04 0001 61 00",
        "32 06 0001 61 0000 00",
        // Fields that end late, and bytes behind the end.
        "30 03 0005 61",
        "40 04 0001 00 05",
        "C0 01 00",
        // Properties: unknown, not of this packet, twice; reserved subscription options.
        "30 06 0001 61 02 7F 00",
        "30 09 0001 61 05 11 00000001",
        "82 07 0001 00 0001 61 C1",
        // Text that is none.
        "30 04 0001 FF 00",
    ] {
        check(&bytes(raw), 0x81);
    }
}

#[test]
fn protocol_errors() {
    check(&five(&Packet::Connect(Box::new(connect(Version::V5)))), 0x82);
    check(&five(&Packet::Pingresp), 0x82);
    check(&five(&Packet::Pubrec { pid: 1, reason: 0 }), 0x82);
    check(&five(&Packet::Pubcomp { pid: 1, reason: 0 }), 0x82);
    check(&five(&Packet::Suback { pid: 1, codes: vec![0] }), 0x82);
    check(&five(&Packet::Unsuback { pid: 1, codes: vec![0] }), 0x82);
    check(&five(&Packet::Auth), 0x82);
    check(&bytes("20 03 00 00 00"), 0x82);
    // No filter at all; an empty topic without alias; a property twice.
    check(&bytes("82 03 0001 00"), 0x82);
    check(&bytes("A2 03 0001 00"), 0x82);
    check(&bytes("30 03 0000 00"), 0x82);
    check(&bytes("30 08 0001 61 04 01 01 01 01"), 0x82);
}

#[test]
fn what_was_said_not_to_be_there() {
    check(&five(&publish(Qos::ExactlyOnce, 1, "x")), 0x9B);
    let retained = Publish { is_retained: true, ..Publish::new("data", "x") };
    check(&five(&Packet::Publish(retained)), 0x9A);
    let filters = vec![("fengsui/shuiku/#".into(), Qos::AtLeastOnce)];
    check(&five(&Packet::Subscribe { pid: 1, has_identifier: true, filters }), 0xA1);
    check(&five(&subscribe("$share/group/fengsui/shuiku/#")), 0x9E);
}

#[test]
fn topics_and_aliases() {
    let aliased = |topic: &str, alias| {
        Packet::Publish(Publish { alias: Some(alias), ..Publish::new(topic, "x") })
    };
    check(&five(&aliased("data", 0)), 0x94);
    check(&five(&aliased("data", 17)), 0x94);
    check(&five(&aliased("", 3)), 0x82);
    check(&five(&Packet::Publish(Publish::new("x".repeat(513), "x"))), 0x90);
    // Wildcards in a topic, and no filter.
    check(&bytes("30 04 0001 23 00"), 0x90);
    check(&bytes("82 07 0001 00 0001 00 01"), 0x8F);
    // Payload that says it is text and is none.
    check(&bytes("30 07 0001 61 02 01 01 FF"), 0x99);
}

#[test]
fn a_packet_that_is_too_long_is_not_waited_for() {
    check(&bytes("30 81 80 10"), 0x95);
}

#[test]
fn more_unacknowledged_messages_than_the_maximum() {
    let config = ServerConfig { receive_max: 2, ..ServerConfig::default() };
    let mut door = Door::with(config, &Hub::default(), Version::V5);
    door.hear(0, &Packet::Connect(Box::new(connect(Version::V5))));
    door.settle(0, Outcome::Stored);
    door.said();
    door.hear(0, &publish(Qos::AtLeastOnce, 1, "1"));
    door.hear(0, &publish(Qos::AtMostOnce, 0, "free"));
    door.hear(0, &publish(Qos::AtLeastOnce, 2, "2"));
    assert_eq!(door.closed, None);
    door.hear(0, &publish(Qos::AtLeastOnce, 3, "3"));
    let said = door.said();
    assert!(matches!(said[..], [Packet::Disconnect { reason: 0x93, .. }]), "{said:?}");
}

#[test]
fn evidence_is_kept_up_to_its_limit() {
    let mut door = Door::open(&Hub::default(), connect(Version::V3));
    door.hear_bytes(0, &[&bytes("F0 80 80 10")[..], &[7; 9_000][..]].concat());
    let [(raw, _)] = &door.rejects[..] else { panic!("{:?}", door.rejects) };
    assert_eq!(raw.len(), 4_096);
}

#[test]
fn a_packet_must_be_whole_in_time() {
    let mut door = Door::open(
        &Hub::default(),
        super::super::Connect { keep_alive: 600, ..connect(Version::V3) },
    );
    door.hear_bytes(1, &bytes("30 20 0001"));
    assert_eq!(door.server.deadline(), Some(at(61)));
    door.hear_bytes(30, &bytes("61"));
    door.tick(60);
    assert_eq!(door.closed, None);
    door.tick(61);
    assert_eq!(door.closed, Some(CloseReason::Broken));
}

/// Whoever is not read and goes on all the same is cut, so that what it makes us hold
/// stays bounded.
#[test]
fn bytes_that_nobody_reads_are_bounded() {
    let mut door = Door::new(&Hub::default(), Version::V3);
    door.hear(0, &Packet::Connect(Box::new(connect(Version::V3))));
    let chunk = [0x30; 4_096];
    let mut most = 0;
    for _ in 0..1_000 {
        door.hear_bytes(0, &chunk);
        most = most.max(door.server.held().expect("it tells"));
    }
    assert_eq!(door.closed, Some(CloseReason::Broken));
    assert!(most <= 2 * (256 << 10), "{most}");
}
