//! The second engine: PostgreSQL, a schema for each world.
//!
//! A connection may be used from any thread, also from inside an async runtime,
//! so its socket is served by a thread of the world's own and the caller waits on
//! its own thread. Writes are sent without waiting; their refusals come to light
//! at the next read, at [`Postgres::settle`] or at the commit, and a transaction
//! in which one was refused is never committed.
//!
//! TLS to the database is left out: a unix socket or loopback needs none, and for
//! anything else there are tunnels. A warning says so when it matters.

mod link;
mod server;
mod value;

#[cfg(test)]
mod tests;

use std::collections::{HashMap, VecDeque};
use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::Arc;

use futures_util::FutureExt as _;
use sha2::{Digest as _, Sha256};
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, Statement};

use super::{Blame, DbError, Row, Value};

use link::{Role, connect, wait};
pub(crate) use server::Schema;
pub use server::Server;

/// Statements whose answers are awaited together at the latest: bounds memory.
const SENT_MOST: usize = 256;
/// Prepared statements kept per connection; their number is that of our SQL texts.
const STATEMENTS_KEPT: usize = 512;

/// A connection.
pub(crate) struct Postgres {
    schema: Arc<Schema>,
    role: Role,
    client: Arc<Client>,
    statements: HashMap<String, Prepared>,
    sent: VecDeque<Sent>,
    /// Inside a transaction: the first refusal, after which the server takes nothing
    /// more until the savepoint or the transaction is rolled back.
    failed: Option<DbError>,
    in_transaction: bool,
}

#[derive(Clone)]
struct Prepared {
    statement: Statement,
    columns: Arc<[String]>,
}

/// A statement on its way whose answer nobody has waited for.
struct Sent {
    sql: String,
    answer: Answer,
}

type Outcome = Result<u64, tokio_postgres::Error>;

enum Answer {
    Known(Outcome),
    Awaited(Pin<Box<dyn Future<Output = Outcome> + Send>>),
}

impl Postgres {
    /// The one connection that writes.
    pub(super) fn open_writer(schema: &Arc<Schema>) -> Result<Postgres, DbError> {
        Postgres::open(schema, Role::Writer)
    }

    /// A connection that can only ask, and never longer than five seconds.
    pub(super) fn open_reader(schema: &Arc<Schema>) -> Result<Postgres, DbError> {
        Postgres::open(schema, Role::Reader)
    }

    fn open(schema: &Arc<Schema>, role: Role) -> Result<Postgres, DbError> {
        Ok(Postgres {
            schema: Arc::clone(schema),
            role,
            client: connect(schema, role)?,
            statements: HashMap::new(),
            sent: VecDeque::new(),
            failed: None,
            in_transaction: false,
        })
    }

    /// Takes a new connection in place of one that was lost.
    fn reconnect(&mut self) -> Result<(), DbError> {
        self.sent.clear();
        self.statements.clear();
        self.failed = None;
        self.in_transaction = false;
        self.client = connect(&self.schema, self.role)?;
        tracing::warn!(server = %self.schema.server, "the connection to the database was lost and is there again");
        Ok(())
    }

    /// Runs one statement and waits; answers how many rows it changed.
    pub(super) fn run(&mut self, sql: &str, params: &[Value]) -> Result<u64, DbError> {
        self.start(sql, params)?;
        let mine = self.sent.pop_back().expect("it was just sent");
        self.settle()?;
        self.outcome(mine)
    }

    /// Sends one statement; inside a transaction a refusal comes to light at the
    /// next wait, outside it is waited for.
    pub(super) fn send(&mut self, sql: &str, params: &[Value]) -> Result<(), DbError> {
        if !self.in_transaction {
            return self.run(sql, params).map(|_| ());
        }
        if SENT_MOST <= self.sent.len() {
            self.settle()?;
        }
        self.start(sql, params)
    }

    fn start(&mut self, sql: &str, params: &[Value]) -> Result<(), DbError> {
        self.refuse_after_failure()?;
        let prepared = self.prepare(sql, params)?;
        let client = Arc::clone(&self.client);
        let params = params.to_vec();
        self.put(sql, async move { client.execute_raw(&prepared.statement, params).await });
        Ok(())
    }

    /// Puts a request on the wire, after those before it.
    fn put(&mut self, sql: &str, request: impl Future<Output = Outcome> + Send + 'static) {
        let mut request: Pin<Box<dyn Future<Output = Outcome> + Send>> = Box::pin(request);
        // The first poll hands it to the connection; the answer may come whenever.
        let answer = match request.as_mut().now_or_never() {
            Some(outcome) => Answer::Known(outcome),
            None => Answer::Awaited(request),
        };
        self.sent.push_back(Sent { sql: sql.to_owned(), answer });
    }

