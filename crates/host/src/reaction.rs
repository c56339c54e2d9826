//! Reactions: what a slice does when something happened upstream.
//!
//! A reaction has a durable cursor. What it decides is recorded in the same
//! transaction that moves the cursor: exactly once, whatever crashes. It sees
//! the facts of its own node only, unless it is declared `foreign`. After five
//! failures the fact is parked with its subject, where a person finds it on the
//! health page, and the cursor moves on. A reaction, and a kind that one gains, begins
//! at the end of the log as it is at the first start of that program.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use base::Timestamp;
use crossbeam_channel::{Receiver, RecvTimeoutError};

use crate::db::{Conn, DbError, Read, Value};
use crate::error::{Error, Result};
use crate::log::{COLUMNS, COUNTS, Entry};
use crate::params;
use crate::part::Kit;
use crate::tx::Tx;
use crate::world::{Lane, World};
use crate::writer::Context;

const FAILURES_BEFORE_PARKING: i64 = 5;
const BATCH: i64 = 64;

/// Reacts to kinds of facts with facts of its own.
#[derive(Clone)]
pub struct Reaction {
    /// Unique, and stable: the cursor goes by it.
    pub name: &'static str,
    pub kinds: &'static [&'static str],
    /// Whether facts of other nodes are seen too (live, search, supervision).
    pub foreign: bool,
    /// Decides. What it records names the entry as its cause by itself.
    pub react: fn(&mut Tx<'_>, &Entry) -> Result<()>,
}

/// Waits after a failure, so that an outage of seconds parks nothing.
const PAUSES: [Duration; 4] = [
    Duration::from_millis(50),
    Duration::from_millis(200),
    Duration::from_secs(1),
    Duration::from_secs(3),
];

/// Runs a world's reactions until the world closes. `advanced` ticks at each commit.
pub(crate) fn serve(world: &World, advanced: &Receiver<()>) {
    let reactions = &world.kit().reactions;
    // When each may be tried again, and how often it failed in a row.
    let mut held: Vec<(Option<Instant>, usize)> = vec![(None, 0); reactions.len()];
    loop {
        let due: Vec<usize> = (0..reactions.len())
            .filter(|at| held[*at].0.is_none_or(|until| until <= Instant::now()))
            .collect();
        due.iter().for_each(|at| held[*at].0 = None);
        let found = world.read_now(|db| {
            due.iter().map(|at| pending(db, world.origin(), &reactions[*at], BATCH)).collect()
        });
        let found: Vec<Pending> = match found {
            Ok(found) => found,
            Err(_) if !world.is_open() => return,
            Err(error) => {
                tracing::error!(%error, "the reactions could not look what is new");
                due.iter().for_each(|at| hold(&mut held[*at]));
                Vec::new()
            }
        };
        // All are on their way before any is waited for: they share the writer's
        // groups, and a warning does not wait until every notice is out.
        let mut under_way = Vec::with_capacity(found.len());
        for (at, pending) in due.into_iter().zip(found) {
            if pending.entries.is_empty() {
                held[at].1 = 0;
                continue;
            }
            match submit(world, &reactions[at], pending) {
                Ok(batch) => under_way.push((at, batch)),
                // The world is closed: nothing more is taken.
                Err(_) => return,
            }
        }
        let busy = !under_way.is_empty();
        for (at, batch) in under_way {
            let reaction = &reactions[at];
            match finish(world, reaction, batch) {
                Ok(Outcomes::Good) => held[at].1 = 0,
                Ok(Outcomes::Failed) => hold(&mut held[at]),
                Err(Error::Busy(_)) if !world.is_open() => return,
                Err(error) => {
                    tracing::error!(reaction.name, %error, "a reaction could not run");
                    hold(&mut held[at]);
                }
            }
        }
        if busy {
            continue;
        }
        let next = held.iter().filter_map(|(until, _)| *until).min();
        let told = match next {
            Some(next) => {
                match advanced.recv_timeout(next.saturating_duration_since(Instant::now())) {
                    Err(RecvTimeoutError::Disconnected) => Err(()),
                    _ => Ok(()),
                }
            }
            None => advanced.recv().map_err(|_| ()),
        };
        if told.is_err() {
            return;
        }
    }
}

