//! Commands on ladders, within a command's transaction.

use base::AdminCode;
use host::web::text;
use host::{Error, Home, Read, Record, Result, Scope, Tx};
use trust::contact;

use super::fact::{Changed, Drawn, LadderFact, Retired};
use super::store::{self, Ladder};
use super::{LadderId, Plan};

/// Draws a ladder for a region.
///
/// # Errors
/// [`Error::NotFound`] `region` outside the scope; [`Error::Invalid`] for a contact that is
/// not there; [`Error::Conflict`] `level-has-ladder`.
pub(super) fn draw_in(
    tx: &mut Tx<'_>,
    scope: &Scope,
    (region, plan): (AdminCode, Plan),
) -> Result<Ladder> {
    let home = Home::region(region.clone());
    scope.require(tx, &home)?;
    check(tx, scope, (&region, &plan), None)?;
    let id: LadderId = tx.new_id().into();
    tx.record(Record::first(id, home, LadderFact::Drawn(Drawn { plan })))?;
    store::load(tx, scope, id)
}

/// Says anew what a ladder says, by whoever has read `revision`.
///
/// # Errors
/// As [`draw_in`]; [`Error::Conflict`] `stale-revision` or `wrong-state`.
pub(super) fn change_in(
    tx: &mut Tx<'_>,
    scope: &Scope,
    id: LadderId,
    (revision, plan): (i64, Plan),
) -> Result<Ladder> {
    let before = load_active(tx, scope, id)?;
    if before.revision != revision {
        let text = format!("it is at revision {}: it was changed elsewhere", before.revision);
        return Err(Error::conflict("stale-revision", text));
    }
    if before.plan == plan {
        return Ok(before);
    }
    let nowhere = || Error::Internal(format!("ladder {id} is in no region"));
    let region = before.home.region.ok_or_else(nowhere)?;
    check(tx, scope, (&region, &plan), Some(id))?;
    tx.record(Record::next(id, LadderFact::Changed(Changed { plan })))?;
    store::load(tx, scope, id)
}

/// It holds no more.
///
/// # Errors
/// [`Error::Conflict`] `wrong-state`.
pub(super) fn retire_in(
    tx: &mut Tx<'_>,
    scope: &Scope,
    id: LadderId,
    reason: &str,
) -> Result<Ladder> {
    let now = load_active(tx, scope, id)?;
    let reason = text("reason", reason, 2, 200)?;
    let retired = Retired { name: now.plan.name, reason };
    tx.record(Record::next(id, LadderFact::Retired(retired)))?;
    store::load(tx, scope, id)
}

/// What only the registers know: who is there, and which levels are covered already.
fn check(
    db: &mut dyn Read,
    scope: &Scope,
    (region, plan): (&AdminCode, &Plan),
    own: Option<LadderId>,
) -> Result<()> {
    for id in plan.steps.iter().flat_map(|step| &step.contacts) {
        let found = match contact::load(db, scope, *id) {
            Ok(found) => Some(found).filter(|found| !found.is_retired),
            Err(Error::NotFound { .. }) => None,
            Err(error) => return Err(error),
        };
        if found.is_none() {
            let expected = "people of /api/contacts who are not retired";
            return Err(Error::invalid("contacts", id, expected));
        }
    }
    for other in store::of_region(db, region)?.iter().filter(|other| Some(other.id) != own) {
        if let Some(level) = plan.levels.iter().find(|level| other.plan.levels.contains(level)) {
            let text = format!("{} covers {} in {region} already", other.plan.name, level.word());
            return Err(Error::conflict("level-has-ladder", text));
        }
    }
    Ok(())
}

fn load_active(db: &mut dyn Read, scope: &Scope, id: LadderId) -> Result<Ladder> {
    let found = store::load(db, scope, id)?;
    if found.is_retired {
        return Err(Error::conflict("wrong-state", "the ladder is retired"));
    }
    Ok(found)
}
