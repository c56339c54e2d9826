//! Underground: how many people are in a mine and in each of its areas, and what is over.
//!
//! In: readings of head counts and of open alarms (`coal42`); a count is nobody's. Out:
//! nothing. Tables: none; it reads what the sensors of a station read last.
//! Screens: `ui/src/sense/person`.
//! Source: 煤安监办〔2019〕42号 annex 2 (RYSS, RYQY, RYXX, and the alarms RYCS, RYCY, RYQJ,
//! RYXZ). More than was approved is over-crowded (超员), by our own count beside the
//! host's alarm; where the two differ that is said.

use std::collections::BTreeMap;

use base::Timestamp;
use host::web::{Json, Path, Scoped};
use host::{Result, Routes, World};
use schemars::JsonSchema;
use serde::Serialize;

use crate::protocol::Protocol;
use crate::station::{self, READ, Sensor, Station, StationId};

pub(crate) fn routes() -> Routes {
    Routes::new()
        .get(
            "/api/stations/{id}/underground",
            READ,
            "How many are in a mine and its areas, and what is over; nobody is named",
            load,
        )
        .gives::<Underground>()
}

/// Heads in a mine.
#[derive(Debug, Serialize, JsonSchema)]
struct Underground {
    heads: Count,
    /// From the list of persons (RYXX).
    approved: Option<f64>,
    /// More than approved, in the mine or in an area.
    over: bool,
    areas: Vec<AreaHeads>,
    /// Alarms of the host that are open by its newest file of each type.
    overtime: Count,
    overcrowding: Count,
    help: Count,
    restricted: Count,
    /// Whether the host says over-crowded and our count does not, or the other way round;
    /// `null` when one of the two has not been heard.
    differs: Option<bool>,
}

/// A number as it was told last.
#[derive(Debug, Clone, Copy, Default, Serialize, JsonSchema)]
#[schemars(rename = "ToldCount")]
struct Count {
    /// `null` when nothing good was told.
    value: Option<f64>,
    at: Option<Timestamp>,
}

/// Heads in an area.
#[derive(Debug, Serialize, JsonSchema)]
struct AreaHeads {
    /// 16 digits.
    area: String,
    name: Option<String>,
    heads: Count,
    approved: Option<f64>,
    over: bool,
}

async fn load(
    world: World,
    Scoped(scope): Scoped,
    Path(id): Path<StationId>,
) -> Result<Json<Underground>> {
    let asked = world.clone();
    let underground = world.read(move |db| {
        let station = station::load(db, &scope, id)?;
        Ok(underground(&asked, &station))
    });
    Ok(Json(underground.await?))
}

fn underground(world: &World, station: &Station) -> Underground {
    let sensors: BTreeMap<&str, &Sensor> = station
        .sensors
        .iter()
        .filter(|sensor| sensor.retired_at.is_none() && sensor.protocol == Protocol::Coal42)
        .map(|sensor| (sensor.element.as_str(), sensor))
        .collect();
    let count = |element: &str| {
        sensors.get(element).map_or(Count::default(), |sensor| latest(world, sensor))
    };
    let areas: Vec<AreaHeads> = sensors
        .iter()
        .filter_map(|(element, sensor)| {
            let area = element.strip_suffix("/heads")?;
            let heads = latest(world, sensor);
            let approved = count(&format!("{area}/approved")).value;
            let name = sensor.mapping.name.clone();
            Some(AreaHeads {
                area: area.to_owned(),
                name,
                heads,
                approved,
                over: is_over(heads, approved),
            })
        })
        .collect();
    let (heads, approved) = (count("RYSS"), count("RYXX").value);
    let overcrowding = count("RYCY");
    let over = is_over(heads, approved) || areas.iter().any(|area| area.over);
    let differs = overcrowding.value.zip(heads.value).map(|(open, _)| (0.0 < open) != over);
    Underground {
        heads,
        approved,
        over,
        areas,
        overtime: count("RYCS"),
        overcrowding,
        help: count("RYQJ"),
        restricted: count("RYXZ"),
        differs,
    }
}

/// Exactly as many as approved are not too many.
fn is_over(heads: Count, approved: Option<f64>) -> bool {
    heads.value.zip(approved).is_some_and(|(heads, approved)| approved < heads)
}

fn latest(world: &World, sensor: &Sensor) -> Count {
    let series = world.series();
    let reading = series.series_of(sensor.id.into()).and_then(|number| series.latest(&[number])[0]);
    reading.map_or(Count::default(), |it| Count { value: Some(it.value), at: Some(it.time) })
}
