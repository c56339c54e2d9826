//! The one writer of a world: a thread that groups commands into transactions.
//!
//! Two lanes. People and alarms go by the urgent one; intake, imports and
//! replication by the ordinary one, in pieces of at most 20 ms, so that an alarm
//! never waits behind them. Up to 64 commands or 5 ms share one transaction and
//! one sync; each has a savepoint, so one that refuses or panics takes nobody
//! with it. Everyone is answered after the commit.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};

use base::Id;
use crossbeam_channel::{Receiver, Sender, bounded};

use crate::clock::{Clock, machine_now};
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::log::{Actor, Entry};
use crate::part::Kit;
use crate::scope::Caller;
use crate::sealed::Keys;
use crate::tx::{Heads, Tx};

const GROUP_COMMANDS: usize = 64;
const GROUP_TIME: Duration = Duration::from_millis(5);
/// Commands waiting per lane; when it is full, whoever submits waits.
const LANE_DEPTH: usize = 4_096;

/// How soon a command must run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lane {
    Urgent,
    Ordinary,
}

/// On whose behalf, through which door, because of what, and when.
#[derive(Debug, Clone)]
pub(crate) struct Context {
    pub actor: Actor,
    pub actor_name: Option<String>,
    pub via: &'static str,
    /// The causing entry's id and its correlation.
    pub cause: Option<(Id, Id)>,
    /// The clock that the command sees, when it is not the world's own: a due time.
    pub now: Option<base::Timestamp>,
}

impl Context {
    pub(crate) fn of(caller: &Caller, via: &'static str) -> Context {
        let actor_name = Some(caller.name.clone());
        Context { actor: caller.actor(), actor_name, ..Context::system(via) }
    }

    pub(crate) fn system(via: &'static str) -> Context {
        Context { actor: Actor::default(), actor_name: None, via, cause: None, now: None }
    }
}

/// A command on its way: the host runs it inside the transaction and answers after.
pub(crate) trait Command: Send {
    fn context(&self) -> &Context;
    /// Runs it; `true` keeps what it did.
    fn run(&mut self, tx: &mut Tx<'_>) -> bool;
    /// It panicked, or the commit failed.
    fn fail(&mut self, error: Error);
    /// Hands the result over. Nothing of it was told before the commit.
    fn answer(self: Box<Self>);
}

#[derive(Clone)]
pub(crate) struct Writer {
    urgent: Sender<Box<dyn Command>>,
    ordinary: Sender<Box<dyn Command>>,
}

/// How a group of commands ended.
pub(crate) enum Ended {
    /// With these entries added, in order.
    Committed(Vec<Entry>),
    /// With an error, after which it is not known whether anything was committed.
    Unknown,
}

/// Called after each group that added entries or failed, before anybody is answered.
pub(crate) type Told = Arc<dyn Fn(Ended) + Send + Sync>;

impl Writer {
    /// Starts the thread; it ends when the last clone is dropped.
    pub(crate) fn start(
        name: &str,
        conn: Conn,
        origin: String,
        kit: Arc<Kit>,
        clock: Clock,
        keys: Keys,
        told: Told,
    ) -> (Writer, std::thread::JoinHandle<()>) {
        let (urgent, urgent_inbox) = bounded(LANE_DEPTH);
        let (ordinary, ordinary_inbox) = bounded(LANE_DEPTH);
        let desk = Desk { conn, heads: None, origin, kit, clock, keys, told };
        let thread = std::thread::Builder::new()
            .name(format!("writer {name}"))
            .spawn(move || {
                let served = AssertUnwindSafe(|| desk.serve(&urgent_inbox, &ordinary_inbox));
                if std::panic::catch_unwind(served).is_err() {
                    // Without its writer a world can promise nothing: better none at all.
                    tracing::error!("the writer of a world panicked; the process ends");
                    std::process::abort();
                }
            })
            .expect("the system can start a thread");
        (Writer { urgent, ordinary }, thread)
    }

    /// # Errors
    /// [`Error::Busy`] when the writer has ended.
    pub(crate) fn submit(&self, lane: Lane, command: Box<dyn Command>) -> Result<()> {
        let lane = match lane {
            Lane::Urgent => &self.urgent,
            Lane::Ordinary => &self.ordinary,
        };
        lane.send(command).map_err(|_| Error::Busy("the world is closed"))
    }

    /// Like [`Writer::submit`], for async code: a full lane refuses instead of waiting.
    ///
    /// # Errors
    /// [`Error::Busy`] when the lane is full or the writer has ended.
    pub(crate) fn try_submit(&self, lane: Lane, command: Box<dyn Command>) -> Result<()> {
        let lane = match lane {
            Lane::Urgent => &self.urgent,
            Lane::Ordinary => &self.ordinary,
        };
        lane.try_send(command).map_err(|_| Error::Busy("the writer has too much to do"))
    }
}

struct Desk {
    conn: Conn,
    /// How the last commit left the ends of the books.
    heads: Option<Heads>,
    origin: String,
    kit: Arc<Kit>,
    clock: Clock,
    keys: Keys,
    told: Told,
}

type Lanes = Receiver<Box<dyn Command>>;

impl Desk {
    fn serve(mut self, urgent: &Lanes, ordinary: &Lanes) {
        while let Some(first) = wait(urgent, ordinary) {
            self.group(first, urgent, ordinary);
        }
        if let Err(error) = self.conn.finish() {
            tracing::warn!(%error, "the database was not tidied at the end; nothing is lost");
        }
    }

