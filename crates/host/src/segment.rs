//! Segments: a stretch of one origin's log on its way to another node.
//!
//! NDJSON: one head line, then one line per entry with header and body as they
//! were hashed. Bodies above a class, or outside what the receiver may see, are
//! closed: their digest is there, so the chain verifies all the same. The same
//! file goes over HTTPS, or through a one-way gateway (网闸) as a file.
//!
//! Taking in is idempotent: entries that are here already are compared and
//! skipped, a gap or a broken chain refuses the rest, and nothing of a foreign
//! node makes this one act: its reactions see their own node's facts only.

use std::io::{BufRead, Write};

use serde::{Deserialize, Serialize};

use crate::db::{DbError, Read};
use crate::error::{Error, Result};
use crate::log::{Book, COLUMNS, Class, Digests, Entry, Header};
use crate::params;
use crate::tx::Tx;
use crate::world::{Lane, World};

/// The largest line of a segment, in bytes: a body is a fact, never a document.
const LONGEST_LINE: u64 = 4 << 20;
/// Entries taken in per command, so that an alarm never waits behind a segment.
const PIECE: usize = 64;

/// The first line of a segment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SegmentHead {
    pub format: u32,
    pub origin: String,
    /// The origin's seq of the first and the last entry.
    pub first: i64,
    pub last: i64,
}

#[derive(Serialize, Deserialize)]
struct Line {
    header: String,
    salt: String,
    body: Option<String>,
    body_digest: String,
    prev: String,
    hash: String,
}

/// What taking in a segment came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Taken {
    pub new: u64,
    /// Entries that were here already.
    pub known: u64,
    /// New ones whose body is closed here.
    pub closed: u64,
}

/// Writes entries of this world's own origin after `after`, at most `limit`.
///
/// Bodies above `openness` are closed.
///
/// # Errors
/// [`Error::Db`] when the log cannot be read; [`Error::Internal`] when `out` does
/// not take the bytes.
pub fn write(
    world: &World,
    after: i64,
    limit: i64,
    openness: Class,
    out: &mut dyn Write,
) -> Result<Option<SegmentHead>> {
    let origin = world.origin().to_owned();
    let rows = world.read_now(|db| {
        Ok(db.rows(
            &format!(
                "select {COLUMNS} from log where origin = $1 and origin_seq > $2 \
                 order by origin_seq limit $3"
            ),
            params![&origin, after, limit],
        )?)
    })?;
    let entries: Vec<Entry> = rows.iter().map(Entry::from_row).collect::<Result<_, _>>()?;
    let (Some(first), Some(last)) = (entries.first(), entries.last()) else { return Ok(None) };
    let head = SegmentHead {
        format: 1,
        origin,
        first: first.header.origin_seq,
        last: last.header.origin_seq,
    };
    let mut put = |line: String| {
        writeln!(out, "{line}").map_err(|error| Error::Internal(format!("segment: {error}")))
    };
    let json = |error: serde_json::Error| Error::Internal(format!("segment: {error}"));
    put(serde_json::to_string(&head).map_err(json)?)?;
    for entry in entries {
        let closed = openness < entry.header.class;
        let line = Line {
            header: entry.header_text,
            // The salt of a closed body would let its text be guessed.
            salt: if closed { String::new() } else { entry.salt },
            body: entry.body.filter(|_| !closed),
            body_digest: entry.body_digest.to_text(),
            prev: entry.prev.to_text(),
            hash: entry.hash.to_text(),
        };
        put(serde_json::to_string(&line).map_err(json)?)?;
    }
    Ok(Some(head))
}

/// Takes in a segment of another node.
///
/// # Errors
/// [`Error::Invalid`] for a line that does not read, an entry that does not verify,
/// or one that names another origin; [`Error::Conflict`] for a gap, an entry that
/// differs from the one here, or this node's own origin. What came before stays.
pub fn take_in(world: &World, input: &mut dyn BufRead) -> Result<Taken> {
    let mut lines = Lines { input, number: 0 };
    let head: SegmentHead = lines.next()?.ok_or_else(|| {
        Error::invalid("segment", "nothing", "a head line and one line per entry")
    })?;
    if head.format != 1 {
        return Err(Error::invalid("format", head.format, "1"));
    }
    if head.origin == world.origin() {
        return Err(Error::conflict("own-origin", "a node does not take in its own log"));
    }
    let mut taken = Taken::default();
    loop {
        let mut piece = Vec::new();
        while piece.len() < PIECE {
            let Some(line) = lines.next::<Line>()? else { break };
            piece.push(entry(line, &head.origin, lines.number)?);
        }
        if piece.is_empty() {
            return Ok(taken);
        }
        let part = world.run(Lane::Ordinary, "node", move |tx| {
            let mut taken = Taken::default();
            for entry in piece {
                tx.take_in(entry, &mut taken)?;
            }
            Ok(taken)
        })?;
        taken.new += part.new;
        taken.known += part.known;
        taken.closed += part.closed;
    }
}

