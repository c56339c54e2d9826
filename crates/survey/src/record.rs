//! Registers, as a door for people has them: what is kept in one is listed, said anew as a
//! whole, goes through its life step by step, and is what it was on any day (ADR 23).
//!
//! A register says here how it loads, decides and shows; the doors below are the same for
//! every one of them. `enterprise/routes.rs` and `site/routes.rs` mount them.

use std::collections::{BTreeSet, HashMap};
use std::hash::Hash;
use std::pin::Pin;

use base::{Id, Timestamp};
use host::db::FromValue;
use host::sealed::Keys;
use host::web::{Body, Idempotency, Json, Paged, Params, Path, Scoped};
use host::{Caller, Entry, Error, Page, Read, Reply, Result, Scope, Tx, Value, World};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::history::{self, Said, Version};
use crate::life::{Step, TurnDetails};
use crate::search::Points;

/// A register whose records all go through the same doors.
pub(crate) trait Register: 'static {
    /// What a record is called when it is not found.
    const NOUN: &'static str;

    type Id: Copy + Into<Id> + DeserializeOwned + Send + 'static;
    /// A record as the tables have it.
    type Record: Send + 'static;
    /// What a fact says of one.
    type Description: Clone + Serialize + JsonSchema + Send + 'static;
    /// What a person says of one, and of a new one.
    type Details: DeserializeOwned + JsonSchema + Send + 'static;
    type New: DeserializeOwned + JsonSchema + Send + 'static;
    /// A record as the API gives it, and as a map draws it.
    type View: Serialize + JsonSchema + Send + 'static;
    type Point: Serialize + JsonSchema + Send + 'static;
    /// Which records are wanted.
    type Query: DeserializeOwned + JsonSchema + Send + 'static;

    fn load(db: &mut dyn Read, scope: &Scope, id: Self::Id) -> Result<Self::Record>;

    /// Records by age, the oldest first, after a place of the list; at most `limit`.
    fn list(
        db: &mut dyn Read,
        scope: &Scope,
        query: Self::Query,
        page: &Paged,
    ) -> Result<Vec<Self::View>>;

    /// Where a list goes on after this one.
    fn place(view: &Self::View) -> (i64, String);

    /// At most `limit` that a map can draw.
    fn points(db: &mut dyn Read, scope: &Scope, limit: i64) -> Result<Vec<Self::Point>>;

    fn view(
        db: &mut dyn Read,
        scope: &Scope,
        keys: &Keys,
        record: Self::Record,
    ) -> Result<Self::View>;

    /// As it was: who sees it is decided by what it is now.
    fn view_then(
        db: &mut dyn Read,
        scope: &Scope,
        now: Self::Record,
        then: Version<Self::Description>,
    ) -> Result<Self::View>;

    /// What a fact about one says of it.
    fn said(entry: &Entry) -> Option<Said<Self::Description>>;

    fn register_in(tx: &mut Tx<'_>, scope: &Scope, new: &Self::New) -> Result<Self::Record>;

    /// By whoever has read this revision of it.
    fn change_in(
        tx: &mut Tx<'_>,
        scope: &Scope,
        id: Self::Id,
        change: (i64, Self::Details),
    ) -> Result<Self::Record>;

    fn turn_in(
        tx: &mut Tx<'_>,
        scope: &Scope,
        id: Self::Id,
        turn: (Step, &TurnDetails),
    ) -> Result<Self::Record>;
}

/// As of when.
#[derive(Debug, Default, Deserialize, JsonSchema)]
pub(crate) struct AtQuery {
    /// As the register had it at this moment; now when absent.
    pub at: Option<Timestamp>,
}

/// Says anew all that is said of a record.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[schemars(rename = "Change{D}")]
pub(crate) struct Change<D> {
    /// The revision that was read; a newer one refuses it.
    revision: i64,
    details: D,
}

pub(crate) async fn list<R: Register>(
    world: World,
    Scoped(scope): Scoped,
    Params(query): Params<R::Query>,
    page: Paged,
) -> Result<Json<Page<R::View>>> {
    let limit = page.limit;
    let views = world.read(move |db| R::list(db, &scope, query, &page)).await?;
    Ok(Json(Page::cut(views, limit, R::place)))
}

pub(crate) async fn points<R: Register>(
    world: World,
    Scoped(scope): Scoped,
) -> Result<Json<Points<R::Point>>> {
    let points = world.read(move |db| R::points(db, &scope, Points::<R::Point>::ASKED)).await?;
    Ok(Json(Points::cut(points)))
}

