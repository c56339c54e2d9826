//! Retention: days whose time is over go, whole files at a time.
//!
//! Before the readings of a day go, all that came late for it is merged into its block,
//! so that its sums are final. What somebody holds stays: the block of the day and
//! class in which it lies.
//!
//! A series is kept as its newest class says. When the class was given or changed after
//! its readings were merged, the blocks in which they lie are written anew by class, but
//! only once something in them is over; a pass writes so many bytes and leaves the rest
//! to the next. Sums whose readings are gone already stay together: for as long as the
//! longest of the series inside is to be kept.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use base::Timestamp;

use crate::block::{Block, Kind, SCATTERED};
use crate::compact::{Plan, Turn};
use crate::core::Core;
use crate::keep::{Class, Held, Keep};
use crate::layout::Merged;
use crate::locks::{lock, read};
use crate::merge::{DAY, day_of, times_of};
use crate::row::Grain;
use crate::{SeriesError, SeriesNo};

/// What retention let go, and what it would have but for a hold.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
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
    /// Blocks that are to be written anew before anything of their days can go: there
    /// was too much for one pass.
    pub waiting: u64,
    /// What was dropped of each class, by name; blocks without a class are under "".
    pub by_class: BTreeMap<String, Dropped>,
}

/// What was dropped of one class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Dropped {
    pub readings: u64,
    pub minutes: u64,
    pub hours: u64,
    pub bytes: u64,
    /// The newest day of which readings went, counted from 1970 in UTC.
    pub newest_day: Option<i64>,
}

/// Readings, or sums of a grain.
type What = Option<Grain>;

const ALL: [What; 3] = [None, Some(Grain::Minute), Some(Grain::Hour)];

/// One run of retention.
struct Pass {
    now: Timestamp,
    /// Bytes that may still be written anew.
    left: u64,
    /// Days of which nothing may go, for something of them waits to be written anew.
    waiting: Vec<Range<i64>>,
    retained: Retained,
}

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

impl Keep {
    /// Whether all that a merged block has of something is over, if it is of a class.
    fn is_over(&self, class: u8, what: What, merged: &Merged, now: Timestamp) -> bool {
        let Some(first) = first_kept(self.classes.get(&class), what, now) else { return false };
        match merged.day {
            SCATTERED => merged.days().is_none_or(|days| days.end <= first),
            day => day < first,
        }
    }
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

    /// The days of which it has something, half open; `None` when it has nothing.
    fn days(&self) -> Option<Range<i64>> {
        let times = self.blocks().filter_map(|block| block.times());
        let (least, greatest) = times.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))?;
        Some(day_of(least)..day_of(greatest).saturating_add(1))
    }
}

impl Pass {
    /// Takes the work of writing blocks anew on, or says that it has to wait.
    fn takes(&mut self, inputs: &[Arc<Block>]) -> bool {
        if self.left == 0 {
            let times = inputs.iter().filter_map(|block| block.times());
            let days = times.map(|(least, greatest)| day_of(least)..day_of(greatest) + 1);
            self.waiting.extend(days);
            self.retained.waiting += inputs.len() as u64;
            return false;
        }
        let bytes: u64 = inputs.iter().map(|block| block.bytes).sum();
        self.left = self.left.saturating_sub(bytes);
        true
    }

    fn waits(&self, merged: &Merged) -> bool {
        let Some(days) = merged.days() else { return false };
        self.waiting.iter().any(|other| days.start < other.end && other.start < days.end)
    }

    fn note(&mut self, class: &str, what: What, merged: &Merged, bytes: u64) {
        let of_class = self.retained.by_class.entry(class.to_owned()).or_default();
        match what {
            None => {
                self.retained.readings += 1;
                of_class.readings += 1;
                let newest = merged.days().map(|days| days.end - 1);
                of_class.newest_day = of_class.newest_day.max(newest);
            }
            Some(Grain::Minute) => {
                self.retained.minutes += 1;
                of_class.minutes += 1;
            }
            Some(Grain::Hour) => {
                self.retained.hours += 1;
                of_class.hours += 1;
            }
        }
        self.retained.bytes += bytes;
        of_class.bytes += bytes;
    }
}

impl Core {
    pub fn kept_since(&self, series: SeriesNo, now: Timestamp) -> Option<Timestamp> {
        let keep = read(&self.keep);
        let by_class = first_kept(keep.classes.get(&keep.class_of(series)), None, now);
        let first = by_class.into_iter().chain(keep.let_go_before(series)).max()?;
        Some(Timestamp::from_millis(times_of(first).start))
    }

    pub fn let_go_before(&self, series: SeriesNo) -> Option<Timestamp> {
        let day = read(&self.keep).let_go_before(series)?;
        Some(Timestamp::from_millis(times_of(day).start))
    }

    pub fn retain(&self, now: Timestamp) -> Result<Retained, SeriesError> {
        let mut turn = lock(&self.merges.turn);
        let left = self.config.retain_bytes.max(1);
        let mut pass = Pass { now, left, waiting: Vec::new(), retained: Retained::default() };
        let classes = read(&self.keep).classes.clone();
        let mut first_days = Vec::new();
        for (&code, class) in &classes {
            first_days.extend(first_kept(Some(class), None, now).map(|first| (code, first)));
        }
        if let Some(newest) = first_days.iter().map(|(_, first)| *first).max() {
            self.merge_old_fresh(&mut turn, newest)?;
        }
        self.regroup(&mut turn, &mut pass)?;
        for (code, first) in &first_days {
            self.settle(&mut turn, &mut pass, *code, *first)?;
        }
        // Said before it is done: who is told that they are gone may still find some.
        self.note_let_go(&first_days)?;
        for what in ALL {
            let layout = read(&self.tables).layout.clone();
            for merged in &layout.merged {
                self.drop_part(&mut turn, &mut pass, merged, what)?;
            }
        }
        Ok(pass.retained)
    }

