//! The door for people.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use host::web::{Body, Idempotency, Json, Paged, Params, Path, Scoped};
use host::{Caller, Error, Page, Reply, Result, Routes, World};
use schemars::JsonSchema;
use serde::Deserialize;
use tokio::sync::Semaphore;

use super::defaults::Defaults;
use super::dry_run::{self, Asked, DryRun, Waiting};
use super::proposal::{self, Decision, Proposal};
use super::shelving::{self, ShelveRule};
use super::{NewRule, PROPOSE, PUBLISH, READ, Rule, RuleId, SHELVE, retire_within, store};
use crate::finding;
use crate::station::{self, SensorId, StationId};

/// Dry runs at one time: each reads for seconds.
const RUNS: usize = 2;

pub(crate) fn routes() -> Routes {
    let places = Arc::new(Semaphore::new(RUNS));
    let try_out = move |world, caller, body| dry_run(places.clone(), world, caller, body);
    Routes::new()
        .get("/api/rules", READ, "Lists rules, the newest first", list)
        .asks::<RuleQuery>()
        .paged()
        .gives::<Page<Rule>>()
        .get("/api/rules/defaults", READ, "Lines to begin with, with their sources", defaults)
        .gives::<Defaults>()
        .post(
            "/api/rules/dry-run",
            PROPOSE,
            "What a rule would have found in a range of readings; sets nothing",
            try_out,
        )
        .takes::<Asked>()
        .gives::<DryRun>()
        .get("/api/rules/{id}", READ, "One rule in its newest version", load)
        .gives::<Rule>()
        .get("/api/rules/proposals", READ, "Lists proposed rules, the newest first", proposals)
        .asks::<ProposalQuery>()
        .paged()
        .gives::<Page<Proposal>>()
        .get("/api/rules/proposals/{id}", READ, "The last proposal of a rule", proposal)
        .gives::<Proposal>()
        .post("/api/rules/proposals", PROPOSE, "Proposes a rule, or a new version", propose)
        .takes::<NewRule>()
        .creates::<Proposal>()
        .post(
            "/api/rules/proposals/{id}/publish",
            PUBLISH,
            "Puts a rule in force that another person proposed",
            publish,
        )
        .gives::<Rule>()
        .post(
            "/api/rules/proposals/{id}/return",
            PUBLISH,
            "Gives a proposed rule back with a reason",
            give_back,
        )
        .takes::<Reason>()
        .gives::<Proposal>()
        .post("/api/rules/{id}/retire", PUBLISH, "Takes a rule out of force", retire)
        .takes::<Reason>()
        .gives::<Rule>()
        .post("/api/rules/{id}/shelve", SHELVE, "Lets a rule call nobody for a while", shelve)
        .takes::<ShelveRule>()
        .gives::<Rule>()
        .post("/api/rules/{id}/unshelve", SHELVE, "Lets a shelved rule call again", unshelve)
        .takes::<Reason>()
        .gives::<Rule>()
}

/// Which rules are wanted.
#[derive(Debug, Default, Deserialize, JsonSchema)]
struct RuleQuery {
    station: Option<StationId>,
    sensor: Option<SensorId>,
}

/// Which proposals are wanted.
#[derive(Debug, Default, Deserialize, JsonSchema)]
struct ProposalQuery {
    state: Option<Decision>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(rename = "RuleReason")]
struct Reason {
    /// 1 to 400 characters.
    reason: String,
}

async fn list(
    world: World,
    Scoped(scope): Scoped,
    Params(query): Params<RuleQuery>,
    page: Paged,
) -> Result<Json<Page<Rule>>> {
    let Paged { position, limit } = page;
    let rules = world
        .read(move |db| store::list(db, &scope, query.station, query.sensor, position, limit + 1))
        .await?;
    let key = |rule: &Rule| (rule.published_at.as_millis(), rule.id.to_string());
    Ok(Json(Page::cut(rules, limit, key)))
}

async fn load(world: World, Scoped(scope): Scoped, Path(id): Path<RuleId>) -> Result<Json<Rule>> {
    world.read(move |db| store::load(db, &scope, id)).await.map(Json)
}

