//! Reading a segment through before anything of it counts.

use std::collections::HashSet;
use std::io::{BufRead, Read as _};

use base::{AdminCode, Id};

use super::{Digests, Entry, FORMAT, Header, LONGEST_LINE, Line, SEAL, Seal, SegmentHead, signed};
use crate::error::{Error, Result};
use crate::log::{Book, Head};
use crate::world::World;
use crate::{Read, Value, neighbour, params};

/// The fact that a node begins again with.
const RESTORED: &str = "node.restored";
/// The longest name of a kind, in bytes: an index holds it, and not every database's
/// takes a long one.
const LONGEST_KIND: usize = 200;

/// The log that a segment is held against.
pub(super) trait Here {
    fn origin(&self) -> &str;

    fn ask<T>(&self, ask: impl FnOnce(&mut dyn Read) -> Result<T>) -> Result<T>;
}

impl Here for World {
    fn origin(&self) -> &str {
        self.origin()
    }

    fn ask<T>(&self, ask: impl FnOnce(&mut dyn Read) -> Result<T>) -> Result<T> {
        self.read_now(ask)
    }
}

/// Verifies a whole segment: whose it is, that it is all there, that nobody changed
/// it, that its chain is one and continues what is here. One line is held at a time.
///
/// Answers its head, and the regions that its key may speak for.
///
/// # Errors
/// As [`super::take_in`].
pub(super) fn verify(
    world: &impl Here,
    input: &mut dyn BufRead,
) -> Result<(SegmentHead, Vec<AdminCode>)> {
    let mut here = Head { origin_seq: 0, hash: Digests::GENESIS };
    let mut walk = Walk::begin(input)?;
    if walk.head.origin == world.origin() {
        return Err(Error::conflict("own-origin", "a node does not take in its own log"));
    }
    let mut regions = Vec::new();
    world.ask(|db| {
        let head = &walk.head;
        regions = neighbour::believes(db, &head.origin, &head.key, &head.endorsements)?;
        here = crate::log::head(db, Book::Log, &head.origin)?;
        Ok(())
    })?;
    let mut ids = Ids::default();
    while let Some(entry) = walk.next()? {
        meets(world, &here, &walk.head, &entry)?;
        if here.origin_seq < entry.header.origin_seq {
            ids.add(world, &entry)?;
        }
    }
    ids.look(world)?;
    Ok((walk.head, regions))
}

/// Ids of new entries: each names one entry of the log, and causes go by it.
#[derive(Default)]
struct Ids {
    seen: HashSet<Id>,
    /// Not looked for in the log yet.
    fresh: Vec<Id>,
}

impl Ids {
    fn add(&mut self, world: &impl Here, entry: &Entry) -> Result<()> {
        if !self.seen.insert(entry.id()) {
            return Err(id_taken(entry.id()));
        }
        self.fresh.push(entry.id());
        if self.fresh.len() < super::PIECE { Ok(()) } else { self.look(world) }
    }

    fn look(&mut self, world: &impl Here) -> Result<()> {
        let ids: Vec<Value> = self.fresh.drain(..).map(Value::from).collect();
        if ids.is_empty() {
            return Ok(());
        }
        let mut params = Vec::new();
        let places = crate::scope::bind(ids, &mut params);
        let sql = format!("select id from log where id in ({places}) limit 1");
        match world.ask(|db| Ok(db.row(&sql, &params)?))? {
            Some(row) => Err(id_taken(row.get("id")?)),
            None => Ok(()),
        }
    }
}

fn id_taken(id: Id) -> Error {
    Error::conflict("id-taken", format!("{id} names another entry of the log here"))
}

/// A segment read line by line, and held against all that it says of itself.
pub(super) struct Walk<'a> {
    pub(super) head: SegmentHead,
    lines: Lines<'a>,
    digest: crate::log::DigestStream,
    /// The last entry read: its number and hash.
    before: (i64, Option<Digests>),
}

