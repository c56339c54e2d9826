//! Requests: what one node asks of another, since only the owner changes a subject.
//!
//! In: a slice whose officer wants something of a subject that another node owns;
//! at the other node, `request.made` as it comes in by segment.
//! Out: `request.made`, `request.expired` by the node that asks; `request.accepted`,
//! `request.refused` by the node that is asked, each in its own log.
//! Tables: `request`, `request_answer`. Decision in ADR 0013.
//!
//! The slice that owns the subject registers a [`RequestKind`]. It decides in the
//! reaction's transaction, within what this node lets the asking node do
//! (`node.granted`), so the answer and what it did are one commit, once.

use base::{AdminCode, Id, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::db::{Read, Row};
use crate::error::{Error, Result};
use crate::job::waiting;
use crate::web::{Paged, Params, Path, Scoped};
use crate::{
    Due, Entry, Home, Job, Page, Permission, Reaction, Record, Recorded, Routes, Scope, Slice,
    Summary, Table, Tables, Tx, Value, World, params,
};

pub const READ: Permission = Permission::new("request.read", "查看节点间请求");

/// The largest body of a request, in bytes: it is a command, never a document.
const LARGEST_BODY: usize = 64 << 10;

crate::facts! {
    /// What can happen to a request.
    pub enum RequestFact {
        "request.made" v 1 => Made(Made),
        "request.accepted" v 1 => Accepted(Accepted),
        "request.refused" v 1 => Refused(Refused),
        "request.expired" v 1 => Expired(Expired),
    }
}

/// A node asks another to do something with what that one owns.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Made {
    /// The node that is asked.
    pub to: String,
    /// `task.assign`: a kind that the asked node's slices know.
    pub kind: String,
    /// What the kind's handler reads.
    pub body: Json,
    /// From here on an answer is not waited for, and nothing is done any more.
    pub until: Timestamp,
    /// The officer, by the name of that moment.
    pub asked_by: String,
}

/// It was done: `result` is what the handler says of it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Accepted {
    pub request: Id,
    pub result: Json,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Refused {
    pub request: Id,
    pub reason: String,
}

/// No answer had come by its time.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Expired {}

/// Something that other nodes may ask of a slice.
#[derive(Clone)]
pub struct RequestKind {
    /// Stable: it is in the other node's facts.
    pub name: &'static str,
    /// What the asking node must have been granted here.
    pub permission: Permission,
    /// Decides and records like a command at the door, within [`Asked::scope`]. A
    /// refusal ([`Error::Invalid`], [`Error::NotFound`], [`Error::Conflict`]) is
    /// answered in its words; nothing may be recorded before it.
    pub decide: fn(&mut Tx<'_>, &Asked<'_>) -> Result<Json>,
}

/// A request as its handler sees it.
pub struct Asked<'a> {
    pub request: Id,
    /// The node that asks.
    pub from: &'a str,
    pub asked_by: &'a str,
    pub body: &'a Json,
    /// Where this node grants the permission to that one.
    pub scope: Scope,
    /// `request.made`: its thread goes on here.
    pub entry: &'a Entry,
}

/// What is asked of another node.
pub struct Ask {
    pub to: String,
    pub kind: &'static str,
    /// The subject that it is about: the request and its answer are at home where that is.
    pub about: Id,
    pub body: Json,
    pub until: Timestamp,
    pub asked_by: String,
}

