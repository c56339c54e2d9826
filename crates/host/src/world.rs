//! A world: its log, tables, series, documents, clock and live screens.
//!
//! `real` is one; a drill, a replay and a test are others, and run the same code.
//! The handle is cheap to clone.

mod branch;
mod command;
mod readers;

use std::panic::AssertUnwindSafe;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, RwLock};

use base::{Id, Timestamp};
use crossbeam_channel::{Receiver, Sender, bounded};
use serde::Serialize;

use crate::clock::{Clock, machine_now};
use crate::db::{Conn, Database, Read, Source};
use crate::document::Documents;
use crate::effect::{self, WayOut};
use crate::error::{Error, Result};
use crate::inside::Insides;
use crate::live::Live;
use crate::log::Book;
use crate::memo::Memo;
use crate::migration;
use crate::moved::Moved;
use crate::part::Kit;
use crate::scope::Caller;
use crate::sealed::{self, Keys};
use crate::snapshot::Shelf;
use crate::space::{Room, Space};
use crate::tx::Tx;
use crate::web::{Idempotency, Reply};
pub use crate::writer::Lane;
use crate::writer::{Command, Context, Ended, Told, Writer};
use crate::{fold, job, line, log, reaction, snapshot, view};

pub(crate) use crate::db::Durability;
pub(crate) use branch::{CLOSED, DRILL, OPENING, PAST};
pub(crate) use command::{Outcome, key_requests};
use command::{Typed, once};
use readers::Readers;

/// Where the snapshots are in a world's directory.
const SNAPSHOTS: &str = "snapshots";

/// What a world is made of.
pub struct WorldConfig {
    /// `real`, or the drill's own name: part of URLs.
    pub name: String,
    /// The node's name in the log; foreign logs carry others.
    pub origin: String,
    /// Where its files are; one process per directory.
    pub directory: PathBuf,
    /// Where its log and tables are.
    pub database: Database,
    pub clock: Clock,
    /// `false` only for worlds in tests, which may lose all.
    pub durable: bool,
}

/// A handle on a world.
#[derive(Clone)]
pub struct World(Arc<Inner>);

struct Inner {
    name: String,
    origin: String,
    directory: PathBuf,
    durable: bool,
    clock: Clock,
    kit: Arc<Kit>,
    writer: RwLock<Option<Writer>>,
    readers: Readers,
    series: series::Store,
    /// Who is asked for readings instead of `series`, if anybody is.
    readings: OnceLock<Arc<dyn series::Readings>>,
    documents: Arc<Documents>,
    keys: Keys,
    shelf: Shelf,
    /// Set in a world of the past: the moment it shows. Nothing is written there.
    past: Option<Timestamp>,
    live: Live,
    moved: Moved,
    insides: Insides,
    memos: Memo,
    views: view::Board,
    last_seq: AtomicI64,
    threads: Mutex<Vec<std::thread::JoinHandle<()>>>,
    /// Whoever is told of each commit.
    told: Mutex<Vec<Sender<()>>>,
    /// What carries out errands: it ends first, with the answers that it waits for.
    errands: Mutex<Vec<std::thread::JoinHandle<()>>>,
    closing: AtomicBool,
}

/// The name of the node's own world, which a path without a world's name means.
pub(crate) const REAL: &str = "real";

impl World {
    /// Opens the world's files, brings its tables up to date, and starts its
    /// writer, reactions, scheduler and taps.
    ///
    /// # Errors
    /// [`Error::Db`] when the database cannot be opened or is newer than this
    /// program; [`Error::Internal`] when the series or documents cannot be opened.
    pub fn open(config: WorldConfig, kit: Arc<Kit>) -> Result<World> {
        let world = World::prepare(config, kit)?;
        let way_out = WayOut::of(&world);
        world.start_engines(Some(way_out))?;
        Ok(world)
    }

    /// Like [`World::open`], for a world that nothing leaves: a drill.
    ///
    /// # Errors
    /// As [`World::open`].
    pub(crate) fn open_within(config: WorldConfig, kit: Arc<Kit>) -> Result<World> {
        let world = World::prepare(config, kit)?;
        world.start_engines(None)?;
        Ok(world)
    }

