//! What can happen to a hold, and the only writer of its table.

use base::{AdminCode, Id, Timestamp};
use host::{Entry, Slice, Summary, Table, Tables, params, row};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::READ;
use crate::station::{SensorId, StationId};

base::typed_id!(HoldId, "A range of readings that is held, whatever its class says.");
host::db_id!(HoldId);

host::facts! {
    /// What can happen to a hold.
    pub enum HoldFact {
        "hold.placed" v 1 => Placed(Placed),
        "hold.limited" v 1 => Limited(Limited),
        "hold.ended" v 1 => Ended(Ended),
    }
}

/// Readings of a range are held from now on: retention leaves them where they are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Placed {
    pub name: String,
    pub reason: String,
    pub from: Timestamp,
    /// `null` while nobody knows: for all that comes, too.
    pub to: Option<Timestamp>,
    pub extent: Extent,
    /// What it is held for, when that is a subject of its own: an incident.
    pub about: Option<Id>,
    /// When the hold ends by itself.
    pub release_at: Option<Timestamp>,
    /// Who held it, by name at that time.
    pub by: Option<String>,
}

/// Whose readings are held: all that one of these names.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "HoldExtent")]
pub struct Extent {
    #[serde(default)]
    pub regions: Vec<AdminCode>,
    #[serde(default)]
    pub stations: Vec<StationId>,
    #[serde(default)]
    pub sensors: Vec<SensorId>,
}

/// It is known by now where the range ends, and when the hold does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Limited {
    pub to: Timestamp,
    pub release_at: Option<Timestamp>,
}

/// Nothing is held by it any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Ended {
    pub reason: String,
    /// Who ended it, by name at that time; nobody when its time was over.
    pub by: Option<String>,
}

const TABLES: &[Table] = &[Table::subjects("reading_hold"), Table::working("retention_run")];

pub(crate) fn slice() -> Slice {
    Slice::new::<HoldFact>("hold", 1, TABLES, READ, apply, summary)
}

fn apply(tables: &mut Tables<'_>, entry: &Entry, fact: &HoldFact) {
    match fact {
        HoldFact::Placed(it) => {
            let row = row! {
                name: &it.name,
                reason: &it.reason,
                from_at: it.from,
                to_at: it.to,
                extent: json!(it.extent).to_string(),
                about: it.about,
                release_at: it.release_at,
                placed_at: entry.at(),
                placed_by: it.by.clone(),
            };
            tables.put("reading_hold", entry, row);
        }
        HoldFact::Limited(it) => tables.run(
            "update reading_hold set to_at = $2, release_at = $3 where id = $1",
            params![entry.header.subject, it.to, it.release_at],
        ),
        HoldFact::Ended(it) => tables.run(
            "update reading_hold set ended_at = $2, ended_by = $3, ended_reason = $4 \
             where id = $1",
            params![entry.header.subject, entry.at(), it.by.clone(), &it.reason],
        ),
    }
}

fn summary(entry: &Entry, fact: &HoldFact) -> Summary {
    let region = &entry.header.region;
    match fact {
        HoldFact::Placed(it) => Summary::new(
            format!("冻结监测数据：{}（{}）", it.name, it.reason),
            json!({ "name": it.name, "region": region, "state": "held" }),
        ),
        HoldFact::Limited(it) => Summary::new(
            format!("数据冻结范围截至 {}", it.to.to_beijing()),
            json!({ "region": region, "state": "held" }),
        ),
        HoldFact::Ended(it) => Summary::new(
            format!("解除数据冻结：{}", it.reason),
            json!({ "region": region, "state": "ended" }),
        ),
    }
}
