//! One SQL text, run by one thin executor.
//!
//! Statements use `bigint`, `double precision` and `text` only, `$n` parameters,
//! `collate "C"`, upserts and `returning`; so the same text runs on SQLite and on
//! PostgreSQL. Nothing here knows a table.

pub(crate) mod copy;
mod postgres;
mod source;
mod sqlite;

#[cfg(test)]
mod tests;

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use base::{Id, Timestamp};

use postgres::Postgres;
pub use postgres::Server;
pub use source::Database;
pub(crate) use source::Source;
pub(crate) use sqlite::{Durability, Sqlite};

/// One database connection, whichever engine it speaks to.
pub(crate) enum Conn {
    Sqlite(Sqlite),
    Postgres(Postgres),
}

/// A column's value: what both engines have in common.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Null,
    Int(i64),
    Real(f64),
    Text(String),
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

/// A row of a result; columns are read by the name the statement gives them.
#[derive(Debug, Clone)]
pub struct Row {
    columns: Arc<[String]>,
    values: Vec<Value>,
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

/// Values for a statement's `$1, $2, …` in order: `params![id, now, "open"]`.
#[macro_export]
macro_rules! params {
    () => { &[] as &[$crate::Value] };
    ($($value:expr),+ $(,)?) => { &[$($crate::Value::from($value)),+] as &[$crate::Value] };
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

impl Row {
    pub(crate) fn new(columns: Arc<[String]>, values: Vec<Value>) -> Row {
        Row { columns, values }
    }

    #[cfg(test)]
    pub(crate) fn values(&self) -> &[Value] {
        &self.values
    }

    /// The columns in the order of their names, which is the same in every engine.
    pub(crate) fn order(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.columns.len()).collect();
        order.sort_unstable_by_key(|at| &self.columns[*at]);
        order
    }

    /// Writes all columns in this order behind one another: no two rows that differ
    /// give the same bytes.
    pub(crate) fn write(&self, order: &[usize], bytes: &mut Vec<u8>) {
        let mut text = |kind: u8, text: &str| {
            bytes.push(kind);
            bytes.extend_from_slice(&(text.len() as u64).to_le_bytes());
            bytes.extend_from_slice(text.as_bytes());
        };
        for at in order {
            text(b'c', &self.columns[*at]);
            match &self.values[*at] {
                Value::Null => text(b'n', ""),
                Value::Int(number) => text(b'i', &number.to_string()),
                Value::Real(number) => text(b'r', &number.to_string()),
                Value::Text(value) => text(b't', value),
            }
        }
    }

    fn at(&self, column: &str) -> Result<usize, DbError> {
        self.columns.iter().position(|name| name == column).ok_or_else(|| DbError::Column {
            column: column.to_owned(),
            seen: format!("absent from {:?}", self.columns),
            expected: "a column of the statement",
        })
    }

    fn value(&self, column: &str) -> Result<&Value, DbError> {
        Ok(&self.values[self.at(column)?])
    }

    fn text(&self, column: &str) -> Result<&str, DbError> {
        match self.value(column)? {
            Value::Text(text) => Ok(text),
            other => Err(no_text(column, other)),
        }
    }

    /// A column as the type that the caller wants.
    pub fn get<T: FromValue>(&self, column: &str) -> Result<T, DbError> {
        let value = self.value(column)?;
        T::from_value(value).ok_or_else(|| DbError::Column {
            column: column.to_owned(),
            seen: format!("{value:?}"),
            expected: std::any::type_name::<T>(),
        })
    }

    /// A text column, taken out of the row: a long one is not copied.
    pub(crate) fn take(&mut self, column: &str) -> Result<String, DbError> {
        let at = self.at(column)?;
        match std::mem::replace(&mut self.values[at], Value::Null) {
            Value::Text(text) => Ok(text),
            other => Err(no_text(column, &other)),
        }
    }

    /// Like [`Row::take`], with SQL null as `None`.
    pub(crate) fn take_opt(&mut self, column: &str) -> Result<Option<String>, DbError> {
        match self.value(column)? {
            Value::Null => Ok(None),
            _ => self.take(column).map(Some),
        }
    }

    /// A text column parsed into an id, a code, or whatever else has [`FromStr`].
    pub fn parse<T: FromStr>(&self, column: &str) -> Result<T, DbError> {
        let text = self.text(column)?;
        text.parse().map_err(|_| DbError::Column {
            column: column.to_owned(),
            seen: format!("{text:?}"),
            expected: std::any::type_name::<T>(),
        })
    }

    /// Like [`Row::parse`], with SQL null as `None`.
    pub fn parse_opt<T: FromStr>(&self, column: &str) -> Result<Option<T>, DbError> {
        match self.value(column)? {
            Value::Null => Ok(None),
            _ => self.parse(column).map(Some),
        }
    }

    /// A text column that holds JSON.
    pub fn json<T: serde::de::DeserializeOwned>(&self, column: &str) -> Result<T, DbError> {
        let text = self.text(column)?;
        serde_json::from_str(text).map_err(|error| DbError::Column {
            column: column.to_owned(),
            seen: format!("{text:.200} ({error})"),
            expected: std::any::type_name::<T>(),
        })
    }

    /// Like [`Row::json`], with SQL null as `None`.
    pub fn json_opt<T: serde::de::DeserializeOwned>(
        &self,
        column: &str,
    ) -> Result<Option<T>, DbError> {
        match self.value(column)? {
            Value::Null => Ok(None),
            _ => self.json(column).map(Some),
        }
    }
}

fn no_text(column: &str, seen: &Value) -> DbError {
    DbError::Column { column: column.to_owned(), seen: format!("{seen:?}"), expected: "a text" }
}

/// A Rust type that a column may be read as.
pub trait FromValue: Sized {
    fn from_value(value: &Value) -> Option<Self>;
}

impl FromValue for i64 {
    fn from_value(value: &Value) -> Option<i64> {
        if let Value::Int(number) = value { Some(*number) } else { None }
    }
}

impl FromValue for f64 {
    fn from_value(value: &Value) -> Option<f64> {
        match value {
            Value::Real(number) => Some(*number),
            Value::Int(number) => Some(*number as f64),
            _ => None,
        }
    }
}

/// Flags are 0 and 1.
impl FromValue for bool {
    fn from_value(value: &Value) -> Option<bool> {
        match value {
            Value::Int(0) => Some(false),
            Value::Int(1) => Some(true),
            _ => None,
        }
    }
}

impl FromValue for String {
    fn from_value(value: &Value) -> Option<String> {
        if let Value::Text(text) = value { Some(text.clone()) } else { None }
    }
}

impl FromValue for Timestamp {
    fn from_value(value: &Value) -> Option<Timestamp> {
        i64::from_value(value).map(Timestamp::from_millis)
    }
}

impl FromValue for Id {
    fn from_value(value: &Value) -> Option<Id> {
        if let Value::Text(text) = value { text.parse().ok() } else { None }
    }
}

impl<T: FromValue> FromValue for Option<T> {
    fn from_value(value: &Value) -> Option<Option<T>> {
        match value {
            Value::Null => Some(None),
            value => T::from_value(value).map(Some),
        }
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Value {
        Value::Int(number)
    }
}

impl From<i32> for Value {
    fn from(number: i32) -> Value {
        Value::Int(i64::from(number))
    }
}

impl From<u32> for Value {
    fn from(number: u32) -> Value {
        Value::Int(i64::from(number))
    }
}

impl From<f64> for Value {
    fn from(number: f64) -> Value {
        Value::Real(number)
    }
}

impl From<bool> for Value {
    fn from(flag: bool) -> Value {
        Value::Int(i64::from(flag))
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Value {
        Value::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Value {
        Value::Text(text)
    }
}

impl From<&String> for Value {
    fn from(text: &String) -> Value {
        Value::Text(text.clone())
    }
}

impl From<Timestamp> for Value {
    fn from(moment: Timestamp) -> Value {
        Value::Int(moment.as_millis())
    }
}

impl From<Id> for Value {
    fn from(id: Id) -> Value {
        Value::Text(id.to_string())
    }
}

impl From<&base::AdminCode> for Value {
    fn from(code: &base::AdminCode) -> Value {
        Value::Text(code.to_string())
    }
}

impl From<base::AdminCode> for Value {
    fn from(code: base::AdminCode) -> Value {
        Value::Text(code.to_string())
    }
}

impl<T> From<Option<T>> for Value
where
    Value: From<T>,
{
    fn from(value: Option<T>) -> Value {
        value.map_or(Value::Null, Value::from)
    }
}

/// Lets a slice write `Value::from` for its typed ids: `db_id!(WarningId)`.
#[macro_export]
macro_rules! db_id {
    ($($name:ty),+ $(,)?) => { $(
        impl From<$name> for $crate::Value {
            fn from(id: $name) -> $crate::Value { $crate::Value::Text(id.to_string()) }
        }
        impl $crate::db::FromValue for $name {
            fn from_value(value: &$crate::Value) -> Option<Self> {
                if let $crate::Value::Text(text) = value { text.parse().ok() } else { None }
            }
        }
    )+ };
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Null => f.write_str("null"),
            Value::Int(number) => write!(f, "{number}"),
            Value::Real(number) => write!(f, "{number}"),
            Value::Text(text) => write!(f, "{text:?}"),
        }
    }
}
