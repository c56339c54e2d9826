//! The door for facts: a retired rule judges no longer, so what stood by it ends; and what
//! still stands by one that was shelved is told when it calls again.

use host::{Entry, Reaction, Record, Result, Tx};

use super::decide::end;
use super::fact::{Because, FindingFact, Unshelved};
use super::store;
use crate::rule::RuleId;

pub(crate) fn reactions() -> Vec<Reaction> {
    vec![
        Reaction {
            name: "finding.end_with_rule",
            kinds: &["rule.retired"],
            foreign: false,
            react: end_with_rule,
        },
        Reaction {
            name: "finding.tell_after_shelving",
            kinds: &["rule.unshelved"],
            foreign: false,
            react: tell_after_shelving,
        },
    ]
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

/// A finding that stands has not been safe since it was raised: every reading until now was
/// held against it.
fn tell_after_shelving(tx: &mut Tx<'_>, entry: &Entry) -> Result<()> {
    let rule = RuleId(entry.header.subject);
    for (id, raised) in store::shelved_by_rule(tx, rule)? {
        let basis = format!("{} v{}", raised.rule.name, raised.rule.version);
        let raised = super::fact::Raised { shelved: false, ..raised };
        let fact = FindingFact::from(Unshelved { raised });
        tx.record(Record::next(id, fact).basis(basis))?;
    }
    Ok(())
}
