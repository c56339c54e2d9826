//! The engine: holds every reading against the rules, and loses no alarm.
//!
//! In: batches of readings, in memory by a tap of the series store, and from its
//! write-ahead log at the start and wherever the tap left a gap.
//! Out: outcomes, which [`crate::finding`] records.
//! Tables: working state `rule_state`, `rule_position`.
//!
//! A ruling is recorded in one transaction with the state that it left. Quiet
//! states are saved behind, at most once a second, and only then may the log be
//! cut. After a crash the log is read again from the saved position: each judge
//! skips what its own state has seen, and what it finds again has the key of what
//! it found before.

mod judges;
mod measure;
mod memory;
pub(crate) mod model;
mod save;
mod stored;
mod sweep;

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::{Duration, Instant};

use host::{Error, Lane, Result, Slice, Table, World};
use series::{Batch, Consumer, Position, SeriesError};

pub use judges::{Judge, Judges, Ruling};
pub use model::{
    Accepts, Comparison, Crossing, Direction, Limits, Measure, Memory, Outcome, Over, Seen, State,
};

use crate::rule::{self, Rule, RuleId};
use save::{Case, Saved};
use sweep::Sweeper;

/// The engine's name as a consumer of the log.
pub(crate) const CONSUMER: &str = "rules";
/// Batches and samples that may wait in memory; beyond, the log is read instead.
const INBOX_BATCHES: usize = 8_192;
const INBOX_SAMPLES: usize = 1 << 20;
/// Rulings in one transaction at most: a few milliseconds of the writer.
const RULINGS_AT_ONCE: usize = 64;
/// How long the engine waits for readings before it looks around.
const PAUSE: Duration = Duration::from_millis(50);
/// The shortest time between two tries, and two complaints, about the same.
const PATIENCE: Duration = Duration::from_secs(1);

const TABLES: &[Table] = &[Table::working("rule_state"), Table::working("rule_position")];

pub(crate) fn slice() -> Slice {
    Slice::without_facts("engine", TABLES, rule::READ)
}

/// Starts a world's engine on a thread that ends with the world.
pub(crate) fn start(world: &World) -> Result<()> {
    let engine = Engine::open(world)?;
    world.spawn("rules", move || engine.serve());
    Ok(())
}

/// The engine of one world. [`crate::part`] runs it on a thread of its own; stories
/// take it out of the part and drive it by hand.
pub struct Engine {
    world: World,
    /// Whose rules are judged here.
    origins: Vec<String>,
    consumer: Consumer,
    inbox: Receiver<Batch>,
    waiting: Arc<AtomicUsize>,
    judges: Judges,
    /// The last batch judged.
    position: Position,
    /// The last entry of the log looked at for changed rules.
    seen: i64,
    /// Rulings not yet recorded, in order.
    rulings: Vec<Ruling>,
    /// Rulings that the log refused, and what followed from the same rules.
    refused: Vec<Ruling>,
    /// Not before this are they tried again.
    retry_at: Option<Instant>,
    complained_at: Option<Instant>,
    sweeper: Sweeper,
}

impl Engine {
    /// Takes up where the last engine of this world left off.
    ///
    /// # Errors
    /// [`Error::Db`] when the saved state does not read; [`Error::Internal`] when the
    /// series store refuses a consumer.
    pub fn open(world: &World) -> Result<Engine> {
        let consumer = world.series().consumer(CONSUMER).map_err(internal)?;
        let (sender, inbox) = sync_channel(INBOX_BATCHES);
        let waiting = Arc::new(AtomicUsize::new(0));
        // Before the position is read, so that no batch falls between.
        world.series().tap(tap(sender, Arc::clone(&waiting)));
        // Before the rules are read: one that changes meanwhile is read twice.
        let seen = world.last_seq();
        let origins = own_origins(world);
        let (position, rules) =
            world.read_now(|db| Ok((save::position(db)?, rule::in_force(db, &origins)?)))?;
        let mut engine = Engine {
            world: world.clone(),
            origins,
            position: start_at(position, &consumer, world.series().position()),
            consumer,
            inbox,
            waiting,
            judges: Judges::default(),
            seen,
            rulings: Vec::new(),
            refused: Vec::new(),
            retry_at: None,
            complained_at: None,
            sweeper: Sweeper::default(),
        };
        engine.seat(&rules)?;
        engine.sweeper.at(engine.position);
        Ok(engine)
    }

    /// Judges all that is in the log and records what comes of it; then returns.
    ///
    /// # Errors
    /// When something could not be read or recorded; nothing of it is forgotten.
    pub fn drain(&mut self) -> Result<()> {
        while let Ok(batch) = self.inbox.try_recv() {
            self.waiting.fetch_sub(batch.samples.len(), Ordering::Relaxed);
        }
        self.refresh()?;
        self.catch_up()?;
        self.retry_at = None;
        self.record()
    }

