//! A simulated logger at a river of its own, which publishes readings over MQTT.

use std::borrow::Cow;
use std::collections::BTreeMap;

use base::{Duration, Quality, Timestamp};
use bytes::Bytes;
use wire::mqtt::{Client, ClientConfig, Connect, Heard, Qos, Report, Topics, Version, Will};
use wire::readings::{Record, Value, write_json};

use super::{Dice, Plays, RisingRiver};

/// One simulated client.
#[derive(Debug, Clone, PartialEq)]
pub struct Device {
    /// Its code and user name.
    pub code: String,
    pub key: String,
    pub version: Version,
    /// Of `water_level`, `rain` and `voltage`.
    pub elements: Vec<String>,
    pub river: RisingRiver,
}

impl Device {
    /// What it says of itself when its link dies.
    pub const WILL: &'static str = "offline";
}

impl Plays for Device {
    type Session = Client;
    type Values = Vec<(String, f64)>;

    const OUTLIVES: bool = true;

    fn check(&self) -> Result<(), String> {
        let known = |name: &String| matches!(name.as_str(), "water_level" | "rain" | "voltage");
        match self.elements.iter().find(|name| !known(name)) {
            None => Ok(()),
            Some(name) => {
                Err(format!("element is {name:?}, expected water_level, rain or voltage"))
            }
        }
    }

    /// Packets carry no check: a wrong bit is a wrong number that nobody can tell, so
    /// what is broken is the first byte.
    fn spoil(&self, bytes: &[u8], _: &mut Dice) -> Vec<u8> {
        let mut bytes = bytes.to_vec();
        bytes[0] = 0;
        bytes
    }

    fn code(&self) -> String {
        self.code.clone()
    }

    fn open(&self, answer: Duration, now: Timestamp) -> Client {
        let connect = Connect {
            is_clean: false,
            expiry: (self.version == Version::V5).then_some(3_600),
            user: Some(self.code.as_str().into()),
            password: Some(Bytes::from(self.key.clone())),
            will: Some(Will {
                topic: format!("{}/{}/gone", Topics::ROOT, self.code).into(),
                payload: Bytes::from_static(Device::WILL.as_bytes()),
                qos: Qos::AtLeastOnce,
                is_retained: false,
                delay: 0,
            }),
            ..Connect::new(self.version, "simulated")
        };
        let filters = vec![Topics(&self.code).command()];
        Client::new(ClientConfig { answer, filters, ..ClientConfig::new(connect) }, now)
    }

    fn values(&self, since: Duration, period: Duration) -> Vec<(String, f64)> {
        let before = Duration::from_millis(since.as_millis() - period.as_millis());
        let value = |name: &String| match name.as_str() {
            "water_level" => Some((self.river.level(since) * 1_000.0).round() / 1_000.0),
            // An amount is the difference of two rounded totals, so that they add up.
            "rain" => {
                let tenths = |since| (self.river.rain(since) * 10.0).round();
                Some((tenths(since) - tenths(before)) / 10.0)
            }
            "voltage" => Some(12.65),
            _ => None,
        };
        self.elements.iter().filter_map(|name| Some((name.clone(), value(name)?))).collect()
    }

    fn report(&self, observed: Timestamp, values: &Vec<(String, f64)>) -> Report {
        let values = values.iter().map(|(name, value)| Value {
            name: Cow::Borrowed(name.as_str()),
            time: observed,
            value: Some(*value),
            quality: Quality::GOOD,
        });
        let record = Record { station: None, values: values.collect() };
        Report {
            topic: "readings".into(),
            payload: Bytes::from(write_json(&[record])),
            qos: Qos::AtLeastOnce,
            correlation: None,
        }
    }

    fn told(values: &Vec<(String, f64)>) -> BTreeMap<String, f64> {
        values.iter().cloned().collect()
    }

    /// An acknowledgement repeats no serial of the report.
    fn serial(_: &Heard) -> Option<u64> {
        None
    }
}
