//! What a record of a register was on any day: the facts about it, oldest first, each with
//! all that was said of it from then on.
//!
//! Nothing is kept for it: it is the log, read within what the caller may see.

use base::{AdminCode, Date, Id, Timestamp};
use host::part::Kit;
use host::{Caller, Entry, Read, Result, Sight, params};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value as Json;

use crate::life::{State, Turn};

/// Facts about one record that are looked at, the newest: a record that a person keeps has
/// a few of them in a year.
const MOST: i64 = 2_000;

/// What one fact says of its record; what it leaves out stays as it was.
pub(crate) struct Said<D> {
    pub description: Option<D>,
    pub state: Option<(State, Date, Option<String>)>,
    /// What changed beside the description: `contacts`.
    pub beside: Option<&'static str>,
}

impl<D> Said<D> {
    const NOTHING: Said<D> = Said { description: None, state: None, beside: None };

    /// It was entered, in a state since a day.
    pub fn begun(description: D, state: State, since: Date) -> Said<D> {
        Said { description: Some(description), state: Some((state, since, None)), beside: None }
    }

    pub fn described(description: D) -> Said<D> {
        Said { description: Some(description), ..Said::NOTHING }
    }

    pub fn turned(state: State, turn: Turn) -> Said<D> {
        Said { state: Some((state, turn.since, Some(turn.reason))), ..Said::NOTHING }
    }

    pub fn beside(what: &'static str) -> Said<D> {
        Said { beside: Some(what), ..Said::NOTHING }
    }
}

/// A record from one fact on.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[schemars(rename = "VersionOf{D}")]
pub(crate) struct Version<D> {
    pub seq: i64,
    /// When it was recorded, by the world's clock of the node that did.
    pub at: Timestamp,
    pub kind: String,
    pub title: String,
    /// Who did it; `null` is the system itself, or somebody whom this node does not know.
    pub by: Option<String>,
    pub region: Option<AdminCode>,
    /// The fields that became other ones.
    pub changed: Vec<String>,
    /// What was said of it from then on; `null` where the fact that said it is closed here.
    pub description: Option<D>,
    pub state: Option<State>,
    pub since: Option<Date>,
    pub reason: Option<String>,
}

/// The versions of a record that the caller sees today, oldest first.
pub(crate) fn of<D: Clone + Serialize>(
    db: &mut dyn Read,
    kit: &Kit,
    (caller, subject): (&Caller, Id),
    read: fn(&Entry) -> Option<Said<D>>,
) -> Result<Vec<Version<D>>> {
    let mut values = params![subject, MOST].to_vec();
    let Some(seen) = Sight::of(kit, caller).condition(&mut values) else { return Ok(Vec::new()) };
    let condition = format!("log.subject = $1 and {seen} order by log.seq desc limit $2");
    let mut entries = host::log::select(db, &condition, &values)?;
    entries.reverse();
    // What another node wrote and our tables did not take was never so here.
    entries.retain(Entry::counts);
    let people: Vec<Id> = entries.iter().filter_map(|it| it.header.actor.person).collect();
    let names = kit.names(db, &people)?;
    let mut versions: Vec<Version<D>> = Vec::with_capacity(entries.len());
    for entry in &entries {
        let before = versions.last();
        let said = read(entry);
        let summary = kit.slice_of(entry.kind()).and_then(|slice| slice.summary(entry));
        let (described, turned, beside) = match said {
            Some(Said { description, state, beside }) => (description, state, beside),
            None => (None, None, None),
        };
        let mut changed = match (before.and_then(|it| it.description.as_ref()), &described) {
            (Some(before), Some(now)) => differing(before, now)?,
            _ => Vec::new(),
        };
        if before.is_some_and(|before| before.region != entry.header.region) {
            changed.push("region".to_owned());
        }
        changed.extend(beside.map(str::to_owned));
        let (state, since, reason) = match turned {
            Some((state, since, reason)) => (Some(state), Some(since), reason),
            None => match before {
                Some(before) => (before.state, before.since, before.reason.clone()),
                None => (None, None, None),
            },
        };
        let version = Version {
            seq: entry.seq,
            at: entry.at(),
            kind: entry.kind().to_owned(),
            title: summary.map_or_else(|| entry.kind().to_owned(), |summary| summary.title),
            by: entry.header.actor.person.and_then(|person| names.get(&person).cloned()),
            region: entry.header.region.clone(),
            changed,
            description: described.or_else(|| before.and_then(|it| it.description.clone())),
            state,
            since,
            reason,
        };
        versions.push(version);
    }
    Ok(versions)
}

/// The version that held at a moment: the last one before it.
pub(crate) fn at<D>(versions: Vec<Version<D>>, moment: Timestamp) -> Option<Version<D>> {
    versions.into_iter().rev().find(|version| version.at <= moment)
}

/// The fields of two descriptions that differ, those of the particulars by their own names.
fn differing<D: Serialize>(before: &D, now: &D) -> Result<Vec<String>> {
    let fields = |of: &D| {
        let json = serde_json::to_value(of);
        json.map_err(|error| host::Error::Internal(format!("a description is no JSON: {error}")))
    };
    let mut changed = Vec::new();
    compare(&fields(before)?, &fields(now)?, &mut changed);
    Ok(changed)
}

fn compare(before: &Json, now: &Json, changed: &mut Vec<String>) {
    let (Json::Object(before), Json::Object(now)) = (before, now) else { return };
    for (field, value) in now {
        let was = before.get(field).unwrap_or(&Json::Null);
        if was == value {
            continue;
        }
        match (field.as_str(), was, value) {
            // By its kind, then by its fields.
            ("particulars", Json::Object(was), Json::Object(value)) => {
                for (kind, value) in value {
                    compare(was.get(kind).unwrap_or(&Json::Null), value, changed);
                }
            }
            _ => changed.push(field.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_differs_is_named_by_its_field() {
        let before = json!({ "name": "甲", "place": { "point": { "lon": 1, "lat": 2 } },
            "particulars": { "tank": { "volume_m3": 400, "medium": "液氨" } } });
        let mut now = before.clone();
        assert_eq!(differing(&before, &now).expect("JSON"), Vec::<String>::new());
        now["place"]["point"]["lon"] = json!(3);
        now["particulars"]["tank"]["volume_m3"] = json!(500);
        assert_eq!(differing(&before, &now).expect("JSON"), ["place", "volume_m3"]);
    }
}
