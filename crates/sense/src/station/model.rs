//! What a station is, and its sensors.

use base::quantity::SeriesKind;
use base::{AdminCode, Coordinates, Duration, Id, Point, Quantity, Timestamp};
use host::web::text;
use host::{Error, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Class, Line, Patience};
use crate::check::Settings;
use crate::protocol::Protocol;

base::typed_id!(StationId, "A station.");
base::typed_id!(SensorId, "A sensor of a station; its series goes by this id.");
host::db_id!(StationId, SensorId);

/// A station as it is registered.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Station {
    pub id: StationId,
    /// In its protocol's one form.
    pub code: String,
    pub name: String,
    pub class: Class,
    pub region: AdminCode,
    pub river: Option<String>,
    /// In CGCS2000.
    pub point: Option<Point>,
    /// The place as it was given, where that was kept.
    pub original: Option<Coordinates>,
    pub protocol: Protocol,
    /// Seconds between two reports, when all is well.
    pub period_s: i64,
    /// After so many seconds without a word it is silent, where a person has set it.
    pub silent_after_s: Option<i64>,
    /// Nobody waits for it until then.
    pub paused_until: Option<Timestamp>,
    pub registered_at: Timestamp,
    /// What of the registers (`survey`) it stands at.
    pub site: Option<Id>,
    /// Whether points that its host defines become sensors by themselves.
    pub adopts: bool,
    /// Who else may speak for it.
    pub relay: Option<StationId>,
    /// In the order they were registered, retired ones included.
    pub sensors: Vec<Sensor>,
    #[serde(skip)]
    pub home: host::Home,
}

/// A sensor as it is registered.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Sensor {
    pub id: SensorId,
    pub station: StationId,
    pub region: AdminCode,
    pub quantity: Quantity,
    /// The element of the station's protocol: `Z`, `PJ`.
    pub element: String,
    pub protocol: Protocol,
    pub period_s: i64,
    pub mapping: Mapping,
    /// What a person has set to be checked of its readings, in the place of what its
    /// quantity says.
    pub checks: Option<Settings>,
    /// The class of retention that a person has set, in the place of what its rule says.
    pub retention: Option<String>,
    /// Since when it takes no more readings.
    pub retired_at: Option<Timestamp>,
}

/// How what a device sends of a point becomes a reading: the value on the wire times
/// `factor` plus `shift`, in the unit of the sensor's quantity.
///
/// A reading outside `low..=high` is kept, and uncertain by our check.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Mapping {
    /// Where or what it measures: `1301综采工作面T1`.
    #[serde(default)]
    pub name: Option<String>,
    #[serde(default = "one")]
    pub factor: f64,
    #[serde(default)]
    pub shift: f64,
    /// The least that the device can measure, in the quantity's unit.
    #[serde(default)]
    pub low: Option<f64>,
    /// The most.
    #[serde(default)]
    pub high: Option<f64>,
}

fn one() -> f64 {
    1.0
}

impl Default for Mapping {
    fn default() -> Mapping {
        Mapping { name: None, factor: 1.0, shift: 0.0, low: None, high: None }
    }
}

impl Mapping {
    /// The reading of what is on the wire, and whether it lies where the device can
    /// measure.
    pub fn apply(&self, value: f64) -> (f64, bool) {
        let value = value * self.factor + self.shift;
        let inside =
            self.low.is_none_or(|low| low <= value) && self.high.is_none_or(|high| value <= high);
        (value, inside)
    }

    /// # Errors
    /// [`Error::Invalid`] that names the field.
    pub fn decide(&self) -> Result<Mapping> {
        let Mapping { factor, shift, low, high, .. } = *self;
        if !factor.is_finite() || factor == 0.0 {
            return Err(Error::invalid("factor", factor, "a number other than 0"));
        }
        if !shift.is_finite() {
            return Err(Error::invalid("shift", shift, "a number"));
        }
        if let (Some(low), Some(high)) = (low, high)
            && high <= low
        {
            return Err(Error::invalid("high", high, format!("more than low, which is {low}")));
        }
        let name = self.name.as_deref().map(|name| text("name", name, 1, 128)).transpose()?;
        Ok(Mapping { name, factor, shift, low, high })
    }
}

impl Station {
    /// For how long it may say nothing.
    pub fn patience(&self) -> Patience {
        let period = Duration::from_secs(self.period_s);
        Patience::of((self.protocol, self.class), period, self.silent_after_s)
    }

    /// What is expected of its line, by a node that listens since then.
    pub fn line(&self, since: Option<Timestamp>) -> Line {
        Line {
            period: Duration::from_secs(self.period_s),
            patience: self.patience().span,
            since: since.max(self.paused_until),
        }
    }
}

impl Sensor {
    pub fn kind(&self) -> SeriesKind {
        self.quantity.kind()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mapping_makes_the_reading_and_says_what_it_cannot_be() {
        let millimetres =
            Mapping { factor: 0.001, low: Some(0.0), high: Some(14.0), ..Mapping::default() };
        assert_eq!(millimetres.apply(9_173.0), (9.173, true));
        assert_eq!(millimetres.apply(-1.0), (-0.001, false));
        assert!(!millimetres.apply(14_001.0).1);
        assert!(Mapping { factor: 0.0, ..millimetres.clone() }.decide().is_err());
        assert!(Mapping { factor: f64::NAN, ..millimetres.clone() }.decide().is_err());
        assert!(Mapping { high: Some(0.0), ..millimetres.clone() }.decide().is_err());
        assert!(millimetres.decide().is_ok());
    }
}
