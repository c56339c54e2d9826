//! Received warnings: those of the authorities for weather, floods, geology and others, as
//! they came. They are shown with the name of who issued them, and never issued by us.
//!
//! In: messages of CAP and feeds of them, brought by a person or another system.
//! Out: `received.taken`, `.expired`; `received_reject.refused`.
//! Tables: `received`, `received_reach`, `received_reference`; `received_reject`.
//! Screens: `ui/src/alert/received`.
//! Source: OASIS CAP 1.2; 气象法 art. 22, 气象灾害防御条例 art. 30; decision in ADR 40.

mod apply;
mod fact;
mod jobs;
mod model;
mod routes;
mod store;
mod take;
mod view;

use host::{Permission, Slice, Table};

pub use fact::{Expired, ReceivedFact, Refused, RejectFact, Taken};

pub(crate) use jobs::jobs;
pub(crate) use routes::routes;
pub(crate) use store::{passed, passed_on};
pub(crate) use take::original;

base::typed_id!(ReceivedId, "A message that was received, or what came and was none.");
host::db_id!(ReceivedId);

pub const READ: Permission = Permission::new("received.read", "查看接收的预警");
pub const TAKE: Permission = Permission::new("received.take", "录入外部预警");

const TABLES: &[Table] = &[
    Table::subjects("received"),
    Table::facts("received_reach"),
    Table::facts("received_reference"),
];

pub(crate) fn slice() -> Slice {
    Slice::new::<ReceivedFact>("received", 1, TABLES, READ, apply::apply, fact::summary)
}

/// What came and was no message: a slice of its own, since it reaches nobody further.
pub(crate) fn slice_of_rejects() -> Slice {
    const TABLES: &[Table] = &[Table::subjects("received_reject")];
    let (apply, summary) = (apply::refuse, fact::summary_of_reject);
    Slice::new::<RejectFact>("received_reject", 1, TABLES, READ, apply, summary)
}

#[cfg(test)]
mod tests;
