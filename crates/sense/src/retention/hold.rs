//! Holding: placed by a person, or by a later stage for what it handles; ended by a
//! person, or when its time is over.

use base::{Id, Timestamp};
use host::{Due, Error, Home, Job, Read, Record, Result, Tx};

use super::fact::{Ended, HoldFact, HoldId, Limited, Placed};
use super::store;

/// Holds at once: each of them is compared with what is to go.
const MOST_ACTIVE: i64 = 1_000;

/// Holds readings from now on. For a subject that is held for already, it does nothing,
/// also when that hold was ended: somebody has decided so.
///
/// # Errors
/// [`Error::Conflict`] when too many are active, and it is for no subject.
pub fn place(tx: &mut Tx<'_>, home: Home, placed: Placed) -> Result<HoldId> {
    if let Some(about) = placed.about
        && let Some(earlier) = store::about(tx, about)?
    {
        return Ok(earlier.id);
    }
    // Nothing that has happened is refused for the sake of its readings.
    if placed.about.is_none() {
        let active = store::count_active(tx)?;
        if MOST_ACTIVE <= active {
            let text = format!("{active} holds are active, expected fewer than {MOST_ACTIVE}");
            return Err(Error::conflict("too-many-holds", text));
        }
    }
    let id = HoldId(tx.new_id());
    let about = placed.about;
    let record = Record::first(id, home, HoldFact::Placed(placed));
    tx.record(match about {
        Some(about) => record.follows(about),
        None => record,
    })?;
    Ok(id)
}

/// Says where the range of the hold for a subject ends; nothing when there is none.
///
/// # Errors
/// [`Error::Db`].
pub fn limit(
    tx: &mut Tx<'_>,
    about: Id,
    to: Timestamp,
    release_at: Option<Timestamp>,
) -> Result<()> {
    let Some(hold) = store::about(tx, about)?.filter(|hold| hold.ended_at.is_none()) else {
        return Ok(());
    };
    let fact = HoldFact::Limited(Limited { to, release_at });
    tx.record(Record::next(hold.id, fact)).map(|_| ())
}

pub(super) fn end(tx: &mut Tx<'_>, hold: &store::Hold, reason: String) -> Result<()> {
    if hold.ended_at.is_some() {
        return Err(Error::conflict("hold-ended", "nothing is held by it any more"));
    }
    let by = tx.actor_name().map(str::to_owned);
    tx.record(Record::next(hold.id, HoldFact::Ended(Ended { reason, by }))).map(|_| ())
}

const RELEASE: &str = "hold.release";

/// Ends holds whose time is over.
pub(crate) fn job() -> Job {
    Job { name: RELEASE, next, run }
}

fn next(db: &mut dyn Read) -> Result<Option<Due>> {
    let sql = format!(
        "select release_at as at, id from reading_hold where ended_at is null \
         and release_at is not null and {} order by release_at, id limit 1",
        host::job::waiting(RELEASE, "reading_hold")
    );
    Due::first(db, &sql)
}

fn run(tx: &mut Tx<'_>, due: &Due) -> Result<()> {
    let hold = store::load(tx, &host::Scope::Node, due.subject.into())?;
    end(tx, &hold, "冻结期满".to_owned())
}
