//! What outlives a connection: sessions, subscriptions, commands on their way, wills that wait.
//!
//! One hub for all connections of a door. It owns no socket and no clock either: time
//! comes in, and what is due comes out of [`Hub::tick`].

mod client;
mod limits;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use base::{Duration, Timestamp};

use self::client::{Attached, Client};
use super::{Command, Frame, Qos};
use crate::session::{CommandError, CommandId, CommandResult, Wake};

pub(super) use self::client::Delivery;
pub use self::limits::HubLimits;

/// All clients of a door; cheap to clone.
#[derive(Clone, Default)]
pub struct Hub(Arc<Mutex<State>>);

/// Names one connection of a hub; never used twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct ConnectionId(u64);

/// Whose session it is: two stations that chose the same identifier are two clients.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Key {
    pub code: Arc<str>,
    pub client: Arc<str>,
}

/// What became due without a connection.
#[derive(Debug, Clone, PartialEq)]
pub enum Due {
    /// A client that is gone did not come back in time.
    Will { frame: Frame, raw: Vec<u8> },
    /// A command has ended; nobody took it.
    Done { command: CommandId, result: CommandResult },
}

/// How a client came in.
pub(super) struct Entry {
    pub connection: ConnectionId,
    /// Its session was there already.
    pub is_present: bool,
}

/// A will that waits for its client to come back.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct HeldWill {
    pub frame: Frame,
    pub raw: Vec<u8>,
}

#[derive(Default)]
struct State {
    limits: HubLimits,
    clients: BTreeMap<Key, Client>,
    /// Sessions without a connection, by their end.
    ends: BTreeSet<(Timestamp, Key)>,
    /// Wills that wait, by when they are due.
    wills: BTreeMap<(Timestamp, Key), HeldWill>,
    /// When commands are out of date; whether they are still there is not known here.
    expiries: BTreeSet<(Timestamp, Key)>,
    /// What became due by something else than time.
    due: Vec<Due>,
    next_connection: u64,
    next_command: u64,
    next_name: u64,
}

impl Hub {
    pub fn new(limits: HubLimits) -> Hub {
        Hub(Arc::new(Mutex::new(State { limits, ..State::default() })))
    }

    /// Clients that are connected, and sessions that wait for theirs.
    pub fn count(&self) -> (usize, usize) {
        let state = self.state();
        (state.clients.len() - state.ends.len(), state.ends.len())
    }

    /// Gives a command to the client that speaks for `code` and listens: the one that is
    /// connected, or one that is expected back.
    ///
    /// # Errors
    /// [`CommandError::Unheard`] when none listens, [`CommandError::Full`] when as many
    /// wait for it as are allowed.
    pub fn command(&self, code: &str, command: Command) -> Result<CommandId, CommandError> {
        let mut state = self.state();
        let from = Key { code: Arc::from(code), client: Arc::from("") };
        let listening = state
            .clients
            .range(from..)
            .take_while(|(key, _)| &*key.code == code)
            .filter(|(key, client)| client.listens(&key.code).is_some());
        let key = listening
            .max_by_key(|(_, client)| client.attached.is_some())
            .map(|(key, _)| key.clone())
            .ok_or_else(|| CommandError::Unheard(code.to_owned()))?;
        state.give(&key, command)
    }

    /// How long a session waits for its client at most.
    pub fn longest_session(&self) -> Duration {
        self.state().limits.longest_session
    }

    /// When [`Hub::tick`] is due at the latest; long ago when something is due now.
    pub fn deadline(&self) -> Option<Timestamp> {
        let state = self.state();
        if !state.due.is_empty() {
            return Some(Timestamp::MIN);
        }
        let end = state.ends.first().map(|(at, _)| *at);
        let will = state.wills.first_key_value().map(|((at, _), _)| *at);
        let expiry = state.expiries.first().map(|(at, _)| *at);
        end.into_iter().chain(will).chain(expiry).min()
    }

