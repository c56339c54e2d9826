//! Hydrological stations at a river.

use std::net::SocketAddr;

use clap::Args;
use sense::simulate::Summary;
use sense::simulate::sl651::Device;
use wire::sl651::{StationAddress, StationClass};

use super::{Play, River};

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
    #[command(flatten)]
    river: River,
    #[command(flatten)]
    play: Play,
}

impl Options {
    pub fn play(self) -> Result<Summary, String> {
        let password = u16::from_str_radix(&self.password, 16)
            .map_err(|_| format!("password is {:?}, expected four hex digits", self.password))?;
        let river = self.river.rising();
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
