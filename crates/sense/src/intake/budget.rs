//! Bytes in flight: one budget for all doors of a world, fair per connection.
//!
//! Bytes count from the socket until what they say is on disk or refused. A
//! connection beyond its share stops reading, and TCP slows the peer down.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;
use tokio::sync::futures::Notified;

/// The budget of a world's doors.
#[derive(Debug)]
pub(crate) struct Budget {
    /// Bytes, all connections together.
    limit: usize,
    state: Mutex<State>,
    freed: Notify,
}

#[derive(Debug, Default)]
struct State {
    used: usize,
    /// Connections that hold bytes now.
    holders: usize,
}

/// What one connection holds; given back when it is dropped.
#[derive(Debug)]
pub(crate) struct Share {
    budget: Arc<Budget>,
    held: usize,
}

impl Budget {
    pub fn new(limit: usize) -> Arc<Budget> {
        Arc::new(Budget { limit, state: Mutex::default(), freed: Notify::new() })
    }

    pub fn share(self: &Arc<Budget>) -> Share {
        Share { budget: Arc::clone(self), held: 0 }
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
}

impl Share {
    /// Whether this connection may read more: there is room, and it holds less than
    /// an equal part of the whole among those who hold anything.
    pub fn may_read(&self) -> bool {
        let state = self.budget.state();
        let holders = state.holders + usize::from(self.held == 0);
        state.used < self.budget.limit && self.held < self.budget.limit / holders.max(1)
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
        let mut state = self.budget.state();
        state.used = state.used.saturating_sub(before).saturating_add(held);
        match (before, held) {
            (0, 1..) => state.holders += 1,
            (1.., 0) => state.holders = state.holders.saturating_sub(1),
            _ => {}
        }
        drop(state);
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
mod tests {
    use super::*;

    #[test]
    fn a_greedy_connection_stops_at_its_share_and_a_modest_one_reads_on() {
        let budget = Budget::new(1_000);
        let (mut greedy, mut modest) = (budget.share(), budget.share());
        greedy.take(700);
        assert!(greedy.may_read(), "alone it may use the whole");
        modest.take(10);
        assert!(!greedy.may_read(), "two hold bytes, so 500 each");
        assert!(modest.may_read());
        greedy.give(250);
        assert!(greedy.may_read());
    }

    #[test]
    fn a_full_budget_stops_everybody_until_bytes_are_given_back() {
        let budget = Budget::new(1_000);
        let mut greedy = budget.share();
        greedy.take(1_200);
        let modest = budget.share();
        assert!(!modest.may_read());
        drop(greedy);
        assert_eq!(budget.used(), 0);
        assert!(modest.may_read());
    }

    #[tokio::test]
    async fn whoever_waits_is_told_when_bytes_are_given_back() {
        let budget = Budget::new(10);
        let mut share = budget.share();
        share.take(10);
        let waiting = budget.share();
        let freed = waiting.budget().freed();
        tokio::pin!(freed);
        freed.as_mut().enable();
        assert!(!waiting.may_read());
        share.give(5);
        freed.await;
        assert!(waiting.may_read());
    }
}
