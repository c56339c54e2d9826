//! What a rule would have found, by the engine's own machine on the readings that are kept.
//! Reads a bounded range and writes nothing.
//!
//! The readings are taken in the order of time and as they are now: what came late is
//! judged as if it had been punctual.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration as MachineTime, Instant};

use base::{Duration, Timestamp};
use host::{Error, Result, World};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::NewRule;
use crate::engine::model::{Crossing, Limits, Outcome, Over, Seen, State, step};
use crate::finding::{Finding, FindingId};
use crate::rule::RuleId;

/// The longest range, in days.
const MOST_DAYS: i64 = 400;
/// One run reads for no longer, and says how far it came.
const LONGEST: MachineTime = MachineTime::from_secs(5);
/// Episodes that are named.
const NAMED: usize = 200;

/// A rule that is tried, and on what.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[schemars(rename = "DryRunRule")]
pub(super) struct Asked {
    pub rule: NewRule,
    pub from: Timestamp,
    /// At most 400 days after `from`.
    pub to: Timestamp,
}

/// What the rule would have found.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "RuleDryRun")]
pub(super) struct DryRun {
    pub from: Timestamp,
    pub to: Timestamp,
    /// How far it came: earlier than `to` when five seconds were over.
    pub reached: Timestamp,
    /// Readings that were judged, and those that are too bad for this rule.
    pub readings: usize,
    pub unjudged: usize,
    /// How often it would have fired.
    pub fired: usize,
    /// For how long it would have stood, in seconds, within the range.
    pub stood_s: i64,
    /// The newest 200, by time.
    pub episodes: Vec<Episode>,
    /// What was found in that time by the rule's version in force, or by any rule of the
    /// sensor when it is a new one.
    pub known: usize,
    /// Of those, what it would not have found; the newest 200.
    pub missed: Vec<Missed>,
    /// How many of its own nobody was told of.
    pub new: usize,
}

/// From where it would have fired to where it would have been over.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "DryRunEpisode")]
pub(super) struct Episode {
    /// Of the first reading that crossed.
    pub onset: Timestamp,
    pub fired_at: Timestamp,
    /// The reading that completed it, in the quantity's unit.
    pub value: f64,
    /// What that came to with those before it.
    pub over: Option<Over>,
    /// `null` when it stood at the end.
    pub until: Option<Timestamp>,
    /// A finding of that time, when there is one.
    pub known: Option<FindingId>,
}

/// A finding that it would not have made.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "DryRunMissed")]
pub(super) struct Missed {
    pub finding: FindingId,
    pub rule: RuleId,
    pub rule_name: String,
    pub onset: Timestamp,
    pub until: Option<Timestamp>,
}

/// Tells a run that nobody waits for it any longer.
pub(super) struct Waiting(pub Arc<AtomicBool>);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Relaxed);
    }
}

impl Asked {
    /// # Errors
    /// [`Error::Invalid`] for a range that is empty or too long.
    pub fn check(&self) -> Result<()> {
        let longest = Duration::from_hours(24 * MOST_DAYS);
        if self.to <= self.from || longest < self.to.since(self.from) {
            let expected = format!("a time after {}, by {MOST_DAYS} days at most", self.from);
            return Err(Error::invalid("to", self.to, expected));
        }
        Ok(())
    }
}

/// Runs it, as long as somebody waits for it.
///
/// - `known`: what was found in that time, with which it is compared.
///
/// # Errors
/// Those of whoever keeps the readings.
pub(super) fn run(
    world: &World,
    asked: &Asked,
    known: &[Finding],
    waits: &AtomicBool,
) -> Result<DryRun> {
    let limits = asked.rule.limits();
    let mut course = Course::new(&limits, asked.from);
    // Before the range only to fill the window.
    let begin = asked.from - Duration::from_millis(2 * limits.reach().as_millis());
    let began = Instant::now();
    let mut reached = asked.to;
    if let Some(series) = world.series().series_of(asked.rule.sensor.into()) {
        let pieces = world.readings().stream(series, begin, asked.to, None);
        for piece in pieces.map_err(Error::readings)? {
            for reading in piece.map_err(Error::readings)? {
                let seen =
                    Seen { time: reading.time, value: reading.value, received: reading.received };
                course.take(seen, limits.is_judged(reading.quality));
            }
            if !waits.load(Ordering::Relaxed) {
                return Err(Error::Busy("nobody waits for this run any longer"));
            }
            if LONGEST <= began.elapsed() {
                reached = course.newest.unwrap_or(asked.from).min(asked.to);
                break;
            }
        }
    }
    Ok(course.told(asked, reached, known))
}

