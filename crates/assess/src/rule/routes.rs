//! The door for people.

use host::web::{Body, Idempotency, Json, Paged, Params, Path, Scoped};
use host::{Caller, Page, Reply, Result, Routes, World};
use schemars::JsonSchema;
use serde::Deserialize;

use super::{NewRule, PUBLISH, READ, Rule, RuleId, publish_within, retire_within, store};
use crate::station::{SensorId, StationId};

pub(crate) fn routes() -> Routes {
    Routes::new()
        .get("/api/rules", READ, "Lists rules, the newest first", list)
        .asks::<RuleQuery>()
        .paged()
        .gives::<Page<Rule>>()
        .get("/api/rules/{id}", READ, "One rule in its newest version", load)
        .gives::<Rule>()
        .post("/api/rules", PUBLISH, "Puts a rule, or a new version of one, in force", publish)
        .takes::<NewRule>()
        .creates::<Rule>()
        .post("/api/rules/{id}/retire", PUBLISH, "Takes a rule out of force", retire)
        .takes::<RetireRule>()
        .gives::<Rule>()
}

/// Which rules are wanted.
#[derive(Debug, Default, Deserialize, JsonSchema)]
struct RuleQuery {
    station: Option<StationId>,
    sensor: Option<SensorId>,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct RetireRule {
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

async fn publish(
    world: World,
    caller: Caller,
    key: Idempotency,
    Body(new): Body<NewRule>,
) -> Result<Reply<Rule>> {
    let scope = caller.scope(PUBLISH)?;
    let reply = world.commit(&caller, key, move |tx| {
        let id = publish_within(tx, &scope, &new)?;
        store::load(tx, &scope, id)
    });
    Ok(reply.await?.created())
}

async fn retire(
    world: World,
    caller: Caller,
    key: Idempotency,
    Path(id): Path<RuleId>,
    Body(body): Body<RetireRule>,
) -> Result<Reply<Rule>> {
    let scope = caller.scope(PUBLISH)?;
    world.commit(&caller, key, move |tx| retire_within(tx, &scope, id, &body.reason)).await
}
