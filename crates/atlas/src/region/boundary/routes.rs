//! The door for whoever keeps the atlas: boundaries brought as a file; and for everybody
//! what a place lies in.

use std::sync::Arc;

use axum::body::Body;
use base::{AdminCode, Date, Datum, Point};
use host::import::Change;
use host::scope::MANAGE_ATLAS;
use host::web::{Access, Json, Paged, Params, Routes, text, whole};
use host::{Caller, Error, Home, Page, Record, Result, World};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use tokio::sync::Semaphore;

use super::draw::{Drawing, draw};
use super::file::{self, LARGEST_FILE};
use super::look::{Looked, Said, look, measure};
use super::{Bounded, Listed, containing, in_force};
use crate::region::{RegionFact, register};

/// Files that come in at one time: each may be held in memory.
const AT_ONCE: usize = 1;
/// Boundaries that share a command, and the letters of their outlines: an alarm may wait
/// for it, and hashing 256 KB takes a millisecond.
const TOGETHER: usize = 16;
const LETTERS_TOGETHER: usize = 256 << 10;

pub(crate) fn routes() -> Routes {
    let places = Arc::new(Semaphore::new(AT_ONCE));
    let bring = move |world, caller, query, body| bring(places.clone(), world, caller, query, body);
    Routes::new()
        .get("/api/regions/at", Access::SignedIn, "Says what regions a place lies in", at)
        .asks::<PlaceQuery>()
        .gives::<Page<RegionAt>>()
        .get(
            "/api/regions/boundaries",
            Access::SignedIn,
            "Lists the boundaries of a day, and since when each is so",
            list,
        )
        .asks::<ListQuery>()
        .paged()
        .gives::<Page<Listed>>()
        .post(
            "/api/regions/boundaries",
            MANAGE_ATLAS,
            "Looks at a file of boundaries, and takes them when that is asked",
            bring,
        )
        .asks::<Brought>()
        .streams()
        .gives::<BoundariesView>()
}

/// A place, and when.
#[derive(Debug, Deserialize, JsonSchema)]
struct PlaceQuery {
    lon: f64,
    lat: f64,
    /// What the numbers are measured against; CGCS2000 when absent.
    datum: Option<Datum>,
    /// As the boundaries were on this day; today's when absent.
    on: Option<Date>,
}

/// A region that a place lies in.
#[derive(Debug, Serialize, JsonSchema)]
struct RegionAt {
    code: AdminCode,
    name: String,
    /// Of its boundary, on the ellipsoid.
    area_km2: f64,
    /// Who published the boundary.
    source: String,
}

/// The smallest first; nothing where no boundary is known.
async fn at(world: World, Params(query): Params<PlaceQuery>) -> Result<Json<Page<RegionAt>>> {
    let PlaceQuery { lon, lat, datum, on } = query;
    let place: Point = datum
        .unwrap_or(Datum::Cgcs2000)
        .to_point([lon, lat])
        .map_err(|error| Error::invalid("lon", [lon, lat], error.to_string()))?;
    let on = on.unwrap_or_else(|| Date::of(world.clock().now()));
    let found = world.read(move |db| containing(db, place, on)).await?;
    let items = found.into_iter().map(|it| RegionAt {
        code: it.code,
        name: it.name,
        area_km2: it.area_km2,
        source: it.source,
    });
    Ok(Json(Page::whole(items.collect())))
}

/// Of which day.
#[derive(Debug, Default, Deserialize, JsonSchema)]
struct ListQuery {
    /// Today when absent.
    on: Option<Date>,
}

async fn list(
    world: World,
    Params(query): Params<ListQuery>,
    page: Paged,
) -> Result<Json<Page<Listed>>> {
    let Paged { position, limit } = page;
    let on = query.on.unwrap_or_else(|| Date::of(world.clock().now()));
    let after = position.map_or(String::new(), |(_, code)| code);
    let rows = world.read(move |db| in_force(db, on, &after, limit + 1)).await?;
    let key = |it: &Listed| (0, it.code.to_string());
    Ok(Json(Page::cut(rows, limit, key)))
}

