//! The manifest: what a backup holds, byte by byte.

use std::path::{Path, PathBuf};

use base::Timestamp;
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::log::Book;
use crate::verify::Report;

pub(super) const FILE: &str = "manifest.json";
/// In the format of `sha256sum`: every other file of the backup.
pub(super) const SUMS: &str = "SHA256SUMS";
const FORMAT: u32 = 1;
/// A manifest names some thousand files; this many bytes would be a million.
const LONGEST: u64 = 128 << 20;

/// What a backup holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    pub format: u32,
    /// Also the directory's name: origin and moment.
    pub name: String,
    /// The node's name in the log.
    pub origin: String,
    /// When the real world's database was read (machine time).
    pub taken: Timestamp,
    /// Of the program that took it.
    pub version: String,
    pub worlds: Vec<WorldRecord>,
    /// Sorted by path.
    pub files: Vec<FileRecord>,
}

/// One world in a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorldRecord {
    pub name: String,
    pub kind: Kind,
    pub origin: String,
    /// The last migration of its database.
    pub migration: i64,
    pub slices: Vec<SliceRecord>,
    pub books: Vec<BookRecord>,
}

/// What a world is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Real,
    Drill,
    /// A drill that is over and keeps its record.
    ClosedDrill,
}

/// By which version of its `apply` a slice's tables were folded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SliceRecord {
    pub slice: String,
    pub version: i64,
}

/// The ends of one book.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BookRecord {
    /// `log` or `trail`.
    pub book: String,
    /// Its last local seq, which is also how many entries it has.
    pub seq: u64,
    pub heads: Vec<HeadRecord>,
}

/// The end of one origin's chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeadRecord {
    pub origin: String,
    pub origin_seq: i64,
    pub sm3: String,
    pub sha256: String,
}

/// One file of a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRecord {
    /// Relative to the backup, with `/` between.
    pub path: String,
    pub bytes: u64,
    pub sha256: String,
}

impl Manifest {
    pub(super) fn new(name: String, origin: String, taken: Timestamp, version: &str) -> Manifest {
        let version = version.to_owned();
        let (worlds, files) = (Vec::new(), Vec::new());
        Manifest { format: FORMAT, name, origin, taken, version, worlds, files }
    }

    /// Reads a backup's manifest; whether it is what was written is another question.
    ///
    /// # Errors
    /// [`Error::Conflict`] when it does not read, is newer than this program, or
    /// names files outside the backup.
    pub fn read(backup: &Path) -> Result<Manifest> {
        let path = backup.join(FILE);
        let bad = |what: String| Error::conflict("backup-damaged", format!("{FILE}: {what}"));
        let bytes = read_limited(&path)?;
        let manifest: Manifest =
            serde_json::from_slice(&bytes).map_err(|error| bad(error.to_string()))?;
        if manifest.format != FORMAT {
            return Err(bad(format!("format is {}, this program reads {FORMAT}", manifest.format)));
        }
        if let Some(file) = manifest.files.iter().find(|file| !is_plain(&file.path)) {
            return Err(bad(format!("{:?} is no path inside a backup", file.path)));
        }
        let named = |world: &&WorldRecord| !is_plain(&world.name) || world.name.contains('/');
        if let Some(world) = manifest.worlds.iter().find(named) {
            return Err(bad(format!("{:?} is no world's name", world.name)));
        }
        Ok(manifest)
    }

    /// The bytes of all files.
    pub fn bytes(&self) -> u64 {
        self.files.iter().map(|file| file.bytes).sum()
    }

    /// The real world's record.
    ///
    /// # Errors
    /// [`Error::Conflict`] when the backup has none.
    pub fn real(&self) -> Result<&WorldRecord> {
        self.worlds.iter().find(|world| world.kind == Kind::Real).ok_or_else(|| {
            Error::conflict("backup-damaged", format!("{FILE}: no real world in it"))
        })
    }

    pub(super) fn to_text(&self) -> Result<String> {
        let text = serde_json::to_string_pretty(self);
        Ok(text.map_err(|error| Error::Internal(format!("a manifest is no JSON: {error}")))? + "\n")
    }

    /// The text of [`SUMS`] when the manifest's own bytes hash to `of_manifest`.
    pub(super) fn sums(&self, of_manifest: &str) -> String {
        let files = self.files.iter().map(|file| (file.sha256.as_str(), file.path.as_str()));
        let all = files.chain([(of_manifest, FILE)]);
        all.map(|(sha256, path)| format!("{sha256}  {path}\n")).collect()
    }
}

impl WorldRecord {
    /// Where its files are in a backup.
    pub fn folder(&self) -> PathBuf {
        Path::new("worlds").join(&self.name)
    }

    /// The end of an origin's chain in the log.
    pub fn head(&self, origin: &str) -> Option<&HeadRecord> {
        let log = self.books.iter().find(|book| book.book == Book::Log.table())?;
        log.heads.iter().find(|head| head.origin == origin)
    }
}

impl BookRecord {
    pub(super) fn of(report: &Report) -> BookRecord {
        let head = |(origin, head): (&String, &crate::verify::Head)| HeadRecord {
            origin: origin.clone(),
            origin_seq: head.origin_seq,
            sm3: head.sm3.clone(),
            sha256: head.sha256.clone(),
        };
        BookRecord {
            book: report.book.table().to_owned(),
            seq: report.entries,
            heads: report.heads.iter().map(head).collect(),
        }
    }
}

/// Whether a directory is, or claims to be, a backup.
pub fn is_backup(directory: &Path) -> bool {
    directory.join(FILE).is_file()
}

pub(super) fn read_limited(path: &Path) -> Result<Vec<u8>> {
    use std::io::Read as _;
    let failed = |error| super::files::failed("read", path, &error);
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).map_err(failed)?;
    file.take(LONGEST).read_to_end(&mut bytes).map_err(failed)?;
    Ok(bytes)
}

/// A relative path of ordinary names: nothing else is ever written or read.
fn is_plain(path: &str) -> bool {
    let name = |name: &str| {
        !name.is_empty()
            && !name.starts_with('.')
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte))
    };
    path.len() <= 200 && path.split('/').all(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_out_of_the_backup_is_none() {
        for plain in ["worlds/real/facts.db", "manifest.json", "worlds/a-1/series/wal/01.wal"] {
            assert!(is_plain(plain), "{plain}");
        }
        for wrong in ["../up", "/etc/passwd", "a//b", "", "worlds/.hidden", "a/..", "a\\b", "a\0"] {
            assert!(!is_plain(wrong), "{wrong}");
        }
    }
}
