//! What a notice is, how long it may wait, and what may become of it.

use base::{AdminCode, Duration, Hazard, Id, Level, Timestamp};
use host::{Error, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Acknowledged, NoticeId, Overdue};

/// How many minutes a notice may wait for its acknowledgement.
///
/// Our default. No law or standard that we have read gives such a number; a node
/// whose superior sets others changes this table.
pub const DEADLINES: [(Level, i64); 4] =
    [(Level::Red, 10), (Level::Orange, 10), (Level::Yellow, 30), (Level::Blue, 60)];

/// When a notice of `level` sent at `sent` is overdue.
pub(crate) fn due_at(level: Level, sent: Timestamp) -> Timestamp {
    let minutes = DEADLINES.iter().find(|(of, _)| *of == level).map_or(10, |(_, minutes)| *minutes);
    sent + Duration::from_mins(minutes)
}

/// A notice, as it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Notice {
    pub id: NoticeId,
    pub region: AdminCode,
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
    pub due_at: Timestamp,
    pub acknowledged: Option<Acknowledgement>,
}

/// Who took a notice, when, and what they answered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Acknowledgement {
    pub person: Option<Id>,
    /// The person's name at that moment.
    pub by: String,
    pub at: Timestamp,
    pub feedback: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum State {
    Sent,
    Acknowledged,
    /// Nobody answered in time. It still wants its answer.
    Overdue,
}

/// What can happen to a notice after it was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Event {
    Acknowledge,
    Expire,
}

impl State {
    pub const ALL: [State; 3] = [State::Sent, State::Acknowledged, State::Overdue];

    /// Where a notice goes from here; `None` when the event makes no sense.
    pub(crate) fn next(self, event: Event) -> Option<State> {
        match (self, event) {
            (State::Sent | State::Overdue, Event::Acknowledge) => Some(State::Acknowledged),
            (State::Sent, Event::Expire) => Some(State::Overdue),
            (State::Acknowledged, _) | (State::Overdue, Event::Expire) => None,
        }
    }

    pub fn code(self) -> &'static str {
        match self {
            State::Sent => "sent",
            State::Acknowledged => "acknowledged",
            State::Overdue => "overdue",
        }
    }

    pub fn from_code(code: &str) -> Option<State> {
        State::ALL.into_iter().find(|state| state.code() == code)
    }
}

impl Notice {
    /// Takes the notice, late or in time.
    ///
    /// # Errors
    /// Conflict `wrong-state` when somebody has taken it already.
    pub(crate) fn acknowledge(&self, by: String, feedback: String) -> Result<Acknowledged> {
        self.state.next(Event::Acknowledge).ok_or_else(|| {
            Error::conflict("wrong-state", "the notice has been acknowledged already")
        })?;
        Ok(Acknowledged { title: self.title.clone(), by, feedback })
    }

    /// Notes that nobody answered in time; `None` when somebody did.
    pub(crate) fn expire(&self) -> Option<Overdue> {
        self.state.next(Event::Expire)?;
        Some(Overdue { title: self.title.clone(), due_at: self.due_at })
    }
}
