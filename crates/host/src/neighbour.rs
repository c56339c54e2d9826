//! Other nodes: whose hand this node believes.
//!
//! In: the security officer, who has compared a fingerprint with a person at the
//! other node. Out: `node.key.announced` (this node's own key, at its first start
//! and at each change), `node.trusted`, `node.distrusted`, `node.granted`,
//! `node.grant_withdrawn`, `node.reading_set`.
//! Tables: `node_key`, `neighbour_key`, `neighbour_grant`, `neighbour_reading`.
//! Nothing is trusted because it came first; decision in ADR 0011.

mod fact;
mod key;
mod reading;
mod routes;

use base::{AdminCode, Id};
use sha2::{Digest as _, Sha256};

use crate::db::{Read, Row};
use crate::error::{Error, Result};
use crate::home::Home;
use crate::part::Kit;
use crate::signing::{Endorsement, PublicKey, vouched};
use crate::web::text;
use crate::{Permission, Record, Scope, Tx, params};

pub use fact::{
    Announced, Distrusted, GrantWithdrawn, Granted, KeyFact, NeighbourFact, ReadingSet, Trusted,
};
pub use key::announce;
pub use reading::{Reading, reading, set_reading};
pub use routes::{NeighbourGrant, NeighbourKey, keys};

/// Saying whose hand this node believes, and changing its own key: of the
/// security officer.
pub const TRUST: Permission = Permission::new("node.trust", "确认上下级节点签名密钥");

/// What one key may speak for; more go by a region that these report to.
const MOST_REGIONS: usize = 100;

/// Believes a key of `origin` from now on, as far as `regions` and what reports to them.
///
/// # Errors
/// [`Error::Invalid`] for what is no fingerprint, no name of a node or no list of 1 to
/// [`MOST_REGIONS`] regions, [`Error::Conflict`] for this node's own name.
pub fn trust(
    tx: &mut Tx<'_>,
    origin: &str,
    fingerprint: &str,
    regions: &[AdminCode],
    by: &str,
) -> Result<()> {
    if origin == tx.origin {
        return Err(Error::conflict("own-origin", "a node does not take in its own log"));
    }
    let (origin, fingerprint) = (named(origin)?, read_fingerprint(fingerprint)?);
    if !(1..=MOST_REGIONS).contains(&regions.len()) {
        let expected = format!("1 to {MOST_REGIONS} that it may speak for");
        return Err(Error::invalid("regions", regions.len(), expected));
    }
    let (regions, by) = (regions.to_vec(), by.to_owned());
    let trusted = Trusted { origin: origin.clone(), fingerprint, regions, by };
    decide(tx, &origin, NeighbourFact::Trusted(trusted))
}

/// Records what was decided about a node.
fn decide(tx: &mut Tx<'_>, origin: &str, fact: NeighbourFact) -> Result<()> {
    tx.record(Record::first(subject("neighbour", origin), Home::node(), fact)).map(|_| ())
}

/// Believes a key no more, known or not: a lost box's key is told to all nodes.
///
/// # Errors
/// As [`trust`].
pub fn distrust(
    tx: &mut Tx<'_>,
    origin: &str,
    fingerprint: &str,
    reason: &str,
    by: &str,
) -> Result<()> {
    let (origin, fingerprint) = (named(origin)?, read_fingerprint(fingerprint)?);
    let reason = text("reason", reason, 2, 200)?;
    let fact = Distrusted { origin: origin.clone(), fingerprint, reason, by: by.to_owned() };
    decide(tx, &origin, NeighbourFact::Distrusted(fact))
}

/// Lets requests of `origin` use a permission over a region and what reports to it.
///
/// # Errors
/// [`Error::Invalid`] for a permission or a name that is none.
pub fn grant(
    tx: &mut Tx<'_>,
    origin: &str,
    permission: &str,
    region: AdminCode,
    by: &str,
) -> Result<()> {
    let origin = named(origin)?;
    if !askable(tx.kit).iter().any(|it| it.code == permission) {
        let expected = "one that a request needs, or custody.take";
        return Err(Error::invalid("permission", permission, expected));
    }
    let (permission, by) = (permission.to_owned(), by.to_owned());
    let fact = Granted { origin: origin.clone(), permission, region, by };
    decide(tx, &origin, NeighbourFact::Granted(fact))
}

/// What a node can be granted: only what a request can ask for, since a node is no person
/// and holds nothing else, and to be believed when it has taken over.
pub(crate) fn askable(kit: &Kit) -> Vec<Permission> {
    let mut askable: Vec<Permission> = kit.requests.iter().map(|kind| kind.permission).collect();
    askable.push(crate::custody::TAKE);
    askable.sort_by_key(|permission| permission.code);
    askable.dedup();
    askable
}

