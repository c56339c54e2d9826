//! Snapshots: what the log folds to up to an entry, kept, so that folds begin there.
//!
//! A snapshot is made by folding on from the snapshot before it, never by copying live
//! tables. So each one is also a proof that needs no trust in what is live: the same
//! log, read by the same `apply` at another time, must give the same tables. Whether
//! it did is written beside it, logged, and shown on the health page.
//!
//! On disk: `snapshots/<seq>.db`, a SQLite file with the fact tables of every slice,
//! and `snapshots/<seq>.json`, this module's [`Snapshot`]. The second is written last:
//! without it the first is no snapshot. A file that is not what its description says
//! is set aside as `.damaged`, and folds begin elsewhere.

mod daily;
mod shelf;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use base::Timestamp;
use serde::{Deserialize, Serialize};

use crate::db::Read;
use crate::error::{Error, Result};
use crate::fact::Slice;
use crate::fold::{
    self, Difference, Folded, Plan, SliceVersion, TableDigest, Target, Until, remember_version,
};
use crate::world::World;
use crate::{migration, params};

pub(crate) use daily::serve;
pub use shelf::Shelf;

/// How snapshots are written; another number is not read.
const FORMAT: u32 = 1;

/// What a snapshot is, as it stands beside its file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    format: u32,
    /// The node in whose eyes the log was folded.
    pub origin: String,
    /// The last entry in it.
    pub seq: i64,
    /// That entry's hashes, SM3 and SHA-256.
    pub hash: String,
    /// The latest arrival among its entries: they had all come by then.
    pub arrived: Timestamp,
    /// The world's clock when it was made.
    pub made: Timestamp,
    migration: i64,
    shape: String,
    slices: BTreeMap<String, SliceVersion>,
    /// Of the file, in bytes, and the SHA-256 of those.
    pub size: u64,
    pub sha256: String,
    /// `slice.table`
    pub tables: BTreeMap<String, TableDigest>,
    /// The live tables that were something else at this seq; there should be none.
    pub differences: Vec<Difference>,
}

impl Snapshot {
    /// Whether a slice's tables in it are what today's program would fold.
    pub(crate) fn holds(&self, slice: &Slice) -> bool {
        self.slices.get(slice.name) == Some(&SliceVersion::of(slice))
    }

    /// Whether a fold up to `until` may begin here, and gains by it.
    fn serves(&self, plan: &Plan<'_>, until: Until) -> bool {
        let before = match until {
            Until::Seq(seq) => self.seq <= seq,
            Until::Moment(moment) => self.arrived <= moment,
            Until::End => true,
        };
        before
            && (self.format, self.origin.as_str()) == (FORMAT, plan.origin)
            && migration::shape(plan.kit, self.migration).as_ref() == Some(&self.shape)
            && plan.slices.iter().any(|slice| self.holds(slice))
    }
}

impl World {
    /// Makes a snapshot of what the log folds to now, and compares it with the live
    /// tables at the same entry. Commands go on meanwhile: the log is read in pieces,
    /// and the last of them together with the tables, in one short read transaction.
    ///
    /// Blocks for as long as the fold takes.
    ///
    /// # Errors
    /// [`Error::Conflict`] for a world whose log is not the whole of it (a drill, the
    /// past) or is empty, or when the disk has no room (`disk-low`); [`Error::Busy`] when the world is closed meanwhile;
    /// [`Error::Internal`] when the file cannot be written.
    pub fn snapshot(&self) -> Result<Snapshot> {
        let stands_on_another = "select world from world_base limit 1";
        if self.as_of().is_some()
            || self.read_now(|db| Ok(db.row(stands_on_another, &[])?))?.is_some()
        {
            let detail = "this world stands on another one's facts: its log is not the whole";
            return Err(Error::conflict("not-the-whole-log", detail));
        }
        self.check_room()?;
        let shelf = self.shelf();
        let _making = shelf.making();
        let path = shelf.clear_for_making()?;
        let made = self.make_snapshot(shelf, &path);
        if made.is_err() {
            // A full disk is not made fuller by half a snapshot.
            drop(shelf.clear_for_making());
        }
        made
    }

    fn make_snapshot(&self, shelf: &Shelf, path: &Path) -> Result<Snapshot> {
        let kit = Arc::clone(self.kit());
        let plan = Plan::whole(&kit, self.origin());
        let (mut folded, [live, tables]) =
            self.fold_beside(&plan, &Target::File(path), Some(shelf))?;
        if folded.seq == 0 {
            return Err(Error::conflict("log-empty", "nothing has been recorded yet"));
        }
        let hash = self.read_now(|db| hash_at(db, folded.seq))?;
        let hash = hash.ok_or_else(|| Error::Internal(format!("no entry {}", folded.seq)))?;
        let differences = fold::differences(&live, &tables);
        let mut slices = BTreeMap::new();
        for slice in &kit.slices {
            remember_version(&mut folded.conn, slice)?;
            slices.insert(slice.name.to_owned(), SliceVersion::of(slice));
        }
        let (seq, arrived) = (folded.seq, folded.latest);
        folded.conn.close_file()?;
        let (size, sha256) = shelf::seal(path)?;
        let migration = migration::newest();
        let snapshot = Snapshot {
            format: FORMAT,
            origin: self.origin().to_owned(),
            seq,
            hash,
            arrived,
            made: self.clock().now(),
            migration,
            shape: migration::shape(&kit, migration).unwrap_or_default(),
            slices,
            size,
            sha256,
            tables,
            differences,
        };
        shelf.publish(path, &snapshot)?;
        for Difference { table, live, folded } in &snapshot.differences {
            tracing::error!(
                table,
                seq,
                live.rows,
                folded.rows,
                "a table is not what the log folds to"
            );
        }
        Ok(snapshot)
    }

    /// Folds this world's log anew, from its first entry, and compares it with its
    /// tables. Commands go on meanwhile.
    ///
    /// # Errors
    /// [`Error::Db`] when the database does not answer; [`Error::Busy`] when the world
    /// is closed meanwhile.
    pub fn compare_with_fold(&self) -> Result<(i64, Vec<Difference>)> {
        let kit = Arc::clone(self.kit());
        let plan = Plan::whole(&kit, self.origin());
        let (folded, [live, again]) = self.fold_beside(&plan, &Target::Scratch, None)?;
        Ok((folded.seq, fold::differences(&live, &again)))
    }

    /// Folds the log while it grows; answers the fold, and the digests of the live
    /// tables at the entry where it ends and of the folded ones.
    fn fold_beside(
        &self,
        plan: &Plan<'_>,
        target: &Target<'_>,
        shelf: Option<&Shelf>,
    ) -> Result<(Folded, [BTreeMap<String, TableDigest>; 2])> {
        let begin = |db: &mut dyn Read| Folded::begin(target, db, plan, Until::End, shelf);
        let mut folded = self.read_now(begin)?;
        while self.read_now(|db| folded.advance(db, plan, Until::End))? {
            if !self.is_open() {
                return Err(Error::Busy("the world was closed"));
            }
        }
        // What came since the last piece, and the tables, of one moment.
        let digests = self.read_now(|db| {
            folded.run(db, plan, Until::End)?;
            fold::of_both(db, &mut folded, plan.kit)
        })?;
        Ok((folded, digests))
    }
}

/// The hashes of the entry at `seq`, as text.
fn hash_at(db: &mut dyn Read, seq: i64) -> Result<Option<String>> {
    let row = db.row("select hash from log where seq = $1", params![seq])?;
    Ok(row.map(|row| row.get("hash")).transpose()?)
}
