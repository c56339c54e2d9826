//! The door for people to custody: who owns what, what waits, and what was decided.

use std::collections::HashSet;

use base::{AdminCode, Id, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{CustodyFact, Of, Passed, Proposed, TAKE, Taken, checked, owner_of_origin, stranger};
use crate::db::Read;
use crate::error::{Error, Result};
use crate::heard::{self, Heard};
use crate::part::Kit;
use crate::scope::bind;
use crate::sight::Sight;
use crate::web::{Body, Json, Path, Scoped, text};
use crate::{Caller, Entry, Home, Idempotency, Record, Reply, Routes, Scope, Value, World};

/// Decisions that are listed, and subjects that are named for each: whoever reads a list
/// at night reads its beginning.
const MOST_MOVES: usize = 100;
const MOST_NAMED: usize = 10;

pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/api/custody", TAKE, "Says what was handed over, is to be, and is in conflict", show)
        .gives::<Custody>()
        .post("/api/custody/pass", TAKE, "Hands what this node owns to another node", pass)
        .takes::<Pass>()
        .gives::<Decided>()
        .post("/api/custody/proposals", TAKE, "Proposes to take over from another node", propose)
        .takes::<Propose>()
        .creates::<Decided>()
        .post(
            "/api/custody/proposals/{id}/confirm",
            TAKE,
            "Takes over, as the second person",
            confirm,
        )
        .gives::<Decided>()
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

/// What a command decided. The lists are read apart: they ask much, and the writer would
/// wait for them.
#[derive(Debug, Serialize, JsonSchema)]
struct Decided {
    /// The proposal, also when it is confirmed; else the hand-over.
    id: Id,
    of: Of,
    /// The owner until then.
    from: String,
    /// The owner from then on; of a proposal, once it is confirmed.
    to: String,
}

/// Who owns what, where that is not the node that made it.
#[derive(Debug, Serialize, JsonSchema)]
struct Custody {
    /// This node's own name.
    own: String,
    /// The other nodes that are known here, and who owns what each of them makes.
    nodes: Vec<OtherNode>,
    /// Node by node: what it made, and who owns that.
    origins: Vec<OwnedOrigin>,
    /// How many single subjects were handed over.
    subjects: i64,
    /// What waits for a second person.
    proposals: Vec<Proposal>,
    /// What was handed over and taken over, the latest first; the last hundred.
    moves: Vec<Moved>,
    /// What came from a node that no longer owns the subject, the latest first.
    conflicts: Vec<InConflict>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct OtherNode {
    #[serde(flatten)]
    heard: Heard,
    owner: String,
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
    region: AdminCode,
    reason: String,
    /// Who cannot be the second person.
    proposer: Id,
    proposed_by: String,
    proposed_at: Timestamp,
    named: Vec<Named>,
}

/// A decision that moved ownership.
#[derive(Debug, Serialize, JsonSchema)]
struct Moved {
    seq: i64,
    at: Timestamp,
    /// The node that said so: the owner that hands over, or the one that took over.
    origin: String,
    of: Of,
    /// The owner until then.
    from: String,
    to: String,
    /// Whether two persons took it over from a node that did not answer.
    taken: bool,
    /// How far the taker had the former owner's log.
    known: Option<i64>,
    reason: String,
    /// Who decided; of a take-over the first and the second person.
    by: Vec<String>,
    named: Vec<Named>,
}

/// A subject by the first that was said of it; at most ten of a decision.
#[derive(Debug, Serialize, JsonSchema)]
struct Named {
    subject: Id,
    /// The kind of that fact: `incident.opened`.
    kind: String,
    /// Its sentence; none when its body is not here, and for who does not see such facts.
    title: Option<String>,
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

/// Who looks: at custody as far as `scope` reaches, and at facts as far as each is seen.
struct Look<'a> {
    kit: &'a Kit,
    scope: &'a Scope,
    sight: &'a Sight,
}

fn custody(db: &mut dyn Read, look: &Look<'_>, own: &str) -> Result<Custody> {
    let heard = heard::list(db, own)?;
    let nodes = heard.into_iter().map(|heard| {
        let owner = owner_of_origin(db, &heard.origin)?;
        Ok(OtherNode { heard, owner })
    });
    let nodes = nodes.collect::<Result<_>>()?;
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
    Ok(Custody {
        own: own.to_owned(),
        nodes,
        origins,
        subjects,
        proposals: proposals(db, look)?,
        moves: moves(db, look)?,
        conflicts: conflicts(db, look.scope)?,
    })
}

fn proposals(db: &mut dyn Read, look: &Look<'_>) -> Result<Vec<Proposal>> {
    let mut params = Vec::new();
    let inside = look.scope.filter("custody_proposal", &mut params);
    let rows = db.rows(
        &format!(
            "select id, subjects, from_origin, region, reason, proposer, proposed_by, proposed_at \
             from custody_proposal where taken_at is null and {inside} \
             order by proposed_at desc, id limit 100"
        ),
        &params,
    )?;
    rows.iter()
        .map(|row| {
            let of: Of = row.json("subjects")?;
            Ok(Proposal {
                id: row.get("id")?,
                named: named(db, look, &of)?,
                of,
                from: row.get("from_origin")?,
                region: row.parse("region")?,
                reason: row.get("reason")?,
                proposer: row.get("proposer")?,
                proposed_by: row.get("proposed_by")?,
                proposed_at: row.get("proposed_at")?,
            })
        })
        .collect()
}

/// What counted here; a decision whose body is closed here moved nothing here either.
fn moves(db: &mut dyn Read, look: &Look<'_>) -> Result<Vec<Moved>> {
    let mut params = vec![Value::from(MOST_MOVES as i64)];
    let inside = look.scope.filter("log", &mut params);
    let condition = format!(
        "kind in ('custody.passed', 'custody.taken') and {} and {inside} \
         order by seq desc limit $1",
        crate::log::COUNTS
    );
    let mut moves = Vec::new();
    for entry in crate::log::select(db, &condition, &params)? {
        let (seq, at, origin) = (entry.seq, entry.at(), entry.header.origin.clone());
        moves.push(match crate::fact::read::<CustodyFact>(&entry) {
            Some(CustodyFact::Passed(Passed { of, to, reason, by })) => Moved {
                seq,
                at,
                from: origin.clone(),
                origin,
                named: named(db, look, &of)?,
                of,
                to,
                taken: false,
                known: None,
                reason,
                by: vec![by],
            },
            Some(CustodyFact::Taken(it)) => Moved {
                seq,
                at,
                from: it.from,
                to: origin.clone(),
                origin,
                named: named(db, look, &it.of)?,
                of: it.of,
                taken: true,
                known: Some(it.known),
                reason: it.reason,
                by: vec![it.proposed_by, it.confirmed_by],
            },
            _ => continue,
        });
    }
    Ok(moves)
}

fn named(db: &mut dyn Read, look: &Look<'_>, of: &Of) -> Result<Vec<Named>> {
    let Of::Subjects(subjects) = of else { return Ok(Vec::new()) };
    let mut firsts = Vec::new();
    for subject in subjects.iter().take(MOST_NAMED) {
        let mut params = vec![Value::from(*subject)];
        let inside = look.scope.filter("log", &mut params);
        let condition =
            format!("subject = $1 and {} and {inside} order by seq limit 1", crate::log::COUNTS);
        firsts.extend(crate::log::select(db, &condition, &params)?);
    }
    let seen = seen(db, look.sight, &firsts)?;
    let named = firsts.into_iter().map(|entry| {
        let slice = look.kit.slice_of(entry.kind()).filter(|_| seen.contains(&entry.seq));
        Named {
            subject: entry.header.subject,
            kind: entry.kind().to_owned(),
            title: slice.and_then(|slice| slice.summary(&entry)).map(|summary| summary.title),
        }
    });
    Ok(named.collect())
}

/// Which of these entries are seen: who may take over does not see by that what the
/// facts say.
fn seen(db: &mut dyn Read, sight: &Sight, entries: &[Entry]) -> Result<HashSet<i64>> {
    let mut params = Vec::new();
    let Some(inside) = sight.condition(&mut params) else { return Ok(HashSet::new()) };
    if entries.is_empty() {
        return Ok(HashSet::new());
    }
    let these = bind(entries.iter().map(|entry| entry.seq.into()).collect(), &mut params);
    let sql = format!("select seq from log where seq in ({these}) and {inside} order by seq");
    db.rows(&sql, &params)?.iter().map(|row| Ok(row.get("seq")?)).collect()
}

fn conflicts(db: &mut dyn Read, scope: &Scope) -> Result<Vec<InConflict>> {
    let mut params = Vec::new();
    let inside = scope.filter("log", &mut params);
    let rows = db.rows(
        &format!(
            "select seq, origin, kind, subject, at, conflict from log \
             where conflict is not null and {inside} order by seq desc limit 200"
        ),
        &params,
    )?;
    rows.iter()
        .map(|row| {
            Ok(InConflict {
                seq: row.get("seq")?,
                origin: row.get("origin")?,
                kind: row.get("kind")?,
                subject: row.get("subject")?,
                at: row.get("at")?,
                owner: row.get("conflict")?,
            })
        })
        .collect()
}

async fn show(world: World, caller: Caller, Scoped(scope): Scoped) -> Result<Json<Custody>> {
    let (kit, own) = (world.kit().clone(), world.origin().to_owned());
    let sight = Sight::of(&kit, &caller);
    let read = move |db: &mut dyn Read| {
        custody(db, &Look { kit: &kit, scope: &scope, sight: &sight }, &own)
    };
    Ok(Json(world.read(read).await?))
}

async fn pass(
    world: World,
    caller: Caller,
    key: Idempotency,
    Scoped(scope): Scoped,
    Body(body): Body<Pass>,
) -> Result<Reply<Decided>> {
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
        let id = tx.new_id();
        let decided = Decided { id, of: body.of.clone(), from: own, to: to.clone() };
        let passed = CustodyFact::Passed(Passed { of: body.of, to, reason, by });
        tx.record(Record::first(id, Home::region(body.region), passed))?;
        Ok(decided)
    });
    reply.await
}

