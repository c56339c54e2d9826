//! Taken files: which were stored, by name and contents.
//!
//! In: files that `intake` has stored. Out: whether one that comes now is the very same,
//! or another under a name that was there. Tables: `taken_file`, working state, the newest
//! 20 000 of each station (a week of a mine).
//! Source: `(name, SHA-256)` is a file's identity, our reading of 煤安监办〔2019〕42号 in the
//! field: the very same again is acknowledged, counted, and not stored twice. The same
//! name with other contents is a correction and is read; the same contents under another
//! name are another file, whose readings the series have already.
//!
//! Losing rows costs nothing but that: the series drop what they have.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use base::Timestamp;
use host::{Read, Result, Slice, Table, Tx, World, params};
use sha2::{Digest as _, Sha256};

use crate::station::{READ, StationId};

const FILES_KEPT: i64 = 20_000;
/// Files that are remembered until their rows are written, and a while longer.
const REMEMBERED: usize = 20_000;

const TABLES: &[Table] = &[Table::working("taken_file")];

pub(crate) fn slice() -> Slice {
    Slice::without_facts("taken_file", TABLES, READ)
}

/// A file by what it is called and what is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TakenFile {
    pub name: String,
    /// SHA-256 of its name and bytes.
    digest: [u8; 32],
}

/// What was stored before a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Before {
    Nothing,
    /// The very same, then.
    Same(Timestamp),
    /// Another one under its name, then.
    Other(Timestamp),
}

impl TakenFile {
    /// - `kept`: what is kept of it.
    pub fn of(name: String, kept: &[u8]) -> TakenFile {
        let named = [name.as_bytes(), b"\n"].concat();
        let digest = Sha256::new().chain_update(&named).chain_update(kept).finalize().into();
        TakenFile { name, digest }
    }
}

/// Files that were stored a moment ago.
#[derive(Debug, Default)]
pub(crate) struct Recent(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    by_digest: HashMap<(StationId, [u8; 32]), Timestamp>,
    by_name: HashMap<(StationId, String), ([u8; 32], Timestamp)>,
    order: VecDeque<(StationId, TakenFile)>,
}

impl Recent {
    /// What was stored of a station before this file.
    ///
    /// # Errors
    /// [`host::Error::Db`] when the database does not answer.
    pub fn before(&self, world: &World, station: StationId, file: &TakenFile) -> Result<Before> {
        {
            let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(at) = known.by_digest.get(&(station, file.digest)) {
                return Ok(Before::Same(*at));
            }
            if let Some((_, at)) = known.by_name.get(&(station, file.name.clone())) {
                return Ok(Before::Other(*at));
            }
        }
        let file = file.clone();
        world.read_now(move |db| before(db, station, &file))
    }

    pub fn remember(&self, station: StationId, file: &TakenFile, at: Timestamp) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.by_digest.insert((station, file.digest), at);
        known.by_name.insert((station, file.name.clone()), (file.digest, at));
        known.order.push_back((station, file.clone()));
        if REMEMBERED < known.order.len()
            && let Some((station, oldest)) = known.order.pop_front()
        {
            known.by_digest.remove(&(station, oldest.digest));
            let key = (station, oldest.name);
            if known.by_name.get(&key).is_some_and(|newest| newest.0 == oldest.digest) {
                known.by_name.remove(&key);
            }
        }
    }
}

fn before(db: &mut dyn Read, station: StationId, file: &TakenFile) -> Result<Before> {
    let digest = hex::encode(file.digest);
    let same = db.row(
        "select received from taken_file where station = $1 and digest = $2",
        params![station, digest],
    )?;
    if let Some(row) = same {
        return Ok(Before::Same(row.get("received")?));
    }
    let other = db.row(
        "select max(received) as received from taken_file where station = $1 and name = $2",
        params![station, &file.name],
    )?;
    let at: Option<Timestamp> = other.map(|row| row.get("received")).transpose()?.flatten();
    Ok(at.map_or(Before::Nothing, Before::Other))
}

pub(crate) fn save(
    tx: &mut Tx<'_>,
    station: StationId,
    files: &[(TakenFile, Timestamp)],
) -> Result<()> {
    for (file, received) in files {
        tx.work().run(
            "insert into taken_file (station, digest, name, received) values ($1, $2, $3, $4) \
             on conflict (station, digest) do nothing",
            params![station, hex::encode(file.digest), &file.name, *received],
        )?;
    }
    tx.work().run(
        "delete from taken_file where station = $1 and received < (select min(received) from \
         (select received from taken_file where station = $1 order by received desc limit $2) \
         as newest)",
        params![station, FILES_KEPT],
    )?;
    Ok(())
}
