//! Who is let in, and what they are told.

use base::Duration;
use bytes::Bytes;

use super::super::{Connack, Connect, Event, Hub, HubLimits, Packet, Qos, Version, Will};
use super::bytes;
use super::town::{Door, at, connect, publish};
use crate::session::{CloseReason, Outcome, Session};

fn connack(door: &mut Door) -> Connack {
    match &door.said()[..] {
        [Packet::Connack(connack)] => (**connack).clone(),
        other => panic!("expected CONNACK, found {other:?}"),
    }
}

#[test]
fn connack_waits_for_the_judgement() {
    for version in [Version::V3, Version::V5] {
        let mut door = Door::new(&Hub::default(), version);
        door.hear(0, &Packet::Connect(Box::new(connect(version))));
        assert_eq!(door.said(), [], "{version:?}");
        let (_, frame, raw) = &door.frames[0];
        assert!(!raw.windows(3).any(|it| it == b"key"), "the bytes that are shown have no key");
        assert_eq!(**frame.peer.code(), *"shuiku");
        assert_eq!(frame.peer.password, Some(Bytes::from_static(b"key")));
        assert!(matches!(frame.event, Event::Connect { keep_alive: 60, .. }));
        assert!(!format!("{frame:?}").contains("key"), "a password is not for logs");
        door.settle(0, Outcome::Stored);
        let connack = connack(&mut door);
        assert_eq!((connack.reason, connack.is_present), (0, false));
        if version == Version::V5 {
            assert_eq!(connack.max_qos, Some(1));
            assert_eq!((connack.retains, connack.has_shared), (Some(false), Some(false)));
            assert_eq!((connack.receive_max, connack.alias_max), (Some(100), Some(16)));
            assert_eq!(connack.max_packet, Some(256 << 10));
        }
    }
}

#[test]
fn what_comes_before_connack_waits_and_is_taken_then() {
    let mut door = Door::new(&Hub::default(), Version::V3);
    door.hear(0, &Packet::Connect(Box::new(connect(Version::V3))));
    door.hear(0, &publish(Qos::AtLeastOnce, 1, "early"));
    assert_eq!(door.told(), ["connect"]);
    assert!(door.server.is_full());
    door.settle(1, Outcome::Stored);
    assert_eq!(door.told(), ["early"]);
}

#[test]
fn unknown_and_wrong_credentials_hear_the_same() {
    for (version, code) in [(Version::V3, 5), (Version::V5, 0x87)] {
        for why in ["unknown station", "password is not the station's"] {
            let mut door = Door::new(&Hub::default(), version);
            door.hear(0, &Packet::Connect(Box::new(connect(version))));
            door.hear(0, &publish(Qos::AtLeastOnce, 1, "a stranger's"));
            door.settle(0, Outcome::Refused(why.to_owned()));
            assert_eq!(connack(&mut door).reason, code, "{why}");
            assert_eq!(door.closed, Some(CloseReason::Refused));
            assert_eq!(door.told(), [""; 0], "nothing of it is looked at");
        }
    }
}

#[test]
fn without_room_a_client_is_to_come_again() {
    for (version, code) in [(Version::V3, 3), (Version::V5, 0x89)] {
        let mut door = Door::new(&Hub::default(), version);
        door.hear(0, &Packet::Connect(Box::new(connect(version))));
        door.settle(0, Outcome::Busy);
        assert_eq!((connack(&mut door).reason, door.closed), (code, Some(CloseReason::Busy)));
    }
}

/// Level 3 (MQTT 3.1), 6, another name, and what is no MQTT at all.
#[test]
fn another_protocol_is_refused() {
    for raw in [
        "10 10 0006 4D5149736470 03 02 003C 0002 6964",
        "10 0E 0004 4D515454 06 02 003C 0002 6964",
        "10 0E 0004 4D515455 04 02 003C 0002 6964",
    ] {
        let mut door = Door::new(&Hub::default(), Version::V3);
        door.hear_bytes(0, &bytes(raw));
        assert_eq!(connack(&mut door).reason, 1, "{raw}");
        assert_eq!(door.closed, Some(CloseReason::Broken));
        assert_eq!(door.rejects.len(), 1);
    }
    for noise in ["GET / HTTP/1.1\r\n\r\n", "~~\0\0", "\u{16}\u{3}\u{1}"] {
        let mut door = Door::new(&Hub::default(), Version::V3);
        door.hear_bytes(0, noise.as_bytes());
        assert_eq!(door.said(), []);
        assert_eq!(door.closed, Some(CloseReason::Broken), "{noise:?}");
        assert!(door.rejects[0].1.contains("expected CONNECT"), "{:?}", door.rejects);
    }
}

#[test]
fn a_client_without_a_name_gets_one_where_it_may() {
    let nameless = |version, is_clean| Connect {
        is_clean,
        user: Some("shuiku".into()),
        ..Connect::new(version, "")
    };
    let mut door = Door::open(&Hub::default(), nameless(Version::V5, true));
    assert!(connack(&mut door).client.is_some());
    let mut door = Door::open(&Hub::default(), nameless(Version::V3, true));
    assert_eq!(connack(&mut door).reason, 0);
    let mut door = Door::new(&Hub::default(), Version::V3);
    door.hear(0, &Packet::Connect(Box::new(nameless(Version::V3, false))));
    assert_eq!(connack(&mut door).reason, 2);
}

