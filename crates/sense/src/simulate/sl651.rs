//! A simulated SL 651 station at a river of its own.

use std::collections::BTreeMap;

use base::{Duration, Timestamp};
use wire::sl651::{
    Content, Decimal, Element, ElementId, Frame, Function, Report, Section, Station,
    StationAddress, StationClass, StationConfig,
};

use super::{Plays, RisingRiver};

/// One simulated station.
#[derive(Debug, Clone, PartialEq)]
pub struct Device {
    pub address: StationAddress,
    pub password: u16,
    pub class: StationClass,
    /// Of `Z`, `ZU`, `PJ`, `PT` and `VT`.
    pub elements: Vec<String>,
    pub river: RisingRiver,
}

impl Plays for Device {
    type Session = Station;
    type Values = Vec<(u8, Decimal)>;

    fn check(&self) -> Result<(), String> {
        let known = |code: &String| matches!(code.as_str(), "Z" | "ZU" | "PJ" | "PT" | "VT");
        match self.elements.iter().find(|code| !known(code)) {
            None => Ok(()),
            Some(code) => Err(format!("element is {code:?}, expected Z, ZU, PJ, PT or VT")),
        }
    }

    fn code(&self) -> String {
        self.address.to_string()
    }

    fn open(&self, answer: Duration, now: Timestamp) -> Station {
        let config = StationConfig {
            class: self.class,
            answer,
            ..StationConfig::new(self.address, self.password)
        };
        Station::new(config, now)
    }

    fn values(&self, since: Duration, period: Duration) -> Vec<(u8, Decimal)> {
        let before = Duration::from_millis(since.as_millis() - period.as_millis());
        // Total and amounts come from one rounded total, so that they agree.
        let tenths = |since| (self.river.rain(since) * 10.0).round() as i64;
        let value = |code: &String| {
            let ElementId::Lead(lead) = ElementId::from_ascii(code)? else { return None };
            let value = match code.as_str() {
                "Z" | "ZU" => Decimal::from_f64(self.river.level(since), 3)?,
                "PJ" => Decimal::new(tenths(since) - tenths(before), 1),
                "PT" => Decimal::new(tenths(since), 1),
                "VT" => Decimal::new(1265, 2),
                _ => return None,
            };
            Some((lead, value))
        };
        self.elements.iter().filter_map(value).collect()
    }

    fn report(&self, observed: Timestamp, values: &Vec<(u8, Decimal)>) -> Report {
        let elements = values.iter().filter_map(|(lead, value)| Element::number(*lead, *value));
        let section = Section::observed(self.address, self.class, observed, elements.collect());
        let content = Content::Report(vec![section]);
        Report::Confirmed { function: Function::TIMED, content }
    }

    fn told(values: &Vec<(u8, Decimal)>) -> BTreeMap<String, f64> {
        let told =
            |(lead, value): &(u8, Decimal)| (ElementId::Lead(*lead).to_string(), value.to_f64());
        values.iter().map(told).collect()
    }

    fn serial(frame: &Frame) -> Option<u64> {
        frame.serial().map(u64::from)
    }

    fn set_clock(session: &mut Station, ahead: Duration) {
        session.set_clock_offset(ahead);
    }
}
