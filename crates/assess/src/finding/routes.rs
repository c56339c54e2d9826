//! The door for people.

use base::{Duration, Timestamp};
use host::web::{Json, Paged, Params, Path, Scoped};
use host::{Error, Page, Result, Routes, World};
use schemars::JsonSchema;
use serde::Deserialize;

use super::model::most_extreme;
use super::store::Wanted;
use super::{Finding, FindingId, Peak, READ, State, store};
use crate::station::StationId;

pub(crate) fn routes() -> Routes {
    Routes::new()
        .get("/api/findings", READ, "Lists findings, the last raised first", list)
        .asks::<FindingQuery>()
        .paged()
        .gives::<Page<Finding>>()
        .get("/api/findings/{id}", READ, "One finding with the readings that fired it", load)
        .gives::<Finding>()
}

/// Which findings are wanted.
#[derive(Debug, Default, Deserialize, JsonSchema)]
struct FindingQuery {
    station: Option<StationId>,
    state: Option<State>,
    /// Those that stood at this moment, as they stood then.
    at: Option<Timestamp>,
}

async fn list(
    world: World,
    Scoped(scope): Scoped,
    Params(query): Params<FindingQuery>,
    page: Paged,
) -> Result<Json<Page<Finding>>> {
    let Paged { position, limit } = page;
    let wanted = Wanted { station: query.station, state: query.state, at: query.at };
    let series = world.series().clone();
    let findings = world.read(move |db| {
        let Some(at) = wanted.at else {
            let found = store::list(db, &scope, &wanted, position, limit + 1)?;
            return found.into_iter().map(|finding| with_peak(finding, &series)).collect();
        };
        let stood = store::list(db, &scope, &wanted, position, limit + 1)?.into_iter();
        Ok(stood.map(|finding| finding.when_it_stood(at)).collect::<Vec<_>>())
    });
    let key = |finding: &Finding| (finding.raised_at.as_millis(), finding.id.to_string());
    Ok(Json(Page::cut(findings.await?, limit, key)))
}

async fn load(
    world: World,
    Scoped(scope): Scoped,
    Path(id): Path<FindingId>,
) -> Result<Json<Finding>> {
    let series = world.series().clone();
    let finding = world.read(move |db| with_peak(store::load(db, &scope, id)?, &series));
    finding.await.map(Json)
}

/// Reads the peak from the series: of the judged readings from the onset until the
/// finding was cleared, or until now.
fn with_peak(mut finding: Finding, series: &series::Store) -> Result<Finding> {
    let Some(sensor) = finding.sensor else { return Ok(finding) };
    let Some(number) = series.series_of(sensor.into()) else { return Ok(finding) };
    let newest = series.latest(&[number]).first().copied().flatten().map(|latest| latest.time);
    let Some(until) = finding.cleared_at.or(newest) else { return Ok(finding) };
    let readings = series
        .range(number, finding.onset, until + Duration::from_millis(1), None)
        .map_err(|error| Error::Internal(format!("the series of a finding: {error}")))?;
    let judged = readings.iter().filter(|reading| reading.quality.is_judged());
    let peak = judged.map(|reading| Peak { time: reading.time, value: reading.value });
    if let Some(peak) = most_extreme(finding.rule.danger(), peak) {
        finding.peak = peak;
    }
    Ok(finding)
}
