//! Boundaries of regions: official outlines, each of one code from a day on.
//!
//! In: GeoJSON or a shapefile, by whoever keeps the atlas. Out: `region.bounded`.
//! Table: `region_boundary`. Used: what region a place lies in, the map's layers, the box
//! and label of a region, and the area of a message.
//! Source: RFC 7946, *ESRI Shapefile Technical Description* (1998).
//!
//! An outline stands in its fact, packed, so that it is folded, backed up and taken into a
//! drill like everything else that a map shows. Decision in ADR 28.

mod file;
mod geojson;
mod look;
mod packed;
pub(super) mod shape;
mod shapefile;
mod simple;

mod draw;

mod routes;

use std::collections::BTreeMap;

use base::place::Tier;
use base::{AdminCode, Date, Datum, Point};
use host::{Read, Result, Row, Tables, params};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use simple::{Outline, outline};

pub(super) use routes::routes;

use shape::Shape;

use super::spell;

/// A region has this outline from a day on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Bounded {
    pub code: AdminCode,
    /// What the region was called then.
    pub name: String,
    /// The first day; `null` when nobody says.
    pub valid_from: Option<Date>,
    /// In CGCS2000, packed: see `packed.rs`.
    pub outline: String,
    /// West, south, east, north.
    pub bbox: [f64; 4],
    /// A point well inside, for its label.
    pub label: [f64; 2],
    pub area_km2: f64,
    pub points: u32,
    /// What the file's coordinates were said to be measured against.
    pub datum: Datum,
    pub source: String,
    /// SHA-256 of the file, hex.
    pub file: String,
}

pub(super) fn apply(tables: &mut Tables<'_>, it: &Bounded) {
    let from = it.valid_from.map_or(spell::ALWAYS.to_owned(), |date| date.to_string());
    let [west, south, east, north] = it.bbox;
    tables.run(
        "insert into region_boundary (code, valid_from, outline, west, south, east, north, \
         area_km2, points, datum, source, file) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) \
         on conflict (code, valid_from) do update set outline = excluded.outline, \
         west = excluded.west, south = excluded.south, east = excluded.east, \
         north = excluded.north, area_km2 = excluded.area_km2, points = excluded.points, \
         datum = excluded.datum, source = excluded.source, file = excluded.file",
        params![
            &it.code,
            &from,
            &it.outline,
            west,
            south,
            east,
            north,
            it.area_km2,
            it.points,
            it.datum.code(),
            &it.source,
            &it.file,
        ],
    );
    // What is newer stays what the register shows of the region.
    tables.run(
        "update region set label_lon = $3, label_lat = $4, west = $5, south = $6, east = $7, \
         north = $8 where code = $1 and not exists \
         (select 1 from region_boundary b where b.code = $1 and b.valid_from > $2)",
        params![&it.code, &from, it.label[0], it.label[1], west, south, east, north],
    );
}

/// What is kept of a boundary.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Boundary {
    pub code: AdminCode,
    pub name: String,
    pub name_en: Option<String>,
    pub parent: Option<AdminCode>,
    pub shape: Shape,
    pub area_km2: f64,
    pub source: String,
}

/// Boundaries of what there was on a day, and as they were on it: with a condition on
/// `b` and `s`, the boundary and the spell.
const ON: &str = "select b.code, s.name, s.name_en, s.reports_to, b.outline, b.area_km2, \
     b.source from region_boundary b \
     join region_spell s on s.code = b.code and s.valid_from <= $1 and $1 < s.valid_to \
     where b.valid_from <= $1 and not exists (select 1 from region_boundary n \
     where n.code = b.code and n.valid_from <= $1 and n.valid_from > b.valid_from)";

fn from_row(row: &Row) -> Result<Boundary> {
    let outline: String = row.get("outline")?;
    Ok(Boundary {
        code: row.parse("code")?,
        name: row.get("name")?,
        name_en: row.get("name_en")?,
        parent: row.parse_opt("reports_to")?,
        // A boundary that does not read holds nothing, and is drawn nowhere.
        shape: packed::unpack(&outline).unwrap_or_default(),
        area_km2: row.get("area_km2")?,
        source: row.get("source")?,
    })
}

/// The regions of a day in whose boundaries a place lies, the smallest first.
pub(super) fn containing(db: &mut dyn Read, place: Point, on: Date) -> Result<Vec<Boundary>> {
    let sql = format!(
        "{ON} and b.west <= $2 and $2 <= b.east and b.south <= $3 and $3 <= b.north \
         order by b.area_km2, b.code"
    );
    let rows = db.rows(&sql, params![on.to_string(), place.lon(), place.lat()])?;
    let mut found = rows.iter().map(from_row).collect::<Result<Vec<_>>>()?;
    found.retain(|boundary| boundary.shape.contains(shape::step(place)));
    Ok(found)
}

/// The boundaries of a tier on a day, by code.
pub(crate) fn of_tier(db: &mut dyn Read, tier: Tier, on: Date) -> Result<Vec<Drawn>> {
    let sql = format!("{ON} and s.tier = $2 order by b.code");
    let rows = db.rows(&sql, params![on.to_string(), super::tier_code(tier)])?;
    rows.iter().map(|row| from_row(row).map(Drawn)).collect()
}

