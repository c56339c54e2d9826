//! Devices of every protocol at once, registered at a running node and compared with it.
//!
//! For acceptance: what a device was told is stored is in its ledger, and the node is asked
//! for each value of the ledgers afterwards. What is registered stays in the registers, so a
//! node in service is no place for it.

mod fleet;
mod lookup;

use std::path::PathBuf;

use base::{Duration, Timestamp};
use clap::Args;

use super::words;
use crate::officer::Officer;
use crate::serve::runtime;
use fleet::{Course, Fleet};

#[derive(Args)]
pub struct Options {
    /// Devices of each protocol, 1 to 99.
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u32).range(1..=99))]
    devices: u32,
    /// How long they are played, in minutes.
    #[arg(long, default_value_t = 10.0)]
    minutes: f64,
    /// Seconds of the devices' clocks in one of the machine's; they report once in a minute
    /// of their own, and their clocks end at the node's.
    #[arg(long, default_value_t = 60.0)]
    speed: f64,
    /// Faults of each kind per thousand messages.
    #[arg(long, default_value_t = 0)]
    faults: u32,
    /// The same seed, the same faults.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Milliseconds a device waits for its acknowledgement.
    #[arg(long, default_value_t = 20_000)]
    answer: i64,
    /// The division where they are registered.
    #[arg(long, default_value = "220282")]
    region: String,
    /// A new directory, for a ledger of each protocol.
    #[arg(long, value_name = "DIRECTORY", default_value = "ledgers")]
    ledgers: PathBuf,
    /// Seconds to wait at the end for what the node is still reading.
    #[arg(long, default_value_t = 120)]
    patience: u64,
    #[command(flatten)]
    officer: Officer,
}

impl Options {
    pub fn play(self) -> Result<(), String> {
        let lasting = self.minutes * 60.0 * self.speed;
        if !(lasting.is_finite() && 0.0 < self.speed && (60.0..=2_678_400.0).contains(&lasting)) {
            return Err(format!(
                "{} minutes at speed {}, expected a speed above 0 and a minute to 31 days of the \
                 devices' clocks",
                self.minutes, self.speed
            ));
        }
        let engineer = self.officer.come("engineer")?;
        let now = host::world::wall_clock();
        // No finer than SL 651 tells the time of an observation.
        let minute = Duration::from_mins(1).as_millis();
        let course = Course {
            end: Timestamp::from_millis(now.as_millis().div_euclid(minute) * minute),
            lasting: Duration::from_secs(lasting as i64),
            speed: self.speed,
            faults: self.faults,
            seed: self.seed,
            answer: Duration::from_millis(self.answer),
            ledgers: self.ledgers,
        };
        let place = course.ledgers.display();
        std::fs::create_dir(&course.ledgers).map_err(|error| format!("{place}: {error}"))?;
        let fleet = Fleet::register(&engineer, self.devices, &self.region, now)?;
        let played = runtime()?.block_on(fleet.play(&course))?;
        let mut is_whole = true;
        for played in &played {
            println!("{:<8} {}", played.name, words(&played.summary));
            let found = lookup::find(&engineer, played, self.patience)?;
            println!("{:<8} {found}", "");
            is_whole &= found.is_whole();
        }
        match is_whole {
            true => Ok(()),
            false => Err("something that was acknowledged is not stored as it was sent".into()),
        }
    }
}
