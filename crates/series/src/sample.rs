//! What goes in and what comes out: samples, readings, batches, buckets.

use std::sync::Arc;

use base::{Quality, Timestamp};

/// The dense number of a series, given once by the store's dictionary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SeriesNo(pub u32);

impl SeriesNo {
    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }
}

/// A place in the write-ahead log: the first batch ever stored is 1, the next 2.
///
/// [`Position::START`] lies before the first batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Position(pub u64);

impl Position {
    pub const START: Position = Position(0);

    pub(crate) fn next(self) -> Position {
        Position(self.0 + 1)
    }
}

/// One number of one series at the time the source gave it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sample {
    pub series: SeriesNo,
    /// As the source gave it; with `series` it is the key.
    pub time: Timestamp,
    /// Finite, in the unit of the series.
    pub value: f64,
    pub quality: Quality,
}

/// What one append stored, as taps and consumers see it: without the duplicates
/// and the refused, with [`Quality::FUTURE`] set where it applies.
#[derive(Debug, Clone, PartialEq)]
pub struct Batch {
    pub position: Position,
    /// When the batch reached this node.
    pub received: Timestamp,
    /// In the order of the append; never empty.
    pub samples: Arc<[Sample]>,
}

/// One stored number, as queries serve it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reading {
    pub time: Timestamp,
    pub value: f64,
    pub quality: Quality,
    /// When it reached this node. To the millisecond for readings that came late,
    /// corrected another or lie in the future; for the punctual rest the delay
    /// after `time` is rounded up to a whole second, which saves a byte per reading.
    pub received: Timestamp,
}

/// An earlier value of a key, and the value that took its place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Superseded {
    pub earlier: Reading,
    pub by: Reading,
}

/// What became of one append.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Appended {
    /// The batch's place; when nothing was stored, that of the batch before it.
    pub position: Position,
    /// Samples now on disk.
    pub stored: usize,
    /// Samples dropped because their key already had this value and quality.
    pub duplicates: usize,
    /// Of `stored`: samples that took the place of an earlier value.
    pub superseded: usize,
    /// Of `stored`: samples more than 60 s behind their series' newest time.
    pub late: usize,
    /// Of `stored`: samples more than 10 min ahead of `received`.
    pub future: usize,
    /// Samples that were not stored, and why.
    pub refused: Vec<BadSample>,
}

/// A sample that cannot be stored; the others of its append are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BadSample {
    /// Its index in the append.
    pub index: usize,
    pub reason: BadReason,
}

/// Why a sample cannot be stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadReason {
    #[error("value is not a finite number")]
    NotFinite,
    #[error("series number is not in the dictionary")]
    UnknownSeries,
    /// Only of [`Store::requalify`](crate::Store::requalify).
    #[error("another value is served at this time")]
    NotServed,
}

/// A span of a series, summed up. A span without readings has no bucket.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bucket {
    /// The first millisecond of the span.
    pub start: Timestamp,
    /// The first millisecond after it.
    pub end: Timestamp,
    /// All readings of the span.
    pub count: u64,
    /// Those a rule may judge by: not bad, not in the future.
    pub good: u64,
    /// Over the `good` readings; `None` when there are none.
    pub summary: Option<Summary>,
}

/// The good readings of a [`Bucket`] in a few numbers, in the unit of the series.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Summary {
    /// The value with the smallest time.
    pub first: f64,
    /// The value with the greatest time.
    pub last: f64,
    pub measure: Measure,
}

/// What may be said of many values, by the kind of their series. Sums of decimals are
/// exact, whatever they were summed from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Measure {
    /// Of gauges and amounts.
    Number { min: f64, max: f64, sum: f64 },
    /// Of counters. `rise` is how much it rose within the span; a value below the one
    /// before it is a reset, after which it rose from zero.
    Counter { min: f64, max: f64, rise: f64 },
    /// Of states: how often a value differed from the one before it within the span.
    State { changes: u64 },
    /// Of directions in degrees clockwise from north: the sums of their unit vectors,
    /// each to six digits. A circle has neither minimum nor maximum.
    Direction { east: f64, north: f64 },
}

impl Summary {
    /// The mean of `good` values: of gauges and amounts, and of directions in degrees
    /// from 0 to below 360. `None` where there is no sense in one; so for directions
    /// that cancel each other out.
    pub fn mean(&self, good: u64) -> Option<f64> {
        match self.measure {
            Measure::Number { sum, .. } => Some(sum / good as f64),
            Measure::Direction { east, north } => {
                let length = east.hypot(north) / good as f64;
                let degrees = east.atan2(north).to_degrees().rem_euclid(360.0);
                // Beyond rounding, they point somewhere.
                (length > 1e-5).then_some(if degrees < 360.0 { degrees } else { 0.0 })
            }
            Measure::Counter { .. } | Measure::State { .. } => None,
        }
    }

    pub fn min(&self) -> Option<f64> {
        match self.measure {
            Measure::Number { min, .. } | Measure::Counter { min, .. } => Some(min),
            Measure::State { .. } | Measure::Direction { .. } => None,
        }
    }

    pub fn max(&self) -> Option<f64> {
        match self.measure {
            Measure::Number { max, .. } | Measure::Counter { max, .. } => Some(max),
            Measure::State { .. } | Measure::Direction { .. } => None,
        }
    }
}

/// What the store has done since it was opened, and what it holds now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Samples stored since open.
    pub appended: u64,
    /// Samples dropped as duplicates since open.
    pub duplicates: u64,
    /// Samples that took the place of another since open.
    pub superseded: u64,
    /// Samples stored late since open.
    pub late: u64,
    /// Samples stored with a time in the future since open.
    pub future: u64,
    /// Samples refused since open.
    pub refused: u64,
    /// Disk synchronisations of the write-ahead log since open.
    pub synced: u64,
    /// Samples held, in memory and in blocks, superseded ones included.
    pub held: u64,
    /// Bytes of the write-ahead log on disk.
    pub wal_bytes: u64,
    /// Samples in memory, not yet in a block.
    pub head_points: u64,
    /// Blocks of readings.
    pub blocks: u64,
    /// Bytes of the blocks of readings.
    pub block_bytes: u64,
    /// Merged blocks, those of which only the sums are left included.
    pub merged: u64,
    /// Bytes of the sums by minute and hour.
    pub sum_bytes: u64,
    /// Files that a repair set aside: readings may be missing.
    pub set_aside: u64,
    /// Series in the dictionary.
    pub series: u64,
}
