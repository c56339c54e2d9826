//! What something downstream stands at, found by its id, its code or its name alone: an
//! enterprise, or a site.

use base::Id;
use host::{Error, Read, Result, Scope, Value};
use schemars::JsonSchema;
use serde::Serialize;

use crate::enterprise::{self, EnterpriseId};
use crate::site::{self, Kind, SiteId};

/// A record of the registers, as whoever stands at it names it.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Standing {
    pub id: Id,
    /// What kind of site; `null` of an enterprise.
    pub kind: Option<Kind>,
    pub name: String,
}

/// The enterprise or the site with this id.
///
/// # Errors
/// [`Error::NotFound`] also for one outside the scope.
pub fn standing(db: &mut dyn Read, scope: &Scope, id: Id) -> Result<Standing> {
    match site::load(db, scope, SiteId::from(id)) {
        Ok(site) => {
            let (kind, name) = (site.description.particulars.kind(), site.description.name);
            Ok(Standing { id, kind: Some(kind), name })
        }
        Err(Error::NotFound { .. }) => {
            let enterprise = enterprise::load(db, scope, EnterpriseId::from(id))?;
            Ok(Standing { id, kind: None, name: enterprise.description.name })
        }
        Err(error) => Err(error),
    }
}

/// The one enterprise or site within the scope that goes by this code or, if none does, by
/// this name, as a table on paper calls it. Of an enterprise the code is its credit code
/// or its access code.
///
/// # Errors
/// [`Error::Invalid`] of `site` when there is none, and when there are several.
pub fn standing_called(db: &mut dyn Read, scope: &Scope, called: &str) -> Result<Standing> {
    for columns in [CODES, NAMES] {
        let found = called_by(db, scope, columns, called)?;
        match found[..] {
            [] => {}
            [only] => return standing(db, scope, only),
            _ => {
                let expected = format!(
                    "the code of one: several enterprises or sites that you may see have this {}",
                    columns.word
                );
                return Err(Error::invalid("site", called, expected));
            }
        }
    }
    let expected = "the code or the name of an enterprise or a site that you may see";
    Err(Error::invalid("site", called, expected))
}

/// By which columns something is looked for.
#[derive(Clone, Copy)]
struct Columns {
    word: &'static str,
    enterprise: &'static str,
    site: &'static str,
}

const CODES: Columns = Columns {
    word: "code",
    enterprise: "(e.credit_code in ($1, $2) or e.access_code = $2)",
    site: "s.code in ($1, $2)",
};
const NAMES: Columns =
    Columns { word: "name", enterprise: "e.name in ($1, $2)", site: "s.name in ($1, $2)" };

/// As it is called, or with full-width letters and digits made narrow and in capitals, as
/// codes are kept. Two of each register at most: more than one is too many.
fn called_by(db: &mut dyn Read, scope: &Scope, columns: Columns, called: &str) -> Result<Vec<Id>> {
    let narrow = base::date::narrow_text(called).trim().to_uppercase();
    let names = [Value::from(called), Value::from(narrow.as_str())];
    let Columns { enterprise, site, .. } = columns;
    let mut values = names.to_vec();
    let inside = scope.filter("e", &mut values);
    let sql = format!(
        "select e.id from enterprise e where {enterprise} and {inside} order by e.id limit 2"
    );
    let mut rows = db.rows(&sql, &values)?;
    let mut values = names.to_vec();
    let inside = scope.filter("s", &mut values);
    let sql = format!("select s.id from site s where {site} and {inside} order by s.id limit 2");
    rows.extend(db.rows(&sql, &values)?);
    rows.iter().map(|row| Ok(row.get("id")?)).collect()
}
