//! The rows of calls: working state, read within what the caller may see.

use base::{Duration, Id, Point};
use host::sealed::{self, Keys};
use host::{Caller, Class, Error, Home, Read, Result, Row, Scope, Sealed, Tx, Value, params};
use schemars::JsonSchema;
use serde::Deserialize;

use super::model::{Call, IntakeId, Known, Words};
use super::{READ, WRITE};
use crate::person::Person;

/// How long a row is kept after its last change; after that only as long as its
/// incident is open. Ours, not from a text of law: long enough to call back.
pub(super) const KEPT: Duration = Duration::from_hours(30 * 24);
/// Open drafts that one person may have.
const MOST_DRAFTS: i64 = 200;

const COLUMNS: &str = "t.id, t.owner, t.owner_name, t.words, t.region, t.lon, t.lat, t.hazard, \
    t.dead, t.injured, t.trapped, t.started_at, t.saved_at, t.revision, t.incident";

/// Whose calls somebody sees: their own, and those within the reach of `intake.read`.
#[derive(Debug, Clone)]
pub struct Desk {
    person: Id,
    own: bool,
    reach: Option<Scope>,
}

impl Desk {
    /// # Errors
    /// [`Error::Forbidden`] for one who neither takes calls down nor reads them.
    pub fn of(caller: &Caller) -> Result<Desk> {
        let own = caller.may(WRITE);
        let reach = caller.scope(READ);
        if !own && reach.is_err() {
            return Err(Error::Forbidden { permission: READ.code });
        }
        Ok(Desk { person: caller.person, own, reach: reach.ok() })
    }

