//! Loads and lists notices, within a scope.

use base::{AdminCode, Id, Timestamp};
use host::job::waiting;
use host::web::Paged;
use host::{Due, Error, Read, Result, Row, Scope, params};

use super::{Notice, NoticeId, State};
use crate::column;
use crate::number::{Number, day_of};

const COLUMNS: &str = "notice.id, notice.region, notice.correlation, notice.state, \
     notice.number, notice.finding, notice.station, notice.station_name, \
     notice.hazard, notice.level, notice.title, notice.content, notice.signer, \
     notice.sent_at, notice.due_at, notice.acknowledged";

/// Which notices are wanted.
#[derive(Debug, Clone, Default)]
pub(crate) struct Wanted {
    pub states: Vec<State>,
    /// This region and those that report to it.
    pub region: Option<AdminCode>,
}

/// One notice.
///
/// # Errors
/// [`Error::NotFound`] when there is none inside the scope.
pub fn load(db: &mut dyn Read, scope: &Scope, id: NoticeId) -> Result<Notice> {
    let mut params = vec![id.into()];
    let inside = scope.filter("notice", &mut params);
    let sql = format!("select {COLUMNS} from notice where notice.id = $1 and {inside}");
    let row = db.row(&sql, &params)?.ok_or(Error::not_found("notice"))?;
    from_row(&row)
}

/// Notices that nobody has acknowledged, the most urgent first; at most `limit`.
pub fn open(db: &mut dyn Read, scope: &Scope, limit: i64) -> Result<Vec<Notice>> {
    let mut params = vec![limit.into()];
    let inside = scope.filter("notice", &mut params);
    let sql = format!(
        "select {COLUMNS} from notice \
         where notice.state in ('sent', 'overdue') and {inside} \
         order by notice.due_at, notice.id \
         limit $1"
    );
    db.rows(&sql, &params)?.iter().map(from_row).collect()
}

/// Newest first; one row more than the page holds.
pub(crate) fn list(
    db: &mut dyn Read,
    scope: &Scope,
    wanted: &Wanted,
    page: &Paged,
) -> Result<Vec<Notice>> {
    let mut params = vec![(page.limit + 1).into()];
    let mut conditions = vec![scope.filter("notice", &mut params)];
    if let Some(region) = &wanted.region {
        conditions.push(Scope::all_in(region.clone()).filter("notice", &mut params));
    }
    if !wanted.states.is_empty() {
        let states = column::any_of(wanted.states.iter().map(|s| s.code()), &mut params);
        conditions.push(format!("notice.state in ({states})"));
    }
    if let Some((sent_at, id)) = page.position.clone() {
        params.extend([sent_at.into(), id.into()]);
        let (time, id) = (params.len() - 1, params.len());
        conditions.push(format!(
            "(notice.sent_at < ${time} or (notice.sent_at = ${time} and notice.id < ${id}))"
        ));
    }
    let sql = format!(
        "select {COLUMNS} from notice where {} \
         order by notice.sent_at desc, notice.id desc limit $1",
        conditions.join(" and ")
    );
    db.rows(&sql, &params)?.iter().map(from_row).collect()
}

/// Whether a notice of this finding has gone out.
pub(crate) fn was_sent(db: &mut dyn Read, finding: Id) -> Result<bool> {
    let sql = "select count(*) as sent from notice where finding = $1";
    let row = db.row(sql, params![finding])?;
    let sent: i64 = row.map_or(Ok(0), |row| row.get("sent"))?;
    Ok(0 < sent)
}

/// The next number of `region` on the day of `now`, counted by the node `origin`.
pub(crate) fn next_number(
    db: &mut dyn Read,
    origin: &str,
    region: &AdminCode,
    now: Timestamp,
) -> Result<Number> {
    let row = db.row(
        "select last from notice_number where origin = $1 and region = $2 and day = $3",
        params![origin, region, day_of(now)],
    )?;
    let last = row.map_or(Ok(0), |row| row.get("last"))?;
    Ok(Number::after(last, 'T', region, now))
}

/// The notice that still waits and whose deadline comes first.
pub(crate) fn next_due(db: &mut dyn Read, job: &str) -> Result<Option<Due>> {
    let sql = format!(
        "select due_at as at, id from notice where state = 'sent' and {} \
         order by due_at, id limit 1",
        waiting(job, "notice")
    );
    Due::first(db, &sql)
}

fn from_row(row: &Row) -> Result<Notice> {
    let state: String = row.get("state")?;
    Ok(Notice {
        id: row.get("id")?,
        region: row.parse("region")?,
        correlation: row.get("correlation")?,
        state: State::from_code(&state)
            .ok_or_else(|| Error::Internal(format!("notice.state is {state:?}")))?,
        number: row.get("number")?,
        finding: row.get("finding")?,
        station: row.get("station")?,
        station_name: row.get("station_name")?,
        hazard: column::hazard(row)?,
        level: column::level(row)?,
        title: row.get("title")?,
        text: row.get("content")?,
        signer: row.get("signer")?,
        sent_at: row.get("sent_at")?,
        due_at: row.get("due_at")?,
        acknowledged: row.json_opt("acknowledged")?,
    })
}
