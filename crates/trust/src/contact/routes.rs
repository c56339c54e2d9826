//! The door for people: the contact book.

use base::{AdminCode, Id, Timestamp};
use host::sealed::{Keys, Opened};
use host::trail::{Notes, Said};
use host::web::{Body, Idempotency, Json, Paged, Params, Path, Scoped};
use host::{Caller, Page, Read, Record, Reply, Result, Routes, World, params};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::address::Address;
use super::change::{self, Details};
use super::store::{self, Contact, Wanted};
use super::{ContactId, MANAGE, OPEN, READ};
use crate::account::{self, Holder};
use crate::organisation;

pub(crate) fn routes() -> Routes {
    Routes::new()
        .get("/api/contacts", READ, "Lists the contact book, the oldest first", list)
        .asks::<ContactQuery>()
        .paged()
        .gives::<Page<ContactView>>()
        .post("/api/contacts", MANAGE, "Enters somebody in the contact book", enter)
        .takes::<EnterContact>()
        .creates::<ContactView>()
        .get(
            "/api/contacts/people",
            MANAGE,
            "People with an account who can be told inside",
            people,
        )
        .gives::<Page<Holder>>()
        .get("/api/contacts/{id}", READ, "One contact, masked", show)
        .gives::<ContactView>()
        .put("/api/contacts/{id}", MANAGE, "Says anew what is said of a contact", change_one)
        .takes::<ChangeContact>()
        .gives::<ContactView>()
        .get(
            "/api/contacts/{id}/address",
            OPEN,
            "A contact's number and e-mail, whole; that they were read is noted",
            open,
        )
        .gives::<ContactView>()
        .post("/api/contacts/{id}/retire", MANAGE, "Retires a contact and destroys the key", retire)
        .takes::<RetireContact>()
        .gives::<ContactView>()
}

