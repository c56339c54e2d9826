//! One command at work: it reads, decides, and records facts; it never writes a table.
//!
//! The three pens are three types. [`Tx`] reads and records. [`Tables`], which
//! only `apply` is given, writes a slice's own fact tables. [`Work`] writes
//! working state. Each refuses the tables of the others.

mod heads;
mod record;
mod whose;

use base::{AdminCode, Id, Timestamp};

use crate::db::{Conn, DbError, Read, Row, Value};
use crate::error::{Error, Result};
use crate::fact::Applied;
use crate::log::{self, Actor, Book, Entry, Header};
use crate::part::Kit;
use crate::tables::{Tables, Work};
use crate::{neighbour, unapplied};

pub(crate) use heads::Heads;
pub use record::{Record, Recorded};

use heads::Ends;
use record::writes_nul;

/// A command's transaction.
pub struct Tx<'a> {
    pub(crate) conn: &'a mut Conn,
    pub(crate) kit: &'a Kit,
    pub(crate) origin: &'a str,
    pub(crate) heads: &'a mut Heads,
    pub(crate) now: Timestamp,
    pub(crate) recorded: Timestamp,
    /// The world's clock itself, whatever due time `now` stands at.
    pub(crate) arrived: Timestamp,
    pub(crate) actor: Actor,
    pub(crate) actor_name: Option<String>,
    pub(crate) via: &'static str,
    pub(crate) keys: &'a crate::sealed::Keys,
    /// Set by a reaction: what it reacts to.
    pub(crate) cause: Option<(Id, Id)>,
    /// What this command added, for the live screens and the reactions.
    pub(crate) entries: Vec<Entry>,
}

impl<'a> Tx<'a> {
    /// The world's clock, as it stood when this command began.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// The world's clock itself, whatever due time [`Tx::now`] stands at: for a job that
    /// was late, and gives somebody time from now on.
    pub fn arrived(&self) -> Timestamp {
        self.arrived
    }

    /// The node's own division; `None` where nobody has configured one.
    pub fn region(&self) -> Option<&base::AdminCode> {
        self.kit.region.as_ref()
    }

    /// The machine's clock: for leases, sessions and expiry of working state.
    pub fn machine_now(&self) -> Timestamp {
        self.recorded
    }

    /// A new id, made at [`Tx::now`].
    pub fn new_id(&self) -> Id {
        Id::new(self.now, random())
    }

    /// This world's own name in the log.
    pub fn origin(&self) -> &str {
        self.origin
    }

    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    /// The name of who acts; it goes into bodies, which can be closed, never into a header.
    pub fn actor_name(&self) -> Option<&str> {
        self.actor_name.as_deref()
    }

    /// Appends a fact to the log and applies it to its slice's tables.
    ///
    /// # Errors
    /// [`Error::Db`] when the database refuses; [`Error::Internal`] for a fact that
    /// no slice claims or a next fact about an unknown subject; [`Error::Conflict`] for a
    /// subject that another node owns; [`Error::Invalid`] for a NUL character in a text,
    /// which no table takes.
    pub fn record(&mut self, mut record: Record) -> Result<Recorded> {
        if writes_nul(&record.body) {
            return Err(Error::invalid(record.kind.name, "a NUL character", "text without any"));
        }
        self.complete(&mut record)?;
        let entry = self.append(Book::Log, record)?;
        let recorded = Recorded { seq: entry.seq, id: entry.header.id };
        if self.apply(&entry)? == Applied::Kept {
            return Err(Error::Internal(format!("{} does not read back", entry.header.kind)));
        }
        self.entries.push(entry);
        Ok(recorded)
    }

    /// Appends an entry of another node, as it is, under a local seq. A kind that
    /// no slice here knows is kept, chained and shown as such.
    /// Answers whether its tables took it, or were not to.
    /// `regions` are those that its author may speak for.
    pub(crate) fn append_foreign(
        &mut self,
        mut entry: Entry,
        regions: &[AdminCode],
    ) -> Result<bool> {
        self.heads.log.seq += 1;
        self.heads.log.moved = true;
        entry.seq = self.heads.log.seq;
        entry.arrived = self.arrived;
        let kit = self.kit;
        let slice = kit.slice_of(&entry.header.kind);
        let slice = slice.filter(|slice| slice.applies(&entry.header.origin, self.origin));
        if let Some(slice) = slice {
            entry.conflict = crate::custody::conflict(self.conn, &entry, slice.is_of_the_node())?;
            // What a node says of itself and asks for is believed by what it is granted.
            if !slice.is_of_the_node() && !neighbour::may_speak(self.conn, regions, &entry)? {
                entry.unapplied = Some(unapplied::OUTSIDE.to_owned());
            }
        }
        // Before the entry itself is sent: what is refused now is refused by its tables.
        if let Some(slice) = slice.filter(|_| entry.counts()) {
            entry.unapplied = unapplied::try_apply(self.conn, kit, slice, &entry)?;
        }
        log::append(self.conn, Book::Log, &entry)?;
        let header = &entry.header;
        log::save_head(
            self.conn,
            Book::Log,
            &header.origin,
            entry.seq,
            header.origin_seq,
            entry.hash,
        )?;
        let counts = entry.counts();
        self.entries.push(entry);
        Ok(counts)
    }

