//! Held frames: what was stored raw while a point of it had no sensor, so that it is
//! read again when somebody has mapped the point.
//!
//! In: frames with values that found no sensor, from `intake`. Out: the same frames to
//! `intake` again, after the station's sensors changed or when a person asks. Tables:
//! `held_frame`, working state, the newest 2 000 of each station; `replay_asked`.

use base::{Id, Timestamp};
use host::document::DocumentRef;
use host::web::{Body, Idempotency, Json, Path, Scoped};
use host::{Caller, Error, Read, Reply, Result, Routes, Slice, Table, Tx, World, params};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::station::{self, READ, REGISTER, StationId};

const FRAMES_HELD: i64 = 2_000;

const TABLES: &[Table] = &[Table::working("held_frame"), Table::working("replay_asked")];

pub(crate) fn slice() -> Slice {
    Slice::without_facts("held", TABLES, READ)
}

/// A frame of which something found no sensor.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Held {
    pub id: Id,
    pub station: StationId,
    pub received: Timestamp,
    pub source: String,
    /// The raw bytes, in order.
    pub documents: Vec<DocumentRef>,
}

pub(crate) fn save(tx: &mut Tx<'_>, station: StationId, frames: &[Held]) -> Result<()> {
    for held in frames {
        let documents = serde_json::json!(held.documents).to_string();
        tx.work().run(
            "insert into held_frame (id, station, received, source, documents) \
             values ($1, $2, $3, $4, $5) on conflict (id) do nothing",
            params![held.id, station, held.received, &held.source, documents],
        )?;
    }
    tx.work().run(
        "delete from held_frame where station = $1 and id < (select min(id) from \
         (select id from held_frame where station = $1 order by id desc limit $2) as newest)",
        params![station, FRAMES_HELD],
    )?;
    Ok(())
}

/// Forgets frames that say nothing more that has no sensor.
pub(crate) fn release(tx: &mut Tx<'_>, frames: &[Id]) -> Result<()> {
    for id in frames {
        tx.work().run("delete from held_frame where id = $1", params![*id])?;
    }
    Ok(())
}

/// Held frames of a station after one of them, the oldest first.
pub(crate) fn after(
    db: &mut dyn Read,
    station: StationId,
    after: Option<Id>,
    limit: i64,
) -> Result<Vec<Held>> {
    let after = after.unwrap_or(Id::from_u128(0));
    let rows = db.rows(
        "select id, received, source, documents from held_frame \
         where station = $1 and id > $2 order by id limit $3",
        params![station, after, limit],
    )?;
    rows.iter()
        .map(|row| {
            Ok(Held {
                id: row.get("id")?,
                station,
                received: row.get("received")?,
                source: row.get("source")?,
                documents: row.json("documents")?,
            })
        })
        .collect()
}

/// The stations whose frames somebody asked to be read anew, and since when.
pub(crate) fn asked(db: &mut dyn Read) -> Result<Vec<(StationId, Option<Timestamp>)>> {
    let rows = db.rows("select station, since from replay_asked order by station", &[])?;
    rows.iter().map(|row| Ok((row.get("station")?, row.get("since")?))).collect()
}

/// Begun: nothing more is asked of this station.
pub(crate) fn begun(tx: &mut Tx<'_>, station: StationId) -> Result<()> {
    tx.work().run("delete from replay_asked where station = $1", params![station])?;
    Ok(())
}

pub(crate) fn routes() -> Routes {
    Routes::new()
        .get("/api/stations/{id}/held", READ, "How many frames wait for a sensor", count)
        .gives::<HeldCount>()
        .post(
            "/api/stations/{id}/replay",
            REGISTER,
            "Reads kept frames of a station anew, by its sensors as they are now",
            replay,
        )
        .takes::<ReplayFrames>()
        .gives::<HeldCount>()
}

/// Frames that wait for a sensor.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "HeldFrames")]
struct HeldCount {
    frames: i64,
    oldest: Option<Timestamp>,
    /// Whether somebody asked for frames to be read anew and that has not begun.
    asked: bool,
}

/// What is to be read anew.
#[derive(Debug, Deserialize, JsonSchema)]
struct ReplayFrames {
    /// Every frame received since then that is still at hand, and not only those that
    /// wait for a sensor: after a mapping was wrong. At most 31 days back.
    since: Option<Timestamp>,
}

fn counted(db: &mut dyn Read, station: StationId) -> Result<HeldCount> {
    let row = db.row(
        "select count(*) as frames, min(received) as oldest from held_frame where station = $1",
        params![station],
    )?;
    let row = row.ok_or_else(|| Error::Internal("a count without a row".to_owned()))?;
    let asked = db.row("select station from replay_asked where station = $1", params![station])?;
    let (frames, oldest) = (row.get("frames")?, row.get("oldest")?);
    Ok(HeldCount { frames, oldest, asked: asked.is_some() })
}

async fn count(
    world: World,
    Scoped(scope): Scoped,
    Path(id): Path<StationId>,
) -> Result<Json<HeldCount>> {
    let counted = world.read(move |db| {
        station::load(db, &scope, id)?;
        counted(db, id)
    });
    Ok(Json(counted.await?))
}

/// The work itself is `intake`'s; the answer says what waited when it was asked for.
async fn replay(
    world: World,
    caller: Caller,
    key: Idempotency,
    Scoped(scope): Scoped,
    Path(id): Path<StationId>,
    Body(body): Body<ReplayFrames>,
) -> Result<Reply<HeldCount>> {
    let reply = world.commit(&caller, key, move |tx| {
        let station = station::load(tx, &scope, id)?;
        let oldest = tx.now() - base::Duration::from_hours(31 * 24);
        if let Some(since) = body.since.filter(|since| *since < oldest) {
            return Err(Error::invalid("since", since, "at most 31 days ago"));
        }
        tx.work().run(
            "insert into replay_asked (station, since) values ($1, $2) on conflict (station) \
             do update set since = case when replay_asked.since is null then excluded.since \
             when excluded.since is null then replay_asked.since \
             when excluded.since < replay_asked.since then excluded.since \
             else replay_asked.since end",
            params![station.id, body.since],
        )?;
        counted(tx, id)
    });
    reply.await
}
