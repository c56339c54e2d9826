//! What the store promises about keys, lateness and time.

use base::Id;
use base::quantity::{Grade, Quality, SeriesKind};
use series::{BadReason, Measure, Sample, SeriesError, SeriesNo};

use crate::town::{Town, sample, seconds};

#[test]
fn a_sensor_keeps_its_number_and_kind_for_ever() {
    let mut town = Town::new();
    let first = town.gauge(7);
    let second = town.gauge(8);
    assert_ne!(first, second);
    assert_eq!(town.gauge(7), first);
    town.reopen();
    assert_eq!(town.gauge(8), second);
    assert_eq!(town.store().series_of(Id::from_u128(7)), Some(first));
    assert_eq!(town.store().sensor_of(second), Some(Id::from_u128(8)));
    assert_eq!(town.store().kind_of(second), Some(SeriesKind::Gauge));
    assert_eq!(town.store().series_of(Id::from_u128(9)), None);
    let changed = town.store().register(Id::from_u128(7), SeriesKind::Counter);
    assert!(matches!(changed, Err(SeriesError::KindChanged { .. })), "{changed:?}");
}

#[test]
fn registering_the_same_sensor_twice_in_one_call_gives_one_number() {
    let town = Town::new();
    let both = [7, 7].map(|sensor| (Id::from_u128(sensor), SeriesKind::State));
    let numbers = town.store().register_all(&both).expect("registers");
    assert_eq!(numbers, [SeriesNo(0), SeriesNo(0)]);
    assert_eq!(town.store().counts().series, 1);
}

#[test]
fn what_was_appended_is_served_by_time_before_and_after_sealing_and_reopening() {
    let mut town = Town::new();
    let level = town.gauge(1);
    town.at(1030, level, &[(1010, 1.5), (1000, 1.25), (1020, -2.0)]);
    let expected = [(1000, 1.25), (1010, 1.5), (1020, -2.0)];
    assert_eq!(town.reads(level), expected);
    town.store().seal().expect("seals");
    assert_eq!(town.store().counts().head_points, 0);
    assert_eq!(town.reads(level), expected);
    town.reopen();
    assert_eq!(town.reads(level), expected);
    assert_eq!(town.latest(level), Some((1020, -2.0)));
    town.at(1040, level, &[(1030, 4.0)]);
    town.reopen();
    assert_eq!(town.reads(level).len(), 4);
    assert_eq!(town.store().counts().held, 4);
}

#[test]
fn the_same_value_again_is_dropped_whichever_road_and_however_late() {
    let mut town = Town::new();
    let level = town.gauge(1);
    let values = [(1000, 1.0), (1010, 2.0)];
    assert_eq!(town.at(1010, level, &values).stored, 2);
    let again = |town: &Town| {
        let appended = town.at(1020, level, &values);
        assert_eq!((appended.stored, appended.duplicates), (0, 2));
    };
    again(&town);
    town.reopen();
    again(&town);
    town.store().seal().expect("seals");
    again(&town);
    town.reopen();
    again(&town);
    assert_eq!(town.store().counts().held, 2);
    assert_eq!(town.store().counts().duplicates, 2, "counts are since open");
}

#[test]
fn a_duplicate_within_one_append_is_one() {
    let town = Town::new();
    let level = town.gauge(1);
    let appended = town.at(1010, level, &[(1000, 1.0), (1000, 1.0), (1000, 2.0)]);
    assert_eq!((appended.stored, appended.duplicates, appended.superseded), (2, 1, 1));
    assert_eq!(town.reads(level), [(1000, 2.0)]);
}

#[test]
fn a_correction_is_served_and_the_earlier_value_stays_readable() {
    let mut town = Town::new();
    let level = town.gauge(1);
    town.at(1000, level, &[(1000, 1.0)]);
    assert_eq!(town.at(2000, level, &[(1000, 2.0)]).superseded, 1);
    town.store().seal().expect("seals");
    assert_eq!(town.at(3000, level, &[(1000, 3.0)]).superseded, 1);
    for _ in 0..2 {
        assert_eq!(town.reads(level), [(1000, 3.0)]);
        assert_eq!(town.latest(level), Some((1000, 3.0)));
        assert_eq!(town.reads_as_of(level, 999), []);
        assert_eq!(town.reads_as_of(level, 1999), [(1000, 1.0)]);
        assert_eq!(town.reads_as_of(level, 2000), [(1000, 2.0)]);
        let superseded = town.asked().superseded(level, seconds(0), seconds(9000)).expect("reads");
        let pairs: Vec<_> = superseded.iter().map(|s| (s.earlier.value, s.by.value)).collect();
        assert_eq!(pairs, [(1.0, 2.0), (2.0, 3.0)]);
        town.store().seal().expect("seals");
        town.reopen();
    }
}

