//! Rules: the line that a sensor's readings are held against.
//!
//! In: an officer who may publish rules. Every number is data with its source and
//! how far it can be relied on; none stands in the code.
//! Out: `rule.published`, `rule.retired`.
//! Tables: `rule`. Screens: `ui/src/assess/rule`.

mod apply;
mod fact;
mod model;
mod routes;
mod store;

use host::{Lane, Permission, Record, Result, Scope, Slice, Table, Tx, World};

pub use fact::{Published, Retired, RuleFact};
pub use model::{Comparison, Confidence, Line, NewRule, Rule, State};
pub(crate) use routes::routes;
pub(crate) use store::{changed, in_force};
pub use store::{list, load};

use crate::station;

pub const READ: Permission = Permission::new("rule.read", "查看规则");
pub const PUBLISH: Permission = Permission::new("rule.publish", "发布规则");

base::typed_id!(RuleId, "A threshold rule, through all its versions.");
host::db_id!(RuleId);

const TABLES: &[Table] = &[Table::subjects("rule")];

pub(crate) fn slice() -> Slice {
    Slice::new::<RuleFact>("rule", 2, TABLES, READ, apply::apply, fact::summary)
}

/// Puts a rule in force, anywhere in the node; for commands of the node itself.
///
/// # Errors
/// As the route: an unknown sensor, a number out of range, a retired rule.
pub fn publish(tx: &mut Tx<'_>, new: &NewRule) -> Result<RuleId> {
    publish_within(tx, &Scope::Node, new)
}

/// Like [`publish`], as a command of its own.
pub fn publish_in(world: &World, new: NewRule) -> Result<RuleId> {
    world.run(Lane::Ordinary, "import", move |tx| publish(tx, &new))
}

fn publish_within(tx: &mut Tx<'_>, scope: &Scope, new: &NewRule) -> Result<RuleId> {
    let site = station::site(tx, scope, new.sensor)?;
    let before = match new.id {
        Some(id) => Some(load(tx, scope, id)?),
        None => None,
    };
    let mut published = new.publish(site, before.as_ref())?;
    published.published_by = tx.actor_name().map(str::to_owned);
    let id = match &before {
        Some(before) => before.id,
        None => RuleId(tx.new_id()),
    };
    // A rule is at home where its station is.
    let home = tx.home_of(published.station)?;
    scope.require(tx, &home)?;
    let fact = RuleFact::from(published);
    tx.record(match before {
        Some(_) => Record::next(id, fact).at_home(home),
        None => Record::first(id, home, fact),
    })?;
    Ok(id)
}

fn retire_within(tx: &mut Tx<'_>, scope: &Scope, id: RuleId, reason: &str) -> Result<Rule> {
    let rule = load(tx, scope, id)?;
    let retired = rule.retire(reason)?;
    tx.record(Record::next(id, RuleFact::from(retired)))?;
    load(tx, scope, id)
}
