//! The only writer of `finding`.

use host::{Entry, Tables, params, row};

use super::fact::{FindingFact, Raised, Unshelved};
use crate::column::to_code;

pub(super) fn apply(tables: &mut Tables<'_>, entry: &Entry, fact: &FindingFact) {
    match fact {
        FindingFact::Raised(raised) => put(tables, entry, raised),
        FindingFact::Unshelved(Unshelved { raised }) => tables.run(
            "update finding set raised = $2 where id = $1",
            params![entry.header.subject, serde_json::json!(raised).to_string()],
        ),
        FindingFact::Cleared(cleared) => tables.run(
            "update finding set state = 'cleared', cleared_at = $2, cleared_value = $3, \
             cleared_because = $4 where id = $1",
            params![
                entry.header.subject,
                cleared.cleared_at,
                cleared.value,
                to_code(cleared.because),
            ],
        ),
    }
}

fn put(tables: &mut Tables<'_>, entry: &Entry, raised: &Raised) {
    let row = row! {
        rule: raised.rule.id,
        sensor: raised.sensor,
        station: raised.station,
        earthquake: raised.shaken.as_ref().map(|shaken| shaken.earthquake),
        hazard: to_code(raised.hazard),
        level: i64::from(raised.level.rank()),
        state: "active",
        onset: raised.onset,
        fired_at: entry.header.occurred,
        raised_at: entry.at(),
        latency_ms: entry.at().since(entry.header.known).as_millis(),
        raised: serde_json::json!(raised).to_string(),
    };
    tables.put("finding", entry, row);
}
