//! The two pens that write tables: [`Tables`], which only `apply` is given, writes a
//! slice's own fact tables, and [`Work`] writes working state. Each refuses the tables
//! of the other.
//!
//! A row of a subject stands where its entry is at home. No slice writes that: the host
//! does, from the entry, with the first row and whenever the subject has moved.

use crate::db::{Blame, Conn, DbError, Value};
use crate::fact::{Applied, Slice, TableKind};
use crate::log::Entry;
use crate::params;
use crate::part::Kit;

/// The columns of a row with their values: `host::row! { title: &opened.title, dead: 0 }`.
#[macro_export]
macro_rules! row {
    ($($column:ident: $value:expr),* $(,)?) => {
        &[$((stringify!($column), $crate::Value::from($value))),*]
            as &[(&'static str, $crate::Value)]
    };
}

/// The pen of `apply`: a slice's own fact tables, and nothing else.
///
/// It is infallible to hold: the first refusal of the database is kept and fails
/// the whole command, so that `apply` reads as a list of upserts.
pub struct Tables<'a> {
    conn: &'a mut Conn,
    kit: &'a Kit,
    slice: &'a Slice,
    /// The table whose row for the subject this `apply` has put, with its home.
    put: Option<&'static str>,
    error: Option<DbError>,
}

impl<'a> Tables<'a> {
    /// Applies an entry to the tables of its slice, and sees to it that the subject's
    /// row is where the entry is at home, also when its body is closed here.
    pub(crate) fn apply(
        conn: &'a mut Conn,
        kit: &'a Kit,
        slice: &'a Slice,
        entry: &Entry,
    ) -> Result<Applied, DbError> {
        let mut tables = Tables { conn, kit, slice, put: None, error: None };
        let applied = slice.apply(&mut tables, entry);
        for table in slice.subjects() {
            if tables.put != Some(table) {
                tables.keep_home(table, entry);
            }
        }
        tables.error.map_or(Ok(applied), Err)
    }

    /// Puts the row of the entry's subject into one of the slice's [subject
    /// tables](crate::Table::subjects): a new one, or these columns in the old one.
    ///
    /// `row` has the slice's own columns. The host adds `id`, `origin` and the home:
    /// `region`, `org`, `class`, and what it reaches in `<table>_reach` if the slice has
    /// that table.
    pub fn put(&mut self, table: &'static str, entry: &Entry, row: &[(&'static str, Value)]) {
        if !self.slice.subjects().any(|subjects| subjects == table) {
            let problem = format!("{} has no table of subjects {table}", self.slice.name);
            self.error.get_or_insert(DbError::Engine(problem));
            return;
        }
        let header = &entry.header;
        let mut values = params![
            header.subject,
            &header.origin,
            header.region.clone(),
            header.org,
            header.class,
        ]
        .to_vec();
        let mut columns = "id, origin, region, org, class".to_owned();
        let mut places = "$1, $2, $3, $4, $5".to_owned();
        let mut changes =
            "region = excluded.region, org = excluded.org, class = excluded.class".to_owned();
        for (column, value) in row {
            values.push(value.clone());
            for part in [", ", column] {
                columns.push_str(part);
            }
            for part in [", ", column, " = excluded.", column] {
                changes.push_str(part);
            }
            places.push_str(", $");
            places.push_str(&values.len().to_string());
        }
        // See `row_of`.
        let of_maker = match self.slice.is_of_the_node() {
            true => [" where ", table, ".origin = excluded.origin"].concat(),
            false => String::new(),
        };
        let insert = ["insert into ", table, " (", &columns, ") values (", &places].concat();
        let sql = [&insert, ") on conflict (id) do update set ", &changes, &of_maker].concat();
        self.send(&sql, &values);
        self.put = Some(table);
        self.reach(table, entry);
    }

    /// Moves the subject's row to where the entry is at home, if it is not there.
    fn keep_home(&mut self, table: &'static str, entry: &Entry) {
        let header = &entry.header;
        let mut values =
            params![header.subject, header.region.clone(), header.org, header.class].to_vec();
        let row = self.row_of(entry, &mut values);
        let sql = format!(
            "update {table} set region = $2, org = $3, class = $4 where {row} \
             and (region is distinct from $2 or org is distinct from $3 or class <> $4)"
        );
        self.send(&sql, &values);
        self.reach(table, entry);
    }

    /// Makes `<table>_reach` say what the entry says, if the slice has that table.
    fn reach(&mut self, table: &str, entry: &Entry) {
        let Some(reach) = self.slice.reach_of(table) else { return };
        let regions = &entry.header.reach;
        let mut values = params![entry.header.subject].to_vec();
        let mut sql = format!("delete from {reach} where id = $1");
        if self.slice.is_of_the_node() {
            let row = self.row_of(entry, &mut values);
            sql.push_str(&format!(" and exists (select 1 from {table} where {row})"));
        }
        let kept = crate::scope::bind(regions.iter().map(Value::from).collect(), &mut values);
        if !kept.is_empty() {
            sql.push_str(&format!(" and region not in ({kept})"));
        }
        self.send(&sql, &values);
        for region in regions {
            let mut values = params![entry.header.subject, region].to_vec();
            let row = self.row_of(entry, &mut values);
            let sql = format!(
                "insert into {reach} (id, region) select id, $2 from {table} where {row} \
                 on conflict (id, region) do nothing"
            );
            self.send(&sql, &values);
        }
    }

    /// A condition for the row of the entry's subject, whose id is `$1`. What a node says
    /// of itself is applied whoever made the subject, so there the maker must be its own.
    fn row_of(&self, entry: &Entry, values: &mut Vec<Value>) -> String {
        if !self.slice.is_of_the_node() {
            return "id = $1".to_owned();
        }
        values.push((&entry.header.origin).into());
        format!("id = $1 and origin = ${}", values.len())
    }

    /// One statement that writes a table of this slice. A subject's row begins with
    /// [`Tables::put`].
    pub fn run(&mut self, sql: &str, params: &[Value]) {
        let table = written_table(sql);
        let own = matches!(
            table.and_then(|name| self.kit.table(name)),
            Some((TableKind::Facts, Some(owner))) if owner.name == self.slice.name
        );
        let begins = sql.trim_start().starts_with("insert")
            && self.slice.subjects().any(|subjects| Some(subjects) == table);
        if own && !begins {
            self.send(sql, params);
        } else {
            let problem = format!("{} may not write: {sql:.120}", self.slice.name);
            self.error.get_or_insert(DbError::Engine(problem));
        }
    }

    fn send(&mut self, sql: &str, params: &[Value]) {
        if self.error.is_none() {
            let refused = holds_nul(sql, params);
            self.error = refused.or_else(|| self.conn.send(sql, params).err());
        }
    }
}

