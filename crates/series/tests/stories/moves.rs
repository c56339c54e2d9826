//! Series whose class is given or changed when there are readings of them already.

use std::collections::{BTreeMap, BTreeSet};

use base::Timestamp;
use series::{Class, Config, Held, Retained, SeriesNo, Store, Survival};

use crate::town::{Town, sample, seconds};

const DAY: i64 = 86_400;

fn class(name: &str, readings: u32, minutes: u32) -> Class {
    Class {
        name: name.to_owned(),
        readings_days: Some(readings),
        minutes_days: Some(minutes),
        hours_days: None,
        floors: Vec::new(),
    }
}

fn day(number: i64) -> Timestamp {
    seconds(number * DAY)
}

/// Runs retention until nothing waits; says what the passes did.
#[track_caller]
fn retain(store: &Store, now: Timestamp) -> Vec<Retained> {
    let mut passes = Vec::new();
    loop {
        let pass = store.retain(now).expect("retains");
        let is_done = pass.waiting == 0;
        passes.push(pass);
        if is_done {
            return passes;
        }
        assert!(passes.len() < 500, "it never comes to an end");
    }
}

fn days_of(town: &Town, series: SeriesNo) -> BTreeSet<i64> {
    let readings = town.store().range(series, seconds(0), day(1000), None).expect("reads");
    readings.iter().map(|reading| reading.time.as_millis().div_euclid(DAY * 1000)).collect()
}

#[test]
fn days_that_were_merged_before_their_series_had_a_class_go_by_the_class() {
    let mut town = Town::new();
    let (given, never) = (town.gauge(1), town.gauge(2));
    for number in 0..5 {
        town.at(number * DAY, given, &[(number * DAY, 1.0)]);
        town.at(number * DAY, never, &[(number * DAY, 1.0)]);
        town.store().seal().expect("seals");
    }
    town.store().merge().expect("merges");
    town.store().set_classes(&[class("short", 2, 3)]).expect("is sensible");
    town.store().classify(&[(given, "short")]).expect("both are known");
    // It is known after a restart too that the blocks are older than the class.
    town.reopen();
    let passes = retain(town.store(), day(5));
    assert_eq!(days_of(&town, given), BTreeSet::from([3, 4]));
    assert_eq!(days_of(&town, never), BTreeSet::from([0, 1, 2, 3, 4]));
    let short = passes[0].by_class["short"];
    assert_eq!((short.readings, short.minutes, short.newest_day), (3, 2, Some(2)));
    assert_eq!(town.store().let_go_before(given), Some(day(3)));
    assert_eq!(town.store().let_go_before(never), None);
    // What is there is told by class.
    let kept = town.store().kept();
    let told: Vec<_> = kept.iter().map(|it| (&*it.class, it.series, it.oldest_readings)).collect();
    assert_eq!(told, [("", 1, Some(day(0))), ("short", 1, None)]);
    // Nothing is left to do, also for whoever asks again.
    assert_eq!(retain(town.store(), day(5)), [Retained::default()]);
}

#[test]
fn a_series_that_is_to_be_kept_for_less_frees_its_room_at_the_next_pass() {
    let town = Town::new();
    let (moved, stays) = (town.gauge(1), town.gauge(2));
    let classes = [class("long", 100, 100), class("short", 2, 2)];
    town.store().set_classes(&classes).expect("is sensible");
    town.store().classify(&[(moved, "long"), (stays, "long")]).expect("known");
    for number in 0..3 {
        for series in [moved, stays] {
            town.at(number * DAY, series, &[(number * DAY, 1.0)]);
        }
    }
    town.store().seal().expect("seals");
    town.store().merge().expect("merges");
    // Some of it is in a fresh block, and some only in the log.
    town.at(3 * DAY, moved, &[(3 * DAY, 1.0)]);
    town.store().seal().expect("seals");
    town.at(4 * DAY, moved, &[(4 * DAY, 1.0)]);
    retain(town.store(), day(20));
    assert_eq!(days_of(&town, moved).len(), 5);
    town.store().classify(&[(moved, "short")]).expect("known");
    retain(town.store(), day(20));
    // What is in no block yet goes once it is.
    assert_eq!(days_of(&town, moved), BTreeSet::from([4]));
    town.store().seal().expect("seals");
    retain(town.store(), day(20));
    assert_eq!(days_of(&town, moved), BTreeSet::new());
    assert_eq!(days_of(&town, stays).len(), 3);
}

