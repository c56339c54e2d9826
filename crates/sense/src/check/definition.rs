//! What is checked of each quantity, with the source of every number; data, not code.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use base::quantity::SeriesKind;
use base::{Confidence, Duration, Quantity};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Settings;
use crate::station::{Mapping, SensorId};
use crate::words::Words;

/// One check of a reading. The discriminants are bits that are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "QualityCheck")]
#[repr(u8)]
pub enum Check {
    /// The value is none that the device can measure, or that the quantity can have.
    Range = 1,
    /// It is further from the reading before it than so little time allows.
    Step = 2,
    /// It is far from the readings before and after it, on the same side of both.
    Spike = 4,
    /// It has not changed for suspiciously long.
    Stuck = 8,
    /// It is far from the median of sensors nearby.
    Neighbour = 16,
}

impl Check {
    pub const ALL: [Check; 5] =
        [Check::Range, Check::Step, Check::Spike, Check::Stuck, Check::Neighbour];

    pub fn bit(self) -> u8 {
        self as u8
    }

    /// The checks that bits stand for; bits of a newer program are left out.
    pub fn of(bits: u8) -> impl Iterator<Item = Check> {
        Check::ALL.into_iter().filter(move |check| bits & check.bit() != 0)
    }
}

/// How far two readings in a row may differ.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "StepLimit")]
pub struct Step {
    /// `[seconds, limit]`, by seconds: within that time, at most that much, in the unit of
    /// the quantity. Beyond the last nothing is compared.
    pub within: Vec<(u32, f64)>,
}

/// How far a reading may stand out of both its neighbours in time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "SpikeLimit")]
pub struct Spike {
    /// In the unit of the quantity; on the limit is allowed.
    pub limit: f64,
    /// Both neighbours lie within so many seconds of it.
    pub within_s: u32,
}

/// How long a value may stand still.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "StuckLimit")]
pub struct Stuck {
    /// It stands still while it differs by less than this from where it stood first.
    pub vary: f64,
    /// Doubtful after so many seconds.
    pub span_s: u32,
    /// Where it may stand for ever: no rain, no wind, no gas.
    #[serde(default)]
    pub rest: Option<f64>,
}

/// How far a sensor may be from the median of others.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "NeighbourLimit")]
pub struct Neighbours {
    pub limit: f64,
    /// Readings of the others count within so many seconds.
    pub within_s: u32,
    /// Three to eight sensors of the same quantity, which a person who knows how high
    /// each of them lies holds to be comparable.
    pub sensors: Vec<SensorId>,
}

/// The least neighbours of which a median says something.
pub(super) const LEAST_NEIGHBOURS: usize = 3;
pub(super) const MOST_NEIGHBOURS: usize = 8;

/// The least and the most that is read back of a series before readings are checked.
const LEAST_BACK: Duration = Duration::from_hours(1);
const MOST_BACK: Duration = Duration::from_hours(48);

/// All of `definitions.json`.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "QualityChecks")]
#[serde(deny_unknown_fields)]
pub(super) struct Definitions {
    /// Of this table; a day.
    pub version: String,
    /// What the sources' names stand for: document, edition, place, and how it was read.
    pub sources: BTreeMap<String, Words>,
    pub quantities: BTreeMap<Quantity, Definition>,
}

/// What is checked of one quantity. What is absent is not checked by itself.
#[derive(Debug, Default, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "QuantityChecks")]
#[serde(deny_unknown_fields)]
pub(super) struct Definition {
    pub range: Option<Sourced<Range>>,
    pub step: Option<Sourced<Step>>,
    pub spike: Option<Sourced<Spike>>,
    pub stuck: Option<Sourced<Stuck>>,
    pub neighbour: Option<Sourced<Nearby>>,
    /// Whether a person may let a check take readings out of the sums. Not of what warns
    /// of a danger to life: there a flag marks and does no more.
    #[serde(default = "yes")]
    pub may_exclude: bool,
    pub remark: Option<Words>,
}

fn yes() -> bool {
    true
}

/// Values that a quantity can have.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "PlausibleRange")]
pub(super) struct Range {
    pub low: Option<f64>,
    pub high: Option<f64>,
}

/// What is compared with sensors nearby, once somebody has said which those are.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "NearbyLimit")]
pub(super) struct Nearby {
    pub limit: f64,
    pub within_s: u32,
    /// Further away a sensor is no neighbour.
    pub distance_km: f64,
}

/// A limit and who says so.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub(super) struct Sourced<T> {
    #[serde(flatten)]
    pub limit: T,
    pub source: String,
    pub confidence: Confidence,
}

/// Of quantities that nothing is said of.
static NOTHING: Definition = Definition {
    range: None,
    step: None,
    spike: None,
    stuck: None,
    neighbour: None,
    may_exclude: false,
    remark: None,
};

