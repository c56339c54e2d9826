//! A node's log that this process only reads: the node is stopped, or another serves it.

use std::cell::RefCell;
use std::io::{BufRead, Write};
use std::path::{Path, PathBuf};

use base::AdminCode;

use super::check::{self, Here};
use super::{Outgoing, SegmentHead};
use crate::db::{Conn, Database, Durability, Read, Source};
use crate::error::{Error, Result};
use crate::signing::SigningKey;

/// The log in a node's directory, or in the database that its configuration names.
pub struct Stored {
    origin: String,
    directory: PathBuf,
    conn: RefCell<Conn>,
}

impl Stored {
    /// Opens it for reading; a node that runs is not disturbed.
    ///
    /// # Errors
    /// [`Error::Conflict`] `no-node` when none was ever here; [`Error::Db`].
    pub fn open(directory: &Path, database: &Database) -> Result<Stored> {
        let real = directory.join("worlds").join("real");
        let absent = || {
            let detail = format!("{} holds no node's records", directory.display());
            Error::conflict("no-node", detail)
        };
        if matches!(database, Database::Embedded) && !real.join("facts.db").is_file() {
            return Err(absent());
        }
        let mut conn = Source::new(database, &real, "real", Durability::Full)?.reader()?;
        let origin = crate::backup::own_origin(&mut conn)?.ok_or_else(absent)?;
        Ok(Stored { origin, directory: real, conn: RefCell::new(conn) })
    }

    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Holds a segment against this log without taking it in. Answers its head, the
    /// regions that its key may speak for, and how many of its entries are not here yet.
    ///
    /// # Errors
    /// As [`super::take_in`], which would refuse it for the same reason.
    pub fn check(&self, input: &mut dyn BufRead) -> Result<(SegmentHead, Vec<AdminCode>, i64)> {
        let (head, regions) = check::verify(self, input)?;
        let here = self.ask(|db| Ok(super::position(db, &head.origin)?))?;
        let new = (head.last - here).clamp(0, head.last - head.first + 1);
        Ok((head, regions, new))
    }

    /// Up to which of its own entries a neighbour was sent segments; 0 for none.
    ///
    /// # Errors
    /// [`Error::Db`].
    pub fn sent(&self, neighbour: &str) -> Result<i64> {
        self.ask(|db| crate::exchange::sent(db, neighbour))
    }

    /// Writes the next segment for a neighbour after entry `after`, by what it may read;
    /// `None` when there is nothing new.
    ///
    /// # Errors
    /// [`Error::Conflict`] `reading-undecided`; as [`super::write`].
    pub fn write(
        &self,
        neighbour: &str,
        after: i64,
        out: &mut dyn Write,
    ) -> Result<Option<SegmentHead>> {
        let key = SigningKey::load(&self.directory)?;
        self.ask(|db| {
            let next: Option<Outgoing> = super::next_for(db, &self.origin, neighbour, after)?;
            match next {
                Some(wanted) => super::write_from(db, &self.origin, &key, &wanted, out),
                None => Ok(None),
            }
        })
    }
}

impl Stored {
    /// Notes that a neighbour was given this node's entries up to `last`. Only for whoever
    /// holds the lock of the node's directory: a running node does it itself.
    ///
    /// # Errors
    /// [`Error::Db`].
    pub fn note_sent(
        directory: &Path,
        database: &Database,
        neighbour: &str,
        last: i64,
    ) -> Result<()> {
        let real = directory.join("worlds").join("real");
        let mut conn = Source::new(database, &real, "real", Durability::Full)?.writer()?;
        conn.begin()?;
        let now = crate::clock::machine_now();
        conn.run(crate::exchange::NOTE_SENT, crate::params![neighbour, last, now])?;
        Ok(conn.commit()?)
    }
}

impl Here for Stored {
    fn origin(&self) -> &str {
        &self.origin
    }

    fn ask<T>(&self, ask: impl FnOnce(&mut dyn Read) -> Result<T>) -> Result<T> {
        let mut conn = self.conn.borrow_mut();
        conn.begin_snapshot()?;
        let answer = ask(&mut *conn);
        conn.rollback()?;
        answer
    }
}