    /// Saves every state and lets the log go behind them; then returns. While rulings
    /// wait to be tried again it does nothing: states may be saved only with them.
    ///
    /// # Errors
    /// When something could not be recorded or saved.
    pub fn save(&mut self) -> Result<()> {
        self.record()?;
        if self.is_settled() { sweep::all(self) } else { Ok(()) }
    }

    fn serve(mut self) {
        while self.world.is_open() {
            let done = match self.inbox.recv_timeout(PAUSE) {
                Ok(batch) => self.take_all(batch),
                Err(RecvTimeoutError::Timeout) => self.refresh().and_then(|()| self.catch_up()),
                // The series store is gone, and with it the world.
                Err(RecvTimeoutError::Disconnected) => return,
            };
            match done.and_then(|()| self.record()) {
                Ok(()) => sweep::step(&mut self),
                Err(Error::Busy(_)) => return,
                Err(error) => self.complain(&error),
            }
        }
    }

    /// Judges a batch and those that wait behind it, until there is a transaction full
    /// to record: many alarms at once cost a few commits, and one alone waits for nobody.
    fn take_all(&mut self, first: Batch) -> Result<()> {
        let mut next = Some(first);
        while let Some(batch) = next {
            self.waiting.fetch_sub(batch.samples.len(), Ordering::Relaxed);
            self.refresh()?;
            self.take(&batch)?;
            next = match self.rulings.len() < RULINGS_AT_ONCE {
                true => self.inbox.try_recv().ok(),
                false => None,
            };
        }
        Ok(())
    }

    /// Judges a batch from the tap, and what is missing before it out of the log.
    fn take(&mut self, batch: &Batch) -> Result<()> {
        if self.position.0 + 1 < batch.position.0 {
            let missing = self.catch_up();
            if missing.is_err() && self.position < batch.position {
                // An alarm now is worth more than the order: the readings between
                // are in the series, and the error says that they were not judged.
                self.judge(batch);
            }
            return missing;
        }
        self.judge(batch);
        Ok(())
    }

    fn judge(&mut self, batch: &Batch) {
        if self.position < batch.position {
            self.judges.judge(batch, &mut self.rulings);
            self.position = batch.position;
        }
    }

    /// Judges what is in the log after the position.
    fn catch_up(&mut self) -> Result<()> {
        if self.world.series().position() <= self.position {
            return Ok(());
        }
        let batches = match self.consumer.read_after(self.position) {
            Err(SeriesError::Released { asked, oldest }) => {
                tracing::error!(
                    asked = asked.0,
                    oldest = oldest.0,
                    "readings left the log before the rules had judged them"
                );
                self.position = oldest;
                self.consumer.read_after(oldest)
            }
            batches => batches,
        };
        for batch in batches.map_err(internal)? {
            let batch = batch.map_err(internal)?;
            // Asked now that the readings are here: a rule that was published before them
            // judges them, and would start behind them if it were asked for later.
            self.refresh()?;
            self.judge(&batch);
            if RULINGS_AT_ONCE <= self.rulings.len() {
                self.record()?;
            }
            if !self.world.is_open() {
                return Err(Error::Busy("the world is closed"));
            }
        }
        Ok(())
    }

    /// Takes in rules that were published or retired since it last looked.
    fn refresh(&mut self) -> Result<()> {
        let last = self.world.last_seq();
        if last <= self.seen {
            return Ok(());
        }
        let (seen, origins) = (self.seen, &self.origins);
        let changed = self.world.read_now(|db| rule::changed(db, origins, seen, last))?;
        let mut placed = Vec::new();
        for (id, rule) in changed {
            match rule {
                Some(rule) => placed.push(rule),
                None => self.judges.remove(id),
            }
        }
        self.seat(&placed)?;
        self.seen = last;
        Ok(())
    }

    /// Seats a judge for each rule that has none of its version. It counts from
    /// nothing; what is late for its predecessor is late for it, and what stands
    /// is what the log says.
    fn seat(&mut self, rules: &[Rule]) -> Result<()> {
        let mut judges = Vec::new();
        for rule in rules {
            let before = self.judges.get(rule.id);
            if before.is_some_and(|judge| judge.version == rule.version) {
                continue;
            }
            let mut judge = self.remembered(rule)?;
            if let Some(before) = before {
                judge.follow(before.state.newest);
                judge.upto = judge.upto.max(before.upto);
            }
            judges.push(judge);
        }
        if !judges.is_empty() {
            self.judges.put(judges);
        }
        Ok(())
    }

    /// A rule's judge as the database remembers it.
    fn remembered(&self, rule: &Rule) -> Result<Judge> {
        let store = self.world.series();
        let series = match store.series_of(rule.sensor.into()) {
            Some(series) => series,
            // It has not reported yet; the number is the same for ever.
            None => store.register(rule.sensor.into(), rule.quantity.kind()).map_err(internal)?,
        };
        let position = self.position;
        self.world.read_now(|db| save::judge(db, rule, series, position))
    }

