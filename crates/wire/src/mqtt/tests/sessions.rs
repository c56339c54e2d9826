//! What outlives a connection: sessions, take-over, wills.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;

use super::super::{Connect, Due, Event, Hub, Packet, Qos, Version, Will};
use super::town::{Door, at, connect, subscribe};
use crate::session::{CloseReason, Outcome, Session};

fn persistent(version: Version) -> Connect {
    let expiry = (version == Version::V5).then_some(600);
    Connect { is_clean: false, expiry, ..connect(version) }
}

fn with_will(version: Version, delay: u32) -> Connect {
    let will = Will {
        topic: "fengsui/shuiku/gone".into(),
        payload: Bytes::from_static(b"offline"),
        qos: Qos::AtLeastOnce,
        is_retained: false,
        delay,
    };
    Connect { will: Some(will), ..persistent(version) }
}

fn is_present(door: &mut Door) -> bool {
    match &door.said()[..] {
        [Packet::Connack(connack), ..] => connack.is_present,
        other => panic!("expected CONNACK, found {other:?}"),
    }
}

#[test]
fn a_session_is_there_when_its_client_comes_back() {
    for version in [Version::V3, Version::V5] {
        let hub = Hub::default();
        let mut door = Door::open(&hub, persistent(version));
        assert!(!is_present(&mut door));
        door.server.lost(at(1));
        assert_eq!(hub.count(), (0, 1));
        let mut door = Door::open(&hub, persistent(version));
        assert!(is_present(&mut door), "{version:?}");
        assert_eq!(hub.count(), (1, 0));
    }
}

#[test]
fn a_clean_start_ends_the_session_of_before() {
    for version in [Version::V3, Version::V5] {
        let hub = Hub::default();
        Door::open(&hub, persistent(version)).server.lost(at(1));
        assert!(!is_present(&mut Door::open(&hub, connect(version))));
    }
}

#[test]
fn a_clean_session_of_version_3_ends_with_its_connection() {
    let hub = Hub::default();
    Door::open(&hub, connect(Version::V3)).server.lost(at(1));
    assert_eq!(hub.count(), (0, 0));
}

#[test]
fn a_session_ends_when_its_time_is_over() {
    let hub = Hub::default();
    Door::open(&hub, persistent(Version::V5)).server.lost(at(0));
    assert_eq!(hub.deadline(), Some(at(600)));
    assert_eq!(hub.tick(at(599)), []);
    assert_eq!(hub.count(), (0, 1));
    assert_eq!(hub.tick(at(600)), []);
    assert_eq!(hub.count(), (0, 0));
    assert!(!is_present(&mut Door::open(&hub, persistent(Version::V5))));
}

#[test]
fn a_client_may_shorten_its_session_at_the_end_and_not_begin_one() {
    let hub = Hub::default();
    let mut door = Door::open(&hub, persistent(Version::V5));
    door.hear(1, &Packet::Disconnect { reason: 0, expiry: Some(0), text: None });
    assert_eq!((door.closed, hub.count()), (Some(CloseReason::Finished), (0, 0)));

    let mut door = Door::open(&hub, connect(Version::V5));
    door.said();
    door.hear(1, &Packet::Disconnect { reason: 0, expiry: Some(60), text: None });
    assert_eq!(door.closed, Some(CloseReason::Broken));
    assert!(matches!(door.said()[..], [Packet::Disconnect { reason: 0x82, .. }]));
}

#[test]
fn the_same_client_by_another_connection_ends_the_first() {
    for version in [Version::V3, Version::V5] {
        let hub = Hub::default();
        let mut first = Door::new(&hub, version);
        let woken = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&woken);
        first.server.wake_by(Arc::new(move || {
            counter.fetch_add(1, Ordering::Relaxed);
        }));
        first.hear(0, &Packet::Connect(Box::new(with_will(version, 0))));
        first.settle(0, Outcome::Stored);
        first.said();

        let mut second = Door::open(&hub, persistent(version));
        assert!(is_present(&mut second));
        assert_eq!(woken.load(Ordering::Relaxed), 1);
        first.tick(1);
        assert_eq!(first.closed, Some(CloseReason::TakenOver));
        assert_eq!(first.told(), ["will offline"], "its connection ended without good-bye");
        if version == Version::V5 {
            assert!(matches!(first.said()[..], [Packet::Disconnect { reason: 0x8E, .. }]));
        }
        first.server.lost(at(2));
        second.hear(2, &Packet::Pingreq);
        assert_eq!(second.said(), [Packet::Pingresp], "the second is not touched");
        assert_eq!(hub.count(), (1, 0));
    }
}

