//! How long a notice may wait, as a table.

use base::{Duration, Level, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a notice waits for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "NoticeStep")]
pub enum Step {
    /// 签收: somebody has it.
    #[default]
    Acknowledge,
    /// 核实: the desk says whether it is so.
    Verify,
}

impl Step {
    pub const ALL: [Step; 2] = [Step::Acknowledge, Step::Verify];

    pub fn code(self) -> &'static str {
        match self {
            Step::Acknowledge => "acknowledge",
            Step::Verify => "verify",
        }
    }

    pub fn from_code(code: &str) -> Option<Step> {
        Step::ALL.into_iter().find(|step| step.code() == code)
    }

    /// What was not done, for people.
    pub fn missed(self) -> &'static str {
        match self {
            Step::Acknowledge => "逾期未签收",
            Step::Verify => "逾期未核实",
        }
    }
}

/// The limits of one level, in whole minutes.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    pub level: Level,
    /// From sending, and again from each escalation, until somebody has taken it.
    pub acknowledge_min: i64,
    /// From the acknowledgement, and again from each escalation, until a final verification.
    pub verify_min: i64,
}

/// Whence a table is.
#[derive(Debug, Clone, Copy)]
pub struct Source {
    pub source: &'static str,
    pub edition: &'static str,
    pub confidence: &'static str,
}

/// No law or standard that we have read gives minutes for a risk notice. The nearest is a
/// rule of one county (长子县 2025, research notes CN15, read in part): the duty officer
/// phones the leader within 10 min of a warning and passes it on within 30. The steps up are
/// those of 突发事件应对法 arts 17, 64, 69 (report one level up), which name no minutes.
pub const SOURCE: Source = Source {
    source: "a default of ours, after a county's duty rule (CN15)",
    edition: "2026-12",
    confidence: "a default of ours: change it to the local rule",
};

/// A node whose superior sets other limits changes this table.
pub const LIMITS: [Limits; 4] = [
    Limits { level: Level::Red, acknowledge_min: 10, verify_min: 30 },
    Limits { level: Level::Orange, acknowledge_min: 10, verify_min: 30 },
    Limits { level: Level::Yellow, acknowledge_min: 30, verify_min: 60 },
    Limits { level: Level::Blue, acknowledge_min: 60, verify_min: 120 },
];

/// When a step of a notice of `level` is over that began at `from`.
pub(crate) fn until(level: Level, step: Step, from: Timestamp) -> Timestamp {
    // The table has every level; the strictest would hold for one that it had not.
    let limits = LIMITS.iter().find(|limits| limits.level == level).unwrap_or(&LIMITS[0]);
    from + Duration::from_mins(match step {
        Step::Acknowledge => limits.acknowledge_min,
        Step::Verify => limits.verify_min,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_level_has_its_limits_once_and_a_graver_one_never_has_longer() {
        for level in [Level::Red, Level::Orange, Level::Yellow, Level::Blue] {
            assert_eq!(LIMITS.iter().filter(|limits| limits.level == level).count(), 1);
        }
        for pair in LIMITS.windows(2) {
            assert!(pair[1].level < pair[0].level);
            assert!(pair[0].acknowledge_min <= pair[1].acknowledge_min);
            assert!(pair[0].verify_min <= pair[1].verify_min);
        }
        assert!(!SOURCE.source.is_empty() && SOURCE.confidence.contains("ours"));
    }

    #[test]
    fn a_step_ends_at_its_minute() {
        let sent = Timestamp::from_millis(0);
        let minutes = |level, step| until(level, step, sent).as_millis() / 60_000;
        assert_eq!(minutes(Level::Orange, Step::Acknowledge), 10);
        assert_eq!(minutes(Level::Orange, Step::Verify), 30);
        assert_eq!(minutes(Level::Blue, Step::Acknowledge), 60);
        assert_eq!(minutes(Level::Blue, Step::Verify), 120);
    }
}
