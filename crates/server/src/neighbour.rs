//! `neighbour`: what the security officer decides about other nodes, from a terminal.
//!
//! It is the same door as in a browser: the running node is asked through its console, in
//! the officer's name and with their password, so that permission, lockout and trail are
//! the same. Nothing is decided by who may read the node's files.

use std::io::{IsTerminal as _, Write as _};
use std::path::PathBuf;

use base::AdminCode;
use clap::{Args, Subcommand};
use host::Class;
use serde_json::{Value as Json, json};

use crate::config::Config;
use crate::console;

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

#[derive(Args)]
struct Officer {
    /// The node's directory (`node.directory` of its configuration).
    #[arg(long, value_name = "DATA", default_value = "data", conflicts_with = "config")]
    directory: PathBuf,
    /// The node's configuration file.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Who decides; the password is asked for, or read as one line of standard input.
    #[arg(long, default_value = "security")]
    account: String,
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
    let directory = match &officer.config {
        None => officer.directory.clone(),
        Some(config) => {
            #[allow(clippy::disallowed_methods, reason = "configuration is read here, once")]
            let config = Config::load(Some(config), std::env::vars())?;
            config.node.directory
        }
    };
    let asked = console::InName {
        account: officer.account.clone(),
        password: password(&officer.account)?,
        method: method.to_owned(),
        path: path.to_owned(),
        body,
    };
    let answer = console::ask_in_name(&directory, asked)?;
    let text = serde_json::to_string_pretty(&answer).map_err(|error| error.to_string())?;
    println!("{text}");
    Ok(())
}

/// One line, without showing it at a terminal.
fn password(account: &str) -> Result<String, String> {
    let input = std::io::stdin();
    let shown = Hidden::at_terminal(account).map_err(|error| format!("the terminal: {error}"))?;
    let mut line = String::new();
    let read = input.read_line(&mut line);
    drop(shown);
    read.map_err(|error| format!("standard input: {error}"))?;
    let password = line.trim_end_matches(['\n', '\r']).to_owned();
    if password.is_empty() {
        return Err(format!("no password of {account} came, expected one line"));
    }
    Ok(password)
}

/// A terminal that does not show what is typed, until this is dropped.
struct Hidden(Option<rustix::termios::Termios>);

impl Hidden {
    fn at_terminal(account: &str) -> std::io::Result<Hidden> {
        use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};
        let input = std::io::stdin();
        if !input.is_terminal() {
            return Ok(Hidden(None));
        }
        eprint!("口令 / password ({account}): ");
        std::io::stderr().flush()?;
        let before = tcgetattr(&input)?;
        let mut hidden = before.clone();
        hidden.local_modes.remove(LocalModes::ECHO);
        tcsetattr(&input, OptionalActions::Flush, &hidden)?;
        Ok(Hidden(Some(before)))
    }
}

impl Drop for Hidden {
    fn drop(&mut self) {
        use rustix::termios::{OptionalActions, tcsetattr};
        if let Some(before) = &self.0 {
            // A terminal that went away needs nothing.
            let _ = tcsetattr(std::io::stdin(), OptionalActions::Flush, before);
            eprintln!();
        }
    }
}
