//! The door for people: what is checked of each quantity, and of one sensor.

use std::sync::Arc;

use base::Timestamp;
use host::part::Kit;
use host::web::{Body, Idempotency, Json, Path, Scoped};
use host::{Caller, Error, Read, Record, Reply, Result, Routes, Scope, World};
use schemars::JsonSchema;
use serde::Serialize;
use tokio::sync::Semaphore;

use super::definition::{Definitions, Limits};
use super::preview::{self, Asked, Preview};
use super::{Neighbours, Settings, Spike, Step, Stuck};
use crate::station::{
    self, ChecksSet, READ, REGISTER, Sensor, SensorId, Station, StationFact, Told,
};

/// Further away no sensor is a neighbour, where the quantity's definition says nothing.
const FURTHEST_KM: f64 = 100.0;

/// Previews at one time: each reads and judges up to some hundred thousand readings.
const PREVIEWS: usize = 2;

pub(crate) fn routes() -> Routes {
    let places = Arc::new(Semaphore::new(PREVIEWS));
    let preview = move |world, scope, id, body| try_out(places.clone(), world, scope, id, body);
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
        .post(
            "/api/sensors/{id}/checks/preview",
            REGISTER,
            "What checks would have flagged of a sensor's last readings; sets nothing",
            preview,
        )
        .takes::<Asked>()
        .gives::<Preview>()
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
    /// What was set before and by whom, the newest first, as far as the caller sees it.
    history: Vec<ChecksSaid>,
    /// The day of the table that the rest comes from: `/api/quality-checks`.
    version: String,
}

/// What one fact set.
#[derive(Debug, Serialize, JsonSchema)]
struct ChecksSaid {
    seq: i64,
    at: Timestamp,
    by: Option<String>,
    checks: Settings,
}

impl SensorChecks {
    fn new(sensor: &Sensor, history: Vec<ChecksSaid>) -> SensorChecks {
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
            set: sensor.checks.clone().filter(|set| !set.is_nothing()),
            history,
            version: Definitions::all().version.clone(),
        }
    }
}

async fn all() -> Json<&'static Definitions> {
    Json(Definitions::all())
}

async fn load(
    world: World,
    caller: Caller,
    Scoped(scope): Scoped,
    Path(id): Path<SensorId>,
) -> Result<Json<SensorChecks>> {
    let kit = world.kit().clone();
    let checks = world.read(move |db| view(db, &kit, &caller, (&scope, id)));
    Ok(Json(checks.await?))
}

fn view(
    db: &mut dyn Read,
    kit: &Kit,
    caller: &Caller,
    (scope, id): (&Scope, SensorId),
) -> Result<SensorChecks> {
    let sensor = station::load_sensor(db, scope, id)?;
    let mut history = Vec::new();
    for told in station::told(db, kit, (caller, sensor.station), &["station.checks_set"])? {
        let Told { seq, at, by, fact: StationFact::ChecksSet(said), .. } = told else { continue };
        if said.sensor == id {
            history.push(ChecksSaid { seq, at, by, checks: said.checks });
        }
    }
    history.reverse();
    Ok(SensorChecks::new(&sensor, history))
}

async fn set(
    world: World,
    caller: Caller,
    key: Idempotency,
    Scoped(scope): Scoped,
    Path(id): Path<SensorId>,
    Body(settings): Body<Settings>,
) -> Result<Reply<SensorChecks>> {
    let (kit, who) = (world.kit().clone(), caller.clone());
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
        view(tx, &kit, &who, (&scope, id))
    });
    reply.await
}

/// Judges the sensor's last readings by what is set now, and by what is asked.
async fn try_out(
    places: Arc<Semaphore>,
    world: World,
    Scoped(scope): Scoped,
    Path(id): Path<SensorId>,
    Body(asked): Body<Asked>,
) -> Result<Json<Preview>> {
    let place = places.try_acquire_owned();
    let place = place.map_err(|_| Error::Busy("other checks are being tried out"))?;
    let (sensor, asked) = world
        .read(move |db| {
            let sensor = station::load_sensor(db, &scope, id)?;
            asked.settings.check(&sensor)?;
            if let Some(neighbours) = &asked.settings.neighbour {
                compare(db, &scope, &sensor, neighbours)?;
            }
            Ok((sensor, asked))
        })
        .await?;
    let span = asked.span(&sensor, world.clock().now())?;
    let judged = host::node::off_the_loop(move || {
        let _place = place;
        preview::preview(&world, &sensor, &asked.settings, span)
    });
    Ok(Json(judged.await?))
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
