//! The only writer of the tables of earthquakes.

use host::{Entry, Tables, params, row};

use super::fact::{EarthquakeFact, Gathering, Merged, Reported, Revised, Withdrawn};
use super::model::{Report, ReportId, State, standing_code};

pub(super) fn apply(tables: &mut Tables<'_>, entry: &Entry, fact: &EarthquakeFact) {
    match fact {
        EarthquakeFact::Reported(Reported(it)) => {
            let state = match it.believed {
                Some(_) => State::Reported,
                // Taken back before anybody here had heard of it.
                None => State::Withdrawn,
            };
            let row = row! {
                state: state.code(),
                revision: 0i64,
                reported_at: entry.at(),
                changed_at: entry.at(),
                quaked_at: it.shown.time,
                lon: it.shown.point.lon(),
                lat: it.shown.point.lat(),
                magnitude: it.shown.magnitude,
                shown: text(&it.shown),
                believed: it.believed,
            };
            tables.put("earthquake", entry, row);
            gather(tables, entry, it);
        }
        EarthquakeFact::Revised(Revised(it)) => revise(tables, entry, State::Reported, it),
        EarthquakeFact::Withdrawn(Withdrawn(it)) => revise(tables, entry, State::Withdrawn, it),
        EarthquakeFact::Merged(it) => merge(tables, entry, it),
    }
}

fn revise(tables: &mut Tables<'_>, entry: &Entry, state: State, it: &Gathering) {
    tables.run(
        "update earthquake set state = $2, revision = revision + 1, changed_at = $3, \
         quaked_at = $4, lon = $5, lat = $6, magnitude = $7, shown = $8, believed = $9 \
         where id = $1",
        params![
            entry.header.subject,
            state.code(),
            entry.at(),
            it.shown.time,
            it.shown.point.lon(),
            it.shown.point.lat(),
            it.shown.magnitude,
            text(&it.shown),
            it.believed,
        ],
    );
    gather(tables, entry, it);
}

fn merge(tables: &mut Tables<'_>, entry: &Entry, it: &Merged) {
    tables.run(
        "update earthquake set state = $2, revision = revision + 1, changed_at = $3, \
         merged_into = $4, believed = null where id = $1",
        params![entry.header.subject, State::Merged.code(), entry.at(), it.into],
    );
    leave(tables, entry, &it.left);
}

fn gather(tables: &mut Tables<'_>, entry: &Entry, it: &Gathering) {
    leave(tables, entry, &it.left);
    for report in &it.came {
        tables.run(
            "insert into earthquake_report (earthquake, id, agency, event, updated, standing, \
             quaked_at, within_ms, said, received_at) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) \
             on conflict (earthquake, id) do nothing",
            params![
                entry.header.subject,
                report.id(),
                report.agency.clone().unwrap_or_default(),
                &report.event,
                report.updated,
                standing_code(report.standing),
                report.time,
                report.time_within_s * 1_000,
                text(report),
                entry.header.known,
            ],
        );
    }
}

fn leave(tables: &mut Tables<'_>, entry: &Entry, left: &[ReportId]) {
    for report in left {
        tables.run(
            "delete from earthquake_report where earthquake = $1 and id = $2",
            params![entry.header.subject, *report],
        );
    }
}

fn text(report: &Report) -> String {
    serde_json::json!(report).to_string()
}
