//! The door for people: the record of one sensor.

use base::{Duration, Timestamp};
use host::web::{Json, Params, Path, Scoped};
use host::{Error, Result, Routes, World};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use series::{Bucket, Superseded};

use super::record::{self, Asked, Told};
use super::routes::past_moment;
use crate::check::{Flag, flags_between};
use crate::station::{self, READ, Sensor, SensorId, SensorView};

const BUCKETS: usize = 600;
const MOST_BUCKETS: usize = 2_000;
/// The longest span: its sums by hour are half a million.
const LONGEST: Duration = Duration::from_hours(50 * 366 * 24);
const MOST_SUPERSEDED: usize = 1_000;

pub(super) fn record_routes() -> Routes {
    Routes::new()
        .get(
            "/api/sensors/{id}/readings",
            READ,
            "The record of one sensor: raw when that is little enough, else in buckets",
            record,
        )
        .asks::<RecordQuery>()
        .gives::<Record>()
}

/// Which part of the record is wanted.
#[derive(Debug, Default, Deserialize, JsonSchema)]
struct RecordQuery {
    /// From here on; a day before `to` when absent. At most 50 years.
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
    /// `[ms, count, min, max, mean, last, good]`: of `count` readings the `good` are
    /// summed up. Null where nothing good was read and where the kind of the quantity has
    /// no such thing: a state has neither of the first three, a counter no mean, a
    /// direction neither minimum nor maximum. A span without readings has no bucket; wide
    /// ones begin with whole minutes or hours. Also given, whatever their number, of
    /// spans whose readings have been let go by retention.
    buckets: Option<Vec<BucketRow>>,
    /// `[from, to]` in ms: holes of more than three periods, also at both ends as far
    /// as they lie before now. The first 1 000. With `buckets` those where whole buckets
    /// are missing, from the seventeenth on to the bucket.
    gaps: Vec<(i64, i64)>,
    /// `[ms, value, known]`: values that were corrected, and until when they stood.
    /// The first 1 000; none when `buckets` are given.
    superseded: Vec<(i64, f64, i64)>,
    /// `[ms, checks]`: which of our checks readings failed; empty when `buckets` are
    /// given.
    flags: Vec<Flag>,
    /// Readings before this are over, as their class says; what is held may be there,
    /// and of the rest there are sums at most. `null` when the span begins after it, and
    /// when a copy has them.
    let_go_before: Option<Timestamp>,
}

/// `[ms, count, min, max, mean, last, good]`, null where there is none.
type BucketRow = (i64, u64, Option<f64>, Option<f64>, Option<f64>, Option<f64>, u64);

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
    if LONGEST < to.since(from) {
        return Err(Error::invalid("from", from.to_string(), "a span of at most 50 years"));
    }
    let buckets = query.buckets.unwrap_or(BUCKETS);
    if !(1..=MOST_BUCKETS).contains(&buckets) {
        return Err(Error::invalid("buckets", buckets, "1 to 2000"));
    }
    let period = Duration::from_secs(sensor.period_s.max(1));
    let asked = Asked { from, to, until: to.min(now), known, period, buckets };
    let world = world.clone();
    let record = host::node::off_the_loop(move || read(&world, sensor, asked));
    Ok(Json(record.await?))
}

fn read(world: &World, sensor: Sensor, asked: Asked) -> Result<Record> {
    let mut record = Record {
        from: asked.from,
        to: asked.to,
        points: Vec::new(),
        buckets: None,
        gaps: Vec::new(),
        superseded: Vec::new(),
        flags: Vec::new(),
        let_go_before: None,
        sensor: station::sensor_view(world, sensor.clone()),
    };
    let Some(series) = world.series().series_of(sensor.id.into()) else {
        record.gaps = record::gaps(&[], &asked);
        return Ok(record);
    };
    let store = world.readings();
    if store.copy().is_none() {
        let before = world.series().let_go_before(series);
        record.let_go_before = before.filter(|before| asked.from < *before);
    }
    let (told, gaps) = record::of(&*store, series, &asked).map_err(Error::readings)?;
    record.gaps = match record.let_go_before {
        None => gaps,
        // Where readings are over nobody can tell a gap.
        Some(before) => gaps.into_iter().filter(|gap| before.as_millis() <= gap.0).collect(),
    };
    let readings = match told {
        Told::Readings(readings) => readings,
        Told::Sums(buckets) => {
            record.buckets = Some(buckets.iter().map(row).collect());
            return Ok(record);
        }
    };
    let said: Vec<_> = readings.iter().map(|it| (it.time, it.value)).collect();
    record.flags = flags_between(world, sensor.id.into(), &said, asked.known)?;
    record.points =
        readings.iter().map(|it| (it.time.as_millis(), it.value, it.quality.0)).collect();
    let mut superseded = store.superseded(series, asked.from, asked.to).map_err(Error::readings)?;
    superseded.retain(|it| asked.known.is_none_or(|known| it.by.received <= known));
    // The same value with another quality was flagged, and not corrected.
    superseded.retain(|it| it.earlier.value.to_bits() != it.by.value.to_bits());
    let superseded = superseded.iter().take(MOST_SUPERSEDED).map(|Superseded { earlier, by }| {
        (earlier.time.as_millis(), earlier.value, by.received.as_millis())
    });
    record.superseded = superseded.collect();
    Ok(record)
}

fn row(bucket: &Bucket) -> BucketRow {
    let sum = bucket.summary.as_ref();
    (
        bucket.start.as_millis(),
        bucket.count,
        sum.and_then(|sum| sum.min()),
        sum.and_then(|sum| sum.max()),
        sum.and_then(|sum| sum.mean(bucket.good)),
        sum.map(|sum| sum.last),
        bucket.good,
    )
}
