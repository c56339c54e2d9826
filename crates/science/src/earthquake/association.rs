//! Which reports speak of one earthquake: duplicates across agencies, and revisions.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use base::{Duration, Point, Timestamp};
use serde::Deserialize;

use super::{Depth, Origin};

/// What an agency, or somebody at a desk, says of one earthquake at one time.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// Who says so, in lower case (`cenc`, `us`); `None` where a list does not name it.
    pub agency: Option<String>,
    /// The agency's own id of the event.
    pub id: String,
    /// Other ids that the report itself gives for the same event, as `agency` and `id` run
    /// together (`us20003abc`).
    pub aliases: Vec<String>,
    /// When this version was made; `None` is older than any.
    pub updated: Option<Timestamp>,
    pub standing: Standing,
    /// When the earth quaked.
    pub time: Timestamp,
    /// How far `time` may be wrong beyond the usual: a minute where only minutes are told.
    pub time_within: Duration,
    pub place: Point,
    pub depth: Option<Depth>,
    pub magnitude: Option<f64>,
}

/// How far a report has been looked at. The later is believed over the earlier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    Unknown,
    Automatic,
    Reviewed,
    /// Taken back by its agency.
    Deleted,
}

/// One agency's versions of one event.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Chain {
    pub agency: Option<String>,
    pub id: String,
    /// Indexes into the reports, oldest first; none is left out.
    pub versions: Vec<usize>,
    /// Whether the newest version takes the event back.
    pub deleted: bool,
}

/// One earthquake as the agencies have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gathered {
    pub chains: Vec<Chain>,
    /// Index of the report that is believed; `None` where all were taken back.
    pub believed: Option<usize>,
}

/// The windows as data.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Windows {
    pub version: String,
    seconds: i64,
    km: f64,
    magnitude: f64,
    /// In the order in which they are believed; others come after.
    agencies: Vec<Agency>,
    pub origin: Origin,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Agency {
    agency: String,
    /// Whether it gives a reviewed version an id other than the automatic one's.
    renames: bool,
}

/// Why reports cannot be gathered.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum AssociationError {
    #[error("more than {0} pairs of reports are close in time: gather a shorter while at once")]
    TooClose(usize),
}

/// Pairs that are looked at; more are a flood and no earthquakes.
const MOST_PAIRS: usize = 20_000;

impl Windows {
    /// What ships with the program.
    pub fn shipped() -> Windows {
        serde_json::from_str(include_str!("association.json")).expect("a test reads it")
    }
}

/// Gathers reports by the earthquake that they speak of.
///
/// - `reports`: in any order; the order changes nothing but the indexes.
/// - Returns every report once, in a chain (one agency, one id) of one event; events by the
///   time of what is believed.
///
/// Chains are of one event where a report names the other's id, or where the newest
/// versions are within all three windows of *each other*, the closest first: what is near
/// only by way of a third is not. Two ids of one agency are two events, unless the agency
/// is one that renames and one version is automatic and the other reviewed.
/// An unknown magnitude excludes nothing. A chain that was taken back stays with what it
/// was near, and is not believed.
///
/// # Errors
/// [`AssociationError::TooClose`] for a flood of reports within a minute.
///
/// # Source
/// `association.json`. No published example; the test is the catalogue of north-east
/// China, of which every pair that is merged is listed.
pub fn associate(windows: &Windows, reports: &[Report]) -> Result<Vec<Gathered>, AssociationError> {
    let chains = chains(reports);
    let newest: Vec<&Report> = chains
        .iter()
        .map(|chain| &reports[*chain.versions.last().expect("a chain has a version")])
        .collect();
    let pairs = pairs(windows, &newest)?;

    let mut groups: Vec<Vec<usize>> = (0..chains.len()).map(|chain| vec![chain]).collect();
    let mut group_of: Vec<usize> = (0..chains.len()).collect();
    for Pair { one, other, .. } in pairs {
        let (into, from) = (group_of[one], group_of[other]);
        let fit = into != from
            && groups[into].iter().all(|a| {
                groups[from].iter().all(|b| closeness(windows, newest[*a], newest[*b]).is_some())
            });
        if fit {
            let moved = std::mem::take(&mut groups[from]);
            for chain in &moved {
                group_of[*chain] = into;
            }
            groups[into].extend(moved);
        }
    }
    let mut gathered: Vec<Gathered> = groups
        .into_iter()
        .filter(|group| !group.is_empty())
        .map(|mut group| {
            group.sort_unstable();
            let believed = group
                .iter()
                .filter(|chain| !chains[**chain].deleted)
                .max_by(|a, b| belief(windows, newest[**a], newest[**b]).then(b.cmp(a)))
                .and_then(|chain| chains[*chain].versions.last().copied());
            Gathered {
                chains: group.iter().map(|chain| chains[*chain].clone()).collect(),
                believed,
            }
        })
        .collect();
    gathered.sort_by_cached_key(|event| {
        let first = &event.chains[0];
        let shown = event.believed.or(first.versions.last().copied());
        (shown.map(|index| reports[index].time), first.agency.clone(), first.id.clone())
    });
    Ok(gathered)
}

