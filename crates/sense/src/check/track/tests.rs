//! Published vectors, and readings in any order.
//!
//! The vectors are those of the tests of ioos_qc (Apache-2.0), an implementation of the
//! U.S. IOOS QARTOD manuals: input, limits, and which readings are not good.

use proptest::prelude::*;

use super::super::definition::{Neighbours, Spike, Step, Stuck};
use super::*;

fn limits() -> Limits {
    Limits {
        kind: SeriesKind::Gauge,
        low: None,
        high: None,
        step: None,
        spike: None,
        stuck: None,
        neighbour: None,
        exclude: 0,
    }
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_millis(seconds * 1_000)
}

fn coming(seconds: i64, value: f64) -> Coming {
    Coming { time: at(seconds), value, quality: Quality::GOOD }
}

/// The flags of each reading after all have come, by time.
fn judge(limits: &Limits, readings: &[(i64, f64)]) -> Vec<(i64, u8)> {
    let mut track = Track::default();
    let mut all: std::collections::BTreeMap<i64, u8> =
        readings.iter().map(|(seconds, _)| (*seconds, 0)).collect();
    let mut flagged = Vec::new();
    for (seconds, value) in readings {
        track.take(limits, coming(*seconds, *value), None, &mut flagged);
    }
    for point in flagged {
        all.insert(point.time.as_millis() / 1_000, point.flags);
    }
    all.into_iter().collect()
}

/// Which of values that come `every` so many seconds fail this check.
fn failing(limits: &Limits, every: i64, values: &[f64], check: Check) -> Vec<usize> {
    let readings: Vec<(i64, f64)> =
        values.iter().enumerate().map(|(index, value)| (index as i64 * every, *value)).collect();
    let flags = judge(limits, &readings);
    let fails = |(_, (_, flags)): &(usize, &(i64, u8))| flags & check.bit() != 0;
    flags.iter().enumerate().filter(fails).map(|(index, _)| index).collect()
}

#[test]
fn ioos_spikes_by_the_differential_method() {
    let spike = Some(Spike { limit: 0.5, within_s: 60 });
    let limits = Limits { spike, ..limits() };
    let values = [
        3.0, 4.99, 5.0, 6.0, 8.0, 6.0, 6.0, 6.75, 6.0, 6.0, 5.3, 6.0, 6.0, 9.0, 5.0, 5.0, 4.0, 4.0,
    ];
    assert_eq!(failing(&limits, 60, &values, Check::Spike), [4, 7, 10, 13]);
    let values = [10.0, 12.0, 999.99, 13.0, 15.0, 40.0, 9.0, 9.0];
    let limits = Limits { spike: Some(Spike { limit: 25.0, within_s: 60 }), ..limits };
    assert_eq!(failing(&limits, 60, &values, Check::Spike), [2], "40 is 25 from 15, on the limit");
}

#[test]
fn ioos_rate_of_change() {
    let limits = Limits { step: Some(Step { within: vec![(900, 5.0)] }), ..limits() };
    let values = [
        2.0, 10.0, 2.1, 3.0, 4.0, 5.0, 7.0, 10.0, 0.0, 2.0, 2.2, 2.0, 1.0, 2.0, 3.0, 90.0, 91.0,
        92.0, 93.0, 1.0, 2.0, 3.0, 4.0, 5.0,
    ];
    assert_eq!(failing(&limits, 900, &values, Check::Step), [1, 2, 8, 15, 19]);
}

#[test]
fn ioos_flat_line() {
    // 3000 s of readings a quarter of an hour apart are three of them, there.
    let stuck = Some(Stuck { vary: 0.01, span_s: 2_700, rest: None });
    let limits = Limits { stuck, ..limits() };
    let values =
        [1.0, 2.0, 2.0001, 2.0, 2.0001, 2.0, 2.0001, 2.0, 4.0, 5.0, 3.0, 3.0001, 3.0005, 3.00001];
    assert_eq!(failing(&limits, 900, &values, Check::Stuck), [4, 5, 6, 7, 13]);
}

#[test]
fn where_a_value_may_rest_it_may_stand_for_ever() {
    let stuck = Some(Stuck { vary: 0.05, span_s: 600, rest: Some(0.0) });
    let limits = Limits { stuck, ..limits() };
    let dry = [0.0; 30];
    assert_eq!(failing(&limits, 60, &dry, Check::Stuck), Vec::<usize>::new());
    let tipping = [0.4; 12];
    assert_eq!(failing(&limits, 60, &tipping, Check::Stuck), [10, 11]);
    // After a silence nobody knows how long it stood.
    let readings = [(0, 0.4), (60, 0.4), (5_000, 0.4), (5_060, 0.4)];
    assert!(judge(&limits, &readings).iter().all(|(_, flags)| *flags == 0));
}

