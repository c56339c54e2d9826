//! The door for people: routes that name their permission, and what handlers use.
//!
//! A route is declared once, with its permission and its types; from that one
//! table the router is mounted, refusal is tested, and OpenAPI is written.

mod door;
mod live;
pub mod openapi;
pub(crate) mod pieces;
mod routes;

use std::marker::PhantomData;

use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use base::{Coordinates, Located};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::node::Node;
use crate::scope::{Caller, Permission, Scope};
use crate::world::World;

pub use axum::Json;
pub use door::{Asked, Doorkeeper, Holder, SECURE_SESSION_COOKIE, SESSION_COOKIE, Session, router};
pub use live::live;
pub use pieces::whole;
pub use routes::{Access, Route, Routes};

/// The largest body of an ordinary request, in bytes.
pub const BODY_LIMIT: usize = 1 << 20;

/// A JSON answer with the place in the log that it is true at.
#[derive(Debug, Clone)]
pub struct Reply<T> {
    status: StatusCode,
    json: String,
    seq: Option<i64>,
    of: PhantomData<fn() -> T>,
}

impl<T: Serialize> Reply<T> {
    pub(crate) fn of(value: &T, seq: Option<i64>) -> Result<Reply<T>> {
        let json = serde_json::to_string(value)
            .map_err(|error| Error::Internal(format!("a reply is no JSON: {error}")))?;
        Ok(Reply { status: StatusCode::OK, json, seq, of: PhantomData })
    }
}

impl<T> Reply<T> {
    pub(crate) fn stored(json: String, seq: Option<i64>) -> Reply<T> {
        Reply { status: StatusCode::OK, json, seq, of: PhantomData }
    }

    /// Something was made: 201.
    pub fn created(mut self) -> Reply<T> {
        self.status = StatusCode::CREATED;
        self
    }

    pub fn json(&self) -> &str {
        &self.json
    }

    pub fn seq(&self) -> Option<i64> {
        self.seq
    }

    /// The answer as a value again; for tests and callers inside.
    pub fn read<U: DeserializeOwned>(&self) -> serde_json::Result<U> {
        serde_json::from_str(&self.json)
    }
}

impl<T> IntoResponse for Reply<T> {
    fn into_response(self) -> Response {
        let mut response =
            (self.status, [("content-type", "application/json")], self.json).into_response();
        if let Some(seq) = self.seq {
            response.headers_mut().insert("fengsui-seq", HeaderValue::from(seq));
        }
        response
    }
}

/// The `Idempotency-Key` of a write, with a digest of the whole request.
///
/// Without the header, every request is a new one.
#[derive(Debug, Clone, Default)]
pub struct Idempotency(Option<(String, String)>);

impl Idempotency {
    pub(crate) fn new(key: String, request: String) -> Idempotency {
        Idempotency(Some((key, request)))
    }

    pub(crate) fn parts(&self) -> Option<(&str, &str)> {
        self.0.as_ref().map(|(key, request)| (key.as_str(), request.as_str()))
    }
}

impl FromRequestParts<Node> for Idempotency {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &Node) -> Result<Idempotency> {
        Ok(parts.extensions.get::<Idempotency>().cloned().unwrap_or_default())
    }
}

impl FromRequestParts<Node> for World {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &Node) -> Result<World> {
        parts.extensions.get::<World>().cloned().ok_or(Error::NotFound { what: "world" })
    }
}

impl FromRequestParts<Node> for Caller {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &Node) -> Result<Caller> {
        parts.extensions.get::<Caller>().cloned().ok_or(Error::NotSignedIn)
    }
}

/// How far the permission that guards this route reaches for this caller.
///
/// The door has already refused whoever does not hold it; taking the scope from
/// here and from nowhere else keeps route and query of one mind.
#[derive(Debug, Clone)]
pub struct Scoped(pub Scope);

impl FromRequestParts<Node> for Scoped {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &Node) -> Result<Scoped> {
        let permission = parts.extensions.get::<Permission>().copied();
        let caller = parts.extensions.get::<Caller>();
        match (permission, caller) {
            (Some(permission), Some(caller)) => caller.scope(permission).map(Scoped),
            _ => Err(Error::NotSignedIn),
        }
    }
}

/// Where a request came from: the peer's address, without its port.
#[derive(Debug, Clone)]
pub struct Source(pub String);