    /// Merges fresh blocks that have something of days before one.
    fn merge_old_fresh(&self, turn: &mut Turn, first: i64) -> Result<(), SeriesError> {
        let is_old = |block: &Arc<Block>| {
            block.times().is_some_and(|(least, _)| least < times_of(first).start)
        };
        loop {
            let layout = read(&self.tables).layout.clone();
            let readable = |block: &&Arc<Block>| turn.reads(block);
            let fresh: Vec<_> = layout.fresh.iter().filter(readable).cloned().collect();
            if !fresh.iter().any(is_old) {
                return Ok(());
            }
            self.merge_blocks(turn, Plan::of(fresh, None))?;
        }
    }

    /// Writes blocks anew by class that hold series of several, once readings in them are
    /// over for one.
    fn regroup(&self, turn: &mut Turn, pass: &mut Pass) -> Result<(), SeriesError> {
        // What is made meanwhile holds one class each.
        let layout = read(&self.tables).layout.clone();
        for merged in &layout.merged {
            let Some(block) = merged.readings.as_ref().filter(|block| turn.reads(block)) else {
                continue;
            };
            let is_due = {
                let keep = read(&self.keep);
                let mut others = keep.others_in(merged.class, merged.number).peekable();
                let is_mixed = others.peek().is_some();
                let mut classes = others.chain([merged.class]);
                is_mixed && classes.any(|class| keep.is_over(class, None, merged, pass.now))
            };
            if !is_due || self.classes_in(turn, block)?.is_none_or(|it| it == [merged.class]) {
                continue;
            }
            if pass.takes(std::slice::from_ref(block)) {
                self.merge_blocks(turn, Plan::of(vec![block.clone()], Some(merged.day)))?;
            }
        }
        Ok(())
    }

    /// The classes of the series in a block, as they are now, ascending; `None` when its
    /// directory does not read.
    fn classes_in(&self, turn: &mut Turn, block: &Block) -> Result<Option<Vec<u8>>, SeriesError> {
        match block.series() {
            Ok(series) => {
                let keep = read(&self.keep);
                let classes: BTreeSet<u8> = series.iter().map(|it| keep.class_of(*it)).collect();
                Ok(Some(classes.into_iter().collect()))
            }
            Err(error @ SeriesError::Damaged { .. }) => {
                turn.unreadable.insert((block.kind, block.number), error);
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// Makes one block of each day of a class whose readings are to go.
    fn settle(
        &self,
        turn: &mut Turn,
        pass: &mut Pass,
        code: u8,
        first: i64,
    ) -> Result<(), SeriesError> {
        let is_old = |block: &Arc<Block>| {
            block.times().is_some_and(|(least, _)| least < times_of(first).start)
        };
        let mut done = BTreeSet::new();
        loop {
            let layout = read(&self.tables).layout.clone();
            let readable = |block: &&Arc<Block>| turn.reads(block);
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
            self.merge_day(turn, pass, day, code)?;
        }
    }

    fn drop_part(
        &self,
        turn: &mut Turn,
        pass: &mut Pass,
        merged: &Merged,
        what: What,
    ) -> Result<(), SeriesError> {
        let Some(block) = merged.part(what) else { return Ok(()) };
        let (is_over, is_mixed) = {
            let keep = read(&self.keep);
            let over = |class: u8| keep.is_over(class, what, merged, pass.now);
            let mut others = keep.others_in(merged.class, merged.number).peekable();
            let is_mixed = others.peek().is_some();
            (over(merged.class) || others.any(over), is_mixed)
        };
        if !is_over || pass.waits(merged) {
            return Ok(());
        }
        if is_mixed {
            let Some(classes) = self.classes_in(turn, block)? else { return Ok(()) };
            let keep = read(&self.keep);
            if !classes.iter().all(|class| keep.is_over(*class, what, merged, pass.now)) {
                return Ok(());
            }
        }
        for held in read(&self.keep).holds.values() {
            if is_held(block, held)? {
                pass.retained.held += 1;
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
        let keep = read(&self.keep);
        let name = keep.classes.get(&merged.class).map_or("", |class| &class.name);
        pass.note(name, what, merged, block.bytes);
        Ok(())
    }

    /// Makes one of all merged blocks that hold readings of a day and class.
    fn merge_day(
        &self,
        turn: &mut Turn,
        pass: &mut Pass,
        day: i64,
        class: u8,
    ) -> Result<(), SeriesError> {
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
            if plan.inputs.is_empty() || !pass.takes(&plan.inputs) {
                return Ok(());
            }
            self.merge_blocks(turn, plan)?;
        }
    }
}

/// Whether a block has something of a range that is held.
fn is_held(block: &Block, held: &Held) -> Result<bool, SeriesError> {
    // The sums of a span stand at its beginning.
    let slack = if let Kind::Sums(grain) = block.kind { grain.millis() - 1 } else { 0 };
    let span = held.from.as_millis().saturating_sub(slack)..held.to.as_millis();
    let overlaps = |(least, greatest): (i64, i64)| least < span.end && span.start <= greatest;
    if !block.times().is_some_and(overlaps) {
        return Ok(false);
    }
    let Some(series) = &held.series else { return Ok(true) };
    for series in series {
        if block.find(*series, &span)?.entries().next().is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}
