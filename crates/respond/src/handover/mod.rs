//! Handovers 交接班: the sheet by which a duty desk changes hands.
//!
//! In: who hands over and who takes over; what is open comes from the duty desk and from
//! the silences of `assess`.
//! Out: `handover.begun`, `.drafted`, `.signed`, `.returned`, `.withdrawn`, `.received`; what
//! passes to somebody is `duty.claimed`, as when they take it themselves.
//! Tables: `handover`. Screens: `ui/src/respond/handover`.
//! Source: research notes §2.1; ADR 44; what is critical is ours (`defaults.json`).
//!
//! There is no roster yet: a shift lasts from the last hand-over of the desk to this one,
//! and a desk is a region with the unit of who hands over.

mod model;
mod rule;

mod fact;
mod gather;
mod store;

mod act;
mod routes;

use host::{Permission, Slice, Table};

pub use fact::{Begun, Drafted, HandoverFact, Received, Returned, Signed, Withdrawn};
pub use model::{Handover, HandoverId, Line, LineKind, Sheet, State, Watch};

pub(crate) use routes::routes;
pub(crate) use store::watch;

pub const READ: Permission = Permission::new("handover.read", "查看交接班");
pub const WRITE: Permission = Permission::new("handover.write", "交班与接班");

const TABLES: &[Table] = &[Table::subjects("handover")];

pub(crate) fn slice() -> Slice {
    Slice::new::<HandoverFact>("handover", 1, TABLES, READ, fact::apply, fact::summary)
}
