//! Entries that are kept, chained and shown, and change no table: of other nodes, and
//! own ones that this program does not read, if an upgrade lost that.
//!
//! A body from outside may be one that the tables refuse: a newer or a faulty program
//! wrote it, or somebody who means harm. It stops nothing. Why it was not applied stands
//! beside the entry in the log, local and not hashed, as `conflict` does, and every fold
//! reads it there instead of judging again: so a fold gives the live tables on either
//! engine. A refold of its slice (a changed version, or [`try_again`]) tries it once more.

use std::panic::AssertUnwindSafe;

use base::{Id, Timestamp};
use schemars::JsonSchema;
use serde::Serialize;

use crate::db::{Conn, Read};
use crate::error::{Error, Result};
use crate::fact::{Applied, Slice};
use crate::log::Entry;
use crate::part::Kit;
use crate::tables::Tables;
use crate::tx::Tx;
use crate::{params, writer};

/// Its home is in no region that its author's key may speak for.
pub(crate) const OUTSIDE: &str = "outside";
/// This program knows its kind and cannot read its body.
pub(crate) const UNREAD: &str = "unread";
/// How a refusal by the tables begins; the database's words follow.
const REFUSED: &str = "refused: ";
/// The database's words, at most so many characters of them.
const LONGEST: usize = 300;

/// Applies an entry of another node under a mark of its own; answers why that was not
/// done, and then nothing of it is left.
///
/// # Errors
/// Trouble of the database that is not the entry's, and a slice that writes what is not
/// its own.
pub(crate) fn try_apply(
    conn: &mut Conn,
    kit: &Kit,
    slice: &Slice,
    entry: &Entry,
) -> Result<Option<String>> {
    conn.mark()?;
    let tried = AssertUnwindSafe(|| Tables::apply(conn, kit, slice, entry));
    let (applied, settled) = match std::panic::catch_unwind(tried) {
        Ok(Ok(applied)) => (Ok(applied), conn.settle()),
        Ok(Err(error)) => (Ok(Applied::Kept), Err(error)),
        Err(panic) => (Err(panic), conn.settle()),
    };
    let refused = |reason: &str| {
        let reason: String = reason.chars().take(LONGEST).collect();
        Some(format!("{REFUSED}{reason}"))
    };
    let why = match (applied, settled) {
        (_, Err(error)) => match error.of_value() {
            Some(reason) => refused(reason),
            None => return Err(error.into()),
        },
        (Err(panic), Ok(())) => refused(&format!("it panicked: {}", writer::said(&panic))),
        // A closed body is no fault, and no table waits for it.
        (Ok(Applied::Kept), Ok(())) if entry.body.is_some() => Some(UNREAD.to_owned()),
        (Ok(_), Ok(())) => None,
    };
    if let Some(why) = &why {
        conn.undo_mark()?;
        let header = &entry.header;
        tracing::warn!(
            origin = header.origin,
            origin_seq = header.origin_seq,
            kind = header.kind,
            why,
            "an entry of another node is kept and not applied"
        );
    } else {
        conn.release_mark()?;
    }
    Ok(why)
}

/// Whether a refold may come to another end with it.
pub(crate) fn may_be_tried(why: &str) -> bool {
    why != OUTSIDE
}

/// How many entries changed nothing, by why.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Counts {
    /// Refused by the tables.
    pub refused: i64,
    /// Of a known kind, and not to be read by this program; own ones as of the last time
    /// that their slice was folded anew.
    pub unread: i64,
    /// From regions that their author may not speak for.
    pub outside: i64,
    /// About what their author does not own.
    pub conflicts: i64,
    /// Of a kind that this program does not know: a newer one wrote them.
    pub unknown: i64,
}

