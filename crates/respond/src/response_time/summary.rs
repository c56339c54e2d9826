//! Response times of many matters together, by region and day. Pure.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use base::AdminCode;
use schemars::JsonSchema;
use serde::Serialize;

use super::model::{ResponseTime, Step};

/// How long a step took in several matters, in seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Spread {
    pub step: Step,
    /// In so many matters the step was done.
    pub count: u32,
    /// Half of them took no longer.
    pub median_s: i64,
    /// Nine in ten took no longer.
    pub p90_s: i64,
}

/// Matters that were counted together.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Tally {
    pub matters: u32,
    /// Of them, those that have a warning.
    pub warnings: u32,
    /// Of them, those that have an incident.
    pub incidents: u32,
    /// Of them, those in which nothing is waited for any more.
    pub finished: u32,
    /// Of the steps that were done in any of them, in their order.
    pub steps: Vec<Spread>,
}

/// What began in one region on one day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Cell {
    /// The Beijing day on which they began, `2026-08-03`.
    pub day: String,
    pub region: Option<AdminCode>,
    pub region_name: Option<String>,
    #[serde(flatten)]
    pub tally: Tally,
}

/// What began on one day, in all regions together: a median of several regions is not
/// to be had from the medians of each.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "ResponseDay")]
pub struct Day {
    /// The Beijing day on which they began, `2026-08-03`.
    pub day: String,
    #[serde(flatten)]
    pub tally: Tally,
}

/// Counts and durations of a span of days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Summary {
    pub total: Tally,
    /// The latest first; a day on which nothing began is not among them.
    pub days: Vec<Day>,
    /// The latest day first, then by region.
    pub cells: Vec<Cell>,
}

/// Counts matters, all together, by day, and by day and region.
pub fn summary(matters: &[ResponseTime]) -> Summary {
    let mut by_day: BTreeMap<Reverse<String>, Vec<&ResponseTime>> = BTreeMap::new();
    let mut by_cell: BTreeMap<(Reverse<String>, Option<AdminCode>), Vec<&ResponseTime>> =
        BTreeMap::new();
    for matter in matters {
        let ([year, month, day], _) = matter.moments.began.beijing_fields();
        let day = Reverse(format!("{year:04}-{month:02}-{day:02}"));
        by_day.entry(day.clone()).or_default().push(matter);
        by_cell.entry((day, matter.region.clone())).or_default().push(matter);
    }
    let day = |(day, matters): (Reverse<String>, Vec<&ResponseTime>)| Day {
        day: day.0,
        tally: tally(&matters),
    };
    let cell = |((day, region), matters): ((Reverse<String>, _), Vec<&ResponseTime>)| {
        let region_name = matters[0].region_name.clone();
        Cell { day: day.0, region, region_name, tally: tally(&matters) }
    };
    Summary {
        total: tally(&matters.iter().collect::<Vec<_>>()),
        days: by_day.into_iter().map(day).collect(),
        cells: by_cell.into_iter().map(cell).collect(),
    }
}

fn tally(matters: &[&ResponseTime]) -> Tally {
    let count = |so: fn(&ResponseTime) -> bool| matters.iter().filter(|one| so(one)).count() as u32;
    let spread = |step: Step| {
        let took = matters.iter().flat_map(|matter| &matter.took);
        let mut seconds: Vec<i64> =
            took.filter(|took| took.step == step).map(|took| took.seconds).collect();
        seconds.sort_unstable();
        let (median_s, p90_s) = (nearest_rank(&seconds, 50)?, nearest_rank(&seconds, 90)?);
        Some(Spread { step, count: seconds.len() as u32, median_s, p90_s })
    };
    Tally {
        matters: matters.len() as u32,
        warnings: count(|matter| matter.warning.is_some()),
        incidents: count(|matter| matter.incident.is_some()),
        finished: count(|matter| matter.waiting.is_none()),
        steps: Step::ALL.into_iter().filter_map(spread).collect(),
    }
}

/// The smallest of the sorted values that `percent` of them do not exceed; `None` for
/// none. So it is always one that was measured.
fn nearest_rank(sorted: &[i64], percent: usize) -> Option<i64> {
    let rank = (sorted.len() * percent).div_ceil(100);
    sorted.get(rank.checked_sub(1)?).copied()
}

#[cfg(test)]
mod tests {
    use base::Timestamp;

    use super::*;
    use crate::response_time::model::{Moments, Took};

    #[test]
    fn percentiles_are_values_that_were_measured() {
        assert_eq!(nearest_rank(&[], 50), None);
        assert_eq!((nearest_rank(&[7], 50), nearest_rank(&[7], 90)), (Some(7), Some(7)));
        let ten: Vec<i64> = (1..=10).collect();
        assert_eq!((nearest_rank(&ten, 50), nearest_rank(&ten, 90)), (Some(5), Some(9)));
        assert_eq!(nearest_rank(&[1, 2, 3], 50), Some(2));
        assert_eq!(nearest_rank(&[1, 2, 3, 90], 90), Some(90));
    }

    fn matter(region: &str, seconds: i64) -> ResponseTime {
        let began = Timestamp::from_beijing([2026, 8, 3], [23, 0, 0]).expect("a moment");
        ResponseTime {
            id: base::Id::from_bytes([1; 16]),
            title: "水位超警戒".to_owned(),
            hazard: None,
            level: None,
            region: Some(region.parse().expect("a region")),
            region_name: None,
            warning: None,
            warning_number: None,
            incident: None,
            incident_number: None,
            moments: Moments {
                began,
                proposed: None,
                reviewed: None,
                issued: None,
                over: None,
                opened: Some(began),
                assigned: None,
                accepted: None,
                done: None,
                closed: None,
            },
            took: vec![Took { step: Step::Open, seconds }],
            slowest: None,
            waiting: None,
        }
    }

    #[test]
    fn a_day_counts_its_regions_together() {
        let summary = summary(&[matter("220221", 10), matter("220282", 60), matter("220282", 90)]);
        let told = |tally: &Tally| (tally.matters, tally.steps[0].median_s, tally.steps[0].p90_s);
        let days: Vec<_> =
            summary.days.iter().map(|day| (day.day.as_str(), told(&day.tally))).collect();
        assert_eq!(days, [("2026-08-03", (3, 60, 90))]);
        let cells: Vec<_> = summary.cells.iter().map(|cell| told(&cell.tally)).collect();
        assert_eq!(cells, [(1, 10, 10), (2, 60, 90)]);
    }
}