#[test]
fn a_correction_that_came_after_our_clock_was_set_back_is_the_later_all_the_same() {
    let mut town = Town::new();
    let level = town.gauge(1);
    town.at(5000, level, &[(1000, 1.0)]);
    assert_eq!(town.at(4000, level, &[(1000, 2.0)]).superseded, 1);
    for _ in 0..2 {
        assert_eq!(town.reads(level), [(1000, 2.0)]);
        assert_eq!(town.reads_as_of(level, 4500), [(1000, 2.0)]);
        assert_eq!(town.reads_as_of(level, 3999), []);
        let superseded = town.asked().superseded(level, seconds(0), seconds(9000)).expect("reads");
        let pairs: Vec<_> = superseded.iter().map(|s| (s.earlier.value, s.by.value)).collect();
        assert_eq!(pairs, [(1.0, 2.0)]);
        town.store().seal().expect("seals");
        town.reopen();
    }
}

#[test]
fn an_earlier_value_sent_once_more_does_not_undo_its_correction() {
    let town = Town::new();
    let level = town.gauge(1);
    town.at(1000, level, &[(1000, 1.0)]);
    town.at(1001, level, &[(1000, 2.0)]);
    assert_eq!(town.at(1002, level, &[(1000, 1.0)]).duplicates, 1);
    assert_eq!(town.reads(level), [(1000, 2.0)]);
}

#[test]
fn another_quality_is_a_correction_too() {
    let town = Town::new();
    let level = town.gauge(1);
    town.at(1000, level, &[(1000, 1.0)]);
    let doubted = Sample {
        quality: Quality::new(Grade::Bad, Quality::BY_PERSON),
        ..sample(level, 1000, 1.0)
    };
    let appended = town.store().append(seconds(1100), vec![doubted]).expect("appends");
    assert_eq!(appended.superseded, 1);
    assert_eq!(town.store().latest(&[level])[0].map(|r| r.quality), Some(doubted.quality));
}

#[test]
fn late_is_more_than_sixty_seconds_behind_the_newest_and_known_only_since_its_arrival() {
    let mut town = Town::new();
    let level = town.gauge(1);
    town.at(1000, level, &[(1000, 1.0)]);
    assert_eq!(town.at(1001, level, &[(940, 2.0)]).late, 0, "exactly sixty is not late");
    assert_eq!(town.at(1005, level, &[(939, 3.0)]).late, 1);
    for _ in 0..2 {
        assert_eq!(town.reads_as_of(level, 1004), [(940, 2.0), (1000, 1.0)]);
        assert_eq!(town.reads_as_of(level, 1005), [(939, 3.0), (940, 2.0), (1000, 1.0)]);
        assert_eq!(town.latest(level), Some((1000, 1.0)));
        town.store().seal().expect("seals");
        town.reopen();
    }
}

#[test]
fn a_slow_road_is_not_late_but_its_arrival_is_remembered() {
    let mut town = Town::new();
    let level = town.gauge(1);
    assert_eq!(town.at(5000, level, &[(1000, 1.0), (1010, 2.0)]).late, 0);
    for _ in 0..2 {
        assert_eq!(town.reads_as_of(level, 4999), []);
        assert_eq!(town.reads_as_of(level, 5000).len(), 2);
        town.store().seal().expect("seals");
        town.reopen();
    }
}

#[test]
fn a_time_more_than_ten_minutes_ahead_is_flagged_stored_and_never_latest() {
    let mut town = Town::new();
    let level = town.gauge(1);
    assert_eq!(town.at(1000, level, &[(1600, 1.0)]).future, 0, "exactly ten minutes is not");
    assert_eq!(town.at(1000, level, &[(1601, 2.0)]).future, 1);
    for _ in 0..2 {
        assert_eq!(town.latest(level), Some((1600, 1.0)));
        let readings = town.asked().range(level, seconds(0), seconds(9999), None).expect("reads");
        let flags: Vec<_> = readings.iter().map(|r| r.quality.0 & Quality::FUTURE != 0).collect();
        assert_eq!(flags, [false, true]);
        town.store().seal().expect("seals");
        town.reopen();
    }
    // The same reading, sent again when its time has come, says nothing new.
    assert_eq!(town.at(1700, level, &[(1601, 2.0)]).duplicates, 1);
    assert_eq!(town.latest(level), Some((1600, 1.0)));
    // Nor does it make what comes in time late.
    assert_eq!(town.at(1700, level, &[(1550, 3.0)]).late, 0);
    assert_eq!(town.at(1700, level, &[(1650, 4.0)]).future, 0);
    assert_eq!(town.latest(level), Some((1650, 4.0)));
}

#[test]
fn what_is_not_a_number_is_refused_and_the_rest_is_stored() {
    let town = Town::new();
    let level = town.gauge(1);
    let bad = [f64::NAN, 1.0, f64::INFINITY, f64::NEG_INFINITY];
    let mut samples: Vec<_> = (1000..).zip(bad).map(|(t, v)| sample(level, t, v)).collect();
    samples.push(sample(SeriesNo(99), 1000, 1.0));
    let appended = town.store().append(seconds(1000), samples).expect("appends");
    let refused: Vec<_> = appended.refused.iter().map(|bad| (bad.index, bad.reason)).collect();
    let not_finite = BadReason::NotFinite;
    let expected =
        [(0, not_finite), (2, not_finite), (3, not_finite), (4, BadReason::UnknownSeries)];
    assert_eq!(refused, expected);
    assert_eq!(town.reads(level), [(1001, 1.0)]);
}

