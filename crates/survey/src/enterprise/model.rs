//! What an enterprise is, and what may be said of it.

use base::{AdminCode, Coordinates, Date, Id, Located, Timestamp};
use host::web::{self, text};
use host::{Error, Home, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::fact::Description;
use crate::CreditCode;
use crate::field;
use crate::life::State;

base::typed_id!(EnterpriseId, "An enterprise.");
host::db_id!(EnterpriseId);

/// Why it is watched: the trades of plan task (一)1, and what else a county watches. It
/// may be several.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "EnterpriseKind")]
pub enum Kind {
    /// 煤矿
    CoalMine,
    /// 非煤矿山
    NonCoalMine,
    /// 尾矿库
    Tailings,
    /// 危险化学品
    Hazchem,
    /// 烟花爆竹
    Fireworks,
    /// 冶金等工贸行业
    Industry,
    /// 其他
    Other,
}

impl Kind {
    pub const ALL: [Kind; 7] = [
        Kind::CoalMine,
        Kind::NonCoalMine,
        Kind::Tailings,
        Kind::Hazchem,
        Kind::Fireworks,
        Kind::Industry,
        Kind::Other,
    ];

    pub fn code(self) -> &'static str {
        match self {
            Kind::CoalMine => "coal_mine",
            Kind::NonCoalMine => "non_coal_mine",
            Kind::Tailings => "tailings",
            Kind::Hazchem => "hazchem",
            Kind::Fireworks => "fireworks",
            Kind::Industry => "industry",
            Kind::Other => "other",
        }
    }
}

impl std::str::FromStr for Kind {
    type Err = Error;

    fn from_str(text: &str) -> Result<Kind> {
        let found = Kind::ALL.into_iter().find(|kind| kind.code() == text);
        found.ok_or_else(|| Error::invalid("kind", text, "a kind of enterprise"))
    }
}

/// An enterprise as it is registered.
#[derive(Debug, Clone, PartialEq)]
pub struct Enterprise {
    pub id: EnterpriseId,
    /// Goes up with each change.
    pub revision: i64,
    pub description: Description,
    pub state: State,
    /// Since which day it is in that state, in Beijing.
    pub since: Date,
    /// Why it is in that state, where somebody had to say so.
    pub reason: Option<String>,
    pub registered_at: Timestamp,
    pub home: Home,
}

/// What a person says of an enterprise, or one row of a table that is imported.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct EnterpriseDetails {
    /// 2 to 100 characters, as on its licence.
    pub name: String,
    /// What people call it; at most 40 characters.
    pub short_name: Option<String>,
    /// 18 characters, GB 32100-2015; the last one checks the others.
    pub credit_code: String,
    /// GB/T 4754-2017: a letter for the section and up to four digits, `B0610`.
    pub industry: Option<String>,
    /// At least one.
    pub kinds: Vec<Kind>,
    /// The division it lies in.
    pub region: AdminCode,
    /// At most 200 characters.
    pub address: Option<String>,
    pub place: Option<Coordinates>,
    /// What data access specifications call it by: 9 digits (hazchem), or 12.
    pub access_code: Option<String>,
    /// Its own entry in the register of organisations, where its people have accounts.
    pub organisation: Option<Id>,
    /// The organisation that supervises it.
    pub supervisor: Option<Id>,
}

impl EnterpriseDetails {
    /// Decides what is said of it, field by field; names of organisations are not looked
    /// up here, nor whether its codes are taken.
    ///
    /// # Errors
    /// [`Error::Invalid`] that names the field.
    pub fn decide(&self) -> Result<Description> {
        let credit_code: CreditCode =
            self.credit_code.trim().to_ascii_uppercase().parse().map_err(
                |error: crate::CreditCodeError| {
                    Error::invalid("credit_code", &self.credit_code, error.to_string())
                },
            )?;
        let place = self.place.map(|place| web::place("place", place)).transpose()?;
        Ok(Description {
            name: text("name", &self.name, 2, 100)?,
            short_name: field::text_opt("short_name", self.short_name.as_deref(), 40)?,
            credit_code,
            industry: industry(self.industry.as_deref())?,
            kinds: kinds(&self.kinds)?,
            address: field::text_opt("address", self.address.as_deref(), 200)?,
            place,
            access_code: access_code(self.access_code.as_deref())?,
            organisation: self.organisation,
            supervisor: self.supervisor,
            supervisor_name: None,
        })
    }

