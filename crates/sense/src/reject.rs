//! Rejects: what came in and could not be taken, with the bytes and the reason.
//!
//! In: broken frames, lying lengths, wrong passwords, unreadable bodies. Out: nothing.
//! Tables: `rejected_frame`, working state, the newest 10 000 rows.
//! Screens: `ui/src/sense/source`.
//!
//! What can be laid to a station belongs to its region; what cannot, belongs to
//! nobody and is seen by everybody who may read rejects.

use base::{Id, Timestamp};
use host::web::{Json, Paged, Scoped};
use host::{
    Caller, Home, Page, Permission, Read, Result, Routes, Scope, Slice, Table, Tx, Value, World,
    params,
};
use schemars::JsonSchema;
use serde::Serialize;

use crate::protocol::Protocol;
use crate::source::view;
use crate::station::{self, StationId};

pub const READ: Permission = Permission::new("reject.read", "查看拒收");

const REJECTS_KEPT: i64 = 10_000;

const TABLES: &[Table] = &[Table::working("rejected_frame")];

pub(crate) fn slice() -> Slice {
    Slice::without_facts("reject", TABLES, READ)
}

/// Bytes that were not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rejected {
    pub id: Id,
    pub protocol: Protocol,
    pub source: String,
    pub received: Timestamp,
    pub hex: String,
    pub reason: String,
    /// Where in the bytes, from 0, if a byte is to blame.
    pub offset: Option<i64>,
    /// The station it is laid to.
    pub station: Option<(StationId, Home)>,
}

/// Keeps the newest.
pub(crate) fn save(tx: &mut Tx<'_>, rejects: &[Rejected]) -> Result<()> {
    for reject in rejects {
        let (station, home) = match &reject.station {
            Some((station, home)) => (Some(*station), home.clone()),
            None => (None, Home::node()),
        };
        tx.work().run(
            "insert into rejected_frame \
             (id, protocol, source, received, hex, reason, at_byte, station, region, org, class) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict (id) do nothing",
            params![
                reject.id,
                reject.protocol.code(),
                &reject.source,
                reject.received,
                &reject.hex,
                &reject.reason,
                reject.offset,
                station,
                home.region,
                home.org,
                home.class,
            ],
        )?;
    }
    tx.work().run(
        "delete from rejected_frame where id < (select min(id) from \
         (select id from rejected_frame order by id desc limit $1) as newest)",
        params![REJECTS_KEPT],
    )?;
    Ok(())
}

pub(crate) fn routes() -> Routes {
    Routes::new()
        .get("/api/rejects", READ, "Lists what could not be taken, the newest first", list_route)
        .paged()
        .gives::<Page<RejectView>>()
}

/// Bytes that were not taken, as the API gives them.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Reject")]
pub(crate) struct RejectView {
    pub id: Id,
    pub protocol: Protocol,
    /// The protocol's short name.
    pub protocol_word: &'static str,
    pub source: String,
    pub received: Timestamp,
    /// At most 1 024 bytes of noise, or a whole frame.
    pub hex: String,
    pub reason: String,
    pub offset: Option<i64>,
    pub station: Option<StationId>,
}

async fn list_route(
    world: World,
    caller: Caller,
    Scoped(scope): Scoped,
    page: Paged,
) -> Result<Json<Page<RejectView>>> {
    let Paged { position: before, limit } = page;
    let keeps = caller.scope(station::REGISTER).ok();
    let rejects = world.read(move |db| list(db, &scope, keeps.as_ref(), before, limit + 1)).await?;
    let key = |reject: &RejectView| (reject.received.as_millis(), reject.id.to_string());
    Ok(Json(Page::cut(rejects, limit, key)))
}

/// - `keeps`: where the caller may see what frames carry as a password.
fn list(
    db: &mut dyn Read,
    scope: &Scope,
    keeps: Option<&Scope>,
    before: Option<(i64, String)>,
    limit: i64,
) -> Result<Vec<RejectView>> {
    let (received, id) = before.unwrap_or((i64::MAX, String::new()));
    let mut values = vec![Value::from(received), Value::from(id), Value::from(limit)];
    let inside = scope.filter("r", &mut values);
    let kept = match keeps {
        Some(keeps) => format!("(r.station is null or {})", keeps.filter("r", &mut values)),
        None => "1 = 0".to_owned(),
    };
    let sql = format!(
        "select r.id, r.protocol, r.source, r.received, r.hex, r.reason, r.at_byte, r.station, \
         cast(case when {kept} then 1 else 0 end as bigint) as kept \
         from rejected_frame r \
         where (r.received < $1 or (r.received = $1 and r.id < $2)) \
         and (r.station is null or {inside}) \
         order by r.received desc, r.id desc limit $3"
    );
    let rows = db.rows(&sql, &values)?;
    rows.iter()
        .map(|row| {
            let protocol: Protocol = row.parse("protocol")?;
            let mut hex: String = row.get("hex")?;
            if !row.get::<bool>("kept")? {
                let raw = hex::decode(&hex).unwrap_or_default();
                view::hide_password(&mut hex, &mut protocol.layout(&raw));
            }
            Ok(RejectView {
                id: row.get("id")?,
                protocol,
                protocol_word: protocol.word(),
                source: row.get("source")?,
                received: row.get("received")?,
                hex,
                reason: row.get("reason")?,
                offset: row.get("at_byte")?,
                station: row.get("station")?,
            })
        })
        .collect()
}
