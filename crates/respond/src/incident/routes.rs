//! The incident's door for people.

use host::web::{Body, Idempotency, Json, Paged, Params, Path, Scoped, text};
use host::{Caller, Error, Page, Record, Reply, Result, Routes, World};
use schemars::JsonSchema;
use serde::Deserialize;

use base::{Id, Timestamp};

use super::model::{Incident, IncidentId, IncidentState};
use super::open::{Opening, Origin, open};
use super::store::{self, Wanted};
use super::timeline::{self, TimelineItem};
use super::{CLOSE, NOTE, OPEN, READ, hold, warning};
use crate::intake;

pub(crate) fn routes() -> Routes {
    Routes::new()
        .get("/api/incidents", READ, "Lists incidents, newest first", list)
        .asks::<IncidentQuery>()
        .paged()
        .gives::<Page<Incident>>()
        .post("/api/incidents", OPEN, "Turns a warning into an incident", open_from_warning)
        .takes::<OpenIncident>()
        .creates::<Incident>()
        .get("/api/incidents/{id}", READ, "Gives one incident", show)
        .gives::<Incident>()
        .get(
            "/api/incidents/{id}/timeline",
            READ,
            "Lists the facts of an incident's thread that the caller may see, oldest first",
            lines,
        )
        .asks::<TimelineQuery>()
        .gives::<Page<TimelineItem>>()
        .post("/api/incidents/{id}/notes", NOTE, "Adds a line to the time line", note)
        .takes::<WriteNote>()
        .creates::<Incident>()
        .post(
            "/api/incidents/{id}/close",
            CLOSE,
            "Ends an incident on which no task is open",
            close,
        )
        .takes::<CloseIncident>()
        .gives::<Incident>()
}

/// Which incidents are wanted.
#[derive(Debug, Default, Deserialize, JsonSchema)]
struct IncidentQuery {
    state: Option<IncidentState>,
    /// Those that ran at this moment; each is given as it is now.
    at: Option<Timestamp>,
    /// The one that this warning was turned into.
    warning: Option<Id>,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct OpenIncident {
    warning: Id,
    /// The warning's own title when absent.
    title: Option<String>,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
struct TimelineQuery {
    /// Lines after this seq.
    after: Option<i64>,
    /// 1 to 2 000; 500 when absent.
    limit: Option<i64>,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct WriteNote {
    text: String,
    /// The seq of the line that this one corrects.
    corrects: Option<i64>,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct CloseIncident {
    reason: String,
}

async fn list(
    world: World,
    Scoped(scope): Scoped,
    Params(query): Params<IncidentQuery>,
    page: Paged,
) -> Result<Json<Page<Incident>>> {
    let Paged { position, limit } = page;
    let wanted = Wanted { state: query.state, at: query.at, warning: query.warning };
    let incidents = world.read(move |db| store::list(db, &scope, &wanted, position, limit)).await?;
    Ok(Json(Page::cut(incidents, limit, |incident| {
        (incident.opened_at.as_millis(), incident.id.to_string())
    })))
}

async fn show(
    world: World,
    caller: Caller,
    Scoped(scope): Scoped,
    Path(id): Path<IncidentId>,
) -> Result<Json<Incident>> {
    let keys = world.keys().clone();
    let incident = world
        .read(move |db| {
            let mut incident = store::see(db, &scope, id)?;
            if let Some(call) = incident.intake {
                incident.caller = intake::caller_shown(db, &keys, &caller, call)?;
            }
            Ok(incident)
        })
        .await?;
    Ok(Json(incident))
}

async fn lines(
    world: World,
    caller: Caller,
    Scoped(scope): Scoped,
    Path(id): Path<IncidentId>,
    Params(query): Params<TimelineQuery>,
) -> Result<Json<Page<TimelineItem>>> {
    let kit = world.kit().clone();
    let after = query.after.unwrap_or(0);
    let limit = host::web::limit(query.limit, 500, 2_000)?;
    let mut items = world
        .read(move |db| {
            let incident = store::see(db, &scope, id)?;
            timeline::lines(db, &kit, &caller, &incident, after, limit + 1)
        })
        .await?;
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = limit < items.len();
    items.truncate(limit);
    let next = if more { items.last().map(|item| item.seq.to_string()) } else { None };
    Ok(Json(Page { items, next }))
}

/// `POST /api/incidents`: two officers who press the key at once get one incident.
async fn open_from_warning(
    world: World,
    caller: Caller,
    key: Idempotency,
    Scoped(scope): Scoped,
    Body(body): Body<OpenIncident>,
) -> Result<Reply<Incident>> {
    let title = body.title.map(|title| text("title", &title, 1, 120)).transpose()?;
    let node = world.origin().to_owned();
    let reply = world
        .commit(&caller, key, move |tx| {
            let warning = warning::load(tx, &scope, body.warning)?;
            if let Some(earlier) = store::of_warning(tx, body.warning)? {
                let earlier = store::load(tx, &scope, earlier)?;
                earlier.require_open()?;
                return Ok(earlier);
            }
            tx.require_home(&scope, body.warning)?;
            if !warning.in_hand {
                return Err(Error::conflict(
                    "warning-over",
                    "the warning is over; an incident is opened from one in hand",
                ));
            }
            let opening = Opening {
                title: title.unwrap_or(warning.title),
                detail: None,
                hazard: warning.hazard,
                level: Some(warning.level),
                region: warning.region,
                point: warning.point,
                place: warning.place,
                casualties: None,
                origin: Origin::Warning { warning: body.warning },
            };
            open(tx, &scope, &node, opening)
        })
        .await?;
    Ok(reply.created())
}

async fn note(
    world: World,
    caller: Caller,
    key: Idempotency,
    Scoped(scope): Scoped,
    Path(id): Path<IncidentId>,
    Body(body): Body<WriteNote>,
) -> Result<Reply<Incident>> {
    let line = text("text", &body.text, 1, 2_000)?;
    let kit = world.kit().clone();
    let reader = caller.clone();
    let reply = world
        .commit(&caller, key, move |tx| {
            let incident = store::load(tx, &scope, id)?;
            let corrects = match body.corrects {
                Some(seq) => Some(timeline::entry(tx, &kit, &reader, &incident, seq)?),
                None => None,
            };
            let fact = incident.note(line, corrects)?;
            // A correction is there because of what it corrects.
            tx.record(Record::next(id, fact).cause(corrects))?;
            store::load(tx, &scope, id)
        })
        .await?;
    Ok(reply.created())
}

async fn close(
    world: World,
    caller: Caller,
    key: Idempotency,
    Scoped(scope): Scoped,
    Path(id): Path<IncidentId>,
    Body(body): Body<CloseIncident>,
) -> Result<Reply<Incident>> {
    let reason = text("reason", &body.reason, 1, 400)?;
    world
        .commit(&caller, key, move |tx| {
            let incident = store::load(tx, &scope, id)?;
            let by = tx.actor_name().unwrap_or_default().to_owned();
            let fact = incident.close(by, reason)?;
            tx.record(Record::next(id, fact))?;
            let closed = tx.now();
            hold::limit(tx, id, closed)?;
            store::load(tx, &scope, id)
        })
        .await
}
