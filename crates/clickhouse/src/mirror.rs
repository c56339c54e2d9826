//! The mirror: what reads the log of the store and keeps ClickHouse up to it.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use base::{Id, Timestamp};
use series::{CopyStatus, Feed, Fill, Piece, Position, Reading, SeriesNo, Store, Stored};

use crate::http::Client;
use crate::locks::lock;
use crate::pending::Pending;
use crate::row::{self, FILLED, Place};
use crate::schema::{self, Epoch, Own, READINGS};
use crate::state::{self, State};
use crate::{Answers, ClickHouseError, Config, Progress};

/// The name under which the log and a range are held.
pub(crate) const NAME: &str = "clickhouse";
/// About so many rows are inserted at once: 11 MB.
pub(crate) const ROWS: usize = 200_000;

/// The machine's time, for what a health page says.
type Now = Box<dyn Fn() -> Timestamp + Send + Sync>;

/// A store's copy in ClickHouse. One process and one database for one store.
pub struct Mirror {
    shared: Arc<Shared>,
}

pub(crate) struct Shared {
    pub store: Store,
    pub client: Arc<Client>,
    pub config: Config,
    pub pending: Arc<Pending>,
    owner: Id,
    path: PathBuf,
    now: Now,
    feeder: Mutex<Feeder>,
    /// The epochs while ClickHouse is known to be ours and to answer.
    epochs: Mutex<Option<Arc<[Epoch]>>>,
    notes: Mutex<Notes>,
    questions: AtomicU64,
    unanswered: AtomicU64,
    stop: Mutex<bool>,
    stopped: Condvar,
}

/// What one pass at a time works with.
struct Feeder {
    state: State,
    feed: Feed,
}

#[derive(Default)]
struct Notes {
    failing_since: Option<Timestamp>,
    last_error: Option<(String, Timestamp)>,
    confirmed_received: Option<Timestamp>,
    /// What the state says of filling, for those who must not wait for a pass.
    fill: Option<Fill>,
    rows: u64,
    failures: u64,
    let_go: u64,
}

impl Mirror {
    /// Begins to hold the log of a store for ClickHouse; asks it nothing yet.
    ///
    /// - `owner`: the node's own id; a database of another's is refused.
    /// - `path`: the mirror's own file, which is in no backup.
    ///
    /// # Errors
    /// [`ClickHouseError::Config`], [`ClickHouseError::State`], or those of the store.
    pub fn open(
        store: Store,
        config: Config,
        owner: Id,
        path: &Path,
        now: Now,
    ) -> Result<Mirror, ClickHouseError> {
        let client = Arc::new(Client::new(&config)?);
        let known = State::load(path)?;
        // What is confirmed stands with the store.
        let before = known.as_ref().map(|state| (Position::START, state.fill));
        let feed = Feed::open(store.clone(), NAME, config.log_bytes, before)?;
        let pending = Arc::new(Pending::new(feed.confirmed()));
        let noting = pending.clone();
        store.tap(Box::new(move |batch| noting.note(batch)));
        let position = store.position();
        pending.noted_after(position);
        let state = match known {
            Some(state) => state,
            None => {
                let state = State { token: token()?, began_after: position, fill: feed.fill() };
                state.save(path)?;
                state
            }
        };
        let notes = Notes { fill: state.fill, ..Notes::default() };
        let shared = Shared {
            store,
            client,
            config,
            pending,
            owner,
            path: path.to_owned(),
            now,
            feeder: Mutex::new(Feeder { state, feed }),
            epochs: Mutex::default(),
            notes: Mutex::new(notes),
            questions: AtomicU64::new(0),
            unanswered: AtomicU64::new(0),
            stop: Mutex::new(false),
            stopped: Condvar::new(),
        };
        Ok(Mirror { shared: Arc::new(shared) })
    }

    /// Ends what an earlier configuration began, so that the log is held no longer. If a
    /// mirror is opened later, it fills everything anew.
    ///
    /// # Errors
    /// Those of the store and of the file.
    pub fn forget(store: &Store, path: &Path) -> Result<(), ClickHouseError> {
        state::remove(path)?;
        Ok(Feed::forget(store, NAME)?)
    }

    /// Starts the thread that makes passes until [`Mirror::stop`].
    ///
    /// # Errors
    /// [`ClickHouseError::State`] when the machine has no thread left.
    pub fn start(&self) -> Result<(), ClickHouseError> {
        let shared = self.shared.clone();
        let failed = |error: std::io::Error| ClickHouseError::State {
            file: NAME.to_owned(),
            what: error.to_string(),
        };
        let builder = std::thread::Builder::new().name(NAME.to_owned());
        builder.spawn(move || shared.run()).map(|_| ()).map_err(failed)
    }

    /// Tells the thread to end after the request that it is making; does not wait.
    pub fn stop(&self) {
        *lock(&self.shared.stop) = true;
        self.shared.stopped.notify_all();
    }

