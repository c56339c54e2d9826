//! Verifying: every byte on disk read and checked, and what is lost said by name.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use base::{Id, Timestamp};

use crate::block::{self, Block, Kind};
use crate::core::Core;
use crate::dictionary;
use crate::disk::Disk;
use crate::file;
use crate::files::Files;
use crate::frame::Tail;
use crate::layout::{self, Parsed};
use crate::locks::{lock, read};
use crate::{Position, SeriesError, SeriesNo, consumer, keep, state, wal};

/// What verifying found.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// Files and bytes that were read.
    pub files: u64,
    pub bytes: u64,
    /// Versions in blocks that read, superseded ones included.
    pub readings: u64,
    pub damages: Vec<Damage>,
    /// What is odd and harms nobody: a torn end of the log, which opening cuts; blocks
    /// that were set aside before.
    pub notes: Vec<String>,
}

/// A place that does not read, and what cannot be had for it.
#[derive(Debug, Clone)]
pub struct Damage {
    pub file: PathBuf,
    /// In bytes.
    pub offset: u64,
    pub what: String,
    /// `None` where the file as a whole is of no use, or holds no readings.
    pub lost: Option<Lost>,
    /// Whether [`repair`](crate::repair) can open the store without it.
    pub is_mendable: bool,
}

/// Readings, or sums, that do not read.
#[derive(Debug, Clone)]
pub struct Lost {
    /// From the first to before the second.
    pub series: Range<SeriesNo>,
    /// The first sensor of these, when the dictionary reads.
    pub sensor: Option<Id>,
    pub from: Timestamp,
    /// The last time.
    pub to: Timestamp,
    /// How many; `None` when the list of them does not read.
    pub readings: Option<u64>,
}

/// Verifies a store that nobody has open, and changes nothing.
///
/// # Errors
/// [`SeriesError::Locked`] when somebody has; those of the disk. What is damaged is in
/// the report.
pub fn verify(dir: &Path, disk: Arc<dyn Disk>) -> Result<Report, SeriesError> {
    let _lock = alone(&*disk, dir)?;
    Verifier::new(dir, disk)?.run()
}

/// Takes the lock of a store's directory.
pub(crate) fn alone(
    disk: &dyn Disk,
    dir: &Path,
) -> Result<Box<dyn crate::disk::LockGuard>, SeriesError> {
    disk.list(dir).map_err(|error| SeriesError::disk("list", dir, &error))?;
    disk.lock(&dir.join("lock"))
        .map_err(|error| SeriesError::disk("lock", dir, &error))?
        .ok_or_else(|| SeriesError::Locked(dir.to_owned()))
}

pub(crate) struct Verifier {
    dir: PathBuf,
    disk: Arc<dyn Disk>,
    files: Arc<Files>,
    sensors: Vec<Id>,
    pub report: Report,
}

impl Verifier {
    pub fn new(dir: &Path, disk: Arc<dyn Disk>) -> Result<Verifier, SeriesError> {
        let files = Files::new(disk.clone(), 64);
        let (dir, report) = (dir.to_owned(), Report::default());
        Ok(Verifier { dir, disk, files, sensors: Vec::new(), report })
    }

    fn run(mut self) -> Result<Report, SeriesError> {
        self.dictionary()?;
        let names = self.list(&self.dir.clone())?;
        let has = |name: &str| names.iter().any(|other| other == name);
        for (path, format, is_mendable) in [
            (state::path(&self.dir), state::FORMAT, true),
            (consumer::path(&self.dir), consumer::FORMAT, false),
            (keep::path(&self.dir), keep::FORMAT, false),
        ] {
            if has(&path.file_name().unwrap_or_default().to_string_lossy()) {
                let loaded = file::load(&*self.disk, &path, format);
                self.whole(&path, loaded, is_mendable)?;
            }
        }
        let mut manifest = None;
        if has("manifest") {
            let loaded = layout::load(&*self.disk, &self.dir);
            manifest = self.whole(&layout::path(&self.dir), loaded, true)?;
        }
        self.blocks(manifest.as_ref())?;
        self.log()?;
        Ok(self.report)
    }

