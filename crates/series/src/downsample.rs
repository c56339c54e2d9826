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
use crate::{Bucket, Reading, SeriesError, SeriesNo};

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
        let grain = sums.grain(&span, buckets)?;
        let division = Division::of(span, buckets, grain);
        let mut gather = Gather::new(kind, division);
        match grain {
            None => sums.fine(&mut gather)?,
            Some(grain) => {
                let snapshot = self.snapshot(series, &gather.division.span);
                let sums = Sums { snapshot, ..sums };
                for row in sums.rows(grain, &gather.division.span)? {
                    gather.add(&row);
                }
            }
        }
        Ok(gather.finish())
    }
}

/// Sums up readings that come from elsewhere, to the bit as
/// [`Store::downsample`](crate::Store::downsample) does those that it holds.
pub struct SumUp {
    grain: Option<Grain>,
    gather: Gather,
}

impl SumUp {
    /// `None` when the span is empty or no bucket is wanted: then there is none.
    pub fn new(kind: SeriesKind, from: Timestamp, to: Timestamp, buckets: usize) -> Option<SumUp> {
        let span = from.as_millis()..to.as_millis();
        if span.is_empty() || buckets == 0 {
            return None;
        }
        let grain = grain_by_width(&span, buckets);
        let division = Division::of(span, buckets, grain);
        Some(SumUp { grain, gather: Gather::new(kind, division) })
    }

    /// Of what span the readings are needed: that asked for, to whole minutes or hours
    /// where the buckets are wide.
    pub fn span(&self) -> (Timestamp, Timestamp) {
        let Range { start, end } = self.gather.division.span;
        (Timestamp::from_millis(start), Timestamp::from_millis(end))
    }

    /// The buckets; from the readings that are served of the span, by time.
    ///
    /// # Errors
    /// The first of the pieces.
    pub fn of(
        self,
        pieces: impl Iterator<Item = Result<Vec<Reading>, SeriesError>>,
    ) -> Result<Vec<Bucket>, SeriesError> {
        let SumUp { grain, mut gather } = self;
        let mut minutes = Minutes::new(gather.kind, i64::MAX);
        let mut hours = Hours::new(gather.kind);
        let mut take = |gather: &mut Gather, minute: Option<Row>| match grain {
            Some(Grain::Hour) => {
                minute.and_then(|row| hours.push(&row)).iter().for_each(|row| gather.add(row))
            }
            _ => minute.iter().for_each(|row| gather.add(row)),
        };
        for piece in pieces {
            for reading in piece? {
                let version = Version::from_reading(&reading);
                match grain {
                    None => gather.serve(&version),
                    Some(_) => take(&mut gather, minutes.push(&version)),
                }
            }
        }
        take(&mut gather, minutes.finish());
        hours.finish().iter().for_each(|row| gather.add(row));
        Ok(gather.finish())
    }
}

/// The rows that buckets of a span are to be made of; `None` for readings themselves.
fn grain_by_width(span: &Range<i64>, buckets: usize) -> Option<Grain> {
    let width = (i128::from(span.end) - i128::from(span.start)) / buckets as i128;
    let wide = |grain: &Grain| i128::from(grain.millis()) * ROWS_A_BUCKET <= width;
    [Grain::Hour, Grain::Minute].into_iter().find(wide)
}

/// A span cut into buckets, which begin at multiples of a step.
struct Division {
    span: Range<i64>,
    buckets: usize,
    step: i64,
}

impl Division {
    fn of(span: Range<i64>, buckets: usize, grain: Option<Grain>) -> Division {
        let Some(grain) = grain else { return Division { span, buckets, step: 1 } };
        let end = grain.start_of(span.end.saturating_sub(1)).saturating_add(grain.millis());
        let span = grain.start_of(span.start)..end;
        let grains = (span.end / grain.millis() - span.start / grain.millis()) as usize;
        Division { span, buckets: buckets.min(grains), step: grain.millis() }
    }

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

    fn open(&self, kind: SeriesKind, time: i64) -> (Span, i64) {
        let index = self.index_of(time);
        (Span::new(kind, self.start_of(index)), self.start_of(index + 1))
    }
}

/// Buckets being filled, in order of time.
struct Gather {
    kind: SeriesKind,
    division: Division,
    /// The bucket being filled, and its end.
    open: Option<(Span, i64)>,
    out: Vec<Bucket>,
}

impl Gather {
    fn new(kind: SeriesKind, division: Division) -> Gather {
        Gather { kind, division, open: None, out: Vec::new() }
    }

    fn at(&mut self, time: i64) -> &mut Span {
        if let Some((span, end)) = self.open.take_if(|(_, end)| *end <= time) {
            self.out.push(span.bucket(end));
        }
        &mut self.open.get_or_insert_with(|| self.division.open(self.kind, time)).0
    }

    fn add(&mut self, row: &Row) {
        self.at(row.start).add(row);
    }

    fn serve(&mut self, version: &Version) {
        self.at(version.time).serve(version);
    }

    fn finish(mut self) -> Vec<Bucket> {
        self.out.extend(self.open.map(|(span, end)| span.bucket(end)));
        self.out
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
        let mut grain = grain_by_width(span, buckets);
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
    fn fine(&self, gather: &mut Gather) -> Result<(), SeriesError> {
        let versions = self.snapshot.versions(self.series, &gather.division.span)?;
        served(&versions, self.as_of).for_each(|version| gather.serve(version));
        Ok(())
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
