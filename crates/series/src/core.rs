//! The core: everything that the handles and the two threads of a store share.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, OnceLock, RwLock};
use std::thread::ThreadId;

use crate::block::{self, Block};
use crate::consumer::Consumers;
use crate::dictionary::{self, Dictionary};
use crate::disk::{Disk, LockGuard};
use crate::files::Files;
use crate::heads::{Heads, Tables};
use crate::locks::{lock, read};
use crate::queue::Queue;
use crate::state::{self, State};
use crate::wal::{Wal, Writer};
use crate::{Appended, Batch, Config, Counts, Position, SeriesError};

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
        let blocks_dir = dir.join("blocks");
        for path in [&dir, &blocks_dir] {
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
        let blocks = open_blocks(&*disk, &files, &blocks_dir)?;
        let mut state = State::default();
        if has("state") {
            state = State::load(&*disk, &state::path(&dir))?;
        }
        let mark = blocks.last().map_or(Position::START, |block| block.last());
        if state.mark > mark {
            let what = format!("blocks end at {}, the state knows of {}", mark.0, state.mark.0);
            return Err(SeriesError::damaged(&blocks_dir, 0, what));
        }
        let known = state.mark;
        for block in blocks.iter().filter(|block| known < block.last()) {
            state.fold(block)?;
        }
        let series = dictionary.len();
        if state.latest.len() > series {
            let what = format!("it holds {series} series, blocks know of {}", state.latest.len());
            return Err(SeriesError::damaged(&dictionary::path(&dir), 0, what));
        }
        let mut tables = Tables {
            heads: Heads::default(),
            frozen: None,
            blocks: Arc::new(blocks),
            sealed: state.greatest.clone(),
            latest: state.latest,
            greatest: state.greatest,
            applied: mark,
            held: state.held,
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
        counts.held = tables.held;
        counts.head_points = (tables.heads.points + frozen) as u64;
        counts.blocks = tables.blocks.len() as u64;
        counts.block_bytes = tables.blocks.iter().map(|block| block.bytes).sum();
        counts
    }
}

/// Lists a directory and removes files whose writing was interrupted.
fn list_without_drafts(disk: &dyn Disk, dir: &std::path::Path) -> Result<Vec<String>, SeriesError> {
    let names = disk.list(dir).map_err(|error| SeriesError::disk("list", dir, &error))?;
    let (drafts, names): (Vec<_>, Vec<_>) =
        names.into_iter().partition(|name| name.ends_with(".tmp"));
    for name in drafts {
        let path = dir.join(name);
        disk.remove(&path).map_err(|error| SeriesError::disk("remove", &path, &error))?;
    }
    Ok(names)
}

/// Opens all blocks and checks that none between the first and the last is missing.
fn open_blocks(
    disk: &dyn Disk,
    files: &Arc<Files>,
    dir: &std::path::Path,
) -> Result<Vec<Arc<Block>>, SeriesError> {
    let names = list_without_drafts(disk, dir)?;
    let mut numbers: Vec<u64> = names.iter().filter_map(|name| block::number_of(name)).collect();
    numbers.sort_unstable();
    let mut blocks: Vec<Arc<Block>> = Vec::with_capacity(numbers.len());
    for number in numbers {
        let block = Block::open(files, dir, number)?;
        if let Some(before) = blocks.last()
            && (before.positions.end != block.positions.start || before.number + 1 != number)
        {
            let what = format!(
                "it starts with position {} after block {} that ends before {}",
                block.positions.start.0, before.number, before.positions.end.0
            );
            return Err(SeriesError::damaged(&block::path(dir, number), 0, what));
        }
        blocks.push(Arc::new(block));
    }
    Ok(blocks)
}