struct Lines<'a> {
    input: &'a mut dyn BufRead,
    number: u64,
}

impl Lines<'_> {
    fn next<T: serde::de::DeserializeOwned>(&mut self) -> Result<Option<T>> {
        use std::io::Read as _;
        let mut text = String::new();
        self.number += 1;
        let at = format!("line {}", self.number);
        let read = (&mut self.input).take(LONGEST_LINE).read_line(&mut text);
        match read {
            Ok(0) => return Ok(None),
            Ok(_) if text.ends_with('\n') => {}
            Ok(_) => return Err(Error::invalid(at, "no end of line", "a whole line")),
            Err(error) => return Err(Error::invalid(at, error.to_string(), "UTF-8 text")),
        }
        serde_json::from_str(&text)
            .map(Some)
            .map_err(|error| Error::invalid(at, error.to_string(), "an entry of a segment"))
    }
}

fn entry(line: Line, origin: &str, number: u64) -> Result<Entry> {
    let at = || format!("line {number}");
    let digests = |text: &str| {
        Digests::from_text(text).ok_or_else(|| Error::invalid(at(), text, "two hashes in hex"))
    };
    let header: Header = serde_json::from_str(&line.header)
        .map_err(|error| Error::invalid(at(), error.to_string(), "a header"))?;
    if header.origin != origin {
        return Err(Error::invalid(at(), header.origin, format!("the origin {origin}")));
    }
    let entry = Entry {
        seq: 0,
        header,
        header_text: line.header,
        salt: line.salt,
        body: line.body,
        body_digest: digests(&line.body_digest)?,
        prev: digests(&line.prev)?,
        hash: digests(&line.hash)?,
        // Set when it is taken in.
        arrived: base::Timestamp::MIN,
    };
    entry
        .check()
        .map_err(|tampered| Error::invalid(at(), tampered.to_string(), "a sound entry"))?;
    Ok(entry)
}

impl Tx<'_> {
    /// Appends one verified foreign entry under a local seq, and applies it.
    fn take_in(&mut self, entry: Entry, taken: &mut Taken) -> Result<()> {
        let origin = entry.header.origin.clone();
        let origin_seq = entry.header.origin_seq;
        let head = crate::log::head(self.conn, Book::Log, &origin)?;
        if origin_seq <= head.origin_seq {
            let kept = self.row(
                "select hash from log where origin = $1 and origin_seq = $2",
                params![&origin, origin_seq],
            )?;
            let kept: Option<String> = kept.map(|row| row.get("hash")).transpose()?;
            if kept != Some(entry.hash.to_text()) {
                if entry.header.kind == "node.restored" {
                    let detail = format!(
                        "{origin} began again from a backup after #{}, and entries up to #{} that \
                         it has lost are here: a person decides",
                        origin_seq - 1,
                        head.origin_seq
                    );
                    return Err(Error::conflict("origin-restored", detail));
                }
                return Err(Error::conflict(
                    "entry-differs",
                    format!("{origin} #{origin_seq} is not the entry that is here"),
                ));
            }
            taken.known += 1;
            return Ok(());
        }
        if origin_seq != head.origin_seq + 1 {
            let next = head.origin_seq + 1;
            let detail = format!("{origin} #{origin_seq} came, #{next} is next");
            return Err(Error::conflict("gap", detail));
        }
        if entry.prev != head.hash {
            let detail = format!("{origin} #{origin_seq} does not continue the chain that is here");
            return Err(Error::conflict("chain-broken", detail));
        }
        taken.new += 1;
        taken.closed += u64::from(entry.body.is_none());
        self.append_foreign(entry)
    }
}

/// How far this world has another node's log.
///
/// # Errors
/// [`DbError`] when the database does not answer.
pub fn position(db: &mut dyn Read, origin: &str) -> Result<i64, DbError> {
    crate::log::head(db, Book::Log, origin).map(|head| head.origin_seq)
}