#[test]
fn two_stations_with_the_same_client_identifier_are_two_clients() {
    let hub = Hub::default();
    let other = Connect { user: Some("qingshi".into()), ..persistent(Version::V3) };
    let mut first = Door::open(&hub, persistent(Version::V3));
    let mut second = Door::open(&hub, other);
    assert!(!is_present(&mut second));
    first.tick(1);
    assert_eq!(first.closed, None);
    assert_eq!(hub.count(), (2, 0));
}

#[test]
fn a_will_is_done_when_the_link_dies_and_not_after_good_bye() {
    for version in [Version::V3, Version::V5] {
        let hub = Hub::default();
        let mut door = Door::open(&hub, with_will(version, 0));
        door.server.lost(at(1));
        door.drain();
        assert_eq!(door.told(), ["will offline"]);
        let (_, frame, raw) = &door.frames[0];
        let Event::Will(message) = &frame.event else { panic!("{frame:?}") };
        assert_eq!(&*message.topic, "fengsui/shuiku/gone");
        assert_eq!(**frame.peer.code(), *"shuiku");
        assert_eq!(raw[0], 0x30, "its bytes are those of a message");

        let mut door = Door::open(&hub, with_will(version, 0));
        door.hear(1, &Packet::Disconnect { reason: 0, expiry: None, text: None });
        door.server.lost(at(2));
        door.drain();
        assert_eq!(door.told(), [""; 0], "{version:?}");
    }
}

#[test]
fn a_will_is_done_when_the_client_is_silent_breaks_the_standard_or_says_so() {
    let hub = Hub::default();
    let mut silent = Door::open(&hub, with_will(Version::V3, 0));
    silent.tick(90);
    assert_eq!(silent.told(), ["will offline"]);
    let mut broken = Door::open(&hub, with_will(Version::V3, 0));
    broken.hear_bytes(1, &[0xF0, 0]);
    assert_eq!(broken.told(), ["will offline"]);
    let mut telling = Door::open(&hub, with_will(Version::V5, 0));
    telling.hear(1, &Packet::Disconnect { reason: 4, expiry: None, text: None });
    assert_eq!(telling.told(), ["will offline"]);
}

#[test]
fn a_will_waits_for_its_client_and_is_dropped_when_it_comes_back() {
    let hub = Hub::default();
    let mut door = Door::open(&hub, with_will(Version::V5, 30));
    door.server.lost(at(0));
    door.drain();
    assert_eq!(door.told(), [""; 0]);
    assert_eq!(hub.deadline(), Some(at(30)));
    assert_eq!(hub.tick(at(29)), []);
    Door::open(&hub, persistent(Version::V5));
    assert_eq!(hub.tick(at(60)), [], "it came back in time");
}

#[test]
fn a_will_that_waited_is_done_at_its_time_at_the_sessions_end_and_at_a_clean_start() {
    let payload = |due: &[Due]| match due {
        [Due::Will { frame, .. }] => match &frame.event {
            Event::Will(message) => message.payload.clone(),
            other => panic!("{other:?}"),
        },
        other => panic!("expected a will, found {other:?}"),
    };
    let hub = Hub::default();
    Door::open(&hub, with_will(Version::V5, 30)).server.lost(at(0));
    assert_eq!(payload(&hub.tick(at(30))), "offline");
    assert_eq!(hub.tick(at(31)), []);

    let hub = Hub::default();
    Door::open(&hub, with_will(Version::V5, 3_600)).server.lost(at(0));
    assert_eq!(payload(&hub.tick(at(600))), "offline", "the session ends before");

    let hub = Hub::default();
    Door::open(&hub, with_will(Version::V5, 30)).server.lost(at(0));
    Door::open(&hub, connect(Version::V5));
    assert_eq!(payload(&hub.tick(at(1))), "offline");
}

#[test]
fn subscriptions_belong_to_the_session() {
    let hub = Hub::default();
    let mut door = Door::open(&hub, persistent(Version::V3));
    door.hear(0, &subscribe("fengsui/shuiku/command"));
    door.server.lost(at(1));
    assert!(hub.command("shuiku", super::commands::order("open")).is_ok(), "it is expected back");
    assert!(hub.command("qingshi", super::commands::order("open")).is_err());
}