#[test]
fn the_way_back_from_a_spike_is_no_step_and_a_real_rise_is_no_spike() {
    let limits = Limits {
        step: Some(Step { within: vec![(60, 1.0), (600, 2.0)] }),
        spike: Some(Spike { limit: 1.0, within_s: 60 }),
        ..limits()
    };
    let (step, spike) = (Check::Step.bit(), Check::Spike.bit());
    let flags = judge(&limits, &[(0, 0.2), (60, 3.0), (120, 0.2), (180, 0.3)]);
    assert_eq!(flags, [(0, 0), (60, step | spike), (120, 0), (180, 0)]);
    let outburst = judge(&limits, &[(0, 0.2), (60, 3.0), (120, 8.0), (180, 12.0)]);
    assert_eq!(outburst, [(0, 0), (60, step), (120, step), (180, step)]);
    // On the limit is allowed, whatever decimals make of it; far apart nothing is compared.
    assert_eq!(judge(&limits, &[(0, 264.05), (60, 265.05)]), [(0, 0), (60, 0)]);
    assert_eq!(judge(&limits, &[(0, 1.0), (601, 9.0)]), [(0, 0), (601, 0)]);
}

#[test]
fn directions_go_the_shorter_way_round_and_counters_may_fall() {
    let step = Some(Step { within: vec![(60, 30.0)] });
    let round = Limits { kind: SeriesKind::Direction, step: step.clone(), ..limits() };
    assert_eq!(judge(&round, &[(0, 350.0), (60, 10.0)]), [(0, 0), (60, 0)]);
    assert_eq!(judge(&round, &[(0, 10.0), (60, 340.5)]), [(0, 0), (60, 0)]);
    assert_ne!(judge(&round, &[(0, 10.0), (60, 100.0)])[1].1, 0);
    let counted = Limits { kind: SeriesKind::Counter, step, ..limits() };
    assert_eq!(judge(&counted, &[(0, 999.5), (60, 0.5)]), [(0, 0), (60, 0)]);
    assert_ne!(judge(&counted, &[(0, 0.5), (60, 999.5)])[1].1, 0);
}

#[test]
fn a_value_far_from_its_neighbours_is_flagged_and_only_when_they_have_spoken() {
    let sensors = Vec::new();
    let neighbour = Some(Neighbours { limit: 8.0, within_s: 3_600, sensors });
    let limits = Limits { neighbour, ..limits() };
    let mut flagged = Vec::new();
    let mut track = Track::default();
    track.take(&limits, coming(0, 20.0), None, &mut flagged);
    track.take(&limits, coming(60, 20.0), Some(12.0), &mut flagged);
    assert_eq!(flagged, [], "on the limit is allowed");
    track.take(&limits, coming(120, 20.0), Some(11.9), &mut flagged);
    assert_eq!(flagged.len(), 1);
    assert_eq!((flagged[0].time, flagged[0].flags), (at(120), Check::Neighbour.bit()));
    assert_eq!(track.nearest(at(150), Duration::from_secs(30)), Some(20.0));
    assert_eq!(track.nearest(at(151), Duration::from_secs(30)), None);
}

#[test]
fn another_value_of_the_same_time_is_looked_at_anew() {
    let limits = Limits { high: Some(5.0), ..limits() };
    let mut flagged = Vec::new();
    let mut track = Track::default();
    track.take(&limits, coming(0, 9.0), None, &mut flagged);
    track.take(&limits, coming(0, 9.0), None, &mut flagged);
    assert_eq!(flagged.len(), 1, "the same again says nothing new");
    track.take(&limits, coming(0, 2.0), None, &mut flagged);
    assert_eq!(flagged.len(), 1);
    track.take(&limits, coming(0, 9.5), None, &mut flagged);
    assert_eq!(flagged.len(), 2);
}

#[test]
fn a_stretch_that_is_sent_afterwards_is_checked_within_itself() {
    let limits = Limits { step: Some(Step { within: vec![(60, 1.0)] }), ..limits() };
    let now = (0..10).map(|index| (100_000 + index * 60, 1.0));
    let sent_later = [(0, 50.0), (60, 50.2), (120, 60.0), (180, 60.1)];
    let jumps_back = [(-600, 1.0), (-540, 3.0)];
    let readings: Vec<(i64, f64)> = now.chain(sent_later).chain(jumps_back).collect();
    let flags = judge(&limits, &readings);
    let flagged: Vec<i64> =
        flags.iter().filter(|(_, flags)| *flags != 0).map(|(seconds, _)| *seconds).collect();
    assert_eq!(flagged, [-540, 120]);
}

