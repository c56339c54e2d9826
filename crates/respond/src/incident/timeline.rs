//! The time line: the facts of the incident's thread, in the order of the log.
//!
//! Nothing is kept for it: it is the log, read within what the caller may see.

use std::collections::HashMap;

use base::{Id, Timestamp};
use host::part::Kit;
use host::{Caller, Entry, Error, Read, Result, Sight, Value};
use schemars::JsonSchema;
use serde::Serialize;

use super::fact::IncidentFact;
use super::model::Incident;

/// Kinds that get a large dot: what changed the course of things.
const SIGNIFICANT: &[&str] = &[
    "finding.raised",
    "finding.unshelved",
    "warning.issued",
    "warning.lifted",
    "incident.opened",
    "incident.closed",
    "task.assigned",
    "task.declined",
    "task.finished",
    "task.overdue",
];

/// One line of the time line.
#[derive(Debug, Serialize, JsonSchema)]
pub struct TimelineItem {
    pub seq: i64,
    pub id: Id,
    pub at: Timestamp,
    pub kind: String,
    pub subject: Id,
    pub title: String,
    pub detail: Option<String>,
    /// Who did it; `null` is the system itself.
    pub by: Option<String>,
    pub significant: bool,
    /// The seq of the line that this one corrects; that line stays as it was.
    pub corrects: Option<i64>,
}

/// Lines after `after`, oldest first; at most `limit`.
pub(super) fn lines(
    db: &mut dyn Read,
    kit: &Kit,
    caller: &Caller,
    incident: &Incident,
    after: i64,
    limit: i64,
) -> Result<Vec<TimelineItem>> {
    let mut params = thread(incident);
    let Some(seen) = Sight::of(kit, caller).condition(&mut params) else { return Ok(Vec::new()) };
    params.push(after.into());
    params.push(limit.into());
    let (after, limit) = (params.len() - 1, params.len());
    let condition = format!(
        "(log.correlation = $1 or log.subject = $2) and {seen} and log.seq > ${after} \
         order by log.seq limit ${limit}"
    );
    let entries = host::log::select(db, &condition, &params)?;
    let corrected = seqs_of_corrected(db, &entries)?;
    let people: Vec<Id> = entries.iter().filter_map(|it| it.header.actor.person).collect();
    let names = kit.names(db, &people)?;
    Ok(entries.iter().map(|entry| line(kit, entry, &corrected, &names)).collect())
}

/// The entry with this seq, if it is in the time line that the caller sees.
pub(super) fn entry(
    db: &mut dyn Read,
    kit: &Kit,
    caller: &Caller,
    incident: &Incident,
    seq: i64,
) -> Result<Id> {
    let missing = || Error::invalid("corrects", seq, "the seq of a line of this time line");
    let mut params = thread(incident);
    let seen = Sight::of(kit, caller).condition(&mut params).ok_or_else(missing)?;
    params.push(seq.into());
    let at = params.len();
    let condition = format!(
        "(log.correlation = $1 or log.subject = $2) and {seen} and log.seq = ${at} limit 1"
    );
    let found = host::log::select(db, &condition, &params)?;
    found.first().map(Entry::id).ok_or_else(missing)
}

fn thread(incident: &Incident) -> Vec<Value> {
    vec![incident.correlation.into(), incident.id.into()]
}

/// Where the corrected entries stand, by their ids.
fn seqs_of_corrected(db: &mut dyn Read, entries: &[Entry]) -> Result<HashMap<Id, i64>> {
    let ids: Vec<Id> = entries.iter().filter_map(corrected_by).collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let params: Vec<Value> = ids.iter().map(|id| Value::from(*id)).collect();
    let places: Vec<String> = (1..=params.len()).map(|place| format!("${place}")).collect();
    let condition = format!("log.id in ({}) order by log.seq", places.join(", "));
    let found = host::log::select(db, &condition, &params)?;
    Ok(found.iter().map(|entry| (entry.id(), entry.seq)).collect())
}

fn corrected_by(entry: &Entry) -> Option<Id> {
    match host::fact::read::<IncidentFact>(entry)? {
        IncidentFact::Noted(noted) => noted.corrects,
        IncidentFact::Opened(_) | IncidentFact::Closed(_) => None,
    }
}

fn line(
    kit: &Kit,
    entry: &Entry,
    corrected: &HashMap<Id, i64>,
    names: &HashMap<Id, String>,
) -> TimelineItem {
    let summary = kit.slice_of(entry.kind()).and_then(|slice| slice.summary(entry));
    let (title, data) = match summary {
        Some(summary) => (summary.title, summary.data),
        // Withheld here, or newer than this program: that it stands there is shown.
        None => (entry.kind().to_owned(), serde_json::Map::new()),
    };
    let title = match &entry.conflict {
        // It stands in the log, and nothing was changed by it.
        Some(owner) => format!("（已归 {owner}，未采用）{title}"),
        None if entry.unapplied.is_some() => format!("（未采用）{title}"),
        None => title,
    };
    TimelineItem {
        seq: entry.seq,
        id: entry.id(),
        at: entry.at(),
        kind: entry.kind().to_owned(),
        subject: entry.header.subject,
        title,
        detail: data.get("detail").and_then(|detail| detail.as_str()).map(str::to_owned),
        by: entry.header.actor.person.and_then(|person| names.get(&person).cloned()),
        significant: SIGNIFICANT.contains(&entry.kind()),
        corrects: corrected_by(entry).and_then(|id| corrected.get(&id).copied()),
    }
}
