//! Earthquakes: what agencies and duty officers report, gathered by the earthquake that
//! they speak of.
//!
//! In: documents (USGS GeoJSON, QuakeML, FDSN text), and reports typed in at a desk.
//! Out: `earthquake.reported`, `.revised`, `.withdrawn`, `.merged`.
//! Tables: `earthquake`, `earthquake_reach`, `earthquake_report`; `earthquake_message`,
//! working state, the newest 2 000. Screens: `ui/src/sense/quake`.
//! Source: `wire::quake`, `science::earthquake::associate`; decision in ADR 41.
//!
//! What an earthquake did is `assess::shaking`'s to say.

mod fact;
mod model;

mod gather;

mod interest;
mod read;

mod apply;
mod store;

mod take;

mod message;
mod routes;

use host::{Permission, Slice, Table};

pub use fact::{EarthquakeFact, Gathering, Merged, Reported, Revised, Withdrawn};
pub use model::{
    Earthquake, EarthquakeId, Origin, Report, ReportId, ReportView, State, TYPED, standing_code,
};
pub use read::{Format, FormatError};
pub use store::{Wanted, list, load, near, reports};

pub(crate) use message::slice as messages;
pub(crate) use routes::routes;

pub const READ: Permission = Permission::new("earthquake.read", "查看地震");
pub const REPORT: Permission = Permission::new("earthquake.report", "报入与登记地震");

const TABLES: &[Table] = &[
    Table::subjects("earthquake"),
    Table::facts("earthquake_reach"),
    Table::facts("earthquake_report"),
];

pub(crate) fn slice() -> Slice {
    Slice::new::<EarthquakeFact>("earthquake", 1, TABLES, READ, apply::apply, fact::summary)
}
