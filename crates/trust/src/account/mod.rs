//! Accounts: the names people sign in with.
//!
//! In: the first start, and the system officer.
//! Out: `account.opened`, `.disabled`, `.enabled`, `.renamed`.
//! Tables: `account`; secrets are working state in `credential`, never in a fact.
//! Screens: `ui/src/trust/account`.

mod people;

use base::{AdminCode, Id};
use host::web::{Body, Idempotency, Json, Paged, Path, Scoped};
use host::{
    Caller, Entry, Error, Home, Page, Permission, Read, Record, Reply, Result, Routes, Scope,
    Slice, Summary, Table, Tables, Tx, World, params, row,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::session::Sessions;
use crate::{Office, password};

pub use people::{Holder, people_with};
pub(crate) use people::{names, people_in};

pub const MANAGE: Permission = Permission::new("account.manage", "开立与停用账号");
pub const LIST: Permission = Permission::new("account.list", "查看账号");

/// An account as the API gives it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Account {
    pub id: Id,
    pub account: String,
    pub person: Id,
    pub name: String,
    pub office: Option<Office>,
    pub state: State,
    pub grants: Vec<AccountGrant>,
}

/// A role that an account holds over a region or an organisation.
#[derive(Debug, Serialize, JsonSchema)]
pub struct AccountGrant {
    pub id: Id,
    pub role: String,
    pub role_word: String,
    /// Either this,
    pub region: Option<AdminCode>,
    /// or this.
    pub org: Option<Id>,
    pub org_name: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum State {
    Active,
    Disabled,
}

host::facts! {
    /// What can happen to an account.
    pub enum AccountFact {
        "account.opened" v 1 => Opened(Opened),
        "account.disabled" v 1 => Disabled(Disabled),
        "account.enabled" v 1 => Enabled(Enabled),
    }
}

/// An account was opened; it can do nothing yet, unless it is an officer's.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Opened {
    pub account: String,
    pub person: Id,
    pub name: String,
    pub org: Option<Id>,
    pub office: Option<Office>,
}

/// An account was closed to its holder; what it did stays.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Disabled {
    pub reason: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Enabled {}

const TABLES: &[Table] = &[Table::subjects("account"), Table::working("credential")];

pub(crate) fn slice() -> Slice {
    Slice::new::<AccountFact>("account", 2, TABLES, LIST, apply, summary).own_facts_only()
}

fn apply(tables: &mut Tables<'_>, entry: &Entry, fact: &AccountFact) {
    let id = entry.header.subject;
    match fact {
        AccountFact::Opened(opened) => {
            let row = row! {
                account: &opened.account,
                person: opened.person,
                name: &opened.name,
                works_for: opened.org,
                office: opened.office.map(Office::code),
                state: "active",
                opened_at: entry.at(),
            };
            tables.put("account", entry, row);
        }
        AccountFact::Disabled(_) => {
            tables.run("update account set state = 'disabled' where id = $1", params![id]);
        }
        AccountFact::Enabled(_) => {
            tables.run("update account set state = 'active' where id = $1", params![id]);
        }
    }
}

fn summary(_: &Entry, fact: &AccountFact) -> Summary {
    match fact {
        AccountFact::Opened(opened) => Summary::new(
            match opened.office {
                Some(office) => format!("{} 就任{}", opened.name, office.word()),
                None => format!("开立账号 {}（{}）", opened.account, opened.name),
            },
            serde_json::json!({ "account": opened.account, "office": opened.office }),
        ),
        AccountFact::Disabled(disabled) => Summary::new(
            format!("停用账号：{}", disabled.reason),
            serde_json::json!({ "state": "disabled" }),
        ),
        AccountFact::Enabled(_) => {
            Summary::new("恢复账号", serde_json::json!({ "state": "active" }))
        }
    }
}

pub(crate) fn routes(sessions: &Sessions) -> Routes {
    let (opening, ending) = (sessions.clone(), sessions.clone());
    let open_route = move |world, caller, key, scoped, body| {
        open(opening.clone(), world, caller, key, scoped, body)
    };
    let disable_route = move |world, caller, key, path, body| {
        disable(ending.clone(), world, caller, key, path, body)
    };
    Routes::new()
        .get("/api/accounts", LIST, "Lists accounts and their grants", list)
        .paged()
        .gives::<Page<Account>>()
        .post("/api/accounts", MANAGE, "Opens an account without any power", open_route)
        .takes::<OpenAccount>()
        .creates::<Account>()
        .post(
            "/api/accounts/{id}/disable",
            MANAGE,
            "Closes an account to its holder and ends its sessions",
            disable_route,
        )
        .takes::<DisableAccount>()
        .gives::<Account>()
        .post("/api/accounts/{id}/enable", MANAGE, "Opens a disabled account again", enable)
        .gives::<Account>()
}

