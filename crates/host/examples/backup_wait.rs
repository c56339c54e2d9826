//! How long a command waits for its commit while a backup is taken, beside how long
//! it waits otherwise.
//!
//!     cargo run --release -p host --example backup_wait [FACTS]
//!
//! A world with so many facts (100 000) and ten million readings, on the embedded
//! SQLite. One command after the other, each a fact and a sync of its own, as alarms
//! come; the backup goes to the same disk, which is the worst place for it.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use base::Id;
use base::quantity::{Quality, SeriesKind};
use host::backup::{Order, Subject, take};
use host::db::Database;
use host::part::Kit;
use host::town::Scratch;
use host::world::{WorldConfig, wall_clock};
use host::{
    Clock, Entry, Home, Lane, Part, Permission, Record, Slice, Summary, Table, Tables, World,
    params,
};
use serde::{Deserialize, Serialize};

const READ: Permission = Permission::new("place.read", "查看");

host::facts! {
    pub enum PlaceFact {
        "place.named" v 1 => Named(Named),
    }
}

#[derive(Debug, Clone, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Named {
    code: String,
    name: String,
}

fn apply(tables: &mut Tables<'_>, _: &Entry, PlaceFact::Named(named): &PlaceFact) {
    tables.run(
        "insert into region (code, name, tier, source) values ($1, $2, 'village', 'bench') \
         on conflict (code) do update set name = excluded.name",
        params![&named.code, &named.name],
    );
}

fn part() -> Part {
    const TABLES: &[Table] = &[Table::facts("region")];
    let summary = |_: &Entry, _: &PlaceFact| Summary::new("命名", serde_json::json!({}));
    Part {
        name: "bench",
        slices: vec![Slice::new::<PlaceFact>("place", 1, TABLES, READ, apply, summary)],
        ..Part::default()
    }
}

/// Facts in one command while the world is filled.
const AT_ONCE: usize = 500;
const SENSORS: u128 = 1_000;
const READINGS: i64 = 10_000;

fn record(world: &World, lane: Lane, from: usize, facts: usize) {
    let done = world.run(lane, "bench", move |tx| {
        (from..from + facts).try_for_each(|number| {
            let named = Named { code: format!("{number:012}"), name: format!("第{number}村") };
            let subject = Id::from_u128(number as u128);
            tx.record(Record::first(subject, Home::node(), PlaceFact::Named(named))).map(|_| ())
        })
    });
    done.expect("recorded");
}

fn fill(world: &World, facts: usize) {
    for from in (0..facts).step_by(AT_ONCE) {
        record(world, Lane::Ordinary, from, AT_ONCE);
    }
    let sensors: Vec<_> = (0..SENSORS).map(|n| (Id::from_u128(n), SeriesKind::Gauge)).collect();
    let series = world.series().register_all(&sensors).expect("registers");
    let start = wall_clock() - base::Duration::from_secs(READINGS);
    for second in 0..READINGS {
        let time = start + base::Duration::from_secs(second);
        let value = (second % 97) as f64 / 8.0;
        let sample = |series| series::Sample { series, time, value, quality: Quality::GOOD };
        let samples = series.iter().copied().map(sample).collect();
        world.series().append(time, samples).expect("stored");
    }
}

/// Commands one after the other until told otherwise; how long each took, sorted.
fn commands(world: &World, first: usize, enough: &AtomicBool) -> Vec<Duration> {
    let mut waits = Vec::new();
    loop {
        let started = Instant::now();
        record(world, Lane::Urgent, first + waits.len(), 1);
        waits.push(started.elapsed());
        if enough.load(Ordering::Relaxed) {
            break;
        }
    }
    waits.sort();
    waits
}

fn measure(what: &str, world: &World, first: usize, meanwhile: impl FnOnce()) {
    let enough = AtomicBool::new(false);
    let started = Instant::now();
    let waits = std::thread::scope(|scope| {
        let commands = scope.spawn(|| commands(world, first, &enough));
        meanwhile();
        enough.store(true, Ordering::Relaxed);
        commands.join().expect("commands do not panic")
    });
    let at = |part: f64| waits[((waits.len() - 1) as f64 * part) as usize].as_secs_f64() * 1e3;
    println!(
        "{what:<16} {:>6} commands in {:>5.1} s: p50 {:.2} ms, p99 {:.2} ms, longest {:.2} ms",
        waits.len(),
        started.elapsed().as_secs_f64(),
        at(0.5),
        at(0.99),
        at(1.0)
    );
}

fn backup(world: &World, kit: &Kit, to: &Path) {
    let subjects = vec![Subject::Open(world.clone())];
    let now = wall_clock();
    let lines = host::space::Lines::default();
    let order =
        Order { subjects, kit, to, keys_to: None, keep: Some(1), lines, version: "bench", now };
    let started = Instant::now();
    let taken = take(order, &mut |_| Ok(())).expect("taken");
    let seconds = started.elapsed().as_secs_f64();
    let megabytes = taken.manifest.bytes() as f64 / 1e6;
    println!("{:<16} {megabytes:.0} MB in {seconds:.1} s", "backup");
}

/// Ten seconds, whoever wakes this thread meanwhile.
fn pause() {
    let until = Instant::now() + Duration::from_secs(10);
    while Instant::now() < until {
        std::thread::park_timeout(until.saturating_duration_since(Instant::now()));
    }
}

fn main() {
    let facts = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(100_000);
    let scratch = Scratch::new();
    let kit = Arc::new(Kit::fold(vec![part()]).0);
    let config = WorldConfig {
        name: "real".to_owned(),
        origin: "bench".to_owned(),
        directory: scratch.path().join("worlds/real"),
        database: Database::Embedded,
        clock: Clock::machine(),
        durable: true,
    };
    let world = World::open(config, Arc::clone(&kit)).expect("opens");
    fill(&world, facts);
    let to = scratch.path().join("backups");
    for round in 1..=3 {
        let first = facts + round * 10_000_000;
        measure("without", &world, first, pause);
        measure("during a backup", &world, first + 5_000_000, || backup(&world, &kit, &to));
    }
    world.close();
}