    fn list(&self, dir: &Path) -> Result<Vec<String>, SeriesError> {
        match self.disk.list(dir) {
            Ok(names) => Ok(names),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
            Err(error) => Err(SeriesError::disk("list", dir, &error)),
        }
    }

    /// Notes damage to a file that is read as a whole.
    fn whole<T>(
        &mut self,
        path: &Path,
        loaded: Result<T, SeriesError>,
        is_mendable: bool,
    ) -> Result<Option<T>, SeriesError> {
        self.count(path);
        match loaded {
            Ok(value) => Ok(Some(value)),
            Err(error) => self.damaged(error, None, is_mendable).map(|()| None),
        }
    }

    fn count(&mut self, path: &Path) {
        self.report.files += 1;
        let length = self.disk.open(path).and_then(|file| file.len());
        self.report.bytes += length.unwrap_or(0);
    }

    fn damaged(
        &mut self,
        error: SeriesError,
        lost: Option<Lost>,
        is_mendable: bool,
    ) -> Result<(), SeriesError> {
        match error {
            SeriesError::Damaged { file, offset, what } => {
                self.report.damages.push(Damage { file, offset, what, lost, is_mendable });
                Ok(())
            }
            other => Err(other),
        }
    }

    fn dictionary(&mut self) -> Result<(), SeriesError> {
        let path = dictionary::path(&self.dir);
        let opened = self.disk.open(&path);
        let found = opened.map_err(|error| SeriesError::disk("open", &path, &error))?;
        let bytes = file::read_whole(&*found, &path)?;
        let sensors = dictionary::scan(&path, &bytes, |_, sensor, _| self.sensors.push(sensor));
        let tail = self.whole(&path, sensors, false)?;
        self.tail(&path, tail.unwrap_or(Tail::Whole), true)
    }

    fn tail(&mut self, path: &Path, tail: Tail, is_last: bool) -> Result<(), SeriesError> {
        match tail {
            Tail::Whole => {}
            Tail::Torn(at) if is_last => {
                let what = "a power cut tore its end off; opening cuts it";
                self.report.notes.push(format!("{} at byte {at}: {what}", path.display()));
            }
            Tail::Torn(at) => {
                let what = "it ends in a torn frame, but is not the last file";
                self.damaged(SeriesError::damaged(path, at as u64, what), None, false)?;
            }
            Tail::Damaged(at, what) => {
                self.damaged(SeriesError::damaged(path, at as u64, what), None, false)?;
            }
        }
        Ok(())
    }

    fn log(&mut self) -> Result<(), SeriesError> {
        let dir = self.dir.join("wal");
        let names = self.list(&dir)?;
        let mut firsts: Vec<Position> = names.iter().filter_map(|it| wal::first_of(it)).collect();
        firsts.sort_unstable();
        for (index, &first) in firsts.iter().enumerate() {
            let path = wal::segment_path(&dir, first);
            let is_last = index + 1 == firsts.len();
            if is_last && wal::has_torn_head(&*self.disk, &path)? {
                let note = "its making was interrupted; opening removes it";
                self.report.notes.push(format!("{}: {note}", path.display()));
                continue;
            }
            let scanned = wal::scan(&*self.disk, &path, first);
            if let Some(tail) = self.whole(&path, scanned, false)? {
                self.tail(&path, tail, is_last)?;
            }
        }
        Ok(())
    }

    fn blocks(&mut self, manifest: Option<&Parsed>) -> Result<(), SeriesError> {
        for (folder, is_fresh) in [("blocks", true), ("merged", false)] {
            for name in self.list(&self.dir.join(folder))? {
                if name.ends_with(layout::DAMAGED) {
                    let note = format!("{folder}/{name} was set aside by a repair");
                    self.report.notes.push(note);
                    continue;
                }
                let key = match is_fresh {
                    true => block::number_of(&name).map(|number| (Kind::Fresh, number)),
                    false => Kind::of_merged(&name),
                };
                // What was replaced or not finished goes at the next opening.
                let is_live = |(kind, number): &(Kind, u64)| {
                    manifest.is_none_or(|manifest| manifest.names(*kind, *number))
                };
                if let Some((kind, number)) = key.filter(is_live) {
                    self.block(kind, number)?;
                }
            }
        }
        for (kind, number) in manifest.into_iter().flat_map(|manifest| manifest.merged_files()) {
            self.exists(kind, number)?;
        }
        Ok(())
    }

