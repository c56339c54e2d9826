//! What people say of a station and its sensors, and what is decided of it.

use std::collections::HashSet;

use base::{AdminCode, Coordinates, Id, Located, Point, Quantity};
use host::web::text;
use host::{Error, Result};
use schemars::JsonSchema;
use serde::Deserialize;

use super::fact::{Registered, SensorDefinition};
use super::{Class, Mapping, SensorId};
use crate::protocol::Protocol;

/// What a person says of a station, when it is registered or admitted.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[schemars(rename = "StationDetails")]
pub(crate) struct StationDetails {
    pub name: String,
    pub class: Class,
    pub region: AdminCode,
    pub river: Option<String>,
    /// The place as it stands on the paper, with what it is measured against.
    pub place: Option<Coordinates>,
    /// The same, by whoever has it in CGCS2000; not both.
    pub point: Option<Point>,
    /// Seconds between two reports: 1 to 2 678 400 (31 days).
    pub period_s: i64,
    /// What of the registers it stands at.
    pub site: Option<Id>,
    /// Whether points that its host defines become sensors by themselves; not when absent.
    pub adopts: Option<bool>,
    /// Elements of the protocol, one sensor each, as their words suggest:
    /// `["Z", "PJ", "PT", "VT"]`.
    pub elements: Option<Vec<String>>,
    /// Sensors of which more is said.
    pub sensors: Option<Vec<SensorDetails>>,
    /// As the protocol has it (`/api/protocols`). A frame with another password is then
    /// refused; without it the password is not looked at.
    pub password: Option<String>,
}

/// What a person says of one sensor.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
pub(crate) struct SensorDetails {
    /// As its station's messages name it.
    pub element: String,
    /// What its name suggests, when absent.
    pub quantity: Option<Quantity>,
    #[serde(flatten)]
    pub mapping: MappingDetails,
}

/// What a person says of a sensor's mapping. What is left out is what its name suggests,
/// or stays; a name or a bound that is `null` is none, and the quantity's own range holds.
#[derive(Debug, Clone, PartialEq, Default, Deserialize, JsonSchema)]
pub(crate) struct MappingDetails {
    /// Where or what it measures.
    #[serde(default, deserialize_with = "host::web::given")]
    pub name: Option<Option<String>>,
    /// The value on the wire times `factor` plus `shift` is the reading, in the unit of
    /// the quantity.
    pub factor: Option<f64>,
    pub shift: Option<f64>,
    /// The least and the most that the device can measure, in the unit of the quantity.
    #[serde(default, deserialize_with = "host::web::given")]
    pub low: Option<Option<f64>>,
    #[serde(default, deserialize_with = "host::web::given")]
    pub high: Option<Option<f64>>,
}

impl MappingDetails {
    /// What was said, over what stood before.
    pub fn over(&self, before: &Mapping) -> Result<Mapping> {
        let mapping = Mapping {
            name: self.name.clone().unwrap_or_else(|| before.name.clone()),
            factor: self.factor.unwrap_or(before.factor),
            shift: self.shift.unwrap_or(before.shift),
            low: self.low.unwrap_or(before.low),
            high: self.high.unwrap_or(before.high),
        };
        mapping.decide()
    }
}

const LONGEST_PERIOD_S: i64 = 31 * 24 * 3_600;
/// Sensors that are registered in one command.
pub(crate) const MOST_AT_ONCE: usize = 1_000;
/// Sensors of one station: a large mine has some thousand points.
pub(crate) const MOST_SENSORS: usize = 10_000;

impl StationDetails {
    /// Decides what is registered: checks every field and names every sensor.
    ///
    /// # Errors
    /// [`Error::Invalid`] that names the field.
    pub fn decide(
        &self,
        protocol: Protocol,
        code: &str,
        new_id: impl FnMut() -> Id,
    ) -> Result<Registered> {
        let code = protocol.station_code(code)?;
        let elements = self.elements.as_deref().unwrap_or_default();
        let details = self.sensors.as_deref().unwrap_or_default();
        let sensors = sensors(protocol, elements, details, new_id)?;
        let place = self.located()?;
        if sensors.is_empty() && !protocol.is_open() {
            return Err(Error::invalid("elements", "no element", "1 to 1000 elements"));
        }
        Ok(Registered {
            code,
            name: text("name", &self.name, 1, 64)?,
            class: self.class,
            river: river(self.river.as_deref())?,
            point: place.map(|place| place.point),
            original: place.map(Coordinates::from),
            protocol,
            period_s: period(self.period_s)?,
            site: self.site,
            adopts: self.adopts.unwrap_or(false),
            sensors,
        })
    }

