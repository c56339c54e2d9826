//! New tables for slices whose `apply` changed its meaning.

use serde::{Deserialize, Serialize};

use super::{Folded, OfUnapplied, Plan, Until, fold};
use crate::db::{Conn, Read};
use crate::error::{Error, Result};
use crate::fact::{Slice, TableKind};
use crate::params;
use crate::part::Kit;
use crate::snapshot::Shelf;
use crate::unapplied;

/// What a slice's tables were folded by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SliceVersion {
    version: u32,
    /// The kinds it knew, in one text: one more of them is a changed meaning.
    kinds: String,
}

impl SliceVersion {
    /// What today's program folds a slice by.
    pub(crate) fn of(slice: &Slice) -> SliceVersion {
        let kinds = slice.kinds.iter().map(|kind| format!("{} v{}", kind.name, kind.version));
        SliceVersion { version: slice.version, kinds: kinds.collect::<Vec<_>>().join(", ") }
    }
}

/// Gives slices whose version or kinds changed their tables anew: folded beside the
/// live ones in one pass, then put in their place in one transaction, at equal seq
/// (nothing else writes while a world opens). The pass begins at the nearest snapshot
/// that was made by slices as they are now.
pub(crate) fn refold_changed(
    conn: &mut Conn,
    kit: &Kit,
    origin: &str,
    shelf: &Shelf,
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
        let now = SliceVersion::of(slice);
        if i64::from(now.version) != version || row.get::<String>("kinds")? != now.kinds {
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
    let plan = Plan { slices: changed.clone(), ..Plan::whole(kit, origin) };
    let again = Plan { unapplied: OfUnapplied::TriedAgain, slices: changed.clone(), ..plan };
    let kept = conn.row("select min(seq) as seq from log where unapplied is not null", &[])?;
    let kept: Option<i64> = kept.map_or(Ok(None), |row| row.get("seq"))?;
    // What was kept unapplied is tried again where it stood, so from before it.
    let shelf_of_use = if kept.is_some() { None } else { Some(shelf) };
    let mut folded = fold(conn, &again, Until::End, shelf_of_use)?;
    // Their tables are others from the first of these entries on.
    if let Some(seq) = folded.found.iter().map(|(seq, _)| *seq).min() {
        shelf.drop_from(seq)?;
    }
    match put_in_place(conn, &changed, &mut folded) {
        // The scratch took what this database does not: what stands beside them holds.
        Err(Error::Db(error)) if error.of_value().is_some() && !folded.found.is_empty() => {
            tracing::warn!(%error, "entries that were kept unapplied stay so");
            folded = fold(conn, &plan, Until::End, Some(shelf))?;
            put_in_place(conn, &changed, &mut folded)?;
        }
        done => done?,
    }
    Ok(changed.iter().map(|slice| slice.name).collect())
}

/// Swaps the tables, and what stands beside the entries, in one transaction.
fn put_in_place(conn: &mut Conn, changed: &[&Slice], folded: &mut Folded) -> Result<()> {
    conn.begin()?;
    let swapped = changed.iter().try_for_each(|slice| swap(conn, folded, slice));
    let done = swapped
        .and_then(|()| unapplied::write_down(conn, &folded.found))
        .and_then(|()| Ok(conn.settle()?));
    if let Err(error) = done {
        conn.rollback()?;
        return Err(error);
    }
    Ok(conn.commit()?)
}

fn swap(conn: &mut Conn, folded: &mut Folded, slice: &Slice) -> Result<()> {
    for table in slice.tables.iter().filter(|table| table.kind == TableKind::Facts) {
        conn.run(&format!("delete from {}", table.name), &[])?;
        for row in folded.rows(&format!("select * from {}", table.name), &[])? {
            conn.insert(table.name, &row)?;
        }
    }
    remember_version(conn, slice)
}

pub(crate) fn remember_version(conn: &mut Conn, slice: &Slice) -> Result<()> {
    let SliceVersion { version, kinds } = SliceVersion::of(slice);
    conn.run(
        "insert into slice_version (slice, version, kinds) values ($1, $2, $3) \
         on conflict (slice) do update set version = excluded.version, kinds = excluded.kinds",
        params![slice.name, version, kinds],
    )?;
    Ok(())
}
