//! The door for people: the register of enterprises.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use base::{AdminCode, Date, Id, Timestamp};
use host::sealed::Keys;
use host::trail::{Notes, Said as Told};
use host::web::{Body, Idempotency, Json, Paged, Params, Path, Scoped};
use host::{Caller, Entry, Error, Page, Read, Record, Reply, Result, Routes, Scope, World};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::change::{self, Registering};
use super::contact::{self, ContactId, ContactShown, Duty, Person};
use super::fact::{Closed, Description, EnterpriseFact, Started, Suspended};
use super::store::{self, Wanted};
use super::{CONTACTS, Enterprise, EnterpriseDetails, EnterpriseId, Kind, READ, REGISTER};
use crate::history::{self, Said, Version};
use crate::life::{State, Step, TurnDetails};
use crate::search::Points;
use crate::site;

pub(crate) fn routes() -> Routes {
    Routes::new()
        .get("/api/enterprises", READ, "Lists enterprises, the oldest first", list)
        .asks::<EnterpriseQuery>()
        .paged()
        .gives::<Page<EnterpriseView>>()
        .post("/api/enterprises", REGISTER, "Registers an enterprise", register)
        .takes::<Registering>()
        .creates::<EnterpriseView>()
        .get("/api/enterprises/points", READ, "Where open enterprises lie, for a map", points)
        .gives::<Points<store::EnterprisePoint>>()
        .get("/api/enterprises/{id}", READ, "One enterprise, now or as it was", load)
        .asks::<AtQuery>()
        .gives::<EnterpriseView>()
        .put("/api/enterprises/{id}", REGISTER, "Says anew what is said of an enterprise", change)
        .takes::<ChangeEnterprise>()
        .gives::<EnterpriseView>()
        .get(
            "/api/enterprises/{id}/history",
            READ,
            "What an enterprise was from each change on, oldest first",
            versions,
        )
        .gives::<Page<Version<Description>>>()
        .post("/api/enterprises/{id}/start", REGISTER, "It works, or works again", start)
        .takes::<TurnDetails>()
        .gives::<EnterpriseView>()
        .post("/api/enterprises/{id}/suspend", REGISTER, "It stands still", suspend)
        .takes::<TurnDetails>()
        .gives::<EnterpriseView>()
        .post("/api/enterprises/{id}/close", REGISTER, "It is closed for good", close)
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
struct EnterpriseQuery {
    kind: Option<Kind>,
    /// Those inside this region.
    region: Option<AdminCode>,
    state: Option<State>,
    /// Those whose name, short name or code begins with this.
    q: Option<String>,
}

/// As of when.
#[derive(Debug, Default, Deserialize, JsonSchema)]
pub(crate) struct AtQuery {
    /// As the register had it at this moment; now when absent.
    pub at: Option<Timestamp>,
}

/// Says anew all that is said of it.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
struct ChangeEnterprise {
    /// The revision that was read; a newer one refuses it.
    revision: i64,
    details: EnterpriseDetails,
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

async fn list(
    world: World,
    Scoped(scope): Scoped,
    Params(query): Params<EnterpriseQuery>,
    page: Paged,
) -> Result<Json<Page<EnterpriseView>>> {
    let Paged { position: after, limit } = page;
    let EnterpriseQuery { kind, region, state, q: text } = query;
    let wanted = Wanted { kind, region, state, text, after };
    let page = world.read(move |db| {
        let found = store::list(db, &scope, &wanted, limit + 1)?;
        let views = views(db, &scope, found)?;
        Ok(Page::cut(views, limit, |it| (it.registered_at.as_millis(), it.id.to_string())))
    });
    Ok(Json(page.await?))
}

async fn points(
    world: World,
    Scoped(scope): Scoped,
) -> Result<Json<Points<store::EnterprisePoint>>> {
    let points = world
        .read(move |db| store::points(db, &scope, Points::<store::EnterprisePoint>::ASKED))
        .await?;
    Ok(Json(Points::cut(points)))
}

async fn load(
    world: World,
    caller: Caller,
    Scoped(scope): Scoped,
    Path(id): Path<EnterpriseId>,
    Params(query): Params<AtQuery>,
) -> Result<Json<EnterpriseView>> {
    let (keys, kit) = (world.keys().clone(), world.kit().clone());
    let view = world.read(move |db| {
        let now = store::load(db, &scope, id)?;
        let Some(moment) = query.at else { return one(db, &scope, &keys, now) };
        let versions = history::of(db, &kit, (&caller, id.into()), said)?;
        let then = history::at(versions, moment).ok_or(Error::not_found("enterprise"))?;
        let description = then.description.ok_or(Error::not_found("enterprise"))?;
        let home = host::Home { region: then.region, ..now.home };
        let mut views = views(db, &scope, vec![Enterprise { description, home, ..now }])?;
        let view = views.pop().ok_or(Error::not_found("enterprise"))?;
        let (state, since, reason) = (then.state, then.since, then.reason);
        Ok(EnterpriseView { state, since, reason, sites: BTreeMap::new(), ..view })
    });
    Ok(Json(view.await?))
}

async fn versions(
    world: World,
    caller: Caller,
    Scoped(scope): Scoped,
    Path(id): Path<EnterpriseId>,
) -> Result<Json<Page<Version<Description>>>> {
    let kit = world.kit().clone();
    let versions = world.read(move |db| {
        store::load(db, &scope, id)?;
        history::of(db, &kit, (&caller, id.into()), said)
    });
    Ok(Json(Page::whole(versions.await?)))
}

/// What a fact about an enterprise says of it.
fn said(entry: &Entry) -> Option<Said<Description>> {
    let nothing = Said { description: None, state: None, beside: None };
    let turned = |state, turn: crate::life::Turn| Some((state, turn.since, Some(turn.reason)));
    Some(match host::fact::read::<EnterpriseFact>(entry)? {
        EnterpriseFact::Registered(it) => Said {
            description: Some(it.description),
            state: Some((it.state, it.since, None)),
            ..nothing
        },
        EnterpriseFact::Changed(it) => Said { description: Some(it.description), ..nothing },
        EnterpriseFact::Started(Started(turn)) => {
            Said { state: turned(State::Operating, turn), ..nothing }
        }
        EnterpriseFact::Suspended(Suspended(turn)) => {
            Said { state: turned(State::Suspended, turn), ..nothing }
        }
        EnterpriseFact::Closed(Closed(turn)) => {
            Said { state: turned(State::Closed, turn), ..nothing }
        }
        EnterpriseFact::ContactNamed(_) | EnterpriseFact::ContactRemoved(_) => {
            Said { beside: Some("contacts"), ..nothing }
        }
    })
}

async fn register(
    world: World,
    caller: Caller,
    key: Idempotency,
    Scoped(scope): Scoped,
    Body(new): Body<Registering>,
) -> Result<Reply<EnterpriseView>> {
    let keys = world.keys().clone();
    let reply = world.commit(&caller, key, move |tx| {
        let made = change::register_in(tx, &scope, &new)?;
        one(tx, &scope, &keys, made)
    });
    Ok(reply.await?.created())
}

async fn change(
    world: World,
    caller: Caller,
    key: Idempotency,
    Scoped(scope): Scoped,
    Path(id): Path<EnterpriseId>,
    Body(ChangeEnterprise { revision, details }): Body<ChangeEnterprise>,
) -> Result<Reply<EnterpriseView>> {
    let keys = world.keys().clone();
    let reply = world.commit(&caller, key, move |tx| {
        let changed = change::change_in(tx, &scope, id, (revision, details))?;
        one(tx, &scope, &keys, changed)
    });
    reply.await
}

/// What a step of its life takes from the door.
type Asked = (World, Caller, Idempotency, Scope, EnterpriseId, TurnDetails);

async fn start(
    world: World,
    caller: Caller,
    key: Idempotency,
    Scoped(scope): Scoped,
    Path(id): Path<EnterpriseId>,
    Body(said): Body<TurnDetails>,
) -> Result<Reply<EnterpriseView>> {
    turn(Step::Start, (world, caller, key, scope, id, said)).await
}

async fn suspend(
    world: World,
    caller: Caller,
    key: Idempotency,
    Scoped(scope): Scoped,
    Path(id): Path<EnterpriseId>,
    Body(said): Body<TurnDetails>,
) -> Result<Reply<EnterpriseView>> {
    turn(Step::Suspend, (world, caller, key, scope, id, said)).await
}

async fn close(
    world: World,
    caller: Caller,
    key: Idempotency,
    Scoped(scope): Scoped,
    Path(id): Path<EnterpriseId>,
    Body(said): Body<TurnDetails>,
) -> Result<Reply<EnterpriseView>> {
    turn(Step::Close, (world, caller, key, scope, id, said)).await
}

async fn turn(step: Step, asked: Asked) -> Result<Reply<EnterpriseView>> {
    let (world, caller, key, scope, id, said) = asked;
    let keys = world.keys().clone();
    let reply = world.commit(&caller, key, move |tx| {
        let turned = change::turn_in(tx, &scope, id, (step, &said))?;
        one(tx, &scope, &keys, turned)
    });
    reply.await
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
    let keys = world.keys().clone();
    let reply = world.commit(&caller, key, move |tx| {
        let named = change::name_in(tx, &scope, id, (contact, duty, sealed))?;
        one(tx, &scope, &keys, named)
    });
    reply.await
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
    let keys = world.keys().clone();
    let reply = world.commit(&caller, key, move |tx| {
        let left = change::remove_in(tx, &scope, id, (contact, &reason))?;
        one(tx, &scope, &keys, left)
    });
    reply.await
}

/// One enterprise with who is to be called, masked.
fn one(
    db: &mut dyn Read,
    scope: &Scope,
    keys: &Keys,
    enterprise: Enterprise,
) -> Result<EnterpriseView> {
    let contacts = contact::of(db, enterprise.id)?;
    let contacts = contacts.iter().map(|contact| contact.masked(keys)).collect::<Result<_>>()?;
    let mut views = views(db, scope, vec![enterprise])?;
    let view = views.pop().ok_or(Error::not_found("enterprise"))?;
    Ok(EnterpriseView { contacts: Some(contacts), ..view })
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
