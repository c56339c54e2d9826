//! Other nodes: whose hand this node believes.
//!
//! In: the security officer, who has compared a fingerprint with a person at the
//! other node. Out: `node.key.announced` (this node's own key, at its first start
//! and at each change), `node.trusted`, `node.distrusted`.
//! Tables: `node_key`, `neighbour_key`.
//! Nothing is trusted because it came first; decision in ADR 0011.

use base::{AdminCode, Id, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::db::{Read, Row};
use crate::error::{Error, Result};
use crate::home::Home;
use crate::log::Class;
use crate::signing::{Endorsement, PublicKey, SigningKey, vouched};
use crate::web::{Access, Body, Json, Path, text};
use crate::{
    Caller, Entry, Idempotency, Lane, Permission, Record, Reply, Routes, Scope, Slice, Summary,
    Table, Tables, Tx, World, params,
};

/// Saying whose hand this node believes, and changing its own key: of the
/// security officer.
pub const TRUST: Permission = Permission::new("node.trust", "确认上下级节点签名密钥");

crate::facts! {
    /// What a node says of its own key.
    pub enum KeyFact {
        "node.key.announced" v 1 => Announced(Announced),
    }
}

crate::facts! {
    /// What a node decides about others.
    pub enum NeighbourFact {
        "node.trusted" v 1 => Trusted(Trusted),
        "node.distrusted" v 1 => Distrusted(Distrusted),
        "node.granted" v 1 => Granted(Granted),
        "node.grant_withdrawn" v 1 => GrantWithdrawn(GrantWithdrawn),
    }
}

/// From here on the node signs with this key.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Announced {
    pub key: PublicKey,
    pub fingerprint: String,
    /// The key before, and its word for this one; none at the first start.
    pub previous: Option<Endorsement>,
}

/// A person compared the fingerprint with the other node's people.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Trusted {
    pub origin: String,
    pub fingerprint: String,
    pub by: String,
}

/// A key, and whatever it endorses, is believed no more.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Distrusted {
    pub origin: String,
    pub fingerprint: String,
    pub reason: String,
    pub by: String,
}

/// What requests of another node may do here.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Granted {
    pub origin: String,
    pub permission: String,
    pub region: AdminCode,
    pub by: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct GrantWithdrawn {
    pub origin: String,
    pub permission: String,
    pub region: AdminCode,
    pub by: String,
}

pub(crate) fn slices() -> Vec<Slice> {
    const KEYS: &[Table] = &[Table::facts("node_key")];
    const NEIGHBOURS: &[Table] = &[
        Table::facts("neighbour_key"),
        Table::facts("neighbour_grant"),
        Table::working("segment_refused"),
    ];
    let announced = |_: &Entry, fact: &KeyFact| {
        let KeyFact::Announced(announced) = fact;
        let title = format!("启用签名密钥 {}", short(&announced.fingerprint));
        Summary::new(title, serde_json::json!({ "fingerprint": announced.fingerprint }))
    };
    let decided = |_: &Entry, fact: &NeighbourFact| match fact {
        NeighbourFact::Trusted(it) => Summary::new(
            format!("信任节点 {} 的签名密钥 {}", it.origin, short(&it.fingerprint)),
            serde_json::json!({ "origin": it.origin, "fingerprint": it.fingerprint }),
        ),
        NeighbourFact::Distrusted(it) => Summary::new(
            format!("不再信任节点 {} 的签名密钥 {}", it.origin, short(&it.fingerprint)),
            serde_json::json!({ "origin": it.origin, "fingerprint": it.fingerprint }),
        ),
        NeighbourFact::Granted(it) => Summary::new(
            format!("准许节点 {} 请求 {}（{}）", it.origin, it.permission, it.region),
            serde_json::json!({ "origin": it.origin, "permission": it.permission }),
        ),
        NeighbourFact::GrantWithdrawn(it) => Summary::new(
            format!("不再准许节点 {} 请求 {}（{}）", it.origin, it.permission, it.region),
            serde_json::json!({ "origin": it.origin, "permission": it.permission }),
        ),
    };
    vec![
        Slice::new::<KeyFact>("node_key", 1, KEYS, TRUST, apply_key, announced).of_the_node(),
        Slice::new::<NeighbourFact>("neighbour", 1, NEIGHBOURS, TRUST, apply, decided)
            .own_facts_only(),
    ]
}

/// The first 16 digits, for a sentence.
fn short(fingerprint: &str) -> String {
    fingerprint.chars().take(16).collect()
}

