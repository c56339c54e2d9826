//! Loggers that publish over MQTT.

use std::net::SocketAddr;

use clap::{Args, ValueEnum};
use sense::simulate::mqtt::Device;
use sense::simulate::{LOGGED, Summary};
use wire::mqtt::Version;

use super::{Play, River};

#[derive(Args)]
pub struct Options {
    /// The endpoint.
    #[arg(long, default_value = "127.0.0.1:7883")]
    to: SocketAddr,
    /// Code of a station, which is the user name; give it again for more.
    #[arg(long = "station", value_name = "CODE", required = true)]
    stations: Vec<String>,
    /// The stations' key, which is the password.
    #[arg(long)]
    key: String,
    /// The protocol's version.
    #[arg(long, value_enum, default_value_t = Spoken::V5)]
    version: Spoken,
    #[command(flatten)]
    river: River,
    #[command(flatten)]
    play: Play,
}

#[derive(Clone, Copy, ValueEnum)]
enum Spoken {
    /// MQTT 3.1.1.
    #[value(name = "3.1.1")]
    V3,
    /// MQTT 5.0.
    #[value(name = "5")]
    V5,
}

impl Options {
    pub fn play(self) -> Result<Summary, String> {
        let version = match self.version {
            Spoken::V3 => Version::V3,
            Spoken::V5 => Version::V5,
        };
        let river = self.river.rising();
        let elements = LOGGED.map(str::to_owned).to_vec();
        let devices = self.stations.into_iter().map(|code| Device {
            code,
            key: self.key.clone(),
            version,
            elements: elements.clone(),
            river,
        });
        self.play.play(self.to, devices.collect())
    }
}
