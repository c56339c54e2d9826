//! The core: everything that the handles and the two threads of a store share.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, OnceLock, RwLock};
use std::thread::ThreadId;

use base::quantity::SeriesKind;

use crate::compact::Merges;
use crate::consumer::Consumers;
use crate::dictionary::{self, Dictionary};
use crate::disk::{Disk, LockGuard};
use crate::files::Files;
use crate::heads::{Heads, Tables};
use crate::keep::Keep;
use crate::layout::{Layout, list_without_drafts};
use crate::locks::{lock, read};
use crate::queue::Queue;
use crate::state::{self, State};
use crate::wal::{Wal, Writer};
use crate::{Appended, Batch, Config, Counts, SeriesError, SeriesNo};

pub(crate) type Tap = Box<dyn Fn(&Batch) + Send + Sync>;

pub(crate) struct Core {
    pub disk: Arc<dyn Disk>,
    pub dir: PathBuf,
    pub config: Config,
    pub dictionary: RwLock<Dictionary>,
    pub tables: RwLock<Tables>,
    pub files: Arc<Files>,
    pub wal: Arc<Wal>,
    pub queue: Queue,
    pub seals: Seals,
    pub merges: Merges,
    pub keep: RwLock<Keep>,
    /// Whether the state on disk knows of fewer batches than the blocks hold.
    pub stale_state: AtomicBool,
    pub consumers: Mutex<Consumers>,
    pub counters: Counters,
    pub commit_thread: OnceLock<ThreadId>,
    taps: Mutex<Arc<Vec<Arc<Tap>>>>,
    failed: OnceLock<String>,
    _lock: Box<dyn LockGuard>,
}

/// How the commit thread and the seal thread talk.
#[derive(Default)]
pub(crate) struct Seals {
    /// Held while a block is being written: one at a time.
    pub turn: Mutex<()>,
    pub signals: Mutex<Signals>,
    pub changed: Condvar,
}

#[derive(Default)]
pub(crate) struct Signals {
    pub wanted: bool,
    pub stop: bool,
    /// Set while the disk is too full for a block.
    pub full: Option<SeriesError>,
}

#[derive(Default)]
pub(crate) struct Counters {
    appended: AtomicU64,
    duplicates: AtomicU64,
    superseded: AtomicU64,
    late: AtomicU64,
    future: AtomicU64,
    refused: AtomicU64,
    pub synced: AtomicU64,
}

impl Counters {
    pub fn count(&self, appended: &Appended) {
        let add = |counter: &AtomicU64, n: usize| counter.fetch_add(n as u64, Ordering::Relaxed);
        add(&self.appended, appended.stored);
        add(&self.duplicates, appended.duplicates);
        add(&self.superseded, appended.superseded);
        add(&self.late, appended.late);
        add(&self.future, appended.future);
        add(&self.refused, appended.refused.len());
    }
}

impl Core {
    /// Opens a directory and replays its log; see [`Store::open`](crate::Store::open).
    pub fn open(
        disk: Arc<dyn Disk>,
        dir: PathBuf,
        config: Config,
    ) -> Result<(Core, Writer), SeriesError> {
        for path in [&dir, &dir.join("blocks"), &dir.join("merged")] {
            disk.create_dir(path).map_err(|error| SeriesError::disk("create", path, &error))?;
        }
        let guard = disk
            .lock(&dir.join("lock"))
            .map_err(|error| SeriesError::disk("lock", &dir, &error))?
            .ok_or_else(|| SeriesError::Locked(dir.clone()))?;

        let names = list_without_drafts(&*disk, &dir)?;
        let has = |name: &str| names.iter().any(|other| other == name);
        let dictionary = Dictionary::open(&*disk, dictionary::path(&dir), has("dictionary"))?;

        let files = Files::new(disk.clone(), config.open_blocks);
        let layout = Layout::open(&*disk, &files, &dir, has("manifest"))?;
        let mut state = State::default();
        if has("state") {
            state = State::load(&*disk, &state::path(&dir))?;
        }
        let mark = layout.sealed_upto();
        if state.mark > mark {
            let what = format!("blocks end at {}, the state knows of {}", mark.0, state.mark.0);
            return Err(SeriesError::damaged(&dir.join("blocks"), 0, what));
        }
        let stale_state = state.fold(&layout)? || !has("manifest");
        let series = dictionary.len();
        if state.latest.len() > series {
            let what = format!("it holds {series} series, blocks know of {}", state.latest.len());
            return Err(SeriesError::damaged(&dictionary::path(&dir), 0, what));
        }
        let mut tables = Tables {
            heads: Heads::default(),
            frozen: None,
            layout: Arc::new(layout),
            sealed: state.greatest.clone(),
            latest: state.latest,
            greatest: state.greatest,
            applied: mark,
        };
        tables.resize(series);

        let wal_dir = dir.join("wal");
        let (wal, writer) =
            Wal::open(disk.clone(), wal_dir, config.segment_bytes, mark, |record| {
                match record.batch.samples.iter().find(|s| s.series.index() >= series) {
                    Some(sample) => {
                        let seen = sample.series.0;
                        Err(format!("series {seen} is not among the dictionary's {series}"))
                    }
                    None => {
                        tables.apply(&record);
                        Ok(())
                    }
                }
            })?;
        let keep = Keep::open(&*disk, &dir, has("retention"))?;
        let consumers = Consumers::open(&*disk, &dir, has("consumers"), wal.oldest())?;
        let core = Core {
            disk,
            config: config.clone(),
            dictionary: RwLock::new(dictionary),
            tables: RwLock::new(tables),
            files,
            wal,
            queue: Queue::new(config.queue_samples),
            seals: Seals::default(),
            keep: RwLock::new(keep),
            merges: Merges::new(has("manifest")),
            stale_state: AtomicBool::new(stale_state),
            consumers: Mutex::new(consumers),
            counters: Counters::default(),
            commit_thread: OnceLock::new(),
            taps: Mutex::default(),
            failed: OnceLock::new(),
            _lock: guard,
            dir,
        };
        Ok((core, writer))
    }

