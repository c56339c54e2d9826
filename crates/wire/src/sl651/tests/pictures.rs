//! Stories of messages in packets (mode M3).

use expect_test::expect;

use super::super::{
    Body, CentreConfig, Content, Frame, Function, Kind, StationConfig, parse, write,
};
use super::town::Town;
use super::{bytes, from_fixture};
use crate::session::Session;

/// A picture of three packets.
pub(super) fn picture() -> Vec<u8> {
    let mut jpeg = vec![0xFF, 0xD8];
    jpeg.extend((0..500_u16).map(|index| index as u8));
    jpeg.extend([0xFF, 0xD9]);
    jpeg
}

#[track_caller]
pub(super) fn picture_of(frame: &Frame) -> Vec<u8> {
    let Content::Report(sections) = Body::decode(frame).expect("a body").content else {
        panic!("no report")
    };
    let attachment = sections[0].blocks[0].attachment.clone().expect("an attachment");
    assert_eq!(attachment.kind, Kind::Picture);
    attachment.bytes
}

#[track_caller]
fn assert_is_picture(town: &Town) {
    assert_eq!(picture_of(&town.frames[town.frames.len() - 1]), picture());
}

#[test]
fn a_picture_in_packets_is_one_frame_and_has_one_acknowledgement() {
    let mut town = Town::new();
    let content = town.picture(picture());
    town.reports(Function::PICTURE, content);
    town.expect(expect![[r#"
        08:00:00 up 36 1/3 serial 1 ETB
        08:00:00 up 36 2/3 ETB
        08:00:00 up 36 3/3 ETX
        08:00:00 down 36 3/3 serial 1 ESC
        08:00:00 station: command 1 Answered
    "#]]);
    assert_is_picture(&town);
    assert_eq!(town.frames.len(), 1);
}

#[test]
fn a_lost_packet_is_asked_for_and_comes_again() {
    let mut town = Town::new();
    town.lose_up = vec![2];
    let content = town.picture(picture());
    town.reports(Function::PICTURE, content);
    town.until("08:00:15");
    town.expect(expect![[r#"
        08:00:00 up 36 1/3 serial 1 ETB
        08:00:00 up 36 2/3 ETB (lost)
        08:00:00 up 36 3/3 ETX
        08:00:10 down 36 2/3 serial 1 NAK
        08:00:10 up 36 2/3 ETX
        08:00:10 down 36 3/3 serial 1 ESC
        08:00:10 station: command 1 Answered
    "#]]);
    assert_is_picture(&town);
}

#[test]
fn two_lost_packets_are_asked_for_one_after_the_other() {
    let mut town = Town::new();
    town.lose_up = vec![1, 3];
    let content = town.picture(picture());
    town.reports(Function::PICTURE, content);
    town.until("08:00:15");
    town.expect(expect![[r#"
        08:00:00 up 36 1/3 serial 1 ETB (lost)
        08:00:00 up 36 2/3 ETB
        08:00:00 up 36 3/3 ETX (lost)
        08:00:10 down 36 1/3 serial 0 NAK
        08:00:10 up 36 1/3 serial 1 ETX
        08:00:10 down 36 3/3 serial 1 NAK
        08:00:10 up 36 3/3 ETX
        08:00:10 down 36 3/3 serial 1 ESC
        08:00:10 station: command 1 Answered
    "#]]);
    assert_is_picture(&town);
}

#[test]
fn a_packet_that_never_comes_ends_the_message_after_two_requests() {
    let mut town = Town::new();
    town.lose_up = (1..100).filter(|number| number % 3 == 2 || 3 < *number).collect();
    let content = town.picture(picture());
    town.reports(Function::PICTURE, content);
    town.until("08:03:00");
    town.expect(expect![[r#"
        08:00:00 up 36 1/3 serial 1 ETB
        08:00:00 up 36 2/3 ETB (lost)
        08:00:00 up 36 3/3 ETX
        08:00:10 down 36 2/3 serial 1 NAK
        08:00:10 up 36 2/3 ETX (lost)
        08:00:20 down 36 2/3 serial 1 NAK
        08:00:20 up 36 2/3 ETX (lost)
        08:00:30 centre: rejects 349 bytes: message of 3 packets was given up: packet 2 did not come after 2 requests
        08:00:40 up 36 1/3 serial 1 ETB (lost)
        08:00:40 up 36 2/3 ETB (lost)
        08:00:40 up 36 3/3 ETX (lost)
        08:01:00 up 36 1/3 serial 1 ETB (lost)
        08:01:00 up 36 2/3 ETB (lost)
        08:01:00 up 36 3/3 ETX (lost)
        08:01:20 station: command 1 Unanswered
    "#]]);
    assert!(town.frames.is_empty());
}

#[test]
fn a_lost_acknowledgement_of_a_picture_sends_all_packets_again() {
    let mut town = Town::new();
    town.lose_down = 1;
    let content = town.picture(picture());
    town.reports(Function::PICTURE, content);
    town.until("08:00:30");
    assert_eq!(town.frames.len(), 2);
    assert_eq!(town.raws[0], town.raws[1]);
    assert_is_picture(&town);
    assert!(town.log.concat().ends_with("station: command 1 Answered\n"));
}

#[test]
fn the_fixture_picture_comes_out_whole() {
    let mut town = Town::new();
    for name in ["36 M3 part 1/2", "36 M3 part 2/2"] {
        town.centre.input(town.now, &from_fixture(name));
    }
    town.run();
    assert_eq!(picture_of(&town.frames[0]), bytes("FFD8FFE000104A464946000101FFD9"));
    town.expect(expect![[r#"
        08:00:00 down 36 2/2 serial 13 ESC
    "#]]);
}

#[test]
fn a_new_picture_with_as_many_packets_replaces_an_unfinished_one() {
    let mut town = Town::new();
    let first = from_fixture("36 M3 part 1/2");
    town.centre.input(town.now, &first);
    let (mut frame, _) = parse(&first).expect("a frame");
    frame.body[1] = 14;
    town.centre.input(town.now, &write(&frame).expect("it fits"));
    town.centre.input(town.now, &from_fixture("36 M3 part 2/2"));
    town.run();
    assert_eq!(town.frames[0].serial(), Some(14));
    town.expect(expect![[r#"
        08:00:00 centre: rejects 53 bytes: message of 2 packets was given up: another message with as many packets began
        08:00:00 down 36 2/2 serial 14 ESC
    "#]]);
}

#[test]
fn a_message_longer_than_the_limit_is_given_up() {
    let config = CentreConfig { max_message: 600, ..CentreConfig::default() };
    let station = StationConfig::new("0010820550".parse().expect("an address"), 1);
    let mut town = Town::with(config, station);
    let content = town.picture(picture());
    town.reports(Function::PICTURE, content);
    town.expect(expect![[r#"
        08:00:00 up 36 1/3 serial 1 ETB
        08:00:00 up 36 2/3 ETB
        08:00:00 up 36 3/3 ETX
        08:00:00 centre: rejects 480 bytes: message of 3 packets was given up: it is longer than the 600 bytes taken
    "#]]);
}

#[test]
fn the_oldest_of_too_many_messages_is_given_up() {
    let config = CentreConfig { max_collections: 2, ..CentreConfig::default() };
    let station = StationConfig::new("0010820550".parse().expect("an address"), 1);
    let mut town = Town::with(config, station);
    for total in [3, 4, 5] {
        let (mut frame, _) = parse(&from_fixture("36 M3 part 1/2")).expect("a frame");
        frame.packet = Some(super::super::Packet { total, number: 1 });
        town.centre.input(town.now, &write(&frame).expect("it fits"));
    }
    town.run();
    town.expect(expect![[r#"
        08:00:00 centre: rejects 53 bytes: message of 3 packets was given up: too many messages in packets at the same time
    "#]]);
}
