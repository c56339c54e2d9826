//! The list of errands, and what a person decides about one that waits for them.

use base::Id;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::run::{Next, take};
use super::store::{self, Errand};
use super::{State, Step};
use crate::error::{Error, Result};
use crate::web::{Body, Json, Paged, Params, Path, Scoped, text};
use crate::{
    Caller, Entry, Idempotency, Page, Part, Permission, Record, Reply, Routes, Scope, Slice,
    Summary, Table, Tables, Tx, World,
};

pub const READ: Permission = Permission::new("errand.read", "查看外发事项");
pub const RESOLVE: Permission = Permission::new("errand.resolve", "处置外发事项");

crate::facts! {
    /// What people decide about errands.
    pub enum ErrandFact {
        "errand.resolved" v 1 => Resolved(Resolved),
    }
}

/// What is to be done about an errand that waits for a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// It is attempted once more, under the same key.
    TryAgain,
    /// It is known to be out: by telephone, say.
    WentOut,
    /// It is not to go out any more.
    GiveUp,
}

/// A person decided about an errand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Resolved {
    pub effect: String,
    /// What the errand was about.
    pub subject: Id,
    pub title: String,
    /// Whether it was uncertain, or had not gone out.
    pub was: String,
    pub decision: Decision,
    pub reason: String,
    pub by: String,
}

pub(crate) fn part() -> Part {
    const TABLES: &[Table] = &[Table::working("errand")];
    // Nothing is folded: errands are working state, the decision is for the record.
    fn apply(_: &mut Tables<'_>, _: &Entry, _: &ErrandFact) {}
    let slice = Slice::new::<ErrandFact>("errand", 1, TABLES, READ, apply, summary);
    Part {
        name: "errands",
        slices: vec![slice.of_the_node()],
        routes: routes(),
        permissions: vec![READ, RESOLVE],
        ..Part::default()
    }
}

fn summary(_: &Entry, ErrandFact::Resolved(it): &ErrandFact) -> Summary {
    let decided = match it.decision {
        Decision::TryAgain => "重新发出",
        Decision::WentOut => "确认已发出",
        Decision::GiveUp => "不再发出",
    };
    Summary::new(
        format!("{decided}：{}（{}）", it.title, it.reason),
        serde_json::json!({ "effect": it.effect, "decision": it.decision }),
    )
}

fn routes() -> Routes {
    Routes::new()
        .get("/api/errands", READ, "Lists what goes out of this node, the latest first", list)
        .asks::<ErrandQuery>()
        .paged()
        .gives::<Page<Errand>>()
        .get("/api/errands/{id}", READ, "Gives an errand", show)
        .gives::<Errand>()
        .post(
            "/api/errands/{id}/resolve",
            RESOLVE,
            "Decides about an errand that is uncertain or was given up",
            resolve,
        )
        .takes::<Resolve>()
        .gives::<Errand>()
}

#[derive(Debug, Deserialize, JsonSchema)]
struct ErrandQuery {
    /// Only those in this state.
    state: Option<State>,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct Resolve {
    decision: Decision,
    reason: String,
}

async fn list(
    world: World,
    Scoped(scope): Scoped,
    Params(query): Params<ErrandQuery>,
    page: Paged,
) -> Result<Json<Page<Errand>>> {
    let Paged { position, limit } = page;
    let found = world.read(move |db| store::list(db, &scope, query.state, position, limit)).await?;
    Ok(Json(Page::cut(found, limit, |it| (it.changed_at.as_millis(), it.id.to_string()))))
}

async fn show(world: World, Scoped(scope): Scoped, Path(id): Path<Id>) -> Result<Json<Errand>> {
    Ok(Json(world.read(move |db| store::load(db, &scope, id)).await?))
}

async fn resolve(
    world: World,
    caller: Caller,
    key: Idempotency,
    Scoped(scope): Scoped,
    Path(id): Path<Id>,
    Body(body): Body<Resolve>,
) -> Result<Reply<Errand>> {
    let reason = text("reason", &body.reason, 2, 200)?;
    let by = caller.name.clone();
    world.commit(&caller, key, move |tx| decide(tx, &scope, id, body.decision, reason, by)).await
}

pub(super) fn decide(
    tx: &mut Tx<'_>,
    scope: &Scope,
    id: Id,
    decision: Decision,
    reason: String,
    by: String,
) -> Result<Errand> {
    let errand = store::load(tx, scope, id)?;
    if !errand.state.waits_for_a_person() {
        let detail = format!("it is {}, and waits for nobody", errand.state.as_str());
        return Err(Error::conflict("errand-not-waiting", detail));
    }
    let kit = tx.kit;
    let effect = kit.effects.iter().find(|effect| effect.name() == errand.effect);
    let effect = effect.ok_or_else(|| {
        Error::conflict("effect-unknown", format!("this program does not do {}", errand.effect))
    })?;
    let resolved = Resolved {
        effect: errand.effect.clone(),
        subject: errand.subject,
        title: errand.title.clone(),
        was: errand.state.as_str().to_owned(),
        decision,
        reason,
        by,
    };
    let mut record = Record::first(id, errand.home(), ErrandFact::Resolved(resolved.clone()));
    if let Some((cause, correlation)) = errand.thread() {
        record = record.cause(cause).correlation(correlation);
    }
    tx.record(record)?;
    let state = match decision {
        Decision::TryAgain => State::Queued,
        Decision::WentOut => State::Done,
        Decision::GiveUp => State::GivenUp,
    };
    let (failures, due_at) = (0, tx.now());
    let step = Some(Step::Resolved(resolved));
    let next = Next { failures, due_at, step, ..Next::to(state, &errand) };
    take(tx, &**effect, errand, &next)?;
    store::load(tx, scope, id)
}
