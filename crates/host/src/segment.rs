//! Segments: a stretch of one origin's log on its way to another node.
//!
//! NDJSON: one head line, one line per entry with header and body as they were
//! hashed, and one line with the origin's signature over the digest of all bytes
//! before it. Bodies above a class, or outside what the receiver may see, are
//! closed: their digest is there, so the chain verifies all the same. The same
//! file goes over HTTPS, or through a one-way gateway (网闸) as a file.
//!
//! A closed entry's header is open: who receives it learns that at a moment
//! something of this kind happened to this subject in this region, with its cause
//! and thread. What must not be known even so is not sent at all.
//!
//! Taking in is all or nothing up to the first entry: the file is spooled, read
//! through once and verified whole, and only then taken in, in pieces. It is
//! idempotent, and nothing of a foreign node makes this one act: its reactions see
//! their own node's facts only.

mod check;
mod contents;
mod next;
mod routes;
mod spool;
mod stored;
mod whole;

use std::io::{BufRead, Write};
use std::sync::Arc;

use base::{AdminCode, Timestamp};
use serde::{Deserialize, Serialize};

use crate::db::{DbError, Read, Value};
use crate::error::{Error, Result};
use crate::log::{Book, COLUMNS, Class, Digests, Entry, Header};
use crate::params;
use crate::scope::Scope;
use crate::signing::{Endorsement, PublicKey, Signature, SigningKey};
use crate::tx::Tx;
use crate::world::{Lane, World};

pub use contents::{Contents, contents, contents_of};
pub(crate) use next::next_for;
pub use routes::EXCHANGE;
pub(crate) use routes::part;
pub(crate) use spool::LARGEST;
pub use spool::{Refused, refused, refused_count};
pub(crate) use spool::{clear as clear_spool, room_for};
pub use stored::Stored;
pub use whole::{fold, read};

/// Reads the first line of a segment, and verifies nothing.
///
/// # Errors
/// [`Error::Invalid`] for a line that is none.
pub(crate) fn head_of(line: &str) -> Result<SegmentHead> {
    check::head(line)
}

/// Whether a segment's last line is there, as far as its last bytes say.
pub(crate) fn ends_with_seal(last: &[u8]) -> bool {
    let Some(lines) = last.strip_suffix(b"\n") else { return false };
    let begins = lines.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    lines[begins..].starts_with(SEAL.as_bytes())
}

const FORMAT: u32 = 2;
/// The largest line of a segment, in bytes: a body is a fact, never a document.
const LONGEST_LINE: u64 = 4 << 20;
/// Entries per query while writing and per command while taking in, so that an
/// alarm never waits behind a segment.
const PIECE: usize = 64;
/// And bytes per command.
const PIECE_BYTES: usize = 1 << 20;

/// The first line of a segment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SegmentHead {
    pub format: u32,
    pub origin: String,
    /// The origin's seq of the first and the last entry.
    pub first: i64,
    pub last: i64,
    /// Bodies above this class are closed.
    pub openness: Class,
    /// What the last line is signed with.
    pub key: PublicKey,
    /// Earlier keys of the origin, from the latest on, each vouching for the next.
    pub endorsements: Vec<Endorsement>,
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

/// The last line of a segment.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Seal {
    signature: Signature,
}

/// How every last line begins, and no other.
const SEAL: &str = "{\"signature\":";

/// What is signed: the origin and the digest of all bytes before the last line.
fn signed(origin: &str, digest: Digests) -> Vec<u8> {
    format!("fengsui segment of {origin}: {}", digest.to_text()).into_bytes()
}

/// What is wanted of this world's log, and how much of it the receiver may read.
#[derive(Debug, Clone)]
pub struct Outgoing {
    /// The last entry of this origin that the receiver has; 0 for none.
    pub after: i64,
    /// How many entries at most.
    pub limit: i64,
    /// Bodies above this class are closed.
    pub openness: Class,
    /// Bodies outside are closed, but for those of the class 公开.
    pub scope: Scope,
}

