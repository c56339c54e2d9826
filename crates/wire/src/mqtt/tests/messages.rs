//! Messages and their acknowledgements.

use super::super::{Event, Hub, Packet, Publish, Qos, ServerConfig, Version};
use super::town::{Door, at, connect, device, publish, report, talk};
use crate::session::{CloseReason, CommandResult, Outcome, Session};

fn puback(pid: u16) -> Packet {
    Packet::Puback { pid, reason: 0 }
}

fn open(version: Version) -> Door {
    let mut door = Door::open(&Hub::default(), connect(version));
    door.said();
    door
}

#[test]
fn puback_follows_the_disk() {
    for version in [Version::V3, Version::V5] {
        let mut door = open(version);
        door.hear(0, &publish(Qos::AtLeastOnce, 7, "21.5"));
        assert_eq!(door.said(), []);
        let (_, frame, raw) = &door.frames[0];
        let Event::Publish(message) = &frame.event else { panic!("{frame:?}") };
        assert_eq!((&*message.topic, &message.payload[..]), ("data", &b"21.5"[..]));
        assert_eq!(raw[0], 0x32, "the packet as it was on the wire");
        door.settle(0, Outcome::Stored);
        assert_eq!(door.said(), [puback(7)]);
    }
}

#[test]
fn qos_0_is_told_and_not_answered() {
    let mut door = open(Version::V3);
    door.hear(0, &publish(Qos::AtMostOnce, 0, "21.5"));
    assert_eq!(door.told(), ["21.5"]);
    door.settle(0, Outcome::Stored);
    assert_eq!(door.said(), []);
}

#[test]
fn acknowledgements_keep_the_order_of_messages() {
    let mut door = open(Version::V5);
    for pid in 1..=3 {
        door.hear(0, &publish(Qos::AtLeastOnce, pid, "x"));
    }
    let tokens: Vec<_> = door.frames.iter().map(|(token, ..)| *token).collect();
    for (token, expected) in
        [(tokens[2], vec![]), (tokens[0], vec![puback(1)]), (tokens[1], vec![puback(2), puback(3)])]
    {
        door.server.settle(at(0), token, Outcome::Stored);
        door.drain();
        assert_eq!(door.said(), expected);
    }
}

#[test]
fn a_refused_message_hears_so_in_version_5_and_ends_version_3() {
    let refused = || Outcome::Refused("password is not the station's".to_owned());
    let mut door = open(Version::V5);
    door.hear(0, &publish(Qos::AtLeastOnce, 7, "x"));
    door.settle(0, refused());
    assert_eq!(door.said(), [Packet::Puback { pid: 7, reason: 0x87 }]);
    assert_eq!(door.closed, None);

    let mut door = open(Version::V3);
    door.hear(0, &publish(Qos::AtLeastOnce, 7, "x"));
    door.settle(0, refused());
    assert_eq!((door.said(), door.closed), (vec![], Some(CloseReason::Refused)));
}

/// A version 3 client that is not answered sends the same thing again, before all others.
#[test]
fn a_message_that_makes_no_sense_is_not_asked_for_again() {
    for (version, reason) in [(Version::V3, 0), (Version::V5, 0x99)] {
        let mut door = open(version);
        door.hear(0, &publish(Qos::AtLeastOnce, 7, "{"));
        door.settle(0, Outcome::Unreadable("not JSON".to_owned()));
        assert_eq!(door.said(), [Packet::Puback { pid: 7, reason }]);
        assert_eq!(door.closed, None);
    }
}

#[test]
fn without_room_nothing_is_acknowledged_and_the_client_sends_it_again() {
    for version in [Version::V3, Version::V5] {
        let hub = Hub::default();
        let (mut client, mut door) = (device(version), Door::new(&hub, version));
        let command = client.command(at(0), report("21.5")).expect("there is room");
        talk(0, &mut client, &mut door, |frame| match frame.event {
            Event::Publish(_) => Outcome::Busy,
            _ => Outcome::Stored,
        });
        assert!(door.server.is_full(), "no more is read");
        door.server.tick(at(4));
        assert_eq!(door.server.deadline(), Some(at(5)));
        door.server.tick(at(5));
        talk(5, &mut client, &mut door, |_| panic!("nothing new is told"));

        client.lost(at(6));
        let mut next = Door::new(&hub, version);
        let mut again = Vec::new();
        let (_, done) = talk(6, &mut client, &mut next, |frame| {
            if let Event::Publish(message) = &frame.event {
                again.push((message.payload.clone(), message.is_again));
            }
            Outcome::Stored
        });
        assert_eq!(again, [("21.5".into(), true)], "{version:?}");
        assert_eq!(done, [(command, CommandResult::Answered)]);
    }
}

