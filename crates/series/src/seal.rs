//! Sealing: heads become a block, in the background.

use std::sync::Arc;
use std::sync::PoisonError;
use std::sync::atomic::Ordering;

use crate::block::{Block, Kind};
use crate::core::Core;
use crate::heads::Frozen;
use crate::locks::{lock, read, write};
use crate::{Position, SeriesError, block_writer, state};

/// What the seal thread does until it is told to stop.
pub(crate) fn run(core: &Core) {
    loop {
        let signals = lock(&core.seals.signals);
        let mut signals = core
            .seals
            .changed
            .wait_while(signals, |signals| !signals.wanted && !signals.stop)
            .unwrap_or_else(PoisonError::into_inner);
        if signals.stop {
            return;
        }
        signals.wanted = false;
        drop(signals);
        // A full disk is told to the appends; any other failure has stopped the store.
        let _ = core.seal_upto(Position::START);
    }
}

impl Core {
    /// The last batch that is in a block.
    pub fn sealed_upto(&self) -> Position {
        read(&self.tables).layout.sealed_upto()
    }

    /// Asks the seal thread to write the frozen heads into a block.
    pub fn want_seal(&self) {
        lock(&self.seals.signals).wanted = true;
        self.seals.changed.notify_all();
    }

    /// Writes what is in memory now into blocks, and cuts the log behind it.
    ///
    /// # Errors
    /// [`SeriesError::Full`] leaves everything in memory and in the log, to be tried
    /// again. After any other of the disk the store has failed.
    pub fn seal(&self) -> Result<(), SeriesError> {
        let applied = read(&self.tables).applied;
        self.seal_upto(applied)
    }

    /// Seals what is frozen, and freezes and seals more until `target` is in a block.
    fn seal_upto(&self, target: Position) -> Result<(), SeriesError> {
        let turn = lock(&self.seals.turn);
        let mut result = self.check();
        while result.is_ok() {
            let frozen = {
                let mut tables = write(&self.tables);
                if tables.frozen.is_none() && tables.layout.sealed_upto() < target {
                    tables.freeze();
                }
                tables.frozen.clone()
            };
            match frozen {
                Some(frozen) => result = self.guard(self.seal_frozen(&frozen)),
                None => break,
            }
        }
        drop(turn);
        lock(&self.seals.signals).full = result.as_ref().err().cloned();
        self.seals.changed.notify_all();
        result
    }

    fn seal_frozen(&self, frozen: &Arc<Frozen>) -> Result<(), SeriesError> {
        let number = read(&self.tables).layout.next_fresh();
        let (disk, positions) = (&*self.disk, &frozen.positions);
        block_writer::write_heads(disk, &self.dir, number, positions, &frozen.heads)?;
        let block = Arc::new(Block::open(&self.files, &self.dir, Kind::Fresh, number)?);
        let held = {
            // One step for queries: they see the heads or the block, never both.
            let mut tables = write(&self.tables);
            Arc::make_mut(&mut tables.layout).fresh.push(block);
            tables.frozen = None;
            tables.sealed[..frozen.greatest.len()].copy_from_slice(&frozen.greatest);
            tables.layout.versions()
        };
        let path = state::path(&self.dir);
        let mark = Position(frozen.positions.end.0 - 1);
        state::save(&*self.disk, &path, mark, held, &frozen.greatest, &frozen.latest)?;
        self.stale_state.store(false, Ordering::Relaxed);
        self.merges.want();
        self.trim()
    }
}
