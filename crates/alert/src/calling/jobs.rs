//! What a calling does because nobody has answered in time.

use host::{Due, Job, Read, Result, Tx};

use super::{act, store};

const STEP: &str = "calling.step";

pub(crate) fn jobs() -> Vec<Job> {
    vec![Job { name: STEP, next: |db: &mut dyn Read| store::next_due(db, STEP), run: step }]
}

/// After a standstill the next step has its minutes from now on, not from when it was due:
/// nobody is said to have kept silent while nobody could tell them.
fn step(tx: &mut Tx<'_>, due: &Due) -> Result<()> {
    let now = tx.arrived();
    act::climb(tx, due.subject.into(), now)
}
