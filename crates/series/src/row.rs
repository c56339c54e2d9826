//! Rows: readings summed up by whole minutes or hours, by the kind of their series.
//!
//! Sums are taken in one way everywhere, so that it makes no difference where they
//! come from: readings into minutes, minutes into hours, either into buckets, each in
//! order of time. Decimals are added exactly ([`Sum`]), which also keeps rows small.

use base::Timestamp;
use base::quantity::{Grade, SeriesKind};

use crate::chunk::Version;
use crate::values::{EXACT, POWERS, whole};
use crate::{Bucket, Measure, Summary};

const MINUTE: i64 = 60_000;

/// The whole spans for which rows are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Grain {
    Minute,
    Hour,
}

impl Grain {
    /// In milliseconds; both divide a day, so no row spans midnight in UTC.
    pub fn millis(self) -> i64 {
        match self {
            Grain::Minute => MINUTE,
            Grain::Hour => 60 * MINUTE,
        }
    }

    /// In minutes, as files say it.
    pub fn code(self) -> u8 {
        match self {
            Grain::Minute => 1,
            Grain::Hour => 60,
        }
    }

    /// The start of the span that a time lies in.
    pub fn start_of(self, time: i64) -> i64 {
        time.div_euclid(self.millis()).saturating_mul(self.millis())
    }
}

/// One span of a series. There is none without readings.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Row {
    /// The first millisecond of the span.
    pub start: i64,
    /// The last arrival of any version of the span, served or superseded, rounded up
    /// to a second: who asks as of this time or later is served these figures.
    pub settled: i64,
    pub count: u64,
    pub good: u64,
    /// Over the good; `None` when there are none.
    pub summary: Option<Summary>,
}

/// Adds numbers. As long as all are decimals of up to nine digits after the point, the
/// result is the double nearest to their true sum; else it is what adding in order gives.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sum {
    plain: f64,
    scale: usize,
    /// In units of the scale; `None` when one was no decimal.
    wholes: Option<i64>,
}

impl Sum {
    pub fn of(value: f64) -> Sum {
        let mut sum = Sum { plain: 0.0, scale: 0, wholes: Some(0) };
        sum.add(value);
        sum
    }

    pub fn add(&mut self, value: f64) {
        self.plain += value;
        self.wholes = self.wholes.and_then(|wholes| self.exactly(wholes, value));
    }

    fn exactly(&mut self, mut wholes: i64, value: f64) -> Option<i64> {
        // 0 and -0 are the same number.
        let value = if value == 0.0 { 0.0 } else { value };
        loop {
            match whole(value, self.scale, false) {
                Some(part) => {
                    return wholes.checked_add(part).filter(|sum| (sum.abs() as f64) < EXACT);
                }
                None if self.scale + 1 < POWERS.len() => {
                    self.scale += 1;
                    wholes = wholes.checked_mul(10)?;
                }
                None => return None,
            }
        }
    }

    pub fn value(&self) -> f64 {
        self.wholes.map_or(self.plain, |wholes| wholes as f64 / POWERS[self.scale])
    }
}

/// `later − earlier`, exact for decimals.
fn difference(later: f64, earlier: f64) -> f64 {
    let mut sum = Sum::of(later);
    sum.add(-earlier);
    sum.value()
}

/// How much a counter rose between two readings: after a reset, from zero.
fn rise(earlier: f64, later: f64) -> f64 {
    if earlier <= later { difference(later, earlier) } else { later }
}

/// A unit vector's part, to six digits, so that a sum of them is a decimal.
fn part(value: f64) -> f64 {
    (value * 1e6).round() / 1e6
}

/// Sums up in order of time, either versions or rows.
#[derive(Debug, Clone, Copy)]
struct Figures {
    kind: SeriesKind,
    first: f64,
    last: f64,
    min: f64,
    max: f64,
    /// Of the values, of the rises, of the changes, or east.
    sum: Sum,
    /// North, of directions.
    north: Sum,
}

impl Figures {
    fn of(kind: SeriesKind, value: f64) -> Figures {
        let (sum, north) = match kind {
            SeriesKind::Gauge | SeriesKind::Amount => (value, 0.0),
            SeriesKind::Counter | SeriesKind::State => (0.0, 0.0),
            SeriesKind::Direction => {
                let (east, north) = value.to_radians().sin_cos();
                (part(east), part(north))
            }
        };
        let (sum, north) = (Sum::of(sum), Sum::of(north));
        Figures { kind, first: value, last: value, min: value, max: value, sum, north }
    }

