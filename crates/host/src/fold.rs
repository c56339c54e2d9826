//! Folding: the tables made again from the log alone.
//!
//! State is a fold. Here that sentence is carried out: into a scratch database,
//! up to any entry, by the same `apply` that wrote the live tables. It is how
//! tables are proved, how a slice whose `apply` changed its meaning gets its
//! tables anew, and how a world of the past is opened.

use std::collections::BTreeMap;

use base::Timestamp;
use sha2::{Digest as _, Sha256};

use crate::db::{Conn, DbError, Read, Row, Sqlite, Value};
use crate::error::{Error, Result};
use crate::fact::{Slice, TableKind};
use crate::log::{self, Book};
use crate::part::Kit;
use crate::tx::Tables;
use crate::{migration, params};

const BATCH: i64 = 2_000;

/// Where a fold ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Until {
    Seq(i64),
    /// The last entry that had come into this log by this moment of the world's clock.
    Moment(Timestamp),
    End,
}

/// Tables folded from a log, in a database of their own.
pub struct Folded {
    pub(crate) conn: Conn,
    /// The last entry that was folded.
    pub seq: i64,
    /// Entries kept but not applied: closed, or newer than this program.
    pub kept: u64,
}

/// Folds the log that `source` reads into a scratch database.
///
/// # Errors
/// [`Error::Db`] when the log cannot be read or a slice writes what is not its own.
pub(crate) fn fold(source: &mut dyn Read, kit: &Kit, origin: &str, until: Until) -> Result<Folded> {
    let mut conn = Conn::Sqlite(Sqlite::scratch()?);
    migration::run(&mut conn, kit)?;
    let plan = Plan { kit, origin, slices: kit.slices.iter().collect(), with_log: WithLog::No };
    fold_into(conn, source, &plan, until)
}

/// What is folded, and in whose eyes.
pub(crate) struct Plan<'a> {
    kit: &'a Kit,
    /// The node's own origin: facts of authority are applied for this one only.
    origin: &'a str,
    slices: Vec<&'a Slice>,
    with_log: WithLog,
}

/// Makes the database of a past world: the log up to `until`, and what it folds to.
pub(crate) fn fold_past(
    path: &std::path::Path,
    source: &mut dyn Read,
    kit: &Kit,
    origin: &str,
    until: Until,
) -> Result<i64> {
    let mut conn = Conn::Sqlite(Sqlite::open_writer(path, crate::db::Durability::Never)?);
    migration::run(&mut conn, kit)?;
    let plan = Plan { kit, origin, slices: kit.slices.iter().collect(), with_log: WithLog::Yes };
    let mut folded = fold_into(conn, source, &plan, until)?;
    folded.conn.finish()?;
    Ok(folded.seq)
}

/// Makes the database a drill starts from: what the log up to `until` folds to,
/// without the log, and without working state or credentials, which no fold has.
pub(crate) fn fold_base(
    path: &std::path::Path,
    source: &mut dyn Read,
    kit: &Kit,
    origin: &str,
    until: Until,
) -> Result<i64> {
    let mut conn = Conn::Sqlite(Sqlite::open_writer(path, crate::db::Durability::Never)?);
    migration::run(&mut conn, kit)?;
    let plan = Plan { kit, origin, slices: kit.slices.iter().collect(), with_log: WithLog::No };
    let mut folded = fold_into(conn, source, &plan, until)?;
    for slice in &kit.slices {
        remember_version(&mut folded.conn, slice)?;
    }
    crate::reaction::own(&mut folded.conn, &[origin])?;
    folded.conn.finish()?;
    Ok(folded.seq)
}

/// Whether the entries themselves are copied beside what they fold to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WithLog {
    Yes,
    No,
}

/// Folds the entries of some slices into tables that are there and empty.
pub(crate) fn fold_into(
    conn: Conn,
    source: &mut dyn Read,
    plan: &Plan<'_>,
    until: Until,
) -> Result<Folded> {
    let kit = plan.kit;
    // What had arrived by a moment: the clock of a machine may have been set back.
    let mut latest = Timestamp::MIN;
    let mut folded = Folded { conn, seq: 0, kept: 0 };
    folded.conn.begin()?;
    'log: loop {
        let entries = log::after(source, Book::Log, folded.seq, BATCH)?;
        if entries.is_empty() {
            break;
        }
        for entry in entries {
            latest = latest.max(entry.arrived);
            let past = match until {
                Until::Seq(seq) => seq < entry.seq,
                Until::Moment(moment) => moment < latest,
                Until::End => false,
            };
            if past {
                break 'log;
            }
            folded.seq = entry.seq;
            if plan.with_log == WithLog::Yes {
                log::append(&mut folded.conn, Book::Log, &entry)?;
            }
            let slice = kit.slice_of(entry.kind());
            let wanted = |slice: &&Slice| {
                plan.slices.iter().any(|other| other.name == slice.name)
                    && slice.applies(&entry.header.origin, plan.origin)
            };
            let Some(slice) = slice.filter(wanted) else {
                folded.kept += u64::from(slice.is_none());
                continue;
            };
            let mut tables = Tables { conn: &mut folded.conn, kit, slice: slice.name, error: None };
            if slice.apply(&mut tables, &entry) == crate::fact::Applied::Kept {
                folded.kept += 1;
            }
            if let Some(error) = tables.error {
                return Err(Error::from(error));
            }
        }
    }
    folded.conn.commit()?;
    Ok(folded)
}

