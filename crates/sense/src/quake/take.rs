//! A report on its way into the register: what it changes becomes facts.

use base::place::Tier;
use base::{AdminCode, Date, Point, Timestamp};
use host::home::Class;
use host::{Error, Home, Read, Record, Result, Tx};
use science::earthquake::Windows;

use super::fact::{EarthquakeFact, Gathering, Merged, Reported, Revised, Withdrawn};
use super::gather::{Goes, Group, Known, Outcome, gather};
use super::model::{EarthquakeId, Report, ReportId};
use super::store;

/// What came of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Taken {
    /// It is new; of this earthquake.
    New(EarthquakeId),
    /// It was there.
    Known(EarthquakeId),
}

impl Taken {
    pub fn earthquake(self) -> EarthquakeId {
        let (Taken::New(earthquake) | Taken::Known(earthquake)) = self;
        earthquake
    }
}

/// Takes one report: the same a second time changes nothing.
///
/// - `received`: when it came.
///
/// # Errors
/// [`Error::Conflict`] `too-many-reports` for a flood.
pub(super) fn take(tx: &mut Tx<'_>, report: Report, received: Timestamp) -> Result<Taken> {
    let id = report.id();
    if let Some(of) = store::of_report(tx, id)? {
        return Ok(Taken::Known(of));
    }
    let component = store::component(tx, report)?;
    let (ids, known): (Vec<ReportId>, Vec<Known>) = component.into_iter().unzip();
    let windows = Windows::shipped();
    let outcomes = gather(&windows, &known)
        .map_err(|flood| Error::conflict("too-many-reports", flood.to_string()))?;
    let look = Look { ids: &ids, known: &known, windows: &windows.version, received };
    let new: Vec<EarthquakeId> = outcomes.iter().map(|_| EarthquakeId(tx.new_id())).collect();
    let mut of_it = None;
    for (at, outcome) in outcomes.iter().enumerate() {
        let (earthquake, record) = match outcome {
            Outcome::New(group) => {
                let gathering = look.gathering(group, &[]);
                let home = home_of(tx, gathering.shown.point)?;
                let fact = EarthquakeFact::from(Reported(gathering));
                (new[at], Record::first(new[at], home, fact))
            }
            Outcome::Changed { earthquake, group, left } => {
                let gathering = look.gathering(group, left);
                let fact = match gathering.believed {
                    Some(_) => EarthquakeFact::from(Revised(gathering)),
                    None => EarthquakeFact::from(Withdrawn(gathering)),
                };
                (*earthquake, Record::next(*earthquake, fact))
            }
            Outcome::Merged { earthquake, into, left } => {
                let into = match into {
                    Goes::Known(other) => *other,
                    Goes::New(at) => new[*at],
                };
                let shown = known[*left.last().unwrap_or(&0)].report.clone();
                let merged = Merged { into, left: look.ids(left), shown };
                (*earthquake, Record::next(*earthquake, EarthquakeFact::from(merged)))
            }
        };
        if let Outcome::New(group) | Outcome::Changed { group, .. } = outcome
            && group.came.iter().any(|index| ids[*index] == id)
        {
            of_it = Some(earthquake);
        }
        let basis = format!("地震报告归并 {}", windows.version);
        tx.record(record.basis(basis).occurred(look.quaked(outcome)).known(received))?;
    }
    of_it
        .map(Taken::New)
        .ok_or_else(|| Error::Internal("a report came to no earthquake".to_owned()))
}

struct Look<'a> {
    ids: &'a [ReportId],
    known: &'a [Known],
    windows: &'a str,
    received: Timestamp,
}

impl Look<'_> {
    fn ids(&self, indexes: &[usize]) -> Vec<ReportId> {
        indexes.iter().map(|index| self.ids[*index]).collect()
    }

    fn gathering(&self, group: &Group, left: &[usize]) -> Gathering {
        Gathering {
            came: group.came.iter().map(|index| self.known[*index].report.clone()).collect(),
            left: self.ids(left),
            believed: group.believed.map(|index| self.ids[index]),
            shown: self.known[group.shown].report.clone(),
            windows: self.windows.to_owned(),
        }
    }

    /// When the earth quaked, as the log has it.
    fn quaked(&self, outcome: &Outcome) -> Timestamp {
        match outcome {
            Outcome::New(group) | Outcome::Changed { group, .. } => {
                self.known[group.shown].report.time
            }
            Outcome::Merged { left, .. } => {
                left.last().map_or(self.received, |index| self.known[*index].report.time)
            }
        }
    }
}

/// Where an earthquake is at home: the county that its epicentre lies in, else the top of
/// the register. It reaches every county: what the ground does is no secret of one.
pub(super) fn home_of(tx: &mut Tx<'_>, point: Point) -> Result<Home> {
    let today = Date::of(tx.now());
    let held = atlas::region::grounds(tx, today)?.into_iter().find(|it| it.holds(point));
    let regions = atlas::region::list(tx, None, false)?;
    let top = regions.iter().find(|it| it.parent.is_none()).map(|it| it.code.clone());
    let Some(region) = held.map(|it| it.code).or(top) else { return Ok(Home::node()) };
    let reach: Vec<AdminCode> = regions
        .into_iter()
        .filter(|it| it.tier == Tier::County && it.code != region)
        .map(|it| it.code)
        .collect();
    Ok(Home::region(region).class(Class::Public).reach(reach))
}

/// A box round all regions of the register; `None` where no box is known.
pub(super) fn around(db: &mut dyn Read) -> Result<Option<[f64; 4]>> {
    let boxes = atlas::region::list(db, None, false)?.into_iter().filter_map(|it| it.bbox);
    Ok(boxes.reduce(|one, other| {
        [one[0].min(other[0]), one[1].min(other[1]), one[2].max(other[2]), one[3].max(other[3])]
    }))
}
