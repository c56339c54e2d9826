//! The section of the node above, to which readings are handed on.

use std::time::Duration;

use schemars::JsonSchema;
use sense::upstream::Config;
use serde::{Deserialize, Serialize};

/// The node above, which gets the readings of the real world as one of its stations would send them.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Upstream {
    /// Its door for devices, as `http://10.1.2.3:8650/ingest/json`; empty for none. No TLS is built in: use loopback or a tunnel.
    pub url: String,
    /// The code of the station that this node is there.
    pub code: String,
    /// The key of that station. Better in `FENGSUI_UPSTREAM_KEY`, or in a file that the node's user alone reads.
    pub key: String,
    /// The name of that node in its log: what came from there is not given back. Empty when nothing does.
    pub origin: String,
    /// What the write-ahead log may grow to while it does not answer, in GiB: 1 to 4096. After that the log is let go, and the node above gets what was in it out of the blocks.
    pub log_gib: u32,
}

impl Default for Upstream {
    fn default() -> Upstream {
        Upstream {
            url: String::new(),
            code: String::new(),
            key: String::new(),
            origin: String::new(),
            log_gib: 16,
        }
    }
}

/// The key is never shown, nor an address that somebody wrote one into.
impl std::fmt::Debug for Upstream {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.url.is_empty() { "none" } else { "a node" })
    }
}

impl Upstream {
    /// Where readings are handed on to; `None` without a node above.
    ///
    /// # Errors
    /// A sentence that names the key and what was expected.
    pub fn target(&self) -> Result<Option<Config>, String> {
        if self.url.is_empty() {
            return Ok(None);
        }
        if !(1..=4_096).contains(&self.log_gib) {
            return Err(format!("upstream.log_gib is {}, expected 1 to 4096", self.log_gib));
        }
        let config = Config {
            url: self.url.clone(),
            code: self.code.clone(),
            key: self.key.clone(),
            above: self.origin.clone(),
            log_bytes: u64::from(self.log_gib) << 30,
            every: Duration::from_secs(1),
            retry: Duration::from_secs(10),
            timeout: Duration::from_secs(30),
        };
        config.check()?;
        Ok(Some(config))
    }

    /// Whether it is reached without leaving this machine.
    pub fn is_local(&self) -> bool {
        super::clickhouse::is_local(&self.url)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_is_named_and_a_key_is_never_shown() {
        let none = Upstream::default();
        assert!(none.target().is_ok_and(|target| target.is_none()));
        let good = Upstream {
            url: "http://127.0.0.1:8650/ingest/json".to_owned(),
            code: "220282".to_owned(),
            key: "geheim-geheim".to_owned(),
            ..none
        };
        assert!(good.target().is_ok_and(|target| target.is_some()) && good.is_local());
        assert!(!format!("{good:?}").contains("geheim"));
        for (wrong, named) in [
            (Upstream { url: "https://example.org/".to_owned(), ..good.clone() }, "upstream.url"),
            (
                Upstream { url: "http://a:b@example.org/".to_owned(), ..good.clone() },
                "upstream.url",
            ),
            (Upstream { code: "a/b".to_owned(), ..good.clone() }, "upstream.code"),
            (Upstream { key: "geheim".to_owned(), ..good.clone() }, "upstream.key"),
            (Upstream { log_gib: 0, ..good.clone() }, "upstream.log_gib is 0"),
        ] {
            let said = wrong.target().map(|_| ()).expect_err(named);
            assert!(said.contains(named) && !said.contains("geheim"), "{said}");
        }
    }
}
