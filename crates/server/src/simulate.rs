//! `simulate`: the device side of a protocol, against any node.

use std::net::SocketAddr;
use std::path::PathBuf;

use base::{Duration, Timestamp};
use clap::{Args, Subcommand};
use sense::simulate::sl651::{Device, run};
use sense::simulate::{Faults, Ledger, RisingRiver};
use wire::sl651::{StationAddress, StationClass};

use crate::serve::runtime;

/// Plays devices.
#[derive(Args)]
pub struct Options {
    #[command(subcommand)]
    protocol: Protocol,
}

#[derive(Subcommand)]
enum Protocol {
    /// Hydrological stations (SL 651-2014 over TCP): rain, then a river that rises.
    Sl651(Sl651),
}

#[derive(Args)]
struct Sl651 {
    /// The centre.
    #[arg(long, default_value = "127.0.0.1:7651")]
    to: SocketAddr,
    /// Address of a station, ten digits; give it again for more.
    #[arg(long = "station", value_name = "CODE", required = true)]
    stations: Vec<String>,
    /// The stations' password, four hexadecimal digits.
    #[arg(long, default_value = "0000")]
    password: String,
    /// Water level before the flood, m.
    #[arg(long, default_value_t = 261.9)]
    base: f64,
    /// Highest water level, m.
    #[arg(long, default_value_t = 264.6)]
    crest: f64,
    /// Minutes of rain before the river answers.
    #[arg(long, default_value_t = 1)]
    lead: i64,
    /// Minutes from foot to crest.
    #[arg(long, default_value_t = 5)]
    rise: i64,
    /// Rain in all, mm.
    #[arg(long, default_value_t = 48.0)]
    rain: f64,
    /// What the stations' clocks show at first, RFC 3339; now when absent.
    #[arg(long)]
    start: Option<Timestamp>,
    /// Seconds of the stations' clocks in one of the machine's.
    #[arg(long, default_value_t = 1.0)]
    speed: f64,
    /// Seconds between two reports, by the stations' clocks.
    #[arg(long, default_value_t = 60)]
    period: i64,
    /// Reports per station; for ever when absent.
    #[arg(long)]
    reports: Option<u32>,
    /// Faults of each kind per thousand frames: broken, doubled, cut, late, swapped,
    /// acknowledgements not heard.
    #[arg(long, default_value_t = 0)]
    faults: u32,
    /// The same seed, the same faults.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Milliseconds a station waits for its acknowledgement.
    #[arg(long, default_value_t = 20_000)]
    answer: i64,
    /// Write every acknowledged report here, one JSON line each.
    #[arg(long, value_name = "FILE")]
    ledger: Option<PathBuf>,
}

/// The protocols whose devices can be played.
#[cfg(test)]
pub fn protocols() -> Vec<String> {
    let command = <Protocol as Subcommand>::augment_subcommands(clap::Command::new("simulate"));
    command.get_subcommands().map(|it| it.get_name().to_owned()).collect()
}

pub fn command(options: Options) -> Result<(), String> {
    let Protocol::Sl651(options) = options.protocol;
    let simulation = sl651(options)?;
    let summary = runtime()?.block_on(run(simulation)).map_err(|error| error.to_string())?;
    println!(
        "acknowledged {}, given up {}, frames {}, faults {}, connections {}",
        summary.acknowledged, summary.given_up, summary.frames, summary.faults, summary.connections
    );
    Ok(())
}

fn sl651(options: Sl651) -> Result<sense::simulate::sl651::Options, String> {
    let password = u16::from_str_radix(&options.password, 16)
        .map_err(|_| format!("password is {:?}, expected four hex digits", options.password))?;
    let river = RisingRiver {
        base: options.base,
        crest: options.crest,
        lead: Duration::from_mins(options.lead),
        rise: Duration::from_mins(options.rise),
        rain_mm: options.rain,
    };
    let devices = options.stations.iter().map(|code| {
        let address: StationAddress = code.parse().map_err(|error| format!("{code}: {error}"))?;
        let elements = ["Z", "PJ", "PT", "VT"].map(str::to_owned).to_vec();
        Ok(Device { address, password, class: StationClass::RIVER, elements, river })
    });
    let devices = devices.collect::<Result<Vec<_>, String>>()?;
    let start = options.start.unwrap_or_else(host::world::wall_clock);
    let mut simulation = sense::simulate::sl651::Options::new(options.to, devices, start);
    simulation.speed = options.speed;
    simulation.period = Duration::from_secs(options.period);
    simulation.reports = options.reports;
    simulation.faults = Faults::all(options.faults);
    simulation.seed = options.seed;
    simulation.answer = Duration::from_millis(options.answer);
    simulation.ledger = match options.ledger {
        None => Ledger::none(),
        Some(path) => {
            Ledger::create(&path).map_err(|error| format!("{}: {error}", path.display()))?
        }
    };
    Ok(simulation)
}