/// Asks another node about a subject within `scope`; answers the request's id.
///
/// # Errors
/// [`Error::NotFound`] for a subject that is at home outside; [`Error::Conflict`] `own-subject` when this node itself is asked;
/// [`Error::Invalid`] for a time that has passed or a body that is too large.
pub fn ask(tx: &mut Tx<'_>, scope: &Scope, ask: Ask) -> Result<Id> {
    if ask.to == tx.origin {
        return Err(Error::conflict("own-subject", "this node owns it: do it here"));
    }
    if ask.until <= tx.now() {
        return Err(Error::invalid("until", ask.until, format!("later than {}", tx.now())));
    }
    let length = ask.body.to_string().len();
    if LARGEST_BODY < length {
        let seen = format!("{length} bytes");
        return Err(Error::invalid("body", seen, format!("at most {LARGEST_BODY} bytes")));
    }
    let id = tx.new_id();
    let made = Made {
        to: ask.to,
        kind: ask.kind.to_owned(),
        body: ask.body,
        until: ask.until,
        asked_by: ask.asked_by,
    };
    // What is asked between two nodes does not concern whom the subject reaches.
    let home = Home { reach: Vec::new(), ..tx.home_of(ask.about)? };
    scope.require(tx, &home)?;
    tx.record(Record::first(id, home, RequestFact::Made(made)).follows(ask.about))?;
    Ok(id)
}

/// The asked node's door: decides what is addressed to this node, and answers.
fn answer(tx: &mut Tx<'_>, entry: &Entry) -> Result<()> {
    let request = entry.header.subject;
    let from = entry.header.origin.clone();
    let Some(RequestFact::Made(made)) = crate::fact::read::<RequestFact>(entry) else {
        return Ok(());
    };
    if made.to != tx.origin || from == tx.origin || answered(tx, request)? {
        return Ok(());
    }
    let before = tx.entries.len();
    let outcome = decide(tx, entry, &made);
    let fact = match outcome {
        Ok(result) => RequestFact::Accepted(Accepted { request, result }),
        Err(error @ (Error::Db(_) | Error::Internal(_) | Error::Busy(_))) => return Err(error),
        // What a handler recorded before it refused must not stay: the whole reaction
        // fails, and the fact is parked where a person finds it.
        Err(error) if tx.entries.len() != before => {
            return Err(Error::Internal(format!("{} refused after it acted: {error}", made.kind)));
        }
        Err(error) => RequestFact::Refused(Refused { request, reason: error.to_string() }),
    };
    record_answer(tx, entry, fact)?;
    Ok(())
}

fn decide(tx: &mut Tx<'_>, entry: &Entry, made: &Made) -> Result<Json> {
    if made.until <= tx.now() {
        let detail = format!("it came at {}, after its time {}", tx.now(), made.until);
        return Err(Error::conflict("request-late", detail));
    }
    let kit = tx.kit;
    let kind = kit.requests.iter().find(|kind| kind.name == made.kind);
    let kind = kind.ok_or_else(|| {
        Error::conflict("request-unknown", format!("this node knows no request {}", made.kind))
    })?;
    let scope = crate::neighbour::granted(tx, &entry.header.origin, kind.permission)?;
    let asked = Asked {
        request: entry.header.subject,
        from: &entry.header.origin,
        asked_by: &made.asked_by,
        body: &made.body,
        scope,
        entry,
    };
    (kind.decide)(tx, &asked)
}

fn record_answer(tx: &mut Tx<'_>, entry: &Entry, fact: RequestFact) -> Result<Recorded> {
    // The request is the other node's subject; the answer is this node's own.
    let id = tx.new_id();
    tx.record(Record::first(id, entry.home(), fact))
}

fn answered(tx: &mut Tx<'_>, request: Id) -> Result<bool> {
    let origin = tx.origin;
    let row = tx.row(
        "select request from request_answer where request = $1 and origin = $2",
        params![request, origin],
    )?;
    Ok(row.is_some())
}

/// A request whose time has passed without an answer.
const UNANSWERED: &str = "request.expired = 0 and not exists (select 1 from request_answer a \
    where a.request = request.id and a.origin = request.to_origin)";

const EXPIRE: &str = "request.expire";

fn job() -> Job {
    Job {
        name: EXPIRE,
        next: |db| {
            let waiting = waiting(EXPIRE, "request");
            let sql = format!(
                "select until_at as at, id from request where {UNANSWERED} and {waiting} \
                 order by until_at, id limit 1"
            );
            Due::first(db, &sql)
        },
        run: |tx, due| {
            tx.record(Record::next(due.subject, RequestFact::Expired(Expired {}))).map(|_| ())
        },
    }
}

