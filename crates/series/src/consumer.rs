//! Consumers: who must see every batch, and so keeps the log from being cut.
//!
//! A consumer keeps its own position, in its own database, together with what it
//! derived. Here it only says up to where it will never ask again. File
//! `consumers` ([`crate::file`]): `FSCN`, version 1, per consumer `name length u8 ·
//! name · released u64`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use base::Timestamp;

use crate::chunk::Lane;
use crate::core::Core;
use crate::disk::Disk;
use crate::file::{self, Format};
use crate::heads::arrival;
use crate::locks::lock;
use crate::store::Handle;
use crate::wal::Record;
use crate::wal_reader::WalReader;
use crate::{Batch, Position, Reading, Sample, SeriesError, SeriesNo};

pub(crate) const FORMAT: Format = Format { magic: *b"FSCN", version: 1 };

/// A named reader of the log that survives restarts.
///
/// Registering, by [`Store::consumer`](crate::Store::consumer), is durable: from
/// then on no batch after the released position leaves the log, whether or not
/// the consumer is asked for again after a restart.
#[derive(Clone)]
pub struct Consumer {
    handle: Arc<Handle>,
    name: String,
    left: Left,
}

/// The reader that was left last: who goes on where it stopped looks for no place in the
/// log, and what it read ahead is still there.
type Left = Arc<Mutex<Option<WalReader>>>;

impl Consumer {
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Batches after this position can be read.
    ///
    /// After a restart it may be smaller than what was last released: it is written
    /// only when that lets a file go.
    pub fn released(&self) -> Position {
        let core = &self.handle.core;
        let released = lock(&core.consumers).released.get(&self.name).copied();
        released.unwrap_or_default().max(core.wal.oldest())
    }

    /// The batches after `position`, oldest first, up to what is on disk.
    ///
    /// The iterator ends when it has caught up; asked again later, it goes on.
    ///
    /// # Errors
    /// [`SeriesError::Released`] when the log no longer reaches back that far. Each
    /// item may be [`SeriesError::Damaged`]; the iterator ends after an error.
    pub fn read_after(&self, position: Position) -> Result<Batches, SeriesError> {
        let wal = &self.handle.core.wal;
        let left = lock(&self.left).take();
        let reader = match left.filter(|left| left.has_read_to(position)) {
            // What was let go of the log meanwhile is told as to anybody else.
            Some(left) if wal.oldest() <= position => left,
            _ => wal.read_after(position)?,
        };
        Ok(Batches { reader: Some(reader), left: Arc::clone(&self.left) })
    }

    /// Says that batches up to and including this position are not needed again.
    /// A smaller position than before changes nothing.
    ///
    /// # Errors
    /// [`SeriesError::UnknownConsumer`] when it was forgotten, or those of the disk.
    pub fn release(&self, upto: Position) -> Result<(), SeriesError> {
        let core = &self.handle.core;
        match lock(&core.consumers).released.get_mut(&self.name) {
            Some(released) => *released = upto.max(*released),
            None => return Err(SeriesError::UnknownConsumer(self.name.clone())),
        }
        core.trim()
    }
}

/// Batches out of the write-ahead log, in order.
pub struct Batches {
    reader: Option<WalReader>,
    left: Left,
}

impl Drop for Batches {
    fn drop(&mut self) {
        // None after an error: the next one looks anew.
        *lock(&self.left) = self.reader.take();
    }
}

impl Iterator for Batches {
    type Item = Result<Batch, SeriesError>;

    fn next(&mut self) -> Option<Result<Batch, SeriesError>> {
        match self.reader.as_mut()?.read() {
            Ok(record) => record.map(|record| Ok(record.batch)),
            Err(error) => {
                self.reader = None;
                Some(Err(error))
            }
        }
    }
}

/// What one append stored, as queries serve it: unlike in a [`Batch`], each arrival is
/// that of [`Reading::received`].
#[derive(Debug, Clone, PartialEq)]
pub struct Stored {
    pub position: Position,
    /// When the batch reached this node.
    pub received: Timestamp,
    /// In the order of the append; never empty.
    pub readings: Vec<(SeriesNo, Reading)>,
}

impl Batches {
    /// The next batch as queries serve it; where [`Batches::next`] gives the bare one.
    pub fn next_stored(&mut self) -> Option<Result<Stored, SeriesError>> {
        match self.reader.as_mut()?.read() {
            Ok(record) => record.map(|record| Ok(Stored::of(&record))),
            Err(error) => {
                self.reader = None;
                Some(Err(error))
            }
        }
    }
}

