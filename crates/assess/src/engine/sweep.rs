//! Saving behind: the states of quiet rules, so that the log can be cut.
//!
//! A sweep notes where it began, saves every state that is unsaved then, a few at
//! a time on the ordinary lane, and last the position where it began: from then on
//! every state on disk is as of that position or later.

use std::sync::mpsc::{Receiver, TryRecvError, sync_channel};
use std::time::{Duration, Instant};

use host::{Error, Lane, Result};
use series::Position;

use super::save::{save, save_position};
use super::{Engine, internal};
use crate::rule::RuleId;

/// States in one transaction: about two milliseconds of the writer.
const AT_ONCE: usize = 256;
/// From one sweep to the next at least this, and this for each state that it saved.
/// A state costs about 10 µs, so sweeps take about a hundredth of a core.
const PAUSE: Duration = Duration::from_secs(1);
const PAUSE_PER_STATE: Duration = Duration::from_millis(1);

#[derive(Default)]
pub(super) struct Sweeper {
    under_way: Option<Sweep>,
    /// What the last sweep reached.
    reached: Position,
    not_before: Option<Instant>,
}

struct Sweep {
    began: Position,
    left: Vec<RuleId>,
    saved: u32,
    /// The rules being saved, and their save's result.
    in_flight: Option<(Vec<RuleId>, Receiver<Result<()>>)>,
}

impl Sweeper {
    /// The engine starts here, with every state as it is on disk.
    pub fn at(&mut self, position: Position) {
        self.reached = position;
    }
}

/// Does the next piece of a sweep, if one is due; never waits.
pub(super) fn step(engine: &mut Engine) {
    if !engine.is_settled() {
        // States may be saved only with the rulings that left them.
        return;
    }
    let Some(mut sweep) = engine.sweeper.under_way.take().or_else(|| begin(engine)) else { return };
    if let Some((rules, result)) = sweep.in_flight.take() {
        match result.try_recv() {
            Err(TryRecvError::Empty) => {
                sweep.in_flight = Some((rules, result));
                engine.sweeper.under_way = Some(sweep);
                return;
            }
            Ok(Ok(())) => sweep.saved += rules.len() as u32,
            Ok(Err(error)) => return give_up(engine, &rules, &error),
            Err(TryRecvError::Disconnected) => {
                return give_up(engine, &rules, &Error::Busy("the world was closed"));
            }
        }
        if sweep.left.is_empty() {
            return finish(engine, &sweep);
        }
    }
    let rest = sweep.left.len().saturating_sub(AT_ONCE);
    let rules = sweep.left.split_off(rest);
    let states = engine.saved(&rules);
    let reached = sweep.left.is_empty().then_some(sweep.began);
    let (sender, receiver) = sync_channel(1);
    let command = move |tx: &mut host::Tx<'_>| {
        save(tx, &states)?;
        reached.map_or(Ok(()), |position| save_position(tx, position))
    };
    let submitted = engine.world.run_then(Lane::Ordinary, "rule", command, move |result| {
        // The engine may be gone meanwhile; then the log is read again.
        let _ = sender.send(result);
    });
    match submitted {
        Ok(()) => {
            engine.judges.note_saved(&rules);
            sweep.in_flight = Some((rules, receiver));
            engine.sweeper.under_way = Some(sweep);
        }
        Err(error) => give_up(engine, &rules, &error),
    }
}

/// A whole sweep at once, for stories that drive the engine by hand.
pub(super) fn all(engine: &mut Engine) -> Result<()> {
    let rules = engine.judges.unsaved();
    let states = engine.saved(&rules);
    let position = engine.position;
    engine.world.run(Lane::Ordinary, "rule", move |tx| {
        save(tx, &states)?;
        save_position(tx, position)
    })?;
    engine.judges.note_saved(&rules);
    engine.sweeper.reached = position;
    engine.consumer.release(position).map_err(internal)
}

fn begin(engine: &Engine) -> Option<Sweep> {
    let is_new = engine.sweeper.reached < engine.position || engine.judges.has_unsaved();
    let is_due = engine.sweeper.not_before.is_none_or(|at| at <= Instant::now());
    let sweep = || Sweep {
        began: engine.position,
        left: engine.judges.unsaved(),
        saved: 0,
        in_flight: None,
    };
    (is_new && is_due).then(sweep)
}

fn finish(engine: &mut Engine, sweep: &Sweep) {
    engine.sweeper.reached = sweep.began;
    engine.sweeper.not_before = Some(Instant::now() + PAUSE + PAUSE_PER_STATE * sweep.saved);
    if let Err(error) = engine.consumer.release(sweep.began) {
        tracing::error!(%error, "the log could not be cut behind the rules");
    }
}

/// Nothing is lost: the states stay unsaved and the log uncut.
fn give_up(engine: &mut Engine, rules: &[RuleId], error: &Error) {
    engine.judges.note_not_saved(rules);
    engine.sweeper.not_before = Some(Instant::now() + PAUSE);
    if !matches!(error, Error::Busy(_)) {
        tracing::error!(%error, "the rules' states could not be saved, the next try is in a second");
    }
}
