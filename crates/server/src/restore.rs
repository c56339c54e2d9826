//! `restore`: a node made of a backup.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use host::backup::{Manifest, Plan};
use host::db::Database;
use host::part::Kit;
use trust::Sessions;

use crate::backup::{Screen, words};
use crate::config::Config;
use crate::parts::parts;
use crate::serve;

/// Makes a node of a backup, in a directory where none is.
#[derive(Args)]
pub struct Options {
    /// The backup.
    #[arg(long, value_name = "DIR")]
    from: PathBuf,
    /// The new node's directory: absent or empty.
    #[arg(long, value_name = "DATA")]
    to: PathBuf,
    /// The new node's configuration file: says whether its records go to a database server.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The keys of personal data: where `backup --keys-to` put them, or the newest `keys.db`.
    #[arg(long, value_name = "PATH")]
    keys: Option<PathBuf>,
    /// A head of this node's log that another node holds, as `origin:seq:sm3`; a backup
    /// that is older is refused.
    #[arg(long, value_name = "HEAD")]
    witness: Vec<String>,
}

pub fn command(options: &Options) -> Result<(), String> {
    #[allow(clippy::disallowed_methods, reason = "configuration is read here, once")]
    let config = match &options.config {
        None => Config::default(),
        Some(path) => Config::load(Some(path), std::env::vars())?,
    };
    let manifest = Manifest::read(&options.from).map_err(words)?;
    if options.config.is_some() && config.node.origin != manifest.origin {
        return Err(format!(
            "the backup is of {:?}, node.origin is {:?}",
            manifest.origin, config.node.origin
        ));
    }
    let database = Database::from_url(&config.database.url)
        .map_err(|error| format!("database.url: {error}"))?;
    let (kit, _) = Kit::fold(parts(&config, &Sessions::default()));
    let _lock = serve::lock(&options.to)?;
    let first = |world: &host::World| trust::session::end_all(world).map(|_| ());
    let plan = Plan {
        from: &options.from,
        to: &options.to,
        database,
        kit: Arc::new(kit),
        keys: options.keys.as_deref(),
        witnesses: &options.witness,
        first: &first,
    };
    let mut screen = Screen::default();
    let restored = host::backup::restore(&plan, &mut |progress| {
        screen.show(&progress);
        Ok(())
    });
    let restored = restored.map_err(words)?;
    let (origin, seq) = (&manifest.origin, restored.origin_seq);
    println!("{} is restored from {}", options.to.display(), manifest.name);
    println!("  taken {}, by version {}", manifest.taken, manifest.version);
    println!("  its node is called {origin} (node.origin); everybody signs in anew");
    if !restored.has_keys {
        println!("  without keys: personal data that were sealed stay closed (--keys)");
    }
    println!(
        "  what {origin} recorded after its #{seq} is lost here, and its numbers are given again:"
    );
    println!("  a node that has taken in more than #{seq} of {origin} will refuse what comes now.");
    Ok(())
}
