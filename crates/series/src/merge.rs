//! Merging: many blocks become few, by day and class, with sums beside them.
//!
//! It streams: of each input it holds a window of bytes and the chunks that overlap in
//! time; so its memory is bounded, however large the blocks are. Every version is kept,
//! with its arrival and its rank, so what was known at any time stays what it was.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use base::quantity::SeriesKind;

use crate::block::{Block, Entry, Kind, SCATTERED};
use crate::block_writer::{BlockWriter, Label};
use crate::chunk::{Encoder, Lane, MAX_VERSIONS, SMALL, Version};
use crate::disk::Disk;
use crate::files::Files;
use crate::layout::Merged;
use crate::row::{Grain, Hours, Minutes, Row};
use crate::{Position, SeriesError, SeriesNo};

/// The most blocks that are merged at once.
pub(crate) const MAX_INPUTS: usize = 32;
/// The most days and classes that get a block of their own out of one merge.
const MAX_OUTPUTS: usize = 32;
/// No merge makes more blocks than this: some of each class beside those of its days.
pub(crate) const MOST_MADE: u64 = 64;
/// A day gets one when it has at least this part of what is merged.
const WORTH_A_BLOCK: u64 = 64;
/// A writer hands so many bytes to the disk at once, a reader takes so many.
const AT_ONCE: usize = 256 << 10;
pub(crate) const DAY: i64 = 86_400_000;

/// The day a time lies in, in UTC.
pub(crate) fn day_of(time: i64) -> i64 {
    time.div_euclid(DAY)
}

/// The times of a day, half open.
pub(crate) fn times_of(day: i64) -> Range<i64> {
    day.saturating_mul(DAY)..day.saturating_add(1).saturating_mul(DAY)
}

/// What is to be merged, and how.
pub(crate) struct Merge<'a> {
    pub disk: &'a dyn Disk,
    pub files: &'a Arc<Files>,
    pub dir: &'a Path,
    /// At most [`MAX_INPUTS`] blocks of readings.
    pub inputs: &'a [Arc<Block>],
    /// Days that get a block of their own, however little there is of them.
    pub own: BTreeSet<i64>,
    /// Kind and class of a series.
    pub series: &'a dyn Fn(SeriesNo) -> (SeriesKind, u8),
    /// Classes in use, for the bound on outputs.
    pub classes: usize,
    /// The number of the first output.
    pub next: u64,
    /// Ends it early, with [`SeriesError::Closed`].
    pub stop: &'a AtomicBool,
    /// Leaves out what does not read, in place of an error.
    pub skips_damage: bool,
}

