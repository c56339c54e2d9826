//! What a warning does because a moment has come.

use base::Timestamp;
use host::{Job, Result, Tx};

use super::act::record;
use super::{WarningFact, store};

pub(crate) fn jobs() -> Vec<Job> {
    vec![
        Job { name: "warning.expire", next: store::next_expiry, run: expire },
        Job { name: "warning.miss_review", next: store::next_review, run: miss_review },
    ]
}

fn expire(tx: &mut Tx<'_>, due: Timestamp) -> Result<()> {
    for warning in store::expired(tx, due)? {
        if let Some(expired) = warning.expire(due) {
            record(tx, &warning, WarningFact::Expired(expired))?;
        }
    }
    Ok(())
}

fn miss_review(tx: &mut Tx<'_>, due: Timestamp) -> Result<()> {
    for warning in store::review_due(tx, due)? {
        if let Some(missed) = warning.miss_review(due) {
            record(tx, &warning, WarningFact::ReviewMissed(missed))?;
        }
    }
    Ok(())
}