/// What is said of a file of boundaries.
#[derive(Debug, Deserialize, JsonSchema)]
struct Brought {
    /// `true` takes what can be taken; else it is looked at only.
    take: Option<bool>,
    /// What its coordinates are measured against, over what it says itself.
    datum: Option<Datum>,
    /// The attribute with the division codes; found when absent.
    code: Option<String>,
    /// The first day of these boundaries, up to today; absent when nobody knows. What
    /// stood before stays what was so until then.
    from: Option<Date>,
    /// `true` asks for the outlines too, to be drawn over those that stand.
    draw: Option<bool>,
    /// Who published them, with the year or the number of the map: 2 to 200 characters.
    source: String,
}

/// A file of boundaries as it was looked at, or taken.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Boundaries")]
struct BoundariesView {
    /// SHA-256 of the file, hex.
    file: String,
    /// `geojson` or `shapefile`.
    format: &'static str,
    datum: Datum,
    /// The attribute that the codes were read from, and all that there are.
    attribute: String,
    attributes: Vec<String>,
    /// Whether what can be taken was.
    taken: bool,
    counts: BoundaryCounts,
    features: Vec<Looked>,
    /// When that was asked.
    drawing: Option<Drawing>,
}

/// Features by what becomes of them.
#[derive(Debug, Default, Serialize, JsonSchema)]
struct BoundaryCounts {
    added: usize,
    changed: usize,
    same: usize,
    refused: usize,
}

async fn bring(
    places: Arc<Semaphore>,
    world: World,
    caller: Caller,
    Params(query): Params<Brought>,
    body: Body,
) -> Result<Json<BoundariesView>> {
    let today = Date::of(world.clock().now());
    if let Some(late) = query.from.filter(|from| today < *from) {
        return Err(Error::invalid("from", late, format!("a day up to today, {today}")));
    }
    let source = text("source", &query.source, 2, 200)?;
    let (take, wanted) = (query.take.unwrap_or(false), query.draw.unwrap_or(false));
    if take {
        world.check_writable()?;
    }
    let place = places.try_acquire_owned().map_err(|_| Error::Busy("another file is coming in"))?;
    let view = whole(body, place, LARGEST_FILE, move |bytes| {
        let file = hex::encode(Sha256::digest(&bytes));
        let said =
            Said { datum: query.datum, attribute: query.code, from: query.from, source, file };
        let outlines = file::read(&bytes).map_err(|error| Error::Invalid {
            field: "file".to_owned(),
            seen: error.to_string(),
            expected: "GeoJSON, or a ZIP with one shapefile".to_owned(),
        })?;
        drop(bytes);
        let format = outlines.format;
        let measured = measure(outlines, &said)?;
        let (seen, drawing) = world.read_now(|db| {
            let seen = look(db, measured, &said, today)?;
            let bounded = seen.features.iter().filter_map(|it| it.bounded.as_ref());
            let drawing = wanted.then(|| draw(db, bounded, said.from.unwrap_or(today)));
            Ok((seen, drawing.transpose()?))
        })?;
        let mut counts = BoundaryCounts::default();
        for looked in &seen.features {
            match looked.change {
                Some(Change::New) => counts.added += 1,
                Some(Change::Changed) => counts.changed += 1,
                Some(Change::Same) => counts.same += 1,
                None => counts.refused += 1,
            }
        }
        if take {
            record(&world, &caller, &seen.features)?;
        }
        Ok(BoundariesView {
            file: said.file,
            format,
            datum: seen.datum,
            attribute: seen.attribute,
            attributes: seen.attributes,
            taken: take,
            counts,
            features: seen.features,
            drawing,
        })
    });
    Ok(Json(view.await?))
}

/// Records what is new and what changed, some in a command: whenever the process ends,
/// bringing the file again goes on where it was.
fn record(world: &World, caller: &Caller, features: &[Looked]) -> Result<()> {
    let mut some: Vec<Bounded> = Vec::new();
    let commit = |some: Vec<Bounded>| {
        world.run_as(caller, move |tx| {
            for bounded in some {
                let fact = RegionFact::Bounded(bounded);
                tx.record(Record::first(register(), Home::node(), fact))?;
            }
            Ok(())
        })
    };
    for looked in features {
        let changes = matches!(looked.change, Some(Change::New | Change::Changed));
        let Some(bounded) = looked.bounded.as_ref().filter(|_| changes) else { continue };
        some.push(bounded.clone());
        let letters: usize = some.iter().map(|it| it.outline.len()).sum();
        if TOGETHER <= some.len() || LETTERS_TOGETHER <= letters {
            commit(std::mem::take(&mut some))?;
        }
    }
    if some.is_empty() { Ok(()) } else { commit(some) }
}
