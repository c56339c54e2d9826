//! The doors of received warnings.

use std::sync::Arc;

use axum::body::Body;
use base::AdminCode;
use host::web::{Json, Paged, Params, Path, Scoped, whole as whole_body};
use host::{Caller, Error, Page, Result, Routes, Scope, World};
use schemars::JsonSchema;
use serde::Deserialize;
use tokio::sync::Semaphore;
use wire::cap::Limits;

use super::store::Standing;
use super::take::{Outcome, original, take};
use super::view::{ReceivedView, RejectView, WholeView, reject, view, whole};
use super::{READ, ReceivedId, TAKE, store};

/// What comes in at one time: each may be held in memory.
const AT_ONCE: usize = 4;

/// - `region`: where what concerns no division of the register is at home.
pub(crate) fn routes(region: Option<AdminCode>) -> Routes {
    let places = Arc::new(Semaphore::new(AT_ONCE));
    let bring =
        move |world, caller, body| bring(Arc::clone(&places), region.clone(), world, caller, body);
    Routes::new()
        .get(
            "/api/received-warnings",
            READ,
            "Lists the messages of other authorities, newest first",
            list,
        )
        .asks::<ReceivedQuery>()
        .paged()
        .gives::<Page<ReceivedView>>()
        .post(
            "/api/received-warnings",
            TAKE,
            "Takes a CAP message, or a feed that carries some, as it came",
            bring,
        )
        .streams()
        .gives::<Outcome>()
        .get(
            "/api/received-warnings/{id}",
            READ,
            "Shows a received message with its chain and its original",
            show,
        )
        .gives::<WholeView>()
        .get("/api/received-warnings/{id}/original", READ, "Gives the bytes that came", original_of)
        .get(
            "/api/received-rejects",
            READ,
            "Lists what came and was no message, newest first",
            rejects,
        )
        .paged()
        .gives::<Page<RejectView>>()
        .get(
            "/api/received-rejects/{id}/original",
            READ,
            "Gives the bytes that were refused",
            original_of_reject,
        )
}

/// Which messages are wanted.
#[derive(Debug, Default, Deserialize, JsonSchema)]
struct ReceivedQuery {
    /// `open`: in force; `ended`: all others.
    standing: Option<Standing>,
}

async fn list(
    world: World,
    Scoped(scope): Scoped,
    Params(query): Params<ReceivedQuery>,
    page: Paged,
) -> Result<Json<Page<ReceivedView>>> {
    world
        .read(move |db| {
            let found = store::list(db, &scope, query.standing, &page)?;
            let cut =
                Page::cut(found, page.limit, |it| (it.received_at.as_millis(), it.id.to_string()));
            let items = cut.items.into_iter().map(view).collect();
            Ok(Json(Page { items, next: cut.next }))
        })
        .await
}

async fn bring(
    places: Arc<Semaphore>,
    region: Option<AdminCode>,
    world: World,
    caller: Caller,
    body: Body,
) -> Result<Json<Outcome>> {
    // What is brought is at home where the node is: who holds that, or it is not found.
    let scope: Scope = caller.scope(TAKE)?;
    let place = places.acquire_owned().await.map_err(|_| Error::Busy("the node closes"))?;
    let limit = Limits::default().bytes;
    let outcome = whole_body(body, place, limit, move |bytes| {
        if let Some(region) = &region {
            let home = host::Home::region(region.clone()).class(host::Class::Public);
            world.read_now(|db| scope.require(db, &home))?;
        }
        take(&world, &caller, region.as_ref(), &bytes)
    })
    .await?;
    match outcome.refused.first() {
        Some(reason) if outcome.taken.is_empty() && outcome.known.is_empty() => {
            Err(Error::Invalid {
                field: "message".to_owned(),
                seen: reason.clone(),
                expected: "a message of CAP, or a feed that carries some".to_owned(),
            })
        }
        _ => Ok(Json(outcome)),
    }
}

async fn show(
    world: World,
    Scoped(scope): Scoped,
    Path(id): Path<ReceivedId>,
) -> Result<Json<WholeView>> {
    let of = world.clone();
    world
        .read(move |db| {
            let received = store::load(db, &scope, id)?;
            let chain = store::chain(db, &scope, &received)?;
            Ok(Json(whole(&of, received, chain)))
        })
        .await
}

/// Bytes from outside, as a file to keep: never as something that a browser runs.
type File = ([(&'static str, &'static str); 3], Vec<u8>);

fn file(bytes: Option<Vec<u8>>) -> Result<File> {
    let headers = [
        ("content-type", "application/octet-stream"),
        ("content-disposition", "attachment; filename=\"original.xml\""),
        ("x-content-type-options", "nosniff"),
    ];
    Ok((headers, bytes.ok_or(Error::not_found("original"))?))
}

async fn original_of(
    world: World,
    Scoped(scope): Scoped,
    Path(id): Path<ReceivedId>,
) -> Result<File> {
    let of = world.clone();
    world.read(move |db| file(original(&of, &store::load(db, &scope, id)?.documents))).await
}

async fn rejects(
    world: World,
    Scoped(scope): Scoped,
    page: Paged,
) -> Result<Json<Page<RejectView>>> {
    world
        .read(move |db| {
            let found = store::rejects(db, &scope, &page)?;
            let cut =
                Page::cut(found, page.limit, |it| (it.received_at.as_millis(), it.id.to_string()));
            let items = cut.items.into_iter().map(reject).collect();
            Ok(Json(Page { items, next: cut.next }))
        })
        .await
}

async fn original_of_reject(
    world: World,
    Scoped(scope): Scoped,
    Path(id): Path<ReceivedId>,
) -> Result<File> {
    let of = world.clone();
    world.read(move |db| file(original(&of, &store::reject(db, &scope, id)?.documents))).await
}
