//! The store: what others call.

use std::fmt;
use std::path::Path;
use std::sync::{Arc, Mutex, mpsc};
use std::thread::{self, JoinHandle};

use base::quantity::SeriesKind;
use base::{Id, Timestamp};

use crate::core::Core;
use crate::disk::Disk;
use crate::locks::{lock, read, write};
use crate::memory::MemoryDisk;
use crate::queue::{Done, Job};
use crate::stream::What;
use crate::{
    Appended, Batch, Bucket, Class, Config, Consumer, Counts, Held, Hold, Kept, Position, Reading,
    Report, Retained, Sample, SeriesError, SeriesNo, Stream, Superseded, commit, compact, seal,
};

/// An open store. Clones are the same store; when the last is dropped, what waits
/// is written and the directory is free again.
#[derive(Clone)]
pub struct Store {
    handle: Arc<Handle>,
}

/// Stops the threads when the last [`Store`] and [`Consumer`] are gone.
pub(crate) struct Handle {
    pub core: Arc<Core>,
    threads: Mutex<Threads>,
}

#[derive(Default)]
struct Threads {
    commit: Option<JoinHandle<()>>,
    seal: Option<JoinHandle<()>>,
    merge: Option<JoinHandle<()>>,
}

impl Store {
    /// Opens the store in a directory, alone, and replays its log.
    ///
    /// A record torn by a power cut at the end of the log is cut off: nobody was
    /// told that it was stored.
    ///
    /// # Errors
    /// [`SeriesError::Locked`] when another store has the directory,
    /// [`SeriesError::Damaged`] when anything but the log's end is broken.
    pub fn open(dir: &Path, disk: Arc<dyn Disk>, config: Config) -> Result<Store, SeriesError> {
        let (core, writer) = Core::open(disk, dir.to_owned(), config)?;
        let core = Arc::new(core);
        let start = |name: &str, work: Box<dyn FnOnce() + Send>| {
            thread::Builder::new()
                .name(name.to_owned())
                .spawn(work)
                .map_err(|error| SeriesError::disk("start a thread for", dir, &error))
        };
        let handle = Handle { core: core.clone(), threads: Mutex::default() };
        let shared = core.clone();
        let sealing = start("series-seal", Box::new(move || seal::run(&shared)))?;
        lock(&handle.threads).seal = Some(sealing);
        let shared = core.clone();
        let merging = start("series-merge", Box::new(move || compact::run(&shared)))?;
        lock(&handle.threads).merge = Some(merging);
        let committing = start("series-commit", Box::new(move || commit::run(&core, writer)))?;
        lock(&handle.threads).commit = Some(committing);
        Ok(Store { handle: Arc::new(handle) })
    }

    /// A store of its own on a [`MemoryDisk`], for tests and worlds in memory.
    pub fn in_memory(config: Config) -> Store {
        Store::open(Path::new("/series"), Arc::new(MemoryDisk::new()), config)
            .expect("an empty disk in memory neither fails nor is locked")
    }

    /// Gives the sensor's series its number, the same for ever; on disk before it returns.
    ///
    /// # Errors
    /// [`SeriesError::KindChanged`] when it is registered as another kind.
    pub fn register(&self, sensor: Id, kind: SeriesKind) -> Result<SeriesNo, SeriesError> {
        let numbers = self.register_all(&[(sensor, kind)])?;
        Ok(numbers[0])
    }

    /// Registers many with one synchronisation; numbers in the order asked. All or none.
    pub fn register_all(&self, sensors: &[(Id, SeriesKind)]) -> Result<Vec<SeriesNo>, SeriesError> {
        let core = self.core();
        core.check()?;
        let mut dictionary = write(&core.dictionary);
        let numbers = core.guard(dictionary.register(sensors))?;
        let series = dictionary.len();
        write(&core.tables).resize(series);
        Ok(numbers)
    }

    pub fn series_of(&self, sensor: Id) -> Option<SeriesNo> {
        read(&self.core().dictionary).number(sensor)
    }

