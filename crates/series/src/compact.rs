//! Compaction: what is merged, when, and how the new blocks take the old ones' place.
//!
//! Fresh blocks are merged a number at a time, which sorts them by day and class. Of
//! one day and class, blocks of about the same size are merged once there are enough
//! of them, so that each reading is written a few times in all; when the day is over,
//! what there is of it becomes one. The new blocks are on disk and named by the
//! manifest before the old ones go; they go when the last query or copy that reads
//! them is done. A block that does not read stays as it is, and is said.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};

use crate::block::{Block, Kind, SCATTERED};
use crate::core::Core;
use crate::files::FileKey;
use crate::layout::Layout;
use crate::locks::{lock, read, write};
use crate::merge::{MAX_INPUTS, Merge, times_of};
use crate::{Position, SeriesError, SeriesNo, state};

/// Blocks of about the same size that are merged into one.
const FAN_IN: usize = 8;
/// A day is over so long after its end, for most that is late has come by then.
const SETTLED_MS: i64 = 2 * 3_600_000;

/// How the merge thread is spoken to, and what it must not do twice.
#[derive(Default)]
pub(crate) struct Merges {
    /// Held by whoever changes which merged blocks there are.
    pub turn: Mutex<Turn>,
    wanted: Mutex<bool>,
    changed: Condvar,
    pub stop: AtomicBool,
    /// The greatest arrival seen, in milliseconds.
    pub newest: AtomicI64,
}

#[derive(Default)]
pub(crate) struct Turn {
    /// Blocks that did not read, and why.
    pub unreadable: BTreeMap<FileKey, SeriesError>,
    pub has_manifest: bool,
}

/// Some blocks to be merged, and days that get a block of their own.
pub(crate) struct Plan {
    pub inputs: Vec<Arc<Block>>,
    own: BTreeSet<i64>,
}

/// What the merge thread does until it is told to stop.
pub(crate) fn run(core: &Core) {
    loop {
        let wanted = lock(&core.merges.wanted);
        let mut wanted = core
            .merges
            .changed
            .wait_while(wanted, |wanted| !*wanted && !core.merges.stops())
            .unwrap_or_else(PoisonError::into_inner);
        *wanted = false;
        drop(wanted);
        // A full disk is tried again after the next block; other failures stop the store.
        while !core.merges.stops() && matches!(core.merge_due(), Ok(true)) {}
        if core.merges.stops() {
            return;
        }
    }
}

impl Merges {
    pub fn new(has_manifest: bool) -> Merges {
        let merges = Merges::default();
        lock(&merges.turn).has_manifest = has_manifest;
        merges
    }

    pub fn want(&self) {
        *lock(&self.wanted) = true;
        self.changed.notify_all();
    }

    pub fn stops(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    pub fn end(&self) {
        self.stop.store(true, Ordering::Relaxed);
        // Whoever looked before this and waits now must have begun to wait.
        drop(lock(&self.wanted));
        self.changed.notify_all();
    }
}

impl Core {
    /// Merges what is due, once; says whether there was anything.
    fn merge_due(&self) -> Result<bool, SeriesError> {
        let mut turn = lock(&self.merges.turn);
        let layout = read(&self.tables).layout.clone();
        let now = self.merges.newest.load(Ordering::Relaxed);
        match due(&layout, &turn, self.config.merge_fresh, now) {
            Some(plan) => self.merge_blocks(&mut turn, plan).map(|()| true),
            None => Ok(false),
        }
    }

    /// Merges all there is into one block for each day and class, but for what is
    /// scattered over many days.
    pub fn merge_all(&self) -> Result<(), SeriesError> {
        let mut turn = lock(&self.merges.turn);
        loop {
            let layout = read(&self.tables).layout.clone();
            let fresh: Vec<_> = layout.fresh.iter().filter(|it| turn.reads(it)).cloned().collect();
            let plan = match fresh.is_empty() {
                false => Some(Plan::of(fresh, None)),
                true => groups(&layout, &turn)
                    .into_iter()
                    .find(|(_, blocks)| blocks.len() > 1)
                    .map(|((day, _), blocks)| Plan::of(blocks, Some(day))),
            };
            match plan {
                Some(plan) => self.merge_blocks(&mut turn, plan)?,
                None => return Ok(()),
            }
        }
    }

    pub fn merge_blocks(&self, turn: &mut Turn, plan: Plan) -> Result<(), SeriesError> {
        self.check()?;
        self.guard(self.save_stale_state())?;
        if !turn.has_manifest {
            // Else nobody could tell what a power cut leaves from what was merged.
            self.relayout(turn, &|_| ())?;
        }
        let next = read(&self.tables).layout.next;
        let series = |series: SeriesNo| self.kind_and_class(series);
        let merge = Merge {
            disk: &*self.disk,
            files: &self.files,
            dir: &self.dir,
            inputs: &plan.inputs,
            own: plan.own,
            series: &series,
            classes: self.classes(),
            next,
            stop: &self.merges.stop,
            skips_damage: false,
        };
        let outputs = match merge.run() {
            Ok(outputs) => outputs,
            Err(SeriesError::Damaged { file, offset, what }) => {
                let error = SeriesError::Damaged { file: file.clone(), offset, what };
                let input = plan.inputs.iter().find(|block| block.path == file);
                let key = input.map(|block| (block.kind, block.number));
                return match key {
                    Some(key) => {
                        turn.unreadable.insert(key, error);
                        Ok(())
                    }
                    None => Err(error),
                };
            }
            Err(error) => return self.guard(Err(error)),
        };
        let is_input =
            |key: FileKey| plan.inputs.iter().any(|block| (block.kind, block.number) == key);
        let fresh = plan.inputs.iter().filter(|block| block.kind == Kind::Fresh);
        let upto = fresh.clone().map(|block| block.number).max().unwrap_or(0);
        let last = fresh.map(|block| block.last()).max().unwrap_or(Position::START);
        let done = self.relayout(turn, &|layout| {
            layout.fresh.retain(|block| !is_input((Kind::Fresh, block.number)));
            layout.merged.retain(|merged| !is_input((Kind::Merged, merged.number)));
            layout.merged.extend(outputs.iter().cloned());
            layout.fresh_upto = layout.fresh_upto.max(upto);
            layout.merged_upto = layout.merged_upto.max(last);
            let numbers = outputs.iter().map(|merged| merged.number + 1);
            layout.next = numbers.chain([layout.next]).max().unwrap_or(layout.next);
        });
        if done.is_err() {
            // Nothing names them.
            outputs.iter().flat_map(|merged| merged.blocks()).for_each(|block| block.replace());
        }
        done
    }

