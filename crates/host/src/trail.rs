//! The trail beside the log: who signed in, was refused, or read what is another's.
//!
//! Nothing of it is applied. A slice declares the kinds that it notes as it declares its
//! facts, and says of each what its line shows; a note of any other kind is refused
//! before it is written. The words for a kind are the screens'.

use std::sync::Arc;

use base::{Id, Timestamp};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value as Json;

use crate::db::Read;
use crate::error::Result;
use crate::fact::{Fact, Kind, read};
use crate::line::Silent;
use crate::log::Entry;
use crate::part::Kit;

/// The kinds of note that one slice writes into the trail, and how they are told.
#[derive(Clone)]
pub struct Notes {
    pub slice: &'static str,
    pub kinds: &'static [Kind],
    says: Arc<Says>,
}

type Says = dyn Fn(&Entry) -> Option<Said> + Send + Sync;

/// What a note tells beside its kind, its moment, and who did it.
#[derive(Debug, Clone, PartialEq)]
pub struct Said {
    data: serde_json::Map<String, Json>,
    about: Option<&'static str>,
    concerns: Option<Id>,
    account: Option<String>,
    source: Option<String>,
    count: u64,
}

impl Said {
    /// `data` is a JSON object: what the screens put into their words for the kind.
    pub fn new(data: Json) -> Said {
        let data = if let Json::Object(fields) = data { fields } else { Default::default() };
        Said { data, about: None, concerns: None, account: None, source: None, count: 1 }
    }

    /// The noun of the note's subject, where the subject is something that can be looked at.
    pub fn about(self, noun: &'static str) -> Said {
        Said { about: Some(noun), ..self }
    }

    /// Whom it concerns, beside who did it: whose call was read.
    pub fn concerns(self, person: Option<Id>) -> Said {
        Said { concerns: person, ..self }
    }

    /// The name it was done under, when nobody is known to have done it.
    pub fn account(self, account: impl Into<String>) -> Said {
        Said { account: Some(account.into()), ..self }
    }

    /// Where it came from.
    pub fn source(self, source: impl Into<String>) -> Said {
        Said { source: Some(source.into()), ..self }
    }

    /// How often it happened, when it stands for more than once.
    pub fn times(self, count: u64) -> Said {
        Said { count, ..self }
    }
}

impl Notes {
    /// - `slice`: whose notes they are; it is in the reference.
    /// - `says`: what the line of a note shows.
    pub fn new<F: Fact>(slice: &'static str, says: fn(&F) -> Said) -> Notes {
        let says = move |entry: &Entry| read::<F>(entry).map(|note| says(&note));
        Notes { slice, kinds: F::KINDS, says: Arc::new(says) }
    }
}

/// An entry of the trail, as the auditor reads it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct TrailLine {
    pub seq: i64,
    /// By the machine's clock.
    pub at: Timestamp,
    pub kind: String,
    /// Who did it; `null` when nobody was signed in, or the node did it itself.
    pub actor: Option<String>,
    /// Through which way it was done, as in the log.
    pub via: String,
    pub account: Option<String>,
    pub source: Option<String>,
    /// How many of the same this line stands for.
    pub count: u64,
    /// What the note tells, by its kind; empty when it does not read.
    pub data: serde_json::Map<String, Json>,
    /// What it is about, if that is something that can be looked at.
    pub subject: Option<TrailSubject>,
    /// Whom it concerns, beside who did it.
    pub concerns: Option<TrailPerson>,
    /// Why there is nothing but its header.
    pub silent: Option<Silent>,
}

/// What a note is about.
#[derive(Debug, Serialize, JsonSchema)]
pub struct TrailSubject {
    /// The noun, as in `intake`.
    pub noun: &'static str,
    pub id: Id,
}

/// Whom a note concerns.
#[derive(Debug, Serialize, JsonSchema)]
pub struct TrailPerson {
    pub person: Id,
    /// `None` for somebody whom this node does not know.
    pub name: Option<String>,
}

impl TrailLine {
    /// Lines for entries of the trail, with the names of people as they are now. A note
    /// that no slice here declares, or that does not read, has its line too.
    ///
    /// # Errors
    /// [`crate::Error::Db`] when the names cannot be read.
    pub fn list(db: &mut dyn Read, kit: &Kit, entries: &[Entry]) -> Result<Vec<TrailLine>> {
        let told: Vec<(&Entry, Option<Said>)> =
            entries.iter().map(|entry| (entry, said(kit, entry))).collect();
        let people: Vec<Id> = told
            .iter()
            .flat_map(|(entry, said)| {
                let concerned = said.as_ref().and_then(|said| said.concerns);
                [entry.header.actor.person, concerned]
            })
            .flatten()
            .collect();
        let names = kit.names(db, &people)?;
        let name = |person: Id| names.get(&person).cloned();
        let line = |(entry, said): (&Entry, Option<Said>)| {
            let header = &entry.header;
            let kind = kit.notes_of(&header.kind).and_then(|notes| notes.kind(&header.kind));
            let silent = said.is_none().then(|| Silent::of(kind, entry));
            let said = said.unwrap_or_else(|| Said::new(Json::Null));
            TrailLine {
                seq: entry.seq,
                at: header.recorded,
                kind: header.kind.clone(),
                actor: header.actor.person.and_then(name),
                via: header.via.clone(),
                account: said.account,
                source: said.source,
                count: said.count,
                data: said.data,
                subject: said.about.map(|noun| TrailSubject { noun, id: header.subject }),
                concerns: said.concerns.map(|person| TrailPerson { person, name: name(person) }),
                silent,
            }
        };
        Ok(told.into_iter().map(line).collect())
    }
}

