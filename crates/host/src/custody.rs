//! Custody: who owns a subject when it is not the node that made it.
//!
//! In: the owner who hands subjects over; two persons of an upper node who take
//! over from a box that is dead. Out: `custody.passed`, `custody.proposed`,
//! `custody.taken`. Tables: `custody_subject`, `custody_origin`, `custody_proposal`.
//! Decision in ADR 0014.
//!
//! What another node says about a subject that is no longer its own is kept in the
//! log, named in conflict with its owner, and changes no table. That is decided once,
//! as the entry comes in, from the log before it, and stands beside the entry.

use base::{AdminCode, Id, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::db::{Conn, Read};
use crate::error::{Error, Result};
use crate::web::{Body, Json, Path, Scoped, text};
use crate::{
    Caller, Entry, Home, Idempotency, Permission, Record, Reply, Routes, Scope, Slice, Summary,
    Table, Tables, Tx, Value, World, params,
};

/// Taking over from another node, and handing over to one. A node that another lets
/// do so (`node.granted`) is believed when it has.
pub const TAKE: Permission = Permission::new("custody.take", "接管与移交节点数据");

/// Subjects in one hand-over; more go by their origin, or in several.
const MOST_SUBJECTS: usize = 200;

crate::facts! {
    /// What can happen to the ownership of subjects.
    pub enum CustodyFact {
        "custody.passed" v 1 => Passed(Passed),
        "custody.proposed" v 1 => Proposed(Proposed),
        "custody.taken" v 1 => Taken(Taken),
    }
}

/// What is handed over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Of {
    /// These subjects, 1 to 200.
    Subjects(Vec<Id>),
    /// All that this node made and will make.
    Origin(String),
}

/// The owner hands over.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Passed {
    pub of: Of,
    pub to: String,
    pub reason: String,
    pub by: String,
}

/// The first of two persons wants to take over.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Proposed {
    pub of: Of,
    /// The owner until now.
    pub from: String,
    pub reason: String,
    pub by: Id,
    pub by_name: String,
}

/// The second person agreed: the node that records this is the owner.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Taken {
    pub proposal: Id,
    pub of: Of,
    pub from: String,
    /// How far the taker had the former owner's log.
    pub known: i64,
    pub reason: String,
    pub proposed_by: String,
    pub confirmed_by: String,
}

pub(crate) fn part() -> crate::Part {
    const TABLES: &[Table] = &[
        Table::facts("custody_subject"),
        Table::facts("custody_origin"),
        Table::subjects("custody_proposal"),
    ];
    let slice = Slice::new::<CustodyFact>("custody", 1, TABLES, TAKE, apply, summary);
    crate::Part {
        name: "custody",
        slices: vec![slice.of_the_node()],
        routes: routes(),
        permissions: vec![TAKE],
        ..crate::Part::default()
    }
}

fn summary(_: &Entry, fact: &CustodyFact) -> Summary {
    match fact {
        CustodyFact::Passed(it) => Summary::new(
            format!("移交给节点 {}：{}", it.to, it.reason),
            serde_json::json!({ "of": it.of, "to": it.to }),
        ),
        CustodyFact::Proposed(it) => Summary::new(
            format!("{} 提议接管节点 {}：{}", it.by_name, it.from, it.reason),
            serde_json::json!({ "of": it.of, "from": it.from }),
        ),
        CustodyFact::Taken(it) => Summary::new(
            format!(
                "接管节点 {}：{}（{}、{}）",
                it.from, it.reason, it.proposed_by, it.confirmed_by
            ),
            serde_json::json!({ "of": it.of, "from": it.from, "known": it.known }),
        ),
    }
}

fn apply(tables: &mut Tables<'_>, entry: &Entry, fact: &CustodyFact) {
    let origin = &entry.header.origin;
    match fact {
        CustodyFact::Passed(it) => moved(tables, entry, &it.of, &it.to),
        CustodyFact::Taken(it) => {
            moved(tables, entry, &it.of, origin);
            tables.run(
                "update custody_proposal set taken_at = $2 where id = $1 and origin = $3",
                params![it.proposal, entry.at(), origin],
            );
        }
        CustodyFact::Proposed(it) => tables.put(
            "custody_proposal",
            entry,
            crate::row! {
                subjects: serde_json::json!(it.of).to_string(),
                from_origin: &it.from,
                reason: &it.reason,
                proposer: it.by,
                proposed_by: &it.by_name,
                proposed_at: entry.at(),
            },
        ),
    }
}

