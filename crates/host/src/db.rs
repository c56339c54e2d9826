//! One SQL text, run by one thin executor.
//!
//! Statements use `bigint`, `double precision` and `text` only, `$n` parameters,
//! `collate "C"`, upserts and `returning`; so the same text runs on SQLite and on
//! PostgreSQL. Nothing here knows a table.

pub(crate) mod copy;
mod postgres;
mod row;
mod source;
mod sqlite;
mod value;

#[cfg(test)]
mod tests;

use postgres::Postgres;
pub use postgres::Server;
pub use row::Row;
pub use source::Database;
pub(crate) use source::Source;
pub(crate) use sqlite::{Durability, Sqlite};
pub use value::{FromValue, Value};

/// One database connection, whichever engine it speaks to.
pub(crate) enum Conn {
    Sqlite(Sqlite),
    Postgres(Postgres),
}

/// Why the database did not answer.
#[derive(Debug, Clone, thiserror::Error)]
pub enum DbError {
    #[error("database refused {statement:?}: {reason}")]
    Statement { statement: String, reason: String, blame: Blame },
    #[error("column {column:?} is {seen}, expected {expected}")]
    Column { column: String, seen: String, expected: &'static str },
    #[error("database: {0}")]
    Engine(String),
}

/// What a statement was refused for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blame {
    /// What it was to write: a constraint, or a value that no column takes.
    Value,
    /// The statement itself, the disk, the connection.
    Engine,
}

impl DbError {
    /// Why the database does not take these values; `None` for trouble of any other kind.
    pub(crate) fn of_value(&self) -> Option<&str> {
        match self {
            DbError::Statement { reason, blame: Blame::Value, .. } => Some(reason),
            _ => None,
        }
    }
}

/// Something that can be asked: a transaction or a read-only connection.
///
/// The loads and lists of a slice take `&mut dyn Read`, so the same text serves
/// a decision inside the writer and a page outside it.
pub trait Read {
    /// All rows, in the order the statement says.
    fn rows(&mut self, sql: &str, params: &[Value]) -> Result<Vec<Row>, DbError>;

    /// The only row, or none; more than one is the statement's mistake.
    fn row(&mut self, sql: &str, params: &[Value]) -> Result<Option<Row>, DbError> {
        let mut rows = self.rows(sql, params)?;
        match rows.len() {
            0 | 1 => Ok(rows.pop()),
            n => Err(DbError::Engine(format!("expected one row, got {n}: {sql}"))),
        }
    }

    /// Hands over row by row, for results that may be larger than memory should hold
    /// at once; on a server within a transaction.
    fn each(&mut self, sql: &str, take: &mut dyn FnMut(Row)) -> Result<(), DbError> {
        self.rows(sql, &[])?.into_iter().for_each(take);
        Ok(())
    }
}

impl Conn {
    /// Runs one statement that changes rows; answers how many.
    pub(crate) fn run(&mut self, sql: &str, params: &[Value]) -> Result<u64, DbError> {
        match self {
            Conn::Sqlite(sqlite) => sqlite.run(sql, params),
            Conn::Postgres(postgres) => postgres.run(sql, params),
        }
    }

    /// Runs one statement that changes rows, without waiting where waiting costs: its
    /// refusal may come to light at the next read, at [`Conn::settle`] or at the commit.
    pub(crate) fn send(&mut self, sql: &str, params: &[Value]) -> Result<(), DbError> {
        match self {
            Conn::Sqlite(sqlite) => sqlite.run(sql, params).map(|_| ()),
            Conn::Postgres(postgres) => postgres.send(sql, params),
        }
    }

    /// Puts a row of another database's table into the same table here.
    pub(crate) fn insert(&mut self, table: &str, row: &Row) -> Result<(), DbError> {
        let places: Vec<String> = (1..=row.values.len()).map(|n| format!("${n}")).collect();
        let columns = row.columns.join(", ");
        let sql = format!("insert into {table} ({columns}) values ({})", places.join(", "));
        self.send(&sql, &row.values)
    }

    /// Waits until what was sent is done.
    pub(crate) fn settle(&mut self) -> Result<(), DbError> {
        match self {
            Conn::Sqlite(_) => Ok(()),
            Conn::Postgres(postgres) => postgres.settle(),
        }
    }

    /// Runs several statements without parameters: migrations.
    pub(crate) fn batch(&mut self, sql: &str) -> Result<(), DbError> {
        match self {
            Conn::Sqlite(sqlite) => sqlite.batch(sql),
            Conn::Postgres(postgres) => postgres.batch(sql),
        }
    }

    /// Begins a transaction that will write; a connection that was lost is replaced.
    pub(crate) fn begin(&mut self) -> Result<(), DbError> {
        match self {
            Conn::Sqlite(sqlite) => sqlite.control("begin immediate"),
            Conn::Postgres(postgres) => postgres.begin(),
        }
    }

