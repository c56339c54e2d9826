//! Who is asked: ClickHouse for what reaches far back, the store for the rest.
//!
//! A question of more than a day that begins more than `serve_days` ago, or one that begins
//! before what the store still keeps, is ClickHouse's up to the first time that some unconfirmed reading of the series
//! has; from there on it is the store's. When ClickHouse does not answer, the store
//! does, if it keeps all that was asked for; and if not, the caller is told so.

use std::sync::Arc;

use base::{Duration, Timestamp};
use series::{
    Bucket, CopyStatus, Pieces, Reading, Readings, SeriesError, SeriesNo, Store, SumUp, Superseded,
};

use crate::{Answers, Mirror};

/// What is no wider is quicker out of the store.
const DAY: i64 = 86_400_000;

/// Readings of a store that has a copy in ClickHouse.
#[derive(Clone)]
pub struct Mirrored {
    store: Store,
    mirror: Arc<Mirror>,
}

/// Who answers which part of a range.
enum Plan {
    Store,
    /// ClickHouse before this time, the store from there on. `instead` says whether the
    /// store could answer all of it.
    Both {
        answers: Answers,
        until: Timestamp,
        instead: bool,
    },
}

impl Mirrored {
    pub fn new(store: Store, mirror: Arc<Mirror>) -> Mirrored {
        Mirrored { store, mirror }
    }

    fn plan(&self, series: SeriesNo, from: Timestamp, to: Timestamp) -> Result<Plan, SeriesError> {
        let shared = self.mirror.shared();
        let now = shared.now();
        let gone_before = self.store.kept_since(series, now);
        let is_gone = gone_before.is_some_and(|kept| from < kept);
        let far = now - Duration::from_hours(24 * i64::from(shared.config.serve_days));
        let is_wide = i128::from(DAY) < i128::from(to.as_millis()) - i128::from(from.as_millis());
        if !is_gone && (far <= from || !is_wide) {
            return Ok(Plan::Store);
        }
        let otherwise = |why: String| match (is_gone, gone_before) {
            (true, Some(kept)) => Err(SeriesError::Elsewhere(format!(
                "readings before {kept} are kept in ClickHouse alone, and {why}"
            ))),
            _ => Ok(Plan::Store),
        };
        let Some(unconfirmed) = shared.pending.of(series) else {
            return otherwise(shared.silence());
        };
        let Some(answers) = shared.answers(unconfirmed.confirmed) else {
            return otherwise(shared.silence());
        };
        let until = to.min(Timestamp::from_millis(unconfirmed.least));
        if until <= from || gone_before.is_some_and(|kept| until < kept.min(to)) {
            return otherwise("it has not confirmed all that came for them yet".to_owned());
        }
        Ok(Plan::Both { answers, until, instead: !is_gone })
    }

    /// Asks by the plan; when ClickHouse fails at it, the store alone if it can.
    fn ask<T>(
        &self,
        plan: Plan,
        store: impl FnOnce() -> Result<T, SeriesError>,
        both: impl FnOnce(Answers, Timestamp) -> Result<T, SeriesError>,
    ) -> Result<T, SeriesError> {
        let Plan::Both { answers, until, instead } = plan else { return store() };
        self.mirror.shared().note_question(None);
        match both(answers, until) {
            Err(SeriesError::Elsewhere(why)) => {
                self.mirror.shared().note_question(Some(why.clone()));
                if instead {
                    return store();
                }
                let what = "readings asked for are kept in ClickHouse alone, and it failed at them";
                Err(SeriesError::Elsewhere(what.to_owned()))
            }
            answer => answer,
        }
    }

    fn pieces(
        &self,
        answers: &Answers,
        series: SeriesNo,
        (from, until, to): (Timestamp, Timestamp, Timestamp),
        as_of: Option<Timestamp>,
    ) -> Result<Pieces, SeriesError> {
        let older = answers.stream(series, from, until, as_of)?;
        let newer = self.store.stream(series, until, to, as_of)?;
        Ok(Box::new(older.chain(newer)))
    }
}

impl Readings for Mirrored {
    /// A piece that ClickHouse fails at in the middle is the error of that piece: what
    /// was given before it cannot be taken back.
    fn stream(
        &self,
        series: SeriesNo,
        from: Timestamp,
        to: Timestamp,
        as_of: Option<Timestamp>,
    ) -> Result<Pieces, SeriesError> {
        self.ask(
            self.plan(series, from, to)?,
            || Readings::stream(&self.store, series, from, to, as_of),
            |answers, until| self.pieces(&answers, series, (from, until, to), as_of),
        )
    }

    fn range(
        &self,
        series: SeriesNo,
        from: Timestamp,
        to: Timestamp,
        as_of: Option<Timestamp>,
    ) -> Result<Vec<Reading>, SeriesError> {
        self.ask(
            self.plan(series, from, to)?,
            || self.store.range(series, from, to, as_of),
            |answers, until| {
                let pieces = self.pieces(&answers, series, (from, until, to), as_of)?;
                let pieces = pieces.collect::<Result<Vec<_>, _>>()?;
                Ok(pieces.concat())
            },
        )
    }

    /// The store's sums outlive its readings: without ClickHouse they are what there is.
    fn downsample(
        &self,
        series: SeriesNo,
        from: Timestamp,
        to: Timestamp,
        buckets: usize,
        as_of: Option<Timestamp>,
    ) -> Result<Vec<Bucket>, SeriesError> {
        let from_store = || self.store.downsample(series, from, to, buckets, as_of);
        let kind = self.store.kind_of(series);
        let Some(sum_up) = kind.and_then(|kind| SumUp::new(kind, from, to, buckets)) else {
            return Ok(Vec::new());
        };
        let (start, end) = sum_up.span();
        let plan = match self.plan(series, start, end) {
            Err(SeriesError::Elsewhere(_)) => Plan::Store,
            Ok(Plan::Both { answers, until, .. }) => Plan::Both { answers, until, instead: true },
            plan => plan?,
        };
        self.ask(plan, from_store, |answers, until| {
            sum_up.of(self.pieces(&answers, series, (start, until, end), as_of)?)
        })
    }

    fn copy(&self) -> Option<CopyStatus> {
        Some(self.mirror.status())
    }

    fn superseded(
        &self,
        series: SeriesNo,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<Superseded>, SeriesError> {
        self.ask(
            self.plan(series, from, to)?,
            || self.store.superseded(series, from, to),
            |answers, until| {
                let mut pairs = answers.superseded(series, from, until)?;
                pairs.extend(self.store.superseded(series, until, to)?);
                Ok(pairs)
            },
        )
    }
}
