//! An origin's whole log in one segment: read, and folded, beside any world.

use std::collections::BTreeMap;
use std::io::BufRead;

use super::{SegmentHead, check};
use crate::db::{Conn, Sqlite};
use crate::error::{Error, Result};
use crate::fold::{self, Plan, TableDigest, Until};
use crate::log::{self, Book, Digests, Entry};
use crate::migration;
use crate::part::Kit;

/// Reads a segment that begins with its origin's first entry, and verifies all that it
/// can say of itself: its chain, and its signature by the key that it names. Whether
/// that key is believed is the caller's to know.
///
/// # Errors
/// [`Error::Invalid`] for a segment that begins later, a wrong signature, a line that
/// does not read or an entry that does not verify; [`Error::Conflict`] for a gap.
pub fn read(input: &mut dyn BufRead) -> Result<(SegmentHead, Vec<Entry>)> {
    let mut walk = check::Walk::begin(input)?;
    let first = walk.head.first;
    if first != 1 {
        return Err(Error::invalid("line 1", format!("#{first}"), "the first entry, #1"));
    }
    let (mut entries, mut prev) = (Vec::new(), Digests::GENESIS);
    while let Some(mut entry) = walk.next()? {
        let seq = entry.header.origin_seq;
        check::continues(&walk.head.origin, seq - 1, prev, &entry)?;
        prev = entry.hash;
        // In a log of its own it stands where its origin put it.
        (entry.seq, entry.arrived) = (seq, entry.header.at);
        entries.push(entry);
    }
    Ok((walk.head, entries))
}

/// What the log of one origin folds to, in that origin's eyes: the digest of every fact
/// table, as `slice.table`. Nothing is kept.
///
/// # Errors
/// [`Error::Db`] when a slice writes what is not its own.
pub fn fold(kit: &Kit, origin: &str, entries: &[Entry]) -> Result<BTreeMap<String, TableDigest>> {
    let mut log = Conn::Sqlite(Sqlite::scratch()?);
    migration::run(&mut log, kit)?;
    log.begin()?;
    for entry in entries {
        log::append(&mut log, Book::Log, entry)?;
    }
    log.commit()?;
    let mut folded = fold::fold(&mut log, &Plan::whole(kit, origin), Until::End, None)?;
    fold::digests(&mut folded, kit)
}
