//! The door itself: which world, who is it, may they, and is it the same request again.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{ACCEPT, COOKIE, HOST, ORIGIN};
use axum::http::{HeaderMap, Method, Uri};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::IntoResponse;
use base::Id;
use futures_util::future::BoxFuture;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use super::{Access, BODY_LIMIT, Idempotency, Routes};
use crate::error::{Error, Result};
use crate::node::Node;
use crate::scope::Caller;
use crate::world::{REAL, World};

/// The cookie that carries a session's secret.
pub const SESSION_COOKIE: &str = "fengsui_session";
/// The same on a node that people reach by https: a browser takes it over https
/// only, and from no other host of the same domain.
pub const SECURE_SESSION_COOKIE: &str = "__Host-fengsui_session";
/// How long a body may take to arrive, of machine time: 1 MiB by a poor line.
const BODY_TIME: Duration = Duration::from_secs(30);

/// A page sends it with what it asks by itself: on a timer, or because of a live fact.
const BACKGROUND: &str = "x-fengsui-background";

/// Who a request comes from: the person at the page, or the page by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    ByPerson,
    ByPage,
}

impl Asked {
    /// A page reads by itself and never writes; a browser opens a stream anew by itself.
    fn of(request: &Request) -> Asked {
        let headers = request.headers();
        let streams = headers.get(ACCEPT).is_some_and(|kind| kind == "text/event-stream");
        let marked = streams || headers.contains_key(BACKGROUND);
        if marked && request.method() == Method::GET { Asked::ByPage } else { Asked::ByPerson }
    }
}

/// Knows who holds a session. `trust` is the doorkeeper of a real node.
pub trait Doorkeeper: Send + Sync {
    /// Whose session this secret is, with the roles that hold in `world`. A person's
    /// request begins the session's idle time anew, a page's own does not.
    fn caller<'a>(&'a self, secret: &'a str, world: &'a World, asked: Asked) -> Holder<'a>;

    /// Who holds this session now, with the roles that hold in `world`: for what
    /// outlives its request. It leaves the session's idle time as it is.
    fn holds<'a>(&'a self, session: Id, world: &'a World) -> Holder<'a>;

    /// The name of the cookie that carries the secret.
    fn cookie(&self) -> &'static str {
        SESSION_COOKIE
    }

    /// Notes a refusal in the trail.
    fn refused(&self, world: &World, caller: Option<&Caller>, route: &str, error: &Error);

    /// The node closes: writes down what is still in memory only.
    fn close(&self) {}
}

/// Who holds a session: `None` for one that is unknown, expired or revoked; an error
/// when that cannot be known at the moment, which is no answer about the session.
///
/// It runs beside everybody's requests, so it never blocks.
pub type Holder<'a> = BoxFuture<'a, Result<Option<Session>>>;

/// A valid session.
#[derive(Debug, Clone)]
pub struct Session {
    pub caller: Caller,
    /// The holder has to choose a password before anything else.
    pub password_due: bool,
}

/// Mounts every route behind its guard. Paths below `/api/worlds/{world}/` are
/// the same routes in another world.
/// Whatever is no API path goes to `pages`.
pub fn router(node: Node, routes: &Routes, pages: axum::Router) -> axum::Router {
    let mut router = axum::Router::new();
    for route in routes.iter() {
        let asked = Wanted {
            access: route.access,
            path: route.path,
            of_node: route.of_node,
            streams: route.streams,
        };
        let guard = move |State(node): State<Node>, request: Request, next: Next| async move {
            match admit(&node, asked, request).await {
                Ok(request) => next.run(request).await,
                Err(error) => error.into_response(),
            }
        };
        let handler = route.handler.clone().layer(from_fn_with_state(node.clone(), guard));
        router = router.route(route.path, handler);
    }
    let router = router
        .method_not_allowed_fallback(|| async { Error::NotFound { what: "operation" } })
        .fallback_service(pages)
        .with_state(node.clone());
    let inner = router.clone();
    // The world is chosen before routing, by taking it out of the path.
    let choose = move |request: Request, _: Next| {
        let node = node.clone();
        let inner = inner.clone();
        async move {
            match choose_world(&node, request) {
                Ok(request) => {
                    use tower::ServiceExt as _;
                    match inner.oneshot(request).await {
                        Ok(response) => response,
                        Err(never) => match never {},
                    }
                }
                Err(error) => error.into_response(),
            }
        }
    };
    axum::Router::new()
        .fallback(|| async { Error::NotFound { what: "path" } })
        .layer(from_fn(choose))
}

fn choose_world(node: &Node, mut request: Request) -> Result<Request> {
    let path = request.uri().path();
    let (world, rest) = match path.strip_prefix("/api/worlds/").and_then(|p| p.split_once('/')) {
        Some((world, rest)) => (world.to_owned(), Some(format!("/api/{rest}"))),
        None => (REAL.to_owned(), None),
    };
    let world = node.world(&world).ok_or(Error::NotFound { what: "world" })?;
    if let Some(path) = rest {
        let query = request.uri().query().map(|query| format!("?{query}")).unwrap_or_default();
        let uri = format!("{path}{query}").parse::<Uri>();
        *request.uri_mut() = uri.map_err(|_| Error::NotFound { what: "path" })?;
    }
    request.extensions_mut().insert(world);
    Ok(request)
}

/// What a route wants of a request.
#[derive(Clone, Copy)]
struct Wanted {
    access: Access,
    path: &'static str,
    of_node: bool,
    streams: bool,
}