impl Notes {
    fn kind(&self, name: &str) -> Option<&'static Kind> {
        self.kinds.iter().find(|kind| kind.name == name)
    }
}

fn said(kit: &Kit, entry: &Entry) -> Option<Said> {
    kit.notes_of(entry.kind()).and_then(|notes| (notes.says)(entry))
}

impl std::fmt::Debug for Notes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Notes({})", self.slice)
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::json;

    use super::*;
    use crate::home::Home;
    use crate::log::{self, Book};
    use crate::town::Town;
    use crate::{Error, Lane, Part, Record};

    crate::facts! {
        pub enum LampNote {
            "lamp.looked_at" v 2 => LookedAt(LookedAt),
            "lamp.counted" v 1 => Counted(Counted),
        }
    }

    crate::facts! {
        /// Of a program before this one, and of one after it.
        pub enum OtherNote {
            "lamp.looked_at" v 3 => LookedAt(LookedAt),
            "lamp.dreamt_of" v 1 => DreamtOf(Counted),
        }
    }

    #[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
    pub struct LookedAt {
        owner: Id,
    }

    #[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
    pub struct Counted {}

    const LAMP: Id = Id::from_u128(7);
    const OWNER: Id = Id::from_u128(8);

    fn town(declared: Vec<Notes>) -> Town {
        Town::new(vec![Part { name: "lamps", notes: declared, ..Part::default() }])
    }

    fn lamps() -> Notes {
        Notes::new::<LampNote>("lamp", |note| match note {
            LampNote::LookedAt(looked) => Said::new(json!({ "bright": true }))
                .about("lamp")
                .concerns(Some(looked.owner))
                .account("zhou")
                .source("192.0.2.7")
                .times(3),
            LampNote::Counted(_) => Said::new(json!({})),
        })
    }

    fn looked_at() -> LookedAt {
        LookedAt { owner: OWNER }
    }

    fn note(town: &Town, fact: impl Fact) -> Result<()> {
        let record = Record::first(LAMP, Home::node(), fact);
        town.world.run(Lane::Ordinary, "test", move |tx| tx.note(record))
    }

    fn lines(town: &Town) -> Vec<TrailLine> {
        let kit = town.world.kit().clone();
        let read = town.world.read_now(|db| {
            let entries = log::after(db, Book::Trail, 0, 100)?;
            TrailLine::list(db, &kit, &entries)
        });
        read.expect("reads")
    }

    #[test]
    fn a_note_of_a_kind_that_no_slice_declares_is_refused() {
        let town = town(vec![lamps()]);
        note(&town, LampNote::Counted(Counted {})).expect("declared");
        let refused = note(&town, OtherNote::DreamtOf(Counted {}));
        let Err(Error::Internal(said)) = refused else { panic!("{refused:?}") };
        assert_eq!(said, "no slice declares the note lamp.dreamt_of: see Part::notes");
        assert_eq!(lines(&town).len(), 1);
    }

    #[test]
    fn a_line_says_what_its_slice_tells_of_it() {
        let town = town(vec![lamps()]);
        note(&town, LampNote::LookedAt(looked_at())).expect("noted");
        let [line] = &lines(&town)[..] else { panic!("one") };
        let line = serde_json::to_value(line).expect("JSON");
        assert_eq!(line["data"], json!({ "bright": true }));
        assert_eq!(line["subject"], json!({ "noun": "lamp", "id": LAMP }));
        assert_eq!(line["concerns"], json!({ "person": OWNER, "name": null }));
        assert_eq!((&line["account"], &line["source"]), (&json!("zhou"), &json!("192.0.2.7")));
        assert_eq!((&line["count"], &line["silent"]), (&json!(3), &json!(null)));
    }

    #[test]
    fn a_note_of_another_program_is_shown_and_not_dropped() {
        let kinds = Notes::new::<OtherNote>("lamp", |_| Said::new(json!({ "later": true })));
        let later = town(vec![kinds]);
        note(&later, OtherNote::LookedAt(looked_at())).expect("noted");
        note(&later, OtherNote::DreamtOf(Counted {})).expect("noted");
        let entries = later.world.read_now(|db| Ok(log::after(db, Book::Trail, 0, 100)?));
        let entries = entries.expect("reads");

        let today = town(vec![lamps()]);
        let kit = today.world.kit().clone();
        let lines = today.world.read_now(|db| TrailLine::list(db, &kit, &entries));
        let lines = lines.expect("reads");
        let shown: Vec<(&str, Option<Silent>, bool)> = lines
            .iter()
            .map(|line| (line.kind.as_str(), line.silent, line.data.is_empty()))
            .collect();
        let newer = Some(Silent::Newer);
        assert_eq!(shown, [("lamp.looked_at", newer, true), ("lamp.dreamt_of", newer, true)]);
    }

    #[test]
    #[should_panic(expected = "two slices claim lamp.looked_at in the trail")]
    fn two_slices_do_not_note_the_same_kind() {
        town(vec![lamps(), lamps()]);
    }
}
