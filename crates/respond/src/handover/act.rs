//! Commands on sheets, within a command's transaction.

use std::collections::{BTreeMap, HashMap};

use base::{AdminCode, Id, Timestamp};
use host::part::Kit;
use host::web::text;
use host::{Caller, Error, Home, Read, Record, Result, Scope, Tx};
use schemars::JsonSchema;
use serde::Deserialize;
use trust::account::{Holder, people_with};

use super::WRITE;
use super::fact::{Begun, Drafted, HandoverFact, Received, Returned, Signed, Withdrawn};
use super::gather::{self, Look};
use super::model::{
    Act, Handover, HandoverId, Line, LineKey, LineWords, Passed, Receipt, Sheet, StandIn, State,
    Words, added, require_confirmed, require_takers,
};
use super::store;
use crate::duty::{self, Item};
use crate::person::Person;

/// The most lines that a sheet's words are of: more than a sheet has.
const MOST_LINES: usize = 2_000;

/// Whoever acts, and where the log ends that they look at.
pub(super) struct Hand<'a> {
    pub kit: &'a Kit,
    pub caller: &'a Caller,
    pub scope: &'a Scope,
    pub end: i64,
}

/// What the outgoing officer wants said.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub(super) struct WriteHandover {
    /// The one that was read.
    pub revision: i64,
    /// Who takes over: a person of `/api/handovers/people`.
    pub to: Option<Id>,
    /// Of the whole; at most 2 000 characters.
    #[serde(default)]
    pub note: String,
    /// Lines of which something is said; the others go by what is usual.
    #[serde(default)]
    pub lines: Vec<WriteLine>,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[schemars(rename = "WriteHandoverLine")]
pub(super) struct WriteLine {
    #[serde(flatten)]
    pub key: LineKey,
    /// Who takes it: a person of `/api/handovers/people`, or whoever has it now; `null` goes
    /// by what is usual.
    pub taker: Option<Id>,
    /// At most 400 characters.
    #[serde(default)]
    pub note: String,
}

/// Opens a sheet for a region's desk; the unit is the caller's.
///
/// # Errors
/// [`Error::NotFound`] `region` outside the scope; [`Error::Conflict`] `handover-open`, and
/// `not-on-duty` when another took the desk over last and no reason is given.
pub(super) fn begin(
    tx: &mut Tx<'_>,
    hand: &Hand<'_>,
    (region, reason): (AdminCode, Option<String>),
) -> Result<HandoverId> {
    let home = Home::region(region.clone()).org(hand.caller.org);
    hand.scope.require(tx, &home)?;
    // The desk is its region's: who only holds their own organisation there does not hand
    // the region over.
    hand.scope.require(tx, &Home::region(region.clone()))?;
    let name = atlas::region::find(tx, &region)?.map(|region| region.name);
    let region_name = name.unwrap_or_else(|| region.to_string());
    let node = tx.origin().to_owned();
    if let Some(number) = store::open_at(tx, &node, &region, home.org)? {
        let detail = format!("the sheet {number} of this desk is open");
        return Err(Error::conflict("handover-open", detail));
    }
    let giver = Person::of(hand.caller);
    let last = store::last_at(tx, &node, &region, home.org)?;
    let stands_in = match &last {
        Some((person, _)) if person.person != giver.person => {
            let reason = reason.map(|reason| text("reason", &reason, 2, 200)).transpose()?;
            let reason = reason.ok_or_else(|| {
                let detail = format!("{} took this desk over last: say why", person.name);
                Error::conflict("not-on-duty", detail)
            })?;
            Some(StandIn { instead_of: person.clone(), reason })
        }
        _ => None,
    };
    let ([year, month, day], _) = tx.now().beijing_fields();
    let date = format!("{year:04}-{month:02}-{day:02}");
    let serial = store::next_serial(tx, &node, &date)?;
    let begun = Begun {
        number: format!("J-{month:02}{day:02}-{serial:02}"),
        day: date,
        serial,
        region_name,
        giver,
        stands_in,
        since: last.map(|(_, at)| at),
    };
    let id = HandoverId(tx.new_id());
    tx.record(Record::first(id, home, HandoverFact::Begun(begun)))?;
    Ok(id)
}

