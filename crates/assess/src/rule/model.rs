//! A rule, and whether it may be put in force.

use base::quantity::SeriesKind;
use base::{AdminCode, Hazard, Level, Quantity, Timestamp};
use host::web::text;
use host::{Error, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::fact::{Published, Retired};
use super::{RuleId, Shelving};
use crate::engine::model::Limits;
pub use crate::engine::model::{Accepts, Comparison, Direction, Measure};
use crate::station::{SensorId, Site, StationId};
pub use base::Confidence;

/// The most readings in a row that a rule may ask for.
const MOST_TIMES: u32 = 100;
/// The longest delay, in seconds: a day.
const LONGEST_DELAY_S: u32 = 86_400;
/// The longest time over which readings count together, in seconds: a week.
const LONGEST_WINDOW_S: u32 = 604_800;

/// A rule as the API gives it.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Rule {
    pub id: RuleId,
    /// 1 for the first; each further publication counts up.
    pub version: u32,
    pub name: String,
    pub sensor: SensorId,
    pub station: StationId,
    pub station_name: String,
    pub region: AdminCode,
    pub quantity: Quantity,
    /// Of the line: mostly the quantity's.
    pub unit: &'static str,
    pub hazard: Hazard,
    pub level: Level,
    pub measure: Measure,
    pub accepts: Accepts,
    pub comparison: Comparison,
    pub threshold: f64,
    pub hysteresis: f64,
    pub times: u32,
    pub delay_s: u32,
    pub line: Line,
    pub line_word: String,
    pub source: String,
    pub confidence: Confidence,
    pub state: State,
    /// While it calls nobody; `null` when it does.
    pub shelved: Option<Shelving>,
    /// The person's name; `null` when the node itself brought the rule.
    pub proposed_by: Option<String>,
    /// The person's name; `null` when the node itself brought the rule.
    pub published_by: Option<String>,
    pub published_at: Timestamp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum State {
    Active,
    Retired,
}

/// Which line of a station a rule watches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Line {
    /// 警戒
    Warning,
    /// 保证
    Guarantee,
    /// The highest or lowest on record.
    Record,
    Other,
}

/// A rule to be put in force.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct NewRule {
    /// The rule that this is a new version of; a new rule when absent.
    #[serde(default)]
    pub id: Option<RuleId>,
    pub name: String,
    pub sensor: SensorId,
    pub hazard: Hazard,
    pub level: Level,
    /// What is held against the line; the reading itself when absent.
    #[serde(default)]
    pub measure: Measure,
    /// How good a reading must be to be judged; all that is not bad when absent.
    #[serde(default)]
    pub accepts: Accepts,
    pub comparison: Comparison,
    /// In the unit of the sensor's quantity.
    pub threshold: f64,
    /// 0 when absent.
    #[serde(default)]
    pub hysteresis: f64,
    /// 1 to 100; 1 when absent.
    #[serde(default = "once")]
    pub times: u32,
    /// 0 to 86400 seconds; 0 when absent.
    #[serde(default)]
    pub delay_s: u32,
    pub line: Line,
    pub line_word: String,
    pub source: String,
    pub confidence: Confidence,
}

fn once() -> u32 {
    1
}

impl NewRule {
    /// The fact of putting it in force for a sensor, as the version after `before`.
    ///
    /// # Errors
    /// [`Error::Invalid`] names the field that is out of range;
    /// [`Error::Conflict`] for a retired rule and for one of another sensor.
    pub(super) fn publish(&self, site: Site, before: Option<&Rule>) -> Result<Published> {
        if !self.threshold.is_finite() {
            return Err(Error::invalid("threshold", self.threshold, "a finite number"));
        }
        if !(self.hysteresis.is_finite() && 0.0 <= self.hysteresis) {
            return Err(Error::invalid("hysteresis", self.hysteresis, "a number from 0 on"));
        }
        if !(1..=MOST_TIMES).contains(&self.times) {
            return Err(Error::invalid("times", self.times, format!("1 to {MOST_TIMES}")));
        }
        if LONGEST_DELAY_S < self.delay_s {
            let expected = format!("0 to {LONGEST_DELAY_S} seconds");
            return Err(Error::invalid("delay_s", self.delay_s, expected));
        }
        if matches!(site.quantity.kind(), SeriesKind::State | SeriesKind::Direction) {
            let expected = "a sensor whose values are more or less of something";
            return Err(Error::invalid("sensor", site.quantity.code(), expected));
        }
        self.check_measure(site.quantity)?;
        if let Some(before) = before {
            if before.state == State::Retired {
                return Err(Error::conflict("rule-retired", "a retired rule gets no new version"));
            }
            if before.sensor != self.sensor {
                let detail = "a rule stays with its sensor: publish another for this one";
                return Err(Error::conflict("other-sensor", detail));
            }
        }
        Ok(Published {
            version: before.map_or(1, |before| before.version + 1),
            name: text("name", &self.name, 1, 60)?,
            sensor: self.sensor,
            station: site.station,
            station_name: site.station_name,
            quantity: site.quantity,
            hazard: self.hazard,
            level: self.level,
            measure: self.measure,
            accepts: self.accepts,
            comparison: self.comparison,
            threshold: self.threshold,
            hysteresis: self.hysteresis,
            times: self.times,
            delay_s: self.delay_s,
            line: self.line,
            line_word: text("line_word", &self.line_word, 1, 20)?,
            source: text("source", &self.source, 1, 400)?,
            confidence: self.confidence,
            published_by: None,
            proposed_by: None,
        })
    }
}

