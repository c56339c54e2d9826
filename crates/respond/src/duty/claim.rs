//! Who has taken what on the desk: one row per item, the last who took it.

use std::collections::HashMap;

use base::Id;
use host::{Entry, Home, Read, Record, Result, Summary, Tables, Tx, Value, params};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::model::{Item, ItemKind};
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

/// Records that `by` has the item from now on: the one way in which it changes hands,
/// for who takes it and for who is given it at a hand-over. It is at home where the item
/// is, or where the desk shows what no fact is about. `cause` is the fact that made it
/// happen, if not the item's own.
pub(crate) fn record(
    tx: &mut Tx<'_>,
    item: &Item,
    by: Person,
    from: Option<Person>,
    cause: Option<Id>,
) -> Result<()> {
    let title = item.title.clone();
    let claimed = DutyFact::Claimed(Claimed { kind: item.kind, item: item.id, title, by, from });
    let id = tx.new_id();
    let record = match tx.find_home(item.id)? {
        Some(home) => Record::first(id, home, claimed).follows(item.id),
        None => {
            let home = Home { region: item.region.clone(), ..Home::node() };
            Record::first(id, home, claimed).correlation(item.id)
        }
    };
    let record = if cause.is_some() { record.cause(cause) } else { record };
    tx.record(record).map(|_| ())
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

pub(super) fn summary(entry: &Entry, fact: &DutyFact) -> Summary {
    let DutyFact::Claimed(claimed) = fact;
    let (what, by) = (format!("{} {}", claimed.kind.word(), claimed.title), &claimed.by);
    // At a hand-over, whoever signs gives some lines to others.
    let by_itself = entry.header.actor.person == Some(by.person);
    let title = match &claimed.from {
        Some(from) if by_itself => format!("从 {} 接手{what}", from.name),
        Some(from) => format!("{} 从 {} 接手{what}", by.name, from.name),
        None if by_itself => format!("认领{what}"),
        None => format!("{} 承接{what}", by.name),
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
