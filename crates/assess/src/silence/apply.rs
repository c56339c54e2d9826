//! The only writer of the tables of silences.

use host::{Entry, Tables, params, row};

use super::fact::{Member, SilenceFact};
use crate::column::to_code;

pub(super) fn apply(tables: &mut Tables<'_>, entry: &Entry, fact: &SilenceFact) {
    let silence = entry.header.subject;
    match fact {
        SilenceFact::Found(it) => {
            let row = row! {
                station: it.what.station(),
                what: serde_json::json!(it.what).to_string(),
                protocol: it.protocol.code(),
                first_member: it.first(),
                members: it.members.len() as i64,
                last_heard: it.last_heard,
                since: it.since,
                patience_s: it.patience_s,
                patience_source: &it.patience_source,
                found_at: entry.at(),
                state: "active",
            };
            tables.put("silence", entry, row);
            join(tables, entry, &it.members);
        }
        SilenceFact::Grew(it) => {
            join(tables, entry, &it.members);
            tables.run(
                "update silence set last_heard = $2, \
                 members = (select count(*) from silence_member m where m.silence = $1) \
                 where id = $1",
                params![silence, it.last_heard],
            );
        }
        SilenceFact::Ended(it) => tables.run(
            "update silence set state = 'ended', ended_at = $2, ended_because = $3 where id = $1",
            params![silence, entry.at(), to_code(it.because)],
        ),
    }
}

fn join(tables: &mut Tables<'_>, entry: &Entry, members: &[Member]) {
    for it in members {
        tables.run(
            "insert into silence_member (silence, member, name) values ($1, $2, $3) \
             on conflict (silence, member) do update set name = excluded.name",
            params![entry.header.subject, it.id, &it.name],
        );
    }
}
