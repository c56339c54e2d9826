//! Incidents: what has happened, handled in one place and remembered in one line.
//!
//! In: a warning that an officer turns into an incident, or a call taken down.
//! Out: `incident.opened`, `.noted`, `.closed`; the readings around it are held (`hold`).
//! Tables: `incident`, `incident_reach`. Screens: `ui/src/respond/incident`.
//! Source: mockup 06; 突发事件应对法 (2024) art. 94: records are kept complete.

mod apply;
mod fact;
mod hold;
mod model;
mod open;
mod routes;
mod store;
mod timeline;
mod warning;

use host::{Permission, Slice, Table};

pub use fact::{Casualties, Closed, IncidentFact, Noted, Opened, Source};
pub use model::{CallerShown, Incident, IncidentId, IncidentState};
pub use store::{ended_since, list, load, see};
pub use timeline::TimelineItem;

pub(crate) use hold::job;
pub(crate) use open::{Opening, Origin, open};
pub(crate) use routes::routes;
pub(crate) use store::{Wanted, is_open};

pub const READ: Permission = Permission::new("incident.read", "查看事件");
pub const OPEN: Permission = Permission::new("incident.open", "立事件");
pub const NOTE: Permission = Permission::new("incident.note", "记事件时间线");
pub const CLOSE: Permission = Permission::new("incident.close", "结束事件");

const TABLES: &[Table] = &[Table::subjects("incident"), Table::facts("incident_reach")];

pub(crate) fn slice() -> Slice {
    Slice::new::<IncidentFact>("incident", 1, TABLES, READ, apply::apply, fact::summary)
}
