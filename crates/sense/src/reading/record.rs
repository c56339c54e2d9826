//! What is told of a sensor over a span: its readings while they are few, else their sums.
//!
//! A long record costs what its sums cost: rows of minutes and hours that the store
//! writes beside the readings (ADR 22), not the readings themselves.

use base::{Duration, Timestamp};
use series::{Bucket, Reading, Readings, SeriesError, SeriesNo};

/// Up to so many readings are told as they are.
const MOST_POINTS: usize = 4_000;
/// A hole of more than so many periods is a gap.
pub(super) const GAP_PERIODS: i64 = 3;
const MOST_GAPS: usize = 1_000;
/// Of a record in sums so many gaps are told to the reading: each costs two buckets.
const EXACT_GAPS: usize = 16;

/// What is asked of a series.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked {
    pub from: Timestamp,
    /// Without it.
    pub to: Timestamp,
    /// Up to here something could have come by now.
    pub until: Timestamp,
    /// As it was known then.
    pub known: Option<Timestamp>,
    /// Of the sensor; at least a second.
    pub period: Duration,
    /// How many spans to sum up in.
    pub buckets: usize,
}

impl Asked {
    fn longest_ms(&self) -> i64 {
        self.period.as_millis().saturating_mul(GAP_PERIODS)
    }
}

/// A record, one way or the other.
#[derive(Debug)]
pub(super) enum Told {
    /// By time, at most [`MOST_POINTS`].
    Readings(Vec<Reading>),
    /// By time, about as many as were asked for.
    Sums(Vec<Bucket>),
}

/// The record with its gaps, `[from, to]` in ms.
///
/// # Errors
/// Those of the store.
pub(super) fn of(
    store: &dyn Readings,
    series: SeriesNo,
    asked: &Asked,
) -> Result<(Told, Vec<(i64, i64)>), SeriesError> {
    let &Asked { from, to, known, buckets, .. } = asked;
    let sums = || store.downsample(series, from, to, buckets, known);
    let expected = to.since(from).as_millis() / asked.period.as_millis();
    // Where many are expected, the sums say first whether there are.
    let summed = (MOST_POINTS as i64 <= expected).then(sums).transpose()?;
    let is_many = |sums: &Vec<Bucket>| MOST_POINTS as u64 <= counted(sums, asked);
    let readings = match &summed {
        Some(sums) if is_many(sums) => None,
        _ => few(store, series, asked)?,
    };
    let readings = match (readings, &summed) {
        (Some(few), Some(sums)) => Some(few).filter(|few| is_all(few, sums, asked)),
        (Some(few), None) if begins_late(&few, asked) => {
            let sums = sums()?;
            Some(few).filter(|few| is_all(few, &sums, asked))
        }
        (readings, _) => readings,
    };
    if let Some(readings) = readings {
        let times: Vec<Timestamp> = readings.iter().map(|reading| reading.time).collect();
        let gaps = gaps(&times, asked);
        return Ok((Told::Readings(readings), gaps));
    }
    let sums = summed.map_or_else(sums, Ok)?;
    let gaps = gaps_between(store, series, &sums, asked)?;
    Ok((Told::Sums(sums), gaps))
}

/// The readings, unless they are more than [`MOST_POINTS`]: one piece of the stream
/// tells.
fn few(
    store: &dyn Readings,
    series: SeriesNo,
    asked: &Asked,
) -> Result<Option<Vec<Reading>>, SeriesError> {
    let mut few = Vec::new();
    for piece in store.stream(series, asked.from, asked.to, asked.known)? {
        few.extend(piece?);
        if MOST_POINTS < few.len() {
            return Ok(None);
        }
    }
    Ok(Some(few))
}

/// Readings in buckets that lie wholly inside the span: wide ones reach beyond it.
fn counted(sums: &[Bucket], asked: &Asked) -> u64 {
    let inside = sums.iter().filter(|it| asked.from <= it.start && it.end <= asked.to);
    inside.map(|it| it.count).sum()
}

/// Whether these are all readings that the sums know of: of days whose readings were let
/// go there are sums still.
fn is_all(readings: &[Reading], sums: &[Bucket], asked: &Asked) -> bool {
    counted(sums, asked) <= readings.len() as u64
}

fn begins_late(readings: &[Reading], asked: &Asked) -> bool {
    let first = readings.first();
    first.is_none_or(|first| asked.longest_ms() < first.time.since(asked.from).as_millis())
}

/// Holes of more than [`GAP_PERIODS`] periods between `from`, the times, and `until`.
pub(super) fn gaps(times: &[Timestamp], asked: &Asked) -> Vec<(i64, i64)> {
    let inside = times.iter().copied();
    let ends = [asked.from].into_iter().chain(inside.clone()).zip(inside.chain([asked.until]));
    let holes = ends.filter(|(start, end)| asked.longest_ms() < end.since(*start).as_millis());
    holes.take(MOST_GAPS).map(|(start, end)| (start.as_millis(), end.as_millis())).collect()
}

/// Holes where whole buckets are missing. The first few are told to the reading, where
/// the buckets beside them hold not too many; the others to their buckets.
fn gaps_between(
    store: &dyn Readings,
    series: SeriesNo,
    sums: &[Bucket],
    asked: &Asked,
) -> Result<Vec<(i64, i64)>, SeriesError> {
    let edge = |it: &Bucket| match it.count <= MOST_POINTS as u64 {
        true => store.range(series, it.start, it.end, asked.known),
        false => Ok(Vec::new()),
    };
    let before = [None].into_iter().chain(sums.iter().map(Some));
    let after = sums.iter().map(Some).chain([None]);
    let mut gaps = Vec::new();
    for (before, after) in before.zip(after) {
        let mut start = before.map_or(asked.from, |it| it.end);
        let mut end = after.map_or(asked.until, |it| it.start);
        if end.since(start).as_millis() <= asked.longest_ms() || MOST_GAPS <= gaps.len() {
            continue;
        }
        if gaps.len() < EXACT_GAPS {
            let last = before.map(edge).transpose()?;
            let first = after.map(edge).transpose()?;
            start = last.and_then(|it| it.last().copied()).map_or(start, |last| last.time);
            end = first.and_then(|it| it.first().copied()).map_or(end, |first| first.time);
        }
        gaps.push((start.as_millis(), end.as_millis()));
    }
    Ok(gaps)
}

#[cfg(test)]
mod tests;
