//! The door to response times.

use base::{AdminCode, Timestamp};
use host::view::Viewed;
use host::web::{Json, Paged, Params, Scoped};
use host::{Error, Page, Result, Routes, World};
use schemars::JsonSchema;
use serde::Deserialize;

use super::model::ResponseTime;
use super::store::{self, Wanted};
use super::summary::{Summary, summary};
use super::{READ, VIEW};

/// Matters in one summary.
const MOST: i64 = 20_000;

pub(crate) fn routes() -> Routes {
    Routes::new()
        .get(
            "/api/response-times",
            READ,
            "Lists how fast warnings and incidents were dealt with, newest first",
            list,
        )
        .asks::<ResponseTimeQuery>()
        .paged()
        .gives::<Viewed<Page<ResponseTime>>>()
        .get(
            "/api/response-times/summary",
            READ,
            "Counts them by region and day, with the median and the 90th percentile of each step",
            count,
        )
        .asks::<SummaryQuery>()
        .gives::<Viewed<Summary>>()
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
struct ResponseTimeQuery {
    /// The first Beijing day on which they began, `2026-08-03`.
    from: Option<String>,
    /// The last such day.
    to: Option<String>,
    /// In this region and all that report to it.
    region: Option<AdminCode>,
    /// Waits, for a few seconds, until this entry of the log is in it.
    after: Option<i64>,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
struct SummaryQuery {
    /// The first Beijing day on which they began, `2026-08-03`.
    from: Option<String>,
    /// The last such day.
    to: Option<String>,
    /// In this region and all that report to it.
    region: Option<AdminCode>,
    /// Waits, for a few seconds, until this entry of the log is in it.
    after: Option<i64>,
}

async fn list(
    world: World,
    Scoped(scope): Scoped,
    Params(query): Params<ResponseTimeQuery>,
    page: Paged,
) -> Result<Json<Viewed<Page<ResponseTime>>>> {
    let Paged { position, limit } = page;
    let wanted = wanted(query.from, query.to, query.region)?;
    let viewed = world.read_view(VIEW, query.after, move |db| {
        let matters = store::list(db, &scope, &wanted, position, limit)?;
        Ok(Page::cut(matters, limit, |matter| {
            (matter.moments.began.as_millis(), matter.id.to_string())
        }))
    });
    Ok(Json(viewed.await?))
}

async fn count(
    world: World,
    Scoped(scope): Scoped,
    Params(query): Params<SummaryQuery>,
) -> Result<Json<Viewed<Summary>>> {
    let wanted = wanted(query.from, query.to, query.region)?;
    let viewed = world.read_view(VIEW, query.after, move |db| {
        let matters = store::list(db, &scope, &wanted, None, MOST)?;
        if MOST < matters.len() as i64 {
            let expected = format!("days in which no more than {MOST} began");
            return Err(Error::invalid("from", format!("more than {MOST}"), expected));
        }
        Ok(summary(&matters))
    });
    Ok(Json(viewed.await?))
}

fn wanted(from: Option<String>, to: Option<String>, region: Option<AdminCode>) -> Result<Wanted> {
    let begin = |field: &'static str, day: Option<String>| {
        day.map(|day| {
            day_begins(&day).ok_or_else(|| Error::invalid(field, &day, "a day such as 2026-08-03"))
        })
        .transpose()
    };
    let from = begin("from", from)?;
    let before = begin("to", to)?.map(|last| last + base::Duration::from_hours(24));
    Ok(Wanted { from, before, region })
}

/// The first moment of a Beijing day.
fn day_begins(day: &str) -> Option<Timestamp> {
    let mut parts = day.split('-');
    let (year, month, date) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || (year.len(), month.len(), date.len()) != (4, 2, 2) {
        return None;
    }
    let fields = [year.parse().ok()?, month.parse().ok()?, date.parse().ok()?];
    Timestamp::from_beijing(fields, [0, 0, 0])
}
