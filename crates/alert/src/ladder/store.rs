//! Loads and lists ladders, within a scope, and finds the one that holds in a region.

use base::{AdminCode, Level, Timestamp};
use host::job::owned;
use host::web::Paged;
use host::{Error, Home, Read, Result, Row, Scope, Value, params};

use super::{LadderId, Plan};

const COLUMNS: &str = "ladder.id, ladder.region, ladder.org, ladder.class, ladder.revision, \
     ladder.name, ladder.levels, ladder.steps, ladder.state, ladder.reason, ladder.drawn_at, \
     ladder.changed_at";

/// A ladder as it stands.
#[derive(Debug, Clone)]
pub struct Ladder {
    pub id: LadderId,
    pub home: Home,
    pub revision: i64,
    pub plan: Plan,
    pub is_retired: bool,
    /// Why it was retired.
    pub reason: Option<String>,
    pub drawn_at: Timestamp,
    pub changed_at: Timestamp,
}

/// One ladder.
///
/// # Errors
/// [`Error::NotFound`] also for one outside the scope.
pub fn load(db: &mut dyn Read, scope: &Scope, id: LadderId) -> Result<Ladder> {
    let mut values = vec![Value::from(id)];
    let inside = scope.filter("ladder", &mut values);
    let sql = format!("select {COLUMNS} from ladder where ladder.id = $1 and {inside}");
    let row = db.row(&sql, &values)?.ok_or(Error::not_found("ladder"))?;
    from_row(&row)
}

/// By age, the oldest first; one more than the page holds.
pub(super) fn list(
    db: &mut dyn Read,
    scope: &Scope,
    retired: bool,
    page: &Paged,
) -> Result<Vec<Ladder>> {
    let (age, id) = page.position.clone().unwrap_or((i64::MIN, String::new()));
    let mut values = vec![Value::from(age), Value::from(id), Value::from(page.limit + 1)];
    let inside = scope.filter("ladder", &mut values);
    let active = if retired { "" } else { "and ladder.state = 'active'" };
    let sql = format!(
        "select {COLUMNS} from ladder \
         where (ladder.drawn_at > $1 or (ladder.drawn_at = $1 and ladder.id > $2)) \
         and {inside} {active} order by ladder.drawn_at, ladder.id limit $3"
    );
    db.rows(&sql, &values)?.iter().map(from_row).collect()
}

/// The ladder of this node that holds in a region for a level: the region's own, or that
/// of the nearest region above it.
pub fn holding(db: &mut dyn Read, region: &AdminCode, level: Level) -> Result<Option<Ladder>> {
    // The nearer a region is, the more there are above it.
    let sql = format!(
        "select {COLUMNS} from ladder \
         join region_within w on w.ancestor = ladder.region \
         where w.region = $1 and ladder.state = 'active' and {} \
         order by (select count(*) from region_within above where above.region = ladder.region) \
         desc, ladder.drawn_at, ladder.id",
        owned("ladder")
    );
    for row in db.rows(&sql, params![region])? {
        let ladder = from_row(&row)?;
        if ladder.plan.levels.contains(&level) {
            return Ok(Some(ladder));
        }
    }
    Ok(None)
}

/// The active ladders of this node at home in that very region, whoever asks: whether a
/// level is covered.
pub(super) fn of_region(db: &mut dyn Read, region: &AdminCode) -> Result<Vec<Ladder>> {
    let sql = format!(
        "select {COLUMNS} from ladder where ladder.region = $1 and ladder.state = 'active' \
         and {} order by ladder.drawn_at, ladder.id",
        owned("ladder")
    );
    db.rows(&sql, params![region])?.iter().map(from_row).collect()
}

fn from_row(row: &Row) -> Result<Ladder> {
    let state: String = row.get("state")?;
    Ok(Ladder {
        id: row.get("id")?,
        home: Home::from_row(row)?,
        revision: row.get("revision")?,
        plan: Plan {
            name: row.get("name")?,
            levels: row.json("levels")?,
            steps: row.json("steps")?,
        },
        is_retired: state == "retired",
        reason: row.get("reason")?,
        drawn_at: row.get("drawn_at")?,
        changed_at: row.get("changed_at")?,
    })
}
