//! The store against a model of it: a map from key to its versions.

use std::collections::BTreeMap;

use base::quantity::{Grade, Quality, SeriesKind};
use base::{Id, Timestamp};
use proptest::prelude::*;
use proptest::test_runner::TestCaseResult;
use series::{
    Appended, Bucket, Config, Measure, Reading, Readings, Sample, SeriesNo, Store, Survival,
};

use crate::town::Town;
use crate::witness::CASES;

#[derive(Debug, Clone)]
enum Step {
    /// The clock goes on by so much, then samples arrive: series, milliseconds
    /// before now, value, quality.
    Append {
        wait: i64,
        samples: Vec<(u32, i64, f64, Quality)>,
    },
    Seal,
    Merge,
    Reopen,
    PowerCut(Survival),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let ago = prop_oneof![
        6 => 0..5_000i64,
        3 => 0..300_000i64,
        1 => -700_000..0i64,
    ]
    // Few different times, so that keys meet again.
    .prop_map(|ago| ago / 500 * 500);
    let value = prop_oneof![Just(1.0), Just(2.5), Just(-0.0), Just(0.1 + 0.2)];
    let quality = prop_oneof![
        5 => Just(Quality::GOOD),
        1 => Just(Quality::new(Grade::Bad, Quality::BY_DEVICE)),
    ];
    let samples = prop::collection::vec((0..SERIES, ago, value, quality), 1..12);
    let wait = prop_oneof![4 => 0..2_000i64, 1 => 0..200_000i64].prop_map(|wait| wait / 250 * 250);
    let survival = prop_oneof![
        Just(Survival::Nothing),
        Just(Survival::Everything),
        any::<u64>().prop_map(Survival::Chance),
    ];
    let step = prop_oneof![
        8 => (wait, samples).prop_map(|(wait, samples)| Step::Append { wait, samples }),
        2 => Just(Step::Seal),
        1 => Just(Step::Merge),
        1 => Just(Step::Reopen),
        1 => survival.prop_map(Step::PowerCut),
    ];
    prop::collection::vec(step, 1..40)
}

/// What the store should be, said as simply as possible.
#[derive(Default)]
struct Model {
    versions: BTreeMap<(SeriesNo, i64), Vec<Reading>>,
    newest: BTreeMap<SeriesNo, i64>,
}

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const KINDS: [SeriesKind; 4] =
    [SeriesKind::Gauge, SeriesKind::Counter, SeriesKind::State, SeriesKind::Direction];
const SERIES: u32 = KINDS.len() as u32;

impl Model {
    fn append(&mut self, received: i64, samples: &[Sample], answer: &mut Appended) {
        for sample in samples {
            let time = sample.time.as_millis();
            let is_future = time > received + 10 * MINUTE;
            let versions = self.versions.entry((sample.series, time)).or_default();
            let same = |reading: &Reading| {
                let without_flag = Quality(reading.quality.0 & !Quality::FUTURE);
                reading.value == sample.value && without_flag == sample.quality
            };
            if versions.iter().any(same) {
                answer.duplicates += 1;
                continue;
            }
            let newest = self.newest.get(&sample.series).copied();
            let is_late = newest.is_some_and(|newest| time < newest - MINUTE);
            let is_correction = !versions.is_empty();
            let is_exact = is_late || is_future || is_correction || received - time > MINUTE;
            let delay = (received - time) as f64 / 1000.0;
            let punctual = time + delay.ceil() as i64 * 1000;
            let flag = if is_future { Quality::FUTURE } else { 0 };
            versions.push(Reading {
                time: sample.time,
                value: sample.value,
                quality: Quality(sample.quality.0 | flag),
                received: Timestamp::from_millis(if is_exact { received } else { punctual }),
            });
            answer.stored += 1;
            answer.late += usize::from(is_late);
            answer.future += usize::from(is_future);
            answer.superseded += usize::from(is_correction);
            if !is_future {
                self.newest.insert(sample.series, newest.map_or(time, |newest| newest.max(time)));
            }
        }
    }

