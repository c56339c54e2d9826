//! Pending: what the store has acknowledged and ClickHouse has not yet.
//!
//! Of each series the least time of its unconfirmed readings: everything before it can
//! be answered from the copy. Readings are noted as they are stored, before anybody is
//! told, and forgotten in two rounds; so the least may be too early, never too late.

use std::sync::Mutex;

use series::{Batch, Position, SeriesNo};

use crate::locks::lock;

pub(crate) struct Pending(Mutex<Rounds>);

struct Rounds {
    confirmed: Position,
    /// Until this is confirmed, anything may be pending.
    all_upto: Option<Position>,
    /// The round being confirmed, and the next.
    old: Round,
    fresh: Round,
}

#[derive(Default)]
struct Round {
    /// By number of the series.
    least: Vec<i64>,
    upto: Position,
}

const NONE: i64 = i64::MAX;

/// What of a series is not confirmed, at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unconfirmed {
    pub confirmed: Position,
    /// The least time; `i64::MAX` when everything is confirmed.
    pub least: i64,
}

impl Pending {
    /// What was stored up to `all_upto`, and is after `confirmed`, may have any time.
    pub fn new(confirmed: Position) -> Pending {
        let (old, fresh) = (Round::default(), Round::default());
        Pending(Mutex::new(Rounds { confirmed, all_upto: Some(Position(u64::MAX)), old, fresh }))
    }

    /// From now on every batch is noted; those up to `position` may not have been.
    pub fn noted_after(&self, position: Position) {
        let mut rounds = lock(&self.0);
        rounds.all_upto = Some(position).filter(|upto| rounds.confirmed < *upto);
    }

    pub fn note(&self, batch: &Batch) {
        let fresh = &mut lock(&self.0).fresh;
        fresh.upto = batch.position;
        for sample in &*batch.samples {
            let index = sample.series.0 as usize;
            if fresh.least.len() <= index {
                fresh.least.resize(index + 1, NONE);
            }
            fresh.least[index] = fresh.least[index].min(sample.time.as_millis());
        }
    }

    pub fn confirm(&self, upto: Position) {
        let rounds = &mut *lock(&self.0);
        rounds.confirmed = upto;
        rounds.all_upto = rounds.all_upto.filter(|all| upto < *all);
        if rounds.old.upto <= upto {
            rounds.old.clear();
            std::mem::swap(&mut rounds.old, &mut rounds.fresh);
            if rounds.old.upto <= upto {
                rounds.old.clear();
            }
        }
    }

    pub fn confirmed(&self) -> Position {
        lock(&self.0).confirmed
    }

    /// `None` while nobody knows.
    pub fn of(&self, series: SeriesNo) -> Option<Unconfirmed> {
        let rounds = lock(&self.0);
        if rounds.all_upto.is_some() {
            return None;
        }
        let least = |round: &Round| round.least.get(series.0 as usize).copied().unwrap_or(NONE);
        let least = least(&rounds.old).min(least(&rounds.fresh));
        Some(Unconfirmed { confirmed: rounds.confirmed, least })
    }
}

impl Round {
    fn clear(&mut self) {
        self.least.fill(NONE);
    }
}

#[cfg(test)]
mod tests {
    use base::{Quality, Timestamp};
    use series::Sample;

    use super::*;

    fn batch(position: u64, series: u32, time: i64) -> Batch {
        let time = Timestamp::from_millis(time);
        let sample = Sample { series: SeriesNo(series), time, value: 1.0, quality: Quality::GOOD };
        Batch { position: Position(position), received: time, samples: [sample].into() }
    }

    #[test]
    fn a_reading_is_pending_until_its_batch_is_confirmed_and_not_much_longer() {
        let pending = Pending::new(Position(4));
        let least = |series| pending.of(SeriesNo(series)).map(|it| it.least);
        pending.note(&batch(7, 0, 70));
        pending.noted_after(Position(6));
        assert_eq!(least(0), None, "5 and 6 may hold anything");
        pending.confirm(Position(6));
        assert_eq!((least(0), least(1)), (Some(70), Some(NONE)));
        pending.note(&batch(8, 1, 10));
        pending.note(&batch(9, 0, 60));
        assert_eq!((least(0), least(1)), (Some(60), Some(10)));
        pending.confirm(Position(7));
        assert_eq!((least(0), least(1)), (Some(60), Some(10)));
        pending.note(&batch(10, 0, 90));
        pending.confirm(Position(9));
        assert_eq!((least(0), least(1)), (Some(90), Some(NONE)));
        pending.confirm(Position(10));
        assert_eq!((least(0), pending.confirmed()), (Some(NONE), Position(10)));
    }

    #[test]
    fn nothing_is_unknown_where_nothing_was_stored() {
        let pending = Pending::new(Position(4));
        assert_eq!(pending.of(SeriesNo(0)), None);
        pending.noted_after(Position(4));
        let expected = Unconfirmed { confirmed: Position(4), least: NONE };
        assert_eq!(pending.of(SeriesNo(0)), Some(expected));
    }
}
