//! Answers: what ClickHouse had confirmed at one moment, as the store would serve it.
//!
//! Rows come in order of time and place, and become versions, readings and buckets here,
//! by the store's own rules: argMax and sum would be shorter, and would neither know what
//! a correction replaced nor add decimals exactly. A long range is cut into pieces by
//! counting its rows first.

use std::sync::Arc;

use base::{Id, Timestamp};
use series::{
    Bucket, Pieces, Position, Reading, Readings, SeriesError, SeriesNo, Store, SumUp, Superseded,
};

use crate::http::Client;
use crate::schema::{Epoch, READINGS};
use crate::{ClickHouseError, row};

/// About so many rows are asked for at once.
const PIECE: u64 = 50_000;
/// A range is counted in so many parts.
const PARTS: i64 = 512;

/// What ClickHouse had confirmed at one moment: what comes later changes nothing of it.
#[derive(Clone)]
pub struct Answers {
    pub(crate) client: Arc<Client>,
    /// Numbers, names and kinds of series are the store's.
    pub(crate) store: Store,
    pub(crate) epochs: Arc<[Epoch]>,
    pub(crate) confirmed: Position,
}

/// Rows of a sensor that are asked for.
#[derive(Clone)]
struct Question {
    answers: Answers,
    sensor: Id,
    as_of: Option<Timestamp>,
}

impl Answers {
    fn question(&self, series: SeriesNo, as_of: Option<Timestamp>) -> Option<Question> {
        let sensor = self.store.sensor_of(series)?;
        Some(Question { answers: self.clone(), sensor, as_of })
    }
}

impl Readings for Answers {
    fn stream(
        &self,
        series: SeriesNo,
        from: Timestamp,
        to: Timestamp,
        as_of: Option<Timestamp>,
    ) -> Result<Pieces, SeriesError> {
        let Some(question) = self.question(series, as_of) else {
            return Ok(Box::new(std::iter::empty()));
        };
        let spans = question.count(from.as_millis(), to.as_millis()).map_err(elsewhere)?;
        Ok(Box::new(Rows { question, spans }.map(|piece| piece.map(served))))
    }

    fn downsample(
        &self,
        series: SeriesNo,
        from: Timestamp,
        to: Timestamp,
        buckets: usize,
        as_of: Option<Timestamp>,
    ) -> Result<Vec<Bucket>, SeriesError> {
        let kind = self.store.kind_of(series);
        let Some(sum_up) = kind.and_then(|kind| SumUp::new(kind, from, to, buckets)) else {
            return Ok(Vec::new());
        };
        let (from, to) = sum_up.span();
        sum_up.of(self.stream(series, from, to, as_of)?)
    }

    fn superseded(
        &self,
        series: SeriesNo,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<Superseded>, SeriesError> {
        let Some(question) = self.question(series, None) else { return Ok(Vec::new()) };
        let versions = question.corrected(from.as_millis(), to.as_millis()).map_err(elsewhere)?;
        let pairs = versions.windows(2).filter(|pair| pair[0].time == pair[1].time);
        Ok(pairs.map(|pair| Superseded { earlier: pair[0], by: pair[1] }).collect())
    }
}

pub(crate) fn elsewhere(error: ClickHouseError) -> SeriesError {
    SeriesError::Elsewhere(error.to_string())
}

/// Of each key the version that arrived last.
fn served(versions: Vec<Reading>) -> Vec<Reading> {
    let keys = versions.chunk_by(|a, b| a.time == b.time);
    keys.filter_map(|key| key.last().copied()).collect()
}

impl Question {
    /// The rows of a span, as a condition. Only numbers and an id stand in it.
    fn condition(&self, from: i64, to: i64) -> String {
        let Answers { epochs, confirmed, .. } = &self.answers;
        let ends = epochs.iter().skip(1).map(|next| next.began_after).chain([confirmed.0]);
        let known = epochs.iter().zip(ends);
        let known: Vec<String> = known
            .map(|(epoch, end)| format!("(epoch = {} and position <= {end})", epoch.epoch))
            .collect();
        // The least number of all cannot be written.
        let from = from.max(i64::MIN + 1);
        let mut condition = format!(
            "sensor = toUUID('{}') and time >= {from} and time < {to} and ({})",
            self.sensor,
            known.join(" or ")
        );
        if let Some(as_of) = self.as_of {
            condition.push_str(&format!(" and received <= {}", as_of.as_millis()));
        }
        condition
    }

    fn table(&self) -> String {
        self.answers.client.table(READINGS)
    }

    /// The spans in which there are rows, with their number, the last first.
    fn count(&self, from: i64, to: i64) -> Result<Vec<Span>, ClickHouseError> {
        if to <= from {
            return Ok(Vec::new());
        }
        let (table, condition) = (self.table(), self.condition(from, to));
        let bytes = self.answers.client.ask(&format!(
            "select min(time), max(time), count() from {table} where {condition} format RowBinary"
        ))?;
        let [least, greatest, rows] = numbers(&bytes)?[..] else {
            return Err(broken("ends of a range", &bytes));
        };
        match rows {
            0 => Ok(Vec::new()),
            _ if greatest < least || least < from || to <= greatest => {
                Err(broken("times outside of what was asked for", &bytes))
            }
            rows => self.divide(Span { from: least, to: greatest + 1, rows: rows as u64 }),
        }
    }

