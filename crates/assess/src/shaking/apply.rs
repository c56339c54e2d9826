//! The only writer of the tables of shaking.

use host::{Entry, Tables, params, row};
use sense::quake::{EarthquakeId, ReportId};

use super::fact::{Estimated, ShakingFact, Withheld};
use super::store::{ESTIMATED, WITHHELD};

pub(super) fn apply(tables: &mut Tables<'_>, entry: &Entry, fact: &ShakingFact) {
    let (said, result) = match fact {
        ShakingFact::Estimated(Estimated { earthquake, report, revision, estimate, .. }) => (
            Said { of: *earthquake, report: *report, revision: *revision, state: ESTIMATED },
            serde_json::json!({ "estimate": estimate }),
        ),
        ShakingFact::Withheld(Withheld { earthquake, report, revision, why, .. }) => (
            Said { of: *earthquake, report: *report, revision: *revision, state: WITHHELD },
            serde_json::json!({ "why": why }),
        ),
    };
    let row = row! {
        earthquake: said.of,
        revision: i64::from(said.revision),
        state: said.state,
        said_at: entry.at(),
    };
    tables.put("shaking", entry, row);
    tables.run(
        "insert into shaking_result (shaking, revision, said_at, report, result) \
         values ($1, $2, $3, $4, $5) on conflict (shaking, revision) do update set \
         said_at = excluded.said_at, report = excluded.report, result = excluded.result",
        params![
            entry.header.subject,
            i64::from(said.revision),
            entry.at(),
            said.report,
            result.to_string(),
        ],
    );
}

struct Said {
    of: EarthquakeId,
    report: Option<ReportId>,
    revision: u32,
    state: &'static str,
}
