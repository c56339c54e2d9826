//! The doors of notices: a list, one, and taking it.

use std::sync::Arc;

use base::{AdminCode, Hazard, Id, Level, Timestamp};
use host::web::{Body, Idempotency, Json, Paged, Params, Path, Scoped, text};
use host::{Caller, Page, Record, Reply, Result, Routes, World};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::model::Acknowledgement;
use super::store::Wanted;
use super::{ACKNOWLEDGE, Notice, NoticeFact, NoticeId, READ, State, store};
use crate::column;

pub(crate) fn routes(unit: &Arc<str>) -> Routes {
    let (listing, one, taking) = (unit.clone(), unit.clone(), unit.clone());
    Routes::new()
        .get(
            "/api/notices",
            READ,
            "Lists risk notices, newest first",
            move |world, scope, query, page| list(listing.clone(), world, scope, query, page),
        )
        .asks::<NoticeQuery>()
        .paged()
        .gives::<Page<NoticeView>>()
        .get("/api/notices/{id}", READ, "Shows a risk notice", move |world, scope, id| {
            show(one.clone(), world, scope, id)
        })
        .gives::<NoticeView>()
        .post(
            "/api/notices/{id}/acknowledge",
            ACKNOWLEDGE,
            "Takes a risk notice and says what is done about it",
            move |world, caller, key, id, body| {
                acknowledge(taking.clone(), world, caller, key, id, body)
            },
        )
        .takes::<AcknowledgeNotice>()
        .gives::<NoticeView>()
}

/// A notice as the API gives it.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Notice")]
pub(crate) struct NoticeView {
    id: NoticeId,
    /// 文号, such as `T-220282-0803-01`.
    number: String,
    finding: Id,
    correlation: Id,
    /// `null` of a county that an earthquake shook.
    station: Option<Id>,
    station_name: String,
    region: AdminCode,
    hazard: Hazard,
    level: Level,
    title: String,
    text: String,
    /// 发布单位.
    issuer: String,
    /// The rule in whose name it went out by itself.
    signer: String,
    sent_at: Timestamp,
    state: State,
    acknowledged: Option<Acknowledgement>,
    due_at: Timestamp,
}

impl NoticeView {
    fn of(notice: Notice, unit: &str) -> NoticeView {
        NoticeView {
            id: notice.id,
            number: notice.number,
            finding: notice.finding,
            correlation: notice.correlation,
            station: notice.station,
            station_name: notice.station_name,
            region: notice.region,
            hazard: notice.hazard,
            level: notice.level,
            title: notice.title,
            text: notice.text,
            issuer: unit.to_owned(),
            signer: notice.signer,
            sent_at: notice.sent_at,
            state: notice.state,
            acknowledged: notice.acknowledged,
            due_at: notice.due_at,
        }
    }
}

/// Which notices are wanted.
#[derive(Debug, Default, Deserialize, JsonSchema)]
struct NoticeQuery {
    /// `sent`, `acknowledged`, `overdue`, or several with commas.
    state: Option<String>,
    /// This region and those that report to it.
    region: Option<AdminCode>,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct AcknowledgeNotice {
    /// What the duty desk does about it, 1 to 1000 characters.
    feedback: String,
}

async fn list(
    unit: Arc<str>,
    world: World,
    Scoped(scope): Scoped,
    Params(query): Params<NoticeQuery>,
    page: Paged,
) -> Result<Json<Page<NoticeView>>> {
    let expected = "sent, acknowledged or overdue";
    let states = column::codes("state", query.state.as_deref(), State::from_code, expected)?;
    let wanted = Wanted { states, region: query.region };
    let limit = page.limit;
    let notices = world.read(move |db| store::list(db, &scope, &wanted, &page)).await?;
    let page =
        Page::cut(notices, limit, |notice| (notice.sent_at.as_millis(), notice.id.to_string()));
    let items = page.items.into_iter().map(|notice| NoticeView::of(notice, &unit)).collect();
    Ok(Json(Page { items, next: page.next }))
}

async fn show(
    unit: Arc<str>,
    world: World,
    Scoped(scope): Scoped,
    Path(id): Path<NoticeId>,
) -> Result<Json<NoticeView>> {
    let notice = world.read(move |db| store::load(db, &scope, id)).await?;
    Ok(Json(NoticeView::of(notice, &unit)))
}

async fn acknowledge(
    unit: Arc<str>,
    world: World,
    caller: Caller,
    key: Idempotency,
    Path(id): Path<NoticeId>,
    Body(body): Body<AcknowledgeNotice>,
) -> Result<Reply<NoticeView>> {
    let scope = caller.scope(ACKNOWLEDGE)?;
    let feedback = text("feedback", &body.feedback, 1, 1_000)?;
    world
        .commit(&caller, key, move |tx| {
            let notice = store::load(tx, &scope, id)?;
            let by = tx.actor_name().unwrap_or_default().to_owned();
            let acknowledged = notice.acknowledge(by, feedback)?;
            tx.record(Record::next(id, NoticeFact::Acknowledged(acknowledged)))?;
            Ok(NoticeView::of(store::load(tx, &scope, id)?, &unit))
        })
        .await
}