    fn from_summary(kind: SeriesKind, summary: &Summary) -> Figures {
        let Summary { first, last, measure } = *summary;
        let (min, max, sum, north) = match measure {
            Measure::Number { min, max, sum } => (min, max, sum, 0.0),
            Measure::Counter { min, max, rise } => (min, max, rise, 0.0),
            Measure::State { changes } => (first, first, changes as f64, 0.0),
            Measure::Direction { east, north } => (first, first, east, north),
        };
        let (sum, north) = (Sum::of(sum), Sum::of(north));
        Figures { kind, first, last, min, max, sum, north }
    }

    /// Adds what came next.
    fn add(&mut self, next: &Figures) {
        match self.kind {
            SeriesKind::Gauge | SeriesKind::Amount => self.sum.add(next.sum.value()),
            SeriesKind::Counter => {
                self.sum.add(rise(self.last, next.first));
                self.sum.add(next.sum.value());
            }
            SeriesKind::State => {
                self.sum.add(next.sum.value() + f64::from(u8::from(self.last != next.first)));
            }
            SeriesKind::Direction => {
                self.sum.add(next.sum.value());
                self.north.add(next.north.value());
            }
        }
        self.min = self.min.min(next.min);
        self.max = self.max.max(next.max);
        self.last = next.last;
    }

    fn summary(&self) -> Summary {
        let (min, max, sum) = (self.min, self.max, self.sum.value());
        let measure = match self.kind {
            SeriesKind::Gauge | SeriesKind::Amount => Measure::Number { min, max, sum },
            SeriesKind::Counter => Measure::Counter { min, max, rise: sum },
            SeriesKind::State => Measure::State { changes: sum as u64 },
            SeriesKind::Direction => Measure::Direction { east: sum, north: self.north.value() },
        };
        Summary { first: self.first, last: self.last, measure }
    }
}

/// Sums up one span.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Span {
    kind: SeriesKind,
    start: i64,
    settled: i64,
    count: u64,
    good: u64,
    figures: Option<Figures>,
}

impl Span {
    pub fn new(kind: SeriesKind, start: i64) -> Span {
        Span { kind, start, settled: i64::MIN, count: 0, good: 0, figures: None }
    }

    pub fn start(&self) -> i64 {
        self.start
    }

    /// Takes in the version of a key that is served.
    pub fn serve(&mut self, version: &Version) {
        self.count += 1;
        if version.is_future() || version.quality.grade() == Grade::Bad {
            return;
        }
        self.good += 1;
        self.follow(Figures::of(self.kind, version.value));
    }

    /// Takes in when a version arrived, be it served or not.
    pub fn settle(&mut self, received: i64) {
        self.settled = self.settled.max(up_to_second(received));
    }

    /// Takes in the next row.
    pub fn add(&mut self, row: &Row) {
        self.settled = self.settled.max(row.settled);
        self.count += row.count;
        self.good += row.good;
        if let Some(summary) = &row.summary {
            self.follow(Figures::from_summary(self.kind, summary));
        }
    }

    fn follow(&mut self, next: Figures) {
        match &mut self.figures {
            Some(figures) => figures.add(&next),
            None => self.figures = Some(next),
        }
    }

    pub fn row(&self) -> Row {
        Row {
            start: self.start,
            settled: self.settled,
            count: self.count,
            good: self.good,
            summary: self.figures.map(|figures| figures.summary()),
        }
    }

    pub fn bucket(&self, end: i64) -> Bucket {
        let row = self.row();
        Bucket {
            start: Timestamp::from_millis(row.start),
            end: Timestamp::from_millis(end),
            count: row.count,
            good: row.good,
            summary: row.summary,
        }
    }
}

fn up_to_second(time: i64) -> i64 {
    -(-time).div_euclid(1000) * 1000
}

/// Turns the versions of a series, by time and then by arrival, into rows of minutes.
///
/// With `as_of`, later arrivals are left out.
pub(crate) struct Minutes {
    kind: SeriesKind,
    as_of: i64,
    span: Option<Span>,
    /// The last known version of the key at hand.
    key: Option<Version>,
}

impl Minutes {
    pub fn new(kind: SeriesKind, as_of: i64) -> Minutes {
        Minutes { kind, as_of, span: None, key: None }
    }

    /// Takes in a version; gives the row that it shows to be over.
    pub fn push(&mut self, version: &Version) -> Option<Row> {
        if version.received > self.as_of {
            return None;
        }
        let mut done = None;
        if self.key.is_some_and(|key| key.time != version.time) {
            self.serve();
            let start = Grain::Minute.start_of(version.time);
            if self.span.is_some_and(|span| span.start() != start) {
                done = self.span.take().map(|span| span.row());
            }
        }
        let start = Grain::Minute.start_of(version.time);
        self.span.get_or_insert(Span::new(self.kind, start)).settle(version.received);
        self.key = Some(*version);
        done
    }

    fn serve(&mut self) {
        if let (Some(key), Some(span)) = (self.key.take(), &mut self.span) {
            span.serve(&key);
        }
    }

