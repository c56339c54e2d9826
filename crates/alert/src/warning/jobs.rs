//! What a warning does because a moment has come.

use host::{Due, Job, Read, Result, Scope, Tx};

use super::act::record;
use super::{WarningFact, store};

const EXPIRE: &str = "warning.expire";
const MISS_REVIEW: &str = "warning.miss_review";

pub(crate) fn jobs() -> Vec<Job> {
    vec![
        Job { name: EXPIRE, next: |db: &mut dyn Read| store::next_expiry(db, EXPIRE), run: expire },
        Job {
            name: MISS_REVIEW,
            next: |db: &mut dyn Read| store::next_review(db, MISS_REVIEW),
            run: miss_review,
        },
    ]
}

fn expire(tx: &mut Tx<'_>, due: &Due) -> Result<()> {
    let warning = store::load(tx, &Scope::Node, due.subject.into())?;
    if let Some(expired) = warning.expire(due.at) {
        record(tx, &warning, WarningFact::Expired(expired))?;
    }
    Ok(())
}

fn miss_review(tx: &mut Tx<'_>, due: &Due) -> Result<()> {
    let warning = store::load(tx, &Scope::Node, due.subject.into())?;
    if let Some(missed) = warning.miss_review(due.at) {
        record(tx, &warning, WarningFact::ReviewMissed(missed))?;
    }
    Ok(())
}
