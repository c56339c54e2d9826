//! Which reports belong together, and what that changes of the earthquakes that are
//! registered. Pure.

use std::collections::{BTreeMap, BTreeSet};

use science::earthquake::{AssociationError, Gathered, Windows, associate};

use super::model::{EarthquakeId, Report};

/// A report, and the earthquake that it is counted to so far.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Known {
    pub of: Option<EarthquakeId>,
    pub report: Report,
}

/// What becomes of an earthquake; indexes are of the reports.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Outcome {
    New(Group),
    Changed { earthquake: EarthquakeId, group: Group, left: Vec<usize> },
    Merged { earthquake: EarthquakeId, into: Goes, left: Vec<usize> },
}

/// Where an earthquake that is none of its own went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Goes {
    Known(EarthquakeId),
    /// The one of this [`Outcome::New`], by its place among all outcomes.
    New(usize),
}

/// Reports that came to an earthquake, and what is believed of it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Group {
    pub came: Vec<usize>,
    pub believed: Option<usize>,
    /// What is believed, or the newest of its first chain.
    pub shown: usize,
}

/// Decides what changes when all these reports are looked at together.
///
/// - `known`: whole components: whatever could be of one earthquake with any of them is
///   among them.
/// - Returns only what changes, merged ones last. Which reports belong together depends on
///   the reports alone, in whatever order they came; which of the registered earthquakes
///   goes on is the one with most of a group's reports, the older of two.
///
/// # Errors
/// [`AssociationError`] for a flood.
pub(crate) fn gather(windows: &Windows, known: &[Known]) -> Result<Vec<Outcome>, AssociationError> {
    let reports: Vec<_> = known.iter().map(|it| it.report.to_science()).collect();
    let groups = associate(windows, &reports)?;
    let members: Vec<BTreeSet<usize>> = groups
        .iter()
        .map(|group| group.chains.iter().flat_map(|chain| chain.versions.clone()).collect())
        .collect();

    let mut held: BTreeMap<EarthquakeId, BTreeSet<usize>> = BTreeMap::new();
    for (index, it) in known.iter().enumerate() {
        if let Some(of) = it.of {
            held.entry(of).or_default().insert(index);
        }
    }
    let most = |reports: &BTreeSet<usize>, free: &dyn Fn(usize) -> bool| {
        let shared = |group: &usize| members[*group].intersection(reports).count();
        let candidates = (0..groups.len()).filter(|group| free(*group) && 0 < shared(group));
        // Of as many, the first.
        candidates.max_by_key(|group| (shared(group), std::cmp::Reverse(*group)))
    };
    let mut owner: Vec<Option<EarthquakeId>> = vec![None; groups.len()];
    for (earthquake, reports) in &held {
        let group = most(reports, &|group| owner[group].is_none());
        if let Some(group) = group {
            owner[group] = Some(*earthquake);
        }
    }

    let mut outcomes = Vec::new();
    let mut made: BTreeMap<usize, usize> = BTreeMap::new();
    for (index, gathered) in groups.iter().enumerate() {
        let owned = owner[index].and_then(|earthquake| held.get(&earthquake));
        let none = BTreeSet::new();
        let before = owned.unwrap_or(&none);
        let came: Vec<usize> = members[index].difference(before).copied().collect();
        let left: Vec<usize> = before.difference(&members[index]).copied().collect();
        let group = Group { came, believed: gathered.believed, shown: shown(gathered) };
        match owner[index] {
            None => {
                made.insert(index, outcomes.len());
                outcomes.push(Outcome::New(group));
            }
            Some(earthquake) if !group.came.is_empty() || !left.is_empty() => {
                outcomes.push(Outcome::Changed { earthquake, group, left });
            }
            Some(_) => {}
        }
    }
    for (earthquake, reports) in &held {
        if owner.contains(&Some(*earthquake)) {
            continue;
        }
        let Some(group) = most(reports, &|_| true) else { continue };
        let into = match (owner[group], made.get(&group)) {
            (Some(other), _) => Goes::Known(other),
            (None, Some(outcome)) => Goes::New(*outcome),
            (None, None) => continue,
        };
        let left = reports.iter().copied().collect();
        outcomes.push(Outcome::Merged { earthquake: *earthquake, into, left });
    }
    Ok(outcomes)
}

fn shown(gathered: &Gathered) -> usize {
    let newest = || gathered.chains.first().and_then(|chain| chain.versions.last().copied());
    gathered.believed.or_else(newest).unwrap_or_default()
}

#[cfg(test)]
mod tests;
