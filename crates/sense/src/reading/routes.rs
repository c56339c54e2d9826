//! The door for people: the newest readings of all.

use base::{AdminCode, Duration, Timestamp};
use host::web::{Json, Params, Scoped};
use host::{Error, Result, Routes, World};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use series::{Reading, Readings, SeriesNo};

use super::record::GAP_PERIODS;
use super::record_routes::record_routes;
use crate::station::{self, READ, Sensor, SensorId};

pub(crate) fn routes() -> Routes {
    Routes::new()
        .get("/api/readings/latest", READ, "The newest reading of every sensor", latest)
        .asks::<LatestQuery>()
        .gives::<Vec<LatestRow>>()
        .merge(record_routes())
}

/// Whose readings are wanted.
#[derive(Debug, Default, Deserialize, JsonSchema)]
struct LatestQuery {
    /// Division codes, separated by commas; all that the caller may see when absent.
    regions: Option<String>,
    /// As it was known at this moment of the last 400 days: what arrived later is left
    /// out, a value corrected later stands. The newest of all when absent.
    at: Option<Timestamp>,
}

/// Station, sensor, quantity, milliseconds since 1970, value, quality byte.
#[derive(Debug, Serialize, JsonSchema)]
struct LatestRow(station::StationId, SensorId, base::Quantity, i64, f64, u8);

async fn latest(
    world: World,
    Scoped(scope): Scoped,
    Params(query): Params<LatestQuery>,
) -> Result<Json<Vec<LatestRow>>> {
    let regions = regions(query.regions.as_deref())?;
    let at = query.at.map(|at| past_moment(&world, at)).transpose()?;
    let sensors = world.read(move |db| station::sensors_within(db, &scope, &regions)).await?;
    let (store, past) = (world.series().clone(), world.readings());
    let rows = host::node::off_the_loop(move || {
        let numbered: Vec<(Sensor, SeriesNo)> = sensors
            .into_iter()
            .filter_map(|sensor| store.series_of(sensor.id.into()).map(|number| (sensor, number)))
            .collect();
        let newest = match at {
            None => store.latest(&numbered.iter().map(|(_, number)| *number).collect::<Vec<_>>()),
            Some(at) => {
                let known =
                    |(sensor, number): &(Sensor, SeriesNo)| known_at(&*past, sensor, *number, at);
                numbered.iter().map(known).collect::<Result<_>>()?
            }
        };
        let rows = numbered.into_iter().zip(newest).filter_map(|((it, _), reading)| {
            let Reading { time, value, quality, .. } = reading?;
            Some(LatestRow(it.station, it.id, it.quantity, time.as_millis(), value, quality.0))
        });
        Ok(rows.collect())
    });
    Ok(Json(rows.await?))
}

/// How far back a moment may lie: blocks older than this may be gone.
const OLDEST_PAST: Duration = Duration::from_hours(400 * 24);
/// Readings older than this at the moment asked for are not looked for.
const LOOK_BACK: Duration = Duration::from_hours(24);

/// A moment that the world has lived through.
///
/// # Errors
/// [`Error::Invalid`] for one that is still to come or lies too far back.
pub(super) fn past_moment(world: &World, at: Timestamp) -> Result<Timestamp> {
    let now = world.clock().now();
    if now < at || OLDEST_PAST < now.since(at) {
        return Err(Error::invalid("at", at.to_string(), format!("from 400 days ago to {now}")));
    }
    Ok(at)
}

/// The newest reading of a sensor as it was known at `at`, of the day before it.
fn known_at(
    asked: &dyn Readings,
    sensor: &Sensor,
    series: SeriesNo,
    at: Timestamp,
) -> Result<Option<Reading>> {
    let end = at + Duration::from_millis(1);
    // Most have reported within a few periods, so little has to be read; only for the
    // silent is the whole day looked through.
    let near = Duration::from_secs(sensor.period_s.max(1) * GAP_PERIODS).min(LOOK_BACK);
    for back in [near, LOOK_BACK] {
        let known = asked.range(series, at - back, end, Some(at)).map_err(Error::readings)?;
        if let Some(newest) = known.last() {
            return Ok(Some(*newest));
        }
    }
    Ok(None)
}

fn regions(text: Option<&str>) -> Result<Vec<AdminCode>> {
    let codes = text.unwrap_or_default().split(',').map(str::trim).filter(|code| !code.is_empty());
    let parsed: Result<Vec<AdminCode>> = codes
        .map(|code| code.parse().map_err(|_| Error::invalid("regions", code, "division codes")))
        .collect();
    match parsed {
        Ok(codes) if 200 < codes.len() => {
            Err(Error::invalid("regions", codes.len(), "at most 200 division codes"))
        }
        other => other,
    }
}
