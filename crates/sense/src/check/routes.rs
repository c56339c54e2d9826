//! The door for people: what is checked of each quantity, and of one sensor.

use host::web::{Body, Idempotency, Json, Path, Scoped};
use host::{Caller, Error, Read, Record, Reply, Result, Routes, Scope, World};
use schemars::JsonSchema;
use serde::Serialize;

use super::definition::{Definitions, Limits};
use super::{Neighbours, Settings, Spike, Step, Stuck};
use crate::station::{self, ChecksSet, READ, REGISTER, Sensor, SensorId, Station, StationFact};

/// Further away no sensor is a neighbour, where the quantity's definition says nothing.
const FURTHEST_KM: f64 = 100.0;

pub(crate) fn routes() -> Routes {
    Routes::new()
        .get("/api/quality-checks", READ, "What is checked of each quantity, with sources", all)
        .gives::<Definitions>()
        .get("/api/sensors/{id}/checks", READ, "What is checked of a sensor's readings", load)
        .gives::<SensorChecks>()
        .post(
            "/api/sensors/{id}/checks",
            REGISTER,
            "Sets what is checked of a sensor's readings from now on",
            set,
        )
        .takes::<Settings>()
        .gives::<SensorChecks>()
}

/// What is checked of a sensor, and what of it a person has set.
#[derive(Debug, Serialize, JsonSchema)]
struct SensorChecks {
    sensor: SensorId,
    /// The values that it can have: the mapping's, or else the quantity's.
    low: Option<f64>,
    high: Option<f64>,
    step: Option<Step>,
    spike: Option<Spike>,
    stuck: Option<Stuck>,
    neighbour: Option<Neighbours>,
    /// Checks that take a reading out of sums and means; all others only mark it.
    exclude: Vec<super::Check>,
    /// Whether a person may let a check do so.
    may_exclude: bool,
    /// `null` when all is as the quantity says.
    set: Option<Settings>,
    /// The day of the table that the rest comes from: `/api/quality-checks`.
    version: String,
}

impl SensorChecks {
    fn new(sensor: &Sensor) -> SensorChecks {
        let limits = Limits::new(sensor.quantity, &sensor.mapping, sensor.checks.as_ref());
        SensorChecks {
            sensor: sensor.id,
            low: limits.low,
            high: limits.high,
            step: limits.step,
            spike: limits.spike,
            stuck: limits.stuck,
            neighbour: limits.neighbour,
            exclude: super::Check::of(limits.exclude).collect(),
            may_exclude: Definitions::of(sensor.quantity).may_exclude,
            set: sensor.checks.clone(),
            version: Definitions::all().version.clone(),
        }
    }
}

async fn all() -> Json<&'static Definitions> {
    Json(Definitions::all())
}

async fn load(
    world: World,
    Scoped(scope): Scoped,
    Path(id): Path<SensorId>,
) -> Result<Json<SensorChecks>> {
    let sensor = world.read(move |db| station::load_sensor(db, &scope, id)).await?;
    Ok(Json(SensorChecks::new(&sensor)))
}

async fn set(
    world: World,
    caller: Caller,
    key: Idempotency,
    Scoped(scope): Scoped,
    Path(id): Path<SensorId>,
    Body(settings): Body<Settings>,
) -> Result<Reply<SensorChecks>> {
    let reply = world.commit(&caller, key, move |tx| {
        let sensor = station::load_sensor(tx, &scope, id)?;
        if sensor.retired_at.is_some() {
            let text = format!("the sensor for {} is retired", sensor.element);
            return Err(Error::conflict("sensor-retired", text));
        }
        let checks = settings.decide(&sensor)?;
        if let Some(neighbours) = &checks.neighbour {
            compare(tx, &scope, &sensor, neighbours)?;
        }
        let fact = StationFact::ChecksSet(ChecksSet { sensor: id, checks });
        tx.record(Record::next(sensor.station, fact))?;
        Ok(SensorChecks::new(&station::load_sensor(tx, &scope, id)?))
    });
    reply.await
}

/// Neighbours measure the same, are seen by whoever names them, and stand nearby.
fn compare(
    db: &mut dyn Read,
    scope: &Scope,
    sensor: &Sensor,
    neighbours: &Neighbours,
) -> Result<()> {
    let invalid = |seen: String, expected: String| Error::invalid("neighbour", seen, expected);
    let near = Definitions::of(sensor.quantity).neighbour.as_ref();
    let furthest = near.map_or(FURTHEST_KM, |near| near.limit.distance_km);
    let here = station::load(db, scope, sensor.station)?;
    for id in &neighbours.sensors {
        let other = match station::load_sensor(db, scope, *id) {
            Err(Error::NotFound { .. }) => {
                return Err(invalid(id.to_string(), "sensors that you may see".to_owned()));
            }
            other => other?,
        };
        if other.quantity != sensor.quantity || other.retired_at.is_some() {
            let expected = format!("sensors of {} that take readings", sensor.quantity.code());
            return Err(invalid(id.to_string(), expected));
        }
        let there = station::load(db, scope, other.station)?;
        match distance(&here, &there) {
            Some(distance) if distance <= furthest => {}
            Some(distance) => {
                let seen = format!("{id}, {distance:.1} km away");
                return Err(invalid(seen, format!("sensors within {furthest} km")));
            }
            None => return Err(invalid(id.to_string(), "stations with a place".to_owned())),
        }
    }
    Ok(())
}

fn distance(here: &Station, there: &Station) -> Option<f64> {
    Some(here.point?.distance_km(there.point?))
}
