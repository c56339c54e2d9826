//! Loads and lists of `finding`.

use base::{AdminCode, Timestamp};
use host::db::DbError;
use host::{Error, Read, Result, Row, Scope, Value, params};

use sense::quake::EarthquakeId;

use super::fact::Raised;
use super::model::Standing;
use super::{Finding, FindingId, State};
use crate::column::from_code;
use crate::rule::RuleId;
use crate::station::{SensorId, StationId};

const COLUMNS: &str = "f.id, f.region, f.state, f.raised_at, f.latency_ms, f.raised, f.cleared_at, \
    f.cleared_because";

/// Its `peak` is that of the readings that fired it.
///
/// # Errors
/// [`Error::NotFound`], also for what lies outside the scope.
pub fn load(db: &mut dyn Read, scope: &Scope, id: FindingId) -> Result<Finding> {
    let mut params = vec![Value::from(id)];
    let within = scope.filter("f", &mut params);
    let sql = format!("select {COLUMNS} from finding f where f.id = $1 and {within}");
    let row = db.row(&sql, &params)?.ok_or(Error::not_found("finding"))?;
    Ok(from_row(&row)?)
}

/// Which findings are wanted.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wanted {
    pub station: Option<StationId>,
    pub state: Option<State>,
    /// Those that stood at this moment.
    pub at: Option<Timestamp>,
}

/// Findings, the last raised first: `limit` of them after `position`.
pub fn list(
    db: &mut dyn Read,
    scope: &Scope,
    wanted: &Wanted,
    position: Option<(i64, String)>,
    limit: i64,
) -> Result<Vec<Finding>> {
    let (at, id) = position.unwrap_or((i64::MAX, String::new()));
    let mut params = vec![Value::from(at), Value::from(id), Value::from(limit)];
    let mut conditions = vec![scope.filter("f", &mut params)];
    if let Some(station) = wanted.station {
        params.push(station.into());
        conditions.push(format!("f.station = ${}", params.len()));
    }
    if let Some(at) = wanted.at {
        params.push(at.into());
        conditions.push(format!(
            "f.raised_at <= ${0} and (f.cleared_at is null or f.cleared_at > ${0})",
            params.len()
        ));
    }
    if let Some(state) = wanted.state {
        params.push(crate::column::to_code(state).into());
        conditions.push(format!("f.state = ${}", params.len()));
    }
    let sql = format!(
        "select {COLUMNS} from finding f \
         where (f.raised_at < $1 or (f.raised_at = $1 and f.id < $2)) and {} \
         order by f.raised_at desc, f.id desc limit $3",
        conditions.join(" and ")
    );
    let rows = db.rows(&sql, &params)?;
    Ok(rows.iter().map(from_row).collect::<Result<_, _>>()?)
}

/// What stands by a rule, whatever the sensor.
pub(super) fn active_by_rule(db: &mut dyn Read, rule: RuleId) -> Result<Vec<Finding>> {
    let sql = format!(
        "select {COLUMNS} from finding f where f.rule = $1 and f.state = 'active' \
         order by f.sensor, f.onset"
    );
    let rows = db.rows(&sql, params![rule])?;
    Ok(rows.iter().map(from_row).collect::<Result<_, _>>()?)
}

/// What stands of an earthquake, whoever asks.
pub(super) fn active_by_earthquake(
    db: &mut dyn Read,
    earthquake: EarthquakeId,
) -> Result<Vec<Finding>> {
    let sql = format!(
        "select {COLUMNS} from finding f where f.earthquake = $1 and f.state = 'active' \
         order by f.region, f.id"
    );
    let rows = db.rows(&sql, params![earthquake])?;
    Ok(rows.iter().map(from_row).collect::<Result<_, _>>()?)
}

