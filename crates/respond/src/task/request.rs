//! Tasks between nodes: an upper node asks for a task in an incident of a lower one.
//!
//! The incident is the other node's, and so are its people: the task is theirs too.
//! What is asked for is decided there, like an officer's own command, within what
//! that node lets this one ask for.

use base::{Id, Timestamp};
use host::request::{self, Ask, Asked, RequestKind};
use host::web::{Body, Idempotency, Path, Scoped};
use host::{Caller, Error, Reply, Result, Routes, Tx, World};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::assign::{self, AssignTask, NewTask};
use super::{ASSIGN, REQUEST};
use crate::incident::{self, IncidentId};

pub(crate) const KIND: RequestKind =
    RequestKind { name: "task.assign", permission: ASSIGN, decide };

pub(super) fn routes() -> Routes {
    Routes::new()
        .post(
            "/api/incidents/{id}/task-requests",
            REQUEST,
            "Asks the node that owns an incident for a task in it",
            ask,
        )
        .takes::<AskTask>()
        .creates::<TaskAsked>()
}

#[derive(Debug, Deserialize, JsonSchema)]
struct AskTask {
    /// Its assignee is a person of the asked node, as the tasks of the incident name them.
    #[serde(flatten)]
    task: AssignTask,
    /// How long an answer is waited for; until the task is due when absent.
    until: Option<Timestamp>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct TaskAsked {
    /// Listed by `/api/requests`.
    request: Id,
    /// The node that is asked.
    to: String,
    until: Timestamp,
}

/// What travels.
#[derive(Debug, Serialize, Deserialize)]
struct Wanted {
    incident: IncidentId,
    #[serde(flatten)]
    task: AssignTask,
}

async fn ask(
    world: World,
    caller: Caller,
    key: Idempotency,
    Scoped(scope): Scoped,
    Path(id): Path<IncidentId>,
    Body(body): Body<AskTask>,
) -> Result<Reply<TaskAsked>> {
    // Read here as it will be read there, so that what cannot be is said at once.
    NewTask::read(body.task.clone())?;
    let asked_by = caller.name.clone();
    let reply = world.commit(&caller, key, move |tx| {
        let incident = incident::load(tx, &scope, id)?;
        incident.require_open()?;
        let to = tx.owner_of(id)?.ok_or(Error::not_found("incident"))?;
        let until = body.until.unwrap_or(body.task.due_at).min(body.task.due_at);
        let wanted = Wanted { incident: id, task: body.task };
        let wanted = serde_json::to_value(wanted)
            .map_err(|error| Error::Internal(format!("a request is no JSON: {error}")))?;
        let request = request::ask(
            tx,
            &scope,
            Ask {
                to: to.clone(),
                kind: KIND.name,
                about: id.into(),
                body: wanted,
                until,
                asked_by,
            },
        )?;
        Ok(TaskAsked { request, to, until })
    });
    Ok(reply.await?.created())
}

/// At the node that owns the incident.
fn decide(tx: &mut Tx<'_>, asked: &Asked<'_>) -> Result<Json> {
    let wanted: Wanted = serde_json::from_value(asked.body.clone())
        .map_err(|error| Error::invalid("body", error.to_string(), "a task in an incident"))?;
    let new = NewTask::read(wanted.task)?;
    let basis = format!("request {} of {}, {}", asked.request, asked.from, asked.asked_by);
    let task = assign::assign(tx, &asked.scope, wanted.incident, new, Some(basis))?;
    Ok(json!({ "task": task }))
}
