//! The waiting room: devices that speak and that nobody has registered.
//!
//! In: frames of unknown stations, from `intake`; they are not acknowledged, so a
//! station keeps them and sends them again. Out: `station.registered` when a person
//! admits one. Tables: `waiting_device`, working state, at most 1 000 rows.
//! Screens: `ui/src/sense/waiting`.
//!
//! A device whose code names a division that we know is seen by those whose scope
//! holds it; one whose code names none is seen by everybody who may admit.

use base::{AdminCode, Id, Timestamp};
use host::web::{Body, Idempotency, Json, Paged, Path, Scoped};
use host::{
    Caller, Class, Error, Page, Permission, Read, Reply, Result, Routes, Scope, Slice, Table, Tx,
    Value, World, params,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::protocol::Protocol;
use crate::station::{self, StationDetails, StationView};

pub const ADMIT: Permission = Permission::new("waiting.admit", "准入设备");

/// Devices kept; beyond it the one that was silent for longest is forgotten.
const DEVICES_KEPT: i64 = 1_000;

const TABLES: &[Table] = &[Table::working("waiting_device")];

pub(crate) fn slice() -> Slice {
    Slice::without_facts("waiting", TABLES, ADMIT)
}

/// What an unknown device did since the last batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Knock {
    pub source: String,
    pub first_seen: Timestamp,
    pub last_seen: Timestamp,
    pub frames: i64,
    /// The last frame, in hexadecimal digits.
    pub last_hex: String,
}

/// A device that waits, or was refused.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct WaitingDevice {
    pub id: Id,
    pub protocol: Protocol,
    /// The protocol's short name.
    pub protocol_word: &'static str,
    pub claimed_code: String,
    /// The region that its code names, if it names one.
    pub region: Option<AdminCode>,
    pub source: String,
    pub first_seen: Timestamp,
    pub last_seen: Timestamp,
    pub frames: i64,
    pub last_hex: String,
    pub state: State,
    pub state_word: &'static str,
    /// Why it was refused.
    pub reason: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "WaitingState")]
pub(crate) enum State {
    Waiting,
    Refused,
}

impl State {
    fn code(self) -> &'static str {
        match self {
            State::Waiting => "waiting",
            State::Refused => "refused",
        }
    }

    fn word(self) -> &'static str {
        match self {
            State::Waiting => "等候",
            State::Refused => "已拒绝",
        }
    }
}

/// The devices that wait for somebody to admit them, as the duty desk counts them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Queue {
    pub count: i64,
    /// The one that has waited for longest, and since when.
    pub first: Id,
    pub since: Timestamp,
}

/// Who waits within `scope`, which is that of [`ADMIT`]; `None` when nobody does.
pub fn queue(db: &mut dyn Read, scope: &Scope) -> Result<Option<Queue>> {
    let mut values = vec![Value::from(State::Waiting.code())];
    let inside = scope.filter("d", &mut values);
    let waits = format!("d.state = $1 and (d.region is null or {inside})");
    let counted = format!("select count(*) as devices from waiting_device d where {waits}");
    let count: i64 = db.row(&counted, &values)?.map_or(Ok(0), |row| row.get("devices"))?;
    let sql = format!(
        "select d.id, d.first_seen from waiting_device d where {waits} \
         order by d.first_seen, d.id limit 1"
    );
    let first = db.row(&sql, &values)?;
    first
        .map(|row| Ok(Queue { count, first: row.get("id")?, since: row.get("first_seen")? }))
        .transpose()
}

/// Notes who knocked, and forgets who was silent for longest.
pub(crate) fn save(tx: &mut Tx<'_>, knocks: &[((Protocol, String), Knock)]) -> Result<()> {
    for ((protocol, code), knock) in knocks {
        // Admitted since the frame came in: nobody waits any more.
        if station::find_by_code(tx, *protocol, code)?.is_some() {
            continue;
        }
        let region = region_of(tx, *protocol, code)?;
        let id = tx.new_id();
        tx.work().run(
            "insert into waiting_device (id, protocol, code, region, class, source, \
             first_seen, last_seen, frames, last_hex, state) \
             values ($1, $2, $3, $4, $11, $5, $6, $7, $8, $9, $10) \
             on conflict (protocol, code) do update set source = excluded.source, \
             last_seen = excluded.last_seen, last_hex = excluded.last_hex, \
             frames = waiting_device.frames + excluded.frames",
            params![
                id,
                protocol.code(),
                code,
                region,
                &knock.source,
                knock.first_seen,
                knock.last_seen,
                knock.frames,
                &knock.last_hex,
                State::Waiting.code(),
                Class::Internal,
            ],
        )?;
    }
    tx.work().run(
        "delete from waiting_device where last_seen < (select min(last_seen) from \
         (select last_seen from waiting_device order by last_seen desc, id desc limit $1) \
         as newest)",
        params![DEVICES_KEPT],
    )?;
    Ok(())
}

