//! Files on their way into a backup and out of it again.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::Path;

use sha2::{Digest as _, Sha256};

use crate::error::{Error, Result};

/// Bytes read and written at once.
const PIECE: usize = 1 << 20;
/// So many bytes are written before the disk has to have them: else a later sync of
/// the node's own log would wait for gigabytes of ours.
const SYNC_EVERY: u64 = 16 << 20;

/// An I/O failure in words.
pub(super) fn failed(action: &str, path: &Path, error: &io::Error) -> Error {
    Error::conflict("disk-refused", format!("cannot {action} {}: {error}", path.display()))
}

/// Makes a directory that only its owner may enter: what is in a backup signs people in.
pub(super) fn make_dir(path: &Path) -> Result<()> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
        .map_err(|error| failed("create", path, &error))
}

/// Makes a file that was not there, for its owner only.
pub(super) fn make_file(path: &Path) -> Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true).mode(0o600);
    options.open(path).map_err(|error| failed("create", path, &error))
}

/// Writes exactly `bytes` bytes of `from` into a new file, on disk when this returns;
/// answers their SHA-256 in hex. `beat` is told of each piece.
///
/// # Errors
/// [`Error::Conflict`] when either side fails or `from` ends early; whatever `beat` says.
pub(super) fn copy(
    from: &mut dyn Read,
    bytes: u64,
    path: &Path,
    beat: &mut dyn FnMut(u64) -> Result<()>,
) -> Result<String> {
    let mut file = make_file(path)?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; PIECE];
    let (mut done, mut unsynced) = (0, 0);
    let mut from = from.take(bytes);
    loop {
        let count = from.read(&mut buffer).map_err(|error| failed("read for", path, &error))?;
        if count == 0 {
            break;
        }
        hash.update(&buffer[..count]);
        file.write_all(&buffer[..count]).map_err(|error| failed("write", path, &error))?;
        done += count as u64;
        unsynced += count as u64;
        if SYNC_EVERY <= unsynced {
            file.sync_data().map_err(|error| failed("synchronise", path, &error))?;
            unsynced = 0;
        }
        beat(count as u64)?;
    }
    if done != bytes {
        let detail = format!("{}: {done} bytes were there, expected {bytes}", path.display());
        return Err(Error::conflict("disk-refused", detail));
    }
    file.sync_all().map_err(|error| failed("synchronise", path, &error))?;
    Ok(hex::encode(hash.finalize()))
}

/// A file's length and its SHA-256 in hex.
pub(super) fn digest(
    path: &Path,
    beat: &mut dyn FnMut(u64) -> Result<()>,
) -> Result<(u64, String)> {
    let mut file = File::open(path).map_err(|error| failed("read", path, &error))?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; PIECE];
    let mut bytes = 0;
    loop {
        let count = file.read(&mut buffer).map_err(|error| failed("read", path, &error))?;
        if count == 0 {
            return Ok((bytes, hex::encode(hash.finalize())));
        }
        hash.update(&buffer[..count]);
        bytes += count as u64;
        beat(count as u64)?;
    }
}

/// Writes a small file, on disk when this returns.
pub(super) fn write(path: &Path, text: &str) -> Result<()> {
    let mut file = make_file(path)?;
    file.write_all(text.as_bytes())
        .and_then(|()| file.sync_all())
        .map_err(|error| failed("write", path, &error))
}

/// Returns when the names in a directory are on disk.
pub(super) fn sync_dir(path: &Path) -> Result<()> {
    File::open(path)
        .and_then(|directory| directory.sync_all())
        .map_err(|error| failed("synchronise", path, &error))
}

/// Every file below a directory, relative to it, sorted. A link or a device is an
/// error: none was ever put there.
pub(super) fn list(directory: &Path) -> Result<Vec<String>> {
    fn walk(directory: &Path, before: &str, found: &mut Vec<String>) -> Result<()> {
        let unreadable = |error: io::Error| failed("list", directory, &error);
        for entry in std::fs::read_dir(directory).map_err(unreadable)? {
            let entry = entry.map_err(unreadable)?;
            let name = format!("{before}{}", entry.file_name().to_string_lossy());
            let kind = entry.file_type().map_err(unreadable)?;
            if kind.is_dir() {
                walk(&entry.path(), &format!("{name}/"), found)?;
            } else if kind.is_file() {
                found.push(name);
            } else {
                let detail = format!("{name} is neither a file nor a directory");
                return Err(Error::conflict("backup-damaged", detail));
            }
        }
        Ok(())
    }
    let mut found = Vec::new();
    walk(directory, "", &mut found)?;
    found.sort();
    Ok(found)
}

/// About how many bytes are below a directory: what comes or goes meanwhile may count.
pub(super) fn weigh(directory: &Path) -> u64 {
    let Ok(entries) = std::fs::read_dir(directory) else { return 0 };
    let weight = |entry: std::fs::DirEntry| match entry.metadata() {
        Ok(data) if data.is_dir() => weigh(&entry.path()),
        Ok(data) => data.len(),
        Err(_) => 0,
    };
    entries.flatten().map(weight).sum()
}

/// Synchronises a directory and all below it, the deepest first.
pub(super) fn sync_tree(directory: &Path) -> Result<()> {
    let unreadable = |error: io::Error| failed("list", directory, &error);
    for entry in std::fs::read_dir(directory).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        if entry.file_type().map_err(unreadable)?.is_dir() {
            sync_tree(&entry.path())?;
        }
    }
    sync_dir(directory)
}