    fn range(&self, series: SeriesNo, as_of: Timestamp) -> Vec<Reading> {
        let of_series = self.versions.range((series, i64::MIN)..=(series, i64::MAX));
        of_series
            .filter_map(|(_, versions)| versions.iter().rev().find(|r| r.received <= as_of))
            .copied()
            .collect()
    }

    fn superseded(&self, series: SeriesNo) -> Vec<(Reading, Reading)> {
        let of_series = self.versions.range((series, i64::MIN)..=(series, i64::MAX));
        of_series.flat_map(|(_, v)| v.windows(2).map(|pair| (pair[0], pair[1]))).collect()
    }
}

fn compare(town: &Town, model: &Model, now: i64) -> TestCaseResult {
    let store = town.store();
    let (from, to) = (Timestamp::from_millis(0), Timestamp::from_millis(i64::MAX));
    let held: usize = model.versions.values().map(Vec::len).sum();
    prop_assert_eq!(store.counts().held, held as u64);
    let asked = town.asked();
    for series in (0..SERIES).map(SeriesNo) {
        prop_assert_eq!(
            asked.range(series, from, to, None).expect("reads"),
            model.range(series, Timestamp::MAX)
        );
        for ago in [0, 1, 777, 10_000, 200_000] {
            let as_of = Timestamp::from_millis(now - ago);
            let served = asked.range(series, from, to, Some(as_of)).expect("reads");
            prop_assert_eq!(served, model.range(series, as_of), "as of {} ago", ago);
        }
        let superseded = asked.superseded(series, from, to).expect("reads");
        let pairs: Vec<_> = superseded.iter().map(|s| (s.earlier, s.by)).collect();
        prop_assert_eq!(pairs, model.superseded(series));
        let served = model.range(series, Timestamp::MAX);
        let latest = served.iter().rev().find(|r| r.quality.0 & Quality::FUTURE == 0);
        prop_assert_eq!(store.latest(&[series])[0], latest.copied());
    }
    Ok(())
}

/// Buckets of a merged store are those of one that never merges, to the bit, and hold
/// what the model says.
fn sums(
    asked: &dyn Readings,
    raw: &Store,
    model: &Model,
    series: SeriesNo,
    (now, as_of): (i64, Option<Timestamp>),
) -> TestCaseResult {
    let at = Timestamp::from_millis;
    // To the millisecond; by minutes, at odd edges; by hours, at odd edges.
    let spans = [
        (now - 100_000, now, 7),
        (now - 3 * HOUR - 12_345, now + HOUR, 20),
        (now - 3 * HOUR, now + HOUR + 777, 3),
        (now - 90 * HOUR - 54_321, now + 2 * HOUR, 8),
    ];
    for (from, to, count) in spans {
        let found = asked.downsample(series, at(from), at(to), count, as_of).expect("reads");
        let plain = raw.downsample(series, at(from), at(to), count, as_of).expect("reads");
        prop_assert_eq!(&found, &plain, "{} to {} in {}", from, to, count);
        prop_assert!(found.len() <= count);
        let readings = model.range(series, as_of.unwrap_or(Timestamp::MAX));
        let width = (to - from) / count as i64;
        let grain = if width < 10 * MINUTE {
            1
        } else if width < 10 * HOUR {
            MINUTE
        } else {
            HOUR
        };
        let (from, to) = (from / grain * grain, (to + grain - 1) / grain * grain);
        let inside = |it: &&Reading| (from..to).contains(&it.time.as_millis());
        let all = readings.iter().filter(inside).count() as u64;
        prop_assert_eq!(found.iter().map(|bucket| bucket.count).sum::<u64>(), all);
        for bucket in &found {
            prop_assert_eq!(bucket.start.as_millis() % grain, 0);
            let inside = |it: &&Reading| bucket.start <= it.time && it.time < bucket.end;
            bucket_holds(bucket, readings.iter().filter(inside))?;
        }
    }
    Ok(())
}

