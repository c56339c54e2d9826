//! The door for people: the newest readings of all, and the record of one sensor.

use base::{AdminCode, Duration, Timestamp};
use host::web::{Json, Params, Path, Scoped};
use host::{Error, Result, Routes, World};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use series::{Bucket, Reading, Readings, SeriesNo, Superseded};

use crate::check::{Flag, flags_between};
use crate::station::{self, READ, Sensor, SensorId, SensorView};

/// Up to so many readings are given as they are.
const MOST_POINTS: usize = 4_000;
const BUCKETS: usize = 600;
const MOST_BUCKETS: usize = 2_000;
/// Readings that a span may hold, by the sensor's period: what one answer may read.
const MOST_READ: i64 = 2_000_000;
/// A hole of more than so many periods is a gap.
const GAP_PERIODS: i64 = 3;
const MOST_GAPS: usize = 1_000;
const MOST_SUPERSEDED: usize = 1_000;

pub(crate) fn routes() -> Routes {
    Routes::new()
        .get("/api/readings/latest", READ, "The newest reading of every sensor", latest)
        .asks::<LatestQuery>()
        .gives::<Vec<LatestRow>>()
        .get(
            "/api/sensors/{id}/readings",
            READ,
            "The record of one sensor: raw when that is little enough, else in buckets",
            record,
        )
        .asks::<RecordQuery>()
        .gives::<Record>()
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
fn past_moment(world: &World, at: Timestamp) -> Result<Timestamp> {
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

/// Which part of the record is wanted.
#[derive(Debug, Default, Deserialize, JsonSchema)]
struct RecordQuery {
    /// From here on; a day before `to` when absent.
    from: Option<Timestamp>,
    /// Up to, and without, here; now when absent.
    to: Option<Timestamp>,
    /// How many spans to sum up in when there are more than 4 000 readings: 1 to
    /// 2 000, 600 when absent.
    buckets: Option<usize>,
    /// As it was known at this moment, which is then the end of the record too; as it is
    /// known now when absent.
    known: Option<Timestamp>,
}

/// A part of the record of one sensor.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "SensorRecord")]
struct Record {
    sensor: SensorView,
    from: Timestamp,
    to: Timestamp,
    /// `[ms, value, quality]`; empty when `buckets` are given.
    points: Vec<(i64, f64, u8)>,
    /// `[ms, count, min, max, mean, last]`, null where nothing good was read and where
    /// the kind of the quantity has no such thing: a state has neither of the first
    /// three, a counter no mean, a direction neither minimum nor maximum. A span without
    /// readings has no bucket; wide ones begin with whole minutes or hours.
    buckets: Option<Vec<BucketRow>>,
    /// `[from, to]` in ms: holes of more than three periods, also at both ends as far
    /// as they lie before now. The first 1 000.
    gaps: Vec<(i64, i64)>,
    /// `[ms, value, known]`: values that were corrected, and until when they stood.
    /// The first 1 000.
    superseded: Vec<(i64, f64, i64)>,
    /// `[ms, checks]`: which of our checks readings failed; empty when `buckets` are
    /// given.
    flags: Vec<Flag>,
}

/// `[ms, count, min, max, mean, last]`, null where there is none.
type BucketRow = (i64, u64, Option<f64>, Option<f64>, Option<f64>, Option<f64>);

async fn record(
    world: World,
    Scoped(scope): Scoped,
    Path(id): Path<SensorId>,
    Params(query): Params<RecordQuery>,
) -> Result<Json<Record>> {
    let sensor = world.read(move |db| station::load_sensor(db, &scope, id)).await?;
    let known = query.known.map(|known| past_moment(&world, known)).transpose()?;
    let now = known.unwrap_or_else(|| world.clock().now());
    let to = query.to.unwrap_or(now);
    let from = query.from.unwrap_or(to - Duration::from_hours(24));
    if to <= from {
        return Err(Error::invalid("from", from.to_string(), "a time before to"));
    }
    let period = Duration::from_secs(sensor.period_s.max(1));
    if MOST_READ < to.since(from).as_millis() / period.as_millis() {
        let expected = format!("a span of at most {MOST_READ} periods of the sensor");
        return Err(Error::invalid("from", from.to_string(), expected));
    }
    let buckets = query.buckets.unwrap_or(BUCKETS);
    if !(1..=MOST_BUCKETS).contains(&buckets) {
        return Err(Error::invalid("buckets", buckets, "1 to 2000"));
    }
    let span = Span { from, to, now, known, period, buckets };
    let asked = world.clone();
    let record = host::node::off_the_loop(move || read(&asked, sensor, span));
    Ok(Json(record.await?))
}

struct Span {
    from: Timestamp,
    to: Timestamp,
    now: Timestamp,
    known: Option<Timestamp>,
    period: Duration,
    buckets: usize,
}

fn read(world: &World, sensor: Sensor, span: Span) -> Result<Record> {
    let Span { from, to, now, known, period, buckets } = span;
    let asked = world.readings();
    let (mut readings, mut superseded, mut summed) = (Vec::new(), Vec::new(), None);
    if let Some(series) = world.series().series_of(sensor.id.into()) {
        readings = asked.range(series, from, to, known).map_err(Error::readings)?;
        superseded = asked.superseded(series, from, to).map_err(Error::readings)?;
        superseded.retain(|it| known.is_none_or(|known| it.by.received <= known));
        // The same value with another quality was flagged, and not corrected.
        superseded.retain(|it| it.earlier.value.to_bits() != it.by.value.to_bits());
        if MOST_POINTS < readings.len() {
            let buckets = asked.downsample(series, from, to, buckets, known);
            let buckets = buckets.map_err(Error::readings)?;
            summed = Some(buckets.iter().map(bucket).collect());
        }
    }
    let times: Vec<Timestamp> = readings.iter().map(|reading| reading.time).collect();
    let gaps = gaps(&times, (from, to.min(now)), period);
    let flags = match summed {
        Some(_) => Vec::new(),
        None => {
            let said: Vec<_> = readings.iter().map(|it| (it.time, it.value)).collect();
            flags_between(world, sensor.id.into(), &said, known)?
        }
    };
    let points = match summed {
        Some(_) => Vec::new(),
        None => readings.iter().map(|it| (it.time.as_millis(), it.value, it.quality.0)).collect(),
    };
    let superseded = superseded.iter().take(MOST_SUPERSEDED).map(|Superseded { earlier, by }| {
        (earlier.time.as_millis(), earlier.value, by.received.as_millis())
    });
    Ok(Record {
        from,
        to,
        points,
        buckets: summed,
        gaps,
        superseded: superseded.collect(),
        flags,
        sensor: station::sensor_view(world, sensor),
    })
}

fn bucket(bucket: &Bucket) -> BucketRow {
    let sum = bucket.summary.as_ref();
    (
        bucket.start.as_millis(),
        bucket.count,
        sum.and_then(|sum| sum.min()),
        sum.and_then(|sum| sum.max()),
        sum.and_then(|sum| sum.mean(bucket.good)),
        sum.map(|sum| sum.last),
    )
}

/// Holes of more than [`GAP_PERIODS`] periods between `from`, the times, and `to`.
fn gaps(
    times: &[Timestamp],
    (from, to): (Timestamp, Timestamp),
    period: Duration,
) -> Vec<(i64, i64)> {
    let longest = period.as_millis().saturating_mul(GAP_PERIODS);
    let inside = times.iter().copied();
    let ends = [from].into_iter().chain(inside.clone()).zip(inside.chain([to]));
    let holes = ends.filter(|(start, end)| longest < end.since(*start).as_millis());
    holes.take(MOST_GAPS).map(|(start, end)| (start.as_millis(), end.as_millis())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minutes: i64) -> Timestamp {
        Timestamp::from_millis(minutes * 60_000)
    }

    #[test]
    fn a_gap_is_a_hole_of_more_than_three_periods_at_either_end_too() {
        let period = Duration::from_mins(5);
        let found = |times: &[i64], from, to| -> Vec<(i64, i64)> {
            let times: Vec<_> = times.iter().map(|minutes| at(*minutes)).collect();
            let gaps = gaps(&times, (at(from), at(to)), period);
            gaps.into_iter().map(|(start, end)| (start / 60_000, end / 60_000)).collect()
        };
        assert_eq!(found(&[0, 5, 10], 0, 15), []);
        assert_eq!(found(&[0, 15], 0, 15), [], "three periods are no gap");
        assert_eq!(found(&[0, 16], 0, 16), [(0, 16)]);
        assert_eq!(found(&[30, 35], 0, 60), [(0, 30), (35, 60)]);
        assert_eq!(found(&[], 0, 60), [(0, 60)]);
        assert_eq!(found(&[], 0, 10), []);
    }
}