    /// Ends the sessions and commands that are over at `now`; says what became due.
    pub fn tick(&self, now: Timestamp) -> Vec<Due> {
        let mut state = self.state();
        while let Some((at, key)) = state.expiries.first().cloned()
            && at <= now
        {
            state.expiries.pop_first();
            let over = state.clients.get_mut(&key).map_or_else(Vec::new, |it| it.expire(now));
            let result = CommandResult::Unanswered;
            state.due.extend(over.into_iter().map(|command| Due::Done { command, result }));
        }
        while let Some((at, key)) = state.ends.first().cloned()
            && at <= now
        {
            state.end(&key);
        }
        while let Some(((at, key), _)) = state.wills.first_key_value()
            && *at <= now
        {
            let key = key.clone();
            state.publish_will(&key);
        }
        std::mem::take(&mut state.due)
    }

    /// A name for a client that gave none.
    pub(super) fn name(&self) -> Arc<str> {
        let mut state = self.state();
        state.next_name += 1;
        format!("fengsui-{}", state.next_name).into()
    }

    /// Lets a client in, which ends its connection of before. `None` when there is no
    /// room for a session more.
    pub(super) fn attach(&self, key: &Key, is_clean: bool, wake: Option<Wake>) -> Option<Entry> {
        let mut state = self.state();
        if let Some(before) = state.clients.get_mut(key) {
            if let Some(Attached { wake: Some(wake), .. }) = before.attached.take() {
                wake();
            }
            before.forget_flight();
            if is_clean {
                state.end(key);
            } else {
                state.awaken(key);
            }
        } else if state.limits.clients <= state.clients.len() {
            // Who has waited longest for its client goes; who is connected stays.
            let (_, oldest) = state.ends.first()?.clone();
            state.end(&oldest);
        }
        state.next_connection += 1;
        let connection = ConnectionId(state.next_connection);
        let is_present = state.clients.contains_key(key);
        let client = state.clients.entry(key.clone()).or_default();
        client.attached = Some(Attached { connection, wake });
        Some(Entry { connection, is_present })
    }

    /// Whether this connection is still the client's.
    pub(super) fn is_attached(&self, key: &Key, connection: ConnectionId) -> bool {
        self.state().of(key, connection).is_some()
    }

    /// The connection has ended; its session lives for `expiry` more.
    pub(super) fn detach(
        &self,
        now: Timestamp,
        key: &Key,
        connection: ConnectionId,
        expiry: Duration,
    ) {
        let mut state = self.state();
        let end = now + expiry.min(state.limits.longest_session);
        let Some(client) = state.of(key, connection) else { return };
        client.attached = None;
        client.forget_flight();
        if expiry <= Duration::ZERO {
            state.end(key);
        } else {
            client.ends = Some(end);
            state.ends.insert((end, key.clone()));
        }
    }

    /// Keeps a will for so long, or for as long as the session if that ends before.
    pub(super) fn hold_will(&self, due: Timestamp, key: &Key, will: HeldWill) {
        let mut state = self.state();
        match state.clients.get_mut(key).and_then(|client| Some((client.ends?, client))) {
            Some((end, client)) => {
                let due = due.min(end);
                client.will_due = Some(due);
                state.wills.insert((due, key.clone()), will);
            }
            None => state.due.push(Due::Will { frame: will.frame, raw: will.raw }),
        }
    }

    /// Whether there was room for one more filter; one that is there gets the new quality.
    pub(super) fn subscribe(
        &self,
        key: &Key,
        connection: ConnectionId,
        (filter, qos): (&Arc<str>, Qos),
    ) -> bool {
        let mut state = self.state();
        let most = state.limits.filters;
        state.of(key, connection).is_some_and(|client| client.subscribe(filter, qos, most))
    }

