//! Risk notices: what the supervising duty desk is told at once, without asking anybody.
//!
//! In: `finding.raised`.
//! Out: `notice.sent`, `.acknowledged`, `.overdue`.
//! Tables: `notice`, `notice_number`. Screens: `ui/src/alert/notice`.
//! Source: DESIGN §4; the deadlines are ours, see [`model::DEADLINES`].

mod apply;
mod fact;
mod jobs;
mod model;
mod react;
mod routes;
mod store;

pub use fact::{Acknowledged, NoticeFact, Overdue, Sent};
pub use model::{Notice, State};
pub use store::{load, open};

pub(crate) use jobs::jobs;
pub(crate) use react::reaction;
pub(crate) use routes::routes;

use host::{Permission, Slice, Table};

base::typed_id!(NoticeId, "A risk notice.");
host::db_id!(NoticeId);

pub const READ: Permission = Permission::new("notice.read", "查看风险通知");
pub const ACKNOWLEDGE: Permission = Permission::new("notice.acknowledge", "签收风险通知");

const TABLES: &[Table] = &[Table::subjects("notice"), Table::facts("notice_number")];

pub(crate) fn slice() -> Slice {
    Slice::new::<NoticeFact>("notice", 3, TABLES, READ, apply::apply, fact::summary)
}

#[cfg(test)]
mod tests;
