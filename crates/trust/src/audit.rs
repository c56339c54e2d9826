//! Audit: the log and the trail, for those who may read them; nobody may change them.
//!
//! Out (into the trail): `session.opened`, `.closed`, `.refused`,
//! `access.refused`, `password.changed`. Repeats from one source are collapsed per
//! minute: the first is written at once, the others as one entry with their count.

use std::collections::HashMap;
use std::sync::Mutex;

use base::Id;
use host::fact::read;
use host::log::Book;
use host::web::{Access, Json, Params, Path};
use host::world::{FactLine, wall_clock};
use host::{
    Caller, Entry, Lane, Page, Permission, Record, Result, Routes, Scope, Slice, Tx, World,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub const READ_LOG: Permission = Permission::new("log.read", "查阅事实日志");
pub const READ_TRAIL: Permission = Permission::new("trail.read", "查阅审计轨迹");

host::facts! {
    /// What the trail holds. Nothing of it is applied.
    pub enum TrailFact {
        "session.opened" v 1 => SignedIn(SignedIn),
        "session.closed" v 1 => SignedOut(SignedOut),
        "session.refused" v 1 => SignInRefused(SignInRefused),
        "access.refused" v 1 => AccessRefused(AccessRefused),
        "password.changed" v 1 => PasswordChanged(PasswordChanged),
    }
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct SignedIn {
    pub account: String,
    pub source: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct SignedOut {}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct SignInRefused {
    /// What was typed; it need not be an account.
    pub account: String,
    pub source: String,
    pub reason: String,
    /// How many this entry stands for.
    pub count: u64,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct AccessRefused {
    pub account: String,
    pub route: String,
    pub code: String,
    pub count: u64,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct PasswordChanged {}

pub(crate) fn slice() -> Slice {
    Slice::without_facts("audit", &[], READ_TRAIL)
}

pub(crate) fn note_signed_in(tx: &mut Tx<'_>, account: Id, name: &str, source: &str) -> Result<()> {
    let fact = SignedIn { account: name.to_owned(), source: source.to_owned() };
    tx.note(Record::new(account, TrailFact::SignedIn(fact)))
}

pub(crate) fn note_signed_out(tx: &mut Tx<'_>, caller: &Caller) -> Result<()> {
    tx.note(Record::new(caller.person, TrailFact::SignedOut(SignedOut {})))
}

pub(crate) fn note_password_changed(tx: &mut Tx<'_>, caller: &Caller) -> Result<()> {
    tx.note(Record::new(caller.person, TrailFact::PasswordChanged(PasswordChanged {})))
}

/// Counts repeats within a minute.
#[derive(Default)]
pub(crate) struct Collapse(Mutex<HashMap<String, Repeated>>);

struct Repeated {
    minute: i64,
    count: u64,
    subject: Id,
    fact: TrailFact,
}

/// Distinct sources remembered within a minute; beyond it each is written singly.
const SOURCES: usize = 4_096;

impl Collapse {
    pub(crate) fn sign_in_refused(&self, world: &World, name: &str, source: &str, reason: &str) {
        let fact = SignInRefused {
            account: name.to_owned(),
            source: source.to_owned(),
            reason: reason.to_owned(),
            count: 1,
        };
        let key = format!("sign-in {name} {source} {reason}");
        self.note(world, key, Id::from_u128(0), TrailFact::SignInRefused(fact));
    }

    pub(crate) fn refused(&self, world: &World, caller: &Caller, route: &str, code: &str) {
        let fact = AccessRefused {
            account: caller.account.clone(),
            route: route.to_owned(),
            code: code.to_owned(),
            count: 1,
        };
        let key = format!("access {} {route} {code}", caller.account);
        self.note(world, key, caller.person, TrailFact::AccessRefused(fact));
    }

    /// Writes the first of a minute now; the others when a later minute's comes.
    fn note(&self, world: &World, key: String, subject: Id, fact: TrailFact) {
        let minute = wall_clock().as_millis() / 60_000;
        let mut due = Vec::new();
        {
            let mut seen = self.0.lock().expect("no holder panics");
            // Whatever was counted in earlier minutes is written with this one.
            seen.retain(|_, repeated| {
                let past = repeated.minute < minute;
                if past && 1 < repeated.count {
                    due.push((
                        repeated.subject,
                        counted(repeated.fact.clone(), repeated.count - 1),
                    ));
                }
                !past
            });
            match seen.get_mut(&key) {
                Some(repeated) => repeated.count += 1,
                None => {
                    due.push((subject, fact.clone()));
                    if seen.len() < SOURCES {
                        seen.insert(key, Repeated { minute, count: 1, subject, fact });
                    }
                }
            }
        }
        if due.is_empty() {
            return;
        }
        let write = move |tx: &mut Tx<'_>| {
            for (subject, fact) in due {
                tx.note(Record::new(subject, fact))?;
            }
            Ok(())
        };
        let done = |written: Result<()>| {
            if let Err(error) = written {
                tracing::error!(%error, "an entry of the trail was not written");
            }
        };
        if let Err(error) = world.run_then(Lane::Ordinary, "web", write, done) {
            tracing::error!(%error, "an entry of the trail was not written");
        }
    }
}

fn counted(fact: TrailFact, count: u64) -> TrailFact {
    match fact {
        TrailFact::SignInRefused(refused) => {
            TrailFact::SignInRefused(SignInRefused { count, ..refused })
        }
        TrailFact::AccessRefused(refused) => {
            TrailFact::AccessRefused(AccessRefused { count, ..refused })
        }
        other => other,
    }
}

pub fn routes() -> Routes {
    Routes::new()
        .get("/api/trail", READ_TRAIL, "Lists the trail, newest first", trail)
        .asks::<TrailQuery>()
        .gives::<Page<TrailLine>>()
        .get("/api/facts", Access::SignedIn, "Lists facts that the caller may see", facts)
        .asks::<FactQuery>()
        .gives::<Page<FactLine>>()
        .get(
            "/api/chains/{correlation}",
            Access::SignedIn,
            "Gives all facts of one thread, from the first reading to the last task",
            chain,
        )
        .gives::<Page<FactLine>>()
}

#[derive(Debug, Deserialize, JsonSchema)]
struct TrailQuery {
    /// Entries before this seq.
    before: Option<i64>,
    limit: Option<i64>,
}

/// An entry of the trail.
#[derive(Debug, Serialize, JsonSchema)]
struct TrailLine {
    seq: i64,
    at: base::Timestamp,
    kind: String,
    actor: Option<String>,
    account: Option<String>,
    source: Option<String>,
    detail: String,
    count: u64,
}

async fn trail(world: World, Params(query): Params<TrailQuery>) -> Result<Json<Page<TrailLine>>> {
    let before = query.before.unwrap_or(i64::MAX);
    let limit = query.limit.unwrap_or(50).clamp(1, 200);
    let entries =
        world.read(move |db| host::log::before(db, Book::Trail, before, limit + 1)).await?;
    let more = limit < entries.len() as i64;
    let items: Vec<TrailLine> = entries.iter().take(limit as usize).map(trail_line).collect();
    let next = if more { items.last().map(|line| line.seq.to_string()) } else { None };
    Ok(Json(Page { items, next }))
}

fn trail_line(entry: &Entry) -> TrailLine {
    let (account, source, detail, count) = match read::<TrailFact>(entry) {
        Some(TrailFact::SignedIn(fact)) => (Some(fact.account), Some(fact.source), "登录", 1),
        Some(TrailFact::SignedOut(_)) => (None, None, "退出", 1),
        Some(TrailFact::PasswordChanged(_)) => (None, None, "修改口令", 1),
        Some(TrailFact::SignInRefused(fact)) => {
            let detail = if fact.reason == "locked" {
                "登录被拒：锁定中"
            } else {
                "登录被拒：口令不符"
            };
            (Some(fact.account), Some(fact.source), detail, fact.count)
        }
        Some(TrailFact::AccessRefused(fact)) => {
            let line = format!("访问被拒：{} {}", fact.route, fact.code);
            return TrailLine {
                detail: line,
                ..line_of(entry, Some(fact.account), None, "", fact.count)
            };
        }
        None => (None, None, "", 1),
    };
    line_of(entry, account, source, detail, count)
}

fn line_of(
    entry: &Entry,
    account: Option<String>,
    source: Option<String>,
    detail: &str,
    count: u64,
) -> TrailLine {
    TrailLine {
        seq: entry.seq,
        at: entry.header.recorded,
        kind: entry.header.kind.clone(),
        actor: entry.header.actor.name.clone(),
        account,
        source,
        detail: detail.to_owned(),
        count,
    }
}

/// Which facts are wanted.
#[derive(Debug, Default, Deserialize, JsonSchema)]
struct FactQuery {
    subject: Option<Id>,
    correlation: Option<Id>,
    kind: Option<String>,
    /// Facts after this seq, oldest first; without it the newest, newest first.
    after: Option<i64>,
    limit: Option<i64>,
}

async fn facts(
    world: World,
    caller: Caller,
    Params(query): Params<FactQuery>,
) -> Result<Json<Page<FactLine>>> {
    Ok(Json(Page::whole(seen(&world, caller, query).await?)))
}

async fn chain(
    world: World,
    caller: Caller,
    Path(correlation): Path<Id>,
) -> Result<Json<Page<FactLine>>> {
    let query = FactQuery {
        correlation: Some(correlation),
        after: Some(0),
        limit: Some(2_000),
        ..FactQuery::default()
    };
    let lines = seen(&world, caller, query).await?;
    if lines.is_empty() {
        return Err(host::Error::not_found("thread"));
    }
    Ok(Json(Page::whole(lines)))
}

/// Facts within what the caller may see, kind by kind: each slice says with which
/// permission its facts are seen, and that permission reaches as far as it does.
async fn seen(world: &World, caller: Caller, query: FactQuery) -> Result<Vec<FactLine>> {
    let kit = world.kit().clone();
    world
        .read(move |db| {
            let mut params = Vec::new();
            let mut sights = Vec::new();
            let auditor = caller.scope(READ_LOG).is_ok();
            for slice in &kit.slices {
                let scope = if auditor { Ok(Scope::Node) } else { caller.scope(slice.seen_with) };
                let Ok(scope) = scope else { continue };
                if slice.kinds.is_empty() {
                    continue;
                }
                let places: Vec<String> = slice
                    .kinds
                    .iter()
                    .map(|kind| {
                        params.push(kind.name.into());
                        format!("${}", params.len())
                    })
                    .collect();
                let inside = scope.filter("log.region", &mut params);
                sights.push(format!("(log.kind in ({}) and {inside})", places.join(", ")));
            }
            if sights.is_empty() {
                return Ok(Vec::new());
            }
            let mut conditions = vec![format!("({})", sights.join(" or "))];
            let mut also = |condition: &str, value: host::Value| {
                params.push(value);
                conditions.push(condition.replace('#', &format!("${}", params.len())));
            };
            if let Some(subject) = query.subject {
                also("log.subject = #", subject.into());
            }
            if let Some(correlation) = query.correlation {
                also("log.correlation = #", correlation.into());
            }
            if let Some(kind) = query.kind {
                also("log.kind = #", kind.into());
            }
            let order = if query.after.is_some() { "asc" } else { "desc" };
            if let Some(after) = query.after {
                also("log.seq > #", after.into());
            }
            params.push(query.limit.unwrap_or(100).clamp(1, 2_000).into());
            let limit = params.len();
            let entries = host::log::select(
                db,
                &format!("{} order by log.seq {order} limit ${limit}", conditions.join(" and ")),
                &params,
            )?;
            Ok(entries
                .iter()
                .map(|entry| {
                    let summary = kit.slice_of(entry.kind()).and_then(|slice| slice.summary(entry));
                    FactLine::of(entry, summary)
                })
                .collect())
        })
        .await
}
