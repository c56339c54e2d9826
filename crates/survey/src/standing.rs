//! What something downstream stands at, found by its id alone: an enterprise, or a site.

use base::Id;
use host::{Error, Read, Result, Scope};
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
