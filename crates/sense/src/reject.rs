//! Rejects: what came in and could not be taken, with the bytes and the reason.
//!
//! In: broken frames, lying lengths, wrong passwords, unreadable bodies. Out: nothing.
//! Tables: `rejected_frame`, working state, the newest 10 000 rows.
//! Screens: `ui/src/sense/reject`.
//!
//! What can be laid to a station belongs to its region; what cannot, belongs to
//! nobody and is seen by everybody who may read rejects.

use base::{Id, Timestamp};
use host::web::{Json, Paged, Params, Path, Scoped};
use host::{
    Caller, Error, Home, Page, Permission, Read, Result, Routes, Row, Scope, Slice, Table, Tx,
    Value, World, params,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::protocol::{Protocol, Span};
use crate::source::view;
use crate::station::{self, StationId};

pub const READ: Permission = Permission::new("reject.read", "查看拒收");

const REJECTS_KEPT: i64 = 10_000;

const TABLES: &[Table] = &[Table::working("rejected_frame")];

pub(crate) fn slice() -> Slice {
    Slice::without_facts("reject", TABLES, READ)
}

/// Bytes that were not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rejected {
    pub id: Id,
    pub protocol: Protocol,
    pub source: String,
    pub received: Timestamp,
    pub hex: String,
    pub reason: String,
    /// Where in the bytes, from 0, if a byte is to blame.
    pub offset: Option<i64>,
    /// The station it is laid to.
    pub station: Option<(StationId, Home)>,
}

/// Keeps the newest.
pub(crate) fn save(tx: &mut Tx<'_>, rejects: &[Rejected]) -> Result<()> {
    for reject in rejects {
        let (station, home) = match &reject.station {
            Some((station, home)) => (Some(*station), home.clone()),
            None => (None, Home::node()),
        };
        tx.work().run(
            "insert into rejected_frame \
             (id, protocol, source, received, hex, reason, at_byte, station, region, org, class, \
             cause) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) \
             on conflict (id) do nothing",
            params![
                reject.id,
                reject.protocol.code(),
                &reject.source,
                reject.received,
                &reject.hex,
                &reject.reason,
                reject.offset,
                station,
                home.region,
                home.org,
                home.class,
                cause(&reject.reason),
            ],
        )?;
    }
    tx.work().run(
        "delete from rejected_frame where id < (select min(id) from \
         (select id from rejected_frame order by id desc limit $1) as newest)",
        params![REJECTS_KEPT],
    )?;
    Ok(())
}

/// Characters of a cause, at most.
const LONGEST_CAUSE: usize = 160;

/// What many reasons have in common: texts in quotes, and words with digits, become `…`.
fn cause(reason: &str) -> String {
    let mut common = String::with_capacity(reason.len());
    let mut rest = reason;
    while let Some(first) = rest.chars().next() {
        let (piece, differs) = match first {
            '"' => (&rest[..quoted(rest)], true),
            _ => {
                let word = word(rest);
                (word, word.bytes().any(|byte| byte.is_ascii_digit()))
            }
        };
        common.push_str(if differs { "…" } else { piece });
        rest = &rest[piece.len()..];
    }
    common.chars().take(LONGEST_CAUSE).collect()
}

/// The word or number that a text begins with, or one character: `0x1A2B`, `-1e999`,
/// `2026-08-03`. What only ends it is not part of it.
fn word(text: &str) -> &str {
    let inside = |c: char| c.is_alphanumeric() || "._:+-".contains(c);
    let end = text.find(|c| !inside(c)).unwrap_or(text.len());
    let word = text[..end].trim_end_matches(['.', ':', '+', '-', '_']);
    match word.is_empty() {
        true => &text[..text.chars().next().map_or(0, char::len_utf8)],
        false => word,
    }
}

