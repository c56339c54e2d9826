//! Loads and lists enterprises, within a scope.

use std::collections::HashMap;

use base::{AdminCode, Point, Timestamp};
use host::job::owned;
use host::{Error, Home, Read, Result, Row, Scope, Value, params};

use super::{Enterprise, EnterpriseId, Kind};
use crate::life::State;
use crate::{record, search};

const ENTERPRISE: &str = "e.id, e.revision, e.description, e.state, e.since, e.reason, \
     e.registered_at, e.region, e.org, e.class";

/// One enterprise.
///
/// # Errors
/// [`Error::NotFound`] also for one outside the scope.
pub fn load(db: &mut dyn Read, scope: &Scope, id: EnterpriseId) -> Result<Enterprise> {
    let mut values = vec![Value::from(id)];
    let inside = scope.filter("e", &mut values);
    let sql = format!("select {ENTERPRISE} from enterprise e where e.id = $1 and {inside}");
    let row = db.row(&sql, &values)?.ok_or(Error::not_found("enterprise"))?;
    from_row(&row)
}

/// Which enterprises are wanted, and where the list goes on.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Those of this kind, whatever else they are.
    pub kind: Option<Kind>,
    /// Those inside this region.
    pub region: Option<AdminCode>,
    pub state: Option<State>,
    /// Those whose name, short name or code begins with this.
    pub text: Option<String>,
    /// After this place of the list.
    pub after: Option<(i64, String)>,
}

/// Enterprises by age in the register, the oldest first; at most `limit`.
pub fn list(
    db: &mut dyn Read,
    scope: &Scope,
    wanted: &Wanted,
    limit: i64,
) -> Result<Vec<Enterprise>> {
    let (age, id) = wanted.after.clone().unwrap_or((i64::MIN, String::new()));
    let mut values = vec![Value::from(age), Value::from(id), Value::from(limit)];
    let mut conditions = vec![
        "(e.registered_at > $1 or (e.registered_at = $1 and e.id > $2))".to_owned(),
        scope.filter("e", &mut values),
    ];
    if let Some(kind) = wanted.kind {
        values.push(kind.code().into());
        conditions.push(format!(
            "exists (select 1 from enterprise_kind k where k.enterprise = e.id and k.kind = ${})",
            values.len()
        ));
    }
    if let Some(region) = &wanted.region {
        conditions.push(search::within("e", region, &mut values));
    }
    if let Some(state) = wanted.state {
        values.push(state.code().into());
        conditions.push(format!("e.state = ${}", values.len()));
    }
    if let Some(text) = wanted.text.as_deref().and_then(search::prefix) {
        let (from, to) = text.bind(&mut values);
        let (code_from, code_to) = text.bind_code(&mut values);
        conditions.push(format!(
            "e.id in (select id from enterprise where name >= {from} and name < {to} \
             union select id from enterprise where short_name >= {from} and short_name < {to} \
             union select id from enterprise \
             where credit_code >= {code_from} and credit_code < {code_to} \
             union select id from enterprise \
             where access_code >= {code_from} and access_code < {code_to})"
        ));
    }
    let sql = format!(
        "select {ENTERPRISE} from enterprise e where {} order by e.registered_at, e.id limit $3",
        conditions.join(" and ")
    );
    db.rows(&sql, &values)?.iter().map(from_row).collect()
}

/// The open enterprise of this node with this credit code, whoever asks: whether it is
/// taken.
pub fn find_by_credit_code(db: &mut dyn Read, code: &str) -> Result<Option<EnterpriseId>> {
    let sql = format!(
        "select id from enterprise where credit_code = $1 and state <> 'closed' and {} \
         order by id limit 1",
        owned("enterprise")
    );
    Ok(db.row(&sql, params![code])?.map(|row| row.get("id")).transpose()?)
}

/// The open enterprise of this node that data access specifications call so, whoever asks.
pub fn find_by_access_code(db: &mut dyn Read, code: &str) -> Result<Option<EnterpriseId>> {
    let sql = format!(
        "select id from enterprise where access_code = $1 and state <> 'closed' and {} \
         order by id limit 1",
        owned("enterprise")
    );
    Ok(db.row(&sql, params![code])?.map(|row| row.get("id")).transpose()?)
}

/// What enterprises are called, for whoever sees what names them.
pub(crate) fn names(
    db: &mut dyn Read,
    enterprises: impl Iterator<Item = EnterpriseId>,
) -> Result<HashMap<EnterpriseId, String>> {
    record::names(db, enterprises, |places| {
        format!("select id, name from enterprise where id in ({places}) order by id")
    })
}

/// An enterprise as a map draws it.
#[derive(Debug, Clone, PartialEq, serde::Serialize, schemars::JsonSchema)]
#[schemars(rename = "EnterprisePoint")]
pub(crate) struct EnterprisePoint {
    pub id: EnterpriseId,
    /// Its short name, where it has one.
    pub name: String,
    pub point: Point,
    pub state: State,
}

/// Every enterprise within a scope that is not closed and whose place is known; at most
/// `limit`.
pub(super) fn points(db: &mut dyn Read, scope: &Scope, limit: i64) -> Result<Vec<EnterprisePoint>> {
    let mut values = vec![Value::from(limit)];
    let inside = scope.filter("e", &mut values);
    let sql = format!(
        "select e.id, coalesce(e.short_name, e.name) as name, e.lon, e.lat, e.state \
         from enterprise e \
         where e.state <> 'closed' and e.lon is not null and e.lat is not null and {inside} \
         order by e.registered_at, e.id limit $1"
    );
    let mut points = Vec::new();
    for row in db.rows(&sql, &values)? {
        // A foreign log may say what no decision here lets in.
        let Ok(point) = Point::new(row.get("lon")?, row.get("lat")?) else { continue };
        points.push(EnterprisePoint {
            id: row.get("id")?,
            name: row.get("name")?,
            point,
            state: row.parse("state")?,
        });
    }
    Ok(points)
}

fn from_row(row: &Row) -> Result<Enterprise> {
    Ok(Enterprise {
        id: row.get("id")?,
        revision: row.get("revision")?,
        description: row.json("description")?,
        state: row.parse("state")?,
        since: row.parse("since")?,
        reason: row.get("reason")?,
        registered_at: row.get::<Timestamp>("registered_at")?,
        home: Home::from_row(row)?,
    })
}
