//! The only writer of `rule`.

use host::{Entry, Tables, params, row};

use super::fact::{Published, RuleFact};
use crate::column::to_code;

pub(super) fn apply(tables: &mut Tables<'_>, entry: &Entry, fact: &RuleFact) {
    match fact {
        RuleFact::Published(rule) => {
            put(tables, entry, rule);
            if rule.proposed_by.is_some() {
                decide(tables, entry, "published", (rule.published_by.as_ref(), None));
            }
        }
        RuleFact::Retired(_) => {
            tables.run(
                "update rule set state = 'retired' where id = $1",
                params![entry.header.subject],
            );
            call_again(tables, entry);
        }
        RuleFact::Proposed(proposed) => {
            let row = row! {
                station: proposed.station,
                sensor: proposed.draft.sensor,
                proposed: serde_json::json!(proposed).to_string(),
                proposed_at: entry.at(),
                state: "open",
                decided_at: None::<base::Timestamp>,
                decided_by: None::<String>,
                decided_because: None::<String>,
            };
            tables.put("rule_proposal", entry, row);
        }
        RuleFact::Returned(returned) => {
            decide(tables, entry, "returned", (returned.by.as_ref(), Some(&returned.reason)));
        }
        RuleFact::Shelved(shelved) => tables.run(
            "update rule set shelved_until = $2, shelved_at = $3, shelved_by = $4, \
             shelved_because = $5 where id = $1",
            params![
                entry.header.subject,
                shelved.until,
                entry.at(),
                shelved.by.clone(),
                &shelved.reason,
            ],
        ),
        RuleFact::Unshelved(_) => call_again(tables, entry),
    }
}

/// What becomes of the rule's proposal: by whom, and why.
fn decide(
    tables: &mut Tables<'_>,
    entry: &Entry,
    state: &'static str,
    (by, because): (Option<&String>, Option<&String>),
) {
    tables.run(
        "update rule_proposal set state = $2, decided_at = $3, decided_by = $4, \
         decided_because = $5 where id = $1 and state = 'open'",
        params![entry.header.subject, state, entry.at(), by.cloned(), because.cloned()],
    );
}

fn call_again(tables: &mut Tables<'_>, entry: &Entry) {
    tables.run(
        "update rule set shelved_until = null, shelved_at = null, shelved_by = null, \
         shelved_because = null where id = $1",
        params![entry.header.subject],
    );
}

/// A new rule, or a new version in the place of the one before.
fn put(tables: &mut Tables<'_>, entry: &Entry, rule: &Published) {
    let row = row! {
        version: rule.version,
        name: &rule.name,
        sensor: rule.sensor,
        station: rule.station,
        station_name: &rule.station_name,
        quantity: rule.quantity.code(),
        hazard: to_code(rule.hazard),
        level: i64::from(rule.level.rank()),
        measure: serde_json::json!(rule.measure).to_string(),
        accepts: to_code(rule.accepts),
        comparison: to_code(rule.comparison),
        threshold: rule.threshold,
        hysteresis: rule.hysteresis,
        times: rule.times,
        delay_s: rule.delay_s,
        line: to_code(rule.line),
        line_word: &rule.line_word,
        source: &rule.source,
        confidence: to_code(rule.confidence),
        state: "active",
        published_by: rule.published_by.clone(),
        proposed_by: rule.proposed_by.clone(),
        published_at: entry.at(),
    };
    tables.put("rule", entry, row);
}
