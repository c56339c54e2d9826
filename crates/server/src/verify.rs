//! `verify`: the log and the trail of a node, its readings, or a whole backup, from what
//! is stored alone.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use host::db::Database;
use host::part::Kit;
use host::verify::Report;
use trust::Sessions;

use crate::backup::{Screen, words};
use crate::config::Config;
use crate::parts::parts;

/// Verifies a world's chains, or all of a backup, from what is stored alone.
#[derive(Args)]
pub struct Options {
    /// The node's directory (`node.directory` of its configuration), one `facts.db`, or a backup.
    #[arg(default_value = "data", conflicts_with = "config")]
    directory: PathBuf,
    /// The node's configuration file: verifies what it names, a database server too.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// A head that a witness holds, as `origin:seq:sm3`; the chain must contain it.
    #[arg(long, value_name = "HEAD")]
    witness: Vec<String>,
    /// Folds the log anew and compares the tables with it; the node is stopped. Not for
    /// a database server.
    #[arg(long)]
    fold: bool,
    /// Verifies the readings in place of the log: every block and their log; also while
    /// the node serves.
    #[arg(long, conflicts_with_all = ["fold", "witness"])]
    series: bool,
    /// Sets aside what is damaged of the readings, and saves what reads of it; nothing is
    /// deleted. The node is stopped.
    #[arg(long, requires = "series")]
    mend: bool,
}

/// Exit 0 when all verifies, 1 with what does not named otherwise.
pub fn command(options: &Options) -> ExitCode {
    let sound = match &options.config {
        _ if options.series => series(options),
        None if host::backup::is_backup(&options.directory) => {
            backup(&options.directory, &options.witness, options.fold)
        }
        _ => node(options),
    };
    match sound {
        Ok(true) => {
            println!("verified");
            ExitCode::SUCCESS
        }
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("fengsui: {error}");
            ExitCode::FAILURE
        }
    }
}

fn series(options: &Options) -> Result<bool, String> {
    let directory = match &options.config {
        None => options.directory.clone(),
        Some(_) => {
            #[allow(clippy::disallowed_methods, reason = "configuration is read here, once")]
            let config = Config::load(options.config.as_deref(), std::env::vars())?;
            config.node.directory
        }
    };
    if !directory.join("worlds").is_dir() {
        return Err(format!("{} is no directory of a node", directory.display()));
    }
    crate::readings::verify(&directory, options.mend)
}

fn node(options: &Options) -> Result<bool, String> {
    let (reports, file) = reports(options)?;
    let mut sound = show(&reports);
    if options.fold {
        let file = file.ok_or("--fold reads an embedded database, this one is on a server")?;
        sound &= folds(&file)?;
    }
    Ok(sound)
}

/// Every digest and every chain of a backup.
fn backup(directory: &Path, witnesses: &[String], fold: bool) -> Result<bool, String> {
    let mut screen = Screen::default();
    let checked = host::backup::check(directory, witnesses, &mut |progress| {
        screen.show(&progress);
        Ok(())
    });
    let checked = checked.map_err(words)?;
    let manifest = &checked.manifest;
    let (files, bytes) = (manifest.files.len(), manifest.bytes());
    println!("{}: taken {}, {files} files, {bytes} bytes", manifest.name, manifest.taken);
    for (world, reports) in &checked.reports {
        println!("world {world}");
        show(reports);
    }
    for fault in &checked.faults {
        println!("  FAULT {fault}");
    }
    let mut sound = checked.is_sound();
    if fold {
        let real = manifest.real().map_err(words)?;
        sound &= folds(&directory.join(real.folder()).join("facts.db"))?;
    }
    Ok(sound)
}

/// Whether the tables of the real world are what its log folds to.
fn folds(file: &Path) -> Result<bool, String> {
    let (kit, _) = Kit::fold(parts(&Config::default(), &Sessions::default()));
    let compared = host::fold::compare_file(file, &kit);
    let (seq, differences) = compared.map_err(|error| format!("{}: {error:?}", file.display()))?;
    println!("Fold: {seq} entries, {} tables differ", differences.len());
    for difference in &differences {
        let (live, folded) = (difference.live.rows, difference.folded.rows);
        println!("  FAULT {}: {live} rows, the log folds to {folded}", difference.table);
    }
    Ok(differences.is_empty())
}

fn show(reports: &[Report]) -> bool {
    let mut sound = true;
    for report in reports {
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
    sound
}

/// What verifying gave, and the file it was read from.
fn reports(options: &Options) -> Result<(Vec<Report>, Option<PathBuf>), String> {
    let directory = match &options.config {
        None => options.directory.clone(),
        Some(_) => {
            #[allow(clippy::disallowed_methods, reason = "configuration is read here, once")]
            let config = Config::load(options.config.as_deref(), std::env::vars())?;
            let database = Database::from_url(&config.database.url)
                .map_err(|error| format!("database.url: {error}"))?;
            if let Database::Postgres(server) = database {
                let reports = host::verify::server(&server, "real", &options.witness)
                    .map_err(|error| error.to_string())?;
                return Ok((reports, None));
            }
            config.node.directory
        }
    };
    let path = if directory.is_dir() {
        directory.join("worlds").join("real").join("facts.db")
    } else {
        directory
    };
    let reports = host::verify::file(&path, &options.witness)
        .map_err(|error| format!("{}: {error:?}", path.display()))?;
    Ok((reports, Some(path)))
}
