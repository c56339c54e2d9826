//! The newest readings of one series, by the time their source gave, and what the
//! checks say of them. Pure; a reading costs the same whatever the series holds.
//!
//! What is said of a reading follows from itself and the readings next to it. So when
//! one comes between others, those around it are looked at again. Flags are added and
//! never taken back: in whatever order readings come, each that the order of time would
//! flag is flagged by range, step and spike, and what is flagged beyond it was right by
//! what was known then. `Stuck` goes by the order of time alone: a reading that comes
//! late neither begins nor ends a standing still.
//!
//! A reading older than all that is kept belongs to a stretch that is sent afterwards.
//! Such a stretch has a track of its own, which begins anew where it jumps back; it is
//! not compared with what lies around it.

use base::quantity::{Grade, SeriesKind};
use base::{Duration, Quality, Timestamp};

use super::definition::{Check, LEAST_NEIGHBOURS, Limits};

/// Readings kept: one that is late by less than these, but two, is put in its place.
pub(super) const KEPT: usize = 7;
/// So many of the oldest that are kept are there to be compared with.
const BEFORE: usize = 2;
/// What computing with decimals may add to a difference.
const ROUNDING: f64 = 1e-9;

/// A reading on its track.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Point {
    pub time: Timestamp,
    pub value: f64,
    /// As it is stored.
    pub quality: Quality,
    /// Bits of the checks that it failed.
    pub flags: u8,
    /// Since when the value stands still, and where it stood first.
    since: Timestamp,
    stood: f64,
}

#[derive(Debug, Default)]
pub(super) struct Track {
    /// By time; the newest [`KEPT`].
    points: Vec<Point>,
    /// A stretch older than those.
    behind: Vec<Point>,
}

/// A reading as it comes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Coming {
    pub time: Timestamp,
    pub value: f64,
    pub quality: Quality,
}

/// Whether a reading can be compared with others: one that its device or its road calls
/// bad says nothing of what is measured.
pub(super) fn is_comparable(quality: Quality) -> bool {
    let others = Quality::BY_DEVICE | Quality::BY_PERSON | Quality::BY_LINK;
    quality.0 & Quality::FUTURE == 0 && (quality.grade() != Grade::Bad || quality.0 & others == 0)
}

impl Track {
    /// Takes in a reading; those that fail a check that they had not failed before are
    /// added to `flagged`. Gives how many it looked at: four at most.
    ///
    /// - `median`: of its neighbours, where enough of them have said something.
    pub fn take(
        &mut self,
        limits: &Limits,
        coming: Coming,
        median: Option<f64>,
        flagged: &mut Vec<Point>,
    ) -> usize {
        let is_behind = KEPT <= self.points.len()
            && coming.time < self.points[BEFORE].time
            && self.points[..BEFORE].iter().all(|point| point.time != coming.time);
        let points = if is_behind { &mut self.behind } else { &mut self.points };
        if is_behind && points.first().is_some_and(|first| coming.time < first.time) {
            points.clear();
        }
        // Of a full track, what lay before the oldest is forgotten.
        let first = if KEPT <= points.len() { BEFORE } else { 0 };
        let at = place(points, limits, coming);
        let last = points.len() - 1;
        let looked_at = at.saturating_sub(1)..last.min(at + 2) + 1;
        for index in looked_at.clone() {
            let mut flags = if first <= index { around(points, limits, index) } else { 0 };
            if index == at {
                flags |= alone(&points[at], limits, median);
            }
            let point = &mut points[index];
            if flags & !point.flags != 0 {
                point.flags |= flags;
                flagged.push(*point);
            }
        }
        forget(points);
        looked_at.len()
    }

    /// Takes in what is stored and was checked before: by time, with the flags it has.
    pub fn remember(&mut self, limits: &Limits, stored: Coming, flags: u8) {
        let at = place(&mut self.points, limits, stored);
        self.points[at].flags = flags;
        forget(&mut self.points);
    }

    /// Says that a point is stored with this quality now.
    pub fn stored(&mut self, time: Timestamp, quality: Quality) {
        for points in [&mut self.points, &mut self.behind] {
            if let Ok(at) = points.binary_search_by_key(&time, |point| point.time) {
                points[at].quality = quality;
            }
        }
    }

    /// The value nearest in time, if one lies within `within`.
    pub fn nearest(&self, time: Timestamp, within: Duration) -> Option<f64> {
        let distance = |point: &Point| time.since(point.time).as_millis().abs();
        let nearest = self.points.iter().min_by_key(|point| distance(point))?;
        (distance(nearest) <= within.as_millis()).then_some(nearest.value)
    }
}

