//! A segment on this disk while it is read twice, and what was refused.

use std::fs::File;
use std::io::{BufReader, Read as _, Write as _};
use std::path::PathBuf;

use super::{Digests, SegmentHead, Timestamp};
use crate::db::Read;
use crate::error::{Error, Result};
use crate::params;
use crate::tx::random;
use crate::world::{Lane, World};

/// The largest segment, in bytes.
pub(crate) const LARGEST: u64 = 256 << 20;
/// Refusals kept; the oldest go first.
const MOST_REFUSED: i64 = 500;

/// A copy that nobody else changes; gone when this is dropped.
pub(super) struct Spooled {
    path: PathBuf,
    bytes: u64,
    /// SM3 of all bytes, in hex.
    digest: String,
}

/// Whether so many bytes more may be copied to this world's disk: not out of the room
/// that is kept for facts.
///
/// # Errors
/// [`Error::DiskFull`].
pub(crate) fn room_for(world: &World, bytes: u64) -> Result<()> {
    if world.space().has_room_for(bytes) { Ok(()) } else { Err(Error::DiskFull) }
}

/// Copies what comes to this world's disk, at most [`LARGEST`] and a byte.
///
/// # Errors
/// [`Error::DiskFull`] as soon as there is no room for the next piece.
pub(super) fn spool(world: &World, input: &mut dyn std::io::Read) -> Result<Spooled> {
    let directory = world.directory().join("spool");
    let path = directory.join(hex::encode(random::<8>()));
    let failed = |error: std::io::Error| Error::Internal(format!("spool: {error}"));
    room_for(world, 0)?;
    std::fs::create_dir_all(&directory).map_err(failed)?;
    let mut file = File::create_new(&path).map_err(failed)?;
    let mut spooled = Spooled { path, bytes: 0, digest: String::new() };
    let mut digest = Digests::stream();
    let mut input = input.take(LARGEST + 1);
    let mut buffer = vec![0; 64 << 10];
    loop {
        let read = match input.read(&mut buffer) {
            Ok(0) => break,
            Ok(read) => read,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(failed(error)),
        };
        room_for(world, read as u64)?;
        digest.update(&buffer[..read]);
        file.write_all(&buffer[..read]).map_err(failed)?;
        spooled.bytes += read as u64;
    }
    spooled.digest = hex::encode(digest.finish().sm3);
    Ok(spooled)
}

/// Removes what a crash left behind.
pub(crate) fn clear(world: &World) -> Result<()> {
    match std::fs::remove_dir_all(world.directory().join("spool")) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(Error::Internal(format!("spool: {error}")))
        }
        _ => Ok(()),
    }
}

impl Spooled {
    pub(super) fn too_large(&self) -> Result<()> {
        if LARGEST < self.bytes {
            return Err(Error::TooLarge { limit: LARGEST as usize });
        }
        Ok(())
    }

    pub(super) fn open(&self) -> Result<BufReader<File>> {
        let file = File::open(&self.path);
        file.map(BufReader::new).map_err(|error| Error::Internal(format!("spool: {error}")))
    }

    /// Whose it says it is; nothing that is believed.
    fn said_origin(&self) -> String {
        let mut text = String::new();
        let read = self.open().and_then(|file| {
            std::io::BufRead::read_line(&mut file.take(64 << 10), &mut text)
                .map_err(|error| Error::Internal(error.to_string()))
        });
        let head = read.ok().and_then(|_| serde_json::from_str::<SegmentHead>(&text).ok());
        head.map(|head| keepable(&head.origin).take(64).collect()).unwrap_or_default()
    }
}

impl Drop for Spooled {
    fn drop(&mut self) {
        // Left behind at worst; the next start clears it.
        let _ = std::fs::remove_file(&self.path);
    }
}

/// A text from outside without what not every database keeps.
fn keepable(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|c| *c != '\0')
}

/// A segment that was not believed.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
pub struct Refused {
    /// SM3 of the whole file.
    pub digest: String,
    /// Whose it says it is; empty when its head does not read.
    pub origin: String,
    pub reason: String,
    pub bytes: i64,
    /// How often these very bytes came.
    pub times: i64,
    pub refused_at: Timestamp,
}

pub(super) fn keep_refusal(world: &World, spooled: &Spooled, error: &Error) -> Result<()> {
    let (origin, reason) =
        (spooled.said_origin(), keepable(&error.to_string()).collect::<String>());
    tracing::warn!(origin, spooled.digest, %reason, "a segment was refused");
    let (digest, bytes) = (spooled.digest.clone(), spooled.bytes as i64);
    world.run(Lane::Ordinary, "node", move |tx| {
        let now = tx.machine_now();
        tx.work().run(
            "insert into segment_refused (digest, origin, reason, bytes, times, refused_at) \
             values ($1, $2, $3, $4, 1, $5) on conflict (digest) do update \
             set reason = excluded.reason, times = segment_refused.times + 1, \
             refused_at = excluded.refused_at",
            params![&digest, &origin, &reason, bytes, now],
        )?;
        tx.work().run(
            "delete from segment_refused where digest not in \
             (select digest from segment_refused order by refused_at desc, digest limit $1)",
            params![MOST_REFUSED],
        )?;
        Ok(())
    })
}

/// Segments that were not believed, the latest first.
///
/// # Errors
/// [`Error::Db`] when the database does not answer.
pub fn refused(db: &mut dyn Read) -> Result<Vec<Refused>> {
    let rows = db.rows(
        "select digest, origin, reason, bytes, times, refused_at from segment_refused \
         order by refused_at desc, digest limit 100",
        &[],
    )?;
    rows.iter()
        .map(|row| {
            Ok(Refused {
                digest: row.get("digest")?,
                origin: row.get("origin")?,
                reason: row.get("reason")?,
                bytes: row.get("bytes")?,
                times: row.get("times")?,
                refused_at: row.get("refused_at")?,
            })
        })
        .collect()
}

/// How many segments that were not believed are kept for a person.
///
/// # Errors
/// [`Error::Db`] when the database does not answer.
pub fn refused_count(db: &mut dyn Read) -> Result<i64> {
    let row = db.row("select count(*) as n from segment_refused", &[])?;
    Ok(row.map_or(Ok(0), |row| row.get("n"))?)
}
