//! Atlas: where things are, and when people work. Regions and who reports to whom; the
//! calendar of working days; layers of the map.
//!
//! Not here: the position of any station, warning or incident; each slice keeps
//! its own and gives the map a layer in the UI.

pub mod calendar;
pub mod region;

mod layer;
mod pack;

pub use region::{Region, RegionFact, seed};

/// What this bank gives to the binary.
pub fn part() -> host::Part {
    host::Part {
        name: "atlas",
        slices: vec![region::slice(), calendar::slice()],
        registers: vec![region::register_of_regions()],
        routes: region::routes().merge(calendar::routes()).merge(layer::routes()),
        permissions: vec![region::READ, host::scope::MANAGE_ATLAS],
        ..host::Part::default()
    }
}
