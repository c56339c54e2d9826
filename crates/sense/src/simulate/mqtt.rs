//! A simulated logger at a river of its own, which publishes readings over MQTT.

use std::collections::BTreeMap;

use base::{Duration, Timestamp};
use bytes::Bytes;
use serde_json::{Value as Json, json};
use wire::mqtt::{Client, ClientConfig, Connect, Heard, Qos, Report, Topics, Version, Will};

use super::scenario::{check_logged, document, logged};
use super::{Dice, Plays, RisingRiver};

/// One simulated client.
#[derive(Debug, Clone, PartialEq)]
pub struct Device {
    /// Its code and user name.
    pub code: String,
    pub key: String,
    pub version: Version,
    /// Of [`super::LOGGED`].
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
        check_logged(&self.elements)
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
        logged(&self.river, &self.elements, since, period)
    }

    fn report(&self, observed: Timestamp, values: &Vec<(String, f64)>) -> Report {
        Report {
            topic: "readings".into(),
            payload: Bytes::from(document(observed, values)),
            qos: Qos::AtLeastOnce,
            correlation: None,
        }
    }

    fn told(values: &Vec<(String, f64)>) -> BTreeMap<String, f64> {
        values.iter().cloned().collect()
    }

    /// `describe` tells what it measures, `echo` says what it was told; it knows no other.
    fn answer(&self, heard: &Heard, _: Timestamp) -> Option<Report> {
        let Heard::Message(message) = heard else { return None };
        let topics = Topics(&self.code);
        if *message.topic != *topics.command() {
            return None;
        }
        let asked: Json = serde_json::from_slice(&message.payload).ok()?;
        let known = match asked["name"].as_str() {
            Some("describe") => Some(json!({ "elements": &self.elements, "class": "river" })),
            Some("echo") => Some(asked["params"].clone()),
            _ => None,
        };
        let answer = match known {
            Some(result) => {
                json!({ "command": &asked["command"], "status": "ok", "result": result })
            }
            None => json!({ "command": &asked["command"], "status": "unknown_command" }),
        };
        Some(Report {
            topic: topics.answer(),
            payload: Bytes::from(answer.to_string()),
            qos: Qos::AtLeastOnce,
            correlation: message.correlation.clone(),
        })
    }

    /// An acknowledgement repeats no serial of the report.
    fn serial(_: &Heard) -> Option<u64> {
        None
    }
}