impl Merge<'_> {
    /// Writes the outputs, durably; nothing names them yet.
    ///
    /// # Errors
    /// [`SeriesError::Damaged`] names the input. What was written is removed.
    pub fn run(mut self) -> Result<Vec<Arc<Merged>>, SeriesError> {
        self.choose_days()?;
        let first = self.inputs.iter().map(|block| block.positions.start).min();
        let end = self.inputs.iter().map(|block| block.positions.end).max();
        let (Some(first), Some(end)) = (first, end) else { return Ok(Vec::new()) };
        let mut outputs = Outputs {
            positions: first..end,
            encoder: None,
            open: BTreeMap::new(),
            next: self.next,
        };
        let written = self.fill(&mut outputs);
        match written.and_then(|()| outputs.finish()) {
            Ok(()) => outputs.publish(&self),
            Err(error) => {
                outputs.give_up(self.disk);
                Err(error)
            }
        }
    }

    /// Gives blocks of their own to the days that have most.
    fn choose_days(&mut self) -> Result<(), SeriesError> {
        let (mut counts, mut total) = (BTreeMap::<i64, u64>::new(), 0);
        for block in self.inputs {
            for page in 0..block.page_count() {
                for entry in self.or_skip(block.page(page))?.unwrap_or_default() {
                    let (from, to) = (day_of(entry.least), day_of(entry.greatest));
                    // Of a chunk that spans days, each has its part, as far as one can tell.
                    let days = to.abs_diff(from) + 1;
                    for day in BTreeSet::from([from, to]) {
                        *counts.entry(day).or_default() += entry.versions as u64 / days;
                    }
                    total += entry.versions as u64;
                }
            }
        }
        let mut days: Vec<(i64, u64)> = counts.into_iter().collect();
        days.sort_by_key(|&(day, count)| (std::cmp::Reverse(count), day));
        let room = (MAX_OUTPUTS / self.classes.max(1)).max(1);
        let worth = days.iter().filter(|(_, count)| total / WORTH_A_BLOCK <= *count);
        for (day, _) in worth.take(room) {
            self.own.insert(*day);
        }
        Ok(())
    }

    /// `None` for damage that is to be skipped.
    fn or_skip<T>(&self, found: Result<T, SeriesError>) -> Result<Option<T>, SeriesError> {
        match found {
            Err(SeriesError::Damaged { .. }) if self.skips_damage => Ok(None),
            found => found.map(Some),
        }
    }

    fn fill(&self, outputs: &mut Outputs) -> Result<(), SeriesError> {
        let mut cursors: Vec<Cursor> =
            self.inputs.iter().map(|block| Cursor::new(block.clone())).collect();
        loop {
            let mut next = None;
            for cursor in &mut cursors {
                next = next.into_iter().chain(cursor.series(self)?).min();
            }
            let Some(series) = next else { return Ok(()) };
            if self.stop.load(Ordering::Relaxed) {
                return Err(SeriesError::Closed);
            }
            let mut chunks = Vec::new();
            for (input, cursor) in cursors.iter_mut().enumerate() {
                cursor.take(series, |entry| chunks.push((input, entry)));
            }
            chunks.sort_by_key(|(input, entry)| (entry.least, *input));
            self.series(series, &chunks, &mut cursors, outputs)?;
        }
    }

    /// Streams one series, by time and then by arrival.
    fn series(
        &self,
        series: SeriesNo,
        chunks: &[(usize, Entry)],
        cursors: &mut [Cursor],
        outputs: &mut Outputs,
    ) -> Result<(), SeriesError> {
        let (kind, class) = (self.series)(series);
        let mut waiting: Vec<(Version, Lane)> = Vec::new();
        let mut versions = Vec::new();
        for (input, entry) in chunks {
            // Whatever comes is not before this chunk's first.
            let over = waiting.partition_point(|(version, _)| version.time < entry.least);
            for (version, lane) in waiting.drain(..over) {
                self.put(outputs, (series, kind, class), &version, lane)?;
            }
            versions.clear();
            if self.or_skip(cursors[*input].read(entry, &mut versions))?.is_none() {
                versions.clear();
            }
            waiting.extend(versions.iter().map(|version| (*version, entry.lane)));
            waiting.sort_by_key(|(version, _)| (version.time, version.rank));
        }
        for (version, lane) in waiting {
            self.put(outputs, (series, kind, class), &version, lane)?;
        }
        outputs.end_series(series)
    }

    fn put(
        &self,
        outputs: &mut Outputs,
        (series, kind, class): (SeriesNo, SeriesKind, u8),
        version: &Version,
        lane: Lane,
    ) -> Result<(), SeriesError> {
        let day = day_of(version.time);
        let key = (if self.own.contains(&day) { day } else { SCATTERED }, class);
        let Outputs { positions, encoder, open, next } = outputs;
        let output = match open.entry(key) {
            std::collections::btree_map::Entry::Occupied(found) => found.into_mut(),
            std::collections::btree_map::Entry::Vacant(place) => {
                let output = Output::create(self, *next, key, positions)?;
                *next += 1;
                if encoder.is_none() {
                    *encoder = Some(output.readings.encoder(SMALL)?);
                }
                place.insert(output)
            }
        };
        let encoder = encoder.as_mut().expect("it was made with the first output");
        output.put(series, kind, version, lane, encoder)
    }
}

/// The entries and chunks of one input, in order.
struct Cursor {
    block: Arc<Block>,
    page: usize,
    entries: VecDeque<Entry>,
    window: Vec<u8>,
    window_at: u64,
}

impl Cursor {
    fn new(block: Arc<Block>) -> Cursor {
        Cursor { block, page: 0, entries: VecDeque::new(), window: Vec::new(), window_at: 0 }
    }

    /// The series that comes next.
    fn series(&mut self, merge: &Merge<'_>) -> Result<Option<SeriesNo>, SeriesError> {
        while self.entries.is_empty() && self.page < self.block.page_count() {
            let entries = merge.or_skip(self.block.page(self.page))?;
            self.entries = entries.unwrap_or_default().into();
            self.page += 1;
        }
        Ok(self.entries.front().map(|entry| entry.series))
    }

    /// Gives the entries of a series, if it comes next; they lie in one page.
    fn take(&mut self, series: SeriesNo, mut each: impl FnMut(Entry)) {
        while self.entries.front().is_some_and(|entry| entry.series == series) {
            self.entries.pop_front().into_iter().for_each(&mut each);
        }
    }

    fn read(&mut self, entry: &Entry, out: &mut Vec<Version>) -> Result<(), SeriesError> {
        let (offset, length) = (entry.offset, entry.length as u64);
        let end = self.window_at + self.window.len() as u64;
        if offset < self.window_at || end < offset + length {
            // A block has more than its last chunk, so this much may be there.
            let most = (AT_ONCE as u64).max(length).min(self.block.bytes - offset);
            self.window = self.block.bytes(offset, most)?;
            self.window_at = offset;
        }
        let start = (offset - self.window_at) as usize;
        self.block.unpack(entry, &self.window[start..start + entry.length], out)
    }
}

/// Every block being written, by day and class.
struct Outputs {
    positions: Range<Position>,
    encoder: Option<Encoder>,
    open: BTreeMap<(i64, u8), Output>,
    next: u64,
}