/// One chain for each agency and id, in the order of these two.
fn chains(reports: &[Report]) -> Vec<Chain> {
    let mut by_id: BTreeMap<(&Option<String>, &str), Vec<usize>> = BTreeMap::new();
    for (index, report) in reports.iter().enumerate() {
        by_id.entry((&report.agency, &report.id)).or_default().push(index);
    }
    let chains = by_id.into_iter().map(|((agency, id), mut versions)| {
        versions.sort_by(|a, b| age(&reports[*a], &reports[*b]));
        let newest = versions.last().map(|index| reports[*index].standing);
        let deleted = newest == Some(Standing::Deleted);
        Chain { agency: agency.clone(), id: id.to_owned(), versions, deleted }
    });
    chains.collect()
}

/// Older first. Reports of one moment are told apart by all they say, so that the order in
/// which they came decides nothing.
fn age(one: &Report, other: &Report) -> Ordering {
    let depth = |report: &Report| report.depth.map_or(f64::NEG_INFINITY, Depth::km);
    let magnitude = |report: &Report| report.magnitude.unwrap_or(f64::NEG_INFINITY);
    (one.updated, one.standing, one.time)
        .cmp(&(other.updated, other.standing, other.time))
        .then(magnitude(one).total_cmp(&magnitude(other)))
        .then(depth(one).total_cmp(&depth(other)))
        .then(one.place.lon().total_cmp(&other.place.lon()))
        .then(one.place.lat().total_cmp(&other.place.lat()))
        .then(one.time_within.cmp(&other.time_within))
        .then(one.aliases.cmp(&other.aliases))
}

/// Who is believed, least first.
fn belief(windows: &Windows, one: &Report, other: &Report) -> Ordering {
    let rank = |report: &Report| {
        let known = |agency: &Agency| report.agency.as_deref() == Some(agency.agency.as_str());
        let place = windows.agencies.iter().position(known);
        std::cmp::Reverse(place.unwrap_or(windows.agencies.len()))
    };
    (one.standing, rank(one), one.updated).cmp(&(other.standing, rank(other), other.updated))
}

/// Two chains that may be of one event, by how near they are.
struct Pair {
    apart: f64,
    one: usize,
    other: usize,
}

fn pairs(windows: &Windows, newest: &[&Report]) -> Result<Vec<Pair>, AssociationError> {
    let mut by_time: Vec<usize> = (0..newest.len()).collect();
    by_time.sort_by_key(|chain| newest[*chain].time);
    let widest = newest.iter().map(|report| report.time_within.as_millis()).max().unwrap_or(0);
    let widest = widest.saturating_mul(2).saturating_add(windows.seconds * 1_000);
    let (mut pairs, mut seen) = (Vec::new(), 0);
    for (position, one) in by_time.iter().enumerate() {
        for other in &by_time[position + 1..] {
            if widest < newest[*other].time.since(newest[*one].time).as_millis() {
                break;
            }
            seen += 1;
            if MOST_PAIRS < seen {
                return Err(AssociationError::TooClose(MOST_PAIRS));
            }
            if let Some(apart) = closeness(windows, newest[*one], newest[*other]) {
                pairs.push(Pair { apart, one: *one.min(other), other: *one.max(other) });
            }
        }
    }
    pairs.sort_by(|a, b| {
        a.apart.total_cmp(&b.apart).then_with(|| (a.one, a.other).cmp(&(b.one, b.other)))
    });
    Ok(pairs)
}

/// How near two reports are, the sum of their shares of each window; `None` where they are
/// not of one event.
fn closeness(windows: &Windows, one: &Report, other: &Report) -> Option<f64> {
    let slack = one.time_within.as_millis().saturating_add(other.time_within.as_millis());
    let window = (windows.seconds * 1_000).saturating_add(slack);
    let seconds = one.time.since(other.time).as_millis().abs();
    if window < seconds {
        return None;
    }
    if names(one, other) || names(other, one) {
        return Some(-1.0);
    }
    if one.agency.is_some() && one.agency == other.agency && !renamed(windows, one, other) {
        return None;
    }
    let km = one.place.distance_km(other.place);
    let magnitude = match (one.magnitude, other.magnitude) {
        (Some(one), Some(other)) => (one - other).abs(),
        _ => 0.0,
    };
    // A hair for decimals that are not exact in binary: 6.3 − 5.3 is within 1.
    let near = km <= windows.km && magnitude <= windows.magnitude + 1e-9;
    near.then(|| seconds as f64 / window as f64 + km / windows.km + magnitude / windows.magnitude)
}

/// Whether a report says that the other is the same event.
fn names(report: &Report, other: &Report) -> bool {
    let Some(agency) = &other.agency else { return false };
    report.aliases.iter().any(|alias| {
        alias.strip_prefix(agency.as_str()) == Some(other.id.as_str()) || *alias == other.id
    })
}

fn renamed(windows: &Windows, one: &Report, other: &Report) -> bool {
    let renames = windows
        .agencies
        .iter()
        .any(|agency| agency.renames && one.agency.as_deref() == Some(agency.agency.as_str()));
    let pair = (one.standing.min(other.standing), one.standing.max(other.standing));
    renames && pair == (Standing::Automatic, Standing::Reviewed)
}

#[cfg(test)]
mod tests;
