//! `verify`: the log and the trail of a node, from what is stored alone.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use host::db::Database;
use host::verify::Report;

use crate::config::Config;

/// Verifies a world's chains from what is stored alone.
#[derive(Args)]
pub struct Options {
    /// The node's directory (`node.directory` of its configuration), or one `facts.db`.
    #[arg(default_value = "data", conflicts_with = "config")]
    directory: PathBuf,
    /// The node's configuration file: verifies what it names, a database server too.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// A head that a witness holds, as `origin:seq:sm3`; the chain must contain it.
    #[arg(long, value_name = "HEAD")]
    witness: Vec<String>,
}

/// Exit 0 when all verifies, 1 with the entries named otherwise.
pub fn command(options: &Options) -> ExitCode {
    let reports = match reports(options) {
        Ok(reports) => reports,
        Err(error) => {
            eprintln!("fengsui: {error}");
            return ExitCode::FAILURE;
        }
    };
    let mut sound = true;
    for report in &reports {
        println!("{:?}: {} entries, {} closed", report.book, report.entries, report.closed);
        for (origin, head) in &report.heads {
            println!("  head {origin}:{}:{}", head.origin_seq, head.sm3);
        }
        for fault in &report.faults {
            sound = false;
            println!(
                "  FAULT seq {} ({} #{} {}): {}",
                fault.seq, fault.origin, fault.origin_seq, fault.kind, fault.what
            );
        }
    }
    if sound {
        println!("verified");
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn reports(options: &Options) -> Result<Vec<Report>, String> {
    let directory = match &options.config {
        None => options.directory.clone(),
        Some(_) => {
            #[allow(clippy::disallowed_methods, reason = "configuration is read here, once")]
            let config = Config::load(options.config.as_deref(), std::env::vars())?;
            let database = Database::from_url(&config.database.url)
                .map_err(|error| format!("database.url: {error}"))?;
            if let Database::Postgres(server) = database {
                return host::verify::server(&server, "real", &options.witness)
                    .map_err(|error| error.to_string());
            }
            config.node.directory
        }
    };
    let path = if directory.is_dir() {
        directory.join("worlds").join("real").join("facts.db")
    } else {
        directory
    };
    host::verify::file(&path, &options.witness)
        .map_err(|error| format!("{}: {error:?}", path.display()))
}