fn apply(tables: &mut Tables<'_>, entry: &Entry, fact: &RequestFact) {
    let header = &entry.header;
    let (id, origin) = (header.subject, &header.origin);
    let mut answered = |request: Id, accepted: bool, answer: String| {
        // In a table of its own: on a third node the answer may come before the
        // request. Whoever was not asked may say what they like.
        tables.run(
            "insert into request_answer (request, origin, accepted, answer, answered_at) \
             values ($1, $2, $3, $4, $5) on conflict (request, origin) do nothing",
            params![request, origin, accepted, answer, entry.at()],
        );
    };
    match fact {
        RequestFact::Accepted(it) => answered(it.request, true, it.result.to_string()),
        RequestFact::Refused(it) => answered(it.request, false, it.reason.clone()),
        RequestFact::Made(made) => tables.put(
            "request",
            entry,
            crate::row! {
                to_origin: &made.to,
                kind: &made.kind,
                body: made.body.to_string(),
                asked_by: &made.asked_by,
                until_at: made.until,
                made_at: entry.at(),
                expired: false,
                correlation: header.correlation,
            },
        ),
        RequestFact::Expired(_) => tables.run(
            "update request set expired = 1 where id = $1 and origin = $2",
            params![id, origin],
        ),
    }
}

fn summary(_: &Entry, fact: &RequestFact) -> Summary {
    match fact {
        RequestFact::Made(made) => Summary::new(
            format!("{} 请求 {} 办理 {}", made.asked_by, made.to, made.kind),
            serde_json::json!({ "to": made.to, "kind": made.kind, "until": made.until }),
        ),
        RequestFact::Accepted(it) => {
            Summary::new("请求已办", serde_json::json!({ "request": it.request }))
        }
        RequestFact::Refused(it) => Summary::new(
            format!("请求被退回：{}", it.reason),
            serde_json::json!({ "request": it.request }),
        ),
        RequestFact::Expired(_) => Summary::new("请求到时无答复", serde_json::json!({})),
    }
}

/// What has become of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RequestState {
    /// Under way, or waiting for an answer.
    Made,
    Accepted,
    Refused,
    /// No answer came in time. One that comes later still counts: it was done or not.
    Expired,
}

/// A request as the API gives it, at the node that asks and at the one that is asked.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Request {
    pub id: Id,
    /// The node that asks.
    pub origin: String,
    pub to: String,
    pub kind: String,
    /// Where the subject that it is about is at home.
    pub region: Option<AdminCode>,
    pub body: Json,
    pub asked_by: String,
    pub made_at: Timestamp,
    pub until: Timestamp,
    pub state: RequestState,
    /// What the asked node said: the handler's result, or why not.
    pub answer: Option<Json>,
    pub answered_at: Option<Timestamp>,
    pub correlation: Id,
}

/// Requests with their answers; a condition follows.
const WITH_ANSWER: &str = "select request.id, request.origin, to_origin, kind, region, body, \
    asked_by, until_at, made_at, expired, correlation, a.accepted, a.answer, a.answered_at \
    from request \
    left join request_answer a on a.request = request.id and a.origin = request.to_origin where";

impl RequestState {
    /// As a condition on [`WITH_ANSWER`].
    fn condition(self) -> &'static str {
        match self {
            RequestState::Made => "a.accepted is null and expired = 0",
            RequestState::Accepted => "a.accepted = 1",
            RequestState::Refused => "a.accepted = 0",
            RequestState::Expired => "a.accepted is null and expired = 1",
        }
    }
}