async fn propose(
    world: World,
    caller: Caller,
    key: Idempotency,
    Scoped(scope): Scoped,
    Body(body): Body<Propose>,
) -> Result<Reply<Decided>> {
    let (by, by_name) = (caller.person, caller.name.clone());
    let reason = text("reason", &body.reason, 2, 200)?;
    let reply = world.commit(&caller, key, move |tx| {
        checked(tx, &scope, &body.of, &body.region)?;
        let own = tx.origin().to_owned();
        let from = stranger(tx, &body.of, &own)?;
        let from = from.ok_or(Error::conflict("own-subject", "this node owns it already"))?;
        let id = tx.new_id();
        let decided = Decided { id, of: body.of.clone(), from: from.clone(), to: own };
        let fact = CustodyFact::Proposed(Proposed { of: body.of, from, reason, by, by_name });
        tx.record(Record::first(id, Home::region(body.region), fact))?;
        Ok(decided)
    });
    Ok(reply.await?.created())
}

async fn confirm(
    world: World,
    caller: Caller,
    key: Idempotency,
    Scoped(scope): Scoped,
    Path(id): Path<Id>,
) -> Result<Reply<Decided>> {
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
        let decided = Decided { id, of: of.clone(), from: from.clone(), to: own };
        let taken = Taken { proposal: id, of, from, known, reason, proposed_by, confirmed_by };
        let entry = tx.new_id();
        tx.record(Record::first(entry, Home::region(region), CustodyFact::Taken(taken)))?;
        Ok(decided)
    });
    reply.await
}
