//! Commands downward, and who may hear them.

use bytes::Bytes;

use super::super::{
    Client, ClientConfig, Command, Connect, Due, Heard, Hub, HubLimits, Packet, Publish, Qos,
    Version, matches,
};
use super::town::{Door, T0, at, connect, subscribe, talk};
use crate::session::{CommandError, CommandResult, Outcome, Session};

pub fn order(payload: &'static str) -> Command {
    Command { payload: Bytes::from_static(payload.as_bytes()), correlation: None, until: None }
}

fn listening(version: Version, hub: &Hub) -> Door {
    let connect = Connect {
        is_clean: false,
        expiry: (version == Version::V5).then_some(600),
        ..connect(version)
    };
    let mut door = Door::open(hub, connect);
    door.hear(0, &subscribe("fengsui/shuiku/command"));
    door
}

/// Payload, packet identifier, DUP of the commands that were sent.
fn sent(door: &mut Door) -> Vec<(String, u16, bool)> {
    let sent = door.said().into_iter().filter_map(|packet| match packet {
        Packet::Publish(publish) => {
            assert_eq!(&*publish.topic, "fengsui/shuiku/command");
            let payload = String::from_utf8_lossy(&publish.payload).into_owned();
            Some((payload, publish.pid, publish.is_again))
        }
        _ => None,
    });
    sent.collect()
}

#[test]
fn a_client_hears_its_own_topics_and_no_others() {
    for (version, refused) in [(Version::V3, 0x80), (Version::V5, 0x87)] {
        for (filter, code) in [
            ("fengsui/shuiku/command", 1),
            ("fengsui/shuiku/#", 1),
            ("fengsui/shuiku/+", 1),
            ("fengsui/qingshi/command", refused),
            ("fengsui/+/command", refused),
            ("fengsui/#", refused),
            ("fengsui/shuiku", refused),
            ("#", refused),
            ("$SYS/#", refused),
            ("data", refused),
        ] {
            let mut door = Door::open(&Hub::default(), connect(version));
            door.said();
            door.hear(0, &subscribe(filter));
            let suback = Packet::Suback { pid: 1, codes: vec![code] };
            assert_eq!(door.said(), [suback], "{filter}");
        }
    }
}

#[test]
fn a_client_has_no_more_filters_than_are_allowed() {
    let hub = Hub::new(HubLimits { filters: 2, ..HubLimits::default() });
    let mut door = Door::open(&hub, connect(Version::V5));
    door.said();
    let filters = ["a", "b", "a", "c"]
        .map(|level| (format!("fengsui/shuiku/{level}").into(), Qos::AtLeastOnce));
    door.hear(0, &Packet::Subscribe { pid: 1, has_identifier: false, filters: filters.into() });
    assert_eq!(door.said(), [Packet::Suback { pid: 1, codes: vec![1, 1, 1, 0x97] }]);
}

#[test]
fn unsubscribing_says_what_was_there() {
    let hub = Hub::default();
    let mut door = listening(Version::V5, &hub);
    door.said();
    let filters = vec!["fengsui/shuiku/command".into(), "data".into()];
    door.hear(0, &Packet::Unsubscribe { pid: 2, filters });
    assert_eq!(door.said(), [Packet::Unsuback { pid: 2, codes: vec![0, 0x11] }]);
    let heard = door.server.command(at(0), order("open"));
    assert_eq!(heard, Err(CommandError::Unheard("shuiku".to_owned())));
}

#[test]
fn a_command_is_done_when_the_client_acknowledges_it() {
    for version in [Version::V3, Version::V5] {
        let hub = Hub::default();
        let mut door = listening(version, &hub);
        door.said();
        let command = door.server.command(at(0), order("open")).expect("it listens");
        door.drain();
        assert_eq!(sent(&mut door), [("open".to_owned(), 1, false)]);
        assert_eq!(door.done, []);
        door.hear(1, &Packet::Puback { pid: 2, reason: 0 });
        assert_eq!(door.done, [], "that was another's");
        door.hear(1, &Packet::Puback { pid: 1, reason: 0 });
        assert_eq!(door.done, [(command, CommandResult::Answered)]);
    }
}

#[test]
fn a_command_of_version_5_says_where_its_answer_goes() {
    let hub = Hub::default();
    let mut door = listening(Version::V5, &hub);
    door.said();
    let command = Command {
        correlation: Some(Bytes::from_static(b"17")),
        until: Some(at(30)),
        ..order("open")
    };
    door.server.command(at(0), command).expect("it listens");
    door.drain();
    let [Packet::Publish(publish)] = &door.said()[..] else { panic!("a command") };
    assert_eq!(publish.response_topic.as_deref(), Some("fengsui/shuiku/answer"));
    assert_eq!(publish.correlation, Some(Bytes::from_static(b"17")));
    assert_eq!((publish.expiry, publish.qos), (Some(30), Qos::AtLeastOnce));
}

#[test]
fn what_was_not_acknowledged_comes_again_in_its_order() {
    for version in [Version::V3, Version::V5] {
        let hub = Hub::default();
        let mut door = listening(version, &hub);
        for payload in ["1", "2", "3"] {
            door.server.command(at(0), order(payload)).expect("it listens");
        }
        door.drain();
        sent(&mut door);
        door.hear(0, &Packet::Puback { pid: 2, reason: 0 });
        door.server.lost(at(1));
        hub.command("shuiku", order("4")).expect("it is expected back");

        let mut next = listening(version, &hub);
        let expected = [("1", 1, true), ("3", 3, true), ("4", 4, false)]
            .map(|(payload, pid, again)| (payload.to_owned(), pid, again));
        assert_eq!(sent(&mut next), expected, "{version:?}");
    }
}