/// Puts down who takes what, and notes.
///
/// # Errors
/// [`Error::Conflict`] as [`Handover::permit`], and `stale-revision`; [`Error::Invalid`] for
/// somebody who cannot take the desk or the line over.
pub(super) fn write(
    tx: &mut Tx<'_>,
    hand: &Hand<'_>,
    id: HandoverId,
    write: WriteHandover,
) -> Result<()> {
    let handover = store::load(tx, hand.scope, id)?;
    handover.permit(Act::Edit, hand.caller.person)?;
    require_revision(&handover, write.revision)?;
    let words = words(tx, hand, &handover, write)?;
    if words == handover.words {
        return Ok(());
    }
    let drafted = Drafted { number: handover.number, words };
    tx.record(Record::next(id, HandoverFact::Drafted(drafted))).map(|_| ())
}

fn words(
    tx: &mut Tx<'_>,
    hand: &Hand<'_>,
    handover: &Handover,
    write: WriteHandover,
) -> Result<Words> {
    if MOST_LINES < write.lines.len() {
        return Err(Error::invalid("lines", write.lines.len(), format!("at most {MOST_LINES}")));
    }
    let mut people: HashMap<Id, Person> = HashMap::new();
    for holder in takers(tx, hand.scope, &handover.home)? {
        people.insert(holder.person, Person { person: holder.person, name: holder.name });
    }
    let to = match write.to {
        None => None,
        Some(id) if id == handover.giver.person => {
            return Err(Error::conflict("own-handover", "who hands over does not take over"));
        }
        Some(id) => Some(people.get(&id).cloned().ok_or_else(|| nobody("to", id))?),
    };
    // Whoever has a line in hand may keep it, whatever they hold.
    let owners = match write.lines.iter().any(|line| line.taker.is_some()) {
        true => {
            let caller = gather::at_desk(tx, hand.caller, &region_of(handover)?)?;
            open_now(tx, hand, handover, &caller)?.lines
        }
        false => Vec::new(),
    };
    let mut lines: BTreeMap<LineKey, LineWords> = BTreeMap::new();
    for line in write.lines {
        let note = text("note", &line.note, 0, 400)?;
        let owner = owners.iter().find(|open| open.key == line.key);
        let owner = owner.and_then(|open| open.owner.clone());
        let taker = match line.taker {
            None => None,
            Some(id) => {
                let own = owner.filter(|owner| owner.person == id);
                let known = people.get(&id).cloned().or(own);
                Some(known.ok_or_else(|| nobody("taker", id))?)
            }
        };
        if taker.is_some() || !note.is_empty() {
            lines.insert(line.key, LineWords { key: line.key, taker, note });
        }
    }
    let note = text("note", &write.note, 0, 2_000)?;
    Ok(Words { to, note, lines: lines.into_values().collect() })
}

fn nobody(field: &str, id: Id) -> Error {
    Error::invalid(field, id, "a person of /api/handovers/people")
}

/// Who may take a desk over: active people who hold it, as far as the scope shows them.
pub(super) fn takers(db: &mut dyn Read, scope: &Scope, desk: &Home) -> Result<Vec<Holder>> {
    let desk = Home { org: None, ..desk.clone() };
    let mut takers = Vec::new();
    for holder in people_with(db, WRITE.code, scope)? {
        if Scope::all_in(holder.region.clone()).holds(db, &desk)? {
            takers.push(holder);
        }
    }
    Ok(takers)
}

