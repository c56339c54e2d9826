//! Forgets calls: a row goes when it has not been touched for its time and no open
//! incident still needs to call back.

use base::{Id, Timestamp};
use host::{Job, Read, Result, Tx, params};

use super::model::IntakeId;
use super::store::{self, KEPT};
use crate::incident;

/// Rows looked at in one transaction.
const BATCH: i64 = 100;

pub(super) fn job() -> Job {
    Job { name: "intake.forget", next, run: forget }
}

fn next(db: &mut dyn Read) -> Result<Option<Timestamp>> {
    let row = db.row("select min(forget_at) as next from intake", &[])?;
    Ok(row.map_or(Ok(None), |row| row.get("next"))?)
}

fn forget(tx: &mut Tx<'_>, due: Timestamp) -> Result<()> {
    let rows = tx.rows(
        "select id, incident from intake where forget_at <= $1 order by forget_at, id limit $2",
        params![due, BATCH],
    )?;
    for row in rows {
        let id: IntakeId = row.get("id")?;
        let incident: Option<Id> = row.get("incident")?;
        let needed = match incident {
            Some(incident) => incident::is_open(tx, incident)?,
            None => false,
        };
        if needed {
            tx.work()
                .run("update intake set forget_at = $2 where id = $1", params![id, due + KEPT])?;
        } else {
            store::delete(tx, id)?;
        }
    }
    Ok(())
}
