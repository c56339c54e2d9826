//! What a reading costs the engine: 100 000 series, 10 000 rules on as many of them.
//!
//! `cargo run --release -p assess --example rules_rate`. Processor time, so it may be
//! compared on a busy machine; making the readings is not counted. Series come in an
//! order that no cache foresees.

use assess::engine::{Comparison, Judge, Judges, Limits, State};
use base::{Duration, Id, Quality, Timestamp};
use series::{Batch, Position, Sample, SeriesNo};

const SERIES: u32 = 100_000;
const RULES: u32 = 10_000;
const BATCH: usize = 1_000;
const ROUNDS: i64 = 20;
const PASSES: u32 = 25;

fn main() {
    println!("{SERIES} series, {RULES} rules, batches of {BATCH}");
    let every = SERIES / RULES;
    run("readings of all series, one in ten is judged", |at| at % SERIES, calm);
    run("judged readings, all calm", move |at| at % RULES * every, calm);
    run("judged readings, all beyond the line", move |at| at % RULES * every, |_| 264.5);
    run("judged readings, each raises or clears", move |at| at % RULES * every, wild);
}

fn calm(round: i64) -> f64 {
    263.0 + round as f64 / 100.0
}

/// Two rounds beyond the line raise, two below the hysteresis clear and rest.
fn wild(round: i64) -> f64 {
    if round % 4 < 2 { 264.5 } else { 260.0 }
}

fn run(what: &str, series: impl Fn(u32) -> u32, level: fn(i64) -> f64) {
    let batches = batches(series, level);
    let readings: usize = batches.iter().map(|batch| batch.samples.len()).sum();
    let (mut spent, mut outcomes) = (0.0, 0);
    for _ in 0..PASSES {
        let mut judges = seated();
        let mut rulings = Vec::new();
        let before = processor_seconds();
        for batch in &batches {
            judges.judge(batch, &mut rulings);
            outcomes += rulings.len();
            rulings.clear();
        }
        spent += processor_seconds() - before;
    }
    let judged = readings * PASSES as usize;
    let nanos = spent / judged as f64 * 1e9;
    println!("{what}: {nanos:.1} core-ns a reading ({judged} readings, {outcomes} outcomes)");
}

fn seated() -> Judges {
    let mut judges = Judges::default();
    let limits = Limits::new(Comparison::AtOrAbove, 264.0, 0.05, 2, Duration::ZERO);
    judges.put((0..RULES).map(|at| {
        let id = Id::from_u128(u128::from(at));
        Judge {
            rule: id.into(),
            version: 1,
            sensor: id.into(),
            station: id.into(),
            series: SeriesNo(at * (SERIES / RULES)),
            limits,
            state: State::default(),
            upto: Position::START,
        }
    }));
    judges
}

/// Rounds of one reading for each of 100 000 turns, five minutes apart.
fn batches(series: impl Fn(u32) -> u32, level: fn(i64) -> f64) -> Vec<Batch> {
    // 30 011 has no divisor in common with the number of series.
    let order: Vec<u32> = (0..SERIES).map(|at| series(at * 30_011 % SERIES)).collect();
    let mut batches = Vec::new();
    for round in 0..ROUNDS {
        let start = Timestamp::from_millis(1_785_000_000_000) + Duration::from_mins(5 * round);
        for (at, chunk) in order.chunks(BATCH).enumerate() {
            let time = start + Duration::from_millis(at as i64);
            let sample = |series: &u32| Sample {
                series: SeriesNo(*series),
                time,
                value: level(round),
                quality: Quality::GOOD,
            };
            let position = Position(batches.len() as u64 + 1);
            let samples = chunk.iter().map(sample).collect();
            batches.push(Batch { position, received: time, samples });
        }
    }
    batches
}

/// Of this process, user and system, by the kernel's clock of 100 ticks a second.
fn processor_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
    fields.skip(11).take(2).filter_map(|field| field.parse::<f64>().ok()).sum::<f64>() / 100.0
}
