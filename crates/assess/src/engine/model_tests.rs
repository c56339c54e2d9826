use base::{Duration, Timestamp};
use serde_json::json;

use super::model::{
    Comparison, Crossing, Direction, Limits, Measure, Outcome, Over, Seen, State, step,
};
use super::stored::{self, Stored};

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
        for outcome in step(&limits, &mut state, seen) {
            told += &match outcome {
                Outcome::Raised { values } => format!("{minute} raised by {}\n", list(&values)),
                Outcome::Cleared { onset, by } => {
                    let onset = minutes(onset);
                    format!("{minute} cleared {onset} by {}={}\n", minutes(by.time), by.value)
                }
                Outcome::Missed { values, by } => {
                    let end = minutes(by.time);
                    format!("{minute} missed {} until {end}={}\n", list(&values), by.value)
                }
            };
        }
        // What is saved is the state.
        let text = stored::text(&state);
        let saved: Stored = serde_json::from_str(&text).expect("reads");
        let again = State { active: state.active, ..saved.state(state.newest) };
        assert_eq!(again, state);
    }
    expected.assert_eq(&told);
}

/// `5=264.03`, or with what it came to `5=264.03(1.2 since 0=262.83)`.
fn list(values: &[Crossing]) -> String {
    let told = values.iter().map(|it| match it.over {
        None => format!("{}={}", minutes(it.time), it.value),
        Some(Over { value, since, from }) => {
            format!("{}={}({value} since {}={from})", minutes(it.time), it.value, minutes(since))
        }
    });
    told.collect::<Vec<_>>().join(" ")
}

