//! Classes of retention and which sensor is of which, with the source of every number;
//! data, not code.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use base::{Confidence, Duration, Quantity};
use host::{Error, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use series::Floor;

use crate::protocol::Protocol;
use crate::station::{Class as StationClass, Sensor, SensorId};

/// All of `classes.json`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Definitions {
    /// Of this table; a day.
    pub version: String,
    /// What the sources' names stand for.
    pub sources: BTreeMap<String, String>,
    /// Nothing is let go of while the clock is further ahead of what sensors say.
    pub most_ahead_days: u32,
    /// When the day's run begins, in minutes after midnight in Beijing.
    pub run_at_minute: u32,
    pub incident: IncidentMargins,
    pub classes: Vec<Definition>,
    /// The first that fits a sensor says its class.
    rules: Vec<Rule>,
}

/// How far around an incident readings are held, and for how long.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IncidentMargins {
    /// Before it was opened.
    pub before_hours: u32,
    /// After it was closed.
    pub after_hours: u32,
    /// So long after its end the hold ends by itself.
    pub keep_days: u32,
    pub source: String,
    pub confidence: Confidence,
}

/// For how long the readings of a class are kept; `null` is for ever.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Definition {
    pub code: String,
    pub word: String,
    pub word_en: String,
    pub readings_days: Option<u32>,
    pub minutes_days: Option<u32>,
    pub hours_days: Option<u32>,
    /// Codes of [`series::LEGAL_FLOORS`].
    pub floors: Vec<String>,
    pub source: String,
    pub confidence: Confidence,
}

/// Which sensors are of a class; what is left out is any.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rule {
    class: String,
    #[serde(default)]
    stations: Vec<StationClass>,
    #[serde(default)]
    quantities: Vec<Quantity>,
    #[serde(default)]
    protocols: Vec<Protocol>,
}

/// A sensor's readings are kept by another class than its rule says from now on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RetentionSet {
    pub sensor: SensorId,
    /// Its code; `null` gives the sensor back to its rule.
    pub retention: Option<String>,
    pub reason: String,
}

impl Definitions {
    pub fn all() -> &'static Definitions {
        static ALL: OnceLock<Definitions> = OnceLock::new();
        ALL.get_or_init(|| {
            serde_json::from_str(include_str!("classes.json")).expect("a test reads it")
        })
    }

    /// The class of a sensor at a station of some class.
    pub fn of(&self, station: StationClass, sensor: &Sensor) -> &Definition {
        let set = sensor.retention.as_deref().and_then(|code| self.class(code));
        // A newer program may have set what this one does not know.
        set.unwrap_or_else(|| self.by_rule(station, sensor))
    }

    pub fn by_rule(&self, station: StationClass, sensor: &Sensor) -> &Definition {
        let rule = self.rules.iter().find(|rule| rule.fits(station, sensor));
        let class = rule.and_then(|rule| self.class(&rule.class));
        class.expect("a test sees to it that the last rule fits all, and that each names a class")
    }

    pub fn class(&self, code: &str) -> Option<&Definition> {
        self.classes.iter().find(|class| class.code == code)
    }

    /// As the store takes them.
    pub fn for_store(&self) -> Vec<series::Class> {
        let class = |class: &Definition| series::Class {
            name: class.code.clone(),
            readings_days: class.readings_days,
            minutes_days: class.minutes_days,
            hours_days: class.hours_days,
            floors: class.floors.iter().filter_map(|code| Floor::legal(code)).collect(),
        };
        self.classes.iter().map(class).collect()
    }

    pub fn most_ahead(&self) -> Duration {
        Duration::from_hours(24 * i64::from(self.most_ahead_days))
    }
}

impl Rule {
    fn fits(&self, station: StationClass, sensor: &Sensor) -> bool {
        fn any<T: PartialEq>(named: &[T], own: T) -> bool {
            named.is_empty() || named.contains(&own)
        }
        any(&self.stations, station)
            && any(&self.quantities, sensor.quantity)
            && any(&self.protocols, sensor.protocol)
    }
}

impl Definition {
    /// Whether it keeps all for at least as long as another.
    pub fn is_at_least(&self, other: &Definition) -> bool {
        let days = |days: Option<u32>| days.unwrap_or(u32::MAX);
        let all = |it: &Definition| [it.readings_days, it.minutes_days, it.hours_days].map(days);
        all(other).into_iter().zip(all(self)).all(|(least, own)| least <= own)
    }
}

/// Decides by which class a sensor is kept: never for less than by its rule.
///
/// # Errors
/// [`Error::Invalid`] for a class that is not there, or keeps for less.
pub(super) fn decide(
    station: StationClass,
    sensor: &Sensor,
    retention: Option<&str>,
) -> Result<Option<String>> {
    let definitions = Definitions::all();
    let Some(code) = retention else { return Ok(None) };
    let known = || {
        let codes: Vec<&str> = definitions.classes.iter().map(|class| &*class.code).collect();
        format!("one of {}", codes.join(", "))
    };
    let class =
        definitions.class(code).ok_or_else(|| Error::invalid("retention", code, known()))?;
    let least = definitions.by_rule(station, sensor);
    if !class.is_at_least(least) {
        let expected = format!("a class that keeps all for at least as long as {}", least.code);
        return Err(Error::invalid("retention", code, expected));
    }
    Ok(Some(class.code.clone()))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::station::Mapping;

    fn sensor(quantity: Quantity, protocol: Protocol) -> Sensor {
        Sensor {
            id: SensorId(base::Id::from_u128(1)),
            station: crate::StationId(base::Id::from_u128(2)),
            region: "220282".parse().expect("a code"),
            quantity,
            element: "Z".to_owned(),
            protocol,
            period_s: 300,
            mapping: Mapping::default(),
            checks: None,
            retention: None,
            retired_at: None,
        }
    }

    #[test]
    fn every_station_has_a_class_whose_numbers_have_a_source_and_keep_to_the_law() {
        let all = Definitions::all();
        let store = series::Store::in_memory(series::Config::default());
        store.set_classes(&all.for_store()).expect("orders and floors are kept to");
        let mut used: BTreeSet<&str> = BTreeSet::from(["default"]);
        for class in &all.classes {
            assert!(all.sources.contains_key(&class.source), "{}", class.code);
            used.insert(&class.source);
            for floor in &class.floors {
                assert!(Floor::legal(floor).is_some(), "{floor}");
            }
        }
        assert_eq!(used.len(), all.sources.len(), "no source is told for nothing");
        for rule in &all.rules {
            assert!(all.class(&rule.class).is_some(), "{}", rule.class);
        }
        let level = sensor(Quantity::WaterLevel, Protocol::Sl651);
        for class in StationClass::ALL {
            all.by_rule(class, &level);
        }
        assert_eq!(all.by_rule(StationClass::River, &level).code, "water");
        let gas = sensor(Quantity::WaterLevel, Protocol::Coal42);
        assert_eq!(all.by_rule(StationClass::Other, &gas).code, "mine");
        assert_eq!(all.by_rule(StationClass::Chemical, &level).code, "hazchem");
    }

    #[test]
    fn a_person_may_lengthen_and_never_shorten() {
        let gas = sensor(Quantity::WaterLevel, Protocol::Coal42);
        let decide = |code| decide(StationClass::Mine, &gas, code);
        assert_eq!(decide(Some("for_ever")).expect("longer"), Some("for_ever".to_owned()));
        assert_eq!(decide(None).expect("by the rule"), None);
        for code in ["hazchem", "nothing"] {
            assert!(matches!(decide(Some(code)), Err(Error::Invalid { .. })), "{code}");
        }
    }
}
