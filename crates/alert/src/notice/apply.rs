//! The only writer of `notice` and `notice_number`.

use host::{Entry, Tables, params, row};

use super::model::Acknowledgement;
use super::{NoticeFact, Sent, State};

pub(crate) fn apply(tables: &mut Tables<'_>, entry: &Entry, fact: &NoticeFact) {
    let id = entry.header.subject;
    match fact {
        NoticeFact::Sent(sent) => put(tables, entry, sent),
        NoticeFact::Acknowledged(taken) => {
            let actor = &entry.header.actor;
            let acknowledgement = Acknowledgement {
                person: actor.person,
                by: taken.by.clone(),
                at: entry.at(),
                feedback: taken.feedback.clone(),
            };
            tables.run(
                "update notice set state = $2, acknowledged = $3 where id = $1",
                params![
                    id,
                    State::Acknowledged.code(),
                    serde_json::json!(acknowledgement).to_string(),
                ],
            );
        }
        NoticeFact::Overdue(_) => tables
            .run("update notice set state = $2 where id = $1", params![id, State::Overdue.code()]),
    }
}

fn put(tables: &mut Tables<'_>, entry: &Entry, sent: &Sent) {
    let row = row! {
        correlation: entry.header.correlation,
        state: State::Sent.code(),
        number: &sent.number.text,
        numbered_on: sent.number.day,
        finding: sent.finding,
        station: sent.station,
        station_name: &sent.station_name,
        hazard: crate::column::hazard_code(sent.hazard),
        level: i64::from(sent.level.rank()),
        title: &sent.title,
        content: &sent.text,
        signer: &sent.signer,
        sent_at: entry.at(),
        due_at: sent.due_at,
    };
    tables.put("notice", entry, row);
    let (region, number) = (entry.header.region.clone(), &sent.number);
    tables.run(
        "insert into notice_number (origin, region, day, last) values ($1, $2, $3, $4) \
         on conflict (origin, region, day) do update set last = excluded.last",
        params![&entry.header.origin, region, number.day, number.serial],
    );
}
