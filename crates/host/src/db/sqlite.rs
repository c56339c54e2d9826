//! The embedded engine: SQLite in write-ahead mode, synced at each commit.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rusqlite::config::DbConfig;
use rusqlite::types::{ToSql, ToSqlOutput, ValueRef};
use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::{Blame, DbError, Row, Value};

/// How long one read may take before it is stopped.
const READ_LIMIT: Duration = Duration::from_secs(5);

/// Pages of 4 KiB copied in one step.
const COPY_PAGES: i32 = 1_024;

/// How sure a commit must be. `Never` is for worlds that live in tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Durability {
    Full,
    Never,
}

pub(crate) struct Sqlite {
    conn: Connection,
    /// Set on read-only connections: when the statement under way must end.
    deadline: Option<Arc<std::sync::Mutex<Instant>>>,
}

impl Sqlite {
    /// The one connection that writes.
    pub(crate) fn open_writer(path: &Path, durability: Durability) -> Result<Sqlite, DbError> {
        let conn = Connection::open(path).map_err(engine)?;
        conn.pragma_update(None, "journal_mode", "wal").map_err(engine)?;
        let synchronous = match durability {
            Durability::Full => "full",
            Durability::Never => "off",
        };
        conn.pragma_update(None, "synchronous", synchronous).map_err(engine)?;
        conn.pragma_update(None, "foreign_keys", "off").map_err(engine)?;
        conn.pragma_update(None, "temp_store", "memory").map_err(engine)?;
        conn.pragma_update(None, "cache_size", -16_000).map_err(engine)?;
        Sqlite::new(conn, 512)
    }

