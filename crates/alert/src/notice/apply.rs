//! The only writer of `notice` and `notice_number`.

use host::{Entry, Tables, params};

use super::model::Acknowledgement;
use super::{NoticeFact, Sent, State};

pub(crate) fn apply(tables: &mut Tables<'_>, entry: &Entry, fact: &NoticeFact) {
    let id = entry.header.subject;
    match fact {
        NoticeFact::Sent(sent) => insert(tables, entry, sent),
        NoticeFact::Acknowledged(taken) => {
            let actor = &entry.header.actor;
            let acknowledgement = Acknowledgement {
                person: actor.person,
                by: taken.by.clone(),
                at: entry.at(),
                feedback: taken.feedback.clone(),
            };
            tables.run(
                "update notice set state = $2, last_fact = $3, acknowledged = $4 where id = $1",
                params![
                    id,
                    State::Acknowledged.code(),
                    entry.id(),
                    serde_json::json!(acknowledgement).to_string(),
                ],
            );
        }
        NoticeFact::Overdue(_) => tables.run(
            "update notice set state = $2, last_fact = $3 where id = $1",
            params![id, State::Overdue.code(), entry.id()],
        ),
    }
}

fn insert(tables: &mut Tables<'_>, entry: &Entry, sent: &Sent) {
    tables.run(
        "insert into notice (id, origin, region, org, class, correlation, last_fact, state, \
         number, numbered_on, finding, station, station_name, hazard, level, \
         title, content, signer, sent_at, due_at) \
         values ($1, $2, $3, $19, $20, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, \
         $17, $18) \
         on conflict (id) do nothing",
        params![
            entry.header.subject,
            &entry.header.origin,
            &sent.region,
            entry.header.correlation,
            entry.id(),
            State::Sent.code(),
            &sent.number.text,
            sent.number.day,
            sent.finding,
            sent.station,
            &sent.station_name,
            crate::column::hazard_code(sent.hazard),
            i64::from(sent.level.rank()),
            &sent.title,
            &sent.text,
            &sent.signer,
            entry.at(),
            sent.due_at,
            entry.header.org,
            entry.header.class,
        ],
    );
    tables.run(
        "insert into notice_number (origin, region, day, last) values ($1, $2, $3, $4) \
         on conflict (origin, region, day) do update set last = excluded.last",
        params![&entry.header.origin, &sent.region, sent.number.day, sent.number.serial],
    );
}
