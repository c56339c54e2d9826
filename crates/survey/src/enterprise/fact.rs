//! What can happen to an enterprise, and the only writer of its tables.

use base::{Date, Id, Located};
use host::{Entry, Sealed, Slice, Summary, Table, Tables, params, row};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::contact::{ContactId, Duty, Person};
use super::{Kind, READ};
use crate::CreditCode;
use crate::life::{Closed, Started, State, Suspended, Turn};

host::facts! {
    /// What can happen to an enterprise.
    pub enum EnterpriseFact {
        "enterprise.registered" v 1 => Registered(Registered),
        "enterprise.changed" v 1 => Changed(Changed),
        "enterprise.started" v 1 => Started(Started),
        "enterprise.suspended" v 1 => Suspended(Suspended),
        "enterprise.closed" v 1 => Closed(Closed),
        "enterprise.contact_named" v 1 => ContactNamed(ContactNamed),
        "enterprise.contact_removed" v 1 => ContactRemoved(ContactRemoved),
    }
}

/// What is said of an enterprise, checked; its region is the fact's own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "EnterpriseDescription")]
pub struct Description {
    pub name: String,
    pub short_name: Option<String>,
    #[schemars(with = "String")]
    pub credit_code: CreditCode,
    pub industry: Option<String>,
    pub kinds: Vec<Kind>,
    pub address: Option<String>,
    pub place: Option<Located>,
    pub access_code: Option<String>,
    pub organisation: Option<Id>,
    pub supervisor: Option<Id>,
    /// What the supervising organisation was called then.
    pub supervisor_name: Option<String>,
}

/// It was entered in the register.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Registered {
    pub description: Description,
    pub state: State,
    /// In that state since this day, in Beijing.
    pub since: Date,
}

/// From now on this is said of it, all of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Changed {
    pub description: Description,
}

/// Somebody is called for it from now on.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct ContactNamed {
    pub contact: ContactId,
    pub duty: Duty,
    pub person: Sealed<Person>,
    /// What the enterprise was called then.
    pub enterprise_name: String,
}

/// Somebody is called for it no more; their key goes with this.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ContactRemoved {
    pub contact: ContactId,
    pub duty: Duty,
    pub reason: String,
    pub enterprise_name: String,
}

const TABLES: &[Table] = &[
    Table::subjects("enterprise"),
    Table::facts("enterprise_kind"),
    Table::facts("enterprise_contact"),
];

pub(crate) fn slice() -> Slice {
    Slice::new::<EnterpriseFact>("enterprise", 1, TABLES, READ, apply, summary)
}

fn apply(tables: &mut Tables<'_>, entry: &Entry, fact: &EnterpriseFact) {
    match fact {
        EnterpriseFact::Registered(it) => {
            let said = &it.description;
            let row = row! {
                revision: 1,
                name: &said.name,
                short_name: said.short_name.clone(),
                credit_code: said.credit_code.as_str(),
                access_code: said.access_code.clone(),
                lon: said.place.map(|place| place.point.lon()),
                lat: said.place.map(|place| place.point.lat()),
                description: json!(said).to_string(),
                state: it.state.code(),
                since: it.since.to_string(),
                registered_at: entry.at(),
            };
            tables.put("enterprise", entry, row);
            put_kinds(tables, entry, &said.kinds);
        }
        EnterpriseFact::Changed(Changed { description: said }) => {
            tables.run(
                "update enterprise set revision = revision + 1, name = $2, short_name = $3, \
                 credit_code = $4, access_code = $5, lon = $6, lat = $7, description = $8 \
                 where id = $1",
                params![
                    entry.header.subject,
                    &said.name,
                    said.short_name.clone(),
                    said.credit_code.as_str(),
                    said.access_code.clone(),
                    said.place.map(|place| place.point.lon()),
                    said.place.map(|place| place.point.lat()),
                    json!(said).to_string(),
                ],
            );
            put_kinds(tables, entry, &said.kinds);
        }
        EnterpriseFact::Started(Started(turn)) => set(tables, entry, State::Operating, turn),
        EnterpriseFact::Suspended(Suspended(turn)) => set(tables, entry, State::Suspended, turn),
        EnterpriseFact::Closed(Closed(turn)) => set(tables, entry, State::Closed, turn),
        EnterpriseFact::ContactNamed(it) => {
            tables.run(
                "insert into enterprise_contact (id, enterprise, duty, person) \
             values ($1, $2, $3, $4) on conflict (enterprise, id) do nothing",
                params![
                    it.contact,
                    entry.header.subject,
                    it.duty.code(),
                    json!(it.person).to_string(),
                ],
            )
        }
        EnterpriseFact::ContactRemoved(it) => tables.run(
            "delete from enterprise_contact where id = $1 and enterprise = $2",
            params![it.contact, entry.header.subject],
        ),
    }
}

fn put_kinds(tables: &mut Tables<'_>, entry: &Entry, kinds: &[Kind]) {
    let id = entry.header.subject;
    tables.run("delete from enterprise_kind where enterprise = $1", params![id]);
    for kind in kinds {
        tables.run(
            "insert into enterprise_kind (enterprise, kind) values ($1, $2) \
             on conflict (enterprise, kind) do nothing",
            params![id, kind.code()],
        );
    }
}

fn set(tables: &mut Tables<'_>, entry: &Entry, state: State, turn: &Turn) {
    tables.run(
        "update enterprise set revision = revision + 1, state = $2, since = $3, reason = $4 \
         where id = $1",
        params![entry.header.subject, state.code(), turn.since.to_string(), &turn.reason],
    );
}

fn summary(entry: &Entry, fact: &EnterpriseFact) -> Summary {
    let region = &entry.header.region;
    let title = match fact {
        EnterpriseFact::Registered(it) => {
            format!("登记企业 {}（{}）", it.description.name, it.description.credit_code)
        }
        EnterpriseFact::Changed(it) => format!("变更企业 {} 的登记", it.description.name),
        EnterpriseFact::Started(Started(turn)) => turned("投产", turn),
        EnterpriseFact::Suspended(Suspended(turn)) => turned("停产", turn),
        EnterpriseFact::Closed(Closed(turn)) => turned("关闭", turn),
        // Neither name nor number: a summary is on every screen.
        EnterpriseFact::ContactNamed(it) => {
            format!("登记企业 {} 的{}", it.enterprise_name, it.duty.word())
        }
        EnterpriseFact::ContactRemoved(it) => {
            format!("移除企业 {} 的{}：{}", it.enterprise_name, it.duty.word(), it.reason)
        }
    };
    Summary::new(title, json!({ "region": region }))
}

fn turned(word: &str, turn: &Turn) -> String {
    format!("企业 {} 自 {} 起{word}：{}", turn.name, turn.since, turn.reason)
}
