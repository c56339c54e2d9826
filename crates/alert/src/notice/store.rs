//! Loads and lists notices, within a scope.

use std::collections::HashMap;

use base::place::Tier;
use base::{AdminCode, Id, Timestamp};
use host::job::{owned, waiting};
use host::web::Paged;
use host::{Due, Error, Read, Result, Row, Scope, Value, params};

use super::limit::Step;
use super::model::{Above, Check, Division, Escalation, Side, Standing, Verdict, Verification};
use super::{Notice, NoticeId, State};
use crate::column;
use crate::number::{Number, day_of};

/// The most divisions one above another: a register that goes round does not hold us.
const TIERS: usize = 8;

const COLUMNS: &str = "notice.id, notice.region, notice.org, notice.correlation, notice.state, \
     notice.number, notice.finding, notice.station, notice.station_name, \
     notice.hazard, notice.level, notice.title, notice.content, notice.signer, \
     notice.sent_at, notice.due_at, notice.acknowledged, notice.verify_by, notice.next_at, \
     notice.closed_at";

/// Those that wait for a desk. What was taken and answered in one step, as it was before
/// there were two, waits for nobody.
const OPEN: &str = "(notice.state in ('sent', 'overdue', 'unverified') \
     or (notice.state = 'acknowledged' and notice.verify_by is not null))";

/// Which notices are wanted.
#[derive(Debug, Clone, Default)]
pub(crate) struct Wanted {
    pub states: Vec<State>,
    pub standing: Option<Standing>,
    /// This region and those that report to it.
    pub region: Option<AdminCode>,
}

/// One notice.
///
/// # Errors
/// [`Error::NotFound`] when there is none inside the scope.
pub fn load(db: &mut dyn Read, scope: &Scope, id: NoticeId) -> Result<Notice> {
    let mut params = vec![id.into()];
    let inside = scope.filter_reaching("notice", "notice_reach", &mut params);
    let sql = format!("select {COLUMNS} from notice where notice.id = $1 and {inside}");
    let row = db.row(&sql, &params)?.ok_or(Error::not_found("notice"))?;
    let mut notices = with_lines(db, vec![from_row(&row)?])?;
    notices.pop().ok_or(Error::not_found("notice"))
}

/// Notices that wait for a desk, the most urgent first; at most `limit`.
pub fn open(db: &mut dyn Read, scope: &Scope, limit: i64) -> Result<Vec<Notice>> {
    let mut params = vec![limit.into()];
    let inside = scope.filter_reaching("notice", "notice_reach", &mut params);
    let sql = format!(
        "select {COLUMNS} from notice \
         where {OPEN} and {inside} \
         order by coalesce(notice.verify_by, notice.due_at), notice.id \
         limit $1"
    );
    let notices = db.rows(&sql, &params)?.iter().map(from_row).collect::<Result<_>>()?;
    with_lines(db, notices)
}

