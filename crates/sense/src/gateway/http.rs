//! The door for devices that send whole messages over HTTP: `POST` or `PUT` of
//! `/ingest/{protocol}`, with what the protocol wants behind it.
//!
//! Who sends says so by HTTP Basic (RFC 7617): the station's code and its key. The
//! answer comes when the message is on disk, and not before: 200 when it is, 403 when it
//! is not wanted, 429 when there is no room now and it is to be sent again. Nobody is
//! told whether a code is known.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Path, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use base::Timestamp;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use tokio::sync::oneshot;
use wire::session::Outcome;

use crate::intake::budget::Holder;
use crate::intake::{Arrival, Intake, Refuse, Verdict};
use crate::protocol::{Coal42, Gateway, Gist, Json, Listed, Protocol};

/// What its door is called on the health page.
pub const DOOR: &str = "devices";

/// How long a body may take.
const BODY_TIME: Duration = Duration::from_secs(60);
/// What a message costs beyond its bytes while it is in flight.
const FRAME_COST: usize = 512;

/// A protocol whose devices send whole messages over HTTP.
pub trait Posts: Listed {
    /// What its answer needs of a message that is judged elsewhere.
    type Ticket: Send + 'static;

    /// Bytes of one body, at most.
    const LONGEST: usize;

    /// Makes a message of a request.
    ///
    /// # Errors
    /// [`Untaken`]; what was sent is kept as evidence when it names one.
    fn take(posted: Posted<'_>) -> Result<Taken<Self>, Untaken>;

    /// What its sender hears, after [`Intake`] has judged it.
    fn answer(ticket: Self::Ticket, outcome: &Outcome, gist: Option<Gist>) -> Answer;
}

/// One request, its body whole.
pub struct Posted<'a> {
    /// What follows the protocol's name in the path, without the first slash; as it was
    /// sent, with its escapes undone.
    pub tail: &'a str,
    pub query: &'a str,
    pub content_type: Option<&'a str>,
    /// The station's code and its key, as the request has them.
    pub account: Option<(String, String)>,
    /// By the world's clock.
    pub received: Timestamp,
    pub body: Vec<u8>,
}

/// A message out of a request.
pub struct Taken<P: Posts + ?Sized> {
    pub message: P::Message,
    /// What is kept of it, as [`crate::protocol::Dialect::layout`] and `again` read it; no
    /// credentials.
    pub raw: Vec<u8>,
    pub ticket: P::Ticket,
}

/// Why a request is no message.
pub struct Untaken {
    pub status: StatusCode,
    /// Stable, in kebab-case.
    pub code: &'static str,
    /// What was seen and what was expected.
    pub reason: String,
    /// Bytes to be kept as evidence, and the code of who they claim to be from.
    pub evidence: Option<(Vec<u8>, Option<String>)>,
}

/// What the sender of a message hears.
pub struct Answer {
    pub status: StatusCode,
    pub content_type: &'static str,
    pub body: Vec<u8>,
}

impl Answer {
    /// What a protocol without answers of its own says.
    pub fn plain(outcome: &Outcome) -> Answer {
        match outcome {
            Outcome::Stored => Answer::json(StatusCode::OK, &json!({ "stored": true })),
            Outcome::Refused(reason) => Answer::problem(StatusCode::FORBIDDEN, "refused", reason),
            Outcome::Unreadable(reason) => {
                Answer::problem(StatusCode::UNPROCESSABLE_ENTITY, "unreadable", reason)
            }
            Outcome::Busy => Answer::problem(
                StatusCode::TOO_MANY_REQUESTS,
                "busy",
                "there is no room now, expected to be sent again later",
            ),
        }
    }

    pub fn json(status: StatusCode, body: &serde_json::Value) -> Answer {
        Answer { status, content_type: "application/json", body: body.to_string().into_bytes() }
    }