fn apply_key(tables: &mut Tables<'_>, entry: &Entry, fact: &KeyFact) {
    let KeyFact::Announced(announced) = fact;
    tables.run(
        "insert into node_key (origin, fingerprint, sm2, ed25519, previous, announced_at) \
         values ($1, $2, $3, $4, $5, $6) on conflict (origin, fingerprint) do nothing",
        params![
            &entry.header.origin,
            announced.key.fingerprint(),
            &announced.key.sm2,
            &announced.key.ed25519,
            announced.previous.as_ref().map(|previous| previous.key.fingerprint()),
            entry.at(),
        ],
    );
}

fn apply(tables: &mut Tables<'_>, entry: &Entry, fact: &NeighbourFact) {
    let (origin, fingerprint, trusted, reason, by) = match fact {
        NeighbourFact::Trusted(it) => (&it.origin, &it.fingerprint, true, None, &it.by),
        NeighbourFact::Distrusted(it) => {
            (&it.origin, &it.fingerprint, false, Some(it.reason.clone()), &it.by)
        }
        NeighbourFact::Granted(it) => {
            tables.run(
                "insert into neighbour_grant (origin, permission, region, given_by, given_at) \
                 values ($1, $2, $3, $4, $5) on conflict (origin, permission, region) do nothing",
                params![&it.origin, &it.permission, &it.region, &it.by, entry.at()],
            );
            return;
        }
        NeighbourFact::GrantWithdrawn(it) => {
            tables.run(
                "delete from neighbour_grant \
                 where origin = $1 and permission = $2 and region = $3",
                params![&it.origin, &it.permission, &it.region],
            );
            return;
        }
    };
    tables.run(
        "insert into neighbour_key (origin, fingerprint, trusted, reason, decided_by, decided_at) \
         values ($1, $2, $3, $4, $5, $6) on conflict (origin, fingerprint) do update \
         set trusted = excluded.trusted, reason = excluded.reason, \
         decided_by = excluded.decided_by, decided_at = excluded.decided_at",
        params![origin, fingerprint, trusted, reason, by, entry.at()],
    );
}

