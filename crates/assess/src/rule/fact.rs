//! What can happen to a rule.

use base::{Hazard, Id, Level, Quantity, Timestamp};
use host::{Entry, Summary};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::model::{Accepts, Comparison, Confidence, Line, Measure, NewRule};
use super::shelving::Because;
use super::words;
use crate::station::{SensorId, StationId};

host::facts! {
    /// What can happen to a rule.
    pub enum RuleFact {
        "rule.published" v 3 => Published(Published),
        "rule.retired" v 1 => Retired(Retired),
        "rule.proposed" v 1 => Proposed(Proposed),
        "rule.returned" v 1 => Returned(Returned),
        "rule.shelved" v 1 => Shelved(Shelved),
        "rule.unshelved" v 1 => Unshelved(Unshelved),
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
    /// What is held against the line: the reading itself in older facts.
    #[serde(default)]
    pub measure: Measure,
    /// How good a reading must be to be judged.
    #[serde(default)]
    pub accepts: Accepts,
    pub comparison: Comparison,
    /// In the unit of what is measured: mostly the quantity's.
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
    /// Who proposed it, by name at that time; `None` for the node itself and in older facts.
    #[serde(default)]
    pub proposed_by: Option<String>,
}

/// Somebody would have a rule, or a new version of one, in force.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "RuleProposed")]
pub struct Proposed {
    /// What it will be.
    pub version: u32,
    pub station: StationId,
    pub station_name: String,
    pub quantity: Quantity,
    pub draft: NewRule,
    /// Who may not decide on it.
    pub author: Option<Id>,
    /// By name at that time.
    pub proposed_by: Option<String>,
}

/// A proposal was given back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "RuleReturned")]
pub struct Returned {
    pub reason: String,
    pub name: String,
    pub version: u32,
    pub station: StationId,
    pub station_name: String,
    pub sensor: SensorId,
    pub by: Option<String>,
}

/// A rule calls nobody for a while; it goes on judging.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "RuleShelved")]
pub struct Shelved {
    pub reason: String,
    pub until: Timestamp,
    pub name: String,
    pub version: u32,
    pub station: StationId,
    pub station_name: String,
    pub sensor: SensorId,
    pub by: Option<String>,
}

/// A rule calls again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "RuleUnshelved")]
pub struct Unshelved {
    pub because: Because,
    /// Of the person who ended it.
    pub reason: Option<String>,
    pub name: String,
    pub version: u32,
    pub station: StationId,
    pub station_name: String,
    pub sensor: SensorId,
    pub by: Option<String>,
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
                "{} 发布规则 {} v{}（{}，连续 {} 次）",
                rule.station_name,
                rule.name,
                rule.version,
                words::condition(&rule.measure, rule.comparison, rule.threshold, rule.quantity),
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
        RuleFact::Proposed(it) => Summary::new(
            format!("{} 提出规则 {} v{}，待他人发布", it.station_name, it.draft.name, it.version),
            about(it.station, it.draft.sensor, it.version, "proposed"),
        ),
        RuleFact::Returned(it) => Summary::new(
            format!("{} 退回规则 {} v{}：{}", it.station_name, it.name, it.version, it.reason),
            about(it.station, it.sensor, it.version, "returned"),
        ),
        RuleFact::Shelved(it) => Summary::new(
            format!(
                "{} 搁置规则 {} 至 {}：{}",
                it.station_name,
                it.name,
                it.until.to_beijing(),
                it.reason
            ),
            about(it.station, it.sensor, it.version, "shelved"),
        ),
        RuleFact::Unshelved(it) => Summary::new(
            match &it.reason {
                Some(reason) => {
                    format!("{} 恢复规则 {}：{reason}", it.station_name, it.name)
                }
                None => format!("{} 规则 {} 搁置到期，恢复", it.station_name, it.name),
            },
            about(it.station, it.sensor, it.version, "active"),
        ),
    }
}

fn about(
    station: StationId,
    sensor: SensorId,
    version: u32,
    state: &'static str,
) -> serde_json::Value {
    serde_json::json!({
        "station": station,
        "sensor": sensor,
        "version": version,
        "state": state,
    })
}
