//! The three officers, and the first start that appoints them.
//!
//! At the first start the node makes three one-time secrets, one per office, and
//! prints them once. Each opens one account. An office is given in no other way,
//! an account holds at most one, and an officer's account gets no role ever.

use axum::http::StatusCode;
use host::web::{Access, Body, Json, Path};
use host::{Error, Home, Lane, Permission, Read, Record, Result, Routes, Tx, World, params};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::account::{self, AccountFact, Opened};
use crate::session::Sessions;
use crate::{audit, grant, organisation, password, role};

/// One of the three offices.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Office {
    /// 系统管理员: opens accounts, runs the node; may give nobody any power.
    System,
    /// 安全管理员: defines roles and gives them; may not open accounts.
    Security,
    /// 审计管理员: reads the log and the trail; may change nothing.
    Audit,
}

impl Office {
    pub const ALL: [Office; 3] = [Office::System, Office::Security, Office::Audit];

    pub fn code(self) -> &'static str {
        match self {
            Office::System => "system",
            Office::Security => "security",
            Office::Audit => "audit",
        }
    }

    pub fn word(self) -> &'static str {
        match self {
            Office::System => "系统管理员",
            Office::Security => "安全管理员",
            Office::Audit => "审计管理员",
        }
    }

    pub fn of(code: &str) -> Option<Office> {
        Office::ALL.into_iter().find(|office| office.code() == code)
    }

    /// What the office may do: three sets that share nothing but the list of accounts.
    pub fn permissions(self) -> &'static [Permission] {
        match self {
            Office::System => &[
                account::MANAGE,
                account::LIST,
                organisation::MANAGE,
                host::scope::MANAGE_ATLAS,
                host::import::IMPORT,
                host::segment::EXCHANGE,
                host::effect::READ,
                host::effect::RESOLVE,
                host::node::HEALTH,
            ],
            Office::Security => {
                &[role::MANAGE, grant::MANAGE, account::LIST, host::neighbour::TRUST]
            }
            Office::Audit => &[audit::READ_LOG, audit::READ_TRAIL, account::LIST],
        }
    }
}

/// Makes the three secrets if this node has never been started; answers them in
/// clear, once.
///
/// # Errors
/// [`Error::Db`] when the database refuses.
pub fn first_start(world: &World) -> Result<Option<Vec<(Office, String)>>> {
    world.run(Lane::Urgent, "node", |tx| {
        let made = tx.row("select count(*) as made from first_start", &[])?;
        let officers =
            tx.row("select count(*) as made from account where office is not null", &[])?;
        let count = |row: Option<host::Row>| row.map_or(Ok(0), |row| row.get::<i64>("made"));
        if count(made)? + count(officers)? != 0 {
            return Ok(None);
        }
        let mut secrets = Vec::new();
        for office in Office::ALL {
            let secret = one_time_secret()?;
            tx.work().run(
                "insert into first_start (office, secret) values ($1, $2)",
                params![office.code(), digest(&secret)],
            )?;
            secrets.push((office, secret));
        }
        Ok(Some(secrets))
    })
}

pub(crate) fn routes(sessions: &Sessions) -> Routes {
    let claiming = sessions.clone();
    let claim_route = move |world, path, body| claim(claiming.clone(), world, path, body);
    Routes::new()
        .get("/api/first-start", Access::Public, "Says which offices are still to be claimed", open)
        .gives::<FirstStart>()
        .post(
            "/api/first-start/{office}",
            Access::Public,
            "Opens an officer's account with its one-time secret",
            claim_route,
        )
        .takes::<Claim>()
        .creates::<Claimed>()
}

/// The offices of a node that is being started for the first time.
#[derive(Debug, Serialize, JsonSchema)]
struct FirstStart {
    officers: Vec<OfficeState>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct OfficeState {
    office: Office,
    claimed: bool,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct Claim {
    secret: String,
    account: String,
    name: String,
    password: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Claimed {
    office: Office,
    claimed: bool,
}

/// Whether an office is still to be claimed.
pub(crate) fn is_open(db: &mut dyn Read) -> Result<bool> {
    Ok(db.row("select office from first_start limit 1", &[])?.is_some())
}

async fn open(world: World) -> Result<Json<FirstStart>> {
    let officers = world
        .read(|db| {
            let rows = db.rows("select office from first_start order by office", &[])?;
            let waiting: Vec<String> =
                rows.iter().map(|row| row.get("office")).collect::<Result<_, _>>()?;
            Ok(Office::ALL.map(|office| OfficeState {
                office,
                claimed: !waiting.iter().any(|code| code == office.code()),
            }))
        })
        .await?;
    Ok(Json(FirstStart { officers: officers.into() }))
}

async fn claim(
    sessions: Sessions,
    world: World,
    Path(office): Path<String>,
    Body(claim): Body<Claim>,
) -> Result<(StatusCode, [(&'static str, String); 1], Json<Claimed>)> {
    let office = Office::of(&office).ok_or(Error::not_found("office"))?;
    account::check_name(&claim.account)?;
    let name = account::check_person(&claim.name)?;
    password::check(&claim.password, &claim.account)?;
    let secret = digest(claim.secret.trim());
    let asked = secret.clone();
    // Before the hashing, which costs; and again below, where it counts.
    world.read(move |db| check_secret(db, office, &asked)).await?;
    let hash = sessions.desk().place().await?.hash(claim.password).await?;
    let account = claim.account;
    let decide = move |tx: &mut Tx<'_>| {
        check_secret(tx, office, &secret)?;
        tx.work().run("delete from first_start where office = $1", params![office.code()])?;
        account::refuse_taken(tx, &account)?;
        let id = tx.new_id();
        let opened = Opened { account, person: id, name, org: None, office: Some(office) };
        let fact = Record::first(id, Home::node(), AccountFact::Opened(opened))
            .basis("三员分立 GB/T 22239-2019");
        let recorded = tx.record(fact)?;
        account::set_password(tx, id, &hash, false)?;
        Ok(recorded.seq)
    };
    // Whoever stands at a public door is no person yet: the entry names none.
    let seq = host::node::off_the_loop(move || world.run(Lane::Urgent, "web", decide)).await?;
    let claimed = Json(Claimed { office, claimed: true });
    Ok((StatusCode::CREATED, [("fengsui-seq", seq.to_string())], claimed))
}

/// Refuses a secret that is not the office's, or that was used.
fn check_secret(db: &mut dyn Read, office: Office, secret: &str) -> Result<()> {
    let kept = db.row(
        "select office from first_start where office = $1 and secret = $2",
        params![office.code(), secret],
    )?;
    kept.map(|_| ()).ok_or_else(|| {
        let detail = "the secret is not this office's, or was used already";
        Error::conflict("secret-not-valid", detail)
    })
}

pub(crate) fn digest(secret: &str) -> String {
    hex::encode(Sha256::digest(secret))
}

/// 20 characters of base 32 without the ones that look alike: 100 bits.
fn one_time_secret() -> Result<String> {
    const ALPHABET: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    let mut bytes = [0u8; 20];
    getrandom::fill(&mut bytes).map_err(|error| Error::Internal(format!("random: {error}")))?;
    let characters: Vec<char> =
        bytes.iter().map(|byte| char::from(ALPHABET[usize::from(byte % 32)])).collect();
    let groups: Vec<String> = characters.chunks(5).map(|group| group.iter().collect()).collect();
    Ok(groups.join("-"))
}
