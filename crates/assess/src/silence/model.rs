//! Who is silent. Pure: what was heard goes in, what is found and ended comes out.
//!
//! One finding per silence, and one for what many have in common: a road that is cut, a
//! relay that is down, a logger that lost its instruments. When the patience with one has
//! run out, those beside it that have used up two thirds of theirs are looked at with it:
//! with the usual patience of three periods these are all whose road was cut at one
//! moment, wherever in their period it found them. They are one silence when hardly
//! anybody beside them has been heard since. Who falls silent later and belongs to a
//! silence that stands joins it. It ends when one of its members is heard, and the others
//! have their whole patience to follow.

use std::collections::{BTreeSet, HashMap, HashSet};

use base::{AdminCode, Duration, Id, Timestamp};
use host::{Class, Home};
use sense::Protocol;
use sense::station::Patience;

use super::SilenceId;
use super::fact::{Because, Found, Member, What};

/// So many stations are a door: fewer are named one by one.
const LEAST_OF_A_DOOR: usize = 5;
/// A relay, and one that it speaks for.
const LEAST_OF_A_RELAY: usize = 2;
/// Members of one finding; of more there are several.
const MOST_MEMBERS: usize = 1_000;

/// What may fall silent: a station, or a sensor of one.
#[derive(Debug, Clone)]
pub(super) struct Unit {
    pub id: Id,
    pub name: String,
    pub protocol: Protocol,
    pub home: Home,
    /// `None` of one that has never spoken: it is not silent, but not there yet.
    pub heard: Option<Timestamp>,
    /// Before this nothing could be heard of it: we were deaf, or it was stopped.
    pub from: Timestamp,
    pub patience: Patience,
    pub waited: Waited,
    /// What is silent when it is the only one.
    pub alone: What,
    /// What its silence may be a part of, the widest first: of two that tell as much the
    /// narrower is named.
    pub groups: Vec<What>,
}

/// Whether somebody waits for a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Waited {
    For,
    /// Nobody can say: its station does not speak either.
    Unknown,
    /// It is stopped on purpose.
    Not,
}

/// A silence that stands, or that has ended lately.
#[derive(Debug, Clone)]
pub(super) struct Known {
    pub id: SilenceId,
    pub what: What,
    pub protocol: Protocol,
    pub last_heard: Timestamp,
    pub members: Vec<Id>,
    /// Where it is at home and whom else it reaches, and how widely it is shown.
    pub regions: Vec<AdminCode>,
    pub class: Class,
    pub ended_at: Option<Timestamp>,
}

impl Known {
    /// Whether one more would be seen by those who may see it, and by nobody else.
    fn takes(&self, unit: &Unit, count: usize) -> bool {
        let reaches = |region: &AdminCode| self.regions.contains(region);
        count < MOST_MEMBERS
            && unit.home.region.as_ref().is_some_and(reaches)
            && unit.home.class <= self.class
    }
}

/// What is to be recorded.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Outcome {
    Found { found: Found, home: Home },
    Grew { id: SilenceId, members: Vec<Member>, last_heard: Timestamp },
    Ended { id: SilenceId, because: Because },
}

/// One that has said nothing for a while, since it was or could have been heard.
struct Quiet<'a> {
    unit: &'a Unit,
    heard: Timestamp,
    since: Timestamp,
}

type Group<'a> = (&'a What, Protocol);

