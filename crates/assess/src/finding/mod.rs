//! Findings: that readings met a rule's condition, and that they no longer do.
//!
//! In: outcomes of the engine; what an earthquake shook; `rule.retired`, `rule.unshelved`.
//! Out: `finding.raised`, `.cleared`, `.unshelved`. A finding's id is the correlation of
//! all that follows from it; its key is (rule, sensor, onset), so the same
//! readings judged again make no second one.
//! Tables: `finding`. Screens: `ui/src/assess/finding`.

mod apply;
mod decide;
mod fact;
mod model;
mod react;
mod routes;
mod shaken;
mod store;

use host::{Permission, Slice, Table};

pub(crate) use decide::{clear, miss, raise};
pub use fact::{Because, Cleared, FindingFact, Raised, RuleRef, Shaken, Unshelved, Value};
pub use model::{Finding, Peak, State};
pub(crate) use react::reactions;
pub(crate) use routes::routes;
pub(crate) use shaken::{NewShaken, clear_shaken, raise_shaken, standing_shaken};
pub use store::{Wanted, list, load};
pub(crate) use store::{between, judged};

pub const READ: Permission = Permission::new("finding.read", "查看判定");

base::typed_id!(FindingId, "A finding, and the thread of all that follows from it.");
host::db_id!(FindingId);

const TABLES: &[Table] = &[Table::subjects("finding")];

pub(crate) fn slice() -> Slice {
    Slice::new::<FindingFact>("finding", 3, TABLES, READ, apply::apply, fact::summary)
}
