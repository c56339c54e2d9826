//! How a station's line is doing.

use base::{Duration, Timestamp};
use schemars::JsonSchema;
use serde::Serialize;

/// How a station's line is doing, from its last contact and what is expected of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "StationStatus")]
pub enum Status {
    /// Heard within one and a half periods.
    Online,
    /// Not heard within that, and not yet for longer than it may say nothing.
    Stale,
    /// Not heard for longer than it may say nothing while we were listening.
    Silent,
    /// Not heard since it was registered.
    Never,
}

/// What is expected of a station's line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    /// Between two reports.
    pub period: Duration,
    /// For how long it may say nothing.
    pub patience: Duration,
    /// Since when it could be heard, if that is known: we were deaf, or it was stopped.
    pub since: Option<Timestamp>,
}

impl Status {
    /// The status at `now` of a station that was heard last at `last_contact`.
    pub fn at(now: Timestamp, last_contact: Option<Timestamp>, line: Line) -> Status {
        let Some(last_contact) = last_contact else { return Status::Never };
        let quiet = now.since(last_contact);
        // Before we listened it may have spoken.
        let missed = line.since.map_or(quiet, |since| now.since(last_contact.max(since)));
        if quiet.as_millis() <= line.period.as_millis().saturating_mul(3) / 2 {
            Status::Online
        } else if missed <= line.patience {
            Status::Stale
        } else {
            Status::Silent
        }
    }

    pub fn word(self) -> &'static str {
        match self {
            Status::Online => "在线",
            Status::Stale => "陈旧",
            Status::Silent => "静默",
            Status::Never => "从未到报",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_station_is_stale_after_one_and_a_half_periods_and_silent_after_three() {
        let heard = Timestamp::from_millis(1_000_000);
        let line =
            Line { period: Duration::from_mins(5), patience: Duration::from_mins(15), since: None };
        let after = |seconds| Status::at(heard + Duration::from_secs(seconds), Some(heard), line);
        assert_eq!(Status::at(heard, None, line), Status::Never);
        assert_eq!(after(0), Status::Online);
        assert_eq!(after(450), Status::Online);
        assert_eq!(after(451), Status::Stale);
        assert_eq!(after(900), Status::Stale);
        assert_eq!(after(901), Status::Silent);
        // A clock that was set back makes nobody silent.
        assert_eq!(after(-3_600), Status::Online);
        // We were deaf for an hour: until we have listened for as long as it may say
        // nothing, nobody knows.
        let hour = heard + Duration::from_hours(1);
        let deaf = Line { since: Some(hour), ..line };
        assert_eq!(Status::at(hour, Some(heard), deaf), Status::Stale);
        let later = hour + Duration::from_mins(15);
        assert_eq!(Status::at(later, Some(heard), deaf), Status::Stale);
        assert_eq!(Status::at(later + Duration::from_secs(1), Some(heard), deaf), Status::Silent);
    }
}
