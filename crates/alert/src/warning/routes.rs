//! The doors of warnings: drafting, reviewing, signing, ending.

use std::sync::Arc;

use base::{AdminCode, Hazard, Level, Timestamp};
use host::web::{Body, Idempotency, Json, Paged, Params, Path, Scoped, text};
use host::{Caller, Error, Home, Page, Record, Reply, Result, Routes, World};
use schemars::JsonSchema;
use serde::Deserialize;

use super::act::{act, signature};
use super::model::Edit;
use super::store::{Standing, Wanted};
use super::view::{Viewer, WarningView};
use super::{
    Action, DRAFT, Proposed, READ, Status, Warning, WarningFact, WarningId, content, store,
};
use crate::column;
use crate::message::Office;

/// Gives a handler the issuing office as its first argument.
macro_rules! of_office {
    ($office:ident, $handler:ident($($argument:ident),*)) => {{
        let office: Arc<Office> = Arc::clone($office);
        move |$($argument),*| $handler(Arc::clone(&office), $($argument),*)
    }};
}

pub(crate) fn routes(office: &Arc<Office>) -> Routes {
    reading(office).merge(deciding(office)).merge(ending(office))
}

fn reading(office: &Arc<Office>) -> Routes {
    Routes::new()
        .get(
            "/api/warnings",
            READ,
            "Lists warnings, newest first",
            of_office!(office, list(world, caller, scope, query, page)),
        )
        .asks::<WarningQuery>()
        .paged()
        .gives::<Page<WarningView>>()
        .get(
            "/api/warnings/{id}",
            READ,
            "Shows a warning and what the caller may do with it",
            of_office!(office, show(world, caller, scope, id)),
        )
        .gives::<WarningView>()
}

fn deciding(office: &Arc<Office>) -> Routes {
    Routes::new()
        .post(
            "/api/warnings",
            DRAFT,
            "Drafts a warning by hand; it waits for its review",
            of_office!(office, draft(world, caller, key, body)),
        )
        .takes::<DraftWarning>()
        .creates::<WarningView>()
        .post(
            "/api/warnings/{id}/edit",
            Action::Edit.door(),
            "Changes text or level before the issue; it wants a review again",
            of_office!(office, edit(world, caller, key, id, body)),
        )
        .takes::<EditWarning>()
        .gives::<WarningView>()
        .post(
            "/api/warnings/{id}/review",
            Action::Review.door(),
            "Agrees to a proposal as a second person",
            of_office!(office, review(world, caller, key, id, body)),
        )
        .takes::<ReviewWarning>()
        .gives::<WarningView>()
        .post(
            "/api/warnings/{id}/return",
            Action::Return.door(),
            "Sends a proposal back to be written again",
            of_office!(office, send_back(world, caller, key, id, body)),
        )
        .takes::<Reason>()
        .gives::<WarningView>()
        .post(
            "/api/warnings/{id}/issue",
            Action::Issue.door(),
            "Signs a reviewed warning as a third person and puts it in force",
            of_office!(office, issue(world, caller, key, id, body)),
        )
        .takes::<IssueWarning>()
        .gives::<WarningView>()
        .post(
            "/api/warnings/{id}/issue-urgently",
            Action::IssueUrgently.door(),
            "Puts a warning in force at once; another person reviews it within 30 minutes",
            of_office!(office, issue_urgently(world, caller, key, id, body)),
        )
        .takes::<IssueWarningUrgently>()
        .gives::<WarningView>()
}

