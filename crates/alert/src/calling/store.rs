//! Loads and lists callings and their ledgers, within a scope.

use base::{Id, Timestamp};
use host::job::{owned, waiting};
use host::web::Paged;
use host::{Due, Error, Home, Read, Result, Row, Scope, Value, params};

use trust::contact::ContactId;

use super::fact::{About, LadderRef};
use super::{Call, CallState, Calling, CallingId, State};
use crate::column;
use crate::ladder::{Channel, LadderId};

const COLUMNS: &str = "calling.id, calling.region, calling.org, calling.class, \
     calling.correlation, calling.noun, calling.about, calling.title, calling.content, \
     calling.hazard, calling.level, calling.ladder, calling.ladder_name, \
     calling.ladder_revision, calling.steps, calling.state, calling.step, calling.due_at, \
     calling.begun_at, calling.answer, calling.ended";

/// Which callings are wanted.
#[derive(Debug, Clone, Default)]
pub(super) struct Wanted {
    pub states: Vec<State>,
    /// Those about this notice or warning.
    pub about: Option<Id>,
}

/// One calling.
///
/// # Errors
/// [`Error::NotFound`] also for one outside the scope.
pub fn load(db: &mut dyn Read, scope: &Scope, id: CallingId) -> Result<Calling> {
    let mut values = vec![Value::from(id)];
    let inside = scope.filter("calling", &mut values);
    let sql = format!("select {COLUMNS} from calling where calling.id = $1 and {inside}");
    let row = db.row(&sql, &values)?.ok_or(Error::not_found("calling"))?;
    from_row(&row)
}

/// Newest first; one more than the page holds.
pub(super) fn list(
    db: &mut dyn Read,
    scope: &Scope,
    wanted: &Wanted,
    page: &Paged,
) -> Result<Vec<Calling>> {
    let mut values = vec![(page.limit + 1).into()];
    let mut conditions = vec![scope.filter("calling", &mut values)];
    if let Some(about) = wanted.about {
        values.push(about.into());
        conditions.push(format!("calling.about = ${}", values.len()));
    }
    if !wanted.states.is_empty() {
        let states = column::any_of(wanted.states.iter().map(|it| it.code()), &mut values);
        conditions.push(format!("calling.state in ({states})"));
    }
    if let Some((begun_at, id)) = page.position.clone() {
        values.extend([begun_at.into(), id.into()]);
        let (time, id) = (values.len() - 1, values.len());
        conditions.push(format!(
            "(calling.begun_at < ${time} or (calling.begun_at = ${time} and calling.id < ${id}))"
        ));
    }
    let sql = format!(
        "select {COLUMNS} from calling where {} \
         order by calling.begun_at desc, calling.id desc limit $1",
        conditions.join(" and ")
    );
    db.rows(&sql, &values)?.iter().map(from_row).collect()
}

/// Callings that want an answer of this person, by whom nothing was said yet; the newest
/// first, at most `limit`.
pub(super) fn of_person(db: &mut dyn Read, person: Id, limit: i64) -> Result<Vec<Calling>> {
    let sql = format!(
        "select {COLUMNS} from calling where calling.state in ('calling', 'exhausted') \
         and exists (select 1 from calling_call c where c.calling = calling.id \
         and c.person = $1 and c.channel = 'in_app') \
         and not exists (select 1 from calling_call c where c.calling = calling.id \
         and c.person = $1 and c.state in ('answered', 'refused')) \
         order by calling.begun_at desc, calling.id desc limit $2"
    );
    db.rows(&sql, params![person, limit])?.iter().map(from_row).collect()
}

/// The ledger of a calling that was loaded within a scope, in the order of steps.
pub(super) fn calls(db: &mut dyn Read, calling: CallingId) -> Result<Vec<Call>> {
    let sql = "select step, contact, channel, name, duty, person, state, state_at, times, why, \
               words, recorded_by from calling_call where calling = $1 \
               order by step, contact, channel";
    db.rows(sql, params![calling])?.iter().map(call_from_row).collect()
}

/// One line of a ledger.
pub(super) fn call(
    db: &mut dyn Read,
    calling: CallingId,
    (step, contact, channel): (u32, ContactId, Channel),
) -> Result<Option<Call>> {
    let sql = "select step, contact, channel, name, duty, person, state, state_at, times, why, \
               words, recorded_by from calling_call where calling = $1 and step = $2 \
               and contact = $3 and channel = $4";
    let row = db.row(sql, params![calling, step, contact, channel.code()])?;
    row.as_ref().map(call_from_row).transpose()
}

/// This node's callings about something that nobody has answered.
pub(super) fn unanswered(db: &mut dyn Read, about: Id) -> Result<Vec<Calling>> {
    let sql = format!(
        "select {COLUMNS} from calling where calling.about = $1 \
         and calling.state in ('calling', 'exhausted') and {} order by calling.id",
        owned("calling")
    );
    db.rows(&sql, params![about])?.iter().map(from_row).collect()
}

/// Whether a ladder has been climbed for something.
pub(super) fn was_begun(db: &mut dyn Read, about: Id, ladder: LadderId) -> Result<bool> {
    let sql = "select id from calling where about = $1 and ladder = $2 order by id limit 1";
    Ok(db.row(sql, params![about, ladder])?.is_some())
}

/// The calling whose next step comes first.
pub(super) fn next_due(db: &mut dyn Read, job: &str) -> Result<Option<Due>> {
    let sql = format!(
        "select due_at as at, id from calling where state = 'calling' and due_at is not null \
         and {} order by due_at, id limit 1",
        waiting(job, "calling")
    );
    Due::first(db, &sql)
}

fn from_row(row: &Row) -> Result<Calling> {
    let state: String = row.get("state")?;
    let state = State::from_code(&state)
        .ok_or_else(|| Error::Internal(format!("a calling is in the state {state:?}")))?;
    Ok(Calling {
        id: row.get("id")?,
        home: Home::from_row(row)?,
        correlation: row.get("correlation")?,
        about: About { noun: row.get("noun")?, id: row.get("about")? },
        title: row.get("title")?,
        text: row.get("content")?,
        hazard: column::hazard(row)?,
        level: column::level(row)?,
        ladder: LadderRef {
            id: row.get("ladder")?,
            name: row.get("ladder_name")?,
            revision: row.get("ladder_revision")?,
        },
        steps: row.json("steps")?,
        state,
        step: number(row, "step")?,
        due_at: row.get::<Option<Timestamp>>("due_at")?,
        begun_at: row.get("begun_at")?,
        answer: row.json_opt("answer")?,
        ended: row.json_opt("ended")?,
    })
}

fn call_from_row(row: &Row) -> Result<Call> {
    let state: String = row.get("state")?;
    let state = CallState::from_code(&state)
        .ok_or_else(|| Error::Internal(format!("a call is in the state {state:?}")))?;
    Ok(Call {
        step: number(row, "step")?,
        contact: row.get("contact")?,
        channel: row.parse("channel")?,
        name: row.get("name")?,
        duty: row.get("duty")?,
        person: row.get("person")?,
        state,
        at: row.get("state_at")?,
        times: row.get("times")?,
        why: row.get("why")?,
        words: row.get("words")?,
        by: row.get("recorded_by")?,
    })
}

fn number(row: &Row, column: &str) -> Result<u32> {
    let number: i64 = row.get(column)?;
    u32::try_from(number).map_err(|_| Error::Internal(format!("{column} is {number}")))
}
