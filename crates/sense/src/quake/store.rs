//! Loads and lists earthquakes and what was reported of them.

use std::collections::{BTreeMap, BTreeSet};

use base::{Duration, Timestamp};
use host::db::DbError;
use host::job::owned;
use host::{Error, Read, Result, Row, Scope, Value, params};

use super::gather::Known;
use super::model::{Earthquake, EarthquakeId, Report, ReportId, ReportView, State, TYPED};

const REACH: &str = "earthquake_reach";
const COLUMNS: &str = "e.id, e.state, e.merged_into, e.region, e.shown, e.believed, e.revision, \
     e.reported_at, e.changed_at, \
     (select count(*) from earthquake_report r where r.earthquake = e.id) as reports";
/// How far apart reports of one earthquake may be in time: the association's minute, and
/// one of each that was told to the minute only.
const APART: Duration = Duration::from_secs(180);
/// Reports that hang together by minutes and are looked at at once.
const MOST_TOGETHER: usize = 2_000;

/// # Errors
/// [`Error::NotFound`], also for what lies outside the scope.
pub fn load(db: &mut dyn Read, scope: &Scope, id: EarthquakeId) -> Result<Earthquake> {
    let mut values = vec![Value::from(id)];
    let within = scope.filter_reaching("e", REACH, &mut values);
    let sql = format!("select {COLUMNS} from earthquake e where e.id = $1 and {within}");
    let row = db.row(&sql, &values)?.ok_or(Error::not_found("earthquake"))?;
    let mut found = with_agencies(db, &[row])?;
    found.pop().ok_or(Error::not_found("earthquake"))
}

/// Which earthquakes are wanted.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wanted {
    /// `None` lists all but merged ones.
    pub state: Option<State>,
    /// From this magnitude on; those without any are always listed.
    pub magnitude: Option<f64>,
}

/// Earthquakes of this node, the last that quaked first: `limit` of them after
/// `position`. Those of other nodes stand in the log: each node gathers the agencies'
/// reports itself, and a list of all would have each earthquake as often as there are
/// nodes.
pub fn list(
    db: &mut dyn Read,
    scope: &Scope,
    wanted: &Wanted,
    position: Option<(i64, String)>,
    limit: i64,
) -> Result<Vec<Earthquake>> {
    let (at, id) = position.unwrap_or((i64::MAX, String::new()));
    let mut values = vec![Value::from(at), Value::from(id), Value::from(limit)];
    let mut conditions = vec![scope.filter_reaching("e", REACH, &mut values), owned("e")];
    match wanted.state {
        Some(state) => {
            values.push(state.code().into());
            conditions.push(format!("e.state = ${}", values.len()));
        }
        None => conditions.push("e.state <> 'merged'".to_owned()),
    }
    if let Some(magnitude) = wanted.magnitude {
        values.push(magnitude.into());
        conditions.push(format!("(e.magnitude is null or e.magnitude >= ${})", values.len()));
    }
    let sql = format!(
        "select {COLUMNS} from earthquake e \
         where (e.quaked_at < $1 or (e.quaked_at = $1 and e.id < $2)) and {} \
         order by e.quaked_at desc, e.id desc limit $3",
        conditions.join(" and ")
    );
    let rows = db.rows(&sql, &values)?;
    with_agencies(db, &rows)
}

/// What was reported of an earthquake that the caller has loaded: by agency and event,
/// the oldest version first.
pub fn reports(db: &mut dyn Read, earthquake: &Earthquake) -> Result<Vec<ReportView>> {
    let rows = db.rows(
        "select id, said, received_at, agency, event from earthquake_report \
         where earthquake = $1 \
         order by agency, event, updated nulls first, received_at, id",
        params![earthquake.id],
    )?;
    let mut views = rows
        .iter()
        .map(|row| {
            let id: ReportId = row.get("id")?;
            Ok(ReportView {
                id,
                report: row.json("said")?,
                received_at: row.get("received_at")?,
                believed: earthquake.believed == Some(id),
                superseded: false,
            })
        })
        .collect::<Result<Vec<_>, DbError>>()?;
    for at in 1..views.len() {
        let (before, next) = (&views[at - 1].report, &views[at].report);
        let same = before.agency == next.agency && before.event == next.event;
        views[at - 1].superseded = same;
    }
    Ok(views)
}

/// What was reported of all earthquakes of this node that quaked within a span of a
/// moment, whoever asks.
pub fn near(db: &mut dyn Read, time: Timestamp, span: Duration) -> Result<Vec<Report>> {
    let sql = format!(
        "select r.said from earthquake_report r join earthquake e on e.id = r.earthquake \
         where r.quaked_at between $1 and $2 and {} order by r.id",
        owned("e")
    );
    let rows = db.rows(&sql, params![time - span, time + span])?;
    Ok(rows.iter().map(|row| row.json("said")).collect::<Result<_, _>>()?)
}

