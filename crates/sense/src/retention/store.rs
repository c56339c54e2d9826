//! Loads and lists holds, within a scope; and the sensors that they name.

use base::{Id, Timestamp};
use host::{Error, Home, Read, Result, Row, Scope, Value, params};
use schemars::JsonSchema;
use serde::Serialize;

use super::fact::{Extent, HoldId};
use crate::station::SensorId;

const COLUMNS: &str = "h.id, h.name, h.reason, h.from_at, h.to_at, h.extent, h.about, \
     h.release_at, h.placed_at, h.placed_by, h.ended_at, h.ended_by, h.ended_reason, h.region, \
     h.org, h.class";

/// A hold as the API gives it.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub(crate) struct Hold {
    pub id: HoldId,
    pub name: String,
    pub reason: String,
    pub from: Timestamp,
    /// `null` for all that comes, too.
    pub to: Option<Timestamp>,
    pub extent: Extent,
    /// What it is held for, when that is a subject of its own: an incident.
    pub about: Option<Id>,
    /// When it ends by itself.
    pub release_at: Option<Timestamp>,
    pub placed_at: Timestamp,
    pub placed_by: Option<String>,
    pub ended_at: Option<Timestamp>,
    /// `null` also when its time was over.
    pub ended_by: Option<String>,
    pub ended_reason: Option<String>,
    pub region: Option<base::AdminCode>,
    #[serde(skip)]
    pub home: Home,
}

/// One hold.
///
/// # Errors
/// [`Error::NotFound`] also for one outside the scope.
pub(super) fn load(db: &mut dyn Read, scope: &Scope, id: HoldId) -> Result<Hold> {
    let mut values = vec![Value::from(id)];
    let inside = scope.filter("h", &mut values);
    let sql = format!("select {COLUMNS} from reading_hold h where h.id = $1 and {inside}");
    from_row(&db.row(&sql, &values)?.ok_or(Error::not_found("hold"))?)
}

/// Holds from the newest on, after `position` (placed at, id); `limit + 1` at most.
pub(super) fn list(
    db: &mut dyn Read,
    scope: &Scope,
    is_active: Option<bool>,
    position: Option<(i64, String)>,
    limit: i64,
) -> Result<Vec<Hold>> {
    let (at, id) = position.unwrap_or((i64::MAX, String::new()));
    let mut values = vec![Value::from(at), Value::from(id), Value::from(limit + 1)];
    let inside = scope.filter("h", &mut values);
    let state = match is_active {
        None => "1 = 1",
        Some(true) => "h.ended_at is null",
        Some(false) => "h.ended_at is not null",
    };
    let sql = format!(
        "select {COLUMNS} from reading_hold h \
         where (h.placed_at < $1 or (h.placed_at = $1 and h.id < $2)) and {state} and {inside} \
         order by h.placed_at desc, h.id desc limit $3"
    );
    db.rows(&sql, &values)?.iter().map(from_row).collect()
}

/// All that this node holds now, whoever asks: for whoever keeps the readings.
pub(super) fn active(db: &mut dyn Read) -> Result<Vec<Hold>> {
    let sql = format!(
        "select {COLUMNS} from reading_hold h where h.ended_at is null and {} order by h.id",
        host::job::owned("h")
    );
    db.rows(&sql, &[])?.iter().map(from_row).collect()
}

pub(super) fn count_active(db: &mut dyn Read) -> Result<i64> {
    let row = db.row("select count(*) as holds from reading_hold where ended_at is null", &[])?;
    row.map_or(Ok(0), |row| Ok(row.get("holds")?))
}

/// The hold that was placed for a subject, whether or not it has ended.
pub(super) fn about(db: &mut dyn Read, subject: Id) -> Result<Option<Hold>> {
    let sql = format!(
        "select {COLUMNS} from reading_hold h where h.about = $1 order by h.placed_at, h.id limit 1"
    );
    db.row(&sql, params![subject])?.as_ref().map(from_row).transpose()
}

/// Sensors that an extent names, retired ones too: their readings are held like others.
pub(super) fn sensors_of(db: &mut dyn Read, extent: &Extent) -> Result<Vec<SensorId>> {
    let mut found = extent.sensors.clone();
    for region in &extent.regions {
        let rows = db.rows(
            "select r.id from sensor r join station s on s.id = r.station where exists \
             (select 1 from region_within i where i.region = s.region and i.ancestor = $1) \
             order by r.id",
            params![region],
        )?;
        for row in rows {
            found.push(row.get("id")?);
        }
    }
    for station in &extent.stations {
        let rows =
            db.rows("select id from sensor where station = $1 order by id", params![*station])?;
        for row in rows {
            found.push(row.get("id")?);
        }
    }
    found.sort();
    found.dedup();
    Ok(found)
}

fn from_row(row: &Row) -> Result<Hold> {
    Ok(Hold {
        id: row.get("id")?,
        name: row.get("name")?,
        reason: row.get("reason")?,
        from: row.get("from_at")?,
        to: row.get("to_at")?,
        extent: row.json("extent")?,
        about: row.get("about")?,
        release_at: row.get("release_at")?,
        placed_at: row.get("placed_at")?,
        placed_by: row.get("placed_by")?,
        ended_at: row.get("ended_at")?,
        ended_by: row.get("ended_by")?,
        ended_reason: row.get("ended_reason")?,
        region: row.parse_opt("region")?,
        home: Home::from_row(row)?,
    })
}