    /// Where it is at home by this.
    pub fn home(&self) -> Home {
        Home::region(self.region.clone()).org(self.organisation.or(self.supervisor))
    }
}

fn kinds(given: &[Kind]) -> Result<Vec<Kind>> {
    let mut kinds = given.to_vec();
    kinds.sort();
    kinds.dedup();
    if kinds.is_empty() {
        return Err(Error::invalid("kinds", "none", "at least one kind of enterprise"));
    }
    Ok(kinds)
}

fn industry(given: Option<&str>) -> Result<Option<String>> {
    let Some(given) = field::text_opt("industry", given, 16)? else { return Ok(None) };
    let code = given.to_ascii_uppercase();
    let (section, digits) = code.split_at(code.char_indices().nth(1).map_or(code.len(), |it| it.0));
    let known = section.len() == 1 && ("A"..="T").contains(&section);
    let fits =
        digits.bytes().all(|byte| byte.is_ascii_digit()) && matches!(digits.len(), 0 | 2..=4);
    if known && fits {
        return Ok(Some(code));
    }
    let expected = "a code of GB/T 4754-2017: A to T and none or 2 to 4 digits, such as B0610";
    Err(Error::invalid("industry", given, expected))
}

fn access_code(given: Option<&str>) -> Result<Option<String>> {
    let Some(given) = field::text_opt("access_code", given, 32)? else { return Ok(None) };
    let fits = matches!(given.len(), 9 | 12) && given.bytes().all(|byte| byte.is_ascii_digit());
    if fits { Ok(Some(given)) } else { Err(Error::invalid("access_code", given, "9 or 12 digits")) }
}

impl Enterprise {
    /// The region it lies in; a row of the register always has one.
    pub fn region(&self) -> Option<&AdminCode> {
        self.home.region.as_ref()
    }

    /// Where it lies, if anybody said so.
    pub fn place(&self) -> Option<Located> {
        self.description.place
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(crate) fn details() -> EnterpriseDetails {
        EnterpriseDetails {
            name: "虚构化工有限公司".to_owned(),
            short_name: Some(" ".to_owned()),
            credit_code: "91350100m000100y43".to_owned(),
            industry: Some("c2614".to_owned()),
            kinds: vec![Kind::Hazchem, Kind::Tailings, Kind::Hazchem],
            region: "220282".parse().expect("a code"),
            address: None,
            place: None,
            access_code: Some("220282001".to_owned()),
            organisation: None,
            supervisor: None,
        }
    }

    #[test]
    fn what_is_said_is_brought_into_one_form() {
        let description = details().decide().expect("sound");
        assert_eq!(description.credit_code.as_str(), "91350100M000100Y43");
        assert_eq!(description.industry.as_deref(), Some("C2614"));
        assert_eq!(description.kinds, [Kind::Tailings, Kind::Hazchem]);
        assert_eq!(description.short_name, None, "blanks are nothing");
    }

    #[test]
    fn each_mistake_names_its_field() {
        let check = |field: &str, change: fn(&mut EnterpriseDetails)| {
            let mut wrong = details();
            change(&mut wrong);
            match wrong.decide() {
                Err(Error::Invalid { field: named, .. }) => assert_eq!(named, field),
                other => panic!("{field}: {other:?}"),
            }
        };
        check("name", |it| it.name = " 虚 ".to_owned());
        check("credit_code", |it| it.credit_code = "91350100M000100Y44".to_owned());
        check("credit_code", |it| it.credit_code = "9135".to_owned());
        for wrong in ["", "U01", "B1", "B06100", "B０６", "采矿", "b 06"] {
            let mut other = details();
            other.industry = Some(wrong.to_owned());
            assert_eq!(other.decide().is_ok(), wrong.is_empty(), "{wrong}");
        }
        check("kinds", |it| it.kinds.clear());
        check("access_code", |it| it.access_code = Some("22028200１".to_owned()));
        check("address", |it| it.address = Some("长".repeat(201)));
    }
}
