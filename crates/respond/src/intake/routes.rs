//! The door of the officer at the telephone.

use axum::response::{IntoResponse as _, Response};
use base::{Id, Timestamp};
use host::trail::{Notes, Said};
use host::web::{Access, Body, Idempotency, Json, Paged, Params, Path};
use host::{Caller, Error, Home, Page, Record, Reply, Result, Routes, World};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::WRITE;
use super::model::{Form, Intake, IntakeId, IntakeLine};
use super::store::{self, Change, Desk, Draft, IntakeState};
use crate::incident::{self, Incident};

pub(crate) fn routes() -> Routes {
    Routes::new()
        .get("/api/intakes", Access::SignedIn, "Lists calls, last saved first, masked", list)
        .asks::<IntakeQuery>()
        .paged()
        .gives::<Page<IntakeLine>>()
        .get("/api/intakes/{id}", Access::SignedIn, "Gives one call with name and number", show)
        .gives::<Intake>()
        .put("/api/intakes/{id}", WRITE, "Saves what has been typed so far", save)
        .takes::<SaveIntake>()
        .gives::<Saved>()
        .delete("/api/intakes/{id}", WRITE, "Throws away one's own draft", delete)
        .post("/api/intakes/{id}/open", incident::OPEN, "Opens an incident from a call", open)
        .creates::<Incident>()
}

/// Which calls are wanted.
#[derive(Debug, Default, Deserialize, JsonSchema)]
struct IntakeQuery {
    /// `draft` when absent.
    state: Option<IntakeState>,
}

/// What has been typed so far.
#[derive(Debug, Deserialize, JsonSchema)]
struct SaveIntake {
    #[serde(flatten)]
    form: Form,
    /// The revision that the typing started from; a newer one at the node refuses it.
    /// Whoever did not take the call must say it.
    revision: Option<i64>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Saved {
    saved_at: Timestamp,
    revision: i64,
}

host::facts! {
    /// What the trail holds about calls. Nothing of it is applied.
    pub enum TrailFact {
        "intake.viewed" v 2 => Viewed(Viewed),
    }
    upcast untold;
}

/// Somebody other than its taker saw a call's name and number. Which call it was is said
/// without them: who took it and when it came in.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Viewed {
    /// `None` in a note of version 1, which named the call by its id alone.
    pub taker: Option<Id>,
    pub started_at: Option<Timestamp>,
}

/// Version 1 said nothing of the call.
fn untold(_: &str, version: u32, body: serde_json::Value) -> Option<serde_json::Value> {
    (version == 1).then_some(body)
}

pub(crate) fn notes() -> Notes {
    Notes::new::<TrailFact>("intake", |note| {
        let TrailFact::Viewed(viewed) = note;
        Said::new(json!({ "started_at": viewed.started_at })).about("intake").concerns(viewed.taker)
    })
}

async fn list(
    world: World,
    caller: Caller,
    Params(query): Params<IntakeQuery>,
    page: Paged,
) -> Result<Json<Page<IntakeLine>>> {
    let desk = Desk::of(&caller)?;
    let Paged { position, limit } = page;
    let state = query.state.unwrap_or_default();
    let keys = world.keys().clone();
    let read = world.read(move |db| {
        let calls = store::list(db, &desk, state, position, limit)?;
        calls.into_iter().map(|call| call.line(&keys)).collect::<Result<Vec<_>>>()
    });
    let lines = read.await?;
    Ok(Json(Page::cut(lines, limit, |line: &IntakeLine| {
        (line.saved_at.as_millis(), line.id.to_string())
    })))
}

/// `GET /api/intakes/{id}`: reading another's call is a read of personal data, and
/// goes into the trail.
async fn show(world: World, caller: Caller, Path(id): Path<IntakeId>) -> Result<Json<Intake>> {
    let desk = Desk::of(&caller)?;
    let call = world.read(move |db| store::load(db, &desk, id)).await?;
    let home = Home { region: call.known.region.clone(), ..Home::node() };
    let owner = call.owner.person;
    let viewed = Viewed { taker: Some(owner), started_at: Some(call.started_at) };
    let note = Record::first(id, home, TrailFact::Viewed(viewed));
    let words = world.open_sealed(&caller, call.words.clone(), owner, note).await?;
    Ok(Json(call.with(words.or_refused()?)))
}

/// `PUT /api/intakes/{id}`: at each key, so it is no request to be remembered; the
/// same form again changes nothing anyway.
async fn save(
    world: World,
    caller: Caller,
    Path(id): Path<IntakeId>,
    Body(body): Body<SaveIntake>,
) -> Result<Reply<Saved>> {
    let Form { words, known } = body.form.checked()?;
    let draft = Draft { id, writer: caller.clone(), known, based_on: body.revision };
    let (keys, asked, typed) = (world.keys().clone(), draft.clone(), words.clone());
    let change = world.read(move |db| store::judge(db, &keys, &asked, &typed)).await?;
    let sealed = match change {
        // The command looks once more: it may have changed meanwhile.
        Change::Nothing(before) => before.words,
        Change::New | Change::Changed => world.seal(id.into(), words.clone()).await?,
    };
    world
        .commit(&caller, Idempotency::default(), move |tx| {
            let call = store::save(tx, &draft, &words, &sealed)?;
            Ok(Saved { saved_at: call.saved_at, revision: call.revision })
        })
        .await
}

async fn delete(world: World, caller: Caller, Path(id): Path<IntakeId>) -> Result<Response> {
    let desk = Desk::of(&caller)?;
    let own = caller.person;
    world
        .commit(&caller, Idempotency::default(), move |tx| {
            let call = store::load(tx, &desk, id)?;
            if call.owner.person != own {
                return Err(Error::conflict("not-your-intake", "another officer takes this call"));
            }
            if call.incident.is_some() {
                return Err(Error::conflict("intake-opened", "the call is an incident already"));
            }
            store::delete(tx, id, "来电记录由登记人删除")
        })
        .await?;
    Ok(axum::http::StatusCode::NO_CONTENT.into_response())
}

/// `POST /api/intakes/{id}/open`: once; asked again, it answers the same incident.
async fn open(
    world: World,
    caller: Caller,
    key: Idempotency,
    Path(id): Path<IntakeId>,
) -> Result<Reply<Incident>> {
    let desk = Desk::of(&caller)?;
    let scope = caller.scope(incident::OPEN)?;
    let node = world.origin().to_owned();
    let reply = world
        .commit(&caller, key, move |tx| {
            let call = store::load(tx, &desk, id)?;
            if let Some(incident) = call.incident {
                return incident::load(tx, &scope, incident.into());
            }
            let opening = call.opening(tx.keys())?;
            let incident = incident::open(tx, &scope, &node, opening)?;
            store::mark_opened(tx, id, incident.id.into())?;
            Ok(incident)
        })
        .await?;
    Ok(reply.created())
}