    /// RFC 9457.
    pub fn problem(status: StatusCode, code: &str, detail: &str) -> Answer {
        let body = json!({
            "type": format!("/problems/{code}"),
            "title": status.canonical_reason(),
            "status": status.as_u16(),
            "code": code,
            "detail": detail,
        });
        Answer { content_type: "application/problem+json", ..Answer::json(status, &body) }
    }

    fn respond(self) -> Response {
        let Answer { status, content_type, body } = self;
        let mut response = (status, body).into_response();
        let headers = response.headers_mut();
        let set = |headers: &mut HeaderMap, name: HeaderName, value: &'static str| {
            headers.insert(name, HeaderValue::from_static(value));
        };
        set(headers, header::CONTENT_TYPE, content_type);
        set(headers, header::CACHE_CONTROL, "no-store");
        if status == StatusCode::TOO_MANY_REQUESTS {
            set(headers, header::RETRY_AFTER, "5");
        }
        if status == StatusCode::UNAUTHORIZED {
            set(headers, header::WWW_AUTHENTICATE, "Basic realm=\"fengsui\", charset=\"UTF-8\"");
        }
        response
    }
}

/// The routes of this door; serve them where devices reach them, and nothing else there.
pub fn router(intake: &Intake) -> Router {
    Router::new()
        .route("/ingest/{protocol}", post(bare).put(bare))
        .route("/ingest/{protocol}/{*tail}", post(with_tail).put(with_tail))
        .fallback(nothing)
        .with_state(intake.clone())
}

async fn nothing() -> Response {
    Answer::problem(StatusCode::NOT_FOUND, "not-found", "there is nothing here").respond()
}

async fn bare(
    State(intake): State<Intake>,
    Path(protocol): Path<String>,
    request: Request,
) -> Response {
    choose(&intake, &protocol, "", request).await
}

async fn with_tail(
    State(intake): State<Intake>,
    Path((protocol, tail)): Path<(String, String)>,
    request: Request,
) -> Response {
    choose(&intake, &protocol, &tail, request).await
}

/// Whether devices of a protocol may send whole messages over HTTP.
pub fn posts(protocol: Protocol) -> bool {
    match protocol {
        Protocol::Sl651 => false,
        Protocol::Coal42 | Protocol::Gateway | Protocol::Json => true,
    }
}

/// One arm for each protocol that [`Posts`].
async fn choose(intake: &Intake, protocol: &str, tail: &str, request: Request) -> Response {
    match protocol.parse::<Protocol>() {
        Ok(Protocol::Coal42) => receive::<Coal42>(intake, tail, request).await,
        Ok(Protocol::Json) => receive::<Json>(intake, tail, request).await,
        Ok(Protocol::Gateway) => receive::<Gateway>(intake, tail, request).await,
        Ok(Protocol::Sl651) | Err(_) => nothing().await,
    }
}

/// Takes one request of a protocol, and answers when it is judged.
pub async fn receive<P: Posts>(intake: &Intake, tail: &str, request: Request) -> Response {
    match taken::<P>(intake, tail, request).await {
        Ok(answer) | Err(answer) => answer.respond(),
    }
}