    /// Where it stands.
    pub fn located(&self) -> Result<Option<Located>> {
        located(self.place, self.point)
    }

    /// The password that its frames must carry, in its protocol's one form.
    pub fn password(&self, protocol: Protocol) -> Result<Option<String>> {
        self.password.as_deref().map(|typed| protocol.password(typed)).transpose()
    }
}

/// A place that was said with its datum, or in CGCS2000.
///
/// # Errors
/// [`Error::Invalid`] when both are said, or the numbers are no place.
pub(super) fn located(place: Option<Coordinates>, point: Option<Point>) -> Result<Option<Located>> {
    match (place, point) {
        (Some(_), Some(_)) => Err(Error::invalid("place", "place and point", "one of them")),
        (Some(given), None) => host::web::place("place", given).map(Some),
        (None, point) => Ok(point.map(Located::from)),
    }
}

/// The sensors that elements, and details of sensors, ask for.
pub(super) fn sensors(
    protocol: Protocol,
    elements: &[String],
    details: &[SensorDetails],
    mut new_id: impl FnMut() -> Id,
) -> Result<Vec<SensorDefinition>> {
    let count = elements.len() + details.len();
    if MOST_AT_ONCE < count {
        let expected = format!("at most {MOST_AT_ONCE} at once");
        return Err(Error::invalid("elements", format!("{count} elements"), expected));
    }
    let named = elements.iter().map(|element| SensorDetails {
        element: element.clone(),
        quantity: None,
        mapping: MappingDetails::default(),
    });
    let mut seen = HashSet::with_capacity(count);
    let mut found = Vec::with_capacity(count);
    for details in named.chain(details.iter().cloned()) {
        let sensor = sensor(protocol, &details, new_id().into())?;
        if !seen.insert(sensor.element.clone()) {
            return Err(Error::invalid("elements", &sensor.element, "each element once"));
        }
        found.push(sensor);
    }
    Ok(found)
}

fn sensor(protocol: Protocol, details: &SensorDetails, id: SensorId) -> Result<SensorDefinition> {
    let code = &details.element;
    let suggested = protocol.suggestion(code).ok_or_else(|| {
        let expected = match protocol.is_open() {
            true => format!("a point's name of {}", protocol.word()),
            false => format!("elements of {} that have a quantity here", protocol.word()),
        };
        Error::invalid("elements", code, expected)
    })?;
    let quantity = match (details.quantity, suggested.quantity) {
        (Some(asked), Some(own)) if asked != own && !protocol.is_open() => {
            let expected = format!("{}, which {code} measures", own.code());
            return Err(Error::invalid("quantity", asked.code(), expected));
        }
        (Some(asked), _) => asked,
        (None, Some(own)) => own,
        (None, None) => {
            let seen = format!("no quantity for {code}");
            return Err(Error::invalid("quantity", seen, "what it measures"));
        }
    };
    // What the name suggests of the unit holds for what it suggests of the quantity.
    let before =
        if suggested.quantity == Some(quantity) { suggested.mapping } else { Mapping::default() };
    let mapping = details.mapping.over(&before)?;
    Ok(SensorDefinition { id, quantity, element: code.clone(), mapping })
}

pub(super) fn river(river: Option<&str>) -> Result<Option<String>> {
    river.map(|river| text("river", river, 1, 64)).transpose()
}

pub(super) fn period(seconds: i64) -> Result<i64> {
    let fits = (1..=LONGEST_PERIOD_S).contains(&seconds);
    fits.then_some(seconds)
        .ok_or_else(|| Error::invalid("period_s", seconds, "1 to 2678400 seconds"))
}

pub(super) fn silent_after(seconds: i64) -> Result<i64> {
    let fits = (1..=LONGEST_PERIOD_S).contains(&seconds);
    fits.then_some(seconds)
        .ok_or_else(|| Error::invalid("silent_after_s", seconds, "1 to 2678400 seconds"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_element_without_a_quantity_or_named_twice_is_refused() {
        let named = |codes: &[&str]| {
            let codes: Vec<String> = codes.iter().map(|code| (*code).to_owned()).collect();
            sensors(Protocol::Sl651, &codes, &[], || Id::from_u128(1))
        };
        let level = &named(&["Z"]).expect("water level")[0];
        assert_eq!((level.element.as_str(), level.quantity), ("Z", Quantity::WaterLevel));
        assert!(named(&["CODMN"]).is_err());
        assert!(named(&["DRZ1"]).is_err(), "relative levels need a base");
        assert!(named(&["Z", "Z"]).is_err());
        assert!(named(&["z"]).is_err());
    }
}
