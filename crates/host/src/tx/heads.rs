//! The ends of both books while a group of commands is under way.

use crate::db::{Conn, DbError};
use crate::log::{self, Book, Digests};

/// Where both books end.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Heads {
    pub(super) log: Ends,
    pub(super) trail: Ends,
}

/// Where one book ends.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ends {
    pub(super) seq: i64,
    pub(super) origin_seq: i64,
    pub(super) hash: Digests,
    /// Whether this group has added to the book.
    pub(super) moved: bool,
}

impl Heads {
    /// Takes the heads for this transaction. `known` is how this process left them;
    /// it still holds when neither seq has moved.
    pub(crate) fn load(
        conn: &mut Conn,
        origin: &str,
        known: Option<Heads>,
    ) -> Result<Heads, DbError> {
        // First the lock: what is read after it was committed by whoever held it.
        let seqs = log::lock(conn)?;
        let seq = |book: Book| seqs.get(book.table()).copied().unwrap_or(0);
        if let Some(mut known) = known
            && (known.log.seq, known.trail.seq) == (seq(Book::Log), seq(Book::Trail))
        {
            known.log.moved = false;
            known.trail.moved = false;
            return Ok(known);
        }
        let mut ends = |book| -> Result<Ends, DbError> {
            let head = log::head(conn, book, origin)?;
            let seq = seq(book);
            Ok(Ends { seq, origin_seq: head.origin_seq, hash: head.hash, moved: false })
        };
        Ok(Heads { log: ends(Book::Log)?, trail: ends(Book::Trail)? })
    }

    pub(crate) fn save(&self, conn: &mut Conn, origin: &str) -> Result<(), DbError> {
        for (book, ends) in [(Book::Log, &self.log), (Book::Trail, &self.trail)] {
            if ends.moved {
                log::save_head(conn, book, origin, ends.seq, ends.origin_seq, ends.hash)?;
            }
        }
        Ok(())
    }

    pub(super) fn of(&mut self, book: Book) -> &mut Ends {
        match book {
            Book::Log => &mut self.log,
            Book::Trail => &mut self.trail,
        }
    }
}
