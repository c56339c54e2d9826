//! The power-cut test: at every operation of the disk, and again while recovering.

use base::Id;
use base::quantity::{Quality, SeriesKind};
use series::{
    Batch, Class, Config, Held, Position, Sample, SeriesError, SeriesNo, Store, Survival,
};

use crate::town::{Town, sample, seconds};

/// What a client was told, and what it never got an answer for.
#[derive(Default)]
struct Ledger {
    acknowledged: Vec<Sample>,
    uncertain: Vec<Sample>,
    registered: Vec<(Id, SeriesNo)>,
    /// Whether `rules` was told that it is registered.
    consumes: bool,
    released: u64,
    /// Whether the hold was said to be there.
    held: bool,
}

impl Ledger {
    fn append(
        &mut self,
        store: &Store,
        received: i64,
        samples: &[Sample],
    ) -> Result<(), SeriesError> {
        match store.append(seconds(received), samples.to_vec()) {
            Ok(appended) => {
                assert_eq!(appended.stored, samples.len());
                self.acknowledged.extend(samples);
                Ok(())
            }
            Err(error) => {
                self.uncertain.extend(samples);
                Err(error)
            }
        }
    }

    fn register(&mut self, store: &Store, sensor: u128) -> Result<SeriesNo, SeriesError> {
        let sensor = Id::from_u128(sensor);
        let number = store.register(sensor, SeriesKind::Gauge)?;
        self.registered.push((sensor, number));
        Ok(number)
    }
}

fn config() -> Config {
    Config { segment_bytes: 400, ..Config::default() }
}

/// Everything that writes, once: ends early when the power goes.
fn scenario(town: &Town, ledger: &mut Ledger) -> Result<(), SeriesError> {
    let first = {
        let store = town.try_open()?;
        let first = ledger.register(&store, 1)?;
        let rules = store.consumer("rules")?;
        ledger.consumes = true;
        for time in 1000..1008 {
            // Long enough to cover more than one sector.
            let many: Vec<_> = (0..10).map(|n| sample(first, time * 10 + n, n as f64)).collect();
            ledger.append(&store, time * 10, &many)?;
        }
        let second = ledger.register(&store, 2)?;
        ledger.append(
            &store,
            20_000,
            &[sample(second, 20_000, 1.0), sample(first, 20_000, 1.0)],
        )?;
        store.seal()?;
        ledger.append(&store, 20_001, &[sample(second, 20_000, 2.0)])?; // a correction
        ledger.append(&store, 20_002, &[sample(second, 15_000, 3.0)])?; // late
        ledger.released = 4;
        rules.release(Position(4))?;
        first
    };
    let store = town.try_open()?;
    ledger.append(&store, 20_003, &[sample(first, 20_003, 4.0)])?;
    store.seal()?;
    store.merge()?;
    // A correction of what is merged by now, and one on the next day.
    ledger.append(&store, 20_004, &[sample(first, 10_000, 5.0), sample(first, 90_000, 5.0)])?;
    store.seal()?;
    store.merge()?;
    store.merge()?; // there is nothing to do
    // Of the second series all that is merged may go; the first is held.
    let class = Class {
        name: "short".to_owned(),
        readings_days: Some(1),
        minutes_days: Some(9),
        hours_days: None,
        floors: Vec::new(),
    };
    store.set_classes(&[class])?;
    store.classify(&[(first, "short")])?;
    let held = Held { name: "it".to_owned(), series: None, from: seconds(0), to: seconds(99_000) };
    store.hold_range(held)?;
    ledger.held = true;
    store.retain(seconds(9 * 86_400))?;
    ledger.append(&store, 20_005, &[sample(first, 20_005, 5.5)])?;
    store.seal()?;
    ledger.append(&store, 20_005, &[sample(first, 30_000, 6.0)]) // in the future
}

/// All versions of all series that anybody can read.
fn versions(store: &Store) -> Vec<(SeriesNo, i64, u64)> {
    let mut all = Vec::new();
    for number in 0..store.counts().series as u32 {
        let series = SeriesNo(number);
        let (from, to) = (seconds(0), seconds(100_000));
        let served = store.range(series, from, to, None).expect("reads");
        let buckets = store.downsample(series, from, to, 2, None).expect("reads");
        assert_eq!(buckets.iter().map(|it| it.count).sum::<u64>(), served.len() as u64);
        let earlier = store.superseded(series, from, to).expect("reads");
        let best = served.iter().rev().find(|r| r.quality.0 & Quality::FUTURE == 0).copied();
        assert_eq!(store.latest(&[series])[0], best);
        let readings = served.iter().chain(earlier.iter().map(|superseded| &superseded.earlier));
        all.extend(readings.map(|r| (series, r.time.as_millis(), r.value.to_bits())));
    }
    all.sort_unstable();
    all
}

fn keys(samples: &[Sample]) -> Vec<(SeriesNo, i64, u64)> {
    let mut keys: Vec<_> =
        samples.iter().map(|s| (s.series, s.time.as_millis(), s.value.to_bits())).collect();
    keys.sort_unstable();
    keys
}

