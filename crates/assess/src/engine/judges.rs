//! The rules in memory, found by the number of the series they judge.

use std::collections::HashMap;

use base::Timestamp;
use series::{Batch, Position, SeriesNo};

use super::model::{Limits, Memory, Outcome, Seen, State, step};
use crate::rule::RuleId;
use crate::station::{SensorId, StationId};

/// One rule at work on one sensor.
#[derive(Debug, Clone, PartialEq)]
pub struct Judge {
    pub rule: RuleId,
    pub version: u32,
    pub sensor: SensorId,
    pub station: StationId,
    pub series: SeriesNo,
    pub limits: Limits,
    pub state: State,
    /// The state is as of this batch; earlier ones, read again, are not judged again.
    pub upto: Position,
}

/// What a judge came to, on its way into the log.
#[derive(Debug, Clone, PartialEq)]
pub struct Ruling {
    pub rule: RuleId,
    pub version: u32,
    pub sensor: SensorId,
    pub station: StationId,
    pub outcome: Outcome,
}

/// All judges of a world. A reading of a series without one costs one look-up.
#[derive(Debug, Default)]
pub struct Judges {
    /// By series number: the first of its judges, or [`NONE`].
    heads: Vec<u32>,
    seats: Vec<Seat>,
    places: HashMap<RuleId, u32>,
    /// Seats whose state is not saved, each once.
    unsaved: Vec<u32>,
}

#[derive(Debug)]
struct Seat {
    judge: Judge,
    /// The next judge of the same series, or [`NONE`].
    next: u32,
    is_unsaved: bool,
}

const NONE: u32 = u32::MAX;

impl Judges {
    pub fn len(&self) -> usize {
        self.seats.len()
    }

    pub fn is_empty(&self) -> bool {
        self.seats.is_empty()
    }

    pub fn get(&self, rule: RuleId) -> Option<&Judge> {
        self.places.get(&rule).map(|seat| &self.seats[*seat as usize].judge)
    }

    /// Seats judges, each in the place of an earlier one of its rule; their states
    /// count as unsaved.
    pub fn put(&mut self, judges: impl IntoIterator<Item = Judge>) {
        for judge in judges {
            let at = match self.places.get(&judge.rule) {
                Some(at) => {
                    self.seats[*at as usize].judge = judge;
                    *at
                }
                None => {
                    let at = self.seats.len() as u32;
                    self.places.insert(judge.rule, at);
                    self.seats.push(Seat { judge, next: NONE, is_unsaved: false });
                    at
                }
            };
            self.note_unsaved(at);
        }
        self.link();
    }

    pub fn remove(&mut self, rule: RuleId) {
        let Some(at) = self.places.remove(&rule) else { return };
        self.seats.swap_remove(at as usize);
        if let Some(moved) = self.seats.get(at as usize) {
            self.places.insert(moved.judge.rule, at);
        }
        let numbered = self.seats.iter().enumerate();
        self.unsaved =
            numbered.filter(|(_, seat)| seat.is_unsaved).map(|(at, _)| at as u32).collect();
        self.link();
    }

    /// Chains the judges of each series, in the order of their seats.
    fn link(&mut self) {
        self.heads.clear();
        for at in (0..self.seats.len()).rev() {
            let seat = &mut self.seats[at];
            let series = seat.judge.series.0 as usize;
            if self.heads.len() <= series {
                self.heads.resize(series + 1, NONE);
            }
            seat.next = std::mem::replace(&mut self.heads[series], at as u32);
        }
    }

    /// Judges a batch; what it led to is added to `rulings` in order.
    pub fn judge(&mut self, batch: &Batch, rulings: &mut Vec<Ruling>) {
        for sample in &*batch.samples {
            let Some(&head) = self.heads.get(sample.series.0 as usize) else { continue };
            if head == NONE {
                continue;
            }
            let seen = Seen { time: sample.time, value: sample.value, received: batch.received };
            let mut at = head;
            while at != NONE {
                let seat = &mut self.seats[at as usize];
                let Judge { limits, state, upto, .. } = &mut seat.judge;
                if *upto < batch.position && limits.is_judged(sample.quality) {
                    let outcomes = step(limits, state, seen);
                    if !seat.is_unsaved {
                        seat.is_unsaved = true;
                        self.unsaved.push(at);
                    }
                    rulings.extend(outcomes.into_iter().map(|it| ruling(&seat.judge, it)));
                }
                at = seat.next;
            }
        }
    }

    /// Rules whose states are not saved.
    pub fn unsaved(&self) -> Vec<RuleId> {
        self.unsaved.iter().map(|at| self.seats[*at as usize].judge.rule).collect()
    }

    pub fn has_unsaved(&self) -> bool {
        !self.unsaved.is_empty()
    }

    /// Says that the present states of these rules are on their way to the disk.
    pub fn note_saved(&mut self, rules: &[RuleId]) {
        for rule in rules {
            if let Some(at) = self.places.get(rule) {
                self.seats[*at as usize].is_unsaved = false;
            }
        }
        let seats = &self.seats;
        self.unsaved.retain(|at| seats[*at as usize].is_unsaved);
    }

    /// Says that a save of these rules came to nothing.
    pub fn note_not_saved(&mut self, rules: &[RuleId]) {
        for rule in rules {
            if let Some(at) = self.places.get(rule).copied() {
                self.note_unsaved(at);
            }
        }
    }

    fn note_unsaved(&mut self, at: u32) {
        let seat = &mut self.seats[at as usize];
        if !seat.is_unsaved {
            seat.is_unsaved = true;
            self.unsaved.push(at);
        }
    }
}

impl Judge {
    /// Takes the place of a judge that has seen readings up to `newest`.
    pub fn follow(&mut self, newest: Option<Timestamp>) {
        if self.state.newest < newest {
            self.state.newest = newest;
            self.state.run.clear();
            self.state.memory = Memory::after(newest);
        }
    }

    /// Reconciles the state with what the log knows: it has judged up to `upto`, and
    /// the finding of the onset `active` stands.
    pub fn reconcile(&mut self, upto: Option<Timestamp>, active: Option<Timestamp>) {
        if self.state.newest < upto {
            let memory = Memory::after(upto);
            self.state = State { newest: upto, active, run: Vec::new(), memory };
        }
        if active.is_some() {
            self.state.run.clear();
        }
        self.state.active = active;
    }
}

fn ruling(judge: &Judge, outcome: Outcome) -> Ruling {
    Ruling {
        rule: judge.rule,
        version: judge.version,
        sensor: judge.sensor,
        station: judge.station,
        outcome,
    }
}
