//! What a simulated river does: rain, then the rise, then a slow fall.

use std::borrow::Cow;

use base::{Duration, Quality, Timestamp};
use wire::readings::{Record, Value, write_json};

/// A flood wave at one gauge. An invented shape, not a model of any river.
///
/// Rain begins at once and is heaviest after `lead`; the level rises from `base` to
/// `crest` between `lead` and `lead + rise`, and then falls back, to a third of the
/// rise after three times as long.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RisingRiver {
    /// Water level before and long after, in metres.
    pub base: f64,
    /// The highest water level, in metres.
    pub crest: f64,
    /// How long it rains before the river answers.
    pub lead: Duration,
    /// How long the river rises.
    pub rise: Duration,
    /// All the rain, in millimetres.
    pub rain_mm: f64,
}

impl RisingRiver {
    /// Water level so long after the beginning, in metres.
    pub fn level(&self, since: Duration) -> f64 {
        let (lead, rise) = (self.lead.as_millis() as f64, self.rise.as_millis().max(1) as f64);
        let past = (since.as_millis() as f64 - lead) / rise;
        let part = if past <= 0.0 {
            0.0
        } else if past < 1.0 {
            past * past * (3.0 - 2.0 * past)
        } else {
            (-(past - 1.0) / 3.0).exp()
        };
        self.base + (self.crest - self.base) * part
    }

    /// Rain that has fallen so long after the beginning, in millimetres: a triangle
    /// of intensity with its peak at `lead` and its end at `lead + rise / 2`.
    pub fn rain(&self, since: Duration) -> f64 {
        let peak = self.lead.as_millis().max(1) as f64;
        let end = peak + self.rise.as_millis().max(1) as f64 / 2.0;
        let now = (since.as_millis() as f64).clamp(0.0, end);
        let part = if now <= peak {
            now * now / (peak * end)
        } else {
            1.0 - (end - now) * (end - now) / (end * (end - peak))
        };
        self.rain_mm * part
    }
}

/// What a simulated logger at a river may measure, as its messages name it.
pub const LOGGED: [&str; 3] = ["water_level", "rain", "voltage"];

/// # Errors
/// The first name that is not of [`LOGGED`].
pub(super) fn check_logged(elements: &[String]) -> Result<(), String> {
    match elements.iter().find(|name| !LOGGED.contains(&name.as_str())) {
        None => Ok(()),
        Some(name) => Err(format!("element is {name:?}, expected one of {}", LOGGED.join(", "))),
    }
}

/// What a logger has measured of the river `since` the beginning.
pub(super) fn logged(
    river: &RisingRiver,
    elements: &[String],
    since: Duration,
    period: Duration,
) -> Vec<(String, f64)> {
    let before = Duration::from_millis(since.as_millis() - period.as_millis());
    let value = |name: &String| match name.as_str() {
        "water_level" => Some((river.level(since) * 1_000.0).round() / 1_000.0),
        // An amount is the difference of two rounded totals, so that they add up.
        "rain" => {
            let tenths = |since| (river.rain(since) * 10.0).round();
            Some((tenths(since) - tenths(before)) / 10.0)
        }
        "voltage" => Some(12.65),
        _ => None,
    };
    elements.iter().filter_map(|name| Some((name.clone(), value(name)?))).collect()
}

/// A logger's report as a JSON document.
pub(super) fn document(observed: Timestamp, values: &[(String, f64)]) -> Vec<u8> {
    let values = values.iter().map(|(name, value)| Value {
        name: Cow::Borrowed(name.as_str()),
        time: observed,
        value: Some(*value),
        quality: Quality::GOOD,
    });
    write_json(&[Record { station: None, via: Vec::new(), values: values.collect() }]).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_rains_first_then_the_river_rises_to_its_crest_and_falls() {
        let river = RisingRiver {
            base: 261.8,
            crest: 264.4,
            lead: Duration::from_mins(30),
            rise: Duration::from_mins(60),
            rain_mm: 60.0,
        };
        let level = |minutes| river.level(Duration::from_mins(minutes));
        let rain = |minutes| river.rain(Duration::from_mins(minutes));
        assert_eq!((level(0), level(30)), (261.8, 261.8));
        assert!(rain(20) > 10.0 && level(20) == 261.8);
        assert!((level(60) - 263.1).abs() < 1e-9, "half way after half the rise");
        assert!((level(90) - 264.4).abs() < 1e-9);
        assert!(level(91) < 264.4 && level(120) > 263.0);
        assert_eq!((rain(0), rain(60), rain(600)), (0.0, 60.0, 60.0));
        assert!((1..=120).all(|minute| rain(minute - 1) <= rain(minute)), "it never un-rains");
    }
}