    /// A connection that can only ask, and never longer than [`READ_LIMIT`].
    pub(crate) fn open_reader(path: &Path) -> Result<Sqlite, DbError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut conn = Connection::open_with_flags(path, flags).map_err(engine)?;
        conn.busy_timeout(READ_LIMIT).map_err(engine)?;
        let deadline = Arc::new(std::sync::Mutex::new(Instant::now() + READ_LIMIT));
        let watched = Arc::clone(&deadline);
        let late = move || watched.lock().is_ok_and(|deadline| *deadline < Instant::now());
        conn.progress_handler(20_000, Some(late)).map_err(engine)?;
        Ok(Sqlite { deadline: Some(deadline), ..Sqlite::new(conn, 256)? })
    }

    /// Writes what is in a database's write-ahead log back into it, as far as no reader
    /// needs the log; nobody waits for it, and it waits for nobody.
    pub(crate) fn write_back(path: &Path) -> Result<(), DbError> {
        let conn = Connection::open(path).map_err(engine)?;
        conn.query_row("pragma wal_checkpoint(passive)", [], |_| Ok(())).map_err(engine)
    }

    /// A scratch database that nobody else sees: folds and replays.
    pub(crate) fn scratch() -> Result<Sqlite, DbError> {
        Sqlite::new(Connection::open_in_memory().map_err(engine)?, 512)
    }

    /// Keeps so many statements, and each as it was planned: without the guarantee
    /// SQLite plans a kept statement anew whenever a value in its `where` differs.
    fn new(conn: Connection, statements: usize) -> Result<Sqlite, DbError> {
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map_err(engine)?;
        conn.set_prepared_statement_cache_capacity(statements);
        Ok(Sqlite { conn, deadline: None })
    }

    /// A scratch database that holds what the file at `path` holds.
    pub(crate) fn scratch_of(path: &Path) -> Result<Sqlite, DbError> {
        let mut sqlite = Sqlite::scratch()?;
        let none = None::<fn(rusqlite::backup::Progress)>;
        sqlite.conn.restore(rusqlite::MAIN_DB, path, none).map_err(engine)?;
        Ok(sqlite)
    }

    /// Begins or ends a transaction or a savepoint.
    pub(crate) fn control(&mut self, sql: &'static str) -> Result<(), DbError> {
        let mut statement = self.conn.prepare_cached(sql).map_err(refused(sql))?;
        statement.execute([]).map(drop).map_err(refused(sql))
    }

    pub(crate) fn run(&mut self, sql: &str, params: &[Value]) -> Result<u64, DbError> {
        let text = to_sqlite(sql);
        let mut statement = self.conn.prepare_cached(&text).map_err(refused(sql))?;
        let changed =
            statement.execute(rusqlite::params_from_iter(params)).map_err(refused(sql))?;
        Ok(changed as u64)
    }

    pub(crate) fn rows(&mut self, sql: &str, params: &[Value]) -> Result<Vec<Row>, DbError> {
        self.put_off_deadline();
        let mut found = Vec::new();
        self.walk(sql, params, &mut |row| found.push(row))?;
        Ok(found)
    }

    /// Hands over row by row; while rows come, the statement may take longer than
    /// [`READ_LIMIT`].
    pub(crate) fn each(&mut self, sql: &str, take: &mut dyn FnMut(Row)) -> Result<(), DbError> {
        self.put_off_deadline();
        self.walk(sql, &[], &mut |row| {
            take(row);
            self.put_off_deadline();
        })
    }

    fn put_off_deadline(&self) {
        if let Some(deadline) = &self.deadline
            && let Ok(mut deadline) = deadline.lock()
        {
            *deadline = Instant::now() + READ_LIMIT;
        }
    }

    fn walk(&self, sql: &str, params: &[Value], take: &mut dyn FnMut(Row)) -> Result<(), DbError> {
        let text = to_sqlite(sql);
        let mut statement = self.conn.prepare_cached(&text).map_err(refused(sql))?;
        let columns: Arc<[String]> = statement.column_names().map(str::to_owned).collect();
        let mut rows = statement.query(rusqlite::params_from_iter(params)).map_err(refused(sql))?;
        while let Some(row) = rows.next().map_err(refused(sql))? {
            let mut values = Vec::with_capacity(columns.len());
            for at in 0..columns.len() {
                values.push(match row.get_ref(at).map_err(refused(sql))? {
                    ValueRef::Null => Value::Null,
                    ValueRef::Integer(number) => Value::Int(number),
                    ValueRef::Real(number) => Value::Real(number),
                    ValueRef::Text(bytes) => Value::Text(as_text(bytes)),
                    ValueRef::Blob(bytes) => Value::Text(hex::encode(bytes)),
                });
            }
            take(Row::new(Arc::clone(&columns), values));
        }
        Ok(())
    }

    pub(crate) fn batch(&mut self, sql: &str) -> Result<(), DbError> {
        self.conn.execute_batch(&to_sqlite(sql)).map_err(refused(sql))
    }

    /// Copies this database, as the snapshot under way shows it, into a new file.
    pub(crate) fn copy_to(&self, path: &Path, beat: super::copy::Beat<'_>) -> crate::Result<()> {
        let mut target = Connection::open(path).map_err(engine)?;
        // Synced by whoever wanted it, once and whole.
        target.pragma_update(None, "synchronous", "off").map_err(engine)?;
        let backup = rusqlite::backup::Backup::new(&self.conn, &mut target).map_err(engine)?;
        loop {
            let step = backup.step(COPY_PAGES).map_err(engine)?;
            let progress = backup.progress();
            let pages = |count: i32| u64::try_from(count).unwrap_or(0);
            let (all, left) = (pages(progress.pagecount), pages(progress.remaining));
            beat(all.saturating_sub(left), all)?;
            if step == rusqlite::backup::StepResult::Done {
                break;
            }
        }
        drop(backup);
        // Its head says write-ahead, as that of a database in use does.
        target
            .pragma_update_and_check(None, "journal_mode", "delete", |row| row.get::<_, String>(0))
            .map_err(engine)?;
        Ok(())
    }
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Value::Null => ValueRef::Null,
            Value::Int(number) => ValueRef::Integer(*number),
            Value::Real(number) => ValueRef::Real(*number),
            Value::Text(text) => ValueRef::Text(text.as_bytes()),
        }))
    }
}