/// Lets a request through to its handler, with what handlers take from it.
async fn admit(node: &Node, wanted: Wanted, mut request: Request) -> Result<Request> {
    let Wanted { access, path: route, of_node, streams } = wanted;
    let world = request.extensions().get::<World>().cloned();
    let world = world.ok_or(Error::NotFound { what: "world" })?;
    if of_node && !world.is_real() {
        return Err(Error::NotFound { what: "path" });
    }
    let secret = session_secret(request.headers(), node.doorkeeper().cookie());
    let asked = Asked::of(&request);
    let session = match secret {
        Some(secret) => holder(node.doorkeeper().caller(&secret, &world, asked).await, access)?,
        None => None,
    };
    let checked = check(access, route, session.as_ref(), &request);
    if let Err(error) = &checked {
        // Nobody at a closed door is noise, and so is a page that asks before its
        // password is changed; somebody refused is worth a line.
        let caller = session.as_ref().map(|session| &session.caller);
        if caller.is_some() && !matches!(error, Error::PasswordChangeDue) {
            node.doorkeeper().refused(&world, caller, route, error);
        }
    }
    checked?;
    if let Some(session) = session {
        request.extensions_mut().insert(session.caller);
    }
    if let Access::Permission(permission) = access {
        request.extensions_mut().insert(permission);
    }
    if request.method() == Method::GET || streams {
        return Ok(request);
    }
    digest(request).await
}

/// Who cannot be looked up is not turned away as a stranger, but asked to come again;
/// what is for anybody goes on without.
fn holder(looked: Result<Option<Session>>, access: Access) -> Result<Option<Session>> {
    match looked {
        Ok(session) => Ok(session),
        Err(_) if access == Access::Public => Ok(None),
        Err(error) => {
            tracing::error!(%error, "the holder of a session could not be looked up");
            Err(Error::HolderUnknown)
        }
    }
}

fn check(access: Access, route: &str, session: Option<&Session>, request: &Request) -> Result<()> {
    let caller = session.map(|session| &session.caller);
    let own_session = route == "/api/session" || route.starts_with("/api/session/");
    let due = session.is_some_and(|session| session.password_due);
    if due && access != Access::Public && !own_session {
        return Err(Error::PasswordChangeDue);
    }
    match access {
        Access::Public => {}
        Access::SignedIn => {
            caller.ok_or(Error::NotSignedIn)?;
        }
        Access::Permission(permission) => {
            caller.ok_or(Error::NotSignedIn)?.scope(permission)?;
        }
    }
    if request.method() == Method::GET {
        return Ok(());
    }
    same_origin(request.headers())?;
    if access == Access::Public {
        return Ok(());
    }
    let expected = caller.map(|caller| caller.csrf.as_bytes()).unwrap_or_default();
    let given = request.headers().get("x-csrf-token").map(|value| value.as_bytes());
    let given = given.unwrap_or_default();
    if expected.is_empty() || !bool::from(expected.ct_eq(given)) {
        return Err(Error::Csrf);
    }
    Ok(())
}

/// A write that a browser sends from another site's page names that site.
fn same_origin(headers: &HeaderMap) -> Result<()> {
    let Some(origin) = headers.get(ORIGIN) else { return Ok(()) };
    let host = headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let origin = origin.to_str().unwrap_or_default();
    let origin_host = origin.split_once("://").map_or("", |(_, host)| host);
    if origin_host == host && !host.is_empty() { Ok(()) } else { Err(Error::Csrf) }
}

fn session_secret(headers: &HeaderMap, cookie: &str) -> Option<String> {
    let cookies = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    cookies
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == cookie)
        .map(|(_, secret)| secret.to_owned())
}

/// Reads the body within its limit and notes what the whole request was, so that
/// the same key with another body is told apart.
async fn digest(request: Request) -> Result<Request> {
    let (mut parts, body) = request.into_parts();
    let read = tokio::time::timeout(BODY_TIME, to_bytes(body, BODY_LIMIT)).await;
    let bytes = read
        .map_err(|_| Error::TooSlow { limit_s: BODY_TIME.as_secs() })?
        .map_err(|_| Error::TooLarge { limit: BODY_LIMIT })?;
    if let Some(key) = parts.headers.get("idempotency-key") {
        let key = key.to_str().ok().filter(|key| (1..=128).contains(&key.len()));
        let key = key.ok_or_else(|| {
            Error::invalid("Idempotency-Key", "bytes", "1 to 128 printable ASCII characters")
        })?;
        let mut digest = Sha256::new();
        digest.update(parts.method.as_str());
        digest.update([0]);
        digest.update(parts.uri.to_string());
        digest.update([0]);
        digest.update(&bytes);
        let idempotency = Idempotency::new(key.to_owned(), hex::encode(digest.finalize()));
        parts.extensions.insert(idempotency);
    }
    Ok(Request::from_parts(parts, Body::from(bytes)))
}

impl<D: Doorkeeper + ?Sized> Doorkeeper for Arc<D> {
    fn caller<'a>(&'a self, secret: &'a str, world: &'a World, asked: Asked) -> Holder<'a> {
        (**self).caller(secret, world, asked)
    }

    fn holds<'a>(&'a self, session: Id, world: &'a World) -> Holder<'a> {
        (**self).holds(session, world)
    }

    fn cookie(&self) -> &'static str {
        (**self).cookie()
    }

    fn refused(&self, world: &World, caller: Option<&Caller>, route: &str, error: &Error) {
        (**self).refused(world, caller, route, error);
    }

    fn close(&self) {
        (**self).close();
    }
}