fn bucket_holds<'a>(
    bucket: &Bucket,
    readings: impl Iterator<Item = &'a Reading> + Clone,
) -> TestCaseResult {
    prop_assert_eq!(bucket.count, readings.clone().count() as u64);
    let good: Vec<f64> = readings.filter(|it| it.quality.is_judged()).map(|it| it.value).collect();
    prop_assert_eq!(bucket.good, good.len() as u64);
    let Some(summary) = bucket.summary else {
        prop_assert!(good.is_empty());
        return Ok(());
    };
    prop_assert_eq!((summary.first, summary.last), (good[0], good[good.len() - 1]));
    let pairs = good.windows(2).map(|pair| (pair[0], pair[1]));
    let near = |a: f64, b: f64| (a - b).abs() < 1e-4;
    match summary.measure {
        Measure::Number { min, max, sum } => {
            prop_assert_eq!(min, good.iter().copied().fold(f64::INFINITY, f64::min));
            prop_assert_eq!(max, good.iter().copied().fold(f64::NEG_INFINITY, f64::max));
            prop_assert!(near(sum, good.iter().sum()));
        }
        Measure::Counter { rise, .. } => {
            let expected = pairs.map(|(a, b)| if a <= b { b - a } else { b }).sum();
            prop_assert!(near(rise, expected), "{} for {}", rise, expected);
        }
        Measure::State { changes } => {
            prop_assert_eq!(changes, pairs.filter(|(a, b)| a != b).count() as u64);
        }
        Measure::Direction { east, north } => {
            prop_assert!(near(east, good.iter().map(|value| value.to_radians().sin()).sum()));
            prop_assert!(near(north, good.iter().map(|value| value.to_radians().cos()).sum()));
        }
    }
    Ok(())
}

fn run(steps: Vec<Step>, config: Config) -> TestCaseResult {
    let mut town = Town::with(Config { segment_bytes: 700, ..config });
    let raw = Store::in_memory(Config::default());
    let kinds: Vec<_> =
        (0..).zip(KINDS).map(|(sensor, kind)| (Id::from_u128(sensor), kind)).collect();
    for store in [town.store(), &raw] {
        let numbers = store.register_all(&kinds).expect("registers");
        assert_eq!(numbers, (0..SERIES).map(SeriesNo).collect::<Vec<_>>());
    }
    let mut model = Model::default();
    let mut now = 1_000_000_000;
    let last = steps.len() - 1;
    for (index, step) in steps.into_iter().enumerate() {
        let sums_too = index == last || matches!(step, Step::Merge);
        match step {
            Step::Append { wait, samples } => {
                now += wait;
                let samples: Vec<_> = samples
                    .into_iter()
                    .map(|(series, ago, value, quality)| {
                        let time = Timestamp::from_millis((now - ago) / 500 * 500);
                        Sample { series: SeriesNo(series), time, value, quality }
                    })
                    .collect();
                let received = Timestamp::from_millis(now);
                let answer = town.store().append(received, samples.clone()).expect("stores");
                raw.append(received, samples.clone()).expect("stores");
                let mut expected = Appended { position: answer.position, ..Appended::default() };
                model.append(now, &samples, &mut expected);
                prop_assert_eq!(answer, expected);
            }
            Step::Seal => town.store().seal().expect("seals"),
            Step::Merge => {
                town.store().seal().expect("seals");
                town.store().merge().expect("merges");
            }
            Step::Reopen => town.reopen(),
            Step::PowerCut(survival) => {
                town.power_cut(survival);
                town.open();
            }
        }
        compare(&town, &model, now)?;
        let asked = town.asked();
        for series in (0..SERIES).map(SeriesNo).filter(|_| sums_too) {
            for ago in [None, Some(10_000), Some(200_000)] {
                let as_of = ago.map(|ago| Timestamp::from_millis(now - ago));
                sums(&*asked, &raw, &model, series, (now, as_of))?;
            }
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: CASES, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_store_is_what_the_model_says(steps in steps()) {
        run(steps, Config::default())?;
    }

    #[test]
    fn and_while_blocks_are_written_and_merged_in_the_background(steps in steps()) {
        run(steps, Config { head_points: 15, merge_fresh: 3, ..Config::default() })?;
    }
}
