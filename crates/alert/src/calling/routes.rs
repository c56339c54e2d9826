//! The doors of callings: the ledger, one's own answer, and what was heard on the phone.

use base::Id;
use host::web::{Access, Body, Idempotency, Json, Paged, Params, Path, Scoped, text};
use host::{Caller, Page, Read, Record, Reply, Result, Routes, World};
use schemars::JsonSchema;
use serde::Deserialize;
use trust::contact::ContactId;

use super::act::{self, Outcome};
use super::fact::Because;
use super::store::{self, Wanted};
use super::view::{self, CallingView, OwnCalling};
use super::{CallingFact, CallingId, READ, RECORD, State};
use crate::column;

/// Of what somebody is told at once, at most.
const OWN: i64 = 20;

pub(crate) fn routes() -> Routes {
    Routes::new()
        .get("/api/callings", READ, "Lists callings with their ledgers, newest first", list)
        .asks::<CallingQuery>()
        .paged()
        .gives::<Page<CallingView>>()
        .get("/api/callings/own", Access::SignedIn, "What wants the caller's own answer", own)
        .gives::<Page<OwnCalling>>()
        .get("/api/callings/{id}", READ, "One calling, step by step, person by person", show)
        .gives::<CallingView>()
        .post(
            "/api/callings/{id}/answer",
            Access::SignedIn,
            "Answers from the account of somebody who was told inside",
            answer,
        )
        .takes::<AnswerCalling>()
        .gives::<OwnCalling>()
        .post(
            "/api/callings/{id}/record",
            RECORD,
            "Records what came of a phone call to somebody",
            record,
        )
        .takes::<RecordCall>()
        .gives::<CallingView>()
        .post("/api/callings/{id}/end", RECORD, "Ends a calling that nobody needs to answer", end)
        .takes::<EndCalling>()
        .gives::<CallingView>()
}

/// Which callings are wanted.
#[derive(Debug, Default, Deserialize, JsonSchema)]
struct CallingQuery {
    /// `calling`, `answered`, `exhausted`, `ended`, or several with commas.
    state: Option<String>,
    /// The notice or warning that people are told of.
    about: Option<Id>,
}

/// What somebody says for themselves.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Saying {
    Taken,
    Refused,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct AnswerCalling {
    answer: Saying,
    /// At most 400 characters; 2 at least with `refused`.
    #[serde(default)]
    words: String,
}

/// What came of a phone call.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Spoken {
    Taken,
    Refused,
    /// Nobody picked up.
    Missed,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct RecordCall {
    /// Who was phoned: somebody of a step that was taken.
    contact: ContactId,
    /// Who answered, if it was not they; at most 40 characters.
    name: Option<String>,
    outcome: Spoken,
    /// At most 400 characters; 2 at least with `refused`.
    #[serde(default)]
    words: String,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct EndCalling {
    /// 2 to 200 characters.
    reason: String,
}

/// Whoever says no says why.
fn words_of(outcome: Outcome, words: &str) -> Result<String> {
    let least = if outcome == Outcome::Refused { 2 } else { 0 };
    text("words", words, least, 400)
}

async fn list(
    world: World,
    Scoped(scope): Scoped,
    Params(query): Params<CallingQuery>,
    page: Paged,
) -> Result<Json<Page<CallingView>>> {
    let expected = "calling, answered, exhausted or ended";
    let states = column::codes("state", query.state.as_deref(), State::from_code, expected)?;
    let wanted = Wanted { states, about: query.about };
    let limit = page.limit;
    let views = move |db: &mut dyn Read| -> Result<Vec<CallingView>> {
        let found = store::list(db, &scope, &wanted, &page)?;
        found.into_iter().map(|calling| view::view(db, calling)).collect()
    };
    let views = world.read(views).await?;
    Ok(Json(Page::cut(views, limit, |it| (it.begun_at.as_millis(), it.id.to_string()))))
}

async fn own(world: World, caller: Caller) -> Result<Json<Page<OwnCalling>>> {
    let found = world.read(move |db| store::of_person(db, caller.person, OWN)).await?;
    Ok(Json(Page::whole(found.into_iter().map(OwnCalling::of).collect())))
}

async fn show(
    world: World,
    Scoped(scope): Scoped,
    Path(id): Path<CallingId>,
) -> Result<Json<CallingView>> {
    let one = move |db: &mut dyn Read| {
        let calling = store::load(db, &scope, id)?;
        view::view(db, calling)
    };
    Ok(Json(world.read(one).await?))
}

async fn answer(
    world: World,
    caller: Caller,
    key: Idempotency,
    Path(id): Path<CallingId>,
    Body(body): Body<AnswerCalling>,
) -> Result<Reply<OwnCalling>> {
    let outcome = match body.answer {
        Saying::Taken => Outcome::Taken,
        Saying::Refused => Outcome::Refused,
    };
    let words = words_of(outcome, &body.words)?;
    let person = caller.person;
    let reply = world.commit(&caller, key, move |tx| {
        Ok(OwnCalling::of(act::say(tx, (id, person), (outcome, words))?))
    });
    reply.await
}

async fn record(
    world: World,
    caller: Caller,
    key: Idempotency,
    Scoped(scope): Scoped,
    Path(id): Path<CallingId>,
    Body(body): Body<RecordCall>,
) -> Result<Reply<CallingView>> {
    let outcome = match body.outcome {
        Spoken::Taken => Outcome::Taken,
        Spoken::Refused => Outcome::Refused,
        Spoken::Missed => Outcome::Missed,
    };
    let words = words_of(outcome, &body.words)?;
    let name = body.name.map(|name| text("name", &name, 0, 40)).transpose()?;
    let name = name.filter(|name| !name.is_empty());
    let contact = body.contact;
    let reply = world.commit(&caller, key, move |tx| {
        let calling = act::record(tx, &scope, id, (contact, name), (outcome, words))?;
        view::view(tx, calling)
    });
    reply.await
}

async fn end(
    world: World,
    caller: Caller,
    key: Idempotency,
    Scoped(scope): Scoped,
    Path(id): Path<CallingId>,
    Body(body): Body<EndCalling>,
) -> Result<Reply<CallingView>> {
    let reason = text("reason", &body.reason, 2, 200)?;
    let reply = world.commit(&caller, key, move |tx| {
        let calling = store::load(tx, &scope, id)?;
        let by = tx.actor_name().map(str::to_owned);
        let ended = calling.end(Because::Person, by, Some(reason));
        let refused = || host::Error::conflict("calling-ended", "it is answered or has ended");
        tx.record(Record::next(id, CallingFact::Ended(ended.ok_or_else(refused)?)))?;
        act::withdraw(tx, &calling)?;
        let calling = store::load(tx, &scope, id)?;
        view::view(tx, calling)
    });
    reply.await
}
