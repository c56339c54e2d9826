//! What a site is, and what may be said of it.

use base::{AdminCode, Coordinates, Date, Timestamp};
use host::web::{self, text};
use host::{Error, Home, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::fact::Description;
use super::particulars::Particulars;
use crate::enterprise::EnterpriseId;
use crate::field;
use crate::life::State;

base::typed_id!(SiteId, "A site: a mine, a pond, a hazard source, a tank.");
host::db_id!(SiteId);

/// A site as it is registered.
#[derive(Debug, Clone, PartialEq)]
pub struct Site {
    pub id: SiteId,
    /// Goes up with each change.
    pub revision: i64,
    pub enterprise: EnterpriseId,
    pub description: Description,
    pub state: State,
    /// Since which day it is in that state, in Beijing.
    pub since: Date,
    /// Why it is in that state, where somebody had to say so.
    pub reason: Option<String>,
    pub registered_at: Timestamp,
    pub home: Home,
}

/// What a person says of a site, or one row of a table that is imported.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SiteDetails {
    /// 1 to 100 characters.
    pub name: String,
    /// A mine: 12 digits. A pond: 4 to 32 letters, digits, hyphens. A hazard source: the
    /// 3 digits of its number. A tank, or a building of a fireworks works: 1 to 16 letters, digits,
    /// hyphens, `G0001`.
    pub code: String,
    /// The division it lies in; not always that of its enterprise.
    pub region: AdminCode,
    /// At most 200 characters.
    pub address: Option<String>,
    pub place: Option<Coordinates>,
    /// The hazard source that a tank is in.
    pub part_of: Option<SiteId>,
    pub particulars: Particulars,
}

impl SiteDetails {
    /// Decides what is said of it, field by field; what it is part of is not looked up
    /// here, nor whether its code is taken.
    ///
    /// # Errors
    /// [`Error::Invalid`] that names the field.
    pub fn decide(&self) -> Result<Description> {
        let kind = self.particulars.kind();
        if let (Some(whole), None) = (self.part_of, kind.part_of()) {
            let expected = format!("nothing: a {} is part of nothing", kind.code());
            return Err(Error::invalid("part_of", whole, expected));
        }
        Ok(Description {
            name: text("name", &self.name, 1, 100)?,
            code: kind.checked_code(&self.code)?,
            address: field::text_opt("address", self.address.as_deref(), 200)?,
            place: self.place.map(|place| web::place("place", place)).transpose()?,
            part_of: self.part_of,
            particulars: self.particulars.checked()?,
        })
    }
}
