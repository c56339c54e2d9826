//! Loads and lists of `rule`.

use host::db::DbError;
use host::{Error, Read, Result, Row, Scope, Value};

use super::{Measure, Rule, RuleId, Shelving, State};
use crate::column::{from_code, level, number};
use crate::station::{SensorId, StationId};

const COLUMNS: &str = "r.id, r.version, r.name, r.sensor, r.station, r.station_name, r.region, \
    r.quantity, r.hazard, r.level, r.measure, r.accepts, r.comparison, r.threshold, r.hysteresis, r.times, r.delay_s, \
    r.line, r.line_word, r.source, r.confidence, r.state, r.published_by, r.published_at, \
    r.proposed_by, r.shelved_until, r.shelved_at, r.shelved_by, r.shelved_because";

/// # Errors
/// [`Error::NotFound`], also for what lies outside the scope.
pub fn load(db: &mut dyn Read, scope: &Scope, id: RuleId) -> Result<Rule> {
    let mut params = vec![Value::from(id)];
    let within = scope.filter("r", &mut params);
    let sql = format!("select {COLUMNS} from rule r where r.id = $1 and {within}");
    let row = db.row(&sql, &params)?.ok_or(Error::not_found("rule"))?;
    Ok(from_row(&row)?)
}

/// Rules by (station, name, id): `limit` of them after `position`, the id of a rule.
pub fn list(
    db: &mut dyn Read,
    scope: &Scope,
    station: Option<StationId>,
    sensor: Option<SensorId>,
    position: Option<(i64, String)>,
    limit: i64,
) -> Result<Vec<Rule>> {
    let (at, id) = position.unwrap_or((i64::MAX, String::new()));
    let mut params = vec![Value::from(at), Value::from(id), Value::from(limit)];
    let mut conditions = vec![scope.filter("r", &mut params)];
    if let Some(station) = station {
        params.push(station.into());
        conditions.push(format!("r.station = ${}", params.len()));
    }
    if let Some(sensor) = sensor {
        params.push(sensor.into());
        conditions.push(format!("r.sensor = ${}", params.len()));
    }
    let sql = format!(
        "select {COLUMNS} from rule r \
         where (r.published_at < $1 or (r.published_at = $1 and r.id < $2)) and {} \
         order by r.published_at desc, r.id desc limit $3",
        conditions.join(" and ")
    );
    let rows = db.rows(&sql, &params)?;
    Ok(rows.iter().map(from_row).collect::<Result<_, _>>()?)
}

/// The active rules of these origins, in the order they were made.
pub(crate) fn in_force(db: &mut dyn Read, origins: &[String]) -> Result<Vec<Rule>> {
    let mut params = Vec::new();
    let own = any_of(origins, &mut params);
    let sql = format!(
        "select {COLUMNS} from rule r where r.origin in ({own}) and r.state = 'active' \
         order by r.id"
    );
    let rows = db.rows(&sql, &params)?;
    Ok(rows.iter().map(from_row).collect::<Result<_, _>>()?)
}

/// The rules of these origins that something happened to in `after < seq <= upto` of
/// the log, and what they are now; `None` for one that is retired.
pub(crate) fn changed(
    db: &mut dyn Read,
    origins: &[String],
    after: i64,
    upto: i64,
) -> Result<Vec<(RuleId, Option<Rule>)>> {
    let mut params = vec![Value::from(after), Value::from(upto)];
    let own = any_of(origins, &mut params);
    let sql = format!(
        "select distinct subject from log \
         where kind in ('rule.published', 'rule.retired') and $1 < seq and seq <= $2 \
         and origin in ({own}) order by subject"
    );
    db.rows(&sql, &params)?
        .iter()
        .map(|row| {
            let id: RuleId = row.get("subject")?;
            let rule = load(db, &Scope::Node, id)?;
            Ok((id, (rule.state == State::Active).then_some(rule)))
        })
        .collect()
}

fn any_of(origins: &[String], params: &mut Vec<Value>) -> String {
    let places = origins.iter().map(|origin| {
        params.push(origin.into());
        format!("${}", params.len())
    });
    places.collect::<Vec<_>>().join(", ")
}

fn from_row(row: &Row) -> Result<Rule, DbError> {
    let quantity: base::Quantity = row.parse("quantity")?;
    let measure: Measure = row.json("measure")?;
    Ok(Rule {
        id: row.get("id")?,
        version: number(row, "version")?,
        name: row.get("name")?,
        sensor: row.get("sensor")?,
        station: row.get("station")?,
        station_name: row.get("station_name")?,
        region: row.parse("region")?,
        quantity,
        unit: measure.unit().unwrap_or(quantity.unit()),
        hazard: from_code(row, "hazard")?,
        level: level(row)?,
        measure,
        accepts: from_code(row, "accepts")?,
        comparison: from_code(row, "comparison")?,
        threshold: row.get("threshold")?,
        hysteresis: row.get("hysteresis")?,
        times: number(row, "times")?,
        delay_s: number(row, "delay_s")?,
        line: from_code(row, "line")?,
        line_word: row.get("line_word")?,
        source: row.get("source")?,
        confidence: from_code(row, "confidence")?,
        state: from_code(row, "state")?,
        shelved: shelving(row)?,
        proposed_by: row.get("proposed_by")?,
        published_by: row.get("published_by")?,
        published_at: row.get("published_at")?,
    })
}

fn shelving(row: &Row) -> Result<Option<Shelving>, DbError> {
    let Some(until) = row.get("shelved_until")? else { return Ok(None) };
    Ok(Some(Shelving {
        until,
        since: row.get("shelved_at")?,
        by: row.get("shelved_by")?,
        reason: row.get("shelved_because")?,
    }))
}
