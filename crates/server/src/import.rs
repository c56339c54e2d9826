//! `import`: brings official tables into a running node, from a terminal.
//!
//! It is the same door as in a browser: the running node is asked through its console, in
//! the system officer's name and with their password.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde_json::json;

use crate::officer::Officer;

/// Brings official tables into the running node, as its system officer.
#[derive(Args)]
pub struct Options {
    #[command(subcommand)]
    table: Table,
}

#[derive(Subcommand)]
enum Table {
    /// A year's notice of holidays and make-up workdays, as lines such as
    /// `rest,2026-01-01,2026-01-03,元旦` and `work,2026-01-04,,元旦`, with `year`, `title`,
    /// `document`, `source`, `edition` and `confidence`.
    Calendar {
        /// The file, UTF-8, at most 20 KB.
        file: PathBuf,
        #[command(flatten)]
        officer: Officer,
    },
}

/// Three lines for each day of a year are less.
const LONGEST_NOTICE: u64 = 20 << 10;

pub fn command(options: &Options) -> Result<(), String> {
    match &options.table {
        Table::Calendar { file, officer } => {
            let body = json!({ "text": text(file, LONGEST_NOTICE)? });
            officer.ask("system", "POST", "/api/calendar/notices", body)
        }
    }
}

/// A file's text, if it is no longer than it should be.
fn text(file: &Path, longest: u64) -> Result<String, String> {
    let place = file.display();
    let size = std::fs::metadata(file).map_err(|error| format!("{place}: {error}"))?.len();
    if longest < size {
        return Err(format!("{place} has {size} bytes, expected at most {longest}"));
    }
    std::fs::read_to_string(file).map_err(|error| format!("{place}: {error}"))
}
