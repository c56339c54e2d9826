//! One request after the other to the door of the node above.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value as Json;
use ureq::Agent;
use wire::readings::Format;

use super::Config;
use crate::protocol::{Dialect as _, Json as Dialect};

/// An answer names at most a hundred lines.
const MOST_BYTES: u64 = 1 << 20;
/// Of what it says to a failure, so much is repeated.
const MOST_SAID: usize = 300;

pub(super) struct Client {
    agent: Agent,
    url: String,
    authorization: String,
}

impl Client {
    /// # Errors
    /// A sentence that names what is wrong with the configuration; never the key.
    pub fn new(config: &Config) -> Result<Client, String> {
        let host = config.url.strip_prefix("http://").unwrap_or_default();
        if host.is_empty() || host.starts_with('/') || host.contains(['@', ' ', '#']) {
            return Err("upstream.url is no address, expected http://host:port/ingest/json".into());
        }
        let expected = |key, expected| format!("upstream.{key} is not {expected}");
        if Dialect::code(&config.code).as_deref() != Ok(config.code.as_str()) {
            return Err(expected("code", "1 to 64 letters, digits, - _ or ."));
        }
        Dialect::password(&config.key).map_err(|form| expected("key", form))?;
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            // A node that was started again leaves no connection behind that is dead.
            .max_idle_connections(0)
            // A proxy of the environment is for the Internet.
            .proxy(None)
            .timeout_connect(Some(config.timeout))
            .timeout_global(Some(config.timeout))
            .build()
            .new_agent();
        let secret = STANDARD.encode(format!("{}:{}", config.code, config.key));
        Ok(Client { agent, url: config.url.clone(), authorization: format!("Basic {secret}") })
    }

    /// Posts lines; when it returns, the node above has them on its disk, but for so many
    /// that it named as bad.
    ///
    /// # Errors
    /// Why it has not; they are to be posted again.
    pub fn post(&self, lines: &str) -> Result<u64, String> {
        let request = self.agent.post(&self.url).header("authorization", &self.authorization);
        let sent = request.header("content-type", Format::Ndjson.mime()).send(lines);
        let mut response = sent.map_err(|error| error.to_string())?;
        let status = response.status().as_u16();
        let body = response.body_mut().with_config().limit(MOST_BYTES).read_to_vec();
        let body = body.map_err(|error| error.to_string())?;
        let answer: Json = serde_json::from_slice(&body).unwrap_or_default();
        match status {
            200 if answer["stored"] == true => Ok(answer["rejected"].as_u64().unwrap_or(0)),
            200 => Err("the answer is 200 and not that of a node, expected \"stored\"".into()),
            _ => {
                let detail = answer["detail"].as_str().unwrap_or_default();
                let plain = |c: char| if c.is_control() { ' ' } else { c };
                let detail: String = detail.chars().take(MOST_SAID).map(plain).collect();
                Err(format!("the answer is {status}: {detail}"))
            }
        }
    }
}
