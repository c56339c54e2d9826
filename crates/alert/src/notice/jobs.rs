//! What a notice does because its minutes have run out.

use base::Timestamp;
use host::{Job, Record, Result, Tx};

use super::{NoticeFact, store};

pub(crate) fn jobs() -> Vec<Job> {
    vec![Job { name: "notice.overdue", next: store::next_due, run: mark_overdue }]
}

fn mark_overdue(tx: &mut Tx<'_>, due: Timestamp) -> Result<()> {
    for notice in store::due(tx, due)? {
        let Some(overdue) = notice.expire() else { continue };
        tx.record(
            Record::new(notice.id, NoticeFact::Overdue(overdue))
                .region(notice.region)
                .correlation(notice.correlation)
                .cause(notice.last_fact),
        )?;
    }
    Ok(())
}