    /// Whether the filter was there.
    pub(super) fn unsubscribe(&self, key: &Key, connection: ConnectionId, filter: &str) -> bool {
        let mut state = self.state();
        state.of(key, connection).is_some_and(|client| client.unsubscribe(filter))
    }

    /// Whether the client of this connection listens to commands.
    pub(super) fn listens(&self, key: &Key, connection: ConnectionId) -> bool {
        let mut state = self.state();
        state.of(key, connection).is_some_and(|client| client.listens(&key.code).is_some())
    }

    /// Gives a command to the client of this connection.
    pub(super) fn command_here(
        &self,
        key: &Key,
        connection: ConnectionId,
        command: Command,
    ) -> Result<CommandId, CommandError> {
        if !self.listens(key, connection) {
            return Err(CommandError::Unheard(key.code.to_string()));
        }
        self.state().give(key, command)
    }

    /// The commands to send now, at most `window` unacknowledged ones with those before.
    pub(super) fn deliver(
        &self,
        now: Timestamp,
        key: &Key,
        connection: ConnectionId,
        window: usize,
    ) -> Vec<Delivery> {
        let mut state = self.state();
        match state.of(key, connection) {
            Some(client) => client.deliver(now, &key.code, window),
            None => Vec::new(),
        }
    }

    /// The command whose packet this was.
    pub(super) fn acknowledge(
        &self,
        key: &Key,
        connection: ConnectionId,
        pid: u16,
    ) -> Option<CommandId> {
        self.state().of(key, connection)?.acknowledge(pid)
    }

    /// Commands that nobody wants any more.
    pub(super) fn expire(
        &self,
        now: Timestamp,
        key: &Key,
        connection: ConnectionId,
    ) -> Vec<CommandId> {
        self.state().of(key, connection).map_or_else(Vec::new, |client| client.expire(now))
    }

    /// When the next command of this client expires.
    pub(super) fn next_expiry(&self, key: &Key, connection: ConnectionId) -> Option<Timestamp> {
        self.state().of(key, connection)?.next_expiry()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn of(&mut self, key: &Key, connection: ConnectionId) -> Option<&mut Client> {
        self.clients.get_mut(key).filter(|client| client.is_of(connection))
    }

    fn give(&mut self, key: &Key, command: Command) -> Result<CommandId, CommandError> {
        let id = CommandId(self.next_command + 1);
        let limits = self.limits.clone();
        let unheard = || CommandError::Unheard(key.code.to_string());
        let client = self.clients.get_mut(key).ok_or_else(unheard)?;
        let until = command.until;
        client.give(id, command, &limits)?;
        self.expiries.extend(until.map(|until| (until, key.clone())));
        self.next_command += 1;
        if let Some(wake) = client.attached.as_ref().and_then(|attached| attached.wake.clone()) {
            wake();
        }
        Ok(id)
    }

    /// Ends a session with all that is its own: its commands, and the latest moment for
    /// its will.
    fn end(&mut self, key: &Key) {
        self.publish_will(key);
        let Some(client) = self.clients.remove(key) else { return };
        if let Some(end) = client.ends {
            self.ends.remove(&(end, key.clone()));
        }
        let result = CommandResult::Unanswered;
        self.due.extend(client.commands().map(|command| Due::Done { command, result }));
    }

    /// The client is back: its session does not end, and its will is not done.
    fn awaken(&mut self, key: &Key) {
        self.take_will(key);
        if let Some(end) = self.clients.get_mut(key).and_then(|client| client.ends.take()) {
            self.ends.remove(&(end, key.clone()));
        }
    }

    fn publish_will(&mut self, key: &Key) {
        if let Some(HeldWill { frame, raw }) = self.take_will(key) {
            self.due.push(Due::Will { frame, raw });
        }
    }

    fn take_will(&mut self, key: &Key) -> Option<HeldWill> {
        let due = self.clients.get_mut(key)?.will_due.take()?;
        self.wills.remove(&(due, key.clone()))
    }
}
