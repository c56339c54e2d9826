use base::{Duration, Timestamp};

use super::model::{Comparison, Limits, Outcome, Seen, State, step};

/// A rule, and readings as `minute=value`; answers what they led to.
#[track_caller]
fn check(limits: Limits, readings: &str, expected: expect_test::Expect) {
    let mut state = State::default();
    let mut told = String::new();
    for reading in readings.split_whitespace() {
        let (minute, value) = reading.split_once('=').expect("minute=value");
        let minute: i64 = minute.parse().expect("a minute");
        let time = Timestamp::from_millis(0) + Duration::from_mins(minute);
        let seen = Seen { time, value: value.parse().expect("a number"), received: time };
        let outcome;
        (state, outcome) = step(&limits, state, seen);
        match outcome {
            None => {}
            Some(Outcome::Raised { values }) => {
                let values: Vec<String> =
                    values.iter().map(|seen| format!("{}={}", minutes(seen), seen.value)).collect();
                told += &format!("{minute} raised by {}\n", values.join(" "));
            }
            Some(Outcome::Cleared { onset, by }) => {
                let onset = onset.as_millis() / 60_000;
                told += &format!("{minute} cleared {onset} by {}={}\n", minutes(&by), by.value);
            }
        }
    }
    expected.assert_eq(&told);
}

fn minutes(seen: &Seen) -> i64 {
    seen.time.as_millis() / 60_000
}

fn above(threshold: f64, hysteresis: f64, times: u32) -> Limits {
    Limits::new(Comparison::AtOrAbove, threshold, hysteresis, times, Duration::ZERO)
}

#[test]
fn two_readings_in_a_row_raise_and_the_second_need_not_be_higher() {
    check(
        above(264.0, 0.05, 2),
        "0=263.99 5=264.00 10=264.03 15=264.06",
        expect_test::expect![[r#"
            10 raised by 5=264 10=264.03
        "#]],
    );
}

#[test]
fn a_reading_below_starts_the_count_again() {
    check(
        above(264.0, 0.05, 2),
        "0=264.1 5=263.99 10=264.1 15=264.0",
        expect_test::expect![[r#"
            15 raised by 10=264.1 15=264
        "#]],
    );
}

#[test]
fn a_value_on_the_line_crosses_and_one_on_the_hysteresis_is_not_safe() {
    check(
        above(264.0, 0.05, 1),
        "0=264.00 5=263.95 10=263.949 15=263.95 20=263.999999 25=264",
        expect_test::expect![[r#"
            0 raised by 0=264
            10 cleared 0 by 10=263.949
            25 raised by 25=264
        "#]],
    );
}

#[test]
fn without_hysteresis_the_line_itself_divides() {
    check(
        above(5.2, 0.0, 1),
        "0=5.2 5=5.199 10=5.2 15=5.2 20=5.1",
        expect_test::expect![[r#"
            0 raised by 0=5.2
            5 cleared 0 by 5=5.199
            10 raised by 10=5.2
            20 cleared 10 by 20=5.1
        "#]],
    );
}

#[test]
fn a_low_water_rule_looks_the_other_way() {
    check(
        Limits::new(Comparison::AtOrBelow, 11.0, 0.3, 1, Duration::ZERO),
        "0=12.6 5=11.01 10=11 15=11.3 20=11.31 25=10",
        expect_test::expect![[r#"
            10 raised by 10=11
            20 cleared 10 by 20=11.31
            25 raised by 25=10
        "#]],
    );
}

#[test]
fn a_delay_is_counted_in_source_time_from_the_first_crossing() {
    check(
        Limits::new(Comparison::AtOrAbove, 5.0, 0.0, 2, Duration::from_mins(10)),
        "0=5 4=5 9=5 10=5.5 11=4 12=5 21=6 22=6",
        expect_test::expect![[r#"
            10 raised by 0=5 9=5 10=5.5
            11 cleared 0 by 11=4
            22 raised by 12=5 21=6 22=6
        "#]],
    );
}

#[test]
fn a_late_reading_changes_nothing() {
    check(
        above(5.0, 0.0, 2),
        "10=5 5=4 15=5 12=1 20=5 8=9 25=4 22=9 23=9",
        expect_test::expect![[r#"
            15 raised by 10=5 15=5
            25 cleared 10 by 25=4
        "#]],
    );
}

#[test]
fn a_correction_takes_the_place_of_what_it_corrects() {
    check(
        above(5.0, 0.0, 2),
        "0=9 0=5 0=5 5=9 5=9",
        expect_test::expect![[r#"
            5 raised by 0=5 5=9
        "#]],
    );
    check(above(5.0, 0.0, 2), "0=9 5=4.9 5=9 0=9", expect_test::expect![[r#""#]]);
}

#[test]
fn a_correction_may_raise_and_never_clears() {
    check(
        above(5.0, 0.0, 1),
        "0=9 0=1 5=1 5=7 5=1",
        expect_test::expect![[r#"
            0 raised by 0=9
            5 cleared 0 by 5=1
            5 raised by 5=7
        "#]],
    );
}

#[test]
fn the_safe_line_is_worked_out_in_decimals() {
    // 0.3 - 0.1 is 0.19999999999999998 in binary, and 0.7 + 0.1 0.7999999999999999.
    assert!(!above(0.3, 0.1, 1).is_safe(0.2));
    assert!(above(0.3, 0.1, 1).is_safe(0.199999));
    let low = Limits::new(Comparison::AtOrBelow, 0.7, 0.1, 1, Duration::ZERO);
    assert!(!low.is_safe(0.8));
    assert!(low.is_safe(0.800001));
    // What is finer than millionths, or too large for them, is simply added.
    assert!(!above(1e300, 0.0, 1).is_safe(1e300));
    assert!(above(1e-9, 0.5e-9, 1).is_safe(0.4e-9));
}