    fn filter(&self, params: &mut Vec<Value>) -> String {
        let mut sights = Vec::new();
        if self.own {
            params.push(self.person.into());
            sights.push(format!("t.owner = ${}", params.len()));
        }
        if let Some(reach) = &self.reach {
            sights.push(format!("(t.region is not null and {})", reach.filter("t", params)));
        }
        format!("({})", sights.join(" or "))
    }
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum IntakeState {
    /// Not yet an incident.
    #[default]
    Draft,
    Opened,
}

pub(super) fn load(db: &mut dyn Read, desk: &Desk, id: IntakeId) -> Result<Call> {
    find(db, desk, id)?.ok_or(Error::not_found("intake"))
}

pub(super) fn find(db: &mut dyn Read, desk: &Desk, id: IntakeId) -> Result<Option<Call>> {
    let mut params = vec![Value::from(id)];
    let seen = desk.filter(&mut params);
    let sql = format!("select {COLUMNS} from intake t where t.id = $1 and {seen}");
    db.row(&sql, &params)?.as_ref().map(from_row).transpose()
}

/// Calls from the last saved on, after `position` (saved at, id); `limit + 1` at most.
pub fn list(
    db: &mut dyn Read,
    desk: &Desk,
    state: IntakeState,
    position: Option<(i64, String)>,
    limit: i64,
) -> Result<Vec<Call>> {
    let (at, id) = position.unwrap_or((i64::MAX, String::new()));
    let mut params = vec![Value::from(at), Value::from(id), Value::from(limit + 1)];
    let seen = desk.filter(&mut params);
    let is_opened = match state {
        IntakeState::Draft => "t.incident is null",
        IntakeState::Opened => "t.incident is not null",
    };
    let sql = format!(
        "select {COLUMNS} from intake t where {is_opened} and {seen} \
         and (t.saved_at < $1 or (t.saved_at = $1 and t.id < $2)) \
         order by t.saved_at desc, t.id desc limit $3"
    );
    db.rows(&sql, &params)?.iter().map(from_row).collect()
}

/// What a person asks to be kept of a call.
#[derive(Clone)]
pub(super) struct Draft {
    pub id: IntakeId,
    pub writer: Caller,
    pub known: Known,
    /// The revision that the typing started from, if the browser says so.
    pub based_on: Option<i64>,
}

/// What is to be done with a draft.
pub(super) enum Change {
    /// Its first key.
    New,
    Changed,
    /// The row says the same already.
    Nothing(Box<Call>),
}

/// Whether a draft may be kept, and how; asked before its words are sealed, and again in
/// the command.
///
/// # Errors
/// [`Error::NotFound`] for a call out of sight; [`Error::Conflict`] for one that is an
/// incident, or was changed elsewhere, or whose key is gone, or that a colleague would
/// take out of their own sight; [`Error::Invalid`] for a colleague who does not say which
/// revision they have read.
pub(super) fn judge(
    db: &mut dyn Read,
    keys: &Keys,
    draft: &Draft,
    words: &Words,
) -> Result<Change> {
    let desk = Desk::of(&draft.writer)?;
    let Some(before) = find(db, &desk, draft.id)? else {
        check_new(db, draft)?;
        return Ok(Change::New);
    };
    if before.incident.is_some() {
        return Err(Error::conflict("intake-opened", "the call is an incident already"));
    }
    let is_own = before.owner.person == draft.writer.person;
    match draft.based_on {
        None if !is_own => {
            let expected = "the revision that you have read: another officer takes this call";
            return Err(Error::invalid("revision", "nothing", expected));
        }
        Some(revision) if revision != before.revision => {
            let detail =
                format!("the call is at revision {}: it was changed elsewhere", before.revision);
            return Err(Error::conflict("stale-revision", detail));
        }
        _ => {}
    }
    if keys.holds(&before.words, words)? && before.known == draft.known {
        return Ok(Change::Nothing(Box::new(before)));
    }
    if !is_own {
        let inside = match (&desk.reach, &draft.known.region) {
            (Some(reach), Some(region)) => reach.holds(db, &Home::region(region.clone()))?,
            _ => false,
        };
        if !inside {
            let detail = "another officer takes this call: its region stays one that you see";
            return Err(Error::conflict("call-out-of-reach", detail));
        }
    }
    Ok(Change::Changed)
}

fn check_new(db: &mut dyn Read, draft: &Draft) -> Result<()> {
    if db.row("select id from intake where id = $1", params![draft.id])?.is_some() {
        // Somebody else's, out of sight.
        return Err(Error::not_found("intake"));
    }
    let drafts = db.row(
        "select count(*) as drafts from intake where owner = $1 and incident is null",
        params![draft.writer.person],
    )?;
    let drafts: i64 = drafts.map_or(Ok(0), |row| row.get("drafts"))?;
    if MOST_DRAFTS <= drafts {
        return Err(Error::conflict(
            "too-many-drafts",
            format!("{drafts} calls are not finished; open or delete some first"),
        ));
    }
    Ok(())
}

/// Keeps what has been typed so far; the first time makes the row. `sealed` is `words`
/// under the key of the call.
pub(super) fn save(
    tx: &mut Tx<'_>,
    draft: &Draft,
    words: &Words,
    sealed: &Sealed<Words>,
) -> Result<Call> {
    let keys = tx.keys().clone();
    match judge(tx, &keys, draft, words)? {
        Change::Nothing(before) => return Ok(*before),
        Change::New => insert(tx, draft, sealed)?,
        Change::Changed => update(tx, draft, sealed)?,
    }
    // Looked up as its writer: a region typed just now may lie outside the reach.
    let sql = format!("select {COLUMNS} from intake t where t.id = $1");
    let row = tx.row(&sql, params![draft.id])?;
    from_row(&row.ok_or(Error::not_found("intake"))?)
}

fn insert(tx: &mut Tx<'_>, draft: &Draft, words: &Sealed<Words>) -> Result<()> {
    // Thrown away a moment ago: a late key does not bring it back under a dying key.
    if sealed::is_destroyed(tx, draft.id.into())? {
        return Err(Error::conflict("key-destroyed", "the call was deleted, and its key with it"));
    }
    let (known, now) = (&draft.known, tx.now());
    tx.work().run(
        "insert into intake (id, owner, owner_name, words, region, class, lon, lat, hazard, dead, \
         injured, trapped, started_at, saved_at, revision, forget_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13, 1, $14)",
        params![
            draft.id,
            draft.writer.person,
            &draft.writer.name,
            text_of(words),
            known.region.clone(),
            Class::Internal,
            known.point.map(|point| point.lon()),
            known.point.map(|point| point.lat()),
            known.hazard.map(|hazard| serde_json::json!(hazard).to_string()),
            known.dead,
            known.injured,
            known.trapped,
            now,
            now + KEPT,
        ],
    )?;
    Ok(())
}

fn update(tx: &mut Tx<'_>, draft: &Draft, words: &Sealed<Words>) -> Result<()> {
    let (known, now) = (&draft.known, tx.now());
    tx.work().run(
        "update intake set words = $2, region = $3, lon = $4, lat = $5, hazard = $6, dead = $7, \
         injured = $8, trapped = $9, saved_at = $10, revision = revision + 1, forget_at = $11 \
         where id = $1",
        params![
            draft.id,
            text_of(words),
            known.region.clone(),
            known.point.map(|point| point.lon()),
            known.point.map(|point| point.lat()),
            known.hazard.map(|hazard| serde_json::json!(hazard).to_string()),
            known.dead,
            known.injured,
            known.trapped,
            now,
            now + KEPT,
        ],
    )?;
    Ok(())
}

fn text_of(words: &Sealed<Words>) -> String {
    serde_json::json!(words).to_string()
}

pub(super) fn mark_opened(tx: &mut Tx<'_>, id: IntakeId, incident: Id) -> Result<()> {
    let forget_at = tx.now() + KEPT;
    tx.work().run(
        "update intake set incident = $2, forget_at = $3 where id = $1",
        params![id, incident, forget_at],
    )?;
    Ok(())
}

/// Deletes a call and destroys its key: a copy of the row may be in a backup, also of a
/// draft that became nothing.
pub(super) fn delete(tx: &mut Tx<'_>, id: IntakeId, reason: &str) -> Result<()> {
    tx.work().run("delete from intake where id = $1", params![id])?;
    sealed::destroy(tx, id.into(), reason)
}

fn from_row(row: &Row) -> Result<Call> {
    let point = (row.get::<Option<f64>>("lon")?, row.get::<Option<f64>>("lat")?);
    let count = |column| -> Result<Option<u32>> {
        Ok(row.get::<Option<i64>>(column)?.and_then(|count| u32::try_from(count).ok()))
    };
    Ok(Call {
        id: row.get("id")?,
        revision: row.get("revision")?,
        owner: Person { person: row.get("owner")?, name: row.get("owner_name")? },
        started_at: row.get("started_at")?,
        saved_at: row.get("saved_at")?,
        incident: row.get("incident")?,
        words: row.json("words")?,
        known: Known {
            region: row.parse_opt("region")?,
            point: if let (Some(lon), Some(lat)) = point {
                Point::new(lon, lat).ok()
            } else {
                None
            },
            hazard: row.json_opt("hazard")?,
            dead: count("dead")?,
            injured: count("injured")?,
            trapped: count("trapped")?,
        },
    })
}
