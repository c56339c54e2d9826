//! Whatever the cuts and the crashes, the findings are those of the readings.

use base::quantity::Grade;
use base::{Duration, Quality, Quantity, Timestamp};
use host::db::Row;
use host::{Lane, params};
use proptest::prelude::*;
use series::{Batch, Position, Sample, SeriesNo};

use super::bridge::{Bridge, minute};
use crate::engine::model::step;
use crate::engine::{
    Comparison, Crossing, Direction, Judge, Judges, Limits, Measure, Outcome, Seen, State,
};
use crate::rule::{self, Confidence, Line, NewRule};

/// On the line, on the hysteresis, and around both.
const VALUES: [f64; 7] = [263.90, 263.949, 263.95, 263.99, 264.00, 264.001, 264.50];

fn samples() -> impl Strategy<Value = Vec<(i64, usize, bool)>> {
    // Minutes, some of them twice or out of order; one in eight is bad.
    prop::collection::vec((0..30i64, 0..VALUES.len(), prop::bool::weighted(0.125)), 1..40).prop_map(
        |mut samples| {
            // Mostly in order: each may come up to two places late.
            let last = samples.len().saturating_sub(1);
            samples.sort_by_key(|(minute, ..)| *minute);
            for at in (0..last).step_by(5) {
                samples.swap(at, (at + 2).min(last));
            }
            samples
        },
    )
}

fn sample(start: Timestamp, series: SeriesNo, (minute, value, bad): (i64, usize, bool)) -> Sample {
    Sample {
        series,
        time: start + Duration::from_mins(minute),
        value: VALUES[value],
        quality: if bad { Quality::new(Grade::Bad, Quality::BY_CHECK) } else { Quality::GOOD },
    }
}

fn limits(times: u32, delay_s: u32) -> Limits {
    let delay = Duration::from_secs(i64::from(delay_s));
    Limits::new(Comparison::AtOrAbove, 264.0, 0.05, times, delay)
}

fn judge(limits: Limits) -> Judge {
    let id = base::Id::from_u128(1);
    Judge {
        rule: id.into(),
        version: 1,
        sensor: id.into(),
        station: id.into(),
        series: SeriesNo(3),
        limits,
        state: State::default(),
        upto: Position::START,
    }
}

fn outcomes(limits: Limits, batches: &[&[Sample]], received: Timestamp) -> Vec<Outcome> {
    let mut judges = Judges::default();
    judges.put([judge(limits)]);
    let mut rulings = Vec::new();
    for (at, samples) in batches.iter().enumerate() {
        let position = Position(at as u64 + 1);
        let batch = Batch { position, received, samples: samples.to_vec().into() };
        judges.judge(&batch, &mut rulings);
        // The same batch again is not judged again by a judge that has seen it.
        let mut seen = judges.get(base::Id::from_u128(1).into()).expect("seated").clone();
        seen.upto = position;
        let (mut again, mut nothing) = (Judges::default(), Vec::new());
        again.put([seen]);
        again.judge(&batch, &mut nothing);
        assert_eq!(nothing, []);
    }
    rulings.into_iter().map(|ruling| ruling.outcome).collect()
}

/// What the world should say of samples, by the state machine alone.
fn expected(limits: &Limits, samples: &[Sample], received: Timestamp) -> String {
    let raised = |how: &str, values: &[Crossing]| {
        let told: Vec<String> =
            values.iter().map(|seen| format!("{}={}", minute(seen.time), seen.value)).collect();
        let fired = minute(values[values.len() - 1].time);
        format!("{fired} {how} 橙 青石湾站 水位超保证 v1 by {}\n", told.join(" "))
    };
    let cleared = |by: Seen| {
        let value = Some(by.value);
        format!("{} cleared 青石湾站 水位超保证 (Back {value:?})\n", minute(by.time))
    };
    let mut state = State::default();
    let mut told = String::new();
    for sample in samples.iter().filter(|sample| sample.quality.is_judged()) {
        let seen = Seen { time: sample.time, value: sample.value, received };
        for outcome in step(limits, &mut state, seen) {
            match outcome {
                Outcome::Raised { values } => told += &raised("raised", &values),
                Outcome::Cleared { by, .. } => told += &cleared(by),
                Outcome::Missed { values, by } => {
                    told += &(raised("missed", &values) + &cleared(by));
                }
            }
        }
    }
    told
}

/// What the series store lets through: without the very same reading again.
fn stored(samples: &[Sample]) -> Vec<Sample> {
    let mut kept: Vec<Sample> = Vec::new();
    for sample in samples {
        let is_known = kept.iter().any(|other| {
            other.time == sample.time
                && other.value == sample.value
                && other.quality == sample.quality
        });
        if !is_known {
            kept.push(*sample);
        }
    }
    kept
}

/// A copy of the engine's working state.
struct Snapshot {
    position: i64,
    states: Vec<Row>,
}

fn snapshot(bridge: &Bridge) -> Snapshot {
    let read = bridge.town.world.read_now(|db| {
        let position = db.row("select position from rule_position", params![])?;
        let states = db.rows(
            "select rule, sensor, version, newest, run, upto from rule_state order by rule",
            params![],
        )?;
        Ok(Snapshot { position: position.map_or(Ok(0), |row| row.get("position"))?, states })
    });
    read.expect("the working state reads")
}

