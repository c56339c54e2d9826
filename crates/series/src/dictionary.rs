//! The dictionary: which sensor is which number, and how its series behaves.
//!
//! File `dictionary`: head `FSDC`, version 1, then frames ([`crate::frame`])
//! counted from 1; each holds the series registered together:
//! `sensor u128 · kind u8`. A series' number is its place in the file.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use base::Id;
use base::quantity::SeriesKind;

use crate::bytes::Reader;
use crate::disk::{Disk, DiskFile};
use crate::file::{self, Format, HEAD};
use crate::frame::{self, Tail};
use crate::{SeriesError, SeriesNo};

const FORMAT: Format = Format { magic: *b"FSDC", version: 1 };
const ENTRY: usize = 17;
/// Dense tables are kept per series, so the number of series is bounded.
const MAX_SERIES: usize = 1 << 24;

pub(crate) struct Dictionary {
    numbers: HashMap<Id, SeriesNo>,
    entries: Vec<(Id, SeriesKind)>,
    file: Arc<dyn DiskFile>,
    path: PathBuf,
    length: u64,
    frames: u64,
}

impl Dictionary {
    pub fn open(disk: &dyn Disk, path: PathBuf, exists: bool) -> Result<Dictionary, SeriesError> {
        if !exists {
            // The head appears whole, so a torn head never has to be explained.
            let draft = file::temporary(&path);
            let fail = |action| move |error| SeriesError::disk(action, &draft, &error);
            let created = disk.create(&file::temporary(&path)).map_err(fail.clone()("create"))?;
            created.append(&FORMAT.head()).map_err(fail.clone()("write"))?;
            created.sync().map_err(fail("synchronise"))?;
            file::publish(disk, &file::temporary(&path), &path)?;
        }
        let handle = disk.open(&path).map_err(|error| SeriesError::disk("open", &path, &error))?;
        let bytes = file::read_whole(&*handle, &path)?;
        let mut dictionary = Dictionary {
            numbers: HashMap::new(),
            entries: Vec::new(),
            file: handle,
            path,
            length: bytes.len() as u64,
            frames: 0,
        };
        let known = dictionary.path.clone();
        let tail = scan(&known, &bytes, |frame, sensor, kind| {
            dictionary.frames = frame;
            dictionary.add(sensor, kind);
        })?;
        match tail {
            Tail::Whole => {}
            Tail::Torn(at) => dictionary.cut(at as u64)?,
            Tail::Damaged(at, what) => {
                return Err(SeriesError::damaged(&dictionary.path, at as u64, what));
            }
        }
        Ok(dictionary)
    }

    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// How far the file is on disk.
    pub fn durable_bytes(&self) -> u64 {
        self.length
    }

    /// All sensors, by number.
    pub fn sensors(&self) -> Vec<Id> {
        self.entries.iter().map(|(sensor, _)| *sensor).collect()
    }

    pub fn number(&self, sensor: Id) -> Option<SeriesNo> {
        self.numbers.get(&sensor).copied()
    }

    pub fn entry(&self, series: SeriesNo) -> Option<(Id, SeriesKind)> {
        self.entries.get(series.index()).copied()
    }

    /// Gives each sensor its number; the new ones are on disk before this returns.
    ///
    /// # Errors
    /// Nothing is registered then. Of [`SeriesError::Failed`] the store must stop.
    pub fn register(&mut self, wanted: &[(Id, SeriesKind)]) -> Result<Vec<SeriesNo>, SeriesError> {
        let mut fresh: Vec<(Id, SeriesKind)> = Vec::new();
        let mut numbers = Vec::with_capacity(wanted.len());
        let mut seen: HashMap<Id, usize> = HashMap::new();
        for &(sensor, kind) in wanted {
            let place = match self.numbers.get(&sensor) {
                Some(number) => number.index(),
                None => *seen.entry(sensor).or_insert_with(|| {
                    fresh.push((sensor, kind));
                    self.entries.len() + fresh.len() - 1
                }),
            };
            let known = self.entries.get(place).or_else(|| fresh.get(place - self.entries.len()));
            let &(_, seen) = known.expect("the place was just found or given");
            if seen != kind {
                return Err(SeriesError::KindChanged { sensor, seen, expected: kind });
            }
            numbers.push(SeriesNo(u32::try_from(place).expect("bounded by MAX_SERIES")));
        }
        if self.entries.len() + fresh.len() > MAX_SERIES {
            return Err(SeriesError::TooManySeries(self.entries.len()));
        }
        if !fresh.is_empty() {
            self.write(&fresh)?;
            for (sensor, kind) in fresh {
                self.add(sensor, kind);
            }
        }
        Ok(numbers)
    }

