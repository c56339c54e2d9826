//! New tables for slices whose `apply` changed its meaning.

use serde::{Deserialize, Serialize};

use super::{Folded, Plan, Until, WithLog, fold};
use crate::db::{Conn, Read};
use crate::error::{Error, Result};
use crate::fact::{Slice, TableKind};
use crate::params;
use crate::part::Kit;
use crate::snapshot::Shelf;

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
    let plan = Plan { kit, origin, slices: changed.clone(), with_log: WithLog::No };
    let mut folded = fold(conn, &plan, Until::End, Some(shelf))?;
    conn.begin()?;
    let swapped = changed.iter().try_for_each(|slice| swap(conn, &mut folded, slice));
    if let Err(error) = swapped {
        conn.rollback()?;
        return Err(error);
    }
    conn.commit()?;
    Ok(changed.iter().map(|slice| slice.name).collect())
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
