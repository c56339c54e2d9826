//! Points: what hosts say they measure, and what devices named and nobody mapped.
//!
//! In: definitions out of messages (coal `CDDY`), from `intake`; omissions. Out:
//! `station.changed` with new sensors, for stations that adopt what their host defines;
//! else a person maps them. Tables: `station_point`, working state, at most 10 000 of
//! each station. Screens: `ui/src/sense/point`.

use std::collections::{BTreeMap, HashMap, HashSet};

use base::{Quantity, Timestamp};
use host::web::{Json, Path, Scoped};
use host::{Page, Read, Record, Result, Routes, Scope, Slice, Table, Tx, World, params};
use schemars::JsonSchema;
use serde::Serialize;

use crate::protocol::{Definition, Why};
use crate::source;
use crate::station::{
    self, Changed, MOST_AT_ONCE, MOST_SENSORS, Mapping, READ, SensorDefinition, SensorId, Station,
    StationFact, StationId,
};

const TABLES: &[Table] = &[Table::working("station_point")];

pub(crate) fn slice() -> Slice {
    Slice::without_facts("point", TABLES, READ)
}

/// A point of a station, by its name, as its host defined it then.
pub(crate) type Defined = ((StationId, String), (Definition, Timestamp));

/// Keeps what hosts define, and makes sensors of it where the station is set so.
pub(crate) fn save(tx: &mut Tx<'_>, defined: &[Defined]) -> Result<()> {
    let mut stations: BTreeMap<StationId, Vec<&Definition>> = BTreeMap::new();
    for ((station, element), (definition, seen)) in defined {
        stations.entry(*station).or_default().push(definition);
        let mapping = &definition.mapping;
        tx.work().run(
            "insert into station_point (station, element, quantity, name, factor, shift, low, \
             high, unit, remarks, seen) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) \
             on conflict (station, element) do update set quantity = excluded.quantity, \
             name = excluded.name, factor = excluded.factor, shift = excluded.shift, \
             low = excluded.low, high = excluded.high, unit = excluded.unit, \
             remarks = excluded.remarks, seen = excluded.seen",
            params![
                *station,
                element,
                definition.quantity.map(Quantity::code),
                mapping.name.clone(),
                mapping.factor,
                mapping.shift,
                mapping.low,
                mapping.high,
                definition.unit.clone(),
                definition.remarks.clone(),
                *seen,
            ],
        )?;
    }
    for (station, definitions) in stations {
        tx.work().run(
            "delete from station_point where station = $1 and seen < (select min(seen) from \
             (select seen from station_point where station = $1 order by seen desc limit $2) \
             as newest)",
            params![station, MOST_SENSORS as i64],
        )?;
        adopt(tx, station, &definitions)?;
    }
    Ok(())
}

/// Sensors for what a host defines, where nobody has to be asked.
fn adopt(tx: &mut Tx<'_>, id: StationId, definitions: &[&Definition]) -> Result<()> {
    let station = match station::load(tx, &Scope::Node, id) {
        Ok(station) if station.adopts => station,
        Ok(_) | Err(host::Error::NotFound { .. }) => return Ok(()),
        Err(error) => return Err(error),
    };
    let taken: HashSet<&str> = working(&station).map(|(element, _)| element).collect();
    let room = MOST_SENSORS.saturating_sub(station.sensors.len()).min(MOST_AT_ONCE);
    let mut added = Vec::new();
    for definition in definitions {
        let Some(quantity) = definition.quantity else { continue };
        if taken.contains(definition.element.as_str()) || added.len() == room {
            continue;
        }
        // A host may say what no person would be allowed to.
        let mapping = definition.mapping.decide().unwrap_or_default();
        let (id, element) = (tx.new_id().into(), definition.element.clone());
        added.push(SensorDefinition { id, quantity, element, mapping });
    }
    if added.is_empty() {
        return Ok(());
    }
    let changed = Changed { added, ..Changed::nothing(&station) };
    tx.record(Record::next(id, StationFact::Changed(changed))).map(|_| ())
}

fn working(station: &Station) -> impl Iterator<Item = (&str, SensorId)> {
    let sensors = station.sensors.iter().filter(|sensor| sensor.retired_at.is_none());
    sensors.map(|sensor| (sensor.element.as_str(), sensor.id))
}

pub(crate) fn routes() -> Routes {
    Routes::new()
        .get(
            "/api/stations/{id}/points",
            READ,
            "What a station's host defines and what it sends, with the sensors made of it",
            list,
        )
        .gives::<Page<PointView>>()
}

/// A point of a station as the API gives it.
#[derive(Debug, Default, Serialize, JsonSchema)]
#[schemars(rename = "StationPoint")]
struct PointView {
    element: String,
    /// What its name says, in the words of its standard.
    element_word: String,
    /// The sensor that takes its values, if there is one.
    sensor: Option<SensorId>,
    /// What it measures, as its host or its name says.
    quantity: Option<Quantity>,
    unit: Option<&'static str>,
    mapping: Mapping,
    /// The host's own words for the unit.
    wire_unit: Option<String>,
    remarks: Option<String>,
    /// When its host defined it last.
    defined_at: Option<Timestamp>,
    /// Values that came and found no sensor.
    unmapped: i64,
    last_seen: Option<Timestamp>,
    last_value: Option<String>,
}

async fn list(
    world: World,
    Scoped(scope): Scoped,
    Path(id): Path<StationId>,
) -> Result<Json<Page<PointView>>> {
    let points = world.read(move |db| {
        let station = station::load(db, &scope, id)?;
        points(db, &station)
    });
    Ok(Json(Page::whole(points.await?)))
}

/// What is not mapped first, then by name.
fn points(db: &mut dyn Read, station: &Station) -> Result<Vec<PointView>> {
    let mut points: BTreeMap<String, PointView> = BTreeMap::new();
    let rows = db.rows(
        "select element, quantity, name, factor, shift, low, high, unit, remarks, seen \
         from station_point where station = $1 order by element",
        params![station.id],
    )?;
    for row in &rows {
        let element: String = row.get("element")?;
        let point = PointView {
            quantity: row.parse_opt("quantity")?,
            mapping: Mapping {
                name: row.get("name")?,
                factor: row.get("factor")?,
                shift: row.get("shift")?,
                low: row.get("low")?,
                high: row.get("high")?,
            },
            wire_unit: row.get("unit")?,
            remarks: row.get("remarks")?,
            defined_at: row.get("seen")?,
            ..PointView::default()
        };
        points.insert(element, point);
    }
    for omission in source::omissions(db, station)? {
        if omission.why != Why::NoSensor {
            continue;
        }
        let suggested = station.protocol.suggestion(&omission.element).unwrap_or_default();
        let point = points.entry(omission.element).or_insert_with(|| PointView {
            quantity: suggested.quantity,
            mapping: suggested.mapping,
            ..PointView::default()
        });
        point.unmapped = omission.times;
        point.last_seen = Some(omission.last_seen);
        point.last_value = Some(omission.last_value);
    }
    let sensors: HashMap<&str, SensorId> = working(station).collect();
    let mut views: Vec<PointView> = points
        .into_iter()
        .map(|(element, point)| PointView {
            element_word: station.protocol.element_word(&element),
            sensor: sensors.get(element.as_str()).copied(),
            unit: point.quantity.map(Quantity::unit),
            element,
            ..point
        })
        .collect();
    views.sort_by_key(|point| point.sensor.is_some());
    Ok(views)
}
