//! GeoJSON (RFC 7946): a FeatureCollection of polygons.
//!
//! Before RFC 7946 a collection said in `crs` what it is measured against, and map makers
//! of this country still do; without it nothing is taken for granted, since most files
//! that go round here are in GCJ-02 and do not say so.

use base::Datum;
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value as Json};

use super::file::{
    Feature, FileError, MOST_ATTRIBUTES, MOST_FEATURES, MOST_POINTS, MOST_RINGS, Outlines,
    attribute,
};

/// One feature, in bytes: as many points as one may have, with all their digits. Read as
/// JSON it needs some twenty times as much for a moment.
const LARGEST_FEATURE: usize = 4 << 20;

#[derive(Deserialize)]
struct Collection<'a> {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    crs: Option<Json>,
    #[serde(borrow)]
    features: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
struct One {
    #[serde(default)]
    properties: Option<Map<String, Json>>,
    #[serde(default)]
    geometry: Option<Geometry>,
}

#[derive(Deserialize)]
struct Geometry {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    coordinates: Json,
}

pub(super) fn read(bytes: &[u8]) -> Result<Outlines, FileError> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let collection: Collection<'_> = serde_json::from_slice(bytes)
        .map_err(|error| FileError::Format(error.to_string().chars().take(200).collect()))?;
    if collection.kind != "FeatureCollection" {
        let kind: String = collection.kind.chars().take(40).collect();
        return Err(FileError::Format(format!("its type is {kind:?}, expected FeatureCollection")));
    }
    if MOST_FEATURES < collection.features.len() {
        return Err(FileError::Features(MOST_FEATURES));
    }
    let datum = match collection.crs {
        Some(crs) => datum(&crs)?,
        None => None,
    };
    let features =
        collection.features.iter().enumerate().map(|(at, raw)| feature(at + 1, raw.get()));
    Ok(Outlines { format: "geojson", datum, features: features.collect() })
}

/// `{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::4490"}}`, and CRS84, which
/// is WGS-84 with the longitude first.
fn datum(crs: &Json) -> Result<Option<Datum>, FileError> {
    let Some(name) = crs["properties"]["name"].as_str() else { return Ok(None) };
    let code = name.rsplit([':', '/']).next().unwrap_or_default();
    match code {
        "4490" => Ok(Some(Datum::Cgcs2000)),
        "4326" | "CRS84" | "crs84" => Ok(Some(Datum::Wgs84)),
        _ => Err(FileError::Projected(name.chars().take(60).collect())),
    }
}

fn feature(number: usize, text: &str) -> Feature {
    let unreadable = |why: String| Feature { number, unreadable: Some(why), ..Feature::default() };
    if LARGEST_FEATURE < text.len() {
        return unreadable(format!("{} bytes, more than {LARGEST_FEATURE}", text.len()));
    }
    let one: One = match serde_json::from_str(text) {
        Ok(one) => one,
        Err(error) => return unreadable(error.to_string().chars().take(120).collect()),
    };
    let properties = one.properties.unwrap_or_default();
    let attributes = properties
        .iter()
        .take(MOST_ATTRIBUTES)
        .filter_map(|(name, value)| match value {
            Json::String(text) => Some(attribute(name, text)),
            Json::Number(number) => Some(attribute(name, &number.to_string())),
            _ => None,
        })
        .collect();
    let (rings, unreadable) = match one.geometry.map(rings) {
        None => (Vec::new(), Some("no geometry".to_owned())),
        Some(Ok(rings)) => (rings, None),
        Some(Err(why)) => (Vec::new(), Some(why)),
    };
    Feature { number, attributes, rings, unreadable }
}

/// The rings of all polygons, in the order they are written.
fn rings(geometry: Geometry) -> Result<Vec<Vec<[f64; 2]>>, String> {
    let polygons: Vec<&Json> = match geometry.kind.as_str() {
        "Polygon" => vec![&geometry.coordinates],
        "MultiPolygon" => list(&geometry.coordinates)?.iter().collect(),
        other => return Err(format!("a {}", other.chars().take(40).collect::<String>())),
    };
    let mut rings = Vec::new();
    let mut points = 0;
    for polygon in polygons {
        for ring in list(polygon)? {
            let ring = list(ring)?.iter().map(position).collect::<Result<Vec<_>, _>>()?;
            points += ring.len();
            rings.push(ring);
            if MOST_POINTS < points || MOST_RINGS < rings.len() {
                return Err(format!("more than {MOST_POINTS} points or {MOST_RINGS} rings"));
            }
        }
    }
    Ok(rings)
}

fn list(value: &Json) -> Result<&Vec<Json>, String> {
    value.as_array().ok_or_else(|| "coordinates that are no list".to_owned())
}

/// Longitude and latitude; a height behind them is left out.
fn position(value: &Json) -> Result<[f64; 2], String> {
    match list(value)?.as_slice() {
        [x, y, ..] if x.is_number() && y.is_number() => {
            Ok([x.as_f64().unwrap_or(f64::NAN), y.as_f64().unwrap_or(f64::NAN)])
        }
        _ => Err("a position that is no pair of numbers".to_owned()),
    }
}
