//! The only writer of `calling` and `calling_call`.

use host::{Entry, Tables, params, row};
use serde_json::json;
use trust::contact::ContactId;

use super::model::{Answer, End};
use super::{CallState, CallingFact, NewCall, State};
use crate::ladder::Channel;

pub(crate) fn apply(tables: &mut Tables<'_>, entry: &Entry, fact: &CallingFact) {
    let id = entry.header.subject;
    match fact {
        CallingFact::Begun(it) => {
            let row = row! {
                correlation: entry.header.correlation,
                noun: &it.about.noun,
                about: it.about.id,
                title: &it.title,
                content: &it.text,
                hazard: crate::column::hazard_code(it.hazard),
                level: i64::from(it.level.rank()),
                ladder: it.ladder.id,
                ladder_name: &it.ladder.name,
                ladder_revision: it.ladder.revision,
                steps: json!(it.steps).to_string(),
                state: State::Calling.code(),
                step: 0,
                begun_at: entry.at(),
            };
            tables.put("calling", entry, row);
        }
        CallingFact::Stepped(it) => {
            tables.run(
                "update calling set step = $2, due_at = $3 where id = $1",
                params![id, it.step, it.due_at],
            );
            for call in &it.calls {
                put(tables, entry, it.step, call);
            }
        }
        CallingFact::Told(it) => tables.run(
            "update calling_call set state = $5, state_at = $6, why = $7, \
             times = times + case when $5 = 'attempted' then 1 else 0 end \
             where calling = $1 and step = $2 and contact = $3 and channel = $4 \
             and state not in ('answered', 'refused')",
            params![
                id,
                it.step,
                it.contact,
                it.channel.code(),
                it.state.code(),
                entry.at(),
                it.said.clone(),
            ],
        ),
        CallingFact::Answered(it) => {
            let answer = Answer {
                contact: it.contact,
                name: it.name.clone(),
                step: it.step,
                channel: it.channel,
                words: it.words.clone(),
                recorded_by: it.recorded_by.clone(),
                at: entry.at(),
            };
            tables.run(
                "update calling set state = $2, due_at = null, answer = coalesce(answer, $3) \
                 where id = $1",
                params![id, State::Answered.code(), json!(answer).to_string()],
            );
            let by = it.recorded_by.as_deref();
            let (name, words) = (&it.name, &it.words);
            turn(
                tables,
                entry,
                (it.step, it.contact, it.channel),
                (CallState::Answered, name, words, by),
            );
        }
        CallingFact::Refused(it) => {
            let by = it.recorded_by.as_deref();
            let (name, words) = (&it.name, &it.words);
            turn(
                tables,
                entry,
                (it.step, it.contact, it.channel),
                (CallState::Refused, name, words, by),
            );
        }
        CallingFact::Missed(it) => {
            let (name, words) = (&it.name, &it.words);
            let by = Some(it.recorded_by.as_str());
            turn(
                tables,
                entry,
                (it.step, it.contact, Channel::Phone),
                (CallState::Missed, name, words, by),
            );
        }
        CallingFact::Exhausted(_) => tables.run(
            "update calling set state = $2, due_at = null where id = $1",
            params![id, State::Exhausted.code()],
        ),
        CallingFact::Ended(it) => {
            let end = End {
                because: it.because,
                by: it.by.clone(),
                reason: it.reason.clone(),
                at: entry.at(),
            };
            tables.run(
                "update calling set state = $2, due_at = null, ended = $3 where id = $1",
                params![id, State::Ended.code(), json!(end).to_string()],
            );
        }
    }
}

/// One more line of the ledger.
fn put(tables: &mut Tables<'_>, entry: &Entry, step: u32, call: &NewCall) {
    let state = match &call.unreachable {
        Some(_) => CallState::Unreachable,
        None => CallState::first(call.channel),
    };
    tables.run(
        "insert into calling_call (calling, step, contact, channel, name, duty, person, state, \
         state_at, times, why) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, $10) \
         on conflict (calling, step, contact, channel) do nothing",
        params![
            entry.header.subject,
            step,
            call.contact,
            call.channel.code(),
            &call.name,
            &call.duty,
            call.person,
            state.code(),
            entry.at(),
            call.unreachable.clone(),
        ],
    );
}

/// What came of a line; somebody may be phoned whom the step did not tell by phone.
fn turn(
    tables: &mut Tables<'_>,
    entry: &Entry,
    (step, contact, channel): (u32, ContactId, Channel),
    (state, name, words, by): (CallState, &str, &str, Option<&str>),
) {
    tables.run(
        "insert into calling_call (calling, step, contact, channel, name, duty, state, state_at, \
         times, words, recorded_by) values ($1, $2, $3, $4, $5, '', $6, $7, 1, $8, $9) \
         on conflict (calling, step, contact, channel) do update set state = excluded.state, \
         state_at = excluded.state_at, times = calling_call.times + 1, why = null, \
         words = excluded.words, recorded_by = excluded.recorded_by",
        params![
            entry.header.subject,
            step,
            contact,
            channel.code(),
            name,
            state.code(),
            entry.at(),
            words,
            by,
        ],
    );
}