fn readings() -> impl Strategy<Value = Vec<(i64, f64)>> {
    let value = prop_oneof![Just(1.0), Just(1.1), -2.0..6.0f64];
    prop::collection::vec((1..200i64, value), 1..40).prop_map(|steps| {
        let mut time = 0;
        steps
            .into_iter()
            .map(|(seconds, value)| {
                time += seconds;
                (time, value)
            })
            .collect()
    })
}

fn strict() -> Limits {
    Limits {
        low: Some(-1.0),
        high: Some(5.0),
        step: Some(Step { within: vec![(60, 1.0), (150, 2.0)] }),
        spike: Some(Spike { limit: 0.5, within_s: 120 }),
        stuck: Some(Stuck { vary: 0.2, span_s: 300, rest: None }),
        ..limits()
    }
}

/// What the order of time says, written down the slow way: each reading beside all.
fn by_definition(limits: &Limits, readings: &[(i64, f64)]) -> Vec<(i64, u8)> {
    let points: Vec<Point> = readings
        .iter()
        .map(|(seconds, value)| Point {
            time: at(*seconds),
            value: *value,
            quality: Quality::GOOD,
            flags: 0,
            since: at(*seconds),
            stood: *value,
        })
        .collect();
    let flags = (0..points.len())
        .map(|index| around(&points, limits, index) | alone(&points[index], limits, None));
    readings.iter().map(|(seconds, _)| *seconds).zip(flags).collect()
}

proptest! {
    #[test]
    fn in_order_a_track_says_what_the_definition_says(readings in readings()) {
        let limits = Limits { stuck: None, ..strict() };
        let expected = by_definition(&limits, &readings);
        // At the end of what is known, a step may turn out to have been the way back.
        prop_assert_eq!(judge(&limits, &readings), expected);
    }

    /// Whatever the order, as long as nothing is late by more than a track keeps.
    #[test]
    fn in_any_order_nothing_is_missed(
        readings in readings(),
        swaps in prop::collection::vec((0..40usize, 1..4usize), 0..30),
    ) {
        let limits = Limits { stuck: None, ..strict() };
        let expected = by_definition(&limits, &readings);
        let mut shuffled = readings.clone();
        let mut moved = std::collections::HashSet::new();
        for (from, by) in swaps {
            let to = from + by;
            if to < shuffled.len() && (from..=to).all(|index| moved.insert(index)) {
                shuffled.swap(from, to);
            }
        }
        for ((seconds, got), (_, least)) in judge(&limits, &shuffled).into_iter().zip(expected) {
            prop_assert_eq!(got & least, least, "at {}", seconds);
        }
    }

    /// The same reading again, at any time, says nothing new.
    #[test]
    fn once_more_changes_nothing(readings in readings(), back in 1..4usize) {
        let limits = strict();
        let twice: Vec<(i64, f64)> = readings
            .iter()
            .enumerate()
            .flat_map(|(index, reading)| [*reading, readings[index.saturating_sub(back)]])
            .collect();
        prop_assert_eq!(judge(&limits, &twice), judge(&limits, &readings));
    }

    /// From any point on, what is stored leads to the same.
    #[test]
    fn what_is_remembered_leads_on_as_if_nothing_had_stopped(
        readings in readings(),
        cut in 0..40usize,
    ) {
        let limits = strict();
        let whole = judge(&limits, &readings);
        let cut = cut.min(readings.len());
        let (mut track, mut flagged) = (Track::default(), Vec::new());
        for ((seconds, value), (_, flags)) in readings[..cut].iter().zip(judge(&limits, &readings[..cut])) {
            track.remember(&limits, coming(*seconds, *value), flags);
        }
        for (seconds, value) in &readings[cut..] {
            track.take(&limits, coming(*seconds, *value), None, &mut flagged);
        }
        let after: std::collections::BTreeMap<i64, u8> =
            flagged.iter().map(|it| (it.time.as_millis() / 1_000, it.flags)).collect();
        for (seconds, flags) in &whole[cut..] {
            prop_assert_eq!(after.get(seconds).copied().unwrap_or(0), *flags, "at {}", seconds);
        }
    }
}
