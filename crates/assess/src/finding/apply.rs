//! The only writer of `finding`.

use host::{Entry, Tables, params};

use super::fact::FindingFact;
use crate::column::to_code;

pub(super) fn apply(tables: &mut Tables<'_>, entry: &Entry, fact: &FindingFact) {
    let id = entry.header.subject;
    match fact {
        FindingFact::Raised(raised) => tables.run(
            "insert into finding (id, origin, rule, sensor, station, region, org, class, hazard, \
             level, state, onset, fired_at, raised_at, latency_ms, raised, last_fact) \
             values ($1, $2, $3, $4, $5, $6, $15, $16, $7, $8, 'active', $9, $10, $11, $12, \
             $13, $14) \
             on conflict (id) do nothing",
            params![
                id,
                &entry.header.origin,
                raised.rule.id,
                raised.sensor,
                raised.station,
                &raised.region,
                to_code(raised.hazard),
                i64::from(raised.level.rank()),
                raised.onset,
                entry.header.occurred,
                entry.at(),
                entry.at().since(entry.header.known).as_millis(),
                entry.body.clone(),
                entry.id(),
                entry.header.org,
                entry.header.class,
            ],
        ),
        FindingFact::Cleared(cleared) => tables.run(
            "update finding set state = 'cleared', cleared_at = $2, cleared_value = $3, \
             cleared_because = $4, last_fact = $5 where id = $1",
            params![id, cleared.cleared_at, cleared.value, to_code(cleared.because), entry.id()],
        ),
    }
}
