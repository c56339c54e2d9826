//! What can happen to an earthquake.

use host::{Entry, Summary};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::model::{EarthquakeId, Report, ReportId, State};

host::facts! {
    /// What can happen to an earthquake.
    pub enum EarthquakeFact {
        "earthquake.reported" v 1 => Reported(Reported),
        "earthquake.revised" v 1 => Revised(Revised),
        "earthquake.withdrawn" v 1 => Withdrawn(Withdrawn),
        "earthquake.merged" v 1 => Merged(Merged),
    }
}

/// Which reports came to be of an earthquake and which no longer are, and what is
/// believed of it now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "EarthquakeGathering")]
pub struct Gathering {
    pub came: Vec<Report>,
    pub left: Vec<ReportId>,
    /// The report that is believed; `None` when all was taken back.
    pub believed: Option<ReportId>,
    /// What it says, or what was said last.
    pub shown: Report,
    /// The version of the windows and the order of agencies by which this was decided.
    pub windows: String,
}

/// An earthquake that nobody had reported before.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
#[schemars(rename = "EarthquakeReported")]
pub struct Reported(pub Gathering);

/// Another agency reported it, one said something newer, or a report turned out to be of
/// another earthquake.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
#[schemars(rename = "EarthquakeRevised")]
pub struct Revised(pub Gathering);

/// All who reported it have taken it back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
#[schemars(rename = "EarthquakeWithdrawn")]
pub struct Withdrawn(pub Gathering);

/// It turned out to be another one, which has its reports now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "EarthquakeMerged")]
pub struct Merged {
    pub into: EarthquakeId,
    pub left: Vec<ReportId>,
    /// What was said of it last.
    pub shown: Report,
}

pub(super) fn summary(entry: &Entry, fact: &EarthquakeFact) -> Summary {
    let earthquake = entry.header.subject;
    let of = |word: &str, state: State, shown: &Report| {
        Summary::new(
            format!("{word}：{}", shown.title()),
            json!({
                "earthquake": earthquake, "state": state, "time": shown.time,
                "magnitude": shown.magnitude, "depth_km": shown.depth_km,
                "agency": shown.agency,
            }),
        )
    };
    match fact {
        EarthquakeFact::Reported(Reported(it)) => of("地震", State::Reported, &it.shown),
        EarthquakeFact::Revised(Revised(it)) => of("地震更新", State::Reported, &it.shown),
        EarthquakeFact::Withdrawn(Withdrawn(it)) => of("地震撤销", State::Withdrawn, &it.shown),
        EarthquakeFact::Merged(it) => {
            let mut summary = of("地震并入另一条", State::Merged, &it.shown);
            summary.data.insert("into".to_owned(), json!(it.into));
            summary
        }
    }
}