fn restore(bridge: &Bridge, snapshot: Snapshot) {
    let restored = bridge.town.world.run(Lane::Urgent, "test", move |tx| {
        tx.work().run("delete from rule_state", params![])?;
        tx.work().run("update rule_position set position = $1", params![snapshot.position])?;
        for row in snapshot.states {
            tx.work().run(
                "insert into rule_state (rule, sensor, version, newest, run, upto) \
                 values ($1, $2, $3, $4, $5, $6)",
                params![
                    row.get::<String>("rule")?,
                    row.get::<String>("sensor")?,
                    row.get::<i64>("version")?,
                    row.get::<Option<i64>>("newest")?,
                    row.get::<String>("run")?,
                    row.get::<i64>("upto")?,
                ],
            )?;
        }
        Ok(())
    });
    restored.expect("the working state is put back");
}

proptest! {
    #[test]
    fn any_cut_into_batches_gives_the_same_outcomes(
        readings in samples(),
        cuts in prop::collection::vec(0..40usize, 0..8),
        times in 1..4u32,
        delay_s in prop::sample::select(vec![0u32, 60, 300]),
    ) {
        let start = Timestamp::from_millis(1_000_000_000);
        let all: Vec<Sample> =
            readings.iter().map(|reading| sample(start, SeriesNo(3), *reading)).collect();
        let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(all.len())).collect();
        cuts.extend([0, all.len()]);
        cuts.sort_unstable();
        let batches: Vec<&[Sample]> = cuts.windows(2).map(|cut| &all[cut[0]..cut[1]]).collect();
        let whole = outcomes(limits(times, delay_s), &[&all], start);
        prop_assert_eq!(outcomes(limits(times, delay_s), &batches, start), whole);
    }

    #[test]
    fn findings_alternate_and_never_share_a_key(readings in samples(), times in 1..4u32) {
        let start = Timestamp::from_millis(1_000_000_000);
        let all: Vec<Sample> =
            readings.iter().map(|reading| sample(start, SeriesNo(3), *reading)).collect();
        let (mut standing, mut onsets) = (None, Vec::new());
        for outcome in outcomes(limits(times, 0), &[&all], start) {
            match outcome {
                Outcome::Raised { values } => {
                    prop_assert_eq!(standing.replace(values[0].time), None);
                    prop_assert!(!onsets.contains(&values[0].time));
                    prop_assert!(values.is_sorted_by_key(|seen| seen.time));
                    prop_assert!(values.iter().all(|seen| 264.0 <= seen.value));
                    prop_assert!(values.len() == times as usize);
                    onsets.push(values[0].time);
                }
                Outcome::Cleared { onset, by } => {
                    prop_assert_eq!(standing.take(), Some(onset));
                    prop_assert!(by.value < 263.95);
                }
                Outcome::Missed { values, by } => {
                    prop_assert!(!onsets.contains(&values[0].time));
                    prop_assert!(values[0].time < by.time && by.value < 263.95);
                    onsets.push(values[0].time);
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Readings come in batches; between them the engine may work, save, or die; at
    /// last it is put back to one of its earlier states and reads the log again.
    #[test]
    fn crashes_and_reading_again_give_each_finding_once(
        readings in samples(),
        acts in prop::collection::vec(0..5u8, 1..16),
        back in any::<prop::sample::Index>(),
        times in 1..3u32,
    ) {
        let mut bridge = Bridge::with(Quantity::WaterLevel);
        let rule = NewRule {
            id: None,
            name: "水位超保证".to_owned(),
            sensor: bridge.sensor,
            hazard: base::Hazard::Flood,
            level: base::Level::Orange,
            measure: Measure::Value,
            accepts: rule::Accepts::NotBad,
            comparison: Comparison::AtOrAbove,
            threshold: 264.0,
            hysteresis: 0.05,
            times,
            delay_s: 0,
            line: Line::Guarantee,
            line_word: "保证水位".to_owned(),
            source: "演示数据".to_owned(),
            confidence: Confidence::Demo,
        };
        rule::publish_in(&bridge.town.world, rule).expect("published");
        let start = bridge.town.world.clock().now();
        bridge.town.at("09:00");
        let received = bridge.town.world.clock().now();
        let all: Vec<Sample> =
            readings.iter().map(|reading| sample(start, bridge.series, *reading)).collect();
        bridge.engine.drain().expect("nothing to judge");
        bridge.engine.save().expect("saved");
        let mut snapshots = vec![snapshot(&bridge)];
        for (at, batch) in all.chunks(3).enumerate() {
            bridge.append(received, batch.to_vec());
            match acts[at % acts.len()] {
                0 => {}
                1 => bridge.engine.drain().expect("judged"),
                2 => {
                    bridge.engine.drain().expect("judged");
                    bridge.engine.save().expect("saved");
                    snapshots.push(snapshot(&bridge));
                }
                3 => bridge.crash(),
                _ => {
                    bridge.engine.drain().expect("judged");
                    bridge.crash();
                }
            }
        }
        bridge.engine.drain().expect("judged");
        let told = bridge.told();
        prop_assert_eq!(&told, &expected(&limits(times, 0), &stored(&all), received));

        restore(&bridge, snapshots.remove(back.index(snapshots.len())));
        bridge.crash();
        bridge.engine.drain().expect("judged again");
        prop_assert_eq!(bridge.told(), told);
    }
}

/// A condition of each kind, so tight that it fires now and then.
fn conditions() -> impl Strategy<Value = Limits> {
    let (above, falling) = (Comparison::AtOrAbove, Direction::Falling);
    let change = |direction| Measure::Change { direction, within_s: 300 };
    let measures = vec![
        (Measure::Value, 264.0, 0.05),
        (change(Direction::Rising), 0.5, 0.1),
        (change(falling), 0.5, 0.0),
        (change(Direction::Either), 0.55, 0.0),
        (Measure::Still { tolerance: 0.01, rest: None }, 180.0, 0.0),
        (Measure::Count { comparison: above, line: 264.0, within_s: 300 }, 3.0, 1.0),
        (Measure::Sum { within_s: 300 }, 1055.9, 0.0),
    ];
    (prop::sample::select(measures), 1..4u32, prop::sample::select(vec![0i64, 60, 300])).prop_map(
        move |((measure, threshold, hysteresis), times, delay_s)| {
            let delay = Duration::from_secs(delay_s);
            Limits::new(above, threshold, hysteresis, times, delay).measuring(measure)
        },
    )
}

/// From the onset to the end, or for ever: what the readings led to, one after the other.
fn episodes(limits: &Limits, readings: &[(i64, usize)]) -> Vec<(Timestamp, Timestamp)> {
    let mut state = State::default();
    let mut found: Vec<(Timestamp, Timestamp)> = Vec::new();
    for (minute, value) in readings {
        let time = Timestamp::from_millis(0) + Duration::from_mins(*minute);
        let seen = Seen { time, value: VALUES[*value], received: time };
        for outcome in step(limits, &mut state, seen) {
            match outcome {
                Outcome::Raised { values } => found.push((values[0].time, Timestamp::MAX)),
                Outcome::Cleared { onset, by } => {
                    let open = found.iter_mut().find(|(begin, _)| *begin == onset);
                    open.expect("it was raised").1 = by.time;
                }
                Outcome::Missed { values, by } => found.push((values[0].time, by.time)),
            }
        }
    }
    found
}

/// Minutes, and which of the values.
type Course = Vec<(i64, usize)>;

/// Readings, each minute once, and an order in which they come.
fn shuffled() -> impl Strategy<Value = (Course, Course)> {
    prop::collection::btree_map(0..40i64, 0..VALUES.len(), 1..30).prop_flat_map(|readings| {
        let punctual: Course = readings.into_iter().collect();
        (Just(punctual.clone()), Just(punctual).prop_shuffle())
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// What the order of time finds is found in any order; no two findings share a moment,
    /// and none has the key of another.
    #[test]
    fn in_any_order_of_arrival_no_finding_is_missed(
        limits in conditions(),
        (punctual, order) in shuffled(),
    ) {
        let told = episodes(&limits, &order);
        for (begin, end) in episodes(&limits, &punctual) {
            let is_told = told.iter().any(|(onset, until)| *onset < end && begin < *until);
            prop_assert!(is_told, "{begin:?} to {end:?} is not among {told:?}");
        }
        let mut keys: Vec<Timestamp> = told.iter().map(|(onset, _)| *onset).collect();
        keys.sort_unstable();
        keys.dedup();
        prop_assert_eq!(keys.len(), told.len());
        for (at, (onset, until)) in told.iter().enumerate() {
            let others = told[at + 1..].iter();
            let apart = |other: &(Timestamp, Timestamp)| other.1 <= *onset || *until <= other.0;
            prop_assert!(others.clone().all(apart), "{told:?}");
        }
    }

    /// Of what a reading says by itself, the order of arrival does not decide whether it
    /// stands in the end.
    #[test]
    fn in_any_order_what_stands_by_single_readings_stands(
        times in 1..4u32,
        (punctual, order) in shuffled(),
    ) {
        let stands = |readings| episodes(&limits(times, 0), readings).iter().any(is_open);
        prop_assert!(!stands(&punctual) || stands(&order));
    }

    /// And of readings that come in the order of time, cut as they may be, nothing differs.
    #[test]
    fn every_condition_is_the_same_however_its_readings_are_cut(
        limits in conditions(),
        readings in samples(),
        cut in 0..40usize,
    ) {
        let start = Timestamp::from_millis(1_000_000_000);
        let all: Vec<Sample> =
            readings.iter().map(|reading| sample(start, SeriesNo(3), *reading)).collect();
        let (first, second) = all.split_at(cut.min(all.len()));
        prop_assert_eq!(outcomes(limits, &[first, second], start), outcomes(limits, &[&all], start));
    }
}

fn is_open((_, until): &(Timestamp, Timestamp)) -> bool {
    *until == Timestamp::MAX
}
