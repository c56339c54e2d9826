//! What is open at a desk at a moment, and what happened in its shift.

use std::collections::HashMap;
use std::sync::Arc;

use assess::silence;
use base::{AdminCode, Id, Timestamp};
use host::part::Kit;
use host::scope::{Grant, Place};
use host::sealed::Keys;
use host::{Caller, Home, Read, Result, Scope};

use super::model::{Count, Line, LineKey, LineKind, Sheet, Shift};
use super::rule::Rule;
use super::store;
use crate::duty::{self, Clock, Gathered, Item, ItemKind};

/// The most silences that a sheet lists.
const SILENCES: i64 = 200;
/// The most entries of the log that a sheet lists.
const ENTRIES: i64 = 60;

/// Who looks, where from, and when.
pub(super) struct Look<'a> {
    pub kit: &'a Kit,
    pub keys: &'a Keys,
    /// [At the desk](at_desk).
    pub caller: &'a Caller,
    pub region: &'a AdminCode,
    /// Where the log ends.
    pub end: i64,
    pub now: Timestamp,
}

/// A caller as they stand at the desk of one region: what they hold there, and nothing that
/// they hold elsewhere, by an organisation, or of class sensitive. So a sheet tells nobody
/// who reads it of another region or of what is closed to them.
pub(super) fn at_desk(db: &mut dyn Read, caller: &Caller, region: &AdminCode) -> Result<Caller> {
    let (desk, at_home) = (Scope::all_in(region.clone()), Home::region(region.clone()));
    let mut grants = Vec::new();
    for grant in caller.grants.iter() {
        let Place::Region(root) = &grant.place else { continue };
        let place = if Scope::all_in(root.clone()).holds(db, &at_home)? {
            Place::Region(region.clone())
        } else if desk.holds(db, &Home::region(root.clone()))? {
            grant.place.clone()
        } else {
            continue;
        };
        let open = |code: &&String| code.as_str() != host::scope::SEE_SENSITIVE.code;
        let permissions = grant.permissions.iter().filter(open).cloned().collect::<Vec<_>>();
        grants.push(Grant { role: grant.role.clone(), place, permissions: permissions.into() });
    }
    Ok(Caller { grants: grants.into(), offices: Arc::from([]), ..caller.clone() })
}

/// What is open, with the items that the desk itself knows.
pub(super) struct Open {
    pub lines: Vec<Line>,
    pub items: HashMap<LineKey, Item>,
    pub truncated: bool,
}

/// All that is open at the desk, without takers and in no order.
pub(super) fn open(db: &mut dyn Read, look: &Look<'_>) -> Result<Open> {
    let rule = Rule::load()?;
    let Gathered { items, in_force, clocks, truncated } =
        duty::gather(db, look.keys, look.caller, look.now)?;
    let mut open = Open { lines: Vec::new(), items: HashMap::new(), truncated };
    let desk = Scope::all_in(look.region.clone());
    let mut running: HashMap<LineKey, Vec<&Clock>> = HashMap::new();
    for clock in clocks.iter().filter(|clock| clock.done_at.is_none()) {
        let key = LineKey { kind: clock.about.into(), item: clock.id };
        running.entry(key).or_default().push(clock);
    }
    for item in items.into_iter().chain(in_force) {
        // One's own tasks are seen wherever they are: those elsewhere are of another desk.
        let home = item.region.clone().map(Home::region);
        if item.kind == ItemKind::Task
            && let Some(home) = home
            && !desk.holds(db, &home)?
        {
            continue;
        }
        let key = LineKey { kind: item.kind.into(), item: item.id };
        let clocks = running.remove(&key).unwrap_or_default();
        open.lines.push(line_of(&rule, &item, key, &clocks));
        open.items.insert(key, item);
    }
    if let Ok(scope) = look.caller.scope(assess::finding::READ) {
        let standing = Some(silence::State::Active);
        let mut silences = silence::list(db, &scope, standing, None, SILENCES + 1)?;
        let most = usize::try_from(SILENCES).unwrap_or(usize::MAX);
        open.truncated |= most < silences.len();
        silences.truncate(most);
        open.lines.extend(silences.into_iter().map(of_silence));
    }
    Ok(open)
}

fn line_of(rule: &Rule, item: &Item, key: LineKey, clocks: &[&Clock]) -> Line {
    let next = clocks.iter().min_by_key(|clock| clock.due);
    let mut line = Line {
        key,
        level: item.level,
        title: item.title.clone(),
        detail: item.detail.clone(),
        since: item.since,
        owner: item.owner.clone(),
        due: next.map(|clock| clock.due).or(item.due),
        clock: next.map(|clock| clock.kind),
        overdue: item.overdue || clocks.iter().any(|clock| clock.overdue),
        critical: Vec::new(),
        taker: None,
        note: String::new(),
    };
    let kinds: Vec<_> = clocks.iter().map(|clock| clock.kind).collect();
    line.critical = rule.why(&line, &kinds);
    line
}

/// A silence has no level, no limit and no owner: it says that we do not know.
fn of_silence(silence: silence::Silence) -> Line {
    Line {
        key: LineKey { kind: LineKind::Silence, item: Id::from(silence.id) },
        level: None,
        title: silence.public_title(),
        detail: silence.protocol_word.to_owned(),
        since: silence.last_heard,
        owner: None,
        due: None,
        clock: None,
        overdue: false,
        critical: Vec::new(),
        taker: None,
        note: String::new(),
    }
}

/// What was recorded since the last hand-over of the desk.
pub(super) fn shift(db: &mut dyn Read, look: &Look<'_>, last: Option<Timestamp>) -> Result<Shift> {
    let rule = Rule::load()?;
    let since = last.unwrap_or(look.now - rule.first_shift());
    let begin = last.map_or(Ok(None), |last| store::received_at(db, last))?;
    let asked = (begin, look.end, since);
    let (counts, mut entries) =
        duty::since(db, look.kit, look.caller, asked, (&rule.told, ENTRIES + 1))?;
    let most = usize::try_from(ENTRIES).unwrap_or(usize::MAX);
    let more = most < entries.len();
    entries.truncate(most);
    let counts = counts.into_iter().map(|(kind, times)| Count { kind, times }).collect();
    Ok(Shift { since, first: last.is_none(), counts, entries, more })
}

/// A sheet as it would be signed now, but for takers and notes.
pub(super) fn sheet(db: &mut dyn Read, look: &Look<'_>, last: Option<Timestamp>) -> Result<Sheet> {
    let Open { lines, truncated, .. } = open(db, look)?;
    Ok(Sheet { at: look.now, lines, shift: shift(db, look, last)?, truncated })
}
