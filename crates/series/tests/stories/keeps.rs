//! Keeping and letting go: classes, floors, holds.

use std::collections::BTreeSet;

use base::Timestamp;
use series::{
    Bucket, Class, Config, Floor, Held, Retained, SeriesError, SeriesNo, Store, Survival,
};

use crate::town::{Town, sample, seconds};

const DAY: i64 = 86_400;

fn class(name: &str, readings: u32, minutes: u32, hours: Option<u32>) -> Class {
    Class {
        name: name.to_owned(),
        readings_days: Some(readings),
        minutes_days: Some(minutes),
        hours_days: hours,
        floors: Vec::new(),
    }
}

fn day(number: i64) -> Timestamp {
    seconds(number * DAY)
}

/// One reading per half minute on each of so many days, the first with some that come late.
fn filled(store: &Store, series: SeriesNo, days: i64) {
    for day in 0..days {
        let times = (0..DAY).step_by(30).map(|second| day * DAY + second);
        let samples = times.map(|time| sample(series, time, (time % 977) as f64 / 10.0)).collect();
        store.append(seconds((day + 1) * DAY), samples).expect("stores");
        store.seal().expect("seals");
    }
    let late = [(90, 1000.0), (45, -7.0), (DAY + 7, 3.25)];
    let late = late.map(|(time, value)| sample(series, time, value)).to_vec();
    store.append(seconds(days * DAY), late).expect("stores");
    store.seal().expect("seals");
}

fn buckets(store: &Store, series: SeriesNo, days: i64, count: usize) -> Vec<Bucket> {
    store.downsample(series, day(0), day(days), count, None).expect("reads")
}

#[test]
fn readings_go_after_their_days_and_their_sums_stay_what_they_were() {
    let mut town = Town::new();
    let level = town.gauge(1);
    let raw = Store::in_memory(Config::default());
    raw.register(base::Id::from_u128(1), base::quantity::SeriesKind::Gauge).expect("registers");
    for store in [town.store(), &raw] {
        filled(store, level, 6);
    }
    town.store().set_classes(&[class("short", 2, 4, Some(100))]).expect("is sensible");
    town.store().classify(&[(level, "short")]).expect("both are known");
    let everything = town.reads(level).len();
    assert_eq!(town.store().retain(day(1)).expect("retains"), Retained::default());
    assert_eq!(town.reads(level).len(), everything);
    // It was merged when the series had no class; now each day goes to the class's blocks.
    for _ in 0..2 {
        town.store().merge().expect("merges");
        town.store().retain(day(6)).expect("retains");
    }
    for _ in 0..2 {
        let first = town.reads(level).first().map(|(time, _)| *time);
        assert_eq!(first, Some(4 * DAY));
        assert_eq!((town.files(".block").len(), town.files(".minutes").len()), (2, 4));
        assert_eq!(town.files(".hours").len(), 6);
        // By the hour all of it is there; by the minute the last four days.
        assert_eq!(buckets(town.store(), level, 6, 10), buckets(&raw, level, 6, 10));
        let minutes =
            |store: &Store| store.downsample(level, day(2), day(6), 500, None).expect("reads");
        let (found, expected) = (minutes(town.store()), minutes(&raw));
        assert_eq!(found.len(), 500);
        assert_eq!(found, expected);
        // Finer than what is left nobody gets.
        let coarse = buckets(town.store(), level, 6, 2000);
        assert_eq!(coarse.len(), 144);
        assert!(coarse.iter().all(|it| it.end.since(it.start).as_millis() == 3_600_000));
        assert_eq!(coarse.iter().map(|it| it.count).sum::<u64>(), everything as u64);
        // What was not known then is not shown: the first hour had late ones.
        let known = town.store().downsample(level, day(0), day(2), 10, Some(day(5)));
        assert!(known.expect("reads")[0].count < 120 * 5);
        assert_eq!(town.latest(level), Some((6 * DAY - 30, ((6 * DAY - 30) % 977) as f64 / 10.0)));
        town.reopen();
    }
    assert_eq!(town.store().retain(day(6)).expect("retains"), Retained::default());
    let all = town.store().retain(day(200)).expect("retains");
    assert_eq!((all.readings, all.minutes, all.hours), (2, 4, 6));
    assert_eq!(buckets(town.store(), level, 6, 10), []);
    assert_eq!(town.store().counts().held, 0);
}