/// The pen for working state: tables that a slice declared as such, and nothing else.
/// Heads, cursors and stored replies are working state too, and the host's alone.
pub struct Work<'a> {
    pub(crate) conn: &'a mut Conn,
    pub(crate) kit: &'a Kit,
    /// Whether the host holds it, for tables that no slice declares.
    pub(crate) of_host: bool,
}

impl Work<'_> {
    /// Runs one statement on a table of working state; answers how many rows it
    /// changed.
    ///
    /// # Errors
    /// [`DbError`] when the database refuses, or the table is no working state of a slice.
    pub fn run(&mut self, sql: &str, params: &[Value]) -> Result<u64, DbError> {
        self.allow(sql)?;
        self.conn.run(sql, params)
    }

    /// Like [`Work::run`], for whom it does not matter how many rows: a server is not
    /// waited for, and its refusal may come later, but fails the command all the same.
    ///
    /// # Errors
    /// [`DbError`] as [`Work::run`].
    pub fn send(&mut self, sql: &str, params: &[Value]) -> Result<(), DbError> {
        self.allow(sql)?;
        self.conn.send(sql, params)
    }

    fn allow(&self, sql: &str) -> Result<(), DbError> {
        match written_table(sql).and_then(|name| self.kit.table(name)) {
            Some((TableKind::Working, owner)) if self.of_host || owner.is_some() => Ok(()),
            _ => Err(DbError::Engine(format!("not a table of working state: {sql:.120}"))),
        }
    }
}

/// One of our engines takes no NUL character in a text, so neither does: a log folds to
/// the same tables in both.
fn holds_nul(sql: &str, params: &[Value]) -> Option<DbError> {
    let holds = |value: &Value| matches!(value, Value::Text(text) if text.contains('\0'));
    params.iter().any(holds).then(|| DbError::Statement {
        statement: sql.chars().take(400).collect(),
        reason: "a text holds a NUL character".to_owned(),
        blame: Blame::Value,
    })
}

/// The table that a statement writes: `insert into T`, `update T`, `delete from T`.
pub(crate) fn written_table(sql: &str) -> Option<&str> {
    let mut words = sql.split_ascii_whitespace();
    let first = words.next()?;
    let table = match first {
        "insert" | "delete" => {
            words.next()?;
            words.next()?
        }
        "update" => words.next()?,
        _ => return None,
    };
    Some(table.split('(').next().unwrap_or(table))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_written_table_is_read_off_the_statement() {
        assert_eq!(written_table("insert into station (id) values ($1)"), Some("station"));
        assert_eq!(written_table("insert into station(id) values ($1)"), Some("station"));
        assert_eq!(written_table("update\n  task set a = 1"), Some("task"));
        assert_eq!(written_table("delete from task where id = $1"), Some("task"));
        assert_eq!(written_table("drop table task"), None);
        assert_eq!(written_table("with x as (select 1) update task set a = 1"), None);
    }
}
