//! The security officer's door to other nodes.

use base::{AdminCode, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    Reading, TRUST, askable, distrust, grant, key, read_fingerprint, reading, set_reading, trust,
    withdraw_grant,
};
use crate::db::Read;
use crate::error::{Error, Result};
use crate::heard::{self, Heard};
use crate::web::{Access, Body, Json, Path};
use crate::{Caller, Class, Idempotency, Permission, Reply, Routes, World};

pub(super) fn routes() -> Routes {
    Routes::new()
        .get(
            "/api/node/key",
            Access::SignedIn,
            "Gives the key that this node signs with",
            key::show,
        )
        .gives::<key::OwnKey>()
        .post(
            "/api/node/key/change",
            TRUST,
            "Gives this node a new key, endorsed by the old",
            key::change,
        )
        .gives::<key::OwnKey>()
        .get("/api/neighbours", TRUST, "Lists the keys of other nodes and what was refused", list)
        .gives::<Neighbours>()
        .post("/api/neighbours", TRUST, "Believes a key that people have compared", add)
        .takes::<TrustKey>()
        .creates::<NeighbourKey>()
        .post("/api/neighbours/{origin}/distrust", TRUST, "Believes a key no more", remove)
        .takes::<DistrustKey>()
        .gives::<NeighbourKey>()
        .post("/api/neighbours/{origin}/grants", TRUST, "Lets a node ask for something here", give)
        .takes::<NeighbourGrant>()
        .creates::<NeighbourGrant>()
        .post(
            "/api/neighbours/{origin}/grants/withdraw",
            TRUST,
            "Lets a node ask for something here no more",
            withdraw,
        )
        .takes::<NeighbourGrant>()
        .gives::<NeighbourGrant>()
        .post(
            "/api/neighbours/readings",
            TRUST,
            "Says what a node may read of this one's log",
            let_read,
        )
        .takes::<SetReading>()
        .gives::<Reading>()
        .of_node()
}

/// A key of another node, and what was decided about it here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct NeighbourKey {
    pub origin: String,
    pub fingerprint: String,
    pub trusted: bool,
    /// What it may speak for, with what reports to these; empty when it is believed no
    /// more.
    pub regions: Vec<AdminCode>,
    /// Why it is believed no more.
    pub reason: Option<String>,
    pub decided_by: String,
    pub decided_at: Timestamp,
    /// How far that node's log has come in.
    pub position: i64,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Neighbours {
    items: Vec<NeighbourKey>,
    /// What they may ask for, by node.
    grants: Vec<HeldGrant>,
    /// What they may read of this node's log, by node: one that is not here reads nothing.
    readings: Vec<Reading>,
    /// What came and was not believed, the latest first.
    refused: Vec<crate::segment::Refused>,
    /// How far other nodes' logs are here, and when their last entry came.
    heard: Vec<Heard>,
    /// What a node can be allowed to ask for.
    may_ask: Vec<Permission>,
}

/// A permission over a region, for requests of a node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NeighbourGrant {
    pub permission: String,
    pub region: AdminCode,
}

