//! The door for facts: a retired rule judges no longer, so what stood by it ends.

use host::{Entry, Reaction, Result, Tx};

use super::decide::end;
use super::fact::Because;
use super::store;
use crate::rule::RuleId;

pub(crate) fn reactions() -> Vec<Reaction> {
    vec![Reaction {
        name: "finding.end_with_rule",
        kinds: &["rule.retired"],
        foreign: false,
        react: end_with_rule,
    }]
}

/// The thread stays the finding's own; the cause is the retirement.
fn end_with_rule(tx: &mut Tx<'_>, entry: &Entry) -> Result<()> {
    let rule = RuleId(entry.header.subject);
    for finding in store::active_by_rule(tx, rule)? {
        tx.record(end(&finding, entry.at(), None, Because::Retired))?;
    }
    tx.work().run("delete from rule_state where rule = $1", host::params![rule])?;
    Ok(())
}