impl FromRequestParts<Node> for Source {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &Node) -> Result<Source> {
        let peer = parts.extensions.get::<axum::extract::ConnectInfo<std::net::SocketAddr>>();
        Ok(Source(peer.map_or("local".to_owned(), |info| info.0.ip().to_string())))
    }
}

/// A field that may be left out, or be `null`; by itself serde takes one for the other.
/// To be named beside `default`: `deserialize_with = "host::web::given"`.
pub fn given<'de, D, T>(value: D) -> std::result::Result<Option<Option<T>>, D::Error>
where
    D: serde::Deserializer<'de>,
    T: serde::Deserialize<'de>,
{
    Option::deserialize(value).map(Some)
}

/// A text typed by a person: trimmed, `least` to `most` characters, no control
/// characters but line breaks. HTML and SQL in it are text like any other.
///
/// # Errors
/// [`Error::Invalid`] that names the field.
pub fn text(field: &str, value: &str, least: usize, most: usize) -> Result<String> {
    let value = value.trim();
    let length = value.chars().count();
    if length < least || most < length {
        let expected = format!("{least} to {most} characters");
        return Err(Error::invalid(field, format!("{length} characters"), expected));
    }
    if value.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
        return Err(Error::invalid(field, "a control character", "readable text"));
    }
    Ok(value.to_owned())
}

/// A place typed by a person, in CGCS2000 and as it was given.
///
/// # Errors
/// [`Error::Invalid`] that names the field.
pub fn place(field: &str, given: Coordinates) -> Result<Located> {
    given.locate().map_err(|error| Error::invalid(field, given.original, error.to_string()))
}

/// Rows on a page of a list, when nothing is said and at most.
const USUAL_ROWS: i64 = 50;
const MOST_ROWS: i64 = 200;

/// Which page of a list is asked for, `?cursor=…&limit=…`: read once, for every list that
/// is sorted by (indexed column, id). The route says so with [`Routes::paged`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paged {
    /// After which row, by (indexed column, id); `None` for the first page.
    pub position: Option<(i64, String)>,
    /// Rows on it, 1 to 200.
    pub limit: i64,
}

/// The parameters of [`Paged`], as the API describes them.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "it is what the description is made from")]
pub(crate) struct PageQuery {
    /// `next` of the page before; the other parameters stay as they were.
    cursor: Option<String>,
    /// 1 to 200; 50 when absent.
    limit: Option<i64>,
}

/// The same as texts, so that a refusal quotes what was sent.
#[derive(Deserialize)]
struct PageText {
    cursor: Option<String>,
    limit: Option<String>,
}

impl FromRequestParts<Node> for Paged {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, node: &Node) -> Result<Paged> {
        let Params(asked) = Params::<PageText>::from_request_parts(parts, node).await?;
        Paged::read(asked)
    }
}

impl Paged {
    /// # Errors
    /// [`Error::Invalid`] for a cursor that no list gave, and for a limit that is no
    /// number or out of range.
    fn read(asked: PageText) -> Result<Paged> {
        let number = |text: String| {
            let range = || Error::invalid("limit", &text, format!("1 to {MOST_ROWS}"));
            text.parse::<i64>().map_err(|_| range())
        };
        let limit = limit(asked.limit.map(number).transpose()?, USUAL_ROWS, MOST_ROWS)?;
        let position = asked.cursor.map(|cursor| {
            let parsed = cursor.split_once('~').and_then(|(column, id)| {
                let id_is_plain = id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
                Some((column.parse().ok()?, id_is_plain.then(|| id.to_owned())?))
            });
            parsed.ok_or_else(|| {
                Error::invalid("cursor", &cursor, "the `next` of a page of this list")
            })
        });
        Ok(Paged { position: position.transpose()?, limit })
    }
}

/// How many rows are wanted: `usual` when nothing is said, and 1 to `most`.
///
/// # Errors
/// [`Error::Invalid`] for another number.
pub fn limit(asked: Option<i64>, usual: i64, most: i64) -> Result<i64> {
    let limit = asked.unwrap_or(usual);
    if (1..=most).contains(&limit) {
        return Ok(limit);
    }
    Err(Error::invalid("limit", limit, format!("1 to {most}")))
}

