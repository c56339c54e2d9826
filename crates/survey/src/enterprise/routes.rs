//! The door for people: the register of enterprises.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use base::{AdminCode, Date, Id, Timestamp};
use host::sealed::Keys;
use host::trail::{Notes, Said as Told};
use host::web::{Body, Idempotency, Json, Paged, Path, Scoped};
use host::{Caller, Entry, Error, Page, Read, Record, Reply, Result, Routes, Scope, Tx, World};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::change::{self, Registering};
use super::contact::{self, ContactId, ContactShown, Duty, Person};
use super::fact::{Description, EnterpriseFact};
use super::store::{self, Wanted};
use super::{CONTACTS, Enterprise, EnterpriseDetails, EnterpriseId, Kind, READ, REGISTER};
use crate::history::{Said, Version};
use crate::life::{Closed, Started, State, Step, Suspended, TurnDetails};
use crate::record::{self, AtQuery, Change, Register};
use crate::search::Points;
use crate::site;

pub(crate) fn routes() -> Routes {
    Routes::new()
        .get(
            "/api/enterprises",
            READ,
            "Lists enterprises, the oldest first",
            record::list::<Enterprises>,
        )
        .asks::<EnterpriseQuery>()
        .paged()
        .gives::<Page<EnterpriseView>>()
        .post(
            "/api/enterprises",
            REGISTER,
            "Registers an enterprise",
            record::register::<Enterprises>,
        )
        .takes::<Registering>()
        .creates::<EnterpriseView>()
        .get(
            "/api/enterprises/points",
            READ,
            "Where open enterprises lie, for a map",
            record::points::<Enterprises>,
        )
        .gives::<Points<store::EnterprisePoint>>()
        .get(
            "/api/enterprises/{id}",
            READ,
            "One enterprise, now or as it was",
            record::load::<Enterprises>,
        )
        .asks::<AtQuery>()
        .gives::<EnterpriseView>()
        .put(
            "/api/enterprises/{id}",
            REGISTER,
            "Says anew what is said of an enterprise",
            record::change::<Enterprises>,
        )
        .takes::<Change<EnterpriseDetails>>()
        .gives::<EnterpriseView>()
        .get(
            "/api/enterprises/{id}/history",
            READ,
            "What an enterprise was from each change on, oldest first",
            record::versions::<Enterprises>,
        )
        .gives::<Page<Version<Description>>>()
        .post(
            "/api/enterprises/{id}/start",
            REGISTER,
            "It works, or works again",
            record::turn::<Enterprises>(Step::Start),
        )
        .takes::<TurnDetails>()
        .gives::<EnterpriseView>()
        .post(
            "/api/enterprises/{id}/suspend",
            REGISTER,
            "It stands still",
            record::turn::<Enterprises>(Step::Suspend),
        )
        .takes::<TurnDetails>()
        .gives::<EnterpriseView>()
        .post(
            "/api/enterprises/{id}/close",
            REGISTER,
            "It is closed for good",
            record::turn::<Enterprises>(Step::Close),
        )
        .takes::<TurnDetails>()
        .gives::<EnterpriseView>()
        .get(
            "/api/enterprises/{id}/contacts",
            CONTACTS,
            "Names and numbers of who is to be called; that they were read is noted",
            open_contacts,
        )
        .gives::<Page<ContactShown>>()
        .post("/api/enterprises/{id}/contacts", REGISTER, "Names somebody to be called", name)
        .takes::<NameContact>()
        .gives::<EnterpriseView>()
        .post(
            "/api/enterprises/{id}/contacts/remove",
            REGISTER,
            "Takes a contact out and destroys the key",
            remove,
        )
        .takes::<RemoveContact>()
        .gives::<EnterpriseView>()
}

