//! Steps of a response, and how long each took. Pure.

use base::{AdminCode, Hazard, Id, Level, Timestamp};
use schemars::JsonSchema;
use serde::Serialize;

/// A step of a response, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// A second person agreed to the warning.
    Review,
    /// The warning was signed.
    Issue,
    /// An incident was opened.
    Open,
    /// The first task was given.
    Assign,
    /// The first task was accepted.
    Accept,
    /// The first task was done.
    Do,
    /// The incident was closed.
    Close,
}

impl Step {
    pub const ALL: [Step; 7] =
        [Step::Review, Step::Issue, Step::Open, Step::Assign, Step::Accept, Step::Do, Step::Close];
}

/// When each step of a matter was done; `None` for what was not, or not yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Moments {
    /// The warning was proposed, or the call came.
    pub began: Timestamp,
    pub proposed: Option<Timestamp>,
    pub reviewed: Option<Timestamp>,
    pub issued: Option<Timestamp>,
    /// The warning ended: lifted, expired, discarded, or replaced.
    pub over: Option<Timestamp>,
    pub opened: Option<Timestamp>,
    /// Of the first task that was given.
    pub assigned: Option<Timestamp>,
    /// Of the first task that was accepted.
    pub accepted: Option<Timestamp>,
    /// Of the first task that was done.
    pub done: Option<Timestamp>,
    pub closed: Option<Timestamp>,
}

/// How long a step took, or takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Took {
    pub step: Step,
    /// From what went before it to its end, in seconds.
    pub seconds: i64,
}

/// The step that a matter is waiting for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Waiting {
    pub step: Step,
    pub since: Timestamp,
}

impl Moments {
    fn of(&self, step: Step) -> Option<Timestamp> {
        match step {
            Step::Review => self.reviewed,
            Step::Issue => self.issued,
            Step::Open => self.opened,
            Step::Assign => self.assigned,
            Step::Accept => self.accepted,
            Step::Do => self.done,
            Step::Close => self.closed,
        }
    }

    /// How long each step took that was done, in their order.
    ///
    /// A step begins with the latest of the steps before it that had been done by its
    /// end: an incident may be opened before the warning is signed, and a warning that
    /// is signed at once has no review.
    pub fn took(&self) -> Vec<Took> {
        let took = |(at, step): (usize, &Step)| {
            let end = self.of(*step)?;
            let before = Step::ALL[..at].iter().filter_map(|step| self.of(*step));
            let begin = before.filter(|moment| *moment <= end).max().unwrap_or(self.began);
            let seconds = (end.as_millis() - begin.as_millis()).max(0) / 1_000;
            Some(Took { step: *step, seconds })
        };
        Step::ALL.iter().enumerate().filter_map(took).collect()
    }

    /// What is waited for; `None` when nothing has to come any more.
    pub fn waiting(&self) -> Option<Waiting> {
        let of_incident = [Step::Assign, Step::Accept, Step::Do, Step::Close];
        let step = match (self.opened, self.closed) {
            (Some(_), Some(_)) => return None,
            (Some(_), None) => of_incident.into_iter().find(|step| self.of(*step).is_none())?,
            // A warning that is over or signed waits for nobody.
            (None, _) if self.over.is_some() || self.issued.is_some() => return None,
            (None, _) if self.reviewed.is_none() => Step::Review,
            (None, _) => Step::Issue,
        };
        let done = Step::ALL.into_iter().take_while(|other| *other < step);
        let since = done.filter_map(|step| self.of(step)).max().unwrap_or(self.began);
        Some(Waiting { step, since })
    }
}

/// The step that took longest, the earlier of two alike; `None` while none was done.
pub fn slowest(took: &[Took]) -> Option<Took> {
    took.iter().copied().max_by_key(|took| (took.seconds, std::cmp::Reverse(took.step)))
}

/// How fast one matter went: a warning with its incident, or an incident from a call.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct ResponseTime {
    pub id: Id,
    pub title: String,
    pub hazard: Option<Hazard>,
    pub level: Option<Level>,
    pub region: Option<AdminCode>,
    pub region_name: Option<String>,
    pub warning: Option<Id>,
    pub warning_number: Option<String>,
    pub incident: Option<Id>,
    pub incident_number: Option<String>,
    pub moments: Moments,
    /// The steps that were done, in their order.
    pub took: Vec<Took>,
    pub slowest: Option<Took>,
    pub waiting: Option<Waiting>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> Option<Timestamp> {
        Some(Timestamp::from_millis(minute * 60_000))
    }

    fn nothing() -> Moments {
        Moments {
            began: Timestamp::from_millis(0),
            proposed: None,
            reviewed: None,
            issued: None,
            over: None,
            opened: None,
            assigned: None,
            accepted: None,
            done: None,
            closed: None,
        }
    }

    fn told(moments: Moments) -> String {
        let took = moments.took();
        let steps: Vec<String> =
            took.iter().map(|took| format!("{:?} {}", took.step, took.seconds / 60)).collect();
        let slowest = slowest(&took).map(|took| took.step);
        let waiting =
            moments.waiting().map(|waiting| (waiting.step, waiting.since.as_millis() / 60_000));
        format!("{} | {slowest:?} | {waiting:?}", steps.join(", "))
    }

    #[test]
    fn each_step_is_measured_from_the_one_before_it() {
        let whole = Moments {
            proposed: at(0),
            reviewed: at(3),
            issued: at(5),
            opened: at(6),
            assigned: at(10),
            accepted: at(25),
            done: at(60),
            closed: at(61),
            ..nothing()
        };
        assert_eq!(
            told(whole),
            "Review 3, Issue 2, Open 1, Assign 4, Accept 15, Do 35, Close 1 | Some(Do) | None"
        );
        let begun = Moments { proposed: at(0), ..nothing() };
        assert_eq!(told(begun), " | None | Some((Review, 0))");
        let urgent = Moments { issued: at(4), ..begun };
        assert_eq!(told(urgent), "Issue 4 | Some(Issue) | None");
    }

    #[test]
    fn an_incident_that_was_opened_before_the_warning_was_signed_has_no_negative_step() {
        let early =
            Moments { proposed: at(0), opened: at(2), reviewed: at(3), issued: at(9), ..nothing() };
        assert_eq!(told(early), "Review 3, Issue 6, Open 2 | Some(Issue) | Some((Assign, 9))");
        let call = Moments { opened: at(1), assigned: at(1), accepted: at(2), ..nothing() };
        assert_eq!(told(call), "Open 1, Assign 0, Accept 1 | Some(Open) | Some((Do, 2))");
    }
}