/// A page of a list, sorted by (indexed column, id).
#[derive(Debug, Serialize, JsonSchema)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// Give it back as `cursor` for what follows; `null` at the end.
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// All there is, on one page.
    pub fn whole(items: Vec<T>) -> Page<T> {
        Page { items, next: None }
    }

    /// From `limit + 1` rows asked for: the extra one only says that more follow.
    pub fn cut(mut items: Vec<T>, limit: i64, key: impl Fn(&T) -> (i64, String)) -> Page<T> {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = limit < items.len();
        items.truncate(limit);
        let next = if more { items.last().map(&key) } else { None };
        Page { items, next: next.map(|(column, id)| format!("{column}~{id}")) }
    }
}

/// Reads a JSON body of a known shape.
///
/// # Errors
/// [`Error::Invalid`] that says where the JSON stops being what it should be.
pub fn parse_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    serde_json::from_slice(bytes).map_err(|error| Error::Invalid {
        field: "body".to_owned(),
        seen: format!("{error}"),
        expected: "JSON of this operation's schema".to_owned(),
    })
}

/// A JSON body; unlike axum's own it refuses in problem+json.
pub struct Body<T>(pub T);

impl<T: DeserializeOwned> axum::extract::FromRequest<Node> for Body<T> {
    type Rejection = Error;

    async fn from_request(request: axum::extract::Request, _: &Node) -> Result<Body<T>> {
        let bytes = axum::body::to_bytes(request.into_body(), BODY_LIMIT)
            .await
            .map_err(|_| Error::TooLarge { limit: BODY_LIMIT })?;
        parse_json(&bytes).map(Body)
    }
}

/// Path parameters; what does not parse names nothing that exists.
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<Node> for Path<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, node: &Node) -> Result<Path<T>> {
        axum::extract::Path::from_request_parts(parts, node)
            .await
            .map(|axum::extract::Path(value)| Path(value))
            .map_err(|_| Error::NotFound { what: "path" })
    }
}

/// Query parameters, refused in problem+json.
pub struct Params<T>(pub T);

impl<T: DeserializeOwned> FromRequestParts<Node> for Params<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, node: &Node) -> Result<Params<T>> {
        Query::<T>::from_request_parts(parts, node).await.map(|Query(value)| Params(value)).map_err(
            |error| Error::Invalid {
                field: "query".to_owned(),
                seen: parts.uri.query().unwrap_or_default().chars().take(200).collect(),
                expected: error.body_text(),
            },
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(cursor: Option<&str>, limit: Option<&str>) -> Result<Paged> {
        Paged::read(PageText { cursor: cursor.map(str::to_owned), limit: limit.map(str::to_owned) })
    }

    #[test]
    fn a_page_is_read_or_refused_with_what_was_seen_and_expected() {
        let first = Paged { position: None, limit: 50 };
        assert_eq!(read(None, None).expect("the first"), first);
        let later = Paged { position: Some((-7, "0198f0-a".to_owned())), limit: 200 };
        assert_eq!(read(Some("-7~0198f0-a"), Some("200")).expect("a later one"), later);
        for (cursor, limit, field, seen, expected) in [
            (None, Some("0"), "limit", "0", "1 to 200"),
            (None, Some("201"), "limit", "201", "1 to 200"),
            (None, Some("many"), "limit", "\"many\"", "1 to 200"),
            (None, Some(""), "limit", "\"\"", "1 to 200"),
            (Some("x"), None, "cursor", "\"x\"", "the `next` of a page of this list"),
            (
                Some("1~' or 1=1"),
                None,
                "cursor",
                "\"1~' or 1=1\"",
                "the `next` of a page of this list",
            ),
        ] {
            let refused = read(cursor, limit).expect_err("refused").to_problem();
            let said = ["field", "seen", "expected"].map(|name| refused[name].as_str());
            assert_eq!(said, [Some(field), Some(seen), Some(expected)], "{refused}");
        }
    }

    #[test]
    fn a_page_goes_on_where_the_one_before_it_ended() {
        let key = |row: &i64| (*row, format!("row-{row}"));
        let page = Page::cut(vec![1, 2, 3], 2, key);
        assert_eq!(page.items, [1, 2]);
        let next = read(page.next.as_deref(), None).expect("its own");
        assert_eq!(next.position, Some(key(&2)));
        assert_eq!(Page::cut(vec![3], 2, key).next, None);
    }
}
