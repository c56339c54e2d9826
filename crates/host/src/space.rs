//! Room on the disk: who may still write when it runs out.
//!
//! Below 5 % free, readings are refused: devices keep them and send them again.
//! Of a disk larger than 100 GiB the shares are of 100 GiB ([`Lines`]).
//! Below 2 % a ballast file beside the worlds is given up, so that facts can still be
//! written: warnings, tasks, sign-ins. When that room is used up too, the node only
//! answers what it knows. As space returns each step is undone by itself, and the
//! ballast is made anew.

use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicU32, AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use crossbeam_channel::{RecvTimeoutError, Sender, bounded};
use rustix::fs::{FallocateFlags, fallocate, statvfs};
use schemars::JsonSchema;
use serde::Serialize;

/// Free parts of the disk (as [`Lines`] counts it), in thousandths.
const READINGS_BELOW: u32 = 50;
const FACTS_BELOW: u32 = 20;
/// A step is undone only this much above its line, or it would flicker.
const RETURN: u32 = 10;
/// The ballast is made while this much would still be left.
const BALLAST_ABOVE: u32 = 80;
/// Of the disk as it is counted, in thousandths, and at most this many bytes.
const BALLAST: u64 = 20;
const LARGEST_BALLAST: u64 = 256 << 20;
const LOOKS_EVERY: Duration = Duration::from_millis(500);

/// What the room on the disk allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Room {
    Ample,
    /// Readings are refused; facts are written.
    NoReadings,
    /// Nothing is written.
    ReadOnly,
}

/// How full the disk is, as the health page and the duty desk show it.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Disk {
    pub room: Room,
    /// 0 to 100; `null` while nobody looks.
    pub free_percent: Option<f64>,
    /// Readings' messages refused for want of room since the start of the process.
    pub refused: u64,
}

/// Of how much disk the shares are: of all of it, or of this much of a larger one.
///
/// A share of a very large disk is more than a node needs to get over the hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lines {
    /// Bytes; 0 draws no line at all.
    pub counted: u64,
}

impl Default for Lines {
    fn default() -> Lines {
        Lines::of_gib(100)
    }
}

impl Lines {
    pub fn of_gib(gib: u32) -> Lines {
        Lines { counted: u64::from(gib) << 30 }
    }

    /// The lines of a disk of so many bytes, and what is free in thousandths of that.
    fn measure(self, total: u64, free: u64) -> (u64, u32) {
        let counted = total.min(self.counted);
        let permille = u128::from(free) * 1_000 / u128::from(counted.max(1));
        (counted, u32::try_from(permille).unwrap_or(1_000).min(1_000))
    }

    /// What must stay free on a disk of so many bytes when much is copied to it: the
    /// line of the readings.
    pub(crate) fn reserve(self, total: u64) -> u64 {
        total.min(self.counted) / (1_000 / u64::from(READINGS_BELOW))
    }
}

/// A handle on what is known of the disk; cheap to clone. All worlds of a node share one.
#[derive(Debug, Clone, Default)]
pub struct Space(Arc<Known>);

#[derive(Debug)]
struct Known {
    room: AtomicU8,
    /// Of the whole disk, in thousandths.
    free: AtomicU32,
    /// See [`Lines`].
    counted: AtomicU64,
    /// Bytes above the line of the readings.
    spare: AtomicU64,
    refused: AtomicU64,
}

const UNKNOWN: u32 = u32::MAX;

impl Default for Known {
    fn default() -> Known {
        Known {
            room: AtomicU8::new(0),
            free: AtomicU32::new(UNKNOWN),
            counted: AtomicU64::new(Lines::default().counted),
            spare: AtomicU64::new(u64::MAX),
            refused: AtomicU64::new(0),
        }
    }
}

impl Space {
    pub fn room(&self) -> Room {
        match self.0.room.load(Ordering::Relaxed) {
            0 => Room::Ample,
            1 => Room::NoReadings,
            _ => Room::ReadOnly,
        }
    }

