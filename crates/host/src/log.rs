//! The log: every change that matters, in order, chained by two hashes.
//!
//! `hash = H(prev ‖ header ‖ H(salt ‖ body))`, once with SM3 (GB/T 32905-2016)
//! and once with SHA-256. Header and body are kept as the very bytes that were
//! hashed. A chain runs through the entries of one origin, so a log that was
//! shipped to another node still verifies there; a body may be absent (withheld
//! by scope or class, purged by law) and the chain verifies still.

use std::collections::BTreeMap;

use base::{AdminCode, Id, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use sm3::Sm3;

use crate::db::{Conn, DbError, Read, Row};
pub use crate::home::Class;
use crate::home::Home;
use crate::params;

/// The hash before the first entry of an origin.
pub const GENESIS: [u8; 32] = [0; 32];

/// Who did it. All are `None` for what the system did by itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Actor {
    /// By id: a name in a header could never be closed or purged. The part that keeps
    /// people gives the name ([`crate::part::Kit::names`]).
    pub person: Option<Id>,
    pub post: Option<String>,
    pub org: Option<Id>,
    pub on_behalf: Option<Id>,
}

/// The part of an entry that is hashed as bytes and never changes its meaning.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Header {
    /// Format of this header; 1 is the first.
    pub format: u32,
    pub origin: String,
    pub origin_seq: i64,
    pub id: Id,
    pub kind: String,
    pub version: u32,
    pub subject: Id,
    pub region: Option<AdminCode>,
    pub org: Option<Id>,
    pub reach: Vec<AdminCode>,
    pub class: Class,
    pub actor: Actor,
    /// The door it came through: `web`, `rule`, `reaction`, `job`, `import`, `node`.
    pub via: String,
    /// The rule, plan or law that it rests on, with its version.
    pub basis: Option<String>,
    pub cause: Option<Id>,
    pub correlation: Id,
    /// When it happened in the world outside.
    pub occurred: Timestamp,
    /// When we came to know of it.
    pub known: Timestamp,
    /// The world's clock when it was recorded.
    pub at: Timestamp,
    /// The machine's clock when it was recorded.
    pub recorded: Timestamp,
}

/// One entry of a log.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The order in this world's log; foreign entries get one of their own here.
    pub seq: i64,
    pub header: Header,
    /// The header as hashed.
    pub header_text: String,
    pub salt: String,
    /// The body as hashed; `None` when it is closed here.
    pub body: Option<String>,
    pub body_digest: Digests,
    pub prev: Digests,
    pub hash: Digests,
    /// This world's clock when the entry came into this log; not hashed. For an own
    /// entry about `at`, for a foreign one whenever its segment was taken in.
    pub arrived: Timestamp,
    /// The actor's name while the entry is fresh; neither hashed nor kept.
    pub actor_name: Option<String>,
    /// Who owned the subject when the entry came in, if not the node that wrote it:
    /// then it is kept and shown, and applied to no table. Decided once, not hashed.
    pub conflict: Option<String>,
    /// Why it is kept and applied to no table, if it came from another node and that is
    /// so ([`crate::unapplied`]). Decided as it came in, not hashed.
    pub unapplied: Option<String>,
}

/// A hash in both families.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Digests {
    pub sm3: [u8; 32],
    pub sha256: [u8; 32],
}

impl Digests {
    pub const GENESIS: Digests = Digests { sm3: GENESIS, sha256: GENESIS };

    fn of(parts: &[&[u8]]) -> Digests {
        let mut sm3 = Sm3::new();
        let mut sha256 = Sha256::new();
        for part in parts {
            sm3::Digest::update(&mut sm3, part);
            sha256.update(part);
        }
        Digests { sm3: sm3::Digest::finalize(sm3).into(), sha256: sha256.finalize().into() }
    }