#[test]
fn buckets_sum_up_what_is_good_and_leave_gaps_as_gaps() {
    let town = Town::new();
    let level = town.gauge(1);
    town.at(1010, level, &[(1000, 4.0), (1001, 1.0), (1009, 2.5), (1030, 7.0)]);
    let bad = Sample { quality: Quality::new(Grade::Bad, 0), ..sample(level, 1031, 999.0) };
    let alone = Sample { quality: Quality::new(Grade::Bad, 0), ..sample(level, 1045, 999.0) };
    town.store().append(seconds(1046), vec![bad, alone]).expect("appends");
    let buckets = town.asked().downsample(level, seconds(1000), seconds(1050), 5, None);
    let text: Vec<String> = buckets
        .expect("reads")
        .iter()
        .map(|bucket| {
            let start = bucket.start.as_millis() / 1000;
            let summary = bucket.summary.map(|it| match it.measure {
                Measure::Number { min, max, sum } => (min, max, sum, it.first, it.last),
                other => panic!("{other:?}"),
            });
            format!("{start} {}/{} {summary:?}", bucket.good, bucket.count)
        })
        .collect();
    let expected = [
        "1000 3/3 Some((1.0, 4.0, 7.5, 4.0, 2.5))",
        "1030 1/2 Some((7.0, 7.0, 7.0, 7.0, 7.0))",
        "1040 0/1 None",
    ];
    assert_eq!(text, expected);
}

#[test]
fn spans_that_do_not_divide_evenly_lose_no_reading_and_start_where_they_say() {
    let town = Town::new();
    let level = town.gauge(1);
    let values: Vec<_> = (0..100).map(|second| (1000 + second, second as f64)).collect();
    town.at(1100, level, &values);
    for buckets in [1, 3, 7, 99, 1000] {
        let (from, to) = (seconds(1000), seconds(1100));
        let found = town.asked().downsample(level, from, to, buckets, None).expect("reads");
        assert_eq!(found.iter().map(|bucket| bucket.count).sum::<u64>(), 100);
        assert!(found.len() <= buckets);
        for bucket in &found {
            let first = bucket.summary.expect("all are good").first;
            assert!(bucket.start <= seconds(1000 + first as i64), "{buckets}: {bucket:?}");
        }
        for pair in found.windows(2) {
            let last = pair[0].summary.expect("all are good").last;
            assert!(seconds(1000 + last as i64) < pair[1].start, "{buckets}: {pair:?}");
        }
    }
    assert_eq!(town.asked().downsample(level, seconds(9), seconds(9), 5, None).expect("reads"), []);
    assert_eq!(town.asked().downsample(level, seconds(1), seconds(9), 0, None).expect("reads"), []);
}

#[test]
fn quality_is_changed_only_of_the_value_that_is_served() {
    let mut town = Town::new();
    let (level, beside) = (town.gauge(1), town.gauge(2));
    let doubted = Quality::GOOD.doubted(Quality::BY_CHECK);
    let says =
        |series, time, value, quality| Sample { series, time: seconds(time), value, quality };
    town.at(1030, level, &[(1000, 1.0), (1010, 2.0), (1020, 3.0)]);
    // What was looked at is corrected before anything is said of it.
    town.at(1031, level, &[(1010, 2.5)]);
    for place in ["memory", "a block", "a merged block"] {
        let said = vec![
            says(level, 1000, 1.0, doubted),
            says(level, 1010, 2.0, doubted),
            says(level, 1015, 9.0, doubted),
        ];
        let note = vec![says(beside, 1000, 4.0, Quality::GOOD)];
        let done = town.store().requalify(seconds(1040), note, said).expect("stores");
        let refused: Vec<(usize, BadReason)> =
            done.refused.iter().map(|bad| (bad.index, bad.reason)).collect();
        assert_eq!(refused, [(2, BadReason::NotServed), (3, BadReason::NotServed)], "{place}");
        let is_first = place == "memory";
        assert_eq!((done.stored, done.duplicates), if is_first { (2, 0) } else { (0, 2) });
        assert_eq!(town.reads(level), [(1000, 1.0), (1010, 2.5), (1020, 3.0)], "{place}");
        assert_eq!(town.reads(beside), [(1000, 4.0)]);
        let read = town.store().range(level, seconds(0), seconds(2000), None).expect("reads");
        let grades: Vec<Grade> = read.iter().map(|reading| reading.quality.grade()).collect();
        assert_eq!(grades, [Grade::Uncertain, Grade::Good, Grade::Good], "{place}");
        match place {
            "memory" => town.store().seal().expect("seals"),
            _ => town.store().merge().expect("merges"),
        }
        town.reopen();
    }
    let known = town.store().range(level, seconds(0), seconds(2000), Some(seconds(1035)));
    let first = known.expect("reads")[0];
    assert_eq!((first.value, first.quality), (1.0, Quality::GOOD), "nobody doubted it then");
}
