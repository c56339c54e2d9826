//! Who decides something at a terminal, in whose name the running node is asked.

use std::io::{IsTerminal as _, Write as _};
use std::path::PathBuf;

use clap::Args;
use serde_json::Value as Json;

use crate::config::Config;
use crate::console::{self, Asking};

/// An officer of a running node, and where it runs.
#[derive(Args)]
pub struct Officer {
    /// The node's directory (`node.directory` of its configuration).
    #[arg(long, value_name = "DATA", default_value = "data", conflicts_with = "config")]
    directory: PathBuf,
    /// The node's configuration file.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Who decides; the password is asked for, or read as one line of standard input.
    #[arg(long)]
    account: Option<String>,
}

impl Officer {
    /// Asks for the password, then the running node, in the name of the account or else
    /// of `usual`; prints what it answers.
    pub fn ask(&self, usual: &str, method: &str, path: &str, body: Json) -> Result<(), String> {
        let asking = Asking { method: method.to_owned(), path: path.to_owned(), body };
        for answer in self.come(usual)?.ask(vec![asking])? {
            let text = serde_json::to_string_pretty(&answer).map_err(|error| error.to_string())?;
            println!("{text}");
        }
        Ok(())
    }

    /// Asks for the password of the account, or else of `usual`.
    pub fn come(&self, usual: &str) -> Result<Present, String> {
        let account = self.account.clone().unwrap_or_else(|| usual.to_owned());
        let (password, directory) = (password(&account)?, self.directory()?);
        Ok(Present { account, password, directory })
    }

    fn directory(&self) -> Result<PathBuf, String> {
        let Some(config) = &self.config else { return Ok(self.directory.clone()) };
        #[allow(clippy::disallowed_methods, reason = "configuration is read here, once")]
        let config = Config::load(Some(config), std::env::vars())?;
        Ok(config.node.directory)
    }
}

/// An officer whose password is known, until this is dropped.
pub struct Present {
    account: String,
    password: String,
    directory: PathBuf,
}

/// Requests that are asked in one session; the console reads a line of so many at most.
const MOST_AT_ONCE: usize = 50;

impl Present {
    /// Brings a file to a door of the running node.
    pub fn bring(&self, path: String, file: &[u8]) -> Result<Json, String> {
        let (account, password) = (self.account.clone(), self.password.clone());
        let bring = console::Bring { account, password, path, length: file.len() };
        console::bring_in_name(&self.directory, bring, file)
    }

    /// Asks the running node one request after the other; an answer for each.
    pub fn ask(&self, requests: Vec<Asking>) -> Result<Vec<Json>, String> {
        let mut answers = Vec::with_capacity(requests.len());
        for part in requests.chunks(MOST_AT_ONCE) {
            let asked = console::InName {
                account: self.account.clone(),
                password: self.password.clone(),
                requests: part.to_vec(),
            };
            answers.extend(console::ask_in_name(&self.directory, asked)?);
        }
        Ok(answers)
    }
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