    /// Opens files and starts the writer; nothing acts by itself yet.
    pub(crate) fn prepare(config: WorldConfig, kit: Arc<Kit>) -> Result<World> {
        std::fs::create_dir_all(&config.directory)
            .map_err(|error| Error::Internal(format!("{}: {error}", config.directory.display())))?;
        let durability = if config.durable { Durability::Full } else { Durability::Never };
        let source = Source::new(&config.database, &config.directory, &config.name, durability)?;
        let mut conn = source.writer()?;
        let shelf = Shelf::new(config.directory.join(SNAPSHOTS));
        let refolded = conn.alone(|conn| {
            migration::run(conn, &kit)?;
            log::begin(conn)?;
            fold::refold_changed(conn, &kit, &config.origin, &shelf)
        })?;
        for slice in refolded {
            tracing::info!(slice, "its tables were folded anew from the log");
        }
        let last_seq = log::last_seq(&mut conn, Book::Log)?;
        reaction::place_new(&mut conn, &kit, last_seq)?;
        reaction::own(&mut conn, &[&config.origin])?;
        let stands_on_another = conn.row("select world from world_base limit 1", &[])?.is_some();
        let views =
            conn.alone(|conn| view::open(conn, &kit, last_seq, stands_on_another, machine_now()))?;
        let series = open_series(&config)?;
        let documents = Documents::open(&config.directory.join("documents"), config.durable)
            .map_err(|error| Error::Internal(format!("documents: {error}")))?;

        let keys_path = config.directory.join("keys.db");
        let keys = Keys::open(&keys_path, &config.origin, config.durable)?;
        sealed::honour(&mut conn, &keys)?;
        key_requests(&mut conn, &keys)?;

        let world = World(Arc::new(Inner {
            name: config.name,
            origin: config.origin,
            directory: config.directory,
            durable: config.durable,
            clock: config.clock,
            moved: Moved::new(&kit),
            kit,
            writer: RwLock::new(None),
            readers: Readers::new(source),
            series,
            readings: OnceLock::new(),
            documents: Arc::new(documents),
            keys,
            shelf,
            past: None,
            live: Live::default(),
            insides: Insides::default(),
            memos: Memo::default(),
            views: view::Board::new(views),
            last_seq: AtomicI64::new(last_seq),
            threads: Mutex::new(Vec::new()),
            told: Mutex::new(Vec::new()),
            errands: Mutex::new(Vec::new()),
            closing: AtomicBool::new(false),
        }));
        world.start_writer(conn);
        Ok(world)
    }

    /// The moment that a world of the past shows: pass it to the series, so that
    /// readings are those that were known then. `None` in a world that goes on.
    pub fn as_of(&self) -> Option<Timestamp> {
        self.0.past
    }

    fn start_writer(&self, conn: Conn) {
        let (writer, thread) = Writer::start(
            self.name(),
            conn,
            self.0.origin.clone(),
            Arc::clone(&self.0.kit),
            self.0.clock.clone(),
            self.0.keys.clone(),
            self.told(),
        );
        *self.0.writer.write().expect("no holder panics") = Some(writer);
        self.keep_thread(thread);
    }

