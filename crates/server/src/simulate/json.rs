//! Loggers that post readings over HTTP.

use std::net::SocketAddr;

use clap::Args;
use sense::simulate::http::Device;
use sense::simulate::{LOGGED, Summary};

use super::{Play, River};

#[derive(Args)]
pub struct Options {
    /// The door for devices over HTTP.
    #[arg(long, default_value = "127.0.0.1:7702")]
    to: SocketAddr,
    /// Code of a station, which is the user name; give it again for more.
    #[arg(long = "station", value_name = "CODE", required = true)]
    stations: Vec<String>,
    /// The stations' key, which is the password.
    #[arg(long)]
    key: String,
    #[command(flatten)]
    river: River,
    #[command(flatten)]
    play: Play,
}

impl Options {
    pub fn play(self) -> Result<Summary, String> {
        let river = self.river.rising();
        let device = |code: &String| Device {
            code: code.clone(),
            key: self.key.clone(),
            elements: LOGGED.map(str::to_owned).to_vec(),
            river,
            gauges: Vec::new(),
        };
        let devices = self.stations.iter().map(device).collect();
        self.play.play(self.to, devices)
    }
}
