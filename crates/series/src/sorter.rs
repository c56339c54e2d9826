//! The sorter: what a sample is to its series before it is written.
//!
//! Duplicate, correction, late, in the future or simply next. Nearly all samples
//! are later than everything their series has, which two numbers per series decide;
//! only the rest is looked up in memory and in blocks.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use base::{Duration, Quality, Timestamp};

use crate::block::Block;
use crate::chunk::{Lane, Version};
use crate::core::Core;
use crate::files::FileKey;
use crate::heads::{NEVER, Tables};
use crate::locks::read;
use crate::wal::Record;
use crate::{Appended, BadReason, BadSample, Sample, SeriesError, SeriesNo};

/// Further behind its series' newest time, or received so much after its own, a
/// sample is kept with its arrival to the millisecond (DESIGN §2).
const LATE: Duration = Duration::from_secs(60);
/// Further ahead of its arrival a sample is flagged as future (DESIGN §2).
const FUTURE: Duration = Duration::from_mins(10);
/// Versions of decoded chunks that are kept for lookups: 20 MB.
const CACHED_VERSIONS: usize = 500_000;

/// Sorts samples in the order of the log, ahead of what the tables show.
pub(crate) struct Sorter {
    fronts: Vec<Front>,
    /// Keys of the group being sorted; made when first needed.
    pending: Option<HashMap<(SeriesNo, i64), Vec<Version>>>,
    cache: ChunkCache,
    versions: Vec<Version>,
}

#[derive(Clone, Copy)]
struct Front {
    /// The greatest time accepted; all keys after it are new.
    greatest: i64,
    /// The greatest time accepted that is not in the future.
    newest: i64,
}

/// What the samples of one append are.
pub(crate) struct Sorted {
    /// Those to be stored.
    pub samples: Vec<Sample>,
    pub lanes: Vec<Lane>,
    pub appended: Appended,
}

enum Verdict {
    Duplicate,
    Correction,
    New,
}

impl Sorter {
    pub fn new(tables: &Tables) -> Sorter {
        let mut sorter = Sorter {
            fronts: Vec::new(),
            pending: None,
            cache: ChunkCache::default(),
            versions: Vec::new(),
        };
        sorter.grow(tables);
        sorter
    }

    /// Begins a group; all groups before it are in the tables.
    pub fn begin(&mut self) {
        self.pending = None;
    }

    /// Forgets samples that were sorted and will not be stored: afterwards it is as
    /// if only the tables and `group` had ever been seen.
    pub fn reset(&mut self, core: &Core, group: &[Record]) {
        self.pending = None;
        self.fronts.clear();
        self.grow(&read(&core.tables));
        for sample in group.iter().flat_map(|record| &*record.batch.samples) {
            self.fronts[sample.series.index()].advance(sample.time, sample.quality);
        }
    }

    /// Sorts the samples of one append; `group` holds those to be stored before it.
    /// Those from `requalified` on say of a reading that is served how good it is, and
    /// are refused where another value is served.
    ///
    /// # Errors
    /// A block that had to be looked into cannot be read. Nothing of this append may
    /// be stored then, and the caller calls [`Sorter::reset`].
    pub fn sort(
        &mut self,
        core: &Core,
        group: &[Record],
        (received, requalified): (Timestamp, usize),
        samples: Vec<Sample>,
    ) -> Result<Sorted, SeriesError> {
        let mut sorted = Sorted {
            samples: Vec::with_capacity(samples.len()),
            lanes: Vec::with_capacity(samples.len()),
            appended: Appended::default(),
        };
        for (index, mut sample) in samples.into_iter().enumerate() {
            if let Err(reason) = self.accept(core, &sample) {
                sorted.appended.refused.push(BadSample { index, reason });
                continue;
            }
            if requalified <= index {
                let served = self.served(core, group, &sorted.samples, &sample)?;
                if served.map(f64::to_bits) != Some(sample.value.to_bits()) {
                    let reason = BadReason::NotServed;
                    sorted.appended.refused.push(BadSample { index, reason });
                    continue;
                }
            }
            let ahead = sample.time.since(received);
            let late = Duration::from_millis(-ahead.as_millis()) > LATE;
            // How good a reading is was settled when it came, as far as its time goes.
            if ahead > FUTURE && index < requalified {
                sample.quality.0 |= Quality::FUTURE;
            }
            let in_future = sample.quality.0 & Quality::FUTURE != 0;
            let front = self.fronts[sample.series.index()];
            let time = sample.time.as_millis();
            let verdict = if time > front.greatest {
                Verdict::New
            } else {
                self.look_up(core, group, &sorted.samples, &sample)?
            };
            let behind = front.newest != NEVER && time < front.newest - LATE.as_millis();
            let lane = match verdict {
                Verdict::Duplicate => {
                    sorted.appended.duplicates += 1;
                    continue;
                }
                Verdict::Correction => {
                    sorted.appended.superseded += 1;
                    Lane::Aside
                }
                Verdict::New if late || behind || in_future => Lane::Aside,
                Verdict::New => Lane::Punctual,
            };
            sorted.appended.late += usize::from(behind);
            sorted.appended.future += usize::from(in_future);
            self.fronts[sample.series.index()].advance(sample.time, sample.quality);
            if let Some(pending) = &mut self.pending {
                pending.entry((sample.series, time)).or_default().push(sketch(&sample));
            }
            sorted.samples.push(sample);
            sorted.lanes.push(lane);
        }
        sorted.appended.stored = sorted.samples.len();
        Ok(sorted)
    }