/// Rewrites `$1` to `?1` outside quotes, and drops what SQLite does anyway and does
/// not know by that name: `collate "C"`, and the `for update` of its one writer.
///
/// Every statement passes here: one look at each byte, and none is moved.
fn to_sqlite(sql: &str) -> String {
    let mut bytes = sql.as_bytes().to_vec();
    let mut quote = 0;
    for at in 0..bytes.len() {
        match bytes[at] {
            char @ (b'\'' | b'"') if quote == 0 => quote = char,
            char @ (b'\'' | b'"') if quote == char => quote = 0,
            b'$' if quote == 0 && bytes.get(at + 1).is_some_and(u8::is_ascii_digit) => {
                bytes[at] = b'?';
            }
            _ => {}
        }
    }
    let mut text = String::from_utf8(bytes).expect("one ASCII character for another");
    for known in [" collate \"C\"", " for update"] {
        if text.contains(known) {
            text = text.replace(known, "");
        }
    }
    text
}

/// A column's text. Another program may have written what is no UTF-8; what it wrote is
/// shown all the same.
fn as_text(bytes: &[u8]) -> String {
    // The common case first: the lossy way looks at each character by itself.
    str::from_utf8(bytes)
        .map_or_else(|_| String::from_utf8_lossy(bytes).into_owned(), str::to_owned)
}

fn engine(error: rusqlite::Error) -> DbError {
    DbError::Engine(error.to_string())
}

fn refused(sql: &str) -> impl Fn(rusqlite::Error) -> DbError + '_ {
    move |error| DbError::Statement {
        statement: sql.chars().take(400).collect(),
        reason: error.to_string(),
        blame: match error.sqlite_error_code() {
            Some(ErrorCode::ConstraintViolation | ErrorCode::TypeMismatch | ErrorCode::TooBig) => {
                Blame::Value
            }
            _ => Blame::Engine,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_numbered_by_their_digits_and_quotes_are_left_alone() {
        assert_eq!(to_sqlite("select $2, $1"), "select ?2, ?1");
        assert_eq!(to_sqlite("select '$1', \"$2\", $3"), "select '$1', \"$2\", ?3");
        assert_eq!(to_sqlite("select '价$1' || $1"), "select '价$1' || ?1");
        assert_eq!(to_sqlite("a text collate \"C\" not null"), "a text not null");
        assert_eq!(to_sqlite("select seq from log_head for update"), "select seq from log_head");
    }

    #[test]
    fn a_kept_statement_is_not_planned_again_for_other_values() {
        let mut sqlite = Sqlite::scratch().expect("memory");
        sqlite
            .batch("create table t (a bigint, b text); create index i on t (a, b)")
            .expect("made");
        let sql = "select b from t where a = $1 and b >= $2 order by b limit 1";
        for number in 0..10i64 {
            sqlite.run("insert into t values ($1, $2)", &[number.into(), "x".into()]).expect("in");
            sqlite.rows(sql, &[number.into(), number.to_string().into()]).expect("a statement");
        }
        let kept = sqlite.conn.prepare_cached(&to_sqlite(sql)).expect("a statement");
        assert_eq!(kept.get_status(rusqlite::StatementStatus::RePrepare), 0);
        assert_eq!(kept.get_status(rusqlite::StatementStatus::Run), 10);
    }

    #[test]
    fn a_text_that_is_none_is_read_all_the_same() {
        let mut sqlite = Sqlite::scratch().expect("memory");
        let rows = sqlite.rows("select cast(x'41ff42' as text) as a, '水位' as b", &[]);
        let row = rows.expect("a statement").remove(0);
        assert_eq!(row.get::<String>("a").ok(), Some("A\u{fffd}B".to_owned()));
        assert_eq!(row.get::<String>("b").ok(), Some("水位".to_owned()));
    }

    #[test]
    fn out_of_order_parameters_reach_their_places() {
        let mut sqlite = Sqlite::scratch().expect("memory");
        let rows = sqlite.rows("select $2 as b, $1 as a", &[1i64.into(), "two".into()]);
        let row = rows.expect("a statement").remove(0);
        assert_eq!(row.get::<i64>("a").ok(), Some(1));
        assert_eq!(row.get::<String>("b").ok(), Some("two".to_owned()));
        assert!(row.get::<i64>("b").is_err(), "a text is not a number");
        assert!(row.get::<i64>("c").is_err(), "no such column");
    }
}
