//! Signing in and out.

use axum::http::header::SET_COOKIE;
use axum::response::{IntoResponse, Response};
use base::{AdminCode, Id, Timestamp};
use host::web::{Access, Body, Json, SESSION_COOKIE, Source};
use host::world::wall_clock;
use host::{Caller, Error, Lane, Node, Result, Routes, World, params};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::attempt::{self, Standing};
use super::{ABSOLUTE, Open, Sessions, idle_of};
use crate::office::{digest, hashed};
use crate::{account, audit, office, password};

/// A session as its holder sees it.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct SessionView {
    person: PersonRef,
    account: String,
    /// Codes of permissions, over whatever region.
    permissions: Vec<String>,
    roles: Vec<HeldRole>,
    /// The roots of what the holder may see.
    regions: Vec<AdminCode>,
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
    region: AdminCode,
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
    let close_route = move |world, caller| close(closing.clone(), world, caller);
    let change_route =
        move |world, caller, body| change_password(changing.clone(), world, caller, body);
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
    let now = wall_clock();
    let name: String = body.account.trim().to_lowercase().chars().take(64).collect();
    let asked = name.clone();
    let (standing, credential) = world
        .read(move |db| Ok((attempt::standing(db, &asked)?, attempt::credential(db, &asked)?)))
        .await?;
    if standing.is_locked(now) {
        sessions.0.trail.sign_in_refused(&world, &name, &source, "locked");
        return Err(standing.refusal(now));
    }
    let hash = credential.as_ref().map(|(_, hash, ..)| hash.clone());
    let typed = body.password;
    let right =
        host::node::off_the_loop(move || Ok(password::is_right(&typed, hash.as_deref()))).await?;
    let Some((account, _, must_change, officer)) = credential.filter(|_| right) else {
        let standing = note_failure(&world, name.clone(), now).await?;
        sessions.0.trail.sign_in_refused(&world, &name, &source, "wrong");
        return Err(standing.refusal(now));
    };
    let secret = random_text()?;
    let session = Open {
        id: Id::new(now, random_bytes()?),
        account,
        csrf: random_text()?,
        seen: now,
        written: now,
        expires: now + ABSOLUTE,
        idle: idle_of(officer),
    };
    write_down(&world, &secret, &session, &name, &source).await?;
    let held = session.clone();
    let caller = world.read(move |db| super::caller_of(db, &held)).await?;
    sessions.0.open.lock().expect("no holder panics").insert(digest(&secret), session);
    let cookie = format!("{SESSION_COOKIE}={secret}; Path=/; HttpOnly; SameSite=Strict");
    let body = Json(view(&caller, must_change, officer));
    Ok((axum::http::StatusCode::CREATED, [(SET_COOKIE, cookie)], body).into_response())
}

async fn note_failure(world: &World, name: String, now: Timestamp) -> Result<Standing> {
    host::node::off_the_loop({
        let world = world.clone();
        move || {
            world.run(Lane::Urgent, "web", move |tx| {
                let standing = attempt::standing(tx, &name)?.after_failure(now);
                attempt::save(tx, &name, standing)?;
                Ok(standing)
            })
        }
    })
    .await
}

/// Keeps the session's row and the trail's entry, in one transaction.
async fn write_down(
    world: &World,
    secret: &str,
    session: &Open,
    name: &str,
    source: &str,
) -> Result<()> {
    let (world, secret, session) = (world.clone(), digest(secret), session.clone());
    let (name, source) = (name.to_owned(), source.to_owned());
    host::node::off_the_loop(move || {
        world.run(Lane::Urgent, "web", move |tx| {
            attempt::clear(tx, &name)?;
            tx.work().run("delete from session where expires_at < $1", params![session.seen])?;
            tx.work().run(
                "insert into session (secret, id, account, csrf, source, created_at, seen_at, \
                 expires_at) values ($1, $2, $3, $4, $5, $6, $6, $7)",
                params![
                    secret,
                    session.id,
                    session.account,
                    &session.csrf,
                    &source,
                    session.seen,
                    session.expires
                ],
            )?;
            audit::note_signed_in(tx, session.account, &name, &source)
        })
    })
    .await
}

async fn show(world: World, caller: Caller) -> Result<Json<SessionView>> {
    let account = caller.account.clone();
    let found = world.read(move |db| attempt::credential(db, &account)).await?;
    let (must_change, officer) =
        found.map_or((false, false), |(_, _, must, officer)| (must, officer));
    Ok(Json(view(&caller, must_change, officer)))
}

async fn close(sessions: Sessions, world: World, caller: Caller) -> Result<Response> {
    let id = caller.session;
    sessions.0.open.lock().expect("no holder panics").retain(|_, session| session.id != id);
    host::node::off_the_loop(move || {
        world.run_as(&caller.clone(), move |tx| {
            tx.work().run("delete from session where id = $1", params![id])?;
            audit::note_signed_out(tx, &caller)
        })
    })
    .await?;
    let cookie = format!("{SESSION_COOKIE}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0");
    Ok((axum::http::StatusCode::NO_CONTENT, [(SET_COOKIE, cookie)]).into_response())
}

async fn change_password(
    sessions: Sessions,
    world: World,
    caller: Caller,
    Body(body): Body<ChangePassword>,
) -> Result<Response> {
    password::check(&body.new, &caller.account)?;
    if body.new == body.current {
        return Err(Error::invalid("new", "the current password", "another one"));
    }
    let name = caller.account.clone();
    let found = world.read(move |db| attempt::credential(db, &name)).await?;
    let (account, hash, ..) = found.ok_or(Error::NotSignedIn)?;
    let current = body.current;
    let right =
        host::node::off_the_loop(move || Ok(password::is_right(&current, Some(&hash)))).await?;
    if !right {
        return Err(Error::SignInRefused { tries_left: None, locked_until: None });
    }
    let hash = hashed(body.new).await?;
    let own = caller.session;
    host::node::off_the_loop(move || {
        world.run_as(&caller.clone(), move |tx| {
            account::set_password(tx, account, &hash, false)?;
            // Whoever else holds a session of this account has to sign in again.
            tx.work().run(
                "delete from session where account = $1 and id <> $2",
                params![account, own],
            )?;
            audit::note_password_changed(tx, &caller)
        })
    })
    .await?;
    let mut open = sessions.0.open.lock().expect("no holder panics");
    open.retain(|_, session| session.account != account || session.id == own);
    Ok(axum::http::StatusCode::NO_CONTENT.into_response())
}

fn view(caller: &Caller, must_change_password: bool, officer: bool) -> SessionView {
    let mut permissions: Vec<String> = caller
        .grants
        .iter()
        .flat_map(|grant| grant.permissions.iter().cloned())
        .chain(caller.offices.iter().cloned())
        .collect();
    permissions.sort();
    permissions.dedup();
    let mut regions: Vec<AdminCode> =
        caller.grants.iter().map(|grant| grant.region.clone()).collect();
    regions.sort();
    regions.dedup();
    let roles = caller
        .grants
        .iter()
        .map(|grant| HeldRole { role: grant.role.clone(), region: grant.region.clone() });
    SessionView {
        person: PersonRef { id: caller.person, name: caller.name.clone() },
        account: caller.account.clone(),
        permissions,
        roles: roles.collect(),
        regions,
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