#[test]
fn what_comes_for_a_day_whose_readings_are_gone_changes_none_of_its_sums() {
    let town = Town::new();
    let level = town.gauge(1);
    town.store().set_classes(&[class("short", 1, 100, None)]).expect("is sensible");
    town.store().classify(&[(level, "short")]).expect("both are known");
    let values: Vec<_> = (0..DAY).step_by(60).map(|time| (time, 1.0)).collect();
    town.at(DAY, level, &values);
    town.store().seal().expect("seals");
    town.store().retain(day(5)).expect("retains");
    let before = buckets(town.store(), level, 1, 24);
    assert_eq!(before.iter().map(|it| it.count).sum::<u64>(), 1440);
    assert!(town.reads(level).is_empty());
    // Another road brings all of it once more, and a correction: nobody can tell by now.
    town.at(5 * DAY, level, &values);
    town.at(5 * DAY, level, &[(60, 9.0)]);
    for _ in 0..3 {
        assert_eq!(buckets(town.store(), level, 1, 24), before);
        town.store().seal().expect("seals");
        town.store().merge().expect("merges");
    }
    town.store().retain(day(5)).expect("retains");
    assert!(town.reads(level).is_empty());
    assert_eq!(buckets(town.store(), level, 1, 24), before);
}

#[test]
fn a_class_below_a_legal_floor_is_refused_with_its_source() {
    let town = Town::new();
    let floor = Floor::legal("hazchem").expect("is in the table");
    assert!(floor.source.contains("AQ 3035"));
    let hazchem = |days| Class { floors: vec![floor.clone()], ..class("hazchem", days, 400, None) };
    let refused = town.store().set_classes(&[hazchem(29)]);
    match refused {
        Err(SeriesError::BelowFloor { asked: 29, floor: named, .. }) => assert_eq!(named, floor),
        other => panic!("{other:?}"),
    }
    town.store().set_classes(&[hazchem(30)]).expect("thirty are enough");
    assert!(matches!(town.store().set_classes(&[hazchem(7)]), Err(SeriesError::BelowFloor { .. })));
    assert_eq!(town.store().classes(), [hazchem(30)]);
    let backwards = town.store().set_classes(&[class("odd", 10, 5, None)]);
    assert!(matches!(backwards, Err(SeriesError::Class { .. })), "{backwards:?}");
    let nobody = town.store().classify(&[(SeriesNo(7), "hazchem")]);
    assert!(matches!(nobody, Err(SeriesError::UnknownSeries { series: 7, known: 0 })));
    let level = town.gauge(1);
    let unknown = town.store().classify(&[(level, "nothing")]);
    assert!(matches!(unknown, Err(SeriesError::Class { .. })), "{unknown:?}");
}

#[test]
fn a_held_range_stays_until_it_is_released_also_across_a_power_cut() {
    let mut town = Town::new();
    let (level, other, kept) = (town.gauge(1), town.gauge(2), town.gauge(3));
    let long = class("long", 1, 1, Some(1));
    town.store().set_classes(&[long, class("more", 50, 50, None)]).expect("is sensible");
    town.store().classify(&[(level, "long"), (other, "long"), (kept, "more")]).expect("known");
    for number in 0..4 {
        let time = number * DAY + 100;
        let samples = [level, other, kept].map(|series| sample(series, time, number as f64));
        town.store().append(seconds(time), samples.to_vec()).expect("stores");
        town.store().seal().expect("seals");
    }
    let incident = Held {
        name: "incident 7".to_owned(),
        series: Some(BTreeSet::from([level])),
        from: seconds(DAY),
        to: seconds(DAY + 200),
    };
    town.store().hold_range(incident.clone()).expect("is durable");
    town.power_cut(Survival::Nothing);
    town.open();
    assert_eq!(town.store().held_ranges(), [incident]);
    let retained = town.store().retain(day(40)).expect("retains");
    assert_eq!((retained.readings, retained.held), (3, 3), "{retained:?}");
    assert_eq!(town.reads(level), [(DAY + 100, 1.0)]);
    // Whole blocks: the day of the other series of its class stays with it.
    assert_eq!(town.reads(other), [(DAY + 100, 1.0)]);
    assert_eq!(town.reads(kept).len(), 4);
    town.store().release_range("incident 7").expect("is known");
    assert!(town.store().release_range("incident 7").is_err());
    let retained = town.store().retain(day(40)).expect("retains");
    assert_eq!((retained.readings, retained.minutes, retained.hours, retained.held), (1, 1, 1, 0));
    town.reopen();
    assert_eq!((town.reads(level), town.reads(other)), (Vec::new(), Vec::new()));
    assert_eq!(town.reads(kept).len(), 4);
}

#[test]
fn a_series_that_is_to_be_kept_longer_is_even_when_its_blocks_were_to_go() {
    let town = Town::new();
    let (level, other) = (town.gauge(1), town.gauge(2));
    let classes = [class("short", 1, 100, None), class("long", 100, 100, None)];
    town.store().set_classes(&classes).expect("is sensible");
    town.store().classify(&[(level, "short"), (other, "short")]).expect("known");
    for series in [level, other] {
        town.at(100, series, &[(100, 1.0)]);
    }
    town.store().seal().expect("seals");
    town.store().merge().expect("merges");
    town.store().classify(&[(level, "long")]).expect("known");
    for _ in 0..2 {
        town.store().retain(day(10)).expect("retains");
        assert_eq!(town.reads(level), [(100, 1.0)]);
    }
    assert_eq!(town.reads(other), []);
}
