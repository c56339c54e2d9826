//! Commands on the register of sites, within a command's transaction: for people at the
//! door, and for rows of a table that is imported.

use base::Id;
use host::{Error, Home, Read, Record, Result, Scope, Tx};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::fact::{Changed, Description, Registered, Rehomed, SiteFact};
use super::particulars::Within;
use super::{Site, SiteDetails, SiteId, store};
use crate::enterprise::{self, EnterpriseId};
use crate::field;
use crate::life::{Closed, Started, State, Step, Suspended, TurnDetails};

/// A new site, as a person or a row of a table says it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "RegisterSite")]
pub struct Registering {
    pub enterprise: EnterpriseId,
    pub details: SiteDetails,
    /// Operating when absent; nothing is registered as closed.
    pub state: Option<State>,
    /// In that state since this day, in Beijing; today when absent.
    pub since: Option<String>,
}

/// Enters a site in the register.
///
/// # Errors
/// [`Error::Invalid`] that names the field; [`Error::NotFound`] for an enterprise or a
/// region outside the scope; [`Error::Conflict`] `site-code-taken`, or `wrong-state` of a
/// closed enterprise.
pub fn register_in(tx: &mut Tx<'_>, scope: &Scope, new: &Registering) -> Result<Site> {
    let owner = enterprise::load(tx, scope, new.enterprise)?;
    let description = new.details.decide()?;
    let (state, since) = enterprise::beginning(tx, new.state, new.since.as_deref())?;
    let home = Home { region: Some(new.details.region.clone()), ..owner.home };
    scope.require(tx, &home)?;
    if owner.state == State::Closed {
        let text = format!("{} is closed", owner.description.name);
        return Err(Error::conflict("wrong-state", text));
    }
    field::check_region(tx, &new.details.region, description.place.as_ref())?;
    check(tx, new.enterprise, &description, None)?;
    let id: SiteId = tx.new_id().into();
    let registered = Registered {
        enterprise: new.enterprise,
        enterprise_name: owner.description.name,
        description,
        state,
        since,
    };
    tx.record(Record::first(id, home, SiteFact::Registered(registered)))?;
    store::load(tx, scope, id)
}

/// What only the register knows: what it is part of, and whether its code is free.
pub(super) fn check(
    db: &mut dyn Read,
    enterprise: EnterpriseId,
    said: &Description,
    own: Option<SiteId>,
) -> Result<()> {
    let kind = said.particulars.kind();
    if let Some(whole) = said.part_of {
        let expected = "an open hazard source of the same enterprise";
        let found = store::load(db, &Scope::Node, whole);
        let found = found.map_err(|_| Error::invalid("part_of", whole, expected))?;
        let fits = found.enterprise == enterprise
            && found.state != State::Closed
            && Some(found.description.particulars.kind()) == kind.part_of();
        if !fits {
            return Err(Error::invalid("part_of", whole, expected));
        }
    }
    let taken = match kind.named_within() {
        Within::Node => store::find_by_code(db, kind, &said.code)?,
        Within::Enterprise => store::find_in(db, (kind, &said.code), enterprise, None)?,
        Within::Whole => store::find_in(db, (kind, &said.code), enterprise, said.part_of)?,
    };
    if taken.is_some_and(|id| Some(id) != own) {
        let text = format!("another {} has the code {}", kind.code(), said.code);
        return Err(Error::conflict("site-code-taken", text));
    }
    Ok(())
}

/// Says anew what is said of a site, by whoever has read `revision` of it.
///
/// # Errors
/// As [`register_in`]; [`Error::Conflict`] `stale-revision`; [`Error::Invalid`] for what
/// would make it a site of another kind.
pub(super) fn change_in(
    tx: &mut Tx<'_>,
    scope: &Scope,
    id: SiteId,
    (revision, details): (i64, &SiteDetails),
) -> Result<Site> {
    let before = store::load(tx, scope, id)?;
    if before.state == State::Closed {
        let text = format!("{} is closed", before.description.name);
        return Err(Error::conflict("wrong-state", text));
    }
    if before.revision != revision {
        let text = format!("it is at revision {}: it was changed elsewhere", before.revision);
        return Err(Error::conflict("stale-revision", text));
    }
    let description = details.decide()?;
    let (was, kind) = (before.description.particulars.kind(), description.particulars.kind());
    if was != kind {
        let expected = format!("those of a {}", was.code());
        return Err(Error::invalid("particulars", kind.code(), expected));
    }
    let home = Home { region: Some(details.region.clone()), ..before.home.clone() };
    scope.require(tx, &home)?;
    field::check_region(tx, &details.region, description.place.as_ref())?;
    check(tx, before.enterprise, &description, Some(id))?;
    if description == before.description && home == before.home {
        return Ok(before);
    }
    tx.record(Record::next(id, SiteFact::Changed(Changed { description })).at_home(home))?;
    store::load(tx, scope, id)
}

/// One step of its life.
///
/// # Errors
/// [`Error::Invalid`] that names the field; [`Error::Conflict`] `wrong-state`, or
/// `sites-open` when it is to be closed and a tank in it is not.
pub(super) fn turn_in(
    tx: &mut Tx<'_>,
    scope: &Scope,
    id: SiteId,
    (step, said): (Step, &TurnDetails),
) -> Result<Site> {
    let now = store::load(tx, scope, id)?;
    let turn = said.decide(step, &now.description.name, (now.state, now.since), tx.now())?;
    if step == Step::Close
        && let Some(open) = store::open_in(tx, id)?
    {
        return Err(Error::conflict("sites-open", format!("{open} is not closed")));
    }
    let fact = match step {
        Step::Start => SiteFact::Started(Started(turn)),
        Step::Suspend => SiteFact::Suspended(Suspended(turn)),
        Step::Close => SiteFact::Closed(Closed(turn)),
    };
    tx.record(Record::next(id, fact))?;
    store::load(tx, scope, id)
}

/// Puts the sites of an enterprise at home with another organisation, as it is itself.
pub(crate) fn follow(tx: &mut Tx<'_>, enterprise: EnterpriseId, org: Option<Id>) -> Result<()> {
    for site in store::at_home_elsewhere(tx, enterprise, org)? {
        let home = Home { org, ..site.home };
        let rehomed = SiteFact::Rehomed(Rehomed { name: site.description.name });
        tx.record(Record::next(site.id, rehomed).at_home(home))?;
    }
    Ok(())
}
