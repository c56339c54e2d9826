//! What can happen to a finding.

use base::{Hazard, Level, Point, Quantity, Timestamp};
use host::{Entry, Summary};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::rule::{Comparison, RuleId};
use crate::station::{SensorId, StationId};

host::facts! {
    /// What can happen to a finding.
    pub enum FindingFact {
        "finding.raised" v 2 => Raised(Raised),
        "finding.cleared" v 1 => Cleared(Cleared),
    } upcast host::fact::less;
}

/// Readings met a rule's condition. The finding's id is the thread of all that
/// follows from it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Raised {
    pub rule: RuleRef,
    pub sensor: SensorId,
    pub station: StationId,
    pub station_name: String,
    pub point: Option<Point>,
    pub quantity: Quantity,
    pub hazard: Hazard,
    pub level: Level,
    /// The time of the first reading that crossed; with rule and sensor it is the key.
    pub onset: Timestamp,
    /// The readings that fired it, by time: never empty.
    pub values: Vec<Value>,
}

/// The rule as it stood when it fired.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RuleRef {
    pub id: RuleId,
    pub version: u32,
    pub name: String,
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
}

/// The condition no longer holds, or nobody judges it any longer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Cleared {
    pub cleared_at: Timestamp,
    /// The reading that was safe again; `None` when there was none.
    pub value: Option<f64>,
    pub because: Because,
    pub rule_name: String,
    pub sensor: SensorId,
    pub station: StationId,
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
}

impl Raised {
    /// The reading that completed the condition.
    pub fn last(&self) -> &Value {
        self.values.last().expect("a finding is raised by at least one reading")
    }
}

pub(super) fn summary(entry: &Entry, fact: &FindingFact) -> Summary {
    match fact {
        FindingFact::Raised(raised) => Summary::new(
            format!(
                "{} {}成立：{} {} {} {}（{}）",
                raised.station_name,
                raised.rule.name,
                number(raised.quantity, raised.values.last().map(|last| last.value)),
                raised.rule.comparison.sign(),
                number(raised.quantity, Some(raised.rule.threshold)),
                raised.quantity.unit(),
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
