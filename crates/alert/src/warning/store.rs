//! Loads and lists warnings, within a scope.

use std::collections::{BTreeMap, BTreeSet};

use base::{AdminCode, Hazard, Id, Level, Point, Timestamp};
use host::job::waiting;
use host::web::Paged;
use host::{Due, Error, Home, Read, Result, Row, Scope, params};

use super::{Status, Urgent, Warning, WarningId};
use crate::column;
use crate::number::{Number, day_of};

const COLUMNS: &str = "warning.id, warning.region, warning.org, warning.class, warning.correlation, warning.status, \
     warning.hazard, warning.level, warning.title, warning.station, \
     warning.station_name, warning.lon, warning.lat, warning.finding, warning.supersedes, \
     warning.superseded_by, warning.starts, warning.area, warning.matters, warning.measures, \
     warning.author, warning.hands, warning.reviewer, warning.returned, warning.issuer, \
     warning.unit, warning.number, warning.urgent_reason, warning.review_due, \
     warning.review_missed, warning.reviewed_afterwards, warning.expires, warning.closed, \
     warning.closed_at, warning.danger_passed_at, warning.opened_at";

const OPEN: &str = "warning.status in ('proposed', 'reviewed', 'returned', 'issued')";

/// Where warnings stand, for a list: what is still in hand is short, what has ended is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Standing {
    /// In force, or something is still to be done about it.
    Open,
    /// Over, and nothing is owed.
    Ended,
}

/// Which warnings are wanted.
#[derive(Debug, Clone, Default)]
pub(crate) struct Wanted {
    pub standing: Option<Standing>,
    /// Those that were in force at this moment.
    pub at: Option<Timestamp>,
    pub states: Vec<Status>,
    pub level: Option<Level>,
    /// This region and those that report to it.
    pub region: Option<AdminCode>,
}

/// One warning.
///
/// # Errors
/// [`Error::NotFound`] when there is none inside the scope.
pub fn load(db: &mut dyn Read, scope: &Scope, id: WarningId) -> Result<Warning> {
    find(db, scope, id)?.ok_or(Error::not_found("warning"))
}

/// Like [`load`], with `None` for what is not there.
pub(crate) fn find(db: &mut dyn Read, scope: &Scope, id: WarningId) -> Result<Option<Warning>> {
    let mut params = vec![id.into()];
    let inside = scope.filter_reaching("warning", "warning_reach", &mut params);
    let sql = format!("select {COLUMNS} from warning where warning.id = $1 and {inside}");
    db.row(&sql, &params)?.as_ref().map(from_row).transpose()
}

/// An ended warning whose urgent issue nobody has reviewed: the review is owed all the
/// same, however late.
const ENDED_UNREVIEWED: &str = "warning.status in ('lifted', 'expired', 'superseded') \
     and warning.review_due is not null and warning.reviewed_afterwards is null";

/// Warnings that are in force or still want something done, the most severe first;
/// at most `limit`.
pub fn open(db: &mut dyn Read, scope: &Scope, limit: i64) -> Result<Vec<Warning>> {
    let mut params = vec![limit.into()];
    let inside = scope.filter_reaching("warning", "warning_reach", &mut params);
    let sql = format!(
        "select {COLUMNS} from warning where ({OPEN} or ({ENDED_UNREVIEWED})) and {inside} \
         order by warning.level, warning.opened_at, warning.id limit $1"
    );
    db.rows(&sql, &params)?.iter().map(from_row).collect()
}

