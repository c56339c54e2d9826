//! Commands on the register of enterprises, within a command's transaction: for people at
//! the door, and for rows of a table that is imported.

use base::{Date, Id};
use host::sealed;
use host::web::text;
use host::{Error, Home, Read, Record, Result, Scope, Sealed, Tx};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::contact::{self, ContactId, Duty, Person};
use super::fact::{Changed, ContactNamed, ContactRemoved, Description, EnterpriseFact, Registered};
use super::{Enterprise, EnterpriseDetails, EnterpriseId, store};
use crate::field;
use crate::life::{Closed, Started, State, Step, Suspended, TurnDetails};
use crate::site;

/// A new enterprise, as a person or a row of a table says it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "RegisterEnterprise")]
pub struct Registering {
    pub details: EnterpriseDetails,
    /// Operating when absent; nothing is registered as closed.
    pub state: Option<State>,
    /// In that state since this day, in Beijing; today when absent.
    pub since: Option<String>,
}

/// People called for one enterprise at most.
const MOST_CONTACTS: usize = 20;

/// Enters an enterprise in the register.
///
/// # Errors
/// [`Error::Invalid`] that names the field; [`Error::NotFound`] `region` outside the scope;
/// [`Error::Conflict`] `enterprise-registered` or `access-code-taken` when an open one of
/// this node has its credit code or its access code.
pub fn register_in(tx: &mut Tx<'_>, scope: &Scope, new: &Registering) -> Result<Enterprise> {
    let description = new.details.decide()?;
    let (state, since) = beginning(tx, new.state, new.since.as_deref())?;
    let home = new.details.home();
    scope.require(tx, &home)?;
    let description = checked(tx, description, new, None)?;
    let id: EnterpriseId = tx.new_id().into();
    let registered = Registered { description, state, since };
    tx.record(Record::first(id, home, EnterpriseFact::Registered(registered)))?;
    store::load(tx, scope, id)
}

/// The state that something is registered in, and since when.
pub(crate) fn beginning(
    tx: &Tx<'_>,
    state: Option<State>,
    since: Option<&str>,
) -> Result<(State, Date)> {
    let state = state.unwrap_or(State::Operating);
    if state == State::Closed {
        let expected = "planned, operating or suspended: what is closed is not registered";
        return Err(Error::invalid("state", state.code(), expected));
    }
    let since = match since {
        Some(since) => field::day_until("since", since, tx.now())?,
        None => Date::of(tx.now()),
    };
    Ok((state, since))
}

/// What only the registers know: whether its codes are free, and who supervises it.
pub(super) fn checked(
    db: &mut dyn Read,
    mut said: Description,
    of: &Registering,
    own: Option<EnterpriseId>,
) -> Result<Description> {
    field::check_region(db, &of.details.region, said.place.as_ref())?;
    if store::find_by_credit_code(db, said.credit_code.as_str())?.is_some_and(|id| Some(id) != own)
    {
        let text = format!("an enterprise with the credit code {} is registered", said.credit_code);
        return Err(Error::conflict("enterprise-registered", text));
    }
    if let Some(code) = &said.access_code
        && store::find_by_access_code(db, code)?.is_some_and(|id| Some(id) != own)
    {
        let text = format!("another enterprise has the access code {code}");
        return Err(Error::conflict("access-code-taken", text));
    }
    if let Some(organisation) = said.organisation {
        organisation_of(db, "organisation", organisation)?;
    }
    if let Some(supervisor) = said.supervisor {
        said.supervisor_name = Some(organisation_of(db, "supervisor", supervisor)?);
    }
    Ok(said)
}

fn organisation_of(db: &mut dyn Read, field: &str, id: Id) -> Result<String> {
    match trust::organisation::find(db, id)? {
        Some(found) if !found.closed => Ok(found.name),
        _ => Err(Error::invalid(field, id, "an open organisation of /api/organisations")),
    }
}