/// # Errors
/// [`Error::Db`] when the database does not answer.
pub fn counts(db: &mut dyn Read, kit: &Kit) -> Result<Counts> {
    let mut counts = Counts { unknown: unknown(db, kit)?, ..Counts::default() };
    let sql = "select unapplied, count(*) as n from log where unapplied is not null \
               group by unapplied order by unapplied";
    for row in db.rows(sql, &[])? {
        let n: i64 = row.get("n")?;
        match row.get::<String>("unapplied")?.as_str() {
            OUTSIDE => counts.outside += n,
            UNREAD => counts.unread += n,
            _ => counts.refused += n,
        }
    }
    let row = db.row("select count(*) as n from log where conflict is not null", &[])?;
    counts.conflicts = row.map_or(Ok(0), |row| row.get("n"))?;
    Ok(counts)
}

/// How many entries are of kinds that no slice here claims. It goes from kind to kind by
/// their index, and not through the log.
fn unknown(db: &mut dyn Read, kit: &Kit) -> Result<i64> {
    let rows = db.rows(
        "with recursive kinds (kind) as (select min(kind) from log union all \
         select (select min(log.kind) from log where log.kind > kinds.kind) from kinds \
         where kinds.kind is not null) select kind from kinds where kind is not null order by kind",
        &[],
    )?;
    let mut unknown = 0;
    for row in rows {
        let kind: String = row.get("kind")?;
        if kit.slice_of(&kind).is_none() {
            let row = db.row("select count(*) as n from log where kind = $1", params![kind])?;
            unknown += row.map_or(Ok(0), |row| row.get::<i64>("n"))?;
        }
    }
    Ok(unknown)
}

/// An entry that changed nothing here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Unapplied {
    pub seq: i64,
    pub origin: String,
    pub origin_seq: i64,
    pub kind: String,
    pub subject: Id,
    pub at: Timestamp,
    /// `outside`, `unread`, or `refused: ` and what the database said.
    pub why: String,
}

/// The latest of them, 200 at most.
///
/// # Errors
/// [`Error::Db`] when the database does not answer.
pub fn list(db: &mut dyn Read) -> Result<Vec<Unapplied>> {
    let rows = db.rows(
        "select seq, origin, origin_seq, kind, subject, at, unapplied from log \
         where unapplied is not null order by seq desc limit 200",
        &[],
    )?;
    rows.iter()
        .map(|row| {
            Ok(Unapplied {
                seq: row.get("seq")?,
                origin: row.get("origin")?,
                origin_seq: row.get("origin_seq")?,
                kind: row.get("kind")?,
                subject: row.get("subject")?,
                at: row.get("at")?,
                why: row.get("unapplied")?,
            })
        })
        .collect()
}

/// Has the slices of refused and unread entries folded anew at the next start, in the
/// order of the log; answers their names. For an upgrade that mended a slice without
/// changing what its `apply` means.
///
/// # Errors
/// [`Error::Db`] when the database does not answer.
pub fn try_again(tx: &mut Tx<'_>) -> Result<Vec<String>> {
    let rows = tx.rows(
        "select distinct kind from log where unapplied is not null and unapplied <> $1 \
         order by kind",
        params![OUTSIDE],
    )?;
    let mut slices = Vec::new();
    for row in rows {
        let Some(slice) = tx.kit.slice_of(&row.get::<String>("kind")?) else { continue };
        if !slices.contains(&slice.name.to_owned()) {
            slices.push(slice.name.to_owned());
            tx.host_work()
                .run("delete from slice_version where slice = $1", params![slice.name])?;
        }
    }
    Ok(slices)
}

/// What a refold found about entries of other nodes: seq, and why it is not applied now.
pub(crate) type Found = Vec<(i64, Option<String>)>;

/// Writes beside the entries what a refold found.
///
/// # Errors
/// [`Error::Db`] when the database does not answer.
pub(crate) fn write_down(conn: &mut Conn, found: &Found) -> Result<(), Error> {
    for (seq, why) in found {
        conn.run("update log set unapplied = $2 where seq = $1", params![*seq, why.clone()])?;
    }
    Ok(())
}
