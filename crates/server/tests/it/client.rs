//! Somebody at a node's web port.

use std::net::SocketAddr;
use std::time::Duration;

use serde_json::{Value as Json, json};
use ureq::http::{HeaderMap, Request};

/// Everybody's password in the demonstration.
pub const PASSWORD: &str = "Fengsui-Demo-2026";

/// A browser without a window; its session outlives the node's process.
#[derive(Clone)]
pub struct Client {
    agent: ureq::Agent,
    pub web: SocketAddr,
    pub cookie: String,
    pub csrf: String,
}

/// What the node answered.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub text: String,
    /// Null when the body is no JSON.
    pub body: Json,
}

impl Answer {
    /// The answer of a request that must succeed.
    #[track_caller]
    pub fn ok(self) -> Answer {
        assert!((200..300).contains(&self.status), "{} {}", self.status, self.text);
        self
    }

    /// A text of the body.
    #[track_caller]
    pub fn field(&self, name: &str) -> String {
        self.body[name].as_str().unwrap_or_else(|| panic!("no {name}: {}", self.text)).to_owned()
    }

    /// Where in the log this answer is true.
    pub fn seq(&self) -> Option<i64> {
        self.header("fengsui-seq").parse().ok()
    }

    /// A header's text, empty when it is missing.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// Status and stable code of a refusal.
    pub fn refusal(&self) -> (u16, &str) {
        (self.status, self.body["code"].as_str().unwrap_or_default())
    }
}

impl Client {
    /// Nobody yet.
    pub fn nobody(web: SocketAddr) -> Client {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            // How soon a node answers on a machine that does much else is not what a story is about.
            .timeout_global(Some(Duration::from_secs(120)))
            // The node closes a connection that is idle for 15 s: one that was about to be
            // closed is not used again.
            .max_idle_age(Duration::from_secs(5))
            .build();
        let agent = config.new_agent();
        Client { agent, web, cookie: String::new(), csrf: String::new() }
    }

    /// Signs in with the demonstration's password.
    #[track_caller]
    pub fn sign_in(web: SocketAddr, account: &str) -> Client {
        Client::sign_in_with(web, account, PASSWORD)
    }

    #[track_caller]
    pub fn sign_in_with(web: SocketAddr, account: &str, password: &str) -> Client {
        let mut client = Client::nobody(web);
        let body = json!({ "account": account, "password": password });
        let answer = client.post("/api/session", body).ok();
        let cookie = answer.header("set-cookie").split(';').next().unwrap_or_default();
        client.cookie = cookie.to_owned();
        client.csrf = answer.field("csrf");
        client
    }

    #[track_caller]
    pub fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, None)
    }

    #[track_caller]
    pub fn post(&self, path: &str, body: Json) -> Answer {
        self.ask("POST", path, Some(&body))
    }

    #[track_caller]
    pub fn ask(&self, method: &str, path: &str, body: Option<&Json>) -> Answer {
        let ask = || self.try_ask(method, path, body, None);
        let answer = match ask() {
            // As a browser does: a kept connection may be closed while it is used again,
            // and what only reads may be asked twice.
            Err(ureq::Error::Io(_)) if method == "GET" => ask(),
            answer => answer,
        };
        answer.unwrap_or_else(|error| panic!("{method} {path}: {error}"))
    }

    /// Asks a node that may not be there.
    pub fn try_ask(
        &self,
        method: &str,
        path: &str,
        body: Option<&Json>,
        key: Option<&str>,
    ) -> Result<Answer, ureq::Error> {
        let mut headers = vec![("cookie", self.cookie.as_str()), ("x-csrf-token", &self.csrf)];
        headers.extend(key.map(|key| ("idempotency-key", key)));
        headers.retain(|(_, value)| !value.is_empty());
        self.send(method, path, &headers, body.map(Json::to_string))
    }

    /// Brings a file, as it is.
    #[track_caller]
    pub fn bring(&self, path: &str, file: String) -> Answer {
        let headers = [("cookie", self.cookie.as_str()), ("x-csrf-token", &self.csrf)];
        self.send("POST", path, &headers, Some(file)).expect("an answer")
    }

    /// Sends a request with exactly these headers and this body.
    pub fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<String>,
    ) -> Result<Answer, ureq::Error> {
        let mut request =
            Request::builder().method(method).uri(format!("http://{}{path}", self.web));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = match body {
            Some(body) => {
                let request = request.header("content-type", "application/json");
                self.agent.run(request.body(body)?)?
            }
            None => self.agent.run(request.body(())?)?,
        };
        let (parts, mut body) = response.into_parts();
        let text = body.with_config().limit(64 << 20).read_to_string()?;
        let body = serde_json::from_str(&text).unwrap_or(Json::Null);
        Ok(Answer { status: parts.status.as_u16(), headers: parts.headers, text, body })
    }

    /// All items of a list, page by page.
    #[track_caller]
    pub fn all(&self, path: &str) -> Vec<Json> {
        let joint = if path.contains('?') { '&' } else { '?' };
        let mut items = Vec::new();
        let mut cursor = String::new();
        loop {
            let answer = self.get(&format!("{path}{joint}limit=200{cursor}")).ok();
            items.extend(answer.body["items"].as_array().expect("a list").iter().cloned());
            match answer.body["next"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return items,
            }
        }
    }
}