/// Gives what is new in this program its place, which is the end of the log: reactions,
/// or a new "open an incident" would open one for every warning there ever was, and the
/// kinds that a reaction gained, whose cursor may be a year back.
pub(crate) fn place_new(conn: &mut Conn, kit: &Kit, last_seq: i64) -> Result<(), DbError> {
    for reaction in &kit.reactions {
        conn.run(
            "insert into reaction_cursor (reaction, seq, failures) values ($1, $2, 0) \
             on conflict (reaction) do nothing",
            params![reaction.name, last_seq],
        )?;
        for kind in kinds_of(conn, reaction.name)? {
            // One that comes back later is new again: what was between is its past.
            if !reaction.kinds.contains(&kind.as_str()) {
                let gone = "delete from reaction_kind where reaction = $1 and kind = $2";
                conn.run(gone, params![reaction.name, kind])?;
            }
        }
        for kind in reaction.kinds {
            conn.run(
                "insert into reaction_kind (reaction, kind, from_seq) values ($1, $2, $3) \
                 on conflict (reaction, kind) do nothing",
                params![reaction.name, *kind, last_seq],
            )?;
        }
    }
    Ok(())
}

fn kinds_of(db: &mut dyn Read, name: &str) -> Result<Vec<String>, DbError> {
    let sql = "select kind from reaction_kind where reaction = $1 order by kind";
    db.rows(sql, params![name])?.iter().map(|row| row.get("kind")).collect()
}

/// Names the origins whose subjects this world acts for by itself: jobs ask
/// `owned_origin`, or a province would expire its counties' warnings. A drill acts
/// for what it stands on, too.
pub(crate) fn own(conn: &mut Conn, origins: &[&str]) -> Result<(), DbError> {
    for origin in origins {
        conn.run(
            "insert into owned_origin (origin) values ($1) on conflict (origin) do nothing",
            params![*origin],
        )?;
    }
    Ok(())
}

/// Lets a reaction wait, the longer the more often it failed in a row.
fn hold((until, failures): &mut (Option<Instant>, usize)) {
    *until = Some(Instant::now() + PAUSES[(*failures).min(PAUSES.len() - 1)]);
    *failures += 1;
}

/// Facts on their way through a reaction: the seq of each, and what will come of it.
type Batch = Vec<(i64, crate::world::Outcome<bool>)>;

/// Hands the writer the next few facts of one reaction.
///
/// # Errors
/// [`Error::Busy`] when the world is closed.
fn submit(world: &World, reaction: &Reaction, pending: Pending) -> Result<Batch> {
    let mut waiting = Vec::with_capacity(pending.entries.len());
    let mut expected = pending.cursor;
    for entry in pending.entries {
        let seq = entry.seq;
        let react = reaction.react;
        let name = reaction.name;
        let context = Context {
            cause: Some((entry.header.id, entry.header.correlation)),
            ..Context::system("reaction")
        };
        let from = expected;
        // All of a batch go to the writer at once and share its groups; one that
        // finds the cursor elsewhere stands behind a failure and does nothing.
        let outcome = world.start(Lane::Urgent, context, move |tx| {
            if cursor_of(tx, name)?.0 != from {
                return Ok(false);
            }
            react(tx, &entry)?;
            move_cursor(tx, name, seq)?;
            Ok(true)
        })?;
        waiting.push((seq, outcome));
        expected = seq;
    }
    Ok(waiting)
}

/// What came of a batch.
enum Outcomes {
    Good,
    Failed,
}

/// Waits for a batch, and counts its first failure.
fn finish(world: &World, reaction: &Reaction, batch: Batch) -> Result<Outcomes> {
    let mut failed = None;
    for (seq, outcome) in batch {
        match outcome.wait() {
            Ok(_) => {}
            Err(error) if failed.is_none() => failed = Some((seq, error)),
            Err(_) => {}
        }
    }
    match failed {
        None => Ok(Outcomes::Good),
        // The database's trouble is not the fact's.
        Some((_, error @ (Error::Db(_) | Error::Busy(_) | Error::DiskFull))) => Err(error),
        Some((seq, error)) => {
            tracing::warn!(reaction.name, seq, %error, "a reaction failed");
            note_failure(world, reaction.name, seq, error)?;
            Ok(Outcomes::Failed)
        }
    }
}

/// What a reaction has not seen.
struct Pending {
    cursor: i64,
    /// In order, so many and no more.
    entries: Vec<Entry>,
}

/// Whether there is something that a reaction has not seen.
pub(crate) fn waits(db: &mut dyn Read, origin: &str, reaction: &Reaction) -> Result<bool> {
    Ok(!pending(db, origin, reaction, 1)?.entries.is_empty())
}

