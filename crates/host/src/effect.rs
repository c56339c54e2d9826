//! Effects: what a slice does outside this node, where nothing can be undone.
//!
//! In: a command, a reaction or a job orders an errand with [`Tx::send_out`], in the
//! transaction that records why. Out: whatever goes out; `errand.resolved`, and what the
//! slice records about each step. Tables: `errand`, working state. Screens: the list of
//! errands, the health page. Decision in ADR 0016; how to write one in
//! `docs/how-to/add-an-effect.md`.
//!
//! That an errand is attempted is committed before anything leaves, and what came of it
//! after. Whoever dies between the two does not know whether it went out: then it is
//! uncertain, and a person says what is to be done, unless the effect can find out.

mod resolve;
mod run;
mod store;

#[cfg(test)]
mod tests;

use std::any::Any;
use std::sync::Arc;

use base::{Duration, Id, Timestamp};
use serde_json::Value as Json;

use crate::error::{Error, Result};
use crate::tx::Tx;
use crate::world::World;

pub(crate) use resolve::part;
pub use resolve::{Decision, ErrandFact, READ, RESOLVE, Resolved};
pub(crate) use run::serve;
pub use store::{Counts, Errand, State, counts};
pub(crate) use store::{is_open, newest_done, open_errands};

/// What a slice does outside. One value for each, in [`crate::Part::effects`].
pub trait Effect: Any + Send + Sync {
    /// Unique, and stable: errands go by it. `sms.send`.
    fn name(&self) -> &'static str;

    /// Carries out one attempt, and blocks while it does. It hands [`Attempt::key`] to
    /// whoever is outside, so that the same errand again is known there, and gives up by
    /// [`Attempt::answer_within`]: an answer that comes later is taken, and until then the
    /// errand is uncertain.
    fn act(&self, way_out: &WayOut, attempt: &Attempt) -> Outcome;

    /// Whether whoever an errand is for can be reached now. One that cannot is set aside
    /// without an attempt, until [`Tx::hasten`] says that it is time or its own time is over.
    fn is_ready(&self, _errand: &Errand) -> bool {
        true
    }

    /// Records what the log is to have of a step, in the transaction that takes it. It
    /// must not refuse: a step that cannot be recorded is not taken.
    ///
    /// # Errors
    /// Trouble of the database.
    fn record(&self, _tx: &mut Tx<'_>, _errand: &Errand, _step: &Step) -> Result<()> {
        Ok(())
    }

    /// Asks outside about an attempt whose answer this node did not live to hear.
    fn find_out(&self, _way_out: &WayOut, _attempt: &Attempt) -> Found {
        Found::Unknown
    }

    fn patience(&self) -> Patience {
        Patience::default()
    }
}

impl World {
    /// An effect of this world's parts, for whoever supplies it with what it needs outside.
    pub fn effect<E: Effect>(&self) -> Option<Arc<E>> {
        self.kit().effects.iter().find_map(|effect| {
            let any: Arc<dyn Any + Send + Sync> = Arc::<dyn Effect>::clone(effect);
            any.downcast().ok()
        })
    }
}

/// How long an effect waits, how often, and how many of its errands at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// For the answer to one attempt, by the machine's clock: sockets know no other.
    pub answer_within: std::time::Duration,
    /// After each failure, by the world's clock; once they are used up it is parked.
    pub pauses: &'static [Duration],
    /// Errands under way at one time.
    pub at_once: usize,
    /// Whether errands about one subject go out one after another.
    pub is_in_turn: bool,
    /// What becomes of one that was not out by its time, or failed too often.
    pub in_vain: InVain,
}

/// What becomes of an errand that is not tried any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InVain {
    /// It is parked: a person decides.
    Waits,
    /// It is over, and whoever ordered it is told: nobody wants it later.
    Ends,
}

impl Default for Patience {
    /// Half a minute for an answer; five attempts within three quarters of an hour.
    fn default() -> Patience {
        const PAUSES: &[Duration] = &[
            Duration::from_secs(10),
            Duration::from_secs(60),
            Duration::from_secs(600),
            Duration::from_secs(1_800),
        ];
        let answer_within = std::time::Duration::from_secs(30);
        Patience {
            answer_within,
            pauses: PAUSES,
            at_once: 1,
            is_in_turn: false,
            in_vain: InVain::Waits,
        }
    }
}

/// The way out of a world. Only `real` has one: no drill and no look into the past can
/// get at a value of this type, so what they order is suppressed and never carried out.
pub struct WayOut(World);

impl WayOut {
    /// For the world that is opened as the real one.
    pub(crate) fn of(world: &World) -> WayOut {
        WayOut(world.clone())
    }

    /// The world that the errand comes from, to read what its payload names.
    pub fn world(&self) -> &World {
        &self.0
    }
}