/// Says anew what is said of an enterprise, by whoever has read `revision` of it.
///
/// # Errors
/// As [`register_in`]; [`Error::Conflict`] `stale-revision` or `wrong-state`.
pub(super) fn change_in(
    tx: &mut Tx<'_>,
    scope: &Scope,
    id: EnterpriseId,
    (revision, details): (i64, EnterpriseDetails),
) -> Result<Enterprise> {
    let before = load_open(tx, scope, id)?;
    if before.revision != revision {
        let text = format!("it is at revision {}: it was changed elsewhere", before.revision);
        return Err(Error::conflict("stale-revision", text));
    }
    let description = details.decide()?;
    let home = Home { class: before.home.class, ..details.home() };
    scope.require(tx, &home)?;
    let of = Registering { details, state: None, since: None };
    let description = checked(tx, description, &of, Some(id))?;
    if description == before.description && home == before.home {
        return Ok(before);
    }
    let org = home.org;
    let changed = EnterpriseFact::Changed(Changed { description });
    tx.record(Record::next(id, changed).at_home(home))?;
    if org != before.home.org {
        site::follow(tx, id, org)?;
    }
    store::load(tx, scope, id)
}

/// One step of its life.
///
/// # Errors
/// [`Error::Invalid`] that names the field; [`Error::Conflict`] `wrong-state`, or
/// `sites-open` when it is to be closed and a site of it is not.
pub(super) fn turn_in(
    tx: &mut Tx<'_>,
    scope: &Scope,
    id: EnterpriseId,
    (step, said): (Step, &TurnDetails),
) -> Result<Enterprise> {
    let now = store::load(tx, scope, id)?;
    let turn = said.decide(step, &now.description.name, (now.state, now.since), tx.now())?;
    if step == Step::Close
        && let Some(open) = site::open_of(tx, id)?
    {
        return Err(Error::conflict("sites-open", format!("{open} is not closed")));
    }
    let fact = match step {
        Step::Start => EnterpriseFact::Started(Started(turn)),
        Step::Suspend => EnterpriseFact::Suspended(Suspended(turn)),
        Step::Close => EnterpriseFact::Closed(Closed(turn)),
    };
    tx.record(Record::next(id, fact))?;
    store::load(tx, scope, id)
}

/// Names somebody to be called; `person` is sealed under the contact's own key.
///
/// # Errors
/// [`Error::Conflict`] `wrong-state`, or `too-many-contacts`.
pub(super) fn name_in(
    tx: &mut Tx<'_>,
    scope: &Scope,
    id: EnterpriseId,
    (contact, duty, person): (ContactId, Duty, Sealed<Person>),
) -> Result<Enterprise> {
    let now = load_open(tx, scope, id)?;
    let known = contact::of(tx, id)?;
    if MOST_CONTACTS <= known.len() {
        let text = format!("{} people are to be called already", known.len());
        return Err(Error::conflict("too-many-contacts", text));
    }
    let enterprise_name = now.description.name;
    let named = ContactNamed { contact, duty, person, enterprise_name };
    tx.record(Record::next(id, EnterpriseFact::ContactNamed(named)))?;
    store::load(tx, scope, id)
}

/// Takes a contact out, and destroys the key: a copy may lie in a backup.
///
/// # Errors
/// [`Error::Conflict`] `contact-gone`, also for a contact of another enterprise.
pub(super) fn remove_in(
    tx: &mut Tx<'_>,
    scope: &Scope,
    id: EnterpriseId,
    (contact, reason): (ContactId, &str),
) -> Result<Enterprise> {
    let now = store::load(tx, scope, id)?;
    let found = contact::find(tx, id, contact)?.ok_or_else(|| {
        Error::conflict("contact-gone", "the enterprise has no such contact, or no more")
    })?;
    let reason = text("reason", reason, 2, 200)?;
    let removed = ContactRemoved {
        contact,
        duty: found.duty,
        reason: reason.clone(),
        enterprise_name: now.description.name,
    };
    tx.record(Record::next(id, EnterpriseFact::ContactRemoved(removed)))?;
    sealed::destroy(tx, contact.into(), &reason)?;
    store::load(tx, scope, id)
}

/// One that is not closed, to change it.
fn load_open(tx: &mut Tx<'_>, scope: &Scope, id: EnterpriseId) -> Result<Enterprise> {
    let found = store::load(tx, scope, id)?;
    if found.state == State::Closed {
        let text = format!("{} is closed", found.description.name);
        return Err(Error::conflict("wrong-state", text));
    }
    Ok(found)
}
