//! What checks say of the readings of the last hours, asked before they are set. Reads a
//! bounded range and writes nothing.
//!
//! It is the track of the watch, given the readings in the order of time: what came late
//! is looked at as if it had been punctual, and so are the neighbours.

use std::collections::BTreeMap;

use base::{Duration, Timestamp};
use host::{Error, Result, World};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use series::Reading;

use super::definition::Limits;
use super::track::{Coming, Track, is_comparable, median};
use super::{Check, Settings};
use crate::station::{Sensor, SensorId};

/// Hours that are looked at when nothing is said, and at most.
const USUAL_H: i64 = 24;
const LONGEST_H: i64 = 48;
/// Readings of one series that are read, by the sensor's period.
const MOST_READ: i64 = 100_000;
/// Flagged readings that are named.
const NAMED: usize = 200;

/// Settings that are tried, and on how much.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(rename = "PreviewChecks")]
pub(super) struct Asked {
    /// The last so many hours: 1 to 48, 24 when absent.
    hours: Option<i64>,
    /// Their reason may be empty.
    pub settings: Settings,
}

/// What is flagged as it is set now, and what would have been as it is asked.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "ChecksPreview")]
pub(super) struct Preview {
    from: Timestamp,
    to: Timestamp,
    /// Readings that were looked at.
    readings: usize,
    now: Flagged,
    then: Flagged,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "FlaggedReadings")]
struct Flagged {
    total: usize,
    /// How many failed each check.
    checks: Vec<(Check, usize)>,
    /// The newest 200, by time.
    newest: Vec<FlaggedReading>,
}

/// `[ms, value, checks]`
#[derive(Debug, Serialize, JsonSchema)]
struct FlaggedReading(i64, f64, Vec<Check>);

/// A range of time, and how far before it readings are read to be compared with.
#[derive(Debug, Clone, Copy)]
pub(super) struct Span {
    from: Timestamp,
    to: Timestamp,
    most_back: Duration,
}

impl Asked {
    /// # Errors
    /// [`Error::Invalid`] for a range that is too long for a sensor of this period.
    pub fn span(&self, sensor: &Sensor, to: Timestamp) -> Result<Span> {
        let hours = self.hours.unwrap_or(USUAL_H);
        let most = MOST_READ.saturating_mul(sensor.period_s.max(1));
        if !(1..=LONGEST_H).contains(&hours) || most < hours * 3_600 {
            let longest = LONGEST_H.min(most / 3_600);
            return Err(Error::invalid("hours", hours, format!("1 to {longest} hours")));
        }
        let most_back = Duration::from_secs(most - hours * 3_600);
        Ok(Span { from: to - Duration::from_hours(hours), to, most_back })
    }
}

/// Looks at the readings of a span.
///
/// # Errors
/// Those of whoever keeps the readings.
pub(super) fn preview(
    world: &World,
    sensor: &Sensor,
    tried: &Settings,
    span: Span,
) -> Result<Preview> {
    let limits = |set: Option<&Settings>| Limits::new(sensor.quantity, &sensor.mapping, set);
    let (now, then) = (limits(sensor.checks.as_ref()), limits(Some(tried)));
    let back = now.back().max(then.back()).min(span.most_back);
    let begin = span.from - back;
    let readings = comparable(world, sensor.id, begin, span.to)?;
    let looked_at = readings.iter().filter(|reading| span.from <= reading.time).count();
    Ok(Preview {
        from: span.from,
        to: span.to,
        readings: looked_at,
        now: judge(world, &now, &readings, (begin, span))?,
        then: judge(world, &then, &readings, (begin, span))?,
    })
}

/// What can be compared of a series, by time.
fn comparable(
    world: &World,
    sensor: SensorId,
    from: Timestamp,
    to: Timestamp,
) -> Result<Vec<Reading>> {
    let Some(series) = world.series().series_of(sensor.into()) else { return Ok(Vec::new()) };
    let mut readings = world.readings().range(series, from, to, None).map_err(Error::readings)?;
    readings.retain(|reading| is_comparable(reading.quality));
    Ok(readings)
}

fn judge(
    world: &World,
    limits: &Limits,
    readings: &[Reading],
    (begin, span): (Timestamp, Span),
) -> Result<Flagged> {
    let mut others = Vec::new();
    let mut within = Duration::from_secs(0);
    if let Some(neighbour) = &limits.neighbour {
        within = Duration::from_secs(i64::from(neighbour.within_s));
        for sensor in &neighbour.sensors {
            others.push(comparable(world, *sensor, begin - within, span.to + within)?);
        }
    }
    let (mut track, mut points) = (Track::default(), Vec::new());
    let mut flagged: BTreeMap<Timestamp, (f64, u8)> = BTreeMap::new();
    for Reading { time, value, quality, .. } in readings.iter().copied() {
        let near = others.iter().filter_map(|other| nearest(other, time, within)).collect();
        track.take(limits, Coming { time, value, quality }, median(near), &mut points);
        for point in points.drain(..).filter(|point| span.from <= point.time) {
            flagged.insert(point.time, (point.value, point.flags));
        }
    }
    let failed =
        |check: Check| flagged.values().filter(|(_, bits)| bits & check.bit() != 0).count();
    let counted = Check::ALL.into_iter().map(|check| (check, failed(check)));
    let skipped = flagged.len().saturating_sub(NAMED);
    let newest = flagged.iter().skip(skipped).map(|(time, (value, bits))| {
        FlaggedReading(time.as_millis(), *value, Check::of(*bits).collect())
    });
    Ok(Flagged {
        total: flagged.len(),
        checks: counted.filter(|(_, count)| 0 < *count).collect(),
        newest: newest.collect(),
    })
}

/// The value nearest to a time, of readings by time, if one lies within `within`.
fn nearest(readings: &[Reading], time: Timestamp, within: Duration) -> Option<f64> {
    let after = readings.partition_point(|reading| reading.time < time);
    let around = &readings[after.saturating_sub(1)..readings.len().min(after + 1)];
    let distance = |reading: &&Reading| time.since(reading.time).as_millis().abs();
    let nearest = around.iter().min_by_key(distance)?;
    (distance(&nearest) <= within.as_millis()).then_some(nearest.value)
}