    /// The last row.
    pub fn finish(&mut self) -> Option<Row> {
        self.serve();
        self.span.take().map(|span| span.row())
    }
}

/// Turns rows, by time, into rows of hours.
pub(crate) struct Hours {
    kind: SeriesKind,
    span: Option<Span>,
}

impl Hours {
    pub fn new(kind: SeriesKind) -> Hours {
        Hours { kind, span: None }
    }

    /// Takes in a row; gives the row that it shows to be over.
    pub fn push(&mut self, row: &Row) -> Option<Row> {
        let start = Grain::Hour.start_of(row.start);
        let done = self.span.take_if(|span| span.start() != start).map(|span| span.row());
        self.span.get_or_insert(Span::new(self.kind, start)).add(row);
        done
    }

    /// The last row.
    pub fn finish(&mut self) -> Option<Row> {
        self.span.take().map(|span| span.row())
    }
}

#[cfg(test)]
mod tests {
    use base::Quality;
    use proptest::prelude::*;

    use super::*;

    fn version(time: i64, value: f64) -> Version {
        Version { time, received: time + 700, value, quality: Quality::GOOD, rank: 0 }
    }

    fn summed(kind: SeriesKind, values: &[f64]) -> Summary {
        let mut minutes = Minutes::new(kind, i64::MAX);
        for (time, &value) in (0..).zip(values) {
            assert!(minutes.push(&version(time, value)).is_none());
        }
        minutes.finish().and_then(|row| row.summary).expect("there are good ones")
    }

    #[test]
    fn decimals_add_up_to_what_a_person_would_write() {
        let tenths = summed(SeriesKind::Amount, &[0.1; 10]);
        assert_eq!(tenths.measure, Measure::Number { min: 0.1, max: 0.1, sum: 1.0 });
        assert_eq!(difference(0.3, 0.1), 0.2);
        let odd = Sum::of(1.0 / 3.0);
        assert_eq!(odd.value(), 1.0 / 3.0);
        let mut huge = Sum::of(1e300);
        huge.add(-1e300);
        assert_eq!(huge.value(), 0.0);
    }

    #[test]
    fn a_counter_rises_from_zero_after_a_reset() {
        let counter = summed(SeriesKind::Counter, &[9.5, 10.0, 0.5, 0.7]);
        assert_eq!(counter.measure, Measure::Counter { min: 0.5, max: 10.0, rise: 1.2 });
        assert_eq!((counter.first, counter.last), (9.5, 0.7));
    }

    #[test]
    fn a_state_counts_its_changes_and_has_no_mean() {
        let state = summed(SeriesKind::State, &[3.0, 3.0, 1.0, 1.0, 3.0]);
        assert_eq!(state.measure, Measure::State { changes: 2 });
        assert_eq!((state.mean(5), state.min(), state.max()), (None, None, None));
    }

    #[test]
    fn north_lies_between_350_and_10_degrees() {
        let wind = summed(SeriesKind::Direction, &[350.0, 10.0]);
        let mean = wind.mean(2).expect("they have one");
        assert!(!(0.001..=359.999).contains(&mean), "{mean}");
        assert_eq!(summed(SeriesKind::Direction, &[90.0, 270.0]).mean(2), None);
        assert_eq!((wind.min(), wind.max()), (None, None));
    }

    #[test]
    fn a_row_is_settled_when_the_last_of_its_versions_had_come_even_one_that_is_not_served() {
        let mut minutes = Minutes::new(SeriesKind::Gauge, i64::MAX);
        minutes.push(&version(100, 1.0));
        minutes.push(&Version { received: 5_000_001, ..version(100, 2.0) });
        let row = minutes.finish().expect("one");
        assert_eq!((row.count, row.settled), (1, 5_001_000));
        assert_eq!(row.summary.map(|summary| summary.first), Some(2.0));
        let mut known = Minutes::new(SeriesKind::Gauge, 5_000_000);
        known.push(&version(100, 1.0));
        known.push(&Version { received: 5_000_001, ..version(100, 2.0) });
        assert_eq!(known.finish().and_then(|row| row.summary).map(|it| it.first), Some(1.0));
    }

    proptest! {
        #[test]
        fn decimals_are_added_exactly_in_any_order(
            wholes in prop::collection::vec(-1_000_000_000i64..1_000_000_000, 1..60),
            scale in 0usize..6,
        ) {
            let decimals = wholes.iter().map(|&n| n as f64 / POWERS[scale]);
            let mut sum = Sum::of(0.0);
            decimals.clone().for_each(|value| sum.add(value));
            let expected = wholes.iter().sum::<i64>() as f64 / POWERS[scale];
            prop_assert_eq!(sum.value(), expected);
            let mut back = Sum::of(0.0);
            decimals.rev().for_each(|value| back.add(value));
            prop_assert_eq!(back.value(), expected);
        }
    }
}
