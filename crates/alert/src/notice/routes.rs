//! The doors of notices: a list, one, taking it, and saying what was found.

use std::sync::Arc;

use base::{AdminCode, Hazard, Id, Level, Timestamp};
use host::web::{Body, Idempotency, Json, Paged, Params, Path, Scoped, text};
use host::{Caller, Error, Page, Record, Reply, Result, Routes, Scope, Tx, World};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::model::{Acknowledgement, Check, Escalation, Side, Standing, Verdict, Verification};
use super::store::Wanted;
use super::{
    ACKNOWLEDGE, FEEDBACK, Notice, NoticeFact, NoticeId, READ, State, Step, desk_of, store,
};
use crate::{column, finding};

pub(crate) fn routes(unit: &Arc<str>) -> Routes {
    let (listing, one, taking) = (unit.clone(), unit.clone(), unit.clone());
    let (verifying, feeding) = (unit.clone(), unit.clone());
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
            "Takes a risk notice for the duty desk, with a word on what is done or without",
            move |world, caller, key, id, body| {
                acknowledge(taking.clone(), world, caller, key, id, body)
            },
        )
        .takes::<AcknowledgeNotice>()
        .gives::<NoticeView>()
        .post(
            "/api/notices/{id}/verify",
            ACKNOWLEDGE,
            "Says for the duty desk what was found on looking",
            move |world, caller, key, id, body| {
                verify(verifying.clone(), world, caller, key, id, body)
            },
        )
        .takes::<CheckNotice>()
        .gives::<NoticeView>()
        .post(
            "/api/notices/{id}/feedback",
            FEEDBACK,
            "Says for the enterprise what was found on looking, which verifies nothing",
            move |world, caller, key, id, body| {
                feed_back(feeding.clone(), world, caller, key, id, body)
            },
        )
        .takes::<CheckNotice>()
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
    /// The organisation whose station it is about.
    org: Option<Id>,
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
    /// By when somebody has to take it.
    due_at: Timestamp,
    acknowledged: Option<Acknowledgement>,
    /// By when the desk has to verify it, from when it was taken on. `null` also of one that
    /// was taken and answered in one step, as it was before there were two.
    verify_by: Option<Timestamp>,
    /// What it waits for now; `null` when for nobody.
    step: Option<Step>,
    /// When it goes up, or further up, unless somebody acts.
    next_at: Option<Timestamp>,
    /// The desk's last final word.
    verified: Option<Verification>,
    closed_at: Option<Timestamp>,
    /// All that was said of it, the oldest first.
    checks: Vec<Check>,
    /// Each time it went up, the first one first.
    escalations: Vec<Escalation>,
}

impl NoticeView {
    fn of(notice: Notice, unit: &str) -> NoticeView {
        NoticeView {
            step: notice.step(),
            id: notice.id,
            number: notice.number,
            finding: notice.finding,
            correlation: notice.correlation,
            station: notice.station,
            station_name: notice.station_name,
            region: notice.region,
            org: notice.org,
            hazard: notice.hazard,
            level: notice.level,
            title: notice.title,
            text: notice.text,
            issuer: unit.to_owned(),
            signer: notice.signer,
            sent_at: notice.sent_at,
            state: notice.state,
            due_at: notice.due_at,
            acknowledged: notice.acknowledged,
            verify_by: notice.verify_by,
            next_at: notice.next_at,
            verified: notice.verified,
            closed_at: notice.closed_at,
            checks: notice.checks,
            escalations: notice.escalations,
        }
    }
}

