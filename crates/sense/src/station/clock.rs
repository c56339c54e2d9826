//! How far a station's own clock stands from ours: working state, and from where on that
//! is too far, as data.
//!
//! A message that says when it was sent gives the difference to when it came. On its way
//! it is only ever late, so of each minute the sample counts that is least behind, and of
//! the newest minutes the median: neither a message that was kept back makes it, nor a
//! burst of them, nor one wrong stamp. Where several systems speak for one station (the
//! files of a mine), it is the clock of the one that is ahead of the others.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use base::{Confidence, Duration, Timestamp};
use host::{Read as _, Result, Row, Tx, params};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::StationId;
use crate::protocol::Protocol;

/// Minutes with a message that count.
const MINUTES: usize = 9;
/// In fewer minutes nothing can be said.
const FEWEST: usize = 3;
/// The most that is believed to be a clock at all: what is off by years has none, and is
/// told as so many.
const MOST_MS: i64 = 100 * 366 * 86_400_000;

/// The least late message of one minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ClockSample {
    /// When it came, in minutes from 1970 by the world's clock.
    pub minute: i64,
    /// When it came, by the world's clock.
    pub at: Timestamp,
    /// So much its sender's clock was ahead of ours then, less the time on the way, in ms;
    /// below zero: behind.
    pub ahead_ms: i64,
}

impl ClockSample {
    /// - `sent`: by the sender's clock.
    /// - `received`: by the world's clock.
    pub fn of(sent: Timestamp, received: Timestamp) -> ClockSample {
        ClockSample {
            minute: received.as_millis().div_euclid(60_000),
            at: received,
            ahead_ms: sent.since(received).as_millis().clamp(-MOST_MS, MOST_MS),
        }
    }
}

/// The clock of a station as the API gives it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "StationClock")]
pub(crate) struct ClockView {
    /// So much it is ahead of this node's, in ms; below zero: behind. The median of the
    /// newest minutes in which it said when it sent.
    pub ahead_ms: i64,
    pub measured_at: Timestamp,
    /// From more than so many seconds on it is too far.
    pub limit_s: i64,
    /// The source of that number in `clock.json`.
    pub limit_source: &'static str,
    pub is_off: bool,
}

impl ClockView {
    /// Out of `ahead_ms` and `measured_at` of a row.
    pub fn from_row(row: &Row, protocol: Protocol) -> Result<Option<ClockView>> {
        let ahead_ms: Option<i64> = row.get("ahead_ms")?;
        let measured_at: Option<Timestamp> = row.get("measured_at")?;
        let (Some(ahead_ms), Some(measured_at)) = (ahead_ms, measured_at) else { return Ok(None) };
        let limit = limit(protocol);
        let limit_s = limit.span.as_millis() / 1_000;
        let is_off = limit.span.as_millis() < ahead_ms.saturating_abs();
        Ok(Some(ClockView { ahead_ms, measured_at, limit_s, limit_source: limit.source, is_off }))
    }
}

/// The samples with one more, and the median of the newest minutes if they are enough.
fn measured(mut samples: Vec<(i64, i64)>, new: ClockSample) -> (Vec<(i64, i64)>, Option<i64>) {
    match samples.iter_mut().find(|(minute, _)| *minute == new.minute) {
        Some((_, ahead_ms)) => *ahead_ms = new.ahead_ms.max(*ahead_ms),
        None => samples.push((new.minute, new.ahead_ms)),
    }
    // The world's clock may have been set back.
    samples.sort_unstable();
    samples.drain(..samples.len().saturating_sub(MINUTES));
    let mut ahead: Vec<i64> = samples.iter().map(|(_, ahead_ms)| *ahead_ms).collect();
    ahead.sort_unstable();
    let median = match ahead.len() {
        0..FEWEST => None,
        count if count % 2 == 1 => Some(ahead[count / 2]),
        count => Some((ahead[count / 2 - 1] + ahead[count / 2]) / 2),
    };
    (samples, median)
}

/// Adds a sample of each of these stations.
pub(crate) fn save(tx: &mut Tx<'_>, all: &[(StationId, ClockSample)]) -> Result<()> {
    for (station, sample) in all {
        let sql = "select samples from station_clock where station = $1";
        let before = match tx.row(sql, params![*station])? {
            Some(row) => row.json("samples")?,
            None => Vec::new(),
        };
        let (samples, ahead_ms) = measured(before, *sample);
        tx.work().run(
            "insert into station_clock (station, samples, ahead_ms, measured_at) \
             values ($1, $2, $3, $4) on conflict (station) do update set \
             samples = excluded.samples, ahead_ms = excluded.ahead_ms, \
             measured_at = excluded.measured_at",
            params![*station, serde_json::json!(samples).to_string(), ahead_ms, sample.at],
        )?;
    }
    Ok(())
}

