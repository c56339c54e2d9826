//! Loads and lists messages.

use std::collections::BTreeSet;

use base::Timestamp;
use host::{Error, Read, Result, Row, Value, params};
use wire::cap::{self, Alert, Status, Word as _};

use super::MessageId;
use crate::WarningId;
use crate::column;

/// A message as it was made.
#[derive(Debug, Clone)]
pub(crate) struct Message {
    pub id: MessageId,
    pub warning: WarningId,
    pub msg_type: String,
    pub status: String,
    pub sender: String,
    pub identifier: String,
    pub sent: Timestamp,
    pub ends: Option<Timestamp>,
    pub xml: String,
    pub made_at: Timestamp,
}

const COLUMNS: &str = "message.id, message.warning, message.msg_type, message.status, \
     message.sender, message.identifier, message.sent, message.ends, message.xml, message.made_at";

/// Warnings that took each other's place, at most: what is more is no chain of ours.
const LONGEST_CHAIN: usize = 200;

/// What was told of these warnings and of those whose place they took, by status, the
/// oldest first.
///
/// The warnings themselves have been loaded within a scope.
pub(crate) fn chain(
    db: &mut dyn Read,
    warnings: &[WarningId],
    status: &Status,
) -> Result<Vec<Alert>> {
    let messages = along(db, warnings)?;
    let of_status = messages.iter().filter(|message| message.status == status.as_str());
    of_status.map(|message| message.alert()).collect()
}

/// Like [`chain`], as rows and of any status.
pub(crate) fn along(db: &mut dyn Read, warnings: &[WarningId]) -> Result<Vec<Message>> {
    let mut known: BTreeSet<WarningId> = warnings.iter().copied().collect();
    let mut news: Vec<WarningId> = known.iter().copied().collect();
    while !news.is_empty() && known.len() < LONGEST_CHAIN {
        let mut params = Vec::new();
        let by = column::any_of(news.iter().copied(), &mut params);
        let sql =
            format!("select id from warning where superseded_by in ({by}) order by id limit 200");
        let found: Vec<WarningId> =
            db.rows(&sql, &params)?.iter().map(|row| row.get("id")).collect::<Result<_, _>>()?;
        news = found.into_iter().filter(|id| known.insert(*id)).collect();
    }
    let mut params: Vec<Value> = Vec::new();
    let of = column::any_of(known.iter().copied(), &mut params);
    let sql = format!(
        "select {COLUMNS} from message where message.warning in ({of}) \
         order by message.made_at, message.identifier"
    );
    db.rows(&sql, &params)?.iter().map(from_row).collect()
}

pub(crate) fn is_taken(db: &mut dyn Read, sender: &str, identifier: &str) -> Result<bool> {
    let sql = "select id from message where sender = $1 and identifier = $2 limit 1";
    Ok(db.row(sql, params![sender, identifier])?.is_some())
}

/// What the feed of a node tells at most.
pub(crate) const MOST_TOLD: i64 = 200;

/// What stands in the feed of `origin` at `now`: what holds, and what was made since
/// `since`, the newest first; its XML is read by [`told`].
pub(crate) fn feed(
    db: &mut dyn Read,
    origin: &str,
    since: Timestamp,
    now: Timestamp,
) -> Result<Vec<(MessageId, Timestamp)>> {
    let rows = db.rows(
        "select id, made_at from message where origin = $1 and class = 'public' \
         and (made_at >= $2 or ends > $3) order by made_at desc, id desc limit $4",
        params![origin, since, now, MOST_TOLD],
    )?;
    rows.iter().map(|row| Ok((row.get("id")?, row.get("made_at")?))).collect()
}

/// A public message of this node.
pub(crate) fn told(db: &mut dyn Read, origin: &str, id: MessageId) -> Result<Message> {
    let sql = format!(
        "select {COLUMNS} from message where message.id = $1 and message.origin = $2 \
         and message.class = 'public'"
    );
    let row = db.row(&sql, params![id, origin])?.ok_or(Error::not_found("message"))?;
    from_row(&row)
}

impl Message {
    /// Its XML read again.
    pub fn alert(&self) -> Result<Alert> {
        let read = cap::parse(self.xml.as_bytes(), &cap::Limits::default());
        let read =
            read.map_err(|error| Error::Internal(format!("message {}: {error}", self.id)))?;
        Ok(read.alert)
    }
}

fn from_row(row: &Row) -> Result<Message> {
    Ok(Message {
        id: row.get("id")?,
        warning: row.get("warning")?,
        msg_type: row.get("msg_type")?,
        status: row.get("status")?,
        sender: row.get("sender")?,
        identifier: row.get("identifier")?,
        sent: row.get("sent")?,
        ends: row.get("ends")?,
        xml: row.get("xml")?,
        made_at: row.get("made_at")?,
    })
}
