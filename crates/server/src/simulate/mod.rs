//! `simulate`: the device side of a protocol, against any node.

mod all;
mod coal42;
mod gateway;
mod json;
mod mqtt;
mod quake;
mod sl651;

use std::net::SocketAddr;
use std::path::PathBuf;

use base::{Duration, Timestamp};
use clap::{Args, Subcommand};
use sense::simulate::{Faults, Ledger, Plays, RisingRiver, Summary, run};

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
    Sl651(sl651::Options),
    /// Coal mines (煤安监办〔2019〕42号 annex 2): files into a folder or over HTTP.
    Coal42(coal42::Options),
    /// Loggers that publish readings over MQTT 3.1.1 or 5.
    Mqtt(mqtt::Options),
    /// Loggers that post readings over HTTP as JSON.
    Json(json::Options),
    /// Front-end gateways of hazchem enterprises (JSON over TCP): tanks and gas detectors.
    Gateway(gateway::Options),
    /// Agencies that report an earthquake, or a catalogue of them, to a running node.
    Quake(quake::Options),
    /// Devices of every protocol at once, which this registers at a running node first; at
    /// the end what they were told is stored is looked up there, value by value.
    All(all::Options),
}

pub fn command(options: Options) -> Result<(), String> {
    let summary = match options.protocol {
        Protocol::Sl651(options) => options.play()?,
        Protocol::Coal42(options) => options.play()?,
        Protocol::Mqtt(options) => options.play()?,
        Protocol::Json(options) => options.play()?,
        Protocol::Gateway(options) => options.play()?,
        Protocol::Quake(options) => return options.play(),
        Protocol::All(options) => return options.play(),
    };
    println!("{}", words(&summary));
    Ok(())
}

fn words(summary: &Summary) -> String {
    let Summary { acknowledged, given_up, frames, faults, connections } = summary;
    format!(
        "acknowledged {acknowledged}, given up {given_up}, frames {frames}, faults {faults}, \
         connections {connections}"
    )
}

/// The protocols whose devices can be played.
#[cfg(test)]
pub fn protocols() -> Vec<String> {
    let command = <Protocol as Subcommand>::augment_subcommands(clap::Command::new("simulate"));
    let names = command.get_subcommands().map(|it| it.get_name().to_owned());
    names.filter(|name| name != "all").collect()
}

/// How devices of any protocol are played.
#[derive(Args)]
struct Play {
    /// What the devices' clocks show at first, RFC 3339; now when absent.
    #[arg(long)]
    start: Option<Timestamp>,
    /// Seconds of the devices' clocks in one of the machine's.
    #[arg(long, default_value_t = 1.0)]
    speed: f64,
    /// Seconds between two reports, by the devices' clocks.
    #[arg(long, default_value_t = 60)]
    period: i64,
    /// Reports per device; for ever when absent.
    #[arg(long)]
    reports: Option<u32>,
    /// Faults of each kind per thousand frames: broken, doubled, cut, late, swapped,
    /// split, acknowledgements not heard.
    #[arg(long, default_value_t = 0)]
    faults: u32,
    /// The same seed, the same faults.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Milliseconds a device waits for its acknowledgement.
    #[arg(long, default_value_t = 20_000)]
    answer: i64,
    /// Write every acknowledged report here, one JSON line each.
    #[arg(long, value_name = "FILE")]
    ledger: Option<PathBuf>,
}

impl Play {
    /// Plays `devices` at the centre until each has made its reports.
    fn play<D: Plays>(self, to: SocketAddr, devices: Vec<D>) -> Result<Summary, String> {
        let start = self.start.unwrap_or_else(host::world::wall_clock);
        let mut simulation = sense::simulate::Options::new(to, devices, start);
        simulation.speed = self.speed;
        simulation.period = Duration::from_secs(self.period);
        simulation.reports = self.reports;
        simulation.faults = Faults::all(self.faults);
        simulation.seed = self.seed;
        simulation.answer = Duration::from_millis(self.answer);
        simulation.ledger = match self.ledger {
            None => Ledger::none(),
            Some(path) => {
                Ledger::create(&path).map_err(|error| format!("{}: {error}", path.display()))?
            }
        };
        runtime()?.block_on(run(simulation)).map_err(|error| error.to_string())
    }
}

/// The river at which simulated stations and loggers stand.
#[derive(Args)]
struct River {
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
}

impl River {
    fn rising(&self) -> RisingRiver {
        RisingRiver {
            base: self.base,
            crest: self.crest,
            lead: Duration::from_mins(self.lead),
            rise: Duration::from_mins(self.rise),
            rain_mm: self.rain,
        }
    }
}
