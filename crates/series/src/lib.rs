//! The time-series store: readings of sensors, by the time their source gave them.
//!
//! # What it promises
//!
//! - **No acknowledged sample is ever lost.** [`Store::append`] returns after the
//!   write-ahead log is on disk; appends that wait together share one
//!   synchronisation. A failed synchronisation stops the store for good.
//! - **The key is (series, source time).** The same value again, by whichever road,
//!   before or after a restart or a sealing, is dropped and counted: a value counts
//!   as the same when value and quality equal *any* version its key has had, so
//!   sending a stretch of log twice changes nothing. Another value is a correction:
//!   it is served from now on, and the earlier one stays readable.
//! - **What was known at T can be asked at any later time.** Late readings and
//!   corrections keep their arrival to the millisecond, punctual ones to the second
//!   ([`Reading::received`]).
//! - **A clock that runs ahead spoils nothing.** A time more than ten minutes after
//!   its arrival is flagged, stored, and never the latest.
//! - **Damage is said, not served.** Every byte on disk is under a checksum. What a
//!   power cut tore off the end of the log is cut; anything else stops the opening,
//!   or the query that meets it, with the file and the offset.
//! - **What is summed up is what was read.** Coarse buckets come from sums by minute and
//!   hour that merging writes, and are to the bit what the readings would give.
//! - **Each series is kept for as long as its class says**, no shorter than the law
//!   allows, and what is held stays: [`Store::retain`], [`Store::hold_range`].
//! - **Consumers miss nothing.** The log is kept until it is in blocks and every
//!   registered [`Consumer`] has released it; a [`Feed`] is one that keeps a copy elsewhere.
//! - **A copy can be taken at any moment.** A [`Hold`] keeps the log while the files
//!   are copied; what was copied opens like a store after a power cut.
//!
//! # Files
//!
//! Each begins with four letters and a version byte, is little-endian, and is
//! described at the head of its module. Readers refuse a version they do not know.
//!
//! | file | letters | module | what |
//! |---|---|---|---|
//! | `dictionary` | `FSDC` | `dictionary` | sensors, their numbers and kinds |
//! | `wal/….wal` | `FSWL` | `wal`, `frame` | batches in order, as they came |
//! | `blocks/….block` | `FSBK` | `block`, `chunk`, `values` | sealed heads by series; a codec byte per chunk |
//! | `merged/….block` | `FSBK` | `merge`, `compact` | the same by day, of many blocks |
//! | `merged/….minutes`, `.hours` | `FSRU` | `row`, `rows` | the sums of a merged block |
//! | `manifest` | `FSMF` | `layout` | which merged blocks there are |
//! | `state` | `FSST` | `state` | the newest readings as of the last block |
//! | `retention` | `FSRT` | `keep` | for how long, and what is held |
//! | `consumers` | `FSCN` | `consumer` | who needs the log from where |
//! | `lock` | – | `disk` | held by the one process that has the store open |
//!
//! A file that ends in `.tmp` was being written when the power went; opening
//! removes it; one that ends in `.damaged` was set aside by [`repair`]. Modules stand here in reading order.

mod config;
mod error;
mod sample;

mod consumer;
mod feed;
mod hold;
mod keep;
mod kept;
mod query;
mod readings;
mod repair;
mod store;
mod stream;
mod verify;

mod commit;
mod compact;
mod core;
mod downsample;
mod heads;
mod merge;
mod queue;
mod retain;
mod seal;
mod sorter;

mod block;
mod block_writer;
mod bytes;
mod chunk;
mod dictionary;
mod file;
mod files;
mod frame;
mod layout;
mod row;
mod rows;
mod state;
mod values;
mod wal;
mod wal_reader;

mod disk;
mod locks;
mod memory;

pub use config::Config;
pub use consumer::{Batches, Consumer, Stored};
pub use disk::{Disk, DiskFile, LockGuard, RealDisk};
pub use downsample::SumUp;
pub use error::SeriesError;
pub use feed::{Feed, Fill, Piece};
pub use hold::{HeldFile, HeldFiles, Hold};
pub use keep::{Class, Floor, Held, LEGAL_FLOORS};
pub use kept::Kept;
pub use memory::{MemoryDisk, Operation, Survival};
pub use queue::Done;
pub use readings::{CopyStatus, Pieces, Readings};
pub use repair::{Repaired, repair};
pub use retain::{Dropped, Retained};
pub use sample::{
    Appended, BadReason, BadSample, Batch, Bucket, Counts, Measure, Position, Reading, Sample,
    SeriesNo, Summary, Superseded,
};
pub use store::Store;
pub use stream::Stream;
pub use verify::{Damage, Lost, Report, verify};