    /// Sets what is allowed: by the watch, and by tests in its place.
    pub fn set(&self, room: Room) {
        self.0.room.store(room as u8, Ordering::Relaxed);
    }

    /// Where the lines are.
    pub fn lines(&self) -> Lines {
        Lines { counted: self.0.counted.load(Ordering::Relaxed) }
    }

    /// Draws the lines; the next look at the disk goes by them.
    pub fn draw(&self, lines: Lines) {
        self.0.counted.store(lines.counted, Ordering::Relaxed);
    }

    /// Whether so many bytes more would leave the readings their room; `true` while
    /// nobody looks at the disk.
    pub fn has_room_for(&self, bytes: u64) -> bool {
        self.room() == Room::Ample && bytes <= self.0.spare.load(Ordering::Relaxed)
    }

    /// In place of a look at the disk.
    #[cfg(test)]
    pub(crate) fn set_spare(&self, bytes: u64) {
        self.0.spare.store(bytes, Ordering::Relaxed);
    }

    /// Counts a message whose readings were refused.
    pub fn refuse(&self) {
        self.0.refused.fetch_add(1, Ordering::Relaxed);
    }

    pub fn disk(&self) -> Disk {
        let free = self.0.free.load(Ordering::Relaxed);
        let free_percent = (free != UNKNOWN).then(|| f64::from(free) / 10.0);
        let refused = self.0.refused.load(Ordering::Relaxed);
        Disk { room: self.room(), free_percent, refused }
    }

    /// Looks at the disk of `directory` now, and twice a second until the watch is
    /// dropped.
    ///
    /// # Errors
    /// When the system does not say how full it is.
    pub fn watch(&self, directory: &Path) -> io::Result<Watch> {
        let mut keeper = Keeper {
            space: self.clone(),
            directory: directory.to_owned(),
            ballast: directory.join("ballast"),
        };
        keeper.look()?;
        let (stop, stopped) = bounded::<()>(0);
        let thread = std::thread::Builder::new().name("disk".to_owned()).spawn(move || {
            keeper.make_ballast();
            while stopped.recv_timeout(LOOKS_EVERY) == Err(RecvTimeoutError::Timeout) {
                match keeper.look() {
                    Ok(()) => keeper.make_ballast(),
                    Err(error) => {
                        tracing::error!(%error, "how full the disk is cannot be told");
                    }
                }
            }
        })?;
        Ok(Watch { stop: Some(stop), thread: Some(thread) })
    }
}

/// Looks at the disk until it is dropped.
#[derive(Debug)]
pub struct Watch {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.stop = None;
        if let Some(thread) = self.thread.take() {
            // One that panicked has said so.
            let _ = thread.join();
        }
    }
}

struct Keeper {
    space: Space,
    directory: PathBuf,
    ballast: PathBuf,
}

impl Keeper {
    /// The disk as it is counted in bytes, and what is free in thousandths of that.
    fn measure(&self) -> io::Result<(u64, u32)> {
        let disk = statvfs(&self.directory)?;
        let bytes = |blocks: u64| blocks.saturating_mul(disk.f_frsize);
        let whole = Lines { counted: u64::MAX };
        let (_, free) = whole.measure(bytes(disk.f_blocks), bytes(disk.f_bavail));
        self.space.0.free.store(free, Ordering::Relaxed);
        let lines = self.space.lines();
        let spare = bytes(disk.f_bavail).saturating_sub(lines.reserve(bytes(disk.f_blocks)));
        self.space.0.spare.store(spare, Ordering::Relaxed);
        Ok(lines.measure(bytes(disk.f_blocks), bytes(disk.f_bavail)))
    }

