//! Loads and lists the contact book, within a scope.

use base::{AdminCode, Id, Timestamp};
use host::sealed::Opened;
use host::web::Paged;
use host::{Error, Home, Read, Result, Row, Scope, Sealed, Value, World, params};

use super::ContactId;
use super::address::{self, Address};
use super::fact::{Description, Reached};

const COLUMNS: &str = "c.id, c.origin, c.region, c.org, c.class, c.revision, c.name, c.duty, \
     c.person, c.address, c.has_mobile, c.has_email, c.mobile_index, c.state, c.reason, \
     c.entered_at";

/// Somebody in the book.
#[derive(Debug, Clone)]
pub struct Contact {
    pub id: ContactId,
    pub home: Home,
    pub revision: i64,
    pub description: Description,
    pub reached: Reached,
    pub is_retired: bool,
    /// Why they were retired.
    pub reason: Option<String>,
    pub entered_at: Timestamp,
}

/// Which contacts are wanted.
#[derive(Debug, Clone, Default)]
pub(super) struct Wanted {
    /// Those at home in this region and those that report to it.
    pub region: Option<AdminCode>,
    /// Those whose name begins with this.
    pub text: Option<String>,
    pub retired: bool,
}

/// One contact.
///
/// # Errors
/// [`Error::NotFound`] also for one outside the scope.
pub fn load(db: &mut dyn Read, scope: &Scope, id: ContactId) -> Result<Contact> {
    let mut values = vec![Value::from(id)];
    let inside = scope.filter("c", &mut values);
    let sql = format!("select {COLUMNS} from contact c where c.id = $1 and {inside}");
    let row = db.row(&sql, &values)?.ok_or(Error::not_found("contact"))?;
    from_row(&row)
}

/// One contact, for the node's own work.
pub fn find(db: &mut dyn Read, id: ContactId) -> Result<Option<Contact>> {
    let sql = format!("select {COLUMNS} from contact c where c.id = $1");
    db.row(&sql, params![id])?.as_ref().map(from_row).transpose()
}

/// Those of `ids` that are there, for the node's own work, in the order of `ids`.
pub fn find_all(db: &mut dyn Read, ids: &[ContactId]) -> Result<Vec<Contact>> {
    let mut found = Vec::with_capacity(ids.len());
    for id in ids {
        found.extend(find(db, *id)?);
    }
    Ok(found)
}

/// Who is reached at a number, whoever asks: an answer came from it. More than one share
/// it when an office has one mobile.
pub fn find_by_mobile(db: &mut dyn Read, world: &World, number: &str) -> Result<Vec<Contact>> {
    let Some(number) = address::mobile(number) else { return Ok(Vec::new()) };
    let index = index_of(world, &number);
    let sql = format!(
        "select {COLUMNS} from contact c where c.mobile_index = $1 and c.state = 'active' \
         order by c.id"
    );
    db.rows(&sql, params![index])?.iter().map(from_row).collect()
}

/// The blind index of a number in one form.
pub(super) fn index_of(world: &World, number: &str) -> String {
    world.keys().blind_index("contact.mobile", number)
}

/// Where somebody is reached, for the node's own work: to tell them. Nobody is shown it.
/// Not for async code.
///
/// # Errors
/// [`Error::Internal`] when key and ciphertext do not belong together.
pub fn open_for_work(world: &World, contact: &Contact) -> Result<Opened<Address>> {
    world.open_for_work(&contact.reached.address)
}

/// By age in the book, the oldest first; one more than the page holds.
pub(super) fn list(
    db: &mut dyn Read,
    scope: &Scope,
    wanted: &Wanted,
    page: &Paged,
) -> Result<Vec<Contact>> {
    let (age, id) = page.position.clone().unwrap_or((i64::MIN, String::new()));
    let mut values = vec![Value::from(age), Value::from(id), Value::from(page.limit + 1)];
    let mut conditions = vec![
        "(c.entered_at > $1 or (c.entered_at = $1 and c.id > $2))".to_owned(),
        scope.filter("c", &mut values),
    ];
    if let Some(region) = &wanted.region {
        conditions.push(Scope::all_in(region.clone()).filter("c", &mut values));
    }
    if let Some(text) = &wanted.text {
        // A range and no pattern: bytes decide in both engines.
        values.extend([Value::from(text.clone()), Value::from(format!("{text}\u{10FFFF}"))]);
        let (from, to) = (values.len() - 1, values.len());
        conditions.push(format!("c.name >= ${from} and c.name < ${to}"));
    }
    if !wanted.retired {
        conditions.push("c.state = 'active'".to_owned());
    }
    let sql = format!(
        "select {COLUMNS} from contact c where {} order by c.entered_at, c.id limit $3",
        conditions.join(" and ")
    );
    db.rows(&sql, &values)?.iter().map(from_row).collect()
}

fn from_row(row: &Row) -> Result<Contact> {
    let state: String = row.get("state")?;
    let address: Sealed<Address> = row.json("address")?;
    Ok(Contact {
        id: row.get("id")?,
        home: Home::from_row(row)?,
        revision: row.get("revision")?,
        description: Description {
            name: row.get("name")?,
            duty: row.get("duty")?,
            person: row.get::<Option<Id>>("person")?,
        },
        reached: Reached {
            address,
            has_mobile: row.get("has_mobile")?,
            has_email: row.get("has_email")?,
            mobile_index: row.get("mobile_index")?,
        },
        is_retired: state == "retired",
        reason: row.get("reason")?,
        entered_at: row.get("entered_at")?,
    })
}
