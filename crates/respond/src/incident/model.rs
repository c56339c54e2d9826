//! An incident, and what may be decided about it.

use base::{AdminCode, Hazard, Id, Level, Point, Timestamp};
use host::{Error, Home, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::fact::{Casualties, Closed, IncidentFact, Noted};
use crate::task::Tally;

base::typed_id!(IncidentId, "An incident.");
host::db_id!(IncidentId);

/// An incident as the API gives it. Level, event grade and response level are
/// three things: the colour of its warning, how grave it is, what was started.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Incident {
    pub id: IncidentId,
    /// `E-0803-01`
    pub number: String,
    pub title: String,
    pub detail: Option<String>,
    pub hazard: Hazard,
    pub level: Option<Level>,
    /// The event grade; `null` while none has been given.
    pub grade: Option<String>,
    /// The response level; `null` while no plan has been started.
    pub response: Option<String>,
    pub state: IncidentState,
    pub region: AdminCode,
    pub region_name: String,
    pub point: Option<Point>,
    pub place: String,
    /// The node that owns it and alone changes it, when that is another one.
    pub owner: Option<String>,
    pub opened_at: Timestamp,
    pub opened_by: Option<String>,
    pub source: SourceKind,
    pub warning: Option<Id>,
    pub intake: Option<Id>,
    pub correlation: Id,
    /// Who called, masked; only for holders of `intake.read`, only for one incident,
    /// and only while the intake is kept.
    pub caller: Option<CallerShown>,
    pub casualties: Option<Casualties>,
    pub tasks: Tally,
    pub closed_at: Option<Timestamp>,
    pub closed_by: Option<String>,
    pub closed_reason: Option<String>,
    #[serde(skip)]
    pub(crate) home: Home,
    /// The person behind `opened_by`.
    #[serde(skip)]
    pub(crate) opener: Option<Id>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum IncidentState {
    Open,
    Closed,
}

impl IncidentState {
    pub(crate) fn code(self) -> &'static str {
        match self {
            IncidentState::Open => "open",
            IncidentState::Closed => "closed",
        }
    }
}

/// Where an incident came from, without which one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SourceKind {
    Warning,
    Call,
}

/// Who called: `于**`, `138****0417`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CallerShown {
    pub name: String,
    pub phone: String,
}

impl Incident {
    /// Adds a line; `corrects` is an entry of this incident's time line.
    pub(crate) fn note(&self, text: String, corrects: Option<Id>) -> Result<IncidentFact> {
        self.require_open()?;
        Ok(IncidentFact::Noted(Noted { text, corrects }))
    }

    /// Ends it, once nobody is at work on it any more.
    pub(crate) fn close(&self, by: String, reason: String) -> Result<IncidentFact> {
        self.require_open()?;
        match self.tasks.open {
            0 => Ok(IncidentFact::Closed(Closed { by, reason })),
            open => Err(Error::conflict(
                "tasks-open",
                format!("{open} tasks are open; finish or cancel them first"),
            )),
        }
    }

    pub(crate) fn require_open(&self) -> Result<()> {
        match self.state {
            IncidentState::Open => Ok(()),
            IncidentState::Closed => {
                Err(Error::conflict("incident-closed", "the incident is closed"))
            }
        }
    }
}
