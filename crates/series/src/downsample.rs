//! Downsampling: from sums where there are any, from readings where they are needed.
//!
//! Coarse buckets are made of rows ([`crate::row`]). A row of a merged block may stand
//! for its span when no other block, nor memory, has a reading in the span, and all
//! that is in it had arrived by the time asked as of. Otherwise the span is summed up
//! anew, an hour from minutes, a minute from readings. So late readings and corrections
//! show at once, and the next merge writes them into rows.
//!
//! What retention has let go cannot be summed up anew: then the row is all there is,
//! whatever came for its span later; and when not all of it was known at the time asked
//! as of, the span is left out.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use base::Timestamp;
use base::quantity::SeriesKind;

use crate::chunk::Version;
use crate::core::Core;
use crate::layout::{Layout, Merged};
use crate::locks::read;
use crate::query::{Snapshot, served};
use crate::row::{Grain, Hours, Minutes, Row, Span};
use crate::{Bucket, SeriesError, SeriesNo};

/// Buckets at least so many rows wide are made of rows: their edges move by at most a
/// tenth of them.
const ROWS_A_BUCKET: i128 = 10;

impl Core {
    pub fn downsample(
        &self,
        series: SeriesNo,
        span: Range<Timestamp>,
        buckets: usize,
        as_of: Option<Timestamp>,
    ) -> Result<Vec<Bucket>, SeriesError> {
        let span = span.start.as_millis()..span.end.as_millis();
        let kind = read(&self.dictionary).entry(series).map(|(_, kind)| kind);
        let (false, Some(kind)) = (span.is_empty() || buckets == 0, kind) else {
            return Ok(Vec::new());
        };
        let as_of = as_of.map_or(i64::MAX, |as_of| as_of.as_millis());
        let snapshot = self.snapshot(series, &span);
        let sums = Sums { snapshot, series, kind, as_of };
        match sums.grain(&span, buckets)? {
            None => sums.fine(&span, buckets),
            Some(grain) => {
                let end = grain.start_of(span.end.saturating_sub(1)).saturating_add(grain.millis());
                let span = grain.start_of(span.start)..end;
                let snapshot = self.snapshot(series, &span);
                let sums = Sums { snapshot, ..sums };
                let grains = (span.end / grain.millis() - span.start / grain.millis()) as usize;
                let division =
                    Division { span, buckets: buckets.min(grains), step: grain.millis() };
                Ok(division.buckets(kind, sums.rows(grain, &division.span)?))
            }
        }
    }
}

/// A span cut into buckets, which begin at multiples of a step.
struct Division {
    span: Range<i64>,
    buckets: usize,
    step: i64,
}

impl Division {
    fn width(&self) -> i128 {
        i128::from(self.span.end) - i128::from(self.span.start)
    }

    fn index_of(&self, time: i64) -> i128 {
        let after = i128::from(time) - i128::from(self.span.start);
        after * self.buckets as i128 / self.width()
    }

    /// The first step whose index is this one.
    fn start_of(&self, index: i128) -> i64 {
        let (count, step) = (self.buckets as i128, i128::from(self.step));
        let exact = (index * self.width()).div_euclid(count)
            + i128::from((index * self.width()).rem_euclid(count) > 0);
        // The span begins with a step, or the step is one millisecond.
        self.span.start + ((exact + step - 1) / step * step) as i64
    }

    fn buckets(&self, kind: SeriesKind, rows: Vec<Row>) -> Vec<Bucket> {
        let mut out = Vec::new();
        let mut open: Option<(Span, i64)> = None;
        for row in &rows {
            if let Some((span, end)) = open.take_if(|(_, end)| *end <= row.start) {
                out.push(span.bucket(end));
            }
            let (span, _) = open.get_or_insert_with(|| self.open(kind, row.start));
            span.add(row);
        }
        out.extend(open.map(|(span, end)| span.bucket(end)));
        out
    }

    fn open(&self, kind: SeriesKind, time: i64) -> (Span, i64) {
        let index = self.index_of(time);
        (Span::new(kind, self.start_of(index)), self.start_of(index + 1))
    }
}

struct Sums {
    snapshot: Snapshot,
    series: SeriesNo,
    kind: SeriesKind,
    as_of: i64,
}

impl Sums {
    /// The rows that buckets are to be made of; `None` for readings themselves.
    fn grain(&self, span: &Range<i64>, buckets: usize) -> Result<Option<Grain>, SeriesError> {
        let width = (i128::from(span.end) - i128::from(span.start)) / buckets as i128;
        let wide = |grain: Grain| i128::from(grain.millis()) * ROWS_A_BUCKET <= width;
        let mut grain = [Grain::Hour, Grain::Minute].into_iter().find(|grain| wide(*grain));
        for merged in &self.layout().merged {
            let finest = match merged {
                merged if merged.readings.is_some() => continue,
                merged if merged.minutes.is_some() => Grain::Minute,
                _ => Grain::Hour,
            };
            let Some(block) = merged.sums(finest) else { continue };
            if grain < Some(finest) && block.find(self.series, span)?.entries().next().is_some() {
                grain = Some(finest);
            }
        }
        Ok(grain)
    }

