//! Repeats of a refusal within a minute are one entry of the trail with their count.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use base::Id;
use host::world::wall_clock;
use host::{Caller, Home, Lane, Record, Result, Tx, World};

use super::{AccessRefused, SignInRefused, TrailFact};

/// Distinct sources remembered within a minute; those beyond are counted as one.
const SOURCES: usize = 4_096;
/// The source of those.
const OTHERS: &str = "others";
/// How often a quiet thread looks whether a minute is over or the world closed.
const LOOK_UP: Duration = Duration::from_millis(100);

/// Counts repeats. The first of a minute is written at once, the others as one entry
/// when the minute is over.
#[derive(Default)]
pub(crate) struct Collapse(Mutex<HashMap<Key, Repeated>>);

/// What makes two refusals the same. What was typed is no part of it: one source
/// that tries a thousand names is one line.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Key {
    world: String,
    /// Where it came from, or which account.
    source: String,
    reason: String,
}

struct Repeated {
    world: World,
    minute: i64,
    /// Beyond the first, which is written already.
    more: u64,
    subject: Id,
    fact: TrailFact,
}

impl Collapse {
    /// Writes each minute's counts when it is over, as long as the world is open.
    pub(crate) fn watch(collapse: &Arc<Collapse>, world: &World) {
        let (collapse, watched) = (Arc::clone(collapse), world.clone());
        world.spawn("trail", move || {
            while watched.is_open() {
                collapse.write_before(minute_now());
                std::thread::park_timeout(LOOK_UP);
            }
        });
    }

    pub(crate) fn sign_in_refused(&self, world: &World, name: &str, source: &str, reason: &str) {
        self.sign_in_refused_at(world, name, source, reason, minute_now());
    }

    /// Like [`Collapse::sign_in_refused`], in a minute of the machine's clock.
    pub(crate) fn sign_in_refused_at(
        &self,
        world: &World,
        name: &str,
        source: &str,
        reason: &str,
        minute: i64,
    ) {
        let fact = SignInRefused {
            account: name.to_owned(),
            source: source.to_owned(),
            reason: reason.to_owned(),
            count: 1,
        };
        let key = Key {
            world: world.name().to_owned(),
            source: source.to_owned(),
            reason: format!("sign-in {reason}"),
        };
        let fact = TrailFact::SignInRefused(fact);
        self.note(world, key, Id::from_u128(0), fact, minute);
    }

    pub(crate) fn refused(&self, world: &World, caller: &Caller, route: &str, code: &str) {
        let fact = AccessRefused {
            account: caller.account.clone(),
            route: route.to_owned(),
            code: code.to_owned(),
            count: 1,
        };
        let key = Key {
            world: world.name().to_owned(),
            source: format!("account {}", caller.account),
            reason: format!("access {route} {code}"),
        };
        self.note(world, key, caller.person, TrailFact::AccessRefused(fact), minute_now());
    }

    /// Notes one refusal in a minute of the machine's clock.
    fn note(&self, world: &World, key: Key, subject: Id, fact: TrailFact, minute: i64) {
        self.write_before(minute);
        let first = {
            let mut seen = self.lock();
            let full = SOURCES <= seen.len() && !seen.contains_key(&key);
            let (key, fact) = if full { of_others(key, fact) } else { (key, fact) };
            if let Some(repeated) = seen.get_mut(&key) {
                repeated.more += 1;
                return;
            }
            let first = fact.clone();
            seen.insert(key, Repeated { world: world.clone(), minute, more: 0, subject, fact });
            first
        };
        write(world, vec![(subject, first)]);
    }

    /// Writes what was counted in the minutes before this one.
    pub(crate) fn write_before(&self, minute: i64) {
        let over: Vec<Repeated> = {
            let mut seen = self.lock();
            let over = seen.extract_if(|_, repeated| repeated.minute < minute);
            over.map(|(_, repeated)| repeated).collect()
        };
        let mut due: HashMap<String, (World, Vec<(Id, TrailFact)>)> = HashMap::new();
        for repeated in over.into_iter().filter(|repeated| 0 < repeated.more) {
            let Repeated { world, subject, fact, more, .. } = repeated;
            let (_, facts) =
                due.entry(world.name().to_owned()).or_insert_with(|| (world, Vec::new()));
            facts.push((subject, counted(fact, more)));
        }
        for (world, facts) in due.into_values() {
            write(&world, facts);
        }
    }

    /// Writes all that was counted: the node closes.
    pub(crate) fn write_all(&self) {
        self.write_before(i64::MAX);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Key, Repeated>> {
        self.0.lock().expect("no holder panics")
    }
}

fn minute_now() -> i64 {
    wall_clock().as_millis() / 60_000
}

fn of_others(key: Key, fact: TrailFact) -> (Key, TrailFact) {
    let fact = match fact {
        TrailFact::SignInRefused(refused) => {
            TrailFact::SignInRefused(SignInRefused { source: OTHERS.to_owned(), ..refused })
        }
        other => other,
    };
    (Key { source: OTHERS.to_owned(), ..key }, fact)
}

fn counted(fact: TrailFact, count: u64) -> TrailFact {
    match fact {
        TrailFact::SignInRefused(refused) => {
            TrailFact::SignInRefused(SignInRefused { count, ..refused })
        }
        TrailFact::AccessRefused(refused) => {
            TrailFact::AccessRefused(AccessRefused { count, ..refused })
        }
        other => other,
    }
}

fn write(world: &World, facts: Vec<(Id, TrailFact)>) {
    let note = move |tx: &mut Tx<'_>| {
        for (subject, fact) in facts {
            tx.note(Record::first(subject, Home::node(), fact))?;
        }
        Ok(())
    };
    let done = |written: Result<()>| {
        if let Err(error) = written {
            tracing::error!(%error, "an entry of the trail was not written");
        }
    };
    if let Err(error) = world.run_then(Lane::Ordinary, "web", note, done) {
        tracing::error!(%error, "an entry of the trail was not written");
    }
}