/// The middle of what neighbours say, where enough of them have spoken.
pub(super) fn median(mut values: Vec<f64>) -> Option<f64> {
    if values.len() < LEAST_NEIGHBOURS {
        return None;
    }
    values.sort_by(f64::total_cmp);
    let half = values.len() / 2;
    let is_even = values.len().is_multiple_of(2);
    Some(if is_even { (values[half - 1] + values[half]) / 2.0 } else { values[half] })
}

/// Lets the oldest go, once those after it have been looked at beside it.
fn forget(points: &mut Vec<Point>) {
    let surplus = points.len().saturating_sub(KEPT);
    points.drain(..surplus);
}

/// Puts a reading in its place and gives the place. One of the same time gives way, and
/// what was said of it with it, unless it has the same value.
fn place(points: &mut Vec<Point>, limits: &Limits, coming: Coming) -> usize {
    let Coming { time, value, quality } = coming;
    let at = points.partition_point(|point| point.time < time);
    let is_there = points.get(at).is_some_and(|point| point.time == time);
    if is_there && points[at].value.to_bits() == value.to_bits() {
        return at;
    }
    if is_there {
        points.remove(at);
    }
    let mut point = Point { time, value, quality, flags: 0, since: time, stood: value };
    if at == points.len()
        && let (Some(before), Some(stuck)) = (at.checked_sub(1).map(|at| points[at]), &limits.stuck)
    {
        let paused = time.since(before.time).as_millis();
        let stands = difference(limits.kind, value, before.stood).abs() < stuck.vary - ROUNDING;
        if (stands || value == before.stood) && paused <= i64::from(stuck.span_s) * 1_000 {
            (point.since, point.stood) = (before.since, before.stood);
        }
    }
    points.insert(at, point);
    at
}

/// What the checks say of a reading by those next to it.
fn around(points: &[Point], limits: &Limits, at: usize) -> u8 {
    let mut flags = 0;
    if is_spike(points, limits, at) {
        flags |= Check::Spike.bit();
    }
    if is_step(points, limits, at) {
        flags |= Check::Step.bit();
    }
    flags
}

/// A way back from a spike is no step: the reading is compared with the one before it.
fn is_step(points: &[Point], limits: &Limits, at: usize) -> bool {
    let Some(step) = &limits.step else { return false };
    let Some(mut before) = at.checked_sub(1) else { return false };
    if is_spike(points, limits, before) {
        before -= 1;
    }
    let passed = points[at].time.since(points[before].time).as_millis();
    let row = step.within.iter().find(|(seconds, _)| passed <= i64::from(*seconds) * 1_000);
    let Some((_, limit)) = row else { return false };
    let change = difference(limits.kind, points[at].value, points[before].value);
    // A counter that falls was reset, or has wrapped.
    let change = if limits.kind == SeriesKind::Counter { change.max(0.0) } else { change.abs() };
    limit + ROUNDING < change
}

fn is_spike(points: &[Point], limits: &Limits, at: usize) -> bool {
    let Some(spike) = &limits.spike else { return false };
    let (Some(before), Some(after)) = (at.checked_sub(1), points.get(at + 1)) else { return false };
    let (before, point) = (&points[before], &points[at]);
    let within = i64::from(spike.within_s) * 1_000;
    let is_near = point.time.since(before.time).as_millis() <= within
        && after.time.since(point.time).as_millis() <= within;
    let rise = difference(limits.kind, point.value, before.value);
    let fall = difference(limits.kind, point.value, after.value);
    is_near && 0.0 < rise * fall && spike.limit + ROUNDING < rise.abs().min(fall.abs())
}

/// What the checks say of a reading when it comes.
fn alone(point: &Point, limits: &Limits, median: Option<f64>) -> u8 {
    let mut flags = 0;
    let is_low = limits.low.is_some_and(|low| point.value < low);
    let is_high = limits.high.is_some_and(|high| high < point.value);
    if is_low || is_high {
        flags |= Check::Range.bit();
    }
    if let Some(stuck) = &limits.stuck {
        let stood = point.time.since(point.since).as_millis();
        let rests =
            stuck.rest.is_some_and(|rest| (point.stood - rest).abs() < stuck.vary - ROUNDING);
        if i64::from(stuck.span_s) * 1_000 <= stood && !rests {
            flags |= Check::Stuck.bit();
        }
    }
    if let (Some(neighbour), Some(median)) = (&limits.neighbour, median)
        && neighbour.limit + ROUNDING < difference(limits.kind, point.value, median).abs()
    {
        flags |= Check::Neighbour.bit();
    }
    flags
}

/// `a` less `b`; of directions the shorter way round, in degrees.
fn difference(kind: SeriesKind, a: f64, b: f64) -> f64 {
    match kind {
        SeriesKind::Direction => (a - b + 180.0).rem_euclid(360.0) - 180.0,
        _ => a - b,
    }
}

#[cfg(test)]
mod tests;
