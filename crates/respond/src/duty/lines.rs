//! The duty log: it writes itself, from the facts that the caller may see.

use std::collections::HashMap;

use base::{Id, Level, Timestamp};
use host::part::Kit;
use host::{Caller, Entry, Read, Result, Sight};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::model::{Item, ItemKind};
use crate::person::Person;

/// How far back the newest lines are looked for, in entries of the log: a desk that
/// sees little must not cost the walk through all.
const WINDOW: i64 = 10_000;
const LINES: i64 = 60;
const DONE: i64 = 50;
/// 今晚: one shift.
const SHIFT: base::Duration = base::Duration::from_hours(12);

/// What counts as done: an officer's act that ends somebody's waiting.
const DONE_KINDS: &[&str] = &[
    "notice.acknowledged",
    "warning.reviewed",
    "warning.issued",
    "warning.reviewed_afterwards",
    "warning.lifted",
    "warning.discarded",
    "task.finished",
    "task.cancelled",
    "incident.closed",
];

/// What is no line of the log though it is a fact: words of a sheet that nobody has
/// signed, which change with every key.
const DRAFTED: &str = "handover.drafted";

/// A line of the duty log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LogLine {
    pub seq: i64,
    pub at: Timestamp,
    pub kind: String,
    /// Who did it; `null` is the system itself.
    pub by: Option<String>,
    pub text: String,
    /// What it is about; the kind says what that is.
    pub subject: Id,
}

/// The newest lines that the caller may see.
pub(super) fn newest(
    db: &mut dyn Read,
    kit: &Kit,
    caller: &Caller,
    end: i64,
) -> Result<Vec<LogLine>> {
    let mut params = Vec::new();
    let Some(seen) = Sight::of(kit, caller).condition(&mut params) else { return Ok(Vec::new()) };
    params.push((end - WINDOW).into());
    params.push(DRAFTED.into());
    params.push(LINES.into());
    let condition = format!(
        "log.seq > ${} and log.kind <> ${} and {seen} order by log.seq desc limit ${}",
        params.len() - 2,
        params.len() - 1,
        params.len()
    );
    let entries = host::log::select(db, &condition, &params)?;
    let names = names(db, kit, &entries)?;
    Ok(entries.iter().filter_map(|entry| line(kit, entry, &names)).collect())
}

/// Kinds by their codes, with how often each was recorded.
pub(crate) type Counts = Vec<(String, i64)>;

/// What of some kinds was recorded after `since`, as far as the caller may see it: how
/// often each, by its code, and the newest `limit` of them. Looked for in the entries of
/// the log after `begin`, or in the last [`WINDOW`] before `end` without it.
pub(crate) fn since(
    db: &mut dyn Read,
    kit: &Kit,
    caller: &Caller,
    (begin, end, since): (Option<i64>, i64, Timestamp),
    (kinds, limit): (&[String], i64),
) -> Result<(Counts, Vec<LogLine>)> {
    let mut params = Vec::new();
    let seen = Sight::of(kit, caller).condition(&mut params);
    let Some(seen) = seen.filter(|_| !kinds.is_empty()) else { return Ok(Default::default()) };
    let mut places = Vec::with_capacity(kinds.len());
    for kind in kinds {
        params.push(kind.into());
        places.push(format!("${}", params.len()));
    }
    params.push(begin.unwrap_or(end - WINDOW).into());
    params.push(since.into());
    let within = format!(
        "log.kind in ({}) and log.seq > ${} and log.at > ${} and {seen}",
        places.join(", "),
        params.len() - 1,
        params.len(),
    );
    let sql = format!(
        "select log.kind as kind, count(*) as times from log where {within} \
         group by log.kind order by log.kind"
    );
    let mut counts = Vec::new();
    for row in db.rows(&sql, &params)? {
        counts.push((row.get("kind")?, row.get("times")?));
    }
    params.push(limit.into());
    let condition = format!("{within} order by log.seq desc limit ${}", params.len());
    let entries = host::log::select(db, &condition, &params)?;
    let names = names(db, kit, &entries)?;
    Ok((counts, entries.iter().filter_map(|entry| line(kit, entry, &names)).collect()))
}

/// What was done in this shift, newest first, as far as the caller may see it.
pub(super) fn done(
    db: &mut dyn Read,
    kit: &Kit,
    caller: &Caller,
    end: i64,
    now: Timestamp,
) -> Result<Vec<Item>> {
    let mut params = Vec::new();
    let Some(seen) = Sight::of(kit, caller).condition(&mut params) else { return Ok(Vec::new()) };
    let mut kinds = Vec::with_capacity(DONE_KINDS.len());
    for kind in DONE_KINDS {
        params.push((*kind).into());
        kinds.push(format!("${}", params.len()));
    }
    params.push((end - WINDOW).into());
    params.push((now - SHIFT).into());
    params.push(DONE.into());
    let condition = format!(
        "log.kind in ({}) and log.seq > ${} and log.at > ${} and {seen} \
         order by log.seq desc limit ${}",
        kinds.join(", "),
        params.len() - 2,
        params.len() - 1,
        params.len()
    );
    let entries = host::log::select(db, &condition, &params)?;
    let names = names(db, kit, &entries)?;
    Ok(entries.iter().filter_map(|entry| done_item(kit, entry, &names)).collect())
}

/// The names of who did these.
fn names(db: &mut dyn Read, kit: &Kit, entries: &[Entry]) -> Result<HashMap<Id, String>> {
    let people: Vec<Id> = entries.iter().filter_map(|it| it.header.actor.person).collect();
    kit.names(db, &people)
}

fn line(kit: &Kit, entry: &Entry, names: &HashMap<Id, String>) -> Option<LogLine> {
    let summary = kit.slice_of(entry.kind())?.summary(entry)?;
    Some(LogLine {
        seq: entry.seq,
        at: entry.at(),
        kind: entry.kind().to_owned(),
        by: entry.header.actor.person.and_then(|person| names.get(&person).cloned()),
        text: summary.title,
        subject: entry.header.subject,
    })
}

fn done_item(kit: &Kit, entry: &Entry, names: &HashMap<Id, String>) -> Option<Item> {
    let summary = kit.slice_of(entry.kind())?.summary(entry)?;
    let kind = kind_of(entry)?;
    let owner = entry.header.actor.person.map(|person| {
        let name = names.get(&person).cloned().unwrap_or_default();
        Person { person, name }
    });
    let data = |key: &str| summary.data.get(key);
    let level: Option<Level> =
        data("level").and_then(|level| serde_json::from_value(level.clone()).ok());
    let detail = data("detail").and_then(|detail| detail.as_str()).unwrap_or_default();
    Some(Item {
        kind,
        id: entry.header.subject,
        level,
        detail: detail.to_owned(),
        title: summary.title.clone(),
        since: entry.at(),
        owner,
        due: None,
        overdue: false,
        action: None,
        region: entry.header.region.clone(),
    })
}

/// What the fact is about, by the noun of its kind.
fn kind_of(entry: &Entry) -> Option<ItemKind> {
    let (noun, _) = entry.kind().split_once('.')?;
    ItemKind::from_code(noun)
}
