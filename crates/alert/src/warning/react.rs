//! What warnings do when something is found, or is over.

use base::Id;
use host::{Entry, Reaction, Record, Result, Tx};

use super::{Proposed, Warning, WarningFact, WarningId, content, store, view};
use crate::finding::{self, Evidence, Happened};

/// One reaction for all kinds, so that a finding that clears is never seen before
/// the warning that was proposed for it.
pub(crate) fn reaction() -> Reaction {
    Reaction {
        name: "warning.propose",
        kinds: &[finding::RAISED, finding::UNSHELVED, finding::CLEARED],
        foreign: false,
        react,
    }
}

fn react(tx: &mut Tx<'_>, entry: &Entry) -> Result<()> {
    match finding::happened(entry)? {
        Some(Happened::Raised(found)) => raised(tx, entry, found),
        Some(Happened::Cleared { finding }) => cleared(tx, finding),
        None => Ok(()),
    }
}

/// Proposes a warning, unless an open one of this station and hazard, or one that an
/// earlier estimate of the earthquake raised here, is at least as severe; then the finding
/// joins that one.
fn raised(tx: &mut Tx<'_>, entry: &Entry, found: Evidence) -> Result<()> {
    let open = match (found.station, found.earlier) {
        (Some(station), _) => store::open_at(tx, station, found.hazard)?,
        (None, Some(earlier)) => store::open_on(tx, earlier)?,
        (None, None) => Vec::new(),
    };
    if let Some(covering) = open.iter().find(|warning| found.level <= warning.level) {
        let Some(joined) = covering.join(found.finding, found.level) else { return Ok(()) };
        tx.record(Record::next(covering.id, WarningFact::Joined(joined)).basis(found.basis))?;
        return Ok(());
    }
    let region_name = view::region_name(tx, &found.region)?;
    let proposed = Proposed {
        title: content::title(&found.station_name, found.hazard, found.level),
        hazard: found.hazard,
        level: found.level,
        station: found.station,
        point: found.point,
        finding: Some(found.finding),
        by: None,
        starts: found.onset,
        area: content::area(&region_name, &found.station_name, found.hazard),
        matters: content::matters(&found.station_name, &found.measured, found.hazard),
        measures: content::measures(found.level),
        supersedes: open.first().map(|less| less.id),
        station_name: Some(found.station_name),
    };
    let id = WarningId(tx.new_id());
    // At home where its finding is.
    let record = Record::first(id, entry.home(), WarningFact::Proposed(proposed));
    tx.record(record.basis(found.basis))?;
    Ok(())
}

/// Hints that the danger has passed when none of a warning's findings stands any more.
fn cleared(tx: &mut Tx<'_>, finding: Id) -> Result<()> {
    for warning in store::open_on(tx, finding)? {
        if stands(tx, &warning)? {
            continue;
        }
        let Some(passed) = warning.pass_danger(finding) else { continue };
        tx.record(Record::next(warning.id, WarningFact::DangerPassed(passed)))?;
    }
    Ok(())
}

fn stands(tx: &mut Tx<'_>, warning: &Warning) -> Result<bool> {
    for finding in store::findings(tx, warning.id)? {
        if finding::is_active(tx, finding)? {
            return Ok(true);
        }
    }
    Ok(false)
}
