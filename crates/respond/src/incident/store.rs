//! Loads and lists incidents, within a scope.

use base::{Id, Level, Point, Timestamp};
use host::{Error, Home, Read, Result, Row, Scope, Value, params};

use super::fact::Casualties;
use super::model::{Incident, IncidentId, IncidentState, SourceKind};
use crate::task;

const COLUMNS: &str = "i.id, i.number, i.title, i.detail, i.hazard, i.level, i.region, \
    i.region_name, i.lon, i.lat, i.place, i.source, i.warning, i.intake, i.dead, i.injured, \
    i.trapped, i.state, i.correlation, i.org, i.class, i.opened_at, i.opener, i.opened_by, i.closed_at, \
    i.closed_by, i.closed_reason";

fn columns() -> String {
    format!("{COLUMNS}, {} as owner", host::job::owner_elsewhere("i"))
}

const REACH: &str = "incident_reach";

/// One incident, to act on it; outside the scope there is none.
pub fn load(db: &mut dyn Read, scope: &Scope, id: IncidentId) -> Result<Incident> {
    one(db, id, |params| scope.filter("i", params))
}

/// One incident, to look at it: also one that only reaches into the scope.
pub fn see(db: &mut dyn Read, scope: &Scope, id: IncidentId) -> Result<Incident> {
    one(db, id, |params| scope.filter_reaching("i", REACH, params))
}

fn one(
    db: &mut dyn Read,
    id: IncidentId,
    inside: impl Fn(&mut Vec<Value>) -> String,
) -> Result<Incident> {
    let mut params = vec![Value::from(id)];
    let inside = inside(&mut params);
    let sql = format!("select {} from incident i where i.id = $1 and {inside}", columns());
    let row = db.row(&sql, &params)?;
    let mut incident = from_row(&row.ok_or(Error::not_found("incident"))?)?;
    incident.tasks = task::tally(db, id)?;
    Ok(incident)
}

/// Which incidents are wanted.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    pub state: Option<IncidentState>,
    /// Those that ran at this moment.
    pub at: Option<Timestamp>,
    pub warning: Option<Id>,
}

/// Incidents from the newest on, after `position` (opened at, id); `limit + 1` of
/// them at most, so that a page can tell whether more follow.
pub fn list(
    db: &mut dyn Read,
    scope: &Scope,
    wanted: &Wanted,
    position: Option<(i64, String)>,
    limit: i64,
) -> Result<Vec<Incident>> {
    let (at, id) = position.unwrap_or((i64::MAX, String::new()));
    let mut params = vec![Value::from(at), Value::from(id), Value::from(limit + 1)];
    let mut conditions = vec![
        "(i.opened_at < $1 or (i.opened_at = $1 and i.id < $2))".to_owned(),
        scope.filter_reaching("i", REACH, &mut params),
    ];
    if let Some(state) = wanted.state {
        params.push(state.code().into());
        conditions.push(format!("i.state = ${}", params.len()));
    }
    if let Some(at) = wanted.at {
        params.push(at.into());
        conditions.push(format!(
            "i.opened_at <= ${0} and (i.closed_at is null or i.closed_at > ${0})",
            params.len()
        ));
    }
    if let Some(warning) = wanted.warning {
        params.push(warning.into());
        conditions.push(format!("i.warning = ${}", params.len()));
    }
    let sql = format!(
        "select {} from incident i where {} \
         order by i.opened_at desc, i.id desc limit $3",
        columns(),
        conditions.join(" and ")
    );
    let rows = db.rows(&sql, &params)?;
    with_tallies(db, &rows)
}

/// Incidents that were closed after `since`, the latest first.
pub fn ended_since(
    db: &mut dyn Read,
    scope: &Scope,
    since: Timestamp,
    limit: i64,
) -> Result<Vec<Incident>> {
    let mut params = vec![Value::from(since), Value::from(limit)];
    let inside = scope.filter_reaching("i", REACH, &mut params);
    let sql = format!(
        "select {} from incident i where i.state = 'closed' and i.closed_at > $1 \
         and {inside} order by i.closed_at desc, i.id desc limit $2",
        columns()
    );
    let rows = db.rows(&sql, &params)?;
    with_tallies(db, &rows)
}

/// Whether an incident is open, whoever asks: for the node's own housekeeping.
pub(crate) fn is_open(db: &mut dyn Read, id: Id) -> Result<bool> {
    let row = db.row("select id from incident where id = $1 and state = 'open'", params![id])?;
    Ok(row.is_some())
}

/// The incident that a warning was turned into, whoever asks: there is at most one.
pub(super) fn of_warning(db: &mut dyn Read, warning: Id) -> Result<Option<IncidentId>> {
    let row = db.row(
        "select id from incident where warning = $1 order by opened_at limit 1",
        params![warning],
    )?;
    row.map(|row| Ok(row.get("id")?)).transpose()
}

/// The next number of a Beijing day at this node.
pub(super) fn next_serial(db: &mut dyn Read, origin: &str, day: &str) -> Result<i64> {
    let row = db.row(
        "select max(serial) as last from incident where origin = $1 and day = $2",
        params![origin, day],
    )?;
    let last: Option<i64> = row.map_or(Ok(None), |row| row.get("last"))?;
    Ok(last.unwrap_or(0) + 1)
}

fn with_tallies(db: &mut dyn Read, rows: &[Row]) -> Result<Vec<Incident>> {
    let mut incidents = rows.iter().map(from_row).collect::<Result<Vec<_>>>()?;
    let ids: Vec<IncidentId> = incidents.iter().map(|incident| incident.id).collect();
    let mut tallies = task::tallies(db, &ids)?;
    for incident in &mut incidents {
        incident.tasks = tallies.remove(&incident.id).unwrap_or_default();
    }
    Ok(incidents)
}

fn from_row(row: &Row) -> Result<Incident> {
    let point = (row.get::<Option<f64>>("lon")?, row.get::<Option<f64>>("lat")?);
    let count = |column| -> Result<Option<u32>> {
        Ok(row.get::<Option<i64>>(column)?.and_then(|count| u32::try_from(count).ok()))
    };
    let casualties =
        Casualties { dead: count("dead")?, injured: count("injured")?, trapped: count("trapped")? };
    let nothing = Casualties { dead: None, injured: None, trapped: None };
    let state: String = row.get("state")?;
    let source: String = row.get("source")?;
    Ok(Incident {
        id: row.get("id")?,
        number: row.get("number")?,
        title: row.get("title")?,
        detail: row.get("detail")?,
        hazard: row.json("hazard")?,
        level: row.get::<Option<i64>>("level")?.and_then(Level::from_rank),
        grade: None,
        response: None,
        state: if state == "open" { IncidentState::Open } else { IncidentState::Closed },
        region: row.parse("region")?,
        region_name: row.get("region_name")?,
        point: if let (Some(lon), Some(lat)) = point { Point::new(lon, lat).ok() } else { None },
        place: row.get("place")?,
        owner: row.get("owner")?,
        opened_at: row.get("opened_at")?,
        opened_by: row.get("opened_by")?,
        source: if source == "warning" { SourceKind::Warning } else { SourceKind::Call },
        warning: row.get("warning")?,
        intake: row.get("intake")?,
        correlation: row.get("correlation")?,
        caller: None,
        casualties: (casualties != nothing).then_some(casualties),
        tasks: task::Tally::default(),
        closed_at: row.get("closed_at")?,
        closed_by: row.get("closed_by")?,
        closed_reason: row.get("closed_reason")?,
        home: Home::from_row(row)?,
        opener: row.get("opener")?,
    })
}
