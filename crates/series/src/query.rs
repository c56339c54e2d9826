//! Queries: versions become readings.

use std::ops::Range;
use std::sync::Arc;

use base::Timestamp;

use crate::chunk::Version;
use crate::core::Core;
use crate::layout::Layout;
use crate::locks::read;
use crate::{Reading, SeriesError, SeriesNo, Superseded};

/// What there is of a series at one moment.
pub(crate) struct Snapshot {
    pub layout: Arc<Layout>,
    /// What is in memory of the span asked for, by lane, time and arrival.
    pub newest: Vec<Version>,
}

impl Snapshot {
    /// All versions of a span, by time and then by order of arrival. The span lies
    /// within that of the snapshot.
    pub fn versions(
        &self,
        series: SeriesNo,
        span: &Range<i64>,
    ) -> Result<Vec<Version>, SeriesError> {
        let mut versions = Vec::new();
        for block in self.layout.readings() {
            let found = block.find(series, span)?;
            for entry in found.entries() {
                let start = versions.len();
                block.read_found(&found, entry, &mut versions)?;
                keep_inside(&mut versions, start, span);
            }
        }
        versions.extend(self.newest.iter().filter(|version| span.contains(&version.time)));
        // Stable, and quick on what are mostly sorted runs one after another.
        versions.sort_by_key(|version| (version.time, version.rank));
        Ok(versions)
    }
}

impl Core {
    pub fn snapshot(&self, series: SeriesNo, span: &Range<i64>) -> Snapshot {
        let mut newest = Vec::new();
        let tables = read(&self.tables);
        if let Some(frozen) = &tables.frozen {
            frozen.heads.collect(series, span.clone(), &mut newest);
        }
        tables.heads.collect(series, span.clone(), &mut newest);
        Snapshot { layout: tables.layout.clone(), newest }
    }

    /// All versions of a span, by time and then by order of arrival.
    fn versions(&self, series: SeriesNo, span: Range<i64>) -> Result<Vec<Version>, SeriesError> {
        self.snapshot(series, &span).versions(series, &span)
    }

    pub fn range(
        &self,
        series: SeriesNo,
        span: Range<Timestamp>,
        as_of: Option<Timestamp>,
    ) -> Result<Vec<Reading>, SeriesError> {
        let versions = self.versions(series, span.start.as_millis()..span.end.as_millis())?;
        let as_of = as_of.map_or(i64::MAX, |as_of| as_of.as_millis());
        let mut readings = Vec::with_capacity(versions.len());
        readings.extend(served(&versions, as_of).map(|version| version.reading()));
        Ok(readings)
    }

    pub fn superseded(
        &self,
        series: SeriesNo,
        span: Range<Timestamp>,
    ) -> Result<Vec<Superseded>, SeriesError> {
        let versions = self.versions(series, span.start.as_millis()..span.end.as_millis())?;
        let same_key = |pair: &&[Version]| pair[0].time == pair[1].time;
        Ok(versions
            .windows(2)
            .filter(same_key)
            .map(|pair| Superseded { earlier: pair[0].reading(), by: pair[1].reading() })
            .collect())
    }
}

/// Removes what lies outside the span from `versions[start..]`, which is sorted.
fn keep_inside(versions: &mut Vec<Version>, start: usize, span: &Range<i64>) {
    let end = start + versions[start..].partition_point(|version| version.time < span.end);
    versions.truncate(end);
    let first = start + versions[start..].partition_point(|version| version.time < span.start);
    versions.drain(start..first);
}

/// Of each key the version that arrived last, among those received by `as_of`.
pub(crate) fn served(versions: &[Version], as_of: i64) -> impl Iterator<Item = &Version> {
    let known = move |version: &&Version| version.received <= as_of;
    versions.chunk_by(|a, b| a.time == b.time).filter_map(move |key| key.iter().rev().find(known))
}
