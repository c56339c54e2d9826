//! Signing in and out.

use axum::http::header::SET_COOKIE;
use axum::response::{IntoResponse, Response};
use base::{AdminCode, Id, Timestamp};
use host::scope::Place;
use host::web::{Access, Body, Json, Source};
use host::world::wall_clock;
use host::{Caller, Error, Lane, Node, Result, Routes, Tx, World, params};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::attempt::{self, Credential, Standing, Who};
use super::{ABSOLUTE, MOST_SESSIONS, Open, Sessions, idle_of, leave};
use crate::office::digest;
use crate::{account, audit, office, password};

/// A session as its holder sees it.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct SessionView {
    person: PersonRef,
    account: String,
    /// Codes of permissions, over whatever region.
    permissions: Vec<String>,
    roles: Vec<HeldRole>,
    /// The roots of what the holder may see: divisions,
    regions: Vec<AdminCode>,
    /// and organisations.
    orgs: Vec<Id>,
    post: Option<String>,
    csrf: String,
    must_change_password: bool,
    idle_minutes: i64,
}

#[derive(Debug, Serialize, JsonSchema)]
struct PersonRef {
    id: Id,
    name: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct HeldRole {
    role: String,
    region: Option<AdminCode>,
    org: Option<Id>,
}

/// What the node says of itself to anybody.
#[derive(Debug, Serialize, JsonSchema)]
struct NodeView {
    name: String,
    region: AdminCode,
    region_name: Option<String>,
    tier: base::place::Tier,
    demo: bool,
    /// The three officers are not all appointed yet.
    first_start: bool,
    version: &'static str,
    now: Timestamp,
    map_credit: &'static str,
    notice: &'static str,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct SignIn {
    account: String,
    password: String,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct ChangePassword {
    current: String,
    new: String,
}

pub(crate) fn routes(sessions: &Sessions) -> Routes {
    let (opening, closing, changing) = (sessions.clone(), sessions.clone(), sessions.clone());
    let open_route = move |world, source, body| open(opening.clone(), world, source, body);
    let close_route = move |world, caller| leave::close(closing.clone(), world, caller);
    let change_route = move |world, caller, source, body| {
        change_password(changing.clone(), world, caller, source, body)
    };
    Routes::new()
        .get("/api/node", Access::Public, "Says which node this is", node)
        .gives::<NodeView>()
        .post("/api/session", Access::Public, "Signs in", open_route)
        .takes::<SignIn>()
        .creates::<SessionView>()
        .get("/api/session", Access::SignedIn, "Gives the caller's own session", show)
        .gives::<SessionView>()
        .delete("/api/session", Access::SignedIn, "Signs out", close_route)
        .post(
            "/api/session/password",
            Access::SignedIn,
            "Changes the caller's password",
            change_route,
        )
        .takes::<ChangePassword>()
}

async fn node(state: axum::extract::State<Node>, world: World) -> Result<Json<NodeView>> {
    let info = state.info().clone();
    let region = info.region.clone();
    let (first_start, region_name) = world
        .read(move |db| {
            let name = db.row("select name from region where code = $1", params![&region])?;
            let name = name.map(|row| row.get("name")).transpose()?;
            Ok((office::is_open(db)?, name))
        })
        .await?;
    Ok(Json(NodeView {
        name: info.name,
        region: info.region,
        region_name,
        tier: info.tier,
        demo: info.demo,
        first_start,
        version: info.version,
        now: world.clock().now(),
        map_credit: "演示数据 · 非正式地图 · CGCS2000 · © GeoNames",
        notice: "本系统不处理涉密信息",
    }))
}

async fn open(
    sessions: Sessions,
    world: World,
    Source(source): Source,
    Body(body): Body<SignIn>,
) -> Result<Response> {
    let name: String = body.account.trim().to_lowercase().chars().take(64).collect();
    let who = Who::new(world.keys(), name, source);
    let (credential, _) = tried(&sessions, &world, &who, body.password).await?;
    let now = wall_clock();
    let session = Open {
        id: Id::new(now, random_bytes()?),
        account: credential.account,
        csrf: random_text()?,
        seen: now,
        written: now,
        expires: now + ABSOLUTE,
        idle: idle_of(credential.officer),
        held: Vec::new(),
    };
    let secret = random_text()?;
    let held = enter(&sessions, &world, &who, credential, &secret, session).await?;
    let cookie = sessions.set_cookie(&secret);
    let body = Json(view(&held.caller, held.password_due));
    Ok((axum::http::StatusCode::CREATED, [(SET_COOKIE, cookie)], body).into_response())
}

/// Tries a password: the try is counted as failed first and then looked at.
///
/// # Errors
/// [`Error::SignInRefused`] for a wrong one, an unknown or a locked name;
/// [`Error::Busy`], and nothing counted, when too many are tried at this moment.
async fn tried(
    sessions: &Sessions,
    world: &World,
    who: &Who,
    password: String,
) -> Result<(Credential, password::Place)> {
    let asked = who.clone();
    let standing = world.read(move |db| Ok((attempt::standing(db, &asked)?, asked.shown(db)?)));
    let (standing, shown) = standing.await?;
    let trail = &sessions.0.trail;
    let refused = |standing: Standing, reason: &str| {
        trail.sign_in_refused(world, &shown, &who.source, reason);
        standing.refusal(wall_clock())
    };
    if standing.is_locked(wall_clock()) {
        return Err(refused(standing, "locked"));
    }
    let place = sessions.desk().place().await?;
    let asked = who.clone();
    let (begun, credential) = run(world, move |tx| {
        let begun = attempt::begin(tx, &asked)?;
        Ok((begun, attempt::credential(tx, &asked.name)?))
    })
    .await?;
    let standing = begun.map_err(|standing| refused(standing, "locked"))?;
    let kept = credential.as_ref().map(|credential| credential.hash.clone());
    let right = place.is_right(password, kept).await?;
    let credential = credential.filter(|_| right).ok_or_else(|| refused(standing, "wrong"))?;
    Ok((credential, place))
}

/// Opens the session, if the password it was opened with is still the password.
///
/// The memory first, then the row: a change of the password that is written down
/// before is seen here, and one that is written down after finds this session.
pub(super) async fn enter(
    sessions: &Sessions,
    world: &World,
    who: &Who,
    credential: Credential,
    secret: &str,
    session: Open,
) -> Result<host::web::Session> {
    let digest = digest(secret);
    sessions.admit(digest.clone(), session.clone());
    let (who, opened) = (who.clone(), session.clone());
    let written = run(world, move |tx| {
        if attempt::credential(tx, &who.name)?.as_ref() != Some(&credential) {
            let standing = attempt::standing(tx, &who)?;
            return Err(standing.refusal(tx.machine_now()));
        }
        attempt::succeed(tx, &who)?;
        write_down(tx, digest, &opened, &who)?;
        super::doorkeeper::holder(tx, &opened, true)
    });
    let written = written.await;
    if written.is_err() {
        sessions.end(session.id);
    }
    written
}

/// Keeps the session's row and the trail's entry, and as many rows as sessions.
fn write_down(tx: &mut Tx<'_>, digest: String, session: &Open, who: &Who) -> Result<()> {
    tx.work().run("delete from session where expires_at < $1", params![session.seen])?;
    tx.work().run(
        "insert into session (secret, id, account, csrf, source, created_at, seen_at, \
         expires_at) values ($1, $2, $3, $4, $5, $6, $6, $7)",
        params![
            digest,
            session.id,
            session.account,
            &session.csrf,
            &who.source,
            session.seen,
            session.expires
        ],
    )?;
    tx.work().run(
        "delete from session where account = $1 and id not in ( \
         select newer.id from session newer where newer.account = $1 \
         order by newer.expires_at desc, newer.id desc limit $2)",
        params![session.account, MOST_SESSIONS as i64],
    )?;
    audit::note_signed_in(tx, session.account, &who.name, &who.source)
}

async fn run<T: Send + 'static>(
    world: &World,
    decide: impl FnOnce(&mut Tx<'_>) -> Result<T> + Send + 'static,
) -> Result<T> {
    let world = world.clone();
    host::node::off_the_loop(move || world.run(Lane::Urgent, "web", decide)).await
}

async fn show(world: World, caller: Caller) -> Result<Json<SessionView>> {
    let account = caller.account.clone();
    let due = world.read(move |db| {
        let row = db.row(
            "select c.must_change from account a join credential c on c.account = a.id \
             where a.account = $1",
            params![account],
        )?;
        row.map_or(Ok(false), |row| Ok(row.get("must_change")?))
    });
    Ok(Json(view(&caller, due.await?)))
}

async fn change_password(
    sessions: Sessions,
    world: World,
    caller: Caller,
    Source(source): Source,
    Body(body): Body<ChangePassword>,
) -> Result<Response> {
    password::check(&body.new, &caller.account)?;
    if body.new == body.current {
        return Err(Error::invalid("new", "the current password", "another one"));
    }
    let who = Who::new(world.keys(), caller.account.clone(), source);
    let (credential, place) = tried(&sessions, &world, &who, body.current).await?;
    let hash = place.hash(body.new).await?;
    drop(place);
    let (account, own) = (credential.account, caller.session);
    let changed = host::node::off_the_loop(move || {
        world.run_as(&caller.clone(), move |tx| {
            if attempt::credential(tx, &who.name)? != Some(credential) {
                let standing = attempt::standing(tx, &who)?;
                return Err(standing.refusal(tx.machine_now()));
            }
            attempt::succeed(tx, &who)?;
            account::set_password(tx, account, &hash, false)?;
            // Whoever else holds a session of this account has to sign in again.
            tx.work().run(
                "delete from session where account = $1 and id <> $2",
                params![account, own],
            )?;
            audit::note_password_changed(tx, &caller)
        })
    })
    .await;
    // Also when the answer is an error: a server may have done it all the same.
    sessions.password_changed();
    changed?;
    sessions.open().retain(|_, session| session.account != account || session.id == own);
    Ok(axum::http::StatusCode::NO_CONTENT.into_response())
}

fn view(caller: &Caller, must_change_password: bool) -> SessionView {
    let officer = !caller.offices.is_empty();
    let mut permissions: Vec<String> = caller
        .grants
        .iter()
        .flat_map(|grant| grant.permissions.iter().cloned())
        .chain(caller.offices.iter().cloned())
        .collect();
    permissions.sort();
    permissions.dedup();
    let mut regions: Vec<AdminCode> = Vec::new();
    let mut orgs: Vec<Id> = Vec::new();
    let mut roles = Vec::with_capacity(caller.grants.len());
    for grant in caller.grants.iter() {
        let (role, mut region, mut org) = (grant.role.clone(), None, None);
        match &grant.place {
            Place::Region(code) => {
                regions.push(code.clone());
                region = Some(code.clone());
            }
            Place::Org(id) => {
                orgs.push(*id);
                org = Some(*id);
            }
        }
        roles.push(HeldRole { role, region, org });
    }
    regions.sort();
    regions.dedup();
    orgs.sort();
    orgs.dedup();
    SessionView {
        person: PersonRef { id: caller.person, name: caller.name.clone() },
        account: caller.account.clone(),
        permissions,
        roles,
        regions,
        orgs,
        post: caller.post.clone(),
        csrf: caller.csrf.clone(),
        must_change_password,
        idle_minutes: idle_of(officer).as_millis() / 60_000,
    }
}

/// 256 random bits in hex.
fn random_text() -> Result<String> {
    random_bytes::<32>().map(hex::encode)
}

fn random_bytes<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| Error::Internal(format!("random: {error}")))?;
    Ok(bytes)
}
