//! What an owner may set.

use std::time::Duration;

use crate::ClickHouseError;

/// Where the server is, and how it is used.
#[derive(Clone)]
pub struct Config {
    /// Its HTTP interface: `http://host:port`. There is no TLS.
    pub url: String,
    /// Letters, digits and underscores. It is made when it is not there.
    pub database: String,
    pub user: String,
    pub password: String,
    /// Questions that begin more than so many days ago are answered by ClickHouse.
    pub serve_days: u32,
    /// What the log may grow to, in bytes, while ClickHouse does not answer.
    pub log_bytes: u64,
    /// The least time between two inserts: many small ones would be a burden.
    pub every: Duration,
    /// After a failure, how long until the next attempt.
    pub retry: Duration,
    /// How long one request may take in all.
    pub timeout: Duration,
}

impl Config {
    /// A server on this machine, with what Debian's package sets.
    pub fn local(url: &str) -> Config {
        Config {
            url: url.to_owned(),
            database: "fengsui".to_owned(),
            user: "default".to_owned(),
            password: String::new(),
            serve_days: 30,
            log_bytes: 16 << 30,
            every: Duration::from_secs(1),
            retry: Duration::from_secs(5),
            timeout: Duration::from_secs(30),
        }
    }

    /// # Errors
    /// [`ClickHouseError::Config`] says which value and what was expected.
    pub fn check(&self) -> Result<(), ClickHouseError> {
        let fail = |what: String| Err(ClickHouseError::Config(what));
        let rest = self.url.strip_prefix("http://").unwrap_or_default();
        let authority = rest.strip_suffix('/').unwrap_or(rest);
        if authority.is_empty() || authority.contains(['/', '@', '?', '#']) {
            // It may hold a password, which no message repeats.
            return fail("the address is not of the form http://host:port".to_owned());
        }
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        let name = self.database.as_bytes();
        if name.is_empty() || 64 < name.len() || !name.iter().copied().all(is_plain) {
            let seen = self.database.chars().take(80).collect::<String>();
            return fail(format!("database is {seen:?}, expected 1 to 64 letters, digits and _"));
        }
        if self.user.contains(':') {
            return fail("the name of a user has no colon".to_owned());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_or_a_name_that_would_be_more_than_that_is_refused_and_not_repeated() {
        let local = Config::local("http://127.0.0.1:8123");
        assert!(local.check().is_ok());
        for url in ["https://127.0.0.1:8443", "127.0.0.1:8123", "http://u:geheim@h", "http://h/?a"]
        {
            let error = Config { url: url.to_owned(), ..local.clone() }.check().expect_err(url);
            assert!(!error.to_string().contains("geheim"), "{error}");
        }
        for database in ["", "a b", "x`; drop table y", "数据"] {
            let config = Config { database: database.to_owned(), ..local.clone() };
            assert!(config.check().is_err(), "{database}");
        }
    }
}
