//! Bodies in ASCII coding (§6.6.2).

use expect_test::{Expect, expect};

use super::super::{
    Body, Content, Direction, End, Function, Value, describe, from_description, parse,
};
use super::from_fixture;

/// The readings of an ASCII body after serial and time, or why there are none.
#[track_caller]
fn check(function: Function, direction: Direction, words: &str, expected: Expect) {
    let mut frame = parse(&from_fixture("ASCII timed report")).expect("a frame").0;
    frame.function = function;
    frame.direction = direction;
    frame.end = if direction == Direction::Up { End::Etx } else { End::Enq };
    frame.body.truncate(16);
    frame.body.extend(words.as_bytes());
    assert_eq!(from_description(&describe(&frame)).as_ref(), Ok(&frame));
    let text = match Body::decode(&frame) {
        Err(error) => error.to_string(),
        Ok(body) => {
            assert_eq!(body.encode(frame.coding).as_ref(), Ok(&frame.body));
            match &body.content {
                Content::Report(_) => readings(&body),
                other => format!("{other:?} {:?}", body.station),
            }
        }
    };
    expected.assert_eq(&text);
}

fn readings(body: &Body) -> String {
    let each = body.readings().into_iter().map(|reading| {
        let time = reading.observed.map(|time| time.to_beijing()[11..16].to_owned());
        let value = match reading.value {
            Value::Number(number) => number.to_string(),
            other => format!("{other:?}"),
        };
        format!("{} {} {value}", time.unwrap_or_default(), reading.element)
    });
    each.collect::<Vec<_>>().join(", ")
}

const HEAD: &str = "ST 0010820550 H TT 2408010900 ";

#[test]
fn values_of_every_kind() {
    let up = |words: &str, expected| {
        check(Function::TIMED, Direction::Up, &format!("{HEAD}{words}"), expected);
    };
    up(
        "Z -0.36 PJ M DT 1.30 ZT 00000084 ",
        expect!["09:00 Z -0.36, 09:00 PJ Missing, 09:00 DT Minutes(90), 09:00 ZT Bits(132)"],
    );
    // The class H comes first, so the element H is the groundwater depth.
    up("H 12.50 OWN 7 Z1 x ", expect!["09:00 H 12.50, 09:00 OWN 7, 09:00 Z1 Invalid"]);
    up(
        "DRP 0000050A1423FF0F05000000 ",
        expect![
            "09:00 DRP 0.0, 09:05 DRP 0.0, 09:10 DRP 0.5, 09:15 DRP 1.0, 09:20 DRP 2.0, 09:25 DRP 3.5, 09:30 DRP Missing, 09:35 DRP 1.5, 09:40 DRP 0.5, 09:45 DRP 0.0, 09:50 DRP 0.0, 09:55 DRP 0.0"
        ],
    );
    up("PJ 1.0 TT 2408011000 PJ 2.0 ", expect!["09:00 PJ 1.0, 10:00 PJ 2.0"]);
}

