//! Upstream: what this node has read, handed on to the node above it.
//!
//! In: a [`Feed`] of the real world's series, registered sensors and the ways by which
//! their stations were heard. Out: NDJSON posted to the upper node's `/ingest/json`, under
//! the code and key of the station that this node is there.
//!
//! Each record names its station by its code here, its points by their names here, its
//! values in the units of the register, and in `via` the systems that it went through,
//! this node last. What the upper node answered for is given at least once; it drops what
//! it has by its key. While it does not answer, the log of the series is held up to a
//! limit, and after that the blocks ([`series::Feed`]). Nobody waits for it.
//!
//! Source: DESIGN §2 (relay), ADR 35.

mod lines;
mod memory;
mod post;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use base::Timestamp;
use host::World;
use series::{Feed, Piece};

pub use self::lines::Left;
use self::lines::Ways;
use self::memory::Memory;
use self::post::Client;
use crate::register::Register;

/// The name under which the log and a range are held.
const NAME: &str = "upstream";
/// About so many readings are confirmed together.
const PIECE: usize = 20_000;
/// How old the ways of the stations may be.
const WAYS_AGE: Duration = Duration::from_secs(10);
/// How often a quiet thread looks whether the world is still open.
const LOOK_UP: Duration = Duration::from_millis(50);

/// Where readings are handed on to, and as whom.
#[derive(Clone)]
pub struct Config {
    /// `http://host:port/ingest/json`.
    pub url: String,
    /// The code of this node's station there.
    pub code: String,
    /// The key of that station.
    pub key: String,
    /// The name of the upper node in its log: what came from there is not given back.
    pub above: String,
    /// What the log may grow to while nothing is answered for.
    pub log_bytes: u64,
    /// How often new readings are looked for.
    pub every: Duration,
    /// How soon what failed is tried again.
    pub retry: Duration,
    /// How long one request may take.
    pub timeout: Duration,
}

/// The key is never shown, nor an address that somebody wrote one into.
impl std::fmt::Debug for Config {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "upstream as {}", self.code)
    }
}

impl Config {
    /// # Errors
    /// A sentence that names what is wrong and what was expected; never the key.
    pub fn check(&self) -> Result<(), String> {
        Client::new(self).map(|_| ())
    }
}

/// How it is with the node above.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Status {
    /// Whether the last request was answered as hoped for; not before the first.
    pub answers: bool,
    pub failing_since: Option<Timestamp>,
    pub last_error: Option<(String, Timestamp)>,
    /// When the newest batch that it answered for reached this node.
    pub confirmed_received: Option<Timestamp>,
    /// Batches that it has not answered for.
    pub behind: u64,
    pub log_bytes: u64,
    pub log_limit: u64,
    /// Series done and series in all, while something is given out of the blocks.
    pub filling: Option<(u32, u64)>,
    /// Values that it answered for since the start of this process.
    pub handed: u64,
    /// Lines that it answered for and did not take.
    pub rejected: u64,
    pub failures: u64,
    /// Values that are not handed on, by cause.
    pub left: Left,
    /// How often the log was let go.
    pub let_go: u64,
}

/// What this node hands on; it works until the world is closed.
pub struct Upstream(Arc<Shared>);

struct Shared {
    world: World,
    log_limit: u64,
    /// The position up to which it answered for everything.
    confirmed: AtomicU64,
    status: Mutex<Status>,
}

impl Upstream {
    /// Begins, or goes on, to hand on what a world reads; the node above is asked nothing
    /// yet.
    ///
    /// - `file`: its own memory, which is in no backup.
    ///
    /// # Errors
    /// A sentence for the terminal. That the node above does not answer is none.
    pub fn open(world: &World, config: Config, file: &Path) -> Result<Upstream, String> {
        let client = Client::new(&config)?;
        let store = world.series().clone();
        let known = Memory::load(file, &config)?;
        if known.is_none() {
            // Another node above has nothing of what the one before it had.
            Feed::forget(&store, NAME).map_err(said)?;
        }
        let known = known.map(|memory| (memory.confirmed, memory.fill));
        let feed = Feed::open(store, NAME, config.log_bytes, known).map_err(said)?;
        let shared = Arc::new(Shared {
            world: world.clone(),
            log_limit: config.log_bytes,
            confirmed: AtomicU64::default(),
            status: Mutex::default(),
        });
        let worker = Worker {
            shared: Arc::clone(&shared),
            config,
            client,
            file: file.to_owned(),
            feed,
            register: Register::default(),
            ways: None,
        };
        worker.remember()?;
        // The world does not wait for it to end: it may be waiting for a node that hangs.
        let started = thread::Builder::new().name(NAME.to_owned()).spawn(move || worker.serve());
        started.map_err(|error| format!("upstream: no thread: {error}"))?;
        Ok(Upstream(shared))
    }

    /// Ends what an earlier configuration began: the log is held no longer. If there is a
    /// node above again, it gets everything anew.
    ///
    /// # Errors
    /// A sentence for the terminal.
    pub fn forget(world: &World, file: &Path) -> Result<(), String> {
        memory::remove(file)?;
        Feed::forget(world.series(), NAME).map_err(said)
    }

