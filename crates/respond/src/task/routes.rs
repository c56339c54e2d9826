//! The task's door for people.

use host::web::{Access, Body, Idempotency, Json, Paged, Params, Path, Scoped, text};
use host::{Caller, Error, Page, Permission, Record, Reply, Result, Routes, Tx, World};
use schemars::JsonSchema;
use serde::Deserialize;
use trust::account::{Holder, people_with};

use super::assign::{self, AssignTask, NewTask};
use super::fact::TaskFact;
use super::model::{Hand, Task, TaskId};
use super::store::{self, Viewer, Wanted, WantedState};
use super::{ASSIGN, DO};
use crate::incident::IncidentId;

pub(crate) fn routes() -> Routes {
    Routes::new()
        .get("/api/tasks", Access::SignedIn, "Lists tasks, newest first", list)
        .asks::<TaskQuery>()
        .paged()
        .gives::<Page<Task>>()
        .get("/api/tasks/{id}", Access::SignedIn, "Gives one task", show)
        .gives::<Task>()
        .post("/api/incidents/{id}/tasks", ASSIGN, "Gives somebody something to do", assign)
        .takes::<AssignTask>()
        .creates::<Task>()
        .post("/api/tasks/{id}/accept", DO, "Says yes to one's own task", accept)
        .gives::<Task>()
        .post("/api/tasks/{id}/decline", DO, "Says no to one's own task, with the reason", decline)
        .takes::<GiveReason>()
        .gives::<Task>()
        .post("/api/tasks/{id}/finish", DO, "Reports one's own task as done", finish)
        .takes::<FinishTask>()
        .gives::<Task>()
        .post("/api/tasks/{id}/cancel", ASSIGN, "Takes a task back, with the reason", cancel)
        .takes::<GiveReason>()
        .gives::<Task>()
        .get("/api/people", ASSIGN, "Lists people who hold a permission, by name", people)
        .asks::<PeopleQuery>()
        .gives::<Page<Holder>>()
        .merge(super::request::routes())
}

/// Which tasks are wanted.
#[derive(Debug, Default, Deserialize, JsonSchema)]
struct TaskQuery {
    incident: Option<IncidentId>,
    state: Option<WantedState>,
    /// Only those given to the caller.
    mine: Option<bool>,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct GiveReason {
    reason: String,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct FinishTask {
    report: String,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
struct PeopleQuery {
    /// The code of a permission; `task.do` when absent.
    permission: Option<String>,
}

async fn list(
    world: World,
    caller: Caller,
    Params(query): Params<TaskQuery>,
    page: Paged,
) -> Result<Json<Page<Task>>> {
    let viewer = Viewer::of(&caller)?;
    let Paged { position, limit } = page;
    let wanted =
        Wanted { incident: query.incident, state: query.state, mine: query.mine.unwrap_or(false) };
    let tasks = world.read(move |db| store::list(db, &viewer, &wanted, position, limit)).await?;
    Ok(Json(Page::cut(tasks, limit, |task| (task.assigned_at.as_millis(), task.id.to_string()))))
}

async fn show(world: World, caller: Caller, Path(id): Path<TaskId>) -> Result<Json<Task>> {
    let viewer = Viewer::of(&caller)?;
    Ok(Json(world.read(move |db| store::see(db, &viewer, id)).await?))
}

async fn assign(
    world: World,
    caller: Caller,
    key: Idempotency,
    Scoped(scope): Scoped,
    Path(id): Path<IncidentId>,
    Body(body): Body<AssignTask>,
) -> Result<Reply<Task>> {
    let new = NewTask::read(body)?;
    let viewer = Viewer::of(&caller)?;
    let reply = world
        .commit(&caller, key, move |tx| {
            let task = assign::assign(tx, &scope, id, new, None)?;
            store::load(tx, &viewer, task)
        })
        .await?;
    Ok(reply.created())
}

async fn accept(
    world: World,
    caller: Caller,
    key: Idempotency,
    Path(id): Path<TaskId>,
) -> Result<Reply<Task>> {
    step(world, caller, key, id, |task, hand| task.accept(hand)).await
}

async fn decline(
    world: World,
    caller: Caller,
    key: Idempotency,
    Path(id): Path<TaskId>,
    Body(body): Body<GiveReason>,
) -> Result<Reply<Task>> {
    let reason = text("reason", &body.reason, 1, 400)?;
    step(world, caller, key, id, move |task, hand| task.decline(hand, reason)).await
}

async fn finish(
    world: World,
    caller: Caller,
    key: Idempotency,
    Path(id): Path<TaskId>,
    Body(body): Body<FinishTask>,
) -> Result<Reply<Task>> {
    let report = text("report", &body.report, 1, 2_000)?;
    step(world, caller, key, id, move |task, hand| task.finish(hand, report)).await
}

async fn cancel(
    world: World,
    caller: Caller,
    key: Idempotency,
    Path(id): Path<TaskId>,
    Body(body): Body<GiveReason>,
) -> Result<Reply<Task>> {
    let reason = text("reason", &body.reason, 1, 400)?;
    step(world, caller, key, id, move |task, hand| task.cancel(hand, reason)).await
}

/// Load, decide, record: the same for every step of a task.
async fn step<F>(
    world: World,
    caller: Caller,
    key: Idempotency,
    id: TaskId,
    decide: F,
) -> Result<Reply<Task>>
where
    F: FnOnce(&Task, &Hand) -> Result<TaskFact> + Send + 'static,
{
    let viewer = Viewer::of(&caller)?;
    world
        .commit(&caller, key, move |tx: &mut Tx<'_>| {
            let task = store::load(tx, &viewer, id)?;
            let hand = viewer.hand(tx, &task.home)?;
            let fact = decide(&task, &hand)?;
            tx.record(Record::next(id, fact))?;
            store::load(tx, &viewer, id)
        })
        .await
}

async fn people(
    world: World,
    Scoped(scope): Scoped,
    Params(query): Params<PeopleQuery>,
) -> Result<Json<Page<Holder>>> {
    let code = query.permission.unwrap_or(DO.code.to_owned());
    let known: Option<Permission> =
        world.kit().permissions.iter().find(|permission| permission.code == code).copied();
    let known =
        known.ok_or_else(|| Error::invalid("permission", &code, "a code of /api/permissions"))?;
    let holders = world.read(move |db| people_with(db, known.code, &scope)).await?;
    Ok(Json(Page::whole(holders)))
}
