//! The write-ahead log: every stored batch, in order, before anything else knows it.
//!
//! Files `wal/<first position, 20 digits>.wal`: head `FSWL`, version 1, first
//! position u64, crc32 of all before; then frames ([`crate::frame`]) whose
//! sequence is the batch's position. A payload is `received i64 · count u32`, then
//! per sample `series u32 · time i64 · value f64 · quality u8 · lane u8`.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use base::{Quality, Timestamp};

use crate::bytes::Reader;
use crate::chunk::Lane;
use crate::disk::{Disk, DiskFile};
use crate::file::{self, Format, HEAD};
use crate::frame::{self, Tail};
use crate::locks::lock;
use crate::wal_reader::{Place, WalReader};
use crate::{Batch, Position, Sample, SeriesError, SeriesNo};

const FORMAT: Format = Format { magic: *b"FSWL", version: 1 };
const SEGMENT_HEAD: usize = HEAD + 8 + 4;
const SAMPLE: usize = 22;
/// A place to start reading from is remembered about every so many bytes.
const MARK_EVERY: u64 = 256 << 10;

/// The most samples that one frame can hold.
pub(crate) const MAX_SAMPLES: usize = (frame::MAX_PAYLOAD - 12) / SAMPLE;

/// A batch with the lane of each sample, as the log holds it.
#[derive(Debug, Clone)]
pub(crate) struct Record {
    pub batch: Batch,
    /// As long as the batch's samples.
    pub lanes: Vec<Lane>,
}

/// What readers of the log share with its writer.
pub(crate) struct Wal {
    disk: Arc<dyn Disk>,
    dir: PathBuf,
    segment_bytes: u64,
    known: Mutex<Known>,
}

struct Known {
    /// Oldest first, never empty.
    segments: VecDeque<Segment>,
    durable: Position,
}

struct Segment {
    first: Position,
    bytes: u64,
    /// Positions whose frame's offset is known, ascending.
    marks: Vec<(Position, u64)>,
}

/// The one end that writes.
pub(crate) struct Writer {
    wal: Arc<Wal>,
    file: Arc<dyn DiskFile>,
    path: PathBuf,
    length: u64,
    buffer: Vec<u8>,
}

/// Why a group of batches is not in the log.
pub(crate) enum Refusal {
    /// The log is as it was before.
    Unchanged(SeriesError),
    /// What is on disk is uncertain.
    Uncertain(SeriesError),
}

impl Wal {
    /// Opens the log and calls `each` with every record after `mark`.
    pub fn open(
        disk: Arc<dyn Disk>,
        dir: PathBuf,
        segment_bytes: u64,
        mark: Position,
        mut each: impl FnMut(Record) -> Result<(), String>,
    ) -> Result<(Arc<Wal>, Writer), SeriesError> {
        disk.create_dir(&dir).map_err(|error| SeriesError::disk("create", &dir, &error))?;
        let names = disk.list(&dir).map_err(|error| SeriesError::disk("list", &dir, &error))?;
        let mut firsts: Vec<Position> = names.iter().filter_map(|name| first_of(name)).collect();
        firsts.sort_unstable();
        if let Some(&last) = firsts.last()
            && has_torn_head(&*disk, &segment_path(&dir, last))?
        {
            // Its making was interrupted; nothing was ever acknowledged from it.
            let path = segment_path(&dir, last);
            disk.remove(&path).map_err(|error| SeriesError::disk("remove", &path, &error))?;
            file::sync_parent(&*disk, &path)?;
            firsts.pop();
        }
        let mut segments = VecDeque::new();
        let mut durable = mark;
        for (index, &first) in firsts.iter().enumerate() {
            let path = segment_path(&dir, first);
            let next = firsts.get(index + 1).copied();
            if next.is_some_and(|next| next <= mark.next()) {
                // Wholly in blocks; only kept for consumers, who check what they read.
                let bytes = length_of(&*disk, &path)?;
                segments.push_back(Segment { first, bytes, marks: Vec::new() });
                continue;
            }
            if first > durable.next() {
                let what = format!(
                    "it starts at position {}, expected {} or less",
                    first.0,
                    durable.next().0
                );
                return Err(SeriesError::damaged(&path, HEAD as u64, what));
            }
            let (segment, last) = replay(&*disk, &path, first, next.is_none(), |record| {
                if record.batch.position > mark { each(record) } else { Ok(()) }
            })?;
            segments.push_back(segment);
            durable = durable.max(last);
            if next.is_some_and(|next| next != last.next()) {
                let what = format!("it ends with position {}, the next file starts later", last.0);
                return Err(SeriesError::damaged(&path, 0, what));
            }
        }
        let known = Known { segments, durable };
        let wal = Arc::new(Wal { disk, dir, segment_bytes, known: Mutex::new(known) });
        let last = lock(&wal.known).segments.back().map(|segment| (segment.first, segment.bytes));
        let writer = match last {
            Some((first, length)) => {
                let path = segment_path(&wal.dir, first);
                let file = wal
                    .disk
                    .open(&path)
                    .map_err(|error| SeriesError::disk("open", &path, &error))?;
                Writer { wal: wal.clone(), file, path, length, buffer: Vec::new() }
            }
            None => {
                let (file, path) = wal.create_segment(durable.next())?;
                let length = SEGMENT_HEAD as u64;
                Writer { wal: wal.clone(), file, path, length, buffer: Vec::new() }
            }
        };
        Ok((wal, writer))
    }

