//! How soon the files of many mines are taken when all of them come in the same instant.
//!
//!     cargo run --release -p sense --example mines_rate [MINES [ROUNDS]]
//!
//! So many mines (50) of 200 points and 300 persons each, with a durable database, series
//! and documents. In each round (5) every mine leaves a file of every type that it writes,
//! all under hidden names first and then renamed together; printed is how long a file lay
//! until it was out of its sender's reach, and how long until the last of them was stored.
//! The folder is below the system's temporary directory: with that in memory, taking a
//! file waits for no disk, and the figure says nothing.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use host::town::Town;
use sense::gateway::folder::{Config, watch};
use sense::intake::{self, Intake};
use sense::station::{READ, REGISTER};
use serde_json::json;
use wire::coal42::KINDS;
use wire::coal42::host::{Mine, MineConfig};

const REGION: &str = "220282";

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> std::io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let mut number = |default| arguments.next().and_then(|it| it.parse().ok()).unwrap_or(default);
    let (mines, rounds): (u32, i64) = (number(50), i64::from(number(5)));
    let town = Town::durable(vec![sense::part()]);
    town.regions(&[(REGION, REGION)]);
    town.person("keeper", REGION, &[READ, REGISTER]);
    let mines: Vec<Mine> = (1..=mines).map(mine).collect();
    for mine in &mines {
        let body = json!({ "protocol": "coal42", "code": mine.config.code, "name": mine.config.name,
            "class": "mine", "region": REGION, "period_s": 30, "elements": ["RYSS"],
            "adopts": true, "issue_key": true });
        let made = town.post("keeper", "/api/stations", body).await;
        assert_eq!(made.status, 201, "{}", made.body);
    }
    let directory = std::env::temp_dir().join(format!("fengsui-mines-{}", std::process::id()));
    let intake = Intake::open(&town.world, intake::Config::default());
    let inbox = watch(&intake, Config::new(directory.clone()))?;
    let mut all = Vec::new();
    for round in 0..rounds {
        let at = town.world.clock().now() - base::Duration::from_mins(10 * (rounds - round));
        let left = leave(&inbox, &mines, at)?;
        let stored = intake.counts().stored + left.len() as u64;
        let began = Instant::now();
        for (hidden, name, _) in &left {
            std::fs::rename(hidden, name)?;
        }
        let renamed = began.elapsed();
        let waits = taken(&left, began);
        while intake.counts().stored + intake.counts().refused < stored {
            std::thread::park_timeout(Duration::from_millis(1));
        }
        let bytes: u64 = left.iter().map(|it| it.2).sum();
        println!(
            "round {}: {} files, {:.1} MB, renamed within {:.0} ms, all stored after {:.0} ms; {}",
            round + 1,
            left.len(),
            bytes as f64 / 1e6,
            renamed.as_secs_f64() * 1e3,
            began.elapsed().as_secs_f64() * 1e3,
            spread(&waits)
        );
        all.extend(waits);
    }
    println!("all rounds: {}", spread(&all));
    println!("{:?}", intake.counts());
    town.world.close();
    std::fs::remove_dir_all(directory)
}

fn mine(number: u32) -> Mine {
    let (code, name) = (format!("{REGION}{number:06}"), format!("样例煤矿{number}"));
    Mine::new(MineConfig { code, name, seed: u64::from(number), points: 200, persons: 300 })
}

/// Writes a file of every type of every mine under a hidden name; gives that, its name,
/// and its length.
fn leave(
    inbox: &Path,
    mines: &[Mine],
    at: base::Timestamp,
) -> std::io::Result<Vec<(PathBuf, PathBuf, u64)>> {
    let mut left = Vec::new();
    for mine in mines {
        let folder = inbox.join(&mine.config.code);
        std::fs::create_dir_all(&folder)?;
        for info in KINDS {
            let Some(drop) = mine.drop(info.code, at) else { continue };
            let hidden = folder.join(format!(".{}", drop.name));
            std::fs::write(&hidden, &drop.bytes)?;
            left.push((hidden, folder.join(&drop.name), drop.bytes.len() as u64));
        }
    }
    Ok(left)
}

/// How long each file lay, ms: looked at again and again until all are gone.
fn taken(left: &[(PathBuf, PathBuf, u64)], began: Instant) -> Vec<f64> {
    let mut waiting: Vec<&PathBuf> = left.iter().map(|it| &it.1).collect();
    let mut waits = Vec::with_capacity(waiting.len());
    while !waiting.is_empty() {
        waiting.retain(|path| {
            let is_there = path.symlink_metadata().is_ok();
            if !is_there {
                waits.push(began.elapsed().as_secs_f64() * 1e3);
            }
            is_there
        });
    }
    waits.sort_by(f64::total_cmp);
    waits
}

fn spread(waits: &[f64]) -> String {
    let mut waits = waits.to_vec();
    waits.sort_by(f64::total_cmp);
    let at = |share: f64| waits[((waits.len() - 1) as f64 * share) as usize];
    format!("picked up p50 {:.0} ms, p99 {:.0} ms, last {:.0} ms", at(0.5), at(0.99), at(1.0))
}
