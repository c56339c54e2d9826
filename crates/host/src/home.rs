//! Home: where a subject belongs, and so who may see what is about it.
//!
//! Each entry of the log and each row of a root subject copies it. Whoever may see
//! a region, an organisation above, or a region that the subject reaches, sees it,
//! as far as its class is open to them.

use base::{AdminCode, Id};
use serde::{Deserialize, Serialize};

use crate::db::{DbError, Row, Value};

/// How widely something may be shown. 涉密 material has no place here at all.
#[derive(
    Debug,
    Clone,
    Copy,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// 公开
    Public,
    /// 内部
    #[default]
    Internal,
    /// 敏感
    Sensitive,
}

impl Class {
    pub const ALL: [Class; 3] = [Class::Public, Class::Internal, Class::Sensitive];

    /// As it stands in tables.
    pub fn code(self) -> &'static str {
        match self {
            Class::Public => "public",
            Class::Internal => "internal",
            Class::Sensitive => "sensitive",
        }
    }
}

impl std::str::FromStr for Class {
    type Err = String;

    fn from_str(text: &str) -> Result<Class, String> {
        let found = Class::ALL.into_iter().find(|class| class.code() == text);
        found.ok_or_else(|| format!("{text:?} is none of public, internal, sensitive"))
    }
}

impl From<Class> for Value {
    fn from(class: Class) -> Value {
        class.code().into()
    }
}

/// Where a subject belongs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Home {
    /// The division it lies in; `None` is the node's own.
    pub region: Option<AdminCode>,
    /// The organisation it belongs to: an enterprise's mine, a bureau's store.
    pub org: Option<Id>,
    pub class: Class,
    /// Other divisions that it concerns: those of a city's warning.
    pub reach: Vec<AdminCode>,
}

impl Home {
    /// The node's own: accounts, roles, regions.
    pub fn node() -> Home {
        Home::default()
    }

    /// In a region, inside the agency.
    pub fn region(region: AdminCode) -> Home {
        Home { region: Some(region), ..Home::default() }
    }

    pub fn org(mut self, org: Option<Id>) -> Home {
        self.org = org;
        self
    }

    pub fn class(mut self, class: Class) -> Home {
        self.class = class;
        self
    }

    pub fn reach(mut self, regions: Vec<AdminCode>) -> Home {
        self.reach = regions;
        self
    }

    /// The divisions whose people it concerns: its own, and those it reaches.
    pub fn concerned(&self) -> impl Iterator<Item = &AdminCode> {
        self.region.iter().chain(&self.reach)
    }

    /// From the columns `region`, `org` and `class` of a row; its reach is a table.
    ///
    /// # Errors
    /// [`DbError::Column`] when one of them is not there or does not read.
    pub fn from_row(row: &Row) -> Result<Home, DbError> {
        Ok(Home {
            region: row.parse_opt("region")?,
            org: row.get("org")?,
            class: row.parse("class")?,
            reach: Vec::new(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_ordered_from_open_to_closed_and_read_back() {
        assert!(Class::Public < Class::Internal && Class::Internal < Class::Sensitive);
        for class in Class::ALL {
            assert_eq!(class.code().parse(), Ok(class));
        }
        assert!("secret".parse::<Class>().is_err());
    }
}
