//! A request to one program outside, which knows how to reach people.
//!
//! `POST` of JSON, signed: `fengsui-signature` is `sha256=` and the HMAC-SHA256 of the
//! body under the shared secret (RFC 2104), in hexadecimal digits. `idempotency-key` is
//! the same at every attempt of one message.

use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use host::effect::{Attempt, Outcome};
use serde_json::json;
use sha2::Sha256;
use ureq::{Agent, Error, Timeout};

use super::effect::{Message, Way};

/// Where requests go, and what they are signed with.
#[derive(Clone)]
pub struct Webhook {
    url: String,
    secret: String,
}

impl std::fmt::Debug for Webhook {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Webhook")
    }
}

/// A secret that nobody guesses, in characters.
const SHORTEST_SECRET: usize = 16;

impl Webhook {
    /// # Errors
    /// What was expected, without what was given: an address may hold a key.
    pub fn new(url: &str, secret: &str) -> Result<Webhook, String> {
        let host = url.strip_prefix("http://").unwrap_or_default();
        let is_plain = !host.is_empty() && !host.starts_with('/') && !host.contains(['@', ' ']);
        if !is_plain || url.parse::<ureq::http::Uri>().is_err() {
            return Err("the address is http:// and a host, without a user".to_owned());
        }
        if secret.chars().count() < SHORTEST_SECRET {
            return Err(format!("the secret has at least {SHORTEST_SECRET} characters"));
        }
        Ok(Webhook { url: url.to_owned(), secret: secret.to_owned() })
    }

    fn signature(&self, body: &str) -> String {
        let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(self.secret.as_bytes())
            .expect("HMAC takes a key of any length");
        mac.update(body.as_bytes());
        format!("sha256={}", hex::encode(mac.finalize().into_bytes()))
    }

    fn agent(within: Duration) -> Agent {
        Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_idle_connections(0)
            // A proxy of the environment is for the Internet.
            .proxy(None)
            .timeout_connect(Some(within / 3))
            .timeout_global(Some(within))
            .build()
            .new_agent()
    }
}

impl Way for Webhook {
    fn send(&self, message: &Message, attempt: &Attempt) -> Outcome {
        let body = json!({
            "key": attempt.key,
            "attempt": attempt.number,
            "calling": message.calling,
            "level": message.level,
            "region": message.region,
            "title": message.title,
            "text": message.text,
            "to": {
                "name": message.name,
                "duty": message.duty,
                "mobile": message.mobile,
                "email": message.email,
            },
        })
        .to_string();
        let sent = Webhook::agent(attempt.answer_within)
            .post(&self.url)
            .header("content-type", "application/json")
            .header("idempotency-key", &attempt.key)
            .header("fengsui-signature", self.signature(&body))
            .send(body.as_bytes());
        match sent {
            Ok(answer) => of_status(answer.status().as_u16()),
            Err(error) => of_error(&error),
        }
    }
}

/// What a status says: what may be another time is tried again under the same key.
fn of_status(status: u16) -> Outcome {
    let said = format!("the webhook answered {status}");
    match status {
        200..=299 => Outcome::Done(said),
        408 | 425 | 429 | 503 => Outcome::Failed(said),
        300..=499 => Outcome::Refused(said),
        // It may have told them before it broke.
        _ => Outcome::Uncertain(said),
    }
}

/// Whether anything can have left before a line broke.
fn of_error(error: &Error) -> Outcome {
    let said = format!("the webhook: {error}");
    match error {
        Error::HostNotFound
        | Error::ConnectionFailed
        | Error::Timeout(Timeout::Resolve | Timeout::Connect) => Outcome::Failed(said),
        Error::Io(error) if error.kind() == std::io::ErrorKind::ConnectionRefused => {
            Outcome::Failed(said)
        }
        _ => Outcome::Uncertain(said),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_the_hmac_of_the_body() {
        // RFC 4231, test case 2: HMAC-SHA256.
        let webhook = Webhook { url: String::new(), secret: "Jefe".to_owned() };
        assert_eq!(
            webhook.signature("what do ya want for nothing?"),
            "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }

    #[test]
    fn an_address_is_plain_and_a_secret_long() {
        let secret = "sixteen-letters!";
        assert!(Webhook::new("http://127.0.0.1:9000/told?x=1", secret).is_ok());
        for wrong in ["https://127.0.0.1/", "http://", "http:///x", "http://a:b@host/", "host"] {
            let said = Webhook::new(wrong, secret).expect_err(wrong);
            assert!(!said.contains("a:b"), "{said}");
        }
        assert!(Webhook::new("http://127.0.0.1/", "fifteen-letters").is_err());
    }

    #[test]
    fn what_may_have_told_somebody_is_uncertain() {
        assert!(matches!(of_status(204), Outcome::Done(_)));
        assert!(matches!(of_status(429), Outcome::Failed(_)));
        assert!(matches!(of_status(404), Outcome::Refused(_)));
        assert!(matches!(of_status(302), Outcome::Refused(_)));
        assert!(matches!(of_status(500), Outcome::Uncertain(_)));
        assert!(matches!(of_error(&Error::Timeout(Timeout::Connect)), Outcome::Failed(_)));
        assert!(matches!(of_error(&Error::Timeout(Timeout::Global)), Outcome::Uncertain(_)));
    }
}
