//! What can happen to a rule.

use base::{Hazard, Level, Quantity};
use host::{Entry, Summary};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::model::{Comparison, Confidence, Line};
use crate::station::{SensorId, StationId};

host::facts! {
    /// What can happen to a rule.
    pub enum RuleFact {
        "rule.published" v 2 => Published(Published),
        "rule.retired" v 1 => Retired(Retired),
    } upcast host::fact::less;
}

/// A rule was put in force, or a new version of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Published {
    pub version: u32,
    pub name: String,
    pub sensor: SensorId,
    pub station: StationId,
    pub station_name: String,
    pub quantity: Quantity,
    pub hazard: Hazard,
    pub level: Level,
    pub comparison: Comparison,
    /// In the quantity's unit.
    pub threshold: f64,
    /// How far beyond the line, on the safe side, ends a finding.
    pub hysteresis: f64,
    /// Readings in a row that must have crossed.
    pub times: u32,
    /// Seconds for which they must have crossed, by their own times.
    pub delay_s: u32,
    pub line: Line,
    /// The line's name where the station is: 保证水位.
    pub line_word: String,
    /// Who says so: document, edition, clause.
    pub source: String,
    pub confidence: Confidence,
    /// Who put it in force, by name at that time; `None` for the node itself.
    pub published_by: Option<String>,
}

/// A rule was taken out of force; the finding that stood by it ends.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Retired {
    pub reason: String,
    pub name: String,
    pub version: u32,
    pub station: StationId,
    pub sensor: SensorId,
}

pub(super) fn summary(_: &Entry, fact: &RuleFact) -> Summary {
    match fact {
        RuleFact::Published(rule) => Summary::new(
            format!(
                "{} 发布规则 {} v{}（{} {} {}，连续 {} 次）",
                rule.station_name,
                rule.name,
                rule.version,
                rule.comparison.sign(),
                rule.quantity.show(rule.threshold),
                rule.quantity.unit(),
                rule.times,
            ),
            serde_json::json!({
                "station": rule.station,
                "sensor": rule.sensor,
                "version": rule.version,
                "level": rule.level,
                "state": "active",
            }),
        ),
        RuleFact::Retired(rule) => Summary::new(
            format!("停用规则 {} v{}：{}", rule.name, rule.version, rule.reason),
            serde_json::json!({
                "station": rule.station,
                "sensor": rule.sensor,
                "version": rule.version,
                "state": "retired",
            }),
        ),
    }
}