    /// Cuts a span into smaller ones by counting, the last first.
    fn divide(&self, span: Span) -> Result<Vec<Span>, ClickHouseError> {
        let Span { from, to, rows } = span;
        if rows <= PIECE || to - 1 == from {
            return Ok(vec![span]);
        }
        let Some(width) = to.checked_sub(from) else {
            // Times at both ends of all numbers: each half can be counted.
            let halves = [Span { from: 0, to, rows }, Span { from, to: 0, rows }];
            return Ok(halves.into());
        };
        let width = width / PARTS + 1;
        let (table, condition) = (self.table(), self.condition(from, to));
        let bytes = self.answers.client.ask(&format!(
            "select intDiv(minus(time, {from}), {width}) as part, count() from {table} \
             where {condition} group by part order by part format RowBinary"
        ))?;
        let counted = numbers(&bytes)?;
        let mut spans: Vec<Span> = Vec::new();
        for part in counted.chunks(2) {
            let &[part, rows] = part else { return Err(broken("parts of a range", &bytes)) };
            if !(0..=PARTS).contains(&part) || rows < 1 {
                return Err(broken("parts that were not asked for", &bytes));
            }
            let (start, rows) = (from.saturating_add(part.saturating_mul(width)), rows as u64);
            let end = start.saturating_add(width).min(to);
            match spans.last_mut() {
                Some(last) if last.rows + rows <= PIECE => {
                    (last.to, last.rows) = (end, last.rows + rows);
                }
                _ => spans.push(Span { from: start, to: end, rows }),
            }
        }
        spans.reverse();
        Ok(spans)
    }

    fn versions(&self, span: Span) -> Result<Vec<Reading>, ClickHouseError> {
        let condition = self.condition(span.from, span.to);
        self.select(&condition, (span.from, span.to))
    }

    /// The versions of those keys that have more than one row.
    fn corrected(&self, from: i64, to: i64) -> Result<Vec<Reading>, ClickHouseError> {
        if to <= from {
            return Ok(Vec::new());
        }
        let (table, condition) = (self.table(), self.condition(from, to));
        let several = format!(
            "{condition} and time in (select time from {table} where {condition} \
             group by time having count() > 1)"
        );
        self.select(&several, (from, to))
    }

    fn select(
        &self,
        condition: &str,
        (from, to): (i64, i64),
    ) -> Result<Vec<Reading>, ClickHouseError> {
        let (table, read, order) = (self.table(), row::READ, row::ORDER);
        let bytes = self.answers.client.ask(&format!(
            "select {read} from {table} where {condition} order by {order} format RowBinary"
        ))?;
        let mut rows = row::parse(&bytes).ok_or_else(|| broken("rows", &bytes))?;
        let inside = |row: &Reading| (from..to).contains(&row.time.as_millis());
        if !rows.is_sorted_by_key(|row| row.time) || !rows.iter().all(inside) {
            return Err(broken("rows that were not asked for", &bytes));
        }
        row::once(&mut rows);
        Ok(rows)
    }
}

/// Times from, and before, with the number of rows in between.
#[derive(Debug, Clone, Copy)]
struct Span {
    from: i64,
    to: i64,
    rows: u64,
}

/// The versions of a range, a piece at a time.
struct Rows {
    question: Question,
    /// Spans still to be asked for, the last first.
    spans: Vec<Span>,
}

impl Rows {
    fn read(&mut self) -> Result<Option<Vec<Reading>>, ClickHouseError> {
        while let Some(span) = self.spans.pop() {
            if PIECE < span.rows && span.from < span.to - 1 {
                self.spans.extend(self.question.divide(span)?);
                continue;
            }
            let versions = self.question.versions(span)?;
            if !versions.is_empty() {
                return Ok(Some(versions));
            }
        }
        Ok(None)
    }
}

impl Iterator for Rows {
    type Item = Result<Vec<Reading>, SeriesError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.read()
            .map_err(|error| {
                self.spans.clear();
                elsewhere(error)
            })
            .transpose()
    }
}

/// Numbers of eight bytes each.
fn numbers(bytes: &[u8]) -> Result<Vec<i64>, ClickHouseError> {
    let (numbers, rest) = bytes.as_chunks::<8>();
    match rest.is_empty() {
        true => Ok(numbers.iter().map(|number| i64::from_le_bytes(*number)).collect()),
        false => Err(broken("numbers", bytes)),
    }
}

fn broken(what: &str, bytes: &[u8]) -> ClickHouseError {
    ClickHouseError::Answer(format!("{} bytes for {what}", bytes.len()))
}
