//! Patience: for how long a station or a sensor of it may say nothing, as data.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use base::quantity::SeriesKind;
use base::{Confidence, Duration, Timestamp};
use serde::Deserialize;

use super::Class;
use crate::protocol::Protocol;

/// The source of a time that a person has set.
const BY_PERSON: &str = "person";

/// For how long nothing may be said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    pub span: Duration,
    /// The code of a source in `patience.json`, or `person`.
    pub source: &'static str,
}

impl Patience {
    /// What a station is given, or a sensor of it that comes by its own rhythm.
    ///
    /// - `period`: between two words, when all is well.
    /// - `own_s`: what a person has set for the station, in seconds.
    pub fn of(
        (protocol, class): (Protocol, Class),
        period: Duration,
        own_s: Option<i64>,
    ) -> Patience {
        if let Some(seconds) = own_s {
            return Patience { span: Duration::from_secs(seconds), source: BY_PERSON };
        }
        let fits = |row: &&Row| {
            row.protocol.is_none_or(|it| it == protocol) && row.class.is_none_or(|it| it == class)
        };
        let row = table().rows.iter().find(fits).expect("the last row fits every station");
        let millis = (period.as_millis() as f64 * row.factor) as i64;
        let span = Duration::from_millis(millis.max(row.least_s.saturating_mul(1_000)));
        Patience { span, source: &row.source }
    }
}

/// Whether a single sensor of this kind is to speak whenever its station does, and not
/// only when something happens.
pub(super) fn is_watched(kind: SeriesKind) -> bool {
    !table().unwatched.iter().any(|it| it.kind == kind)
}

/// Between how many of its newest readings a sensor's rhythm is looked for.
pub const RHYTHM_OF: usize = 9;

/// How often a sensor speaks: the longest time between two of its newest readings.
/// `None` when there are fewer than three, which is no rhythm.
///
/// - `times`: of its newest readings, in order.
pub fn rhythm(times: &[Timestamp]) -> Option<Duration> {
    let newest = &times[times.len().saturating_sub(RHYTHM_OF)..];
    if newest.len() < 3 {
        return None;
    }
    newest.windows(2).map(|pair| pair[1].since(pair[0])).max()
}

/// `patience.json`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    /// A day, for whoever replaces it.
    #[allow(dead_code, reason = "said of the table, and decides nothing")]
    version: String,
    /// What each source is, by its code.
    #[cfg_attr(not(test), allow(dead_code, reason = "said of the table, and decides nothing"))]
    sources: BTreeMap<String, String>,
    rows: Vec<Row>,
    /// Kinds of series of which a single one may say nothing for ever.
    unwatched: Vec<Unwatched>,
}

/// What holds for the stations that it names; the first row that fits.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    protocol: Option<Protocol>,
    class: Option<Class>,
    /// Periods.
    factor: f64,
    /// At least so many seconds.
    least_s: i64,
    source: String,
    #[allow(dead_code, reason = "said of the row, and decides nothing")]
    confidence: Confidence,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Unwatched {
    kind: SeriesKind,
    #[cfg_attr(not(test), allow(dead_code, reason = "said of the row, and decides nothing"))]
    source: String,
    #[allow(dead_code, reason = "said of the row, and decides nothing")]
    confidence: Confidence,
}

fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| {
        serde_json::from_str(include_str!("patience.json")).expect("reads, as a test shows")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_a_row_for_every_station_and_a_source_for_every_row() {
        for row in &table().rows {
            assert!(table().sources.contains_key(&row.source), "{row:?}");
            assert!(1.0 <= row.factor && 1 <= row.least_s, "{row:?}");
        }
        for row in &table().unwatched {
            assert!(table().sources.contains_key(&row.source), "{row:?}");
        }
        assert!(!table().sources.contains_key(BY_PERSON), "it is somebody's own");
        let five = Duration::from_mins(5);
        for protocol in Protocol::ALL {
            for class in Class::ALL {
                let patience = Patience::of((*protocol, class), five, None);
                assert!(Duration::from_mins(15) <= patience.span, "{protocol:?} {class:?}");
            }
        }
        let own = Patience::of((Protocol::Sl651, Class::River), five, Some(60));
        assert_eq!((own.span, own.source), (Duration::from_mins(1), "person"));
        let quick = Patience::of((Protocol::Coal42, Class::Mine), Duration::from_secs(15), None);
        assert_eq!((quick.span, quick.source), (Duration::from_mins(10), "upload"));
    }

    #[test]
    fn a_rhythm_is_the_longest_of_the_newest_intervals_and_needs_three_readings() {
        let of = |minutes: &[i64]| {
            let times: Vec<_> =
                minutes.iter().map(|it| Timestamp::from_millis(it * 60_000)).collect();
            rhythm(&times).map(|it| it.as_millis() / 60_000)
        };
        assert_eq!(of(&[]), None);
        assert_eq!(of(&[0, 5]), None);
        assert_eq!(of(&[0, 5, 10]), Some(5));
        assert_eq!(of(&[0, 5, 65, 70]), Some(60), "now and then an hour");
        // A hole of long ago is no rhythm.
        assert_eq!(of(&[0, 600, 605, 610, 615, 620, 625, 630, 635, 640]), Some(5));
    }
}
