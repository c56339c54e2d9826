//! One rule over one sensor's readings, as a state machine. Pure.
//!
//! Everything goes by the time that the source gave. A reading older than the
//! newest one judged is late: it is history, and changes nothing. One of the very
//! same time is a correction: it takes the other's place in a run that is being
//! counted, and never ends a finding. So the same stretch of readings judged twice
//! comes to the same findings.

use base::{Duration, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// On which side of the line a value is dangerous. A value on the line is too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Comparison {
    AtOrAbove,
    AtOrBelow,
}

/// A rule's condition, worked out for judging.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    comparison: Comparison,
    threshold: f64,
    /// A value beyond this, on the safe side, ends a finding; one on it does not.
    safe: f64,
    times: usize,
    delay: Duration,
}

/// A reading that may be judged.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Seen {
    /// As the source gave it.
    pub time: Timestamp,
    /// In the unit of the rule's quantity; finite.
    pub value: f64,
    pub received: Timestamp,
}

/// Where one rule stands with one sensor.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct State {
    /// The newest time judged.
    pub newest: Option<Timestamp>,
    /// The onset of the finding that stands.
    pub active: Option<Timestamp>,
    /// While nothing stands: the crossed readings since the last that was not, by
    /// time. Of a long run the first and the newest `times` are kept.
    pub run: Vec<Seen>,
}

/// What a reading led to.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// `values`: `[1..=times + 1]` readings of the run, by time; the first is the onset.
    Raised { values: Vec<Seen> },
    /// The finding of this onset ends with the reading.
    Cleared { onset: Timestamp, by: Seen },
}

impl Comparison {
    /// `≥` or `≤`.
    pub fn sign(self) -> &'static str {
        match self {
            Comparison::AtOrAbove => "≥",
            Comparison::AtOrBelow => "≤",
        }
    }

    pub fn code(self) -> &'static str {
        match self {
            Comparison::AtOrAbove => "at_or_above",
            Comparison::AtOrBelow => "at_or_below",
        }
    }
}

impl Limits {
    /// - `threshold`: the line, in the quantity's unit; `hysteresis`: how far beyond
    ///   it, on the safe side, a value must be to end a finding; `0 <= hysteresis`.
    /// - `times`: readings in a row that must have crossed; `1 <= times`.
    /// - `delay`: how long they must have crossed, from the first to the last.
    pub fn new(
        comparison: Comparison,
        threshold: f64,
        hysteresis: f64,
        times: u32,
        delay: Duration,
    ) -> Limits {
        let safe = match comparison {
            Comparison::AtOrAbove => add(threshold, -hysteresis),
            Comparison::AtOrBelow => add(threshold, hysteresis),
        };
        Limits { comparison, threshold, safe, times: times.max(1) as usize, delay }
    }

    /// A value exactly on the line counts as crossed.
    pub fn is_crossed_by(&self, value: f64) -> bool {
        match self.comparison {
            Comparison::AtOrAbove => self.threshold <= value,
            Comparison::AtOrBelow => value <= self.threshold,
        }
    }

    /// A value exactly `hysteresis` from the line is not safe yet.
    pub fn is_safe(&self, value: f64) -> bool {
        match self.comparison {
            Comparison::AtOrAbove => value < self.safe,
            Comparison::AtOrBelow => self.safe < value,
        }
    }
}

/// Judges one reading: the state after it, and what it led to.
pub fn step(limits: &Limits, mut state: State, seen: Seen) -> (State, Option<Outcome>) {
    let corrects = match state.newest {
        Some(newest) if seen.time < newest => return (state, None),
        newest => newest == Some(seen.time),
    };
    state.newest = Some(seen.time);
    if let Some(onset) = state.active {
        if corrects || !limits.is_safe(seen.value) {
            return (state, None);
        }
        state.active = None;
        return (state, Some(Outcome::Cleared { onset, by: seen }));
    }
    if !limits.is_crossed_by(seen.value) {
        state.run.clear();
        return (state, None);
    }
    if corrects && let Some(last) = state.run.last().filter(|last| last.time == seen.time) {
        if last.value == seen.value {
            // Only how good it is has changed: it is still what came then, in its frame.
            return (state, None);
        }
        state.run.pop();
    }
    state.run.push(seen);
    if limits.times + 1 < state.run.len() {
        state.run.remove(1);
    }
    let onset = state.run[0].time;
    if state.run.len() < limits.times || seen.time.since(onset) < limits.delay {
        return (state, None);
    }
    state.active = Some(onset);
    let values = std::mem::take(&mut state.run);
    (state, Some(Outcome::Raised { values }))
}

/// The sum as a person would work it out: 264.00 − 0.05 is 263.95, the same number
/// that a station's digits give, and not its neighbour.
fn add(a: f64, b: f64) -> f64 {
    match (millionths(a), millionths(b)) {
        (Some(a), Some(b)) => (a + b) as f64 / 1e6,
        _ => a + b,
    }
}

/// The number in millionths, when it is a whole number of them.
fn millionths(number: f64) -> Option<i64> {
    let scaled = (number * 1e6).round();
    let exact = scaled.abs() < 2f64.powi(52) && scaled / 1e6 == number;
    exact.then_some(scaled as i64)
}