/// What taking in a segment came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Taken {
    pub new: u64,
    /// Entries that were here already.
    pub known: u64,
    /// New ones whose body is closed here.
    pub closed: u64,
    /// New ones that change no table here, for another reason.
    pub unapplied: u64,
}

/// Writes entries of this world's own origin; `None` when there is nothing new.
///
/// # Errors
/// [`Error::Db`] when the log cannot be read; [`Error::Internal`] when there is no
/// key to sign with or `out` does not take the bytes.
pub fn write(world: &World, wanted: &Outgoing, out: &mut dyn Write) -> Result<Option<SegmentHead>> {
    let key = SigningKey::load(world.directory())?;
    world.read_now(|db| write_from(db, world.origin(), &key, wanted, out))
}

/// Writes entries of `origin`, whose log is its own there and whose key this is.
fn write_from(
    db: &mut dyn Read,
    origin: &str,
    key: &SigningKey,
    wanted: &Outgoing,
    out: &mut dyn Write,
) -> Result<Option<SegmentHead>> {
    let newest = crate::log::head(db, Book::Log, origin)?.origin_seq;
    let last = wanted.after.saturating_add(wanted.limit).min(newest);
    if wanted.after < 0 || last <= wanted.after {
        return Ok(None);
    }
    let head = SegmentHead {
        format: FORMAT,
        origin: origin.to_owned(),
        first: wanted.after + 1,
        last,
        openness: wanted.openness,
        key: key.public(),
        endorsements: key.endorsements().to_vec(),
    };
    let mut sheet = Sheet { out, digest: Digests::stream() };
    sheet.put(&head)?;
    let mut after = wanted.after;
    while after < last {
        let piece = last.min(after + PIECE as i64);
        for (entry, inside) in stretch(db, origin, after, piece, &wanted.scope)? {
            let open = entry.header.class <= wanted.openness
                && (inside || entry.header.class == Class::Public);
            sheet.put(&line(entry, open))?;
        }
        after = piece;
    }
    let Sheet { out, digest } = sheet;
    let seal = Seal { signature: key.sign(&signed(origin, digest.finish()))? };
    Sheet { out, digest: Digests::stream() }.put(&seal)?;
    Ok(Some(head))
}

/// Entries of one origin after `after` up to `last`, and whether each is inside.
fn stretch(
    db: &mut dyn Read,
    origin: &str,
    after: i64,
    last: i64,
    scope: &Scope,
) -> Result<Vec<(Entry, bool)>> {
    let mut params: Vec<Value> = vec![origin.into(), after.into(), last.into()];
    let inside = scope.filter_reaching_by("log", "log_reach", "seq", &mut params);
    let rows = db.rows(
        &format!(
            "select {COLUMNS}, case when {inside} then 1 else 0 end as inside from log \
             where origin = $1 and $2 < origin_seq and origin_seq <= $3 order by origin_seq"
        ),
        &params,
    )?;
    let pair = |row: crate::Row| {
        let inside = row.get("inside")?;
        Ok((Entry::from_row(row)?, inside))
    };
    rows.into_iter().map(pair).collect()
}

fn line(entry: Entry, open: bool) -> Line {
    Line {
        header: entry.header_text,
        // The salt of a closed body would let its text be guessed.
        salt: if open { entry.salt } else { String::new() },
        body: entry.body.filter(|_| open),
        body_digest: entry.body_digest.to_text(),
        prev: entry.prev.to_text(),
        hash: entry.hash.to_text(),
    }
}

/// Lines on their way out, and their digest.
struct Sheet<'a> {
    out: &'a mut dyn Write,
    digest: crate::log::DigestStream,
}

impl Sheet<'_> {
    fn put<T: Serialize>(&mut self, line: &T) -> Result<()> {
        let failed = |error: &dyn std::fmt::Display| Error::Internal(format!("segment: {error}"));
        let mut text = serde_json::to_string(line).map_err(|error| failed(&error))?;
        text.push('\n');
        self.digest.update(text.as_bytes());
        self.out.write_all(text.as_bytes()).map_err(|error| failed(&error))
    }
}