    fn apply(&mut self, entry: &Entry) -> Result<Applied> {
        let kit = self.kit;
        let slice = kit
            .slice_of(&entry.header.kind)
            .ok_or_else(|| Error::Internal(format!("no slice claims {}", entry.header.kind)))?;
        Ok(Tables::apply(self.conn, kit, slice, entry)?)
    }

    /// Appends an entry to the trail: sign-ins, refusals, reads of personal data,
    /// exports. Nothing is applied.
    ///
    /// # Errors
    /// [`Error::Db`] when the database refuses; [`Error::Internal`] for a kind that no
    /// slice declares in [`crate::Part::notes`].
    pub fn note(&mut self, record: Record) -> Result<()> {
        let kind = record.kind.name;
        if self.kit.notes_of(kind).is_none() {
            let problem = format!("no slice declares the note {kind}: see Part::notes");
            return Err(Error::Internal(problem));
        }
        self.append(Book::Trail, record).map(|_| ())
    }

    /// The keys of personal data: what they open here is masked; see [`Tx::open_sealed`].
    pub fn keys(&self) -> &crate::sealed::Keys {
        self.keys
    }

    /// The pen for working state of slices.
    pub fn work(&mut self) -> Work<'_> {
        Work { conn: self.conn, kit: self.kit, of_host: false }
    }

    /// The pen for working state, with the host's own: heads, cursors, stored replies.
    pub(crate) fn host_work(&mut self) -> Work<'_> {
        Work { conn: self.conn, kit: self.kit, of_host: true }
    }

    fn append(&mut self, book: Book, record: Record) -> Result<Entry> {
        let id = self.new_id();
        let (cause, correlation) = match self.cause {
            Some((cause, correlation)) => (Some(cause), Some(correlation)),
            None => (None, None),
        };
        let ends = *self.heads.of(book);
        let home = record.home.unwrap_or_default();
        let header = Header {
            format: 1,
            origin: self.origin.to_owned(),
            origin_seq: ends.origin_seq + 1,
            id,
            kind: record.kind.name.to_owned(),
            version: record.kind.version,
            subject: record.subject,
            region: home.region,
            org: home.org,
            reach: home.reach,
            class: home.class,
            actor: self.actor.clone(),
            via: self.via.to_owned(),
            basis: record.basis,
            cause: record.cause.or(cause),
            correlation: record.correlation.or(correlation).unwrap_or(record.subject),
            occurred: record.occurred.unwrap_or(self.now),
            known: record.known.unwrap_or(self.now),
            at: self.now,
            recorded: self.recorded,
        };
        let salt = hex::encode(random::<16>());
        let mut entry = Entry::seal(ends.seq + 1, header, record.body, salt, ends.hash);
        entry.arrived = self.arrived;
        entry.actor_name.clone_from(&self.actor_name);
        log::append(self.conn, book, &entry)?;
        *self.heads.of(book) = Ends {
            seq: entry.seq,
            origin_seq: entry.header.origin_seq,
            hash: entry.hash,
            moved: true,
        };
        Ok(entry)
    }
}

impl Read for Tx<'_> {
    fn rows(&mut self, sql: &str, params: &[Value]) -> Result<Vec<Row>, DbError> {
        only_reads(sql)?;
        self.conn.rows(sql, params)
    }
}

/// Refuses a statement that does more than look: a write goes by its own pen.
fn only_reads(sql: &str) -> Result<(), DbError> {
    let mut words = sql.split(|c: char| !c.is_ascii_alphabetic() && c != '_');
    let begins = words.find(|word| !word.is_empty());
    // `with` may hold a write in PostgreSQL; no column of ours has these names.
    let writes = ["insert", "update", "delete", "merge", "truncate", "drop", "alter", "create"];
    let looks = matches!(begins, Some("select" | "with")) && !words.any(|w| writes.contains(&w));
    if looks && !sql.contains(';') {
        Ok(())
    } else {
        Err(DbError::Engine(format!("not a statement that only reads: {sql:.120}")))
    }
}

/// Random bytes for ids and salts.
pub(crate) fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_read_that_writes_is_refused() {
        for fine in [
            "select 1",
            "  select a from task where a = $1",
            "with x as (select 1) select * from x",
            "select last_update, deleted from task",
        ] {
            assert!(only_reads(fine).is_ok(), "{fine}");
        }
        for refused in [
            "insert into task (id) values ($1) returning id",
            "update task set a = 1 returning id",
            "with gone as (delete from task returning id) select id from gone",
            "select 1; drop table task",
            "",
        ] {
            assert!(only_reads(refused).is_err(), "{refused}");
        }
    }
}
