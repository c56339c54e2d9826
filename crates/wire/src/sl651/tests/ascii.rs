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
    check(
        Function::QUERY_VERSION,
        Direction::Up,
        "ST 0010820550 V1 ",
        expect!["Raw([83, 84, 32, 48, 48, 49, 48, 56, 50, 48, 53, 53, 48, 32, 86, 49, 32]) None"],
    );
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