    /// Records the rulings, with the states that they left.
    fn record(&mut self) -> Result<()> {
        if self.retry_at.is_none_or(|at| at <= Instant::now()) {
            let refused = std::mem::take(&mut self.refused);
            self.rulings.splice(..0, refused);
        }
        if self.rulings.is_empty() {
            return Ok(());
        }
        let rulings = std::mem::take(&mut self.rulings);
        let mut open: HashMap<RuleId, usize> = HashMap::new();
        for ruling in rulings.iter().chain(&self.refused) {
            *open.entry(ruling.rule).or_default() += 1;
        }
        let mut failed = None;
        for group in rulings.chunks(RULINGS_AT_ONCE) {
            let is_free = !group.iter().any(|ruling| mentions(&self.refused, ruling.rule));
            if is_free && self.record_group(group, &mut open).is_ok() {
                continue;
            }
            // One of them is refused: alone, so that it takes no other with it. What
            // follows it from the same rule waits behind it.
            for ruling in group {
                if mentions(&self.refused, ruling.rule) {
                    self.refused.push(ruling.clone());
                } else if let Err(error) =
                    self.record_group(std::slice::from_ref(ruling), &mut open)
                {
                    self.refused.push(ruling.clone());
                    self.retry_at = Some(Instant::now() + PATIENCE);
                    failed = Some(error);
                }
            }
        }
        failed.map_or(Ok(()), Err)
    }

    /// Records some rulings in one transaction. `open`: how many of each rule are not
    /// recorded; its state goes with the last, or a crash would lose those after.
    fn record_group(&mut self, group: &[Ruling], open: &mut HashMap<RuleId, usize>) -> Result<()> {
        let cases: Vec<Case> =
            group.iter().map(|ruling| Case::new(&self.world, ruling.clone())).collect();
        let mut here: HashMap<RuleId, usize> = HashMap::new();
        for ruling in group {
            *here.entry(ruling.rule).or_default() += 1;
        }
        let is_last = |(rule, count): (&RuleId, &usize)| open.get(rule) == Some(count);
        let rules: Vec<RuleId> =
            here.iter().filter(|it| is_last(*it)).map(|(rule, _)| *rule).collect();
        let states = self.saved(&rules);
        self.world.run(Lane::Urgent, "rule", move |tx| {
            cases.into_iter().try_for_each(|case| case.decide(tx))?;
            save::save(tx, &states)
        })?;
        for (rule, count) in here {
            open.entry(rule).and_modify(|open| *open -= count);
        }
        self.judges.note_saved(&rules);
        Ok(())
    }

    /// The present states of these rules, on their way to the disk.
    fn saved(&self, rules: &[RuleId]) -> Vec<Saved> {
        let judges = rules.iter().filter_map(|rule| self.judges.get(*rule));
        judges.map(|judge| Saved::new(judge, self.position.max(judge.upto))).collect()
    }

    /// Whether every ruling is recorded.
    fn is_settled(&self) -> bool {
        self.rulings.is_empty() && self.refused.is_empty()
    }

    fn complain(&mut self, error: &Error) {
        let due = self.complained_at.is_none_or(|at| PATIENCE <= at.elapsed());
        if due {
            let waiting = self.rulings.len() + self.refused.len();
            tracing::error!(%error, waiting, "the rules are held up");
            self.complained_at = Some(Instant::now());
        }
    }
}

/// Whose rules a world judges by: its own, and those of the world that it branched
/// from, whose name it carries on (`town.flood-2026` on `town`). Rules in a log that
/// another node sent are judged there.
pub(crate) fn own_origins(world: &World) -> Vec<String> {
    let own = world.origin().to_owned();
    let base = own.strip_suffix(&format!(".{}", world.name())).map(str::to_owned);
    [own].into_iter().chain(base).collect()
}

/// Hands batches to the engine as long as they fit; what does not is in the log.
fn tap(sender: SyncSender<Batch>, waiting: Arc<AtomicUsize>) -> Box<dyn Fn(&Batch) + Send + Sync> {
    Box::new(move |batch| {
        let samples = batch.samples.len();
        if waiting.fetch_add(samples, Ordering::Relaxed) + samples > INBOX_SAMPLES
            || sender.try_send(batch.clone()).is_err()
        {
            waiting.fetch_sub(samples, Ordering::Relaxed);
        }
    })
}

/// Where to begin: after the saved position, or with the oldest batch there is.
fn start_at(saved: Option<Position>, consumer: &Consumer, last: Position) -> Position {
    let position = saved.unwrap_or_else(|| consumer.released());
    if last < position {
        tracing::error!(
            judged = position.0,
            last = last.0,
            "the series are older than what the rules have judged: they were restored from elsewhere"
        );
        return last;
    }
    position
}

fn mentions(rulings: &[Ruling], rule: RuleId) -> bool {
    rulings.iter().any(|ruling| ruling.rule == rule)
}

fn internal(error: SeriesError) -> Error {
    Error::Internal(format!("series: {error}"))
}

#[cfg(test)]
mod model_tests;
#[cfg(test)]
mod record_tests;
