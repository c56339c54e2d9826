//! Giving somebody something to do: by an officer here, or asked for by another node.

use base::{Id, Timestamp};
use host::web::text;
use host::{Error, Record, Result, Scope, Tx};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use trust::account::people_with;

use super::DO;
use super::fact::{Assigned, TaskFact};
use super::model::{ANSWER_WITHIN, TaskId};
use super::store;
use crate::incident::{self, IncidentId};
use crate::person::Person;

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub(super) struct AssignTask {
    pub title: String,
    #[serde(default)]
    pub detail: String,
    /// A person whom `/api/people?permission=task.do` lists for the caller.
    pub assignee: Id,
    pub due_at: Timestamp,
    /// By when an answer is wanted; ten minutes from now when absent, and never
    /// later than `due_at`.
    pub accept_by: Option<Timestamp>,
}

/// The same, read: texts are of their lengths.
pub(super) struct NewTask(AssignTask);

impl NewTask {
    /// # Errors
    /// [`Error::Invalid`] that names the field.
    pub(super) fn read(mut task: AssignTask) -> Result<NewTask> {
        task.title = text("title", &task.title, 1, 120)?;
        task.detail = text("detail", &task.detail, 0, 2_000)?;
        Ok(NewTask(task))
    }
}

/// Gives a task in an open incident within `scope` to somebody who may do tasks
/// there; `basis` is whose wish it is, when not the officer's.
pub(super) fn assign(
    tx: &mut Tx<'_>,
    scope: &Scope,
    id: IncidentId,
    NewTask(new): NewTask,
    basis: Option<String>,
) -> Result<TaskId> {
    let incident = incident::load(tx, scope, id)?;
    incident.require_open()?;
    let (accept_by, due_at) = limits(tx.now(), new.accept_by, new.due_at)?;
    let holders = people_with(tx, DO.code, scope)?;
    let assignee = holders.into_iter().find(|holder| holder.person == new.assignee);
    let assignee = assignee.ok_or_else(|| {
        Error::invalid("assignee", new.assignee, "a person of /api/people?permission=task.do")
    })?;
    let node = tx.origin().to_owned();
    let serial = store::next_serial(tx, &node)?;
    let assigned = Assigned {
        number: format!("R-{serial:04}"),
        serial,
        incident: id.into(),
        incident_title: incident.title,
        title: new.title,
        detail: new.detail,
        assignee: Person { person: assignee.person, name: assignee.name },
        assigned_by: tx.actor_name().map(str::to_owned),
        accept_by,
        due_at,
    };
    let task = TaskId(tx.new_id());
    let home = tx.home_of(id)?;
    scope.require(tx, &home)?;
    let mut record = Record::first(task, home, TaskFact::Assigned(assigned)).follows(id);
    if let Some(basis) = basis {
        record = record.basis(basis);
    }
    tx.record(record)?;
    Ok(task)
}

/// Both limits lie ahead, and an answer is wanted before the work is due.
fn limits(
    now: Timestamp,
    accept_by: Option<Timestamp>,
    due_at: Timestamp,
) -> Result<(Timestamp, Timestamp)> {
    if due_at <= now {
        return Err(Error::invalid("due_at", due_at, format!("later than {now}")));
    }
    let accept_by = accept_by.unwrap_or(now + ANSWER_WITHIN).min(due_at);
    if accept_by <= now {
        return Err(Error::invalid("accept_by", accept_by, format!("later than {now}")));
    }
    Ok((accept_by, due_at))
}
