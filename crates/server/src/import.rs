//! `import`: brings official tables into a running node, from a terminal.
//!
//! It is the same door as in a browser: the running node is asked through its console, in
//! the system officer's name and with their password.

mod boundaries;
mod regions;

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
    /// Divisions with dates: XLSX or CSV with code, name, parent, first day, first day
    /// without it, successor, source.
    Regions(regions::Options),
    /// Official boundaries of divisions: GeoJSON, or a shapefile (`.shp` with the files
    /// beside it, or a ZIP of them).
    Boundaries(boundaries::Options),
}

/// Three lines for each day of a year are less.
const LONGEST_NOTICE: u64 = 20 << 10;

pub fn command(options: &Options) -> Result<(), String> {
    match &options.table {
        Table::Calendar { file, officer } => {
            let text = String::from_utf8(read(file, LONGEST_NOTICE)?)
                .map_err(|error| format!("{}: {error}", file.display()))?;
            officer.ask("system", "POST", "/api/calendar/notices", json!({ "text": text }))
        }
        Table::Regions(options) => regions::command(options),
        Table::Boundaries(options) => boundaries::command(options),
    }
}

/// A file, if it is no longer than it should be.
fn read(file: &Path, longest: u64) -> Result<Vec<u8>, String> {
    let place = file.display();
    let size = std::fs::metadata(file).map_err(|error| format!("{place}: {error}"))?.len();
    if longest < size {
        return Err(format!("{place} has {size} bytes, expected at most {longest}"));
    }
    std::fs::read(file).map_err(|error| format!("{place}: {error}"))
}

/// A text as a value of a query (RFC 3986, 2.3).
fn query(text: &str) -> String {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~".contains(byte);
    let byte = |byte: u8| {
        if plain(&byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }
    };
    text.bytes().map(byte).collect()
}

/// One fault of a row or of a feature, as a line.
fn fault(of: &serde_json::Value) -> String {
    let text = |name: &str| of[name].as_str().unwrap_or_default();
    format!("{} {}: {}, expected {}", text("column"), text("code"), text("seen"), text("expected"))
}