    /// Starts what acts by itself: reactions, jobs, snapshots, views, and consumers of readings.
    pub(crate) fn start_engines(&self, way_out: Option<WayOut>) -> Result<()> {
        let (to_reactions, for_reactions) = bounded(1);
        let (to_jobs, for_jobs) = bounded(1);
        let (to_snapshots, for_snapshots) = bounded(1);
        let (to_views, for_views) = bounded(1);
        let told = [to_reactions, to_jobs, to_snapshots, to_views];
        self.0.told.lock().expect("no holder panics").extend(told);
        let world = self.clone();
        self.spawn("reactions", move || reaction::serve(&world, &for_reactions));
        let world = self.clone();
        self.spawn("jobs", move || job::serve(&world, &for_jobs));
        let world = self.clone();
        self.spawn("snapshots", move || snapshot::serve(&world, &for_snapshots));
        let world = self.clone();
        self.spawn("views", move || view::serve(&world, &for_views));
        if way_out.is_some() {
            self.kit().exchange.start(self);
        }
        let way_out = way_out.map(Arc::new);
        for effect in &self.kit().effects {
            let (to_errands, for_errands) = bounded(1);
            self.0.told.lock().expect("no holder panics").push(to_errands);
            let (world, effect, way_out) = (self.clone(), Arc::clone(effect), way_out.clone());
            let thread = std::thread::Builder::new()
                .name(format!("errands {}", self.0.name))
                .spawn(move || effect::serve(&world, &effect, way_out.as_ref(), &for_errands))
                .expect("the system can start a thread");
            self.0.errands.lock().expect("no holder panics").push(thread);
        }
        for tap in &self.kit().taps {
            tap(self)?;
        }
        Ok(())
    }

    /// What happens after each commit: screens, reactions and jobs are told.
    fn told(&self) -> Told {
        let inner = Arc::downgrade(&self.0);
        Arc::new(move |ended| {
            let Some(inner) = inner.upgrade() else { return };
            let entries = match ended {
                Ended::Committed(entries) => entries,
                // A server may have done it although it could not say so.
                Ended::Unknown => return inner.moved.note_all(),
            };
            inner.moved.note(&inner.kit, &entries);
            for entry in &entries {
                inner.last_seq.store(entry.seq, Ordering::SeqCst);
                // A summary that panics costs its line on the screens, not the writer.
                let message =
                    std::panic::catch_unwind(AssertUnwindSafe(|| line::message(&inner.kit, entry)));
                match message {
                    Ok(Some(message)) => inner.live.send(message),
                    Ok(None) => {}
                    Err(_) => tracing::error!(entry.seq, "the summary of a fact panicked"),
                }
            }
            for sender in inner.told.lock().expect("no holder panics").iter() {
                // Full means: told already.
                let _ = sender.try_send(());
            }
        })
    }

    /// Ticks at each commit, and ends when the world closes.
    pub(crate) fn ticks(&self) -> Receiver<()> {
        let (sender, ticks) = bounded(1);
        self.0.told.lock().expect("no holder panics").push(sender);
        ticks
    }

    /// Starts a thread that ends with the world.
    pub fn spawn(&self, what: &str, run: impl FnOnce() + Send + 'static) {
        let thread = std::thread::Builder::new()
            .name(format!("{what} {}", self.0.name))
            .spawn(run)
            .expect("the system can start a thread");
        self.keep_thread(thread);
    }

    fn keep_thread(&self, thread: std::thread::JoinHandle<()>) {
        self.0.threads.lock().expect("no holder panics").push(thread);
    }

    /// Stops the writer after what is queued, and waits for reactions and jobs.
    pub fn close(&self) {
        if self.0.past.is_some() {
            // Series and documents belong to the world it was folded from.
            return;
        }
        self.0.closing.store(true, Ordering::SeqCst);
        self.0.told.lock().expect("no holder panics").clear();
        let errands = std::mem::take(&mut *self.0.errands.lock().expect("no holder panics"));
        for thread in errands {
            // What is under way is waited for while its outcome can still be recorded.
            let _ = thread.join();
        }
        self.0.writer.write().expect("no holder panics").take();
        // Idle readers would keep the write-ahead log beside the database.
        self.0.readers.drop_idle();
        let threads = std::mem::take(&mut *self.0.threads.lock().expect("no holder panics"));
        for thread in threads {
            // A thread that panicked has said so; the others are still to be joined.
            let _ = thread.join();
        }
        if let Err(error) = self.0.series.seal() {
            tracing::error!(%error, "the series could not be sealed at the end; the log has them");
        }
    }

    /// Whether it takes nothing up any more.
    pub(crate) fn is_closing(&self) -> bool {
        self.0.closing.load(Ordering::SeqCst)
    }

