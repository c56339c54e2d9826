//! The state: what would otherwise have to be read out of every block at open.
//!
//! File `state` ([`crate::file`]): `FSST`, version 1, last position in blocks u64,
//! versions in blocks u64, series u32, then per series `greatest time i64 · has
//! latest u8 · [time i64 · value f64 · quality u8 · received i64]`.
//!
//! It may be older than the newest block; opening then folds in the blocks after
//! it. Without it, opening folds all of them.

use std::path::{Path, PathBuf};

use base::{Quality, Timestamp};

use crate::block::Block;
use crate::bytes::Reader;
use crate::disk::Disk;
use crate::file::{self, Format};
use crate::heads::{NEVER, note_latest};
use crate::{Position, Reading, SeriesError};

const FORMAT: Format = Format { magic: *b"FSST", version: 1 };

/// The tables as they were at a position.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct State {
    pub mark: Position,
    pub held: u64,
    pub greatest: Vec<i64>,
    pub latest: Vec<Option<Reading>>,
}

impl State {
    pub fn load(disk: &dyn Disk, path: &Path) -> Result<State, SeriesError> {
        let payload = file::load(disk, path, FORMAT)?;
        file::parse(path, &payload, "a state", parse)
    }

    /// Adds what a later block holds.
    pub fn fold(&mut self, block: &Block) -> Result<(), SeriesError> {
        block.scan(|entry, versions| {
            let index = entry.series.index();
            if self.latest.len() <= index {
                self.latest.resize(index + 1, None);
                self.greatest.resize(index + 1, NEVER);
            }
            for version in versions {
                self.greatest[index] = self.greatest[index].max(version.time);
                note_latest(&mut self.latest[index], version);
            }
        })?;
        self.held += block.versions;
        self.mark = block.last();
        Ok(())
    }
}

/// Writes the state at `mark`; `latest` and `greatest` are of the same length.
pub(crate) fn save(
    disk: &dyn Disk,
    path: &Path,
    mark: Position,
    held: u64,
    greatest: &[i64],
    latest: &[Option<Reading>],
) -> Result<(), SeriesError> {
    let mut out = Vec::with_capacity(20 + latest.len() * 34);
    out.extend_from_slice(&mark.0.to_le_bytes());
    out.extend_from_slice(&held.to_le_bytes());
    out.extend_from_slice(&(latest.len() as u32).to_le_bytes());
    for (greatest, latest) in greatest.iter().zip(latest) {
        out.extend_from_slice(&greatest.to_le_bytes());
        out.push(u8::from(latest.is_some()));
        if let Some(reading) = latest {
            out.extend_from_slice(&reading.time.as_millis().to_le_bytes());
            out.extend_from_slice(&reading.value.to_le_bytes());
            out.push(reading.quality.0);
            out.extend_from_slice(&reading.received.as_millis().to_le_bytes());
        }
    }
    file::replace(disk, path, FORMAT, &out)
}

/// The file as it is on disk, whole; `None` before the first block.
pub(crate) fn bytes(disk: &dyn Disk, dir: &Path) -> Result<Option<Vec<u8>>, SeriesError> {
    let path = path(dir);
    match disk.open(&path) {
        Ok(file) => file::read_whole(&*file, &path).map(Some),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(SeriesError::disk("open", &path, &error)),
    }
}

fn parse(reader: &mut Reader<'_>) -> Option<State> {
    let mut state =
        State { mark: Position(reader.u64()?), held: reader.u64()?, ..State::default() };
    for _ in 0..reader.u32()? {
        state.greatest.push(reader.i64()?);
        state.latest.push(match reader.u8()? {
            0 => None,
            _ => Some(Reading {
                time: Timestamp::from_millis(reader.i64()?),
                value: reader.f64()?,
                quality: Quality(reader.u8()?),
                received: Timestamp::from_millis(reader.i64()?),
            }),
        });
    }
    Some(state)
}

pub(crate) fn path(dir: &Path) -> PathBuf {
    dir.join("state")
}