#[test]
fn a_client_gets_no_more_unacknowledged_commands_than_it_takes() {
    let hub = Hub::default();
    let narrow = Connect { receive_max: Some(2), ..connect(Version::V5) };
    let mut door = Door::open(&hub, narrow);
    door.hear(0, &subscribe("fengsui/shuiku/#"));
    door.said();
    for payload in ["1", "2", "3", "4"] {
        hub.command("shuiku", order(payload)).expect("it listens");
    }
    door.tick(0);
    assert_eq!(sent(&mut door).len(), 2);
    door.hear(0, &Packet::Puback { pid: 1, reason: 0 });
    assert_eq!(sent(&mut door), [("3".to_owned(), 3, false)]);
}

#[test]
fn commands_that_wait_are_limited_in_number_and_bytes() {
    let limits = HubLimits { commands: 2, command_bytes: 10, ..HubLimits::default() };
    let hub = Hub::new(limits);
    let _door = listening(Version::V3, &hub);
    assert!(matches!(
        hub.command("shuiku", order("elevenbytes")),
        Err(CommandError::Unwritable(_))
    ));
    hub.command("shuiku", order("1")).expect("room");
    hub.command("shuiku", order("2")).expect("room");
    let full = Err(CommandError::Full { waiting: 2, limit: 2 });
    assert_eq!(hub.command("shuiku", order("3")), full);
}

#[test]
fn a_command_that_nobody_wants_any_more_is_not_sent() {
    let hub = Hub::default();
    let mut door = listening(Version::V3, &hub);
    door.server.lost(at(0));
    let late = Command { until: Some(at(10)), ..order("open") };
    let command = hub.command("shuiku", late).expect("it is expected back");
    let mut door = Door::with(super::super::ServerConfig::default(), &hub, Version::V3);
    let back = Connect { is_clean: false, ..connect(Version::V3) };
    door.hear(20, &Packet::Connect(Box::new(back)));
    door.settle(20, Outcome::Stored);
    assert_eq!(sent(&mut door), []);
    door.tick(20);
    assert_eq!(door.done, [(command, CommandResult::Unanswered)]);
}

#[test]
fn a_command_for_whoever_does_not_come_back_ends_in_its_time_and_not_with_the_session() {
    let hub = Hub::default();
    let mut door = listening(Version::V3, &hub);
    door.server.lost(at(0));
    let command = Command { until: Some(at(10)), ..order("open") };
    let command = hub.command("shuiku", command).expect("it is expected back");
    assert_eq!(hub.tick(at(9)), []);
    assert_eq!(hub.deadline(), Some(at(10)));
    let result = CommandResult::Unanswered;
    assert_eq!(hub.tick(at(10)), [Due::Done { command, result }]);
    assert_eq!(hub.tick(at(20)), []);
}

#[test]
fn commands_of_a_session_that_ends_are_told() {
    let hub = Hub::default();
    let mut door = listening(Version::V5, &hub);
    let command = door.server.command(at(0), order("open")).expect("it listens");
    door.server.lost(at(0));
    let result = CommandResult::Unanswered;
    assert_eq!(hub.tick(at(600)), [Due::Done { command, result }]);
}

#[test]
fn whoever_listens_with_qos_0_is_sent_it_once() {
    let hub = Hub::default();
    let mut door = Door::open(&hub, connect(Version::V3));
    let filters = vec![("fengsui/shuiku/command".into(), Qos::AtMostOnce)];
    door.hear(0, &Packet::Subscribe { pid: 1, has_identifier: false, filters });
    door.said();
    let command = door.server.command(at(0), order("open")).expect("it listens");
    door.drain();
    let plain = Publish::new("fengsui/shuiku/command", "open");
    assert_eq!(door.said(), [Packet::Publish(plain)]);
    assert_eq!(door.done, [(command, CommandResult::Sent)]);
}

#[test]
fn a_device_hears_its_command_and_answers() {
    for version in [Version::V3, Version::V5] {
        let hub = Hub::default();
        let mut config = ClientConfig::new(connect(version));
        config.filters = vec!["fengsui/shuiku/command".into()];
        let (mut client, mut door) = (Client::new(config, T0), Door::new(&hub, version));
        talk(0, &mut client, &mut door, |_| Outcome::Stored);
        let command = door.server.command(at(1), order("open")).expect("it listens");
        let (heard, _) = talk(1, &mut client, &mut door, |_| Outcome::Stored);
        assert!(
            matches!(&heard[..], [Heard::Message(publish)] if publish.payload == "open"),
            "{heard:?}"
        );
        assert_eq!(door.done, [(command, CommandResult::Answered)]);
    }
}

/// §4.7.1, the standard's own examples.
#[test]
fn filters_match_what_the_standard_says() {
    for (filter, topic, expected) in [
        ("sport/tennis/player1/#", "sport/tennis/player1", true),
        ("sport/tennis/player1/#", "sport/tennis/player1/ranking", true),
        ("sport/tennis/player1/#", "sport/tennis/player1/score/wimbledon", true),
        ("sport/#", "sport", true),
        ("sport/tennis/+", "sport/tennis/player1", true),
        ("sport/tennis/+", "sport/tennis/player1/ranking", false),
        ("sport/+", "sport", false),
        ("sport/+", "sport/", true),
        ("+/+", "/finance", true),
        ("/+", "/finance", true),
        ("+", "/finance", false),
        ("#", "$SYS/x", false),
        ("+/monitor/Clients", "$SYS/monitor/Clients", false),
        ("$SYS/#", "$SYS/x", true),
        ("$SYS/monitor/+", "$SYS/monitor/Clients", true),
        ("ACCOUNTS", "Accounts", false),
    ] {
        assert_eq!(matches(filter, topic), expected, "{filter} {topic}");
    }
}