#[derive(Debug, Deserialize, JsonSchema)]
struct OpenAccount {
    account: String,
    name: String,
    /// A first password, to be changed at the first sign-in.
    password: String,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct DisableAccount {
    reason: String,
}

async fn list(world: World, Scoped(scope): Scoped, page: Paged) -> Result<Json<Page<Account>>> {
    let Paged { position, limit } = page;
    let accounts = world.read(move |db| store_list(db, &scope, position, limit)).await?;
    Ok(Json(Page::cut(accounts, limit, |account| (0, account.id.to_string()))))
}

async fn open(
    sessions: Sessions,
    world: World,
    caller: Caller,
    key: Idempotency,
    Scoped(scope): Scoped,
    Body(new): Body<OpenAccount>,
) -> Result<Reply<Account>> {
    check_name(&new.account)?;
    let name = check_person(&new.name)?;
    password::check(&new.password, &new.account)?;
    let hash = sessions.desk().place().await?.hash(new.password).await?;
    let reply = world.commit(&caller, key, move |tx| {
        let home = Home::node();
        scope.require(tx, &home)?;
        refuse_taken(tx, &new.account)?;
        let id = tx.new_id();
        let opened =
            Opened { account: new.account.clone(), person: id, name, org: None, office: None };
        tx.record(Record::first(id, home, AccountFact::Opened(opened)))?;
        set_password(tx, id, &hash, true)?;
        load(tx, &scope, id)
    });
    Ok(reply.await?.created())
}

async fn disable(
    sessions: Sessions,
    world: World,
    caller: Caller,
    key: Idempotency,
    Path(id): Path<Id>,
    Body(body): Body<DisableAccount>,
) -> Result<Reply<Account>> {
    let scope = caller.scope(MANAGE)?;
    let own = caller.person;
    let reason = host::web::text("reason", &body.reason, 1, 400)?;
    let reply = world
        .commit(&caller, key, move |tx| {
            let account = load(tx, &scope, id)?;
            if account.person == own {
                return Err(Error::conflict("own-account", "nobody disables their own account"));
            }
            if account.state == State::Disabled {
                return Err(Error::conflict("already-disabled", "the account is disabled already"));
            }
            tx.record(Record::next(id, AccountFact::Disabled(Disabled { reason })))?;
            tx.work().run("delete from session where account = $1", params![id])?;
            load(tx, &scope, id)
        })
        .await?;
    sessions.forget_account(id);
    Ok(reply)
}

async fn enable(
    world: World,
    caller: Caller,
    key: Idempotency,
    Scoped(scope): Scoped,
    Path(id): Path<Id>,
) -> Result<Reply<Account>> {
    world
        .commit(&caller, key, move |tx| {
            let account = load(tx, &scope, id)?;
            if account.state == State::Active {
                return Err(Error::conflict("already-active", "the account is active already"));
            }
            tx.record(Record::next(id, AccountFact::Enabled(Enabled {})))?;
            load(tx, &scope, id)
        })
        .await
}

/// One account; only the node's officers list accounts, so the scope is the node.
pub(crate) fn load(db: &mut dyn Read, scope: &Scope, id: Id) -> Result<Account> {
    if *scope != Scope::Node {
        return Err(Error::not_found("account"));
    }
    let row = db.row(
        "select id, account, person, name, office, state from account where id = $1",
        params![id],
    )?;
    let row = row.ok_or(Error::not_found("account"))?;
    from_row(db, &row)
}

fn store_list(
    db: &mut dyn Read,
    scope: &Scope,
    position: Option<(i64, String)>,
    limit: i64,
) -> Result<Vec<Account>> {
    if *scope != Scope::Node {
        return Ok(Vec::new());
    }
    let after = position.map_or(String::new(), |(_, id)| id);
    let rows = db.rows(
        "select id, account, person, name, office, state from account \
         where id > $1 order by id limit $2",
        params![after, limit + 1],
    )?;
    rows.iter().map(|row| from_row(db, row)).collect()
}

fn from_row(db: &mut dyn Read, row: &host::Row) -> Result<Account> {
    let id: Id = row.get("id")?;
    let grants = db.rows(
        "select g.id, g.role, r.word, g.over_region, g.over_org, o.name as org_name from role_grant g \
         join role r on r.role = g.role left join organisation o on o.id = g.over_org \
         where g.account = $1 order by g.id",
        params![id],
    )?;
    let grants = grants.iter().map(|row| {
        Ok(AccountGrant {
            id: row.get("id")?,
            role: row.get("role")?,
            role_word: row.get("word")?,
            region: row.parse_opt("over_region")?,
            org: row.get("over_org")?,
            org_name: row.get("org_name")?,
        })
    });
    let office: Option<String> = row.get("office")?;
    let state: String = row.get("state")?;
    Ok(Account {
        id,
        account: row.get("account")?,
        person: row.get("person")?,
        name: row.get("name")?,
        office: office.as_deref().and_then(Office::of),
        state: if state == "active" { State::Active } else { State::Disabled },
        grants: grants.collect::<Result<_>>()?,
    })
}

/// 2 to 32 letters, digits, `.`, `-` or `_`, beginning with a letter.
pub(crate) fn check_name(account: &str) -> Result<()> {
    let fits = (2..=32).contains(&account.len())
        && account.starts_with(|c: char| c.is_ascii_lowercase())
        && account
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"._-".contains(&b));
    if fits {
        Ok(())
    } else {
        Err(Error::invalid(
            "account",
            account,
            "2 to 32 lower-case letters, digits, dots, hyphens or underscores, a letter first",
        ))
    }
}

/// A person's name as it is kept.
pub(crate) fn check_person(name: &str) -> Result<String> {
    host::web::text("name", name, 1, 64)
}

/// Business keys are checked in the decision, for what this node owns.
pub(crate) fn refuse_taken(tx: &mut Tx<'_>, account: &str) -> Result<()> {
    match tx.row("select id from account where account = $1", params![account])? {
        None => Ok(()),
        Some(_) => Err(Error::conflict("account-taken", "an account of this name exists")),
    }
}

pub(crate) fn set_password(
    tx: &mut Tx<'_>,
    account: Id,
    hash: &str,
    must_change: bool,
) -> Result<()> {
    let now = tx.machine_now();
    tx.work().run(
        "insert into credential (account, hash, must_change, changed_at) values ($1, $2, $3, $4) \
         on conflict (account) do update set hash = excluded.hash, \
         must_change = excluded.must_change, changed_at = excluded.changed_at",
        params![account, hash, must_change, now],
    )?;
    Ok(())
}
