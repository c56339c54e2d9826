//! The section of the server that takes mail.

use alert::calling;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The server that takes mail to people who are told of notices and warnings.
#[derive(Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Mail {
    /// Host and port of an SMTP server, as `127.0.0.1:25`; empty for none. No TLS is built in: use a relay on loopback or a tunnel.
    pub server: String,
    /// The address that mail comes from.
    pub from: String,
    /// The user that the server asks for; empty for none.
    pub user: String,
    /// That user's password. Better in `FENGSUI_MAIL_PASSWORD`, or in a file that the node's user alone reads.
    pub password: String,
}

/// A password is never shown.
impl std::fmt::Debug for Mail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.server.is_empty() { "none" } else { "a server" })
    }
}

impl Mail {
    /// What carries mail out; `None` without a server. `name` stands before the address.
    ///
    /// # Errors
    /// A sentence that names the key and what was expected.
    pub fn way(&self, name: &str) -> Result<Option<calling::Mail>, String> {
        if self.server.is_empty() {
            return Ok(None);
        }
        let login = Some((self.user.as_str(), self.password.as_str()));
        let login = login.filter(|(user, _)| !user.is_empty());
        let way = calling::Mail::new(&self.server, (name, &self.from), login);
        way.map(Some).map_err(|expected| format!("mail.server or mail.from: {expected}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_is_named_and_a_password_is_never_shown() {
        assert!(Mail::default().way("x").is_ok_and(|way| way.is_none()));
        let good = Mail {
            server: "127.0.0.1:25".to_owned(),
            from: "duty@example.cn".to_owned(),
            user: "duty".to_owned(),
            password: "geheim".to_owned(),
        };
        let way = good.way("桦甸市应急管理局").expect("good").expect("a server");
        assert!(!format!("{good:?} {way:?}").contains("geheim"));
        for wrong in [
            Mail { server: "127.0.0.1:mail".to_owned(), ..good.clone() },
            Mail { server: ":25".to_owned(), ..good.clone() },
            Mail { from: "duty".to_owned(), ..good.clone() },
        ] {
            let said = wrong.way("x").map(|_| ()).expect_err("refused");
            assert!(said.contains("mail.") && !said.contains("geheim"), "{said}");
        }
    }
}