/// The region that a code names, if this node knows it.
fn region_of(db: &mut dyn Read, protocol: Protocol, code: &str) -> Result<Option<AdminCode>> {
    let Some(region) = protocol.division(code) else { return Ok(None) };
    let known = db.row(
        "select region from region_within where region = $1 order by ancestor limit 1",
        params![&region],
    )?;
    Ok(known.map(|_| region))
}

pub(crate) fn routes() -> Routes {
    Routes::new()
        .get("/api/waiting-room", ADMIT, "Lists devices that nobody has registered", list_route)
        .paged()
        .gives::<Page<WaitingDevice>>()
        .post(
            "/api/waiting-room/{id}/admit",
            ADMIT,
            "Registers a waiting device as a station; its next frame is stored",
            admit,
        )
        .takes::<StationDetails>()
        .creates::<StationView>()
        .post("/api/waiting-room/{id}/refuse", ADMIT, "Refuses a waiting device", refuse)
        .takes::<RefuseDevice>()
        .gives::<WaitingDevice>()
}

/// Why a device is refused.
#[derive(Debug, Deserialize, JsonSchema)]
struct RefuseDevice {
    reason: String,
}

async fn list_route(
    world: World,
    Scoped(scope): Scoped,
    page: Paged,
) -> Result<Json<Page<WaitingDevice>>> {
    let Paged { position: before, limit } = page;
    let devices = world.read(move |db| list(db, &scope, before, limit + 1)).await?;
    let key = |device: &WaitingDevice| (device.last_seen.as_millis(), device.id.to_string());
    Ok(Json(Page::cut(devices, limit, key)))
}

async fn admit(
    world: World,
    caller: Caller,
    key: Idempotency,
    Scoped(scope): Scoped,
    Path(id): Path<Id>,
    Body(details): Body<StationDetails>,
) -> Result<Reply<StationView>> {
    let (asked, who) = (world.clone(), caller.clone());
    let reply = world.commit(&caller, key, move |tx| {
        let device = load(tx, &scope, id)?;
        station::check_site(tx, &who, details.site)?;
        let station =
            station::register_in(tx, &scope, (device.protocol, &device.claimed_code), &details)?;
        tx.work().run("delete from waiting_device where id = $1", params![id])?;
        station::view(tx, &asked, station)
    });
    Ok(reply.await?.created())
}

async fn refuse(
    world: World,
    caller: Caller,
    key: Idempotency,
    Scoped(scope): Scoped,
    Path(id): Path<Id>,
    Body(body): Body<RefuseDevice>,
) -> Result<Reply<WaitingDevice>> {
    let reason = host::web::text("reason", &body.reason, 1, 400)?;
    let reply = world.commit(&caller, key, move |tx| {
        let device = load(tx, &scope, id)?;
        if device.state == State::Refused {
            return Err(Error::conflict("already-refused", "the device is refused already"));
        }
        tx.work().run(
            "update waiting_device set state = $2, reason = $3 where id = $1",
            params![id, State::Refused.code(), reason],
        )?;
        load(tx, &scope, id)
    });
    reply.await
}

const COLUMNS: &str = "d.id, d.protocol, d.code, d.region, d.source, d.first_seen, d.last_seen, \
     d.frames, d.last_hex, d.state, d.reason";

fn load(db: &mut dyn Read, scope: &Scope, id: Id) -> Result<WaitingDevice> {
    let mut values = vec![Value::from(id)];
    let inside = scope.filter("d", &mut values);
    let sql = format!(
        "select {COLUMNS} from waiting_device d \
         where d.id = $1 and (d.region is null or {inside})"
    );
    from_row(&db.row(&sql, &values)?.ok_or(Error::not_found("device"))?)
}

fn list(
    db: &mut dyn Read,
    scope: &Scope,
    before: Option<(i64, String)>,
    limit: i64,
) -> Result<Vec<WaitingDevice>> {
    let (seen, id) = before.unwrap_or((i64::MAX, String::new()));
    let mut values = vec![Value::from(seen), Value::from(id), Value::from(limit)];
    let inside = scope.filter("d", &mut values);
    let sql = format!(
        "select {COLUMNS} from waiting_device d \
         where (d.last_seen < $1 or (d.last_seen = $1 and d.id < $2)) \
         and (d.region is null or {inside}) \
         order by d.last_seen desc, d.id desc limit $3"
    );
    db.rows(&sql, &values)?.iter().map(from_row).collect()
}

fn from_row(row: &host::Row) -> Result<WaitingDevice> {
    let state: String = row.get("state")?;
    let state = if state == State::Refused.code() { State::Refused } else { State::Waiting };
    let protocol: Protocol = row.parse("protocol")?;
    Ok(WaitingDevice {
        id: row.get("id")?,
        protocol,
        protocol_word: protocol.word(),
        claimed_code: row.get("code")?,
        region: row.parse_opt("region")?,
        source: row.get("source")?,
        first_seen: row.get("first_seen")?,
        last_seen: row.get("last_seen")?,
        frames: row.get("frames")?,
        last_hex: row.get("last_hex")?,
        state,
        state_word: state.word(),
        reason: row.get("reason")?,
    })
}
