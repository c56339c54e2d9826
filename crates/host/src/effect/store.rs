//! Errands as rows: where each stands, and who may see it.

use base::{AdminCode, Id, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::Attempt;
use crate::db::{Read, Row, Value};
use crate::error::{Error, Result};
use crate::home::{Class, Home};
use crate::params;
use crate::scope::Scope;
use crate::tx::Tx;

/// How long an errand that has come to its end is remembered, and its key with it.
const DAYS_KEPT: i64 = 90;

/// Where an errand stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It is to go out, now or after a pause.
    Queued,
    /// It is going out.
    Attempted,
    Done,
    /// Whether it went out is not known: a person decides.
    Uncertain,
    /// It did not go out, and is not tried any more until a person decides.
    Parked,
    /// A person gave it up.
    GivenUp,
    /// Its world has no way out.
    Suppressed,
}

impl State {
    pub fn as_str(self) -> &'static str {
        match self {
            State::Queued => "queued",
            State::Attempted => "attempted",
            State::Done => "done",
            State::Uncertain => "uncertain",
            State::Parked => "parked",
            State::GivenUp => "given_up",
            State::Suppressed => "suppressed",
        }
    }

    fn parse(text: &str) -> Option<State> {
        let all = [
            State::Queued,
            State::Attempted,
            State::Done,
            State::Uncertain,
            State::Parked,
            State::GivenUp,
            State::Suppressed,
        ];
        all.into_iter().find(|state| state.as_str() == text)
    }

    /// Whether it waits for a person.
    pub fn waits_for_a_person(self) -> bool {
        matches!(self, State::Uncertain | State::Parked)
    }
}

/// Something to be done outside, and how far it is.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Errand {
    pub id: Id,
    pub effect: String,
    pub subject: Id,
    pub region: Option<AdminCode>,
    pub org: Option<Id>,
    pub class: Class,
    pub title: String,
    pub state: State,
    /// How often it was attempted.
    pub attempts: i64,
    /// How often it failed in a row.
    pub failures: i64,
    /// When it is attempted next, while it is queued.
    pub due_at: Timestamp,
    /// From when on it must not go out.
    pub until: Option<Timestamp>,
    pub made_at: Timestamp,
    /// When it came to stand where it stands.
    pub changed_at: Timestamp,
    /// What outside said, or why it failed.
    pub said: Option<String>,
    pub correlation: Option<Id>,
    #[serde(skip)]
    #[schemars(skip)]
    pub cause: Option<Id>,
    #[serde(skip)]
    #[schemars(skip)]
    pub key: String,
    #[serde(skip)]
    #[schemars(skip)]
    pub payload: Json,
}

const COLUMNS: &str = "id, effect, key, subject, region, org, class, title, payload, cause, \
    correlation, state, attempts, failures, due_at, until_at, made_at, changed_at, said";

impl Errand {
    fn read(row: &Row) -> Result<Errand> {
        let state: String = row.get("state")?;
        let state = State::parse(&state)
            .ok_or_else(|| Error::Internal(format!("an errand is {state:?}, which is no state")))?;
        Ok(Errand {
            id: row.get("id")?,
            effect: row.get("effect")?,
            subject: row.get("subject")?,
            region: row.parse_opt("region")?,
            org: row.get("org")?,
            class: row.parse("class")?,
            title: row.get("title")?,
            state,
            attempts: row.get("attempts")?,
            failures: row.get("failures")?,
            due_at: row.get("due_at")?,
            until: row.get("until_at")?,
            made_at: row.get("made_at")?,
            changed_at: row.get("changed_at")?,
            said: row.get("said")?,
            correlation: row.get("correlation")?,
            cause: row.get("cause")?,
            key: row.get("key")?,
            payload: row.json("payload")?,
        })
    }

    pub(super) fn home(&self) -> Home {
        let (region, org) = (self.region.clone(), self.org);
        Home { region, org, class: self.class, reach: Vec::new() }
    }

    /// What the commands about it name as their cause.
    pub(super) fn thread(&self) -> Option<(Id, Id)> {
        self.cause.zip(self.correlation)
    }

    /// Its attempt under way.
    pub(super) fn attempt(&self, origin: &str, answer_within: std::time::Duration) -> Attempt {
        Attempt {
            key: format!("{origin}/{}/{}", self.effect, self.key),
            errand: self.id,
            subject: self.subject,
            payload: self.payload.clone(),
            number: self.attempts,
            answer_within,
            until: self.until,
        }
    }
}

