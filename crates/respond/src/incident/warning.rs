//! What an incident takes over from a warning: the only place of this slice that
//! knows `alert`.

use alert::WarningId;
use base::{AdminCode, Hazard, Id, Level, Point};
use host::{Error, Read, Result, Scope};

/// A warning, as far as an incident begins with it.
pub(super) struct Warning {
    pub title: String,
    pub hazard: Hazard,
    pub level: Level,
    pub region: AdminCode,
    /// The station's name; empty when no station stands behind it.
    pub place: String,
    pub point: Option<Point>,
    /// In force, or on its way there: a leak does not wait for the signature.
    pub in_hand: bool,
}

pub(super) fn load(db: &mut dyn Read, scope: &Scope, id: Id) -> Result<Warning> {
    let warning = alert::warning::load(db, scope, WarningId(id))?;
    Ok(Warning {
        in_hand: warning.status.is_open(),
        title: warning.title,
        hazard: warning.hazard,
        level: warning.level,
        region: warning.region,
        place: warning.station_name.unwrap_or_default(),
        point: warning.point,
    })
}

/// The station behind a warning, whoever asks; `None` when there is none of either.
pub(super) fn station(db: &mut dyn Read, warning: Option<Id>) -> Result<Option<Id>> {
    let Some(warning) = warning else { return Ok(None) };
    match alert::warning::load(db, &Scope::Node, WarningId(warning)) {
        Ok(warning) => Ok(warning.station),
        Err(Error::NotFound { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}
