//! The door for people: the register of sites.

use std::collections::{BTreeSet, HashMap};

use base::{AdminCode, Date, Timestamp};
use host::web::{Body, Idempotency, Json, Paged, Params, Path, Scoped};
use host::{Caller, Entry, Error, Home, Page, Read, Reply, Result, Routes, Scope, World};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::change::{self, Registering};
use super::fact::{Closed, Description, SiteFact, Started, Suspended};
use super::particulars::{Kind, Particulars};
use super::store::{self, SitePoint, Wanted};
use super::{Site, SiteDetails, SiteId};
use crate::enterprise::{AtQuery, EnterpriseId, READ, REGISTER, names};
use crate::history::{self, Said, Version};
use crate::life::{State, Step, Turn, TurnDetails};
use crate::search::Points;

pub(crate) fn routes() -> Routes {
    Routes::new()
        .get("/api/sites", READ, "Lists mines, ponds, hazard sources and tanks", list)
        .asks::<SiteQuery>()
        .paged()
        .gives::<Page<SiteView>>()
        .post("/api/sites", REGISTER, "Registers a site of an enterprise", register)
        .takes::<Registering>()
        .creates::<SiteView>()
        .get("/api/sites/points", READ, "Where open sites lie, for a map", points)
        .gives::<Points<SitePoint>>()
        .get("/api/sites/{id}", READ, "One site, now or as it was", load)
        .asks::<AtQuery>()
        .gives::<SiteView>()
        .put("/api/sites/{id}", REGISTER, "Says anew what is said of a site", change)
        .takes::<ChangeSite>()
        .gives::<SiteView>()
        .get(
            "/api/sites/{id}/history",
            READ,
            "What a site was from each change on, oldest first",
            versions,
        )
        .gives::<Page<Version<Description>>>()
        .post("/api/sites/{id}/start", REGISTER, "It works, or works again", start)
        .takes::<TurnDetails>()
        .gives::<SiteView>()
        .post("/api/sites/{id}/suspend", REGISTER, "It stands still", suspend)
        .takes::<TurnDetails>()
        .gives::<SiteView>()
        .post("/api/sites/{id}/close", REGISTER, "It is closed for good", close)
        .takes::<TurnDetails>()
        .gives::<SiteView>()
}

/// Which sites are wanted.
#[derive(Debug, Default, Deserialize, JsonSchema)]
struct SiteQuery {
    kind: Option<Kind>,
    enterprise: Option<EnterpriseId>,
    /// Those in this hazard source.
    part_of: Option<SiteId>,
    /// Those inside this region.
    region: Option<AdminCode>,
    state: Option<State>,
    /// Those whose name or code begins with this.
    q: Option<String>,
}

/// Says anew all that is said of it.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
struct ChangeSite {
    /// The revision that was read; a newer one refuses it.
    revision: i64,
    details: SiteDetails,
}

/// A site as the API gives it.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Site")]
struct SiteView {
    id: SiteId,
    /// Goes up with each change; a change says which one was read.
    revision: i64,
    kind: Kind,
    #[serde(flatten)]
    description: Description,
    enterprise: EnterpriseId,
    enterprise_name: Option<String>,
    /// What the hazard source that it is in is called now.
    part_of_name: Option<String>,
    region: Option<AdminCode>,
    region_name: Option<String>,
    state: Option<State>,
    /// In that state since this day, in Beijing.
    since: Option<Date>,
    reason: Option<String>,
    registered_at: Timestamp,
    /// Its grade as filed, 1 the gravest, where its kind has one.
    grade: Option<u8>,
    /// What the figures give, where the standard says so: a pond's V and H (GB 50863).
    computed_grade: Option<u8>,
}

async fn list(
    world: World,
    Scoped(scope): Scoped,
    Params(query): Params<SiteQuery>,
    page: Paged,
) -> Result<Json<Page<SiteView>>> {
    let Paged { position: after, limit } = page;
    let SiteQuery { kind, enterprise, part_of, region, state, q: text } = query;
    let wanted = Wanted { kind, enterprise, part_of, region, state, text, after };
    let page = world.read(move |db| {
        let found = store::list(db, &scope, &wanted, limit + 1)?;
        let views = views(db, found)?;
        Ok(Page::cut(views, limit, |it| (it.registered_at.as_millis(), it.id.to_string())))
    });
    Ok(Json(page.await?))
}

async fn points(world: World, Scoped(scope): Scoped) -> Result<Json<Points<SitePoint>>> {
    let points =
        world.read(move |db| store::points(db, &scope, Points::<SitePoint>::ASKED)).await?;
    Ok(Json(Points::cut(points)))
}

async fn load(
    world: World,
    caller: Caller,
    Scoped(scope): Scoped,
    Path(id): Path<SiteId>,
    Params(query): Params<AtQuery>,
) -> Result<Json<SiteView>> {
    let kit = world.kit().clone();
    let view = world.read(move |db| {
        let now = store::load(db, &scope, id)?;
        let Some(moment) = query.at else { return one(db, now) };
        let versions = history::of(db, &kit, (&caller, id.into()), said)?;
        let then = history::at(versions, moment).ok_or(Error::not_found("site"))?;
        let description = then.description.ok_or(Error::not_found("site"))?;
        let home = Home { region: then.region, ..now.home };
        let view = one(db, Site { description, home, ..now })?;
        let (state, since, reason) = (then.state, then.since, then.reason);
        Ok(SiteView { state, since, reason, ..view })
    });
    Ok(Json(view.await?))
}

