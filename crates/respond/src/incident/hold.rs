//! The readings around an incident are held while it is open, and for its review after:
//! those of its division, and of the station behind its warning. The only place of this
//! slice that knows `sense`.

use base::{Duration, Timestamp};
use host::job::waiting;
use host::{Due, Job, Read, Result, Scope, Tx};
use sense::StationId;
use sense::retention::{self, Extent, Placed, margins};

use super::model::{Incident, IncidentId};
use super::{store, warning};

/// Holds what an incident is about, from before it was opened.
pub(super) fn begin(tx: &mut Tx<'_>, incident: &Incident) -> Result<()> {
    let before = Duration::from_hours(i64::from(margins().before_hours));
    let extent = Extent {
        regions: vec![incident.region.clone()],
        // It may lie in another division than the incident.
        stations: warning::station(tx, incident.warning)?.map(StationId).into_iter().collect(),
        sensors: Vec::new(),
    };
    let placed = Placed {
        name: format!("{} {}", incident.number, incident.title),
        reason: "事件处置期间自动冻结".to_owned(),
        from: incident.opened_at - before,
        to: None,
        extent,
        about: Some(incident.id.into()),
        release_at: None,
        by: None,
    };
    retention::place(tx, incident.home.clone(), placed).map(|_| ())
}

/// Says where the range ends of an incident that ends now.
pub(super) fn limit(tx: &mut Tx<'_>, incident: IncidentId, closed: Timestamp) -> Result<()> {
    let margins = margins();
    let to = closed + Duration::from_hours(i64::from(margins.after_hours));
    let release_at = to + Duration::from_hours(24 * i64::from(margins.keep_days));
    retention::limit(tx, incident.into(), to, Some(release_at))
}

const HOLD: &str = "incident.hold";

/// Holds for incidents that were opened by a program that held nothing.
pub(crate) fn job() -> Job {
    Job { name: HOLD, next, run }
}

fn next(db: &mut dyn Read) -> Result<Option<Due>> {
    let sql = format!(
        "select opened_at as at, id from incident where state = 'open' and not exists \
         (select 1 from reading_hold where reading_hold.about = incident.id) and {} \
         order by opened_at, id limit 1",
        waiting(HOLD, "incident")
    );
    Due::first(db, &sql)
}

fn run(tx: &mut Tx<'_>, due: &Due) -> Result<()> {
    let incident = store::load(tx, &Scope::Node, due.subject.into())?;
    begin(tx, &incident)
}
