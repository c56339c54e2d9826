//! A fact as people read it: in lists, on live screens, in the duty log.

use base::{AdminCode, Id, Timestamp};
use schemars::JsonSchema;
use serde::Serialize;

use crate::db::Read;
use crate::error::Result;
use crate::fact::{Kind, Summary};
use crate::home::Class;
use crate::live::{self, LiveMessage};
use crate::log::Entry;
use crate::part::Kit;

/// A fact as screens and the duty log show it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct FactLine {
    pub seq: i64,
    pub id: Id,
    pub kind: String,
    pub version: u32,
    pub subject: Id,
    pub region: Option<AdminCode>,
    pub org: Option<Id>,
    pub class: Class,
    pub actor: Option<FactActor>,
    pub via: String,
    pub basis: Option<String>,
    pub cause: Option<Id>,
    pub correlation: Id,
    pub origin: String,
    pub occurred: Timestamp,
    pub at: Timestamp,
    pub recorded: Timestamp,
    pub summary: Option<Summary>,
    /// Why there is no summary.
    pub silent: Option<Silent>,
    pub hash_sm3: String,
    /// Who owns the subject, when the node that wrote this did not: nothing was changed
    /// by it.
    pub conflict: Option<String>,
    /// Why an entry of another node changed nothing here: `outside`, `unread`, or
    /// `refused: ` and what the database said.
    pub unapplied: Option<String>,
}

/// Why a fact has no sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Silent {
    /// Its body is not on this node.
    Closed,
    /// A newer program wrote it: this one does not know its kind or its version.
    Newer,
    /// Of a known kind and version, and its body is none of that.
    Unread,
}

impl Silent {
    /// `known`: the kind as this program has it.
    pub(crate) fn of(known: Option<&Kind>, entry: &Entry) -> Silent {
        let header = &entry.header;
        match known {
            None => Silent::Newer,
            Some(_) if entry.body.is_none() => Silent::Closed,
            Some(known) if known.version < header.version => Silent::Newer,
            Some(_) => Silent::Unread,
        }
    }
}

/// Who did it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct FactActor {
    pub person: Id,
    /// `None` for somebody whom this node does not know.
    pub name: Option<String>,
    pub post: Option<String>,
    pub org: Option<Id>,
    pub on_behalf: Option<Id>,
}

impl FactLine {
    /// Lines for entries, with the names of who acted.
    ///
    /// # Errors
    /// [`crate::Error::Db`] when the names cannot be read.
    pub fn list(db: &mut dyn Read, kit: &Kit, entries: &[Entry]) -> Result<Vec<FactLine>> {
        let people: Vec<Id> = entries.iter().filter_map(|e| e.header.actor.person).collect();
        let names = kit.names(db, &people)?;
        let line = |entry: &Entry| {
            let name = entry.header.actor.person.and_then(|person| names.get(&person).cloned());
            FactLine::of(kit, entry, name)
        };
        Ok(entries.iter().map(line).collect())
    }

    fn of(kit: &Kit, entry: &Entry, actor_name: Option<String>) -> FactLine {
        let header = &entry.header;
        let slice = kit.slice_of(entry.kind());
        let summary = slice.and_then(|slice| slice.summary(entry));
        let known = slice.and_then(|it| it.kinds.iter().find(|kind| kind.name == header.kind));
        FactLine {
            seq: entry.seq,
            id: header.id,
            kind: header.kind.clone(),
            version: header.version,
            subject: header.subject,
            region: header.region.clone(),
            org: header.org,
            class: header.class,
            actor: header.actor.person.map(|person| FactActor {
                person,
                name: actor_name,
                post: header.actor.post.clone(),
                org: header.actor.org,
                on_behalf: header.actor.on_behalf,
            }),
            via: header.via.clone(),
            basis: header.basis.clone(),
            cause: header.cause,
            correlation: header.correlation,
            origin: header.origin.clone(),
            occurred: header.occurred,
            at: header.at,
            recorded: header.recorded,
            silent: summary.is_none().then(|| Silent::of(known, entry)),
            summary,
            hash_sm3: hex::encode(entry.hash.sm3),
            conflict: entry.conflict.clone(),
            unapplied: entry.unapplied.clone(),
        }
    }
}

/// The message that screens get for a fresh fact; `None` for one that no slice claims,
/// or that changed nothing: they would show what no table holds.
pub(crate) fn message(kit: &Kit, entry: &Entry) -> Option<LiveMessage> {
    if !entry.counts() {
        return None;
    }
    let seen_with = kit.slice_of(entry.kind())?.seen_with;
    let line = FactLine::of(kit, entry, entry.actor_name.clone());
    let json = serde_json::to_string(&line).ok()?;
    let mut event = String::with_capacity(json.len() + 48);
    live::event(&mut event, "fact", Some(entry.seq), &json);
    Some(LiveMessage::Fact { seq: entry.seq, home: entry.home(), seen_with, event: event.into() })
}
