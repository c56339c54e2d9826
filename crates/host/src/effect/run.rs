//! Errands go out: one thread for each effect of a world, and one more for each attempt.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};

use base::{Id, Timestamp};
use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, TryRecvError, bounded};

use super::store::{self, Move};
use super::{Attempt, Effect, Errand, Found, InVain, Outcome, State, Step, WayOut};
use crate::error::{Error, Result};
use crate::tx::Tx;
use crate::world::{Lane, World};
use crate::writer::{self, Context};

/// The longest sleep: somebody may have moved the clock meanwhile.
const LONGEST_SLEEP: Duration = Duration::from_millis(500);
/// After trouble of the database.
const PAUSE: Duration = Duration::from_secs(1);
/// What a person reads of an answer, in characters.
const LONGEST_SAID: usize = 500;
/// How long an errand is set aside at most before somebody looks whether it is ready.
const LONGEST_ASIDE: base::Duration = base::Duration::from_mins(5);
/// Queued errands that are looked at for each one that may go out: those before it may
/// wait for their turn.
const LOOKED_AT: usize = 16;

/// Carries out a world's errands of one effect until the world closes. Without a way out
/// they are suppressed. `advanced` ticks at each commit, and ends with the world.
pub(crate) fn serve(
    world: &World,
    effect: &Arc<dyn Effect>,
    way_out: Option<&Arc<WayOut>>,
    advanced: &Receiver<()>,
) {
    let mut desk = Desk { world, effect, way_out, under_way: Vec::new() };
    let mut left = true;
    while !world.is_closing() {
        let done = if left { desk.settle_what_was_left() } else { desk.round() };
        let wait = match done {
            Ok(wait) => {
                left = false;
                wait
            }
            Err(Error::Busy(_)) if world.is_closing() => break,
            Err(error) => {
                tracing::error!(effect = effect.name(), %error, "errands could not be looked after");
                PAUSE
            }
        };
        match advanced.recv_timeout(wait) {
            Ok(()) | Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => break,
        }
    }
    desk.wait_for_all();
}

struct Desk<'a> {
    world: &'a World,
    effect: &'a Arc<dyn Effect>,
    way_out: Option<&'a Arc<WayOut>>,
    under_way: Vec<UnderWay>,
}

/// An attempt that somebody outside is to answer.
struct UnderWay {
    attempt: Attempt,
    answer: Receiver<()>,
    since: Instant,
}

impl UnderWay {
    fn left(&self) -> Duration {
        self.attempt.answer_within.saturating_sub(self.since.elapsed())
    }
}