impl Outputs {
    fn end_series(&mut self, series: SeriesNo) -> Result<(), SeriesError> {
        let Some(encoder) = &mut self.encoder else { return Ok(()) };
        self.open.values_mut().try_for_each(|output| output.end_series(series, encoder))
    }

    fn finish(&mut self) -> Result<(), SeriesError> {
        for output in self.open.values_mut() {
            output.writers().into_iter().try_for_each(|writer| writer.finish())?;
        }
        Ok(())
    }

    fn give_up(self, disk: &dyn Disk) {
        for output in self.open.into_values() {
            let writers = [output.readings, output.minutes, output.hours];
            writers.into_iter().for_each(|writer| writer.give_up(disk));
        }
    }

    fn publish(self, merge: &Merge<'_>) -> Result<Vec<Arc<Merged>>, SeriesError> {
        let mut merged = Vec::with_capacity(self.open.len());
        for ((day, class), output) in self.open {
            let number = output.number;
            for writer in [output.readings, output.minutes, output.hours] {
                writer.publish(merge.disk)?;
            }
            let open = |kind| {
                Block::open(merge.files, merge.dir, kind, number).map(|it| Some(Arc::new(it)))
            };
            merged.push(Arc::new(Merged {
                number,
                day,
                class,
                readings: open(Kind::Merged)?,
                minutes: open(Kind::Sums(Grain::Minute))?,
                hours: open(Kind::Sums(Grain::Hour))?,
            }));
        }
        merged.sort_by_key(|merged| merged.number);
        Ok(merged)
    }
}

/// One block being written, with its sums.
struct Output {
    number: u64,
    readings: BlockWriter,
    minutes: BlockWriter,
    hours: BlockWriter,
    lanes: [Vec<Version>; 2],
    sums: Option<(Minutes, Hours)>,
    minute_rows: Vec<Row>,
    hour_rows: Vec<Row>,
}

impl Output {
    fn create(
        merge: &Merge<'_>,
        number: u64,
        (day, class): (i64, u8),
        positions: &Range<Position>,
    ) -> Result<Output, SeriesError> {
        let create = |kind| {
            let label = Label { kind, number, positions: positions.clone(), day, class };
            BlockWriter::create(merge.disk, merge.dir, &label, AT_ONCE)
        };
        Ok(Output {
            number,
            readings: create(Kind::Merged)?,
            minutes: create(Kind::Sums(Grain::Minute))?,
            hours: create(Kind::Sums(Grain::Hour))?,
            lanes: [Vec::new(), Vec::new()],
            sums: None,
            minute_rows: Vec::new(),
            hour_rows: Vec::new(),
        })
    }

    fn writers(&mut self) -> [&mut BlockWriter; 3] {
        [&mut self.readings, &mut self.minutes, &mut self.hours]
    }

    fn put(
        &mut self,
        series: SeriesNo,
        kind: SeriesKind,
        version: &Version,
        lane: Lane,
        encoder: &mut Encoder,
    ) -> Result<(), SeriesError> {
        let versions = &mut self.lanes[usize::from(lane.code())];
        versions.push(*version);
        if versions.len() == MAX_VERSIONS {
            self.readings.chunk(series, lane, versions, encoder)?;
            versions.clear();
        }
        let (minutes, hours) =
            self.sums.get_or_insert_with(|| (Minutes::new(kind, i64::MAX), Hours::new(kind)));
        let Some(row) = minutes.push(version) else { return Ok(()) };
        self.hour_rows.extend(hours.push(&row));
        self.minute_rows.push(row);
        if self.minute_rows.len() == MAX_VERSIONS {
            self.write_rows(series, encoder)?;
        }
        Ok(())
    }

    fn write_rows(&mut self, series: SeriesNo, encoder: &mut Encoder) -> Result<(), SeriesError> {
        for run in self.minute_rows.chunks(MAX_VERSIONS) {
            self.minutes.rows(series, Grain::Minute, run, encoder)?;
        }
        for run in self.hour_rows.chunks(MAX_VERSIONS) {
            self.hours.rows(series, Grain::Hour, run, encoder)?;
        }
        self.minute_rows.clear();
        self.hour_rows.clear();
        Ok(())
    }

    fn end_series(&mut self, series: SeriesNo, encoder: &mut Encoder) -> Result<(), SeriesError> {
        let Some((mut minutes, mut hours)) = self.sums.take() else { return Ok(()) };
        for lane in [Lane::Punctual, Lane::Aside] {
            let versions = &mut self.lanes[usize::from(lane.code())];
            if !versions.is_empty() {
                self.readings.chunk(series, lane, versions, encoder)?;
                versions.clear();
            }
        }
        if let Some(row) = minutes.finish() {
            self.hour_rows.extend(hours.push(&row));
            self.minute_rows.push(row);
        }
        self.hour_rows.extend(hours.finish());
        self.write_rows(series, encoder)?;
        self.writers().into_iter().for_each(|writer| writer.end_series());
        Ok(())
    }
}