/// Takes in a segment of another node: verified whole first, or nothing of it.
/// What was refused is kept with its reason ([`refused`]).
///
/// # Errors
/// [`Error::Conflict`] for an origin or a key that nobody here trusts, a key that is
/// distrusted, a gap, a chain that does not continue the one here, or this node's
/// own origin; [`Error::Invalid`] for a wrong signature, a cut file, a line that does
/// not read, an entry that does not verify or that the database does not take (those
/// before it may be in already); [`Error::TooLarge`]; [`Error::DiskFull`].
pub fn take_in(world: &World, input: &mut dyn std::io::Read) -> Result<Taken> {
    take_in_with_head(world, input).map(|(_, taken)| taken)
}

/// Like [`take_in`]; answers whose segment it was, too.
///
/// # Errors
/// As [`take_in`].
pub fn take_in_with_head(
    world: &World,
    input: &mut dyn std::io::Read,
) -> Result<(SegmentHead, Taken)> {
    let spooled = spool::spool(world, input)?;
    let checked = spooled.too_large().and_then(|()| check::verify(world, &mut spooled.open()?));
    let taken = checked.and_then(|(head, regions)| {
        let taken = apply(world, &head, &regions.into(), &mut spooled.open()?)?;
        Ok((head, taken))
    });
    match taken.map_err(refused_by_the_log) {
        Ok(taken) => Ok(taken),
        Err(error @ (Error::Conflict { .. } | Error::Invalid { .. } | Error::TooLarge { .. })) => {
            spool::keep_refusal(world, &spooled, &error)?;
            Err(error)
        }
        Err(error) => Err(error),
    }
}

/// A value that the log does not take is the segment's fault, whatever the engine: it
/// would be refused the next time too, and must not look like trouble of this node.
fn refused_by_the_log(error: Error) -> Error {
    match &error {
        Error::Db(refusal) => match refusal.of_value() {
            Some(reason) => Error::invalid("segment", reason, "values that the log takes"),
            None => error,
        },
        _ => error,
    }
}

/// Takes in entries that are verified.
fn apply(
    world: &World,
    head: &SegmentHead,
    regions: &Arc<[AdminCode]>,
    input: &mut dyn BufRead,
) -> Result<Taken> {
    let mut lines = check::Lines::new(input);
    lines.next()?;
    let mut taken = Taken::default();
    let mut seq = head.first;
    while seq <= head.last {
        let (mut piece, mut bytes) = (Vec::new(), 0);
        while seq <= head.last && piece.len() < PIECE && bytes < PIECE_BYTES {
            let Some(text) = lines.next()? else { break };
            bytes += text.len();
            piece.push(check::entry(&text, &head.origin, lines.number)?);
            seq += 1;
        }
        if piece.is_empty() {
            return Err(Error::Internal("a verified segment ended before its end".to_owned()));
        }
        let regions = Arc::clone(regions);
        let part = world.run(Lane::Ordinary, "node", move |tx| {
            let mut taken = Taken::default();
            for entry in piece {
                tx.take_in(entry, &regions, &mut taken)?;
            }
            Ok(taken)
        })?;
        taken.new += part.new;
        taken.known += part.known;
        taken.closed += part.closed;
        taken.unapplied += part.unapplied;
    }
    Ok(taken)
}

impl Tx<'_> {
    /// Appends one verified foreign entry under a local seq, and applies it.
    fn take_in(&mut self, entry: Entry, regions: &[AdminCode], taken: &mut Taken) -> Result<()> {
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
                return Err(check::differs(&entry, head.origin_seq));
            }
            taken.known += 1;
            return Ok(());
        }
        // Another segment of the same origin may have come in since this was verified.
        check::continues(&origin, head.origin_seq, head.hash, &entry)?;
        taken.new += 1;
        taken.closed += u64::from(entry.body.is_none());
        taken.unapplied += u64::from(!self.append_foreign(entry, regions)?);
        Ok(())
    }
}

/// How far this world has another node's log.
///
/// # Errors
/// [`DbError`] when the database does not answer.
pub fn position(db: &mut dyn Read, origin: &str) -> Result<i64, DbError> {
    crate::log::head(db, Book::Log, origin).map(|head| head.origin_seq)
}