    fn exists(&mut self, kind: Kind, number: u64) -> Result<(), SeriesError> {
        let path = kind.path(&self.dir, number);
        match self.disk.open(&path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let error = SeriesError::damaged(&path, 0, "the manifest names it, it is gone");
                self.damaged(error, None, true)
            }
            _ => Ok(()),
        }
    }

    fn block(&mut self, kind: Kind, number: u64) -> Result<(), SeriesError> {
        match Block::open(&self.files, &self.dir, kind, number) {
            Ok(block) => self.content(&block),
            Err(error) => {
                self.count(&kind.path(&self.dir, number));
                self.damaged(error, None, true)
            }
        }
    }

    /// Reads every page and chunk.
    pub fn content(&mut self, block: &Block) -> Result<(), SeriesError> {
        self.report.files += 1;
        self.report.bytes += block.bytes;
        let (least, greatest) = block.times().unwrap_or((0, 0));
        for page in 0..block.page_count() {
            let entries = match block.page(page) {
                Ok(entries) => entries,
                Err(error) => {
                    let all = SeriesNo(self.sensors.len() as u32);
                    let is_last = page + 1 == block.page_count();
                    let end = if is_last { all } else { block.first_of(page + 1) };
                    let series = block.first_of(page)..end;
                    let lost = self.lost(series, (least, greatest), None);
                    self.damaged(error, Some(lost), true)?;
                    continue;
                }
            };
            for entry in entries {
                match block.check_chunk(&entry) {
                    Ok(()) if matches!(block.kind, Kind::Sums(_)) => {}
                    Ok(()) => self.report.readings += entry.versions as u64,
                    Err(error) => {
                        let series = entry.series..SeriesNo(entry.series.0.saturating_add(1));
                        let times = (entry.least, entry.greatest);
                        let lost = self.lost(series, times, Some(entry.versions as u64));
                        self.damaged(error, Some(lost), true)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn lost(&self, series: Range<SeriesNo>, (from, to): (i64, i64), readings: Option<u64>) -> Lost {
        let sensor = self.sensors.get(series.start.index()).copied();
        let (from, to) = (Timestamp::from_millis(from), Timestamp::from_millis(to));
        Lost { series, sensor, from, to, readings }
    }
}

impl Core {
    /// Verifies the blocks and the log while the store is in use.
    pub fn verify(&self) -> Result<Report, SeriesError> {
        let mut verifier = Verifier::new(&self.dir, self.disk.clone())?;
        verifier.files = self.files.clone();
        verifier.sensors = read(&self.dictionary).sensors();
        let layout = read(&self.tables).layout.clone();
        layout.blocks().try_for_each(|block| verifier.content(block))?;
        for name in &layout.set_aside {
            verifier.report.notes.push(format!("{name} was set aside by a repair"));
        }
        // The log reads itself as a consumer does, with what holds it from being cut.
        let (number, _) = lock(&self.consumers).hold(self.wal.oldest());
        let read = self.read_log(&mut verifier);
        lock(&self.consumers).end_hold(number);
        read?;
        Ok(verifier.report)
    }

    fn read_log(&self, verifier: &mut Verifier) -> Result<(), SeriesError> {
        verifier.report.files += 1;
        verifier.report.bytes += self.wal.bytes();
        let mut reader = self.wal.read_after(self.wal.oldest())?;
        loop {
            match reader.read() {
                Ok(Some(_)) => {}
                Ok(None) => return Ok(()),
                Err(error) => return verifier.damaged(error, None, false),
            }
        }
    }
}