fn ending(office: &Arc<Office>) -> Routes {
    Routes::new()
        .post(
            "/api/warnings/{id}/review-afterwards",
            Action::ReviewAfterwards.door(),
            "Reviews an urgent issue as another person",
            of_office!(office, review_afterwards(world, caller, key, id, body)),
        )
        .takes::<ReviewWarning>()
        .gives::<WarningView>()
        .post(
            "/api/warnings/{id}/extend",
            Action::Extend.door(),
            "Keeps a warning in force until later",
            of_office!(office, extend(world, caller, key, id, body)),
        )
        .takes::<IssueWarning>()
        .gives::<WarningView>()
        .post(
            "/api/warnings/{id}/lift",
            Action::Lift.door(),
            "Ends a warning in force: the danger is over",
            of_office!(office, lift(world, caller, key, id, body)),
        )
        .takes::<Reason>()
        .gives::<WarningView>()
        .post(
            "/api/warnings/{id}/discard",
            Action::Discard.door(),
            "Closes a proposal that will not be issued",
            of_office!(office, discard(world, caller, key, id, body)),
        )
        .takes::<Reason>()
        .gives::<WarningView>()
}

/// Which warnings are wanted.
#[derive(Debug, Default, Deserialize, JsonSchema)]
struct WarningQuery {
    /// `open`: in force or with something still to be done; `ended`: the others.
    standing: Option<Standing>,
    /// A state, or several with commas: `proposed,reviewed`.
    state: Option<String>,
    level: Option<Level>,
    /// Those that were in force at this moment; each is given as it is now.
    at: Option<Timestamp>,
    /// This region and those that report to it.
    region: Option<AdminCode>,
}

/// Divisions that a warning may concern beside its own; a province has as many counties.
const MOST_REACHED: usize = 60;

#[derive(Debug, Deserialize, JsonSchema)]
struct DraftWarning {
    title: String,
    hazard: Hazard,
    level: Level,
    region: AdminCode,
    area: String,
    matters: String,
    /// One a line; those of the level (art. 66, 67) when absent.
    measures: Option<String>,
    /// Now when absent.
    starts: Option<Timestamp>,
    /// A warning in force of the same hazard, whose place this one takes when issued.
    supersedes: Option<WarningId>,
    /// Other divisions that it concerns, which see it as their own do; at most 60.
    reach: Option<Vec<AdminCode>>,
}