fn moved(tables: &mut Tables<'_>, entry: &Entry, of: &Of, to: &str) {
    let at = entry.at();
    match of {
        Of::Subjects(subjects) => {
            for subject in subjects {
                tables.run(
                    "insert into custody_subject (subject, owner, since) values ($1, $2, $3) \
                     on conflict (subject) do update \
                     set owner = excluded.owner, since = excluded.since",
                    params![*subject, to, at],
                );
            }
        }
        Of::Origin(origin) => tables.run(
            "insert into custody_origin (origin, owner, since) values ($1, $2, $3) \
             on conflict (origin) do update set owner = excluded.owner, since = excluded.since",
            params![origin, to, at],
        ),
    }
}

/// Who owns a subject now; `maker` when no fact here is about it yet.
pub(crate) fn owner(db: &mut dyn Read, subject: Id, maker: &str) -> Result<String> {
    const FIRST: &str = "coalesce((select log.origin from log where log.subject = $1 \
         and log.conflict is null and log.unapplied is null order by log.seq limit 1), \
         (select maker from base_subject where subject = $1))";
    let row = db.row(
        &format!(
            "select {FIRST} as maker, \
             (select owner from custody_subject where subject = $1) as passed, \
             (select owner from custody_origin where custody_origin.origin = \
              coalesce({FIRST}, $2)) as of_origin"
        ),
        params![subject, maker],
    )?;
    let Some(row) = row else { return Ok(maker.to_owned()) };
    let passed: Option<String> = row.get("passed")?;
    let of_origin: Option<String> = row.get("of_origin")?;
    let first: Option<String> = row.get("maker")?;
    Ok(passed.or(of_origin).or(first).unwrap_or_else(|| maker.to_owned()))
}

/// Who owns what a node makes.
fn owner_of_origin(db: &mut dyn Read, origin: &str) -> Result<String> {
    let row = db.row("select owner from custody_origin where origin = $1", params![origin])?;
    Ok(row.map(|row| row.get("owner")).transpose()?.unwrap_or_else(|| origin.to_owned()))
}

/// With whom an entry of another node is in conflict as it comes in; `None` when it
/// is entitled to what it says. Nothing here asks a clock or a configuration: the
/// tables it reads are what the log before this entry folds to.
pub(crate) fn conflict(
    conn: &mut Conn,
    entry: &Entry,
    of_the_node: bool,
) -> Result<Option<String>> {
    let origin = &entry.header.origin;
    if !of_the_node {
        let owner = owner(conn, entry.header.subject, origin)?;
        return Ok((owner != *origin).then_some(owner));
    }
    match crate::fact::read::<CustodyFact>(entry) {
        Some(CustodyFact::Passed(it)) => stranger(conn, &it.of, origin),
        Some(CustodyFact::Taken(it)) => {
            let entitled = match crate::neighbour::granted(conn, origin, TAKE) {
                Ok(scope) => covers(conn, &scope, &it.of)?,
                Err(Error::Conflict { .. }) => false,
                Err(error) => return Err(error),
            };
            Ok((!entitled).then_some(it.from))
        }
        _ => Ok(None),
    }
}

/// The first owner among these that is not `own`.
fn stranger(db: &mut dyn Read, of: &Of, own: &str) -> Result<Option<String>> {
    match of {
        Of::Origin(origin) => {
            let owner = owner_of_origin(db, origin)?;
            Ok((owner != own).then_some(owner))
        }
        Of::Subjects(subjects) => {
            for subject in subjects {
                let owner = owner(db, *subject, "")?;
                if owner != own {
                    return Ok(Some(owner));
                }
            }
            Ok(None)
        }
    }
}

/// Whether all of it lies inside a scope, as far as the log here knows it.
fn covers(db: &mut dyn Read, scope: &Scope, of: &Of) -> Result<bool> {
    match of {
        Of::Subjects(subjects) => {
            for subject in subjects {
                let mut params = vec![Value::from(*subject)];
                let inside = scope.filter("log", &mut params);
                let sql = format!("select seq from log where subject = $1 and {inside} limit 1");
                if db.row(&sql, &params)?.is_none() {
                    return Ok(false);
                }
            }
            Ok(true)
        }
        Of::Origin(origin) => {
            let mut params = vec![Value::from(origin)];
            let inside = scope.filter("log", &mut params);
            let sql = format!(
                "select seq from log where origin = $1 and (region is not null or org is not null) \
                 and not ({inside}) limit 1"
            );
            Ok(db.row(&sql, &params)?.is_none())
        }
    }
}