/// Newest first; one row more than the page holds.
pub(crate) fn list(
    db: &mut dyn Read,
    scope: &Scope,
    wanted: &Wanted,
    page: &Paged,
) -> Result<Vec<Warning>> {
    let mut params = vec![(page.limit + 1).into()];
    let mut conditions = vec![scope.filter_reaching("warning", "warning_reach", &mut params)];
    if let Some(region) = &wanted.region {
        let within = Scope::all_in(region.clone());
        conditions.push(within.filter_reaching("warning", "warning_reach", &mut params));
    }
    conditions.extend(wanted.standing.map(|standing| match standing {
        Standing::Open => format!("({OPEN} or ({ENDED_UNREVIEWED}))"),
        Standing::Ended => format!("not ({OPEN} or ({ENDED_UNREVIEWED}))"),
    }));
    if let Some(at) = wanted.at {
        params.push(at.into());
        conditions.push(format!(
            "warning.issued_at <= ${0} and (warning.closed_at is null or warning.closed_at > ${0})",
            params.len()
        ));
    }
    if let Some(level) = wanted.level {
        params.push(i64::from(level.rank()).into());
        conditions.push(format!("warning.level = ${}", params.len()));
    }
    if !wanted.states.is_empty() {
        let states = column::any_of(wanted.states.iter().map(|s| s.code()), &mut params);
        conditions.push(format!("warning.status in ({states})"));
    }
    if let Some((opened_at, id)) = page.position.clone() {
        params.extend([opened_at.into(), id.into()]);
        let (time, id) = (params.len() - 1, params.len());
        conditions.push(format!(
            "(warning.opened_at < ${time} or (warning.opened_at = ${time} and warning.id < ${id}))"
        ));
    }
    let sql = format!(
        "select {COLUMNS} from warning where {} \
         order by warning.opened_at desc, warning.id desc limit $1",
        conditions.join(" and ")
    );
    db.rows(&sql, &params)?.iter().map(from_row).collect()
}

/// Open warnings of one station and hazard, the most severe first.
pub(crate) fn open_at(db: &mut dyn Read, station: Id, hazard: Hazard) -> Result<Vec<Warning>> {
    let sql = format!(
        "select {COLUMNS} from warning \
         where warning.station = $1 and warning.hazard = $2 and {OPEN} \
         order by warning.level, warning.id desc"
    );
    let rows = db.rows(&sql, params![station, column::hazard_code(hazard)])?;
    rows.iter().map(from_row).collect()
}

/// Open warnings that rest on a finding.
pub(crate) fn open_on(db: &mut dyn Read, finding: Id) -> Result<Vec<Warning>> {
    let sql = format!(
        "select {COLUMNS} from warning \
         join warning_finding on warning_finding.warning = warning.id \
         where warning_finding.finding = $1 and {OPEN} \
         order by warning.id"
    );
    db.rows(&sql, params![finding])?.iter().map(from_row).collect()
}

/// The findings that a warning rests on.
pub(crate) fn findings(db: &mut dyn Read, warning: WarningId) -> Result<Vec<Id>> {
    let sql = "select finding from warning_finding where warning = $1 order by finding";
    let rows = db.rows(sql, params![warning])?;
    rows.iter().map(|row| Ok(row.get("finding")?)).collect()
}

/// The divisions that a warning concerns beside its own, by code.
pub(crate) fn reach(db: &mut dyn Read, warning: WarningId) -> Result<Vec<AdminCode>> {
    let sql = "select region from warning_reach where id = $1 order by region";
    Ok(db
        .rows(sql, params![warning])?
        .iter()
        .map(|row| row.parse("region"))
        .collect::<Result<_, _>>()?)
}

/// What a page of warnings needs beside its rows, each by one question whatever the page.
#[derive(Debug, Default)]
pub(crate) struct Beside {
    /// The findings that each rests on.
    pub findings: BTreeMap<WarningId, Vec<Id>>,
    /// The other regions that each concerns.
    pub reach: BTreeMap<WarningId, Vec<AdminCode>>,
    /// Those at home inside the scope; the others are seen because they reach into it.
    pub at_home: BTreeSet<WarningId>,
}