/// A run under way.
struct Course<'a> {
    limits: &'a Limits,
    from: Timestamp,
    state: State,
    newest: Option<Timestamp>,
    readings: usize,
    unjudged: usize,
    found: Vec<(Vec<Crossing>, Option<Timestamp>)>,
}

impl Course<'_> {
    fn new(limits: &Limits, from: Timestamp) -> Course<'_> {
        let (state, found) = (State::default(), Vec::new());
        Course { limits, from, state, newest: None, readings: 0, unjudged: 0, found }
    }

    fn take(&mut self, seen: Seen, is_judged: bool) {
        self.newest = Some(seen.time);
        if self.from <= seen.time {
            self.readings += usize::from(is_judged);
            self.unjudged += usize::from(!is_judged);
        }
        if !is_judged {
            return;
        }
        for outcome in step(self.limits, &mut self.state, seen) {
            match outcome {
                Outcome::Raised { values } => self.found.push((values, None)),
                Outcome::Cleared { by, .. } => {
                    if let Some((_, until)) = self.found.last_mut() {
                        *until = Some(by.time);
                    }
                }
                // Readings come in the order of time.
                Outcome::Missed { values, by } => self.found.push((values, Some(by.time))),
            }
        }
    }

    fn told(self, asked: &Asked, reached: Timestamp, known: &[Finding]) -> DryRun {
        let is_within = |until: Option<Timestamp>| until.is_none_or(|until| asked.from < until);
        let ended = |until: Option<Timestamp>| until.unwrap_or(Timestamp::MAX);
        let episodes: Vec<Episode> = self
            .found
            .into_iter()
            .filter(|(_, until)| is_within(*until))
            .filter_map(|(values, until)| {
                let (first, last) = (values.first()?, values.last()?);
                let same = known.iter().find(|other| {
                    other.onset < ended(until) && first.time < ended(other.cleared_at)
                });
                Some(Episode {
                    onset: first.time,
                    fired_at: last.time,
                    value: last.value,
                    over: last.over,
                    until,
                    known: same.map(|finding| finding.id),
                })
            })
            .collect();
        let is_found = |finding: &&Finding| {
            !episodes
                .iter()
                .any(|it| it.onset < ended(finding.cleared_at) && finding.onset < ended(it.until))
        };
        // What lies beyond where it came nobody can say.
        let compared = || known.iter().filter(|finding| finding.onset < reached);
        let missed = compared().filter(is_found).take(NAMED).map(|finding| Missed {
            finding: finding.id,
            rule: finding.rule.id,
            rule_name: finding.rule.name.clone(),
            onset: finding.onset,
            until: finding.cleared_at,
        });
        let stood = episodes.iter().map(|it| {
            let until = it.until.unwrap_or(reached).min(reached);
            until.since(it.fired_at.max(asked.from)).as_millis().max(0) / 1_000
        });
        DryRun {
            from: asked.from,
            to: asked.to,
            reached,
            readings: self.readings,
            unjudged: self.unjudged,
            fired: episodes.len(),
            stood_s: stood.sum(),
            known: compared().count(),
            missed: missed.collect(),
            new: episodes.iter().filter(|it| it.known.is_none()).count(),
            episodes: {
                let mut newest = episodes;
                newest.drain(..newest.len().saturating_sub(NAMED));
                newest
            },
        }
    }
}
