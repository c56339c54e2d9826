//! A browser without a window: signs in and asks through the same router as everybody.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::Request;
use serde_json::{Value as Json, json};
use tower::ServiceExt as _;

/// Somebody at the door of a node.
pub struct Door {
    router: Router,
    /// Name and secret, as the node named and gave them.
    cookie: String,
    csrf: String,
}

impl Door {
    /// Nobody yet: the public doors only.
    pub fn nobody(router: &Router) -> Door {
        Door { router: router.clone(), cookie: String::new(), csrf: String::new() }
    }

    /// Signs in.
    ///
    /// # Errors
    /// What the door said, if it refused.
    pub async fn sign_in(router: &Router, account: &str, password: &str) -> Result<Door, String> {
        let mut door = Door::nobody(router);
        let body = json!({ "account": account, "password": password });
        let (cookie, session) = door.send("POST", "/api/session", Some(body)).await?;
        door.csrf = session["csrf"].as_str().unwrap_or_default().to_owned();
        door.cookie = cookie.unwrap_or_default();
        Ok(door)
    }

    /// Reads something.
    pub async fn get(&self, path: &str) -> Result<Json, String> {
        self.send("GET", path, None).await.map(|(_, body)| body)
    }

    /// Does something.
    pub async fn post(&self, path: &str, body: Json) -> Result<Json, String> {
        self.send("POST", path, Some(body)).await.map(|(_, body)| body)
    }

    /// Brings a file.
    pub async fn bring(&self, path: &str, file: Vec<u8>) -> Result<Json, String> {
        let bytes = ("application/octet-stream", Body::from(file));
        self.send_bytes("POST", path, bytes).await.map(|(_, body)| body)
    }

    /// Ends the session.
    pub async fn leave(&self) -> Result<(), String> {
        self.send("DELETE", "/api/session", None).await.map(|_| ())
    }

    async fn send(
        &self,
        method: &str,
        path: &str,
        body: Option<Json>,
    ) -> Result<(Option<String>, Json), String> {
        let body = body.map_or(Body::empty(), |body| Body::from(body.to_string()));
        self.send_bytes(method, path, ("application/json", body)).await
    }

    async fn send_bytes(
        &self,
        method: &str,
        path: &str,
        (kind, body): (&str, Body),
    ) -> Result<(Option<String>, Json), String> {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("content-type", kind)
            .header("cookie", &self.cookie)
            .header("x-csrf-token", &self.csrf)
            .body(body)
            .map_err(|error| format!("{method} {path}: {error}"))?;
        let response = match self.router.clone().oneshot(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        };
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, 16 << 20).await.map_err(|e| format!("{method} {path}: {e}"))?;
        if !parts.status.is_success() {
            let text = String::from_utf8_lossy(&bytes);
            return Err(format!("{method} {path}: {} {text}", parts.status));
        }
        let cookie = parts.headers.get("set-cookie").and_then(|value| value.to_str().ok());
        let cookie = cookie.and_then(|text| Some(text.split(';').next()?.to_owned()));
        Ok((cookie, serde_json::from_slice(&bytes).unwrap_or(Json::Null)))
    }
}