/// - `ids`: at most a page of them.
pub(crate) fn beside(db: &mut dyn Read, scope: &Scope, ids: &[WarningId]) -> Result<Beside> {
    let mut beside = Beside::default();
    if ids.is_empty() {
        return Ok(beside);
    }
    let mut params = Vec::new();
    let of = column::any_of(ids.iter().copied(), &mut params);
    let sql = format!(
        "select warning, finding from warning_finding where warning in ({of}) \
         order by warning, finding"
    );
    for row in db.rows(&sql, &params)? {
        beside.findings.entry(row.get("warning")?).or_default().push(row.get("finding")?);
    }
    let sql =
        format!("select id, region from warning_reach where id in ({of}) order by id, region");
    for row in db.rows(&sql, &params)? {
        beside.reach.entry(row.get("id")?).or_default().push(row.parse("region")?);
    }
    let inside = scope.filter("warning", &mut params);
    let sql = format!("select id from warning where id in ({of}) and {inside} order by id");
    for row in db.rows(&sql, &params)? {
        beside.at_home.insert(row.get("id")?);
    }
    Ok(beside)
}

/// The next number of `region` on the day of `now`, counted by the node `origin`.
pub(crate) fn next_number(
    db: &mut dyn Read,
    origin: &str,
    region: &AdminCode,
    now: Timestamp,
) -> Result<Number> {
    let row = db.row(
        "select last from warning_number where origin = $1 and region = $2 and day = $3",
        params![origin, region, day_of(now)],
    )?;
    let last = row.map_or(Ok(0), |row| row.get("last"))?;
    Ok(Number::after(last, 'Y', region, now))
}

/// The warning in force whose time runs out first.
pub(crate) fn next_expiry(db: &mut dyn Read, job: &str) -> Result<Option<Due>> {
    let sql = format!(
        "select expires as at, id from warning where status = 'issued' and {} \
         order by expires, id limit 1",
        waiting(job, "warning")
    );
    Due::first(db, &sql)
}

/// The urgent issue whose review is due first.
pub(crate) fn next_review(db: &mut dyn Read, job: &str) -> Result<Option<Due>> {
    let sql = format!(
        "select review_due as at, id from warning where review_due is not null \
         and reviewed_afterwards is null and review_missed = 0 and {} \
         order by review_due, id limit 1",
        waiting(job, "warning")
    );
    Due::first(db, &sql)
}

fn from_row(row: &Row) -> Result<Warning> {
    let status: String = row.get("status")?;
    let point = match (row.get::<Option<f64>>("lon")?, row.get::<Option<f64>>("lat")?) {
        (Some(lon), Some(lat)) => Point::new(lon, lat).ok(),
        _ => None,
    };
    let reviewed = row.json_opt("reviewed_afterwards")?;
    let missed = row.get("review_missed")?;
    let reason: Option<String> = row.get("urgent_reason")?;
    let review_due: Option<Timestamp> = row.get("review_due")?;
    let urgent = reason.zip(review_due).map(|(reason, review_due)| Urgent {
        reason,
        review_due,
        missed,
        reviewed,
    });
    Ok(Warning {
        id: row.get("id")?,
        region: row.parse("region")?,
        home: Home::from_row(row)?,
        correlation: row.get("correlation")?,
        status: Status::from_code(&status)
            .ok_or_else(|| Error::Internal(format!("warning.status is {status:?}")))?,
        hazard: column::hazard(row)?,
        level: column::level(row)?,
        title: row.get("title")?,
        station: row.get("station")?,
        station_name: row.get("station_name")?,
        point,
        finding: row.get("finding")?,
        supersedes: row.get("supersedes")?,
        superseded_by: row.get("superseded_by")?,
        starts: row.get("starts")?,
        area: row.get("area")?,
        matters: row.get("matters")?,
        measures: row.get("measures")?,
        author: row.json_opt("author")?,
        hands: row.json("hands")?,
        reviewer: row.json_opt("reviewer")?,
        returned: row.json_opt("returned")?,
        issuer: row.json_opt("issuer")?,
        unit: row.get("unit")?,
        number: row.get("number")?,
        urgent,
        expires: row.get("expires")?,
        closed: row.json_opt("closed")?,
        closed_at: row.get("closed_at")?,
        danger_passed_at: row.get("danger_passed_at")?,
        opened_at: row.get("opened_at")?,
    })
}