    fn chained(prev: Digests, header: &str, body: Digests) -> Digests {
        let mut sm3 = Sm3::new();
        sm3::Digest::update(&mut sm3, prev.sm3);
        sm3::Digest::update(&mut sm3, header.as_bytes());
        sm3::Digest::update(&mut sm3, body.sm3);
        let mut sha256 = Sha256::new();
        sha256.update(prev.sha256);
        sha256.update(header.as_bytes());
        sha256.update(body.sha256);
        Digests { sm3: sm3::Digest::finalize(sm3).into(), sha256: sha256.finalize().into() }
    }

    /// Both hashes of what comes in pieces.
    pub(crate) fn stream() -> DigestStream {
        DigestStream { sm3: Sm3::new(), sha256: Sha256::new() }
    }

    /// Both hashes in hex, SM3 first, with a colon between.
    pub fn to_text(self) -> String {
        format!("{}:{}", hex::encode(self.sm3), hex::encode(self.sha256))
    }

    /// The inverse of [`Digests::to_text`].
    pub fn from_text(text: &str) -> Option<Digests> {
        let (sm3, sha256) = text.split_once(':')?;
        let mut digests = Digests::GENESIS;
        hex::decode_to_slice(sm3, &mut digests.sm3).ok()?;
        hex::decode_to_slice(sha256, &mut digests.sha256).ok()?;
        Some(digests)
    }
}

/// Bytes on their way into both hashes.
pub(crate) struct DigestStream {
    sm3: Sm3,
    sha256: Sha256,
}

impl DigestStream {
    pub(crate) fn update(&mut self, bytes: &[u8]) {
        sm3::Digest::update(&mut self.sm3, bytes);
        self.sha256.update(bytes);
    }

    pub(crate) fn finish(self) -> Digests {
        Digests {
            sm3: sm3::Digest::finalize(self.sm3).into(),
            sha256: self.sha256.finalize().into(),
        }
    }
}

impl Header {
    /// Where its subject is at home, by this entry.
    pub fn home(&self) -> Home {
        Home {
            region: self.region.clone(),
            org: self.org,
            class: self.class,
            reach: self.reach.clone(),
        }
    }
}

impl Entry {
    /// Makes the next entry of a chain; `salt` is 16 random bytes in hex.
    pub fn seal(seq: i64, header: Header, body: String, salt: String, prev: Digests) -> Entry {
        let header_text = serde_json::to_string(&header).expect("a header is plain data");
        let body_digest = Digests::of(&[salt.as_bytes(), body.as_bytes()]);
        let hash = Digests::chained(prev, &header_text, body_digest);
        let arrived = header.at;
        Entry {
            seq,
            header,
            header_text,
            salt,
            body: Some(body),
            body_digest,
            prev,
            hash,
            arrived,
            actor_name: None,
            conflict: None,
            unapplied: None,
        }
    }

    /// Whether it changed the tables of its slice, or was to: neither in conflict nor
    /// refused as it came in.
    pub fn counts(&self) -> bool {
        self.conflict.is_none() && self.unapplied.is_none()
    }

    /// Whether the entry's own hashes are what its bytes give.
    ///
    /// # Errors
    /// [`Tampered`], which says what does not fit.
    pub fn check(&self) -> Result<(), Tampered> {
        if let Some(body) = &self.body
            && Digests::of(&[self.salt.as_bytes(), body.as_bytes()]) != self.body_digest
        {
            return Err(Tampered::Body);
        }
        if Digests::chained(self.prev, &self.header_text, self.body_digest) != self.hash {
            return Err(Tampered::Header);
        }
        match serde_json::from_str::<Header>(&self.header_text) {
            Ok(header) if header == self.header => Ok(()),
            _ => Err(Tampered::Columns),
        }
    }

    pub fn id(&self) -> Id {
        self.header.id
    }

    pub fn kind(&self) -> &str {
        &self.header.kind
    }

    /// Where its subject is at home, by this entry.
    pub fn home(&self) -> Home {
        self.header.home()
    }

    /// The world's clock when it was recorded; what `apply` may use as "now".
    pub fn at(&self) -> Timestamp {
        self.header.at
    }

