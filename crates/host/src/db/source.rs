//! Where a world's connections come from: which engine, and where it is.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::postgres::{Postgres, Schema, Server};
use super::{Conn, DbError, Durability, Sqlite};

/// Read-only connections to a server that one world opens at most; the embedded
/// engine opens as many as are asked for.
const READERS_OF_A_SERVER: usize = 8;

/// Which engine holds the log and the tables of worlds.
#[derive(Debug, Clone, Default)]
pub enum Database {
    /// SQLite, in the file `facts.db` of each world's directory.
    #[default]
    Embedded,
    /// A PostgreSQL server, in one schema per world.
    Postgres(Server),
}

impl Database {
    /// Reads an address: `postgresql://user:password@host:port/database`, or nothing
    /// for the embedded engine. A world's schema is called `fengsui_` and its name.
    ///
    /// # Errors
    /// [`DbError::Engine`] for what is no such address; it never quotes the address.
    pub fn from_url(url: &str) -> Result<Database, DbError> {
        Database::with_prefix(url, "fengsui")
    }

    pub(crate) fn with_prefix(url: &str, prefix: &str) -> Result<Database, DbError> {
        if url.is_empty() {
            return Ok(Database::Embedded);
        }
        Server::parse(url, prefix).map(Database::Postgres)
    }
}

/// The database of one world.
pub(crate) enum Source {
    Sqlite { path: PathBuf, durability: Durability },
    Postgres(Arc<Schema>),
}

impl Source {
    /// - `directory`: of the world's files.
    /// - `world`: its name.
    pub(crate) fn new(
        database: &Database,
        directory: &Path,
        world: &str,
        durability: Durability,
    ) -> Result<Source, DbError> {
        Ok(match database {
            Database::Embedded => Source::Sqlite { path: directory.join("facts.db"), durability },
            Database::Postgres(server) => Source::Postgres(server.schema(world, durability)?),
        })
    }

    /// The one connection that writes.
    pub(crate) fn writer(&self) -> Result<Conn, DbError> {
        Ok(match self {
            Source::Sqlite { path, durability } => {
                Conn::Sqlite(Sqlite::open_writer(path, *durability)?)
            }
            Source::Postgres(schema) => Conn::Postgres(Postgres::open_writer(schema)?),
        })
    }

    /// A connection that can only ask, and never longer than five seconds.
    pub(crate) fn reader(&self) -> Result<Conn, DbError> {
        Ok(match self {
            Source::Sqlite { path, .. } => Conn::Sqlite(Sqlite::open_reader(path)?),
            Source::Postgres(schema) => Conn::Postgres(Postgres::open_reader(schema)?),
        })
    }

    /// How many readers may be open at once.
    pub(crate) fn most_readers(&self) -> usize {
        match self {
            Source::Sqlite { .. } => usize::MAX,
            Source::Postgres(_) => READERS_OF_A_SERVER,
        }
    }
}
