//! A finding as the API gives it.

use base::{AdminCode, Hazard, Level, Point, Quantity, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::FindingId;
use super::fact::{Because, Raised, RuleRef, Shaken, Value};
use crate::rule::Comparison;
use crate::station::{SensorId, StationId};

/// What a rule found in the readings of a sensor, or a line in what an earthquake shook.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Finding {
    pub id: FindingId,
    pub rule: RuleRef,
    /// `null`, as the station, of a county that an earthquake shook.
    pub sensor: Option<SensorId>,
    pub station: Option<StationId>,
    pub station_name: String,
    pub region: AdminCode,
    pub point: Option<Point>,
    pub quantity: Quantity,
    pub unit: &'static str,
    pub hazard: Hazard,
    pub level: Level,
    pub state: State,
    pub onset: Timestamp,
    pub raised_at: Timestamp,
    /// From the arrival of the last value to the record of the finding.
    pub latency_ms: i64,
    /// The readings that fired it, by time.
    pub values: Vec<Value>,
    /// A late reading showed, when it was over, that it had been.
    pub late: bool,
    /// Its rule was shelved when it was raised and has been since: nobody was called.
    pub shelved: bool,
    /// The most extreme reading since the onset.
    pub peak: Peak,
    pub cleared_at: Option<Timestamp>,
    pub cleared_because: Option<Because>,
    /// What shook, where it is of an earthquake.
    pub shaken: Option<Shaken>,
    /// The thread that runs from this finding to the last task.
    pub correlation: FindingId,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum State {
    Active,
    Cleared,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
pub struct Peak {
    pub time: Timestamp,
    pub value: f64,
}

/// What `finding` holds beside the fact that raised it.
pub(super) struct Standing {
    pub id: FindingId,
    pub region: AdminCode,
    pub state: State,
    pub raised_at: Timestamp,
    pub latency_ms: i64,
    pub cleared_at: Option<Timestamp>,
    pub cleared_because: Option<Because>,
}

impl Finding {
    /// What was known of it at `at`, when it stood: how it ended came later.
    pub(super) fn when_it_stood(self, at: Timestamp) -> Finding {
        if self.cleared_at.is_none_or(|cleared| cleared <= at) {
            return self;
        }
        Finding { state: State::Active, cleared_at: None, cleared_because: None, ..self }
    }

    pub(super) fn new(raised: Raised, standing: Standing) -> Finding {
        let readings =
            raised.values.iter().map(|value| Peak { time: value.time, value: value.value });
        let peak = most_extreme(raised.rule.danger(), readings);
        Finding {
            id: standing.id,
            sensor: raised.sensor,
            station: raised.station,
            station_name: raised.station_name,
            region: standing.region,
            point: raised.point,
            quantity: raised.quantity,
            unit: raised.quantity.unit(),
            hazard: raised.hazard,
            level: raised.level,
            state: standing.state,
            onset: raised.onset,
            raised_at: standing.raised_at,
            latency_ms: standing.latency_ms,
            values: raised.values,
            late: raised.late,
            shelved: raised.shelved,
            peak: peak.unwrap_or(Peak { time: raised.onset, value: raised.rule.threshold }),
            cleared_at: standing.cleared_at,
            cleared_because: standing.cleared_because,
            shaken: raised.shaken,
            correlation: standing.id,
            rule: raised.rule,
        }
    }
}

/// The first of the most dangerous readings.
pub(super) fn most_extreme(
    comparison: Comparison,
    readings: impl Iterator<Item = Peak>,
) -> Option<Peak> {
    readings.reduce(|best, next| {
        let worse = match comparison {
            Comparison::AtOrAbove => best.value < next.value,
            Comparison::AtOrBelow => next.value < best.value,
        };
        if worse { next } else { best }
    })
}
