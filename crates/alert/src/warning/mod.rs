//! Warnings: what we tell the public, who signed it, and when we stop telling it.
//!
//! In: `finding.raised`, `finding.cleared`, and drafts from duty officers.
//! Out: `warning.proposed`, `.joined`, `.edited`, `.reviewed`, `.returned`, `.issued`,
//! `.reviewed_afterwards`, `.review_missed`, `.extended`, `.lifted`, `.expired`,
//! `.discarded`, `.danger_passed`, `.superseded`.
//! Tables: `warning`, `warning_reach`, `warning_finding`, `warning_number`. Screens: `ui/src/alert/warning`.
//! Source: 突发事件应对法 (2024) art. 63, 64, 66, 67, 70; DESIGN §4.

mod act;
mod apply;
mod content;
mod fact;
mod jobs;
mod model;
mod react;
mod routes;
mod status;
mod store;
mod view;

pub use content::{Content, MEASURES, Measure};
pub use fact::{
    DangerPassed, Discarded, Edited, Expired, Extended, Issued, Joined, Lifted, Proposed, Returned,
    ReviewMissed, Reviewed, ReviewedAfterwards, Superseded, UrgentIssue, WarningFact,
};
pub use model::{Action, Signature, Urgent, Warning};
pub use status::Status;
pub use store::{load, open};
pub use view::allowed;

pub(crate) use jobs::jobs;
pub(crate) use react::reaction;
pub(crate) use routes::routes;
pub(crate) use store::reach;
pub(crate) use view::region_name;

use host::{Permission, Slice, Table};

base::typed_id!(WarningId, "A warning.");
host::db_id!(WarningId);

pub const READ: Permission = Permission::new("warning.read", "查看预警");
pub const DRAFT: Permission = Permission::new("warning.draft", "起草预警");
pub const REVIEW: Permission = Permission::new("warning.review", "审核预警");
pub const ISSUE: Permission = Permission::new("warning.issue", "签发预警");
pub const ISSUE_URGENTLY: Permission = Permission::new("warning.issue_urgently", "紧急签发");
pub const LIFT: Permission = Permission::new("warning.lift", "解除与延期");

const TABLES: &[Table] = &[
    Table::subjects("warning"),
    Table::facts("warning_reach"),
    Table::facts("warning_finding"),
    Table::facts("warning_number"),
];

pub(crate) fn slice() -> Slice {
    Slice::new::<WarningFact>("warning", 2, TABLES, READ, apply::apply, fact::summary)
}

#[cfg(test)]
mod tests;