    /// The last position that is on disk.
    pub fn durable(&self) -> Position {
        lock(&self.known).durable
    }

    /// Batches after this position are still in the log.
    pub fn oldest(&self) -> Position {
        let known = lock(&self.known);
        let first = known.segments.front().expect("a log has at least one segment").first;
        Position(first.0 - 1)
    }

    pub fn bytes(&self) -> u64 {
        lock(&self.known).segments.iter().map(|segment| segment.bytes).sum()
    }

    /// Every file with the length up to which it is on disk, oldest first, and the
    /// last position in them.
    pub fn durable_files(&self) -> (Vec<(PathBuf, u64)>, Position) {
        let known = lock(&self.known);
        let path = |first| segment_path(&self.dir, first);
        let files = known.segments.iter().map(|segment| (path(segment.first), segment.bytes));
        (files.collect(), known.durable)
    }

    /// Removes the segments that hold nothing after `upto`; says whether any did.
    pub fn trim(&self, upto: Position) -> Result<bool, SeriesError> {
        let mut removed = false;
        loop {
            let first = {
                let mut known = lock(&self.known);
                match known.segments.get(1) {
                    Some(next) if next.first <= upto.next() => {}
                    _ => break,
                }
                known.segments.pop_front().expect("there is a second one").first
            };
            let path = segment_path(&self.dir, first);
            self.disk.remove(&path).map_err(|error| SeriesError::disk("remove", &path, &error))?;
            removed = true;
        }
        if removed {
            self.disk
                .sync_dir(&self.dir)
                .map_err(|error| SeriesError::disk("synchronise", &self.dir, &error))?;
        }
        Ok(removed)
    }

    /// A reader that gives the batches after `position`.
    pub fn read_after(self: &Arc<Self>, position: Position) -> Result<WalReader, SeriesError> {
        let oldest = self.oldest();
        if position < oldest {
            return Err(SeriesError::Released { asked: position, oldest });
        }
        Ok(WalReader::new(self.clone(), position.next()))
    }

    /// The nearest known place of a frame at or before a position.
    pub fn locate(&self, wanted: Position) -> Result<Place, SeriesError> {
        let (first, offset, position) = {
            let known = lock(&self.known);
            let after = known.segments.partition_point(|segment| segment.first <= wanted);
            let Some(segment) = after.checked_sub(1).and_then(|at| known.segments.get(at)) else {
                let first = known.segments.front().expect("a log has a segment").first;
                let (asked, oldest) = (Position(wanted.0 - 1), Position(first.0 - 1));
                return Err(SeriesError::Released { asked, oldest });
            };
            let after = segment.marks.partition_point(|&(position, _)| position <= wanted);
            let (position, offset) = match after.checked_sub(1) {
                Some(at) => segment.marks[at],
                None => (segment.first, SEGMENT_HEAD as u64),
            };
            (segment.first, offset, position)
        };
        let path = segment_path(&self.dir, first);
        let file =
            self.disk.open(&path).map_err(|error| SeriesError::disk("open", &path, &error))?;
        check_head(&path, first, &file::read_part(&*file, &path, 0, SEGMENT_HEAD as u64)?)?;
        Ok(Place { segment: first, path, file, offset, position })
    }