async fn taken<P: Posts>(intake: &Intake, tail: &str, request: Request) -> Result<Answer, Answer> {
    let (head, body) = request.into_parts();
    let peer = head.extensions.get::<ConnectInfo<SocketAddr>>().map(|it| it.0);
    let source: Arc<str> = peer.map_or_else(|| "http".into(), |it| it.to_string().into());
    let account = account(&head.headers);
    if let Some(encoding) = head.headers.get(header::CONTENT_ENCODING)
        && encoding != "identity"
    {
        let detail = format!("content-encoding is {encoding:?}, expected none");
        let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
        return Err(Answer::problem(status, "unsupported-encoding", &detail));
    }
    // Held until it is judged.
    let budget = intake.budget();
    let known = account.as_ref().and_then(|it| budget.proved(P::PROTOCOL, it));
    let address = peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |it| it.ip());
    let mut share = budget.share(known.unwrap_or_else(|| Holder::peer(address)));
    if !share.may_read() {
        return Err(Answer::plain(&Outcome::Busy));
    }
    let announced = text(&head.headers, &header::CONTENT_LENGTH).and_then(|it| it.parse().ok());
    share.take(announced.unwrap_or(P::LONGEST).min(P::LONGEST));
    let body = read::<P>(body, announced).await?;
    share.set(body.len() + FRAME_COST);
    let (received, read_at) = (intake.world().clock().now(), Instant::now());
    let posted = Posted {
        tail,
        query: head.uri.query().unwrap_or(""),
        content_type: text(&head.headers, &header::CONTENT_TYPE),
        account: account.clone(),
        received,
        body,
    };
    let Taken { message, raw, ticket } = P::take(posted).map_err(|untaken| {
        let Untaken { status, code, reason, evidence } = untaken;
        let answer = Answer::problem(status, code, &reason);
        if let Some((raw, suspect)) = evidence {
            let (protocol, suspects) = (P::PROTOCOL, suspect.into_iter().collect());
            intake.refuse(Refuse {
                source: source.clone(),
                received,
                protocol,
                raw,
                reason,
                suspects,
            });
        }
        answer
    })?;
    let (settled, verdict) = oneshot::channel::<Verdict>();
    let keeper = intake.clone();
    let settle = Box::new(move |verdict| {
        if let Err(Verdict { note: Some(note), .. }) = settled.send(verdict) {
            // The peer is gone; the message was judged all the same.
            keeper.keep(note);
        }
    });
    let sender = P::sender(&message);
    let (message, proved) = (P::wrap(message), sender.clone());
    intake.deliver(Arrival { source, sender, received, raw, message, settle });
    // Without a verdict the intake met a bug, and has said so.
    let verdict = verdict.await.map_err(|_| Answer::plain(&Outcome::Busy))?;
    if verdict.outcome == Outcome::Stored
        && let Some(account) = &account
    {
        intake.budget().proves(P::PROTOCOL, account, &proved);
    }
    let answer = P::answer(ticket, &verdict.outcome, verdict.gist);
    if let Some(note) = verdict.note {
        intake.keep(note.acknowledged(read_at.elapsed()));
    }
    Ok(answer)
}

async fn read<P: Posts>(body: Body, announced: Option<usize>) -> Result<Vec<u8>, Answer> {
    let too_large = || {
        let detail = format!("the body is longer than {} bytes", P::LONGEST);
        Answer::problem(StatusCode::PAYLOAD_TOO_LARGE, "too-large", &detail)
    };
    if announced.is_some_and(|length| P::LONGEST < length) {
        return Err(too_large());
    }
    let whole = tokio::time::timeout(BODY_TIME, axum::body::to_bytes(body, P::LONGEST)).await;
    match whole {
        Ok(Ok(bytes)) => Ok(bytes.into()),
        // Of a body without a length nobody else cuts it short.
        Ok(Err(_)) if announced.is_none() => Err(too_large()),
        Ok(Err(error)) => {
            let detail = format!("the body did not come whole: {error}");
            Err(Answer::problem(StatusCode::BAD_REQUEST, "cut-off", &detail))
        }
        Err(_) => {
            let detail = format!("the body took longer than {} s", BODY_TIME.as_secs());
            Err(Answer::problem(StatusCode::REQUEST_TIMEOUT, "too-slow", &detail))
        }
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// The code and the key of HTTP Basic; neither is shown anywhere.
fn account(headers: &HeaderMap) -> Option<(String, String)> {
    let (scheme, credentials) = text(headers, &header::AUTHORIZATION)?.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = STANDARD.decode(credentials.trim()).ok()?;
    let (code, key) = std::str::from_utf8(&decoded).ok()?.split_once(':')?;
    Some((code.to_owned(), key.to_owned()))
}