/// The first signature: the sheet is what is open now, and stays so.
///
/// # Errors
/// [`Error::Conflict`] as [`Handover::permit`], `stale-revision`, and `critical-untaken`
/// while a critical line has nobody who takes it.
pub(super) fn sign(tx: &mut Tx<'_>, hand: &Hand<'_>, id: HandoverId, revision: i64) -> Result<()> {
    let handover = store::load(tx, hand.scope, id)?;
    handover.permit(Act::Sign, hand.caller.person)?;
    require_revision(&handover, revision)?;
    let caller = gather::at_desk(tx, hand.caller, &region_of(&handover)?)?;
    let open = open_now(tx, hand, &handover, &caller)?;
    let giver = Person::of(hand.caller);
    let lines = handover.words.named(open.lines, &giver);
    require_takers(&lines)?;
    let shift = {
        let (keys, region, now) = (tx.keys().clone(), region_of(&handover)?, tx.now());
        let look = look(hand, &caller, (&keys, &region, now));
        gather::shift(tx, &look, handover.since)?
    };
    let sheet = Sheet {
        at: tx.now(),
        lines: lines.into_iter().map(Line::kept).collect(),
        shift,
        truncated: open.truncated,
    };
    let Words { to, note, .. } = handover.words;
    let signed = Signed { number: handover.number, giver, to, note, sheet };
    tx.record(Record::next(id, HandoverFact::Signed(signed))).map(|_| ())
}

/// The second signature: what is open passes to its takers, as if they had taken it.
///
/// # Errors
/// [`Error::Conflict`] as [`Handover::permit`], and `critical-unconfirmed` while a critical
/// line that came after the first signature is not in `confirmed`.
pub(super) fn receive(
    tx: &mut Tx<'_>,
    hand: &Hand<'_>,
    id: HandoverId,
    (note, confirmed): (&str, &[LineKey]),
) -> Result<()> {
    let note = text("note", note, 0, 2_000)?;
    let handover = store::load(tx, hand.scope, id)?;
    handover.permit(Act::Receive, hand.caller.person)?;
    let caller = gather::at_desk(tx, hand.caller, &region_of(&handover)?)?;
    let open = open_now(tx, hand, &handover, &caller)?;
    let missing = || Error::Internal(format!("sheet {id} is signed and has no lines"));
    let sheet = handover.sheet.as_ref().ok_or_else(missing)?;
    let by = Person::of(hand.caller);
    let mut added = added(open.lines, sheet);
    require_confirmed(&added, confirmed)?;
    for line in &mut added {
        line.taker = Some(match &line.owner {
            Some(owner) if owner.person != handover.giver.person => owner.clone(),
            _ => by.clone(),
        });
    }
    let to_pass = passing(tx, &caller, &open.items, sheet.lines.iter().chain(&added))?;
    let passed = to_pass.iter().map(|(key, item, by)| Passed {
        key: *key,
        by: by.clone(),
        from: item.owner.clone(),
    });
    let receipt = Receipt {
        note,
        passed: passed.collect(),
        added: added.into_iter().map(Line::kept).collect(),
    };
    let received = Received { number: handover.number, giver: handover.giver, by, receipt };
    let recorded = tx.record(Record::next(id, HandoverFact::Received(received)))?;
    for (_, item, by) in to_pass {
        let from = item.owner.clone();
        duty::record_claim(tx, &item, by, from, Some(recorded.id))?;
    }
    Ok(())
}

/// What changes hands: a line that is open still, has a taker who does not have it already,
/// and is this desk's to give.
fn passing<'a>(
    tx: &mut Tx<'_>,
    caller: &Caller,
    open: &HashMap<LineKey, Item>,
    lines: impl Iterator<Item = &'a Line>,
) -> Result<Vec<(LineKey, Item, Person)>> {
    let scope = caller.scope(duty::READ);
    let mut passing: Vec<(LineKey, Item, Person)> = Vec::new();
    for line in lines {
        let (Some(taker), Some(item)) = (&line.taker, open.get(&line.key)) else { continue };
        let has = item.owner.as_ref().is_some_and(|owner| owner.person == taker.person);
        if has || passing.iter().any(|(key, ..)| *key == line.key) {
            continue;
        }
        // As for who takes it from the desk: what only reaches here is another's.
        if let Some(home) = tx.find_home(item.id)?
            && item.action.is_none()
        {
            let home = Home { reach: Vec::new(), ..home };
            let held = match &scope {
                Ok(scope) => scope.holds(tx, &home)?,
                Err(_) => false,
            };
            if !held {
                continue;
            }
        }
        // A call's words are sealed under its own key.
        let title = if line.key.kind == super::LineKind::Intake {
            "未完成接报".to_owned()
        } else {
            item.title.clone()
        };
        passing.push((line.key, Item { title, ..item.clone() }, taker.clone()));
    }
    Ok(passing)
}