#[test]
fn sums_whose_readings_are_gone_are_kept_for_the_longest_of_their_series() {
    let town = Town::new();
    let (longer, other) = (town.gauge(1), town.gauge(2));
    town.store().set_classes(&[class("short", 2, 4), class("long", 50, 60)]).expect("sensible");
    town.store().classify(&[(longer, "short"), (other, "short")]).expect("known");
    for series in [longer, other] {
        town.at(0, series, &[(100, 1.0), (7000, 2.0)]);
    }
    town.store().seal().expect("seals");
    retain(town.store(), day(3));
    assert!(days_of(&town, longer).is_empty());
    town.store().classify(&[(longer, "long")]).expect("known");
    // By the old class they would go now.
    retain(town.store(), day(6));
    assert_eq!(minutes_of(town.store(), longer, 0), 2);
    assert_eq!(town.store().let_go_before(longer), Some(day(1)), "it lost them by its old class");
    retain(town.store(), day(80));
    assert_eq!(minutes_of(town.store(), longer, 0), 0);
}

#[test]
fn up_to_when_sensors_have_told_is_moved_by_no_single_clock() {
    let town = Town::new();
    assert_eq!(town.store().reached(), None);
    for sensor in 1..=40 {
        let series = town.gauge(sensor);
        town.at(DAY, series, &[(DAY, 1.0)]);
    }
    let ahead = town.gauge(41);
    town.at(900 * DAY, ahead, &[(900 * DAY, 1.0)]);
    assert_eq!(town.store().reached(), Some(day(1)));
    // Alone it is all there is to go by.
    let alone = Town::new();
    let only = alone.gauge(1);
    alone.at(900 * DAY, only, &[(900 * DAY, 1.0)]);
    assert_eq!(alone.store().reached(), Some(day(900)));
}

/// Minutes of a day of which there are sums, or readings.
fn minutes_of(store: &Store, series: SeriesNo, number: i64) -> usize {
    let buckets = store.downsample(series, day(number), day(number + 1), 1440, None);
    let buckets = buckets.expect("reads");
    buckets.iter().filter(|it| it.end.since(it.start).as_millis() <= 60_000).count()
}

#[test]
fn a_pass_writes_only_so_much_and_what_waits_loses_nothing_meanwhile() {
    let town = Town::with(Config { retain_bytes: 1, ..Config::default() });
    let (a, b) = (town.gauge(1), town.gauge(2));
    for number in 0..6 {
        for series in [a, b] {
            town.at(number * DAY, series, &[(number * DAY, 1.0)]);
        }
        town.store().seal().expect("seals");
        town.store().merge().expect("merges");
    }
    town.store().set_classes(&[class("short", 2, 2)]).expect("is sensible");
    town.store().classify(&[(a, "short")]).expect("known");
    // A reading that came late waits with its day, and goes into its sums first.
    town.at(6 * DAY, a, &[(60, 7.0)]);
    town.store().seal().expect("seals");
    let passes = retain(town.store(), day(6));
    assert!(3 < passes.len(), "{passes:?}");
    assert_eq!(days_of(&town, a), BTreeSet::from([4, 5]));
    assert_eq!(days_of(&town, b).len(), 6);
    let hours = town.store().downsample(a, day(0), day(1), 24, None).expect("reads");
    assert_eq!(hours.iter().map(|it| it.count).sum::<u64>(), 2);
}

/// What must be there of one series.
#[derive(Default, Clone)]
struct Model {
    class: usize,
    readings: BTreeSet<i64>,
    /// Days of which sums by minute must be there; others may.
    minutes: BTreeSet<i64>,
    /// Days of which there must be sums by hour, which no class lets go of.
    ever: BTreeSet<i64>,
}

/// Days of readings and minutes; the first is no class at all.
const CLASSES: [(&str, u32, u32); 4] =
    [("", u32::MAX, u32::MAX), ("a", 2, 4), ("b", 5, 8), ("c", 20, 30)];

impl Model {
    fn retain(&mut self, now: i64) {
        let (_, readings, minutes) = CLASSES[self.class];
        self.readings.retain(|day| now - i64::from(readings) <= *day);
        self.minutes.retain(|day| now - i64::from(minutes) <= *day);
    }
}

struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (self.0 >> 33) % sides
    }
}

#[track_caller]
fn check(town: &Town, models: &BTreeMap<SeriesNo, Model>, when: &str) {
    for (series, model) in models {
        assert_eq!(days_of(town, *series), model.readings, "{when}: series {}", series.0);
        for day in &model.minutes {
            assert!(0 < minutes_of(town.store(), *series, *day), "{when}: minutes of {day}");
        }
        for number in &model.ever {
            let hours = town.store().downsample(*series, day(*number), day(number + 1), 24, None);
            assert!(!hours.expect("reads").is_empty(), "{when}: hours of day {number}");
        }
    }
}

