//! The door for people.

use host::web::{Json, Paged, Params, Path, Scoped};
use host::{Page, Result, Routes, World};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::SilenceId;
use super::fact::Member;
use super::store::{self, Silence, State};
use crate::finding::READ;

pub(crate) fn routes() -> Routes {
    Routes::new()
        .get("/api/silences", READ, "Lists silences, the last found first", list)
        .asks::<SilenceQuery>()
        .paged()
        .gives::<Page<Silence>>()
        .get("/api/silences/{id}", READ, "One silence", load)
        .gives::<SilenceView>()
        .get(
            "/api/silences/{id}/members",
            READ,
            "The stations or sensors of a silence that the caller sees",
            members,
        )
        .paged()
        .gives::<Page<Member>>()
}

/// Which silences are wanted.
#[derive(Debug, Default, Deserialize, JsonSchema)]
struct SilenceQuery {
    state: Option<State>,
}

async fn list(
    world: World,
    Scoped(scope): Scoped,
    Params(query): Params<SilenceQuery>,
    page: Paged,
) -> Result<Json<Page<Silence>>> {
    let Paged { position, limit } = page;
    let found = world.read(move |db| store::list(db, &scope, query.state, position, limit + 1));
    let key = |it: &Silence| (it.found_at.as_millis(), it.id.to_string());
    Ok(Json(Page::cut(found.await?, limit, key)))
}

/// One silence, and how many of its members the caller does not see.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "SilenceInFull")]
struct SilenceView {
    #[serde(flatten)]
    silence: Silence,
    outside: usize,
}

async fn load(
    world: World,
    Scoped(scope): Scoped,
    Path(id): Path<SilenceId>,
) -> Result<Json<SilenceView>> {
    let found = world.read(move |db| {
        let silence = store::load(db, &scope, id)?;
        let outside = store::outside(db, &scope, &silence)?;
        Ok(SilenceView { silence, outside })
    });
    found.await.map(Json)
}

async fn members(
    world: World,
    Scoped(scope): Scoped,
    Path(id): Path<SilenceId>,
    page: Paged,
) -> Result<Json<Page<Member>>> {
    let Paged { position, limit } = page;
    let (_, after) = position.unwrap_or_default();
    let found = world.read(move |db| store::members(db, &scope, id, &after, limit + 1));
    Ok(Json(Page::cut(found.await?, limit, |it| (0, it.id.to_string()))))
}
