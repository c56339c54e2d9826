//! What a received warning does because its time has come: it is over.

use host::{Due, Job, Read, Record, Result, Scope, Tx};

use super::{Expired, ReceivedFact, store};

const EXPIRE: &str = "received.expire";

pub(crate) fn jobs() -> Vec<Job> {
    vec![Job { name: EXPIRE, next: |db: &mut dyn Read| store::next_end(db, EXPIRE), run: expire }]
}

fn expire(tx: &mut Tx<'_>, due: &Due) -> Result<()> {
    let received = store::load(tx, &Scope::Node, due.subject.into())?;
    let Some(ends) = received.ends.filter(|ends| *ends <= due.at && !received.expired) else {
        return Ok(());
    };
    let (headline, sender_name) = (received.headline, received.sender_name);
    tx.record(Record::next(
        received.id,
        ReceivedFact::Expired(Expired { headline, sender_name, ends }),
    ))?;
    Ok(())
}
