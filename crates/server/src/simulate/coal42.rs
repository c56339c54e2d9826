//! Coal mines that leave their files in a folder or send them over HTTP.

use std::net::SocketAddr;
use std::path::PathBuf;

use base::{Duration, Timestamp};
use clap::Args;
use sense::simulate::coal42::{Options as Play, Target, run};
use sense::simulate::{Ledger, Summary};
use wire::coal42::host::{Mine, MineConfig};

use crate::serve::runtime;

#[derive(Args)]
pub struct Options {
    /// Code of a mine, 12 digits; give it again for more.
    #[arg(long = "mine", value_name = "CODE", required = true)]
    mines: Vec<String>,
    /// The folder that holds the mines' folders (`inbox`).
    #[arg(long, value_name = "DIRECTORY", conflicts_with = "to")]
    folder: Option<PathBuf>,
    /// The door for devices over HTTP.
    #[arg(long, default_value = "127.0.0.1:7702")]
    to: SocketAddr,
    /// The key of a mine, in the order of the mines; over HTTP each needs one.
    #[arg(long = "key", value_name = "KEY")]
    keys: Vec<String>,
    /// Measuring points of each mine.
    #[arg(long, default_value_t = 200)]
    points: usize,
    /// Persons of each mine; a third of them are underground.
    #[arg(long, default_value_t = 300)]
    persons: usize,
    /// What the first point of the first mine shows, in hundredths of its unit: methane.
    #[arg(long, value_name = "HUNDREDTHS")]
    methane: Option<i64>,
    /// What the mines' clocks show at first, RFC 3339; now when absent.
    #[arg(long)]
    start: Option<Timestamp>,
    /// How many minutes they send, by their clocks; for ever when absent.
    #[arg(long)]
    minutes: Option<i64>,
    /// Seconds of the mines' clocks in one of the machine's; with 0 nobody waits.
    #[arg(long, default_value_t = 1.0)]
    speed: f64,
    /// Files per thousand that go wrong: half, GBK, marked, CRLF, quoted, of another mine, of
    /// tomorrow, with bad records, in another dialect, sent twice, and more.
    #[arg(long, default_value_t = 0)]
    faults: u32,
    /// The same seed, the same mines and faults.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Write what was acknowledged here, one JSON line each.
    #[arg(long, value_name = "FILE")]
    ledger: Option<PathBuf>,
}

impl Options {
    pub fn play(self) -> Result<Summary, String> {
        let mut mines = Vec::with_capacity(self.mines.len());
        for (number, code) in self.mines.iter().enumerate() {
            if code.len() != 12 || !code.bytes().all(|byte| byte.is_ascii_digit()) {
                return Err(format!("mine is {code:?}, expected 12 digits"));
            }
            mines.push(Mine::new(MineConfig {
                code: code.clone(),
                name: format!("演示煤矿{}", number + 1),
                seed: self.seed + number as u64,
                points: self.points,
                persons: self.persons,
            }));
        }
        if let (Some(value), Some(mine)) = (self.methane, mines.first_mut()) {
            mine.tell(0, value);
        }
        let target = match self.folder {
            Some(folder) => Target::Folder(folder),
            None if self.keys.len() == mines.len() => Target::Http { to: self.to, keys: self.keys },
            None => {
                let (keys, mines) = (self.keys.len(), mines.len());
                return Err(format!("{keys} keys are given for {mines} mines, expected one each"));
            }
        };
        let start = self.start.unwrap_or_else(host::world::wall_clock);
        let mut play = Play::new(mines, target, start);
        play.lasting = self.minutes.map(Duration::from_mins);
        play.speed = self.speed;
        play.faults = self.faults;
        play.seed = self.seed;
        if let Some(path) = self.ledger {
            let ledger = Ledger::create(&path);
            play.ledger = ledger.map_err(|error| format!("{}: {error}", path.display()))?;
        }
        runtime()?.block_on(run(play)).map_err(|error| error.to_string())
    }
}