impl Stored {
    fn of(record: &Record) -> Stored {
        let Batch { position, received, samples } = &record.batch;
        let reading = |(sample, lane): (&Sample, &Lane)| {
            let arrival = arrival(sample.time.as_millis(), received.as_millis(), *lane);
            let reading = Reading {
                time: sample.time,
                value: sample.value,
                quality: sample.quality,
                received: Timestamp::from_millis(arrival),
            };
            (sample.series, reading)
        };
        let readings = samples.iter().zip(&record.lanes).map(reading).collect();
        Stored { position: *position, received: *received, readings }
    }
}

/// All consumers and what they have released.
pub(crate) struct Consumers {
    path: PathBuf,
    released: BTreeMap<String, Position>,
    /// Positions after which the log is held for a copy, by the hold's number. A
    /// restart ends them all.
    holds: BTreeMap<u64, Position>,
}

impl Consumers {
    pub fn open(
        disk: &dyn Disk,
        dir: &Path,
        exists: bool,
        oldest: Position,
    ) -> Result<Consumers, SeriesError> {
        let path = path(dir);
        let mut released = BTreeMap::new();
        if exists {
            let payload = file::load(disk, &path, FORMAT)?;
            released = file::parse(&path, &payload, "consumers", |reader| {
                let mut released = BTreeMap::new();
                while !reader.0.is_empty() {
                    let length = usize::from(reader.u8()?);
                    let name = std::str::from_utf8(reader.take(length)?).ok()?.to_owned();
                    released.insert(name, Position(reader.u64()?).max(oldest));
                }
                Some(released)
            })?;
        }
        Ok(Consumers { path, released, holds: BTreeMap::new() })
    }

    fn save(&self, disk: &dyn Disk) -> Result<(), SeriesError> {
        file::replace(disk, &self.path, FORMAT, &self.payload())
    }

    fn payload(&self) -> Vec<u8> {
        let mut out = Vec::new();
        for (name, released) in &self.released {
            out.push(name.len() as u8);
            out.extend_from_slice(name.as_bytes());
            out.extend_from_slice(&released.0.to_le_bytes());
        }
        out
    }

    /// Holds the log as it is now; gives the hold's number and the file `consumers`
    /// as of this moment.
    pub fn hold(&mut self, oldest: Position) -> (u64, Vec<u8>) {
        let number = self.holds.last_key_value().map_or(1, |(number, _)| number + 1);
        self.holds.insert(number, oldest);
        (number, file::whole(FORMAT, &self.payload()))
    }

    pub fn end_hold(&mut self, number: u64) {
        self.holds.remove(&number);
    }
}

impl Core {
    pub fn consumer(
        self: &Core,
        handle: &Arc<Handle>,
        name: &str,
    ) -> Result<Consumer, SeriesError> {
        if name.is_empty() || name.len() > 64 {
            return Err(SeriesError::ConsumerName(name.chars().take(80).collect()));
        }
        let mut consumers = lock(&self.consumers);
        if !consumers.released.contains_key(name) {
            consumers.released.insert(name.to_owned(), self.wal.oldest());
            if let Err(error) = self.guard(consumers.save(&*self.disk)) {
                consumers.released.remove(name);
                return Err(error);
            }
        }
        Ok(Consumer { handle: handle.clone(), name: name.to_owned(), left: Left::default() })
    }

    pub fn consumers(&self) -> Vec<(String, Position)> {
        let consumers = lock(&self.consumers);
        consumers.released.iter().map(|(name, released)| (name.clone(), *released)).collect()
    }

    pub fn forget_consumer(&self, name: &str) -> Result<(), SeriesError> {
        let mut consumers = lock(&self.consumers);
        match consumers.released.remove(name) {
            Some(_) => self.guard(consumers.save(&*self.disk))?,
            None => return Err(SeriesError::UnknownConsumer(name.to_owned())),
        }
        drop(consumers);
        self.trim()
    }

    /// Removes the log's files that are in blocks and that no consumer needs.
    pub fn trim(&self) -> Result<(), SeriesError> {
        let mark = self.sealed_upto();
        let consumers = lock(&self.consumers);
        let needed = consumers.released.values().chain(consumers.holds.values()).copied().min();
        let upto = needed.map_or(mark, |needed| needed.min(mark));
        if self.guard(self.wal.trim(upto))? && needed.is_some() {
            self.guard(consumers.save(&*self.disk))?;
        }
        Ok(())
    }
}

pub(crate) fn path(dir: &Path) -> PathBuf {
    dir.join("consumers")
}
