//! Who may be asked to do something: people by what they hold, and where.

use base::{AdminCode, Id};
use host::{Read, Result, Scope};
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
    let mut params = Vec::new();
    let inside = scope.filter("g.region", &mut params);
    let rows = db.rows(
        &format!(
            "select a.person, a.name, g.region, r.permissions \
             from role_grant g \
             join role r on r.role = g.role \
             join account a on a.id = g.account \
             where a.state = 'active' and a.office is null and {inside} \
             order by a.name, a.person, g.region"
        ),
        &params,
    )?;
    let mut holders: Vec<Holder> = Vec::new();
    for row in &rows {
        let permissions: Vec<String> = row.json("permissions")?;
        let person: Id = row.get("person")?;
        let listed = holders.last().is_some_and(|holder| holder.person == person);
        if listed || !permissions.iter().any(|code| code == permission) {
            continue;
        }
        holders.push(Holder { person, name: row.get("name")?, region: row.parse("region")? });
    }
    Ok(holders)
}