/// How many points the boundaries of a tier have on a day.
pub(super) fn points_of_tier(db: &mut dyn Read, tier: Tier, on: Date) -> Result<i64> {
    let row = db.row(
        "select cast(coalesce(sum(b.points), 0) as bigint) as points from region_boundary b \
         join region_spell s on s.code = b.code and s.valid_from <= $1 and $1 < s.valid_to \
         where b.valid_from <= $1 and s.tier = $2",
        params![on.to_string(), super::tier_code(tier)],
    )?;
    Ok(row.map_or(Ok(0), |row| row.get("points"))?)
}

/// The boundaries of a tier on a day with who published each, by code.
pub(super) fn shapes_of_tier(
    db: &mut dyn Read,
    tier: Tier,
    on: Date,
) -> Result<BTreeMap<AdminCode, (Shape, String)>> {
    let drawn = of_tier(db, tier, on)?.into_iter();
    Ok(drawn.map(|Drawn(it)| (it.code, (it.shape, it.source))).collect())
}

/// Who published the boundaries of a day, by tier: the credit of a map.
pub(crate) fn sources(db: &mut dyn Read, on: Date) -> Result<BTreeMap<Tier, String>> {
    let rows = db.rows(
        "select s.tier, b.source from region_boundary b \
         join region_spell s on s.code = b.code and s.valid_from <= $1 and $1 < s.valid_to \
         where b.valid_from <= $1 and not exists (select 1 from region_boundary n \
         where n.code = b.code and n.valid_from <= $1 and n.valid_from > b.valid_from) \
         group by s.tier, b.source order by s.tier, b.source",
        params![on.to_string()],
    )?;
    let mut sources: BTreeMap<Tier, String> = BTreeMap::new();
    for row in &rows {
        let (tier, source): (String, String) = (row.get("tier")?, row.get("source")?);
        let said = sources.entry(super::tier_of(&tier)).or_default();
        if !said.is_empty() {
            said.push('；');
        }
        said.push_str(&source);
    }
    Ok(sources)
}

/// A boundary as the register has it.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "BoundaryInForce")]
pub(super) struct Listed {
    pub code: AdminCode,
    pub name: String,
    pub tier: Tier,
    /// The first day; `null` when nobody says.
    pub valid_from: Option<String>,
    /// The first day of the one after it; `null` while it is the newest.
    pub valid_to: Option<String>,
    pub area_km2: f64,
    pub points: i64,
    /// West, south, east, north.
    pub bbox: [f64; 4],
    /// What the file's coordinates were said to be measured against.
    pub datum: Datum,
    pub source: String,
    /// SHA-256 of the file, hex.
    pub file: String,
}

/// The boundaries of a day by code, after the code `after`; at most `limit`.
pub(super) fn in_force(
    db: &mut dyn Read,
    on: Date,
    after: &str,
    limit: i64,
) -> Result<Vec<Listed>> {
    let rows = db.rows(
        "select b.code, s.name, s.tier, b.valid_from, (select min(n.valid_from) \
         from region_boundary n where n.code = b.code and n.valid_from > b.valid_from) as next, \
         b.area_km2, b.points, b.west, b.south, b.east, b.north, b.datum, b.source, b.file \
         from region_boundary b \
         join region_spell s on s.code = b.code and s.valid_from <= $1 and $1 < s.valid_to \
         where b.valid_from <= $1 and not exists (select 1 from region_boundary n \
         where n.code = b.code and n.valid_from <= $1 and n.valid_from > b.valid_from) \
         and b.code > $2 order by b.code limit $3",
        params![on.to_string(), after, limit],
    )?;
    let listed = |row: &Row| {
        let from: String = row.get("valid_from")?;
        Ok(Listed {
            code: row.parse("code")?,
            name: row.get("name")?,
            tier: super::tier_of(&row.get::<String>("tier")?),
            valid_from: (from != spell::ALWAYS).then_some(from),
            valid_to: row.get("next")?,
            area_km2: row.get("area_km2")?,
            points: row.get("points")?,
            bbox: [row.get("west")?, row.get("south")?, row.get("east")?, row.get("north")?],
            datum: row.parse("datum")?,
            source: row.get("source")?,
            file: row.get("file")?,
        })
    };
    rows.iter().map(listed).collect()
}

/// A boundary for a map.
pub(crate) struct Drawn(Boundary);

impl Drawn {
    /// As a feature of GeoJSON, with the fields that the carried layers have.
    pub fn feature(&self) -> serde_json::Value {
        let Boundary { code, name, name_en, parent, shape, area_km2, .. } = &self.0;
        let ring = |ring: &shape::Ring| {
            let closed = ring.iter().chain(ring.first());
            closed.map(|step| shape::degrees(*step)).collect::<Vec<_>>()
        };
        let polygons: Vec<Vec<_>> = (shape.polygons.iter())
            .map(|it| std::iter::once(&it.outer).chain(&it.holes).map(ring).collect())
            .collect();
        serde_json::json!({
            "type": "Feature",
            "id": code.as_str().parse::<u64>().ok(),
            "properties": { "adcode": code, "name": name, "name_en": name_en, "parent": parent,
                "label": shape.label(), "bbox": shape.bbox(), "area_km2": area_km2 },
            "geometry": { "type": "MultiPolygon", "coordinates": polygons },
        })
    }
}

#[cfg(test)]
mod tests;
