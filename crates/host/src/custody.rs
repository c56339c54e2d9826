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

mod routes;

use base::{AdminCode, Id};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::db::{Conn, Read};
use crate::error::{Error, Result};
use crate::{Entry, Home, Permission, Scope, Slice, Summary, Table, Tables, Tx, Value, params};

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
        routes: routes::routes(),
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
                // Where it is now, not where it once was.
                let mut params = vec![Value::from(*subject)];
                let inside = scope.filter("log", &mut params);
                let sql = format!(
                    "select seq from log where {inside} and seq = (select max(of.seq) from log of \
                     where of.subject = $1 and of.conflict is null and of.unapplied is null)"
                );
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
    if !scope.holds(tx, &Home::region(region.clone()))? || !covers(tx, scope, of)? {
        return Err(Error::not_found("subject"));
    }
    Ok(())
}