    /// One pass: the next stretch of the log, or else of what has to be filled.
    ///
    /// # Errors
    /// Why nothing is confirmed anew. The next pass begins where this one did.
    pub fn pass(&self) -> Result<Progress, ClickHouseError> {
        self.shared.pass()
    }

    /// What ClickHouse has confirmed; `None` while it does not answer, or while something
    /// of the past is still missing there.
    pub fn answers(&self) -> Option<Answers> {
        self.shared.answers(self.shared.pending.confirmed())
    }

    pub fn status(&self) -> CopyStatus {
        self.shared.status()
    }

    pub(crate) fn shared(&self) -> &Arc<Shared> {
        &self.shared
    }
}

impl Drop for Mirror {
    /// Its thread ends by itself: nobody waits for a server that does not answer.
    fn drop(&mut self) {
        self.stop();
    }
}

fn token() -> Result<Id, ClickHouseError> {
    let mut bytes = [0; 16];
    let failed = |error: getrandom::Error| ClickHouseError::State {
        file: NAME.to_owned(),
        what: error.to_string(),
    };
    getrandom::fill(&mut bytes).map_err(failed)?;
    Ok(Id::from_u128(u128::from_le_bytes(bytes)))
}

impl Shared {
    fn run(&self) {
        loop {
            let wait = match self.pass() {
                Ok(Progress::More) => Duration::ZERO,
                Ok(Progress::CaughtUp) => self.config.every,
                Err(_) => self.config.retry,
            };
            let stop = lock(&self.stop);
            let waited = self.stopped.wait_timeout_while(stop, wait, |stop| !*stop);
            if *waited.unwrap_or_else(std::sync::PoisonError::into_inner).0 {
                return;
            }
        }
    }

    fn pass(&self) -> Result<Progress, ClickHouseError> {
        let mut feeder = lock(&self.feeder);
        let outcome = self.let_go_if_due(&mut feeder).and_then(|()| self.work(&mut feeder));
        lock(&self.notes).fill = feeder.state.fill;
        match &outcome {
            Ok(_) => self.note_answer(),
            Err(error) => {
                feeder.feed.again();
                self.note_failure(error);
            }
        }
        outcome
    }

    fn work(&self, feeder: &mut Feeder) -> Result<Progress, ClickHouseError> {
        let epoch = self.connected(&feeder.state)?;
        if let Some(piece) = feeder.feed.out_of_log(ROWS)?
            && self.give(feeder, &piece, epoch)?
        {
            return Ok(Progress::More);
        }
        let Some(piece) = feeder.feed.out_of_blocks(ROWS)? else { return Ok(Progress::CaughtUp) };
        self.give(feeder, &piece, epoch)?;
        if feeder.state.fill.is_some() {
            return Ok(Progress::More);
        }
        tracing::info!("ClickHouse has all readings that the store has");
        Ok(Progress::CaughtUp)
    }

    /// Makes sure that the tables are there and ours; gives our epoch.
    fn connected(&self, state: &State) -> Result<u32, ClickHouseError> {
        let last = |epochs: &Arc<[Epoch]>| epochs.last().map_or(0, |last| last.epoch);
        if let Some(epochs) = &*lock(&self.epochs) {
            return Ok(last(epochs));
        }
        let own = Own {
            owner: self.owner,
            token: state.token,
            began_after: state.began_after.0,
            now: (self.now)(),
        };
        let epochs: Arc<[Epoch]> = schema::prepare(&self.client, &own)?.into();
        let epoch = last(&epochs);
        *lock(&self.epochs) = Some(epochs);
        Ok(epoch)
    }

    /// Inserts a piece and notes that it is there; says whether it was a large one.
    fn give(
        &self,
        feeder: &mut Feeder,
        piece: &Piece,
        epoch: u32,
    ) -> Result<bool, ClickHouseError> {
        let mut rows = Vec::new();
        match piece {
            Piece::Log(batches) => {
                for stored in batches {
                    self.put_stored(&mut rows, stored, epoch);
                }
            }
            Piece::Blocks { fill, readings, .. } => {
                for (series, readings) in readings {
                    self.put_filled(&mut rows, *series, readings, fill, epoch);
                }
            }
        }
        if !rows.is_empty() {
            self.insert(&rows)?;
        }
        feeder.feed.confirm(piece);
        self.remember(feeder)?;
        if let Piece::Log(batches) = piece {
            lock(&self.notes).confirmed_received = batches.last().map(|stored| stored.received);
        }
        Ok(ROWS * row::BYTES <= rows.len())
    }

    fn put_stored(&self, rows: &mut Vec<u8>, stored: &Stored, epoch: u32) {
        for (ordinal, (series, reading)) in (0..).zip(&stored.readings) {
            // What is in the log is in the dictionary, which is written first.
            let Some(sensor) = self.store.sensor_of(*series) else { continue };
            let place = Place { epoch, position: stored.position.0, ordinal };
            row::put(rows, sensor, reading, place);
        }
    }