/// Bytes of a text in double quotes, with them; of one without an end all the rest.
fn quoted(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

pub(crate) fn routes() -> Routes {
    Routes::new()
        .get("/api/rejects", READ, "Lists what could not be taken, the newest first", list_route)
        .asks::<RejectQuery>()
        .paged()
        .gives::<Page<RejectView>>()
        .get(
            "/api/rejects/causes",
            READ,
            "What could not be taken, by source and cause, the latest first",
            causes_route,
        )
        .asks::<CauseQuery>()
        .gives::<Page<CauseView>>()
        .get("/api/rejects/{id}", READ, "What could not be taken, byte by byte", load_route)
        .gives::<RejectDetails>()
}

/// Which rejects are wanted.
#[derive(Debug, Default, Deserialize, JsonSchema)]
struct RejectQuery {
    /// Those laid to this station.
    station: Option<StationId>,
    /// Those of this cause, as `/api/rejects/causes` has it.
    cause: Option<String>,
}

/// Which causes are wanted.
#[derive(Debug, Default, Deserialize, JsonSchema)]
struct CauseQuery {
    /// Those of what is laid to this station.
    station: Option<StationId>,
}

/// Bytes that were not taken, as the API gives them.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Reject")]
pub(crate) struct RejectView {
    pub id: Id,
    pub protocol: Protocol,
    /// The protocol's short name.
    pub protocol_word: &'static str,
    pub source: String,
    pub received: Timestamp,
    /// The first 1 024 bytes.
    pub hex: String,
    pub reason: String,
    pub offset: Option<i64>,
    pub station: Option<StationId>,
}

/// Bytes that were not taken, with what can be told of them.
#[derive(Debug, Serialize, JsonSchema)]
struct RejectDetails {
    #[serde(flatten)]
    reject: RejectView,
    /// What each byte of `hex`, which is whole here, says, in order and without gaps.
    spans: Vec<Span>,
}

/// Rejects of one source for one cause.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "RejectCause")]
struct CauseView {
    /// `null` for what can be laid to nobody.
    station: Option<StationId>,
    protocol: Protocol,
    protocol_word: &'static str,
    /// The reason, with `…` where one differs from the other.
    cause: String,
    frames: i64,
    first: Timestamp,
    last: Timestamp,
    /// The newest of them.
    newest: Id,
}

/// Bytes of each reject in a list.
const LISTED: usize = 1_024;
/// Causes that are told, of all sources together.
const CAUSES: i64 = 500;

async fn list_route(
    world: World,
    caller: Caller,
    Scoped(scope): Scoped,
    Params(query): Params<RejectQuery>,
    page: Paged,
) -> Result<Json<Page<RejectView>>> {
    let Paged { position: before, limit } = page;
    let keeps = caller.scope(station::REGISTER).ok();
    let rejects = world.read(move |db| {
        let asked = Asked { scope: &scope, keeps: keeps.as_ref(), before, limit: limit + 1 };
        list(db, &asked, &query)
    });
    let key = |reject: &RejectView| (reject.received.as_millis(), reject.id.to_string());
    Ok(Json(Page::cut(rejects.await?, limit, key)))
}

async fn load_route(
    world: World,
    caller: Caller,
    Scoped(scope): Scoped,
    Path(id): Path<Id>,
) -> Result<Json<RejectDetails>> {
    let keeps = caller.scope(station::REGISTER).ok();
    let reject = world.read(move |db| load(db, &scope, keeps.as_ref(), id)).await?;
    Ok(Json(reject.ok_or(Error::not_found("reject"))?))
}

async fn causes_route(
    world: World,
    Scoped(scope): Scoped,
    Params(query): Params<CauseQuery>,
) -> Result<Json<Page<CauseView>>> {
    Ok(Json(Page::whole(world.read(move |db| causes(db, &scope, query.station)).await?)))
}

/// How a list of rejects is read.
struct Asked<'a> {
    scope: &'a Scope,
    /// Where the caller may see what frames carry as a password.
    keeps: Option<&'a Scope>,
    before: Option<(i64, String)>,
    limit: i64,
}

const COLUMNS: &str =
    "r.id, r.protocol, r.source, r.received, r.hex, r.reason, r.at_byte, r.station";

fn list(db: &mut dyn Read, asked: &Asked<'_>, query: &RejectQuery) -> Result<Vec<RejectView>> {
    let (received, id) = asked.before.clone().unwrap_or((i64::MAX, String::new()));
    let mut values = vec![Value::from(received), Value::from(id), Value::from(asked.limit)];
    let inside = within(asked.scope, &mut values);
    let kept = kept(asked.keeps, &mut values);
    let mut wanted = String::new();
    if let Some(station) = query.station {
        values.push(Value::from(station));
        wanted += &format!(" and r.station = ${}", values.len());
    }
    if let Some(cause) = &query.cause {
        values.push(Value::from(cause.clone()));
        wanted += &format!(" and coalesce(r.cause, r.reason) = ${}", values.len());
    }
    let sql = format!(
        "select {COLUMNS}, {kept} from rejected_frame r \
         where (r.received < $1 or (r.received = $1 and r.id < $2)) and {inside}{wanted} \
         order by r.received desc, r.id desc limit $3"
    );
    let rows = db.rows(&sql, &values)?;
    rows.iter()
        .map(|row| {
            let mut reject = from_row(row)?;
            if !row.get::<bool>("kept")? {
                let mut spans = layout(&reject);
                view::hide_password(&mut reject.hex, &mut spans);
            }
            reject.hex.truncate(2 * LISTED);
            Ok(reject)
        })
        .collect()
}