/// Which enterprises are wanted.
#[derive(Debug, Default, Deserialize, JsonSchema)]
pub(crate) struct EnterpriseQuery {
    kind: Option<Kind>,
    /// Those inside this region.
    region: Option<AdminCode>,
    state: Option<State>,
    /// Those whose name, short name or code begins with this.
    q: Option<String>,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
struct NameContact {
    duty: Duty,
    person: Person,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
struct RemoveContact {
    contact: ContactId,
    /// 2 to 200 characters, without the person's name.
    reason: String,
}

/// An enterprise as the API gives it.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Enterprise")]
pub(crate) struct EnterpriseView {
    pub id: EnterpriseId,
    /// Goes up with each change; a change says which one was read.
    pub revision: i64,
    #[serde(flatten)]
    pub description: Description,
    pub region: Option<AdminCode>,
    pub region_name: Option<String>,
    /// What its own organisation is called now.
    pub organisation_name: Option<String>,
    pub state: Option<State>,
    /// In that state since this day, in Beijing.
    pub since: Option<Date>,
    pub reason: Option<String>,
    pub registered_at: Timestamp,
    /// Sites of it that are not closed and that the caller sees, by kind.
    pub sites: BTreeMap<&'static str, i64>,
    /// Who is to be called, masked; only for one, and as it is now.
    pub contacts: Option<Vec<ContactShown>>,
}

host::facts! {
    /// What the trail holds about enterprises. Nothing of it is applied.
    pub enum EnterpriseNote {
        "enterprise.contact_viewed" v 1 => ContactViewed(ContactViewed),
    }
}

/// Somebody saw the name and number of who is to be called.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct ContactViewed {
    pub contact: ContactId,
    pub duty: Duty,
}

pub(crate) fn notes() -> Notes {
    Notes::new::<EnterpriseNote>("enterprise", |note| {
        let EnterpriseNote::ContactViewed(viewed) = note;
        Told::new(serde_json::json!({ "duty": viewed.duty })).about("enterprise")
    })
}

/// The register of enterprises, for the doors that all registers have.
pub(crate) struct Enterprises;

impl Register for Enterprises {
    const NOUN: &'static str = "enterprise";

    type Id = EnterpriseId;
    type Record = Enterprise;
    type Description = Description;
    type Details = EnterpriseDetails;
    type New = Registering;
    type View = EnterpriseView;
    type Point = store::EnterprisePoint;
    type Query = EnterpriseQuery;

    fn load(db: &mut dyn Read, scope: &Scope, id: EnterpriseId) -> Result<Enterprise> {
        store::load(db, scope, id)
    }

    fn list(
        db: &mut dyn Read,
        scope: &Scope,
        query: EnterpriseQuery,
        page: &Paged,
    ) -> Result<Vec<EnterpriseView>> {
        let EnterpriseQuery { kind, region, state, q: text } = query;
        let wanted = Wanted { kind, region, state, text, after: page.position.clone() };
        let found = store::list(db, scope, &wanted, page.limit + 1)?;
        views(db, scope, found)
    }

    fn place(view: &EnterpriseView) -> (i64, String) {
        (view.registered_at.as_millis(), view.id.to_string())
    }

    fn points(db: &mut dyn Read, scope: &Scope, limit: i64) -> Result<Vec<store::EnterprisePoint>> {
        store::points(db, scope, limit)
    }

    /// With who is to be called, masked.
    fn view(
        db: &mut dyn Read,
        scope: &Scope,
        keys: &Keys,
        enterprise: Enterprise,
    ) -> Result<EnterpriseView> {
        let contacts = contact::of(db, enterprise.id)?;
        let contacts =
            contacts.iter().map(|contact| contact.masked(keys)).collect::<Result<_>>()?;
        Ok(EnterpriseView { contacts: Some(contacts), ..one(db, scope, enterprise)? })
    }

    fn view_then(
        db: &mut dyn Read,
        scope: &Scope,
        now: Enterprise,
        then: Version<Description>,
    ) -> Result<EnterpriseView> {
        let description = then.description.ok_or(Error::not_found("enterprise"))?;
        let home = host::Home { region: then.region, ..now.home };
        let view = one(db, scope, Enterprise { description, home, ..now })?;
        let (state, since, reason) = (then.state, then.since, then.reason);
        Ok(EnterpriseView { state, since, reason, sites: BTreeMap::new(), ..view })
    }

    fn said(entry: &Entry) -> Option<Said<Description>> {
        Some(match host::fact::read::<EnterpriseFact>(entry)? {
            EnterpriseFact::Registered(it) => Said::begun(it.description, it.state, it.since),
            EnterpriseFact::Changed(it) => Said::described(it.description),
            EnterpriseFact::Started(Started(turn)) => Said::turned(State::Operating, turn),
            EnterpriseFact::Suspended(Suspended(turn)) => Said::turned(State::Suspended, turn),
            EnterpriseFact::Closed(Closed(turn)) => Said::turned(State::Closed, turn),
            EnterpriseFact::ContactNamed(_) | EnterpriseFact::ContactRemoved(_) => {
                Said::beside("contacts")
            }
        })
    }

    fn register_in(tx: &mut Tx<'_>, scope: &Scope, new: &Registering) -> Result<Enterprise> {
        change::register_in(tx, scope, new)
    }

    fn change_in(
        tx: &mut Tx<'_>,
        scope: &Scope,
        id: EnterpriseId,
        change: (i64, EnterpriseDetails),
    ) -> Result<Enterprise> {
        change::change_in(tx, scope, id, change)
    }

