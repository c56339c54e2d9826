//! The store against a model of it: a map from key to its versions.

use std::collections::BTreeMap;

use base::Timestamp;
use base::quantity::{Grade, Quality};
use proptest::prelude::*;
use proptest::test_runner::TestCaseResult;
use series::{Appended, Config, Reading, Sample, SeriesNo, Survival};

use crate::town::Town;

#[derive(Debug, Clone)]
enum Step {
    /// The clock goes on by so much, then samples arrive: series, milliseconds
    /// before now, value, quality.
    Append {
        wait: i64,
        samples: Vec<(u32, i64, f64, Quality)>,
    },
    Seal,
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
    let samples = prop::collection::vec((0..3u32, ago, value, quality), 1..12);
    let wait = prop_oneof![4 => 0..2_000i64, 1 => 0..200_000i64].prop_map(|wait| wait / 250 * 250);
    let survival = prop_oneof![
        Just(Survival::Nothing),
        Just(Survival::Everything),
        any::<u64>().prop_map(Survival::Chance),
    ];
    let step = prop_oneof![
        8 => (wait, samples).prop_map(|(wait, samples)| Step::Append { wait, samples }),
        2 => Just(Step::Seal),
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
    for series in (0..3).map(SeriesNo) {
        prop_assert_eq!(
            store.range(series, from, to, None).expect("reads"),
            model.range(series, Timestamp::MAX)
        );
        for ago in [0, 1, 777, 10_000, 200_000] {
            let as_of = Timestamp::from_millis(now - ago);
            let served = store.range(series, from, to, Some(as_of)).expect("reads");
            prop_assert_eq!(served, model.range(series, as_of), "as of {} ago", ago);
        }
        let superseded = store.superseded(series, from, to).expect("reads");
        let pairs: Vec<_> = superseded.iter().map(|s| (s.earlier, s.by)).collect();
        prop_assert_eq!(pairs, model.superseded(series));
        let served = model.range(series, Timestamp::MAX);
        let latest = served.iter().rev().find(|r| r.quality.0 & Quality::FUTURE == 0);
        prop_assert_eq!(store.latest(&[series])[0], latest.copied());
        // Buckets hold what the range holds.
        let span = (Timestamp::from_millis(now - 100_000), Timestamp::from_millis(now));
        let readings = store.range(series, span.0, span.1, None).expect("reads");
        let buckets = store.downsample(series, span.0, span.1, 7, None).expect("reads");
        prop_assert_eq!(buckets.iter().map(|b| b.count).sum::<u64>(), readings.len() as u64);
        let sum: f64 = buckets.iter().filter_map(|b| b.summary).map(|s| s.sum).sum();
        let good = readings.iter().filter(|r| r.quality.is_judged()).map(|r| r.value);
        prop_assert!((sum - good.sum::<f64>()).abs() < 1e-9);
    }
    Ok(())
}

fn run(steps: Vec<Step>, head_points: usize) -> TestCaseResult {
    let mut town = Town::with(Config { head_points, segment_bytes: 700, ..Config::default() });
    (0..3).for_each(|sensor| assert_eq!(town.gauge(sensor), SeriesNo(sensor as u32)));
    let mut model = Model::default();
    let mut now = 1_000_000_000;
    for step in steps {
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
                let mut expected = Appended { position: answer.position, ..Appended::default() };
                model.append(now, &samples, &mut expected);
                prop_assert_eq!(answer, expected);
            }
            Step::Seal => town.store().seal().expect("seals"),
            Step::Reopen => town.reopen(),
            Step::PowerCut(survival) => {
                town.power_cut(survival);
                town.open();
            }
        }
        compare(&town, &model, now)?;
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_store_is_what_the_model_says(steps in steps()) {
        run(steps, 1_000_000)?;
    }

    #[test]
    fn and_while_blocks_are_written_in_the_background(steps in steps()) {
        run(steps, 15)?;
    }
}
