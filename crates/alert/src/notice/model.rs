//! What a notice is, and what may become of it.

use base::{AdminCode, Hazard, Id, Level, Timestamp};
use host::{Error, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::limit::{self, Step};
use super::{Acknowledged, Checked, Closed, Escalated, NoticeId, Overdue};

/// A notice, as it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Notice {
    pub id: NoticeId,
    pub region: AdminCode,
    /// The organisation whose station it is about.
    pub org: Option<Id>,
    pub correlation: Id,
    pub state: State,
    pub number: String,
    pub finding: Id,
    pub station: Option<Id>,
    pub station_name: String,
    pub hazard: Hazard,
    pub level: Level,
    pub title: String,
    pub text: String,
    /// The rule in whose name it went out: `水位超保证 v7`.
    pub signer: String,
    pub sent_at: Timestamp,
    /// By when somebody has to take it.
    pub due_at: Timestamp,
    pub acknowledged: Option<Acknowledgement>,
    /// By when the desk has to verify it. `None` before it is taken, and of one that was
    /// taken and answered in one step, as it was before there were two.
    pub verify_by: Option<Timestamp>,
    /// When it goes up, or further up, unless somebody acts.
    pub next_at: Option<Timestamp>,
    /// The desk's last final word.
    pub verified: Option<Verification>,
    pub closed_at: Option<Timestamp>,
    /// All that was said of it, the oldest first.
    pub checks: Vec<Check>,
    /// Each time it went up, the first one first.
    pub escalations: Vec<Escalation>,
}

/// Who took a notice, when, and what they answered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Acknowledgement {
    pub person: Option<Id>,
    /// The person's name at that moment.
    pub by: String,
    pub at: Timestamp,
    pub feedback: Option<String>,
}

/// The desk's final word on a notice.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[schemars(rename = "NoticeVerification")]
pub struct Verification {
    pub verdict: Verdict,
    pub by: String,
    pub at: Timestamp,
    /// Whether the first final word came within its limit; a later one only puts it right.
    pub in_time: bool,
}

/// Something that was said of a notice.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[schemars(rename = "NoticeCheck")]
pub struct Check {
    pub at: Timestamp,
    pub side: Side,
    pub verdict: Verdict,
    pub words: String,
    pub person: Option<Id>,
    pub by: String,
}

/// A notice went up.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[schemars(rename = "NoticeEscalation")]
pub struct Escalation {
    pub at: Timestamp,
    pub from: AdminCode,
    pub from_name: String,
    /// `null`: there is no division above.
    pub to: Option<AdminCode>,
    pub to_name: String,
    pub why: Step,
    /// Whether this node serves the division above. Where it does not, nobody there was
    /// told by it.
    pub told: bool,
}

/// Whose word it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "NoticeSide")]
pub enum Side {
    /// A duty desk that supervises: its final word ends the wait.
    Desk,
    /// The organisation whose station it is: heard and kept, and no verification.
    Enterprise,
}

impl Side {
    pub const ALL: [Side; 2] = [Side::Desk, Side::Enterprise];

    pub fn code(self) -> &'static str {
        match self {
            Side::Desk => "desk",
            Side::Enterprise => "enterprise",
        }
    }

    pub fn from_code(code: &str) -> Option<Side> {
        Side::ALL.into_iter().find(|side| side.code() == code)
    }
}

/// What was found on looking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "NoticeVerdict")]
pub enum Verdict {
    /// 属实
    Confirmed,
    /// 误报
    FalseAlarm,
    /// 核实中: not final, may be said several times.
    Checking,
}

impl Verdict {
    pub const ALL: [Verdict; 3] = [Verdict::Confirmed, Verdict::FalseAlarm, Verdict::Checking];

    pub fn is_final(self) -> bool {
        self != Verdict::Checking
    }

    pub fn code(self) -> &'static str {
        match self {
            Verdict::Confirmed => "confirmed",
            Verdict::FalseAlarm => "false_alarm",
            Verdict::Checking => "checking",
        }
    }

    pub fn from_code(code: &str) -> Option<Verdict> {
        Verdict::ALL.into_iter().find(|verdict| verdict.code() == code)
    }

    pub fn word(self) -> &'static str {
        match self {
            Verdict::Confirmed => "属实",
            Verdict::FalseAlarm => "误报",
            Verdict::Checking => "核实中",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "NoticeState")]
pub enum State {
    Sent,
    /// Nobody took it in time. It still wants to be taken.
    Overdue,
    /// Somebody has it.
    Acknowledged,
    /// Somebody has it, and did not verify it in time. It still wants that.
    Unverified,
    /// The desk has said finally what it is; the danger may still stand.
    Verified,
    /// Verified, and the finding is over.
    Closed,
}

/// What can happen to a notice after it was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Event {
    Acknowledge,
    /// The limit of the step it stands at is over.
    Expire,
    /// The limit of the division it stands at is over as well.
    Escalate,
    /// The desk says something that is not final.
    Note,
    /// The desk says finally what it is.
    Verify,
    /// The enterprise says something.
    Report,
    /// The finding is over.
    Clear,
}

impl Event {
    #[cfg(test)]
    pub const ALL: [Event; 7] = [
        Event::Acknowledge,
        Event::Expire,
        Event::Escalate,
        Event::Note,
        Event::Verify,
        Event::Report,
        Event::Clear,
    ];
}