#[test]
fn several_elements_share_one_step() {
    let up = |words: &str, expected| {
        check(Function::UNIFORM, Direction::Up, &format!("{HEAD}{words}"), expected);
    };
    up(
        "DRH01 P1 Z 3.5 193.10 M 193.12 11.0 193.15 ",
        expect![
            "09:00 P1 3.5, 09:00 Z 193.10, 10:00 P1 Missing, 10:00 Z 193.12, 11:00 P1 11.0, 11:00 Z 193.15"
        ],
    );
    up(
        "DRH01 P1 Z 3.5 193.10 M ",
        expect!["at byte 57 of the body: 3 bytes or words of values do not divide into rows of 2"],
    );
    up(
        "DRH00 DRP 0000050A1423FF0F05000000 ",
        expect![
            "09:00 DRP 0.0, 09:05 DRP 0.0, 09:10 DRP 0.5, 09:15 DRP 1.0, 09:20 DRP 2.0, 09:25 DRP 3.5, 09:30 DRP Missing, 09:35 DRP 1.5, 09:40 DRP 0.5, 09:45 DRP 0.0, 09:50 DRP 0.0, 09:55 DRP 0.0"
        ],
    );
    up("DRH01 ", expect![[r#""#]]);
}

#[test]
fn text_and_queries() {
    check(Function::MANUAL, Direction::Up, "RGZS Q 1.234 \u{6c34}", expect![[r#""#]]);
    check(
        Function::QUERY_PERIOD,
        Direction::Down,
        "24073108 24080108 DRH01 P1 ",
        expect![
            "Period(Period { start: 2024-07-31T00:00:00.000Z, end: 2024-08-01T00:00:00.000Z, step: Step { days: 0, hours: 1, minutes: 0 }, elements: [Identifier { id: P1, definition: 0 }] }) None"
        ],
    );
    check(
        Function::QUERY_ELEMENTS,
        Direction::Down,
        "Z PJ ",
        expect![
            "Identifiers([Identifier { id: Z, definition: 0 }, Identifier { id: PJ, definition: 0 }]) None"
        ],
    );
    check(Function::QUERY_CLOCK, Direction::Up, "ST 0010820550 ", expect!["Bare Some(0010820550)"]);
}

/// By §6.6.2.1 and §6.6.2.2 of tables 57, 71, 74, 77, 80–82: no example was seen.
#[test]
fn counts_bits_and_states_are_two_characters_a_byte() {
    let up = |function, words: &str, expected| {
        check(function, Direction::Up, &format!("ST 0010820550 {words}"), expected);
    };
    // Characters are themselves, blanks among them.
    up(
        Function::QUERY_VERSION,
        "0B V1.0 (2014) ",
        expect!["Version([86, 49, 46, 48, 32, 40, 50, 48, 49, 52, 41]) Some(0010820550)"],
    );
    up(Function::QUERY_VERSION, "00  ", expect!["Version([]) Some(0010820550)"]);
    up(Function::SWITCH_PUMPS, "020501 ", expect!["Switches([5, 1]) Some(0010820550)"]);
    up(
        Function::SWITCH_GATES,
        "020200000150 ",
        expect!["Gates(Gates { count: 2, open: [2], openings: [0, 150] }) Some(0010820550)"],
    );
    up(Function::SET_QUOTA, "FF ", expect!["Quota(255) Some(0010820550)"]);
    let events = "0002".to_owned() + &"0000".repeat(30) + "00FF ";
    up(
        Function::QUERY_EVENTS,
        &events,
        expect![
            "Events([2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255]) Some(0010820550)"
        ],
    );
    // A command and its confirmation have no address.
    let down = |function, words: &str, expected| {
        check(function, Direction::Down, words, expected);
    };
    down(Function::SWITCH_VALVES, "0103 ", expect!["Switches([3]) None"]);
    down(Function::SWITCH_VALVES, "", expect!["Bare None"]);
}

#[test]
fn counts_bits_and_states_that_do_not_read_so_are_kept_raw() {
    let up = |function, words: &str, expected| {
        check(function, Direction::Up, &format!("ST 0010820550 {words}"), expected);
    };
    // No count, another count, no blank behind the count, none at the end.
    up(Function::QUERY_VERSION, "V1 ", expect!["Raw([86, 49, 32]) Some(0010820550)"]);
    up(
        Function::QUERY_VERSION,
        "03 V1 ",
        expect!["Raw([48, 51, 32, 86, 49, 32]) Some(0010820550)"],
    );
    up(Function::QUERY_VERSION, "02V1 ", expect!["Raw([48, 50, 86, 49, 32]) Some(0010820550)"]);
    up(Function::QUERY_VERSION, "02 V1", expect!["Raw([48, 50, 32, 86, 49]) Some(0010820550)"]);
    // Half a byte, too many bytes, bits as words, no decimal digit in an opening.
    up(Function::SWITCH_PUMPS, "010 ", expect!["Raw([48, 49, 48, 32]) Some(0010820550)"]);
    up(
        Function::SWITCH_PUMPS,
        "010501 ",
        expect!["Raw([48, 49, 48, 53, 48, 49, 32]) Some(0010820550)"],
    );
    up(Function::SWITCH_PUMPS, "01 05 ", expect!["Raw([48, 49, 32, 48, 53, 32]) Some(0010820550)"]);
    up(
        Function::SWITCH_GATES,
        "0102015A ",
        expect!["Raw([48, 49, 48, 50, 48, 49, 53, 65, 32]) Some(0010820550)"],
    );
    up(Function::QUERY_EVENTS, "0002 ", expect!["Raw([48, 48, 48, 50, 32]) Some(0010820550)"]);
    check(
        Function::SET_QUOTA,
        Direction::Up,
        "ST 001082055X FF ",
        expect!["Raw([83, 84, 32, 48, 48, 49, 48, 56, 50, 48, 53, 53, 88, 32, 70, 70, 32]) None"],
    );
}

#[test]
fn every_character_of_an_answer_is_named() {
    let mut frame = parse(&from_fixture("ASCII timed report")).expect("a frame").0;
    let text = |function, words: &str, frame: &mut super::super::Frame| {
        frame.function = function;
        frame.body.truncate(16);
        frame.body.extend(words.as_bytes());
        let raw = super::super::write(frame).expect("it fits");
        let spans = super::super::layout(&raw).into_iter();
        let spans = spans.skip_while(|span| span.name != "station_lead");
        spans.map(|it| format!("{} {} {}\n", it.name, it.len, it.text)).collect::<String>()
    };
    let gates = text(Function::SWITCH_GATES, "ST 0010820550 020200000150 ", &mut frame);
    expect![[r#"
        station_lead 2 ST
        space 1 
        station 10 0010820550
        space 1 
        count 2 2
        switches 2 02
        opening 4 0000
        opening 4 0150
        space 1 
        end 1 ETX
        checksum 4 CRC-16
    "#]]
    .assert_eq(&gates);
    let version = text(Function::QUERY_VERSION, "ST 0010820550 02 V1 ", &mut frame);
    expect![[r#"
        station_lead 2 ST
        space 1 
        station 10 0010820550
        space 1 
        count 2 2
        space 1 
        version 2 5631
        space 1 
        end 1 ETX
        checksum 4 CRC-16
    "#]]
    .assert_eq(&version);
}

#[test]
fn what_is_wrong_names_its_place() {
    let up = |words: &str, expected| check(Function::TIMED, Direction::Up, words, expected);
    up(
        "ST 0010820550 H TT 2408010900 Z 1.0",
        expect!["at byte 48 of the body: the last word is 3 bytes, expected a space after it"],
    );
    up(
        "ST 0010820550 H TT 2408010900 Z  1.0 ",
        expect!["at byte 48 of the body: word is , expected visible ASCII characters"],
    );
    up(
        "ST 001082055 H ",
        expect![
            "at byte 19 of the body: station address is 001082055, expected ten hexadecimal digits"
        ],
    );
    up(
        "ST 0010820550 H TT 2413010900 ",
        expect![
            "at byte 35 of the body: observed is 2413010900, which is no minute of the years 2000–2099"
        ],
    );
    up(
        "ST 0010820550 H TT 2408010900 TOOLONGANAME 1 ",
        expect!["at byte 46 of the body: identifier is TOOLONGANAME, expected 1 to 8 characters"],
    );
    up(
        "ST 0010820550 H TT 2408010900 \u{6c34}\u{4f4d} 1 ",
        expect!["at byte 46 of the body: word is E6B0B4E4BD8D, expected visible ASCII characters"],
    );
}