fn load(
    db: &mut dyn Read,
    scope: &Scope,
    keeps: Option<&Scope>,
    id: Id,
) -> Result<Option<RejectDetails>> {
    let mut values = vec![Value::from(id)];
    let inside = within(scope, &mut values);
    let kept = kept(keeps, &mut values);
    let sql =
        format!("select {COLUMNS}, {kept} from rejected_frame r where r.id = $1 and {inside}");
    let Some(row) = db.row(&sql, &values)? else { return Ok(None) };
    let mut reject = from_row(&row)?;
    let mut spans = layout(&reject);
    if !row.get::<bool>("kept")? {
        view::hide_password(&mut reject.hex, &mut spans);
    }
    Ok(Some(RejectDetails { reject, spans }))
}

fn layout(reject: &RejectView) -> Vec<Span> {
    reject.protocol.layout(&hex::decode(&reject.hex).unwrap_or_default())
}

fn causes(db: &mut dyn Read, scope: &Scope, station: Option<StationId>) -> Result<Vec<CauseView>> {
    let mut values = vec![Value::from(CAUSES)];
    let inside = within(scope, &mut values);
    let mut wanted = String::new();
    if let Some(station) = station {
        values.push(Value::from(station));
        wanted = format!(" and r.station = ${}", values.len());
    }
    let sql = format!(
        "select r.station, r.protocol, coalesce(r.cause, r.reason) as common, \
         count(*) as frames, min(r.received) as first_at, max(r.received) as last_at, \
         max(r.id) as newest from rejected_frame r where {inside}{wanted} \
         group by r.station, r.protocol, coalesce(r.cause, r.reason) \
         order by last_at desc, newest desc limit $1"
    );
    let rows = db.rows(&sql, &values)?;
    rows.iter()
        .map(|row| {
            let protocol: Protocol = row.parse("protocol")?;
            Ok(CauseView {
                station: row.get("station")?,
                protocol,
                protocol_word: protocol.word(),
                cause: row.get("common")?,
                frames: row.get("frames")?,
                first: row.get("first_at")?,
                last: row.get("last_at")?,
                newest: row.get("newest")?,
            })
        })
        .collect()
}

/// What is laid to a station in the scope, or to nobody.
fn within(scope: &Scope, values: &mut Vec<Value>) -> String {
    format!("(r.station is null or {})", scope.filter("r", values))
}

/// A column that says whether the caller may see what it carries as a password.
fn kept(keeps: Option<&Scope>, values: &mut Vec<Value>) -> String {
    let may = match keeps {
        Some(keeps) => within(keeps, values),
        None => "1 = 0".to_owned(),
    };
    format!("cast(case when {may} then 1 else 0 end as bigint) as kept")
}

fn from_row(row: &Row) -> Result<RejectView> {
    let protocol: Protocol = row.parse("protocol")?;
    Ok(RejectView {
        id: row.get("id")?,
        protocol,
        protocol_word: protocol.word(),
        source: row.get("source")?,
        received: row.get("received")?,
        hex: row.get("hex")?,
        reason: row.get("reason")?,
        offset: row.get("at_byte")?,
        station: row.get("station")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_that_differ_in_what_was_seen_have_one_cause() {
        for (one, other, common) in [
            (
                "checksum is 0x1A2B, the body gives 0xFFFF",
                "checksum is 0x0000, the body gives 0x12cd",
                "checksum is …, the body gives …",
            ),
            (
                r#"station is "220282-gas-2", the key is that of "a \" b""#,
                r#"station is "二道甸子", the key is that of """#,
                "station is …, the key is that of …",
            ),
            (
                "TOO_MANY_BAD: 21 of 100 records are bad",
                "TOO_MANY_BAD: 3 of 9 records are bad",
                "TOO_MANY_BAD: … of … records are bad",
            ),
            (
                "header time is 2026-08-03 09:10:00, expected at most 5 min ahead",
                "header time is 2026-08-04 09:11:01, expected at most 5 min ahead",
                "header time is … …, expected at most … min ahead",
            ),
        ] {
            assert_eq!(cause(one), common);
            assert_eq!(cause(other), common);
        }
        assert_eq!(cause("password is not the station's"), "password is not the station's");
        assert_eq!(cause("\"open"), "…");
        assert_eq!(cause(&"不".repeat(1_000)).chars().count(), LONGEST_CAUSE);
    }
}
