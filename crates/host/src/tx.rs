//! One command at work: it reads, decides, and records facts; it never writes a table.
//!
//! The three pens are three types. [`Tx`] reads and records. [`Tables`], which
//! only `apply` is given, writes a slice's own fact tables. [`Work`] writes
//! working state. Each refuses the tables of the others.

use base::{AdminCode, Id, Timestamp};

use crate::db::{Conn, DbError, Read, Row, Value};
use crate::error::{Error, Result};
use crate::fact::{Applied, Fact};
use crate::home::Home;
use crate::log::{self, Actor, Book, Digests, Entry, Header};
use crate::params;
use crate::part::Kit;
use crate::scope::Scope;
use crate::tables::{Tables, Work};
use crate::{neighbour, unapplied};

/// The ends of both books while a group of commands is under way.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Heads {
    log: Ends,
    trail: Ends,
}

#[derive(Debug, Clone, Copy)]
struct Ends {
    seq: i64,
    origin_seq: i64,
    hash: Digests,
    /// Whether this group has added to the book.
    moved: bool,
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

    fn of(&mut self, book: Book) -> &mut Ends {
        match book {
            Book::Log => &mut self.log,
            Book::Trail => &mut self.trail,
        }
    }
}

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

/// A fact on its way into the log, with what the entry must say beside it.
pub struct Record {
    kind: crate::fact::Kind,
    body: String,
    subject: Id,
    is_first: bool,
    /// `None`: where the subject is at home already.
    home: Option<Home>,
    moved_to: Option<AdminCode>,
    /// Another subject, whose thread it goes on.
    follows: Option<Id>,
    basis: Option<String>,
    cause: Option<Id>,
    correlation: Option<Id>,
    occurred: Option<Timestamp>,
    known: Option<Timestamp>,
}

/// Where a recorded fact stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recorded {
    pub seq: i64,
    pub id: Id,
}

impl Record {
    /// The first fact about `subject`, which says where it is at home. It happened now,
    /// caused by what the command reacts to (if anything), and begins a thread of its own
    /// unless it is a reaction or [follows](Record::follows) another subject.
    pub fn first(subject: impl Into<Id>, home: Home, fact: impl Fact) -> Record {
        Record { is_first: true, home: Some(home), ..Record::next(subject, fact) }
    }

    /// One more fact about a subject that the log knows: it is at home where the subject
    /// is, belongs to its thread, and is caused by the subject's newest fact unless the
    /// command reacts to another.
    pub fn next(subject: impl Into<Id>, fact: impl Fact) -> Record {
        Record {
            kind: fact.kind(),
            body: fact.to_body(),
            subject: subject.into(),
            is_first: false,
            home: None,
            moved_to: None,
            follows: None,
            basis: None,
            cause: None,
            correlation: None,
            occurred: None,
            known: None,
        }
    }

    /// It comes out of another subject, as a task does out of an incident: it belongs to
    /// that one's thread, and is caused by its newest fact unless the command reacts to
    /// another.
    pub fn follows(mut self, subject: impl Into<Id>) -> Record {
        self.follows = Some(subject.into());
        self
    }

    /// The subject is at home there from now on.
    pub fn at_home(mut self, home: Home) -> Record {
        self.home = Some(home);
        self
    }

    /// The subject is at home in another region from now on.
    pub fn moved_to(mut self, region: AdminCode) -> Record {
        self.moved_to = Some(region);
        self
    }

    /// The rule, plan or law it rests on, with its version.
    pub fn basis(mut self, basis: impl Into<String>) -> Record {
        self.basis = Some(basis.into());
        self
    }

    /// The entry that made this one happen, when it is not what it would be by itself.
    pub fn cause(mut self, entry: impl Into<Option<Id>>) -> Record {
        self.cause = entry.into();
        self
    }

    /// The thread it belongs to, when it is not what it would be by itself.
    pub fn correlation(mut self, thread: impl Into<Id>) -> Record {
        self.correlation = Some(thread.into());
        self
    }

    /// When it happened outside, if not now.
    pub fn occurred(mut self, moment: Timestamp) -> Record {
        self.occurred = Some(moment);
        self
    }

    /// When we came to know of it, if not now.
    pub fn known(mut self, moment: Timestamp) -> Record {
        self.known = Some(moment);
        self
    }
}

