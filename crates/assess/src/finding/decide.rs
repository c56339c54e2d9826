//! What becomes of an outcome: a fact, or nothing when it is known already.

use base::Timestamp;
use host::{Record, Result, Tx};

use super::fact::{Because, Cleared, FindingFact, Raised, RuleRef, Value};
use super::{Finding, FindingId, State, store};
use crate::engine::model::Seen;
use crate::rule::Rule;
use crate::station;

/// Records that a rule fired by `values`, which are never empty; nothing when the
/// log has a finding with their key.
pub(crate) fn raise(tx: &mut Tx<'_>, rule: &Rule, values: Vec<Value>) -> Result<()> {
    found(tx, rule, values, false).map(|_| ())
}

/// Records that a rule had fired by `values` and was over with `by`, as a late reading
/// shows; nothing when the log has a finding with their key.
pub(crate) fn miss(tx: &mut Tx<'_>, rule: &Rule, values: Vec<Value>, by: Seen) -> Result<()> {
    let onset = values.first().map(|first| first.time);
    match (found(tx, rule, values, true)?, onset) {
        (true, Some(onset)) => clear(tx, rule, onset, by),
        _ => Ok(()),
    }
}

fn found(tx: &mut Tx<'_>, rule: &Rule, values: Vec<Value>, late: bool) -> Result<bool> {
    let (Some(first), Some(last)) = (values.first(), values.last()) else {
        return Ok(false);
    };
    let (onset, time, received) = (first.time, last.time, last.received);
    if store::by_key(tx, rule.id, rule.sensor, onset)?.is_some() {
        return Ok(false);
    }
    // The station as it is now, which may have been renamed or moved since.
    let site = station::find_site(tx, rule.sensor)?;
    let (station_name, point) = match site {
        Some(site) => (site.station_name, site.point),
        None => (rule.station_name.clone(), None),
    };
    let raised = Raised {
        rule: RuleRef {
            id: rule.id,
            version: rule.version,
            name: rule.name.clone(),
            measure: rule.measure,
            comparison: rule.comparison,
            threshold: rule.threshold,
            hysteresis: rule.hysteresis,
            times: rule.times,
            delay_s: rule.delay_s,
            line_word: rule.line_word.clone(),
        },
        sensor: Some(rule.sensor),
        station: Some(rule.station),
        station_name,
        point,
        quantity: rule.quantity,
        hazard: rule.hazard,
        level: rule.level,
        onset,
        values,
        late,
        shelved: rule.shelved.is_some(),
        shaken: None,
    };
    let id = FindingId(tx.new_id());
    let home = tx.home_of(rule.station)?;
    let record = Record::first(id, home, FindingFact::from(raised))
        .basis(rule.basis())
        .occurred(time)
        .known(received);
    tx.record(record)?;
    Ok(true)
}

/// Records that a reading was safe again; nothing when no finding of that onset stands.
pub(crate) fn clear(tx: &mut Tx<'_>, rule: &Rule, onset: Timestamp, by: Seen) -> Result<()> {
    match store::by_key(tx, rule.id, rule.sensor, onset)? {
        Some(finding) if finding.state == State::Active => {
            let record = end(&finding, by.time, Some(by.value), Because::Back);
            let record = record.basis(rule.basis()).occurred(by.time).known(by.received);
            tx.record(record)?;
            Ok(())
        }
        _ => Ok(()),
    }
}

/// The fact that a finding ends.
pub(super) fn end(
    finding: &Finding,
    at: Timestamp,
    value: Option<f64>,
    because: Because,
) -> Record {
    let cleared = Cleared {
        cleared_at: at,
        value,
        because,
        rule_name: finding.rule.name.clone(),
        sensor: finding.sensor,
        station: finding.station,
        station_name: finding.station_name.clone(),
        quantity: finding.quantity,
        hazard: finding.hazard,
        level: finding.level,
    };
    Record::next(finding.id, FindingFact::from(cleared))
}
