//! The door for people: the register of sites.

use std::collections::{BTreeSet, HashMap};

use base::{AdminCode, Date, Timestamp};
use host::sealed::Keys;
use host::web::Paged;
use host::{Entry, Error, Home, Page, Read, Result, Routes, Scope, Tx};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::change::{self, Registering};
use super::fact::{Description, SiteFact};
use super::particulars::{Kind, Particulars};
use super::store::{self, SitePoint, Wanted};
use super::{Site, SiteDetails, SiteId};
use crate::enterprise::{EnterpriseId, READ, REGISTER, names};
use crate::history::{Said, Version};
use crate::life::{Closed, Started, State, Step, Suspended, TurnDetails};
use crate::record::{self, AtQuery, Change, Register};
use crate::search::Points;

pub(crate) fn routes() -> Routes {
    Routes::new()
        .get(
            "/api/sites",
            READ,
            "Lists mines, ponds, hazard sources and tanks",
            record::list::<Sites>,
        )
        .asks::<SiteQuery>()
        .paged()
        .gives::<Page<SiteView>>()
        .post(
            "/api/sites",
            REGISTER,
            "Registers a site of an enterprise",
            record::register::<Sites>,
        )
        .takes::<Registering>()
        .creates::<SiteView>()
        .get("/api/sites/points", READ, "Where open sites lie, for a map", record::points::<Sites>)
        .gives::<Points<SitePoint>>()
        .get("/api/sites/{id}", READ, "One site, now or as it was", record::load::<Sites>)
        .asks::<AtQuery>()
        .gives::<SiteView>()
        .put(
            "/api/sites/{id}",
            REGISTER,
            "Says anew what is said of a site",
            record::change::<Sites>,
        )
        .takes::<Change<SiteDetails>>()
        .gives::<SiteView>()
        .get(
            "/api/sites/{id}/history",
            READ,
            "What a site was from each change on, oldest first",
            record::versions::<Sites>,
        )
        .gives::<Page<Version<Description>>>()
        .post(
            "/api/sites/{id}/start",
            REGISTER,
            "It works, or works again",
            record::turn::<Sites>(Step::Start),
        )
        .takes::<TurnDetails>()
        .gives::<SiteView>()
        .post(
            "/api/sites/{id}/suspend",
            REGISTER,
            "It stands still",
            record::turn::<Sites>(Step::Suspend),
        )
        .takes::<TurnDetails>()
        .gives::<SiteView>()
        .post(
            "/api/sites/{id}/close",
            REGISTER,
            "It is closed for good",
            record::turn::<Sites>(Step::Close),
        )
        .takes::<TurnDetails>()
        .gives::<SiteView>()
}

/// Which sites are wanted.
#[derive(Debug, Default, Deserialize, JsonSchema)]
pub(crate) struct SiteQuery {
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

/// A site as the API gives it.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Site")]
pub(crate) struct SiteView {
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

/// The register of sites, for the doors that all registers have.
pub(crate) struct Sites;

impl Register for Sites {
    const NOUN: &'static str = "site";

    type Id = SiteId;
    type Record = Site;
    type Description = Description;
    type Details = SiteDetails;
    type New = Registering;
    type View = SiteView;
    type Point = SitePoint;
    type Query = SiteQuery;

    fn load(db: &mut dyn Read, scope: &Scope, id: SiteId) -> Result<Site> {
        store::load(db, scope, id)
    }

    fn list(
        db: &mut dyn Read,
        scope: &Scope,
        query: SiteQuery,
        page: &Paged,
    ) -> Result<Vec<SiteView>> {
        let SiteQuery { kind, enterprise, part_of, region, state, q: text } = query;
        let after = page.position.clone();
        let wanted = Wanted { kind, enterprise, part_of, region, state, text, after };
        let found = store::list(db, scope, &wanted, page.limit + 1)?;
        views(db, found)
    }

    fn place(view: &SiteView) -> (i64, String) {
        (view.registered_at.as_millis(), view.id.to_string())
    }

    fn points(db: &mut dyn Read, scope: &Scope, limit: i64) -> Result<Vec<SitePoint>> {
        store::points(db, scope, limit)
    }

    fn view(db: &mut dyn Read, _: &Scope, _: &Keys, site: Site) -> Result<SiteView> {
        one(db, site)
    }

    fn view_then(
        db: &mut dyn Read,
        _: &Scope,
        now: Site,
        then: Version<Description>,
    ) -> Result<SiteView> {
        let description = then.description.ok_or(Error::not_found("site"))?;
        let home = Home { region: then.region, ..now.home };
        let view = one(db, Site { description, home, ..now })?;
        let (state, since, reason) = (then.state, then.since, then.reason);
        Ok(SiteView { state, since, reason, ..view })
    }

    fn said(entry: &Entry) -> Option<Said<Description>> {
        Some(match host::fact::read::<SiteFact>(entry)? {
            SiteFact::Registered(it) => Said::begun(it.description, it.state, it.since),
            SiteFact::Changed(it) => Said::described(it.description),
            SiteFact::Started(Started(turn)) => Said::turned(State::Operating, turn),
            SiteFact::Suspended(Suspended(turn)) => Said::turned(State::Suspended, turn),
            SiteFact::Closed(Closed(turn)) => Said::turned(State::Closed, turn),
            SiteFact::Rehomed(_) => Said::beside("organisation"),
        })
    }

    fn register_in(tx: &mut Tx<'_>, scope: &Scope, new: &Registering) -> Result<Site> {
        change::register_in(tx, scope, new)
    }

    fn change_in(
        tx: &mut Tx<'_>,
        scope: &Scope,
        id: SiteId,
        (revision, details): (i64, SiteDetails),
    ) -> Result<Site> {
        change::change_in(tx, scope, id, (revision, &details))
    }

    fn turn_in(
        tx: &mut Tx<'_>,
        scope: &Scope,
        id: SiteId,
        turn: (Step, &TurnDetails),
    ) -> Result<Site> {
        change::turn_in(tx, scope, id, turn)
    }
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
