//! Views: tables folded from facts of any stage, for reading only.
//!
//! A view lags the log by a cursor, and can be thrown away: it is made again from the
//! log. So it is neither proved nor shipped, and its `apply` may fold what others own.
//! Its cursor moves in the transaction that moves its tables, off the urgent lane.
//!
//! Each table of a view is there twice, as slots `_a` and `_b`; the name itself is an
//! SQL view of the slot that is shown. When the meaning of `apply` has changed, the
//! other slot is filled from the log, in pieces and across restarts, while reads go on
//! from the first; at the end of the log the name moves over (ADR 0015).

mod build;
mod fill;
mod read;
mod serve;

use crate::db::{Conn, DbError, Value};
use crate::log::Entry;
use crate::tables::written_table;

pub use build::ParkedView;
pub(crate) use build::{Board, Known, open};
pub use fill::differences;
pub(crate) use fill::{Source, fill};
pub use read::{ViewHealth, ViewStanding, ViewState, Viewed};
pub(crate) use serve::serve;

/// A view, as a part declares it.
#[derive(Clone)]
pub struct View {
    /// Unique, and stable: the cursor goes by it.
    pub name: &'static str,
    /// Goes up when `apply` or its tables change their meaning: it is then built anew.
    pub version: u32,
    pub tables: &'static [ViewTable],
    /// What it folds. Each is a kind that some slice of this program claims.
    pub kinds: &'static [&'static str],
    /// Whether facts of other nodes are folded too.
    pub foreign: bool,
    /// Total and blind, like a slice's: it sees the entry and writes its own tables. A
    /// body that is closed or does not read is for it to pass over.
    pub apply: fn(&mut ViewTables<'_>, &Entry),
}

/// A table of a view. Made by [`view_table!`](crate::view_table).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ViewTable {
    /// As statements name it.
    pub name: &'static str,
    /// As migrations make it, twice and alike.
    pub slots: [&'static str; 2],
}

/// Names a table of a view: `view_table!("response_time")` is made by a migration as
/// `response_time_a` and `response_time_b`.
#[macro_export]
macro_rules! view_table {
    ($name:literal) => {
        $crate::view::ViewTable { name: $name, slots: [concat!($name, "_a"), concat!($name, "_b")] }
    };
}

/// Which of its two slots a build of a view is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Slot {
    A,
    B,
}

impl Slot {
    pub(crate) fn other(self) -> Slot {
        match self {
            Slot::A => Slot::B,
            Slot::B => Slot::A,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Slot::A => "a",
            Slot::B => "b",
        }
    }

    pub(crate) fn of(self, table: &ViewTable) -> &'static str {
        table.slots[self as usize]
    }
}

/// The pen of a view's `apply`: its own tables, and nothing else.
///
/// As with a slice's, the first refusal of the database is kept and fails the entry.
pub struct ViewTables<'a> {
    conn: &'a mut Conn,
    view: &'a View,
    slot: Slot,
    error: Option<DbError>,
}

impl ViewTables<'_> {
    /// One statement that writes a table of this view, by the view's own name for it.
    pub fn run(&mut self, sql: &str, params: &[Value]) {
        if self.error.is_none() {
            let done = self.in_slot(sql).and_then(|sql| self.conn.send(&sql, params));
            self.error = done.err();
        }
    }

    /// The statement on the slot that is being written. The view's own name stays the
    /// table's alias, so that `on conflict … set n = name.n + 1` reads as it is written.
    fn in_slot(&self, sql: &str) -> Result<String, DbError> {
        let own = |name: &str| self.view.tables.iter().find(|table| table.name == name);
        let refused = || {
            let what = format!("the view {} may not run: {sql:.120}", self.view.name);
            DbError::Engine(what)
        };
        written_table(sql).and_then(own).ok_or_else(refused)?;
        let mut text = String::with_capacity(sql.len() + 40);
        let mut before = "";
        for piece in sql.split_inclusive(|c: char| c.is_ascii_whitespace() || c == '(') {
            let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
            let word = piece.split(|c| !is_word(c)).next().unwrap_or_default();
            let names_table = matches!(before, "into" | "update" | "from" | "join");
            // After these comes a table, except in `do update set`.
            if names_table && !word.is_empty() && word != "set" {
                let table = own(word).ok_or_else(refused)?;
                text.push_str(self.slot.of(table));
                text.push_str(" as ");
            }
            text.push_str(piece);
            if !word.is_empty() {
                before = word;
            }
        }
        Ok(text)
    }
}

impl View {
    /// Applies one entry to a slot.
    ///
    /// # Errors
    /// [`DbError`], the first that its statements met; a server's may come later.
    fn apply_to(&self, conn: &mut Conn, slot: Slot, entry: &Entry) -> Result<(), DbError> {
        let mut tables = ViewTables { conn, view: self, slot, error: None };
        (self.apply)(&mut tables, entry);
        tables.error.map_or(Ok(()), Err)
    }
}

impl std::fmt::Debug for View {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "View({} v{})", self.name, self.version)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::Sqlite;

    #[test]
    fn a_statement_is_put_on_one_slot_and_names_no_table_of_another() {
        let view = View {
            name: "v",
            version: 1,
            tables: &[crate::view_table!("seen"), crate::view_table!("seen_task")],
            kinds: &[],
            foreign: false,
            apply: |_, _| {},
        };
        let mut conn = Conn::Sqlite(Sqlite::scratch().expect("in memory"));
        let tables = ViewTables { conn: &mut conn, view: &view, slot: Slot::B, error: None };
        for (sql, expected) in [
            ("insert into seen (id) values ($1)", "insert into seen_b as seen (id) values ($1)"),
            ("insert into seen(id) values ($1)", "insert into seen_b as seen(id) values ($1)"),
            (
                "insert into seen (id, n) values ($1, 1) on conflict (id) do update set n = seen.n + 1",
                "insert into seen_b as seen (id, n) values ($1, 1) on conflict (id) do update set n = seen.n + 1",
            ),
            (
                "update seen set n = 1 where id in (select id from seen_task where task = $1)",
                "update seen_b as seen set n = 1 where id in (select id from seen_task_b as seen_task where task = $1)",
            ),
            ("delete from seen where id = $1", "delete from seen_b as seen where id = $1"),
        ] {
            assert_eq!(tables.in_slot(sql).expect("its own"), expected);
        }
        for sql in [
            "update warning set n = 1",
            "insert into seen (id) select id from warning",
            "delete from seen where id in (select id from seen_task join account on 1 = 1)",
            "update seen_b set n = 1",
            "select id from seen",
        ] {
            assert!(tables.in_slot(sql).is_err(), "{sql}");
        }
    }
}
