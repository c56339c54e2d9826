//! Forgets calls: a row goes, and its key with it, when it has not been touched for its
//! time and no open incident still needs to call back.

use base::Id;
use host::job::not_parked;
use host::{Due, Job, Read, Result, Tx, params};

use super::model::IntakeId;
use super::store::{self, KEPT};
use crate::incident;

const FORGET: &str = "intake.forget";

pub(super) fn job() -> Job {
    Job { name: FORGET, next, run: forget }
}

fn next(db: &mut dyn Read) -> Result<Option<Due>> {
    let sql = format!(
        "select forget_at as at, id from intake where {} order by forget_at, id limit 1",
        not_parked(FORGET, "intake")
    );
    Due::first(db, &sql)
}

fn forget(tx: &mut Tx<'_>, due: &Due) -> Result<()> {
    let id: IntakeId = due.subject.into();
    let row = tx.row("select incident from intake where id = $1", params![id])?;
    let incident: Option<Id> = row.map_or(Ok(None), |row| row.get("incident"))?;
    let needed = match incident {
        Some(incident) => incident::is_open(tx, incident)?,
        None => false,
    };
    if !needed {
        return store::delete(tx, id, "来电记录保存期满");
    }
    let sql = "update intake set forget_at = $2 where id = $1";
    tx.work().run(sql, params![id, due.at + KEPT])?;
    Ok(())
}
