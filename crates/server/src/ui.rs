//! The web UI inside the binary.
//!
//! `make ui` builds it into `ui/dist` with a `.gz` beside each asset. A binary
//! built without node has none, and its first page says so.

use std::borrow::Cow;

use axum::Router;
use axum::extract::Request;
use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, VARY,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "../../ui/dist"]
struct Dist;

const WITHOUT_UI: &str = include_str!("without_ui.html");

/// What a page may load: itself. MapLibre's worker is a file of ours; pictures
/// may be drawn on the spot.
const POLICY: &str = "default-src 'self'; img-src 'self' data: blob:; worker-src 'self' blob:; \
    style-src 'self' 'unsafe-inline'; connect-src 'self'; object-src 'none'; base-uri 'none'; \
    form-action 'self'; frame-ancestors 'none'";

/// Serves the pages: an asset by its name, every other path the one page of the app.
pub fn pages() -> Router {
    Router::new().fallback(page)
}

async fn page(request: Request) -> Response {
    let path = request.uri().path().trim_start_matches('/');
    if path.starts_with("api/") {
        return host::Error::not_found("path").into_response();
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    // A missing asset is a 404, never the page: a page in its place hides the mistake.
    let last = path.rsplit('/').next().unwrap_or_default();
    let name = if last.contains('.') { path } else { "index.html" };
    let mut response = match asset(name, request.headers()) {
        Some(response) => response,
        None if name == "index.html" => {
            ([(CONTENT_TYPE, "text/html; charset=utf-8")], WITHOUT_UI).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    };
    let headers = response.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    let mut header = |name: &'static str, value: &'static str| {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    };
    header("x-content-type-options", "nosniff");
    header("referrer-policy", "same-origin");
    header("x-frame-options", "DENY");
    response
}

fn asset(name: &str, headers: &HeaderMap) -> Option<Response> {
    let gzip = headers
        .get(ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.contains("gzip"));
    let packed = if gzip { Dist::get(&format!("{name}.gz")) } else { None };
    let is_packed = packed.is_some();
    let file = packed.or_else(|| Dist::get(name))?;
    let cache = if name.starts_with("assets/") {
        // The name holds the content's hash.
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let bytes: Cow<'static, [u8]> = file.data;
    let head =
        [(CONTENT_TYPE, content_type(name)), (CACHE_CONTROL, cache), (VARY, "accept-encoding")];
    let mut response = (head, bytes.into_owned()).into_response();
    if is_packed {
        response.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    Some(response)
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "webmanifest" => "application/json",
        "svg" => "image/svg+xml",
        "webp" => "image/webp",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use host::town::oneshot;

    use super::*;

    async fn get(path: &str) -> (u16, String) {
        let request = Request::builder().uri(path).body(Body::empty()).expect("a request");
        let answer = oneshot(&pages(), request).await;
        let kind = answer.headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        (answer.status.as_u16(), kind.unwrap_or_default().to_owned())
    }

    #[tokio::test]
    async fn every_path_is_the_page_and_a_missing_asset_is_missing() {
        assert_eq!(get("/").await, (200, "text/html; charset=utf-8".to_owned()));
        assert_eq!(get("/warn/0198").await, (200, "text/html; charset=utf-8".to_owned()));
        assert_eq!(get("/assets/no-such-worker.mjs").await.0, 404);
        assert_eq!(get("/..%2f..%2fCargo.toml").await.0, 404);
        assert_eq!(get("/api/nothing").await.0, 404);
    }
}
