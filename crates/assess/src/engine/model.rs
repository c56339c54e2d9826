//! One rule over one sensor's readings, as a state machine. Pure.
//!
//! Everything goes by the time that the source gave. What is held against the line is
//! made of the readings up to one of them ([`Measure`]). A reading that comes late, or
//! corrects another, is put in its place, and the readings that are remembered are judged
//! once more: what would have fired and was never told is told now. It never ends a
//! finding, and takes back nothing that was told, for that was right by what was known. So the same stretch of
//! readings judged twice comes to the same findings, and in whatever order they come none
//! is missed (ADR 39).

use base::quantity::Grade;
use base::{Duration, Quality, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::measure::add;
pub use super::measure::{Direction, Measure, Over};
use super::memory::Place;
pub use super::memory::{Memory, Told};

/// On which side of the line a value is dangerous. A value on the line is too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Comparison {
    AtOrAbove,
    AtOrBelow,
}

/// How good a reading must be to fire a rule or to end what stands by it. A reading of the
/// future is never judged.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "JudgedQuality")]
pub enum Accepts {
    /// Only what nobody doubts.
    Good,
    /// What is doubted too, and nothing that is bad: a calibration, a fault.
    #[default]
    NotBad,
    /// All.
    Any,
}

/// A rule's condition, worked out for judging.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    measure: Measure,
    accepts: Accepts,
    comparison: Comparison,
    threshold: f64,
    /// A value beyond this, on the safe side, ends a finding; one on it does not.
    safe: f64,
    times: usize,
    delay: Duration,
    /// For how long readings count together.
    window: Duration,
}

/// A reading that may be judged.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Seen {
    /// As the source gave it.
    pub time: Timestamp,
    /// In the unit of the rule's quantity; finite.
    pub value: f64,
    pub received: Timestamp,
}

/// A reading that crossed.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Crossing {
    pub time: Timestamp,
    pub value: f64,
    pub received: Timestamp,
    /// What it came to with those before it; `None` when it alone is judged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub over: Option<Over>,
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
    pub run: Vec<Crossing>,
    pub memory: Memory,
}

/// What a reading led to.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// `values`: `[1..=times + 1]` readings of the run, by time; the first is the onset.
    Raised { values: Vec<Crossing> },
    /// The finding of this onset ends with the reading.
    Cleared { onset: Timestamp, by: Seen },
    /// A late reading shows that it had fired by `values`, and was over with `by`.
    Missed { values: Vec<Crossing>, by: Seen },
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

    /// Whether a value is on the line or on its dangerous side.
    pub fn holds(self, value: f64, line: f64) -> bool {
        match self {
            Comparison::AtOrAbove => line <= value,
            Comparison::AtOrBelow => value <= line,
        }
    }
}

impl Accepts {
    pub fn is_judged(self, quality: Quality) -> bool {
        quality.0 & Quality::FUTURE == 0
            && match self {
                Accepts::Good => quality.grade() == Grade::Good,
                Accepts::NotBad => quality.grade() != Grade::Bad,
                Accepts::Any => true,
            }
    }
}

impl Limits {
    /// - `threshold`: the line, in the unit of what is measured; `hysteresis`: how far
    ///   beyond it, on the safe side, a value must be to end a finding; `0 <= hysteresis`.
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
        Limits {
            measure: Measure::Value,
            accepts: Accepts::NotBad,
            comparison,
            threshold,
            safe,
            times: times.max(1) as usize,
            delay,
            window: delay,
        }
    }

    /// The same line for something else than the reading itself.
    pub fn measuring(self, measure: Measure) -> Limits {
        let window = measure.window(self.threshold).as_millis() + self.delay.as_millis();
        Limits { measure, window: Duration::from_millis(window), ..self }
    }

    pub fn accepting(self, accepts: Accepts) -> Limits {
        Limits { accepts, ..self }
    }

    pub fn is_judged(&self, quality: Quality) -> bool {
        self.accepts.is_judged(quality)
    }

    /// A value exactly on the line counts as crossed.
    pub fn is_crossed_by(&self, value: f64) -> bool {
        self.comparison.holds(value, self.threshold)
    }

    /// A value exactly `hysteresis` from the line is not safe yet.
    pub fn is_safe(&self, value: f64) -> bool {
        match self.comparison {
            Comparison::AtOrAbove => value < self.safe,
            Comparison::AtOrBelow => self.safe < value,
        }
    }

    pub(super) fn measure(&self) -> Measure {
        self.measure
    }

    pub(super) fn threshold(&self) -> f64 {
        self.threshold
    }

    pub(super) fn times(&self) -> usize {
        self.times
    }

    /// How far back a run has to read to judge as if it had always been there.
    pub(crate) fn reach(&self) -> Duration {
        self.window
    }

    /// For how long before a reading others may matter to it, the delay included.
    pub(super) fn window(&self) -> Duration {
        self.window
    }
}

