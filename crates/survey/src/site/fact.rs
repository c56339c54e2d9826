//! What can happen to a site, and the only writer of its table.

use base::{Date, Located};
use host::{Entry, Slice, Summary, Table, Tables, params, row};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::SiteId;
use super::particulars::Particulars;
use crate::enterprise::{self, EnterpriseId};
use crate::life::{Closed, Started, State, Suspended, Turn};

host::facts! {
    /// What can happen to a site.
    pub enum SiteFact {
        "site.registered" v 1 => Registered(Registered),
        "site.changed" v 1 => Changed(Changed),
        "site.started" v 1 => Started(Started),
        "site.suspended" v 1 => Suspended(Suspended),
        "site.closed" v 1 => Closed(Closed),
        "site.rehomed" v 1 => Rehomed(Rehomed),
    }
}

/// What is said of a site, checked; its region is the fact's own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "SiteDescription")]
pub struct Description {
    pub name: String,
    pub code: String,
    pub address: Option<String>,
    pub place: Option<Located>,
    pub part_of: Option<SiteId>,
    pub particulars: Particulars,
}

/// It was entered in the register.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Registered {
    pub enterprise: EnterpriseId,
    /// What its enterprise was called then.
    pub enterprise_name: String,
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

/// It is at home where its enterprise is now; the fact's own home says where.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Rehomed {
    pub name: String,
}

const TABLES: &[Table] = &[Table::subjects("site")];

pub(crate) fn slice() -> Slice {
    Slice::new::<SiteFact>("site", 1, TABLES, enterprise::READ, apply, summary)
}

fn apply(tables: &mut Tables<'_>, entry: &Entry, fact: &SiteFact) {
    match fact {
        SiteFact::Registered(it) => {
            let said = &it.description;
            let row = row! {
                revision: 1,
                enterprise: it.enterprise,
                kind: said.particulars.kind().code(),
                code: &said.code,
                name: &said.name,
                part_of: said.part_of,
                grade: said.particulars.grade().map(i64::from),
                lon: said.place.map(|place| place.point.lon()),
                lat: said.place.map(|place| place.point.lat()),
                description: json!(said).to_string(),
                state: it.state.code(),
                since: it.since.to_string(),
                registered_at: entry.at(),
            };
            tables.put("site", entry, row);
        }
        SiteFact::Changed(Changed { description: said }) => tables.run(
            "update site set revision = revision + 1, code = $2, name = $3, part_of = $4, \
             grade = $5, lon = $6, lat = $7, description = $8 where id = $1",
            params![
                entry.header.subject,
                &said.code,
                &said.name,
                said.part_of,
                said.particulars.grade().map(i64::from),
                said.place.map(|place| place.point.lon()),
                said.place.map(|place| place.point.lat()),
                json!(said).to_string(),
            ],
        ),
        SiteFact::Started(Started(turn)) => set(tables, entry, State::Operating, turn),
        SiteFact::Suspended(Suspended(turn)) => set(tables, entry, State::Suspended, turn),
        SiteFact::Closed(Closed(turn)) => set(tables, entry, State::Closed, turn),
        // The host moves the row.
        SiteFact::Rehomed(_) => {}
    }
}

fn set(tables: &mut Tables<'_>, entry: &Entry, state: State, turn: &Turn) {
    tables.run(
        "update site set revision = revision + 1, state = $2, since = $3, reason = $4 \
         where id = $1",
        params![entry.header.subject, state.code(), turn.since.to_string(), &turn.reason],
    );
}

fn summary(entry: &Entry, fact: &SiteFact) -> Summary {
    let region = &entry.header.region;
    let title = match fact {
        SiteFact::Registered(it) => format!(
            "登记{} {}（{}，{}）",
            it.description.particulars.kind().word(),
            it.description.name,
            it.description.code,
            it.enterprise_name
        ),
        SiteFact::Changed(Changed { description: said }) => {
            format!("变更{} {} 的登记", said.particulars.kind().word(), said.name)
        }
        SiteFact::Started(Started(turn)) => turned("投用", turn),
        SiteFact::Suspended(Suspended(turn)) => turned("停用", turn),
        SiteFact::Closed(Closed(turn)) => turned("关闭", turn),
        SiteFact::Rehomed(it) => format!("{} 随企业变更归属", it.name),
    };
    Summary::new(title, json!({ "region": region }))
}

fn turned(word: &str, turn: &Turn) -> String {
    format!("{} 自 {} 起{word}：{}", turn.name, turn.since, turn.reason)
}
