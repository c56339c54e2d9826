//! Loads and lists received messages, within a scope.

use base::{Level, Timestamp};
use host::document::DocumentRef;
use host::job::waiting;
use host::web::Paged;
use host::{Due, Error, Read, Result, Row, Scope, Value, params};

use super::ReceivedId;

/// A message as it was received.
#[derive(Debug, Clone)]
pub(crate) struct Received {
    pub id: ReceivedId,
    pub source: String,
    pub sender: String,
    pub identifier: String,
    pub sent: Timestamp,
    pub sent_text: String,
    pub status: String,
    pub scope: String,
    pub msg_type: String,
    pub sender_name: String,
    pub event: String,
    pub headline: String,
    pub area: String,
    pub level: Option<Level>,
    pub severity: Option<String>,
    pub urgency: Option<String>,
    pub certainty: Option<String>,
    pub begins: Option<Timestamp>,
    pub ends: Option<Timestamp>,
    pub expired: bool,
    pub is_real: bool,
    pub faults: Vec<String>,
    pub more_faults: i64,
    pub hash: String,
    pub documents: Vec<DocumentRef>,
    pub bytes: i64,
    pub received_at: Timestamp,
    /// The newest message by which its sender replaced or cancelled it, and its type.
    pub ended_by: Option<(ReceivedId, String)>,
}

const COLUMNS: &str = "received.id, received.source, received.sender, \
     received.identifier, received.sent, received.sent_text, received.status, received.scope, \
     received.msg_type, received.sender_name, received.event, received.headline, received.area, \
     received.level, received.severity, received.urgency, received.certainty, received.begins, \
     received.ends, received.expired, received.is_real, received.faults, received.more_faults, \
     received.hash, received.documents, received.bytes, received.received_at";

/// Messages `u` that end `received`: of the same sender and status, and naming it, whichever
/// came first.
const ENDING: &str = "from received_reference r join received u on u.id = r.id \
     where r.sender = received.sender and r.identifier = received.identifier \
     and r.sent = received.sent and u.sender = received.sender and u.status = received.status \
     and u.origin = received.origin and u.msg_type in ('Update', 'Cancel') \
     and u.id <> received.id";

/// What holds: a warning in earnest that nobody ended and that is not over.
fn holds() -> String {
    format!(
        "received.is_real = 1 and received.msg_type in ('Alert', 'Update') \
         and received.expired = 0 and not exists (select 1 {ENDING})"
    )
}

fn columns() -> String {
    format!(
        "{COLUMNS}, (select u.id {ENDING} order by u.sent desc, u.id desc limit 1) as ended_by, \
         (select u.msg_type {ENDING} order by u.sent desc, u.id desc limit 1) as ended_as"
    )
}

/// Which are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Standing {
    /// In force.
    Open,
    /// Everything else: over, ended, or never in earnest.
    Ended,
}

/// One message.
///
/// # Errors
/// [`Error::NotFound`] when there is none inside the scope.
pub(crate) fn load(db: &mut dyn Read, scope: &Scope, id: ReceivedId) -> Result<Received> {
    let mut params = vec![id.into()];
    let inside = scope.filter_reaching("received", "received_reach", &mut params);
    let sql = format!("select {} from received where received.id = $1 and {inside}", columns());
    let row = db.row(&sql, &params)?.ok_or(Error::not_found("received"))?;
    from_row(&row)
}

/// Newest first; one row more than the page holds.
pub(crate) fn list(
    db: &mut dyn Read,
    scope: &Scope,
    standing: Option<Standing>,
    page: &Paged,
) -> Result<Vec<Received>> {
    let mut params: Vec<Value> = vec![(page.limit + 1).into()];
    let mut conditions = vec![scope.filter_reaching("received", "received_reach", &mut params)];
    conditions.extend(standing.map(|standing| match standing {
        Standing::Open => holds(),
        Standing::Ended => format!("not ({})", holds()),
    }));
    if let Some((received_at, id)) = page.position.clone() {
        params.extend([received_at.into(), id.into()]);
        let (time, id) = (params.len() - 1, params.len());
        conditions.push(format!(
            "(received.received_at < ${time} \
             or (received.received_at = ${time} and received.id < ${id}))"
        ));
    }
    let sql = format!(
        "select {} from received where {} \
         order by received.received_at desc, received.id desc limit $1",
        columns(),
        conditions.join(" and ")
    );
    db.rows(&sql, &params)?.iter().map(from_row).collect()
}

