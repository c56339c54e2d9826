//! Files that are written whole: a head that says what they are, one checksum,
//! and a rename that makes them appear at once.
//!
//! ```text
//! magic 4 bytes · version u8 · payload · crc32 of all before, u32
//! ```

use std::path::{Path, PathBuf};

use crate::SeriesError;
use crate::bytes::Reader;
use crate::disk::{Disk, DiskFile};

/// What a file is: its first four bytes and the version after them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Format {
    pub magic: [u8; 4],
    pub version: u8,
}

/// Bytes of magic and version.
pub(crate) const HEAD: usize = 5;

impl Format {
    pub fn head(self) -> [u8; HEAD] {
        let [a, b, c, d] = self.magic;
        [a, b, c, d, self.version]
    }

    /// Checks the first bytes of a file and gives the rest.
    pub fn check<'a>(self, file: &Path, bytes: &'a [u8]) -> Result<&'a [u8], SeriesError> {
        let (head, rest) = bytes
            .split_first_chunk::<HEAD>()
            .ok_or_else(|| SeriesError::damaged(file, 0, "the file is shorter than its head"))?;
        let [magic @ .., version] = *head;
        if magic != self.magic {
            let (seen, want) = (magic.escape_ascii(), self.magic.escape_ascii());
            return Err(SeriesError::damaged(
                file,
                0,
                format!("it starts {seen}, expected {want}"),
            ));
        }
        if version == 0 || version > self.version {
            let file = file.to_owned();
            return Err(SeriesError::Newer { file, seen: version, known: self.version });
        }
        Ok(rest)
    }
}

/// The name under which a file is written before it gets its own.
pub(crate) fn temporary(path: &Path) -> PathBuf {
    path.with_extension("tmp")
}

/// The bytes of a file that [`load`] reads.
pub(crate) fn whole(format: Format, payload: &[u8]) -> Vec<u8> {
    let mut bytes = format.head().to_vec();
    bytes.extend_from_slice(payload);
    bytes.extend_from_slice(&crc32fast::hash(&bytes).to_le_bytes());
    bytes
}

/// Puts a file in place of what had its name, durably and all at once.
pub(crate) fn replace(
    disk: &dyn Disk,
    path: &Path,
    format: Format,
    payload: &[u8],
) -> Result<(), SeriesError> {
    let bytes = whole(format, payload);
    let draft = temporary(path);
    let fail = |action| move |error| SeriesError::disk(action, path, &error);
    let file = disk.create(&draft).map_err(fail("create"))?;
    let written = file.append(&bytes).map_err(fail("write"));
    if written.is_err() {
        // Give the room back; the next attempt or opening would replace it anyway.
        let _ = disk.remove(&draft);
    }
    written?;
    file.sync().map_err(fail("synchronise"))?;
    publish(disk, &draft, path)
}

/// Renames a synced draft to its name and makes the name durable.
pub(crate) fn publish(disk: &dyn Disk, draft: &Path, path: &Path) -> Result<(), SeriesError> {
    disk.rename(draft, path).map_err(|error| SeriesError::disk("rename", draft, &error))?;
    sync_parent(disk, path)
}

pub(crate) fn sync_parent(disk: &dyn Disk, path: &Path) -> Result<(), SeriesError> {
    let dir = path.parent().expect("every file of the store lies in its directory");
    disk.sync_dir(dir).map_err(|error| SeriesError::disk("synchronise", dir, &error))
}

/// Reads a file that [`replace`] wrote; gives its payload.
pub(crate) fn load(disk: &dyn Disk, path: &Path, format: Format) -> Result<Vec<u8>, SeriesError> {
    let file = disk.open(path).map_err(|error| SeriesError::disk("open", path, &error))?;
    let bytes = read_whole(&*file, path)?;
    let rest = format.check(path, &bytes)?;
    let (payload, crc) = rest
        .split_last_chunk::<4>()
        .ok_or_else(|| SeriesError::damaged(path, 0, "the file is shorter than its checksum"))?;
    if crc32fast::hash(&bytes[..bytes.len() - 4]) != u32::from_le_bytes(*crc) {
        return Err(SeriesError::damaged(path, 0, "the file fails its checksum"));
    }
    Ok(payload.to_vec())
}

pub(crate) fn read_whole(file: &dyn DiskFile, path: &Path) -> Result<Vec<u8>, SeriesError> {
    let length = file.len().map_err(|error| SeriesError::disk("measure", path, &error))?;
    read_part(file, path, 0, length)
}

pub(crate) fn read_part(
    file: &dyn DiskFile,
    path: &Path,
    offset: u64,
    length: u64,
) -> Result<Vec<u8>, SeriesError> {
    let mut bytes = vec![0; usize::try_from(length).expect("files fit the address space")];
    file.read_at(offset, &mut bytes).map_err(|error| SeriesError::disk("read", path, &error))?;
    Ok(bytes)
}

/// Runs a parser over a payload that passed its checksum.
pub(crate) fn parse<T>(
    path: &Path,
    payload: &[u8],
    what: &str,
    read: impl FnOnce(&mut Reader<'_>) -> Option<T>,
) -> Result<T, SeriesError> {
    let mut reader = Reader(payload);
    match read(&mut reader) {
        Some(value) if reader.0.is_empty() => Ok(value),
        _ => Err(SeriesError::damaged(path, 0, format!("it does not hold {what} as expected"))),
    }
}
