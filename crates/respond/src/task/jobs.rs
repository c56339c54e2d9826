//! The task's door for time: a limit that passes leaves a fact.

use host::{Due, Job, Read, Record, Result, Tx};

use super::store;

const OVERDUE: &str = "task.overdue";

pub(super) fn job() -> Job {
    let next = |db: &mut dyn Read| store::next_limit(db, OVERDUE);
    Job { name: OVERDUE, next, run: record_missed }
}

fn record_missed(tx: &mut Tx<'_>, due: &Due) -> Result<()> {
    let task = store::load(tx, &store::Viewer::node(), due.subject.into())?;
    for fact in task.missed(due.at) {
        tx.record(Record::next(task.id, fact))?;
    }
    Ok(())
}
