//! Retention: days whose time is over go, whole files at a time.
//!
//! Before the readings of a day go, all that came late for it is merged into its block,
//! so that its sums are final. What somebody holds stays: the block of the day and
//! class in which it lies. A series that was given a class that keeps for longer goes
//! into a block of that class first.

use std::collections::BTreeSet;
use std::sync::Arc;

use base::Timestamp;

use crate::block::{Block, Kind, SCATTERED};
use crate::compact::{Plan, Turn};
use crate::core::Core;
use crate::keep::{Class, Held, Keep};
use crate::layout::{Layout, Merged};
use crate::locks::{lock, read};
use crate::merge::{DAY, day_of, times_of};
use crate::row::Grain;
use crate::{SeriesError, SeriesNo};

/// What retention let go, and what it would have but for a hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Retained {
    /// Blocks of readings dropped; each is a day of a class.
    pub readings: u64,
    /// Blocks of sums by minute dropped.
    pub minutes: u64,
    /// Blocks of sums by hour dropped.
    pub hours: u64,
    /// Bytes of what was dropped.
    pub bytes: u64,
    /// Blocks that stay because somebody holds a part of them.
    pub held: u64,
}

/// Readings, or sums of a grain.
type What = Option<Grain>;

impl Class {
    fn days(&self, what: What) -> Option<u32> {
        match what {
            None => self.readings_days,
            Some(Grain::Minute) => self.minutes_days,
            Some(Grain::Hour) => self.hours_days,
        }
    }
}

/// Days before this one are over for a class; `None` when none ever is.
fn first_kept(class: Option<&Class>, what: What, now: Timestamp) -> Option<i64> {
    let days = class?.days(what)?;
    Some(day_of(now.as_millis().saturating_sub(i64::from(days) * DAY)))
}

impl Merged {
    fn part(&self, what: What) -> Option<&Arc<Block>> {
        match what {
            None => self.readings.as_ref(),
            Some(grain) => self.sums(grain),
        }
    }

    fn without(&self, what: What) -> Merged {
        let mut rest = self.clone();
        match what {
            None => rest.readings = None,
            Some(Grain::Minute) => rest.minutes = None,
            Some(Grain::Hour) => rest.hours = None,
        }
        rest
    }
}

impl Core {
    pub fn kept_since(&self, series: SeriesNo, now: Timestamp) -> Option<Timestamp> {
        let keep = read(&self.keep);
        let first = first_kept(keep.classes.get(&keep.class_of(series)), None, now)?;
        Some(Timestamp::from_millis(times_of(first).start))
    }

    pub fn retain(&self, now: Timestamp) -> Result<Retained, SeriesError> {
        let mut turn = lock(&self.merges.turn);
        let keep = read(&self.keep).clone();
        let mut retained = Retained::default();
        for (&code, class) in &keep.classes {
            if let Some(first) = first_kept(Some(class), None, now) {
                self.settle(&mut turn, code, first)?;
            }
        }
        for what in [None, Some(Grain::Minute), Some(Grain::Hour)] {
            for (&code, class) in &keep.classes {
                let Some(first) = first_kept(Some(class), what, now) else { continue };
                let layout = read(&self.tables).layout.clone();
                for merged in over(&layout, code, first) {
                    self.drop_part(&mut turn, &keep, &merged, (what, now), &mut retained)?;
                }
            }
        }
        Ok(retained)
    }

    /// Makes one block of each day of a class whose readings are to go.
    fn settle(&self, turn: &mut Turn, code: u8, first: i64) -> Result<(), SeriesError> {
        let is_old = |block: &Arc<Block>| {
            block.times().is_some_and(|(least, _)| least < times_of(first).start)
        };
        let mut done = BTreeSet::new();
        loop {
            let layout = read(&self.tables).layout.clone();
            let readable = |block: &&Arc<Block>| turn.reads(block);
            let fresh: Vec<_> = layout.fresh.iter().filter(readable).cloned().collect();
            if fresh.iter().any(is_old) {
                self.merge_blocks(turn, Plan::of(fresh, None))?;
                continue;
            }
            let mine = layout.merged.iter().filter(|merged| merged.class == code);
            let mut blocks = mine.filter_map(|merged| merged.readings.as_ref()).filter(readable);
            let scattered = blocks.clone().find(|block| block.day == SCATTERED && is_old(block));
            let day = scattered.and_then(|block| block.times()).map(|(least, _)| day_of(least));
            let day = day.filter(|day| !done.contains(day)).or_else(|| {
                let days = blocks.by_ref().map(|block| block.day);
                days.filter(|day| *day < first && *day != SCATTERED).find(|day| !done.contains(day))
            });
            let Some(day) = day else { return Ok(()) };
            done.insert(day);
            self.merge_day(turn, day, code)?;
        }
    }

