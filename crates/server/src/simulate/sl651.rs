//! Hydrological stations at a river.

use std::net::SocketAddr;

use base::Duration;
use clap::Args;
use sense::simulate::sl651::Device;
use sense::simulate::{RisingRiver, Summary};
use wire::sl651::{StationAddress, StationClass};

use super::Play;

#[derive(Args)]
pub struct Options {
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
    #[command(flatten)]
    play: Play,
}

impl Options {
    pub fn play(self) -> Result<Summary, String> {
        let password = u16::from_str_radix(&self.password, 16)
            .map_err(|_| format!("password is {:?}, expected four hex digits", self.password))?;
        let river = RisingRiver {
            base: self.base,
            crest: self.crest,
            lead: Duration::from_mins(self.lead),
            rise: Duration::from_mins(self.rise),
            rain_mm: self.rain,
        };
        let devices = self.stations.iter().map(|code| {
            let address: StationAddress =
                code.parse().map_err(|error| format!("{code}: {error}"))?;
            let elements = ["Z", "PJ", "PT", "VT"].map(str::to_owned).to_vec();
            Ok(Device { address, password, class: StationClass::RIVER, elements, river })
        });
        let devices = devices.collect::<Result<Vec<_>, String>>()?;
        self.play.play(self.to, devices)
    }
}