/// Back to who signed, with the reason.
///
/// # Errors
/// [`Error::Conflict`] as [`Handover::permit`].
pub(super) fn turn_back(
    tx: &mut Tx<'_>,
    hand: &Hand<'_>,
    id: HandoverId,
    reason: &str,
) -> Result<()> {
    let reason = text("reason", reason, 2, 200)?;
    let handover = store::load(tx, hand.scope, id)?;
    handover.permit(Act::Return, hand.caller.person)?;
    let returned = Returned { number: handover.number, by: Person::of(hand.caller), reason };
    tx.record(Record::next(id, HandoverFact::Returned(returned))).map(|_| ())
}

/// Away with it before the second signature: by whoever holds the desk, for its officer
/// may be gone.
///
/// # Errors
/// [`Error::Conflict`] as [`Handover::permit`].
pub(super) fn withdraw(
    tx: &mut Tx<'_>,
    hand: &Hand<'_>,
    id: HandoverId,
    reason: &str,
) -> Result<()> {
    let reason = text("reason", reason, 2, 200)?;
    let handover = store::load(tx, hand.scope, id)?;
    handover.permit(Act::Withdraw, hand.caller.person)?;
    let withdrawn = Withdrawn { number: handover.number, by: Person::of(hand.caller), reason };
    tx.record(Record::next(id, HandoverFact::Withdrawn(withdrawn))).map(|_| ())
}

/// What is open at the desk of a sheet, as `caller` [stands there](gather::at_desk).
fn open_now(
    tx: &mut Tx<'_>,
    hand: &Hand<'_>,
    handover: &Handover,
    caller: &Caller,
) -> Result<gather::Open> {
    let (keys, region, now) = (tx.keys().clone(), region_of(handover)?, tx.now());
    let look = look(hand, caller, (&keys, &region, now));
    gather::open(tx, &look)
}

fn look<'a>(
    hand: &Hand<'a>,
    caller: &'a Caller,
    (keys, region, now): (&'a host::sealed::Keys, &'a AdminCode, Timestamp),
) -> Look<'a> {
    Look { kit: hand.kit, keys, caller, region, end: hand.end, now }
}

pub(super) fn region_of(handover: &Handover) -> Result<AdminCode> {
    let nowhere = || Error::Internal(format!("sheet {} is in no region", handover.id));
    handover.region.clone().ok_or_else(nowhere)
}

fn require_revision(handover: &Handover, read: i64) -> Result<()> {
    if handover.revision == read {
        return Ok(());
    }
    let text = format!("it is at revision {}: it was changed elsewhere", handover.revision);
    Err(Error::conflict("stale-revision", text))
}

/// Completes a sheet for who reads it: the lines of a draft as they are now, and what came
/// after the first signature.
pub(super) fn complete(
    db: &mut dyn Read,
    hand: &Hand<'_>,
    (keys, now): (&host::sealed::Keys, Timestamp),
    mut handover: Handover,
) -> Result<Handover> {
    if matches!(handover.state, State::Draft | State::Signed) {
        let region = region_of(&handover)?;
        let caller = gather::at_desk(db, hand.caller, &region)?;
        let look = look(hand, &caller, (keys, &region, now));
        match &handover.sheet {
            Some(signed) => {
                let lines = gather::open(db, &look)?.lines;
                handover.added = added(lines, signed);
            }
            None => {
                let mut sheet = gather::sheet(db, &look, handover.since)?;
                sheet.lines = handover.words.named(sheet.lines, &handover.giver);
                handover.sheet = Some(sheet);
            }
        }
        handover.rule = Some(super::rule::Rule::load()?);
    }
    store::with_acts(db, hand.caller, handover)
}
