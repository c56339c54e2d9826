//! The words everyone speaks: ids, time, units, places, hazards, levels.
//!
//! Values only. Nothing here reads a clock, a file, a socket or a database, and
//! nothing here knows a wire format; so every other crate may depend on it.

pub mod id;
pub mod time;

pub mod calendar;
pub mod date;

pub mod confidence;
pub mod hazard;
pub mod level;

pub mod datum;
pub mod mask;
pub mod place;
pub mod quantity;

pub use calendar::Calendar;
pub use confidence::Confidence;
pub use date::Date;
pub use datum::{Coordinates, Datum, Located};
pub use hazard::Hazard;
pub use id::Id;
pub use level::Level;
pub use place::{AdminCode, Point};
pub use quantity::{Quality, Quantity};
pub use time::{Duration, Timestamp};