    pub fn status(&self) -> Status {
        let store = self.0.world.series();
        let (counts, status) = (store.counts(), self.0.status().clone());
        let confirmed = self.0.confirmed.load(Ordering::Acquire);
        Status {
            behind: store.position().0.saturating_sub(confirmed),
            log_bytes: counts.wal_bytes,
            log_limit: self.0.log_limit,
            filling: status.filling.map(|(next, _)| (next, counts.series)),
            ..status
        }
    }
}

impl Shared {
    fn status(&self) -> MutexGuard<'_, Status> {
        self.status.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Worker {
    shared: Arc<Shared>,
    config: Config,
    client: Client,
    file: PathBuf,
    feed: Feed,
    register: Register,
    /// By which way stations were heard last, and when that was read.
    ways: Option<(Instant, Ways)>,
}

impl Worker {
    fn serve(mut self) {
        tracing::info!(code = %self.config.code, "readings are handed on to the node above");
        while self.shared.world.is_open() {
            let passed = self.pass();
            let wait = match &passed {
                Ok(true) => Duration::ZERO,
                Ok(false) => self.config.every,
                Err(_) => self.config.retry,
            };
            self.note(passed.err());
            self.rest(wait);
        }
    }

    fn rest(&self, wait: Duration) {
        let until = Instant::now() + wait;
        while self.shared.world.is_open() {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return;
            }
            thread::park_timeout(left.min(LOOK_UP));
        }
    }

    /// One piece of the log and one of the blocks; says whether there is more to do at once.
    fn pass(&mut self) -> Result<bool, String> {
        if self.feed.let_go_if_due().map_err(said)? {
            self.remember()?;
            self.shared.status().let_go += 1;
            tracing::warn!("the log was let go: the node above gets it out of the blocks");
        }
        self.register.catch_up(&self.shared.world).map_err(|error| error.to_string())?;
        if let Some(piece) = self.feed.out_of_log(PIECE).map_err(said)? {
            self.give(&piece)?;
            let count = |batches: &[series::Stored]| -> usize {
                batches.iter().map(|stored| stored.readings.len()).sum()
            };
            if let Piece::Log(batches) = &piece {
                self.shared.status().confirmed_received = batches.last().map(|it| it.received);
                if PIECE <= count(batches) {
                    return Ok(true);
                }
            }
        }
        let Some(piece) = self.feed.out_of_blocks(PIECE).map_err(said)? else { return Ok(false) };
        let given = self.give(&piece);
        if given.is_err() {
            self.feed.again();
        }
        given.map(|()| self.feed.fill().is_some())
    }

    fn give(&mut self, piece: &Piece) -> Result<(), String> {
        self.read_ways()?;
        let ways = self.ways.as_ref().map(|(_, ways)| ways);
        let own = self.shared.world.origin();
        let written = lines::write(
            piece,
            &self.register,
            ways.unwrap_or(&Ways::default()),
            own,
            &self.config,
        );
        let mut rejected = 0;
        for body in &written.bodies {
            let posted = self.client.post(body);
            self.shared.status().answers = posted.is_ok();
            rejected += posted?;
            self.note(None);
        }
        self.feed.confirm(piece);
        self.remember()?;
        let mut status = self.shared.status();
        status.handed += written.values;
        status.rejected += rejected;
        status.left.add(&written.left);
        if 0 < rejected {
            tracing::warn!(rejected, "the node above took some lines not, and will not");
        }
        Ok(())
    }

    fn read_ways(&mut self) -> Result<(), String> {
        if self.ways.as_ref().is_none_or(|(read, _)| WAYS_AGE <= read.elapsed()) {
            let ways =
                self.shared.world.read_now(lines::ways).map_err(|error| error.to_string())?;
            self.ways = Some((Instant::now(), ways));
        }
        Ok(())
    }

    /// Writes down what is answered for, and lets the store know.
    fn remember(&self) -> Result<(), String> {
        let memory = Memory { confirmed: self.feed.confirmed(), fill: self.feed.fill() };
        memory.save(&self.file, &self.config)?;
        self.shared.confirmed.store(memory.confirmed.0, Ordering::Release);
        self.feed.release().map_err(said)
    }

    fn note(&self, error: Option<String>) {
        let now = self.shared.world.clock().now();
        let mut status = self.shared.status();
        status.filling = self.feed.fill().map(|fill| (fill.next, 0));
        match error {
            None => {
                if let Some(since) = status.failing_since.take() {
                    tracing::info!(%since, "the node above answers again");
                }
            }
            Some(error) => {
                status.failures += 1;
                if status.failing_since.is_none() {
                    status.failing_since = Some(now);
                    tracing::warn!(%error, "the node above gets no readings: they wait");
                }
                status.last_error = Some((error, now));
            }
        }
    }
}

fn said(error: series::SeriesError) -> String {
    error.to_string()
}