/// Facts about a node stand under one subject, made from its name.
fn subject(of: &str, origin: &str) -> Id {
    let digest = Sha256::digest(format!("{of} {origin}").as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    Id::from_u128(u128::from_be_bytes(bytes))
}

/// Makes the node's key at its first start, and announces it whenever the log does
/// not know it yet: then, after a change, and after a change that a crash cut short.
///
/// # Errors
/// [`Error::Internal`] when the key file cannot be read or made.
pub fn announce(world: &World) -> Result<()> {
    crate::segment::clear_spool(world)?;
    announce_with(world, |announce| world.run(Lane::Urgent, "node", announce))
}

type Announcing = Box<dyn FnOnce(&mut Tx<'_>) -> Result<()> + Send>;

fn announce_with(world: &World, run: impl FnOnce(Announcing) -> Result<()>) -> Result<()> {
    let key = SigningKey::load_or_make(world.directory())?;
    let announced = Announced {
        fingerprint: key.public().fingerprint(),
        key: key.public(),
        previous: key.endorsements().first().cloned(),
    };
    let origin = world.origin().to_owned();
    run(Box::new(move |tx| {
        let known = tx.row(
            "select origin from node_key where origin = $1 and fingerprint = $2",
            params![&origin, &announced.fingerprint],
        )?;
        if known.is_none() {
            let own = subject("node key", &origin);
            tx.record(Record::first(
                own,
                Home::node().class(Class::Public),
                KeyFact::Announced(announced),
            ))?;
        }
        Ok(())
    }))
}

/// Believes a key of `origin` from now on.
///
/// # Errors
/// [`Error::Invalid`] for what is no fingerprint or no name of a node,
/// [`Error::Conflict`] for this node's own name.
pub fn trust(tx: &mut Tx<'_>, origin: &str, fingerprint: &str, by: &str) -> Result<()> {
    if origin == tx.origin {
        return Err(Error::conflict("own-origin", "a node does not take in its own log"));
    }
    let (origin, fingerprint) = (named(origin)?, read_fingerprint(fingerprint)?);
    let trusted = Trusted { origin: origin.clone(), fingerprint, by: by.to_owned() };
    tx.record(Record::first(
        subject("neighbour", &origin),
        Home::node(),
        NeighbourFact::Trusted(trusted),
    ))?;
    Ok(())
}

/// Believes a key no more, known or not: a lost box's key is told to all nodes.
///
/// # Errors
/// As [`trust`].
pub fn distrust(
    tx: &mut Tx<'_>,
    origin: &str,
    fingerprint: &str,
    reason: &str,
    by: &str,
) -> Result<()> {
    let (origin, fingerprint) = (named(origin)?, read_fingerprint(fingerprint)?);
    let reason = text("reason", reason, 2, 200)?;
    let fact = Distrusted { origin: origin.clone(), fingerprint, reason, by: by.to_owned() };
    tx.record(Record::first(
        subject("neighbour", &origin),
        Home::node(),
        NeighbourFact::Distrusted(fact),
    ))?;
    Ok(())
}

/// Lets requests of `origin` use a permission over a region and what reports to it.
///
/// # Errors
/// [`Error::Invalid`] for a permission or a name that is none.
pub fn grant(
    tx: &mut Tx<'_>,
    origin: &str,
    permission: &str,
    region: AdminCode,
    by: &str,
) -> Result<()> {
    let origin = named(origin)?;
    // Only what a request can ask for: a node is no person, and holds nothing else.
    let asked = tx.kit.requests.iter().any(|kind| kind.permission.code == permission);
    if !asked && permission != crate::custody::TAKE.code {
        let expected = "one that a request needs, or custody.take";
        return Err(Error::invalid("permission", permission, expected));
    }
    let (permission, by) = (permission.to_owned(), by.to_owned());
    let fact = Granted { origin: origin.clone(), permission, region, by };
    tx.record(Record::first(
        subject("neighbour", &origin),
        Home::node(),
        NeighbourFact::Granted(fact),
    ))?;
    Ok(())
}

/// How far this node lets `origin` use a permission: there whatever the class. A node
/// knows of what is sensitive only what a segment opened to it.
///
/// # Errors
/// [`Error::Conflict`] `not-granted` when it does not.
pub(crate) fn granted(db: &mut dyn Read, origin: &str, permission: Permission) -> Result<Scope> {
    let rows = db.rows(
        "select region from neighbour_grant where origin = $1 and permission = $2 order by region",
        params![origin, permission.code],
    )?;
    let within = |row: &Row| -> Result<Scope> { Ok(Scope::region(row.parse("region")?)) };
    let scopes: Vec<Scope> = rows.iter().map(within).collect::<Result<_>>()?;
    Scope::any_of(scopes).ok_or_else(|| {
        let detail = format!("this node does not let {origin} ask for {}", permission.code);
        Error::conflict("not-granted", detail)
    })
}

/// The name of a node as configuration allows it.
pub(crate) fn named(origin: &str) -> Result<String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
    if (1..=64).contains(&origin.len()) && origin.chars().all(plain) {
        return Ok(origin.to_owned());
    }
    Err(Error::invalid("origin", origin, "1 to 64 letters, digits and hyphens"))
}

/// A fingerprint as people type it, with spaces and capitals as they like.
fn read_fingerprint(text: &str) -> Result<String> {
    let plain: String = text.chars().filter(|c| !c.is_whitespace() && *c != ':').collect();
    if plain.len() == 64 && plain.bytes().all(|c| c.is_ascii_hexdigit()) {
        return Ok(plain.to_lowercase());
    }
    Err(Error::invalid("fingerprint", text, "64 hex digits, as the other node shows them"))
}

/// Whether this node believes that `key` is `origin`'s.
///
/// # Errors
/// [`Error::Conflict`] `unknown-origin`, `unknown-key` or `key-distrusted`.
pub(crate) fn believes(
    db: &mut dyn Read,
    origin: &str,
    key: &PublicKey,
    endorsements: &[Endorsement],
) -> Result<()> {
    let decided = vouched(origin, key, endorsements, |fingerprint| {
        let row = db.row(
            "select trusted from neighbour_key where origin = $1 and fingerprint = $2",
            params![origin, fingerprint],
        )?;
        Ok(row.map(|row| row.get::<bool>("trusted")).transpose()?)
    })?;
    let fingerprint = key.fingerprint();
    match decided {
        Some(true) => Ok(()),
        Some(false) => Err(Error::conflict(
            "key-distrusted",
            format!("the key {fingerprint} of {origin} is believed no more"),
        )),
        None => {
            let any = db.row(
                "select origin from neighbour_key where origin = $1 limit 1",
                params![origin],
            )?;
            Err(match any {
                None => Error::conflict(
                    "unknown-origin",
                    format!("nobody here has said that {origin} is to be believed"),
                ),
                Some(_) => Error::conflict(
                    "unknown-key",
                    format!("{origin} signed with {fingerprint}, which nobody here has trusted"),
                ),
            })
        }
    }
}

pub(crate) fn routes() -> Routes {
    Routes::new()
        .get("/api/node/key", Access::SignedIn, "Gives the key that this node signs with", show)
        .gives::<OwnKey>()
        .post(
            "/api/node/key/change",
            TRUST,
            "Gives this node a new key, endorsed by the old",
            change,
        )
        .gives::<OwnKey>()
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
        .of_node()
}

/// What people at another node type in.
#[derive(Debug, Serialize, JsonSchema)]
struct OwnKey {
    origin: String,
    fingerprint: String,
    key: PublicKey,
}

/// A key of another node, and what was decided about it here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct NeighbourKey {
    pub origin: String,
    pub fingerprint: String,
    pub trusted: bool,
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
    /// What came and was not believed, the latest first.
    refused: Vec<crate::segment::Refused>,
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
}

