//! What can happen to a finding.

use base::{AdminCode, Hazard, Level, Point, Quantity, Timestamp};
use host::{Entry, Summary};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use sense::quake::EarthquakeId;

use super::FindingId;
use crate::engine::Over;
use crate::rule::{Comparison, Direction, Measure, RuleId, words};
use crate::shaking::ShakingId;
use crate::station::{SensorId, StationId};

host::facts! {
    /// What can happen to a finding.
    pub enum FindingFact {
        "finding.raised" v 3 => Raised(Raised),
        "finding.cleared" v 2 => Cleared(Cleared),
        "finding.unshelved" v 1 => Unshelved(Unshelved),
    } upcast host::fact::less;
}

/// Readings met a rule's condition, or an earthquake shook a county as strongly as a line
/// says. The finding's id is the thread of all that follows from it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Raised {
    pub rule: RuleRef,
    /// Whose readings they are; `None` of a county that an earthquake shook.
    pub sensor: Option<SensorId>,
    pub station: Option<StationId>,
    /// What the station is called, or the county.
    pub station_name: String,
    pub point: Option<Point>,
    pub quantity: Quantity,
    pub hazard: Hazard,
    pub level: Level,
    /// The time of the first reading that crossed; with rule and sensor it is the key.
    pub onset: Timestamp,
    /// The readings that fired it, by time: never empty. Of an earthquake the estimated
    /// intensity, which is no reading.
    pub values: Vec<Value>,
    /// Whether it is about to be over again in the same moment: a late reading shows that
    /// it was missed, and nobody is called for what is past.
    #[serde(default)]
    pub late: bool,
    /// Its rule was shelved: it is recorded, and nobody is called.
    #[serde(default)]
    pub shelved: bool,
    /// What shook, where it is of an earthquake.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shaken: Option<Shaken>,
}

/// Its rule calls again while it stands: so whoever is to be called is called now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Unshelved {
    /// As it was raised, and shelved no longer.
    pub raised: Raised,
}

/// A county that an earthquake shook.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Shaken {
    pub earthquake: EarthquakeId,
    pub shaking: ShakingId,
    /// Of the estimate that it rests on.
    pub revision: u32,
    pub county: AdminCode,
    /// The least and the greatest degree that may have been reached somewhere in it.
    pub degree: [u8; 2],
    /// The whole of it in words, without a full stop.
    pub words: String,
    /// The finding that an earlier estimate of the same earthquake raised here.
    pub earlier: Option<FindingId>,
}

/// The rule as it stood when it fired.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RuleRef {
    pub id: RuleId,
    pub version: u32,
    pub name: String,
    /// What is held against the line.
    #[serde(default)]
    pub measure: Measure,
    pub comparison: Comparison,
    pub threshold: f64,
    pub hysteresis: f64,
    pub times: u32,
    pub delay_s: u32,
    pub line_word: String,
}

/// A reading that fired a rule.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Value {
    pub time: Timestamp,
    /// In the quantity's unit.
    pub value: f64,
    pub received: Timestamp,
    /// SHA-256 of the frame that brought it, when it is known: a document's name.
    pub frame: Option<String>,
    /// What it came to with readings before it; `null` when it alone is judged.
    #[serde(default)]
    pub over: Option<Over>,
}

/// The condition no longer holds, or nobody judges it any longer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Cleared {
    pub cleared_at: Timestamp,
    /// The reading that was safe again; `None` when there was none.
    pub value: Option<f64>,
    pub because: Because,
    pub rule_name: String,
    pub sensor: Option<SensorId>,
    pub station: Option<StationId>,
    pub station_name: String,
    pub quantity: Quantity,
    pub hazard: Hazard,
    pub level: Level,
}

/// Why a finding ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Because {
    /// A reading was beyond the hysteresis, on the safe side.
    Back,
    /// The rule was retired: it says nothing about the danger.
    Retired,
    /// A newer estimate of the earthquake says something else of this county.
    Revised,
}

impl RuleRef {
    /// On which side readings are worse.
    pub fn danger(&self) -> Comparison {
        match self.measure {
            Measure::Change { direction: Direction::Falling, .. } => Comparison::AtOrBelow,
            Measure::Count { comparison, .. } => comparison,
            _ => self.comparison,
        }
    }
}

impl Raised {
    /// The reading that completed the condition.
    pub fn last(&self) -> &Value {
        self.values.last().expect("a finding is raised by at least one reading")
    }

    /// `264.03 ≥ 264.00 m`, or `水位 1 小时内上升 1.20 m ≥ 1.00 m`.
    fn told(&self) -> String {
        let RuleRef { measure, comparison, threshold, .. } = &self.rule;
        let sign = comparison.sign();
        let line = words::number(measure, *threshold, self.quantity);
        match self.values.last() {
            None => format!("— {sign} {line}"),
            Some(Value { over: None, value, .. }) => {
                format!("{} {sign} {line}", self.quantity.show(*value))
            }
            Some(Value { over: Some(over), .. }) => format!(
                "{} {} {sign} {line}",
                words::subject(measure, self.quantity),
                words::number(measure, over.value, self.quantity),
            ),
        }
    }
}

pub(super) fn summary(entry: &Entry, fact: &FindingFact) -> Summary {
    match fact {
        FindingFact::Raised(raised) => Summary::new(
            format!(
                "{} {}{}：{}（{}）",
                raised.station_name,
                raised.rule.name,
                match raised {
                    Raised { late: true, .. } => "曾成立，迟到读数补判",
                    Raised { shelved: true, .. } => "成立，规则已搁置，不通知",
                    _ => "成立",
                },
                raised.told(),
                raised.level.word(),
            ),
            serde_json::json!({
                "finding": entry.header.subject,
                "rule": raised.rule.id,
                "rule_name": raised.rule.name,
                "sensor": raised.sensor,
                "station": raised.station,
                "hazard": raised.hazard,
                "level": raised.level,
                "state": "active",
                "value": raised.values.last().map(|last| last.value),
                "time": raised.values.last().map(|last| last.time),
                "earthquake": raised.shaken.as_ref().map(|shaken| shaken.earthquake),
            }),
        ),
        FindingFact::Unshelved(Unshelved { raised }) => Summary::new(
            format!(
                "{} {}搁置结束时仍成立：{}（{}）",
                raised.station_name,
                raised.rule.name,
                raised.told(),
                raised.level.word(),
            ),
            serde_json::json!({
                "finding": entry.header.subject,
                "rule": raised.rule.id,
                "rule_name": raised.rule.name,
                "sensor": raised.sensor,
                "station": raised.station,
                "hazard": raised.hazard,
                "level": raised.level,
                "state": "active",
            }),
        ),
        FindingFact::Cleared(cleared) => Summary::new(
            match cleared.because {
                Because::Back => format!(
                    "{} {}解除：{} {}",
                    cleared.station_name,
                    cleared.rule_name,
                    number(cleared.quantity, cleared.value),
                    cleared.quantity.unit(),
                ),
                Because::Retired => {
                    format!("{} {}终止：规则已停用", cleared.station_name, cleared.rule_name)
                }
                Because::Revised => {
                    format!("{} {}终止：地震参数已修订", cleared.station_name, cleared.rule_name)
                }
            },
            serde_json::json!({
                "finding": entry.header.subject,
                "sensor": cleared.sensor,
                "station": cleared.station,
                "hazard": cleared.hazard,
                "level": cleared.level,
                "state": "cleared",
                "because": cleared.because,
            }),
        ),
    }
}

fn number(quantity: Quantity, value: Option<f64>) -> String {
    value.map_or("—".to_owned(), |value| quantity.show(value))
}