    /// Makes a durable segment that holds only its head.
    fn create_segment(&self, first: Position) -> Result<(Arc<dyn DiskFile>, PathBuf), SeriesError> {
        let path = segment_path(&self.dir, first);
        let mut head = FORMAT.head().to_vec();
        head.extend_from_slice(&first.0.to_le_bytes());
        head.extend_from_slice(&crc32fast::hash(&head).to_le_bytes());
        let fail = |action| {
            let path = path.clone();
            move |error| SeriesError::disk(action, &path, &error)
        };
        let file = self.disk.create(&path).map_err(fail("create"))?;
        if let Err(error) = file.append(&head).map_err(fail("write")) {
            self.disk.remove(&path).map_err(fail("remove"))?;
            return Err(error);
        }
        let failed = |error: SeriesError| SeriesError::Failed(error.to_string());
        file.sync().map_err(fail("synchronise")).map_err(failed)?;
        file::sync_parent(&*self.disk, &path).map_err(failed)?;
        let segment = Segment { first, bytes: SEGMENT_HEAD as u64, marks: Vec::new() };
        lock(&self.known).segments.push_back(segment);
        Ok((file, path))
    }
}

impl Writer {
    /// Writes a group of records and returns when they are on disk.
    ///
    /// Their positions follow the last durable one without a gap.
    pub fn write(&mut self, records: &[Record]) -> Result<(), Refusal> {
        let durable = self.wal.durable();
        self.buffer.clear();
        let mut places = Vec::with_capacity(records.len());
        for record in records {
            places.push((record.batch.position, self.buffer.len() as u64));
            frame::write(&mut self.buffer, record.batch.position.0, durable.0, |out| {
                encode(record, out);
            });
        }
        let empty = self.length == SEGMENT_HEAD as u64;
        if !empty && self.length + self.buffer.len() as u64 > self.wal.segment_bytes {
            let (file, path) = self.wal.create_segment(durable.next()).map_err(uncertain)?;
            (self.file, self.path, self.length) = (file, path, SEGMENT_HEAD as u64);
        }
        if let Err(error) = self.file.append(&self.buffer) {
            let error = SeriesError::disk("append to", &self.path, &error);
            return Err(match (&error, self.cut()) {
                (SeriesError::Full(_), Ok(())) => Refusal::Unchanged(error),
                _ => Refusal::Uncertain(error),
            });
        }
        self.file.sync().map_err(|error| {
            Refusal::Uncertain(SeriesError::disk("synchronise", &self.path, &error))
        })?;
        let mut known = lock(&self.wal.known);
        let segment = known.segments.back_mut().expect("the writer's segment is the last");
        for (position, place) in places {
            segment.mark(position, self.length + place);
        }
        self.length += self.buffer.len() as u64;
        segment.bytes = self.length;
        if let Some(last) = records.last() {
            known.durable = last.batch.position;
        }
        drop(known);
        // A single huge group must not hold its memory for ever.
        self.buffer.shrink_to(4 << 20);
        Ok(())
    }

    fn cut(&self) -> std::io::Result<()> {
        self.file.truncate(self.length)?;
        self.file.sync()
    }
}

/// Making a segment failed: only a full disk is known to have left nothing behind.
fn uncertain(error: SeriesError) -> Refusal {
    match error {
        SeriesError::Full(_) => Refusal::Unchanged(error),
        _ => Refusal::Uncertain(error),
    }
}

impl Segment {
    fn mark(&mut self, position: Position, offset: u64) {
        let last = self.marks.last().map_or(SEGMENT_HEAD as u64, |&(_, offset)| offset);
        if offset >= last + MARK_EVERY {
            self.marks.push((position, offset));
        }
    }
}

fn replay(
    disk: &dyn Disk,
    path: &Path,
    first: Position,
    is_last: bool,
    mut each: impl FnMut(Record) -> Result<(), String>,
) -> Result<(Segment, Position), SeriesError> {
    let file = disk.open(path).map_err(|error| SeriesError::disk("open", path, &error))?;
    let bytes = file::read_whole(&*file, path)?;
    check_head(path, first, &bytes)?;
    let mut segment = Segment { first, bytes: bytes.len() as u64, marks: Vec::new() };
    let mut last = Position(first.0 - 1);
    let tail = frame::scan(&bytes, SEGMENT_HEAD, first.0, |header, offset, payload| {
        last = Position(header.sequence);
        segment.mark(last, offset as u64);
        each(decode(last, payload)?)
    });
    match tail {
        Tail::Whole => {}
        Tail::Torn(at) if is_last => {
            let fail = |error| SeriesError::disk("cut", path, &error);
            file.truncate(at as u64).map_err(fail)?;
            file.sync().map_err(fail)?;
            segment.bytes = at as u64;
        }
        Tail::Torn(at) => {
            return Err(SeriesError::damaged(
                path,
                at as u64,
                "it ends in a torn frame, but is not the last file",
            ));
        }
        Tail::Damaged(at, what) => return Err(SeriesError::damaged(path, at as u64, what)),
    }
    Ok((segment, last))
}

