//! The only writer of the table `task`.

use host::{Entry, Tables, params};

use super::fact::{Limit, TaskFact};

pub(crate) fn apply(tables: &mut Tables<'_>, entry: &Entry, fact: &TaskFact) {
    let id = entry.header.subject;
    match fact {
        TaskFact::Assigned(task) => tables.run(
            "insert into task (id, origin, serial, number, incident, incident_title, region, \
             org, class, title, detail, assignee, assignee_name, assigner, assigner_name, state, accept_by, \
             due_at, accept_missed, due_missed, correlation, last_fact, assigned_at) \
             values ($1, $2, $3, $4, $5, $6, coalesce($7, ''), $19, $20, $8, $9, $10, $11, $12, $13, \
             'assigned', $14, $15, 0, 0, $16, $17, $18) on conflict (id) do nothing",
            params![
                id,
                &entry.header.origin,
                task.serial,
                &task.number,
                task.incident,
                &task.incident_title,
                entry.header.region.clone(),
                &task.title,
                &task.detail,
                task.assignee.person,
                &task.assignee.name,
                entry.header.actor.person,
                task.assigned_by.clone(),
                task.accept_by,
                task.due_at,
                entry.header.correlation,
                entry.id(),
                entry.at(),
                entry.header.org,
                entry.header.class,
            ],
        ),
        TaskFact::Accepted(_) => tables.run(
            "update task set state = 'accepted', accepted_at = $2, last_fact = $3 where id = $1",
            params![id, entry.at(), entry.id()],
        ),
        TaskFact::Declined(task) => end(tables, entry, "declined", &task.reason),
        TaskFact::Finished(task) => end(tables, entry, "done", &task.report),
        TaskFact::Cancelled(task) => end(tables, entry, "cancelled", &task.reason),
        TaskFact::Overdue(missed) => {
            let sql = match missed.limit {
                Limit::Accept => "update task set accept_missed = 1, last_fact = $2 where id = $1",
                Limit::Due => "update task set due_missed = 1, last_fact = $2 where id = $1",
            };
            tables.run(sql, params![id, entry.id()]);
        }
    }
}

fn end(tables: &mut Tables<'_>, entry: &Entry, state: &str, report: &str) {
    tables.run(
        "update task set state = $2, ended_at = $3, report = $4, last_fact = $5 where id = $1",
        params![entry.header.subject, state, entry.at(), report, entry.id()],
    );
}