impl Definitions {
    pub fn all() -> &'static Definitions {
        static ALL: OnceLock<Definitions> = OnceLock::new();
        ALL.get_or_init(|| {
            let text = include_str!("definitions.json");
            serde_json::from_str(text).expect("the table in the program reads, as a test shows")
        })
    }

    pub fn of(quantity: Quantity) -> &'static Definition {
        Definitions::all().quantities.get(&quantity).unwrap_or(&NOTHING)
    }
}

/// What is checked of one sensor.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Limits {
    pub kind: SeriesKind,
    pub low: Option<f64>,
    pub high: Option<f64>,
    pub step: Option<Step>,
    pub spike: Option<Spike>,
    pub stuck: Option<Stuck>,
    pub neighbour: Option<Neighbours>,
    /// Bits of the checks whose flags take a reading out of the sums.
    pub exclude: u8,
}

impl Limits {
    /// What the quantity's definition and a sensor's own settings come to. The range is
    /// the device's, where its mapping says one.
    pub fn new(quantity: Quantity, mapping: &Mapping, settings: Option<&Settings>) -> Limits {
        let own = Definitions::of(quantity);
        let range = own.range.as_ref().map(|range| range.limit);
        let mut limits = Limits {
            kind: quantity.kind(),
            low: mapping.low.or(range.and_then(|range| range.low)),
            high: mapping.high.or(range.and_then(|range| range.high)),
            step: own.step.as_ref().map(|step| step.limit.clone()),
            spike: own.spike.as_ref().map(|spike| spike.limit.clone()),
            stuck: own.stuck.as_ref().map(|stuck| stuck.limit.clone()),
            neighbour: None,
            exclude: 0,
        };
        if let Some(settings) = settings {
            settings.change(&mut limits, own.may_exclude);
        }
        limits
    }

    /// How far back is read of a series when its first reading comes.
    pub fn back(&self) -> Duration {
        self.memory().clamp(LEAST_BACK, MOST_BACK)
    }

    /// How far back a reading must be known to check the next one.
    fn memory(&self) -> Duration {
        let step = self.step.as_ref().and_then(|step| step.within.last()).map_or(0, |last| last.0);
        let spike = self.spike.as_ref().map_or(0, |spike| spike.within_s.saturating_mul(2));
        let stuck = self.stuck.as_ref().map_or(0, |stuck| stuck.span_s.saturating_mul(2));
        Duration::from_secs(i64::from(step.max(spike).max(stuck)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_of_the_table_has_a_source_and_makes_sense() {
        let all = Definitions::all();
        all.sources.values().for_each(in_both);
        for (quantity, definition) in &all.quantities {
            let said = |source: &str| assert!(all.sources.contains_key(source), "{quantity:?}");
            if let Some(range) = &definition.range {
                said(&range.source);
                let Range { low, high } = range.limit;
                assert!(low.or(high).is_some(), "{quantity:?}");
                assert!(low.zip(high).is_none_or(|(low, high)| low < high), "{quantity:?}");
            }
            if let Some(step) = &definition.step {
                said(&step.source);
                step.limit.decide().expect("makes sense");
            }
            if let Some(spike) = &definition.spike {
                said(&spike.source);
                spike.limit.decide().expect("makes sense");
            }
            if let Some(stuck) = &definition.stuck {
                said(&stuck.source);
                stuck.limit.decide().expect("makes sense");
            }
            if let Some(neighbour) = &definition.neighbour {
                said(&neighbour.source);
                assert!(0.0 < neighbour.limit.limit && 0.0 < neighbour.limit.distance_km);
            }
            if let Some(remark) = &definition.remark {
                in_both(remark);
            }
            if matches!(quantity.kind(), SeriesKind::State) {
                panic!("{quantity:?} is a code: there is nothing to compare");
            }
        }
    }

    /// The Chinese of a text is Chinese, and the English has none of it.
    #[track_caller]
    fn in_both(said: &Words) {
        let is_han = |letter: char| ('\u{4e00}'..='\u{9fff}').contains(&letter);
        assert!(said.zh.chars().any(is_han), "{}", said.zh);
        assert!(!said.en.is_empty() && !said.en.chars().any(is_han), "{}", said.en);
    }

    #[test]
    fn nothing_that_warns_of_a_danger_to_life_may_be_left_out() {
        for quantity in [
            Quantity::Methane,
            Quantity::CarbonMonoxide,
            Quantity::HydrogenSulfide,
            Quantity::Oxygen,
            Quantity::CombustibleGas,
            Quantity::Displacement,
            Quantity::LiquidLevel,
            Quantity::GaugePressure,
            Quantity::HeadCount,
        ] {
            assert!(!Definitions::of(quantity).may_exclude, "{quantity:?}");
        }
    }

    #[test]
    fn bits_stand_for_their_checks() {
        for check in Check::ALL {
            assert_eq!(Check::of(check.bit()).collect::<Vec<_>>(), [check]);
        }
        assert_eq!(Check::of(0xE0).count(), 0, "bits of a newer program");
    }
}
