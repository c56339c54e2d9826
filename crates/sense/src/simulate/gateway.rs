//! A simulated front-end gateway of a hazchem enterprise: tanks, and gas detectors beside
//! them.

use std::collections::BTreeMap;

use base::{Duration, Timestamp};
use serde_json::Map;
use wire::gateway::{
    Device as Session, DeviceConfig, Envelope, Form, Key, Message, Payload, Quota, ReportKind,
    Response, Row, Value, parse, write,
};

use super::{Dice, Plays};

/// One gateway, whose enterprise has so many tanks.
#[derive(Debug, Clone, PartialEq)]
pub struct Device {
    /// Enterprise (9 digits) and gateway (2).
    pub code: String,
    pub key: Key,
    pub tanks: usize,
    /// What the levels and detectors begin with.
    pub seed: u64,
    /// Whether it still sees its instruments.
    pub is_connected: bool,
    pub scene: Scene,
}

/// What the instruments of an enterprise show; invented courses, no model of any plant.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scene {
    /// Of a tank in the middle, and how far it moves from there within a day: m.
    pub level: (f64, f64),
    /// °C.
    pub temperature: (f64, f64),
    /// MPa above the air's.
    pub pressure: (f64, f64),
    /// What the first detector sees, and the first tank loses.
    pub leak: Option<Leak>,
}

/// A leak that grows, is found and stopped.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Leak {
    /// After the beginning of the simulation.
    pub begins: Duration,
    /// Above 0; the detector sees most when half of it is past.
    pub lasts: Duration,
    /// What a detector sees at most above its usual 1 %LEL, %LEL.
    pub highest: f64,
    /// How far the level falls until it is stopped, m.
    pub loses: f64,
}

impl Default for Scene {
    fn default() -> Scene {
        let hour = Duration::from_hours(1);
        let leak = Leak { begins: hour, lasts: hour, highest: 40.0, loses: 0.0 };
        Scene {
            level: (6.0, 4.0),
            temperature: (18.0, 6.0),
            pressure: (1.5, 0.5),
            leak: Some(leak),
        }
    }
}

impl Leak {
    /// What share of it is past, 0 to 1.
    fn past(&self, since: Duration) -> f64 {
        let millis = since.as_millis() - self.begins.as_millis();
        (millis as f64 / self.lasts.as_millis().max(1) as f64).clamp(0.0, 1.0)
    }

    fn seen(&self, since: Duration) -> f64 {
        let past = self.past(since);
        self.highest * 4.0 * past * (1.0 - past)
    }
}

impl Device {
    /// `enterprise 001 G0001 YW001`.
    fn quota(&self, device: char, number: usize, indicator: &str) -> String {
        let enterprise = self.code.get(..9).unwrap_or_default();
        format!("{enterprise}001{device}{number:04}{indicator}001")
    }

    /// Every point that it reports, by name.
    pub fn points(&self) -> Vec<String> {
        let of_tank = |number: usize| {
            ["YW", "WD", "YL"].map(|indicator| self.quota('G', number, indicator)).into_iter()
        };
        let tanks = (1..=self.tanks).flat_map(of_tank);
        tanks.chain((1..=self.tanks).map(|number| self.quota('Q', number, "KR"))).collect()
    }

    fn payload(&self, collected: Timestamp, values: &[(String, String)]) -> Payload {
        let row = |(quota_id, value): &(String, String)| {
            let (quota_id, value) = (quota_id.clone(), Value::parse(value));
            Row::Quota(Quota { quota_id, value, is_valid: None, more: Map::new() })
        };
        Payload {
            data_id: None,
            enterprise: self.code.get(..9).unwrap_or_default().to_owned(),
            enterprise_name: None,
            enterprise_type: None,
            gateway: self.code.clone(),
            collected,
            is_connected: Some(self.is_connected),
            kind: ReportKind::Report,
            data_type: None,
            rows: values.iter().map(row).collect(),
            form: Form::HAZCHEM,
            more: Map::new(),
        }
    }
}

impl Plays for Device {
    type Session = Session;
    type Values = Vec<(String, String)>;

    fn check(&self) -> Result<(), String> {
        let is_code = self.code.len() == 11 && self.code.bytes().all(|it| it.is_ascii_digit());
        match is_code && (1..=9_999).contains(&self.tanks) {
            true => Ok(()),
            false => Err(format!(
                "gateway is {:?} with {} tanks, expected 11 digits and 1 to 9999",
                self.code, self.tanks
            )),
        }
    }

    fn code(&self) -> String {
        self.code.clone()
    }