impl Read for Folded {
    fn rows(&mut self, sql: &str, params: &[Value]) -> Result<Vec<Row>, DbError> {
        self.conn.rows(sql, params)
    }
}

/// What a fact table holds, as one hash, and how many rows that is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableDigest {
    pub rows: u64,
    pub sha256: String,
}

/// The digest of every fact table, slice by slice; the log itself is no fold.
///
/// # Errors
/// [`Error::Db`] when a table cannot be read.
pub fn digests(db: &mut dyn Read, kit: &Kit) -> Result<BTreeMap<String, TableDigest>> {
    let mut digests = BTreeMap::new();
    for slice in &kit.slices {
        for table in slice.tables.iter().filter(|table| table.kind == TableKind::Facts) {
            let digest = digest(db, table.name)?;
            digests.insert(format!("{}.{}", slice.name, table.name), digest);
        }
    }
    Ok(digests)
}

fn digest(db: &mut dyn Read, table: &str) -> Result<TableDigest> {
    let rows = db.rows(&format!("select * from {table}"), &[])?;
    let mut lines: Vec<String> = rows.iter().map(Row::to_line).collect();
    // Rows have no order of their own; sorted lines do, in every engine.
    lines.sort_unstable();
    let mut hash = Sha256::new();
    for line in &lines {
        hash.update(line);
        hash.update([b'\n']);
    }
    Ok(TableDigest { rows: lines.len() as u64, sha256: hex::encode(hash.finalize()) })
}

/// A table that is not what its log folds to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// `slice.table`
    pub table: String,
    pub live: TableDigest,
    pub folded: TableDigest,
}

/// Folds the whole log anew and compares it with the live tables.
///
/// `db` must show log and tables of one moment: a read transaction, or a stopped node.
///
/// # Errors
/// [`Error::Db`] when the database does not answer.
pub fn compare(db: &mut dyn Read, kit: &Kit, origin: &str) -> Result<(i64, Vec<Difference>)> {
    let live = digests(db, kit)?;
    let mut folded = fold(db, kit, origin, Until::End)?;
    let again = digests(&mut folded, kit)?;
    let mut differences = Vec::new();
    for (table, live) in live {
        let Some(folded) = again.get(&table) else { continue };
        if live != *folded {
            differences.push(Difference { table, live, folded: folded.clone() });
        }
    }
    Ok((folded.seq, differences))
}

/// Gives slices whose version or kinds changed their tables anew: folded beside the
/// live ones in one pass, then put in their place in one transaction, at equal seq
/// (nothing else writes while a world opens).
pub(crate) fn refold_changed(
    conn: &mut Conn,
    kit: &Kit,
    origin: &str,
) -> Result<Vec<&'static str>> {
    let mut changed = Vec::new();
    for slice in &kit.slices {
        let row = conn.row(
            "select version, kinds from slice_version where slice = $1",
            params![slice.name],
        )?;
        let Some(row) = row else {
            // A new slice: its facts may be in the log already, kept from a newer node.
            changed.push(slice);
            continue;
        };
        let version: i64 = row.get("version")?;
        if i64::from(slice.version) < version {
            return Err(Error::Internal(format!(
                "tables of {} were folded by version {version}, this program has {}",
                slice.name, slice.version
            )));
        }
        if i64::from(slice.version) != version || row.get::<String>("kinds")? != kinds(slice) {
            changed.push(slice);
        }
    }
    if changed.is_empty() {
        return Ok(Vec::new());
    }
    // A drill's own log does not hold what it stands on.
    if conn.row("select world from world_base limit 1", &[])?.is_some() {
        return Err(Error::conflict(
            "drill-outdated",
            "this drill was opened by an earlier version: open it anew",
        ));
    }
    let mut scratch = Conn::Sqlite(Sqlite::scratch()?);
    migration::run(&mut scratch, kit)?;
    let plan = Plan { kit, origin, slices: changed.clone(), with_log: WithLog::No };
    let mut folded = fold_into(scratch, conn, &plan, Until::End)?;
    conn.begin()?;
    let swapped = changed.iter().try_for_each(|slice| swap(conn, &mut folded, slice));
    if let Err(error) = swapped {
        conn.rollback()?;
        return Err(error);
    }
    conn.commit()?;
    Ok(changed.iter().map(|slice| slice.name).collect())
}

/// The kinds a slice knows, in one text: one more of them is a changed meaning.
fn kinds(slice: &Slice) -> String {
    let kinds = slice.kinds.iter().map(|kind| format!("{} v{}", kind.name, kind.version));
    kinds.collect::<Vec<_>>().join(", ")
}

fn swap(conn: &mut Conn, folded: &mut Folded, slice: &Slice) -> Result<()> {
    for table in slice.tables.iter().filter(|table| table.kind == TableKind::Facts) {
        conn.run(&format!("delete from {}", table.name), &[])?;
        for row in folded.rows(&format!("select * from {}", table.name), &[])? {
            let places: Vec<String> = (1..=row.len()).map(|n| format!("${n}")).collect();
            let sql = format!(
                "insert into {} ({}) values ({})",
                table.name,
                row.columns().join(", "),
                places.join(", ")
            );
            conn.send(&sql, row.values())?;
        }
    }
    remember_version(conn, slice)
}

fn remember_version(conn: &mut Conn, slice: &Slice) -> Result<()> {
    conn.run(
        "insert into slice_version (slice, version, kinds) values ($1, $2, $3) \
         on conflict (slice) do update set version = excluded.version, kinds = excluded.kinds",
        params![slice.name, slice.version, kinds(slice)],
    )?;
    Ok(())
}
