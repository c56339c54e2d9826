//! What a notice does because its minutes have run out: it goes up.

use host::{Due, Home, Job, Read, Record, Result, Scope, Tx};

use super::{Notice, NoticeFact, store};

const OVERDUE: &str = "notice.overdue";

pub(crate) fn jobs() -> Vec<Job> {
    vec![Job { name: OVERDUE, next: |db: &mut dyn Read| store::next_due(db, OVERDUE), run }]
}

/// The first time it is overdue too; both in one command, so nobody finds it between.
///
/// After a standstill the division above has its minutes from now on: nobody is said to have
/// kept silent while nobody could tell them.
fn run(tx: &mut Tx<'_>, due: &Due) -> Result<()> {
    let id = due.subject.into();
    let notice = store::load(tx, &Scope::Node, id)?;
    let overdue = notice.expire();
    let first = overdue.is_some();
    if let Some(overdue) = overdue {
        tx.record(Record::next(id, NoticeFact::Overdue(overdue)))?;
    }
    let notice = store::load(tx, &Scope::Node, id)?;
    escalate(tx, &notice, first)
}

/// - `first`: it has just become overdue. Then one that has nobody above is told to nobody,
///   and that is no step; later it would be one that its own row promised.
fn escalate(tx: &mut Tx<'_>, notice: &Notice, first: bool) -> Result<()> {
    let from = match notice.escalated() {
        // Taken and not verified above: the next one is above that.
        Some(last) if !last.told => return Ok(()),
        Some(last) => last.to.clone().unwrap_or_else(|| notice.region.clone()),
        None => notice.region.clone(),
    };
    let from = store::desk(tx, &from)?;
    let own = tx.region().cloned();
    let above = store::above(tx, &from.code, own.as_ref())?;
    if first && above.is_none() {
        return Ok(());
    }
    let now = tx.arrived();
    let reached = above.as_ref().map(|above| above.division.code.clone());
    let Some(up) = notice.escalate(from, above, now) else { return Ok(()) };
    let home = tx.home_of(notice.id)?;
    let mut reach = home.reach.clone();
    reach.extend(reached.filter(|code| !home.reach.contains(code)));
    let home = Home { reach, ..home };
    tx.record(Record::next(notice.id, NoticeFact::Escalated(up)).at_home(home))?;
    Ok(())
}