/// Which notices are wanted.
#[derive(Debug, Default, Deserialize, JsonSchema)]
struct NoticeQuery {
    /// `sent`, `overdue`, `acknowledged`, `unverified`, `verified`, `closed`, or several with
    /// commas.
    state: Option<String>,
    /// `open`: what waits for a desk; `ended`: all others.
    standing: Option<Standing>,
    /// This region and those that report to it.
    region: Option<AdminCode>,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct AcknowledgeNotice {
    /// What the duty desk does about it, 1 to 1000 characters; nothing to take it first.
    feedback: Option<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct CheckNotice {
    verdict: Verdict,
    /// What was found, 1 to 1000 characters.
    words: String,
}

async fn list(
    unit: Arc<str>,
    world: World,
    Scoped(scope): Scoped,
    Params(query): Params<NoticeQuery>,
    page: Paged,
) -> Result<Json<Page<NoticeView>>> {
    let expected = "sent, overdue, acknowledged, unverified, verified or closed";
    let states = column::codes("state", query.state.as_deref(), State::from_code, expected)?;
    let wanted = Wanted { states, standing: query.standing, region: query.region };
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
    let desk = Desk::of(&caller)?;
    let feedback = body.feedback.map(|it| text("feedback", &it, 1, 1_000)).transpose()?;
    world
        .commit(&caller, key, move |tx| {
            let acknowledged = desk.load(tx, id)?.acknowledge(name(tx), feedback, tx.now())?;
            tx.record(Record::next(id, NoticeFact::Acknowledged(acknowledged)))?;
            Ok(NoticeView::of(desk.load(tx, id)?, &unit))
        })
        .await
}

async fn verify(
    unit: Arc<str>,
    world: World,
    caller: Caller,
    key: Idempotency,
    Path(id): Path<NoticeId>,
    Body(body): Body<CheckNotice>,
) -> Result<Reply<NoticeView>> {
    let desk = Desk::of(&caller)?;
    let words = text("words", &body.words, 1, 1_000)?;
    world
        .commit(&caller, key, move |tx| {
            let notice = desk.load(tx, id)?;
            check(tx, &notice, Side::Desk, (body.verdict, words))?;
            let notice = desk.load(tx, id)?;
            // A finding that is over before this word has no other moment to close it.
            if !finding::is_active(tx, notice.finding)?
                && let Some(closed) = notice.close()
            {
                tx.record(Record::next(id, NoticeFact::Closed(closed)))?;
            }
            Ok(NoticeView::of(desk.load(tx, id)?, &unit))
        })
        .await
}

async fn feed_back(
    unit: Arc<str>,
    world: World,
    caller: Caller,
    key: Idempotency,
    Path(id): Path<NoticeId>,
    Body(body): Body<CheckNotice>,
) -> Result<Reply<NoticeView>> {
    let scope = caller.scope(FEEDBACK)?;
    let words = text("words", &body.words, 1, 1_000)?;
    world
        .commit(&caller, key, move |tx| {
            let notice = store::load(tx, &scope, id)?;
            check(tx, &notice, Side::Enterprise, (body.verdict, words))?;
            Ok(NoticeView::of(store::load(tx, &scope, id)?, &unit))
        })
        .await
}

fn check(
    tx: &mut Tx<'_>,
    notice: &Notice,
    side: Side,
    (verdict, words): (Verdict, String),
) -> Result<()> {
    let checked = notice.check(side, verdict, words, name(tx))?;
    tx.record(Record::next(notice.id, NoticeFact::Checked(checked)))?;
    Ok(())
}

/// Where a caller acts for a duty desk, within all that they see with the same permission.
struct Desk {
    sees: Scope,
    /// `None` for one who holds it over organisations only.
    acts: Option<Scope>,
}

impl Desk {
    fn of(caller: &Caller) -> Result<Desk> {
        Ok(Desk { sees: caller.scope(ACKNOWLEDGE)?, acts: desk_of(caller) })
    }

    /// # Errors
    /// [`Error::NotFound`] outside what the caller sees; [`Error::Forbidden`] of a notice of
    /// their own organisation, which the desk answers and they feed back.
    fn load(&self, tx: &mut Tx<'_>, id: NoticeId) -> Result<Notice> {
        store::load(tx, &self.sees, id)?;
        let forbidden = || Error::Forbidden { permission: ACKNOWLEDGE.code };
        match store::load(tx, self.acts.as_ref().ok_or_else(forbidden)?, id) {
            Err(Error::NotFound { .. }) => Err(forbidden()),
            found => found,
        }
    }
}

fn name(tx: &Tx<'_>) -> String {
    tx.actor_name().unwrap_or_default().to_owned()
}