    pub(crate) fn from_row(mut row: Row) -> Result<Entry, DbError> {
        let header = row.json("header")?;
        let mut digests = |column: &'static str| -> Result<Digests, DbError> {
            let text: String = row.take(column)?;
            Digests::from_text(&text).ok_or(DbError::Column {
                column: column.to_owned(),
                seen: text,
                expected: "two hashes in hex",
            })
        };
        Ok(Entry {
            body_digest: digests("body_digest")?,
            prev: digests("prev")?,
            hash: digests("hash")?,
            seq: row.get("seq")?,
            header,
            header_text: row.take("header")?,
            salt: row.take("salt")?,
            body: row.take_opt("body")?,
            arrived: row.get("arrived")?,
            actor_name: None,
            conflict: row.get("conflict")?,
            unapplied: row.get("unapplied")?,
        })
    }
}

/// What does not fit in an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Tampered {
    #[error("body is not what its digest says")]
    Body,
    #[error("header or digest is not what the hash says")]
    Header,
    #[error("header does not read as the header it was")]
    Columns,
    #[error("previous hash is not that of the entry before")]
    Chain,
    #[error("an entry is missing before this one")]
    Gap,
}

/// The columns of an entry, for statements over `log` and `trail`.
pub(crate) const COLUMNS: &str =
    "seq, header, salt, body, body_digest, prev, hash, arrived, conflict, unapplied";

/// [`Entry::counts`] as a condition on `log`.
pub(crate) const COUNTS: &str = "conflict is null and unapplied is null";

/// A log table: the facts, or the trail beside them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Book {
    Log,
    Trail,
}

impl Book {
    pub(crate) fn table(self) -> &'static str {
        match self {
            Book::Log => "log",
            Book::Trail => "trail",
        }
    }
}

/// The end of one origin's chain in one book.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Head {
    pub origin_seq: i64,
    pub hash: Digests,
}

/// Makes the heads of both books, so that there is something to take for update.
pub(crate) fn begin(conn: &mut Conn) -> Result<(), DbError> {
    for book in [Book::Log, Book::Trail] {
        conn.run(
            "insert into log_head (book, seq) values ($1, 0) on conflict (book) do nothing",
            params![book.table()],
        )?;
    }
    Ok(())
}

/// The last seq of each book by its table, taken for update: whatever the number of
/// processes, one group is under way, and a seq that is given is committed or free.
pub(crate) fn lock(conn: &mut Conn) -> Result<BTreeMap<String, i64>, DbError> {
    let rows = conn.rows("select book, seq from log_head order by book for update", &[])?;
    rows.iter().map(|row| Ok((row.get("book")?, row.get("seq")?))).collect()
}

/// The last seq of a book.
pub(crate) fn last_seq(conn: &mut Conn, book: Book) -> Result<i64, DbError> {
    let row = conn.row("select seq from log_head where book = $1", params![book.table()])?;
    row.map_or(Ok(0), |row| row.get("seq"))
}

pub(crate) fn head(conn: &mut dyn Read, book: Book, origin: &str) -> Result<Head, DbError> {
    let row = conn.row(
        "select origin_seq, hash from log_origin where book = $1 and origin = $2",
        params![book.table(), origin],
    )?;
    match row {
        None => Ok(Head { origin_seq: 0, hash: Digests::GENESIS }),
        Some(row) => Ok(Head {
            origin_seq: row.get("origin_seq")?,
            hash: Digests::from_text(&row.get::<String>("hash")?)
                .ok_or_else(|| DbError::Engine("log_origin holds a broken hash".to_owned()))?,
        }),
    }
}