    fn turn_in(
        tx: &mut Tx<'_>,
        scope: &Scope,
        id: EnterpriseId,
        turn: (Step, &TurnDetails),
    ) -> Result<Enterprise> {
        change::turn_in(tx, scope, id, turn)
    }
}

/// `GET /api/enterprises/{id}/contacts`: each is a read of personal data, noted in the
/// trail before anybody sees it.
async fn open_contacts(
    world: World,
    caller: Caller,
    Scoped(scope): Scoped,
    Path(id): Path<EnterpriseId>,
) -> Result<Json<Page<ContactShown>>> {
    let (home, contacts) =
        world.read(move |db| Ok((store::load(db, &scope, id)?.home, contact::of(db, id)?))).await?;
    let mut shown = Vec::with_capacity(contacts.len());
    for contact in contacts {
        let viewed = ContactViewed { contact: contact.id, duty: contact.duty };
        let note = Record::first(id, home.clone(), EnterpriseNote::ContactViewed(viewed));
        // Nobody's own work: whoever reads it is noted.
        let owner = contact.id.into();
        let person = world.open_sealed(&caller, contact.person.clone(), owner, note).await?;
        shown.push(contact.shown(person));
    }
    Ok(Json(Page::whole(shown)))
}

async fn name(
    world: World,
    caller: Caller,
    key: Idempotency,
    Scoped(scope): Scoped,
    Path(id): Path<EnterpriseId>,
    Body(NameContact { duty, person }): Body<NameContact>,
) -> Result<Reply<EnterpriseView>> {
    let person = person.checked()?;
    // Before a key is made for anybody.
    let asked = scope.clone();
    world.read(move |db| store::load(db, &asked, id)).await?;
    let contact = ContactId(Id::new(world.clock().now(), random()?));
    let sealed = world.seal(contact.into(), person).await?;
    let named = move |tx: &mut Tx<'_>, scope: &Scope| {
        change::name_in(tx, scope, id, (contact, duty, sealed))
    };
    record::commit::<Enterprises>(world, caller, key, scope, named).await
}

fn random() -> Result<[u8; 10]> {
    let mut bytes = [0; 10];
    getrandom::fill(&mut bytes).map_err(|error| Error::Internal(format!("random: {error}")))?;
    Ok(bytes)
}

async fn remove(
    world: World,
    caller: Caller,
    key: Idempotency,
    Scoped(scope): Scoped,
    Path(id): Path<EnterpriseId>,
    Body(RemoveContact { contact, reason }): Body<RemoveContact>,
) -> Result<Reply<EnterpriseView>> {
    let left =
        move |tx: &mut Tx<'_>, scope: &Scope| change::remove_in(tx, scope, id, (contact, &reason));
    record::commit::<Enterprises>(world, caller, key, scope, left).await
}

fn one(db: &mut dyn Read, scope: &Scope, enterprise: Enterprise) -> Result<EnterpriseView> {
    views(db, scope, vec![enterprise])?.pop().ok_or(Error::not_found("enterprise"))
}

fn views(
    db: &mut dyn Read,
    scope: &Scope,
    enterprises: Vec<Enterprise>,
) -> Result<Vec<EnterpriseView>> {
    let ids: Vec<EnterpriseId> = enterprises.iter().map(|it| it.id).collect();
    let codes: BTreeSet<AdminCode> =
        enterprises.iter().filter_map(|it| it.home.region.clone()).collect();
    let regions = atlas::region::names(db, &codes)?;
    let mut counts = site::counts(db, scope, &ids)?;
    let mut organisations: HashMap<Id, Option<String>> = HashMap::new();
    let mut views = Vec::with_capacity(enterprises.len());
    for it in enterprises {
        let organisation_name = match it.description.organisation {
            None => None,
            Some(id) => match organisations.get(&id) {
                Some(name) => name.clone(),
                None => {
                    let name = trust::organisation::find(db, id)?.map(|found| found.name);
                    organisations.insert(id, name.clone());
                    name
                }
            },
        };
        let sites = counts.remove(&it.id).unwrap_or_default();
        views.push(EnterpriseView {
            id: it.id,
            revision: it.revision,
            region_name: it.home.region.as_ref().and_then(|code| regions.get(code).cloned()),
            region: it.home.region,
            organisation_name,
            description: it.description,
            state: Some(it.state),
            since: Some(it.since),
            reason: it.reason,
            registered_at: it.registered_at,
            sites: sites.into_iter().map(|(kind, count)| (kind.code(), count)).collect(),
            contacts: None,
        });
    }
    Ok(views)
}