impl<'a> Walk<'a> {
    pub(super) fn begin(input: &'a mut dyn BufRead) -> Result<Walk<'a>> {
        let mut lines = Lines::new(input);
        let text = lines.next()?.ok_or_else(|| {
            Error::invalid("segment", "nothing", "a head line, one line per entry, a signature")
        })?;
        let head = head(&text)?;
        let mut digest = Digests::stream();
        digest.update(text.as_bytes());
        let before = (head.first - 1, None);
        Ok(Walk { head, lines, digest, before })
    }

    /// The next entry, whose chain is sound so far; at the end, after the signature has
    /// been verified by the key that the head names, `None`.
    pub(super) fn next(&mut self) -> Result<Option<Entry>> {
        let (seq, hash) = self.before;
        if seq == self.head.last {
            return self.end().map(|()| None);
        }
        let at = self.lines.number + 1;
        let text = self.lines.next()?.filter(|text| !text.starts_with(SEAL)).ok_or_else(|| {
            let seen = format!("an end before #{}", seq + 1);
            Error::invalid(format!("line {at}"), seen, format!("entries up to #{}", self.head.last))
        })?;
        let entry = entry(&text, &self.head.origin, self.lines.number)?;
        self.digest.update(text.as_bytes());
        // The first is held against the chain that is here, by the caller.
        continues(&self.head.origin, seq, hash.unwrap_or(entry.prev), &entry)?;
        self.before = (entry.header.origin_seq, Some(entry.hash));
        Ok(Some(entry))
    }

    fn end(&mut self) -> Result<()> {
        let at = format!("line {}", self.lines.number + 1);
        let text = self.lines.next()?.unwrap_or_default();
        let seal: Seal = serde_json::from_str(&text)
            .map_err(|error| Error::invalid(&at, error.to_string(), "the signature"))?;
        if self.lines.next()?.is_some() {
            return Err(Error::invalid(at, "lines after the signature", "the end"));
        }
        let digest = std::mem::replace(&mut self.digest, Digests::stream());
        if !self.head.key.verifies(&signed(&self.head.origin, digest.finish()), &seal.signature) {
            let expected =
                format!("the signature of {} over these lines", self.head.key.fingerprint());
            return Err(Error::invalid("signature", "another", expected));
        }
        Ok(())
    }
}

/// Whether an entry fits what is here. Equal hashes mean equal chains before them,
/// so one comparison is enough: at the join, or at the end of what is known.
fn meets(world: &impl Here, here: &Head, head: &SegmentHead, entry: &Entry) -> Result<()> {
    let seq = entry.header.origin_seq;
    if seq == head.first && here.origin_seq < seq {
        return continues(&head.origin, here.origin_seq, here.hash, entry);
    }
    // What begins again after a backup is a known kind of difference.
    let look = [head.last, here.origin_seq].contains(&seq) || entry.kind() == RESTORED;
    if look && seq <= here.origin_seq {
        let kept = world.ask(|db| {
            let sql = "select hash from log where origin = $1 and origin_seq = $2";
            let row = db.row(sql, params![&head.origin, seq])?;
            Ok(row.map(|row| row.get::<String>("hash")).transpose()?)
        })?;
        if kept != Some(entry.hash.to_text()) {
            return Err(differs(entry, here.origin_seq));
        }
    }
    Ok(())
}

/// Whether an entry is the next after (`seq`, `hash`) of its origin.
pub(super) fn continues(origin: &str, seq: i64, hash: Digests, entry: &Entry) -> Result<()> {
    let came = entry.header.origin_seq;
    if came != seq + 1 {
        let detail = format!("{origin} #{came} came, #{} is next", seq + 1);
        return Err(Error::conflict("gap", detail));
    }
    if entry.prev != hash {
        let detail = format!("{origin} #{came} does not continue the chain before it");
        return Err(Error::conflict("chain-broken", detail));
    }
    Ok(())
}

/// Why an entry is not the one of its number that is here; `newest` is the last one.
pub(super) fn differs(entry: &Entry, newest: i64) -> Error {
    let (origin, seq) = (&entry.header.origin, entry.header.origin_seq);
    if entry.kind() == RESTORED {
        let detail = format!(
            "{origin} began again from a backup after #{}, and entries up to #{newest} that it \
             has lost are here: a person decides",
            seq - 1
        );
        return Error::conflict("origin-restored", detail);
    }
    Error::conflict("entry-differs", format!("{origin} #{seq} is not the entry that is here"))
}

pub(super) fn head(text: &str) -> Result<SegmentHead> {
    let head: SegmentHead = serde_json::from_str(text)
        .map_err(|error| Error::invalid("line 1", error.to_string(), "the head of a segment"))?;
    if head.format != FORMAT {
        return Err(Error::invalid("format", head.format, FORMAT.to_string()));
    }
    // No other name can be trusted, and not every database can be asked about one. What
    // was written in a drill is its node's name, a dot, and the drill's.
    let (node, drill) = head.origin.split_once('.').unwrap_or((&head.origin, "drill"));
    neighbour::named(node).and(neighbour::named(drill)).map_err(|_| {
        Error::invalid("origin", &head.origin, "1 to 64 letters, digits and hyphens")
    })?;
    if head.first < 1 || head.last < head.first {
        let seen = format!("#{} to #{}", head.first, head.last);
        return Err(Error::invalid("line 1", seen, "at least one entry, from #1 on"));
    }
    Ok(head)
}

/// One line as an entry whose hashes are its own.
pub(super) fn entry(text: &str, origin: &str, number: u64) -> Result<Entry> {
    let at = || format!("line {number}");
    let line: Line = serde_json::from_str(text)
        .map_err(|error| Error::invalid(at(), error.to_string(), "an entry of a segment"))?;
    let digests = |text: &str| {
        Digests::from_text(text).ok_or_else(|| Error::invalid(at(), text, "two hashes in hex"))
    };
    let header: Header = serde_json::from_str(&line.header)
        .map_err(|error| Error::invalid(at(), error.to_string(), "a header"))?;
    if header.origin != origin {
        return Err(Error::invalid(at(), header.origin, format!("the origin {origin}")));
    }
    let bytes = header.kind.len();
    if LONGEST_KIND < bytes {
        let expected = format!("at most {LONGEST_KIND} bytes");
        return Err(Error::invalid(at(), format!("a kind of {bytes} bytes"), expected));
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
        actor_name: None,
        conflict: None,
        unapplied: None,
    };
    // No node writes such an entry, and not every database keeps one.
    let texts = [&entry.header.kind, &entry.header_text, &entry.salt];
    if texts.into_iter().chain(&entry.body).any(|text| text.contains('\0')) {
        return Err(Error::invalid(at(), "a NUL character", "text"));
    }
    entry
        .check()
        .map_err(|tampered| Error::invalid(at(), tampered.to_string(), "a sound entry"))?;
    Ok(entry)
}

/// Lines of a segment, with their ends; none longer than allowed.
pub(super) struct Lines<'a> {
    input: &'a mut dyn BufRead,
    pub(super) number: u64,
}

impl<'a> Lines<'a> {
    pub(super) fn new(input: &'a mut dyn BufRead) -> Lines<'a> {
        Lines { input, number: 0 }
    }

    pub(super) fn next(&mut self) -> Result<Option<String>> {
        let mut text = String::new();
        self.number += 1;
        let at = format!("line {}", self.number);
        match (&mut self.input).take(LONGEST_LINE).read_line(&mut text) {
            Ok(0) => Ok(None),
            Ok(_) if text.ends_with('\n') => Ok(Some(text)),
            Ok(_) => Err(Error::invalid(at, "no end of line", "a whole line")),
            Err(error) => Err(Error::invalid(at, error.to_string(), "UTF-8 text")),
        }
    }
}