/// Writes an entry; the heads are moved once per group.
pub(crate) fn append(conn: &mut Conn, book: Book, entry: &Entry) -> Result<(), DbError> {
    let header = &entry.header;
    let table = book.table();
    conn.send(
        &format!(
            "insert into {table} (seq, origin, origin_seq, id, kind, subject, region, org, class, \
             cause, correlation, occurred, at, header, salt, body, body_digest, prev, hash, arrived, \
             conflict, unapplied) values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16, \
             $17,$18,$19,$20,$21,$22)"
        ),
        params![
            entry.seq,
            &header.origin,
            header.origin_seq,
            header.id,
            &header.kind,
            header.subject,
            header.region.clone(),
            header.org,
            header.class,
            header.cause,
            header.correlation,
            header.occurred,
            header.at,
            &entry.header_text,
            &entry.salt,
            entry.body.clone(),
            entry.body_digest.to_text(),
            entry.prev.to_text(),
            entry.hash.to_text(),
            entry.arrived,
            entry.conflict.clone(),
            entry.unapplied.clone(),
        ],
    )?;
    if book == Book::Log {
        for region in &header.reach {
            conn.send(
                "insert into log_reach (seq, region) values ($1, $2) \
                 on conflict (seq, region) do nothing",
                params![entry.seq, region],
            )?;
        }
    }
    Ok(())
}

/// Copies the first entries of a log, up to and with `upto`, as they stand, and whom
/// they reach.
pub(crate) fn copy(
    source: &mut dyn Read,
    conn: &mut Conn,
    upto: i64,
    batch: i64,
) -> Result<(), DbError> {
    let mut seq = 0;
    while seq < upto {
        let rows = source.rows(
            "select * from log where seq > $1 and seq <= $2 order by seq limit $3",
            params![seq, upto, batch],
        )?;
        let Some(last) = rows.last() else { break };
        let before = seq;
        seq = last.get("seq")?;
        for row in &rows {
            conn.insert("log", row)?;
        }
        let reach = "select * from log_reach where seq > $1 and seq <= $2";
        for row in source.rows(reach, params![before, seq])? {
            conn.insert("log_reach", &row)?;
        }
    }
    Ok(())
}

/// Moves both heads of a book to where they stand.
pub(crate) fn save_head(
    conn: &mut Conn,
    book: Book,
    origin: &str,
    seq: i64,
    origin_seq: i64,
    hash: Digests,
) -> Result<(), DbError> {
    conn.send(
        "insert into log_head (book, seq) values ($1, $2) \
         on conflict (book) do update set seq = excluded.seq",
        params![book.table(), seq],
    )?;
    conn.send(
        "insert into log_origin (book, origin, origin_seq, hash) values ($1, $2, $3, $4) \
         on conflict (book, origin) do update \
         set origin_seq = excluded.origin_seq, hash = excluded.hash",
        params![book.table(), origin, origin_seq, hash.to_text()],
    )?;
    Ok(())
}

/// Entries after `seq`, oldest first.
pub fn after(db: &mut dyn Read, book: Book, seq: i64, limit: i64) -> Result<Vec<Entry>, DbError> {
    let table = book.table();
    let rows = db.rows(
        &format!("select {COLUMNS} from {table} where seq > $1 order by seq limit $2"),
        params![seq, limit],
    )?;
    rows.into_iter().map(Entry::from_row).collect()
}

/// Entries before `seq`, newest first.
pub fn before(
    db: &mut dyn Read,
    book: Book,
    seq: i64,
    limit: i64,
) -> Result<Vec<Entry>, crate::Error> {
    let table = book.table();
    let rows = db.rows(
        &format!("select {COLUMNS} from {table} where seq < $1 order by seq desc limit $2"),
        params![seq, limit],
    )?;
    Ok(rows.into_iter().map(Entry::from_row).collect::<Result<_, _>>()?)
}

/// Entries of the log for a condition written by the caller (with its order and
/// limit); values go by `params`, never into the text.
pub fn select(
    db: &mut dyn Read,
    condition: &str,
    params: &[crate::Value],
) -> Result<Vec<Entry>, crate::Error> {
    let rows = db.rows(&format!("select {COLUMNS} from log where {condition}"), params)?;
    Ok(rows.into_iter().map(Entry::from_row).collect::<Result<_, _>>()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_the_published_ones() {
        // GB/T 32905-2016, annex A.1 and FIPS 180-4: the message "abc".
        let digests = Digests::of(&[b"abc"]);
        assert_eq!(
            hex::encode(digests.sm3),
            "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
        );
        assert_eq!(
            hex::encode(digests.sha256),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        assert_eq!(Digests::from_text(&digests.to_text()), Some(digests));
    }
}
