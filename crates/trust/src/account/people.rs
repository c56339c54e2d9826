//! Who may be asked to do something: people by what they hold, and where.

use std::collections::HashMap;

use base::{AdminCode, Id};
use host::{Read, Result, Scope, Value};
use schemars::JsonSchema;
use serde::Serialize;

/// Somebody who holds a permission over a region.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Holder {
    pub person: Id,
    pub name: String,
    /// Where they hold it; the first by code when they hold it in several places.
    pub region: AdminCode,
}

/// People of active accounts whose roles hold `permission` over a region inside
/// `scope`, by name. The three officers hold no permission of the river and are
/// never among them.
pub fn people_with(db: &mut dyn Read, permission: &str, scope: &Scope) -> Result<Vec<Holder>> {
    people(db, scope, |held| held.iter().any(|code| code == permission))
}

/// People of active accounts who hold any role over a region inside `scope`, by name.
pub(crate) fn people_in(db: &mut dyn Read, scope: &Scope) -> Result<Vec<Holder>> {
    people(db, scope, |_| true)
}

fn people(
    db: &mut dyn Read,
    scope: &Scope,
    wanted: impl Fn(&[String]) -> bool,
) -> Result<Vec<Holder>> {
    let mut params = Vec::new();
    let inside = scope.filter("place", &mut params);
    let rows = db.rows(
        &format!(
            "select a.person, a.name, g.over_region, r.permissions \
             from role_grant g \
             join (select id, over_region as region, over_org as org, class from role_grant) place \
             on place.id = g.id \
             join role r on r.role = g.role \
             join account a on a.id = g.account \
             where a.state = 'active' and a.office is null and g.over_region is not null \
             and {inside} order by a.name, a.person, g.over_region"
        ),
        &params,
    )?;
    let mut holders: Vec<Holder> = Vec::new();
    for row in &rows {
        let permissions: Vec<String> = row.json("permissions")?;
        let person: Id = row.get("person")?;
        let listed = holders.last().is_some_and(|holder| holder.person == person);
        if listed || !wanted(&permissions) {
            continue;
        }
        holders.push(Holder { person, name: row.get("name")?, region: row.parse("over_region")? });
    }
    Ok(holders)
}

/// The names of people, as they are now.
pub(crate) fn names(db: &mut dyn Read, people: &[Id]) -> Result<HashMap<Id, String>> {
    let mut people = people.to_vec();
    people.sort();
    people.dedup();
    let mut names = HashMap::with_capacity(people.len());
    for some in people.chunks(200) {
        let params: Vec<Value> = some.iter().map(|person| (*person).into()).collect();
        let places: Vec<String> = (1..=some.len()).map(|place| format!("${place}")).collect();
        let sql = format!(
            "select person, name from account where person in ({}) order by opened_at, id",
            places.join(", ")
        );
        for row in db.rows(&sql, &params)? {
            names.insert(row.get("person")?, row.get("name")?);
        }
    }
    Ok(names)
}