async fn proposals(
    world: World,
    Scoped(scope): Scoped,
    Params(query): Params<ProposalQuery>,
    page: Paged,
) -> Result<Json<Page<Proposal>>> {
    let Paged { position, limit } = page;
    let found =
        world.read(move |db| proposal::list(db, &scope, query.state, position, limit + 1)).await?;
    let key = |it: &Proposal| (it.proposed_at.as_millis(), it.id.to_string());
    Ok(Json(Page::cut(found, limit, key)))
}

async fn proposal(
    world: World,
    Scoped(scope): Scoped,
    Path(id): Path<RuleId>,
) -> Result<Json<Proposal>> {
    world.read(move |db| proposal::load_proposal(db, &scope, id)).await.map(Json)
}

async fn propose(
    world: World,
    caller: Caller,
    key: Idempotency,
    Body(new): Body<NewRule>,
) -> Result<Reply<Proposal>> {
    let (scope, author) = (caller.scope(PROPOSE)?, caller.person);
    let reply =
        world.commit(&caller, key, move |tx| proposal::propose(tx, &scope, new, author)).await?;
    Ok(reply.created())
}

async fn publish(
    world: World,
    caller: Caller,
    key: Idempotency,
    Path(id): Path<RuleId>,
) -> Result<Reply<Rule>> {
    let (scope, person) = (caller.scope(PUBLISH)?, caller.person);
    world.commit(&caller, key, move |tx| proposal::publish(tx, &scope, id, person)).await
}

async fn give_back(
    world: World,
    caller: Caller,
    key: Idempotency,
    Path(id): Path<RuleId>,
    Body(body): Body<Reason>,
) -> Result<Reply<Proposal>> {
    let (scope, person) = (caller.scope(PUBLISH)?, caller.person);
    let command =
        move |tx: &mut host::Tx<'_>| proposal::give_back(tx, &scope, id, (&body.reason, person));
    world.commit(&caller, key, command).await
}

async fn shelve(
    world: World,
    caller: Caller,
    key: Idempotency,
    Path(id): Path<RuleId>,
    Body(ask): Body<ShelveRule>,
) -> Result<Reply<Rule>> {
    let scope = caller.scope(SHELVE)?;
    world.commit(&caller, key, move |tx| shelving::shelve(tx, &scope, id, &ask)).await
}

async fn unshelve(
    world: World,
    caller: Caller,
    key: Idempotency,
    Path(id): Path<RuleId>,
    Body(body): Body<Reason>,
) -> Result<Reply<Rule>> {
    let scope = caller.scope(SHELVE)?;
    world.commit(&caller, key, move |tx| shelving::unshelve(tx, &scope, id, &body.reason)).await
}

async fn defaults() -> Json<Defaults> {
    Json(Defaults::all())
}

/// Judges a range of readings by a rule that is not there.
async fn dry_run(
    places: Arc<Semaphore>,
    world: World,
    caller: Caller,
    Body(asked): Body<Asked>,
) -> Result<Json<DryRun>> {
    let (scope, findings) = (caller.scope(PROPOSE)?, caller.scope(finding::READ)?);
    asked.check()?;
    let place = places.try_acquire_owned();
    let place = place.map_err(|_| Error::Busy("other rules are being tried out"))?;
    let (asked, known) = world
        .read(move |db| {
            let site = station::site(db, &scope, asked.rule.sensor)?;
            let before = asked.rule.id.map(|id| store::load(db, &scope, id)).transpose()?;
            asked.rule.publish(site, before.as_ref())?;
            let of = (asked.rule.sensor, asked.rule.id);
            let known = finding::between(db, &findings, of, (asked.from, asked.to))?;
            Ok((asked, known))
        })
        .await?;
    let waits = Arc::new(AtomicBool::new(true));
    let waiting = Waiting(Arc::clone(&waits));
    let told = host::node::off_the_loop(move || {
        let _place = place;
        dry_run::run(&world, &asked, &known, &waits)
    });
    let told = told.await;
    drop(waiting);
    Ok(Json(told?))
}

async fn retire(
    world: World,
    caller: Caller,
    key: Idempotency,
    Path(id): Path<RuleId>,
    Body(body): Body<Reason>,
) -> Result<Reply<Rule>> {
    let scope = caller.scope(PUBLISH)?;
    world.commit(&caller, key, move |tx| retire_within(tx, &scope, id, &body.reason)).await
}