    /// All versions of a key, in the order of their arrival, in places of one position.
    fn put_filled(
        &self,
        rows: &mut Vec<u8>,
        series: SeriesNo,
        readings: &[Reading],
        fill: &Fill,
        epoch: u32,
    ) {
        let Some(sensor) = self.store.sensor_of(series) else { return };
        for key in readings.chunk_by(|a, b| a.time == b.time) {
            for (ordinal, reading) in (FILLED..).zip(key) {
                let place = Place { epoch, position: fill.position.0, ordinal };
                row::put(rows, sensor, reading, place);
            }
        }
    }

    /// Writes down what the feed has come to, and lets the store know.
    fn remember(&self, feeder: &mut Feeder) -> Result<(), ClickHouseError> {
        let fill = feeder.feed.fill();
        if feeder.state.fill != fill {
            feeder.state.fill = fill;
            feeder.state.save(&self.path)?;
            lock(&self.notes).fill = fill;
        }
        self.pending.confirm(feeder.feed.confirmed());
        Ok(feeder.feed.release()?)
    }

    pub fn insert(&self, rows: &[u8]) -> Result<(), ClickHouseError> {
        self.client.insert(READINGS, row::COLUMNS, rows)?;
        lock(&self.notes).rows += (rows.len() / row::BYTES) as u64;
        Ok(())
    }

    /// Lets the log go when it has grown to its limit: what was in it is in the store's
    /// blocks, is held there, and filled from there once ClickHouse answers.
    fn let_go_if_due(&self, feeder: &mut Feeder) -> Result<(), ClickHouseError> {
        let bytes = self.store.counts().wal_bytes;
        if !feeder.feed.let_go_if_due()? {
            return Ok(());
        }
        self.remember(feeder)?;
        lock(&self.notes).let_go += 1;
        tracing::warn!(
            bytes,
            "the log was let go: ClickHouse gets what was in it out of the blocks"
        );
        Ok(())
    }

    fn note_answer(&self) {
        let mut notes = lock(&self.notes);
        if let Some(since) = notes.failing_since.take() {
            tracing::info!(%since, "ClickHouse answers again");
        }
    }

    pub fn note_failure(&self, error: &ClickHouseError) {
        *lock(&self.epochs) = None;
        let now = (self.now)();
        let mut notes = lock(&self.notes);
        notes.failures += 1;
        if notes.failing_since.is_none() {
            notes.failing_since = Some(now);
            tracing::warn!(%error, "ClickHouse gets no readings: they wait in the log");
        }
        notes.last_error = Some((error.to_string(), now));
    }

    pub fn answers(&self, confirmed: Position) -> Option<Answers> {
        if lock(&self.notes).fill.is_some() {
            return None;
        }
        let epochs = lock(&self.epochs).clone()?;
        let (client, store) = (self.client.clone(), self.store.clone());
        Some(Answers { client, store, epochs, confirmed })
    }

    /// Notes that a question was asked of it; and when it could not be answered, why.
    pub fn note_question(&self, failure: Option<String>) {
        match failure {
            None => _ = self.questions.fetch_add(1, Ordering::Relaxed),
            Some(error) => {
                self.unanswered.fetch_add(1, Ordering::Relaxed);
                // The next pass finds out how it is.
                *lock(&self.epochs) = None;
                lock(&self.notes).last_error = Some((error, (self.now)()));
            }
        }
    }

    /// Why it cannot be asked.
    pub fn silence(&self) -> String {
        let notes = lock(&self.notes);
        match (&notes.failing_since, &notes.fill) {
            (Some(since), _) => format!("ClickHouse has not answered since {since}"),
            (None, Some(_)) => "ClickHouse is being filled".to_owned(),
            (None, None) => "ClickHouse has not been reached yet".to_owned(),
        }
    }

    pub fn now(&self) -> Timestamp {
        (self.now)()
    }

    fn status(&self) -> CopyStatus {
        let counts = self.store.counts();
        let behind = self.store.position().0.saturating_sub(self.pending.confirmed().0);
        let answers = lock(&self.epochs).is_some();
        let notes = lock(&self.notes);
        CopyStatus {
            answers,
            failing_since: notes.failing_since,
            last_error: notes.last_error.as_ref().map(|(error, _)| error.clone()),
            last_error_at: notes.last_error.as_ref().map(|(_, at)| *at),
            confirmed_received: notes.confirmed_received,
            behind,
            log_bytes: counts.wal_bytes,
            log_limit: self.config.log_bytes,
            filling: notes.fill.map(|fill| (fill.next, counts.series)),
            rows: notes.rows,
            failures: notes.failures,
            let_go: notes.let_go,
            questions: self.questions.load(Ordering::Relaxed),
            unanswered: self.unanswered.load(Ordering::Relaxed),
        }
    }
}
