//! What is in a segment, for people: read through, beside any world.

use std::collections::BTreeMap;
use std::io::BufRead;

use base::Timestamp;
use serde::Serialize;

use super::{Class, SegmentHead, check};
use crate::error::{Error, Result};
use crate::signing::vouched;

/// What a segment holds. All of it is what its author says; that it was not changed on the
/// way, and that its chain is one, is verified.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Contents {
    pub origin: String,
    pub first: i64,
    pub last: i64,
    pub entries: u64,
    /// Entries whose body was withheld from the receiver.
    pub closed: u64,
    /// Bodies above this class are closed.
    pub openness: Class,
    /// How many of each kind of fact.
    pub kinds: BTreeMap<String, u64>,
    /// How many are at home in each division; under `-` those of the node itself.
    pub regions: BTreeMap<String, u64>,
    /// When the first and the last of them happened, by its author's clock.
    pub from: Option<Timestamp>,
    pub to: Option<Timestamp>,
    /// Of the key that signed it.
    pub fingerprint: String,
    /// Earlier keys of the same node that vouch for it, from the latest on.
    pub endorsed_by: Vec<String>,
}

/// Reads a segment through, and verifies all that it can say of itself: its chain, and
/// its signature by the key that it names. Whether that key is believed is not asked.
///
/// # Errors
/// [`crate::Error::Invalid`] for a wrong signature, a cut file, a line that does not read
/// or an entry that does not verify; [`crate::Error::Conflict`] for a gap.
pub fn contents(input: &mut dyn BufRead) -> Result<Contents> {
    walk(input).map(|(_, contents)| contents)
}

/// Like [`contents`], and only if the key with this fingerprint signed it, or an earlier
/// key with it vouches for the one that did.
///
/// # Errors
/// As [`contents`]; [`Error::Conflict`] `unknown-key` for another key;
/// [`Error::Invalid`] for what is no fingerprint.
pub fn contents_of(input: &mut dyn BufRead, fingerprint: &str) -> Result<Contents> {
    let expected = crate::neighbour::read_fingerprint(fingerprint)?;
    let (head, contents) = walk(input)?;
    let is_it = |of: &str| Ok((of == expected).then_some(()));
    match vouched(&head.origin, &head.key, &head.endorsements, is_it)? {
        Some(()) => Ok(contents),
        None => {
            let seen = head.key.fingerprint();
            let detail = format!("{seen} signed it, expected {expected} or one that it endorses");
            Err(Error::conflict("unknown-key", detail))
        }
    }
}

fn walk(input: &mut dyn BufRead) -> Result<(SegmentHead, Contents)> {
    let mut walk = check::Walk::begin(input)?;
    let SegmentHead { origin, first, last, openness, key, endorsements, .. } = walk.head.clone();
    let mut contents = Contents {
        origin,
        first,
        last,
        entries: 0,
        closed: 0,
        openness,
        kinds: BTreeMap::new(),
        regions: BTreeMap::new(),
        from: None,
        to: None,
        fingerprint: key.fingerprint(),
        endorsed_by: endorsements.iter().map(|it| it.key.fingerprint()).collect(),
    };
    while let Some(entry) = walk.next()? {
        contents.entries += 1;
        contents.closed += u64::from(entry.body.is_none());
        *contents.kinds.entry(entry.kind().to_owned()).or_default() += 1;
        let region = entry.header.region.as_ref().map_or("-".to_owned(), ToString::to_string);
        *contents.regions.entry(region).or_default() += 1;
        contents.from.get_or_insert(entry.at());
        contents.to = Some(entry.at());
    }
    Ok((walk.head, contents))
}