    /// Changes the layout, durably and for queries at once. `change` is done twice:
    /// fresh blocks may come in between.
    pub fn relayout(
        &self,
        turn: &mut Turn,
        change: &dyn Fn(&mut Layout),
    ) -> Result<(), SeriesError> {
        let mut next = Layout::clone(&read(&self.tables).layout);
        change(&mut next);
        self.guard(next.save(&*self.disk, &self.dir))?;
        turn.has_manifest = true;
        let before = {
            let mut tables = write(&self.tables);
            let before = tables.layout.clone();
            change(Arc::make_mut(&mut tables.layout));
            before
        };
        let stays: BTreeSet<FileKey> = next.blocks().map(|it| (it.kind, it.number)).collect();
        for block in before.blocks().filter(|it| !stays.contains(&(it.kind, it.number))) {
            // A fresh one that came in between is no less there.
            if block.kind != Kind::Fresh || block.number <= next.fresh_upto {
                block.replace();
            }
        }
        Ok(())
    }

    /// Writes the state, when that on disk knows of fewer batches than the blocks hold:
    /// merged blocks cannot be folded into it.
    fn save_stale_state(&self) -> Result<(), SeriesError> {
        if !self.stale_state.load(Ordering::Relaxed) {
            return Ok(());
        }
        // No block may come in between, or an older state would replace its own.
        let _turn = lock(&self.seals.turn);
        let (mark, held, greatest, latest) = {
            let tables = read(&self.tables);
            let layout = &tables.layout;
            let (greatest, latest) = (tables.greatest.clone(), tables.latest.clone());
            (layout.sealed_upto(), layout.versions(), greatest, latest)
        };
        let path = state::path(&self.dir);
        // What is newer than the mark comes out of the log again, and is the same.
        state::save(&*self.disk, &path, mark, held, &greatest, &latest)?;
        self.stale_state.store(false, Ordering::Relaxed);
        Ok(())
    }
}

impl Turn {
    pub fn reads(&self, block: &Block) -> bool {
        !self.unreadable.contains_key(&(block.kind, block.number))
    }
}

impl Plan {
    /// A plan for the oldest of these blocks, as many as can be merged at once.
    pub fn of(mut blocks: Vec<Arc<Block>>, day: Option<i64>) -> Plan {
        blocks.sort_by_key(|block| block.positions.start);
        blocks.truncate(MAX_INPUTS);
        Plan { inputs: blocks, own: day.into_iter().filter(|day| *day != SCATTERED).collect() }
    }
}

type Groups = BTreeMap<(i64, u8), Vec<Arc<Block>>>;

/// Merged blocks of readings by day and class.
fn groups(layout: &Layout, turn: &Turn) -> Groups {
    let mut groups = Groups::new();
    for merged in &layout.merged {
        if let Some(block) = merged.readings.as_ref().filter(|block| turn.reads(block)) {
            groups.entry((merged.day, merged.class)).or_default().push(block.clone());
        }
    }
    groups
}

fn due(layout: &Layout, turn: &Turn, merge_fresh: usize, now: i64) -> Option<Plan> {
    let fresh: Vec<_> = layout.fresh.iter().filter(|it| turn.reads(it)).cloned().collect();
    if merge_fresh.max(1) <= fresh.len() {
        return Some(Plan::of(fresh, None));
    }
    for ((day, _), blocks) in groups(layout, turn) {
        let own = Some(day);
        let mut tiers: BTreeMap<u32, Vec<Arc<Block>>> = BTreeMap::new();
        for block in &blocks {
            // Those of a tier differ by less than a factor of eight.
            tiers.entry(block.versions.max(1).ilog2() / 3).or_default().push(block.clone());
        }
        if let Some(tier) = tiers.into_values().find(|tier| FAN_IN <= tier.len()) {
            return Some(Plan::of(tier, own));
        }
        let total: u64 = blocks.iter().map(|block| block.versions).sum();
        let largest = blocks.iter().map(|block| block.versions).max().unwrap_or(0);
        let is_over = day != SCATTERED && times_of(day).end.saturating_add(SETTLED_MS) <= now;
        // A little that came late does not make a large block be written anew.
        if is_over && blocks.len() > 1 && largest / FAN_IN as u64 <= total - largest {
            return Some(Plan::of(blocks, own));
        }
    }
    None
}
