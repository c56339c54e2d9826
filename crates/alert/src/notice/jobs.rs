//! What a notice does because its minutes have run out.

use host::{Due, Job, Read, Record, Result, Scope, Tx};

use super::{NoticeFact, store};

const OVERDUE: &str = "notice.overdue";

pub(crate) fn jobs() -> Vec<Job> {
    vec![Job { name: OVERDUE, next: |db: &mut dyn Read| store::next_due(db, OVERDUE), run: mark }]
}

fn mark(tx: &mut Tx<'_>, due: &Due) -> Result<()> {
    let notice = store::load(tx, &Scope::Node, due.subject.into())?;
    let Some(overdue) = notice.expire() else { return Ok(()) };
    tx.record(Record::next(notice.id, NoticeFact::Overdue(overdue)))?;
    Ok(())
}
