//! The sheet's door for people.

use std::collections::BTreeSet;

use base::AdminCode;
use host::scope::Place;
use host::web::{Body, Idempotency, Json, Paged, Params, Path, Scoped};
use host::{Caller, Home, Page, Reply, Result, Routes, Tx, World};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use trust::account::Holder;

use super::act::{self, Hand, WriteHandover};
use super::model::{Handover, HandoverId, LineKey, State};
use super::{READ, WRITE, store};
use crate::person::Person;

pub(crate) fn routes() -> Routes {
    Routes::new()
        .get("/api/handovers", READ, "Lists sheets, newest first, without their lines", list)
        .asks::<HandoverQuery>()
        .paged()
        .gives::<Page<Handover>>()
        .post("/api/handovers", WRITE, "Opens the sheet of a desk", begin)
        .takes::<BeginHandover>()
        .creates::<Handover>()
        .get("/api/handovers/desks", WRITE, "The desks that the caller may hand over", desks)
        .gives::<Page<HandoverDesk>>()
        .get("/api/handovers/people", WRITE, "Who may take a desk over, by name", people)
        .asks::<TakerQuery>()
        .gives::<Page<Holder>>()
        .get("/api/handovers/{id}", READ, "One sheet; a draft's lines are live", show)
        .gives::<Handover>()
        .put("/api/handovers/{id}", WRITE, "Says who takes what, and notes", write)
        .takes::<WriteHandover>()
        .gives::<Handover>()
        .post("/api/handovers/{id}/sign", WRITE, "The first signature: who hands over", sign)
        .takes::<SignHandover>()
        .gives::<Handover>()
        .post("/api/handovers/{id}/receive", WRITE, "The second: who takes over", receive)
        .takes::<ReceiveHandover>()
        .gives::<Handover>()
        .post("/api/handovers/{id}/return", WRITE, "Sends a signed sheet back", turn_back)
        .takes::<TurnHandover>()
        .gives::<Handover>()
        .post("/api/handovers/{id}/withdraw", WRITE, "Takes an open sheet away", withdraw)
        .takes::<TurnHandover>()
        .gives::<Handover>()
}

