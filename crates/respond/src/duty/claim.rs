//! Who has taken what on the desk: one row per item, the last who took it.

use std::collections::HashMap;

use base::Id;
use host::{Entry, Read, Result, Summary, Tables, Value, params};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::model::ItemKind;
use crate::person::Person;

host::facts! {
    /// What can happen on the duty desk.
    pub enum DutyFact {
        "duty.claimed" v 1 => Claimed(Claimed),
    }
}

/// An officer took an item: from now on the others see whose it is.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Claimed {
    pub kind: ItemKind,
    pub item: Id,
    pub title: String,
    /// Who takes it.
    pub by: Person,
    /// Who had it before, at a hand-over.
    pub from: Option<Person>,
}

/// A claim as it stands.
#[derive(Debug, Clone)]
pub(super) struct Claim {
    pub person: Person,
}

pub(super) fn apply(tables: &mut Tables<'_>, entry: &Entry, fact: &DutyFact) {
    let DutyFact::Claimed(claimed) = fact;
    tables.run(
        "insert into duty_claim (kind, item, person, person_name, claimed_at) \
         values ($1, $2, $3, $4, $5) on conflict (kind, item) do update \
         set person = excluded.person, person_name = excluded.person_name, \
         claimed_at = excluded.claimed_at",
        params![
            claimed.kind.code(),
            claimed.item,
            claimed.by.person,
            &claimed.by.name,
            entry.at(),
        ],
    );
}

pub(super) fn summary(_: &Entry, fact: &DutyFact) -> Summary {
    let DutyFact::Claimed(claimed) = fact;
    let title = match &claimed.from {
        Some(from) => format!("从 {} 接手{} {}", from.name, claimed.kind.word(), claimed.title),
        None => format!("认领{} {}", claimed.kind.word(), claimed.title),
    };
    Summary::new(
        title,
        serde_json::json!({
            "kind": claimed.kind,
            "item": claimed.item,
            "owner": claimed.by,
        }),
    )
}

/// Who has which of these items. Whoever sees an item sees whose it is.
pub(super) fn of(
    db: &mut dyn Read,
    items: impl Iterator<Item = Id>,
) -> Result<HashMap<(ItemKind, Id), Claim>> {
    let params: Vec<Value> = items.map(Value::from).collect();
    if params.is_empty() {
        return Ok(HashMap::new());
    }
    let places: Vec<String> = (1..=params.len()).map(|place| format!("${place}")).collect();
    let rows = db.rows(
        &format!(
            "select kind, item, person, person_name from duty_claim where item in ({}) \
             order by kind, item",
            places.join(", ")
        ),
        &params,
    )?;
    let mut claims = HashMap::new();
    for row in rows {
        let code: String = row.get("kind")?;
        if let Some(kind) = ItemKind::from_code(&code) {
            let person = Person { person: row.get("person")?, name: row.get("person_name")? };
            claims.insert((kind, row.get("item")?), Claim { person });
        }
    }
    Ok(claims)
}
