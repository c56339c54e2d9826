//! Folding: the tables made again from the log alone.
//!
//! State is a fold. Here that sentence is carried out: into a scratch database,
//! up to any entry, by the same `apply` that wrote the live tables. It is how
//! tables are proved, how a slice whose `apply` changed its meaning gets its
//! tables anew, and how a world of the past is opened. A fold begins at the
//! nearest snapshot, except where it is the proof.

mod digest;
mod homes;
mod refold;

use std::path::Path;

use base::Timestamp;

use crate::db::{Conn, DbError, Durability, Read, Row, Sqlite, Value};
use crate::error::Result;
use crate::fact::{Applied, Slice, TableKind};
use crate::log::{self, Book};
use crate::migration;
use crate::part::Kit;
use crate::snapshot::{Shelf, Snapshot};
use crate::tables::Tables;
use crate::unapplied;
use crate::view;

pub use digest::{Difference, TableDigest, compare, compare_file, digests};
pub(crate) use digest::{differences, digest, of_both};
pub use homes::misplaced;
pub(crate) use refold::{SliceVersion, refold_changed, remember_version};

/// Entries per read.
pub(crate) const BATCH: i64 = 2_000;
/// Batches that are read in one transaction of the log's database, and applied in one of
/// the database that is folded into: each transaction keeps every page that it changes.
const PIECE: usize = 20;

/// Where a fold ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Until {
    Seq(i64),
    /// The last entry that had come into this log by this moment of the world's clock.
    Moment(Timestamp),
    End,
}

/// What is folded, and in whose eyes.
pub(crate) struct Plan<'a> {
    pub kit: &'a Kit,
    /// The node's own origin: facts of authority are applied for this one only.
    pub origin: &'a str,
    pub slices: Vec<&'a Slice>,
    pub with_log: WithLog,
    pub unapplied: OfUnapplied,
}

/// What becomes of entries that were not applied as they came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OfUnapplied {
    /// What stands beside them holds: the fold gives the live tables.
    Left,
    /// They are tried once more, for new tables; see [`Folded::found`].
    TriedAgain,
}

/// Whether the entries themselves are copied beside what they fold to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WithLog {
    Yes,
    No,
}

/// The database that is folded into.
pub(crate) enum Target<'a> {
    /// In memory; gone when it is dropped.
    Scratch,
    /// A file that is not there yet.
    File(&'a Path),
}

/// Tables folded from a log, in a database of their own.
pub(crate) struct Folded {
    pub conn: Conn,
    /// The last entry that was folded.
    pub seq: i64,
    /// The latest arrival among all entries so far. A clock may be set back: what had
    /// come by a moment is everything before the first entry that came after it.
    pub latest: Timestamp,
    /// Entries of other nodes with which it went otherwise than what stands beside them.
    pub found: unapplied::Found,
}

impl<'a> Plan<'a> {
    /// Every slice, and no log beside them.
    pub(crate) fn whole(kit: &'a Kit, origin: &'a str) -> Plan<'a> {
        let (with_log, unapplied) = (WithLog::No, OfUnapplied::Left);
        Plan { kit, origin, slices: kit.slices.iter().collect(), with_log, unapplied }
    }
}

/// Folds the log that `source` reads into a scratch database.
///
/// # Errors
/// [`Error::Db`] when the log cannot be read or a slice writes what is not its own.
pub(crate) fn fold(
    source: &mut dyn Read,
    plan: &Plan<'_>,
    until: Until,
    shelf: Option<&Shelf>,
) -> Result<Folded> {
    let mut folded = Folded::begin(&Target::Scratch, source, plan, until, shelf)?;
    folded.run(source, plan, until)?;
    Ok(folded)
}

