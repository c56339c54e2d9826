//! Rules: the line that a sensor's readings, or what is made of them, are held against.
//!
//! In: who proposes a rule and another person who publishes it; who shelves one for a
//! while. Every number is data with its source and how far it can be relied on; none
//! stands in the code.
//! Out: `rule.proposed`, `.published`, `.returned`, `.retired`, `.shelved`, `.unshelved`.
//! Tables: `rule`, `rule_proposal`. Screens: `ui/src/assess/rule`. ADR 39.

mod defaults;
mod dry_run;
mod fact;
mod model;
mod proposal;
mod shelving;
pub mod words;

mod apply;
mod store;

mod routes;

use host::{Lane, Permission, Record, Result, Scope, Slice, Table, Tx, World};

pub use fact::{Proposed, Published, Retired, Returned, RuleFact, Shelved, Unshelved};
pub use model::{Accepts, Comparison, Confidence, Direction, Line, Measure, NewRule, Rule, State};
pub use proposal::{Decision, Proposal};
pub(crate) use routes::routes;
pub(crate) use shelving::job;
pub use shelving::{Because, Shelving};
pub(crate) use store::{changed, in_force};
pub use store::{list, load};

use crate::station;

pub const READ: Permission = Permission::new("rule.read", "查看规则");
pub const PROPOSE: Permission = Permission::new("rule.propose", "提出规则");
pub const PUBLISH: Permission = Permission::new("rule.publish", "发布规则");
pub const SHELVE: Permission = Permission::new("rule.shelve", "搁置规则");

base::typed_id!(RuleId, "A rule, through all its versions.");
host::db_id!(RuleId);

const TABLES: &[Table] = &[Table::subjects("rule"), Table::subjects("rule_proposal")];

pub(crate) fn slice() -> Slice {
    Slice::new::<RuleFact>("rule", 3, TABLES, READ, apply::apply, fact::summary)
}

/// Puts a rule in force, anywhere in the node; for commands of the node itself.
///
/// # Errors
/// As the route: an unknown sensor, a number out of range, a retired rule.
pub fn publish(tx: &mut Tx<'_>, new: &NewRule) -> Result<RuleId> {
    let site = station::site(tx, &Scope::Node, new.sensor)?;
    let before = new.id.map(|id| load(tx, &Scope::Node, id)).transpose()?;
    let published = new.publish(site, before.as_ref())?;
    let id = match &before {
        Some(before) => before.id,
        None => RuleId(tx.new_id()),
    };
    // A rule is at home where its station is.
    let home = tx.home_of(published.station)?;
    let fact = RuleFact::from(published);
    tx.record(match before {
        Some(_) => Record::next(id, fact).at_home(home),
        None => Record::first(id, home, fact),
    })?;
    Ok(id)
}

/// Like [`publish`], as a command of its own.
pub fn publish_in(world: &World, new: NewRule) -> Result<RuleId> {
    world.run(Lane::Ordinary, "import", move |tx| publish(tx, &new))
}

fn retire_within(tx: &mut Tx<'_>, scope: &Scope, id: RuleId, reason: &str) -> Result<Rule> {
    let rule = load(tx, scope, id)?;
    let retired = rule.retire(reason)?;
    tx.record(Record::next(id, RuleFact::from(retired)))?;
    load(tx, scope, id)
}
