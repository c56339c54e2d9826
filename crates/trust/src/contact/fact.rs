//! What can happen to somebody in the contact book, and the only writer of its table.

use base::Id;
use host::{Entry, Sealed, Slice, Summary, Table, Tables, params, row};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::READ;
use super::address::Address;

host::facts! {
    /// What can happen to a contact. The subject is the contact.
    pub enum ContactFact {
        "contact.entered" v 1 => Entered(Entered),
        "contact.changed" v 1 => Changed(Changed),
        "contact.retired" v 1 => Retired(Retired),
    }
}

/// What is said of a contact; its region and organisation are the fact's own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "ContactDescription")]
pub struct Description {
    pub name: String,
    /// 职务与责任: what they are called for.
    pub duty: String,
    /// Whose account tells them inside.
    pub person: Option<Id>,
}

/// Somebody was entered in the book.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "ContactEntered")]
pub struct Entered {
    pub description: Description,
    #[serde(flatten)]
    pub reached: Reached,
}

/// From now on this is said of them, all of it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "ContactChanged")]
pub struct Changed {
    pub description: Description,
    #[serde(flatten)]
    pub reached: Reached,
}

/// Where they are reached, sealed, and what of it may be known without opening it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "ContactReached")]
pub struct Reached {
    pub address: Sealed<Address>,
    pub has_mobile: bool,
    pub has_email: bool,
    /// By which an answer from that number is found; it tells nothing else.
    pub mobile_index: Option<String>,
}

/// They are told no more; their key goes with this.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "ContactRetired")]
pub struct Retired {
    pub name: String,
    pub reason: String,
}

const TABLES: &[Table] = &[Table::subjects("contact")];

pub(crate) fn slice() -> Slice {
    Slice::new::<ContactFact>("contact", 1, TABLES, READ, apply, summary)
}

fn apply(tables: &mut Tables<'_>, entry: &Entry, fact: &ContactFact) {
    let id = entry.header.subject;
    match fact {
        ContactFact::Entered(Entered { description, reached }) => {
            let row = row! {
                revision: 1,
                name: &description.name,
                duty: &description.duty,
                person: description.person,
                address: json!(reached.address).to_string(),
                has_mobile: reached.has_mobile,
                has_email: reached.has_email,
                mobile_index: reached.mobile_index.clone(),
                state: "active",
                entered_at: entry.at(),
            };
            tables.put("contact", entry, row);
        }
        ContactFact::Changed(Changed { description, reached }) => tables.run(
            "update contact set revision = revision + 1, name = $2, duty = $3, person = $4, \
             address = $5, has_mobile = $6, has_email = $7, mobile_index = $8 where id = $1",
            params![
                id,
                &description.name,
                &description.duty,
                description.person,
                json!(reached.address).to_string(),
                reached.has_mobile,
                reached.has_email,
                reached.mobile_index.clone(),
            ],
        ),
        ContactFact::Retired(retired) => tables.run(
            "update contact set revision = revision + 1, state = 'retired', reason = $2, \
             mobile_index = null where id = $1",
            params![id, &retired.reason],
        ),
    }
}

fn summary(_: &Entry, fact: &ContactFact) -> Summary {
    let (title, state) = match fact {
        ContactFact::Entered(it) => {
            let Description { name, duty, .. } = &it.description;
            (format!("通讯录登记 {name}（{duty}）"), "active")
        }
        ContactFact::Changed(it) => {
            let Description { name, duty, .. } = &it.description;
            (format!("通讯录变更 {name}（{duty}）"), "active")
        }
        ContactFact::Retired(it) => (format!("通讯录移除 {}：{}", it.name, it.reason), "retired"),
    };
    Summary::new(title, json!({ "state": state }))
}
