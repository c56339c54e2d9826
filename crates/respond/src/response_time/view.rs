//! What the facts say of how fast a matter went, one row each.
//!
//! A matter is a warning with the incident that was opened from it, or an incident that
//! began with a call. A row is begun by whichever of its facts comes first: another
//! node's come when they come.

use alert::WarningFact;
use base::{Hazard, Id, Level, Timestamp};
use host::fact::read;
use host::{Entry, View, ViewTables, params, view_table};

use super::VIEW;
use crate::incident::{IncidentFact, Opened, Source};
use crate::task::TaskFact;

pub(crate) fn view() -> View {
    View {
        name: VIEW,
        version: 1,
        tables: &[view_table!("response_time"), view_table!("response_task")],
        kinds: &[
            "warning.proposed",
            "warning.edited",
            "warning.returned",
            "warning.reviewed",
            "warning.issued",
            "warning.lifted",
            "warning.expired",
            "warning.discarded",
            "warning.superseded",
            "incident.opened",
            "incident.closed",
            "task.assigned",
            "task.accepted",
            "task.finished",
        ],
        foreign: true,
        apply,
    }
}

fn apply(tables: &mut ViewTables<'_>, entry: &Entry) {
    if let Some(fact) = read::<WarningFact>(entry) {
        of_warning(tables, entry, &fact);
    } else if let Some(fact) = read::<IncidentFact>(entry) {
        of_incident(tables, entry, &fact);
    } else if let Some(fact) = read::<TaskFact>(entry) {
        of_task(tables, entry, &fact);
    }
}

/// Sets one moment of a warning's row.
macro_rules! set {
    ($tables:expr, $column:literal, $value:expr, $warning:expr) => {
        $tables.run(
            concat!("update response_time set ", $column, " = $2 where id = $1"),
            params![$warning, $value],
        )
    };
}

fn of_warning(tables: &mut ViewTables<'_>, entry: &Entry, fact: &WarningFact) {
    let (warning, at) = (entry.header.subject, entry.at());
    match fact {
        WarningFact::Proposed(body) => {
            begin(tables, entry, warning, &body.title, &body.hazard, Some(body.level), at);
            tables.run(
                "update response_time set warning = $1, proposed_at = $2, began_at = $2 \
                 where id = $1",
                params![warning, at],
            );
        }
        // It wants a review again.
        WarningFact::Edited(body) => tables.run(
            "update response_time set title = $2, level = $3, reviewed_at = null where id = $1",
            params![warning, &body.title, i64::from(body.level.rank())],
        ),
        WarningFact::Returned(_) => {
            tables
                .run("update response_time set reviewed_at = null where id = $1", params![warning]);
        }
        WarningFact::Reviewed(_) => set!(tables, "reviewed_at", at, warning),
        WarningFact::Issued(body) => tables.run(
            "update response_time set issued_at = $2, warning_number = $3 where id = $1",
            params![warning, at, &body.number.text],
        ),
        WarningFact::Lifted(_)
        | WarningFact::Expired(_)
        | WarningFact::Discarded(_)
        | WarningFact::Superseded(_) => set!(tables, "over_at", at, warning),
        _ => {}
    }
}

fn of_incident(tables: &mut ViewTables<'_>, entry: &Entry, fact: &IncidentFact) {
    let (incident, at) = (entry.header.subject, entry.at());
    match fact {
        IncidentFact::Opened(opened) => {
            let matter = matter_of(opened, incident);
            // When the call came, which is when the clocks of reporting start.
            let began = entry.header.known;
            begin(tables, entry, matter, &opened.title, &opened.hazard, opened.level, began);
            tables.run(
                "update response_time set incident = $2, incident_number = $3, opened_at = $4 \
                 where id = $1",
                params![matter, incident, &opened.number, at],
            );
        }
        IncidentFact::Closed(_) => tables.run(
            "update response_time set closed_at = $2 where incident = $1",
            params![incident, at],
        ),
        IncidentFact::Noted(_) => {}
    }
}

fn of_task(tables: &mut ViewTables<'_>, entry: &Entry, fact: &TaskFact) {
    let (task, at) = (entry.header.subject, entry.at());
    match fact {
        TaskFact::Assigned(assigned) => {
            tables.run(
                "insert into response_task (task, incident) values ($1, $2) \
                 on conflict (task) do nothing",
                params![task, assigned.incident],
            );
            tables.run(
                "update response_time set assigned_at = coalesce(assigned_at, $2) \
                 where incident = $1",
                params![assigned.incident, at],
            );
        }
        TaskFact::Accepted(_) => first(tables, "accepted_at", task, at),
        TaskFact::Finished(_) => first(tables, "done_at", task, at),
        TaskFact::Declined(_) | TaskFact::Cancelled(_) | TaskFact::Overdue(_) => {}
    }
}

fn matter_of(opened: &Opened, incident: Id) -> Id {
    match opened.source {
        Source::Warning { warning } => warning,
        Source::Call { .. } => incident,
    }
}

/// Begins the row of a matter, at home where the entry's subject is.
fn begin(
    tables: &mut ViewTables<'_>,
    entry: &Entry,
    matter: Id,
    title: &str,
    hazard: &Hazard,
    level: Option<Level>,
    began: Timestamp,
) {
    let home = entry.home();
    tables.run(
        "insert into response_time (id, origin, region, org, class, title, hazard, level, began_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (id) do nothing",
        params![
            matter,
            &entry.header.origin,
            home.region,
            home.org,
            home.class,
            title,
            serde_json::to_string(hazard).unwrap_or_default(),
            level.map(|level| i64::from(level.rank())),
            began,
        ],
    );
}

/// The first of its kind among the tasks of an incident.
fn first(tables: &mut ViewTables<'_>, column: &'static str, task: Id, at: Timestamp) {
    tables.run(
        &format!(
            "update response_time set {column} = coalesce({column}, $2) where incident in \
             (select incident from response_task where task = $1)"
        ),
        params![task, at],
    );
}
