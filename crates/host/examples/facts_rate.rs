//! How many facts a world takes per second: log, both hashes and one upsert each,
//! committed and synced.
//!
//!     cargo run --release -p host --example facts_rate [postgresql://…]
//!
//! Without an address on the embedded SQLite. The world is a new one and stays in
//! the database under the name that is printed.

use std::sync::Arc;
use std::time::Instant;

use base::Id;
use host::db::Database;
use host::part::Kit;
use host::town::Scratch;
use host::world::WorldConfig;
use host::{
    Clock, Entry, Home, Lane, Part, Permission, Record, Result, Slice, Summary, Table, Tables,
    World, params,
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

/// Records `facts` facts in one command.
fn name(tx: &mut host::Tx<'_>, from: usize, facts: usize) -> Result<()> {
    for number in from..from + facts {
        let code = format!("{number:012}");
        let fact = PlaceFact::Named(Named { code, name: format!("第{number}村") });
        tx.record(Record::first(Id::from_u128(number as u128), Home::node(), fact))?;
    }
    Ok(())
}

/// Commands one after the other, each waited for.
fn alone(world: &World, commands: usize) {
    for number in 0..commands {
        world.run(Lane::Urgent, "bench", move |tx| name(tx, number, 1)).expect("recorded");
    }
}

/// Commands handed in so that many wait, and share groups.
fn grouped(world: &World, commands: usize, facts: usize) {
    const WAITING: usize = 1_000;
    let (done, finished) = std::sync::mpsc::channel::<Result<()>>();
    let next = || finished.recv().expect("every command is answered");
    for number in 0..commands {
        if WAITING <= number {
            next().expect("recorded");
        }
        let done = done.clone();
        let told = move |outcome: Result<()>| drop(done.send(outcome));
        let decide = move |tx: &mut host::Tx<'_>| name(tx, number * facts, facts);
        world.run_then(Lane::Ordinary, "bench", decide, told).expect("queued");
    }
    for _ in 0..commands.min(WAITING) {
        next().expect("recorded");
    }
}

fn measure(what: &str, facts: usize, run: impl FnOnce()) {
    let started = Instant::now();
    run();
    let seconds = started.elapsed().as_secs_f64();
    println!("{what:<40} {facts:>7} facts {:>9.0} facts/s", facts as f64 / seconds);
}

fn main() {
    let url = std::env::args().nth(1).unwrap_or_default();
    let scratch = Scratch::new();
    let (kit, _) = Kit::fold(vec![part()]);
    let world_name = format!("bench-{}", std::process::id());
    println!("world {world_name} on {}", if url.is_empty() { "SQLite" } else { "PostgreSQL" });
    let config = WorldConfig {
        name: world_name,
        origin: "bench".to_owned(),
        directory: scratch.path().join("world"),
        database: Database::from_url(&url).expect("an address"),
        clock: Clock::machine(),
        durable: true,
    };
    let world = World::open(config, Arc::new(kit)).expect("opens");
    alone(&world, 200);
    measure("one command at a time, one fact each", 3_000, || alone(&world, 3_000));
    measure("commands in groups, one fact each", 30_000, || grouped(&world, 30_000, 1));
    measure("commands in groups, 50 facts each", 60_000, || grouped(&world, 1_200, 50));
    world.close();
}
