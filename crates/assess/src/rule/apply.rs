//! The only writer of `rule`.

use host::{Entry, Tables, params, row};

use super::fact::{Published, RuleFact};
use crate::column::to_code;

pub(super) fn apply(tables: &mut Tables<'_>, entry: &Entry, fact: &RuleFact) {
    match fact {
        RuleFact::Published(rule) => put(tables, entry, rule),
        RuleFact::Retired(_) => tables
            .run("update rule set state = 'retired' where id = $1", params![entry.header.subject]),
    }
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
        published_at: entry.at(),
    };
    tables.put("rule", entry, row);
}