    /// Runs a group of commands in one transaction and answers them all.
    fn group(&mut self, first: Box<dyn Command>, urgent: &Lanes, ordinary: &Lanes) {
        let started = Instant::now();
        let mut done: Vec<Box<dyn Command>> = Vec::new();
        let mut entries = Vec::new();
        let outcome = self.transact(first, urgent, ordinary, started, &mut done, &mut entries);
        match outcome {
            Ok(()) => {
                if !entries.is_empty() {
                    (self.told)(Ended::Committed(entries));
                }
            }
            Err(error) => {
                tracing::error!(%error, "a group of commands was not committed");
                // The rollback may find no transaction open; that is what it is for.
                let _ = self.conn.rollback();
                (self.told)(Ended::Unknown);
                for command in &mut done {
                    command.fail(error.clone());
                }
            }
        }
        for command in done {
            // What an answer does is its caller's; it is committed either way.
            if std::panic::catch_unwind(AssertUnwindSafe(|| command.answer())).is_err() {
                tracing::error!("answering a command panicked");
            }
        }
    }

    fn transact(
        &mut self,
        first: Box<dyn Command>,
        urgent: &Lanes,
        ordinary: &Lanes,
        started: Instant,
        done: &mut Vec<Box<dyn Command>>,
        entries: &mut Vec<Entry>,
    ) -> Result<()> {
        let mut next = Some(first);
        let known = self.heads.take();
        let begun =
            self.conn.begin().and_then(|()| Heads::load(&mut self.conn, &self.origin, known));
        let mut heads = match begun {
            Ok(heads) => heads,
            Err(error) => {
                done.extend(next);
                return Err(error.into());
            }
        };
        while let Some(mut command) = next.take() {
            let first = done.is_empty();
            let alone = || first && urgent.is_empty() && ordinary.is_empty();
            let result = self.one(&mut *command, &mut heads, entries, alone);
            done.push(command);
            if result? == Group::Ends {
                break;
            }
            if done.len() < GROUP_COMMANDS && started.elapsed() < GROUP_TIME {
                next = urgent.try_recv().or_else(|_| ordinary.try_recv()).ok();
            }
        }
        heads.save(&mut self.conn, &self.origin)?;
        self.conn.commit()?;
        self.heads = Some(heads);
        Ok(())
    }

    /// Runs one command inside its savepoint; `alone` is asked after it has run.
    fn one(
        &mut self,
        command: &mut dyn Command,
        heads: &mut Heads,
        entries: &mut Vec<Entry>,
        alone: impl FnOnce() -> bool,
    ) -> Result<Group> {
        self.conn.savepoint()?;
        let before = *heads;
        let context = command.context().clone();
        let recorded = machine_now();
        let mut tx = Tx {
            conn: &mut self.conn,
            kit: &self.kit,
            origin: &self.origin,
            heads,
            now: context.now.unwrap_or_else(|| self.clock.now()),
            recorded,
            actor: context.actor,
            actor_name: context.actor_name,
            via: context.via,
            arrived: self.clock.now(),
            keys: &self.keys,
            cause: context.cause,
            entries: Vec::new(),
        };
        let ran = std::panic::catch_unwind(AssertUnwindSafe(|| command.run(&mut tx)));
        let added = std::mem::take(&mut tx.entries);
        match ran {
            // A refusal of what it sent will fail the commit, and nobody else with it.
            Ok(true) if alone() => {
                entries.extend(added);
                return Ok(Group::Ends);
            }
            // What it sent without waiting may have been refused after all.
            Ok(true) => match self.conn.settle() {
                Ok(()) => entries.extend(added),
                Err(error) => {
                    *heads = before;
                    self.conn.undo()?;
                    command.fail(error.into());
                }
            },
            Ok(false) => {
                *heads = before;
                self.conn.undo()?;
            }
            Err(panic) => {
                *heads = before;
                self.conn.undo()?;
                command.fail(Error::Internal(format!("a command panicked: {}", said(&panic))));
            }
        }
        self.conn.release()?;
        Ok(Group::GoesOn)
    }
}

/// Whether a group takes another command.
#[derive(PartialEq, Eq)]
enum Group {
    GoesOn,
    Ends,
}

/// The next command, the urgent lane first; `None` when both are closed.
fn wait(urgent: &Lanes, ordinary: &Lanes) -> Option<Box<dyn Command>> {
    if let Ok(command) = urgent.try_recv() {
        return Some(command);
    }
    crossbeam_channel::select! {
        recv(urgent) -> command => command.or_else(|_| ordinary.recv()).ok(),
        recv(ordinary) -> command => command.or_else(|_| urgent.recv()).ok(),
    }
}

/// What a panic said.
pub(crate) fn said(panic: &Box<dyn std::any::Any + Send>) -> String {
    panic
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "without a message".to_owned())
}
