//! The door for people to segments as files: what went out, what came, what waits, and a
//! segment carried by hand.

use std::collections::BTreeSet;

use axum::body::Body;
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use base::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::inbox::{InboxState, RefusedFile, refused_files};
use super::note::{self, Given, SegmentNote};
use super::{name, outbox, sent, set_sent, upload};
use crate::db::Read;
use crate::effect::{self, Errand};
use crate::error::{Error, Result};
use crate::node::{Node, off_the_loop};
use crate::segment::{self, EXCHANGE};
use crate::web::{Body as JsonBody, Json, Params, Path};
use crate::{Caller, Idempotency, Reply, Routes, World, neighbour};

pub(super) fn routes() -> Routes {
    Routes::new()
        .get(
            "/api/segments/exchange",
            EXCHANGE,
            "Says what went out as files, what came in, and what waits",
            show,
        )
        .gives::<ExchangeState>()
        .post("/api/segments/upload", EXCHANGE, "Takes in another node's segment", take)
        .streams()
        .gives::<Uploaded>()
        .get(
            "/api/segments/for/{neighbour}",
            EXCHANGE,
            "Gives the next segment file for a neighbour, by what it may read; 204 for none",
            give,
        )
        .asks::<After>()
        .put(
            "/api/segments/for/{neighbour}/sent",
            EXCHANGE,
            "Says up to which entry a neighbour was given this node's log",
            set,
        )
        .takes::<NoteSent>()
        .gives::<Outbox>()
        .of_node()
}

/// Segments as files, both ways.
#[derive(Debug, Serialize, JsonSchema)]
struct ExchangeState {
    /// This node's name in the log.
    origin: String,
    /// The number of its newest entry.
    newest: i64,
    /// Neighbours that have an outbox here, may read something, or were sent something.
    outboxes: Vec<Outbox>,
    inbox: Inbox,
}

