//! The newest readings that a rule has judged, by the time of their source: what a window
//! is made of, and what a late reading is put into. Pure, and bounded.

use std::collections::VecDeque;

use base::{Duration, Timestamp};

use super::measure::{Measure, add};
use super::model::{Limits, Seen};

/// So many of the newest are kept as they came, whatever the window.
const NEWEST: usize = 32;
/// More are thinned out.
const MOST: usize = 256;
/// A window's times are told apart to so fine a part of it when there are too many.
const PARTS: i64 = 32;
/// Findings that are over, of which so many are remembered.
const MOST_TOLD: usize = 32;

/// What one rule remembers of one sensor.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Memory {
    /// By time, each time once.
    pub(super) recent: VecDeque<Seen>,
    /// Findings that are over, by when they ended; of what was before, nothing is told
    /// again.
    pub(super) told: VecDeque<Told>,
    /// What is older is history, and changes nothing.
    pub(super) floor: Option<Timestamp>,
}

/// A finding that is over: from the first reading that crossed to the one that was safe.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Told {
    pub onset: Timestamp,
    pub until: Timestamp,
}

/// Where a reading came to stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// It is older than all that is remembered.
    History,
    /// It is there, and the same.
    Known,
    Last,
    /// Others are newer, or it corrects the newest.
    Late,
}

impl Memory {
    /// Nothing before `newest` is judged any more.
    pub fn after(newest: Option<Timestamp>) -> Memory {
        Memory { floor: newest, ..Memory::default() }
    }

    /// Puts a reading in its place, also in the place of one of the same time.
    pub(super) fn put(&mut self, limits: &Limits, seen: Seen) -> Place {
        if self.floor.is_some_and(|floor| seen.time < floor) {
            return Place::History;
        }
        let place = match self.recent.back() {
            Some(last) if seen.time < last.time => {
                let at = self.recent.partition_point(|other| other.time < seen.time);
                match self.recent[at] {
                    other if other.time != seen.time => self.recent.insert(at, seen),
                    other if other.value == seen.value => return Place::Known,
                    _ => self.recent[at] = seen,
                }
                Place::Late
            }
            Some(last) if last.time == seen.time => {
                if last.value == seen.value {
                    // Only how good it is has changed: it is still what came then, in
                    // its frame.
                    return Place::Known;
                }
                self.recent.pop_back();
                self.recent.push_back(seen);
                Place::Late
            }
            _ => {
                self.recent.push_back(seen);
                Place::Last
            }
        };
        self.trim(limits);
        place
    }

    pub(super) fn note(&mut self, told: Told) {
        let at = self.told.partition_point(|other| other.until <= told.until);
        self.told.insert(at, told);
        if MOST_TOLD < self.told.len() {
            let forgotten = self.told.pop_front().map(|told| told.until);
            self.floor = self.floor.max(forgotten);
        }
    }

    /// Forgets what no window reaches, and thins out what is too much.
    fn trim(&mut self, limits: &Limits) {
        let Some(newest) = self.recent.back().map(|seen| seen.time) else { return };
        let least = NEWEST.max(2 * limits.times());
        let horizon = Duration::from_millis(2 * limits.window().as_millis());
        let mut is_less = false;
        while least < self.recent.len() && self.recent[0].time < newest - horizon {
            self.recent.pop_front();
            is_less = true;
        }
        if MOST <= self.recent.len() {
            self.thin(limits, least);
            while MOST <= self.recent.len() {
                self.recent.pop_front();
                is_less = true;
            }
        }
        if is_less {
            let oldest = self.recent[0].time;
            self.floor = self.floor.max(Some(oldest));
            while self.told.front().is_some_and(|told| told.until < oldest) {
                self.told.pop_front();
            }
        }
    }

    /// Keeps of the older readings what decides: of a part of the window the oldest, the
    /// lowest and the highest; of a count those that are counted; of amounts their sums,
    /// each at its last time, so that none leaves the window too early.
    fn thin(&mut self, limits: &Limits, least: usize) {
        let part = (limits.window().as_millis() / PARTS).max(1);
        let newer = self.recent.split_off(self.recent.len() - least);
        let older = std::mem::replace(&mut self.recent, newer);
        let mut kept: Vec<Seen> = Vec::with_capacity(older.len());
        match limits.measure() {
            Measure::Count { comparison, line, .. } => {
                let counted = older.iter().filter(|it| comparison.holds(it.value, line));
                kept.extend(counted);
                // More than a rule's line times two are never asked for.
                let most = 2 * limits.threshold().clamp(0.0, 1e3) as usize;
                kept.drain(..kept.len().saturating_sub(most));
            }
            Measure::Sum { .. } => {
                for seen in older.iter().filter(|it| it.value != 0.0) {
                    match kept.last_mut() {
                        Some(last) if part_of(last, part) == part_of(seen, part) => {
                            *last = Seen { value: add(last.value, seen.value), ..*seen };
                        }
                        _ => kept.push(*seen),
                    }
                }
                // What went into a sum cannot be corrected.
                self.floor = self.floor.max(older.back().map(|seen| seen.time));
            }
            _ => {
                let all: Vec<Seen> = older.into();
                for some in all.chunk_by(|a, b| part_of(a, part) == part_of(b, part)) {
                    kept.extend(ends(some));
                }
            }
        }
        for seen in kept.into_iter().rev() {
            self.recent.push_front(seen);
        }
    }
}

fn part_of(seen: &Seen, part: i64) -> i64 {
    seen.time.as_millis().div_euclid(part)
}

/// The first, the lowest and the highest of some readings, by time and each once.
fn ends(some: &[Seen]) -> impl Iterator<Item = Seen> + '_ {
    let low = (0..some.len()).reduce(|a, b| if some[b].value < some[a].value { b } else { a });
    let high = (0..some.len()).reduce(|a, b| if some[a].value < some[b].value { b } else { a });
    let is_kept = move |at: usize| at == 0 || Some(at) == low || Some(at) == high;
    some.iter().enumerate().filter(move |(at, _)| is_kept(*at)).map(|(_, seen)| *seen)
}