    fn write(&mut self, fresh: &[(Id, SeriesKind)]) -> Result<(), SeriesError> {
        let mut bytes = Vec::with_capacity(frame::HEADER + fresh.len() * ENTRY + 1);
        frame::write(&mut bytes, self.frames + 1, self.frames, |out| {
            for (sensor, kind) in fresh {
                out.extend_from_slice(&sensor.as_u128().to_le_bytes());
                out.push(code(*kind));
            }
        });
        let fail = |action| {
            let path = self.path.clone();
            move |error| SeriesError::disk(action, &path, &error)
        };
        if let Err(error) = self.file.append(&bytes).map_err(fail("append to")) {
            return match (&error, self.cut(self.length)) {
                (SeriesError::Full(_), Ok(())) => Err(error),
                _ => Err(SeriesError::Failed(error.to_string())),
            };
        }
        self.file
            .sync()
            .map_err(fail("synchronise"))
            .map_err(|error| SeriesError::Failed(error.to_string()))?;
        self.length += bytes.len() as u64;
        self.frames += 1;
        Ok(())
    }

    /// Cuts the file after the last whole frame, durably.
    fn cut(&mut self, length: u64) -> Result<(), SeriesError> {
        let fail = |error| SeriesError::disk("cut", &self.path, &error);
        self.file.truncate(length).map_err(fail)?;
        self.file.sync().map_err(fail)?;
        self.length = length;
        Ok(())
    }

    fn add(&mut self, sensor: Id, kind: SeriesKind) {
        let number = u32::try_from(self.entries.len()).expect("bounded by MAX_SERIES");
        self.numbers.insert(sensor, SeriesNo(number));
        self.entries.push((sensor, kind));
    }
}

/// Reads the content of a dictionary: calls `each` with the frame's number, sensor and
/// kind, in order, and says how the file ends.
pub(crate) fn scan(
    path: &Path,
    bytes: &[u8],
    mut each: impl FnMut(u64, Id, SeriesKind),
) -> Result<Tail, SeriesError> {
    FORMAT.check(path, bytes)?;
    Ok(frame::scan(bytes, HEAD, 1, |header, _, payload| {
        let mut reader = Reader(payload);
        while !reader.0.is_empty() {
            let sensor = reader.u128().ok_or("an entry is cut short")?;
            let kind = reader.u8().ok_or("an entry is cut short")?;
            let kind = kind_of(kind).ok_or_else(|| format!("series kind {kind} is unknown"))?;
            each(header.sequence, Id::from_u128(sensor), kind);
        }
        // A frame of nothing still counts.
        Ok(())
    }))
}

/// The file's name for a kind; never reused for another.
pub(crate) fn code(kind: SeriesKind) -> u8 {
    match kind {
        SeriesKind::Gauge => 0,
        SeriesKind::Counter => 1,
        SeriesKind::Amount => 2,
        SeriesKind::State => 3,
        SeriesKind::Direction => 4,
    }
}

pub(crate) fn kind_of(code: u8) -> Option<SeriesKind> {
    [
        SeriesKind::Gauge,
        SeriesKind::Counter,
        SeriesKind::Amount,
        SeriesKind::State,
        SeriesKind::Direction,
    ]
    .into_iter()
    .find(|kind| self::code(*kind) == code)
}

pub(crate) fn path(dir: &Path) -> PathBuf {
    dir.join("dictionary")
}
