//! Which lines are critical, and what of a shift is told: data, with its source.

use base::{Duration, Level};
use host::{Error, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::model::{Line, Why};
use crate::duty::ClockKind;

/// What makes a line critical, and where that comes from.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "HandoverRule")]
pub struct Rule {
    pub title: String,
    /// Where it comes from, and how far that goes.
    pub source: String,
    pub edition: String,
    /// How sure we are: `high`, `medium` or `low`.
    pub confidence: String,
    /// A line of one of these is critical.
    pub levels: Vec<Level>,
    /// Whether a line past its limit is critical.
    pub late: bool,
    /// A line on which one of these runs is critical.
    pub clocks: Vec<ClockKind>,
    /// How far back the first sheet of a desk tells, in hours.
    pub first_shift_hours: u16,
    /// The kinds of facts that a sheet counts and lists.
    pub told: Vec<String>,
}

impl Rule {
    /// The rule of this program.
    ///
    /// # Errors
    /// [`Error::Internal`] when the file does not read, which a test rules out.
    pub fn load() -> Result<Rule> {
        let read = serde_json::from_str(include_str!("defaults.json"));
        read.map_err(|error| Error::Internal(format!("handover/defaults.json: {error}")))
    }

    pub fn first_shift(&self) -> Duration {
        Duration::from_hours(i64::from(self.first_shift_hours))
    }

    /// Why a line is critical, in the order level, time, clock; `clocks` run on it.
    pub fn why(&self, line: &Line, clocks: &[ClockKind]) -> Vec<Why> {
        let level = line.level.is_some_and(|level| self.levels.contains(&level));
        let late = self.late && line.overdue;
        let clock = clocks.iter().any(|clock| self.clocks.contains(clock));
        let reasons = [(level, Why::Level), (late, Why::Late), (clock, Why::Clock)];
        reasons.into_iter().filter_map(|(so, why)| so.then_some(why)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rule_reads_says_that_it_is_ours_and_names_kinds_that_there_are() {
        let rule = Rule::load().expect("reads");
        assert!(rule.source.contains("default of ours"));
        let parts =
            [sense::part(), assess::part(), alert::part(alert::Config::default()), crate::part()];
        let known: Vec<&str> = parts
            .iter()
            .flat_map(|part| &part.slices)
            .flat_map(|slice| slice.kinds)
            .map(|kind| kind.name)
            .collect();
        for kind in &rule.told {
            assert!(known.contains(&kind.as_str()), "nothing records {kind}");
        }
    }
}
