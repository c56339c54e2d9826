//! The only writer of `message`.

use host::{Entry, Tables, row};

use super::MessageFact;

pub(crate) fn apply(tables: &mut Tables<'_>, entry: &Entry, fact: &MessageFact) {
    let MessageFact::Made(body) = fact;
    let row = row! {
        warning: body.warning,
        title: &body.title,
        number: body.number.clone(),
        msg_type: &body.msg_type,
        status: &body.status,
        sender: &body.sender,
        identifier: &body.identifier,
        sent: body.sent,
        ends: body.ends,
        xml: &body.xml,
        made_at: entry.at(),
    };
    tables.put("message", entry, row);
}
