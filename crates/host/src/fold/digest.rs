//! Tables as hashes, and the comparison of what is with what the log folds to.

use std::collections::BTreeMap;
use std::path::Path;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::{Folded, Plan, Until, fold};
use crate::db::{Conn, Read, Row, Sqlite};
use crate::error::Result;
use crate::fact::TableKind;
use crate::part::Kit;

/// What a fact table holds, as one hash, and how many rows that is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TableDigest {
    pub rows: u64,
    pub sha256: String,
}

/// A table that is not what its log folds to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Difference {
    /// `slice.table`
    pub table: String,
    pub live: TableDigest,
    pub folded: TableDigest,
}

/// The digest of every fact table, slice by slice, as `slice.table`; the log itself
/// is no fold.
///
/// # Errors
/// [`crate::Error::Db`] when a table cannot be read.
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

/// The digests of the tables that `db` shows and of the folded ones, made side by side.
pub(crate) fn of_both(
    db: &mut dyn Read,
    folded: &mut Folded,
    kit: &Kit,
) -> Result<[BTreeMap<String, TableDigest>; 2]> {
    std::thread::scope(|scope| {
        let again = scope.spawn(|| digests(folded, kit));
        let live = digests(db, kit);
        let again = again.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        Ok([live?, again?])
    })
}

/// The digest of one table.
pub(crate) fn digest(db: &mut dyn Read, table: &str) -> Result<TableDigest> {
    // A row's hash is 32 bytes, whatever the row: a large table fits in memory.
    let mut rows: Vec<[u8; 32]> = Vec::new();
    let (mut order, mut bytes) = (Vec::new(), Vec::new());
    db.each(&format!("select * from {table}"), &mut |row: Row| {
        if rows.is_empty() {
            order = row.order();
        }
        bytes.clear();
        row.write(&order, &mut bytes);
        rows.push(Sha256::digest(&bytes).into());
    })?;
    // Rows have no order of their own; sorted hashes do, in every engine.
    rows.sort_unstable();
    let mut hash = Sha256::new();
    for row in &rows {
        hash.update(row);
    }
    Ok(TableDigest { rows: rows.len() as u64, sha256: hex::encode(hash.finalize()) })
}

/// Where two sets of digests differ. A table that only one of them has is left out.
pub(crate) fn differences(
    live: &BTreeMap<String, TableDigest>,
    folded: &BTreeMap<String, TableDigest>,
) -> Vec<Difference> {
    let differ = |(table, live): (&String, &TableDigest)| {
        let folded = folded.get(table).filter(|folded| *folded != live)?;
        let (table, live, folded) = (table.clone(), live.clone(), folded.clone());
        Some(Difference { table, live, folded })
    };
    live.iter().filter_map(differ).collect()
}

/// Folds the whole log anew, from its first entry, and compares it with the live tables.
///
/// `db` must show log and tables of one moment: a read transaction, or a stopped node.
///
/// # Errors
/// [`crate::Error::Db`] when the database does not answer.
pub fn compare(db: &mut dyn Read, kit: &Kit, origin: &str) -> Result<(i64, Vec<Difference>)> {
    // No snapshot: this is the proof that needs none.
    let mut folded = fold(db, &Plan::whole(kit, origin), Until::End, None)?;
    let [live, again] = of_both(db, &mut folded, kit)?;
    Ok((folded.seq, differences(&live, &again)))
}

/// Like [`compare`], for the file of a real world that no node serves.
///
/// # Errors
/// [`crate::Error::Db`] when it is no database of ours.
pub fn compare_file(path: &Path, kit: &Kit) -> Result<(i64, Vec<Difference>)> {
    let mut conn = Conn::Sqlite(Sqlite::open_reader(path)?);
    conn.begin_snapshot()?;
    let own = conn.row("select origin from owned_origin", &[])?;
    let origin: String = own.map_or(Ok(String::new()), |row| row.get("origin"))?;
    let compared = compare(&mut conn, kit, &origin)?;
    conn.rollback()?;
    Ok(compared)
}