    /// Refuses when the store has failed.
    pub fn check(&self) -> Result<(), SeriesError> {
        match self.failed.get() {
            Some(reason) => Err(SeriesError::Failed(reason.clone())),
            None => Ok(()),
        }
    }

    /// Stops the store from accepting anything more; the first reason stands.
    pub fn fail(&self, reason: impl Into<String>) -> SeriesError {
        let reason = self.failed.get_or_init(|| reason.into());
        // Whoever looked before this and waits now must have begun to wait.
        drop(lock(&self.seals.signals));
        self.seals.changed.notify_all();
        SeriesError::Failed(reason.clone())
    }

    /// Lets the store fail when a change that must be durable went wrong. A full disk
    /// is no such thing: then nothing was changed.
    pub fn guard<T>(&self, result: Result<T, SeriesError>) -> Result<T, SeriesError> {
        result.map_err(|error| match error {
            SeriesError::Disk { .. } => self.fail(error.to_string()),
            SeriesError::Failed(reason) => self.fail(reason),
            other => other,
        })
    }

    /// How a series behaves, and which of the classes it is kept by.
    pub fn kind_and_class(&self, series: SeriesNo) -> (SeriesKind, u8) {
        let kind = read(&self.dictionary).entry(series).map(|(_, kind)| kind);
        (kind.unwrap_or(SeriesKind::Gauge), read(&self.keep).class_of(series))
    }

    /// How many classes there may be in one merge.
    pub fn classes(&self) -> usize {
        read(&self.keep).classes.len() + 1
    }

    pub fn add_tap(&self, tap: Tap) {
        let mut taps = lock(&self.taps);
        Arc::make_mut(&mut taps).push(Arc::new(tap));
    }

    pub fn taps(&self) -> Arc<Vec<Arc<Tap>>> {
        lock(&self.taps).clone()
    }

    pub fn counts(&self) -> Counts {
        let get = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let counters = &self.counters;
        let mut counts = Counts {
            appended: get(&counters.appended),
            duplicates: get(&counters.duplicates),
            superseded: get(&counters.superseded),
            late: get(&counters.late),
            future: get(&counters.future),
            refused: get(&counters.refused),
            synced: get(&counters.synced),
            wal_bytes: self.wal.bytes(),
            series: read(&self.dictionary).len() as u64,
            ..Counts::default()
        };
        let tables = read(&self.tables);
        let frozen = tables.frozen.as_ref().map_or(0, |frozen| frozen.heads.points);
        let layout = &tables.layout;
        counts.head_points = (tables.heads.points + frozen) as u64;
        counts.held = layout.versions() + counts.head_points;
        counts.blocks = layout.readings().count() as u64;
        counts.block_bytes = layout.readings().map(|block| block.bytes).sum();
        counts.set_aside = layout.set_aside.len() as u64;
        counts.merged = layout.merged.len() as u64;
        let sums = layout.merged.iter().flat_map(|it| [&it.minutes, &it.hours]).flatten();
        counts.sum_bytes = sums.map(|block| block.bytes).sum();
        counts
    }
}