/// The newest finding of an earthquake in a county, whatever became of it.
pub(super) fn newest_by_earthquake(
    db: &mut dyn Read,
    earthquake: EarthquakeId,
    county: &AdminCode,
) -> Result<Option<FindingId>> {
    let row = db.row(
        "select f.id from finding f where f.earthquake = $1 and f.region = $2 \
         order by f.raised_at desc, f.id desc limit 1",
        params![earthquake, county],
    )?;
    Ok(row.map(|row| row.get("id")).transpose()?)
}

/// Findings of a sensor that had begun before `to` and were not over by `from`, of one rule
/// or of all: the newest thousand, by onset.
pub(crate) fn between(
    db: &mut dyn Read,
    scope: &Scope,
    (sensor, rule): (SensorId, Option<RuleId>),
    (from, to): (Timestamp, Timestamp),
) -> Result<Vec<Finding>> {
    let mut params = vec![Value::from(sensor), Value::from(from), Value::from(to)];
    let mut conditions = vec![scope.filter("f", &mut params)];
    if let Some(rule) = rule {
        params.push(rule.into());
        conditions.push(format!("f.rule = ${}", params.len()));
    }
    let sql = format!(
        "select {COLUMNS} from finding f where f.sensor = $1 and f.onset < $3 \
         and (f.cleared_at is null or $2 < f.cleared_at) and {} \
         order by f.onset desc, f.id limit 1000",
        conditions.join(" and ")
    );
    let rows = db.rows(&sql, &params)?;
    Ok(rows.iter().map(from_row).collect::<Result<_, _>>()?)
}

/// What stands by a rule and called nobody, as it was raised.
pub(super) fn shelved_by_rule(db: &mut dyn Read, rule: RuleId) -> Result<Vec<(FindingId, Raised)>> {
    let sql = "select id, raised from finding where rule = $1 and state = 'active' \
        order by sensor, onset";
    let mut found = Vec::new();
    for row in db.rows(sql, params![rule])? {
        let raised: Raised = row.json("raised")?;
        if raised.shelved {
            found.push((row.get("id")?, raised));
        }
    }
    Ok(found)
}

/// The finding with this key, if it was ever made.
pub(super) fn by_key(
    db: &mut dyn Read,
    rule: RuleId,
    sensor: SensorId,
    onset: Timestamp,
) -> Result<Option<Finding>> {
    let sql = format!(
        "select {COLUMNS} from finding f where f.rule = $1 and f.sensor = $2 and f.onset = $3"
    );
    let row = db.row(&sql, params![rule, sensor, onset])?;
    Ok(row.as_ref().map(from_row).transpose()?)
}

/// Up to when the findings of a rule and sensor have judged its readings, and the
/// onset of the one that stands.
pub(crate) struct Judged {
    pub upto: Option<Timestamp>,
    pub active: Option<Timestamp>,
}

pub(crate) fn judged(db: &mut dyn Read, rule: RuleId, sensor: SensorId) -> Result<Judged> {
    let row = db.row(
        "select onset, fired_at, cleared_at, state from finding \
         where rule = $1 and sensor = $2 order by onset desc limit 1",
        params![rule, sensor],
    )?;
    let Some(row) = row else { return Ok(Judged { upto: None, active: None }) };
    let fired: Timestamp = row.get("fired_at")?;
    let cleared: Option<Timestamp> = row.get("cleared_at")?;
    let is_active = from_code::<State>(&row, "state")? == State::Active;
    Ok(Judged {
        upto: Some(cleared.map_or(fired, |cleared| cleared.max(fired))),
        active: if is_active { Some(row.get("onset")?) } else { None },
    })
}

fn from_row(row: &Row) -> Result<Finding, DbError> {
    let because: Option<String> = row.get("cleared_because")?;
    let standing = Standing {
        id: row.get("id")?,
        region: row.parse("region")?,
        state: from_code(row, "state")?,
        raised_at: row.get("raised_at")?,
        latency_ms: row.get("latency_ms")?,
        cleared_at: row.get("cleared_at")?,
        cleared_because: because.map(|_| from_code(row, "cleared_because")).transpose()?,
    };
    Ok(Finding::new(row.json("raised")?, standing))
}
