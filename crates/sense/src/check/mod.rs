//! Quality checks: what makes a reading doubtful, as data, and the flags that follow.
//!
//! In: readings out of the log of the series, in the order they came; the checks of
//! each sensor, which are its quantity's (`definitions.json`) and what a person has set
//! for it (`station.checks_set`).
//! Out: the same readings with another quality, and which checks they failed, in a
//! series beside each sensor's own. Nothing is deleted and no value changes; and since a
//! reading is stored and judged by the rules before it is checked, no check can keep an
//! alarm from anybody (ADR 30).
//! Tables: none of its own; `sensor.checks` is `station`'s.
//! Screens: the record of a sensor, `ui/src/sense/station`; what is checked of it,
//! `ui/src/sense/check`.

mod definition;
mod setting;

mod track;
mod watch;

mod flags;

mod preview;
mod routes;

pub use definition::{Check, Neighbours, Spike, Step, Stuck};
pub use setting::Settings;
pub use watch::Checks;

pub(crate) use flags::{Flag, flags_between, flags_of};
pub(crate) use routes::routes;
pub(crate) use watch::start;