    fn put_batch(&mut self, sql: &'static str) {
        let client = Arc::clone(&self.client);
        self.put(sql, async move { client.batch_execute(sql).await.map(|()| 0) });
    }

    /// Waits for everything that was sent.
    ///
    /// # Errors
    /// The first refusal since the savepoint or the beginning, also when it was
    /// already told.
    pub(super) fn settle(&mut self) -> Result<(), DbError> {
        while let Some(sent) = self.sent.pop_front() {
            // Told by `failed`, below.
            let _ = self.outcome(sent);
        }
        self.refuse_after_failure()
    }

    fn outcome(&mut self, sent: Sent) -> Result<u64, DbError> {
        let outcome = match sent.answer {
            Answer::Known(outcome) => outcome,
            Answer::Awaited(answer) => wait(answer),
        };
        outcome.map_err(|error| self.note(refusal(&sent.sql, &error)))
    }

    /// Keeps a transaction's first refusal; what follows is only its echo.
    fn note(&mut self, error: DbError) -> DbError {
        if self.in_transaction { self.failed.get_or_insert(error).clone() } else { error }
    }

    fn refuse_after_failure(&self) -> Result<(), DbError> {
        self.failed.clone().map_or(Ok(()), Err)
    }

    pub(super) fn rows(&mut self, sql: &str, params: &[Value]) -> Result<Vec<Row>, DbError> {
        self.refuse_after_failure()?;
        let answer = self.ask(sql, params);
        if answer.is_err() && self.client.is_closed() && !self.in_transaction {
            // Nothing was promised on this connection: another will do as well.
            self.reconnect()?;
            return self.ask(sql, params);
        }
        answer
    }

    /// Hands over row by row, by a cursor: neither the whole result nor the time it
    /// takes is asked of the server at once.
    pub(super) fn each(&mut self, sql: &str, take: &mut dyn FnMut(Row)) -> Result<(), DbError> {
        // A name for each statement: a prepared fetch keeps the columns it first saw.
        let cursor = format!("each_{}", hex::encode(&Sha256::digest(sql)[..8]));
        self.batch(&format!("declare {cursor} no scroll cursor for {sql}"))?;
        let fetch = format!("fetch 500 from {cursor}");
        loop {
            let rows = self.rows(&fetch, &[])?;
            if rows.is_empty() {
                return self.batch(&format!("close {cursor}"));
            }
            rows.into_iter().for_each(&mut *take);
        }
    }

    fn ask(&mut self, sql: &str, params: &[Value]) -> Result<Vec<Row>, DbError> {
        let prepared = self.prepare(sql, params)?;
        let client = Arc::clone(&self.client);
        let params: Vec<&(dyn ToSql + Sync)> =
            params.iter().map(|value| value as &(dyn ToSql + Sync)).collect();
        let mut answer = pin!(client.query(&prepared.statement, &params));
        // On the wire before waiting for what went ahead of it: one round trip for all.
        let known = answer.as_mut().now_or_never();
        self.settle()?;
        let rows = match known {
            Some(rows) => rows,
            None => wait(answer),
        };
        let rows = rows.map_err(|error| self.note(refusal(sql, &error)))?;
        let read = rows.iter().map(|row| {
            let values = (0..row.len()).map(|at| row.try_get(at)).collect::<Result<_, _>>();
            Ok(Row::new(
                Arc::clone(&prepared.columns),
                values.map_err(|error| refusal(sql, &error))?,
            ))
        });
        read.collect()
    }

    /// The statement, prepared for values of these types.
    fn prepare(&mut self, sql: &str, params: &[Value]) -> Result<Prepared, DbError> {
        let known = self.statements.get(sql).filter(|known| {
            let expected = known.statement.params();
            expected.len() == params.len()
                && params.iter().zip(expected).all(|(value, expected)| value::fits(value, expected))
        });
        if let Some(known) = known {
            return Ok(known.clone());
        }
        self.settle()?;
        let types: Vec<Type> = params.iter().map(value::declared).collect();
        let statement = wait(self.client.prepare_typed(sql, &types))
            .map_err(|error| self.note(refusal(sql, &error)))?;
        let expected = statement.params().len();
        if expected != params.len() {
            return Err(DbError::Engine(format!(
                "{} values for a statement of {expected}: {sql}",
                params.len()
            )));
        }
        let columns = statement.columns().iter().map(|column| column.name().to_owned()).collect();
        let prepared = Prepared { statement, columns };
        if STATEMENTS_KEPT <= self.statements.len() {
            self.statements.clear();
        }
        self.statements.insert(sql.to_owned(), prepared.clone());
        Ok(prepared)
    }

    /// Runs several statements without parameters and waits.
    pub(super) fn batch(&mut self, sql: &str) -> Result<(), DbError> {
        self.settle()?;
        wait(self.client.batch_execute(sql)).map_err(|error| self.note(refusal(sql, &error)))
    }

