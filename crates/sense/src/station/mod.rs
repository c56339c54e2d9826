//! Stations: what stands outside and reports, and the sensors it carries.
//!
//! In: registration by hand, or out of the waiting room.
//! Out: `station.registered`, `.changed`, `.placed`, `.key_issued`, `.key_ended`,
//! `.relayed`, `.checks_set`, `.silence_set`, `.retention_set`, and those of [`command`].
//! Tables: `station`, `sensor`, `station_key`, `station_command`, `station_relay`; working
//! state `station_secret` (the keys themselves), `station_contact`, `station_clock`,
//! `listening`.
//! Screens: `ui/src/sense/station`.
//! Source: SL 651-2014, annex A (classes).
//!
//! Not here: the level of a station. It is its highest active finding, which is
//! `assess`'s to say; screens join `/api/findings`.

mod class;
mod line;
mod model;

mod details;

mod apply;
mod fact;

mod clock;
mod contact;
mod key;
mod patience;
mod place;
mod relay;
mod store;
mod told;

pub mod command;
mod silence;

mod import;
mod sensor_import;

mod routes;
mod view;

pub use class::Class;
pub(crate) use clock::{ClockSample, ClockView, save as save_clocks};
pub use command::{AskState, CommandId, SendCommand};
pub use contact::{Contact, save as save_contacts};
pub use fact::{
    Answered, AskChanged, Asked, Changed, ChecksSet, KeyEnded, KeyIssued, Mended, Placed,
    Registered, Relayed, SensorDefinition, SilenceSet, StationFact,
};
pub use key::{KeyId, KeyNote, KeyRead};
pub use line::{Line, Status};
pub use model::{Mapping, Sensor, SensorId, Station, StationId};
pub use patience::{Patience, RHYTHM_OF, rhythm};
pub use silence::{Heard, Watched, heard, listen, listening_since, watched};
pub use store::{Wanted, find_by_code, list, load, load_sensor, sensor, sensors_within};

pub(crate) use details::{MOST_AT_ONCE, MOST_SENSORS, StationDetails};
pub(crate) use fact::slice;
pub(crate) use import::register_of_stations;
pub(crate) use key::{Secret, notes, secrets};
pub(crate) use place::check_site;
pub(crate) use routes::{register_in, routes, sensor_view, view};
pub(crate) use sensor_import::register_of_sensors;
pub(crate) use store::changed_since;
pub(crate) use told::{Told, told};
pub(crate) use view::{OmissionView, SensorView, StationView};

use host::Permission;

pub const READ: Permission = Permission::new("station.read", "查看测站");
pub const REGISTER: Permission = Permission::new("station.register", "登记测站");

use base::Timestamp;
use host::World;
use host::document::DocumentRef;

/// The raw frame that a station's reading came in, by when it was received: the
/// `received` of the series batch is that of the frame.
///
/// `None` when the frame is no longer among the station's newest 64.
pub fn frame_of(world: &World, station: StationId, received: Timestamp) -> Option<DocumentRef> {
    let recent = world.documents().recent(station.into(), 64);
    recent.into_iter().find(|(at, _)| *at == received).map(|(_, document)| document)
}