    pub fn sensor_of(&self, series: SeriesNo) -> Option<Id> {
        read(&self.core().dictionary).entry(series).map(|(sensor, _)| sensor)
    }

    pub fn kind_of(&self, series: SeriesNo) -> Option<SeriesKind> {
        read(&self.core().dictionary).entry(series).map(|(_, kind)| kind)
    }

    /// Stores samples; returns when they are on disk. Waits while the queue is full.
    ///
    /// Concurrent appends share one synchronisation. When it returns, queries see
    /// the samples and the taps have had them.
    ///
    /// # Errors
    /// Nothing of the append was stored, except that after [`SeriesError::Failed`] it
    /// is uncertain until the store is opened again. [`SeriesError::Reentrant`] when
    /// called from a tap or an answer.
    pub fn append(
        &self,
        received: Timestamp,
        samples: Vec<Sample>,
    ) -> Result<Appended, SeriesError> {
        self.wait_for(received, samples, usize::MAX)
    }

    /// Says of readings that are stored how good they are: each is a correction that
    /// changes the quality, and stored only where its value is the one served, so that
    /// it never changes a value, whatever came meanwhile. `beside` is stored with them,
    /// before them and in the same batch, as [`Store::append`] does.
    ///
    /// # Errors
    /// Those of [`Store::append`].
    pub fn requalify(
        &self,
        received: Timestamp,
        beside: Vec<Sample>,
        readings: Vec<Sample>,
    ) -> Result<Appended, SeriesError> {
        let requalified = beside.len();
        let samples = beside.into_iter().chain(readings).collect();
        self.wait_for(received, samples, requalified)
    }

    fn wait_for(
        &self,
        received: Timestamp,
        samples: Vec<Sample>,
        requalified: usize,
    ) -> Result<Appended, SeriesError> {
        let core = self.core();
        if core.commit_thread.get() == Some(&thread::current().id()) {
            return Err(SeriesError::Reentrant);
        }
        core.check()?;
        let (sender, receiver) = mpsc::sync_channel(1);
        let done: Done = Box::new(move |result| {
            // The receiver waits below for as long as this can be called.
            let _ = sender.send(result);
        });
        core.queue
            .push(Job { received, samples, requalified, done })
            .map_err(|refused| refused.0)?;
        // Without an answer the commit thread met a bug, and has said so.
        receiver.recv().unwrap_or_else(|_| Err(core.fail("an append was not answered")))
    }

    /// Stores samples and calls `done` once, from the commit thread, when they are
    /// on disk. Never waits: when the queue is full, `done` gets
    /// [`SeriesError::Busy`] at once, from the calling thread.
    pub fn append_then(&self, received: Timestamp, samples: Vec<Sample>, done: Done) {
        let core = self.core();
        if let Err(error) = core.check() {
            return done(Err(error));
        }
        let job = Job { received, samples, requalified: usize::MAX, done };
        if let Err(refused) = core.queue.try_push(job) {
            let (error, job) = *refused;
            (job.done)(Err(error));
        }
    }

    /// The newest reading of each series that is not in the future, in the order
    /// asked; from memory.
    pub fn latest(&self, series: &[SeriesNo]) -> Vec<Option<Reading>> {
        let tables = read(&self.core().tables);
        series.iter().map(|series| tables.latest.get(series.index()).copied().flatten()).collect()
    }

    /// The readings with `from <= time < to`, by time; one per time, the value that
    /// arrived last. An unknown series has none.
    ///
    /// With `as_of`, as they were known then: what was received later is left out,
    /// and a value that was corrected later stands.
    ///
    /// # Errors
    /// [`SeriesError::Damaged`] when a block fails its checksum.
    pub fn range(
        &self,
        series: SeriesNo,
        from: Timestamp,
        to: Timestamp,
        as_of: Option<Timestamp>,
    ) -> Result<Vec<Reading>, SeriesError> {
        self.core().range(series, from..to, as_of)
    }

