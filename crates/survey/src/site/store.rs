//! Loads and lists sites, within a scope.

use std::collections::{BTreeMap, HashMap};

use base::{AdminCode, Point, Timestamp};
use host::job::owned;
use host::{Error, Home, Read, Result, Row, Scope, Value, params};

use super::particulars::Kind;
use super::{Site, SiteId};
use crate::enterprise::EnterpriseId;
use crate::life::State;
use crate::{record, search};

const SITE: &str = "s.id, s.revision, s.enterprise, s.description, s.state, s.since, s.reason, \
     s.registered_at, s.region, s.org, s.class";

/// One site.
///
/// # Errors
/// [`Error::NotFound`] also for one outside the scope.
pub fn load(db: &mut dyn Read, scope: &Scope, id: SiteId) -> Result<Site> {
    let mut values = vec![Value::from(id)];
    let inside = scope.filter("s", &mut values);
    let sql = format!("select {SITE} from site s where s.id = $1 and {inside}");
    let row = db.row(&sql, &values)?.ok_or(Error::not_found("site"))?;
    from_row(&row)
}

/// Which sites are wanted, and where the list goes on.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    pub kind: Option<Kind>,
    pub enterprise: Option<EnterpriseId>,
    /// Those in this hazard source.
    pub part_of: Option<SiteId>,
    /// Those inside this region.
    pub region: Option<AdminCode>,
    pub state: Option<State>,
    /// Those whose name or code begins with this.
    pub text: Option<String>,
    /// After this place of the list.
    pub after: Option<(i64, String)>,
}

/// Sites by age in the register, the oldest first; at most `limit`.
pub fn list(db: &mut dyn Read, scope: &Scope, wanted: &Wanted, limit: i64) -> Result<Vec<Site>> {
    let (age, id) = wanted.after.clone().unwrap_or((i64::MIN, String::new()));
    let mut values = vec![Value::from(age), Value::from(id), Value::from(limit)];
    let mut conditions = vec![
        "(s.registered_at > $1 or (s.registered_at = $1 and s.id > $2))".to_owned(),
        scope.filter("s", &mut values),
    ];
    let equal = [
        ("kind", wanted.kind.map(|kind| Value::from(kind.code()))),
        ("enterprise", wanted.enterprise.map(Value::from)),
        ("part_of", wanted.part_of.map(Value::from)),
        ("state", wanted.state.map(|state| Value::from(state.code()))),
    ];
    for (column, value) in equal {
        if let Some(value) = value {
            values.push(value);
            conditions.push(format!("s.{column} = ${}", values.len()));
        }
    }
    if let Some(region) = &wanted.region {
        conditions.push(search::within("s", region, &mut values));
    }
    if let Some(text) = wanted.text.as_deref().and_then(search::prefix) {
        let (from, to) = text.bind(&mut values);
        let (code_from, code_to) = text.bind_code(&mut values);
        conditions.push(format!(
            "s.id in (select id from site where name >= {from} and name < {to} \
             union select id from site where code >= {code_from} and code < {code_to})"
        ));
    }
    let sql = format!(
        "select {SITE} from site s where {} order by s.registered_at, s.id limit $3",
        conditions.join(" and ")
    );
    db.rows(&sql, &values)?.iter().map(from_row).collect()
}

/// The open site of this node with this code, of a kind whose codes are given once for
/// all (mines and ponds), whoever asks: to know whose data come in.
pub fn find_by_code(db: &mut dyn Read, kind: Kind, code: &str) -> Result<Option<SiteId>> {
    let sql = format!(
        "select id from site where code = $1 and kind = $2 and state <> 'closed' and {} \
         order by id limit 1",
        owned("site")
    );
    Ok(db.row(&sql, params![code, kind.code()])?.map(|row| row.get("id")).transpose()?)
}

/// The open site of an enterprise with this code, in this whole.
pub(super) fn find_in(
    db: &mut dyn Read,
    (kind, code): (Kind, &str),
    enterprise: EnterpriseId,
    part_of: Option<SiteId>,
) -> Result<Option<SiteId>> {
    let row = db.row(
        "select id from site where code = $1 and kind = $2 and state <> 'closed' \
         and enterprise = $3 and part_of is not distinct from $4 order by id limit 1",
        params![code, kind.code(), enterprise, part_of],
    )?;
    Ok(row.map(|row| row.get("id")).transpose()?)
}

/// The open sites of an enterprise with this code, in whatever whole: two of them at most.
pub(super) fn of_code(
    db: &mut dyn Read,
    (kind, code): (Kind, &str),
    enterprise: EnterpriseId,
) -> Result<Vec<SiteId>> {
    let rows = db.rows(
        "select id from site where code = $1 and kind = $2 and state <> 'closed' \
         and enterprise = $3 order by id limit 2",
        params![code, kind.code(), enterprise],
    )?;
    rows.iter().map(|row| Ok(row.get("id")?)).collect()
}