/// Version 3 has no maximum to announce, so QoS 2 is answered as it asks (§4.3.3).
#[test]
fn qos_2_of_version_3_goes_its_whole_way() {
    let mut door = open(Version::V3);
    door.hear(0, &publish(Qos::ExactlyOnce, 9, "21.5"));
    assert_eq!(door.said(), []);
    door.settle(0, Outcome::Stored);
    assert_eq!(door.said(), [Packet::Pubrec { pid: 9, reason: 0 }]);
    for _ in 0..2 {
        door.hear(0, &Packet::Pubrel { pid: 9 });
        assert_eq!(door.said(), [Packet::Pubcomp { pid: 9, reason: 0 }], "also the second time");
    }

    let (mut client, mut door) = (device(Version::V3), Door::new(&Hub::default(), Version::V3));
    let twice = super::super::Report { qos: Qos::ExactlyOnce, ..report("21.5") };
    let command = client.command(at(0), twice).expect("there is room");
    let (_, done) = talk(0, &mut client, &mut door, |_| Outcome::Stored);
    assert_eq!(done, [(command, CommandResult::Answered)]);
}

#[test]
fn more_than_intake_takes_stays_with_the_peer() {
    let config = ServerConfig { max_unsettled: 2, ..ServerConfig::default() };
    let mut door = Door::with(config, &Hub::default(), Version::V3);
    door.hear(0, &Packet::Connect(Box::new(connect(Version::V3))));
    door.settle(0, Outcome::Stored);
    for payload in ["1", "2", "3"] {
        door.hear(0, &publish(Qos::AtMostOnce, 0, payload));
    }
    assert_eq!(door.told(), ["1", "2"]);
    assert!(door.server.is_full());
    door.settle(70, Outcome::Stored);
    assert_eq!(door.told(), ["2", "3"]);
    door.tick(71);
    assert_eq!(door.closed, None, "what we kept waiting is not late");
}

#[test]
fn a_topic_has_its_alias_for_as_long_as_the_connection() {
    let mut door = open(Version::V5);
    let aliased = |topic: &str, alias, payload: &'static str| {
        Packet::Publish(Publish { alias: Some(alias), ..Publish::new(topic, payload) })
    };
    door.hear(0, &aliased("a/b", 1, "first"));
    door.hear(0, &aliased("", 1, "second"));
    door.hear(0, &aliased("c/d", 1, "third"));
    door.hear(0, &aliased("", 1, "fourth"));
    let topics: Vec<String> = door
        .frames
        .iter()
        .map(|(_, frame, _)| match &frame.event {
            Event::Publish(message) => message.topic.to_string(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(topics, ["a/b", "a/b", "c/d", "c/d"]);
}

#[test]
fn a_window_of_messages_goes_out_and_its_order_is_kept() {
    for version in [Version::V3, Version::V5] {
        let (mut client, mut door) = (device(version), Door::new(&Hub::default(), version));
        for number in 0..250 {
            client.command(at(0), report(&number.to_string())).expect("there is room");
        }
        let mut heard = Vec::new();
        let (_, done) = talk(0, &mut client, &mut door, |frame| {
            if let Event::Publish(message) = &frame.event {
                heard.push(String::from_utf8_lossy(&message.payload).into_owned());
            }
            Outcome::Stored
        });
        let expected: Vec<String> = (0..250).map(|number| number.to_string()).collect();
        assert_eq!(heard, expected);
        assert_eq!(done.len(), 250);
        assert!(done.iter().all(|(_, result)| *result == CommandResult::Answered));
    }
}
