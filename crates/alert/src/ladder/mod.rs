//! Ladders 叫应名单: who is told of which levels in a region, in which order, how long
//! each step waits for an answer.
//!
//! In: whoever draws them.
//! Out: `ladder.drawn`, `.changed`, `.retired`.
//! Tables: `ladder`. Screens: `ui/src/alert/ladder`.
//! Source: ADR 42; what a new one starts with is ours (`default.json`).
//!
//! Where a region has none for a level, that of the nearest region above it holds.

mod fact;
mod model;
mod store;

mod change;
mod routes;

pub use fact::{Changed, Drawn, LadderFact, Retired};
pub use model::{Channel, Plan, Step};
pub use store::{Ladder, holding, load};

pub(crate) use fact::slice;
pub(crate) use routes::routes;

use host::Permission;

base::typed_id!(LadderId, "A ladder: who is told in a region, step by step.");
host::db_id!(LadderId);

pub const READ: Permission = Permission::new("ladder.read", "查看叫应名单");
pub const MANAGE: Permission = Permission::new("ladder.manage", "编制叫应名单");

#[cfg(test)]
mod tests;
