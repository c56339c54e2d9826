//! Bytes in flight: one budget for all doors of a world, fair per sender, and within a
//! sender per connection.
//!
//! Bytes count from the socket until what they say is on disk or refused. A
//! connection beyond its share stops reading, and TCP slows the peer down.
//!
//! Whose a connection is, is what its peer has proved: a claim alone would let anybody
//! use up another's share. Until then all connections of one address are one holder.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, RandomState};
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;
use tokio::sync::futures::Notified;

use crate::protocol::Protocol;

/// This part of the budget is kept for whoever holds nothing yet, so that a sender that is
/// alone, and may use the rest, keeps nobody waiting for the disk.
const KEPT_FOR_NEWCOMERS: usize = 8;
/// Accounts over HTTP of which it is remembered that they were proved.
const MOST_PROVED: usize = 16_384;

/// The budget of a world's doors.
#[derive(Debug)]
pub(crate) struct Budget {
    /// Bytes, all connections together.
    limit: usize,
    state: Mutex<State>,
    freed: Notify,
    /// Accounts that were good for a message, by what their digest is in this process.
    proved: Mutex<HashMap<u64, Holder>>,
    digests: RandomState,
}

#[derive(Debug, Default)]
struct State {
    used: usize,
    /// Those that hold bytes now.
    holders: HashMap<Holder, Held>,
}

/// Who bytes in flight count against.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Holder {
    /// Nobody has proved anything: everything from one address.
    Peer(IpAddr),
    /// The station or gateway of this code, proved by its key or by its folder.
    Sender(Protocol, Arc<str>),
}

/// What one holder has in flight.
#[derive(Debug, Default)]
struct Held {
    bytes: usize,
    /// Its connections that hold bytes now; never 0.
    connections: usize,
}

/// What one connection holds; given back when it is dropped.
#[derive(Debug)]
pub(crate) struct Share {
    budget: Arc<Budget>,
    holder: Holder,
    held: usize,
}

impl Holder {
    /// Of IPv6 the network, because one machine may have all of it.
    pub fn peer(address: IpAddr) -> Holder {
        Holder::Peer(match address.to_canonical() {
            IpAddr::V6(address) => {
                let network = address.to_bits() >> 64 << 64;
                IpAddr::V6(Ipv6Addr::from_bits(network))
            }
            address => address,
        })
    }

    pub fn sender(protocol: Protocol, code: &str) -> Holder {
        Holder::Sender(protocol, Arc::from(code))
    }
}

impl Budget {
    pub fn new(limit: usize) -> Arc<Budget> {
        Arc::new(Budget {
            limit,
            state: Mutex::default(),
            freed: Notify::new(),
            proved: Mutex::default(),
            digests: RandomState::new(),
        })
    }

    pub fn share(self: &Arc<Budget>, holder: Holder) -> Share {
        Share { budget: Arc::clone(self), holder, held: 0 }
    }

    /// Who sends with this account, if a message of it was good not long ago.
    pub fn proved(&self, protocol: Protocol, account: &(String, String)) -> Option<Holder> {
        let digest = self.digests.hash_one((protocol, account));
        self.remembered().get(&digest).cloned()
    }

    /// A message was good with this account.
    pub fn proves(&self, protocol: Protocol, account: &(String, String), sender: &str) {
        let digest = self.digests.hash_one((protocol, account));
        let mut proved = self.remembered();
        if MOST_PROVED <= proved.len() {
            // Whoever sends is known again with its next message.
            proved.clear();
        }
        proved.entry(digest).or_insert_with(|| Holder::sender(protocol, sender));
    }

    /// Of them those of one holder.
    #[cfg(test)]
    pub fn held_by(&self, holder: &Holder) -> usize {
        self.state().holders.get(holder).map_or(0, |all| all.bytes)
    }

    /// Bytes in flight now.
    pub fn used(&self) -> usize {
        self.state().used
    }

    /// Resolves when somebody has given bytes back.
    pub fn freed(&self) -> Notified<'_> {
        self.freed.notified()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn remembered(&self) -> MutexGuard<'_, HashMap<u64, Holder>> {
        self.proved.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Counts what one connection of a holder holds, up or down.
    fn count(&mut self, holder: &Holder, before: usize, held: usize) {
        self.used = self.used.saturating_sub(before).saturating_add(held);
        if (before, held) == (0, 0) {
            return;
        }
        if !self.holders.contains_key(holder) {
            self.holders.insert(holder.clone(), Held::default());
        }
        let Some(all) = self.holders.get_mut(holder) else { return };
        all.bytes = all.bytes.saturating_sub(before).saturating_add(held);
        match (before, held) {
            (0, 1..) => all.connections += 1,
            (1.., 0) => all.connections = all.connections.saturating_sub(1),
            _ => {}
        }
        if all.connections == 0 {
            self.holders.remove(holder);
        }
    }
}

impl Share {
    /// Whether this connection may read more: there is room, its holder has less than an
    /// equal part of the whole among those who hold anything, and it has less than an
    /// equal part of that among its holder's connections.
    pub fn may_read(&self) -> bool {
        let limit = self.budget.limit;
        let state = self.budget.state();
        let Some(all) = state.holders.get(&self.holder) else { return state.used < limit };
        let each = (limit / state.holders.len()).max(1);
        let connections = all.connections + usize::from(self.held == 0);
        state.used < limit - limit / KEPT_FOR_NEWCOMERS
            && all.bytes < each
            && self.held < (each / connections).max(1)
    }

    /// The peer has proved who it is: what this connection holds counts there from now on.
    pub fn belongs_to(&mut self, holder: Holder) {
        let mut state = self.budget.state();
        state.count(&self.holder, self.held, 0);
        state.count(&holder, 0, self.held);
        drop(state);
        self.holder = holder;
        self.budget.freed.notify_waiters();
    }

    pub fn holder(&self) -> &Holder {
        &self.holder
    }

    pub fn take(&mut self, bytes: usize) {
        self.set(self.held.saturating_add(bytes));
    }

    pub fn give(&mut self, bytes: usize) {
        self.set(self.held.saturating_sub(bytes));
    }

    /// Sets what is held, up or down.
    pub fn set(&mut self, held: usize) {
        let before = std::mem::replace(&mut self.held, held);
        self.budget.state().count(&self.holder, before, held);
        if held < before {
            self.budget.freed.notify_waiters();
        }
    }

    pub fn held(&self) -> usize {
        self.held
    }

    pub fn budget(&self) -> &Arc<Budget> {
        &self.budget
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        self.set(0);
    }
}

#[cfg(test)]
mod tests;