impl<'a> Tx<'a> {
    /// The world's clock, as it stood when this command began.
    pub fn now(&self) -> Timestamp {
        self.now
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

    /// Where a subject is at home, by its newest fact.
    ///
    /// # Errors
    /// [`Error::Internal`] for a subject that the log does not know.
    pub fn home_of(&mut self, subject: impl Into<Id>) -> Result<Home> {
        let subject = subject.into();
        self.find_home(subject)?.ok_or_else(|| unknown(subject))
    }

    /// Refuses to act on a subject that the scope only reaches: a county sees the city's
    /// warning that concerns it, and does not end it.
    ///
    /// # Errors
    /// [`Error::Conflict`] `only-reached`; [`Error::Internal`] as [`Tx::home_of`].
    pub fn require_home(&mut self, scope: &Scope, subject: impl Into<Id>) -> Result<()> {
        let home = Home { reach: Vec::new(), ..self.home_of(subject)? };
        if scope.holds(self, &home)? {
            return Ok(());
        }
        Err(Error::conflict("only-reached", "it concerns this place and belongs to another"))
    }

    /// Where a subject is at home, if the log knows it.
    ///
    /// # Errors
    /// [`Error::Db`] when the database does not answer.
    pub fn find_home(&mut self, subject: impl Into<Id>) -> Result<Option<Home>> {
        Ok(self.known(subject.into())?.map(|header| header.home()))
    }

    /// The newest fact about a subject, by one who was entitled to it.
    fn known(&mut self, subject: Id) -> Result<Option<Header>> {
        let row = self.conn.row(
            "select header from log where subject = $1 and conflict is null \
             and unapplied is null order by seq desc limit 1",
            params![subject],
        )?;
        // A drill's own log does not hold what it stands on.
        let row = match row {
            None => self
                .conn
                .row("select header from base_subject where subject = $1", params![subject])?,
            found => found,
        };
        Ok(row.map(|row| row.json("header")).transpose()?)
    }

    /// Whether this world writes for a node's subjects.
    fn owns(&mut self, origin: &str) -> Result<bool> {
        let sql = "select 1 as owned from owned_origin where origin = $1";
        Ok(origin == self.origin || self.conn.row(sql, params![origin])?.is_some())
    }

    /// Fills in what the log knows of the subject, and refuses what is another node's.
    ///
    /// The node that made a subject owns it, until custody of it moves: one writer, so
    /// logs never conflict. What another node owns is changed by asking that node.
    fn complete(&mut self, record: &mut Record) -> Result<()> {
        let slice = self.kit.slice_of(record.kind.name);
        // Facts of authority are each node's own, also about a subject of one name, and
        // so is what a node says of itself.
        let shared =
            slice.is_some_and(|slice| slice.applies("", self.origin) && !slice.is_of_the_node());
        if shared {
            let owner = crate::custody::owner(self.conn, record.subject, self.origin)?;
            if !self.owns(&owner)? {
                let detail = format!("{owner} owns this: ask it to change it");
                return Err(Error::conflict("not-owned", detail));
            }
        }
        let thread = match record.follows {
            Some(other) => Some(self.known(other)?.ok_or_else(|| unknown(other))?),
            None if record.is_first => None,
            None => Some(self.known(record.subject)?.ok_or_else(|| unknown(record.subject))?),
        };
        let home = match (record.home.take(), &thread) {
            (Some(home), _) => Some(home),
            (None, Some(header)) if header.subject == record.subject => Some(header.home()),
            (None, _) => self.find_home(record.subject)?,
        };
        let mut home = home.ok_or_else(|| unknown(record.subject))?;
        home.region = record.moved_to.take().or(home.region);
        if let Some(slice) = slice
            && !home.reach.is_empty()
            && let Some(table) = slice.subjects().find(|table| slice.reach_of(table).is_none())
        {
            let problem = format!("{} reaches further, and {table}_reach is no table", slice.name);
            return Err(Error::Internal(problem));
        }
        record.home = Some(home);
        let reacted = self.cause.map(|(cause, _)| cause);
        record.cause = record.cause.or(reacted).or(thread.as_ref().map(|header| header.id));
        record.correlation = record.correlation.or(thread.map(|header| header.correlation));
        Ok(())
    }

    /// Which node owns a subject; `None` for one that no fact here is about.
    ///
    /// # Errors
    /// [`Error::Db`] when the database does not answer.
    pub fn owner_of(&mut self, subject: impl Into<Id>) -> Result<Option<String>> {
        let owner = crate::custody::owner(self.conn, subject.into(), "")?;
        Ok((!owner.is_empty()).then_some(owner))
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

fn unknown(subject: Id) -> Error {
    Error::Internal(format!("the log knows nothing of {subject}: its first fact says where it is"))
}

impl Read for Tx<'_> {
    fn rows(&mut self, sql: &str, params: &[Value]) -> Result<Vec<Row>, DbError> {
        only_reads(sql)?;
        self.conn.rows(sql, params)
    }
}

/// Whether a body, as `serde_json` writes it, has a NUL character in a text.
fn writes_nul(body: &str) -> bool {
    body.match_indices("\\u0000").any(|(at, _)| {
        let before = body[..at].bytes().rev().take_while(|byte| *byte == b'\\').count();
        before % 2 == 0
    })
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
    fn a_nul_in_a_body_is_seen_and_its_name_is_none() {
        let body = |text: &str| serde_json::to_string(&[text]).expect("text");
        assert!(writes_nul(&body("a\0b")));
        assert!(writes_nul(&body("\\\0")));
        assert!(!writes_nul(&body("\\u0000")));
        assert!(!writes_nul(&body("u0000")));
    }

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
