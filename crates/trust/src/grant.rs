//! Grants: an account holds a role over a region and what reports to it.
//!
//! In: the security officer. Out: `grant.given`, `grant.withdrawn`.
//! Tables: `role_grant`. Screens: `ui/src/trust/account`.

use std::sync::Arc;

use base::{AdminCode, Id};
use host::scope::Grant;
use host::web::{Body, Idempotency, Path};
use host::{
    Caller, Entry, Error, Permission, Read, Record, Reply, Result, Routes, Slice, Summary, Table,
    Tables, Tx, World, params,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::account::{self, Account};

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
    pub region: AdminCode,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Withdrawn {
    pub account: Id,
    pub role: String,
    pub region: AdminCode,
}

const TABLES: &[Table] = &[Table::facts("role_grant")];

pub(crate) fn slice() -> Slice {
    Slice::new::<GrantFact>("grant", 1, TABLES, MANAGE, apply, |_, fact| match fact {
        GrantFact::Given(given) => Summary::new(
            format!("授予 {} 角色 {}（{}）", given.account_name, given.role, given.region),
            serde_json::json!({ "account": given.account, "role": given.role }),
        ),
        GrantFact::Withdrawn(gone) => Summary::new(
            format!("收回角色 {}（{}）", gone.role, gone.region),
            serde_json::json!({ "account": gone.account, "role": gone.role }),
        ),
    })
    .own_facts_only()
}

fn apply(tables: &mut Tables<'_>, entry: &Entry, fact: &GrantFact) {
    let id = entry.header.subject;
    match fact {
        GrantFact::Given(given) => tables.run(
            "insert into role_grant (id, account, role, region, given_at) \
             values ($1, $2, $3, $4, $5) on conflict (id) do nothing",
            params![id, given.account, &given.role, &given.region, entry.at()],
        ),
        GrantFact::Withdrawn(_) => {
            tables.run("delete from role_grant where id = $1", params![id]);
        }
    }
}

pub(crate) fn routes() -> Routes {
    Routes::new()
        .post("/api/accounts/{id}/grants", MANAGE, "Gives an account a role over a region", give)
        .takes::<GiveRole>()
        .creates::<Account>()
        .delete("/api/grants/{id}", MANAGE, "Takes a role back", withdraw)
        .gives::<Account>()
}

#[derive(Debug, Deserialize, JsonSchema)]
struct GiveRole {
    role: String,
    region: AdminCode,
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
    let reply = world
        .commit(&caller, key, move |tx| {
            let holder = account::load(tx, &scope, account)?;
            if holder.office.is_some() {
                return Err(Error::conflict("officer", "an officer's account gets no role"));
            }
            if holder.person == own {
                return Err(Error::conflict("own-account", "nobody gives themselves a role"));
            }
            record_given(tx, account, &holder.account, &body.role, &body.region)?;
            account::load(tx, &scope, account)
        })
        .await?;
    Ok(reply.created())
}

/// Records a grant after checking that role and region exist and it is not held.
pub(crate) fn record_given(
    tx: &mut Tx<'_>,
    account: Id,
    account_name: &str,
    role: &str,
    region: &AdminCode,
) -> Result<()> {
    if tx.row("select role from role where role = $1", params![role])?.is_none() {
        return Err(Error::invalid("role", role, "a role listed by /api/roles"));
    }
    if tx.row("select code from region where code = $1", params![region])?.is_none() {
        return Err(Error::invalid("region", region, "a region of the register"));
    }
    let held = tx.row(
        "select id from role_grant where account = $1 and role = $2 and region = $3",
        params![account, role, region],
    )?;
    if held.is_some() {
        return Err(Error::conflict("already-given", "the account holds this role there"));
    }
    let given = Given {
        account,
        account_name: account_name.to_owned(),
        role: role.to_owned(),
        region: region.clone(),
    };
    let id = tx.new_id();
    tx.record(Record::new(id, GrantFact::Given(given)))?;
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
            let row =
                tx.row("select account, role, region from role_grant where id = $1", params![id])?;
            let row = row.ok_or(Error::not_found("grant"))?;
            let account: Id = row.get("account")?;
            let withdrawn =
                Withdrawn { account, role: row.get("role")?, region: row.parse("region")? };
            tx.record(Record::new(id, GrantFact::Withdrawn(withdrawn)))?;
            account::load(tx, &scope, account)
        })
        .await
}

/// What an account holds in a world, with the roles' permissions.
pub(crate) fn held(db: &mut dyn Read, account: Id) -> Result<Arc<[Grant]>> {
    let rows = db.rows(
        "select g.role, g.region, r.permissions from role_grant g \
         join role r on r.role = g.role where g.account = $1 order by g.id",
        params![account],
    )?;
    rows.iter()
        .map(|row| {
            let permissions: Vec<String> = row.json("permissions")?;
            Ok(Grant {
                role: row.get("role")?,
                region: row.parse("region")?,
                permissions: permissions.into(),
            })
        })
        .collect()
}
