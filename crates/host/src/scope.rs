//! Who asks, what for, and how far that reaches.
//!
//! Permission and scope live in the query layer: `load` and `list` take a
//! [`Scope`], there is no version without, and what lies outside is not found.

use std::sync::Arc;

use base::{AdminCode, Id};
use schemars::JsonSchema;
use serde::Serialize;

use crate::db::Value;
use crate::error::{Error, Result};
use crate::log::Actor;

/// Something a role may hold. Slices declare theirs as constants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, JsonSchema)]
pub struct Permission {
    /// Stable: `warning.issue`.
    pub code: &'static str,
    /// The Chinese name for the role editor: 签发预警.
    pub word: &'static str,
}

impl Permission {
    pub const fn new(code: &'static str, word: &'static str) -> Permission {
        Permission { code, word }
    }
}

/// Some permissions, over the regions that report to one root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    pub role: String,
    pub region: AdminCode,
    pub permissions: Arc<[String]>,
}

/// A person at a door, or nobody (the system itself).
#[derive(Debug, Clone)]
pub struct Caller {
    pub person: Id,
    pub account: String,
    pub name: String,
    pub org: Option<Id>,
    pub post: Option<String>,
    /// Which session, for the trail; never the secret itself.
    pub session: Id,
    pub csrf: String,
    pub grants: Arc<[Grant]>,
    /// Permissions that hold for the node, not for regions: the three officers'.
    pub offices: Arc<[String]>,
}

impl Caller {
    /// How far `permission` reaches for this caller.
    ///
    /// # Errors
    /// [`Error::Forbidden`] when no grant holds it.
    pub fn scope(&self, permission: Permission) -> Result<Scope> {
        let roots: Vec<AdminCode> = self
            .grants
            .iter()
            .filter(|grant| grant.permissions.iter().any(|code| code == permission.code))
            .map(|grant| grant.region.clone())
            .collect();
        if !roots.is_empty() {
            return Ok(Scope::Regions(roots.into()));
        }
        if self.offices.iter().any(|code| code == permission.code) {
            return Ok(Scope::Node);
        }
        Err(Error::Forbidden { permission: permission.code })
    }

    pub fn may(&self, permission: Permission) -> bool {
        self.scope(permission).is_ok()
    }

    pub fn actor(&self) -> Actor {
        Actor {
            person: Some(self.person),
            name: Some(self.name.clone()),
            post: self.post.clone(),
            org: self.org,
            on_behalf: None,
        }
    }
}

/// A materialised set of regions, by its roots. Which regions report to a root is
/// a table (`region_within`), not a code prefix: 梅河口 reports to the province,
/// and 长白山管委会 has no code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// The node itself: reactions, jobs, and the three officers in their office.
    Node,
    Regions(Arc<[AdminCode]>),
}

impl Scope {
    /// A condition on `column` for a `where` clause; pushes the values it needs.
    ///
    /// `column` names the row's home region with its table (`warning.region`), which may be null: what has no region
    /// belongs to the node and is inside no regional scope.
    pub fn filter(&self, column: &str, params: &mut Vec<Value>) -> String {
        match self {
            Scope::Node => "1 = 1".to_owned(),
            Scope::Regions(roots) => {
                let mut places = Vec::with_capacity(roots.len());
                for root in roots.iter() {
                    params.push(root.into());
                    places.push(format!("${}", params.len()));
                }
                // No alias that a statement of a slice could use itself; and a column
                // without its table's name would be read as region_within's own.
                assert!(column.contains('.') || column.starts_with('$'), "{column} names no table");
                format!(
                    "exists (select 1 from region_within where region_within.region = {column} \
                     and region_within.ancestor in ({}))",
                    places.join(", ")
                )
            }
        }
    }

    /// Whether a region is inside, asked of the database.
    pub fn holds(&self, db: &mut dyn crate::db::Read, region: Option<&AdminCode>) -> Result<bool> {
        let Scope::Regions(_) = self else { return Ok(true) };
        let Some(region) = region else { return Ok(false) };
        let mut params = vec![Value::from(region)];
        let filter = self.filter("$1", &mut params);
        let found = db.row(&format!("select 1 as inside where {filter}"), &params)?;
        Ok(found.is_some())
    }
}
