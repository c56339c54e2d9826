//! The door for people: ladders.

use std::collections::BTreeSet;

use base::{AdminCode, Level, Timestamp};
use host::web::{Body, Idempotency, Json, Paged, Params, Path, Scoped};
use host::{Caller, Error, Page, Read, Reply, Result, Routes, World};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use trust::contact::{self, ContactId};

use super::store::{self, Ladder};
use super::{Channel, LadderId, MANAGE, Plan, READ, change};

pub(crate) fn routes() -> Routes {
    Routes::new()
        .get("/api/ladders", READ, "Lists ladders, the oldest first", list)
        .asks::<LadderQuery>()
        .paged()
        .gives::<Page<LadderView>>()
        .post("/api/ladders", MANAGE, "Draws a ladder for a region", draw)
        .takes::<DrawLadder>()
        .creates::<LadderView>()
        .get("/api/ladders/default", READ, "What a new ladder starts with, and why", default)
        .gives::<LadderDefault>()
        .get("/api/ladders/{id}", READ, "One ladder, with its people by name", show)
        .gives::<LadderView>()
        .put("/api/ladders/{id}", MANAGE, "Says anew what a ladder says", change_one)
        .takes::<ChangeLadder>()
        .gives::<LadderView>()
        .post("/api/ladders/{id}/retire", MANAGE, "Retires a ladder, with the reason", retire)
        .takes::<RetireLadder>()
        .gives::<LadderView>()
}

/// Which ladders are wanted.
#[derive(Debug, Default, Deserialize, JsonSchema)]
struct LadderQuery {
    /// Retired ones too.
    retired: Option<bool>,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct DrawLadder {
    region: AdminCode,
    plan: Plan,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct ChangeLadder {
    /// The one that was read.
    revision: i64,
    plan: Plan,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct RetireLadder {
    /// 2 to 200 characters.
    reason: String,
}

/// What a new ladder starts with.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
struct LadderDefault {
    title: String,
    /// Where it comes from, and how far that goes.
    source: String,
    edition: String,
    /// How sure we are: `high`, `medium` or `low`.
    confidence: String,
    levels: Vec<Level>,
    channels: Vec<Channel>,
    wait_minutes: u16,
}

/// A ladder as the API gives it.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Ladder")]
struct LadderView {
    id: LadderId,
    /// Goes up with each change; a change says which one was read.
    revision: i64,
    region: Option<AdminCode>,
    region_name: Option<String>,
    plan: Plan,
    /// Everybody of its steps, as they are called now.
    people: Vec<LadderPerson>,
    retired: bool,
    reason: Option<String>,
    drawn_at: Timestamp,
    changed_at: Timestamp,
}

/// Somebody of a ladder, as they are called now.
#[derive(Debug, Serialize, JsonSchema)]
struct LadderPerson {
    id: ContactId,
    name: String,
    duty: String,
    /// They are told no more: the ladder wants another.
    retired: bool,
}

async fn list(
    world: World,
    Scoped(scope): Scoped,
    Params(query): Params<LadderQuery>,
    page: Paged,
) -> Result<Json<Page<LadderView>>> {
    let (limit, retired) = (page.limit, query.retired.unwrap_or(false));
    let views = move |db: &mut dyn Read| -> Result<Vec<LadderView>> {
        let found = store::list(db, &scope, retired, &page)?;
        found.into_iter().map(|ladder| view(db, ladder)).collect()
    };
    let views = world.read(views).await?;
    Ok(Json(Page::cut(views, limit, |it| (it.drawn_at.as_millis(), it.id.to_string()))))
}

async fn default() -> Result<Json<LadderDefault>> {
    let read = serde_json::from_str(include_str!("default.json"));
    read.map(Json).map_err(|error| Error::Internal(format!("default.json: {error}")))
}

async fn show(
    world: World,
    Scoped(scope): Scoped,
    Path(id): Path<LadderId>,
) -> Result<Json<LadderView>> {
    let one = move |db: &mut dyn Read| {
        let ladder = store::load(db, &scope, id)?;
        view(db, ladder)
    };
    Ok(Json(world.read(one).await?))
}

async fn draw(
    world: World,
    caller: Caller,
    key: Idempotency,
    Scoped(scope): Scoped,
    Body(DrawLadder { region, plan }): Body<DrawLadder>,
) -> Result<Reply<LadderView>> {
    let plan = plan.checked()?;
    let reply = world.commit(&caller, key, move |tx| {
        let ladder = change::draw_in(tx, &scope, (region, plan))?;
        view(tx, ladder)
    });
    Ok(reply.await?.created())
}

async fn change_one(
    world: World,
    caller: Caller,
    key: Idempotency,
    Scoped(scope): Scoped,
    Path(id): Path<LadderId>,
    Body(ChangeLadder { revision, plan }): Body<ChangeLadder>,
) -> Result<Reply<LadderView>> {
    let plan = plan.checked()?;
    let reply = world.commit(&caller, key, move |tx| {
        let ladder = change::change_in(tx, &scope, id, (revision, plan))?;
        view(tx, ladder)
    });
    reply.await
}

async fn retire(
    world: World,
    caller: Caller,
    key: Idempotency,
    Scoped(scope): Scoped,
    Path(id): Path<LadderId>,
    Body(RetireLadder { reason }): Body<RetireLadder>,
) -> Result<Reply<LadderView>> {
    let reply = world.commit(&caller, key, move |tx| {
        let ladder = change::retire_in(tx, &scope, id, &reason)?;
        view(tx, ladder)
    });
    reply.await
}

fn view(db: &mut dyn Read, ladder: Ladder) -> Result<LadderView> {
    let Ladder { id, home, revision, plan, is_retired, reason, drawn_at, changed_at } = ladder;
    let region_name = match &home.region {
        Some(code) => atlas::region::names(db, &BTreeSet::from([code.clone()]))?.remove(code),
        None => None,
    };
    let ids: BTreeSet<ContactId> =
        plan.steps.iter().flat_map(|step| step.contacts.iter().copied()).collect();
    let ids: Vec<ContactId> = ids.into_iter().collect();
    let people = contact::find_all(db, &ids)?;
    let people = people.into_iter().map(|it| LadderPerson {
        id: it.id,
        name: it.description.name,
        duty: it.description.duty,
        retired: it.is_retired,
    });
    Ok(LadderView {
        id,
        revision,
        region: home.region,
        region_name,
        plan,
        people: people.collect(),
        retired: is_retired,
        reason,
        drawn_at,
        changed_at,
    })
}