/// Judges one reading: the state is that after it; answers what it led to, which is mostly
/// nothing, and one thing otherwise, unless it came late.
pub fn step(limits: &Limits, state: &mut State, seen: Seen) -> Vec<Outcome> {
    match state.memory.put(limits, seen) {
        Place::History | Place::Known => Vec::new(),
        Place::Late => look_back(limits, state),
        Place::Last => {
            // Of a reading that nothing but its time is remembered of.
            let corrects = state.newest == Some(seen.time);
            state.newest = Some(seen.time);
            let at = state.memory.recent.len() - 1;
            let outcome = Course { run: &mut state.run, active: &mut state.active }.take(
                limits,
                &state.memory,
                at,
                corrects,
            );
            if let Some(Outcome::Cleared { onset, by }) = &outcome {
                state.memory.note(Told { onset: *onset, until: by.time });
            }
            outcome.into_iter().collect()
        }
    }
}

/// Judges what is remembered once more, in the order of time, and tells what was missed.
fn look_back(limits: &Limits, state: &mut State) -> Vec<Outcome> {
    let (mut run, mut active) = (Vec::new(), None);
    let (mut outcomes, mut standing) = (Vec::new(), None::<Vec<Crossing>>);
    let mut told = state.memory.told.clone();
    for at in 0..state.memory.recent.len() {
        let time = state.memory.recent[at].time;
        while told.front().is_some_and(|told| told.until <= time) {
            // That one is over, and whatever follows it is another.
            told.pop_front();
            (run, active, standing) = (Vec::new(), None, None);
        }
        let course = Course { run: &mut run, active: &mut active };
        match course.take(limits, &state.memory, at, false) {
            Some(Outcome::Raised { values }) => standing = Some(values),
            Some(Outcome::Cleared { onset, by }) => {
                let is_told = |other: &Told| other.onset < by.time && onset < other.until;
                if let Some(values) = standing.take()
                    && !state.memory.told.iter().any(is_told)
                {
                    outcomes.push((onset, Outcome::Missed { values, by }));
                }
            }
            _ => {}
        }
        if state.active.is_some_and(|onset| onset <= time) {
            // From here on all is told already.
            (run, standing) = (Vec::new(), None);
            break;
        }
    }
    for (onset, missed) in &outcomes {
        if let Outcome::Missed { by, .. } = missed {
            state.memory.note(Told { onset: *onset, until: by.time });
        }
    }
    let mut outcomes: Vec<Outcome> = outcomes.into_iter().map(|(_, outcome)| outcome).collect();
    if state.active.is_none() {
        match standing {
            Some(values) => {
                state.active = active;
                state.run.clear();
                outcomes.push(Outcome::Raised { values });
            }
            None => state.run = joined(&state.run, run, state.memory.recent.front()),
        }
    }
    outcomes
}

/// A run found by looking back, which began no later than one that was being counted when
/// its first readings are forgotten.
fn joined(before: &[Crossing], mut run: Vec<Crossing>, oldest: Option<&Seen>) -> Vec<Crossing> {
    if let (Some(first), Some(again), Some(oldest)) = (before.first(), run.first(), oldest)
        && first.time < oldest.time
        && again.time == oldest.time
    {
        run.insert(0, *first);
    }
    run
}

/// How it goes with one rule, reading by reading.
struct Course<'a> {
    run: &'a mut Vec<Crossing>,
    active: &'a mut Option<Timestamp>,
}

impl Course<'_> {
    /// Goes on with the reading at `at`; `corrects` when it took another's place.
    fn take(self, limits: &Limits, memory: &Memory, at: usize, corrects: bool) -> Option<Outcome> {
        let seen = memory.recent[at];
        let over = limits.measure.over(memory, at);
        let measured = match limits.measure {
            Measure::Value => Some(seen.value),
            _ => over.map(|over| over.value),
        };
        if let Some(onset) = *self.active {
            if corrects || !measured.is_some_and(|measured| limits.is_safe(measured)) {
                return None;
            }
            *self.active = None;
            return Some(Outcome::Cleared { onset, by: seen });
        }
        if !measured.is_some_and(|measured| limits.is_crossed_by(measured)) {
            self.run.clear();
            return None;
        }
        if corrects && self.run.last().is_some_and(|last| last.time == seen.time) {
            self.run.pop();
        }
        let Seen { time, value, received } = seen;
        self.run.push(Crossing { time, value, received, over });
        if limits.times + 1 < self.run.len() {
            self.run.remove(1);
        }
        let onset = self.run[0].time;
        if self.run.len() < limits.times || time.since(onset) < limits.delay {
            return None;
        }
        *self.active = Some(onset);
        Some(Outcome::Raised { values: std::mem::take(self.run) })
    }
}
