//! The log and the trail as pages: newest first, or from a seq on, oldest first.

use base::Id;
use host::line::FactLine;
use host::log::Book;
use host::trail::TrailLine;
use host::web::{Access, Json, Params, Path};
use host::{Caller, Entry, Error, Page, Result, Routes, Sight, World};
use schemars::JsonSchema;
use serde::Deserialize;

use super::window::{self, Filter, Range};
use super::{READ_LOG, READ_TRAIL};

/// Facts on a page, when nothing is said and at most.
const USUAL: i64 = 100;
const MOST: i64 = 2_000;

/// The trail is the node's: who signed in here, and who was refused.
pub(crate) fn trail_routes() -> Routes {
    Routes::new()
        .get("/api/trail", READ_TRAIL, "Lists the trail, newest first", trail)
        .asks::<TrailQuery>()
        .gives::<Page<TrailLine>>()
}

/// The log is each world's own.
pub(crate) fn log_routes() -> Routes {
    Routes::new()
        .get("/api/facts", Access::SignedIn, "Lists facts that the caller may see", facts)
        .asks::<FactQuery>()
        .gives::<Page<FactLine>>()
        .get(
            "/api/chains/{correlation}",
            Access::SignedIn,
            "Gives all facts of one thread, from the first reading to the last task",
            chain,
        )
        .asks::<ChainQuery>()
        .gives::<Page<FactLine>>()
}

#[derive(Debug, Deserialize, JsonSchema)]
struct TrailQuery {
    /// Entries before this seq.
    before: Option<i64>,
    /// `next` of the page before.
    cursor: Option<String>,
    limit: Option<i64>,
}

async fn trail(world: World, Params(query): Params<TrailQuery>) -> Result<Json<Page<TrailLine>>> {
    let range = Range::newest_first(query.before).from(query.cursor.as_deref())?;
    let limit = host::web::limit(query.limit, 50, 200)?;
    let kit = world.kit().clone();
    let page = world.read(move |db| {
        let entries = host::log::before(db, Book::Trail, range.below, limit + 1)?;
        let (entries, next) = page(entries, limit);
        Ok(Page { items: TrailLine::list(db, &kit, &entries)?, next })
    });
    Ok(Json(page.await?))
}

/// From one entry more than asked for, which only says that more follow: its
/// cursor is the seq of the last one that is on the page.
fn page(mut entries: Vec<Entry>, limit: i64) -> (Vec<Entry>, Option<String>) {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = limit < entries.len();
    entries.truncate(limit);
    let next = entries.last().filter(|_| more).map(|entry| entry.seq.to_string());
    (entries, next)
}

/// Which facts are wanted.
#[derive(Debug, Default, Deserialize, JsonSchema)]
struct FactQuery {
    subject: Option<Id>,
    correlation: Option<Id>,
    kind: Option<String>,
    /// Facts after this seq, oldest first; without it the newest, newest first.
    after: Option<i64>,
    /// Facts before this seq.
    before: Option<i64>,
    /// `next` of the page before; the other parameters stay as they were.
    cursor: Option<String>,
    /// 1 to 2000; 100 when absent.
    limit: Option<i64>,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
struct ChainQuery {
    /// `next` of the page before.
    cursor: Option<String>,
    /// 1 to 2000; 2000 when absent.
    limit: Option<i64>,
}

async fn facts(
    world: World,
    caller: Caller,
    Params(query): Params<FactQuery>,
) -> Result<Json<Page<FactLine>>> {
    let range = match query.after {
        Some(after) => Range::oldest_first(after, query.before),
        None => Range::newest_first(query.before),
    };
    let range = range.from(query.cursor.as_deref())?;
    let filter =
        Filter { subject: query.subject, correlation: query.correlation, kind: query.kind };
    let limit = host::web::limit(query.limit, USUAL, MOST)?;
    Ok(Json(seen(&world, caller, filter, range, limit).await?))
}

async fn chain(
    world: World,
    caller: Caller,
    Path(correlation): Path<Id>,
    Params(query): Params<ChainQuery>,
) -> Result<Json<Page<FactLine>>> {
    let first = query.cursor.is_none();
    let range = Range::oldest_first(0, None).from(query.cursor.as_deref())?;
    let filter = Filter { correlation: Some(correlation), ..Filter::default() };
    let limit = host::web::limit(query.limit, MOST, MOST)?;
    let lines = seen(&world, caller, filter, range, limit).await?;
    if first && lines.items.is_empty() {
        return Err(Error::not_found("thread"));
    }
    Ok(Json(lines))
}

/// Facts within what the caller may see, kind by kind: each slice says with which
/// permission its facts are seen, and that permission reaches as far as it does.
async fn seen(
    world: &World,
    caller: Caller,
    filter: Filter,
    range: Range,
    limit: i64,
) -> Result<Page<FactLine>> {
    let kit = world.kit().clone();
    let auditor = caller.may(READ_LOG);
    let sight = if auditor { Sight::whole() } else { Sight::of(&kit, &caller) };
    let last = world.last_seq();
    world
        .read(move |db| {
            let entries = window::list(db, &sight, &filter, range.within(last), limit + 1)?;
            let (entries, next) = page(entries, limit);
            Ok(Page { items: FactLine::list(db, &kit, &entries)?, next })
        })
        .await
}
