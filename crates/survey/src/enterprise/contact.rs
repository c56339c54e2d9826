//! Who is to be called at an enterprise: personal data, sealed under a key for each
//! person, which goes when they do.

use host::sealed::{Keys, Mask, Opened};
use host::web::text;
use host::{Error, Read, Result, Row, Sealed, params};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::EnterpriseId;

base::typed_id!(ContactId, "A person to be called at an enterprise; the key is theirs.");
host::db_id!(ContactId);

/// What they are called for.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "ContactDuty")]
pub enum Duty {
    /// 主要负责人
    Head,
    /// 安全负责人
    Safety,
    /// 技术负责人
    Technical,
    /// 值班电话
    OnDuty,
    /// 其他
    Other,
}

impl Duty {
    const ALL: [Duty; 5] = [Duty::Head, Duty::Safety, Duty::Technical, Duty::OnDuty, Duty::Other];

    pub fn code(self) -> &'static str {
        match self {
            Duty::Head => "head",
            Duty::Safety => "safety",
            Duty::Technical => "technical",
            Duty::OnDuty => "on_duty",
            Duty::Other => "other",
        }
    }

    pub fn word(self) -> &'static str {
        match self {
            Duty::Head => "主要负责人",
            Duty::Safety => "安全负责人",
            Duty::Technical => "技术负责人",
            Duty::OnDuty => "值班电话",
            Duty::Other => "其他联系人",
        }
    }
}

impl std::str::FromStr for Duty {
    type Err = Error;

    fn from_str(text: &str) -> Result<Duty> {
        let found = Duty::ALL.into_iter().find(|duty| duty.code() == text);
        found.ok_or_else(|| Error::invalid("duty", text, "what somebody is called for"))
    }
}

/// A name and a number: personal data.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "ContactPerson")]
pub struct Person {
    /// 1 to 40 characters.
    pub name: String,
    /// 3 to 32 characters: digits, `+`, hyphens and spaces.
    pub phone: String,
}

impl std::fmt::Debug for Person {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Person")
    }
}

impl Person {
    /// The person in one form.
    ///
    /// # Errors
    /// [`Error::Invalid`] that names the field, and says nothing of what was typed.
    pub fn checked(&self) -> Result<Person> {
        let phone = text("phone", &self.phone, 3, 32)?;
        let is_number = |c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | ' ' | '(' | ')');
        if !phone.chars().all(is_number) || phone.chars().filter(char::is_ascii_digit).count() < 3 {
            return Err(Error::invalid(
                "phone",
                "other characters",
                "digits, +, hyphens and spaces",
            ));
        }
        Ok(Person { name: text("name", &self.name, 1, 40)?, phone })
    }
}

impl Mask for Person {
    type Masked = Person;

    fn masked(&self) -> Person {
        Person { name: base::mask::name(&self.name), phone: base::mask::phone(&self.phone) }
    }
}

/// A contact as its row has it.
#[derive(Debug, Clone)]
pub struct Contact {
    pub id: ContactId,
    pub duty: Duty,
    pub person: Sealed<Person>,
}

/// A contact as the API gives it.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[schemars(rename = "Contact")]
pub struct ContactShown {
    pub id: ContactId,
    pub duty: Duty,
    /// Masked, or whole where it was asked for and noted; `null` when the key is not on
    /// this node or was destroyed.
    pub person: Option<Person>,
    /// The key was destroyed: nobody reads it again.
    pub destroyed: bool,
}

impl Contact {
    pub(super) fn masked(&self, keys: &Keys) -> Result<ContactShown> {
        Ok(self.shown(keys.open_masked(&self.person)?))
    }

    pub(super) fn shown(&self, opened: Opened<Person>) -> ContactShown {
        let destroyed = matches!(opened, Opened::Destroyed);
        ContactShown { id: self.id, duty: self.duty, person: opened.value(), destroyed }
    }
}

/// The contacts of an enterprise that was loaded within a scope, in the order of duties.
pub(super) fn of(db: &mut dyn Read, enterprise: EnterpriseId) -> Result<Vec<Contact>> {
    let rows = db.rows(
        "select id, duty, person from enterprise_contact where enterprise = $1 order by id",
        params![enterprise],
    )?;
    let mut contacts = rows.iter().map(from_row).collect::<Result<Vec<_>>>()?;
    contacts.sort_by_key(|contact| contact.duty);
    Ok(contacts)
}

/// One of them; `None` for one of another enterprise, or that is there no more.
pub(super) fn find(
    db: &mut dyn Read,
    enterprise: EnterpriseId,
    id: ContactId,
) -> Result<Option<Contact>> {
    let row = db.row(
        "select id, duty, person from enterprise_contact where enterprise = $1 and id = $2",
        params![enterprise, id],
    )?;
    row.as_ref().map(from_row).transpose()
}

fn from_row(row: &Row) -> Result<Contact> {
    Ok(Contact { id: row.get("id")?, duty: row.parse("duty")?, person: row.json("person")? })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(name: &str, phone: &str) -> Result<Person> {
        Person { name: name.to_owned(), phone: phone.to_owned() }.checked()
    }

    #[test]
    fn a_number_is_one_and_a_refusal_does_not_repeat_it() {
        for fine in ["13812345678", "0432-63351720", "+86 138 1234 5678", "119"] {
            assert!(checked("于海棠", fine).is_ok(), "{fine}");
        }
        for wrong in ["138一二", "--", "", "1３812345678"] {
            let refused = checked("于海棠", wrong).expect_err(wrong).to_string();
            assert!(wrong.is_empty() || !refused.contains(wrong), "{refused}");
        }
        assert_eq!(format!("{:?}", checked("于海棠", "119").expect("fits")), "Person");
    }
}