/// What is absent stays as it is.
#[derive(Debug, Deserialize, JsonSchema)]
struct EditWarning {
    title: Option<String>,
    level: Option<Level>,
    area: Option<String>,
    matters: Option<String>,
    measures: Option<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct ReviewWarning {
    comment: Option<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct Reason {
    /// 1 to 1000 characters.
    reason: String,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct IssueWarning {
    /// Until when it is in force: later than now, within 30 days.
    expires: Timestamp,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct IssueWarningUrgently {
    /// Why it cannot wait for its review, 4 to 1000 characters.
    reason: String,
    /// Until when it is in force: later than now, within 30 days.
    expires: Timestamp,
}

async fn list(
    office: Arc<Office>,
    world: World,
    caller: Caller,
    Scoped(scope): Scoped,
    Params(query): Params<WarningQuery>,
    page: Paged,
) -> Result<Json<Page<WarningView>>> {
    let expected = "states of warnings, such as proposed or issued";
    let states = column::codes("state", query.state.as_deref(), Status::from_code, expected)?;
    let WarningQuery { standing, level, at, region, state: _ } = query;
    let wanted = Wanted { standing, at, states, level, region };
    world
        .read(move |db| {
            let warnings = store::list(db, &scope, &wanted, &page)?;
            let cut = Page::cut(warnings, page.limit, |warning| {
                (warning.opened_at.as_millis(), warning.id.to_string())
            });
            let items = Viewer::new(&caller, &scope, &office.unit).views(db, cut.items)?;
            Ok(Json(Page { items, next: cut.next }))
        })
        .await
}

async fn show(
    office: Arc<Office>,
    world: World,
    caller: Caller,
    Scoped(scope): Scoped,
    Path(id): Path<WarningId>,
) -> Result<Json<WarningView>> {
    world
        .read(move |db| {
            let warning = store::load(db, &scope, id)?;
            Viewer::new(&caller, &scope, &office.unit).view(db, warning).map(Json)
        })
        .await
}

async fn draft(
    office: Arc<Office>,
    world: World,
    caller: Caller,
    key: Idempotency,
    Body(body): Body<DraftWarning>,
) -> Result<Reply<WarningView>> {
    let scope = caller.scope(DRAFT)?;
    let measures = body.measures.unwrap_or_else(|| content::measures(body.level));
    let draft = Proposed {
        title: title(&body.title)?,
        hazard: body.hazard,
        level: body.level,
        station: None,
        by: Some(caller.name.clone()),
        station_name: None,
        point: None,
        finding: None,
        starts: Timestamp::MIN,
        area: area(&body.area)?,
        matters: matters(&body.matters)?,
        measures: self::measures(&measures)?,
        supersedes: body.supersedes,
    };
    let reach = body.reach.unwrap_or_default();
    if MOST_REACHED < reach.len() {
        let expected = format!("at most {MOST_REACHED} divisions");
        return Err(Error::invalid("reach", reach.len(), expected));
    }
    let drafter = caller.clone();
    let reply = world
        .commit(&caller, key, move |tx| {
            let draft = Proposed { starts: body.starts.unwrap_or(tx.now()), ..draft };
            let id = WarningId(tx.new_id());
            for reached in &reach {
                scope.require(tx, &Home::region(reached.clone()))?;
            }
            let mut home = Home::region(body.region).reach(reach);
            if let Some(old) = draft.supersedes {
                let old = store::load(tx, &scope, old)?;
                tx.require_home(&scope, old.id)?;
                check_adjusted(&old, draft.hazard)?;
                // What takes its place is whose it was, and no more open than it was.
                home = home.org(old.home.org).class(old.home.class);
            }
            scope.require(tx, &home)?;
            let supersedes = draft.supersedes;
            let mut record = Record::first(id, home, WarningFact::Proposed(draft));
            if let Some(old) = supersedes {
                record = record.follows(old);
            }
            tx.record(record)?;
            let warning = store::load(tx, &scope, id)?;
            Viewer::new(&drafter, &scope, &office.unit).view(tx, warning)
        })
        .await?;
    Ok(reply.created())
}

/// Only what is in force is adjusted, by a warning of the same hazard.
fn check_adjusted(old: &Warning, hazard: Hazard) -> Result<()> {
    if old.status != Status::Issued {
        let detail = format!("only a warning in force is superseded, it is {}", old.status.code());
        return Err(Error::conflict("wrong-state", detail));
    }
    if old.hazard != hazard {
        let seen = column::hazard_code(hazard);
        let expected = format!("the superseded one's: {}", column::hazard_code(old.hazard));
        return Err(Error::invalid("hazard", seen, expected));
    }
    Ok(())
}

async fn edit(
    office: Arc<Office>,
    world: World,
    caller: Caller,
    key: Idempotency,
    Path(id): Path<WarningId>,
    Body(body): Body<EditWarning>,
) -> Result<Reply<WarningView>> {
    let edit = Edit {
        title: body.title.as_deref().map(title).transpose()?,
        level: body.level,
        area: body.area.as_deref().map(area).transpose()?,
        matters: body.matters.as_deref().map(matters).transpose()?,
        measures: body.measures.as_deref().map(measures).transpose()?,
    };
    act(office, world, caller, key, Action::Edit, id, move |_, warning, officer| {
        Ok(WarningFact::Edited(warning.edit(officer, edit)?))
    })
    .await
}

async fn review(
    office: Arc<Office>,
    world: World,
    caller: Caller,
    key: Idempotency,
    Path(id): Path<WarningId>,
    Body(body): Body<ReviewWarning>,
) -> Result<Reply<WarningView>> {
    let comment = comment(body.comment)?;
    act(office, world, caller, key, Action::Review, id, move |_, warning, officer| {
        Ok(WarningFact::Reviewed(warning.review(officer, comment)?))
    })
    .await
}

async fn send_back(
    office: Arc<Office>,
    world: World,
    caller: Caller,
    key: Idempotency,
    Path(id): Path<WarningId>,
    Body(body): Body<Reason>,
) -> Result<Reply<WarningView>> {
    let reason = text("reason", &body.reason, 1, 1_000)?;
    act(office, world, caller, key, Action::Return, id, move |_, warning, officer| {
        Ok(WarningFact::Returned(warning.send_back(officer, reason)?))
    })
    .await
}

async fn issue(
    office: Arc<Office>,
    world: World,
    caller: Caller,
    key: Idempotency,
    Path(id): Path<WarningId>,
    Body(body): Body<IssueWarning>,
) -> Result<Reply<WarningView>> {
    let (origin, signing) = (world.origin().to_owned(), Arc::clone(&office));
    act(office, world, caller, key, Action::Issue, id, move |tx, warning, officer| {
        let issue = signature(tx, warning, &origin, &signing.unit, body.expires)?;
        Ok(WarningFact::Issued(warning.issue(officer, issue, tx.now())?))
    })
    .await
}

async fn issue_urgently(
    office: Arc<Office>,
    world: World,
    caller: Caller,
    key: Idempotency,
    Path(id): Path<WarningId>,
    Body(body): Body<IssueWarningUrgently>,
) -> Result<Reply<WarningView>> {
    let (origin, signing) = (world.origin().to_owned(), Arc::clone(&office));
    let reason = text("reason", &body.reason, 4, 1_000)?;
    act(office, world, caller, key, Action::IssueUrgently, id, move |tx, warning, officer| {
        let issue = signature(tx, warning, &origin, &signing.unit, body.expires)?;
        Ok(WarningFact::Issued(warning.issue_urgently(officer, issue, reason, tx.now())?))
    })
    .await
}

async fn review_afterwards(
    office: Arc<Office>,
    world: World,
    caller: Caller,
    key: Idempotency,
    Path(id): Path<WarningId>,
    Body(body): Body<ReviewWarning>,
) -> Result<Reply<WarningView>> {
    let comment = comment(body.comment)?;
    act(office, world, caller, key, Action::ReviewAfterwards, id, move |_, warning, officer| {
        Ok(WarningFact::ReviewedAfterwards(warning.review_afterwards(officer, comment)?))
    })
    .await
}

async fn extend(
    office: Arc<Office>,
    world: World,
    caller: Caller,
    key: Idempotency,
    Path(id): Path<WarningId>,
    Body(body): Body<IssueWarning>,
) -> Result<Reply<WarningView>> {
    act(office, world, caller, key, Action::Extend, id, move |tx, warning, officer| {
        Ok(WarningFact::Extended(warning.extend(officer, body.expires, tx.now())?))
    })
    .await
}

async fn lift(
    office: Arc<Office>,
    world: World,
    caller: Caller,
    key: Idempotency,
    Path(id): Path<WarningId>,
    Body(body): Body<Reason>,
) -> Result<Reply<WarningView>> {
    let reason = text("reason", &body.reason, 1, 1_000)?;
    act(office, world, caller, key, Action::Lift, id, move |_, warning, officer| {
        Ok(WarningFact::Lifted(warning.lift(officer, reason)?))
    })
    .await
}

async fn discard(
    office: Arc<Office>,
    world: World,
    caller: Caller,
    key: Idempotency,
    Path(id): Path<WarningId>,
    Body(body): Body<Reason>,
) -> Result<Reply<WarningView>> {
    let reason = text("reason", &body.reason, 1, 1_000)?;
    act(office, world, caller, key, Action::Discard, id, move |_, warning, officer| {
        Ok(WarningFact::Discarded(warning.discard(officer, reason)?))
    })
    .await
}

fn title(value: &str) -> Result<String> {
    text("title", value, 1, 100)
}

fn area(value: &str) -> Result<String> {
    text("area", value, 1, 1_000)
}

fn matters(value: &str) -> Result<String> {
    text("matters", value, 1, 4_000)
}

fn measures(value: &str) -> Result<String> {
    text("measures", value, 1, 8_000)
}

/// A comment may be left out; a blank one is none.
fn comment(value: Option<String>) -> Result<Option<String>> {
    match value.as_deref().map(str::trim) {
        None | Some("") => Ok(None),
        Some(value) => text("comment", value, 1, 1_000).map(Some),
    }
}