    fn layout(&self) -> &Arc<Layout> {
        &self.snapshot.layout
    }

    /// Buckets to the millisecond, from readings.
    fn fine(&self, span: &Range<i64>, buckets: usize) -> Result<Vec<Bucket>, SeriesError> {
        let division = Division { span: span.clone(), buckets, step: 1 };
        let versions = self.snapshot.versions(self.series, span)?;
        let mut out = Vec::new();
        let mut open: Option<(Span, i64)> = None;
        for version in served(&versions, self.as_of) {
            if let Some((span, end)) = open.take_if(|(_, end)| *end <= version.time) {
                out.push(span.bucket(end));
            }
            let (span, _) = open.get_or_insert_with(|| division.open(self.kind, version.time));
            span.serve(version);
        }
        out.extend(open.map(|(span, end)| span.bucket(end)));
        Ok(out)
    }

    /// The rows of a span of whole grains, by time.
    fn rows(&self, grain: Grain, span: &Range<i64>) -> Result<Vec<Row>, SeriesError> {
        let mut spans: BTreeMap<i64, Known<'_>> = BTreeMap::new();
        let mut found = Vec::new();
        for merged in &self.layout().merged {
            let Some(block) = merged.sums(grain) else { continue };
            let chunks = block.find(self.series, span)?;
            for entry in chunks.entries() {
                found.clear();
                block.read_rows(entry, &mut found)?;
                for row in found.iter().filter(|row| span.contains(&row.start)) {
                    spans.entry(row.start).or_default().rows.push((merged, *row));
                }
            }
        }
        for start in self.touched(grain, span)? {
            spans.entry(start).or_default().touched = true;
        }
        let mut rows = Vec::with_capacity(spans.len());
        // Spans that have to be summed up anew, neighbours together.
        let mut anew: Option<Range<i64>> = None;
        for (start, known) in &spans {
            match known.verdict(grain, self.as_of) {
                Verdict::Anew => match &mut anew {
                    Some(range) if range.end == *start => range.end += grain.millis(),
                    _ => {
                        self.sum_up(grain, anew.take(), &mut rows)?;
                        anew = Some(*start..start + grain.millis());
                    }
                },
                Verdict::Row(row) => {
                    self.sum_up(grain, anew.take(), &mut rows)?;
                    rows.push(row);
                }
                Verdict::Unknown => {}
            }
        }
        self.sum_up(grain, anew, &mut rows)?;
        Ok(rows)
    }

    fn sum_up(
        &self,
        grain: Grain,
        span: Option<Range<i64>>,
        out: &mut Vec<Row>,
    ) -> Result<(), SeriesError> {
        let Some(span) = span else { return Ok(()) };
        match grain {
            Grain::Hour => {
                let mut hours = Hours::new(self.kind);
                for row in self.rows(Grain::Minute, &span)? {
                    out.extend(hours.push(&row));
                }
                out.extend(hours.finish());
            }
            Grain::Minute => {
                let mut minutes = Minutes::new(self.kind, self.as_of);
                for version in self.snapshot.versions(self.series, &span)? {
                    out.extend(minutes.push(&version));
                }
                out.extend(minutes.finish());
            }
        }
        Ok(())
    }

    /// The spans in which something without rows has a version.
    fn touched(&self, grain: Grain, span: &Range<i64>) -> Result<BTreeSet<i64>, SeriesError> {
        let mut touched = BTreeSet::new();
        let mut note = |version: &Version| {
            if span.contains(&version.time) {
                touched.insert(grain.start_of(version.time));
            }
        };
        self.snapshot.newest.iter().for_each(&mut note);
        let without = |merged: &&Arc<Merged>| merged.sums(grain).is_none();
        let merged = self.layout().merged.iter().filter(without);
        let blocks = merged.filter_map(|merged| merged.readings.as_ref());
        let mut versions = Vec::new();
        for block in blocks.chain(&self.layout().fresh) {
            let found = block.find(self.series, span)?;
            for entry in found.entries() {
                versions.clear();
                block.read_found(&found, entry, &mut versions)?;
                versions.iter().for_each(&mut note);
            }
        }
        Ok(touched)
    }
}

/// What there is for one span.
#[derive(Default)]
struct Known<'a> {
    rows: Vec<(&'a Arc<Merged>, Row)>,
    touched: bool,
}

enum Verdict {
    Row(Row),
    Anew,
    /// Nobody can say what was known then.
    Unknown,
}

impl Known<'_> {
    fn verdict(&self, grain: Grain, as_of: i64) -> Verdict {
        let is_final = |merged: &Merged| match grain {
            Grain::Minute => merged.readings.is_none(),
            Grain::Hour => merged.readings.is_none() && merged.minutes.is_none(),
        };
        if let Some((_, row)) = self.rows.iter().find(|(merged, _)| is_final(merged)) {
            return if row.settled <= as_of { Verdict::Row(*row) } else { Verdict::Unknown };
        }
        match self.rows[..] {
            [(_, row)] if !self.touched && row.settled <= as_of => Verdict::Row(row),
            _ => Verdict::Anew,
        }
    }
}