fn checked(tx: &mut Tx<'_>, scope: &Scope, of: &Of, region: &AdminCode) -> Result<()> {
    if let Of::Subjects(subjects) = of
        && !(1..=MOST_SUBJECTS).contains(&subjects.len())
    {
        let expected = format!("1 to {MOST_SUBJECTS} of them");
        return Err(Error::invalid("subjects", subjects.len(), expected));
    }
    if !scope.holds_region(tx, region)? || !covers(tx, scope, of)? {
        return Err(Error::not_found("subject"));
    }
    Ok(())
}

fn routes() -> Routes {
    Routes::new()
        .get("/api/custody", TAKE, "Says what was handed over, is to be, and is in conflict", show)
        .gives::<Custody>()
        .post("/api/custody/pass", TAKE, "Hands what this node owns to another node", pass)
        .takes::<Pass>()
        .gives::<Custody>()
        .post("/api/custody/proposals", TAKE, "Proposes to take over from another node", propose)
        .takes::<Propose>()
        .creates::<Custody>()
        .post(
            "/api/custody/proposals/{id}/confirm",
            TAKE,
            "Takes over, as the second person",
            confirm,
        )
        .gives::<Custody>()
}

#[derive(Debug, Deserialize, JsonSchema)]
struct Pass {
    of: Of,
    /// The node that will own it.
    to: String,
    region: AdminCode,
    reason: String,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct Propose {
    of: Of,
    region: AdminCode,
    reason: String,
}

/// Who owns what, where that is not the node that made it.
#[derive(Debug, Serialize, JsonSchema)]
struct Custody {
    /// Node by node: what it made, and who owns that.
    origins: Vec<OwnedOrigin>,
    /// How many single subjects were handed over.
    subjects: i64,
    /// What waits for a second person.
    proposals: Vec<Proposal>,
    /// What came from a node that no longer owns the subject, the latest first.
    conflicts: Vec<InConflict>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct OwnedOrigin {
    origin: String,
    owner: String,
    since: Timestamp,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Proposal {
    id: Id,
    of: Of,
    from: String,
    reason: String,
    proposed_by: String,
    proposed_at: Timestamp,
}

#[derive(Debug, Serialize, JsonSchema)]
struct InConflict {
    seq: i64,
    origin: String,
    kind: String,
    subject: Id,
    at: Timestamp,
    /// Who owned it when this came in.
    owner: String,
}

fn custody(db: &mut dyn Read, scope: &Scope) -> Result<Custody> {
    let sql = "select origin, owner, since from custody_origin order by origin";
    let origins = db.rows(sql, &[])?;
    let origins = origins.iter().map(|row| {
        Ok(OwnedOrigin {
            origin: row.get("origin")?,
            owner: row.get("owner")?,
            since: row.get("since")?,
        })
    });
    let origins = origins.collect::<Result<_>>()?;
    let subjects = db.row("select count(*) as n from custody_subject", &[])?;
    let subjects = subjects.map_or(Ok(0), |row| row.get("n"))?;
    let mut params = Vec::new();
    let inside = scope.filter("custody_proposal", &mut params);
    let rows = db.rows(
        &format!(
            "select id, subjects, from_origin, reason, proposed_by, proposed_at \
             from custody_proposal where taken_at is null and {inside} \
             order by proposed_at desc, id limit 100"
        ),
        &params,
    )?;
    let proposals = rows.iter().map(|row| {
        Ok(Proposal {
            id: row.get("id")?,
            of: row.json("subjects")?,
            from: row.get("from_origin")?,
            reason: row.get("reason")?,
            proposed_by: row.get("proposed_by")?,
            proposed_at: row.get("proposed_at")?,
        })
    });
    let proposals = proposals.collect::<Result<_>>()?;
    let mut params = Vec::new();
    let inside = scope.filter("log", &mut params);
    let rows = db.rows(
        &format!(
            "select seq, origin, kind, subject, at, conflict from log \
             where conflict is not null and {inside} order by seq desc limit 200"
        ),
        &params,
    )?;
    let conflicts = rows.iter().map(|row| {
        Ok(InConflict {
            seq: row.get("seq")?,
            origin: row.get("origin")?,
            kind: row.get("kind")?,
            subject: row.get("subject")?,
            at: row.get("at")?,
            owner: row.get("conflict")?,
        })
    });
    Ok(Custody { origins, subjects, proposals, conflicts: conflicts.collect::<Result<_>>()? })
}

async fn show(world: World, Scoped(scope): Scoped) -> Result<Json<Custody>> {
    Ok(Json(world.read(move |db| custody(db, &scope)).await?))
}

async fn pass(
    world: World,
    caller: Caller,
    key: Idempotency,
    Scoped(scope): Scoped,
    Body(body): Body<Pass>,
) -> Result<Reply<Custody>> {
    let (to, by) = (crate::neighbour::named(&body.to)?, caller.name.clone());
    let reason = text("reason", &body.reason, 2, 200)?;
    let reply = world.commit(&caller, key, move |tx| {
        checked(tx, &scope, &body.of, &body.region)?;
        let own = tx.origin().to_owned();
        if let Some(owner) = stranger(tx, &body.of, &own)? {
            return Err(Error::conflict(
                "not-owned",
                format!("{owner} owns this, and hands it over"),
            ));
        }
        let passed = CustodyFact::Passed(Passed { of: body.of, to, reason, by });
        let id = tx.new_id();
        tx.record(Record::first(id, Home::region(body.region), passed))?;
        custody(tx, &scope)
    });
    reply.await
}

async fn propose(
    world: World,
    caller: Caller,
    key: Idempotency,
    Scoped(scope): Scoped,
    Body(body): Body<Propose>,
) -> Result<Reply<Custody>> {
    let (by, by_name) = (caller.person, caller.name.clone());
    let reason = text("reason", &body.reason, 2, 200)?;
    let reply = world.commit(&caller, key, move |tx| {
        checked(tx, &scope, &body.of, &body.region)?;
        let own = tx.origin().to_owned();
        let from = stranger(tx, &body.of, &own)?;
        let from = from.ok_or(Error::conflict("own-subject", "this node owns it already"))?;
        let fact = CustodyFact::Proposed(Proposed { of: body.of, from, reason, by, by_name });
        let id = tx.new_id();
        tx.record(Record::first(id, Home::region(body.region), fact))?;
        custody(tx, &scope)
    });
    Ok(reply.await?.created())
}

async fn confirm(
    world: World,
    caller: Caller,
    key: Idempotency,
    Scoped(scope): Scoped,
    Path(id): Path<Id>,
) -> Result<Reply<Custody>> {
    let (person, confirmed_by) = (caller.person, caller.name.clone());
    let reply = world.commit(&caller, key, move |tx| {
        let own = tx.origin().to_owned();
        let mut params = vec![Value::from(id), Value::from(&own)];
        let inside = scope.filter("custody_proposal", &mut params);
        let row = tx.row(
            &format!(
                "select subjects, from_origin, region, reason, proposer, proposed_by, taken_at \
                 from custody_proposal where id = $1 and origin = $2 and {inside}"
            ),
            &params,
        )?;
        let row = row.ok_or(Error::not_found("proposal"))?;
        if row.get::<Option<Timestamp>>("taken_at")?.is_some() {
            return Err(Error::conflict("already-taken", "this was taken over already"));
        }
        if row.get::<Id>("proposer")? == person {
            return Err(Error::conflict("same-person", "the second person is another one"));
        }
        let (of, from): (Of, String) = (row.json("subjects")?, row.get("from_origin")?);
        let region: AdminCode = row.parse("region")?;
        checked(tx, &scope, &of, &region)?;
        let known = crate::segment::position(tx, &from)?;
        let (reason, proposed_by) = (row.get("reason")?, row.get("proposed_by")?);
        let taken = Taken { proposal: id, of, from, known, reason, proposed_by, confirmed_by };
        let entry = tx.new_id();
        tx.record(Record::first(entry, Home::region(region), CustodyFact::Taken(taken)))?;
        custody(tx, &scope)
    });
    reply.await
}
