//! The only writer of the table `incident`.

use host::{Entry, Tables, params, row};

use super::fact::{IncidentFact, Opened, Source};

pub(crate) fn apply(tables: &mut Tables<'_>, entry: &Entry, fact: &IncidentFact) {
    match fact {
        IncidentFact::Opened(opened) => put(tables, entry, opened),
        // A line of the time line is read from the log.
        IncidentFact::Noted(_) => {}
        IncidentFact::Closed(closed) => tables.run(
            "update incident set state = 'closed', closed_at = $2, closed_by = $3, \
             closed_reason = $4 where id = $1",
            params![entry.header.subject, entry.at(), &closed.by, &closed.reason],
        ),
    }
}

fn put(tables: &mut Tables<'_>, entry: &Entry, opened: &Opened) {
    let (source, warning, intake) = match &opened.source {
        Source::Warning { warning } => ("warning", Some(*warning), None),
        Source::Call { intake } => ("call", None, Some(*intake)),
    };
    let casualties = opened.casualties;
    let row = row! {
        day: &opened.day,
        serial: opened.serial,
        number: &opened.number,
        title: &opened.title,
        detail: opened.detail.clone(),
        hazard: serde_json::json!(opened.hazard).to_string(),
        level: opened.level.map(|level| i64::from(level.rank())),
        region_name: &opened.region_name,
        lon: opened.point.map(|point| point.lon()),
        lat: opened.point.map(|point| point.lat()),
        place: &opened.place,
        source: source,
        warning: warning,
        intake: intake,
        dead: casualties.and_then(|people| people.dead),
        injured: casualties.and_then(|people| people.injured),
        trapped: casualties.and_then(|people| people.trapped),
        state: "open",
        correlation: entry.header.correlation,
        opened_at: entry.at(),
        opener: entry.header.actor.person,
        opened_by: opened.by.clone(),
    };
    tables.put("incident", entry, row);
}
