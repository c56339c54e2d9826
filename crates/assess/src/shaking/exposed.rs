//! Which registered sites and stations stand where it shook, within what the caller sees.

use base::Point;
use host::{Read, Result, Row, Scope, Value};
use schemars::JsonSchema;
use science::earthquake::{
    Depth, Field, Gate, GateRules, GroundMotion, Solution, SurfaceWave, depth_gate,
};
use sense::StationId;
use serde::Serialize;
use survey::SiteId;

use super::definition::Definition;
use super::fact::{Estimate, Felt};

/// Of each kind, so many are looked at.
const MOST: i64 = 2_000;
const KM_OF_DEGREE: f64 = 111.2;

/// What stands where it shook.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[schemars(rename = "ShakingExposed")]
pub(super) struct Exposed {
    /// From this degree on something is listed.
    pub from_degree: u8,
    /// The strongest first; `null` when the caller may not see any.
    pub sites: Option<Listed<ExposedSite>>,
    pub stations: Option<Listed<ExposedStation>>,
}

#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[schemars(rename = "ShakingListed{T}")]
pub(super) struct Listed<T> {
    pub items: Vec<T>,
    /// Whether there are more than were looked at.
    pub more: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub(super) struct ExposedSite {
    pub id: SiteId,
    /// `mine`, `pond` and so on.
    pub kind: String,
    pub name: String,
    pub point: Point,
    pub felt: Felt,
    pub degree: [u8; 2],
}

#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub(super) struct ExposedStation {
    pub id: StationId,
    pub name: String,
    pub point: Point,
    /// How many sensors it has.
    pub sensors: i64,
    pub felt: Felt,
    pub degree: [u8; 2],
}

/// Where the sites and stations of two scopes stand in a field.
pub(super) fn exposed(
    db: &mut dyn Read,
    estimate: &Estimate,
    sites: Option<&Scope>,
    stations: Option<&Scope>,
) -> Result<Exposed> {
    let definition = Definition::shipped();
    let from_degree = definition.told_from_degree;
    let motion = GroundMotion::shipped();
    let field = again(definition, &motion, estimate);
    let look = field.map(|field| Look { field, from_degree, estimate });
    let sites = sites.map(|scope| of_sites(db, look.as_ref(), scope)).transpose()?;
    let stations = stations.map(|scope| of_stations(db, look.as_ref(), scope)).transpose()?;
    Ok(Exposed { from_degree, sites, stations })
}

/// The field of an estimate: it depends on nothing but what the estimate says.
fn again<'a>(
    definition: &Definition,
    motion: &'a GroundMotion,
    estimate: &Estimate,
) -> Option<Field<'a>> {
    let solution = Solution {
        time: base::Timestamp::from_millis(0),
        place: estimate.epicentre,
        depth: estimate.depth_km.and_then(|km| Depth::from_km(km).ok()),
        magnitude: Some(estimate.surface_wave),
    };
    let Gate::Open(opened) = depth_gate(&GateRules::shipped(), &solution, &[]) else { return None };
    let magnitude = SurfaceWave::new(estimate.surface_wave).ok()?;
    let zone = definition.zone();
    Field::by_ground_motion(motion, zone, estimate.epicentre, magnitude, None, &opened).ok()
}

struct Look<'a> {
    field: Field<'a>,
    from_degree: u8,
    estimate: &'a Estimate,
}

impl Look<'_> {
    /// A condition on `lon` and `lat` of rows that may be near enough.
    fn near(&self, row: &str, values: &mut Vec<Value>) -> String {
        let line = self.estimate.lines.iter().find(|line| line.degree == self.from_degree);
        let reach = self.field.reach_km();
        let km = line
            .map_or(0.0, |line| line.long_km.unwrap_or(reach).max(line.short_km.unwrap_or(reach)));
        let centre = self.estimate.epicentre;
        let north = km / KM_OF_DEGREE * 1.02;
        let east = north / centre.lat().to_radians().cos().max(0.05);
        let edges =
            [centre.lon() - east, centre.lon() + east, centre.lat() - north, centre.lat() + north];
        let first = values.len() + 1;
        values.extend(edges.map(Value::from));
        format!(
            "{row}.lon between ${} and ${} and {row}.lat between ${} and ${}",
            first,
            first + 1,
            first + 2,
            first + 3
        )
    }

    fn at(&self, row: &Row) -> Option<(Point, Felt, [u8; 2])> {
        let point = Point::new(row.get("lon").ok()?, row.get("lat").ok()?).ok()?;
        let shaking = self.field.at(point)?;
        let degree = [self.field.degree(shaking.least), self.field.degree(shaking.most)];
        let felt = Felt { least: shaking.least.told().0, most: shaking.most.told().0 };
        (self.from_degree <= degree[1]).then_some((point, felt, degree))
    }
}

fn of_sites(
    db: &mut dyn Read,
    look: Option<&Look<'_>>,
    scope: &Scope,
) -> Result<Listed<ExposedSite>> {
    let Some(look) = look else { return Ok(Listed { items: Vec::new(), more: false }) };
    let mut values = vec![Value::from(MOST + 1)];
    let inside = scope.filter("s", &mut values);
    let near = look.near("s", &mut values);
    let sql = format!(
        "select s.id, s.kind, s.name, s.lon, s.lat from site s \
         where s.state <> 'closed' and {near} and {inside} order by s.id limit $1"
    );
    let rows = db.rows(&sql, &values)?;
    let mut items = Vec::new();
    for row in rows.iter().take(MOST as usize) {
        let Some((point, felt, degree)) = look.at(row) else { continue };
        let (id, kind, name) = (row.get("id")?, row.get("kind")?, row.get("name")?);
        items.push(ExposedSite { id, kind, name, point, felt, degree });
    }
    items.sort_by(|one, other| other.felt.most.total_cmp(&one.felt.most));
    Ok(Listed { items, more: MOST < rows.len() as i64 })
}

fn of_stations(
    db: &mut dyn Read,
    look: Option<&Look<'_>>,
    scope: &Scope,
) -> Result<Listed<ExposedStation>> {
    let Some(look) = look else { return Ok(Listed { items: Vec::new(), more: false }) };
    let mut values = vec![Value::from(MOST + 1)];
    let inside = scope.filter("s", &mut values);
    let near = look.near("s", &mut values);
    let sql = format!(
        "select s.id, s.name, s.lon, s.lat, (select count(*) from sensor r \
         where r.station = s.id and r.retired_at is null) as sensors from station s \
         where {near} and {inside} order by s.id limit $1"
    );
    let rows = db.rows(&sql, &values)?;
    let mut items = Vec::new();
    for row in rows.iter().take(MOST as usize) {
        let Some((point, felt, degree)) = look.at(row) else { continue };
        let (id, name, sensors) = (row.get("id")?, row.get("name")?, row.get("sensors")?);
        items.push(ExposedStation { id, name, point, sensors, felt, degree });
    }
    items.sort_by(|one, other| other.felt.most.total_cmp(&one.felt.most));
    Ok(Listed { items, more: MOST < rows.len() as i64 })
}