fn pending(db: &mut dyn Read, origin: &str, reaction: &Reaction, limit: i64) -> Result<Pending> {
    let (cursor, kinds) = standing(db, reaction)?;
    let mut params = vec![limit.into()];
    let mut place = |value: Value| {
        params.push(value);
        format!("${}", params.len())
    };
    let mut seen = Vec::new();
    for (after, kinds) in kinds {
        let after = place(after.into());
        let kinds: Vec<String> = kinds.into_iter().map(|kind| place(kind.into())).collect();
        seen.push(format!("(seq > {after} and kind in ({}))", kinds.join(", ")));
    }
    let seen = seen.join(" or ");
    let own = if reaction.foreign {
        String::new()
    } else {
        format!("and origin = {}", place(origin.into()))
    };
    let rows = db.rows(
        &format!(
            "select {COLUMNS} from log where ({seen}) and {COUNTS} {own} order by seq limit $1"
        ),
        &params,
    )?;
    let entries = rows.into_iter().map(Entry::from_row).collect::<Result<_, _>>()?;
    Ok(Pending { cursor, entries })
}

/// Kinds by the seq after which they are wanted.
type Wanted = BTreeMap<i64, Vec<&'static str>>;

/// A reaction's cursor, and what it wants after it: all its kinds from the cursor on, but
/// one that it gained after that from where the log then ended.
fn standing(db: &mut dyn Read, reaction: &Reaction) -> Result<(i64, Wanted)> {
    let rows = db.rows(
        "select reaction_cursor.seq, reaction_kind.kind, reaction_kind.from_seq \
         from reaction_cursor left join reaction_kind \
         on reaction_kind.reaction = reaction_cursor.reaction \
         where reaction_cursor.reaction = $1 order by reaction_kind.kind",
        params![reaction.name],
    )?;
    let cursor = rows.first().map_or(Ok(0), |row| row.get("seq"))?;
    let mut from: BTreeMap<String, i64> = BTreeMap::new();
    for row in &rows {
        if let Some(kind) = row.get::<Option<String>>("kind")? {
            from.insert(kind, row.get("from_seq")?);
        }
    }
    let mut wanted = Wanted::new();
    for kind in reaction.kinds {
        let after = from.get(*kind).map_or(cursor, |from| cursor.max(*from));
        wanted.entry(after).or_default().push(*kind);
    }
    Ok((cursor, wanted))
}

fn cursor_of(db: &mut dyn Read, name: &str) -> Result<(i64, i64)> {
    let row =
        db.row("select seq, failures from reaction_cursor where reaction = $1", params![name])?;
    match row {
        None => Ok((0, 0)),
        Some(row) => Ok((row.get("seq")?, row.get("failures")?)),
    }
}

fn move_cursor(tx: &mut Tx<'_>, name: &str, seq: i64) -> Result<()> {
    tx.host_work().send(
        "insert into reaction_cursor (reaction, seq, failures) values ($1, $2, 0) \
         on conflict (reaction) do update set seq = excluded.seq, failures = 0",
        params![name, seq],
    )?;
    Ok(())
}

/// Counts a failure; at the fifth the fact is parked and the cursor moves on.
fn note_failure(world: &World, name: &'static str, seq: i64, error: Error) -> Result<()> {
    let outcome = world.start(Lane::Urgent, Context::system("reaction"), move |tx| {
        // Asked here, not before: what succeeded in between began the count anew.
        let (cursor, failures) = cursor_of(tx, name)?;
        if failures + 1 < FAILURES_BEFORE_PARKING {
            tx.host_work().run(
                "insert into reaction_cursor (reaction, seq, failures) values ($1, $2, $3) \
                 on conflict (reaction) do update set failures = excluded.failures",
                params![name, cursor, failures + 1],
            )?;
            return Ok(());
        }
        let now = tx.machine_now();
        tx.host_work().run(
            "insert into reaction_parked (reaction, seq, subject, error, parked_at) \
             select $1, seq, subject, $3, $4 from log where seq = $2 \
             on conflict (reaction, seq) do nothing",
            params![name, seq, error.to_string(), now],
        )?;
        move_cursor(tx, name, seq)
    })?;
    outcome.wait()
}

/// A fact that a reaction gave up on.
#[derive(Debug, Clone, PartialEq, serde::Serialize, schemars::JsonSchema)]
pub struct Parked {
    pub reaction: String,
    pub seq: i64,
    pub subject: String,
    pub error: String,
    pub parked_at: Timestamp,
}

/// What is parked in this world, newest first, for the health page.
pub fn parked(db: &mut dyn Read) -> Result<Vec<Parked>> {
    let rows = db.rows(
        "select reaction, seq, subject, error, parked_at from reaction_parked \
         order by parked_at desc, seq desc limit 200",
        &[],
    )?;
    rows.iter()
        .map(|row| {
            Ok(Parked {
                reaction: row.get("reaction")?,
                seq: row.get("seq")?,
                subject: row.get("subject")?,
                error: row.get("error")?,
                parked_at: row.get("parked_at")?,
            })
        })
        .collect()
}