impl Desk<'_> {
    /// What was going out when this node last ended: it is found out, or uncertain.
    fn settle_what_was_left(&self) -> Result<Duration> {
        let name = self.effect.name();
        let awaken = move |tx: &mut Tx<'_>| store::awaken(tx, name);
        self.world.start(Lane::Ordinary, Context::system("effect"), awaken)?.wait()?;
        let all = usize::MAX >> 1;
        let left = self.world.read_now(|db| store::of_effect(db, name, State::Attempted, all))?;
        for errand in left {
            let attempt = self.attempt(&errand);
            let found = self.way_out.map_or(Found::Unknown, |way_out| {
                let asked = AssertUnwindSafe(|| self.effect.find_out(way_out, &attempt));
                std::panic::catch_unwind(asked).unwrap_or(Found::Unknown)
            });
            tracing::warn!(name, errand = %errand.id, ?found, "an errand was under way when the node ended");
            let now = self.world.clock().now();
            match found {
                Found::WentOut(receipt) => self.settle(&attempt, Outcome::Done(receipt))?,
                Found::DidNot => self.step(&errand, move |errand| {
                    let why =
                        "the node ended before the answer came, so it goes out again".to_owned();
                    let step = Some(Step::Failed { why, again_at: now });
                    Some(Next { due_at: now, step, ..Next::to(State::Queued, errand) })
                })?,
                Found::Unknown => {
                    let why = "the node ended before the answer came".to_owned();
                    self.settle(&attempt, Outcome::Uncertain(why))?;
                }
            }
        }
        Ok(Duration::ZERO)
    }

    /// Attempts what is due, as far as so many at once allow; answers how long to sleep.
    fn round(&mut self) -> Result<Duration> {
        self.look_after_answers()?;
        let name = self.effect.name();
        let patience = self.effect.patience();
        let room = patience.at_once.max(1).saturating_sub(self.under_way.len());
        if room == 0 {
            return Ok(self.sleep(LONGEST_SLEEP));
        }
        let most = patience.at_once.max(1) * LOOKED_AT;
        let queued = self.world.read_now(|db| store::of_effect(db, name, State::Queued, most))?;
        let Some(first) = queued.first() else { return Ok(self.sleep(LONGEST_SLEEP)) };
        match self.world.clock().until(first.due_at) {
            Some(wait) if wait.is_zero() => {}
            Some(wait) => return Ok(self.sleep(wait)),
            None => return Ok(self.sleep(LONGEST_SLEEP)),
        }
        let now = self.world.clock().now();
        let mut aside = Vec::new();
        for errand in queued.into_iter().filter(|errand| errand.due_at <= now) {
            if patience.at_once.max(1) <= self.under_way.len() {
                break;
            }
            let is_of_subject = |it: &UnderWay| it.attempt.subject == errand.subject;
            if patience.is_in_turn && self.under_way.iter().any(is_of_subject) {
                continue;
            }
            let is_late = errand.until.is_some_and(|until| until <= now);
            if self.way_out.is_some() && !is_late && !self.effect.is_ready(&errand) {
                aside.push(errand);
                continue;
            }
            if let Some(attempt) = self.claim(&errand, now)? {
                let answer = self.start(&attempt);
                let since = Instant::now();
                self.under_way.push(UnderWay { attempt, answer, since });
            }
        }
        self.set_aside(aside, now)?;
        Ok(self.sleep(LONGEST_SLEEP))
    }

    fn sleep(&self, wait: Duration) -> Duration {
        let answers = self.under_way.iter().map(UnderWay::left).min();
        wait.min(LONGEST_SLEEP).min(answers.unwrap_or(LONGEST_SLEEP))
    }

    /// Whoever answers in time has settled it; who does not, settles it later.
    fn look_after_answers(&mut self) -> Result<()> {
        let mut late = Vec::new();
        self.under_way.retain(|it| match it.answer.try_recv() {
            // Without an answer the thread is gone: it is as uncertain as one that is late.
            Ok(()) => false,
            Err(TryRecvError::Empty) if !it.left().is_zero() => true,
            Err(_) => {
                late.push(it.attempt.clone());
                false
            }
        });
        for attempt in late {
            self.settle(&attempt, too_late(&attempt))?;
        }
        Ok(())
    }

    /// Waits for what is under way when the world closes, as long as one may take.
    fn wait_for_all(&mut self) {
        for it in std::mem::take(&mut self.under_way) {
            if it.answer.recv_timeout(it.left()).is_err()
                && let Err(error) = self.settle(&it.attempt, too_late(&it.attempt))
            {
                // The next start finds it under way.
                tracing::error!(errand = %it.attempt.errand, %error, "what came of an errand could not be recorded");
            }
        }
    }

    /// Sets aside what cannot be delivered, until somebody hastens it. Who came within
    /// reach between the question and the commit hastened nothing, so it is asked again.
    fn set_aside(&self, errands: Vec<Errand>, now: Timestamp) -> Result<()> {
        if errands.is_empty() {
            return Ok(());
        }
        let times: Vec<(Id, Timestamp)> = errands
            .iter()
            .map(|errand| {
                let look = now + LONGEST_ASIDE;
                (errand.id, errand.until.map_or(look, |until| until.min(look)))
            })
            .collect();
        let aside = move |tx: &mut Tx<'_>| {
            times.into_iter().try_for_each(|(id, until)| store::set_aside(tx, id, until))
        };
        self.world.start(Lane::Ordinary, Context::system("effect"), aside)?.wait()?;
        let ready: Vec<Id> = errands
            .iter()
            .filter(|errand| self.effect.is_ready(errand))
            .map(|errand| errand.subject)
            .collect();
        if ready.is_empty() {
            return Ok(());
        }
        let name = self.effect.name();
        let hasten = move |tx: &mut Tx<'_>| {
            ready.into_iter().try_for_each(|subject| store::hasten(tx, name, subject))
        };
        self.world.start(Lane::Ordinary, Context::system("effect"), hasten)?.wait()
    }

    fn attempt(&self, errand: &Errand) -> Attempt {
        errand.attempt(self.world.origin(), self.effect.patience().answer_within)
    }

    /// Commits that an errand is attempted; `None` when it is not, since it is too late or
    /// there is no way out.
    fn claim(&self, errand: &Errand, now: Timestamp) -> Result<Option<Attempt>> {
        let late = errand.until.filter(|until| *until <= now);
        let number = errand.attempts + 1;
        let step = match (self.way_out, late) {
            (None, _) => Step::Suppressed,
            (Some(_), Some(until)) => {
                let why = format!("it was not out by its time, {}", until.to_beijing());
                match self.effect.patience().in_vain {
                    InVain::Waits => Step::Parked { why },
                    InVain::Ends => Step::Ended { why },
                }
            }
            (Some(_), None) => Step::Attempted { number },
        };
        let goes_out = matches!(step, Step::Attempted { .. });
        let taken = self.step(errand, move |errand| {
            let next = match &step {
                Step::Attempted { number } => {
                    Next { attempts: *number, ..Next::to(State::Attempted, errand) }
                }
                Step::Parked { why } => {
                    Next { said: Some(why.clone()), ..Next::to(State::Parked, errand) }
                }
                Step::Ended { why } => {
                    Next { said: Some(why.clone()), ..Next::to(State::GivenUp, errand) }
                }
                _ => Next::to(State::Suppressed, errand),
            };
            (errand.state == State::Queued).then_some(Next { step: Some(step), ..next })
        });
        if let Err(error) = taken {
            // The slice could not record it, so nothing has left: that is a failure.
            if matches!(error, Error::Db(_) | Error::Busy(_) | Error::DiskFull) {
                return Err(error);
            }
            self.fail_unrecorded(errand, &error.to_string(), now)?;
            return Ok(None);
        }
        let attempt = Attempt { number, ..self.attempt(errand) };
        Ok(goes_out.then_some(attempt))
    }

    /// Acts on a thread of its own, which settles the errand and then says so.
    fn start(&self, attempt: &Attempt) -> Receiver<()> {
        let (said, answer): (Sender<()>, _) = bounded(1);
        let Some(way_out) = self.way_out.map(Arc::clone) else { return answer };
        let (effect, attempt) = (Arc::clone(self.effect), attempt.clone());
        let run = move || {
            let acted = AssertUnwindSafe(|| effect.act(&way_out, &attempt));
            let outcome = std::panic::catch_unwind(acted).unwrap_or_else(|panic| {
                Outcome::Uncertain(format!("it panicked: {}", writer::said(&panic)))
            });
            let world = way_out.world();
            let desk = Desk { world, effect: &effect, way_out: None, under_way: Vec::new() };
            let settled = desk.settle(&attempt, outcome);
            if let Err(error) = settled {
                // The next start finds it under way.
                tracing::error!(effect = effect.name(), errand = %attempt.errand, %error, "what came of an errand could not be recorded");
            }
            // Nobody waits any more when it is late.
            let _ = said.send(());
        };
        let thread = std::thread::Builder::new().name(format!("errand {}", self.effect.name()));
        // Without a thread nobody says anything, and the errand is uncertain.
        drop(thread.spawn(run));
        answer
    }

    /// Records what came of an attempt, unless its errand has moved on since.
    fn settle(&self, attempt: &Attempt, outcome: Outcome) -> Result<()> {
        let now = self.world.clock().now();
        let patience = self.effect.patience();
        let number = attempt.number;
        let subject = attempt.errand;
        let outcome = shortened(outcome);
        let settle = move |errand: &Errand| {
            let is_open = match errand.state {
                State::Attempted => true,
                // An answer that was waited for no longer.
                State::Uncertain => !matches!(outcome, Outcome::Uncertain(_)),
                _ => false,
            };
            if !is_open || errand.attempts != number {
                return None;
            }
            let failures = errand.failures + 1;
            let pause = usize::try_from(errand.failures).ok().and_then(|n| patience.pauses.get(n));
            Some(match outcome {
                Outcome::Done(receipt) => Next {
                    failures: 0,
                    said: Some(receipt.clone()),
                    step: Some(Step::Done { receipt }),
                    ..Next::to(State::Done, errand)
                },
                Outcome::Uncertain(why) => Next {
                    said: Some(why.clone()),
                    step: Some(Step::Uncertain { why }),
                    ..Next::to(State::Uncertain, errand)
                },
                Outcome::Failed(why) => match pause {
                    Some(pause) => Next {
                        failures,
                        due_at: now + *pause,
                        said: Some(why.clone()),
                        step: Some(Step::Failed { why, again_at: now + *pause }),
                        ..Next::to(State::Queued, errand)
                    },
                    None => in_vain(patience.in_vain, errand, why, failures),
                },
                Outcome::Refused(why) => in_vain(patience.in_vain, errand, why, failures),
            })
        };
        self.step_of(subject, None, settle)
    }

    /// A failure that the slice itself cannot record.
    fn fail_unrecorded(&self, errand: &Errand, why: &str, now: Timestamp) -> Result<()> {
        let patience = self.effect.patience();
        let why: String = why.chars().take(LONGEST_SAID).collect();
        tracing::error!(effect = errand.effect, errand = %errand.id, why, "a step of an errand could not be recorded");
        self.step(errand, move |errand| {
            let pause = usize::try_from(errand.failures).ok().and_then(|n| patience.pauses.get(n));
            let failures = errand.failures + 1;
            let next = match pause {
                Some(pause) => Next { due_at: now + *pause, ..Next::to(State::Queued, errand) },
                None => Next::to(State::Parked, errand),
            };
            (errand.state == State::Queued).then_some(Next {
                failures,
                said: Some(why),
                step: None,
                ..next
            })
        })
    }

    fn step(
        &self,
        errand: &Errand,
        next: impl FnOnce(&Errand) -> Option<Next> + Send + 'static,
    ) -> Result<()> {
        self.step_of(errand.id, errand.thread(), next)
    }

    /// Moves an errand in one transaction with what its slice records about it.
    fn step_of(
        &self,
        id: Id,
        thread: Option<(Id, Id)>,
        next: impl FnOnce(&Errand) -> Option<Next> + Send + 'static,
    ) -> Result<()> {
        let effect = Arc::clone(self.effect);
        let thread = match thread {
            None => self.world.read_now(|db| store::find(db, id))?.and_then(|it| it.thread()),
            thread => thread,
        };
        let context = Context { cause: thread, ..Context::system("effect") };
        let taken = self.world.start(Lane::Urgent, context, move |tx| {
            let Some(errand) = store::find(tx, id)? else { return Ok(()) };
            let Some(next) = next(&errand) else { return Ok(()) };
            take(tx, &*effect, errand, &next)
        })?;
        taken.wait()
    }
}