/// Makes the database of a past world: the log up to `until`, what it folds to, and
/// the views of that; answers where it ends, and what is known of the views.
pub(crate) fn fold_past(
    path: &Path,
    source: &mut dyn Read,
    kit: &Kit,
    origin: &str,
    until: Until,
    shelf: &Shelf,
) -> Result<(i64, Vec<view::Known>)> {
    let plan = Plan { with_log: WithLog::Yes, ..Plan::whole(kit, origin) };
    let mut folded = Folded::begin(&Target::File(path), source, &plan, until, Some(shelf))?;
    folded.run(source, &plan, until)?;
    let Folded { conn, seq, latest, .. } = &mut folded;
    let views = view::fill(conn, view::Source::Own, kit, origin, *seq, *latest)?;
    conn.finish()?;
    Ok((*seq, views))
}

/// Makes the database a drill starts from: what the log up to `until` folds to,
/// without the log, and without working state or credentials, which no fold has.
pub(crate) fn fold_base(
    path: &Path,
    source: &mut dyn Read,
    kit: &Kit,
    origin: &str,
    until: Until,
    shelf: &Shelf,
) -> Result<i64> {
    let plan = Plan::whole(kit, origin);
    let mut folded = Folded::begin(&Target::File(path), source, &plan, until, Some(shelf))?;
    folded.run(source, &plan, until)?;
    for slice in &kit.slices {
        remember_version(&mut folded.conn, slice)?;
    }
    crate::reaction::own(&mut folded.conn, &[origin])?;
    let Folded { conn, seq, latest, .. } = &mut folded;
    view::fill(conn, view::Source::Other(source), kit, origin, *seq, *latest)?;
    folded.conn.finish()?;
    Ok(folded.seq)
}

impl Folded {
    /// Begins a fold at the nearest snapshot of `shelf`, or at nothing.
    pub(crate) fn begin(
        target: &Target<'_>,
        source: &mut dyn Read,
        plan: &Plan<'_>,
        until: Until,
        shelf: Option<&Shelf>,
    ) -> Result<Folded> {
        if let Some(shelf) = shelf
            && let Some((snapshot, conn)) = shelf.nearest(target, source, plan, until)?
        {
            return Folded::continued(conn, &snapshot, source, plan);
        }
        let mut conn = Conn::Sqlite(match target {
            Target::Scratch => Sqlite::scratch()?,
            Target::File(path) => Sqlite::open_writer(path, Durability::Never)?,
        });
        migration::run(&mut conn, plan.kit)?;
        Ok(Folded { conn, seq: 0, latest: Timestamp::MIN, found: Vec::new() })
    }

    /// Begins at a snapshot whose tables are in `conn`. Slices that have changed since
    /// are not taken from it: theirs are folded from the beginning, up to its seq.
    fn continued(
        mut conn: Conn,
        snapshot: &Snapshot,
        source: &mut dyn Read,
        plan: &Plan<'_>,
    ) -> Result<Folded> {
        migration::run(&mut conn, plan.kit)?;
        let (kit, origin, with_log) = (plan.kit, plan.origin, WithLog::No);
        let changed = plan.slices.iter().copied().filter(|slice| !snapshot.holds(slice));
        let slices: Vec<&Slice> = changed.collect();
        conn.begin()?;
        for table in slices.iter().flat_map(|slice| slice.tables) {
            if table.kind == TableKind::Facts {
                conn.run(&format!("delete from {}", table.name), &[])?;
            }
        }
        if plan.with_log == WithLog::Yes {
            log::copy(source, &mut conn, snapshot.seq, BATCH)?;
        }
        conn.commit()?;
        let mut folded = Folded { conn, seq: 0, latest: Timestamp::MIN, found: Vec::new() };
        if !slices.is_empty() {
            let anew = Plan { kit, origin, slices, with_log, unapplied: plan.unapplied };
            folded.run(source, &anew, Until::Seq(snapshot.seq))?;
        }
        folded.seq = snapshot.seq;
        folded.latest = snapshot.arrived;
        Ok(folded)
    }

    /// Folds on to `until`.
    pub(crate) fn run(
        &mut self,
        source: &mut dyn Read,
        plan: &Plan<'_>,
        until: Until,
    ) -> Result<()> {
        while self.advance(source, plan, until)? {}
        Ok(())
    }

