//! The task's door for time: a limit that passes leaves a fact.

use base::Timestamp;
use host::{Job, Record, Result, Tx};

use super::store;

/// Tasks looked at in one transaction; the rest come with the next.
const BATCH: i64 = 100;

pub(super) fn job() -> Job {
    Job { name: "task.overdue", next: store::next_limit, run: record_missed }
}

fn record_missed(tx: &mut Tx<'_>, due: Timestamp) -> Result<()> {
    for task in store::past_limit(tx, due, BATCH)? {
        let mut cause = task.last_fact;
        for fact in task.missed(due) {
            let recorded = tx.record(
                Record::new(task.id, fact)
                    .region(task.region.clone())
                    .correlation(task.correlation)
                    .cause(cause),
            )?;
            cause = recorded.id;
        }
    }
    Ok(())
}
