//! The state: what would otherwise have to be read out of every block at open.
//!
//! File `state` ([`crate::file`]): `FSST`, version 2, last position in blocks u64,
//! versions in blocks u64, series u32, then per series `greatest time i64 · has
//! latest u8 · [time i64 · value f64 · quality u8 · received i64]`. Version 1 is the
//! same; it was written by releases that knew of no merged blocks, and now refuse.
//!
//! It may be older than the newest fresh block; opening then folds in the blocks after
//! it. Without it, or when it is older than a merged one, opening folds all of them.

use std::path::{Path, PathBuf};

use base::{Quality, Timestamp};

use crate::bytes::Reader;
use crate::disk::Disk;
use crate::file::{self, Format, HEAD};
use crate::heads::{NEVER, note_latest};
use crate::layout::Layout;
use crate::{Position, Reading, SeriesError};

pub(crate) const FORMAT: Format = Format { magic: *b"FSST", version: 2 };

/// The tables as they were at a position.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct State {
    pub mark: Position,
    pub greatest: Vec<i64>,
    pub latest: Vec<Option<Reading>>,
}

impl State {
    pub fn load(disk: &dyn Disk, path: &Path) -> Result<State, SeriesError> {
        let payload = file::load(disk, path, FORMAT)?;
        file::parse(path, &payload, "a state", parse)
    }

    /// Folds in what blocks hold that it does not know of; says whether there was any.
    pub fn fold(&mut self, layout: &Layout) -> Result<bool, SeriesError> {
        if self.mark < layout.merged_upto {
            *self = State::default();
        }
        let known = self.mark;
        // Of the newest reading as it is folded: ties are decided by arrival.
        let mut ranks = Vec::new();
        let mut folded = false;
        for block in layout.readings().filter(|block| known < block.last()) {
            block.scan(|entry, versions| {
                let index = entry.series.index();
                if self.latest.len() <= index {
                    self.latest.resize(index + 1, None);
                    self.greatest.resize(index + 1, NEVER);
                }
                if ranks.len() <= index {
                    ranks.resize(index + 1, 0);
                }
                for version in versions {
                    self.greatest[index] = self.greatest[index].max(version.time);
                    let time = self.latest[index].map(|latest| latest.time.as_millis());
                    if time == Some(version.time) && version.rank < ranks[index] {
                        continue;
                    }
                    note_latest(&mut self.latest[index], version);
                    if self.latest[index].is_some_and(|it| it.time.as_millis() == version.time) {
                        ranks[index] = version.rank;
                    }
                }
            })?;
            folded = true;
        }
        self.mark = self.mark.max(layout.sealed_upto());
        Ok(folded)
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

/// The file as it is on disk, whole, and its mark; `None` before the first block.
pub(crate) fn bytes(
    disk: &dyn Disk,
    dir: &Path,
) -> Result<Option<(Vec<u8>, Position)>, SeriesError> {
    let path = path(dir);
    match disk.open(&path) {
        Ok(file) => {
            let bytes = file::read_whole(&*file, &path)?;
            let mark = Reader(bytes.get(HEAD..).unwrap_or_default()).u64();
            Ok(Some((bytes, Position(mark.unwrap_or_default()))))
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(SeriesError::disk("open", &path, &error)),
    }
}

fn parse(reader: &mut Reader<'_>) -> Option<State> {
    let mut state = State { mark: Position(reader.u64()?), ..State::default() };
    let _versions = reader.u64()?;
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