    fn accept(&mut self, core: &Core, sample: &Sample) -> Result<(), BadReason> {
        if !sample.value.is_finite() {
            return Err(BadReason::NotFinite);
        }
        if sample.series.index() >= self.fronts.len() {
            self.grow(&read(&core.tables));
            if sample.series.index() >= self.fronts.len() {
                return Err(BadReason::UnknownSeries);
            }
        }
        Ok(())
    }

    /// Learns of series that were registered since.
    fn grow(&mut self, tables: &Tables) {
        for index in self.fronts.len()..tables.latest.len() {
            let newest = tables.latest[index].map_or(NEVER, |latest| latest.time.as_millis());
            self.fronts.push(Front { greatest: tables.greatest[index], newest });
        }
    }

    /// Finds out whether the key is known, and with this value.
    fn look_up(
        &mut self,
        core: &Core,
        group: &[Record],
        accepted: &[Sample],
        sample: &Sample,
    ) -> Result<Verdict, SeriesError> {
        let time = sample.time.as_millis();
        self.versions.clear();
        self.note_pending(group, accepted, sample);
        let (in_blocks, layout) = {
            let tables = read(&core.tables);
            let in_blocks = tables.versions_at(sample.series, time, &mut self.versions);
            (in_blocks, tables.layout.clone())
        };
        let says = |version: &Version| version.says(sample.value, sample.quality);
        if self.versions.iter().any(says) {
            return Ok(Verdict::Duplicate);
        }
        if in_blocks {
            for block in layout.readings().rev() {
                self.cache.versions_at(block, sample.series, time, &mut self.versions)?;
                if self.versions.iter().any(says) {
                    return Ok(Verdict::Duplicate);
                }
            }
        }
        Ok(if self.versions.is_empty() { Verdict::New } else { Verdict::Correction })
    }

    /// The value that is served at the sample's key; `None` when there is none yet.
    fn served(
        &mut self,
        core: &Core,
        group: &[Record],
        accepted: &[Sample],
        sample: &Sample,
    ) -> Result<Option<f64>, SeriesError> {
        let time = sample.time.as_millis();
        self.versions.clear();
        self.note_pending(group, accepted, sample);
        if self.versions.is_empty() {
            let tables = read(&core.tables);
            let in_blocks = tables.versions_at(sample.series, time, &mut self.versions);
            let layout = tables.layout.clone();
            drop(tables);
            if self.versions.is_empty() && in_blocks {
                for block in layout.readings() {
                    self.cache.versions_at(block, sample.series, time, &mut self.versions)?;
                }
            }
        }
        // Those of one place are in order of arrival, and of equal ranks the last counts.
        Ok(self.versions.iter().max_by_key(|version| version.rank).map(|version| version.value))
    }

    /// The versions of the sample's key that are on their way into the tables.
    fn note_pending(&mut self, group: &[Record], accepted: &[Sample], sample: &Sample) {
        let pending = self.pending.get_or_insert_with(|| {
            let mut pending: HashMap<_, Vec<Version>> = HashMap::new();
            let before = group.iter().flat_map(|record| &*record.batch.samples);
            for sample in before.chain(accepted) {
                let key = (sample.series, sample.time.as_millis());
                pending.entry(key).or_default().push(sketch(sample));
            }
            pending
        });
        let key = (sample.series, sample.time.as_millis());
        self.versions.extend(pending.get(&key).into_iter().flatten());
    }
}

impl Front {
    fn advance(&mut self, time: Timestamp, quality: Quality) {
        let time = time.as_millis();
        self.greatest = self.greatest.max(time);
        if quality.0 & Quality::FUTURE == 0 {
            self.newest = self.newest.max(time);
        }
    }
}

/// A version to compare with; its arrival does not matter for that.
fn sketch(sample: &Sample) -> Version {
    let time = sample.time.as_millis();
    Version { time, received: time, value: sample.value, quality: sample.quality, rank: 0 }
}

/// A block, and a chunk's place in it.
type ChunkKey = (FileKey, u64);

/// Decoded chunks, the oldest dropped first.
#[derive(Default)]
struct ChunkCache {
    chunks: HashMap<ChunkKey, Arc<Vec<Version>>>,
    order: VecDeque<ChunkKey>,
    versions: usize,
}

impl ChunkCache {
    fn versions_at(
        &mut self,
        block: &Block,
        series: SeriesNo,
        time: i64,
        out: &mut Vec<Version>,
    ) -> Result<(), SeriesError> {
        let found = block.find(series, &(time..time + 1))?;
        for entry in found.entries() {
            let key = ((block.kind, block.number), entry.offset);
            let chunk = match self.chunks.get(&key) {
                Some(chunk) => chunk.clone(),
                None => {
                    let mut versions = Vec::new();
                    block.read_found(&found, entry, &mut versions)?;
                    self.insert(key, Arc::new(versions))
                }
            };
            let start = chunk.partition_point(|version| version.time < time);
            out.extend(chunk[start..].iter().take_while(|version| version.time == time));
        }
        Ok(())
    }

    fn insert(&mut self, key: ChunkKey, chunk: Arc<Vec<Version>>) -> Arc<Vec<Version>> {
        self.versions += chunk.len();
        self.chunks.insert(key, chunk.clone());
        self.order.push_back(key);
        while self.versions > CACHED_VERSIONS {
            let oldest = self.order.pop_front().and_then(|key| self.chunks.remove(&key));
            self.versions -= oldest.map_or(self.versions, |chunk| chunk.len());
        }
        chunk
    }
}