pub(super) struct New<'a> {
    pub id: Id,
    pub effect: &'a str,
    pub key: &'a str,
    pub subject: Id,
    pub home: &'a Home,
    pub title: &'a str,
    pub payload: &'a str,
    pub cause: Option<(Id, Id)>,
    pub until: Option<Timestamp>,
}

/// Writes a new errand; answers the id under its key, old or new.
pub(super) fn insert(tx: &mut Tx<'_>, new: &New<'_>) -> Result<Id> {
    let sql = "select id from errand where effect = $1 and key = $2";
    if let Some(row) = tx.row(sql, params![new.effect, new.key])? {
        return Ok(row.get("id")?);
    }
    let now = tx.now();
    let old = now - base::Duration::from_hours(24 * DAYS_KEPT);
    tx.work().send(
        "delete from errand where state in ('done', 'given_up', 'suppressed') and changed_at < $1",
        params![old],
    )?;
    tx.work().send(
        "insert into errand (id, effect, key, subject, region, org, class, title, payload, cause, \
         correlation, state, attempts, failures, due_at, until_at, made_at, changed_at, said) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'queued', 0, 0, $12, $13, $12, $12, \
         null)",
        params![
            new.id,
            new.effect,
            new.key,
            new.subject,
            new.home.region.clone(),
            new.home.org,
            new.home.class,
            new.title,
            new.payload,
            new.cause.map(|(cause, _)| cause),
            new.cause.map(|(_, correlation)| correlation),
            now,
            new.until,
        ],
    )?;
    Ok(new.id)
}

/// An errand by its id.
pub(super) fn find(db: &mut dyn Read, id: Id) -> Result<Option<Errand>> {
    let row = db.row(&format!("select {COLUMNS} from errand where id = $1"), params![id])?;
    row.as_ref().map(Errand::read).transpose()
}

/// An errand within a scope.
///
/// # Errors
/// [`Error::NotFound`].
pub(super) fn load(db: &mut dyn Read, scope: &Scope, id: Id) -> Result<Errand> {
    let mut params = vec![Value::from(id)];
    let inside = scope.filter("errand", &mut params);
    let sql = format!("select {COLUMNS} from errand where id = $1 and {inside}");
    let row = db.row(&sql, &params)?.ok_or(Error::not_found("errand"))?;
    Errand::read(&row)
}

/// Errands of an effect in one state, those that are due first.
pub(super) fn of_effect(
    db: &mut dyn Read,
    effect: &str,
    state: State,
    limit: usize,
) -> Result<Vec<Errand>> {
    let rows = db.rows(
        &format!(
            "select {COLUMNS} from errand where effect = $1 and state = $2 \
             order by due_at, id limit $3"
        ),
        params![effect, state.as_str(), i64::try_from(limit).unwrap_or(i64::MAX)],
    )?;
    rows.iter().map(Errand::read).collect()
}

/// Errands that were set aside, or have waited since the node ended last, are looked at.
pub(super) fn awaken(tx: &mut Tx<'_>, effect: &str) -> Result<()> {
    tx.work().run(
        "update errand set due_at = made_at where effect = $1 and state = 'queued' \
         and failures = 0",
        params![effect],
    )?;
    Ok(())
}

/// Sets a queued errand aside until then.
pub(super) fn set_aside(tx: &mut Tx<'_>, id: Id, until: Timestamp) -> Result<()> {
    tx.work().send(
        "update errand set due_at = $2 where id = $1 and state = 'queued'",
        params![id, until],
    )?;
    Ok(())
}

/// What waits about a subject is due at once.
pub(super) fn hasten(tx: &mut Tx<'_>, effect: &str, subject: Id) -> Result<()> {
    let now = tx.now();
    tx.work().send(
        "update errand set due_at = $3 where effect = $1 and subject = $2 and state = 'queued' \
         and due_at > $3",
        params![effect, subject, now],
    )?;
    Ok(())
}

/// Gives up an errand that has not been attempted; whether there was one.
pub(super) fn withdraw(tx: &mut Tx<'_>, effect: &str, key: &str) -> Result<bool> {
    let row = tx.row(
        "select id from errand where effect = $1 and key = $2 and state = 'queued'",
        params![effect, key],
    )?;
    let Some(row) = row else { return Ok(false) };
    let (id, now): (Id, Timestamp) = (row.get("id")?, tx.now());
    tx.work().send(
        "update errand set state = 'given_up', changed_at = $2 where id = $1",
        params![id, now],
    )?;
    Ok(true)
}