    /// The same readings in pieces of bounded size, as they are now: what is stored,
    /// merged or dropped meanwhile changes nothing of them.
    ///
    /// # Errors
    /// [`SeriesError::Damaged`]; each piece may have the same, and is then the last.
    pub fn stream(
        &self,
        series: SeriesNo,
        from: Timestamp,
        to: Timestamp,
        as_of: Option<Timestamp>,
    ) -> Result<Stream, SeriesError> {
        let as_of = as_of.map_or(i64::MAX, |as_of| as_of.as_millis());
        self.core().stream(series, from..to, What::Served { as_of })
    }

    /// Every version of a range, superseded ones too, by time and then by arrival, in
    /// pieces of bounded size; all versions of a time are in one piece.
    ///
    /// # Errors
    /// As of [`Store::stream`].
    pub fn history(
        &self,
        series: SeriesNo,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Stream, SeriesError> {
        self.core().stream(series, from..to, What::All)
    }

    /// The same readings summed up in at most `buckets` equal spans. Spans without
    /// readings are left out: a gap stays a gap.
    ///
    /// Narrow buckets divide `from..to` to the millisecond. Those of ten minutes and
    /// more begin and end with whole minutes, those of ten hours and more with whole
    /// hours, in UTC, and the outermost take in what their minute or hour has beyond
    /// `from` and `to`; so they are made of sums kept ready, and are the same as if they
    /// were made of the readings. Where retention has left only sums by minute or by
    /// hour, no bucket is finer than those. With `as_of`, spans are then left out of
    /// which nobody can say what was known.
    pub fn downsample(
        &self,
        series: SeriesNo,
        from: Timestamp,
        to: Timestamp,
        buckets: usize,
        as_of: Option<Timestamp>,
    ) -> Result<Vec<Bucket>, SeriesError> {
        self.core().downsample(series, from..to, buckets, as_of)
    }

    /// Values with `from <= time < to` that a later arrival took the place of, by
    /// time and then by arrival.
    pub fn superseded(
        &self,
        series: SeriesNo,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<Superseded>, SeriesError> {
        self.core().superseded(series, from..to)
    }

    /// Calls `tap` with every batch from now on, in order of position, after it is
    /// on disk and before its append is answered.
    ///
    /// It runs on the commit thread: be quick, never call [`Store::append`], and do
    /// not keep a [`Store`] in it, or the store is never closed.
    pub fn tap(&self, tap: Box<dyn Fn(&Batch) + Send + Sync>) {
        self.core().add_tap(tap);
    }

    /// Registers a consumer of the log, or finds it again; durable.
    pub fn consumer(&self, name: &str) -> Result<Consumer, SeriesError> {
        self.core().consumer(&self.handle, name)
    }

    /// All registered consumers and up to where each needs the log no more.
    pub fn consumers(&self) -> Vec<(String, Position)> {
        self.core().consumers()
    }

    /// Ends a registration, so that the consumer holds the log no longer.
    pub fn forget_consumer(&self, name: &str) -> Result<(), SeriesError> {
        self.core().forget_consumer(name)
    }

    /// Keeps every file that is needed from now on, so that the store can be copied
    /// while it is in use: see [`Hold`].
    pub fn hold(&self) -> Hold {
        Hold::new(&self.handle)
    }

    /// The last batch on disk.
    pub fn position(&self) -> Position {
        self.core().wal.durable()
    }

    pub fn counts(&self) -> Counts {
        self.core().counts()
    }

    /// Writes what is in memory into a block now, and cuts the log behind it.
    ///
    /// # Errors
    /// [`SeriesError::Full`] changes nothing; after any other the store has failed.
    pub fn seal(&self) -> Result<(), SeriesError> {
        self.core().seal()
    }

    /// Merges all blocks now: into one for each day and class, and sums beside it. It
    /// happens by itself as blocks gather; call it before a store is put away.
    ///
    /// # Errors
    /// [`SeriesError::Full`] changes nothing; after any other of the disk the store has
    /// failed. Blocks that do not read stay as they are: see [`Store::verify`].
    pub fn merge(&self) -> Result<(), SeriesError> {
        self.core().merge_all()
    }

    /// Says for how long the series of classes are kept; a class of the same name is
    /// changed. All or none.
    ///
    /// # Errors
    /// [`SeriesError::BelowFloor`] names the rule that forbids it; [`SeriesError::Class`]
    /// what else is wrong.
    pub fn set_classes(&self, classes: &[Class]) -> Result<(), SeriesError> {
        self.core().set_classes(classes)
    }

    pub fn classes(&self) -> Vec<Class> {
        read(&self.core().keep).classes.values().cloned().collect()
    }

    /// Gives series their classes, by name. A series without one is kept for ever. What is
    /// stored already is treated by the new class from the next [`Store::retain`] on: one
    /// that keeps for longer loses nothing that is still there, one that keeps for less
    /// frees its room. Said again it costs nothing.
    pub fn classify(&self, series: &[(SeriesNo, &str)]) -> Result<(), SeriesError> {
        self.core().classify(series)
    }

    /// From when on retention has let go of no reading of a series, if it was run at
    /// `now`; `None` when it lets go of none.
    pub fn kept_since(&self, series: SeriesNo, now: Timestamp) -> Option<Timestamp> {
        self.core().kept_since(series, now)
    }

    /// Before when retention has let go of the readings of a series, as far as nobody held
    /// them; `None` when it never was to. It may be about to.
    pub fn let_go_before(&self, series: SeriesNo) -> Option<Timestamp> {
        self.core().let_go_before(series)
    }

    /// The time up to which sensors have told: that of the twentieth of all series with
    /// the newest readings, of twenty at most, so that a few with a wrong clock move
    /// nothing. `None` when nothing is stored.
    pub fn reached(&self) -> Option<Timestamp> {
        self.core().reached()
    }

    /// What there is of each class; that of series without one comes first.
    pub fn kept(&self) -> Vec<Kept> {
        self.core().kept()
    }

    /// Holds a range: no retention touches a block that has something of it. Durable; one
    /// of the same name is changed.
    pub fn hold_range(&self, held: Held) -> Result<(), SeriesError> {
        self.core().hold_range(held)
    }

    /// Ends the hold of this name.
    pub fn release_range(&self, name: &str) -> Result<(), SeriesError> {
        self.core().release_range(name)
    }

    pub fn held_ranges(&self) -> Vec<Held> {
        read(&self.core().keep).holds.values().cloned().collect()
    }

    /// Drops what its class keeps no longer at `now`, whole days at a time; its sums are
    /// made final before its readings go. What comes for such a day later changes them
    /// no more, for nobody can tell by then what is new. To be called daily, and again
    /// while it says that something waits: it writes only so much at once.
    ///
    /// # Errors
    /// Those of merging. What was dropped by then stays dropped.
    pub fn retain(&self, now: Timestamp) -> Result<Retained, SeriesError> {
        self.core().retain(now)
    }

    /// Reads every block and the log, and says what is damaged, while the store is used.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn verify(&self) -> Result<Report, SeriesError> {
        self.core().verify()
    }

    /// Files that a [`repair`](crate::repair) set aside: what they held may be missing.
    pub fn set_aside(&self) -> Vec<String> {
        read(&self.core().tables).layout.set_aside.clone()
    }

    fn core(&self) -> &Core {
        &self.handle.core
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Store({}, {:?})", self.core().dir.display(), self.position())
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.core.queue.close();
        let threads = std::mem::take(&mut *lock(&self.threads));
        let join = |thread: Option<JoinHandle<()>>| {
            // The last handle may be dropped by an answer, on the commit thread itself.
            if let Some(thread) = thread.filter(|it| it.thread().id() != thread::current().id()) {
                let _ = thread.join();
            }
        };
        // The commit thread first: it may be waiting for the seal thread.
        join(threads.commit);
        lock(&self.core.seals.signals).stop = true;
        self.core.seals.changed.notify_all();
        join(threads.seal);
        self.core.merges.end();
        join(threads.merge);
    }
}