    pub fn is_open(&self) -> bool {
        self.0.past.is_some() || self.0.writer.read().expect("no holder panics").is_some()
    }

    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// Whether it is the node's own world: neither a drill nor a look into the past.
    pub fn is_real(&self) -> bool {
        self.0.name == REAL
    }

    pub fn origin(&self) -> &str {
        &self.0.origin
    }

    pub fn directory(&self) -> &Path {
        &self.0.directory
    }

    pub(crate) fn is_durable(&self) -> bool {
        self.0.durable
    }

    pub fn clock(&self) -> &Clock {
        &self.0.clock
    }

    pub fn kit(&self) -> &Arc<Kit> {
        &self.0.kit
    }

    /// Room on the disk, the same for all worlds of a node.
    pub fn space(&self) -> &Space {
        &self.0.kit.space
    }

    pub fn series(&self) -> &series::Store {
        &self.0.series
    }

    /// Who is to be asked for readings of the past: the series, or whoever has a copy of
    /// them too. Blocking: it may wait for a disk or a network.
    pub fn readings(&self) -> Arc<dyn series::Readings> {
        self.0.readings.get().map_or_else(|| Arc::new(self.0.series.clone()) as _, Arc::clone)
    }

    /// Lets somebody else be asked from now on; only the first is.
    pub fn ask_for_readings(&self, readings: Arc<dyn series::Readings>) {
        let _ = self.0.readings.set(readings);
    }

    /// The id of the node's own first entry. It names the node's history, and stays the
    /// same through backup and restore; `None` before there is an entry.
    ///
    /// # Errors
    /// [`Error::Db`].
    pub fn birth(&self) -> Result<Option<Id>> {
        let origin = self.origin();
        self.read_now(|db| {
            let row = db.row(
                "select id from log where origin = $1 and origin_seq = 1",
                crate::params![origin],
            )?;
            row.map(|row| row.get("id")).transpose().map_err(Error::from)
        })
    }

    pub fn documents(&self) -> &Documents {
        &self.0.documents
    }

    /// The keys of personal data.
    pub fn keys(&self) -> &Keys {
        &self.0.keys
    }

    /// What the log folded to, kept day by day.
    pub fn shelf(&self) -> &Shelf {
        &self.0.shelf
    }

    pub fn live(&self) -> &Live {
        &self.0.live
    }

    pub(crate) fn counts(&self) -> &Moved {
        &self.0.moved
    }

    pub(crate) fn insides(&self) -> &Insides {
        &self.0.insides
    }

    pub(crate) fn memos(&self) -> &Memo {
        &self.0.memos
    }

    /// How far its views are.
    pub(crate) fn views(&self) -> &view::Board {
        &self.0.views
    }

    /// The newest committed entry of the log.
    pub fn last_seq(&self) -> i64 {
        self.0.last_seq.load(Ordering::SeqCst)
    }