fn minutes(time: Timestamp) -> i64 {
    time.as_millis() / 60_000
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
fn a_late_reading_within_what_was_told_changes_nothing() {
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
    check(
        above(5.0, 0.0, 2),
        "0=9 5=4.9 5=9 0=9",
        expect_test::expect![[r#"
            5 raised by 0=9 5=9
        "#]],
    );
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

fn change(direction: Direction, threshold: f64) -> Limits {
    above(threshold, 0.1, 1).measuring(Measure::Change { direction, within_s: 3_600 })
}

#[test]
fn a_rise_is_told_from_the_lowest_of_its_window_however_fast_it_is() {
    check(
        change(Direction::Rising, 0.3),
        "0=264.1 10=264.0 20=264.29 30=264.3 60=264.35 70=264.3 75=264.4 200=265.9 205=266.2",
        expect_test::expect![[r#"
            30 raised by 30=264.3(0.3 since 10=264)
            75 cleared 30 by 75=264.4
            205 raised by 205=266.2(0.3 since 200=265.9)
        "#]],
    );
}

#[test]
fn a_fall_and_a_change_either_way_look_at_the_highest_too() {
    check(
        change(Direction::Falling, 0.5),
        "0=5 5=5.4 10=4.9 15=5.0",
        expect_test::expect![[r#"
            10 raised by 10=4.9(0.5 since 5=5.4)
        "#]],
    );
    check(
        change(Direction::Either, 0.5),
        "0=5 5=5.5 10=5.2 70=5.2 75=4.7",
        expect_test::expect![[r#"
            5 raised by 5=5.5(0.5 since 0=5)
            10 cleared 5 by 10=5.2
            75 raised by 75=4.7(0.5 since 70=5.2)
        "#]],
    );
}

#[test]
fn after_a_gap_nobody_knows_how_far_it_moved() {
    check(change(Direction::Rising, 0.3), "0=1 61=9 62=9.1", expect_test::expect![[r#""#]]);
    // And what stood is not over by it.
    check(
        change(Direction::Rising, 0.3),
        "0=1 5=2 70=2 75=2",
        expect_test::expect![[r#"
        5 raised by 5=2(1 since 0=1)
        75 cleared 5 by 75=2
    "#]],
    );
}

fn still(tolerance: f64, rest: Option<f64>) -> Limits {
    // Half an hour.
    above(1_800.0, 0.0, 1).measuring(Measure::Still { tolerance, rest })
}

#[test]
fn a_value_that_stands_still_for_its_time_fires_and_the_first_change_ends_it() {
    check(
        still(0.0, None),
        "0=5.1 5=5 10=5 20=5 34=5 35=5 60=5 65=5.01 66=5.01",
        expect_test::expect![[r#"
            35 raised by 35=5(1800 since 5=5)
            65 cleared 35 by 65=5.01
        "#]],
    );
}

#[test]
fn within_the_tolerance_it_stands_still_and_beyond_it_moves() {
    check(
        still(0.02, None),
        "0=5 10=5.02 20=5.01 30=5 40=5.03 50=5.02 60=5.01 69=5.01 70=5.01",
        expect_test::expect![[r#"
            30 raised by 30=5(1800 since 0=5)
            40 cleared 30 by 40=5.03
            70 raised by 70=5.01(1800 since 40=5.03)
        "#]],
    );
}

#[test]
fn where_it_may_rest_it_stands_for_ever() {
    check(
        still(0.0, Some(0.0)),
        "0=0 30=0 60=0 90=0 91=1 121=1",
        expect_test::expect![[r#"
        121 raised by 121=1(1800 since 91=1)
    "#]],
    );
}

#[test]
fn readings_beyond_a_line_are_counted_within_their_window() {
    let measure = Measure::Count { comparison: Comparison::AtOrAbove, line: 1.0, within_s: 600 };
    check(
        above(3.0, 1.0, 1).measuring(measure),
        "0=1 2=0.9 4=1.2 11=1.0 12=0 13=2 14=2 20=0 22=0 23=0 24=0 25=0",
        expect_test::expect![[r#"
            13 raised by 13=2(3 since 4=1.2)
            24 cleared 13 by 24=0
        "#]],
    );
}

#[test]
fn amounts_add_up_over_their_window_and_leave_it() {
    check(
        above(50.0, 5.0, 1).measuring(Measure::Sum { within_s: 3_600 }),
        "0=20.1 20=20.2 40=9.6 50=0.1 55=0 60=0 79=0 80=0",
        expect_test::expect![[r#"
            50 raised by 50=0.1(50 since 0=20.1)
            60 cleared 50 by 60=0
        "#]],
    );
}

#[test]
fn a_delay_holds_for_what_was_made_of_readings_too() {
    let limits = Limits::new(Comparison::AtOrAbove, 0.3, 0.0, 1, Duration::from_mins(10));
    let measure = Measure::Change { direction: Direction::Rising, within_s: 3_600 };
    check(
        limits.measuring(measure),
        "0=1 5=1.3 10=1.2 15=1.4 20=1.4 25=1.5",
        expect_test::expect![[r#"
            25 raised by 15=1.4(0.4 since 0=1) 25=1.5(0.5 since 0=1)
        "#]],
    );
}

#[test]
fn what_a_late_reading_shows_to_have_been_missed_is_told() {
    check(
        above(5.0, 0.5, 2),
        "0=1 10=5 20=1 30=1 12=5 13=6 40=5 39=5 38=5",
        expect_test::expect![[r#"
            12 missed 10=5 12=5 until 20=1
            39 raised by 39=5 40=5
        "#]],
    );
}

#[test]
fn a_late_reading_completes_a_run_and_ends_nothing() {
    check(
        above(5.0, 0.0, 2),
        "10=5 0=5 5=4 20=5 30=4",
        expect_test::expect![[r#"
        0 raised by 0=5 10=5
        30 cleared 0 by 30=4
    "#]],
    );
}

#[test]
fn a_state_of_an_older_program_still_reads() {
    let time = Timestamp::from_millis(600_000);
    let text = json!([{ "time": time, "value": 264.0, "received": time }]).to_string();
    let saved: Stored = serde_json::from_str(&text).expect("reads");
    let mut state = saved.state(Some(time));
    let limits = above(264.0, 0.05, 2);
    let seen = |minute: i64, value| {
        let time = Timestamp::from_millis(0) + Duration::from_mins(minute);
        Seen { time, value, received: time }
    };
    assert_eq!(step(&limits, &mut state, seen(9, 270.0)), [], "that is history");
    let outcomes = step(&limits, &mut state, seen(11, 264.5));
    let [Outcome::Raised { values }] = &outcomes[..] else { panic!("{outcomes:?}") };
    assert_eq!(list(values), "10=264 11=264.5");
}

#[test]
fn the_memory_is_bounded_and_what_is_thinned_out_still_decides() {
    let measures = [
        Measure::Change { direction: Direction::Either, within_s: 3_600 },
        Measure::Still { tolerance: 0.1, rest: None },
        Measure::Count { comparison: Comparison::AtOrAbove, line: 7.0, within_s: 3_600 },
        Measure::Sum { within_s: 3_600 },
    ];
    for measure in measures {
        let threshold = if matches!(measure, Measure::Still { .. }) { 3_600.0 } else { 3.0 };
        let limits = above(threshold, 0.0, 1).measuring(measure);
        let mut state = State::default();
        let mut fired = 0;
        for second in 0..20_000i64 {
            let time = Timestamp::from_millis(second * 1_000);
            // Two hours of rest, then one of a little each minute, then it moves.
            let value = match (second, measure) {
                (..8_000, _) => 0.0,
                (..12_000, Measure::Sum { .. }) => 0.001,
                (..12_000, _) => 0.04,
                _ if second % 1_200 == 0 => 7.0,
                _ => 0.0,
            };
            fired += step(&limits, &mut state, Seen { time, value, received: time }).len();
            assert!(state.memory.recent.len() < 256);
            assert!(stored::text(&state).len() < 10_000);
        }
        assert!(0 < fired, "{measure:?}");
    }
}
