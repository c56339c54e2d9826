//! The first filling of the register, from the tables that the binary carries.

use std::collections::HashMap;

use base::place::Tier;
use base::{AdminCode, Date};
use host::{Error, Home, Lane, Record, Result, World};

use super::{Added, Dated, Region, RegionFact, Spell, register};
use crate::pack::{DIVISIONS, LAYERS};

const SOURCE: &str = "china-division 2.7.0（国家统计局），MIT";

/// Fills an empty register; does nothing to one that has regions.
///
/// # Errors
/// [`Error::Internal`] when the carried table does not read, which a test excludes.
pub fn seed(world: &World) -> Result<()> {
    let filled = world.read_now(|db| Ok(db.row("select 1 as one from region limit 1", &[])?))?;
    if filled.is_some() {
        return Ok(());
    }
    let (regions, dated) = (carried()?, carried_spells()?);
    world.run(Lane::Ordinary, "import", move |tx| {
        let added = Added { source: SOURCE.to_owned(), regions, dated };
        tx.record(Record::first(register(), Home::node(), RegionFact::Added(added)))?;
        Ok(())
    })
}

/// A county-level city for some time: code, name, English name, what it reported to, the
/// first day, the first day without it, what came after it, and who says so.
type Row = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    Option<&'static str>,
    Option<&'static str>,
    Option<&'static str>,
    &'static str,
);

const PILOT: &str = "《城市晚报》2013-11-15：梅河口、公主岭深化扩权强县改革试点，省直管；\
     日期为公布日，待以文件核对。吉应急科技信息〔2019〕184号亦由省直接致两市";
const MOVED: &str = "国务院批复公主岭市改由长春市代管，2020-06-19 公布；代码 220184 见 \
     china-division 2.7.0；生效日待以批文核对";

/// What the carried table, which is of one day, does not say: 梅河口 keeps the code of its
/// prefecture and reports to the province, and so did 公主岭, until it went to 长春 under
/// another code. The days are those on which it was made known, not of the documents.
const DATES: &[Row] = &[
    ("220581", "梅河口市", "Meihekou", "220500", None, Some("2013-11-15"), None, SOURCE),
    ("220581", "梅河口市", "Meihekou", "220000", Some("2013-11-15"), None, None, PILOT),
    ("220184", "公主岭市", "Gongzhuling", "220100", Some("2020-06-19"), None, None, MOVED),
    ("220381", "公主岭市", "Gongzhuling", "220300", None, Some("2013-11-15"), None, PILOT),
    (
        "220381",
        "公主岭市",
        "Gongzhuling",
        "220000",
        Some("2013-11-15"),
        Some("2020-06-19"),
        Some("220184"),
        MOVED,
    ),
];

/// The spells of codes of which more is known than the carried table says.
fn carried_spells() -> Result<Vec<Dated>> {
    let broken = |code: &str| Error::Internal(format!("the carried dates of {code}"));
    let mut dated: Vec<Dated> = Vec::new();
    for (code, name, name_en, parent, from, to, after, source) in DATES {
        let day = |text: Option<&str>| -> Result<Option<Date>> {
            text.map(|text| text.parse().map_err(|_| broken(code))).transpose()
        };
        let of = |text: &str| text.parse::<AdminCode>().map_err(|_| broken(code));
        let spell = Spell {
            code: of(code)?,
            name: (*name).to_owned(),
            name_en: Some((*name_en).to_owned()),
            tier: Tier::County,
            parent: Some(of(parent)?),
            valid_from: day(*from)?,
            valid_to: day(*to)?,
            succeeded_by: after.map(of).transpose()?,
            source: (*source).to_owned(),
        };
        match dated.last_mut().filter(|last| last.code == spell.code) {
            Some(last) => last.spells.push(spell),
            None => dated.push(Dated { code: spell.code.clone(), spells: vec![spell] }),
        }
    }
    Ok(dated)
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