/// Requests within a scope, newest first, after `position`; `limit + 1` at most. Those in
/// one state, or all.
///
/// # Errors
/// [`Error::Db`] when the database does not answer.
pub fn list(
    db: &mut dyn Read,
    scope: &Scope,
    state: Option<RequestState>,
    position: Option<(i64, String)>,
    limit: i64,
) -> Result<Vec<Request>> {
    let (at, id) = position.unwrap_or((i64::MAX, String::new()));
    let mut params = vec![Value::from(at), Value::from(id), Value::from(limit + 1)];
    let inside = scope.filter("request", &mut params);
    let of_state = state.map_or("1 = 1", RequestState::condition);
    let rows = db.rows(
        &format!(
            "{WITH_ANSWER} (made_at < $1 or (made_at = $1 and request.id < $2)) \
             and {of_state} and {inside} order by made_at desc, request.id desc limit $3"
        ),
        &params,
    )?;
    rows.iter().map(Request::read).collect()
}

/// A request within a scope.
///
/// # Errors
/// [`Error::NotFound`].
pub fn load(db: &mut dyn Read, scope: &Scope, id: Id) -> Result<Request> {
    let mut params = vec![Value::from(id)];
    let inside = scope.filter("request", &mut params);
    let row = db.row(&format!("{WITH_ANSWER} request.id = $1 and {inside}"), &params)?;
    Request::read(&row.ok_or(Error::not_found("request"))?)
}

impl Request {
    fn read(row: &Row) -> Result<Request> {
        let accepted: Option<bool> = row.get("accepted")?;
        let state = match (accepted, row.get::<bool>("expired")?) {
            (Some(true), _) => RequestState::Accepted,
            (Some(false), _) => RequestState::Refused,
            (None, true) => RequestState::Expired,
            (None, false) => RequestState::Made,
        };
        let answer: Option<String> = row.get("answer")?;
        let answer = answer.map(|text| match state {
            RequestState::Accepted => serde_json::from_str(&text).unwrap_or(Json::Null),
            _ => Json::String(text),
        });
        Ok(Request {
            id: row.get("id")?,
            origin: row.get("origin")?,
            to: row.get("to_origin")?,
            kind: row.get("kind")?,
            region: row.parse_opt("region")?,
            body: row.json("body")?,
            asked_by: row.get("asked_by")?,
            made_at: row.get("made_at")?,
            until: row.get("until_at")?,
            state,
            answer,
            answered_at: row.get("answered_at")?,
            correlation: row.get("correlation")?,
        })
    }
}

#[derive(Debug, Deserialize, JsonSchema)]
struct RequestQuery {
    /// Only those in this state.
    state: Option<RequestState>,
}

async fn page(
    world: World,
    Scoped(scope): Scoped,
    Params(query): Params<RequestQuery>,
    asked: Paged,
) -> Result<axum::Json<Page<Request>>> {
    let Paged { position, limit } = asked;
    let requests = world.read(move |db| list(db, &scope, query.state, position, limit)).await?;
    Ok(axum::Json(Page::cut(requests, limit, |it| (it.made_at.as_millis(), it.id.to_string()))))
}

async fn show(
    world: World,
    Scoped(scope): Scoped,
    Path(id): Path<Id>,
) -> Result<axum::Json<Request>> {
    Ok(axum::Json(world.read(move |db| load(db, &scope, id)).await?))
}

pub(crate) fn part() -> crate::Part {
    const TABLES: &[Table] = &[Table::subjects("request"), Table::facts("request_answer")];
    let slice = Slice::new::<RequestFact>("request", 1, TABLES, READ, apply, summary);
    crate::Part {
        name: "requests",
        slices: vec![slice.of_the_node()],
        reactions: vec![Reaction {
            name: "request.answer",
            kinds: &["request.made"],
            foreign: true,
            react: answer,
        }],
        jobs: vec![job()],
        routes: Routes::new()
            .get("/api/requests", READ, "Lists what nodes ask of each other, newest first", page)
            .asks::<RequestQuery>()
            .paged()
            .gives::<Page<Request>>()
            .get("/api/requests/{id}", READ, "Gives a request with its answer", show)
            .gives::<Request>(),
        permissions: vec![READ],
        ..crate::Part::default()
    }
}
