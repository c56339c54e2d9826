//! What a rule makes of readings before it holds it against its line. Pure.

use base::{Duration, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::memory::Memory;
use super::model::{Comparison, Seen};

/// What is held against a rule's line.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[schemars(rename = "RuleMeasure")]
pub enum Measure {
    /// The reading itself.
    #[default]
    Value,
    /// How far the value has moved from its lowest or highest of the last so many
    /// seconds, in the quantity's unit: a rise of 1 m within an hour is one, however
    /// much of the hour it took.
    Change {
        direction: Direction,
        /// 1 to 604 800 seconds.
        within_s: u32,
    },
    /// For how many seconds the value has not moved by more than this, in the quantity's
    /// unit: so the rule's line is in seconds.
    Still {
        tolerance: f64,
        /// Where it may stand for ever: no rain, no wind, no gas.
        #[serde(default)]
        rest: Option<f64>,
    },
    /// How many readings of the last so many seconds were beyond a line of their own:
    /// so the rule's line is a number of readings.
    Count { comparison: Comparison, line: f64, within_s: u32 },
    /// The amounts of the last so many seconds together: rain of a day.
    Sum { within_s: u32 },
}

/// Which way a value moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "ChangeDirection")]
pub enum Direction {
    Rising,
    Falling,
    Either,
}

/// What was made of several readings.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "MeasuredOver")]
pub struct Over {
    /// What is held against the line: a change, seconds, a count, a sum.
    pub value: f64,
    /// The first reading that it rests on.
    pub since: Timestamp,
    /// That reading, in the quantity's unit.
    pub from: f64,
}

impl Measure {
    pub fn is_value(&self) -> bool {
        *self == Measure::Value
    }

    /// The unit of the rule's line, where it is not the quantity's.
    pub fn unit(&self) -> Option<&'static str> {
        match self {
            Measure::Value | Measure::Change { .. } | Measure::Sum { .. } => None,
            Measure::Still { .. } => Some("s"),
            Measure::Count { .. } => Some("次"),
        }
    }

    /// How long before a reading others count with it; `threshold` is the rule's line.
    pub(super) fn window(&self, threshold: f64) -> Duration {
        match *self {
            Measure::Value => Duration::ZERO,
            Measure::Change { within_s, .. }
            | Measure::Count { within_s, .. }
            | Measure::Sum { within_s } => Duration::from_secs(i64::from(within_s)),
            // A float as an integer saturates: no time is longer than the longest.
            Measure::Still { .. } => Duration::from_secs(threshold.ceil().min(1e9) as i64),
        }
    }

    /// What the readings up to the one at `at` come to; `None` for the reading itself
    /// and where one reading alone says nothing.
    pub(super) fn over(&self, memory: &Memory, at: usize) -> Option<Over> {
        let last = memory.recent[at];
        let back = |within_s: u32, is_open: bool| {
            let begin = last.time - Duration::from_secs(i64::from(within_s));
            let begin = if is_open { begin + Duration::from_millis(1) } else { begin };
            memory.recent.range(..=at).rev().take_while(move |seen| begin <= seen.time)
        };
        match *self {
            Measure::Value => None,
            Measure::Change { direction, within_s } => {
                change(last, direction, back(within_s, false))
            }
            Measure::Still { tolerance, rest } => {
                let still = still(last, tolerance, memory.recent.range(..=at).rev());
                let rests = rest.is_some_and(|rest| apart(last.value, rest) <= tolerance);
                Some(if rests { Over { value: 0.0, ..still } } else { still })
            }
            Measure::Count { comparison, line, within_s } => {
                let (mut count, mut first) = (0u32, &last);
                for seen in back(within_s, false) {
                    if comparison.holds(seen.value, line) {
                        (count, first) = (count + 1, seen);
                    }
                }
                Some(Over { value: f64::from(count), since: first.time, from: first.value })
            }
            // What fell in the step that ends when the window begins lies before it.
            Measure::Sum { within_s } => Some(sum(last, back(within_s, true))),
        }
    }
}

/// How far `last` is from the extreme of readings, newest first, of which it is one.
fn change<'a>(
    last: Seen,
    direction: Direction,
    back: impl Iterator<Item = &'a Seen>,
) -> Option<Over> {
    let (mut low, mut high, mut count) = (&last, &last, 0);
    for seen in back {
        count += 1;
        low = if seen.value < low.value { seen } else { low };
        high = if high.value < seen.value { seen } else { high };
    }
    let rise = Over { value: add(last.value, -low.value), since: low.time, from: low.value };
    let fall = Over { value: add(high.value, -last.value), since: high.time, from: high.value };
    let over = match direction {
        Direction::Rising => rise,
        Direction::Falling => fall,
        Direction::Either if rise.value < fall.value => fall,
        Direction::Either => rise,
    };
    // After a gap nobody knows how far it has moved.
    (1 < count).then_some(over)
}

/// Since when the value has been where `last` is, of readings newest first.
fn still<'a>(last: Seen, tolerance: f64, back: impl Iterator<Item = &'a Seen>) -> Over {
    let (mut low, mut high, mut since) = (last.value, last.value, last);
    for seen in back {
        if seen.value < low || high < seen.value {
            (low, high) = (low.min(seen.value), high.max(seen.value));
            if tolerance < add(high, -low) {
                break;
            }
        }
        since = *seen;
    }
    let seconds = last.time.since(since.time).as_millis() as f64 / 1e3;
    Over { value: seconds, since: since.time, from: since.value }
}

/// Amounts together: exactly where all of them are whole millionths.
fn sum<'a>(last: Seen, back: impl Iterator<Item = &'a Seen>) -> Over {
    let (mut exact, mut rough, mut since) = (Some(0i64), 0.0, last);
    for seen in back {
        exact = exact.zip(millionths(seen.value)).and_then(|(sum, more)| sum.checked_add(more));
        rough += seen.value;
        since = *seen;
    }
    let value = exact.map_or(rough, |sum| sum as f64 / 1e6);
    Over { value, since: since.time, from: since.value }
}

fn apart(a: f64, b: f64) -> f64 {
    add(a, -b).abs()
}

/// The sum as a person would work it out: 264.00 − 0.05 is 263.95, the same number
/// that a station's digits give, and not its neighbour.
pub(super) fn add(a: f64, b: f64) -> f64 {
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
