//! Retention: for how long readings are kept, what is held longer, and what went.
//!
//! In: the register, whose sensors get their class by `classes.json` or by what a person
//! has set (`station.retention_set`); holds, by a person or by a later stage for what it
//! handles ([`place`]).
//! Out: `hold.placed`, `.limited`, `.ended`; into the trail `reading.let_go`.
//! Tables: `reading_hold`; working state `retention_run`. Screens: `ui/src/sense/retention`.
//! Source: `classes.json` (sources there); decision in ADR 0033.
//!
//! The store drops and holds; what it does so by is written here into it. Only the node's
//! own world is kept so: a drill has a day of readings, and a look into the past none.

mod definition;

mod fact;
mod store;

mod hold;

mod keeper;
mod run;

mod routes;

pub use definition::{IncidentMargins, RetentionSet};
pub use fact::{Ended, Extent, HoldFact, HoldId, Limited, Placed};
pub use hold::{limit, place};
pub use keeper::Keeper;
pub use run::{Gone, Run, RunState, last_run};

pub(crate) use fact::slice;
pub(crate) use hold::job;
pub(crate) use keeper::start;
pub(crate) use routes::routes;
pub(crate) use run::notes;

use host::Permission;

pub const READ: Permission = Permission::new("retention.read", "查看数据保存");
pub const SET: Permission = Permission::new("retention.set", "设定测点数据保存期限");
pub const HOLD: Permission = Permission::new("retention.hold", "冻结与解冻监测数据");

/// How far around an incident readings are held, and for how long after it.
pub fn margins() -> &'static IncidentMargins {
    &definition::Definitions::all().incident
}
