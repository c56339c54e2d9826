//! Heads: what is not yet in a block, and the tables of the newest, in memory.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use base::{Quality, Timestamp};

use crate::chunk::{Lane, RANK_HEADS, Version};
use crate::layout::Layout;
use crate::wal::Record;
use crate::{Position, Reading, SeriesNo};

/// All that queries start from; guarded by one lock, changed batch by batch.
pub(crate) struct Tables {
    pub heads: Heads,
    /// Heads on their way into a block.
    pub frozen: Option<Arc<Frozen>>,
    pub layout: Arc<Layout>,
    /// The newest reading of each series that is not in the future.
    pub latest: Vec<Option<Reading>>,
    /// The greatest time each series has, in the future or not.
    pub greatest: Vec<i64>,
    /// The greatest time each series has in blocks.
    pub sealed: Vec<i64>,
    /// The last batch that is in here.
    pub applied: Position,
}

/// Versions in memory by series.
#[derive(Default)]
pub(crate) struct Heads {
    series: Vec<Head>,
    pub points: usize,
    /// When the first batch in here was received.
    pub since: Option<Timestamp>,
    arrivals: u64,
}

#[derive(Default)]
struct Head {
    /// Sorted by time, each key once.
    punctual: Vec<Point>,
    /// By time, then by order of arrival.
    aside: BTreeMap<(i64, u64), Version>,
}

/// A punctual version in 24 bytes.
struct Point {
    time: i64,
    value: f64,
    delay_s: i16,
    quality: Quality,
}

/// Heads that no longer change, with the tables as they were at that position.
pub(crate) struct Frozen {
    pub heads: Heads,
    pub latest: Vec<Option<Reading>>,
    pub greatest: Vec<i64>,
    /// Batches in `heads`.
    pub positions: Range<Position>,
}

/// A time before all times.
pub(crate) const NEVER: i64 = i64::MIN;

impl Tables {
    /// Makes room for series up to, not including, `count`.
    pub fn resize(&mut self, count: usize) {
        if count > self.latest.len() {
            self.latest.resize(count, None);
            self.greatest.resize(count, NEVER);
            self.sealed.resize(count, NEVER);
        }
    }

    /// Takes in a batch that is on disk.
    pub fn apply(&mut self, record: &Record) {
        let received = record.batch.received;
        self.heads.since.get_or_insert(received);
        for (sample, &lane) in record.batch.samples.iter().zip(&record.lanes) {
            let time = sample.time.as_millis();
            let version = Version {
                time,
                received: arrival(time, received.as_millis(), lane),
                value: sample.value,
                quality: sample.quality,
                rank: RANK_HEADS,
            };
            self.heads.add(sample.series, version, lane);
            let index = sample.series.index();
            self.greatest[index] = self.greatest[index].max(time);
            note_latest(&mut self.latest[index], &version);
        }
        self.applied = record.batch.position;
    }

    /// Moves the heads out of the way of new batches. Nothing may be frozen yet.
    pub fn freeze(&mut self) {
        debug_assert!(self.frozen.is_none());
        let first = self.layout.sealed_upto().next();
        self.frozen = Some(Arc::new(Frozen {
            heads: std::mem::take(&mut self.heads),
            latest: self.latest.clone(),
            greatest: self.greatest.clone(),
            positions: first..self.applied.next(),
        }));
    }

    /// Whether memory or blocks may hold versions of this key, and those in memory.
    pub fn versions_at(&self, series: SeriesNo, time: i64, out: &mut Vec<Version>) -> bool {
        if let Some(frozen) = &self.frozen {
            frozen.heads.collect(series, time..time + 1, out);
        }
        self.heads.collect(series, time..time + 1, out);
        self.sealed.get(series.index()).is_some_and(|&sealed| time <= sealed)
    }
}

/// Puts a version into a table of the newest, if it belongs there. Versions come
/// in order of arrival, so of two at the same time the later is served.
pub(crate) fn note_latest(latest: &mut Option<Reading>, version: &Version) {
    let newer = latest.is_none_or(|latest| latest.time.as_millis() <= version.time);
    if newer && !version.is_future() {
        *latest = Some(version.reading());
    }
}

/// When a version counts as received: see [`Reading::received`].
pub(crate) fn arrival(time: i64, received: i64, lane: Lane) -> i64 {
    match lane {
        Lane::Punctual => time - (time - received).div_euclid(1000) * 1000,
        Lane::Aside => received,
    }
}

impl Heads {
    fn add(&mut self, series: SeriesNo, version: Version, lane: Lane) {
        if self.series.len() <= series.index() {
            self.series.resize_with(series.index() + 1, Head::default);
        }
        let head = &mut self.series[series.index()];
        match lane {
            Lane::Punctual => {
                let point = Point {
                    time: version.time,
                    value: version.value,
                    delay_s: ((version.received - version.time) / 1000) as i16,
                    quality: version.quality,
                };
                if head.punctual.last().is_none_or(|last| last.time < point.time) {
                    head.punctual.push(point);
                } else {
                    let at = head.punctual.partition_point(|other| other.time < point.time);
                    head.punctual.insert(at, point);
                }
            }
            Lane::Aside => {
                self.arrivals += 1;
                let key = (version.time, self.arrivals);
                head.aside.insert(key, version);
            }
        }
        self.points += 1;
    }

    /// Appends the versions with a time in `span`: first the punctual ones, then
    /// the others, each by time and then by arrival.
    pub fn collect(&self, series: SeriesNo, span: Range<i64>, out: &mut Vec<Version>) {
        for lane in [Lane::Punctual, Lane::Aside] {
            self.collect_lane(series, lane, span.clone(), out);
        }
    }

    pub fn collect_lane(
        &self,
        series: SeriesNo,
        lane: Lane,
        span: Range<i64>,
        out: &mut Vec<Version>,
    ) {
        let Some(head) = self.series.get(series.index()).filter(|_| span.start < span.end) else {
            return;
        };
        match lane {
            Lane::Punctual => {
                let start = head.punctual.partition_point(|point| point.time < span.start);
                let inside = head.punctual[start..].iter().take_while(|p| p.time < span.end);
                out.extend(inside.map(Point::version));
            }
            Lane::Aside => {
                out.extend(head.aside.range((span.start, 0)..(span.end, 0)).map(|(_, v)| *v));
            }
        }
    }

    /// Numbers of the series that have versions here, ascending.
    pub fn series(&self) -> impl Iterator<Item = SeriesNo> {
        let filled =
            |(_, head): &(usize, &Head)| !(head.punctual.is_empty() && head.aside.is_empty());
        self.series.iter().enumerate().filter(filled).map(|(index, _)| SeriesNo(index as u32))
    }
}

impl Point {
    fn version(&self) -> Version {
        Version {
            time: self.time,
            received: self.time + i64::from(self.delay_s) * 1000,
            value: self.value,
            quality: self.quality,
            rank: 0,
        }
    }
}