#[derive(Debug, Deserialize, JsonSchema)]
struct DistrustKey {
    fingerprint: String,
    reason: String,
}

fn own_key(world: &World) -> Result<OwnKey> {
    let key = SigningKey::load(world.directory())?.public();
    Ok(OwnKey { origin: world.origin().to_owned(), fingerprint: key.fingerprint(), key })
}

async fn show(world: World) -> Result<Json<OwnKey>> {
    Ok(Json(crate::node::off_the_loop(move || own_key(&world)).await?))
}

async fn change(world: World, caller: Caller) -> Result<Json<OwnKey>> {
    let changed = crate::node::off_the_loop(move || {
        let next = SigningKey::load_or_make(world.directory())?.next(world.origin())?;
        // The file first: a crash before the fact is made good at the next start.
        next.save(world.directory())?;
        announce_with(&world, |announce| world.run_as(&caller, announce))?;
        own_key(&world)
    });
    Ok(Json(changed.await?))
}

/// What was decided about keys of other nodes, by node.
///
/// # Errors
/// [`Error::Db`] when the database does not answer.
pub fn keys(db: &mut dyn Read) -> Result<Vec<NeighbourKey>> {
    let rows = db.rows(
        "select k.origin, k.fingerprint, k.trusted, k.reason, k.decided_by, k.decided_at, \
         coalesce(o.origin_seq, 0) as position from neighbour_key k \
         left join log_origin o on o.origin = k.origin and o.book = 'log' \
         order by k.origin, k.decided_at, k.fingerprint",
        &[],
    )?;
    rows.iter()
        .map(|row| {
            Ok(NeighbourKey {
                origin: row.get("origin")?,
                fingerprint: row.get("fingerprint")?,
                trusted: row.get("trusted")?,
                reason: row.get("reason")?,
                decided_by: row.get("decided_by")?,
                decided_at: row.get("decided_at")?,
                position: row.get("position")?,
            })
        })
        .collect()
}

async fn list(world: World) -> Result<Json<Neighbours>> {
    let both = world.read(|db| {
        Ok(Neighbours {
            items: keys(db)?,
            grants: grants(db)?,
            refused: crate::segment::refused(db)?,
        })
    });
    Ok(Json(both.await?))
}

async fn add(
    world: World,
    caller: Caller,
    key: Idempotency,
    Body(body): Body<TrustKey>,
) -> Result<Reply<NeighbourKey>> {
    let by = caller.name.clone();
    let reply = world.commit(&caller, key, move |tx| {
        trust(tx, &body.origin, &body.fingerprint, &by)?;
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
        if !keys(tx)?.iter().any(|key| key.origin == origin) {
            return Err(Error::not_found("neighbour"));
        }
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
        if !keys(tx)?.iter().any(|key| key.origin == origin) {
            return Err(Error::not_found("neighbour"));
        }
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
        let (permission, region) = (body.permission.clone(), body.region.clone());
        let fact = GrantWithdrawn { origin: origin.clone(), permission, region, by };
        let subject = subject("neighbour", &origin);
        tx.record(Record::first(subject, Home::node(), NeighbourFact::GrantWithdrawn(fact)))?;
        Ok(body)
    });
    reply.await
}

fn one(db: &mut dyn Read, origin: &str, fingerprint: &str) -> Result<NeighbourKey> {
    let fingerprint = read_fingerprint(fingerprint)?;
    let mut found = keys(db)?.into_iter();
    let found = found.find(|key| key.origin == origin && key.fingerprint == fingerprint);
    found.ok_or(Error::not_found("neighbour"))
}

/// One node among others, as the host gives it to every program.
pub(crate) fn part() -> crate::Part {
    crate::Part {
        name: "neighbours",
        slices: slices(),
        routes: routes(),
        permissions: vec![TRUST],
        ..crate::Part::default()
    }
}