/// Which contacts are wanted.
#[derive(Debug, Default, Deserialize, JsonSchema)]
struct ContactQuery {
    /// Those at home in this region and those that report to it.
    region: Option<AdminCode>,
    /// Those whose name begins with this.
    q: Option<String>,
    /// Retired ones too.
    retired: Option<bool>,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct EnterContact {
    details: Details,
    #[serde(default)]
    address: Address,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct ChangeContact {
    /// The one that was read.
    revision: i64,
    details: Details,
    /// All of it anew; absent or `null` leaves it as it is.
    address: Option<Address>,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct RetireContact {
    /// 2 to 200 characters.
    reason: String,
}

/// A contact as the API gives it.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "BookContact")]
struct ContactView {
    id: ContactId,
    /// Goes up with each change; a change says which one was read.
    revision: i64,
    name: String,
    /// 职务与责任.
    duty: String,
    region: Option<AdminCode>,
    region_name: Option<String>,
    organisation: Option<Id>,
    organisation_name: Option<String>,
    /// Whose account tells them inside.
    person: Option<Id>,
    /// What that account's holder is called now.
    person_name: Option<String>,
    has_mobile: bool,
    has_email: bool,
    /// Masked, or whole where it was asked for and noted; `null` when the key is not on
    /// this node or was destroyed.
    address: Option<Address>,
    retired: bool,
    reason: Option<String>,
    entered_at: Timestamp,
}

host::facts! {
    /// What the trail holds about contacts. Nothing of it is applied.
    pub enum ContactNote {
        "contact.opened" v 1 => Opened(AddressOpened),
    }
}

/// Somebody saw a contact's number and e-mail.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct AddressOpened {}

pub(crate) fn notes() -> Notes {
    Notes::new::<ContactNote>("contact", |note| {
        let ContactNote::Opened(_) = note;
        Said::new(serde_json::json!({})).about("contact")
    })
}

async fn list(
    world: World,
    Scoped(scope): Scoped,
    Params(query): Params<ContactQuery>,
    page: Paged,
) -> Result<Json<Page<ContactView>>> {
    let text = query.q.as_deref().map(str::trim).filter(|text| !text.is_empty());
    let text = text.map(|text| text.chars().filter(|c| *c != '\0').take(40).collect());
    let wanted = Wanted { region: query.region, text, retired: query.retired.unwrap_or(false) };
    let (limit, keys) = (page.limit, world.keys().clone());
    let views = move |db: &mut dyn Read| -> Result<Vec<ContactView>> {
        let found = store::list(db, &scope, &wanted, &page)?;
        found.into_iter().map(|contact| masked(db, &keys, contact)).collect()
    };
    let views = world.read(views).await?;
    Ok(Json(Page::cut(views, limit, |it| (it.entered_at.as_millis(), it.id.to_string()))))
}

/// Who can be told inside: whoever has a good account, wherever they hold something in it.
async fn people(world: World, Scoped(scope): Scoped) -> Result<Json<Page<Holder>>> {
    let holders = world.read(move |db| account::people_in(db, &scope)).await?;
    Ok(Json(Page::whole(holders)))
}

async fn show(
    world: World,
    Scoped(scope): Scoped,
    Path(id): Path<ContactId>,
) -> Result<Json<ContactView>> {
    let keys = world.keys().clone();
    let view = move |db: &mut dyn Read| {
        let contact = store::load(db, &scope, id)?;
        masked(db, &keys, contact)
    };
    Ok(Json(world.read(view).await?))
}

async fn open(
    world: World,
    caller: Caller,
    Scoped(scope): Scoped,
    Path(id): Path<ContactId>,
) -> Result<Json<ContactView>> {
    let contact = world.read(move |db| store::load(db, &scope, id)).await?;
    let note = ContactNote::Opened(AddressOpened {});
    let note = Record::first(id, contact.home.clone(), note);
    // Nobody's own work: whoever reads it is noted, be it their own number.
    let opened =
        world.open_sealed(&caller, contact.reached.address.clone(), id.into(), note).await?;
    Ok(Json(world.read(move |db| view(db, contact, opened)).await?))
}

async fn enter(
    world: World,
    caller: Caller,
    key: Idempotency,
    Scoped(scope): Scoped,
    Body(EnterContact { details, address }): Body<EnterContact>,
) -> Result<Reply<ContactView>> {
    let address = address.checked()?;
    // Before a key is made for anybody.
    let (asked, home) = (scope.clone(), details.home());
    world.read(move |db| asked.require(db, &home)).await?;
    let id = ContactId(Id::new(world.clock().now(), random()?));
    let reached = change::seal(&world, id, address).await?;
    let reply = world.commit(&caller, key, move |tx| {
        let contact = change::enter_in(tx, &scope, (id, &details, reached))?;
        let keys = tx.keys().clone();
        masked(tx, &keys, contact)
    });
    Ok(reply.await?.created())
}

async fn change_one(
    world: World,
    caller: Caller,
    key: Idempotency,
    Scoped(scope): Scoped,
    Path(id): Path<ContactId>,
    Body(ChangeContact { revision, details, address }): Body<ChangeContact>,
) -> Result<Reply<ContactView>> {
    let address = address.map(|address| address.checked()).transpose()?;
    let asked = scope.clone();
    world.read(move |db| store::load(db, &asked, id)).await?;
    let reached = match address {
        Some(address) => Some(change::seal(&world, id, address).await?),
        None => None,
    };
    let reply = world.commit(&caller, key, move |tx| {
        let contact = change::change_in(tx, &scope, (id, revision), (&details, reached))?;
        let keys = tx.keys().clone();
        masked(tx, &keys, contact)
    });
    reply.await
}

async fn retire(
    world: World,
    caller: Caller,
    key: Idempotency,
    Scoped(scope): Scoped,
    Path(id): Path<ContactId>,
    Body(RetireContact { reason }): Body<RetireContact>,
) -> Result<Reply<ContactView>> {
    let reply = world.commit(&caller, key, move |tx| {
        let contact = change::retire_in(tx, &scope, id, &reason)?;
        let keys = tx.keys().clone();
        masked(tx, &keys, contact)
    });
    reply.await
}

fn random() -> Result<[u8; 10]> {
    let mut bytes = [0; 10];
    let filled = getrandom::fill(&mut bytes);
    filled.map_err(|error| host::Error::Internal(format!("random: {error}")))?;
    Ok(bytes)
}

fn masked(db: &mut dyn Read, keys: &Keys, contact: Contact) -> Result<ContactView> {
    let opened = keys.open_masked(&contact.reached.address)?;
    view(db, contact, opened)
}

fn view(db: &mut dyn Read, contact: Contact, opened: Opened<Address>) -> Result<ContactView> {
    let Contact { id, home, revision, description, reached, is_retired, reason, entered_at } =
        contact;
    let sql = "select name from region where code = $1";
    let region_name = match &home.region {
        Some(code) => db.row(sql, params![code])?.map(|row| row.get("name")).transpose()?,
        None => None,
    };
    let organisation_name = match home.org {
        Some(org) => organisation::find(db, org)?.map(|found| found.name),
        None => None,
    };
    let people: Vec<Id> = description.person.into_iter().collect();
    let person_name = account::names(db, &people)?.into_values().next();
    Ok(ContactView {
        id,
        revision,
        name: description.name,
        duty: description.duty,
        region: home.region,
        region_name,
        organisation: home.org,
        organisation_name,
        person: description.person,
        person_name,
        has_mobile: reached.has_mobile,
        has_email: reached.has_email,
        address: opened.value(),
        retired: is_retired,
        reason,
        entered_at,
    })
}
