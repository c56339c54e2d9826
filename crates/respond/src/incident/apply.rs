//! The only writer of the table `incident`.

use host::{Entry, Tables, params};

use super::fact::{IncidentFact, Opened, Source};

pub(crate) fn apply(tables: &mut Tables<'_>, entry: &Entry, fact: &IncidentFact) {
    let id = entry.header.subject;
    match fact {
        IncidentFact::Opened(opened) => insert(tables, entry, opened),
        IncidentFact::Noted(_) => {
            tables.run("update incident set last_fact = $2 where id = $1", params![id, entry.id()])
        }
        IncidentFact::Closed(closed) => tables.run(
            "update incident set state = 'closed', closed_at = $3, closed_by = $4, \
             closed_reason = $5, last_fact = $2 where id = $1",
            params![id, entry.id(), entry.at(), &closed.by, &closed.reason],
        ),
    }
}

fn insert(tables: &mut Tables<'_>, entry: &Entry, opened: &Opened) {
    let (source, warning, intake) = match &opened.source {
        Source::Warning { warning } => ("warning", Some(*warning), None),
        Source::Call { intake } => ("call", None, Some(*intake)),
    };
    let casualties = opened.casualties;
    tables.run(
        "insert into incident (id, origin, day, serial, number, title, detail, hazard, level, \
         region, org, class, region_name, lon, lat, place, source, warning, intake, dead, injured, trapped, \
         state, correlation, last_fact, opened_at, opener, opened_by) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $26, $27, $11, $12, $13, $14, $15, $16, \
         $17, $18, $19, $20, 'open', $21, $22, $23, $24, $25) on conflict (id) do nothing",
        params![
            entry.header.subject,
            &entry.header.origin,
            &opened.day,
            opened.serial,
            &opened.number,
            &opened.title,
            opened.detail.clone(),
            serde_json::json!(opened.hazard).to_string(),
            opened.level.map(|level| i64::from(level.rank())),
            &opened.region,
            &opened.region_name,
            opened.point.map(|point| point.lon()),
            opened.point.map(|point| point.lat()),
            &opened.place,
            source,
            warning,
            intake,
            casualties.and_then(|people| people.dead),
            casualties.and_then(|people| people.injured),
            casualties.and_then(|people| people.trapped),
            entry.header.correlation,
            entry.id(),
            entry.at(),
            entry.header.actor.person,
            opened.by.clone(),
            entry.header.org,
            entry.header.class,
        ],
    );
}