fn too_late(attempt: &Attempt) -> Outcome {
    Outcome::Uncertain(format!("no answer within {} s", attempt.answer_within.as_secs()))
}

fn in_vain(how: InVain, errand: &Errand, why: String, failures: i64) -> Next {
    let said = Some(why.clone());
    let (state, step) = match how {
        InVain::Waits => (State::Parked, Step::Parked { why }),
        InVain::Ends => (State::GivenUp, Step::Ended { why }),
    };
    Next { failures, said, step: Some(step), ..Next::to(state, errand) }
}

fn shortened(outcome: Outcome) -> Outcome {
    let short = |text: String| text.chars().take(LONGEST_SAID).collect();
    match outcome {
        Outcome::Done(text) => Outcome::Done(short(text)),
        Outcome::Failed(text) => Outcome::Failed(short(text)),
        Outcome::Refused(text) => Outcome::Refused(short(text)),
        Outcome::Uncertain(text) => Outcome::Uncertain(short(text)),
    }
}

/// Where an errand goes, and which step that is.
pub(super) struct Next {
    pub state: State,
    pub attempts: i64,
    pub failures: i64,
    pub due_at: Timestamp,
    pub said: Option<String>,
    /// `None`: nothing that a slice would record.
    pub step: Option<Step>,
}

impl Next {
    pub(super) fn to(state: State, errand: &Errand) -> Next {
        let Errand { attempts, failures, due_at, .. } = *errand;
        Next { state, attempts, failures, due_at, said: errand.said.clone(), step: None }
    }
}

/// Writes where an errand stands now, and lets its slice record the step.
pub(super) fn take(
    tx: &mut Tx<'_>,
    effect: &dyn Effect,
    errand: Errand,
    next: &Next,
) -> Result<()> {
    let Next { state, attempts, failures, due_at, .. } = *next;
    let said = next.said.as_deref();
    store::update(tx, errand.id, &Move { state, attempts, failures, due_at, said })?;
    let Some(step) = &next.step else { return Ok(()) };
    let said = next.said.clone();
    effect.record(tx, &Errand { state, attempts, failures, due_at, said, ..errand }, step)
}
