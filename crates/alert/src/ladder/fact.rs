//! What can happen to a ladder, and the only writer of its table.

use host::{Entry, Slice, Summary, Table, Tables, params, row};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Plan, READ};

host::facts! {
    /// What can happen to a ladder. The subject is the ladder.
    pub enum LadderFact {
        "ladder.drawn" v 1 => Drawn(Drawn),
        "ladder.changed" v 1 => Changed(Changed),
        "ladder.retired" v 1 => Retired(Retired),
    }
}

/// It holds in its region, and below it where there is none nearer.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "LadderDrawn")]
pub struct Drawn {
    pub plan: Plan,
}

/// From now on it says this, all of it. What is climbed already goes on as it was.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "LadderChanged")]
pub struct Changed {
    pub plan: Plan,
}

/// It holds no more.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "LadderRetired")]
pub struct Retired {
    pub name: String,
    pub reason: String,
}

const TABLES: &[Table] = &[Table::subjects("ladder")];

pub(crate) fn slice() -> Slice {
    Slice::new::<LadderFact>("ladder", 1, TABLES, READ, apply, summary)
}

fn apply(tables: &mut Tables<'_>, entry: &Entry, fact: &LadderFact) {
    let id = entry.header.subject;
    match fact {
        LadderFact::Drawn(Drawn { plan }) => {
            let row = row! {
                revision: 1,
                name: &plan.name,
                levels: json!(plan.levels).to_string(),
                steps: json!(plan.steps).to_string(),
                state: "active",
                drawn_at: entry.at(),
                changed_at: entry.at(),
            };
            tables.put("ladder", entry, row);
        }
        LadderFact::Changed(Changed { plan }) => tables.run(
            "update ladder set revision = revision + 1, name = $2, levels = $3, steps = $4, \
             changed_at = $5 where id = $1",
            params![
                id,
                &plan.name,
                json!(plan.levels).to_string(),
                json!(plan.steps).to_string(),
                entry.at(),
            ],
        ),
        LadderFact::Retired(retired) => tables.run(
            "update ladder set revision = revision + 1, state = 'retired', reason = $2, \
             changed_at = $3 where id = $1",
            params![id, &retired.reason, entry.at()],
        ),
    }
}

fn summary(_: &Entry, fact: &LadderFact) -> Summary {
    let (title, state) = match fact {
        LadderFact::Drawn(it) => (format!("编制叫应名单 {}", said(&it.plan)), "active"),
        LadderFact::Changed(it) => (format!("变更叫应名单 {}", said(&it.plan)), "active"),
        LadderFact::Retired(it) => (format!("停用叫应名单 {}：{}", it.name, it.reason), "retired"),
    };
    Summary::new(title, json!({ "state": state }))
}

/// `桦甸防汛（红、橙，3 级）`.
fn said(plan: &Plan) -> String {
    let levels: Vec<&str> = plan.levels.iter().map(|level| level.word()).collect();
    format!("{}（{}，{} 级）", plan.name, levels.join("、"), plan.steps.len())
}