/// Where a notice goes; what does not stand here makes no sense.
pub(crate) const TRANSITIONS: [(State, Event, State); 18] = [
    (State::Sent, Event::Acknowledge, State::Acknowledged),
    (State::Sent, Event::Expire, State::Overdue),
    (State::Sent, Event::Report, State::Sent),
    (State::Overdue, Event::Acknowledge, State::Acknowledged),
    (State::Overdue, Event::Escalate, State::Overdue),
    (State::Overdue, Event::Report, State::Overdue),
    (State::Acknowledged, Event::Expire, State::Unverified),
    (State::Acknowledged, Event::Note, State::Acknowledged),
    (State::Acknowledged, Event::Verify, State::Verified),
    (State::Acknowledged, Event::Report, State::Acknowledged),
    (State::Unverified, Event::Escalate, State::Unverified),
    (State::Unverified, Event::Note, State::Unverified),
    (State::Unverified, Event::Verify, State::Verified),
    (State::Unverified, Event::Report, State::Unverified),
    // A final word may be put right as long as the danger stands.
    (State::Verified, Event::Verify, State::Verified),
    (State::Verified, Event::Note, State::Verified),
    (State::Verified, Event::Report, State::Verified),
    (State::Verified, Event::Clear, State::Closed),
];

impl State {
    pub const ALL: [State; 6] = [
        State::Sent,
        State::Overdue,
        State::Acknowledged,
        State::Unverified,
        State::Verified,
        State::Closed,
    ];

    /// Where a notice goes from here; `None` when the event makes no sense.
    pub(crate) fn next(self, event: Event) -> Option<State> {
        TRANSITIONS.iter().find(|(from, by, _)| (*from, *by) == (self, event)).map(|it| it.2)
    }

    pub fn code(self) -> &'static str {
        match self {
            State::Sent => "sent",
            State::Overdue => "overdue",
            State::Acknowledged => "acknowledged",
            State::Unverified => "unverified",
            State::Verified => "verified",
            State::Closed => "closed",
        }
    }

    pub fn from_code(code: &str) -> Option<State> {
        State::ALL.into_iter().find(|state| state.code() == code)
    }
}

/// Whether a list holds those that wait for a desk, or the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "NoticeStanding")]
pub enum Standing {
    Open,
    Ended,
}

/// A division with its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Division {
    pub code: AdminCode,
    pub name: String,
}

/// The division above the one where a notice stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Above {
    pub division: Division,
    /// Whether this node serves it.
    pub is_here: bool,
    /// Whether there is a further one above.
    pub has_above: bool,
}

impl Notice {
    /// What it waits for; `None` when it waits for nobody.
    pub fn step(&self) -> Option<Step> {
        match self.state {
            State::Sent | State::Overdue => Some(Step::Acknowledge),
            State::Acknowledged | State::Unverified => self.verify_by.map(|_| Step::Verify),
            State::Verified | State::Closed => None,
        }
    }

    /// The limit of the step it stands at.
    pub fn limit(&self) -> Option<Timestamp> {
        match self.step()? {
            Step::Acknowledge => Some(self.due_at),
            Step::Verify => self.verify_by,
        }
    }

    /// The last division that it went up to.
    pub fn escalated(&self) -> Option<&Escalation> {
        self.escalations.last()
    }

    /// Takes the notice, late or in time.
    ///
    /// # Errors
    /// Conflict `wrong-state` when somebody has taken it already.
    pub(crate) fn acknowledge(
        &self,
        by: String,
        feedback: Option<String>,
        now: Timestamp,
    ) -> Result<Acknowledged> {
        self.require(Event::Acknowledge, "the notice has been acknowledged already")?;
        let verify_by = Some(limit::until(self.level, Step::Verify, now));
        Ok(Acknowledged { title: self.title.clone(), by, feedback, verify_by })
    }

    /// Says what was found on looking.
    ///
    /// # Errors
    /// Conflict `wrong-state` when the desk has not taken it, or it is closed.
    pub(crate) fn check(
        &self,
        side: Side,
        verdict: Verdict,
        words: String,
        by: String,
    ) -> Result<Checked> {
        let event = match (side, verdict.is_final()) {
            (Side::Enterprise, _) => Event::Report,
            (Side::Desk, true) => Event::Verify,
            (Side::Desk, false) => Event::Note,
        };
        self.require(event, "the notice is closed, or has to be acknowledged first")?;
        Ok(Checked { title: self.title.clone(), side, verdict, words, by })
    }

    fn require(&self, event: Event, detail: &'static str) -> Result<State> {
        self.state.next(event).ok_or_else(|| Error::conflict("wrong-state", detail))
    }

    /// Notes that a step was not done in time; `None` when it was.
    pub(crate) fn expire(&self) -> Option<Overdue> {
        let (step, due_at) = self.step().zip(self.limit())?;
        self.state.next(Event::Expire)?;
        Some(Overdue { title: self.title.clone(), due_at, step })
    }

    /// Goes up from `from`, told at `now`; `None` when that makes no sense. Where this node
    /// does not serve the division above, that is the end of its way.
    pub(crate) fn escalate(
        &self,
        from: Division,
        above: Option<Above>,
        now: Timestamp,
    ) -> Option<Escalated> {
        let why = self.step()?;
        self.state.next(Event::Escalate)?;
        let told = above.as_ref().is_some_and(|above| above.is_here);
        let goes_on = above.as_ref().is_some_and(|above| above.is_here && above.has_above);
        let to = above.map(|above| above.division);
        Some(Escalated {
            title: self.title.clone(),
            from: from.code,
            from_name: from.name,
            to_name: to.as_ref().map_or_else(String::new, |to| to.name.clone()),
            to: to.map(|to| to.code),
            why,
            told,
            next_at: goes_on.then(|| limit::until(self.level, why, now)),
        })
    }

    /// The finding is over; `None` when the notice still waits for a final word.
    pub(crate) fn close(&self) -> Option<Closed> {
        self.state.next(Event::Clear)?;
        let verdict = self.verified.as_ref()?.verdict;
        Some(Closed { title: self.title.clone(), verdict })
    }
}