/// One try at an errand.
#[derive(Debug, Clone, PartialEq)]
pub struct Attempt {
    /// The same at every attempt of one errand, and of no other on any node: for
    /// whoever is outside to know it by.
    pub key: String,
    pub errand: Id,
    pub subject: Id,
    pub payload: Json,
    /// 1 for the first.
    pub number: i64,
    pub answer_within: std::time::Duration,
    /// From here on it must not go out, by the world's clock.
    pub until: Option<Timestamp>,
}

/// What came of an attempt. Texts are for people: no personal data in them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Outside has it, and says so in these words: a message's number, a file's name.
    Done(String),
    /// It did not go out, that is certain; later it may.
    Failed(String),
    /// It did not go out, and never will as it is: no such number.
    Refused(String),
    /// Nobody here knows: the line broke before the answer.
    Uncertain(String),
}

/// What outside says of an attempt when asked afterwards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    WentOut(String),
    /// Then it is attempted again.
    DidNot,
    Unknown,
}

/// A step of an errand, as a slice may record it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// About to go out.
    Attempted {
        number: i64,
    },
    Done {
        receipt: String,
    },
    Failed {
        why: String,
        again_at: Timestamp,
    },
    Uncertain {
        why: String,
    },
    /// Given up until a person decides.
    Parked {
        why: String,
    },
    /// Over, and never out as far as anybody knows ([`InVain::Ends`]).
    Ended {
        why: String,
    },
    /// This world has no way out.
    Suppressed,
    /// A person has decided.
    Resolved(Resolved),
}

/// What is to be done outside.
#[derive(Debug, Clone)]
pub struct Order {
    effect: &'static str,
    subject: Id,
    title: String,
    payload: Json,
    key: Option<String>,
    until: Option<Timestamp>,
}

/// The largest payload of an errand, in bytes: ids, not documents.
const LARGEST_PAYLOAD: usize = 64 << 10;
const LONGEST_KEY: usize = 200;

impl Order {
    /// - `subject`: what it is about; it is seen by whoever sees that.
    /// - `title`: one Chinese sentence for the list of errands, without a full stop.
    /// - `payload`: what [`Effect::act`] needs, as ids that it looks up. No name and no
    ///   number of a person: it is kept in clear.
    pub fn new(
        effect: &'static str,
        subject: impl Into<Id>,
        title: impl Into<String>,
        payload: Json,
    ) -> Order {
        let (subject, title) = (subject.into(), title.into());
        Order { effect, subject, title, payload, key: None, until: None }
    }

    /// Under a key of its own an errand is ordered once, however often this is called.
    pub fn key(mut self, key: impl Into<String>) -> Order {
        self.key = Some(key.into());
        self
    }

    /// It must not go out from this moment on, by the world's clock.
    pub fn until(mut self, moment: Timestamp) -> Order {
        self.until = Some(moment);
        self
    }
}

impl Tx<'_> {
    /// Orders an errand, which goes out after this transaction is committed and not if it
    /// is not. Answers its id, that of the first when its key is known.
    ///
    /// # Errors
    /// [`Error::Internal`] for an effect that no part has, a payload or a key that is too
    /// large; [`Error::Db`] when the database does not answer.
    pub fn send_out(&mut self, order: Order) -> Result<Id> {
        if !self.kit.effects.iter().any(|effect| effect.name() == order.effect) {
            return Err(Error::Internal(format!("no part has the effect {}", order.effect)));
        }
        let id = self.new_id();
        let key = order.key.unwrap_or_else(|| id.to_string());
        let payload = order.payload.to_string();
        if LARGEST_PAYLOAD < payload.len() || LONGEST_KEY < key.len() {
            return Err(Error::Internal(format!(
                "{}: a payload of {} bytes under a key of {}, expected at most {LARGEST_PAYLOAD} \
                 and {LONGEST_KEY}",
                order.effect,
                payload.len(),
                key.len()
            )));
        }
        let home = self.find_home(order.subject)?.unwrap_or_default();
        let cause = self.entries.last().map(|entry| (entry.id(), entry.header.correlation));
        let cause = cause.or(self.cause);
        store::insert(
            self,
            &store::New {
                id,
                effect: order.effect,
                key: &key,
                subject: order.subject,
                home: &home,
                title: &order.title,
                payload: &payload,
                cause,
                until: order.until,
            },
        )
    }

    /// Those whom an effect's errands about `subject` are for can be reached now.
    ///
    /// # Errors
    /// [`Error::Db`] when the database does not answer.
    pub fn hasten(&mut self, effect: &'static str, subject: impl Into<Id>) -> Result<()> {
        store::hasten(self, effect, subject.into())
    }

    /// Takes back an errand by its key, if it has not been attempted: then `true`.
    ///
    /// # Errors
    /// [`Error::Db`] when the database does not answer.
    pub fn withdraw(&mut self, effect: &'static str, key: &str) -> Result<bool> {
        store::withdraw(self, effect, key)
    }

    /// What was uncertain about an errand is known: it went out, and outside says so.
    ///
    /// # Errors
    /// [`Error::Db`] when the database does not answer.
    pub fn went_out(&mut self, effect: &'static str, key: &str, said: &str) -> Result<()> {
        store::went_out(self, effect, key, said)
    }
}
