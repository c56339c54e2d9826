//! Commands on the contact book, within a command's transaction.

use base::{AdminCode, Id};
use host::web::text;
use host::{Error, Home, Read, Record, Result, Scope, Sealed, Tx, World, params, sealed};
use schemars::JsonSchema;
use serde::Deserialize;

use super::ContactId;
use super::address::Address;
use super::fact::{Changed, ContactFact, Description, Entered, Reached, Retired};
use super::store::{self, Contact};
use crate::organisation;

/// Somebody as they are entered or changed.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[schemars(rename = "ContactDetails")]
pub(super) struct Details {
    /// 1 to 40 characters.
    name: String,
    /// 职务与责任: 1 to 60 characters.
    duty: String,
    region: AdminCode,
    organisation: Option<Id>,
    /// One of /api/contacts/people.
    person: Option<Id>,
}

impl Details {
    pub(super) fn home(&self) -> Home {
        Home::region(self.region.clone()).org(self.organisation)
    }

    /// # Errors
    /// [`Error::Invalid`] that names the field.
    pub(super) fn decide(&self, db: &mut dyn Read) -> Result<Description> {
        if let Some(id) = self.organisation
            && organisation::find(db, id)?.is_none_or(|found| found.closed)
        {
            let expected = "an open organisation of /api/organisations";
            return Err(Error::invalid("organisation", id, expected));
        }
        if let Some(person) = self.person
            && !is_there(db, person)?
        {
            return Err(Error::invalid("person", person, "a person of /api/contacts/people"));
        }
        Ok(Description {
            name: text("name", &self.name, 1, 40)?,
            duty: text("duty", &self.duty, 1, 60)?,
            person: self.person,
        })
    }
}

/// Whether somebody has an account that is good, and is no officer of the node.
fn is_there(db: &mut dyn Read, person: Id) -> Result<bool> {
    let sql = "select id from account where person = $1 and state = 'active' and office is null \
               order by id limit 1";
    Ok(db.row(sql, params![person])?.is_some())
}

/// An address sealed under the contact's own key, with what is known without opening it.
///
/// # Errors
/// What [`World::seal`] refuses with.
pub(super) async fn seal(world: &World, id: ContactId, address: Address) -> Result<Reached> {
    let (has_mobile, has_email) = (address.mobile.is_some(), address.email.is_some());
    let mobile_index = address.mobile.as_deref().map(|number| store::index_of(world, number));
    let address: Sealed<Address> = world.seal(id.into(), address).await?;
    Ok(Reached { address, has_mobile, has_email, mobile_index })
}

/// Enters somebody.
///
/// # Errors
/// [`Error::Invalid`] that names the field; [`Error::NotFound`] `region` outside the scope.
pub(super) fn enter_in(
    tx: &mut Tx<'_>,
    scope: &Scope,
    (id, details, reached): (ContactId, &Details, Reached),
) -> Result<Contact> {
    let home = details.home();
    scope.require(tx, &home)?;
    let description = details.decide(tx)?;
    refuse_unreachable(&description, &reached)?;
    let entered = ContactFact::Entered(Entered { description, reached });
    tx.record(Record::first(id, home, entered))?;
    store::load(tx, scope, id)
}

/// Says anew what is said of somebody, by whoever has read `revision`; without `reached`
/// they are reached as before.
///
/// # Errors
/// As [`enter_in`]; [`Error::Conflict`] `stale-revision` or `wrong-state`.
pub(super) fn change_in(
    tx: &mut Tx<'_>,
    scope: &Scope,
    (id, revision): (ContactId, i64),
    (details, reached): (&Details, Option<Reached>),
) -> Result<Contact> {
    let before = load_active(tx, scope, id)?;
    if before.revision != revision {
        let text = format!("it is at revision {}: it was changed elsewhere", before.revision);
        return Err(Error::conflict("stale-revision", text));
    }
    let home = Home { class: before.home.class, ..details.home() };
    scope.require(tx, &home)?;
    let description = details.decide(tx)?;
    let reached = reached.unwrap_or_else(|| before.reached.clone());
    refuse_unreachable(&description, &reached)?;
    if description == before.description && reached == before.reached && home == before.home {
        return Ok(before);
    }
    let changed = ContactFact::Changed(Changed { description, reached });
    tx.record(Record::next(id, changed).at_home(home))?;
    store::load(tx, scope, id)
}

/// They are told no more, and their key is destroyed: a copy may lie in a backup.
///
/// # Errors
/// [`Error::Conflict`] `wrong-state`.
pub(super) fn retire_in(
    tx: &mut Tx<'_>,
    scope: &Scope,
    id: ContactId,
    reason: &str,
) -> Result<Contact> {
    let now = load_active(tx, scope, id)?;
    let reason = text("reason", reason, 2, 200)?;
    let retired = Retired { name: now.description.name, reason: reason.clone() };
    tx.record(Record::next(id, ContactFact::Retired(retired)))?;
    sealed::destroy(tx, id.into(), &reason)?;
    store::load(tx, scope, id)
}

fn refuse_unreachable(description: &Description, reached: &Reached) -> Result<()> {
    if description.person.is_none() && !reached.has_mobile && !reached.has_email {
        let expected = "a mobile number, an e-mail address or an account";
        return Err(Error::invalid("mobile", "nowhere to be reached", expected));
    }
    Ok(())
}

fn load_active(db: &mut dyn Read, scope: &Scope, id: ContactId) -> Result<Contact> {
    let found = store::load(db, scope, id)?;
    if found.is_retired {
        return Err(Error::conflict("wrong-state", "the contact is retired"));
    }
    Ok(found)
}
