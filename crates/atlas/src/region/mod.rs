//! Regions: divisions of the country, and which report to which.
//!
//! In: the division table that the binary carries, or an official one, by import.
//! Out: `region.added`, `.dated`, `.bounded`.
//! Tables: `region`, `region_spell`, `region_within`, `region_boundary`. Screens: `ui/src/atlas/region`, the
//! map, every scope header.
//! Source: GB/T 2260, GB/T 10114; Jilin's codes from `china-division` 2.7.0.

mod seed;
mod spell;

mod place;

pub(crate) mod boundary;

mod ground;
mod settlement;

use std::collections::{BTreeMap, BTreeSet};

use base::place::Tier;
use base::{AdminCode, Date, Id};
use host::web::{Access, Json, Params, Routes};
use host::{Entry, Page, Permission, Read, Result, Slice, Summary, Table, Tables, World, params};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use boundary::{Bounded, Outline, outline};
pub use ground::{Ground, grounds};
pub use seed::seed;
pub use settlement::{SETTLEMENTS_SOURCE, Settlement, settlements};
pub use spell::{Dated, Spell, of as spells_of, on as spell_on};

pub(crate) use spell::register as register_of_regions;

/// Reading the register of regions in the log; the list itself is for all who sign in.
pub const READ: Permission = Permission::new("region.read", "查看区划登记");

/// A region as the API gives it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Region {
    pub code: AdminCode,
    pub name: String,
    pub name_en: Option<String>,
    pub tier: Tier,
    /// The region it reports to. Usually its parent division, not always:
    /// 梅河口 reports to the province.
    pub parent: Option<AdminCode>,
    /// A point inside, for its label: longitude, latitude.
    pub label: Option<[f64; 2]>,
    /// West, south, east, north.
    pub bbox: Option<[f64; 4]>,
}

host::facts! {
    /// What can happen to the register of regions.
    pub enum RegionFact {
        "region.added" v 2 => Added(Added),
        "region.dated" v 1 => Dated(Dated),
        "region.bounded" v 1 => Bounded(Bounded),
    } upcast host::fact::less;
}

/// Regions were added to the register, upper ones first.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Added {
    pub source: String,
    pub regions: Vec<Region>,
    /// Of which more is known: their spells, in place of one that lasts.
    #[serde(default)]
    pub dated: Vec<Dated>,
}

const TABLES: &[Table] = &[
    Table::facts("region"),
    Table::facts("region_spell"),
    Table::facts("region_within"),
    Table::facts("region_boundary"),
];

pub(crate) fn slice() -> Slice {
    Slice::new::<RegionFact>("region", 2, TABLES, READ, apply, |_, fact| match fact {
        RegionFact::Added(added) => Summary::new(
            format!("登记区划 {} 个", added.regions.len()),
            serde_json::json!({ "count": added.regions.len(), "source": added.source }),
        ),
        RegionFact::Dated(dated) => {
            let name = dated.spells.last().map_or("", |spell| spell.name.as_str());
            Summary::new(
                format!("登记区划 {name}（{}）", dated.code),
                serde_json::json!({ "code": dated.code, "name": name }),
            )
        }
        RegionFact::Bounded(bounded) => Summary::new(
            format!("登记界线 {}（{}）", bounded.name, bounded.code),
            serde_json::json!({ "code": bounded.code, "name": bounded.name,
                "source": bounded.source }),
        ),
    })
    .own_facts_only()
}

fn apply(tables: &mut Tables<'_>, _: &Entry, fact: &RegionFact) {
    match fact {
        RegionFact::Added(added) => add(tables, added),
        RegionFact::Dated(dated) => spell::apply(tables, dated),
        RegionFact::Bounded(bounded) => boundary::apply(tables, bounded),
    }
}

fn add(tables: &mut Tables<'_>, added: &Added) {
    for region in &added.regions {
        let [west, south, east, north] = match region.bbox {
            Some(bbox) => bbox.map(Some),
            None => [None; 4],
        };
        tables.run(
            "insert into region (code, name, name_en, tier, reports_to, label_lon, label_lat, \
             west, south, east, north, source) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) \
             on conflict (code) do update set name = excluded.name, name_en = excluded.name_en, \
             tier = excluded.tier, reports_to = excluded.reports_to, \
             label_lon = excluded.label_lon, label_lat = excluded.label_lat, \
             west = excluded.west, south = excluded.south, east = excluded.east, \
             north = excluded.north, source = excluded.source",
            params![
                &region.code,
                &region.name,
                region.name_en.clone(),
                tier_code(region.tier),
                region.parent.clone(),
                region.label.map(|[lon, _]| lon),
                region.label.map(|[_, lat]| lat),
                west,
                south,
                east,
                north,
                &added.source,
            ],
        );
        spell::add_undated(tables, region, &added.source);
        put_below(tables, &region.code, region.parent.as_ref());
    }
    for dated in &added.dated {
        spell::apply(tables, dated);
    }
}