pub(crate) async fn load<R: Register>(
    world: World,
    caller: Caller,
    Scoped(scope): Scoped,
    Path(id): Path<R::Id>,
    Params(query): Params<AtQuery>,
) -> Result<Json<R::View>> {
    let (keys, kit) = (world.keys().clone(), world.kit().clone());
    let view = world.read(move |db| {
        let now = R::load(db, &scope, id)?;
        let Some(moment) = query.at else { return R::view(db, &scope, &keys, now) };
        let versions = history::of(db, &kit, (&caller, id.into()), R::said)?;
        let then = history::at(versions, moment).ok_or(Error::not_found(R::NOUN))?;
        R::view_then(db, &scope, now, then)
    });
    Ok(Json(view.await?))
}

pub(crate) async fn versions<R: Register>(
    world: World,
    caller: Caller,
    Scoped(scope): Scoped,
    Path(id): Path<R::Id>,
) -> Result<Json<Page<Version<R::Description>>>> {
    let kit = world.kit().clone();
    let versions = world.read(move |db| {
        R::load(db, &scope, id)?;
        history::of(db, &kit, (&caller, id.into()), R::said)
    });
    Ok(Json(Page::whole(versions.await?)))
}

pub(crate) async fn register<R: Register>(
    world: World,
    caller: Caller,
    key: Idempotency,
    Scoped(scope): Scoped,
    Body(new): Body<R::New>,
) -> Result<Reply<R::View>> {
    let made = move |tx: &mut Tx<'_>, scope: &Scope| R::register_in(tx, scope, &new);
    Ok(commit::<R>(world, caller, key, scope, made).await?.created())
}

pub(crate) async fn change<R: Register>(
    world: World,
    caller: Caller,
    key: Idempotency,
    Scoped(scope): Scoped,
    Path(id): Path<R::Id>,
    Body(Change { revision, details }): Body<Change<R::Details>>,
) -> Result<Reply<R::View>> {
    let changed =
        move |tx: &mut Tx<'_>, scope: &Scope| R::change_in(tx, scope, id, (revision, details));
    commit::<R>(world, caller, key, scope, changed).await
}

/// The door of one step of its life.
pub(crate) fn turn<R: Register>(step: Step) -> impl TurnDoor<R> {
    move |world, caller, key, Scoped(scope), Path(id), Body(said): Body<TurnDetails>| {
        let turned = move |tx: &mut Tx<'_>, scope: &Scope| R::turn_in(tx, scope, id, (step, &said));
        let reply: Turned<R> = Box::pin(commit::<R>(world, caller, key, scope, turned));
        reply
    }
}

type Turned<R> = Pin<Box<dyn Future<Output = Result<Reply<<R as Register>::View>>> + Send>>;

/// What a door takes that is the same for all steps.
pub(crate) trait TurnDoor<R: Register>:
    Fn(World, Caller, Idempotency, Scoped, Path<R::Id>, Body<TurnDetails>) -> Turned<R>
    + Clone
    + Send
    + Sync
    + 'static
{
}

impl<R: Register, F> TurnDoor<R> for F where
    F: Fn(World, Caller, Idempotency, Scoped, Path<R::Id>, Body<TurnDetails>) -> Turned<R>
        + Clone
        + Send
        + Sync
        + 'static
{
}

/// Decides, and answers with the record as it is then.
pub(crate) async fn commit<R: Register>(
    world: World,
    caller: Caller,
    key: Idempotency,
    scope: Scope,
    decide: impl FnOnce(&mut Tx<'_>, &Scope) -> Result<R::Record> + Send + 'static,
) -> Result<Reply<R::View>> {
    let keys = world.keys().clone();
    let reply = world.commit(&caller, key, move |tx| {
        let record = decide(tx, &scope)?;
        R::view(tx, &scope, &keys, record)
    });
    reply.await
}

/// What records are called, for whoever sees what names them.
///
/// - `statement`: makes the statement out of the places of some ids, `$1, $2`; it selects
///   `id` and `name`.
pub(crate) fn names<I>(
    db: &mut dyn Read,
    ids: impl Iterator<Item = I>,
    statement: fn(&str) -> String,
) -> Result<HashMap<I, String>>
where
    I: Copy + Eq + Hash + Ord + FromValue,
    Value: From<I>,
{
    let ids: BTreeSet<I> = ids.collect();
    let values: Vec<Value> = ids.iter().map(|id| Value::from(*id)).collect();
    let mut names = HashMap::with_capacity(ids.len());
    for values in values.chunks(200) {
        let places: Vec<String> = (1..=values.len()).map(|place| format!("${place}")).collect();
        for row in db.rows(&statement(&places.join(", ")), values)? {
            names.insert(row.get("id")?, row.get("name")?);
        }
    }
    Ok(names)
}
