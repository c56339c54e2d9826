//! The door of the officer at the telephone.

use axum::response::{IntoResponse as _, Response};
use base::Timestamp;
use host::web::{Access, Body, Idempotency, Json, PageQuery, Params, Path};
use host::{Caller, Error, Home, Page, Record, Reply, Result, Routes, World};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::WRITE;
use super::model::{Form, Intake, IntakeId, IntakeLine};
use super::store::{self, Desk, IntakeState};
use crate::incident::{self, Incident};

pub(crate) fn routes() -> Routes {
    Routes::new()
        .get("/api/intakes", Access::SignedIn, "Lists calls, last saved first, masked", list)
        .asks::<IntakeQuery>()
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
    cursor: Option<String>,
    limit: Option<i64>,
}

/// What has been typed so far.
#[derive(Debug, Deserialize, JsonSchema)]
struct SaveIntake {
    #[serde(flatten)]
    form: Form,
    /// The revision that the typing started from; a newer one at the node refuses it.
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
        "intake.viewed" v 1 => Viewed(Viewed),
    }
}

/// Somebody other than its taker saw a call's name and number.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Viewed {}

async fn list(
    world: World,
    caller: Caller,
    Params(query): Params<IntakeQuery>,
) -> Result<Json<Page<IntakeLine>>> {
    let desk = Desk::of(&caller)?;
    let page = PageQuery { cursor: query.cursor, limit: query.limit };
    let (position, limit) = (page.position()?, page.limit());
    let state = query.state.unwrap_or_default();
    let calls = world.read(move |db| store::list(db, &desk, state, position, limit)).await?;
    let lines = calls.iter().map(Intake::line).collect();
    Ok(Json(Page::cut(lines, limit, |line: &IntakeLine| {
        (line.saved_at.as_millis(), line.id.to_string())
    })))
}

/// `GET /api/intakes/{id}`: reading another's call is a read of personal data, and
/// goes into the trail.
async fn show(world: World, caller: Caller, Path(id): Path<IntakeId>) -> Result<Json<Intake>> {
    let desk = Desk::of(&caller)?;
    let own = caller.person;
    let intake = world.read(move |db| store::load(db, &desk, id)).await?;
    if intake.owner.person != own {
        let region = intake.form.region.clone();
        let noted = world.commit(&caller, Idempotency::default(), move |tx| {
            let home = Home { region, ..Home::node() };
            tx.note(Record::first(id, home, TrailFact::Viewed(Viewed {})))
        });
        noted.await?;
    }
    Ok(Json(intake))
}

/// `PUT /api/intakes/{id}`: at each key, so it is no request to be remembered; the
/// same form again changes nothing anyway.
async fn save(
    world: World,
    caller: Caller,
    Path(id): Path<IntakeId>,
    Body(body): Body<SaveIntake>,
) -> Result<Reply<Saved>> {
    let form = body.form.checked()?;
    let writer = caller.clone();
    world
        .commit(&caller, Idempotency::default(), move |tx| {
            let intake = store::save(tx, &writer, id, form, body.revision)?;
            Ok(Saved { saved_at: intake.saved_at, revision: intake.revision })
        })
        .await
}

async fn delete(world: World, caller: Caller, Path(id): Path<IntakeId>) -> Result<Response> {
    let desk = Desk::of(&caller)?;
    let own = caller.person;
    world
        .commit(&caller, Idempotency::default(), move |tx| {
            let intake = store::load(tx, &desk, id)?;
            if intake.owner.person != own {
                return Err(Error::conflict("not-your-intake", "another officer takes this call"));
            }
            if intake.incident.is_some() {
                return Err(Error::conflict("intake-opened", "the call is an incident already"));
            }
            store::delete(tx, id)
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
            let intake = store::load(tx, &desk, id)?;
            if let Some(incident) = intake.incident {
                return incident::load(tx, &scope, incident.into());
            }
            let opening = intake.opening()?;
            if !scope.holds_region(tx, &opening.region)? {
                return Err(Error::not_found("region"));
            }
            let incident = incident::open(tx, &node, opening)?;
            store::mark_opened(tx, id, incident.id.into())?;
            Ok(incident)
        })
        .await?;
    Ok(reply.created())
}
