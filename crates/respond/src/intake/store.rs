//! The rows of calls: working state, read within what the caller may see.

use base::{Duration, Id, Point, Timestamp};
use host::{Caller, Class, Error, Read, Result, Row, Scope, Tx, Value, params};
use schemars::JsonSchema;
use serde::Deserialize;

use super::model::{Form, Intake, IntakeId};
use super::{READ, WRITE};
use crate::person::Person;

/// How long a row is kept after its last change; after that only as long as its
/// incident is open. Ours, not from a text of law: long enough to call back.
pub(super) const KEPT: Duration = Duration::from_hours(30 * 24);
/// Open drafts that one person may have.
const MOST_DRAFTS: i64 = 200;

const COLUMNS: &str = "t.id, t.owner, t.owner_name, t.caller, t.phone, t.place, t.region, t.lon, \
    t.lat, t.hazard, t.what, t.dead, t.injured, t.trapped, t.started_at, t.saved_at, t.revision, \
    t.incident";

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

pub(super) fn load(db: &mut dyn Read, desk: &Desk, id: IntakeId) -> Result<Intake> {
    find(db, desk, id)?.ok_or(Error::not_found("intake"))
}

pub(super) fn find(db: &mut dyn Read, desk: &Desk, id: IntakeId) -> Result<Option<Intake>> {
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
) -> Result<Vec<Intake>> {
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

/// Keeps what has been typed so far; the first time makes the row.
///
/// `based_on` is the revision that the typing started from, if the browser says so.
pub(super) fn save(
    tx: &mut Tx<'_>,
    caller: &Caller,
    id: IntakeId,
    form: Form,
    based_on: Option<i64>,
) -> Result<Intake> {
    let desk = Desk::of(caller)?;
    let now = tx.now();
    match find(tx, &desk, id)? {
        None => insert(tx, caller, id, &form, now)?,
        Some(before) => {
            if before.incident.is_some() {
                return Err(Error::conflict("intake-opened", "the call is an incident already"));
            }
            if based_on.is_some_and(|revision| revision != before.revision) {
                return Err(Error::conflict(
                    "stale-revision",
                    format!(
                        "the call is at revision {}: it was changed elsewhere",
                        before.revision
                    ),
                ));
            }
            if before.form == form {
                return Ok(before);
            }
            update(tx, id, &form, now)?;
        }
    }
    // Looked up as its writer: a region typed just now may lie outside the reach.
    let row = tx.row(&format!("select {COLUMNS} from intake t where t.id = $1"), params![id])?;
    from_row(&row.ok_or(Error::not_found("intake"))?)
}

fn insert(
    tx: &mut Tx<'_>,
    caller: &Caller,
    id: IntakeId,
    form: &Form,
    now: Timestamp,
) -> Result<()> {
    if tx.row("select id from intake where id = $1", params![id])?.is_some() {
        // Somebody else's, out of sight.
        return Err(Error::not_found("intake"));
    }
    let drafts = tx.row(
        "select count(*) as drafts from intake where owner = $1 and incident is null",
        params![caller.person],
    )?;
    let drafts: i64 = drafts.map_or(Ok(0), |row| row.get("drafts"))?;
    if MOST_DRAFTS <= drafts {
        return Err(Error::conflict(
            "too-many-drafts",
            format!("{drafts} calls are not finished; open or delete some first"),
        ));
    }
    tx.work().run(
        "insert into intake (id, owner, owner_name, caller, phone, place, region, class, lon, lat, \
         hazard, what, dead, injured, trapped, started_at, saved_at, revision, forget_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $17, $8, $9, $10, $11, $12, $13, $14, $15, $15, 1, \
         $16)",
        params![
            id,
            caller.person,
            &caller.name,
            &form.caller,
            &form.phone,
            &form.place,
            form.region.clone(),
            form.point.map(|point| point.lon()),
            form.point.map(|point| point.lat()),
            form.hazard.map(|hazard| serde_json::json!(hazard).to_string()),
            &form.what,
            form.dead,
            form.injured,
            form.trapped,
            now,
            now + KEPT,
            Class::Internal,
        ],
    )?;
    Ok(())
}

fn update(tx: &mut Tx<'_>, id: IntakeId, form: &Form, now: Timestamp) -> Result<()> {
    tx.work().run(
        "update intake set caller = $2, phone = $3, place = $4, region = $5, lon = $6, lat = $7, \
         hazard = $8, what = $9, dead = $10, injured = $11, trapped = $12, saved_at = $13, \
         revision = revision + 1, forget_at = $14 where id = $1",
        params![
            id,
            &form.caller,
            &form.phone,
            &form.place,
            form.region.clone(),
            form.point.map(|point| point.lon()),
            form.point.map(|point| point.lat()),
            form.hazard.map(|hazard| serde_json::json!(hazard).to_string()),
            &form.what,
            form.dead,
            form.injured,
            form.trapped,
            now,
            now + KEPT,
        ],
    )?;
    Ok(())
}

pub(super) fn mark_opened(tx: &mut Tx<'_>, id: IntakeId, incident: Id) -> Result<()> {
    let forget_at = tx.now() + KEPT;
    tx.work().run(
        "update intake set incident = $2, forget_at = $3 where id = $1",
        params![id, incident, forget_at],
    )?;
    Ok(())
}

pub(super) fn delete(tx: &mut Tx<'_>, id: IntakeId) -> Result<()> {
    tx.work().run("delete from intake where id = $1", params![id])?;
    Ok(())
}

fn from_row(row: &Row) -> Result<Intake> {
    let point = (row.get::<Option<f64>>("lon")?, row.get::<Option<f64>>("lat")?);
    let count = |column| -> Result<Option<u32>> {
        Ok(row.get::<Option<i64>>(column)?.and_then(|count| u32::try_from(count).ok()))
    };
    Ok(Intake {
        id: row.get("id")?,
        revision: row.get("revision")?,
        owner: Person { person: row.get("owner")?, name: row.get("owner_name")? },
        started_at: row.get("started_at")?,
        saved_at: row.get("saved_at")?,
        incident: row.get("incident")?,
        form: Form {
            caller: row.get("caller")?,
            phone: row.get("phone")?,
            place: row.get("place")?,
            region: row.parse_opt("region")?,
            point: if let (Some(lon), Some(lat)) = point {
                Point::new(lon, lat).ok()
            } else {
                None
            },
            hazard: row.json_opt("hazard")?,
            what: row.get("what")?,
            dead: count("dead")?,
            injured: count("injured")?,
            trapped: count("trapped")?,
        },
    })
}
