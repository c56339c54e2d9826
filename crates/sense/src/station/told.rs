//! What facts told of one station, and who recorded them: the log, read within what the
//! caller may see.

use base::{AdminCode, Id, Timestamp};
use host::part::Kit;
use host::{Caller, Entry, Read, Result, Sight, Value};

use super::StationId;
use super::fact::StationFact;

/// Facts about one station that are looked at, the newest: a mended mapping and a place
/// are changes of one kind.
const MOST: i64 = 200;

/// One fact.
pub(crate) struct Told {
    pub seq: i64,
    pub at: Timestamp,
    /// `None` is the system itself, or somebody whom this node does not know.
    pub by: Option<String>,
    /// The station's, from then on.
    pub region: Option<AdminCode>,
    pub fact: StationFact,
}

/// The newest facts of some kinds, the oldest of them first.
pub(crate) fn told(
    db: &mut dyn Read,
    kit: &Kit,
    (caller, station): (&Caller, StationId),
    kinds: &[&str],
) -> Result<Vec<Told>> {
    let mut values = vec![Value::from(station), Value::from(MOST)];
    let Some(seen) = Sight::of(kit, caller).condition(&mut values) else { return Ok(Vec::new()) };
    let mut places = Vec::with_capacity(kinds.len());
    for kind in kinds {
        values.push((*kind).into());
        places.push(format!("${}", values.len()));
    }
    let condition = format!(
        "log.subject = $1 and log.kind in ({}) and {seen} order by log.seq desc limit $2",
        places.join(", ")
    );
    let mut entries = host::log::select(db, &condition, &values)?;
    entries.reverse();
    // What another node wrote and our tables did not take was never so here.
    entries.retain(Entry::counts);
    let people: Vec<Id> = entries.iter().filter_map(|it| it.header.actor.person).collect();
    let names = kit.names(db, &people)?;
    let told = entries.iter().filter_map(|entry| {
        Some(Told {
            seq: entry.seq,
            at: entry.at(),
            by: entry.header.actor.person.and_then(|person| names.get(&person).cloned()),
            region: entry.header.region.clone(),
            fact: host::fact::read::<StationFact>(entry)?,
        })
    });
    Ok(told.collect())
}