/// Messages of one chain at most that a page shows.
const LONGEST_CHAIN: i64 = 100;

/// Those that a message names, and those that name it or one that it names, the oldest
/// first, itself among them; within the scope.
pub(crate) fn chain(db: &mut dyn Read, scope: &Scope, of: &Received) -> Result<Vec<Received>> {
    let mut params: Vec<Value> = vec![
        of.id.into(),
        of.sender.clone().into(),
        of.identifier.clone().into(),
        of.sent.into(),
        LONGEST_CHAIN.into(),
    ];
    let inside = scope.filter_reaching("received", "received_reach", &mut params);
    let sql = format!(
        "select {} from received where {inside} and received.sender = $2 and (received.id = $1 \
         or exists (select 1 from received_reference n where n.id = $1 \
         and n.sender = received.sender and n.identifier = received.identifier \
         and n.sent = received.sent) \
         or exists (select 1 from received_reference m where m.id = received.id \
         and ((m.sender = $2 and m.identifier = $3 and m.sent = $4) or exists \
         (select 1 from received_reference o where o.id = $1 and o.sender = m.sender \
         and o.identifier = m.identifier and o.sent = m.sent)))) \
         order by received.sent, received.id limit $5",
        columns()
    );
    db.rows(&sql, &params)?.iter().map(from_row).collect()
}

/// What is passed on in the feed of this node: warnings in earnest that came one by one, so
/// that their bytes are theirs alone; those that hold or came since `since`, the newest first.
pub(crate) fn passed_on(
    db: &mut dyn Read,
    origin: &str,
    since: Timestamp,
    limit: i64,
) -> Result<Vec<(ReceivedId, Timestamp)>> {
    let sql = format!(
        "select received.id, received.received_at from received where received.origin = $1 \
         and received.is_real = 1 and received.in_feed = 0 and received.class = 'public' \
         and (received.received_at >= $2 or ({})) \
         order by received.received_at desc, received.id desc limit $3",
        holds()
    );
    let rows = db.rows(&sql, params![origin, since, limit])?;
    rows.iter().map(|row| Ok((row.get("id")?, row.get("received_at")?))).collect()
}

/// Where the bytes of one that is passed on are, and when it came.
pub(crate) fn passed(
    db: &mut dyn Read,
    origin: &str,
    id: ReceivedId,
) -> Result<(Vec<DocumentRef>, Timestamp)> {
    let sql = "select documents, received_at from received where id = $1 and origin = $2 \
         and is_real = 1 and in_feed = 0 and class = 'public'";
    let row = db.row(sql, params![id, origin])?.ok_or(Error::not_found("message"))?;
    Ok((row.json("documents")?, row.get("received_at")?))
}

/// What of this name is known here: its id, and the hash of the bytes that it came in.
pub(crate) fn named(
    db: &mut dyn Read,
    origin: &str,
    name: (&str, &str, Timestamp),
) -> Result<Option<(ReceivedId, String)>> {
    let (sender, identifier, sent) = name;
    let row = db.row(
        "select id, hash from received where origin = $1 and sender = $2 and identifier = $3 \
         and sent = $4",
        params![origin, sender, identifier, sent],
    )?;
    row.map(|row| Ok((row.get("id")?, row.get("hash")?))).transpose()
}

/// Whether these bytes were refused before for this reason.
pub(crate) fn is_refused(db: &mut dyn Read, hash: &str, reason: &str) -> Result<bool> {
    let sql = "select id from received_reject where hash = $1 and reason = $2 limit 1";
    Ok(db.row(sql, params![hash, reason])?.is_some())
}

