//! The duty desk: what is late, what needs me, who has what.
//!
//! In: the faces of `alert`, `sense` and this stage; an officer who takes an item.
//! Out: `duty.claimed`.
//! Tables: `duty_claim`. Screens: `ui/src/respond/duty`.
//! Source: mockup 01; research notes §2.1.

mod claim;
mod lines;
mod model;
mod queue;
mod routes;
mod upstream;

use host::{Permission, Slice, Table};

pub use claim::{Claimed, DutyFact};
pub use lines::LogLine;
pub use model::{Clock, ClockKind, Desk, DutyAction, Groups, Item, ItemKind};

pub(crate) use claim::record as record_claim;
pub(crate) use lines::since;
pub(crate) use queue::{Gathered, gather};
pub(crate) use routes::routes;

pub const READ: Permission = Permission::new("duty.read", "值班");

const TABLES: &[Table] = &[Table::facts("duty_claim")];

pub(crate) fn slice() -> Slice {
    Slice::new::<DutyFact>("duty", 1, TABLES, READ, claim::apply, claim::summary)
}