    /// Begins a transaction that reads, and sees one moment throughout.
    pub(crate) fn begin_snapshot(&mut self) -> Result<(), DbError> {
        match self {
            Conn::Sqlite(sqlite) => sqlite.control("begin"),
            Conn::Postgres(postgres) => postgres.begin_snapshot(),
        }
    }

    pub(crate) fn commit(&mut self) -> Result<(), DbError> {
        match self {
            Conn::Sqlite(sqlite) => sqlite.control("commit"),
            Conn::Postgres(postgres) => postgres.commit(),
        }
    }

    pub(crate) fn rollback(&mut self) -> Result<(), DbError> {
        match self {
            Conn::Sqlite(sqlite) => sqlite.control("rollback"),
            Conn::Postgres(postgres) => postgres.rollback(),
        }
    }

    /// Marks where a command begins inside its group's transaction.
    pub(crate) fn savepoint(&mut self) -> Result<(), DbError> {
        match self {
            Conn::Sqlite(sqlite) => sqlite.control("savepoint command"),
            Conn::Postgres(postgres) => postgres.savepoint(),
        }
    }

    /// Undoes what was done since [`Conn::savepoint`].
    pub(crate) fn undo(&mut self) -> Result<(), DbError> {
        match self {
            Conn::Sqlite(sqlite) => sqlite.control("rollback to command"),
            Conn::Postgres(postgres) => postgres.rollback_to_savepoint(),
        }
    }

    /// Ends the command that [`Conn::savepoint`] began.
    pub(crate) fn release(&mut self) -> Result<(), DbError> {
        match self {
            Conn::Sqlite(sqlite) => sqlite.control("release command"),
            Conn::Postgres(postgres) => postgres.release(),
        }
    }

    /// Marks where the tables of one entry begin to change, inside a command.
    pub(crate) fn mark(&mut self) -> Result<(), DbError> {
        match self {
            Conn::Sqlite(sqlite) => sqlite.control("savepoint entry"),
            Conn::Postgres(postgres) => postgres.mark(),
        }
    }

    /// Undoes what was done since [`Conn::mark`], which is forgotten.
    pub(crate) fn undo_mark(&mut self) -> Result<(), DbError> {
        match self {
            Conn::Sqlite(sqlite) => {
                sqlite.control("rollback to entry")?;
                sqlite.control("release entry")
            }
            Conn::Postgres(postgres) => postgres.undo_mark(),
        }
    }

    /// Keeps what was done since [`Conn::mark`].
    pub(crate) fn release_mark(&mut self) -> Result<(), DbError> {
        match self {
            Conn::Sqlite(sqlite) => sqlite.control("release entry"),
            Conn::Postgres(postgres) => postgres.release_mark(),
        }
    }

    /// Takes the database for `work` on its shape; other processes wait.
    pub(crate) fn alone<T, E: From<DbError>>(
        &mut self,
        work: impl FnOnce(&mut Conn) -> Result<T, E>,
    ) -> Result<T, E> {
        // An error ends the connection, and the lock with it.
        if let Conn::Postgres(postgres) = self {
            postgres.lock_schema()?;
        }
        let done = work(self)?;
        if let Conn::Postgres(postgres) = self {
            postgres.unlock_schema()?;
        }
        Ok(done)
    }

    /// Leaves the files as one: whoever copies them copies everything.
    pub(crate) fn finish(&mut self) -> Result<(), DbError> {
        match self {
            Conn::Sqlite(sqlite) => sqlite.batch("pragma wal_checkpoint(truncate)"),
            // Its files are the server's business.
            Conn::Postgres(_) => Ok(()),
        }
    }

    /// Makes the database one file that nothing stands beside: it can be sealed.
    pub(crate) fn close_file(mut self) -> Result<(), DbError> {
        self.finish()?;
        match &mut self {
            Conn::Sqlite(sqlite) => sqlite.rows("pragma journal_mode = delete", &[]).map(|_| ()),
            Conn::Postgres(_) => Ok(()),
        }
    }
}

impl Read for Conn {
    fn rows(&mut self, sql: &str, params: &[Value]) -> Result<Vec<Row>, DbError> {
        match self {
            Conn::Sqlite(sqlite) => sqlite.rows(sql, params),
            Conn::Postgres(postgres) => postgres.rows(sql, params),
        }
    }

    fn each(&mut self, sql: &str, take: &mut dyn FnMut(Row)) -> Result<(), DbError> {
        match self {
            Conn::Sqlite(sqlite) => sqlite.each(sql, take),
            Conn::Postgres(postgres) => postgres.each(sql, take),
        }
    }
}