/// - `known`: silences of such units that stand, and those of many that ended lately.
pub(super) fn decide(units: &[Unit], known: &[Known], now: Timestamp) -> Vec<Outcome> {
    let by_id: HashMap<Id, &Unit> = units.iter().map(|it| (it.id, it)).collect();
    let mut outcomes = Vec::new();
    let mut silent: HashSet<Id> = HashSet::new();
    let mut standing: HashMap<Group<'_>, (&Known, usize)> = HashMap::new();
    // From when on one whose road was cut has been able to speak again.
    let mut back: HashMap<Id, Timestamp> = HashMap::new();
    for it in known {
        let because = it.ended_at.is_none().then(|| ending(it, &by_id)).flatten();
        match it.ended_at.or(because.map(|_| now)) {
            Some(at) => it.members.iter().for_each(|id| {
                back.entry(*id).and_modify(|other| *other = (*other).max(at)).or_insert(at);
            }),
            None => {
                silent.extend(&it.members);
                standing.insert((&it.what, it.protocol), (it, it.members.len()));
            }
        }
        outcomes.extend(because.map(|because| Outcome::Ended { id: it.id, because }));
    }
    let mut heard_in: HashMap<Group<'_>, Vec<Timestamp>> = HashMap::new();
    let mut quiet_in: HashMap<Group<'_>, Vec<Quiet<'_>>> = HashMap::new();
    let mut due = Vec::new();
    for unit in units {
        let Some(heard) = unit.heard.filter(|_| unit.waited == Waited::For) else { continue };
        for group in &unit.groups {
            heard_in.entry((group, unit.protocol)).or_default().push(heard);
        }
        if silent.contains(&unit.id) {
            continue;
        }
        let since = heard.max(unit.from);
        let since = back.get(&unit.id).map_or(since, |back| since.max(*back));
        let (patience, quiet) = (unit.patience.span, now.since(since));
        if Duration::from_millis(patience.as_millis() / 3 * 2) <= quiet {
            for group in &unit.groups {
                let quiet = Quiet { unit, heard, since };
                quiet_in.entry((group, unit.protocol)).or_default().push(quiet);
            }
        }
        if patience < quiet {
            due.push(Quiet { unit, heard, since });
        }
    }
    heard_in.values_mut().for_each(|heard| heard.sort_unstable());

    let mut grown: HashMap<SilenceId, (Vec<Member>, Timestamp)> = HashMap::new();
    for first in due {
        if silent.contains(&first.unit.id) {
            continue;
        }
        let protocol = first.unit.protocol;
        let joined = first.unit.groups.iter().find(|what| {
            standing.get(&(*what, protocol)).is_some_and(|(it, count)| it.takes(first.unit, *count))
        });
        if let Some(what) = joined
            && let Some((known, count)) = standing.get_mut(&(what, protocol))
        {
            *count += 1;
            silent.insert(first.unit.id);
            let (members, last) = grown.entry(known.id).or_insert((Vec::new(), known.last_heard));
            members.push(member(first.unit));
            *last = (*last).max(first.heard);
            continue;
        }
        let groups = first.unit.groups.iter().filter_map(|what| {
            let quiet = quiet_in.get(&(what, protocol))?;
            let left = quiet.iter().filter(|it| !silent.contains(&it.unit.id));
            let members: Vec<&Quiet<'_>> = left.take(MOST_MEMBERS).collect();
            share(what, &members, heard_in.get(&(what, protocol))?)
                .map(|share| (share, what, members))
        });
        let widest = groups.max_by(|(one, _, few), (other, _, many)| {
            one.total_cmp(other).then(few.len().cmp(&many.len()))
        });
        let found = match widest {
            Some((_, what, members)) => of_many(what, &first, &members),
            None => of_many(&first.unit.alone, &first, &[&first]),
        };
        if let Outcome::Found { found, .. } = &found {
            silent.extend(found.members.iter().map(|it| it.id));
        }
        outcomes.push(found);
    }
    let mut grown: Vec<_> = grown.into_iter().collect();
    grown.sort_by_key(|(id, _)| *id);
    outcomes.extend(grown.into_iter().map(|(id, (members, last_heard))| Outcome::Grew {
        id,
        members,
        last_heard,
    }));
    outcomes
}

/// Why a silence that stands is over, if it is.
fn ending(known: &Known, by_id: &HashMap<Id, &Unit>) -> Option<Because> {
    let members = || known.members.iter().filter_map(|id| by_id.get(id));
    if members().any(|it| Some(known.last_heard) < it.heard) {
        return Some(Because::Heard);
    }
    members().all(|it| it.waited == Waited::Not).then_some(Because::Stopped)
}

/// How many of those that could have spoken since the last of these members was heard
/// say nothing, from 0 to 1; `None` when they are not one silence.
///
/// - `heard`: when each of the group was heard last, in order.
fn share(what: &What, members: &[&Quiet<'_>], heard: &[Timestamp]) -> Option<f64> {
    let last = members.iter().map(|it| it.heard).max()?;
    let speaking = heard.len() - heard.partition_point(|it| *it <= last);
    let is_one = match what {
        What::Sensors { .. } => return Some(1.0),
        What::Station { .. } => false,
        What::Relay { relay } => {
            // Those behind it that report less often join it when their time is up.
            let is_down = members.iter().any(|it| it.unit.id == Id::from(*relay));
            is_down && LEAST_OF_A_RELAY <= heard.len()
        }
        What::Door { .. } => LEAST_OF_A_DOOR <= members.len(),
    };
    let share = members.len() as f64 / (members.len() + speaking) as f64;
    Some(share).filter(|share| is_one && 0.5 <= *share)
}

fn member(unit: &Unit) -> Member {
    Member { id: unit.id, name: unit.name.clone() }
}

/// What many say nothing of is at home in their first division, and reaches the others.
fn of_many(what: &What, first: &Quiet<'_>, members: &[&Quiet<'_>]) -> Outcome {
    let mut named: Vec<Member> = members.iter().map(|it| member(it.unit)).collect();
    if !members.iter().any(|it| it.unit.id == first.unit.id) {
        named.push(member(first.unit));
    }
    let all = || members.iter().copied().chain([first]);
    let home = match what {
        What::Station { .. } | What::Sensors { .. } => first.unit.home.clone(),
        What::Relay { .. } | What::Door { .. } => {
            let class = all().map(|it| it.unit.home.class).max().unwrap_or_default();
            let regions: BTreeSet<_> = all().filter_map(|it| it.unit.home.region.clone()).collect();
            let mut regions = regions.into_iter();
            let home = regions.next().map_or_else(Home::node, Home::region);
            home.reach(regions.collect()).class(class)
        }
    };
    let found = Found {
        what: what.clone(),
        protocol: first.unit.protocol,
        last_heard: all().map(|it| it.heard).max().unwrap_or(first.heard),
        since: first.since,
        patience_s: first.unit.patience.span.as_millis() / 1_000,
        patience_source: first.unit.patience.source.to_owned(),
        members: named,
    };
    Outcome::Found { found, home }
}

#[cfg(test)]
mod tests;