    /// Folds the next entries, at most [`PIECE`] batches; answers whether there may be
    /// more. A batch is read while the one before it is applied on another thread.
    pub(crate) fn advance(
        &mut self,
        source: &mut dyn Read,
        plan: &Plan<'_>,
        until: Until,
    ) -> Result<bool> {
        let mut after = self.seq;
        std::thread::scope(|scope| {
            let (sender, batches) = crossbeam_channel::bounded::<Vec<log::Entry>>(1);
            let applying = scope.spawn(move || -> Result<bool> {
                self.conn.begin()?;
                let mut more = true;
                for entries in batches {
                    more = self.apply_batch(plan, until, entries)?;
                    if !more {
                        break;
                    }
                }
                self.conn.commit()?;
                Ok(more)
            });
            let mut more = true;
            for _ in 0..PIECE {
                let entries = log::after(source, Book::Log, after, BATCH)?;
                more = entries.len() as i64 == BATCH;
                after = entries.last().map_or(after, |entry| entry.seq);
                // Whoever applies has come to the end, or to an error, and says so below.
                if sender.send(entries).is_err() || !more {
                    break;
                }
            }
            drop(sender);
            let applied = applying.join();
            let applied = applied.unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
            Ok(applied && more)
        })
    }

    /// Applies entries; answers whether `until` is still ahead.
    fn apply_batch(
        &mut self,
        plan: &Plan<'_>,
        until: Until,
        entries: Vec<log::Entry>,
    ) -> Result<bool> {
        for entry in entries {
            let latest = self.latest.max(entry.arrived);
            let past = match until {
                Until::Seq(seq) => seq < entry.seq,
                Until::Moment(moment) => moment < latest,
                Until::End => false,
            };
            if past {
                return Ok(false);
            }
            self.seq = entry.seq;
            self.latest = latest;
            if plan.with_log == WithLog::Yes {
                log::append(&mut self.conn, Book::Log, &entry)?;
            }
            self.apply(plan, &entry)?;
        }
        Ok(true)
    }

    fn apply(&mut self, plan: &Plan<'_>, entry: &log::Entry) -> Result<()> {
        let left =
            |why: &String| plan.unapplied == OfUnapplied::Left || !unapplied::may_be_tried(why);
        if entry.conflict.is_some() || entry.unapplied.as_ref().is_some_and(left) {
            return Ok(());
        }
        // An unknown kind stays in the log, and so does another node's authority.
        let Some(slice) = plan.kit.slice_of(entry.kind()) else { return Ok(()) };
        let wanted = plan.slices.iter().any(|other| other.name == slice.name);
        if !wanted || !slice.applies(&entry.header.origin, plan.origin) {
            return Ok(());
        }
        let (kit, conn) = (plan.kit, &mut self.conn);
        let foreign = entry.header.origin != plan.origin;
        if foreign && plan.unapplied == OfUnapplied::TriedAgain {
            let why = unapplied::try_apply(conn, kit, slice, entry)?;
            if why != entry.unapplied {
                self.found.push((entry.seq, why));
            }
            return Ok(());
        }
        let applied = Tables::apply(conn, kit, slice, entry)?;
        if plan.unapplied == OfUnapplied::TriedAgain {
            let unread = applied == Applied::Kept && entry.body.is_some();
            let why = unread.then(|| unapplied::UNREAD.to_owned());
            if why != entry.unapplied {
                self.found.push((entry.seq, why));
            }
        }
        Ok(())
    }
}

impl Read for Folded {
    fn rows(&mut self, sql: &str, params: &[Value]) -> Result<Vec<Row>, DbError> {
        self.conn.rows(sql, params)
    }

    fn each(&mut self, sql: &str, take: &mut dyn FnMut(Row)) -> Result<(), DbError> {
        self.conn.each(sql, take)
    }
}