    fn look(&mut self) -> io::Result<()> {
        let (_, mut free) = self.measure()?;
        if free < FACTS_BELOW && self.ballast.exists() {
            match std::fs::remove_file(&self.ballast) {
                Ok(()) => {
                    tracing::error!(
                        free_permille = free,
                        "the disk is nearly full: the ballast is given up so that facts can still \
                         be written; free some space"
                    );
                    free = self.measure()?.1;
                }
                Err(error) => tracing::error!(%error, "the ballast cannot be given up"),
            }
        }
        let before = self.space.room();
        let room = next(before, free);
        if room != before {
            match room {
                Room::Ample => tracing::info!(free_permille = free, "the disk has room again"),
                Room::NoReadings => tracing::error!(
                    free_permille = free,
                    "the disk has little room: readings are refused, devices keep them"
                ),
                Room::ReadOnly => {
                    tracing::error!(
                        free_permille = free,
                        "the disk is full: the node is read-only"
                    );
                }
            }
            self.space.set(room);
        }
        Ok(())
    }

    /// Makes the ballast while there is room for it; a part of one is no use.
    fn make_ballast(&self) {
        let Ok((counted, free)) = self.measure() else { return };
        let bytes = (counted / 1_000 * BALLAST).min(LARGEST_BALLAST);
        let permille = u32::try_from(BALLAST).unwrap_or(0);
        if bytes == 0 || self.ballast.exists() || free < BALLAST_ABOVE + permille {
            return;
        }
        if let Err(error) = allocate(&self.ballast, bytes) {
            tracing::warn!(%error, "no ballast could be made");
            // Half a ballast would count as one.
            let _ = std::fs::remove_file(&self.ballast);
        }
    }
}

/// Makes a file that really has its blocks.
fn allocate(path: &Path, bytes: u64) -> io::Result<()> {
    let mut file: File = OpenOptions::new().create_new(true).write(true).open(path)?;
    if fallocate(&file, FallocateFlags::empty(), 0, bytes).is_ok() {
        return Ok(());
    }
    // A file system that cannot: written out.
    let piece = [0; 64 << 10];
    for _ in 0..bytes / piece.len() as u64 {
        file.write_all(&piece)?;
    }
    file.sync_all()
}

/// What is allowed next, at so many thousandths free.
fn next(before: Room, free: u32) -> Room {
    let line = |of: u32, room: Room| if room <= before { of + RETURN } else { of };
    if free < line(FACTS_BELOW, Room::ReadOnly) {
        Room::ReadOnly
    } else if free < line(READINGS_BELOW, Room::NoReadings) {
        Room::NoReadings
    } else {
        Room::Ample
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_large_disk_only_so_much_counts_and_of_none_nothing_is_refused() {
        const GIB: u64 = 1 << 30;
        let lines = Lines::of_gib(100);
        assert_eq!(lines.measure(40 * GIB, 2 * GIB), (40 * GIB, 50));
        assert_eq!(lines.measure(252 * GIB, 12 * GIB), (100 * GIB, 120));
        assert_eq!(lines.measure(252 * GIB, 200 * GIB), (100 * GIB, 1_000));
        assert_eq!(Lines::of_gib(0).measure(252 * GIB, 1), (0, 1_000));
        assert_eq!([40, 100, 252].map(|gib| lines.reserve(gib * GIB) / GIB), [2, 5, 5]);
        assert_eq!(Lines::of_gib(0).reserve(GIB), 0);
    }

    #[test]
    fn each_step_comes_at_its_line_and_goes_a_little_above_it() {
        use Room::*;
        let cases = [
            (Ample, 50, Ample),
            (Ample, 49, NoReadings),
            (Ample, 19, ReadOnly),
            (NoReadings, 59, NoReadings),
            (NoReadings, 60, Ample),
            (NoReadings, 20, NoReadings),
            (NoReadings, 19, ReadOnly),
            (ReadOnly, 29, ReadOnly),
            (ReadOnly, 30, NoReadings),
            (ReadOnly, 59, NoReadings),
            (ReadOnly, 60, Ample),
        ];
        for (before, free, after) in cases {
            assert_eq!(next(before, free), after, "{before:?} at {free}");
        }
    }
}