    /// Begins a transaction, on a new connection if the last was lost.
    pub(super) fn begin(&mut self) -> Result<(), DbError> {
        if self.client.is_closed() {
            self.reconnect()?;
        }
        self.in_transaction = true;
        self.put_batch("begin isolation level read committed");
        Ok(())
    }

    /// Begins a transaction that sees one moment and writes nothing.
    pub(super) fn begin_snapshot(&mut self) -> Result<(), DbError> {
        if self.client.is_closed() {
            self.reconnect()?;
        }
        self.in_transaction = true;
        self.put_batch("begin isolation level repeatable read read only");
        Ok(())
    }

    /// # Errors
    /// What was refused since the beginning, and then nothing is committed; also a
    /// connection lost while waiting, and then nobody knows: the same command again
    /// with its idempotency key finds out.
    pub(super) fn commit(&mut self) -> Result<(), DbError> {
        self.refuse_after_failure()?;
        // After a refusal on the wire this only rolls back, and `settle` tells.
        self.put_batch("commit");
        self.settle()?;
        self.in_transaction = false;
        Ok(())
    }

    pub(super) fn rollback(&mut self) -> Result<(), DbError> {
        self.forget();
        self.in_transaction = false;
        self.batch("rollback")
    }

    pub(super) fn savepoint(&mut self) -> Result<(), DbError> {
        self.refuse_after_failure()?;
        self.put_batch("savepoint command");
        Ok(())
    }

    pub(super) fn release(&mut self) -> Result<(), DbError> {
        self.refuse_after_failure()?;
        self.put_batch("release command");
        Ok(())
    }

    pub(super) fn rollback_to_savepoint(&mut self) -> Result<(), DbError> {
        self.forget();
        self.batch("rollback to command")
    }

    /// # Errors
    /// What was refused before: it is not the mark's.
    pub(super) fn mark(&mut self) -> Result<(), DbError> {
        self.settle()?;
        self.put_batch("savepoint entry");
        Ok(())
    }

    pub(super) fn undo_mark(&mut self) -> Result<(), DbError> {
        self.forget();
        self.batch("rollback to entry; release entry")
    }

    pub(super) fn release_mark(&mut self) -> Result<(), DbError> {
        self.refuse_after_failure()?;
        self.put_batch("release entry");
        Ok(())
    }

    /// Waits for what was sent and forgets how it went: it is being undone.
    fn forget(&mut self) {
        // The refusals are why it is undone; whoever undoes it knows them.
        let _ = self.settle();
        self.failed = None;
    }

    /// Keeps other processes from preparing this schema too, until it is unlocked or
    /// the connection ends; creates it if it is not there.
    pub(super) fn lock_schema(&mut self) -> Result<(), DbError> {
        let name = Value::Text(self.schema.name.clone());
        let key = std::slice::from_ref(&name);
        self.rows("select pg_advisory_lock(hashtextextended($1, 7651)) as locked", key)?;
        let encoding = self.rows("show server_encoding", &[])?;
        match encoding.first().map(|row| row.get::<String>("server_encoding")).transpose()? {
            Some(encoding) if encoding == "UTF8" => {}
            other => {
                return Err(DbError::Engine(format!("database is in {other:?}, expected UTF8")));
            }
        }
        if self.rows("select 1 as there from pg_namespace where nspname = $1", key)?.is_empty() {
            self.batch(&format!("create schema \"{}\"", self.schema.name))?;
        }
        Ok(())
    }

    pub(super) fn unlock_schema(&mut self) -> Result<(), DbError> {
        let name = Value::Text(self.schema.name.clone());
        self.rows("select pg_advisory_unlock(hashtextextended($1, 7651)) as unlocked", &[name])?;
        Ok(())
    }
}

fn refusal(sql: &str, error: &tokio_postgres::Error) -> DbError {
    // Class 22 is data that no column takes, 23 a constraint, 54 a value that is too large.
    let class = error.code().and_then(|code| code.code().get(..2));
    let blame = match class {
        Some("22" | "23" | "54") => Blame::Value,
        _ => Blame::Engine,
    };
    DbError::Statement { statement: sql.chars().take(400).collect(), reason: reason(error), blame }
}

/// What the server said, without the detail that quotes values.
fn reason(error: &tokio_postgres::Error) -> String {
    match error.as_db_error() {
        Some(said) => match said.constraint() {
            Some(name) => format!("{} ({}, {name})", said.message(), said.code().code()),
            None => format!("{} ({})", said.message(), said.code().code()),
        },
        None => match std::error::Error::source(error) {
            Some(source) => format!("{error}: {source}"),
            None => error.to_string(),
        },
    }
}