async fn versions(
    world: World,
    caller: Caller,
    Scoped(scope): Scoped,
    Path(id): Path<SiteId>,
) -> Result<Json<Page<Version<Description>>>> {
    let kit = world.kit().clone();
    let versions = world.read(move |db| {
        store::load(db, &scope, id)?;
        history::of(db, &kit, (&caller, id.into()), said)
    });
    Ok(Json(Page::whole(versions.await?)))
}

/// What a fact about a site says of it.
fn said(entry: &Entry) -> Option<Said<Description>> {
    let nothing = Said { description: None, state: None, beside: None };
    let turned = |state, turn: Turn| Some((state, turn.since, Some(turn.reason)));
    Some(match host::fact::read::<SiteFact>(entry)? {
        SiteFact::Registered(it) => Said {
            description: Some(it.description),
            state: Some((it.state, it.since, None)),
            ..nothing
        },
        SiteFact::Changed(it) => Said { description: Some(it.description), ..nothing },
        SiteFact::Started(Started(turn)) => {
            Said { state: turned(State::Operating, turn), ..nothing }
        }
        SiteFact::Suspended(Suspended(turn)) => {
            Said { state: turned(State::Suspended, turn), ..nothing }
        }
        SiteFact::Closed(Closed(turn)) => Said { state: turned(State::Closed, turn), ..nothing },
        SiteFact::Rehomed(_) => Said { beside: Some("organisation"), ..nothing },
    })
}

async fn register(
    world: World,
    caller: Caller,
    key: Idempotency,
    Scoped(scope): Scoped,
    Body(new): Body<Registering>,
) -> Result<Reply<SiteView>> {
    let reply = world.commit(&caller, key, move |tx| {
        let made = change::register_in(tx, &scope, &new)?;
        one(tx, made)
    });
    Ok(reply.await?.created())
}

async fn change(
    world: World,
    caller: Caller,
    key: Idempotency,
    Scoped(scope): Scoped,
    Path(id): Path<SiteId>,
    Body(ChangeSite { revision, details }): Body<ChangeSite>,
) -> Result<Reply<SiteView>> {
    let reply = world.commit(&caller, key, move |tx| {
        let changed = change::change_in(tx, &scope, id, (revision, &details))?;
        one(tx, changed)
    });
    reply.await
}

/// What a step of its life takes from the door.
type Asked = (World, Caller, Idempotency, Scope, SiteId, TurnDetails);

async fn start(
    world: World,
    caller: Caller,
    key: Idempotency,
    Scoped(scope): Scoped,
    Path(id): Path<SiteId>,
    Body(said): Body<TurnDetails>,
) -> Result<Reply<SiteView>> {
    turn(Step::Start, (world, caller, key, scope, id, said)).await
}

async fn suspend(
    world: World,
    caller: Caller,
    key: Idempotency,
    Scoped(scope): Scoped,
    Path(id): Path<SiteId>,
    Body(said): Body<TurnDetails>,
) -> Result<Reply<SiteView>> {
    turn(Step::Suspend, (world, caller, key, scope, id, said)).await
}

async fn close(
    world: World,
    caller: Caller,
    key: Idempotency,
    Scoped(scope): Scoped,
    Path(id): Path<SiteId>,
    Body(said): Body<TurnDetails>,
) -> Result<Reply<SiteView>> {
    turn(Step::Close, (world, caller, key, scope, id, said)).await
}

async fn turn(step: Step, asked: Asked) -> Result<Reply<SiteView>> {
    let (world, caller, key, scope, id, said) = asked;
    let reply = world.commit(&caller, key, move |tx| {
        let turned = change::turn_in(tx, &scope, id, (step, &said))?;
        one(tx, turned)
    });
    reply.await
}

fn one(db: &mut dyn Read, site: Site) -> Result<SiteView> {
    views(db, vec![site])?.pop().ok_or(Error::not_found("site"))
}

fn views(db: &mut dyn Read, sites: Vec<Site>) -> Result<Vec<SiteView>> {
    let codes: BTreeSet<AdminCode> = sites.iter().filter_map(|it| it.home.region.clone()).collect();
    let regions = atlas::region::names(db, &codes)?;
    // Whose it is and what it is part of is no secret to who sees it.
    let enterprises = names(db, sites.iter().map(|it| it.enterprise))?;
    let wholes: HashMap<SiteId, String> =
        store::names(db, sites.iter().filter_map(|it| it.description.part_of))?;
    let view = |it: Site| SiteView {
        id: it.id,
        revision: it.revision,
        kind: it.description.particulars.kind(),
        enterprise_name: enterprises.get(&it.enterprise).cloned(),
        enterprise: it.enterprise,
        part_of_name: it.description.part_of.and_then(|whole| wholes.get(&whole).cloned()),
        region_name: it.home.region.as_ref().and_then(|code| regions.get(code).cloned()),
        region: it.home.region,
        state: Some(it.state),
        since: Some(it.since),
        reason: it.reason,
        registered_at: it.registered_at,
        grade: it.description.particulars.grade(),
        computed_grade: match &it.description.particulars {
            Particulars::Pond(pond) => pond.computed_grade(),
            _ => None,
        },
        description: it.description,
    };
    Ok(sites.into_iter().map(view).collect())
}