/// Everything acknowledged is there, nothing is invented, nothing is there twice.
#[track_caller]
fn check(store: &Store, ledger: &Ledger, when: &str) {
    for &(sensor, number) in &ledger.registered {
        assert_eq!(store.series_of(sensor), Some(number), "{when}");
    }
    assert!(!ledger.held || store.held_ranges().len() == 1, "{when}");
    let found = versions(store);
    assert_eq!(store.counts().held, found.len() as u64, "{when}");
    let (acknowledged, uncertain) = (keys(&ledger.acknowledged), keys(&ledger.uncertain));
    let lost: Vec<_> =
        acknowledged.iter().filter(|key| found.binary_search(key).is_err()).collect();
    assert!(lost.is_empty(), "{when}: lost {lost:?}");
    let rest: Vec<_> =
        found.iter().filter(|key| acknowledged.binary_search(key).is_err()).copied().collect();
    // An append is stored whole or not at all.
    assert!(rest.is_empty() || rest == uncertain, "{when}: {rest:?} of {uncertain:?}");
    assert_eq!(found.len(), acknowledged.len() + rest.len(), "{when}: something is there twice");

    if ledger.consumes {
        let rules = store.consumer("rules").expect("is known");
        let after = Position(ledger.released);
        let batches: Vec<Batch> = rules
            .read_after(after)
            .expect("the log is kept for it")
            .collect::<Result<_, _>>()
            .expect("the log is whole");
        let positions: Vec<_> = batches.iter().map(|batch| batch.position.0).collect();
        let expected: Vec<_> = (after.0 + 1..=store.position().0).collect();
        assert_eq!(positions, expected, "{when}");
        let samples: Vec<_> = batches.iter().flat_map(|batch| batch.samples.to_vec()).collect();
        assert!(keys(&samples).iter().all(|key| found.binary_search(key).is_ok()), "{when}");
    }
}

fn operations_of(mut work: impl FnMut(&Town)) -> u64 {
    let mut town = Town::with(config());
    town.close();
    town.disk = Default::default();
    work(&town);
    town.disk.operations()
}

const SURVIVALS: [Survival; 5] = [
    Survival::Nothing,
    Survival::Everything,
    Survival::Chance(1),
    Survival::Chance(2),
    Survival::Chance(3),
];

#[test]
fn a_power_cut_at_any_operation_loses_nothing_acknowledged() {
    let operations = operations_of(|town| {
        let mut ledger = Ledger::default();
        scenario(town, &mut ledger).expect("with power all is well");
        check(&town.try_open().expect("opens"), &ledger, "with power");
    });
    assert!(operations > 100, "{operations}");
    for operation in 1..=operations {
        for survival in SURVIVALS {
            let when = format!("power cut at {operation} of {operations}, {survival:?}");
            let mut town = Town::with(config());
            town.close();
            town.disk = Default::default();
            town.disk.cut_power_at(operation);
            let mut ledger = Ledger::default();
            let cut = scenario(&town, &mut ledger).is_err();
            town.disk.restart(seeded(survival, operation));
            let store = town.try_open().unwrap_or_else(|error| panic!("{when}: {error}"));
            check(&store, &ledger, &when);
            // Sent again, what was uncertain is there once.
            if cut && !ledger.uncertain.is_empty() {
                let samples = std::mem::take(&mut ledger.uncertain);
                store.append(seconds(20_005), samples.clone()).expect("appends");
                ledger.acknowledged.extend(samples);
                check(&store, &ledger, &when);
            }
            store.seal().expect("seals");
            check(&store, &ledger, &when);
            drop(store);
            check(&town.try_open().expect("opens once more"), &ledger, &when);
        }
    }
}

#[test]
fn a_second_power_cut_while_recovering_from_the_first_loses_nothing_either() {
    let operations = operations_of(|town| {
        scenario(town, &mut Ledger::default()).expect("with power all is well");
    });
    for operation in 1..=operations {
        for again in 1.. {
            let when = format!("power cut at {operation}, then at {again} of the recovery");
            let mut town = Town::with(config());
            town.close();
            town.disk = Default::default();
            town.disk.cut_power_at(operation);
            let mut ledger = Ledger::default();
            let _ = scenario(&town, &mut ledger);
            town.disk.restart(seeded(Survival::Chance(7), operation));
            town.disk.cut_power_at(again);
            let recovered = town.try_open().and_then(|store| store.seal()).is_ok();
            town.disk.restart(seeded(Survival::Chance(8), operation + again));
            let store = town.try_open().unwrap_or_else(|error| panic!("{when}: {error}"));
            check(&store, &ledger, &when);
            if recovered {
                break;
            }
        }
    }
}

/// Another chance for every operation.
fn seeded(survival: Survival, operation: u64) -> Survival {
    match survival {
        Survival::Chance(seed) => Survival::Chance(seed * 1_000_003 + operation),
        other => other,
    }
}