/// Puts a region, and all that reports to it, below its parent and all above that.
fn put_below(tables: &mut Tables<'_>, code: &AdminCode, parent: Option<&AdminCode>) {
    tables.run(
        "insert into region_within (ancestor, region) values ($1, $1) \
         on conflict (ancestor, region) do nothing",
        params![code],
    );
    tables.run(
        "delete from region_within where region in \
         (select below.region from region_within below where below.ancestor = $1) \
         and ancestor not in \
         (select below.region from region_within below where below.ancestor = $1)",
        params![code],
    );
    if let Some(parent) = parent {
        tables.run(
            "insert into region_within (ancestor, region) \
             select above.ancestor, below.region from region_within above, region_within below \
             where above.region = $2 and below.ancestor = $1 \
             on conflict (ancestor, region) do nothing",
            params![code, parent],
        );
    }
}

pub(crate) fn routes() -> Routes {
    Routes::new()
        .get("/api/regions", Access::SignedIn, "Lists regions, upper ones first", list_route)
        .asks::<RegionQuery>()
        .gives::<Page<Region>>()
        .get(
            "/api/regions/spells",
            Access::SignedIn,
            "Lists what regions there were on a day",
            spells,
        )
        .asks::<spell::SpellQuery>()
        .gives::<Page<Spell>>()
        .merge(boundary::routes())
}

async fn spells(
    world: World,
    Params(query): Params<spell::SpellQuery>,
) -> Result<Json<Page<Spell>>> {
    let today = Date::of(world.clock().now());
    let spells = world.read(move |db| spell::list(db, &query, today)).await?;
    Ok(Json(Page::whole(spells)))
}

/// Which regions are wanted.
#[derive(Debug, Default, Deserialize, JsonSchema)]
struct RegionQuery {
    /// Those that report to this one, directly.
    parent: Option<AdminCode>,
    /// `true` lists 乡镇 too; without it counties are the lowest.
    towns: Option<bool>,
}

async fn list_route(
    world: World,
    Params(query): Params<RegionQuery>,
) -> Result<Json<Page<Region>>> {
    let towns = query.towns.unwrap_or(false);
    let regions = world.read(move |db| list(db, query.parent.as_ref(), towns)).await?;
    Ok(Json(Page::whole(regions)))
}

/// The names of regions are no secret inside a node: no scope.
pub fn list(db: &mut dyn Read, parent: Option<&AdminCode>, towns: bool) -> Result<Vec<Region>> {
    let rows = db.rows(
        "select code, name, name_en, tier, reports_to, label_lon, label_lat, \
         west, south, east, north from region \
         where ended is null and ($1 = '' or reports_to = $1) \
         and ($2 = 1 or tier not in ('town', 'village')) \
         order by code",
        params![parent.map_or("", AdminCode::as_str), towns],
    )?;
    rows.iter().map(from_row).collect()
}

/// The names of some regions, by one question; its code is the name of one that the
/// register does not have.
pub fn names(
    db: &mut dyn Read,
    codes: &BTreeSet<AdminCode>,
) -> Result<BTreeMap<AdminCode, String>> {
    let mut names: BTreeMap<AdminCode, String> =
        codes.iter().map(|code| (code.clone(), code.to_string())).collect();
    if codes.is_empty() {
        return Ok(names);
    }
    let places: Vec<String> = (1..=codes.len()).map(|place| format!("${place}")).collect();
    let params: Vec<host::Value> = codes.iter().map(host::Value::from).collect();
    let sql = format!(
        "select code, name from region where code in ({}) order by code",
        places.join(", ")
    );
    for row in db.rows(&sql, &params)? {
        names.insert(row.parse("code")?, row.get("name")?);
    }
    Ok(names)
}

/// One region, by its code.
pub fn find(db: &mut dyn Read, code: &AdminCode) -> Result<Option<Region>> {
    let row = db.row(
        "select code, name, name_en, tier, reports_to, label_lon, label_lat, \
         west, south, east, north from region where code = $1",
        params![code],
    )?;
    row.as_ref().map(from_row).transpose()
}

fn from_row(row: &host::Row) -> Result<Region> {
    let label = (row.get::<Option<f64>>("label_lon")?, row.get::<Option<f64>>("label_lat")?);
    let edges = ["west", "south", "east", "north"].map(|edge| row.get::<Option<f64>>(edge));
    let bbox = match edges {
        [Ok(Some(west)), Ok(Some(south)), Ok(Some(east)), Ok(Some(north))] => {
            Some([west, south, east, north])
        }
        _ => None,
    };
    Ok(Region {
        code: row.parse("code")?,
        name: row.get("name")?,
        name_en: row.get("name_en")?,
        tier: tier_of(&row.get::<String>("tier")?),
        parent: row.parse_opt("reports_to")?,
        label: if let (Some(lon), Some(lat)) = label { Some([lon, lat]) } else { None },
        bbox,
    })
}

fn tier_code(tier: Tier) -> &'static str {
    match tier {
        Tier::Village => "village",
        Tier::Town => "town",
        Tier::County => "county",
        Tier::City => "city",
        Tier::Province => "province",
    }
}

fn tier_of(code: &str) -> Tier {
    match code {
        "village" => Tier::Village,
        "town" => Tier::Town,
        "city" => Tier::City,
        "province" => Tier::Province,
        _ => Tier::County,
    }
}

/// The register as a whole is one subject of the log.
pub(crate) fn register() -> Id {
    Id::from_bytes(*b"region register.")
}

#[cfg(test)]
mod tests;
