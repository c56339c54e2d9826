//! Why the store cannot do what was asked.

use std::io;
use std::path::{Path, PathBuf};

use base::Id;
use base::quantity::SeriesKind;

use crate::{Floor, Position};

/// Why the store cannot do what was asked.
#[derive(Debug, Clone, thiserror::Error)]
pub enum SeriesError {
    #[error("{} is in use by another process or store, expected to be alone in it", .0.display())]
    Locked(PathBuf),
    #[error("{} is damaged at byte {offset}: {what}", file.display())]
    Damaged { file: PathBuf, offset: u64, what: String },
    #[error("{} has format version {seen}, this release reads up to {known}", file.display())]
    Newer { file: PathBuf, seen: u8, known: u8 },
    #[error("cannot {action} {}: {message}", file.display())]
    Disk { action: &'static str, file: PathBuf, message: String },
    #[error("the disk is full, nothing of this append was stored: {0}")]
    Full(String),
    /// The write queue is full; try again when something in flight has been answered.
    #[error("{queued} samples wait for the disk, expected at most {limit}")]
    Busy { queued: usize, limit: usize },
    #[error("append has {samples} samples, expected at most {limit}")]
    TooLarge { samples: usize, limit: usize },
    /// A write or synchronisation failed and what is on disk is uncertain. Nothing
    /// more is accepted; the owner ends the process, and opening again finds out.
    #[error("the store stopped accepting readings: {0}")]
    Failed(String),
    #[error("the store is closed")]
    Closed,
    #[error("append was called from a tap or an answer, where it would wait for itself")]
    Reentrant,
    #[error("sensor {sensor} is registered as {seen:?}, expected {expected:?}")]
    KindChanged { sensor: Id, seen: SeriesKind, expected: SeriesKind },
    #[error("consumer name {0:?} is not 1 to 64 bytes long")]
    ConsumerName(String),
    #[error("consumer {0:?} is not registered")]
    UnknownConsumer(String),
    #[error("the log starts after position {}, batches after {} were asked for", oldest.0, asked.0)]
    Released { asked: Position, oldest: Position },
    #[error("series {series} is not among the dictionary's {known}")]
    UnknownSeries { series: u32, known: usize },
    #[error("class {name:?} of retention: {reason}")]
    Class { name: String, reason: String },
    #[error(
        "class {name:?} is to keep readings for {asked} days, expected at least {}: {}",
        floor.days,
        floor.source
    )]
    BelowFloor { name: String, asked: u32, floor: Floor },
    #[error("{0:?} is not the name of a range that is held, or not 1 to 200 bytes long")]
    HoldName(String),
    /// What was asked for is kept by another store, and that one cannot tell now.
    #[error("{0}")]
    Elsewhere(String),
    #[error("the dictionary holds {0} series and cannot hold more")]
    TooManySeries(usize),
}

impl SeriesError {
    pub(crate) fn disk(action: &'static str, file: &Path, error: &io::Error) -> SeriesError {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                SeriesError::Full(format!("cannot {action} {}: {error}", file.display()))
            }
            _ => SeriesError::Disk { action, file: file.to_owned(), message: error.to_string() },
        }
    }

    pub(crate) fn damaged(file: &Path, offset: u64, what: impl Into<String>) -> SeriesError {
        SeriesError::Damaged { file: file.to_owned(), offset, what: what.into() }
    }
}
