//! Whole databases copied: out of either engine into a file, and into either again.
//!
//! The copy is an SQLite file whichever engine it comes from, since all columns are
//! `bigint`, `double precision` or `text` in both. It holds no write-ahead log of
//! its own, so it can be read where nothing may be written.

use std::path::Path;

use super::{Conn, DbError, Durability, Read, Row, Sqlite};
use crate::part::Kit;
use crate::{migration, params};

/// Rows on their way at once; a fact's body is at most a megabyte.
const ROWS: usize = 200;

/// Told of the progress: steps done and steps in all. Its refusal ends the copy.
pub(crate) type Beat<'a> = &'a mut dyn FnMut(u64, u64) -> crate::Result<()>;

/// Copies a database, as one moment shows it, into a new file. Whoever writes to it
/// meanwhile does not wait.
///
/// `conn` is in a transaction of [`Conn::begin_snapshot`], in which something was
/// read: that was the moment.
///
/// # Errors
/// [`DbError`] when the file cannot be written; on a server also when its tables are
/// not those of this program.
pub(crate) fn out(conn: &mut Conn, path: &Path, kit: &Kit, beat: Beat<'_>) -> crate::Result<()> {
    if let Conn::Sqlite(sqlite) = conn {
        return sqlite.copy_to(path, beat);
    }
    let mut target = Conn::Sqlite(Sqlite::open_writer(path, Durability::Never)?);
    migration::run(&mut target, kit)?;
    let newest = migration::newest();
    let at = migration::at(conn)?;
    if at != newest {
        return Err(DbError::Engine(format!(
            "database is at migration {at}, this program copies those at {newest}: \
             start its node once"
        ))
        .into());
    }
    pour(conn, &mut target, beat)?;
    target.batch("pragma journal_mode = delete")?;
    Ok(())
}

/// Fills a world's place on a server, in which there is no table yet, from a file at
/// the newest migration. All or nothing, but for tables without rows.
///
/// # Errors
/// [`crate::Error::Conflict`] when there are tables; [`DbError`] when the server
/// refuses, which is also what it does with a zero byte in a text.
pub(crate) fn into_server(
    path: &Path,
    server: &mut Conn,
    kit: &Kit,
    beat: Beat<'_>,
) -> crate::Result<()> {
    let mut source = Conn::Sqlite(Sqlite::open_reader(path)?);
    server.alone(|server| {
        let tables = tables(server)?;
        if !tables.is_empty() {
            let detail = format!("there are {} tables in its schema, expected none", tables.len());
            return Err(crate::Error::conflict("database-not-empty", detail));
        }
        migration::run(server, kit)?;
        source.begin_snapshot()?;
        server.begin()?;
        if let Err(error) = pour(&mut source, server, beat) {
            server.rollback()?;
            clear(server)?;
            return Err(error);
        }
        server.commit()?;
        source.rollback()?;
        Ok(())
    })
}

/// Drops every table of a world's schema.
pub(crate) fn clear(server: &mut Conn) -> Result<(), DbError> {
    for table in tables(server)? {
        server.batch(&format!("drop table \"{table}\" cascade"))?;
    }
    Ok(())
}

fn tables(conn: &mut Conn) -> Result<Vec<String>, DbError> {
    let sql = match conn {
        Conn::Sqlite(_) => {
            "select name from sqlite_schema where type = 'table' and name not like 'sqlite%' \
             order by name"
        }
        Conn::Postgres(_) => {
            "select cast(tablename as text) as name from pg_tables \
             where schemaname = current_schema() order by name"
        }
    };
    conn.rows(sql, &[])?.iter().map(|row| row.get("name")).collect()
}

/// Copies all rows of all tables; what the target's migrations put there goes first.
fn pour(from: &mut Conn, to: &mut Conn, beat: Beat<'_>) -> crate::Result<()> {
    let (names, known) = (tables(from)?, tables(to)?);
    if let Some(name) = names.iter().find(|name| !known.contains(name)) {
        let what = format!("there is a table {name:?}, which this program does not know");
        return Err(DbError::Engine(what).into());
    }
    let in_file = matches!(to, Conn::Sqlite(_));
    if in_file {
        to.begin()?;
    }
    for (done, name) in names.iter().enumerate() {
        to.run(&format!("delete from {name}"), &[])?;
        let mut pages = Pages::of(from, name)?;
        loop {
            beat(done as u64, names.len() as u64)?;
            let rows = pages.next(from)?;
            if rows.is_empty() {
                break;
            }
            for row in &rows {
                to.insert(name, row)?;
            }
        }
    }
    if in_file {
        to.commit()?;
    }
    Ok(to.settle()?)
}

/// A table's rows, some at a time, in no order that means anything.
enum Pages {
    /// By SQLite's own number of a row: the last one read.
    Rows { table: String, last: i64 },
    /// A server's cursor.
    Cursor { fetch: String },
}

impl Pages {
    fn of(conn: &mut Conn, table: &str) -> Result<Pages, DbError> {
        match conn {
            Conn::Sqlite(_) => Ok(Pages::Rows { table: table.to_owned(), last: i64::MIN }),
            Conn::Postgres(_) => {
                let cursor = format!("copy_{table}");
                conn.batch(&format!(
                    "declare {cursor} no scroll cursor for select * from {table}"
                ))?;
                Ok(Pages::Cursor { fetch: format!("fetch {ROWS} from {cursor}") })
            }
        }
    }

    fn next(&mut self, conn: &mut Conn) -> Result<Vec<Row>, DbError> {
        let rows = match self {
            Pages::Cursor { fetch } => conn.rows(fetch, &[])?,
            Pages::Rows { table, last } => {
                let sql = format!(
                    "select rowid as number_of_row, * from {table} where rowid > $1 \
                     order by rowid limit {ROWS}"
                );
                let rows = conn.rows(&sql, params![*last])?;
                *last = rows.last().map_or(Ok(*last), |row| row.get("number_of_row"))?;
                rows
            }
        };
        let own = usize::from(matches!(self, Pages::Rows { .. }));
        let line = |row: Row| Row {
            columns: row.columns[own..].into(),
            values: row.values[own..].to_vec(),
        };
        Ok(rows.into_iter().map(line).collect())
    }
}
