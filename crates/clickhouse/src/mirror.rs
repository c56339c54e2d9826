//! The mirror: what reads the log of the store and keeps ClickHouse up to it.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use base::{Id, Timestamp};
use series::{Consumer, CopyStatus, Held, Position, Store};

use crate::fill::Filling;
use crate::http::Client;
use crate::locks::lock;
use crate::pending::Pending;
use crate::row::{self, Place};
use crate::schema::{self, Epoch, Own, READINGS};
use crate::state::{self, ALL, Fill, State};
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
    consumer: Consumer,
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
    filling: Option<Filling>,
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
        let consumer = store.consumer(NAME)?;
        let confirmed = consumer.released();
        let pending = Arc::new(Pending::new(confirmed));
        let noting = pending.clone();
        store.tap(Box::new(move |batch| noting.note(batch)));
        let position = store.position();
        pending.noted_after(position);
        let state = match State::load(path)? {
            Some(state) => state,
            None => {
                // Behind everything that the log will give; nothing, if that is all there is.
                let fill = Fill { position: confirmed, next: 0, from: ALL.0, to: ALL.1 };
                let fill = Some(fill).filter(|_| confirmed != Position::START);
                if let Some(fill) = &fill {
                    hold(&store, fill)?;
                }
                let state = State { token: token()?, began_after: position, fill };
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
            consumer,
            owner,
            path: path.to_owned(),
            now,
            feeder: Mutex::new(Feeder { state, filling: None }),
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
        if store.held_ranges().iter().any(|held| held.name == NAME) {
            store.release_range(NAME)?;
        }
        if store.consumers().iter().any(|(name, _)| name == NAME) {
            store.forget_consumer(NAME)?;
        }
        Ok(())
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

/// What is not in ClickHouse yet, and not in the log, must stay in the store.
fn hold(store: &Store, fill: &Fill) -> Result<(), ClickHouseError> {
    let held = Held { name: NAME.to_owned(), series: None, from: fill.from, to: fill.to };
    Ok(store.hold_range(held)?)
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
                feeder.filling = None;
                self.note_failure(error);
            }
        }
        outcome
    }

    fn work(&self, feeder: &mut Feeder) -> Result<Progress, ClickHouseError> {
        let epoch = self.connected(&feeder.state)?;
        if let Progress::More = self.feed(epoch)? {
            return Ok(Progress::More);
        }
        match feeder.state.fill {
            None => Ok(Progress::CaughtUp),
            Some(fill) => self.fill(feeder, fill, epoch),
        }
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

    /// Inserts the next stretch of the log.
    fn feed(&self, epoch: u32) -> Result<Progress, ClickHouseError> {
        let confirmed = self.pending.confirmed();
        let mut batches = self.consumer.read_after(confirmed)?;
        let mut rows = Vec::new();
        let mut last = None;
        while rows.len() < ROWS * row::BYTES
            && let Some(stored) = batches.next_stored()
        {
            let stored = stored?;
            for (ordinal, (series, reading)) in (0..).zip(&stored.readings) {
                // What is in the log is in the dictionary, which is written first.
                let Some(sensor) = self.store.sensor_of(*series) else { continue };
                let place = Place { epoch, position: stored.position.0, ordinal };
                row::put(&mut rows, sensor, reading, place);
            }
            last = Some((stored.position, stored.received));
        }
        let Some((position, received)) = last else { return Ok(Progress::CaughtUp) };
        self.insert(&rows)?;
        self.pending.confirm(position);
        lock(&self.notes).confirmed_received = Some(received);
        self.consumer.release(position)?;
        let is_last = rows.len() < ROWS * row::BYTES;
        Ok(if is_last { Progress::CaughtUp } else { Progress::More })
    }

    pub fn insert(&self, rows: &[u8]) -> Result<(), ClickHouseError> {
        self.client.insert(READINGS, row::COLUMNS, rows)?;
        lock(&self.notes).rows += (rows.len() / row::BYTES) as u64;
        Ok(())
    }

    fn fill(
        &self,
        feeder: &mut Feeder,
        fill: Fill,
        epoch: u32,
    ) -> Result<Progress, ClickHouseError> {
        let filling = feeder.filling.get_or_insert_with(|| Filling::new(fill, epoch));
        let rows = filling.rows(&self.store)?;
        if !rows.is_empty() {
            self.insert(&rows)?;
        }
        let is_done = filling.is_done(&self.store);
        feeder.state.fill = Some(Fill { next: filling.next(), ..fill }).filter(|_| !is_done);
        feeder.state.save(&self.path)?;
        if is_done {
            feeder.filling = None;
            if self.store.held_ranges().iter().any(|held| held.name == NAME) {
                self.store.release_range(NAME)?;
            }
            tracing::info!("ClickHouse has all readings that the store has");
            return Ok(Progress::CaughtUp);
        }
        Ok(Progress::More)
    }

    /// Lets the log go when it has grown to its limit: what was in it is in the store's
    /// blocks, is held there, and filled from there once ClickHouse answers.
    fn let_go_if_due(&self, feeder: &mut Feeder) -> Result<(), ClickHouseError> {
        let (confirmed, position) = (self.pending.confirmed(), self.store.position());
        let bytes = self.store.counts().wal_bytes;
        if bytes <= self.config.log_bytes || position <= confirmed {
            return Ok(());
        }
        let is_held_by_others =
            self.store.consumers().iter().any(|(name, upto)| name != NAME && *upto < confirmed);
        if is_held_by_others {
            // Letting go would not make it smaller.
            return Ok(());
        }
        // Its own times decide what has to be read again.
        let (mut least, mut greatest, mut upto) = (i64::MAX, i64::MIN, confirmed);
        for batch in self.consumer.read_after(confirmed)? {
            let batch = batch?;
            for sample in &*batch.samples {
                least = least.min(sample.time.as_millis());
                greatest = greatest.max(sample.time.as_millis());
            }
            upto = batch.position;
            if position <= upto {
                break;
            }
        }
        let missing = Fill {
            position: confirmed,
            next: 0,
            from: Timestamp::from_millis(least),
            to: Timestamp::from_millis(greatest.saturating_add(1)),
        };
        let fill = feeder.state.fill.map_or(missing, |fill| fill.with(missing));
        hold(&self.store, &fill)?;
        feeder.state.fill = Some(fill);
        feeder.filling = None;
        feeder.state.save(&self.path)?;
        {
            let mut notes = lock(&self.notes);
            notes.fill = Some(fill);
            notes.let_go += 1;
        }
        self.pending.confirm(upto);
        self.consumer.release(upto)?;
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
