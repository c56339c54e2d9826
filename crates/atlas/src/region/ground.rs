//! The ground of counties: their outlines as points that can be measured from.
//!
//! Boundaries that were brought are used where they are coarse enough to be read within
//! a command; else the outlines that the binary carries, where it carries any. Of a
//! county without either only the label point is known.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use base::place::Tier;
use base::{AdminCode, Date, Point};
use host::{Read, Result};

use super::boundary::shape::{self, Polygon, Shape};
use super::{Region, boundary, list};
use crate::pack::LAYERS;

/// Points of all boundaries together that are read: unpacking so many is some
/// milliseconds, and a command may hold an alarm up no longer.
const MOST_POINTS: i64 = 200_000;
/// Lines and columns of the points inside, degrees: some 5 km, and a county has dozens.
const GRID: f64 = 0.05;

/// A county as ground.
#[derive(Debug, Clone)]
pub struct Ground {
    pub code: AdminCode,
    pub name: String,
    pub name_en: Option<String>,
    /// Its label point; `None` where nothing at all is known of where it lies.
    pub label: Option<Point>,
    /// Who published the outline; `None` where there is none.
    pub source: Option<String>,
    /// The corners of its outline.
    pub corners: Vec<Point>,
    /// Points inside, of equal steps in degrees: shares of them are shares of its area to
    /// some hundredths.
    pub inside: Vec<Point>,
    shape: Shape,
}

impl Ground {
    /// Whether a place lies in it; never, where no outline is known.
    pub fn holds(&self, place: Point) -> bool {
        self.shape.contains(shape::step(place))
    }

    /// The point of its ground nearest to a place: the place itself where it lies inside,
    /// else a corner of the outline, which are some kilometres apart at most, or the label
    /// where there is no outline; `None` where nothing is known.
    pub fn nearest(&self, place: Point) -> Option<Point> {
        if self.holds(place) {
            return Some(place);
        }
        let corners = self.corners.iter().copied();
        let nearest = corners
            .min_by(|one, other| place.distance_km(*one).total_cmp(&place.distance_km(*other)));
        nearest.or(self.label)
    }
}

/// The ground of every county of the register on a day, by code.
pub fn grounds(db: &mut dyn Read, on: Date) -> Result<Vec<Ground>> {
    let counties = list(db, None, false)?.into_iter().filter(|it| it.tier == Tier::County);
    let mut brought = match boundary::points_of_tier(db, Tier::County, on)? {
        points if points <= MOST_POINTS => boundary::shapes_of_tier(db, Tier::County, on)?,
        _ => BTreeMap::new(),
    };
    let grounds = counties.map(|county| match brought.remove(&county.code) {
        Some((shape, source)) => ground(county, shape, Some(source)),
        None => match carried().get(&county.code) {
            Some(known) => Ground { name: county.name, name_en: county.name_en, ..known.clone() },
            None => ground(county, Shape::default(), None),
        },
    });
    Ok(grounds.collect())
}

fn ground(county: Region, shape: Shape, source: Option<String>) -> Ground {
    let corners = shape.rings().flatten().filter_map(|step| point(shape::degrees(*step)));
    Ground {
        label: county.label.and_then(point),
        corners: corners.collect(),
        inside: shape.grid(GRID).into_iter().filter_map(point).collect(),
        code: county.code,
        name: county.name,
        name_en: county.name_en,
        source,
        shape,
    }
}

fn point([lon, lat]: [f64; 2]) -> Option<Point> {
    Point::new(lon, lat).ok()
}

/// What the binary carries, which changes with the binary only.
fn carried() -> &'static BTreeMap<AdminCode, Ground> {
    static CARRIED: OnceLock<BTreeMap<AdminCode, Ground>> = OnceLock::new();
    CARRIED.get_or_init(|| {
        let pack = LAYERS.iter().find(|pack| pack.id == "counties");
        pack.map(|pack| read(pack.geojson, pack.source)).unwrap_or_default()
    })
}

#[derive(serde::Deserialize)]
struct Collection {
    features: Vec<Feature>,
}

#[derive(serde::Deserialize)]
struct Feature {
    properties: Properties,
    geometry: Geometry,
}

#[derive(serde::Deserialize)]
struct Properties {
    adcode: AdminCode,
    name: String,
    label: [f64; 2],
}

#[derive(serde::Deserialize)]
#[serde(tag = "type", content = "coordinates")]
enum Geometry {
    Polygon(Vec<Vec<[f64; 2]>>),
    MultiPolygon(Vec<Vec<Vec<[f64; 2]>>>),
}

fn read(geojson: &str, source: &str) -> BTreeMap<AdminCode, Ground> {
    let collection: Collection = serde_json::from_str(geojson).expect("a test reads it");
    let of = |feature: Feature| {
        let polygons = match feature.geometry {
            Geometry::Polygon(rings) => vec![rings],
            Geometry::MultiPolygon(polygons) => polygons,
        };
        let ring = |ring: Vec<[f64; 2]>| {
            let steps = ring.into_iter().filter_map(point).map(shape::step);
            let mut steps: Vec<shape::Step> = steps.collect();
            steps.pop(); // a ring is written with its first point again
            steps
        };
        let polygons = polygons.into_iter().filter_map(|rings| {
            let mut rings = rings.into_iter().map(ring);
            Some(Polygon { outer: rings.next()?, holes: rings.collect() })
        });
        let shape = Shape { polygons: polygons.collect() };
        let Properties { adcode, name, label } = feature.properties;
        let county = Region {
            code: adcode.clone(),
            name,
            name_en: None,
            tier: Tier::County,
            parent: None,
            label: Some(label),
            bbox: None,
        };
        (adcode, ground(county, shape, Some(source.to_owned())))
    };
    collection.features.into_iter().map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(feature = "demo-map")]
    #[test]
    fn a_seat_lies_in_its_county_and_in_no_other_and_every_county_has_ground() {
        let changchun = Point::new(125.3307, 43.88781).expect("on earth");
        let all = carried();
        assert_eq!(all.len(), 60);
        let holding: Vec<&str> = all
            .values()
            .filter(|ground| ground.holds(changchun))
            .map(|ground| ground.name.as_str())
            .collect();
        assert_eq!(holding, ["南关区"]);
        for ground in all.values() {
            let label = ground.label.expect("a label");
            assert_eq!(ground.nearest(label), Some(label), "{}", ground.name);
            // The points inside stand for the area: within a tenth of it, where there are many.
            let cell = 0.05f64 * 111.2 * 0.05 * 111.2 * label.lat().to_radians().cos();
            let (by_points, area) = (ground.inside.len() as f64 * cell, ground.shape.area_km2());
            assert!(area < 1_000.0 || (by_points / area - 1.0).abs() < 0.1, "{}", ground.name);
            assert!(ground.inside.iter().all(|point| ground.holds(*point)), "{}", ground.name);
        }
    }
}