/// The earthquake of this node that has a report.
pub(super) fn of_report(db: &mut dyn Read, id: ReportId) -> Result<Option<EarthquakeId>> {
    let sql = format!(
        "select e.id from earthquake_report r join earthquake e on e.id = r.earthquake \
         where r.id = $1 and {} order by e.id limit 1",
        owned("e")
    );
    Ok(db.row(&sql, params![id])?.map(|row| row.get("id")).transpose()?)
}

/// The newest that an agency said of an event, here.
pub(super) fn newest_of(
    db: &mut dyn Read,
    agency: Option<&str>,
    event: &str,
) -> Result<Option<Report>> {
    let sql = format!(
        "select r.said from earthquake_report r join earthquake e on e.id = r.earthquake \
         where r.agency = $1 and r.event = $2 and {} \
         order by r.updated desc nulls last, r.received_at desc, r.id limit 1",
        owned("e")
    );
    let row = db.row(&sql, params![agency.unwrap_or_default(), event])?;
    Ok(row.map(|row| row.json("said")).transpose()?)
}

/// All reports that could be of one earthquake with this one, over any number of others
/// between, with it; by id, so that nothing depends on the order in which they came.
///
/// # Errors
/// [`Error::Conflict`] `too-many-reports` in a flood.
pub(super) fn component(db: &mut dyn Read, arriving: Report) -> Result<Vec<(ReportId, Known)>> {
    let mut known: BTreeMap<ReportId, Known> = BTreeMap::new();
    let mut chains: BTreeSet<(String, String)> = BTreeSet::new();
    let mut waiting = vec![arriving.clone()];
    known.insert(arriving.id(), Known { of: None, report: arriving });
    let by_time = format!(
        "select r.id, r.earthquake, r.said from earthquake_report r \
         join earthquake e on e.id = r.earthquake \
         where r.quaked_at between $1 and $2 and {} order by r.id",
        owned("e")
    );
    let by_event = format!(
        "select r.id, r.earthquake, r.said from earthquake_report r \
         join earthquake e on e.id = r.earthquake \
         where r.agency = $1 and r.event = $2 and {} order by r.id",
        owned("e")
    );
    let mut looked: Vec<(Timestamp, Timestamp)> = Vec::new();
    while let Some(report) = waiting.pop() {
        let mut rows = Vec::new();
        let agency = report.agency.clone().unwrap_or_default();
        if chains.insert((agency.clone(), report.event.clone())) {
            rows = db.rows(&by_event, params![agency, &report.event])?;
        }
        let (from, until) = (report.time - APART, report.time + APART);
        if !looked.iter().any(|(start, end)| *start <= from && until <= *end) {
            rows.extend(db.rows(&by_time, params![from, until])?);
            looked.push((from, until));
        }
        for row in &rows {
            let id: ReportId = row.get("id")?;
            if known.contains_key(&id) {
                continue;
            }
            let report: Report = row.json("said")?;
            waiting.push(report.clone());
            known.insert(id, Known { of: Some(row.get("earthquake")?), report });
            if MOST_TOGETHER < known.len() {
                let detail =
                    format!("more than {MOST_TOGETHER} reports hang together within minutes of it");
                return Err(Error::conflict("too-many-reports", detail));
            }
        }
    }
    Ok(known.into_iter().collect())
}

fn with_agencies(db: &mut dyn Read, rows: &[Row]) -> Result<Vec<Earthquake>> {
    let mut found = rows.iter().map(from_row).collect::<Result<Vec<_>, DbError>>()?;
    if found.is_empty() {
        return Ok(found);
    }
    let ids: Vec<Value> = found.iter().map(|it| Value::from(it.id)).collect();
    let places: Vec<String> = (1..=ids.len()).map(|place| format!("${place}")).collect();
    let sql = format!(
        "select earthquake, agency from earthquake_report where earthquake in ({}) \
         group by earthquake, agency order by earthquake, agency",
        places.join(", ")
    );
    let mut agencies: BTreeMap<EarthquakeId, Vec<String>> = BTreeMap::new();
    for row in db.rows(&sql, &ids)? {
        let agency: String = row.get("agency")?;
        let agency = if agency.is_empty() { TYPED.to_owned() } else { agency };
        agencies.entry(row.get("earthquake")?).or_default().push(agency);
    }
    for it in &mut found {
        it.agencies = agencies.remove(&it.id).unwrap_or_default();
    }
    Ok(found)
}

fn from_row(row: &Row) -> Result<Earthquake, DbError> {
    let state: String = row.get("state")?;
    Ok(Earthquake {
        id: row.get("id")?,
        state: match state.as_str() {
            "withdrawn" => State::Withdrawn,
            "merged" => State::Merged,
            _ => State::Reported,
        },
        merged_into: row.get("merged_into")?,
        region: row.parse_opt("region")?,
        shown: row.json("shown")?,
        believed: row.get("believed")?,
        reports: row.get("reports")?,
        agencies: Vec::new(),
        revision: row.get("revision")?,
        reported_at: row.get("reported_at")?,
        changed_at: row.get("changed_at")?,
    })
}
