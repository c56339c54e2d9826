//! Front-end gateways of hazchem enterprises.

use std::net::SocketAddr;

use clap::Args;
use sense::simulate::Summary;
use sense::simulate::gateway::{Device, Scene};
use wire::gateway::Key;

use super::Play;

#[derive(Args)]
pub struct Options {
    /// The platform.
    #[arg(long, default_value = "127.0.0.1:7653")]
    to: SocketAddr,
    /// Code of a gateway: enterprise (9 digits) and 2; give it again for more.
    #[arg(long = "gateway", value_name = "CODE", required = true)]
    gateways: Vec<String>,
    /// The gateways' key, `aes|sm4 base64|hex KEY IV`; else the environment variable GATEWAY_KEY.
    #[arg(long, value_name = "WORDS")]
    key: Option<String>,
    /// Tanks of each enterprise.
    #[arg(long, default_value_t = 4)]
    tanks: usize,
    /// Says that the gateway no longer sees its instruments.
    #[arg(long)]
    disconnected: bool,
    #[command(flatten)]
    play: Play,
}

impl Options {
    pub fn play(self) -> Result<Summary, String> {
        let words = self.key.clone().or_else(crate::codec::key_of_environment);
        let words = words.ok_or("no key, expected --key or GATEWAY_KEY")?;
        let key = Key::parse(&words).map_err(|error| error.to_string())?;
        let seed = self.play.seed;
        let device = |code: &String| Device {
            code: code.clone(),
            key: key.clone(),
            tanks: self.tanks,
            seed,
            is_connected: !self.disconnected,
            scene: Scene::default(),
        };
        let devices = self.gateways.iter().map(device).collect();
        self.play.play(self.to, devices)
    }
}
