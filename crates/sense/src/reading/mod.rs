//! Readings: numbers of sensors at their times, as people see them.
//!
//! In: the series that `intake` fills. Out: the live screens, once a second.
//! Tables: none; readings are no rows. Screens: `ui/src/sense/sensor`.

mod record;

mod live;
mod record_routes;
mod routes;

pub(crate) use live::tap;
pub(crate) use routes::routes;