/// The name of a site of an enterprise that is not closed, if there is one.
pub(crate) fn open_of(db: &mut dyn Read, enterprise: EnterpriseId) -> Result<Option<String>> {
    let row = db.row(
        "select name from site where enterprise = $1 and state <> 'closed' \
         order by registered_at, id limit 1",
        params![enterprise],
    )?;
    Ok(row.map(|row| row.get("name")).transpose()?)
}

/// The name of a site in a hazard source that is not closed, if there is one.
pub(super) fn open_in(db: &mut dyn Read, whole: SiteId) -> Result<Option<String>> {
    let row = db.row(
        "select name from site where part_of = $1 and state <> 'closed' \
         order by registered_at, id limit 1",
        params![whole],
    )?;
    Ok(row.map(|row| row.get("name")).transpose()?)
}

/// The sites of an enterprise that are elsewhere at home than with this organisation.
pub(super) fn at_home_elsewhere(
    db: &mut dyn Read,
    enterprise: EnterpriseId,
    org: Option<base::Id>,
) -> Result<Vec<Site>> {
    let sql = format!(
        "select {SITE} from site s where s.enterprise = $1 and s.org is distinct from $2 and {} \
         order by s.registered_at, s.id",
        owned("s")
    );
    db.rows(&sql, params![enterprise, org])?.iter().map(from_row).collect()
}

/// How many sites of each kind enterprises have that are not closed, as far as a scope
/// reaches.
pub(crate) fn counts(
    db: &mut dyn Read,
    scope: &Scope,
    enterprises: &[EnterpriseId],
) -> Result<BTreeMap<EnterpriseId, BTreeMap<Kind, i64>>> {
    let mut counts: BTreeMap<EnterpriseId, BTreeMap<Kind, i64>> = BTreeMap::new();
    if enterprises.is_empty() {
        return Ok(counts);
    }
    let mut values: Vec<Value> = enterprises.iter().map(|id| Value::from(*id)).collect();
    let places: Vec<String> = (1..=values.len()).map(|place| format!("${place}")).collect();
    let inside = scope.filter("s", &mut values);
    let sql = format!(
        "select s.enterprise, s.kind, count(*) as sites from site s \
         where s.enterprise in ({}) and s.state <> 'closed' and {inside} \
         group by s.enterprise, s.kind order by s.enterprise, s.kind",
        places.join(", ")
    );
    for row in db.rows(&sql, &values)? {
        let of = counts.entry(row.get("enterprise")?).or_default();
        of.insert(row.parse("kind")?, row.get("sites")?);
    }
    Ok(counts)
}

/// What sites are called, for whoever sees what names them.
pub(super) fn names(
    db: &mut dyn Read,
    sites: impl Iterator<Item = SiteId>,
) -> Result<HashMap<SiteId, String>> {
    record::names(db, sites, |places| {
        format!("select id, name from site where id in ({places}) order by id")
    })
}

/// A site as a map draws it.
#[derive(Debug, Clone, PartialEq, serde::Serialize, schemars::JsonSchema)]
#[schemars(rename = "SitePoint")]
pub(crate) struct SitePoint {
    pub id: SiteId,
    pub kind: Kind,
    pub name: String,
    pub point: Point,
    pub state: State,
    /// As filed, 1 the gravest, where its kind has one.
    pub grade: Option<i64>,
}

/// Every site within a scope that is not closed and whose place is known; at most `limit`.
pub(super) fn points(db: &mut dyn Read, scope: &Scope, limit: i64) -> Result<Vec<SitePoint>> {
    let mut values = vec![Value::from(limit)];
    let inside = scope.filter("s", &mut values);
    let sql = format!(
        "select s.id, s.kind, s.name, s.lon, s.lat, s.state, s.grade from site s \
         where s.state <> 'closed' and s.lon is not null and s.lat is not null and {inside} \
         order by s.registered_at, s.id limit $1"
    );
    let mut points = Vec::new();
    for row in db.rows(&sql, &values)? {
        // A foreign log may say what no decision here lets in.
        let Ok(point) = Point::new(row.get("lon")?, row.get("lat")?) else { continue };
        points.push(SitePoint {
            id: row.get("id")?,
            kind: row.parse("kind")?,
            name: row.get("name")?,
            point,
            state: row.parse("state")?,
            grade: row.get("grade")?,
        });
    }
    Ok(points)
}

fn from_row(row: &Row) -> Result<Site> {
    Ok(Site {
        id: row.get("id")?,
        revision: row.get("revision")?,
        enterprise: row.get("enterprise")?,
        description: row.json("description")?,
        state: row.parse("state")?,
        since: row.parse("since")?,
        reason: row.get("reason")?,
        registered_at: row.get::<Timestamp>("registered_at")?,
        home: Home::from_row(row)?,
    })
}
