//! Commands as rows: loaded and listed within the scope of their station.

use base::{Id, Timestamp};
use host::document::DocumentRef;
use host::{Read, Result, Row, params};

use super::{AskState, CommandId};
use crate::protocol::form::{Ask, Kind};
use crate::station::StationId;

/// One command, as it stands.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Command {
    pub id: CommandId,
    pub ask: Ask,
    pub word: String,
    pub kind: Kind,
    pub reason: Option<String>,
    pub asked_at: Timestamp,
    pub asked_by: Option<Id>,
    pub by: String,
    pub until: Timestamp,
    pub state: AskState,
    pub changed_at: Timestamp,
    pub why: Option<String>,
    /// Hexadecimal digits, passwords hidden.
    pub sent: Option<String>,
    pub sent_at: Option<Timestamp>,
    pub said: Option<serde_json::Value>,
    pub documents: Vec<DocumentRef>,
    pub answered_at: Option<Timestamp>,
}

const COLUMNS: &str = "id, ask, word, kind, reason, asked_at, asked_by, asked_by_name, until_at, \
     state, changed_at, why, sent, sent_at, said, documents, answered_at";

fn read(row: &Row) -> Result<Command> {
    let (state, kind): (String, String) = (row.get("state")?, row.get("kind")?);
    let (said, documents): (Option<String>, Option<String>) =
        (row.get("said")?, row.get("documents")?);
    let kind = serde_json::from_value(kind.into());
    Ok(Command {
        id: row.get("id")?,
        ask: row.json("ask")?,
        word: row.get("word")?,
        kind: kind.map_err(|error| host::Error::Internal(error.to_string()))?,
        reason: row.get("reason")?,
        asked_at: row.get("asked_at")?,
        asked_by: row.get("asked_by")?,
        by: row.get("asked_by_name")?,
        until: row.get("until_at")?,
        state: state.parse()?,
        changed_at: row.get("changed_at")?,
        why: row.get("why")?,
        sent: row.get("sent")?,
        sent_at: row.get("sent_at")?,
        said: said.and_then(|said| serde_json::from_str(&said).ok()),
        documents: documents
            .and_then(|documents| serde_json::from_str(&documents).ok())
            .unwrap_or_default(),
        answered_at: row.get("answered_at")?,
    })
}

/// A command of a station that the caller has loaded.
pub(super) fn find(
    db: &mut dyn Read,
    station: StationId,
    id: CommandId,
) -> Result<Option<Command>> {
    let sql = format!("select {COLUMNS} from station_command where id = $1 and station = $2");
    db.row(&sql, params![id, station])?.as_ref().map(read).transpose()
}

/// Commands of a station that the caller has loaded, the newest first, `limit + 1` at most.
pub(super) fn list(
    db: &mut dyn Read,
    station: StationId,
    position: Option<(i64, String)>,
    limit: i64,
) -> Result<Vec<Command>> {
    let (at, id) = position.unwrap_or((i64::MAX, String::new()));
    let sql = format!(
        "select {COLUMNS} from station_command where station = $1 \
         and (asked_at < $2 or (asked_at = $2 and id < $3)) \
         order by asked_at desc, id desc limit $4"
    );
    db.rows(&sql, params![station, at, id, limit + 1])?.iter().map(read).collect()
}

/// How many commands of a station are under way.
pub(super) fn open(db: &mut dyn Read, station: StationId) -> Result<i64> {
    let row = db.row(
        "select count(*) as n from station_command where station = $1 \
         and state in ('asked', 'sent')",
        params![station],
    )?;
    Ok(row.map_or(Ok(0), |row| row.get("n"))?)
}