#[test]
fn whatever_is_stored_merged_and_moved_is_kept_by_the_newest_class() {
    for seed in 0..40 {
        let mut dice = Dice(seed);
        let retain_bytes = [1, 2_000, 256 << 20][dice.below(3) as usize];
        let mut town = Town::with(Config { retain_bytes, ..Config::default() });
        let named: Vec<Class> = CLASSES[1..].iter().map(|it| class(it.0, it.1, it.2)).collect();
        town.store().set_classes(&named).expect("sensible");
        let mut models: BTreeMap<SeriesNo, Model> =
            (1..=4).map(|sensor| (town.gauge(sensor), Model::default())).collect();
        let mut now = 1;
        for step in 0..40 {
            let when = format!("seed {seed}, step {step}");
            let series = SeriesNo(dice.below(4) as u32);
            let model = models.get_mut(&series).expect("is one of the four");
            match dice.below(10) {
                0..=3 => {
                    let back = [0, 0, 1, dice.below(12) as i64][dice.below(4) as usize];
                    let number = (now - back).max(0);
                    let time = number * DAY + dice.below(DAY as u64) as i64;
                    town.at(now * DAY, series, &[(time, step as f64)]);
                    model.readings.insert(number);
                    model.minutes.insert(number);
                    model.ever.insert(number);
                }
                4 => town.store().seal().expect("seals"),
                5 => town.store().merge().expect("merges"),
                6 => {
                    let class = 1 + dice.below(3) as usize;
                    town.store().classify(&[(series, CLASSES[class].0)]).expect("known");
                    model.class = class;
                }
                7 => town.reopen(),
                8 => now += dice.below(4) as i64,
                _ => {
                    town.store().seal().expect("seals");
                    retain(town.store(), day(now));
                    models.values_mut().for_each(|model| model.retain(now));
                    check(&town, &models, &when);
                }
            }
        }
        town.store().seal().expect("seals");
        retain(town.store(), day(now + 1000));
        models.values_mut().for_each(|model| model.retain(now + 1000));
        check(&town, &models, &format!("seed {seed}, at the end"));
    }
}

/// Two series that moved, one held; power goes at every operation of the retention after it.
#[test]
fn a_power_cut_while_blocks_are_written_anew_by_class_loses_nothing_that_is_to_stay() {
    let prepare = || {
        let town = Town::with(Config { retain_bytes: 500, ..Config::default() });
        let (short, long, held) = (town.gauge(1), town.gauge(2), town.gauge(3));
        for number in 0..4 {
            let time = number * DAY + 100;
            let samples = [short, long, held].map(|series| sample(series, time, number as f64));
            town.store().append(seconds(time), samples.to_vec()).expect("stores");
        }
        town.store().seal().expect("seals");
        town.store().merge().expect("merges");
        town.store().set_classes(&[class("s", 1, 2), class("l", 90, 90)]).expect("sensible");
        town.store().classify(&[(short, "s"), (long, "l"), (held, "s")]).expect("known");
        let held_range = Held {
            name: "incident".to_owned(),
            series: Some(BTreeSet::from([held])),
            from: seconds(DAY),
            to: seconds(2 * DAY),
        };
        town.store().hold_range(held_range).expect("is durable");
        (town, short, long, held)
    };
    let expect = |town: &Town, (long, held): (SeriesNo, SeriesNo), when: &str| {
        assert_eq!(days_of(town, long).len(), 4, "{when}");
        assert!(days_of(town, held).contains(&1), "{when}");
    };
    for operation in 1.. {
        let (mut town, short, long, held) = prepare();
        town.disk.cut_power_at(operation);
        let mut is_whole = false;
        for _ in 0..50 {
            match town.store().retain(day(10)) {
                Ok(pass) if pass.waiting == 0 => {
                    is_whole = true;
                    break;
                }
                Ok(_) => {}
                Err(_) => break,
            }
        }
        let when = format!("power cut at {operation}");
        town.close();
        town.disk.restart(Survival::Chance(operation));
        town.open();
        expect(&town, (long, held), &when);
        retain(town.store(), day(10));
        expect(&town, (long, held), &when);
        // The day of its class that is held stays whole.
        assert_eq!(days_of(&town, short), BTreeSet::from([1]), "{when}");
        if is_whole {
            assert!(10 < operation, "it wrote less than the story is about");
            return;
        }
    }
}
