//! Stories between a centre and a station: reports, queries, settings.

use expect_test::expect;

use super::super::{
    Body, CentreConfig, Coding, Command, Content, ElementId, Finish, Function, Identifier,
    Parameter, Report, StationConfig, parse,
};
use super::pictures::{picture, picture_of};
use super::town::{Town, at};
use super::{bytes, from_fixture};
use crate::session::{CloseReason, CommandError, Outcome, Output, Session, Token};
use base::Duration;

#[test]
fn a_report_is_acknowledged_with_its_serial_once_it_is_stored() {
    let mut town = Town::new();
    town.reads(193_456);
    town.reads(193_460);
    town.expect(expect![[r#"
        08:00:00 up 32 serial 1 ETX Z 193.456
        08:00:00 down 32 serial 1 ESC
        08:00:00 station: command 1 Answered
        08:00:00 up 32 serial 2 ETX Z 193.460
        08:00:00 down 32 serial 2 ESC
        08:00:00 station: command 2 Answered
    "#]]);
    assert_eq!(town.frames.len(), 2);
}

#[test]
fn nothing_is_acknowledged_before_the_driver_has_settled() {
    let mut town = Town::new();
    let raw = from_fixture("32 timed report river");
    town.centre.input(town.now, &raw);
    let Some(Output::Frame { token, raw: kept, .. }) = town.centre.poll() else { panic!() };
    assert_eq!(kept, raw);
    assert_eq!(town.centre.poll(), None);
    town.pass(3);
    town.centre.settle(town.now, Token(99), Outcome::Stored);
    assert_eq!(town.centre.poll(), None, "a token nobody holds acknowledges nothing");
    town.centre.settle(town.now, token, Outcome::Stored);
    let Some(Output::Send(answer)) = town.centre.poll() else { panic!() };
    let (frame, _) = parse(&answer).expect("a frame");
    let body = Body::decode(&frame).expect("a body");
    assert_eq!((body.serial, body.sent), (8, at("08:00:03")));
    town.centre.settle(town.now, token, Outcome::Stored);
    assert_eq!(town.centre.poll(), None, "a token is settled once");
}

#[test]
fn a_lost_acknowledgement_makes_the_station_repeat_with_the_same_serial() {
    let mut town = Town::new();
    town.lose_down = 1;
    town.reads(193_456);
    town.until("08:01:00");
    town.expect(expect![[r#"
        08:00:00 up 32 serial 1 ETX Z 193.456
        08:00:00 down 32 serial 1 ESC (lost)
        08:00:20 up 32 serial 1 ETX Z 193.456
        08:00:20 down 32 serial 1 ESC
        08:00:20 station: command 1 Answered
    "#]]);
    assert_eq!(town.raws[0], town.raws[1], "repeated byte for byte");
}

#[test]
fn a_report_that_is_never_acknowledged_is_left_after_two_repeats() {
    let mut town = Town::new();
    town.lose_up = vec![1, 2, 3];
    town.reads(193_456);
    town.until("08:02:00");
    town.reads(193_460);
    town.expect(expect![[r#"
        08:00:00 up 32 serial 1 ETX Z 193.456 (lost)
        08:00:20 up 32 serial 1 ETX Z 193.456 (lost)
        08:00:40 up 32 serial 1 ETX Z 193.456 (lost)
        08:01:00 station: command 1 Unanswered
        08:02:00 up 32 serial 2 ETX Z 193.460
        08:02:00 down 32 serial 2 ESC
        08:02:00 station: command 2 Answered
    "#]]);
}

#[test]
fn refused_and_busy_are_not_acknowledged_and_busy_comes_again() {
    let mut town = Town::new();
    town.outcome = Outcome::Busy;
    town.reads(193_456);
    town.outcome = Outcome::Stored;
    town.until("08:00:30");
    town.outcome = Outcome::Refused("unknown station".to_owned());
    town.reads(193_460);
    town.until("08:02:00");
    town.expect(expect![[r#"
        08:00:00 up 32 serial 1 ETX Z 193.456
        08:00:20 up 32 serial 1 ETX Z 193.456
        08:00:20 down 32 serial 1 ESC
        08:00:20 station: command 1 Answered
        08:00:30 up 32 serial 2 ETX Z 193.460
        08:00:50 up 32 serial 2 ETX Z 193.460
        08:01:10 up 32 serial 2 ETX Z 193.460
        08:01:30 station: command 2 Unanswered
    "#]]);
}

#[test]
fn a_heartbeat_is_a_frame_without_an_answer() {
    let mut town = Town::new();
    town.reads(193_456);
    town.station.command(town.now, Report::Heartbeat).expect("room");
    town.run();
    town.expect(expect![[r#"
        08:00:00 up 32 serial 1 ETX Z 193.456
        08:00:00 down 32 serial 1 ESC
        08:00:00 station: command 1 Answered
        08:00:00 up 2F serial 1 ETX
        08:00:00 station: command 2 Sent
    "#]]);
    assert_eq!(town.frames[1].function, Function::HEARTBEAT);
}

#[test]
fn a_released_station_goes() {
    let config = CentreConfig { finish: Finish::Release, ..CentreConfig::default() };
    let station = StationConfig::new("0010820550".parse().expect("an address"), 1);
    let mut town = Town::with(config, station);
    town.reads(193_456);
    town.expect(expect![[r#"
        08:00:00 up 32 serial 1 ETX Z 193.456
        08:00:00 down 32 serial 1 EOT
        08:00:00 station: command 1 Answered
        08:00:00 station: close Finished
    "#]]);
}

#[test]
fn the_centre_queries_a_station_it_has_heard() {
    let mut town = Town::new();
    let station = "0010820550".parse().expect("an address");
    assert_eq!(
        town.centre.command(town.now, Command::query_now(station)),
        Err(CommandError::Unheard("0010820550".to_owned())),
    );
    town.reads(193_456);
    for command in [
        Command::query_now(station),
        Command {
            station,
            function: Function::QUERY_ELEMENTS,
            content: Content::Identifiers(vec![Identifier {
                id: ElementId::Lead(0x39),
                definition: 0x23,
            }]),
        },
        Command { station, function: Function::QUERY_STATUS, content: Content::Bare },
        Command { station, function: Function::QUERY_VERSION, content: Content::Bare },
        Command { station, function: Function::QUERY_EVENTS, content: Content::Bare },
    ] {
        town.centre.command(town.now, command).expect("room");
    }
    town.run();
    town.expect(expect![[r#"
        08:00:00 up 32 serial 1 ETX Z 193.456
        08:00:00 down 32 serial 1 ESC
        08:00:00 station: command 1 Answered
        08:00:00 down 37 serial 0 ENQ
        08:00:00 up 37 serial 2 ETX Z 193.456
        08:00:00 centre: command 1 Answered
        08:00:00 down 37 serial 2 ESC
        08:00:00 down 3A serial 0 ENQ
        08:00:00 up 3A serial 3 ETX Z 193.456
        08:00:00 centre: command 2 Answered
        08:00:00 down 3A serial 3 ESC
        08:00:00 down 46 serial 0 ENQ
        08:00:00 up 46 serial 4 ETX ZT Bits(1152)
        08:00:00 centre: command 3 Answered
        08:00:00 down 46 serial 4 ESC
        08:00:00 down 45 serial 0 ENQ
        08:00:00 up 45 serial 5 ETX
        08:00:00 centre: command 4 Answered
        08:00:00 down 45 serial 5 ESC
        08:00:00 down 50 serial 0 ENQ
        08:00:00 up 50 serial 6 ETX
        08:00:00 centre: command 5 Answered
        08:00:00 down 50 serial 6 ESC
    "#]]);
    let Content::Version(version) = Body::decode(&town.frames[4]).expect("a body").content else {
        panic!("no version")
    };
    assert_eq!(version, b"Fengsui simulated station");
    let Content::Events(events) = Body::decode(&town.frames[5]).expect("a body").content else {
        panic!("no events")
    };
    assert_eq!(events[15..17], [5, 10], "sent, received");
}

#[test]
fn a_wrong_clock_is_set_by_the_command_and_again_by_the_acknowledgement() {
    let mut town = Town::new();
    town.station.set_clock_offset(Duration::from_mins(-7));
    town.reads(193_456);
    assert_eq!(Body::decode(&town.frames[0]).expect("a body").sent, at("07:53:00"));
    let station = "0010820550".parse().expect("an address");
    town.centre.command(town.now, Command::set_clock(station)).expect("room");
    town.run();
    assert_eq!(town.station.clock(town.now), town.now);
    town.centre.command(town.now, Command::query_clock(station)).expect("room");
    town.run();
    assert_eq!(Body::decode(&town.frames[2]).expect("a body").sent, at("08:00:00"));
    town.expect(expect![[r#"
        08:00:00 up 32 serial 1 ETX Z 193.456
        08:00:00 down 32 serial 1 ESC
        08:00:00 station: command 1 Answered
        08:00:00 down 4A serial 0 ENQ
        08:00:00 up 4A serial 2 ETX
        08:00:00 centre: command 1 Answered
        08:00:00 down 4A serial 2 ESC
        08:00:00 down 51 serial 0 ENQ
        08:00:00 up 51 serial 3 ETX
        08:00:00 centre: command 2 Answered
        08:00:00 down 51 serial 3 ESC
    "#]]);
}

#[test]
fn a_new_password_is_in_force_after_the_confirmation() {
    let mut town = Town::new();
    town.reads(193_456);
    let station = "0010820550".parse().expect("an address");
    let password = |number: u16| Parameter {
        lead: 0x03,
        extension: None,
        definition: Some(0x10),
        data: number.to_be_bytes().to_vec(),
    };
    let content = Content::Parameters(vec![password(0xA1B2), password(0xC3D4)]);
    let function = Function::CHANGE_PASSWORD;
    town.centre.command(town.now, Command { station, function, content }).expect("room");
    town.run();
    assert_eq!(town.station.password(), 0xC3D4);
    town.reads(193_460);
    assert_eq!(town.frames[2].password, 0xC3D4);
    town.expect(expect![[r#"
        08:00:00 up 32 serial 1 ETX Z 193.456
        08:00:00 down 32 serial 1 ESC
        08:00:00 station: command 1 Answered
        08:00:00 down 49 serial 0 ENQ
        08:00:00 up 49 serial 2 ETX
        08:00:00 centre: command 1 Answered
        08:00:00 down 49 serial 2 ESC
        08:00:00 up 32 serial 3 ETX Z 193.460
        08:00:00 down 32 serial 3 ESC
        08:00:00 station: command 2 Answered
    "#]]);
}

#[test]
fn parameters_are_written_and_read_back() {
    let mut town = Town::new();
    town.reads(193_456);
    let station = "0010820550".parse().expect("an address");
    let interval =
        Parameter { lead: 0x20, extension: None, definition: Some(0x08), data: vec![0x01] };
    let write = Content::Parameters(vec![interval.clone()]);
    let read = Content::Names(vec![Identifier { id: ElementId::Lead(0x20), definition: 0x08 }]);
    for (function, content) in [(Function::WRITE_RUNNING, write), (Function::READ_RUNNING, read)] {
        town.centre.command(town.now, Command { station, function, content }).expect("room");
    }
    town.run();
    let body = Body::decode(&town.frames[2]).expect("a body");
    assert_eq!(body.content, Content::Parameters(vec![interval]));
    assert_eq!(body.station, Some(station));
}

#[test]
fn a_command_without_an_answer_is_repeated_twice_and_then_given_up() {
    let mut town = Town::new();
    town.reads(193_456);
    town.lose_down = 3;
    let station = "0010820550".parse().expect("an address");
    town.centre.command(town.now, Command::query_now(station)).expect("room");
    town.centre.command(town.now, Command::query_clock(station)).expect("room");
    town.run();
    town.until("08:02:00");
    town.expect(expect![[r#"
        08:00:00 up 32 serial 1 ETX Z 193.456
        08:00:00 down 32 serial 1 ESC
        08:00:00 station: command 1 Answered
        08:00:00 down 37 serial 0 ENQ (lost)
        08:00:20 down 37 serial 0 ENQ (lost)
        08:00:40 down 37 serial 0 ENQ (lost)
        08:01:00 centre: command 1 Unanswered
        08:01:00 down 51 serial 0 ENQ
        08:01:00 up 51 serial 2 ETX
        08:01:00 centre: command 2 Answered
        08:01:00 down 51 serial 2 ESC
    "#]]);
}

/// A drill's day, or one set by hand, is not the time by which anybody waits.
#[test]
fn frames_carry_another_time_than_the_one_by_which_an_answer_is_waited_for() {
    let mut town = Town::new();
    town.reads(193_456);
    let day = Duration::from_hours(24);
    let ago = Duration::from_millis(-day.as_millis());
    for ahead in [day, ago] {
        let carried = town.now + ahead;
        town.centre.carries(ahead);
        let station = "0010820550".parse().expect("an address");
        let asked = town.centre.command(town.now, Command::query_now(station)).expect("room");
        let Some(Output::Send(query)) = town.centre.poll() else { panic!("it is asked") };
        let (frame, _) = parse(&query).expect("a frame");
        assert_eq!(Body::decode(&frame).expect("a body").sent, carried);
        let answer = CentreConfig::default().answer;
        assert_eq!(town.centre.deadline(), Some(town.now + answer), "{ahead:?}");
        for _ in 0..3 {
            town.centre.tick(town.now);
            assert_eq!(town.centre.poll(), None, "its time is not over");
            town.now = town.now + answer;
            town.centre.tick(town.now);
            let output = town.centre.poll();
            if let Some(Output::Done { command, .. }) = output {
                assert_eq!(command, asked);
                break;
            }
            assert!(matches!(output, Some(Output::Send(_))), "{output:?}");
        }
        assert_eq!(town.centre.poll(), None);
    }
}

#[test]
fn commands_beyond_the_limit_are_refused() {
    let mut town = Town::new();
    town.reads(193_456);
    let station = "0010820550".parse().expect("an address");
    let command = Command::query_now(station);
    for _ in 0..17 {
        town.centre.command(town.now, command.clone()).expect("one in flight and 16 waiting");
    }
    assert_eq!(
        town.centre.command(town.now, command),
        Err(CommandError::Full { waiting: 16, limit: 16 }),
    );
}

#[test]
fn a_frame_with_another_password_or_address_is_not_the_stations() {
    let mut town = Town::new();
    town.station.input(town.now, &from_fixture("36 M3 part 1/2"));
    town.station.input(town.now, &bytes("7E7E00112233440503E83280080200341707181100161BE5D4"));
    town.run();
    town.expect(expect![[r#"
        08:00:00 station: rejects 53 bytes: frame is Up for station 0010820550 with password A1B2, expected Down for 0010820550 with A1B2
        08:00:00 station: rejects 25 bytes: frame is Down for station 0011223344 with password 03E8, expected Down for 0010820550 with A1B2
    "#]]);
}

#[test]
fn a_downlink_frame_at_the_centre_is_rejected() {
    let mut town = Town::new();
    town.centre.input(town.now, &from_fixture("32 downlink ack EOT"));
    town.run();
    town.expect(expect![[r#"
        08:00:00 centre: rejects 25 bytes: frame is for a station, expected one for the centre
    "#]]);
}

#[test]
fn an_idle_connection_is_closed_whatever_noise_comes() {
    let mut town = Town::new();
    town.reads(193_456);
    town.log.clear();
    for minute in 1..15 {
        town.until(&format!("08:{minute:02}:00"));
        town.centre.input(town.now, b"hello");
    }
    town.until("08:20:00");
    let millis = 15 * 60_000;
    let last = town.log.last().expect("a line");
    assert_eq!(
        *last,
        format!("08:15:00 centre: close {:?}\n", CloseReason::Idle { millis }),
        "{}",
        town.log.concat(),
    );
    assert_eq!(town.centre.deadline(), None);
}

#[test]
fn both_sides_speak_ascii() {
    let mut config = StationConfig::new("0010820550".parse().expect("an address"), 0xA1B2);
    config.coding = Coding::Ascii;
    let mut town = Town::with(CentreConfig::default(), config);
    town.reads(-360);
    let content = town.picture(picture());
    town.reports(Function::PICTURE, content);
    let station = "0010820550".parse().expect("an address");
    town.centre.command(town.now, Command::query_now(station)).expect("room");
    town.run();
    town.expect(expect![[r#"
        08:00:00 up 32 serial 1 ETX Z -0.360
        08:00:00 down 32 serial 1 ESC
        08:00:00 station: command 1 Answered
        08:00:00 up 36 1/3 serial 2 ETB
        08:00:00 up 36 2/3 ETB
        08:00:00 up 36 3/3 ETX
        08:00:00 down 36 3/3 serial 2 ESC
        08:00:00 station: command 2 Answered
        08:00:00 down 37 serial 0 ENQ
        08:00:00 up 37 serial 3 ETX Z -0.360
        08:00:00 centre: command 1 Answered
        08:00:00 down 37 serial 3 ESC
    "#]]);
    assert_eq!(picture_of(&town.frames[1]), picture());
}

#[test]
fn a_station_does_what_a_setting_says_and_no_more() {
    let mut town = Town::new();
    town.reads(193_456);
    let station = "0010820550".parse().expect("an address");
    let command = |town: &mut Town, function, content| {
        town.centre.command(town.now, Command { station, function, content }).expect("room");
        town.run();
    };
    // 4B may change bit 9 only.
    let bits = vec![0xFF; 4];
    let card = Parameter { lead: 0x45, extension: None, definition: Some(0x20), data: bits };
    command(&mut town, Function::SET_CARD, Content::Parameters(vec![card]));
    // 47 without its argument is not obeyed, so the values are still there; a setting is
    // sent once.
    command(&mut town, Function::CLEAR_STORAGE, Content::Bare);
    town.until("08:01:30");
    command(&mut town, Function::QUERY_NOW, Content::Bare);
    let clear = Identifier { id: ElementId::Lead(0x97), definition: 0x00 };
    command(&mut town, Function::CLEAR_STORAGE, Content::Names(vec![clear]));
    command(&mut town, Function::QUERY_NOW, Content::Bare);
    town.log.drain(..3);
    town.expect(expect![[r#"
        08:00:00 down 4B serial 0 ENQ
        08:00:00 up 4B serial 2 ETX ZT Bits(1664)
        08:00:00 centre: command 1 Answered
        08:00:00 down 4B serial 2 ESC
        08:00:00 down 47 serial 0 ENQ
        08:00:20 centre: command 2 Unanswered
        08:01:30 down 37 serial 0 ENQ
        08:01:30 up 37 serial 3 ETX Z 193.456
        08:01:30 centre: command 3 Answered
        08:01:30 down 37 serial 3 ESC
        08:01:30 down 47 serial 0 ENQ
        08:01:30 up 47 serial 4 ETX
        08:01:30 centre: command 4 Answered
        08:01:30 down 47 serial 4 ESC
        08:01:30 down 37 serial 0 ENQ
    "#]]);
}

#[test]
fn the_driver_answers_what_the_station_does_not_remember() {
    let mut town = Town::new();
    town.reads(193_456);
    let station = "0010820550".parse().expect("an address");
    let raw = from_fixture("31 uniform period, 1 h step, 3 values, middle missing (all F)");
    let (uniform, _) = parse(&raw).expect("a frame");
    let content = Body::decode(&uniform).expect("a body").content;
    let query = from_fixture("38 downlink query P1 2024-07-31 08h..2024-08-01 08h step 1h");
    let (query, _) = parse(&query).expect("a frame");
    let question = Body::decode(&query).expect("a body").content;
    let function = Function::QUERY_PERIOD;
    let command = Command { station, function, content: question };
    town.centre.command(town.now, command).expect("room");
    town.run();
    town.station.command(town.now, Report::Answer { function, content }).expect("room");
    town.run();
    town.log.drain(..3);
    town.expect(expect![[r#"
        08:00:00 down 38 serial 0 ENQ
        08:00:00 up 38 serial 2 ETX P1 3.5 P1 Missing P1 11.0
        08:00:00 station: command 2 Sent
        08:00:00 centre: command 1 Answered
        08:00:00 down 38 serial 2 ESC
    "#]]);
}
