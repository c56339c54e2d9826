//! Opens an incident, from a warning or from a call.

use base::{AdminCode, Hazard, Id, Level, Point, Timestamp};
use host::{Home, Record, Result, Scope, Tx};

use super::fact::{Casualties, IncidentFact, Opened, Source};
use super::model::{Incident, IncidentId};
use super::{hold, store};

/// What an incident begins with.
#[derive(Debug)]
pub(crate) struct Opening {
    pub title: String,
    pub detail: Option<String>,
    pub hazard: Hazard,
    pub level: Option<Level>,
    pub region: AdminCode,
    pub point: Option<Point>,
    /// In words; the region's name when it is empty.
    pub place: String,
    pub casualties: Option<Casualties>,
    pub origin: Origin,
}

/// What an incident begins from.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Origin {
    /// It goes on with the warning's thread.
    Warning { warning: Id },
    /// It begins a thread of its own. `known`: when the call came, which is when
    /// the clocks of reporting start.
    Call { intake: Id, known: Timestamp },
}

/// Records the incident, if it is at home within `scope`; `node` is the name of this node
/// in the log.
pub(crate) fn open(
    tx: &mut Tx<'_>,
    scope: &Scope,
    node: &str,
    opening: Opening,
) -> Result<Incident> {
    // What a warning leads to is at home where the warning is.
    let home = match opening.origin {
        Origin::Warning { warning } => tx.home_of(warning)?,
        Origin::Call { .. } => Home::node(),
    };
    let home = Home { region: Some(opening.region.clone()), ..home };
    scope.require(tx, &home)?;
    let day = BeijingDay::of(tx.now());
    let serial = store::next_serial(tx, node, &day.date)?;
    let region = atlas::region::find(tx, &opening.region)?;
    let region_name = region.map_or(opening.region.to_string(), |region| region.name);
    let place = if opening.place.is_empty() { region_name.clone() } else { opening.place };
    let id = IncidentId(tx.new_id());
    let source = match opening.origin {
        Origin::Warning { warning } => Source::Warning { warning },
        Origin::Call { intake, .. } => Source::Call { intake },
    };
    let opened = Opened {
        number: format!("E-{}-{serial:02}", day.month_day),
        day: day.date,
        serial,
        title: opening.title,
        detail: opening.detail,
        hazard: opening.hazard,
        level: opening.level,
        region_name,
        point: opening.point,
        place,
        source,
        by: tx.actor_name().map(str::to_owned),
        casualties: opening.casualties,
    };
    let record = Record::first(id, home, IncidentFact::Opened(opened));
    tx.record(match opening.origin {
        Origin::Warning { warning } => record.follows(warning),
        Origin::Call { known, .. } => record.known(known),
    })?;
    let incident = store::load(tx, scope, id)?;
    hold::begin(tx, &incident)?;
    Ok(incident)
}

struct BeijingDay {
    /// `2026-08-03`
    date: String,
    /// `0803`
    month_day: String,
}

impl BeijingDay {
    fn of(moment: Timestamp) -> BeijingDay {
        let ([year, month, day], _) = moment.beijing_fields();
        BeijingDay {
            date: format!("{year:04}-{month:02}-{day:02}"),
            month_day: format!("{month:02}{day:02}"),
        }
    }
}
