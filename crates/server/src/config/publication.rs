//! The section of what this node tells the public.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Config;

/// Public warnings as messages of CAP 1.2, and their Atom feed at `/feeds/cap.atom`.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Publication {
    /// Whether whoever reaches the web door may read the feed and its messages. Else those who are signed in and read warnings may.
    pub open: bool,
    /// Who sends, in every message: unique in the world, by custom a name in a domain of one's own (`jinggao@yjt.jl.gov.cn`); no blanks, commas, `<` or `&`. Empty for `node.origin`, which is no such name.
    pub sender: String,
    /// Three digits for this organisation in the identifiers of messages (GB/T 4657).
    pub organisation: String,
    /// Whether every message says that it is of a test: for a node that is being set up.
    pub test: bool,
    /// Whether warnings received from other authorities stand in the feed too, as they came: the same bytes.
    pub pass_on: bool,
}

impl Default for Publication {
    fn default() -> Publication {
        Publication {
            open: false,
            sender: String::new(),
            organisation: "000".to_owned(),
            test: false,
            pass_on: false,
        }
    }
}

impl Publication {
    /// Whether messages can be made so.
    ///
    /// # Errors
    /// A sentence that names the key and what was expected.
    pub fn check(&self) -> Result<(), String> {
        let Publication { sender, organisation, .. } = self;
        if !sender.is_empty() && !wire::cap::is_name(sender) {
            let expected = "a name without blanks, commas, < and &";
            return Err(format!("publication.sender is {sender:?}, expected {expected}"));
        }
        if organisation.len() != 3 || !organisation.bytes().all(|it| it.is_ascii_digit()) {
            return Err(format!(
                "publication.organisation is {organisation:?}, expected three digits"
            ));
        }
        Ok(())
    }

    /// What the alert stage is told of it.
    pub fn of(&self, config: &Config) -> alert::Publication {
        let Publication { open, sender, organisation, test, pass_on } = self.clone();
        let address = match config.web.public_url.trim_end_matches('/') {
            "" => format!("http://{}", config.web.listen),
            url => url.to_owned(),
        };
        let sender = if sender.is_empty() { config.node.origin.clone() } else { sender };
        alert::Publication {
            sender,
            organisation,
            is_test: test,
            is_open: open,
            passes_on: pass_on,
            address,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_message_can_say_is_named_and_the_feed_is_closed_unless_opened() {
        let usual = Publication::default();
        assert_eq!(usual.check(), Ok(()));
        assert!(!usual.open && !usual.test);
        let told = usual.of(&Config::default());
        assert_eq!(
            (told.sender.as_str(), told.address.as_str()),
            ("node", "http://127.0.0.1:7700")
        );
        for (wrong, named) in [
            (Publication { sender: "a b".to_owned(), ..usual.clone() }, "publication.sender"),
            (Publication { sender: "a,b".to_owned(), ..usual.clone() }, "publication.sender"),
            (Publication { organisation: "11".to_owned(), ..usual.clone() }, "three digits"),
            (Publication { organisation: "一二三".to_owned(), ..usual.clone() }, "three digits"),
        ] {
            let said = wrong.check().expect_err(named);
            assert!(said.contains(named), "{said}");
        }
        let mut config = Config::default();
        config.web.public_url = "https://yingji.example.cn/".to_owned();
        assert_eq!(usual.of(&config).address, "https://yingji.example.cn");
    }
}