/// The same, with the node.
#[derive(Debug, Serialize, JsonSchema)]
struct HeldGrant {
    origin: String,
    permission: String,
    region: AdminCode,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct TrustKey {
    origin: String,
    /// 64 hex digits, compared by two people over another road.
    fingerprint: String,
    /// What it may speak for, 1 to 100 regions with what reports to them: a county's own,
    /// or the province. What it says of subjects elsewhere is kept and not applied.
    regions: Vec<AdminCode>,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct SetReading {
    /// The node's name; its own key need not be known here.
    origin: String,
    /// Bodies at home in these and in what reports to them, at most 100 regions; of the
    /// rest it reads what is public.
    regions: Vec<AdminCode>,
    /// Bodies above this class are closed to it.
    openness: Class,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct DistrustKey {
    fingerprint: String,
    reason: String,
}

/// What was decided about keys of other nodes, by node.
///
/// # Errors
/// [`Error::Db`] when the database does not answer.
pub fn keys(db: &mut dyn Read) -> Result<Vec<NeighbourKey>> {
    let rows = db.rows(
        "select k.origin, k.fingerprint, k.regions, k.reason, k.decided_by, k.decided_at, \
         coalesce(o.origin_seq, 0) as position from neighbour_key k \
         left join log_origin o on o.origin = k.origin and o.book = 'log' \
         order by k.origin, k.decided_at, k.fingerprint",
        &[],
    )?;
    rows.iter()
        .map(|row| {
            let regions: Option<Vec<AdminCode>> = row.json_opt("regions")?;
            Ok(NeighbourKey {
                origin: row.get("origin")?,
                fingerprint: row.get("fingerprint")?,
                trusted: regions.is_some(),
                regions: regions.unwrap_or_default(),
                reason: row.get("reason")?,
                decided_by: row.get("decided_by")?,
                decided_at: row.get("decided_at")?,
                position: row.get("position")?,
            })
        })
        .collect()
}

async fn list(world: World) -> Result<Json<Neighbours>> {
    let (own, may_ask) = (world.origin().to_owned(), askable(world.kit()));
    let told = world.read(move |db| {
        Ok(Neighbours {
            items: keys(db)?,
            grants: grants(db)?,
            readings: super::reading::all(db)?,
            refused: crate::segment::refused(db)?,
            heard: heard::list(db, &own)?,
            may_ask,
        })
    });
    Ok(Json(told.await?))
}

async fn add(
    world: World,
    caller: Caller,
    key: Idempotency,
    Body(body): Body<TrustKey>,
) -> Result<Reply<NeighbourKey>> {
    let by = caller.name.clone();
    let reply = world.commit(&caller, key, move |tx| {
        trust(tx, &body.origin, &body.fingerprint, &body.regions, &by)?;
        one(tx, &body.origin, &body.fingerprint)
    });
    Ok(reply.await?.created())
}

async fn remove(
    world: World,
    caller: Caller,
    key: Idempotency,
    Path(origin): Path<String>,
    Body(body): Body<DistrustKey>,
) -> Result<Reply<NeighbourKey>> {
    let by = caller.name.clone();
    let reply = world.commit(&caller, key, move |tx| {
        require_known(tx, &origin)?;
        distrust(tx, &origin, &body.fingerprint, &body.reason, &by)?;
        one(tx, &origin, &body.fingerprint)
    });
    reply.await
}

fn grants(db: &mut dyn Read) -> Result<Vec<HeldGrant>> {
    let rows = db.rows(
        "select origin, permission, region from neighbour_grant \
         order by origin, permission, region",
        &[],
    )?;
    rows.iter()
        .map(|row| {
            Ok(HeldGrant {
                origin: row.get("origin")?,
                permission: row.get("permission")?,
                region: row.parse("region")?,
            })
        })
        .collect()
}

async fn give(
    world: World,
    caller: Caller,
    key: Idempotency,
    Path(origin): Path<String>,
    Body(body): Body<NeighbourGrant>,
) -> Result<Reply<NeighbourGrant>> {
    let by = caller.name.clone();
    let reply = world.commit(&caller, key, move |tx| {
        require_known(tx, &origin)?;
        grant(tx, &origin, &body.permission, body.region.clone(), &by)?;
        Ok(body)
    });
    Ok(reply.await?.created())
}

async fn withdraw(
    world: World,
    caller: Caller,
    key: Idempotency,
    Path(origin): Path<String>,
    Body(body): Body<NeighbourGrant>,
) -> Result<Reply<NeighbourGrant>> {
    let by = caller.name.clone();
    let reply = world.commit(&caller, key, move |tx| {
        let held = |it: &HeldGrant| {
            it.origin == origin && it.permission == body.permission && it.region == body.region
        };
        if !grants(tx)?.iter().any(held) {
            return Err(Error::not_found("grant"));
        }
        withdraw_grant(tx, &origin, &body.permission, body.region.clone(), &by)?;
        Ok(body)
    });
    reply.await
}

async fn let_read(
    world: World,
    caller: Caller,
    key: Idempotency,
    Body(body): Body<SetReading>,
) -> Result<Reply<Reading>> {
    let by = caller.name.clone();
    let reply = world.commit(&caller, key, move |tx| {
        set_reading(tx, &body.origin, &body.regions, body.openness, &by)?;
        reading(tx, &body.origin)
    });
    reply.await
}

/// Refuses a node about which nobody here has said anything.
fn require_known(db: &mut dyn Read, origin: &str) -> Result<()> {
    match keys(db)?.iter().any(|key| key.origin == origin) {
        true => Ok(()),
        false => Err(Error::not_found("neighbour")),
    }
}

fn one(db: &mut dyn Read, origin: &str, fingerprint: &str) -> Result<NeighbourKey> {
    let fingerprint = read_fingerprint(fingerprint)?;
    let mut found = keys(db)?.into_iter();
    let found = found.find(|key| key.origin == origin && key.fingerprint == fingerprint);
    found.ok_or(Error::not_found("neighbour"))
}
