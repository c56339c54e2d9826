//! The door for people to what other nodes sent: how far it is here, what was refused,
//! and what changed nothing.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Refused, refused};
use crate::db::Read;
use crate::error::Result;
use crate::unapplied::{self, Counts, Unapplied};
use crate::web::Json;
use crate::{Caller, Idempotency, Part, Permission, Reply, Routes, World};

/// Sending this node's log to others and taking theirs in: of the system officer.
pub const EXCHANGE: Permission = Permission::new("segment.exchange", "与其他节点交换数据段");

pub(crate) fn part() -> Part {
    Part { name: "segments", routes: routes(), permissions: vec![EXCHANGE], ..Part::default() }
}

fn routes() -> Routes {
    Routes::new()
        .get("/api/segments", EXCHANGE, "Says how far other nodes' logs are here", show)
        .gives::<Segments>()
        .post(
            "/api/segments/unapplied/retry",
            EXCHANGE,
            "Tries entries again at the next start that were kept and not applied",
            retry,
        )
        .gives::<Retried>()
        .of_node()
}

/// What came from other nodes.
#[derive(Debug, Serialize, JsonSchema)]
struct Segments {
    /// Whose logs are here, this node's own first, and how far.
    origins: Vec<Position>,
    /// What came and was not believed, the latest first; the last hundred.
    refused: Vec<Refused>,
    counts: Counts,
    /// Entries that were kept and not applied, the latest first; the last 200.
    unapplied: Vec<Unapplied>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Position {
    origin: String,
    /// The number of its last entry that is here.
    position: i64,
}

/// Slices whose tables are folded anew at the next start.
#[derive(Debug, Serialize, JsonSchema)]
struct Retried {
    slices: Vec<String>,
}

fn positions(db: &mut dyn Read, own: &str) -> Result<Vec<Position>> {
    let rows = db.rows(
        "select origin, origin_seq from log_origin where book = 'log' order by origin",
        &[],
    )?;
    let read = rows
        .iter()
        .map(|row| Ok(Position { origin: row.get("origin")?, position: row.get("origin_seq")? }));
    let mut positions = read.collect::<Result<Vec<Position>>>()?;
    positions.sort_by_key(|it| it.origin != own);
    Ok(positions)
}

async fn show(world: World) -> Result<Json<Segments>> {
    let own = world.origin().to_owned();
    let kit = world.kit().clone();
    let read = world.read(move |db| {
        Ok(Segments {
            origins: positions(db, &own)?,
            refused: refused(db)?,
            counts: unapplied::counts(db, &kit)?,
            unapplied: unapplied::list(db)?,
        })
    });
    Ok(Json(read.await?))
}

async fn retry(world: World, caller: Caller, key: Idempotency) -> Result<Reply<Retried>> {
    world.commit(&caller, key, |tx| Ok(Retried { slices: unapplied::try_again(tx)? })).await
}