    fn drop_part(
        &self,
        turn: &mut Turn,
        keep: &Keep,
        merged: &Merged,
        (what, now): (What, Timestamp),
        retained: &mut Retained,
    ) -> Result<(), SeriesError> {
        let Some(block) = merged.part(what) else { return Ok(()) };
        if what.is_none() && turn.reads(block) {
            let kept = |series: &SeriesNo| {
                let class = keep.classes.get(&keep.class_of(*series));
                first_kept(class, what, now).is_none_or(|first| first <= merged.day)
            };
            if block.series()?.iter().any(kept) {
                // Its class was changed since; next time the rest of them goes.
                return self.merge_blocks(turn, Plan::of(vec![block.clone()], Some(merged.day)));
            }
        }
        for held in keep.holds.values() {
            if is_held(block, held)? {
                retained.held += 1;
                return Ok(());
            }
        }
        let rest = Arc::new(merged.without(what));
        let is_empty = rest.blocks().next().is_none();
        self.relayout(turn, &|layout| {
            layout.merged.retain(|it| it.number != rest.number);
            if !is_empty {
                layout.merged.push(rest.clone());
                layout.merged.sort_by_key(|merged| merged.number);
            }
        })?;
        retained.bytes += block.bytes;
        match what {
            None => retained.readings += 1,
            Some(Grain::Minute) => retained.minutes += 1,
            Some(Grain::Hour) => retained.hours += 1,
        }
        Ok(())
    }

    /// Makes one of all merged blocks that hold readings of a day and class.
    fn merge_day(&self, turn: &mut Turn, day: i64, class: u8) -> Result<(), SeriesError> {
        let times = times_of(day);
        let spans = |block: &Arc<Block>| {
            let overlaps =
                |(least, greatest): (i64, i64)| least < times.end && times.start <= greatest;
            block.times().is_some_and(overlaps)
        };
        // What is scattered over days may have some of this one; merged once, it has none.
        let mut scattered: Option<BTreeSet<u64>> = None;
        loop {
            let layout = read(&self.tables).layout.clone();
            let blocks = layout.merged.iter().filter_map(|merged| merged.readings.as_ref());
            let blocks = blocks.filter(|block| turn.reads(block));
            let scattered = scattered.get_or_insert_with(|| {
                let strays = blocks.clone().filter(|it| it.day == SCATTERED && spans(it));
                strays.map(|block| block.number).collect()
            });
            let is_own = |block: &&Arc<Block>| block.day == day && block.class == class;
            let own = blocks.clone().filter(is_own).count();
            if own <= 1 && scattered.is_empty() {
                return Ok(());
            }
            let mine = blocks.filter(|it| is_own(it) || scattered.contains(&it.number));
            let plan = Plan::of(mine.cloned().collect(), Some(day));
            for block in &plan.inputs {
                scattered.remove(&block.number);
            }
            if plan.inputs.is_empty() {
                return Ok(());
            }
            self.merge_blocks(turn, plan)?;
        }
    }
}

/// Merged blocks of a class and of days before `first`, those scattered over them too.
fn over(layout: &Layout, code: u8, first: i64) -> Vec<Arc<Merged>> {
    let is_over = |merged: &&Arc<Merged>| match merged.day {
        SCATTERED => merged.blocks().all(|block| {
            block.times().is_none_or(|(_, greatest)| greatest < times_of(first).start)
        }),
        day => day < first,
    };
    let mine = layout.merged.iter().filter(|merged| merged.class == code);
    mine.filter(is_over).cloned().collect()
}

/// Whether a block has something of a range that is held.
fn is_held(block: &Block, held: &Held) -> Result<bool, SeriesError> {
    // The sums of a span stand at its beginning.
    let slack = if let Kind::Sums(grain) = block.kind { grain.millis() - 1 } else { 0 };
    let span = held.from.as_millis().saturating_sub(slack)..held.to.as_millis();
    let Some(series) = &held.series else {
        let overlaps = |(least, greatest): (i64, i64)| least < span.end && span.start <= greatest;
        return Ok(block.times().is_some_and(overlaps));
    };
    for series in series {
        if block.find(*series, &span)?.entries().next().is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}
