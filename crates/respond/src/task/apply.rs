//! The only writer of the table `task`.

use host::{Entry, Tables, params, row};

use super::fact::{Assigned, Limit, TaskFact};

pub(crate) fn apply(tables: &mut Tables<'_>, entry: &Entry, fact: &TaskFact) {
    let id = entry.header.subject;
    match fact {
        TaskFact::Assigned(task) => put(tables, entry, task),
        TaskFact::Accepted(_) => tables.run(
            "update task set state = 'accepted', accepted_at = $2 where id = $1",
            params![id, entry.at()],
        ),
        TaskFact::Declined(task) => end(tables, entry, "declined", &task.reason),
        TaskFact::Finished(task) => end(tables, entry, "done", &task.report),
        TaskFact::Cancelled(task) => end(tables, entry, "cancelled", &task.reason),
        TaskFact::Overdue(missed) => {
            let sql = match missed.limit {
                Limit::Accept => "update task set accept_missed = 1 where id = $1",
                Limit::Due => "update task set due_missed = 1 where id = $1",
            };
            tables.run(sql, params![id]);
        }
    }
}

fn put(tables: &mut Tables<'_>, entry: &Entry, task: &Assigned) {
    let row = row! {
        serial: task.serial,
        number: &task.number,
        incident: task.incident,
        incident_title: &task.incident_title,
        title: &task.title,
        detail: &task.detail,
        assignee: task.assignee.person,
        assignee_name: &task.assignee.name,
        assigner: entry.header.actor.person,
        assigner_name: task.assigned_by.clone(),
        state: "assigned",
        accept_by: task.accept_by,
        due_at: task.due_at,
        accept_missed: false,
        due_missed: false,
        assigned_at: entry.at(),
    };
    tables.put("task", entry, row);
}

fn end(tables: &mut Tables<'_>, entry: &Entry, state: &str, report: &str) {
    tables.run(
        "update task set state = $2, ended_at = $3, report = $4 where id = $1",
        params![entry.header.subject, state, entry.at(), report],
    );
}
