//! The section of the copy in ClickHouse.

use std::time::Duration;

use clickhouse::Config;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A ClickHouse (18.16 or newer) that keeps a copy of the readings of the real world.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ClickHouse {
    /// Its HTTP interface, as `http://127.0.0.1:8123`; empty for none. No TLS is built in: use loopback or a tunnel.
    pub url: String,
    /// The database: letters, digits and underscores. It is made when it is not there, and belongs to one node.
    pub database: String,
    /// Its user for this node, who may create and use that database.
    pub user: String,
    /// Better in `FENGSUI_CLICKHOUSE_PASSWORD`, or in a file that the node's user alone reads.
    pub password: String,
    /// Questions wider than a day that begin more than so many days ago are answered by it: 1 to 36500.
    pub serve_days: u32,
    /// What the write-ahead log may grow to while it does not answer, in GiB: 1 to 4096. After that the log is let go, and ClickHouse gets what was in it out of the blocks.
    pub log_gib: u32,
}

impl Default for ClickHouse {
    fn default() -> ClickHouse {
        ClickHouse {
            url: String::new(),
            database: "fengsui".to_owned(),
            user: "default".to_owned(),
            password: String::new(),
            serve_days: 30,
            log_gib: 16,
        }
    }
}

/// The password is never shown, nor an address that somebody wrote one into.
impl std::fmt::Debug for ClickHouse {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.url.is_empty() { "none" } else { "a server" })
    }
}

impl ClickHouse {
    /// What the copy is told of it; `None` without one.
    ///
    /// # Errors
    /// A sentence that names the key and what was expected.
    pub fn copy(&self) -> Result<Option<Config>, String> {
        if self.url.is_empty() {
            return Ok(None);
        }
        for (key, value, most) in
            [("serve_days", self.serve_days, 36_500), ("log_gib", self.log_gib, 4_096)]
        {
            if !(1..=most).contains(&value) {
                return Err(format!("clickhouse.{key} is {value}, expected 1 to {most}"));
            }
        }
        let config = Config {
            database: self.database.clone(),
            user: self.user.clone(),
            password: self.password.clone(),
            serve_days: self.serve_days,
            log_bytes: u64::from(self.log_gib) << 30,
            timeout: Duration::from_secs(30),
            ..Config::local(&self.url)
        };
        config.check().map_err(|error| error.to_string())?;
        Ok(Some(config))
    }

    /// Whether it is reached without leaving this machine.
    pub fn is_local(&self) -> bool {
        is_local(&self.url)
    }
}

/// Whether an address is one of this machine's own.
pub(super) fn is_local(url: &str) -> bool {
    let host = url.trim_start_matches("http://");
    ["127.0.0.1", "localhost", "[::1]"].iter().any(|local| {
        host.strip_prefix(local).is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '/']))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_is_named_and_a_password_is_never_shown() {
        let none = ClickHouse::default();
        assert!(none.copy().is_ok_and(|copy| copy.is_none()));
        let local = ClickHouse {
            url: "http://127.0.0.1:8123".to_owned(),
            password: "geheim".to_owned(),
            ..none
        };
        assert!(local.copy().is_ok_and(|copy| copy.is_some()) && local.is_local());
        assert!(!format!("{local:?}").contains("geheim"));
        for (wrong, named) in [
            (ClickHouse { url: "https://example.org".to_owned(), ..local.clone() }, "address"),
            (ClickHouse { serve_days: 0, ..local.clone() }, "clickhouse.serve_days is 0"),
            (ClickHouse { log_gib: 5_000, ..local.clone() }, "clickhouse.log_gib is 5000"),
            (ClickHouse { database: "a`b".to_owned(), ..local.clone() }, "database"),
        ] {
            let said = wrong.copy().map(|_| ()).expect_err(named);
            assert!(said.contains(named) && !said.contains("geheim"), "{said}");
        }
        for (url, expected) in [
            ("http://localhost:8123/", true),
            ("http://[::1]:8123", true),
            ("http://localhost.example.org:8123", false),
            ("http://10.0.0.7:8123", false),
        ] {
            assert_eq!(ClickHouse { url: url.to_owned(), ..local.clone() }.is_local(), expected);
        }
    }
}
