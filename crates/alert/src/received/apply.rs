//! The only writer of the tables of received messages.

use host::{Entry, Tables, params, row};
use serde_json::json;

use super::fact::{Original, Taken};
use super::{ReceivedFact, RejectFact};

pub(crate) fn apply(tables: &mut Tables<'_>, entry: &Entry, fact: &ReceivedFact) {
    match fact {
        ReceivedFact::Taken(body) => take(tables, entry, body),
        ReceivedFact::Expired(_) => {
            tables.run(
                "update received set expired = 1 where id = $1",
                params![entry.header.subject],
            );
        }
    }
}

fn take(tables: &mut Tables<'_>, entry: &Entry, body: &Taken) {
    let Original { hash, documents, bytes } = &body.original;
    let row = row! {
        source: &body.source,
        sender: &body.sender,
        identifier: &body.identifier,
        sent: body.sent,
        sent_text: &body.sent_text,
        status: &body.status,
        scope: &body.scope,
        msg_type: &body.msg_type,
        sender_name: &body.sender_name,
        event: &body.event,
        headline: &body.headline,
        area: &body.area,
        level: body.level.map(|level| i64::from(level.rank())),
        severity: body.severity.clone(),
        urgency: body.urgency.clone(),
        certainty: body.certainty.clone(),
        begins: body.begins,
        ends: body.ends,
        expired: body.was_over,
        is_real: body.is_real,
        faults: json!(body.faults).to_string(),
        more_faults: i64::from(body.more_faults),
        hash: hash,
        documents: json!(documents).to_string(),
        bytes: i64::try_from(*bytes).unwrap_or(i64::MAX),
        in_feed: body.in_feed,
        received_at: entry.at(),
    };
    tables.put("received", entry, row);
    for named in &body.references {
        tables.run(
            "insert into received_reference (id, sender, identifier, sent) \
             values ($1, $2, $3, $4) on conflict (id, sender, identifier, sent) do nothing",
            params![entry.header.subject, &named.sender, &named.identifier, named.sent],
        );
    }
}

/// The only writer of `received_reject`.
pub(crate) fn refuse(tables: &mut Tables<'_>, entry: &Entry, fact: &RejectFact) {
    let RejectFact::Refused(body) = fact;
    let Original { hash, documents, bytes } = &body.original;
    let row = row! {
        source: &body.source,
        reason: &body.reason,
        hash: hash,
        documents: json!(documents).to_string(),
        bytes: i64::try_from(*bytes).unwrap_or(i64::MAX),
        received_at: entry.at(),
    };
    tables.put("received_reject", entry, row);
}