/// The warning in force whose time runs out first.
pub(crate) fn next_end(db: &mut dyn Read, job: &str) -> Result<Option<Due>> {
    let sql = format!(
        "select ends as at, id from received where expired = 0 and is_real = 1 \
         and msg_type in ('Alert', 'Update') and ends is not null and {} \
         order by ends, id limit 1",
        waiting(job, "received")
    );
    Due::first(db, &sql)
}

/// What came and was no message.
#[derive(Debug, Clone)]
pub(crate) struct Reject {
    pub id: ReceivedId,
    pub source: String,
    pub reason: String,
    pub hash: String,
    pub documents: Vec<DocumentRef>,
    pub bytes: i64,
    pub received_at: Timestamp,
}

const REJECT: &str = "received_reject.id, received_reject.source, received_reject.reason, \
     received_reject.hash, received_reject.documents, received_reject.bytes, \
     received_reject.received_at";

/// Newest first; one row more than the page holds.
pub(crate) fn rejects(db: &mut dyn Read, scope: &Scope, page: &Paged) -> Result<Vec<Reject>> {
    let mut params: Vec<Value> = vec![(page.limit + 1).into()];
    let mut conditions = vec![scope.filter("received_reject", &mut params)];
    if let Some((received_at, id)) = page.position.clone() {
        params.extend([received_at.into(), id.into()]);
        let (time, id) = (params.len() - 1, params.len());
        conditions.push(format!(
            "(received_reject.received_at < ${time} \
             or (received_reject.received_at = ${time} and received_reject.id < ${id}))"
        ));
    }
    let sql = format!(
        "select {REJECT} from received_reject where {} \
         order by received_reject.received_at desc, received_reject.id desc limit $1",
        conditions.join(" and ")
    );
    db.rows(&sql, &params)?.iter().map(reject_from).collect()
}

/// # Errors
/// [`Error::NotFound`] when there is none inside the scope.
pub(crate) fn reject(db: &mut dyn Read, scope: &Scope, id: ReceivedId) -> Result<Reject> {
    let mut params = vec![id.into()];
    let inside = scope.filter("received_reject", &mut params);
    let sql =
        format!("select {REJECT} from received_reject where received_reject.id = $1 and {inside}");
    let row = db.row(&sql, &params)?.ok_or(Error::not_found("received"))?;
    reject_from(&row)
}

fn reject_from(row: &Row) -> Result<Reject> {
    Ok(Reject {
        id: row.get("id")?,
        source: row.get("source")?,
        reason: row.get("reason")?,
        hash: row.get("hash")?,
        documents: row.json("documents")?,
        bytes: row.get("bytes")?,
        received_at: row.get("received_at")?,
    })
}

fn from_row(row: &Row) -> Result<Received> {
    let level: Option<i64> = row.get("level")?;
    let ended_by: Option<ReceivedId> = row.get("ended_by")?;
    let ended_as: Option<String> = row.get("ended_as")?;
    Ok(Received {
        id: row.get("id")?,
        source: row.get("source")?,
        sender: row.get("sender")?,
        identifier: row.get("identifier")?,
        sent: row.get("sent")?,
        sent_text: row.get("sent_text")?,
        status: row.get("status")?,
        scope: row.get("scope")?,
        msg_type: row.get("msg_type")?,
        sender_name: row.get("sender_name")?,
        event: row.get("event")?,
        headline: row.get("headline")?,
        area: row.get("area")?,
        level: level.and_then(Level::from_rank),
        severity: row.get("severity")?,
        urgency: row.get("urgency")?,
        certainty: row.get("certainty")?,
        begins: row.get("begins")?,
        ends: row.get("ends")?,
        expired: row.get("expired")?,
        is_real: row.get("is_real")?,
        faults: row.json("faults")?,
        more_faults: row.get("more_faults")?,
        hash: row.get("hash")?,
        documents: row.json("documents")?,
        bytes: row.get("bytes")?,
        received_at: row.get("received_at")?,
        ended_by: ended_by.zip(ended_as),
    })
}