/// Newest first; one row more than the page holds.
pub(crate) fn list(
    db: &mut dyn Read,
    scope: &Scope,
    wanted: &Wanted,
    page: &Paged,
) -> Result<Vec<Notice>> {
    let mut params = vec![(page.limit + 1).into()];
    let mut conditions = vec![scope.filter_reaching("notice", "notice_reach", &mut params)];
    if let Some(region) = &wanted.region {
        conditions.push(Scope::all_in(region.clone()).filter("notice", &mut params));
    }
    if !wanted.states.is_empty() {
        let states = column::any_of(wanted.states.iter().map(|s| s.code()), &mut params);
        conditions.push(format!("notice.state in ({states})"));
    }
    match wanted.standing {
        None => {}
        Some(Standing::Open) => conditions.push(OPEN.to_owned()),
        Some(Standing::Ended) => conditions.push(format!("not {OPEN}")),
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
    let notices = db.rows(&sql, &params)?.iter().map(from_row).collect::<Result<_>>()?;
    with_lines(db, notices)
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

/// The notices of a finding that this node acts for: one, or none.
pub(crate) fn of_finding(db: &mut dyn Read, finding: Id) -> Result<Vec<NoticeId>> {
    let sql = format!(
        "select notice.id from notice where notice.finding = $1 and {} order by notice.id",
        owned("notice")
    );
    let rows = db.rows(&sql, params![finding])?;
    rows.iter().map(|row| Ok(row.get("id")?)).collect()
}

/// The division whose duty desk a notice at home in `region` stands on: that itself, or the
/// county of a town or a village.
pub(crate) fn desk(db: &mut dyn Read, region: &AdminCode) -> Result<Division> {
    let mut code = region.clone();
    for _ in 0..TIERS {
        let Some(found) = atlas::region::find(db, &code)? else { break };
        match found.parent {
            Some(parent) if found.tier < Tier::County => code = parent,
            _ => return Ok(Division { code: found.code, name: found.name }),
        }
    }
    Ok(Division { code: region.clone(), name: region.to_string() })
}

/// The division that `from` reports to, by the register. `own` is the node's: it serves
/// that one and all that report to it; without one, all.
pub(crate) fn above(
    db: &mut dyn Read,
    from: &AdminCode,
    own: Option<&AdminCode>,
) -> Result<Option<Above>> {
    let Some(parent) = atlas::region::find(db, from)?.and_then(|region| region.parent) else {
        return Ok(None);
    };
    let Some(found) = atlas::region::find(db, &parent)? else { return Ok(None) };
    let is_here = match own {
        None => true,
        Some(own) => {
            let sql = "select 1 as served from region_within where ancestor = $1 and region = $2";
            db.row(sql, params![own, &found.code])?.is_some()
        }
    };
    let division = Division { code: found.code, name: found.name };
    Ok(Some(Above { division, is_here, has_above: found.parent.is_some() }))
}

/// The notice whose minutes run out first.
pub(crate) fn next_due(db: &mut dyn Read, job: &str) -> Result<Option<Due>> {
    let sql = format!(
        "select next_at as at, id from notice where next_at is not null and {} \
         order by next_at, id limit 1",
        waiting(job, "notice")
    );
    Due::first(db, &sql)
}

/// Fills in what was said of some notices, and how far up they went: by two questions.
fn with_lines(db: &mut dyn Read, mut notices: Vec<Notice>) -> Result<Vec<Notice>> {
    if notices.is_empty() {
        return Ok(notices);
    }
    let ids: Vec<Value> = notices.iter().map(|notice| notice.id.into()).collect();
    let places: Vec<String> = (1..=ids.len()).map(|place| format!("${place}")).collect();
    let places = places.join(", ");
    let mut checks: HashMap<NoticeId, Vec<Check>> = HashMap::new();
    let sql = format!(
        "select notice, at, side, verdict, words, person, by_name from notice_check \
         where notice in ({places}) order by notice, at, entry"
    );
    for row in db.rows(&sql, &ids)? {
        let check = Check {
            at: row.get("at")?,
            side: code(&row, "side", Side::from_code)?,
            verdict: code(&row, "verdict", Verdict::from_code)?,
            words: row.get("words")?,
            person: row.get("person")?,
            by: row.get("by_name")?,
        };
        checks.entry(row.get("notice")?).or_default().push(check);
    }
    let mut escalations: HashMap<NoticeId, Vec<Escalation>> = HashMap::new();
    let sql = format!(
        "select notice, at, from_region, from_name, to_region, to_name, why, told \
         from notice_escalation where notice in ({places}) order by notice, at, entry"
    );
    for row in db.rows(&sql, &ids)? {
        let escalation = Escalation {
            at: row.get("at")?,
            from: row.parse("from_region")?,
            from_name: row.get("from_name")?,
            to: row.parse_opt("to_region")?,
            to_name: row.get("to_name")?,
            why: code(&row, "why", Step::from_code)?,
            told: row.get("told")?,
        };
        escalations.entry(row.get("notice")?).or_default().push(escalation);
    }
    for notice in &mut notices {
        notice.checks = checks.remove(&notice.id).unwrap_or_default();
        notice.escalations = escalations.remove(&notice.id).unwrap_or_default();
        notice.verified = verified(&notice.checks, notice.verify_by);
    }
    Ok(notices)
}

/// The desk's last final word; the first one says whether it was in time.
fn verified(checks: &[Check], verify_by: Option<Timestamp>) -> Option<Verification> {
    let mut finals =
        checks.iter().filter(|check| check.side == Side::Desk && check.verdict.is_final());
    let first = finals.next()?;
    let last = finals.next_back().unwrap_or(first);
    let in_time = verify_by.is_none_or(|limit| first.at < limit);
    Some(Verification { verdict: last.verdict, by: last.by.clone(), at: last.at, in_time })
}

fn code<T>(row: &Row, column: &'static str, parse: fn(&str) -> Option<T>) -> Result<T> {
    let text: String = row.get(column)?;
    parse(&text).ok_or_else(|| Error::Internal(format!("a notice's {column} is {text:?}")))
}

fn from_row(row: &Row) -> Result<Notice> {
    let state: String = row.get("state")?;
    Ok(Notice {
        id: row.get("id")?,
        region: row.parse("region")?,
        org: row.get("org")?,
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
        verify_by: row.get("verify_by")?,
        next_at: row.get("next_at")?,
        verified: None,
        closed_at: row.get("closed_at")?,
        checks: Vec::new(),
        escalations: Vec::new(),
    })
}
