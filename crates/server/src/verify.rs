//! `verify`: the log and the trail of a directory, offline.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

/// Verifies a world's chains from its files alone.
#[derive(Args)]
pub struct Options {
    /// The node's directory (`node.directory` of its configuration), or one `facts.db`.
    #[arg(default_value = "data")]
    directory: PathBuf,
    /// A head that a witness holds, as `origin:seq:sm3`; the chain must contain it.
    #[arg(long, value_name = "HEAD")]
    witness: Vec<String>,
}

/// Exit 0 when all verifies, 1 with the entries named otherwise.
pub fn command(options: &Options) -> ExitCode {
    let path = if options.directory.is_dir() {
        options.directory.join("worlds").join("real").join("facts.db")
    } else {
        options.directory.clone()
    };
    let reports = match host::verify::file(&path, &options.witness) {
        Ok(reports) => reports,
        Err(error) => {
            eprintln!("fengsui: {}: {error:?}", path.display());
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