/// An uncertain errand is done.
pub(super) fn went_out(tx: &mut Tx<'_>, effect: &str, key: &str, said: &str) -> Result<()> {
    let now = tx.now();
    tx.work().send(
        "update errand set state = 'done', said = $3, changed_at = $4 \
         where effect = $1 and key = $2 and state = 'uncertain'",
        params![effect, key, said, now],
    )?;
    Ok(())
}

/// Whether an errand of this effect about this subject has not come to its end: it is
/// still to go out, or waits for a person because it did not, or nobody knows whether.
pub(crate) fn is_open(db: &mut dyn Read, effect: &str, subject: Id) -> Result<bool> {
    let row = db.row(
        "select 1 as open from errand where effect = $1 and subject = $2 \
         and state in ('queued', 'attempted', 'uncertain', 'parked') limit 1",
        params![effect, subject],
    )?;
    Ok(row.is_some())
}

/// Errands of an effect about a subject that have not come to their end, the oldest first;
/// 200 at most.
pub(crate) fn open_errands(db: &mut dyn Read, effect: &str, subject: Id) -> Result<Vec<Errand>> {
    let rows = db.rows(
        &format!(
            "select {COLUMNS} from errand where effect = $1 and subject = $2 \
             and state in ('queued', 'attempted', 'uncertain', 'parked') \
             order by made_at, id limit 200"
        ),
        params![effect, subject],
    )?;
    rows.iter().map(Errand::read).collect()
}

/// The errand of an effect about a subject that went out last.
pub(crate) fn newest_done(db: &mut dyn Read, effect: &str, subject: Id) -> Result<Option<Errand>> {
    let row = db.row(
        &format!(
            "select {COLUMNS} from errand where effect = $1 and subject = $2 and state = 'done' \
             order by changed_at desc, id desc limit 1"
        ),
        params![effect, subject],
    )?;
    row.as_ref().map(Errand::read).transpose()
}

/// Where an errand goes next.
pub(super) struct Move<'a> {
    pub state: State,
    pub attempts: i64,
    pub failures: i64,
    pub due_at: Timestamp,
    pub said: Option<&'a str>,
}

pub(super) fn update(tx: &mut Tx<'_>, id: Id, to: &Move<'_>) -> Result<()> {
    let now = tx.now();
    tx.work().send(
        "update errand set state = $2, attempts = $3, failures = $4, due_at = $5, said = $6, \
         changed_at = $7 where id = $1",
        params![
            id,
            to.state.as_str(),
            to.attempts,
            to.failures,
            to.due_at,
            to.said.map(str::to_owned),
            now
        ],
    )?;
    Ok(())
}

/// Errands within a scope, the latest change first, after `position`; `limit + 1` at most.
pub(super) fn list(
    db: &mut dyn Read,
    scope: &Scope,
    state: Option<State>,
    position: Option<(i64, String)>,
    limit: i64,
) -> Result<Vec<Errand>> {
    let (at, id) = position.unwrap_or((i64::MAX, String::new()));
    let mut params = vec![Value::from(at), Value::from(id), Value::from(limit + 1)];
    let inside = scope.filter("errand", &mut params);
    let of_state = match state {
        Some(state) => {
            params.push(state.as_str().into());
            format!("state = ${}", params.len())
        }
        None => "1 = 1".to_owned(),
    };
    let rows = db.rows(
        &format!(
            "select {COLUMNS} from errand where (changed_at < $1 or (changed_at = $1 and id < $2)) \
             and {of_state} and {inside} order by changed_at desc, id desc limit $3"
        ),
        &params,
    )?;
    rows.iter().map(Errand::read).collect()
}

/// How many errands wait, and for what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Counts {
    /// For their turn, or for the next attempt.
    pub queued: i64,
    /// For a person, since nobody knows whether they went out.
    pub uncertain: i64,
    /// For a person, since they did not go out.
    pub parked: i64,
}

/// # Errors
/// [`Error::Db`] when the database does not answer.
pub fn counts(db: &mut dyn Read) -> Result<Counts> {
    let rows = db.rows(
        "select state, count(*) as n from errand \
         where state in ('queued', 'attempted', 'uncertain', 'parked') group by state order by state",
        &[],
    )?;
    let mut counts = Counts::default();
    for row in rows {
        let n: i64 = row.get("n")?;
        match row.get::<String>("state")?.as_str() {
            "uncertain" => counts.uncertain = n,
            "parked" => counts.parked = n,
            _ => counts.queued += n,
        }
    }
    Ok(counts)
}
