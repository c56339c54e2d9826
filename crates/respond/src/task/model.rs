//! A task, its states, and who may move it.

use base::{AdminCode, Duration, Id, Timestamp};
use host::{Error, Home, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::fact::{Accepted, Cancelled, Declined, Finished, Limit, Overdue, TaskFact};
use crate::incident::IncidentId;
use crate::person::Person;

base::typed_id!(TaskId, "A task.");
host::db_id!(TaskId);

/// How long an answer may take when nobody says otherwise (mockup 01: 限 10 分).
pub(super) const ANSWER_WITHIN: Duration = Duration::from_mins(10);

/// A task as the API gives it.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Task {
    pub id: TaskId,
    /// `R-0217`
    pub number: String,
    pub incident: IncidentId,
    pub incident_title: String,
    pub region: AdminCode,
    pub title: String,
    pub detail: String,
    pub assignee: Person,
    pub state: TaskState,
    pub assigned_at: Timestamp,
    pub assigned_by: Option<Person>,
    pub accept_by: Timestamp,
    pub due_at: Timestamp,
    pub accepted_at: Option<Timestamp>,
    /// When it was done, declined or cancelled.
    pub ended_at: Option<Timestamp>,
    pub done_at: Option<Timestamp>,
    /// A limit that still runs has passed.
    pub overdue: bool,
    /// A limit passed at some time, whatever came after.
    pub was_late: bool,
    /// What was reported, or why it was declined or cancelled.
    pub report: Option<String>,
    /// What the caller may do with it now.
    pub allowed: Vec<Action>,
    #[serde(skip)]
    pub(crate) home: Home,
    #[serde(skip)]
    pub(super) accept_missed: bool,
    #[serde(skip)]
    pub(super) due_missed: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TaskState {
    Assigned,
    Accepted,
    Done,
    Declined,
    Cancelled,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    Accept,
    Decline,
    Finish,
    Cancel,
}

impl TaskState {
    pub(super) const ALL: [TaskState; 5] = [
        TaskState::Assigned,
        TaskState::Accepted,
        TaskState::Done,
        TaskState::Declined,
        TaskState::Cancelled,
    ];

    pub(super) fn code(self) -> &'static str {
        match self {
            TaskState::Assigned => "assigned",
            TaskState::Accepted => "accepted",
            TaskState::Done => "done",
            TaskState::Declined => "declined",
            TaskState::Cancelled => "cancelled",
        }
    }

    /// What may happen next.
    pub(super) fn next(self) -> &'static [Action] {
        match self {
            TaskState::Assigned => &[Action::Accept, Action::Decline, Action::Cancel],
            TaskState::Accepted => &[Action::Finish, Action::Cancel],
            TaskState::Done | TaskState::Declined | TaskState::Cancelled => &[],
        }
    }
}

/// Who stands before the task.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Hand {
    pub person: Id,
    /// Holds `task.do`.
    pub does: bool,
    /// Holds `task.assign`.
    pub assigns: bool,
    /// Holds `incident.close` over the task's region: the commander.
    pub commands: bool,
}

impl Task {
    pub(crate) fn is_open(&self) -> bool {
        matches!(self.state, TaskState::Assigned | TaskState::Accepted)
    }

    /// The limit that runs now.
    pub(crate) fn limit(&self) -> Option<Timestamp> {
        match self.state {
            TaskState::Assigned => Some(self.accept_by.min(self.due_at)),
            TaskState::Accepted => Some(self.due_at),
            TaskState::Done | TaskState::Declined | TaskState::Cancelled => None,
        }
    }

    pub(super) fn allowed(&self, hand: &Hand) -> Vec<Action> {
        let mine = |action: &&Action| match action {
            Action::Accept | Action::Decline | Action::Finish => {
                hand.does && self.assignee.person == hand.person
            }
            Action::Cancel => hand.assigns && self.may_cancel(hand),
        };
        self.state.next().iter().filter(mine).copied().collect()
    }

    fn may_cancel(&self, hand: &Hand) -> bool {
        let assigned = self.assigned_by.as_ref().map(|person| person.person);
        assigned == Some(hand.person) || hand.commands
    }

    pub(super) fn accept(&self, hand: &Hand) -> Result<TaskFact> {
        self.require_assignee(hand)?;
        self.require(Action::Accept)?;
        Ok(Accepted { number: self.number.clone(), title: self.title.clone() }.into())
    }

    pub(super) fn decline(&self, hand: &Hand, reason: String) -> Result<TaskFact> {
        self.require_assignee(hand)?;
        self.require(Action::Decline)?;
        Ok(Declined { number: self.number.clone(), title: self.title.clone(), reason }.into())
    }

    pub(super) fn finish(&self, hand: &Hand, report: String) -> Result<TaskFact> {
        self.require_assignee(hand)?;
        self.require(Action::Finish)?;
        Ok(Finished { number: self.number.clone(), title: self.title.clone(), report }.into())
    }

    pub(super) fn cancel(&self, hand: &Hand, reason: String) -> Result<TaskFact> {
        if !self.may_cancel(hand) {
            return Err(not_yours("only who assigned it or the commander cancels a task"));
        }
        self.require(Action::Cancel)?;
        Ok(Cancelled { number: self.number.clone(), title: self.title.clone(), reason }.into())
    }

    /// The limits that have passed at `now` and are not recorded yet.
    pub(super) fn missed(&self, now: Timestamp) -> Vec<TaskFact> {
        let waiting = self.state == TaskState::Assigned;
        let limits = [
            (Limit::Accept, self.accept_by, waiting && !self.accept_missed),
            (Limit::Due, self.due_at, self.is_open() && !self.due_missed),
        ];
        limits
            .into_iter()
            .filter(|(_, at, runs)| *runs && *at <= now)
            .map(|(limit, at, _)| {
                TaskFact::Overdue(Overdue {
                    number: self.number.clone(),
                    title: self.title.clone(),
                    assignee: self.assignee.clone(),
                    limit,
                    at,
                })
            })
            .collect()
    }

    fn require_assignee(&self, hand: &Hand) -> Result<()> {
        if self.assignee.person == hand.person {
            Ok(())
        } else {
            Err(not_yours("the task was given to somebody else"))
        }
    }

    fn require(&self, action: Action) -> Result<()> {
        if self.state.next().contains(&action) {
            Ok(())
        } else {
            Err(Error::conflict("wrong-state", format!("the task is {}", self.state.code())))
        }
    }
}

fn not_yours(why: &str) -> Error {
    Error::conflict("not-your-task", why)
}