#[test]
fn a_code_that_is_no_level_of_a_topic_is_refused() {
    for code in ["a/b", "#", "+"] {
        let mut door = Door::new(&Hub::default(), Version::V5);
        let connect = Connect { user: Some(code.into()), ..connect(Version::V5) };
        door.hear(0, &Packet::Connect(Box::new(connect)));
        assert_eq!(connack(&mut door).reason, 0x85, "{code}");
    }
}

#[test]
fn a_will_that_cannot_be_done_is_refused_with_its_reason() {
    let will = |qos, is_retained, topic: &str| Will {
        topic: topic.into(),
        payload: Bytes::from_static(b"gone"),
        qos,
        is_retained,
        delay: 0,
    };
    for (will, code) in [
        (will(Qos::ExactlyOnce, false, "data"), 0x9B),
        (will(Qos::AtLeastOnce, true, "data"), 0x9A),
        (will(Qos::AtLeastOnce, false, &"x".repeat(600)), 0x90),
    ] {
        let mut door = Door::new(&Hub::default(), Version::V5);
        let connect = Connect { will: Some(will), ..connect(Version::V5) };
        door.hear(0, &Packet::Connect(Box::new(connect)));
        assert_eq!(connack(&mut door).reason, code);
    }
    // Version 3 has no such reasons, and a will with QoS 2 is done once all the same.
    let connect =
        Connect { will: Some(will(Qos::ExactlyOnce, true, "data")), ..connect(Version::V3) };
    assert_eq!(connack(&mut Door::open(&Hub::default(), connect)).reason, 0);
}

#[test]
fn an_authentication_method_is_not_known() {
    let mut door = Door::new(&Hub::default(), Version::V5);
    let connect = Connect { method: Some("SCRAM-SHA-1".into()), ..connect(Version::V5) };
    door.hear(0, &Packet::Connect(Box::new(connect)));
    assert_eq!(connack(&mut door).reason, 0x8C);
}

#[test]
fn keep_alive_is_one_and_a_half_times_what_was_said() {
    for version in [Version::V3, Version::V5] {
        let hub = Hub::default();
        let mut door = Door::open(&hub, Connect { keep_alive: 60, ..connect(version) });
        door.said();
        assert_eq!(door.server.deadline(), Some(at(90)));
        door.hear(80, &Packet::Pingreq);
        assert_eq!(door.said(), [Packet::Pingresp]);
        door.tick(169);
        assert_eq!(door.closed, None);
        door.tick(170);
        assert_eq!(door.closed, Some(CloseReason::Idle { millis: 90_000 }));
        let said = door.said();
        match version {
            Version::V3 => assert_eq!(said, []),
            Version::V5 => {
                assert!(matches!(said[..], [Packet::Disconnect { reason: 0x8D, .. }]), "{said:?}");
            }
        }
    }
}

/// What settles a frame has the world's clock, which is another one in a drill.
#[test]
fn deadlines_go_by_the_drivers_clock() {
    let mut door = Door::new(&Hub::default(), Version::V3);
    door.hear(0, &Packet::Connect(Box::new(connect(Version::V3))));
    door.settle(-1_000_000, Outcome::Stored);
    assert_eq!(door.server.deadline(), Some(at(90)));
}

#[test]
fn whoever_wants_no_keep_alive_gets_ours() {
    let hub = Hub::default();
    let mut door = Door::open(&hub, Connect { keep_alive: 0, ..connect(Version::V5) });
    assert_eq!(connack(&mut door).keep_alive, Some(3_600));
    let door = Door::open(&hub, Connect { keep_alive: 0, ..connect(Version::V3) });
    assert_eq!(door.server.deadline(), Some(at(5_400)));
}

#[test]
fn connect_must_be_whole_in_time_and_not_too_long() {
    let mut door = Door::new(&Hub::default(), Version::V3);
    door.hear_bytes(1, &bytes("10 10 0004"));
    door.tick(9);
    assert_eq!(door.closed, None);
    door.tick(10);
    assert_eq!(door.closed, Some(CloseReason::Idle { millis: 10_000 }));
    assert_eq!(door.rejects.len(), 1, "what there was of it is kept");

    let mut door = Door::new(&Hub::default(), Version::V3);
    door.hear_bytes(0, &bytes("10 FF FF FF 7F"));
    assert_eq!(door.closed, Some(CloseReason::Broken), "256 MiB are not waited for");
}

#[test]
fn a_full_hub_lets_in_who_comes_and_forgets_who_waits_longest() {
    let hub = Hub::new(HubLimits { clients: 2, ..HubLimits::default() });
    let named = |name: &str| Connect { is_clean: false, ..Connect::new(Version::V3, name) };
    let mut first = Door::open(&hub, named("a"));
    first.server.lost(at(1));
    let _second = Door::open(&hub, named("b"));
    assert_eq!(hub.count(), (1, 1));
    let _third = Door::open(&hub, named("c"));
    assert_eq!(hub.count(), (2, 0));
    let mut fourth = Door::open(&hub, named("d"));
    assert_eq!(connack(&mut fourth).reason, 3, "both that are there are connected");
}

#[test]
fn a_session_is_not_kept_longer_than_we_say() {
    let limits = HubLimits { longest_session: Duration::from_secs(100), ..HubLimits::default() };
    let hub = Hub::new(limits);
    let wanted = Connect { expiry: Some(u32::MAX), ..connect(Version::V5) };
    let mut door = Door::open(&hub, wanted);
    assert_eq!(connack(&mut door).expiry, Some(100));
}