/// From where on a clock is too far off.
struct Limit {
    span: Duration,
    source: &'static str,
}

fn limit(protocol: Protocol) -> Limit {
    let fits = |row: &&LimitRow| row.protocol.is_none_or(|it| it == protocol);
    let row = table().rows.iter().find(fits).expect("the last row fits every station");
    Limit { span: Duration::from_secs(row.limit_s), source: &row.source }
}

/// `clock.json`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    /// A day, for whoever replaces it.
    #[allow(dead_code, reason = "said of the table, and decides nothing")]
    version: String,
    /// What each source is, by its code.
    #[cfg_attr(not(test), allow(dead_code, reason = "said of the table, and decides nothing"))]
    sources: BTreeMap<String, String>,
    rows: Vec<LimitRow>,
}

/// What holds for the protocol that it names; the first row that fits.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct LimitRow {
    protocol: Option<Protocol>,
    limit_s: i64,
    source: String,
    #[allow(dead_code, reason = "said of the row, and decides nothing")]
    confidence: Confidence,
}

fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| {
        serde_json::from_str(include_str!("clock.json")).expect("the table is tested to read")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The median after one sample a minute of each of these, in seconds ahead.
    #[track_caller]
    fn check(seconds: &[i64], expected: Option<i64>) {
        let mut samples = Vec::new();
        let mut median = None;
        for (minute, ahead) in (0..).zip(seconds) {
            let received = Timestamp::from_millis(minute * 60_000);
            let sample = ClockSample::of(received + Duration::from_secs(*ahead), received);
            (samples, median) = measured(samples, sample);
        }
        assert_eq!(median.map(|ms| ms / 1_000), expected, "{seconds:?}");
    }

    #[test]
    fn the_newest_minutes_make_the_clock_and_no_single_one_of_them() {
        check(&[], None);
        check(&[400, 400], None);
        check(&[400, 400, 400], Some(400));
        // One was kept back for a day, one has a wrong stamp.
        check(&[0, 0, -86_400, 0, 0], Some(0));
        check(&[0, 0, 86_400, 0, 0], Some(0));
        // Of an even number the mean of the two in the middle.
        check(&[0, 0, 10, 10], Some(5));
        // The clock was set right: half of the newest nine have to say so.
        let set = |after: usize| [vec![400; 20], vec![0; after]].concat();
        check(&set(4), Some(400));
        check(&set(5), Some(0));
    }

    #[test]
    fn of_one_minute_the_least_late_counts_however_many_were_kept_back() {
        let received = Timestamp::from_millis(0);
        let mut samples = Vec::new();
        let mut median = None;
        for minute in 0..5 {
            let received = received + Duration::from_mins(minute);
            for late in [0, 3_600, 7_200, 86_400] {
                let sent = received - Duration::from_secs(late);
                (samples, median) = measured(samples, ClockSample::of(sent, received));
            }
        }
        assert_eq!((samples.len(), median), (5, Some(0)));
        // A minute before all of them, once nine are known, is no news.
        for minute in 5..12 {
            let received = received + Duration::from_mins(minute);
            (samples, _) = measured(samples, ClockSample::of(received, received));
        }
        let early = ClockSample { minute: -5, at: received, ahead_ms: 9_000 };
        assert_eq!(measured(samples.clone(), early), (samples, Some(0)));
    }

    #[test]
    fn every_row_names_a_source_and_the_last_fits_all() {
        for row in &table().rows {
            assert!(table().sources.contains_key(&row.source), "{}", row.source);
            assert!((1..=86_400).contains(&row.limit_s));
        }
        assert!(table().rows.last().expect("a row").protocol.is_none());
        assert_eq!(limit(Protocol::Sl651).span, Duration::from_mins(5));
        assert_eq!(limit(Protocol::Gateway).source, "default");
    }

    #[test]
    fn what_is_off_by_centuries_is_told_as_the_most_and_not_wrapped() {
        let received = Timestamp::from_millis(0);
        let sample = ClockSample::of(Timestamp::MAX, received);
        assert_eq!(sample.ahead_ms, MOST_MS);
    }
}
