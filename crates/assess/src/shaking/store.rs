//! Loads what was said of what an earthquake shook.

use base::Timestamp;
use host::db::DbError;
use host::job::owned;
use host::{Read, Result, Row, params};
use schemars::JsonSchema;
use sense::quake::{EarthquakeId, ReportId};
use serde::{Deserialize, Serialize};

use super::ShakingId;
use super::fact::{Estimate, Why};
use crate::column;

pub(super) const ESTIMATED: &str = "estimated";
pub(super) const WITHHELD: &str = "withheld";

/// What was said of what an earthquake shook, at one time.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[schemars(rename = "ShakingResult")]
pub(super) struct Said {
    pub shaking: ShakingId,
    pub revision: u32,
    pub said_at: Timestamp,
    /// The report that it rests on.
    pub report: Option<ReportId>,
    /// Whether something was said after it.
    pub superseded: bool,
    #[serde(flatten)]
    pub result: Outcome,
}

/// An estimate, or why there is none: one of the two.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "ShakingOutcome")]
pub(super) struct Outcome {
    pub estimate: Option<Estimate>,
    pub why: Option<Why>,
}

/// An outcome as it reads back: what is compared with what was kept.
pub(super) fn as_kept(outcome: &Outcome) -> Outcome {
    let text = serde_json::to_string(outcome).expect("an outcome is plain data");
    serde_json::from_str(&text).expect("it was written a moment ago")
}

/// All that was said of an earthquake that the caller has loaded, the newest first.
pub(super) fn of(db: &mut dyn Read, earthquake: EarthquakeId) -> Result<Vec<Said>> {
    let sql = format!(
        "select r.shaking, r.revision, r.said_at, r.report, r.result, \
         case when r.revision < s.revision then 1 else 0 end as superseded \
         from shaking s join shaking_result r on r.shaking = s.id \
         where s.earthquake = $1 and {} order by r.revision desc",
        owned("s")
    );
    let rows = db.rows(&sql, params![earthquake])?;
    Ok(rows.iter().map(from_row).collect::<Result<_, _>>()?)
}

/// The newest that was said of it.
pub(super) fn newest(db: &mut dyn Read, earthquake: EarthquakeId) -> Result<Option<Said>> {
    let sql = format!(
        "select r.shaking, r.revision, r.said_at, r.report, r.result, 0 as superseded \
         from shaking s join shaking_result r on r.shaking = s.id and r.revision = s.revision \
         where s.earthquake = $1 and {} order by s.id limit 1",
        owned("s")
    );
    let row = db.row(&sql, params![earthquake])?;
    Ok(row.as_ref().map(from_row).transpose()?)
}

fn from_row(row: &Row) -> Result<Said, DbError> {
    Ok(Said {
        shaking: row.get("shaking")?,
        revision: column::number(row, "revision")?,
        said_at: row.get("said_at")?,
        report: row.get("report")?,
        superseded: row.get::<i64>("superseded")? == 1,
        result: row.json("result")?,
    })
}
