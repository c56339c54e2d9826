//! What this stage takes from a finding: the only place that knows `assess`.

use assess::finding::{Because, FindingFact, Raised, Unshelved};
use assess::rule::words;
use base::{AdminCode, Hazard, Id, Level, Point, Timestamp};
use host::{Entry, Error, Read, Result, Scope};

pub(crate) const RAISED: &str = "finding.raised";
/// It was shelved, and is told now.
pub(crate) const UNSHELVED: &str = "finding.unshelved";
pub(crate) const CLEARED: &str = "finding.cleared";

/// A finding as it was raised.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Evidence {
    pub finding: Id,
    pub region: AdminCode,
    /// `None` of a county that an earthquake shook.
    pub station: Option<Id>,
    /// What the station is called, or the county.
    pub station_name: String,
    pub point: Option<Point>,
    pub hazard: Hazard,
    pub level: Level,
    /// When the condition began to hold, by the source's time.
    pub onset: Timestamp,
    /// What was measured and which line it crossed, without a full stop.
    pub measured: String,
    /// The rule and its version: `水位超保证 v7`.
    pub basis: String,
    /// The finding that an earlier estimate of the same earthquake raised in this county.
    pub earlier: Option<Id>,
}

/// What happened to a finding.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Happened {
    Raised(Evidence),
    /// A reading was safe again, or a newer estimate says something else.
    Cleared {
        finding: Id,
    },
}

/// Reads an entry; `None` when it says nothing about the danger: a retired rule
/// ends its finding, and the water stands where it stood.
///
/// # Errors
/// [`Error::Internal`] for a finding that is at home in no region: nobody could be told.
pub(crate) fn happened(entry: &Entry) -> Result<Option<Happened>> {
    let finding = entry.header.subject;
    Ok(match host::fact::read::<FindingFact>(entry) {
        None => None,
        // What is past calls nobody, and neither does what is shelved.
        Some(FindingFact::Raised(raised)) if raised.late || raised.shelved => None,
        Some(FindingFact::Raised(raised) | FindingFact::Unshelved(Unshelved { raised })) => {
            let region = entry.header.region.clone();
            let nowhere = || Error::Internal(format!("finding {finding} is in no region"));
            Some(Happened::Raised(evidence(finding, region.ok_or_else(nowhere)?, raised)))
        }
        Some(FindingFact::Cleared(cleared)) => match cleared.because {
            Because::Back | Because::Revised => Some(Happened::Cleared { finding }),
            Because::Retired => None,
        },
    })
}

/// The finding that is over by this entry, for whatever reason.
pub(crate) fn over(entry: &Entry) -> Option<Id> {
    let cleared = matches!(host::fact::read(entry), Some(FindingFact::Cleared(_)));
    cleared.then_some(entry.header.subject)
}

/// Whether a finding still stands.
pub(crate) fn is_active(db: &mut dyn Read, finding: Id) -> Result<bool> {
    match assess::finding::load(db, &Scope::Node, finding.into()) {
        Ok(found) => Ok(found.state == assess::finding::State::Active),
        Err(host::Error::NotFound { .. }) => Ok(false),
        Err(error) => Err(error),
    }
}

fn evidence(finding: Id, region: AdminCode, raised: Raised) -> Evidence {
    let measured = measured(&raised);
    Evidence {
        finding,
        region,
        station: raised.station.map(Id::from),
        station_name: raised.station_name,
        point: raised.point,
        hazard: raised.hazard,
        level: raised.level,
        onset: raised.onset,
        measured,
        basis: format!("{} v{}", raised.rule.name, raised.rule.version),
        earlier: raised.shaken.and_then(|shaken| shaken.earlier).map(Id::from),
    }
}

/// `08:05 水位 264.03 m，达到或超过保证水位 264.00 m（连续 2 次）`.
fn measured(raised: &Raised) -> String {
    if let Some(shaken) = &raised.shaken {
        return shaken.words.clone();
    }
    let quantity = raised.quantity;
    let rule = &raised.rule;
    let last = raised.values.last().map_or(String::new(), |last| {
        let (_, [hour, minute, _]) = last.time.beijing_fields();
        format!(
            "{hour:02}:{minute:02} {} {} {}，",
            quantity.word(),
            quantity.show(last.value),
            quantity.unit()
        )
    });
    let over = raised.values.last().and_then(|last| last.over).map_or(String::new(), |over| {
        let measured = words::number(&rule.measure, over.value, quantity);
        format!("{} {measured}，", words::subject(&rule.measure, quantity))
    });
    let crossed = match rule.comparison {
        assess::rule::Comparison::AtOrAbove => "达到或超过",
        assess::rule::Comparison::AtOrBelow => "达到或低于",
    };
    let times =
        if 1 < rule.times { format!("（连续 {} 次）", rule.times) } else { String::new() };
    format!(
        "{last}{over}{crossed}{} {}{times}",
        rule.line_word,
        words::number(&rule.measure, rule.threshold, quantity)
    )
}