/// Which sheets are wanted.
#[derive(Debug, Default, Deserialize, JsonSchema)]
struct HandoverQuery {
    state: Option<State>,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct BeginHandover {
    region: AdminCode,
    /// Why it is not who took the desk over last; 2 to 200 characters.
    reason: Option<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct TakerQuery {
    /// The region of the desk.
    region: AdminCode,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct SignHandover {
    /// The one that was read.
    revision: i64,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct ReceiveHandover {
    /// At most 2 000 characters.
    #[serde(default)]
    note: String,
    /// Which of the critical lines that came after the first signature were read.
    #[serde(default)]
    confirmed: Vec<LineKey>,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct TurnHandover {
    /// 2 to 200 characters.
    reason: String,
}

/// A desk that the caller may hand over.
#[derive(Debug, Serialize, JsonSchema)]
struct HandoverDesk {
    region: AdminCode,
    region_name: String,
    /// Who took it over last.
    on_duty: Option<Person>,
    since: Option<base::Timestamp>,
    /// The number of its open sheet.
    open: Option<String>,
}

async fn list(
    world: World,
    Scoped(scope): Scoped,
    Params(query): Params<HandoverQuery>,
    page: Paged,
) -> Result<Json<Page<Handover>>> {
    let Paged { position, limit } = page;
    let sheets =
        world.read(move |db| store::list(db, &scope, query.state, position, limit)).await?;
    Ok(Json(Page::cut(sheets, limit, |it| (it.begun_at.as_millis(), it.id.to_string()))))
}

async fn desks(world: World, caller: Caller) -> Result<Json<Page<HandoverDesk>>> {
    let mut regions = BTreeSet::new();
    for grant in caller.grants.iter() {
        if let Place::Region(region) = &grant.place
            && grant.permissions.iter().any(|code| code == WRITE.code)
        {
            regions.insert(region.clone());
        }
    }
    let origin = world.origin().to_owned();
    let desks = world
        .read(move |db| {
            let mut desks = Vec::new();
            for (region, region_name) in atlas::region::names(db, &regions)? {
                let last = store::last_at(db, &origin, &region, caller.org)?;
                let open = store::open_at(db, &origin, &region, caller.org)?;
                let (on_duty, since) = last.unzip();
                desks.push(HandoverDesk { region, region_name, on_duty, since, open });
            }
            Ok(desks)
        })
        .await?;
    Ok(Json(Page::whole(desks)))
}

async fn people(
    world: World,
    Scoped(scope): Scoped,
    Params(query): Params<TakerQuery>,
) -> Result<Json<Page<Holder>>> {
    let desk = Home::region(query.region);
    let found = world.read(move |db| act::takers(db, &scope, &desk)).await?;
    Ok(Json(Page::whole(found)))
}

async fn show(
    world: World,
    caller: Caller,
    Scoped(scope): Scoped,
    Path(id): Path<HandoverId>,
) -> Result<Json<Handover>> {
    let (end, now, asked) = (world.last_seq(), world.clock().now(), world.clone());
    let sheet = world
        .read(move |db| {
            let hand = Hand { kit: asked.kit(), caller: &caller, scope: &scope, end };
            let sheet = store::load(db, &scope, id)?;
            act::complete(db, &hand, (asked.keys(), now), sheet)
        })
        .await?;
    Ok(Json(sheet))
}

async fn begin(
    world: World,
    caller: Caller,
    key: Idempotency,
    Scoped(scope): Scoped,
    Body(body): Body<BeginHandover>,
) -> Result<Reply<Handover>> {
    let step = |tx: &mut Tx<'_>, hand: &Hand<'_>| act::begin(tx, hand, (body.region, body.reason));
    Ok(commit(world, caller, key, scope, step).await?.created())
}

async fn write(
    world: World,
    caller: Caller,
    key: Idempotency,
    Scoped(scope): Scoped,
    Path(id): Path<HandoverId>,
    Body(body): Body<WriteHandover>,
) -> Result<Reply<Handover>> {
    commit(world, caller, key, scope, move |tx, hand| act::write(tx, hand, id, body).map(|()| id))
        .await
}

async fn sign(
    world: World,
    caller: Caller,
    key: Idempotency,
    Scoped(scope): Scoped,
    Path(id): Path<HandoverId>,
    Body(body): Body<SignHandover>,
) -> Result<Reply<Handover>> {
    commit(world, caller, key, scope, move |tx, hand| {
        act::sign(tx, hand, id, body.revision).map(|()| id)
    })
    .await
}

async fn receive(
    world: World,
    caller: Caller,
    key: Idempotency,
    Scoped(scope): Scoped,
    Path(id): Path<HandoverId>,
    Body(body): Body<ReceiveHandover>,
) -> Result<Reply<Handover>> {
    commit(world, caller, key, scope, move |tx, hand| {
        act::receive(tx, hand, id, (&body.note, &body.confirmed)).map(|()| id)
    })
    .await
}

async fn turn_back(
    world: World,
    caller: Caller,
    key: Idempotency,
    Scoped(scope): Scoped,
    Path(id): Path<HandoverId>,
    Body(body): Body<TurnHandover>,
) -> Result<Reply<Handover>> {
    commit(world, caller, key, scope, move |tx, hand| {
        act::turn_back(tx, hand, id, &body.reason).map(|()| id)
    })
    .await
}

async fn withdraw(
    world: World,
    caller: Caller,
    key: Idempotency,
    Scoped(scope): Scoped,
    Path(id): Path<HandoverId>,
    Body(body): Body<TurnHandover>,
) -> Result<Reply<Handover>> {
    commit(world, caller, key, scope, move |tx, hand| {
        act::withdraw(tx, hand, id, &body.reason).map(|()| id)
    })
    .await
}

/// Does one step and answers the sheet as it is then: the same for all of them.
async fn commit<F>(
    world: World,
    caller: Caller,
    key: Idempotency,
    scope: host::Scope,
    step: F,
) -> Result<Reply<Handover>>
where
    F: FnOnce(&mut Tx<'_>, &Hand<'_>) -> Result<HandoverId> + Send + 'static,
{
    let (who, kit, end) = (caller.clone(), world.kit().clone(), world.last_seq());
    let reply = world.commit(&caller, key, move |tx| {
        let hand = Hand { kit: &kit, caller: &who, scope: &scope, end };
        let id = step(tx, &hand)?;
        let (keys, now) = (tx.keys().clone(), tx.now());
        let sheet = store::load(tx, &scope, id)?;
        act::complete(tx, &hand, (&keys, now), sheet)
    });
    reply.await
}