/// Checks a segment from end to end; says how it ends.
pub(crate) fn scan(disk: &dyn Disk, path: &Path, first: Position) -> Result<Tail, SeriesError> {
    let file = disk.open(path).map_err(|error| SeriesError::disk("open", path, &error))?;
    let bytes = file::read_whole(&*file, path)?;
    check_head(path, first, &bytes)?;
    Ok(frame::scan(&bytes, SEGMENT_HEAD, first.0, |header, _, payload| {
        decode(Position(header.sequence), payload).map(|_| ())
    }))
}

fn encode(record: &Record, out: &mut Vec<u8>) {
    let samples = &record.batch.samples;
    out.reserve(12 + samples.len() * SAMPLE);
    out.extend_from_slice(&record.batch.received.as_millis().to_le_bytes());
    out.extend_from_slice(&(samples.len() as u32).to_le_bytes());
    for (sample, lane) in samples.iter().zip(&record.lanes) {
        let mut bytes = [0; SAMPLE];
        bytes[..4].copy_from_slice(&sample.series.0.to_le_bytes());
        bytes[4..12].copy_from_slice(&sample.time.as_millis().to_le_bytes());
        bytes[12..20].copy_from_slice(&sample.value.to_le_bytes());
        bytes[20] = sample.quality.0;
        bytes[21] = lane.code();
        out.extend_from_slice(&bytes);
    }
}

pub(crate) fn decode(position: Position, payload: &[u8]) -> Result<Record, String> {
    let mut reader = Reader(payload);
    let short = || "the batch is shorter than its count says".to_owned();
    let received = Timestamp::from_millis(reader.i64().ok_or_else(short)?);
    let count = reader.u32().ok_or_else(short)? as usize;
    if count.checked_mul(SAMPLE) != Some(reader.0.len()) {
        return Err(format!("{count} samples do not fill {} bytes", reader.0.len()));
    }
    let mut samples = Vec::with_capacity(count);
    let mut lanes = Vec::with_capacity(count);
    for _ in 0..count {
        samples.push(Sample {
            series: SeriesNo(reader.u32().ok_or_else(short)?),
            time: Timestamp::from_millis(reader.i64().ok_or_else(short)?),
            value: reader.f64().ok_or_else(short)?,
            quality: Quality(reader.u8().ok_or_else(short)?),
        });
        let lane = reader.u8().ok_or_else(short)?;
        lanes.push(Lane::from_code(lane).ok_or_else(|| format!("lane {lane} is unknown"))?);
    }
    Ok(Record { batch: Batch { position, received, samples: samples.into() }, lanes })
}

fn check_head(path: &Path, first: Position, bytes: &[u8]) -> Result<(), SeriesError> {
    FORMAT.check(path, bytes)?;
    let head = bytes
        .get(..SEGMENT_HEAD)
        .ok_or_else(|| SeriesError::damaged(path, 0, "the file is shorter than its head"))?;
    let crc = crc32fast::hash(&head[..SEGMENT_HEAD - 4]).to_le_bytes();
    if head[SEGMENT_HEAD - 4..] != crc || head[HEAD..HEAD + 8] != first.0.to_le_bytes() {
        return Err(SeriesError::damaged(path, 0, "the head fails its checksum or name"));
    }
    Ok(())
}

/// Whether a power cut interrupted the making of this segment.
pub(crate) fn has_torn_head(disk: &dyn Disk, path: &Path) -> Result<bool, SeriesError> {
    let file = disk.open(path).map_err(|error| SeriesError::disk("open", path, &error))?;
    let length = file.len().map_err(|error| SeriesError::disk("measure", path, &error))?;
    if length < SEGMENT_HEAD as u64 {
        return Ok(true);
    }
    let head = file::read_part(&*file, path, 0, SEGMENT_HEAD as u64)?;
    Ok(length == SEGMENT_HEAD as u64 && head.iter().all(|&byte| byte == 0))
}

fn length_of(disk: &dyn Disk, path: &Path) -> Result<u64, SeriesError> {
    let file = disk.open(path).map_err(|error| SeriesError::disk("open", path, &error))?;
    file.len().map_err(|error| SeriesError::disk("measure", path, &error))
}

pub(crate) fn segment_path(dir: &Path, first: Position) -> PathBuf {
    dir.join(format!("{:020}.wal", first.0))
}

pub(crate) fn first_of(name: &str) -> Option<Position> {
    name.strip_suffix(".wal")?.parse().ok().filter(|&first| first > 0).map(Position)
}
