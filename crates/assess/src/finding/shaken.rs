//! Findings of what an earthquake shook: one for each county that has reached a line.

use base::{AdminCode, Hazard, Id, Level, Point, Quantity, Timestamp};
use host::{Home, Record, Result, Tx};
use sense::quake::EarthquakeId;

use super::decide::end;
use super::fact::{Because, FindingFact, Raised, RuleRef, Shaken, Value};
use super::{Finding, FindingId, store};
use crate::rule::{Comparison, Measure, RuleId};
use crate::shaking::ShakingId;

/// The lines by degree are one rule of the program's own, which no register has.
fn lines_by_degree() -> RuleId {
    RuleId(Id::from_bytes(*b"lines by degree."))
}

/// A county that has reached a line.
pub(crate) struct NewShaken {
    pub earthquake: EarthquakeId,
    pub shaking: ShakingId,
    /// Of the estimate.
    pub revision: u32,
    pub county: AdminCode,
    pub county_name: String,
    pub epicentre: Point,
    pub degree: [u8; 2],
    /// The greatest intensity, to one decimal.
    pub most: f64,
    /// The degree of the line.
    pub line: u8,
    pub line_word: String,
    pub level: Level,
    /// Version and name of the lines.
    pub rule: (u32, String),
    pub words: String,
    pub home: Home,
    pub quaked: Timestamp,
    pub known: Timestamp,
}

/// What stands of an earthquake.
pub(crate) fn standing_shaken(tx: &mut Tx<'_>, earthquake: EarthquakeId) -> Result<Vec<Finding>> {
    store::active_by_earthquake(tx, earthquake)
}

/// Records that a county has reached a line.
pub(crate) fn raise_shaken(tx: &mut Tx<'_>, new: NewShaken) -> Result<()> {
    let earlier = store::newest_by_earthquake(tx, new.earthquake, &new.county)?;
    let id = FindingId(tx.new_id());
    let (version, name) = new.rule;
    let basis = format!("{name} v{version}");
    let raised = Raised {
        rule: RuleRef {
            id: lines_by_degree(),
            version,
            name,
            measure: Measure::Value,
            comparison: Comparison::AtOrAbove,
            threshold: f64::from(new.line),
            hysteresis: 0.0,
            times: 1,
            delay_s: 0,
            line_word: new.line_word,
        },
        sensor: None,
        station: None,
        station_name: new.county_name,
        point: Some(new.epicentre),
        quantity: Quantity::Intensity,
        hazard: Hazard::Earthquake,
        level: new.level,
        onset: new.quaked,
        values: vec![Value {
            time: new.quaked,
            value: new.most,
            received: new.known,
            frame: None,
            over: None,
        }],
        late: false,
        shelved: false,
        shaken: Some(Shaken {
            earthquake: new.earthquake,
            shaking: new.shaking,
            revision: new.revision,
            county: new.county,
            degree: new.degree,
            words: new.words,
            earlier,
        }),
    };
    let record = Record::first(id, new.home, FindingFact::from(raised))
        .basis(basis)
        // A thread of its own: a county's notice, warning and incident, and not those of
        // all counties. Its cause is the estimate.
        .correlation(id)
        .occurred(new.quaked)
        .known(new.known);
    tx.record(record)?;
    Ok(())
}

/// Records that a newer estimate says something else of a county.
pub(crate) fn clear_shaken(
    tx: &mut Tx<'_>,
    finding: &Finding,
    at: Timestamp,
    because: Because,
) -> Result<()> {
    tx.record(end(finding, at, None, because))?;
    Ok(())
}
