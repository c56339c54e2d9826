//! What this stage asks of `sense`: where a sensor stands, and the frame of a reading.

use base::{Point, Quantity, Timestamp};
use host::{Error, Read, Result, Scope, World};

pub use sense::station::{SensorId, StationId};

/// A sensor and where it stands.
#[derive(Debug, Clone)]
pub(crate) struct Site {
    pub station: StationId,
    pub station_name: String,
    pub point: Option<Point>,
    pub quantity: Quantity,
}

/// # Errors
/// [`Error::NotFound`], also for a sensor outside the scope.
pub(crate) fn site(db: &mut dyn Read, scope: &Scope, sensor: SensorId) -> Result<Site> {
    let sensor = sense::station::load_sensor(db, scope, sensor)?;
    let station = sense::station::load(db, scope, sensor.station)?;
    Ok(Site {
        station: station.id,
        station_name: station.name,
        point: station.point,
        quantity: sensor.quantity,
    })
}

/// The site of a sensor, whoever asks; `None` when it is not in the register.
pub(crate) fn find_site(db: &mut dyn Read, sensor: SensorId) -> Result<Option<Site>> {
    match site(db, &Scope::Node, sensor) {
        Ok(site) => Ok(Some(site)),
        Err(Error::NotFound { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The frame that brought a reading, when it is still among the station's newest.
pub(crate) fn frame_of(world: &World, station: StationId, received: Timestamp) -> Option<String> {
    sense::station::frame_of(world, station, received).map(|document| document.hash)
}