/// How far a neighbour was sent this node's log.
#[derive(Debug, Serialize, JsonSchema)]
struct Outbox {
    neighbour: String,
    /// Where its files are written; `null` when the configuration names no outbox for it.
    directory: Option<String>,
    /// Whether the security officer has said what it may read: nothing is written before.
    may_read: bool,
    /// Up to which entry files were ordered, or it was given them by hand; 0 for none.
    last: i64,
    ordered_at: Option<Timestamp>,
    /// The newest file that was written.
    written: Option<Written>,
    /// Files that are still to be written, and such as wait for a person (`/api/errands`).
    errands: Vec<Errand>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Written {
    file: String,
    at: Timestamp,
}

/// What came as files.
#[derive(Debug, Serialize, JsonSchema)]
struct Inbox {
    /// `null` when the configuration names none.
    directory: Option<String>,
    #[serde(flatten)]
    state: InboxState,
    /// The newest file of each node that brought something.
    taken: Vec<TakenFile>,
    /// Files that were refused, the latest first; at most a hundred. They are in `refused`
    /// below the inbox for 30 days, each with its reason beside it.
    refused: Vec<RefusedFile>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct TakenFile {
    origin: String,
    file: String,
    first: i64,
    last: i64,
    /// How many of its entries were new here.
    new: i64,
    taken_at: Timestamp,
}

/// What came of an upload.
#[derive(Debug, Serialize, JsonSchema)]
struct Uploaded {
    origin: String,
    first: i64,
    last: i64,
    new: u64,
    /// Entries that were here already.
    known: u64,
    /// New ones whose body is closed here.
    closed: u64,
    /// New ones that change no table here, for another reason.
    unapplied: u64,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct After {
    /// The last of this node's entries that the neighbour has; without it, the last that it
    /// was sent.
    after: Option<i64>,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct NoteSent {
    /// The number of an entry of this node, or 0. A smaller one than before has what follows
    /// it written once more.
    last: i64,
}

async fn show(world: World) -> Result<Json<ExchangeState>> {
    let shown = off_the_loop(move || {
        let exchange = world.kit().exchange.clone();
        let directory = exchange.config().inbox.clone();
        let refused = directory.as_deref().map(refused_files).unwrap_or_default();
        let directory = directory.map(|directory| directory.display().to_string());
        world.read_now(|db| {
            let origin = world.origin().to_owned();
            let newest = segment::position(db, &origin)?;
            let mut neighbours: BTreeSet<String> =
                exchange.config().outboxes.keys().cloned().collect();
            let known = "select origin as neighbour from neighbour_reading \
                         union select neighbour from segment_sent order by neighbour";
            for row in db.rows(known, &[])? {
                neighbours.insert(row.get("neighbour")?);
            }
            let outboxes = neighbours.iter().map(|neighbour| outbox(&world, db, neighbour));
            let outboxes = outboxes.collect::<Result<Vec<Outbox>>>()?;
            let inbox = Inbox { directory, state: exchange.inbox(), taken: taken(db)?, refused };
            Ok(ExchangeState { origin, newest, outboxes, inbox })
        })
    });
    Ok(Json(shown.await?))
}

fn outbox(world: &World, db: &mut dyn Read, neighbour: &str) -> Result<Outbox> {
    let may_read = match neighbour::reading(db, neighbour) {
        Ok(_) => true,
        Err(Error::Conflict { .. }) => false,
        Err(error) => return Err(error),
    };
    let about = outbox::subject(neighbour);
    let row = db.row(
        "select ordered_at from segment_sent where neighbour = $1",
        crate::params![neighbour],
    )?;
    let written = effect::newest_done(db, outbox::EFFECT, about)?;
    let directory = world.kit().exchange.config().outboxes.get(neighbour);
    Ok(Outbox {
        neighbour: neighbour.to_owned(),
        directory: directory.map(|directory| directory.display().to_string()),
        may_read,
        last: sent(db, neighbour)?,
        ordered_at: row.map(|row| row.get("ordered_at")).transpose()?,
        written: written
            .map(|errand| Written { file: errand.said.unwrap_or_default(), at: errand.changed_at }),
        errands: effect::open_errands(db, outbox::EFFECT, about)?,
    })
}

fn taken(db: &mut dyn Read) -> Result<Vec<TakenFile>> {
    let rows = db.rows(
        "select origin, file, first, last, fresh, taken_at from segment_taken order by origin",
        &[],
    )?;
    let read = rows.iter().map(|row| {
        Ok(TakenFile {
            origin: row.get("origin")?,
            file: row.get("file")?,
            first: row.get("first")?,
            last: row.get("last")?,
            new: row.get("fresh")?,
            taken_at: row.get("taken_at")?,
        })
    });
    read.collect()
}

/// A body that the handler reads by itself.
struct Raw(Body);

impl FromRequest<Node> for Raw {
    type Rejection = Error;

    async fn from_request(request: Request, _: &Node) -> Result<Raw> {
        Ok(Raw(request.into_body()))
    }
}

async fn take(world: World, caller: Caller, Raw(body): Raw) -> Result<Json<Uploaded>> {
    let exchange = world.kit().exchange.clone();
    let (head, taken) = upload::take(&exchange.0.uploads, world, caller, body).await?;
    Ok(Json(Uploaded {
        origin: head.origin,
        first: head.first,
        last: head.last,
        new: taken.new,
        known: taken.known,
        closed: taken.closed,
        unapplied: taken.unapplied,
    }))
}

/// Nothing leaves before the trail holds that it does.
async fn give(
    world: World,
    caller: Caller,
    Path(neighbour): Path<String>,
    Params(query): Params<After>,
) -> Result<Response> {
    let written = off_the_loop(move || {
        let wanted = world.read_now(|db| {
            known(db, &neighbour)?;
            let after = query.after.map_or_else(|| sent(db, &neighbour), Ok)?;
            if after < 0 {
                return Err(Error::invalid("after", after, "0 or the number of an entry"));
            }
            segment::next_for(db, world.origin(), &neighbour, after)
        })?;
        let Some(wanted) = wanted else { return Ok(None) };
        let mut bytes = Vec::new();
        let Some(head) = segment::write(&world, &wanted, &mut bytes)? else { return Ok(None) };
        let name = name::file_name(world.origin(), head.first, head.last, &neighbour);
        let given = Given { neighbour, first: head.first, last: head.last };
        world.run_as(&caller, |tx| note::put(tx, SegmentNote::Given(given)))?;
        Ok(Some((name, bytes)))
    });
    Ok(match written.await? {
        None => StatusCode::NO_CONTENT.into_response(),
        Some((name, bytes)) => {
            let disposition = format!("attachment; filename=\"{name}\"");
            let headers = [
                ("content-type", "application/x-ndjson".to_owned()),
                ("content-disposition", disposition),
                ("cache-control", "no-store".to_owned()),
            ];
            (headers, bytes).into_response()
        }
    })
}

async fn set(
    world: World,
    caller: Caller,
    key: Idempotency,
    Path(neighbour): Path<String>,
    JsonBody(body): JsonBody<NoteSent>,
) -> Result<Reply<Outbox>> {
    let this = world.clone();
    let reply = world.commit(&caller, key, move |tx| {
        known(tx, &neighbour)?;
        set_sent(tx, &neighbour, body.last)?;
        outbox(&this, tx, &neighbour)
    });
    reply.await
}

/// Refuses a node about which nobody here has said anything.
fn known(db: &mut dyn Read, neighbour: &str) -> Result<()> {
    let row = db.row(
        "select 1 as known from neighbour_key where origin = $1 \
         union select 1 as known from neighbour_reading where origin = $1",
        crate::params![neighbour],
    )?;
    row.map(|_| ()).ok_or(Error::not_found("neighbour"))
}
