//! The first filling of the register, from the tables that the binary carries.

use std::collections::HashMap;

use base::AdminCode;
use base::place::Tier;
use host::{Error, Home, Lane, Record, Result, World};

use super::{Added, Region, RegionFact, register};
use crate::pack::{DIVISIONS, LAYERS};

const SOURCE: &str = "china-division 2.7.0 (National Bureau of Statistics), MIT";

/// Fills an empty register; does nothing to one that has regions.
///
/// # Errors
/// [`Error::Internal`] when the carried table does not read, which a test excludes.
pub fn seed(world: &World) -> Result<()> {
    let filled = world.read_now(|db| Ok(db.row("select 1 as one from region limit 1", &[])?))?;
    if filled.is_some() {
        return Ok(());
    }
    let regions = carried()?;
    world.run(Lane::Ordinary, "import", move |tx| {
        let added = Added { source: SOURCE.to_owned(), regions };
        tx.record(Record::first(register(), Home::node(), RegionFact::Added(added)))?;
        Ok(())
    })
}

/// The carried table: the province, its prefectures, counties and 乡镇.
pub(crate) fn carried() -> Result<Vec<Region>> {
    let boxes = boxes()?;
    let mut regions = Vec::new();
    for (number, line) in DIVISIONS.lines().enumerate().skip(1) {
        let broken = || Error::Internal(format!("jilin_divisions.csv line {}", number + 1));
        let fields: Vec<&str> = line.split(',').collect();
        let [code, level, name, name_en, parent, statutory, lng, lat] = fields[..] else {
            return Err(broken());
        };
        let tier = match level {
            "province" => Tier::Province,
            "prefecture" => Tier::City,
            "county" => Tier::County,
            "town" => Tier::Town,
            _ => return Err(broken()),
        };
        // Development zones of the statistics bureau are no divisions of GB/T 2260.
        if statutory == "0" {
            continue;
        }
        let code: AdminCode = code.parse().map_err(|_| broken())?;
        let parent: Option<AdminCode> = parent.parse().ok();
        let point = lng.parse().ok().zip(lat.parse().ok()).map(|(lon, lat)| [lon, lat]);
        let (label, bbox) = boxes
            .get(&code)
            .copied()
            .map_or((point, None), |(label, bbox)| (Some(label), Some(bbox)));
        regions.push(Region {
            code,
            name: name.to_owned(),
            name_en: (!name_en.is_empty()).then(|| name_en.to_owned()),
            tier,
            parent,
            label,
            bbox,
        });
    }
    // A region comes after the one it reports to.
    regions.sort_by_key(|region| std::cmp::Reverse(region.tier));
    Ok(regions)
}

type Boxes = HashMap<AdminCode, ([f64; 2], [f64; 4])>;

/// Label point and bounding box of each outline that the binary carries.
fn boxes() -> Result<Boxes> {
    #[derive(serde::Deserialize)]
    struct Collection {
        features: Vec<Feature>,
    }
    #[derive(serde::Deserialize)]
    struct Feature {
        properties: Properties,
    }
    #[derive(serde::Deserialize)]
    struct Properties {
        adcode: AdminCode,
        label: [f64; 2],
        bbox: [f64; 4],
    }
    let mut boxes = HashMap::new();
    let outlines = ["province", "prefectures", "counties"];
    for pack in LAYERS.iter().filter(|pack| outlines.contains(&pack.id)) {
        let collection: Collection = serde_json::from_str(pack.geojson)
            .map_err(|error| Error::Internal(format!("layer {}: {error}", pack.id)))?;
        for Feature { properties } in collection.features {
            boxes.insert(properties.adcode, (properties.label, properties.bbox));
        }
    }
    Ok(boxes)
}
