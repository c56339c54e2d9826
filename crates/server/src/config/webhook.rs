//! The section of the program that is told by HTTP whom to reach.

use alert::calling;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A program that tells people of notices and warnings, told by a signed `POST` of JSON.
#[derive(Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Webhook {
    /// Its address, as `http://127.0.0.1:9000/told`; empty for none. No TLS is built in: use loopback or a tunnel. It is given names, numbers and e-mail addresses.
    pub url: String,
    /// What requests are signed with (HMAC-SHA256 of the body, in `fengsui-signature`): at least 16 characters. Better in `FENGSUI_WEBHOOK_SECRET`, or in a file that the node's user alone reads.
    pub secret: String,
}

/// The secret is never shown, nor an address that somebody wrote one into.
impl std::fmt::Debug for Webhook {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.url.is_empty() { "none" } else { "a program" })
    }
}

impl Webhook {
    /// What carries messages out; `None` without an address.
    ///
    /// # Errors
    /// A sentence that names the keys and what was expected.
    pub fn way(&self) -> Result<Option<calling::Webhook>, String> {
        if self.url.is_empty() {
            return Ok(None);
        }
        let way = calling::Webhook::new(&self.url, &self.secret);
        way.map(Some).map_err(|expected| format!("webhook.url or webhook.secret: {expected}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_is_named_and_a_secret_is_never_shown() {
        assert!(Webhook::default().way().is_ok_and(|way| way.is_none()));
        let url = "http://127.0.0.1:9000/geheim".to_owned();
        let good = Webhook { url, secret: "geheim-geheim-geheim".to_owned() };
        let way = good.way().expect("good").expect("an address");
        assert!(!format!("{good:?} {way:?}").contains("geheim"));
        for wrong in [
            Webhook { url: "https://geheim/".to_owned(), ..good.clone() },
            Webhook { secret: "geheim".to_owned(), ..good.clone() },
        ] {
            let said = wrong.way().map(|_| ()).expect_err("refused");
            assert!(said.contains("webhook.") && !said.contains("geheim"), "{said}");
        }
    }
}