/// Takes back what [`grant`] gave.
///
/// # Errors
/// [`Error::Db`] when the database does not answer.
pub fn withdraw_grant(
    tx: &mut Tx<'_>,
    origin: &str,
    permission: &str,
    region: AdminCode,
    by: &str,
) -> Result<()> {
    let (permission, by) = (permission.to_owned(), by.to_owned());
    let fact = GrantWithdrawn { origin: origin.to_owned(), permission, region, by };
    decide(tx, origin, NeighbourFact::GrantWithdrawn(fact))
}

/// How far this node lets `origin` use a permission: there whatever the class. A node
/// knows of what is sensitive only what a segment opened to it.
///
/// # Errors
/// [`Error::Conflict`] `not-granted` when it does not.
pub(crate) fn granted(db: &mut dyn Read, origin: &str, permission: Permission) -> Result<Scope> {
    let rows = db.rows(
        "select region from neighbour_grant where origin = $1 and permission = $2 order by region",
        params![origin, permission.code],
    )?;
    let within = |row: &Row| -> Result<Scope> { Ok(Scope::all_in(row.parse("region")?)) };
    let scopes: Vec<Scope> = rows.iter().map(within).collect::<Result<_>>()?;
    Scope::any_of(scopes).ok_or_else(|| {
        let detail = format!("this node does not let {origin} ask for {}", permission.code);
        Error::conflict("not-granted", detail)
    })
}

/// The name of a node as configuration allows it.
pub(crate) fn named(origin: &str) -> Result<String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
    if (1..=64).contains(&origin.len()) && origin.chars().all(plain) {
        return Ok(origin.to_owned());
    }
    Err(Error::invalid("origin", origin, "1 to 64 letters, digits and hyphens"))
}

/// A fingerprint as people type it, with spaces and capitals as they like.
pub(crate) fn read_fingerprint(text: &str) -> Result<String> {
    let plain: String = text.chars().filter(|c| !c.is_whitespace() && *c != ':').collect();
    if plain.len() == 64 && plain.bytes().all(|c| c.is_ascii_hexdigit()) {
        return Ok(plain.to_lowercase());
    }
    Err(Error::invalid("fingerprint", text, "64 hex digits, as the other node shows them"))
}

/// Whether an entry is at home where its author may speak: in one of these regions, in
/// what reports to them, or in none.
pub(crate) fn may_speak(
    db: &mut dyn Read,
    regions: &[AdminCode],
    entry: &crate::Entry,
) -> Result<bool> {
    let Some(home) = &entry.header.region else { return Ok(true) };
    if regions.contains(home) {
        return Ok(true);
    }
    let mut params = vec![home.into()];
    let roots = regions.iter().map(Into::into).collect();
    let roots = crate::scope::bind(roots, &mut params);
    let sql = format!(
        "select 1 as inside from region_within where region = $1 and ancestor in ({roots}) limit 1"
    );
    Ok(db.row(&sql, &params)?.is_some())
}

/// Whether this node believes that `key` is `origin`'s; answers for which regions.
///
/// # Errors
/// [`Error::Conflict`] `unknown-origin`, `unknown-key` or `key-distrusted`.
pub(crate) fn believes(
    db: &mut dyn Read,
    origin: &str,
    key: &PublicKey,
    endorsements: &[Endorsement],
) -> Result<Vec<AdminCode>> {
    let decided = vouched(origin, key, endorsements, |fingerprint| {
        let row = db.row(
            "select regions from neighbour_key where origin = $1 and fingerprint = $2",
            params![origin, fingerprint],
        )?;
        Ok(row.map(|row| row.json_opt::<Vec<AdminCode>>("regions")).transpose()?)
    })?;
    let fingerprint = key.fingerprint();
    match decided {
        Some(Some(regions)) => Ok(regions),
        Some(None) => Err(Error::conflict(
            "key-distrusted",
            format!("the key {fingerprint} of {origin} is believed no more"),
        )),
        None => {
            let any = db.row(
                "select origin from neighbour_key where origin = $1 limit 1",
                params![origin],
            )?;
            Err(match any {
                None => Error::conflict(
                    "unknown-origin",
                    format!("nobody here has said that {origin} is to be believed"),
                ),
                Some(_) => Error::conflict(
                    "unknown-key",
                    format!("{origin} signed with {fingerprint}, which nobody here has trusted"),
                ),
            })
        }
    }
}

/// Facts about a node stand under one subject, made from its name.
pub(crate) fn subject(of: &str, origin: &str) -> Id {
    let digest = Sha256::digest(format!("{of} {origin}").as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    Id::from_u128(u128::from_be_bytes(bytes))
}

/// One node among others, as the host gives it to every program.
pub(crate) fn part() -> crate::Part {
    crate::Part {
        name: "neighbours",
        slices: fact::slices(),
        routes: routes::routes(),
        permissions: vec![TRUST],
        ..crate::Part::default()
    }
}