impl NewRule {
    /// Whether the line and what is held against it make sense together.
    fn check_measure(&self, quantity: Quantity) -> Result<()> {
        let within = |within_s: u32| match (1..=LONGEST_WINDOW_S).contains(&within_s) {
            true => Ok(()),
            false => {
                let expected = format!("1 to {LONGEST_WINDOW_S} seconds");
                Err(Error::invalid("within_s", within_s, expected))
            }
        };
        match self.measure {
            Measure::Value => return Ok(()),
            Measure::Change { within_s, .. } => within(within_s)?,
            Measure::Still { tolerance, rest } => {
                if !(tolerance.is_finite() && 0.0 <= tolerance) {
                    return Err(Error::invalid("tolerance", tolerance, "a number from 0 on"));
                }
                if let Some(rest) = rest.filter(|rest| !rest.is_finite()) {
                    return Err(Error::invalid("rest", rest, "a finite number"));
                }
                if f64::from(LONGEST_WINDOW_S) < self.threshold {
                    let expected = format!("at most {LONGEST_WINDOW_S} seconds");
                    return Err(Error::invalid("threshold", self.threshold, expected));
                }
            }
            Measure::Count { line, within_s, .. } => {
                within(within_s)?;
                if !line.is_finite() {
                    return Err(Error::invalid("line", line, "a finite number"));
                }
                if self.threshold.fract() != 0.0 || f64::from(MOST_TIMES) < self.threshold {
                    let expected = format!("a number of readings, 1 to {MOST_TIMES}");
                    return Err(Error::invalid("threshold", self.threshold, expected));
                }
            }
            Measure::Sum { within_s } => {
                within(within_s)?;
                if quantity.kind() != SeriesKind::Amount {
                    let expected = "a sensor of amounts, such as rain of a step";
                    return Err(Error::invalid("sensor", quantity.code(), expected));
                }
            }
        }
        // None of these is ever below nothing: such a finding would never end.
        if self.comparison != Comparison::AtOrAbove {
            return Err(Error::invalid("comparison", self.comparison.code(), "at_or_above"));
        }
        if self.threshold <= self.hysteresis {
            return Err(Error::invalid("threshold", self.threshold, "more than the hysteresis"));
        }
        Ok(())
    }

    /// The condition, for the engine.
    pub(crate) fn limits(&self) -> Limits {
        let delay = base::Duration::from_secs(i64::from(self.delay_s));
        Limits::new(self.comparison, self.threshold, self.hysteresis, self.times, delay)
            .measuring(self.measure)
            .accepting(self.accepts)
    }
}

impl Rule {
    /// # Errors
    /// [`Error::Conflict`] when it is retired already.
    pub(super) fn retire(&self, reason: &str) -> Result<Retired> {
        if self.state == State::Retired {
            return Err(Error::conflict("already-retired", "the rule is retired already"));
        }
        Ok(Retired {
            reason: text("reason", reason, 1, 400)?,
            name: self.name.clone(),
            version: self.version,
            station: self.station,
            sensor: self.sensor,
        })
    }

    /// The condition, for the engine.
    pub(crate) fn limits(&self) -> Limits {
        let delay = base::Duration::from_secs(i64::from(self.delay_s));
        Limits::new(self.comparison, self.threshold, self.hysteresis, self.times, delay)
            .measuring(self.measure)
            .accepting(self.accepts)
    }

    /// What a fact that rests on this rule names as its basis: `水位超保证 v7`.
    pub(crate) fn basis(&self) -> String {
        format!("{} v{}", self.name, self.version)
    }
}
