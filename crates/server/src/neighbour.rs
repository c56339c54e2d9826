//! `neighbour`: what the security officer decides about other nodes, from a terminal.
//!
//! It is the same door as in a browser: the running node is asked through its console, in
//! the officer's name and with their password, so that permission, lockout and trail are
//! the same. Nothing is decided by who may read the node's files.

use base::AdminCode;
use clap::{Args, Subcommand};
use host::Class;
use serde_json::{Value as Json, json};

use crate::officer::Officer;

/// Decides about other nodes, as the security officer of the running node.
#[derive(Args)]
pub struct Options {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Believes a key that two people have compared, as far as some regions.
    Trust {
        /// The other node's name in the log.
        node: String,
        /// 64 hex digits, as the other node shows them.
        fingerprint: String,
        /// What it may speak for, with what reports to it; several times for several.
        #[arg(long, value_name = "CODE", required = true)]
        region: Vec<AdminCode>,
        #[command(flatten)]
        officer: Officer,
    },
    /// Says what a node may read of this one's log; nothing is sent to it before.
    LetRead {
        /// The other node's name in the log.
        node: String,
        /// Bodies at home there and in what reports to it are open; several times for
        /// several. Without any, it reads what is public.
        #[arg(long, value_name = "CODE")]
        region: Vec<AdminCode>,
        /// Bodies above this class are closed: public, internal or sensitive.
        #[arg(long, default_value = "internal")]
        openness: Class,
        #[command(flatten)]
        officer: Officer,
    },
    /// Prints this node's own name, key and fingerprint, for people at the other node.
    Key {
        #[command(flatten)]
        officer: Officer,
    },
}

pub fn command(options: &Options) -> Result<(), String> {
    let (officer, method, path, body) = match &options.action {
        Action::Trust { node, fingerprint, region, officer } => {
            let body = json!({ "origin": node, "fingerprint": fingerprint, "regions": region });
            (officer, "POST", "/api/neighbours", body)
        }
        Action::LetRead { node, region, openness, officer } => {
            let body = json!({ "origin": node, "regions": region, "openness": openness });
            (officer, "POST", "/api/neighbours/readings", body)
        }
        Action::Key { officer } => (officer, "GET", "/api/node/key", Json::Null),
    };
    officer.ask("security", method, path, body)
}
