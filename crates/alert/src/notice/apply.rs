//! The only writer of `notice`, `notice_number`, `notice_check` and `notice_escalation`;
//! `notice_reach` is the host's.

use host::{Entry, Tables, params, row};

use super::limit::Step;
use super::model::{Acknowledgement, Side};
use super::{Checked, Escalated, NoticeFact, Sent, State};

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
                "update notice set state = $2, acknowledged = $3, verify_by = $4, next_at = $4 \
                 where id = $1",
                params![
                    id,
                    State::Acknowledged.code(),
                    serde_json::json!(acknowledgement).to_string(),
                    taken.verify_by,
                ],
            );
        }
        NoticeFact::Overdue(overdue) => {
            let state = match overdue.step {
                Step::Acknowledge => State::Overdue,
                Step::Verify => State::Unverified,
            };
            tables.run(
                "update notice set state = $2, next_at = null where id = $1",
                params![id, state.code()],
            );
        }
        NoticeFact::Escalated(up) => escalate(tables, entry, up),
        NoticeFact::Checked(checked) => check(tables, entry, checked),
        NoticeFact::Closed(_) => tables.run(
            "update notice set state = $2, closed_at = $3, next_at = null where id = $1",
            params![id, State::Closed.code(), entry.at()],
        ),
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
        next_at: sent.due_at,
    };
    tables.put("notice", entry, row);
    let (region, number) = (entry.header.region.clone(), &sent.number);
    tables.run(
        "insert into notice_number (origin, region, day, last) values ($1, $2, $3, $4) \
         on conflict (origin, region, day) do update set last = excluded.last",
        params![&entry.header.origin, region, number.day, number.serial],
    );
}

fn escalate(tables: &mut Tables<'_>, entry: &Entry, up: &Escalated) {
    let id = entry.header.subject;
    tables.run("update notice set next_at = $2 where id = $1", params![id, up.next_at]);
    tables.run(
        "insert into notice_escalation (entry, notice, at, from_region, from_name, to_region, \
         to_name, why, told) values ($1, $2, $3, $4, $5, $6, $7, $8, $9) \
         on conflict (notice, entry) do nothing",
        params![
            entry.id(),
            id,
            entry.at(),
            &up.from,
            &up.from_name,
            up.to.clone(),
            &up.to_name,
            up.why.code(),
            up.told,
        ],
    );
}

fn check(tables: &mut Tables<'_>, entry: &Entry, checked: &Checked) {
    let id = entry.header.subject;
    tables.run(
        "insert into notice_check (entry, notice, at, side, verdict, words, person, by_name) \
         values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (notice, entry) do nothing",
        params![
            entry.id(),
            id,
            entry.at(),
            checked.side.code(),
            checked.verdict.code(),
            &checked.words,
            entry.header.actor.person,
            &checked.by,
        ],
    );
    if checked.side == Side::Desk && checked.verdict.is_final() {
        tables.run(
            "update notice set state = $2, next_at = null where id = $1",
            params![id, State::Verified.code()],
        );
    }
}
