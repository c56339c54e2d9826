//! Risk notices: what the supervising duty desk and the enterprise are told at once,
//! without asking anybody.
//!
//! In: `finding.raised`, `.unshelved`, `.cleared`.
//! Out: `notice.sent`, `.acknowledged`, `.overdue`, `.escalated`, `.checked`, `.closed`.
//! Tables: `notice`, `notice_reach`, `notice_number`, `notice_check`, `notice_escalation`.
//! Screens: `ui/src/alert/notice`.
//! Source: DESIGN §4, ADR 43; the limits are ours, see [`limit::LIMITS`].

mod apply;
mod fact;
mod jobs;
pub mod limit;
mod model;
mod react;
mod routes;
mod store;

pub use fact::{Acknowledged, Checked, Closed, Escalated, NoticeFact, Overdue, Sent};
pub use limit::Step;
pub use model::{Check, Escalation, Notice, Side, State, Verdict, Verification};
pub use store::{load, open};

pub(crate) use jobs::jobs;
pub(crate) use react::{closing, reaction};
pub(crate) use routes::routes;

use host::{Caller, Permission, Scope, Slice, Table};

base::typed_id!(NoticeId, "A risk notice.");
host::db_id!(NoticeId);

pub const READ: Permission = Permission::new("notice.read", "查看风险通知");
/// Over a region alone: over an organisation nobody takes what supervises it.
pub const ACKNOWLEDGE: Permission = Permission::new("notice.acknowledge", "签收、核实风险通知");
/// A word on what is about one's own, of who does not supervise it: an enterprise's.
pub const FEEDBACK: Permission = Permission::new("notice.feedback", "反馈风险通知");

const TABLES: &[Table] = &[
    Table::subjects("notice"),
    Table::facts("notice_reach"),
    Table::facts("notice_number"),
    Table::facts("notice_check"),
    Table::facts("notice_escalation"),
];

pub(crate) fn slice() -> Slice {
    Slice::new::<NoticeFact>("notice", 4, TABLES, READ, apply::apply, fact::summary)
}

/// How far the caller stands at a duty desk: where [`ACKNOWLEDGE`] is held over regions.
/// `None` for one who holds it nowhere, or over an organisation only.
pub fn desk_of(caller: &Caller) -> Option<Scope> {
    match caller.scope(ACKNOWLEDGE).ok()? {
        Scope::Node => Some(Scope::Node),
        Scope::Within(grounds) => {
            let at_desks =
                grounds.iter().filter(|it| matches!(it.place, host::scope::Place::Region(_)));
            let grounds: Vec<_> = at_desks.cloned().collect();
            (!grounds.is_empty()).then(|| Scope::within(grounds))
        }
    }
}

#[cfg(test)]
mod tests;
