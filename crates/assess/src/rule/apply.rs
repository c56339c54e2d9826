//! The only writer of `rule`.

use host::{Entry, Tables, params};

use super::fact::RuleFact;
use crate::column::to_code;

pub(super) fn apply(tables: &mut Tables<'_>, entry: &Entry, fact: &RuleFact) {
    let id = entry.header.subject;
    match fact {
        RuleFact::Published(rule) => tables.run(
            "insert into rule (id, origin, version, name, sensor, station, station_name, region, org, \
             class, quantity, hazard, level, comparison, threshold, hysteresis, times, delay_s, \
             line, line_word, source, confidence, state, published_by, published_at, last_fact) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $24, $25, $9, $10, $11, $12, $13, $14, $15, \
             $16, $17, $18, $19, $20, 'active', $21, $22, $23) \
             on conflict (id) do update set version = excluded.version, name = excluded.name, \
             sensor = excluded.sensor, station = excluded.station, \
             station_name = excluded.station_name, region = excluded.region, \
             org = excluded.org, class = excluded.class, quantity = excluded.quantity, hazard = excluded.hazard, level = excluded.level, \
             comparison = excluded.comparison, threshold = excluded.threshold, \
             hysteresis = excluded.hysteresis, times = excluded.times, \
             delay_s = excluded.delay_s, line = excluded.line, line_word = excluded.line_word, \
             source = excluded.source, confidence = excluded.confidence, \
             state = excluded.state, published_by = excluded.published_by, \
             published_at = excluded.published_at, last_fact = excluded.last_fact",
            params![
                id,
                &entry.header.origin,
                rule.version,
                &rule.name,
                rule.sensor,
                rule.station,
                &rule.station_name,
                &rule.region,
                rule.quantity.code(),
                to_code(rule.hazard),
                i64::from(rule.level.rank()),
                to_code(rule.comparison),
                rule.threshold,
                rule.hysteresis,
                rule.times,
                rule.delay_s,
                to_code(rule.line),
                &rule.line_word,
                &rule.source,
                to_code(rule.confidence),
                rule.published_by.clone(),
                entry.at(),
                entry.id(),
                entry.header.org,
                entry.header.class,
            ],
        ),
        RuleFact::Retired(_) => tables.run(
            "update rule set state = 'retired', last_fact = $2 where id = $1",
            params![id, entry.id()],
        ),
    }
}
