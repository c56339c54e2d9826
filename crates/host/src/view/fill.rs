//! Views of a world that nobody writes to: of the past, of a drill's base, and in a
//! scratch database, to compare.

use base::Timestamp;

use super::build::{Build, Known, ParkedView, builds, show};
use super::serve::{Pending, pending};
use super::{Slot, View};
use crate::db::{Conn, DbError, Read, Sqlite};
use crate::error::Result;
use crate::fold::{self, Difference};
use crate::migration;
use crate::part::Kit;
use crate::world::World;

/// Entries per transaction.
const BATCH: i64 = 2_000;

/// Which log is folded into a database's views.
pub(crate) enum Source<'a> {
    /// Its own.
    Own,
    /// Another's: its seqs mean nothing here.
    Other(&'a mut dyn Read),
}

/// Builds every view in `conn`, which nobody else writes to, from a log up to `upto`.
/// One that fails is parked there, and the others go on.
///
/// # Errors
/// [`DbError`] when a log cannot be read.
pub(crate) fn fill(
    conn: &mut Conn,
    mut source: Source<'_>,
    kit: &Kit,
    origin: &str,
    upto: i64,
    now: Timestamp,
) -> Result<Vec<Known>, DbError> {
    let mut all = Vec::new();
    for view in &kit.views {
        let mut build = Build::fresh(view, kit, Slot::A, true);
        let mut looked = 0;
        while build.parked.is_none() {
            let window = (looked, upto);
            let found = match &mut source {
                Source::Own => pending(conn, kit, view, origin, window, BATCH)?,
                Source::Other(source) => pending(*source, kit, view, origin, window, BATCH)?,
            };
            let Pending { entries, more, .. } = found;
            conn.begin()?;
            for entry in &entries {
                conn.savepoint()?;
                if let Err(error) = view.apply_to(conn, Slot::A, entry) {
                    conn.undo()?;
                    let error = error.to_string();
                    build.parked = Some(ParkedView { seq: entry.seq, error, at: now });
                    conn.release()?;
                    break;
                }
                conn.release()?;
                build.seq = entry.seq;
            }
            conn.commit()?;
            looked = found.looked;
            if !more {
                break;
            }
        }
        if matches!(source, Source::Other(_)) {
            build.seq = 0;
        }
        conn.begin()?;
        show(conn, view, Some(Slot::A))?;
        build.save(conn, view.name)?;
        conn.commit()?;
        all.push(Known { live: Some(build), next: None, looked });
    }
    Ok(all)
}

/// Builds every view anew in a scratch database, and says which are not what the live
/// ones hold. Those must have caught up, and nothing is parked then.
///
/// # Errors
/// [`crate::Error::Db`] when the database does not answer.
pub fn differences(world: &World) -> Result<Vec<Difference>> {
    world.read_now(|db| {
        let (kit, now) = (world.kit(), world.clock().now());
        let mut again = Conn::Sqlite(Sqlite::scratch()?);
        migration::run(&mut again, kit)?;
        let built = fill(&mut again, Source::Other(db), kit, world.origin(), i64::MAX, now)?;
        let mut found = Vec::new();
        for (view, built) in kit.views.iter().zip(built) {
            let live = builds(db, view.name)?.into_iter().find(|build| build.live);
            let slot = live.map_or(Slot::A, |live| live.slot);
            found.extend(of_view(db, &mut again, view, slot)?);
            found.extend(built.parked().map(|parked| unread(view, parked)));
        }
        Ok(found)
    })
}

fn of_view(
    db: &mut dyn Read,
    again: &mut Conn,
    view: &View,
    slot: Slot,
) -> Result<Vec<Difference>> {
    let mut found = Vec::new();
    for table in view.tables {
        let live = fold::digest(db, slot.of(table))?;
        let folded = fold::digest(again, Slot::A.of(table))?;
        if live != folded {
            let table = format!("{}.{}", view.name, table.name);
            found.push(Difference { table, live, folded });
        }
    }
    Ok(found)
}

/// A view that could not be built again is no equal of anything.
fn unread(view: &View, parked: &ParkedView) -> Difference {
    let nothing = fold::TableDigest { rows: 0, sha256: String::new() };
    let table = format!("{} stopped at {}: {}", view.name, parked.seq, parked.error);
    Difference { table, live: nothing.clone(), folded: nothing }
}
