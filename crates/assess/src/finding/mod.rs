//! Findings: that readings met a rule's condition, and that they no longer do.
//!
//! In: outcomes of the engine; `rule.retired`.
//! Out: `finding.raised`, `finding.cleared`. A finding's id is the correlation of
//! all that follows from it; its key is (rule, sensor, onset), so the same
//! readings judged again make no second one.
//! Tables: `finding`. Screens: `ui/src/assess/finding`.

mod apply;
mod decide;
mod fact;
mod model;
mod react;
mod routes;
mod store;

use host::{Permission, Slice, Table};

pub(crate) use decide::{clear, raise};
pub use fact::{Because, Cleared, FindingFact, Raised, RuleRef, Value};
pub use model::{Finding, Peak, State};
pub(crate) use react::reactions;
pub(crate) use routes::routes;
pub(crate) use store::judged;
pub use store::{Wanted, list, load};

pub const READ: Permission = Permission::new("finding.read", "查看判定");

base::typed_id!(FindingId, "A finding, and the thread of all that follows from it.");
host::db_id!(FindingId);

const TABLES: &[Table] = &[Table::subjects("finding")];

pub(crate) fn slice() -> Slice {
    Slice::new::<FindingFact>("finding", 2, TABLES, READ, apply::apply, fact::summary)
}
