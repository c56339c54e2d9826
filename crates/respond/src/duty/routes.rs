//! The desk's door for people.

use axum::response::{IntoResponse as _, Response};
use base::Id;
use host::web::{Body, Idempotency, Json, Scoped};
use host::{Caller, Error, Result, Routes, World};
use schemars::JsonSchema;
use serde::Deserialize;

use super::READ;
use super::claim;
use super::model::{Desk, ItemKind};
use super::queue;
use crate::person::Person;

pub(crate) fn routes() -> Routes {
    Routes::new()
        .get("/api/duty", READ, "Gives the caller's duty desk: queue, clocks, log", desk)
        .gives::<Desk>()
        .post("/api/duty/claims", READ, "Takes an item, or takes it over", claim_item)
        .takes::<ClaimItem>()
}

#[derive(Debug, Deserialize, JsonSchema)]
struct ClaimItem {
    kind: ItemKind,
    id: Id,
}

async fn desk(world: World, caller: Caller) -> Result<Json<Desk>> {
    let asked = world.clone();
    // Before the read: what is recorded meanwhile is told by the live connection.
    let (end, now) = (world.last_seq(), world.clock().now());
    let desk = world.read(move |db| queue::desk(db, &asked, &caller, end, now)).await?;
    Ok(Json(desk))
}

/// `POST /api/duty/claims`: only what stands on the caller's own desk can be taken;
/// taking what one has already changes nothing.
async fn claim_item(
    world: World,
    caller: Caller,
    key: Idempotency,
    Scoped(scope): Scoped,
    Body(body): Body<ClaimItem>,
) -> Result<Response> {
    let now = world.clock().now();
    let (seeker, keys) = (caller.clone(), world.keys().clone());
    // Outside the writer: looking for one item walks the whole desk.
    let item = world
        .read(move |db| queue::find(db, &keys, &seeker, now, (body.kind, body.id)))
        .await?
        .ok_or(Error::not_found("item"))?;
    let by = Person::of(&caller);
    let reply = world
        .commit(&caller, key, move |tx| {
            let before = claim::of(tx, std::iter::once(item.id))?.remove(&(item.kind, item.id));
            let from = before.map(|claim| claim.person);
            if from.as_ref().is_some_and(|person| person.person == by.person) {
                return Ok(());
            }
            // What only reaches this desk is another's to take, unless it waits for this
            // officer.
            if item.action.is_none() && tx.find_home(item.id)?.is_some() {
                tx.require_home(&scope, item.id)?;
            }
            claim::record(tx, &item, by, from, None)
        })
        .await?;
    let mut response = axum::http::StatusCode::NO_CONTENT.into_response();
    if let Some(seq) = reply.seq() {
        response.headers_mut().insert("fengsui-seq", axum::http::HeaderValue::from(seq));
    }
    Ok(response)
}
