//! A simulated SL 651 station at a river of its own.

use std::collections::BTreeMap;

use base::{Duration, Timestamp};
use wire::sl651::{
    Block, Body, Content, Decimal, Element, ElementId, End, Frame, Function, Report, Section,
    Series, Station, StationAddress, StationClass, StationConfig,
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

/// Values that a station has stored of one element, at most.
const MOST_ROWS: usize = 1_000;

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

    /// Of 38, which its session knows nothing of: the level or the rain of each step.
    fn answer(&self, frame: &Frame, start: Timestamp) -> Option<Report> {
        if frame.function != Function::QUERY_PERIOD || frame.end != End::Enq {
            return None;
        }
        let Content::Period(period) = Body::decode(frame).ok()?.content else { return None };
        let columns = period.elements;
        let element = columns.first()?.id;
        let step = Duration::from_mins(i64::from(period.step.as_minutes()));
        if step <= Duration::ZERO || !self.elements.contains(&element.to_string()) {
            return None;
        }
        let ElementId::Lead(lead) = element else { return None };
        let only = Device { elements: vec![element.to_string()], ..self.clone() };
        let mut rows = Vec::new();
        let mut observed = period.start;
        while observed <= period.end && rows.len() < MOST_ROWS {
            let value = only.values(observed.since(start), step).first()?.1;
            rows.push(Element::number(lead, value)?);
            observed = observed + step;
        }
        let series = Some(Series { step: period.step, columns });
        let block =
            Block { observed: Some(period.start), series, elements: rows, attachment: None };
        let (station, class) = (Some(self.address), Some(self.class));
        let content = Content::Report(vec![Section { station, class, blocks: vec![block] }]);
        Some(Report::Answer { function: Function::QUERY_PERIOD, content })
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
