//! Queries: versions become readings, readings become buckets.

use std::ops::Range;

use base::Timestamp;
use base::quantity::Grade;

use crate::chunk::Version;
use crate::core::Core;
use crate::locks::read;
use crate::{Bucket, Reading, SeriesError, SeriesNo, Summary, Superseded};

impl Core {
    /// All versions of a span, by time and then by order of arrival.
    fn versions(&self, series: SeriesNo, span: Range<i64>) -> Result<Vec<Version>, SeriesError> {
        let mut newest = Vec::new();
        let blocks = {
            let tables = read(&self.tables);
            if let Some(frozen) = &tables.frozen {
                frozen.heads.collect(series, span.clone(), &mut newest);
            }
            tables.heads.collect(series, span.clone(), &mut newest);
            tables.blocks.clone()
        };
        let mut versions = Vec::new();
        for block in &*blocks {
            let found = block.find(series, &span)?;
            for entry in found.entries() {
                let start = versions.len();
                block.read_found(&found, entry, &mut versions)?;
                keep_inside(&mut versions, start, &span);
            }
        }
        versions.append(&mut newest);
        // Stable, and quick on what are mostly sorted runs one after another.
        versions.sort_by_key(|version| version.time);
        Ok(versions)
    }

    pub fn range(
        &self,
        series: SeriesNo,
        span: Range<Timestamp>,
        as_of: Option<Timestamp>,
    ) -> Result<Vec<Reading>, SeriesError> {
        let versions = self.versions(series, span.start.as_millis()..span.end.as_millis())?;
        let mut readings = Vec::with_capacity(versions.len());
        readings.extend(served(&versions, as_of).map(|version| version.reading()));
        Ok(readings)
    }

    pub fn downsample(
        &self,
        series: SeriesNo,
        span: Range<Timestamp>,
        buckets: usize,
        as_of: Option<Timestamp>,
    ) -> Result<Vec<Bucket>, SeriesError> {
        let span = span.start.as_millis()..span.end.as_millis();
        if span.is_empty() || buckets == 0 {
            return Ok(Vec::new());
        }
        let versions = self.versions(series, span.clone())?;
        let width = i128::from(span.end) - i128::from(span.start);
        let count = buckets as i128;
        let index_of = |time: i64| (i128::from(time) - i128::from(span.start)) * count / width;
        // The first millisecond whose index is this one.
        let start_of = |index: i128| span.start + ((index * width + count - 1) / count) as i64;
        let mut out: Vec<Bucket> = Vec::new();
        let mut end = i64::MIN;
        for version in served(&versions, as_of) {
            if version.time >= end {
                let index = index_of(version.time);
                end = start_of(index + 1);
                let start = Timestamp::from_millis(start_of(index));
                out.push(Bucket { start, count: 0, good: 0, summary: None });
            }
            out.last_mut().expect("one was just made").add(version);
        }
        Ok(out)
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
fn served(versions: &[Version], as_of: Option<Timestamp>) -> impl Iterator<Item = &Version> {
    let known =
        move |version: &&Version| as_of.is_none_or(|as_of| version.received <= as_of.as_millis());
    versions.chunk_by(|a, b| a.time == b.time).filter_map(move |key| key.iter().rev().find(known))
}

impl Bucket {
    fn add(&mut self, version: &Version) {
        self.count += 1;
        if version.is_future() || version.quality.grade() == Grade::Bad {
            return;
        }
        self.good += 1;
        let value = version.value;
        let summary = self.summary.get_or_insert(Summary {
            min: value,
            max: value,
            sum: 0.0,
            first: value,
            last: value,
        });
        summary.min = summary.min.min(value);
        summary.max = summary.max.max(value);
        summary.sum += value;
        summary.last = value;
    }
}