    fn open(&self, answer: Duration, now: Timestamp) -> Session {
        let mut config = DeviceConfig::new(&self.code, "simulated", self.key.clone());
        config.answer = answer;
        // Names of messages must not return with a device that begins anew.
        config.data_id = format!("{:x}-", now.as_millis());
        Session::new(config, now)
    }

    /// Each tank is filled and emptied within a day of its own; the leak is the scene's.
    fn values(&self, since: Duration, _: Duration) -> Vec<(String, String)> {
        let hours = since.as_millis() as f64 / 3_600_000.0;
        let mut values = Vec::with_capacity(4 * self.tanks);
        for number in 1..=self.tanks {
            let mut dice = Dice::new(self.seed ^ number as u64);
            let phase = (dice.roll() % 1_000) as f64 / 1_000.0;
            let wave = (std::f64::consts::TAU * (hours / 24.0 + phase)).sin();
            let mut put = |indicator: &str, value: f64, digits: usize| {
                let point =
                    self.quota(if indicator == "KR" { 'Q' } else { 'G' }, number, indicator);
                values.push((point, format!("{value:.digits$}")));
            };
            let leak = self.scene.leak.filter(|_| number == 1);
            let lost = leak.map_or(0.0, |leak| leak.loses * leak.past(since));
            let at = |(middle, swing): (f64, f64)| middle + swing * wave;
            put("YW", at(self.scene.level) - lost, 3);
            put("WD", at(self.scene.temperature), 1);
            put("YL", at(self.scene.pressure), 2);
            put("KR", 1.0 + leak.map_or(0.0, |leak| leak.seen(since)), 1);
        }
        values
    }

    fn report(&self, observed: Timestamp, values: &Vec<(String, String)>) -> Payload {
        self.payload(observed, values)
    }

    fn told(values: &Vec<(String, String)>) -> BTreeMap<String, f64> {
        let number = |text: &String| text.parse().unwrap_or(f64::NAN);
        values.iter().map(|(point, value)| (point.clone(), number(value))).collect()
    }

    /// The number at the end of the message's name.
    fn serial(frame: &Response) -> Option<u64> {
        frame.data_id.as_deref()?.rsplit_once('-')?.1.parse().ok()
    }

    fn reconnect(session: &mut Session, now: Timestamp) {
        session.reconnect(now);
    }

    /// Closed with another key, cut within a block, or a byte changed.
    fn spoil(&self, bytes: &[u8], dice: &mut Dice) -> Vec<u8> {
        let Ok((Message::Request(envelope), _)) = parse(bytes) else { return bytes.to_vec() };
        let data = match dice.below(3) {
            0 => {
                let other = Key::parse("0000000000000000 0000000000000000");
                other.map_or(String::new(), |other| other.close(b"{}"))
            }
            // Sixteen bytes and what pads them: the first block alone is padded by chance only.
            1 => {
                let first = self.key.close(&[b' '; 16]);
                first.chars().take(20).chain("A=".chars()).collect()
            }
            _ => {
                let mut data = envelope.data.clone().into_bytes();
                let at = dice.below(data.len());
                data[at] = if data[at] == b'A' { b'B' } else { b'A' };
                String::from_utf8(data).unwrap_or_default()
            }
        };
        write(&Message::Request(Envelope { data, ..envelope })).unwrap_or_else(|_| bytes.to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_leak_grows_and_is_stopped_and_its_tank_loses_what_leaks_and_no_other_does() {
        let key = Key::parse("aes base64 0123456789abcdef0123456789abcdef 0123456789abcdef");
        let leak = Leak {
            begins: Duration::from_secs(60),
            lasts: Duration::from_secs(120),
            highest: 40.0,
            loses: 0.5,
        };
        let scene = Scene { level: (6.0, 0.0), leak: Some(leak), ..Scene::default() };
        let device = Device {
            code: "22028200201".to_owned(),
            key: key.expect("a key"),
            tanks: 2,
            seed: 1,
            is_connected: true,
            scene,
        };
        let at = |second: i64, end: &str| {
            let values = device.values(Duration::from_secs(second), Duration::ZERO);
            let value = values.iter().find(|(point, _)| point.ends_with(end));
            value.expect("a point").1.parse::<f64>().expect("a number")
        };
        let seen = [0, 60, 90, 120, 180, 600].map(|second| at(second, "Q0001KR001"));
        assert_eq!(seen, [1.0, 1.0, 31.0, 41.0, 1.0, 1.0]);
        let level = [60, 120, 180, 600].map(|second| at(second, "G0001YW001"));
        assert_eq!(level, [6.0, 5.75, 5.5, 5.5]);
        assert_eq!((at(120, "Q0002KR001"), at(600, "G0002YW001")), (1.0, 6.0));
    }
}
