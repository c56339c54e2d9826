//! `backup`: a node's records copied, whether it serves or not.
//!
//! Who holds the directory's lock does it: this process when the node is stopped, else
//! the node itself, asked through its console.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use host::backup::{Order, Progress, Subject, Taken};
use host::db::Database;
use host::part::Kit;
use host::space::Lines;
use serde::{Deserialize, Serialize};
use trust::Sessions;

use crate::config::Config;
use crate::parts::parts;
use crate::{console, serve};

/// Copies a node's records into a directory, also while the node serves.
#[derive(Args)]
pub struct Options {
    /// The node's directory (`node.directory` of its configuration).
    #[arg(long, value_name = "DATA", default_value = "data", conflicts_with = "config")]
    directory: PathBuf,
    /// The node's configuration file; needed when its records are on a database server.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The directory that backups stand in; each gets one of its own there.
    #[arg(long, value_name = "DIR")]
    to: PathBuf,
    /// Copies the keys of personal data too, into this other directory, in place of
    /// those that were copied there before. Keep it apart from the backups.
    #[arg(long, value_name = "DIR")]
    keys_to: Option<PathBuf>,
    /// Keeps so many backups of this node and removes older ones once this one is there.
    #[arg(long, value_name = "N")]
    keep: Option<usize>,
}

/// What is asked for, whoever carries it out; paths are absolute.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    to: PathBuf,
    keys_to: Option<PathBuf>,
    keep: Option<usize>,
}

/// What came of it, for the one who asked.
#[derive(Debug, Serialize, Deserialize)]
pub struct Outcome {
    directory: PathBuf,
    files: usize,
    bytes: u64,
    worlds: Vec<String>,
    /// The end of this node's own log in it, as `origin:seq:sm3`.
    head: Option<String>,
    keys: Option<PathBuf>,
    removed: Vec<String>,
    /// Entries that do not verify.
    faults: Vec<String>,
}

/// Exit 0 when a sound backup is there, 1 otherwise.
pub fn command(options: &Options) -> ExitCode {
    match taken(options) {
        Ok(outcome) => outcome.tell(),
        Err(error) => {
            eprintln!("fengsui: {error}");
            ExitCode::FAILURE
        }
    }
}

fn taken(options: &Options) -> Result<Outcome, String> {
    #[allow(clippy::disallowed_methods, reason = "configuration is read here, once")]
    let config = Config::load(options.config.as_deref(), std::env::vars())?;
    let named = options.config.is_some();
    let directory = if named { &config.node.directory } else { &options.directory }.clone();
    if !directory.is_dir() {
        return Err(format!("{} is no directory of a node", directory.display()));
    }
    let absolute = |path: &PathBuf| {
        std::path::absolute(path).map_err(|error| format!("{}: {error}", path.display()))
    };
    let request = Request {
        to: absolute(&options.to)?,
        keys_to: options.keys_to.as_ref().map(absolute).transpose()?,
        keep: options.keep,
    };
    let mut screen = Screen::default();
    let Some(_lock) = serve::try_lock(&directory)? else {
        return console::ask_for_backup(&directory, &request, &mut |it| screen.show(&it));
    };
    let database = Database::from_url(&config.database.url)
        .map_err(|error| format!("database.url: {error}"))?;
    let (kit, _) = Kit::fold(parts(&config, &Sessions::default()));
    let subjects = host::backup::at_rest(&directory, &database).map_err(words)?;
    let taken = request.carry_out(subjects, &kit, config.disk.lines(), &mut |progress| {
        screen.show(&progress);
        Ok(())
    });
    taken.map(|taken| Outcome::of(&taken)).map_err(words)
}

/// An error for whoever is at the terminal: there is no log beside it that says more.
pub fn words(error: host::Error) -> String {
    match error {
        host::Error::Internal(detail) => detail,
        other => other.to_string(),
    }
}

impl Request {
    /// Takes the backup.
    ///
    /// # Errors
    /// As [`host::backup::take`].
    pub fn carry_out(
        &self,
        subjects: Vec<Subject>,
        kit: &Kit,
        lines: Lines,
        tell: &mut dyn FnMut(Progress) -> host::Result<()>,
    ) -> host::Result<Taken> {
        let order = Order {
            subjects,
            kit,
            to: &self.to,
            keys_to: self.keys_to.as_deref(),
            keep: self.keep,
            lines,
            version: env!("CARGO_PKG_VERSION"),
            now: host::world::wall_clock(),
        };
        host::backup::take(order, tell)
    }

    /// Only absolute paths mean the same in two processes.
    pub fn is_absolute(&self) -> bool {
        self.to.is_absolute() && self.keys_to.as_deref().is_none_or(Path::is_absolute)
    }
}

impl Outcome {
    pub fn of(taken: &Taken) -> Outcome {
        let manifest = &taken.manifest;
        let world = |world: &str, fault: &host::verify::Fault| {
            let (seq, origin, what) = (fault.seq, &fault.origin, &fault.what);
            format!("{world}: seq {seq} ({origin} #{} {}): {what}", fault.origin_seq, fault.kind)
        };
        let own = manifest.real().ok().and_then(|real| real.head(&manifest.origin));
        Outcome {
            directory: taken.directory.clone(),
            files: manifest.files.len(),
            bytes: manifest.bytes(),
            worlds: manifest.worlds.iter().map(|world| world.name.clone()).collect(),
            head: own.map(|head| format!("{}:{}:{}", head.origin, head.origin_seq, head.sm3)),
            keys: taken.keys.clone(),
            removed: taken.removed.clone(),
            faults: taken.faults.iter().map(|(name, fault)| world(name, fault)).collect(),
        }
    }

    fn tell(&self) -> ExitCode {
        println!("{}", self.directory.display());
        println!(
            "  {} files, {} bytes; worlds: {}",
            self.files,
            self.bytes,
            self.worlds.join(", ")
        );
        if let Some(head) = &self.head {
            println!("  head {head}");
        }
        match &self.keys {
            Some(keys) => println!("  keys of personal data are in {}", keys.display()),
            None => println!("  without the keys of personal data (--keys-to)"),
        }
        for name in &self.removed {
            println!("  removed the older {name}");
        }
        for fault in &self.faults {
            println!("  FAULT {fault}");
        }
        if self.faults.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}

/// Says how far it is, on standard error: each stage, and each tenth of it.
#[derive(Default)]
pub struct Screen {
    shown: Option<(String, u64)>,
}

impl Screen {
    pub fn show(&mut self, progress: &Progress) {
        let tenth = match progress.of {
            0 => 0,
            of => 10 * progress.done.min(of) / of,
        };
        let now = (progress.what.clone(), tenth);
        if self.shown.as_ref() != Some(&now) {
            eprintln!("{} {} %", now.0, now.1 * 10);
            self.shown = Some(now);
        }
    }
}
