//! Which tables commits have touched, counted: for what is kept in memory beside them.
//!
//! Whoever keeps something that was read from fact tables notes [`World::moved`] of those
//! tables *before* reading, and keeps it as long as the number is the same. The count goes
//! up after a commit and before anybody is told of it, so the next request sees it.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::log::Entry;
use crate::part::Kit;
use crate::world::World;

/// Counts by slice: what a commit may have changed is what its facts belong to.
pub(crate) struct Moved {
    slices: Vec<AtomicU64>,
    /// Nobody knows what was changed, if anything: counts for every table.
    all: AtomicU64,
}

impl Moved {
    pub(crate) fn new(kit: &Kit) -> Moved {
        let slices = kit.slices.iter().map(|_| AtomicU64::new(0)).collect();
        Moved { slices, all: AtomicU64::new(0) }
    }

    pub(crate) fn note(&self, kit: &Kit, entries: &[Entry]) {
        for at in entries.iter().filter_map(|entry| kit.slice_at(entry.kind())) {
            self.slices[at].fetch_add(1, Ordering::SeqCst);
        }
    }

    /// A commit whose outcome was not told, or rows that no fact wrote.
    pub(crate) fn note_all(&self) {
        self.all.fetch_add(1, Ordering::SeqCst);
    }

    fn of(&self, kit: &Kit, tables: &[&str]) -> u64 {
        let owners = tables.iter().filter_map(|table| kit.owner_of(table));
        let counts = owners.map(|at| self.slices[at].load(Ordering::SeqCst));
        counts.sum::<u64>() + self.all.load(Ordering::SeqCst)
    }
}

impl World {
    /// A number that is another one after each commit in which a slice of these fact
    /// tables recorded anything. A table that no slice claims counts for nothing.
    pub fn moved(&self, tables: &[&str]) -> u64 {
        self.counts().of(self.kit(), tables)
    }
}
