//! What callings do when something is to be told, or need not be any more.

use std::collections::BTreeSet;

use base::{Hazard, Id, Level};
use host::{Entry, Home, Reaction, Record, Result, Scope, Tx};
use trust::contact::{self, ContactId};

use super::fact::{About, Because, Begun, LadderRef, Rung, ToldOne};
use super::{CallingFact, CallingId, act, store};
use crate::ladder::{self, Ladder};
use crate::notice::{self, Side};
use crate::{NoticeFact, WarningFact};

/// One reaction for all, so that an end is never seen before what it ends.
pub(crate) fn reaction() -> Reaction {
    Reaction {
        name: "calling.begin",
        kinds: &[
            "notice.sent",
            "notice.acknowledged",
            "notice.escalated",
            "notice.checked",
            "warning.issued",
            "warning.lifted",
            "warning.expired",
            "warning.superseded",
        ],
        foreign: false,
        react,
    }
}

/// What is to be told.
struct Matter {
    noun: &'static str,
    title: String,
    text: String,
    hazard: Hazard,
    level: Level,
}

fn react(tx: &mut Tx<'_>, entry: &Entry) -> Result<()> {
    let about = entry.header.subject;
    if let Some(fact) = host::fact::read::<NoticeFact>(entry) {
        return match fact {
            NoticeFact::Sent(it) => {
                let (title, text, hazard, level) = (it.title, it.text, it.hazard, it.level);
                begin(tx, entry, &Matter { noun: "notice", title, text, hazard, level })
            }
            NoticeFact::Acknowledged(it) => end(tx, about, Because::Acknowledged, Some(it.by)),
            // Whoever is told above is told by the ladder that holds there.
            NoticeFact::Escalated(up) if up.told => {
                let notice = notice::load(tx, &Scope::Node, about.into())?;
                let (title, hazard, level) = (notice.title, notice.hazard, notice.level);
                let text = format!("{}，由{}升级。{}", up.why.missed(), up.from_name, notice.text);
                begin(tx, entry, &Matter { noun: "notice", title, text, hazard, level })
            }
            NoticeFact::Checked(it) if it.side == Side::Desk && it.verdict.is_final() => {
                end(tx, about, Because::Acknowledged, Some(it.by))
            }
            NoticeFact::Overdue(_)
            | NoticeFact::Escalated(_)
            | NoticeFact::Checked(_)
            | NoticeFact::Closed(_) => Ok(()),
        };
    }
    match host::fact::read::<WarningFact>(entry) {
        Some(WarningFact::Issued(it)) => {
            let text = format!("{}：{}", it.content.area, it.content.matters);
            let (title, hazard, level) = (it.title, it.hazard, it.content.level);
            begin(tx, entry, &Matter { noun: "warning", title, text, hazard, level })
        }
        Some(WarningFact::Lifted(it)) => end(tx, about, Because::Lifted, Some(it.by)),
        Some(WarningFact::Expired(_)) => end(tx, about, Because::Expired, None),
        Some(WarningFact::Superseded(_)) => end(tx, about, Because::Superseded, None),
        _ => Ok(()),
    }
}

/// Begins one calling for each ladder that holds where it concerns people.
fn begin(tx: &mut Tx<'_>, entry: &Entry, matter: &Matter) -> Result<()> {
    let about = entry.header.subject;
    let home = entry.home();
    let mut climbed = BTreeSet::new();
    for region in home.concerned() {
        let Some(ladder) = ladder::holding(tx, region, matter.level)? else { continue };
        if !climbed.insert(ladder.id) || store::was_begun(tx, about, ladder.id)? {
            continue;
        }
        let here = Home { region: Some(region.clone()), reach: Vec::new(), ..home.clone() };
        let basis = format!("{} v{}", ladder.plan.name, ladder.revision);
        let id = CallingId(tx.new_id());
        let begun = CallingFact::Begun(begun(tx, about, matter, ladder)?);
        tx.record(Record::first(id, here, begun).follows(about).basis(basis))?;
        let now = tx.now();
        act::climb(tx, id, now)?;
    }
    Ok(())
}

fn begun(tx: &mut Tx<'_>, about: Id, matter: &Matter, ladder: Ladder) -> Result<Begun> {
    let mut steps = Vec::with_capacity(ladder.plan.steps.len());
    for step in ladder.plan.steps {
        let mut people = Vec::with_capacity(step.contacts.len());
        for id in step.contacts {
            people.push(told(tx, id)?);
        }
        let wait_s = i64::from(step.wait_minutes) * 60;
        steps.push(Rung { people, channels: step.channels, wait_s });
    }
    Ok(Begun {
        about: About { noun: matter.noun.to_owned(), id: about },
        title: matter.title.clone(),
        text: matter.text.clone(),
        hazard: matter.hazard,
        level: matter.level,
        ladder: LadderRef { id: ladder.id, name: ladder.plan.name, revision: ladder.revision },
        steps,
    })
}

/// Somebody as they are called now.
fn told(tx: &mut Tx<'_>, id: ContactId) -> Result<ToldOne> {
    Ok(match contact::find(tx, id)? {
        Some(found) => ToldOne {
            contact: id,
            name: found.description.name,
            duty: found.description.duty,
            person: found.description.person,
            has_email: found.reached.has_email,
            gone: found.is_retired,
        },
        None => {
            let (name, duty) = ("未知联系人".to_owned(), String::new());
            ToldOne { contact: id, name, duty, person: None, has_email: false, gone: true }
        }
    })
}

fn end(tx: &mut Tx<'_>, about: Id, because: Because, by: Option<String>) -> Result<()> {
    for calling in store::unanswered(tx, about)? {
        let Some(ended) = calling.end(because, by.clone(), None) else { continue };
        tx.record(Record::next(calling.id, CallingFact::Ended(ended)))?;
        act::withdraw(tx, &calling)?;
    }
    Ok(())
}
