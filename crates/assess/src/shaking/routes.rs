//! The door for people: what an earthquake shook.

use host::web::{Json, Path, Scoped};
use host::{Caller, Error, Page, Result, Routes, World};
use sense::quake::{self, EarthquakeId, READ};

use super::exposed::{self, Exposed};
use super::store::{self, Said};

pub(crate) fn routes() -> Routes {
    Routes::new()
        .get(
            "/api/earthquakes/{id}/shaking",
            READ,
            "What was said of what an earthquake shook, the newest first",
            said,
        )
        .gives::<Page<Said>>()
        .get(
            "/api/earthquakes/{id}/exposed",
            READ,
            "Which sites and stations stand where it shook, as far as the caller sees them",
            exposed_route,
        )
        .gives::<Exposed>()
}

async fn said(
    world: World,
    Scoped(scope): Scoped,
    Path(id): Path<EarthquakeId>,
) -> Result<Json<Page<Said>>> {
    let said = world.read(move |db| {
        quake::load(db, &scope, id)?;
        store::of(db, id)
    });
    Ok(Json(Page::whole(said.await?)))
}

/// By the newest estimate; not found where there is none.
async fn exposed_route(
    world: World,
    caller: Caller,
    Scoped(scope): Scoped,
    Path(id): Path<EarthquakeId>,
) -> Result<Json<Exposed>> {
    let sites = caller.scope(survey::enterprise::READ).ok();
    let stations = caller.scope(sense::station::READ).ok();
    let exposed = world.read(move |db| {
        quake::load(db, &scope, id)?;
        let newest = store::newest(db, id)?.and_then(|it| it.result.estimate);
        let estimate = newest.ok_or(Error::not_found("estimate"))?;
        exposed::exposed(db, &estimate, sites.as_ref(), stations.as_ref())
    });
    Ok(Json(exposed.await?))
}