    /// Carries out a person's command: once per key, in one transaction.
    ///
    /// `decide` loads within a scope, decides, and records facts; what it answers
    /// is sent as JSON, and stored with the key, so that the same request again
    /// gets the same answer and changes nothing.
    pub async fn commit<T, F>(
        &self,
        caller: &Caller,
        key: Idempotency,
        decide: F,
    ) -> Result<Reply<T>>
    where
        T: Serialize + Send + 'static,
        F: FnOnce(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        let owner = caller.person.to_string();
        let context = Context::of(caller, "web");
        let (sender, receiver) = tokio::sync::oneshot::channel();
        let command = Typed {
            context,
            run: Some(move |tx: &mut Tx<'_>| once(tx, &owner, &key, decide)),
            result: None,
            // A caller that went away meanwhile wants no answer.
            answer: move |result| drop(sender.send(result)),
        };
        self.try_submit(Lane::Urgent, Box::new(command))?;
        receiver.await.map_err(|_| Error::Busy("the world was closed"))?
    }

    /// Carries out a command of the system itself and waits for it.
    ///
    /// Not for async code: it blocks.
    pub fn run<T, F>(&self, lane: Lane, via: &'static str, decide: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        self.start(lane, Context::system(via), decide)?.wait()
    }

    /// Like [`World::run`], in a person's name.
    pub fn run_as<T, F>(&self, caller: &Caller, decide: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        let context = Context::of(caller, "web");
        self.start(Lane::Urgent, context, decide)?.wait()
    }

    /// Like [`World::run`], and does not wait: `done` is called after the commit,
    /// on the writer's thread, so it must be quick. A full lane refuses with
    /// [`Error::Busy`].
    pub fn run_then<T, F, D>(&self, lane: Lane, via: &'static str, decide: F, done: D) -> Result<()>
    where
        T: Send + 'static,
        F: FnOnce(&mut Tx<'_>) -> Result<T> + Send + 'static,
        D: FnOnce(Result<T>) + Send + 'static,
    {
        let context = Context::system(via);
        let command = Typed { context, run: Some(decide), result: None, answer: done };
        self.try_submit(lane, Box::new(command))
    }

    pub(crate) fn start<T, F>(&self, lane: Lane, context: Context, decide: F) -> Result<Outcome<T>>
    where
        T: Send + 'static,
        F: FnOnce(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        let (sender, receiver) = bounded(1);
        let command = Typed {
            context,
            run: Some(decide),
            result: None,
            answer: move |result| drop(sender.send(result)),
        };
        self.submit(lane, Box::new(command))?;
        Ok(Outcome(receiver))
    }

    fn submit(&self, lane: Lane, command: Box<dyn Command>) -> Result<()> {
        self.writer()?.submit(lane, command)
    }

    fn try_submit(&self, lane: Lane, command: Box<dyn Command>) -> Result<()> {
        self.writer()?.try_submit(lane, command)
    }

    /// Whether commands are taken at all.
    ///
    /// # Errors
    /// [`Error::DiskFull`], [`Error::Conflict`] in the past, [`Error::Busy`] at the end.
    pub fn check_writable(&self) -> Result<()> {
        self.writer().map(|_| ())
    }

    fn writer(&self) -> Result<Writer> {
        if self.space().room() == Room::ReadOnly {
            return Err(Error::DiskFull);
        }
        if self.0.past.is_some() {
            let detail = "this is the past: nothing can be changed in it";
            return Err(Error::conflict("past-world", detail));
        }
        let writer = self.0.writer.read().expect("no holder panics").clone();
        writer.ok_or(Error::Busy("the world is closed"))
    }

    /// Asks the database on a read-only connection, off the async threads.
    pub async fn read<T, F>(&self, ask: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut dyn Read) -> Result<T> + Send + 'static,
    {
        let world = self.clone();
        tokio::task::spawn_blocking(move || world.read_now(ask))
            .await
            .map_err(|error| Error::Internal(format!("a read panicked: {error}")))?
    }

    /// Like [`World::read`], blocking: for threads. All that `ask` reads is of one moment.
    pub fn read_now<T>(&self, ask: impl FnOnce(&mut dyn Read) -> Result<T>) -> Result<T> {
        let mut reader = self.0.readers.take()?;
        let conn = reader.conn();
        if conn.begin_snapshot().is_err() {
            // Whoever panicked while asking left its snapshot open.
            conn.rollback()?;
            conn.begin_snapshot()?;
        }
        let answer = ask(conn);
        conn.rollback()?;
        answer
    }

    /// A read-only connection of its own, for work that takes its time.
    pub(crate) fn own_reader(&self) -> Result<Conn> {
        Ok(self.0.readers.source.reader()?)
    }
}

fn open_series(config: &WorldConfig) -> Result<series::Store> {
    if !config.durable {
        return Ok(series::Store::in_memory(series::Config::default()));
    }
    let directory = config.directory.join("series");
    let disk = Arc::new(series::RealDisk);
    let store = series::Store::open(&directory, disk, series::Config::default())
        .map_err(|error| Error::Internal(format!("series: {error}")))?;
    for file in store.set_aside() {
        tracing::error!(file, "a repair set readings aside: some may be missing, compare a backup");
    }
    Ok(store)
}

/// The machine's time, for doors that live on it.
pub fn wall_clock() -> Timestamp {
    machine_now()
}
