//! Grants: an account holds a role over a region and what reports to it, or over an
//! organisation and what is below it.
//!
//! In: the security officer. Out: `grant.given`, `grant.withdrawn`.
//! Tables: `role_grant`. Screens: `ui/src/trust/account`.

use std::sync::Arc;

use base::{AdminCode, Id};
use host::scope::{Grant, Place};
use host::web::{Body, Idempotency, Path};
use host::{
    Caller, Entry, Error, Home, Permission, Read, Record, Reply, Result, Routes, Row, Slice,
    Summary, Table, Tables, Tx, World, params, row,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::account::{self, Account};
use crate::organisation;

pub const MANAGE: Permission = Permission::new("grant.manage", "授予与收回角色");

host::facts! {
    /// What can happen to a grant.
    pub enum GrantFact {
        "grant.given" v 1 => Given(Given),
        "grant.withdrawn" v 1 => Withdrawn(Withdrawn),
    }
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Given {
    pub account: Id,
    pub account_name: String,
    pub role: String,
    #[serde(flatten)]
    pub place: Place,
    /// The region's or organisation's name at that time.
    pub place_name: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Withdrawn {
    pub account: Id,
    pub role: String,
    #[serde(flatten)]
    pub place: Place,
    pub place_name: String,
}

const TABLES: &[Table] = &[Table::subjects("role_grant")];

pub(crate) fn slice() -> Slice {
    Slice::new::<GrantFact>("grant", 2, TABLES, MANAGE, apply, |_, fact| match fact {
        GrantFact::Given(given) => Summary::new(
            format!("授予 {} 角色 {}（{}）", given.account_name, given.role, given.place_name),
            serde_json::json!({ "account": given.account, "role": given.role }),
        ),
        GrantFact::Withdrawn(gone) => Summary::new(
            format!("收回角色 {}（{}）", gone.role, gone.place_name),
            serde_json::json!({ "account": gone.account, "role": gone.role }),
        ),
    })
    .own_facts_only()
}

fn apply(tables: &mut Tables<'_>, entry: &Entry, fact: &GrantFact) {
    let id = entry.header.subject;
    match fact {
        GrantFact::Given(given) => {
            let (region, org) = columns(&given.place);
            let row = row! {
                account: given.account,
                role: &given.role,
                over_region: region,
                over_org: org,
                given_at: entry.at(),
            };
            tables.put("role_grant", entry, row);
        }
        GrantFact::Withdrawn(_) => {
            tables.run("delete from role_grant where id = $1", params![id]);
        }
    }
}

fn columns(place: &Place) -> (Option<AdminCode>, Option<Id>) {
    match place {
        Place::Region(region) => (Some(region.clone()), None),
        Place::Org(org) => (None, Some(*org)),
    }
}

fn place_of(row: &Row) -> Result<Place> {
    match row.get("over_org")? {
        Some(org) => Ok(Place::Org(org)),
        None => Ok(Place::Region(row.parse("over_region")?)),
    }
}

pub(crate) fn routes() -> Routes {
    Routes::new()
        .post(
            "/api/accounts/{id}/grants",
            MANAGE,
            "Gives an account a role over a region or an organisation",
            give,
        )
        .takes::<GiveRole>()
        .creates::<Account>()
        .delete("/api/grants/{id}", MANAGE, "Takes a role back", withdraw)
        .gives::<Account>()
}

#[derive(Debug, Deserialize, JsonSchema)]
struct GiveRole {
    role: String,
    /// Over this division and what reports to it,
    region: Option<AdminCode>,
    /// or over this organisation and what is below it: one of the two.
    org: Option<Id>,
}

impl GiveRole {
    fn place(&self) -> Result<Place> {
        match (&self.region, self.org) {
            (Some(region), None) => Ok(Place::Region(region.clone())),
            (None, Some(org)) => Ok(Place::Org(org)),
            (Some(_), Some(_)) => Err(Error::invalid("org", "both", "a region or an organisation")),
            (None, None) => Err(Error::invalid("region", "neither", "a region or an organisation")),
        }
    }
}

async fn give(
    world: World,
    caller: Caller,
    key: Idempotency,
    Path(account): Path<Id>,
    Body(body): Body<GiveRole>,
) -> Result<Reply<Account>> {
    let scope = caller.scope(MANAGE)?;
    let own = caller.person;
    let place = body.place()?;
    let reply = world
        .commit(&caller, key, move |tx| {
            scope.require(tx, &Home::node())?;
            let holder = account::load(tx, &scope, account)?;
            if holder.office.is_some() {
                return Err(Error::conflict("officer", "an officer's account gets no role"));
            }
            if holder.person == own {
                return Err(Error::conflict("own-account", "nobody gives themselves a role"));
            }
            record_given(tx, account, &holder.account, &body.role, place)?;
            account::load(tx, &scope, account)
        })
        .await?;
    Ok(reply.created())
}

/// Records a grant after checking that role and place exist and it is not held.
pub(crate) fn record_given(
    tx: &mut Tx<'_>,
    account: Id,
    account_name: &str,
    role: &str,
    place: Place,
) -> Result<()> {
    if tx.row("select role from role where role = $1", params![role])?.is_none() {
        return Err(Error::invalid("role", role, "a role listed by /api/roles"));
    }
    let place_name = name_of(tx, &place)?;
    let (region, org) = columns(&place);
    let held = tx.row(
        "select id from role_grant where account = $1 and role = $2 \
         and (over_region = $3 or over_org = $4) order by id limit 1",
        params![account, role, region, org],
    )?;
    if held.is_some() {
        return Err(Error::conflict("already-given", "the account holds this role there"));
    }
    let given = Given {
        account,
        account_name: account_name.to_owned(),
        role: role.to_owned(),
        place,
        place_name,
    };
    let id = tx.new_id();
    tx.record(Record::first(id, Home::node(), GrantFact::Given(given)))?;
    Ok(())
}

async fn withdraw(
    world: World,
    caller: Caller,
    key: Idempotency,
    Path(id): Path<Id>,
) -> Result<Reply<Account>> {
    let scope = caller.scope(MANAGE)?;
    world
        .commit(&caller, key, move |tx| {
            let row = tx.row(
                "select account, role, over_region, over_org from role_grant where id = $1",
                params![id],
            )?;
            let row = row.ok_or(Error::not_found("grant"))?;
            let account: Id = row.get("account")?;
            let place = place_of(&row)?;
            let place_name = name_of(tx, &place)?;
            let withdrawn = Withdrawn { account, role: row.get("role")?, place, place_name };
            tx.record(Record::next(id, GrantFact::Withdrawn(withdrawn)))?;
            account::load(tx, &scope, account)
        })
        .await
}

/// The name of a place that is in the registers.
fn name_of(db: &mut dyn Read, place: &Place) -> Result<String> {
    match place {
        Place::Region(region) => {
            let row = db.row("select name from region where code = $1", params![region])?;
            let row =
                row.ok_or_else(|| Error::invalid("region", region, "a region of the register"))?;
            Ok(row.get("name")?)
        }
        Place::Org(org) => match organisation::find(db, *org)? {
            Some(found) => Ok(found.name),
            None => Err(Error::invalid("org", org, "an organisation of /api/organisations")),
        },
    }
}

/// What an account holds in a world, with the roles' permissions.
pub(crate) fn held(db: &mut dyn Read, account: Id) -> Result<Arc<[Grant]>> {
    let rows = db.rows(
        "select g.role, g.over_region, g.over_org, r.permissions from role_grant g \
         join role r on r.role = g.role where g.account = $1 order by g.id",
        params![account],
    )?;
    rows.iter()
        .map(|row| {
            let permissions: Vec<String> = row.json("permissions")?;
            Ok(Grant {
                role: row.get("role")?,
                place: place_of(row)?,
                permissions: permissions.into(),
            })
        })
        .collect()
}
