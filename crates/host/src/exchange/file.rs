//! Files in directories that others write, too: written so that nobody sees half of one,
//! opened so that a name leads nowhere else.

use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::Path;

use rustix::fs::OFlags;

/// Why a file was not written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// No file of that name was made or changed.
    #[error("{0}")]
    Before(io::Error),
    /// The file is there; whether it would outlast a power cut is not known.
    #[error("{0}")]
    After(io::Error),
}

/// Writes a file so that it is there whole under its name, or not at all: under another
/// name first, which begins with a dot, and on the disk before it is renamed.
///
/// # Errors
/// [`WriteError`], which says whether the file is there.
pub fn write_whole(
    directory: &Path,
    name: &str,
    draft: &str,
    bytes: &[u8],
) -> Result<(), WriteError> {
    let path = directory.join(draft);
    let written = (|| {
        // A draft of the same attempt, left by somebody who died.
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut file = OpenOptions::new().write(true).create_new(true).open(&path)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        std::fs::rename(&path, directory.join(name))
    })();
    if let Err(error) = written {
        // Nobody takes a draft for a segment; it is only in the way.
        let _ = std::fs::remove_file(&path);
        return Err(WriteError::Before(error));
    }
    File::open(directory).and_then(|directory| directory.sync_all()).map_err(WriteError::After)
}

/// Which file it is, and whether it is as it was: for another look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mark {
    device: u64,
    inode: u64,
    pub bytes: u64,
    modified: (i64, i64),
}

impl Mark {
    fn of(file: &Metadata) -> Mark {
        let modified = (file.mtime(), file.mtime_nsec());
        Mark { device: file.dev(), inode: file.ino(), bytes: file.len(), modified }
    }

    /// Whether it is the same file, changed or not.
    pub(super) fn is_file_of(&self, other: &Mark) -> bool {
        (self.device, self.inode) == (other.device, other.inode)
    }
}

/// Looks at a name without following it; the error says what else it is.
pub(super) fn look(path: &Path) -> Result<Mark, String> {
    let seen = std::fs::symlink_metadata(path).map_err(|error| error.to_string())?;
    regular(&seen)
}

fn regular(seen: &Metadata) -> Result<Mark, String> {
    let kind = seen.file_type();
    let what = match () {
        () if kind.is_file() => return Ok(Mark::of(seen)),
        () if kind.is_symlink() => "a link",
        () if kind.is_dir() => "a directory",
        () => "a device or a pipe",
    };
    Err(format!("it is {what}, expected a file"))
}

/// Opens a regular file for reading; a link is not followed, and a pipe not waited for.
pub(super) fn open(path: &Path) -> Result<(File, Mark), String> {
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
    let flags = i32::try_from(flags.bits()).expect("flags of open fit in an int");
    let opened = OpenOptions::new().read(true).custom_flags(flags).open(path);
    let file = opened.map_err(|error| format!("it cannot be read: {error}"))?;
    let seen = file.metadata().map_err(|error| format!("it cannot be read: {error}"))?;
    let mark = regular(&seen)?;
    Ok((file, mark))
}

/// Writes a small file beside others, over one of that name; a link is not followed, and a
/// pipe that nobody reads is not waited for.
pub(super) fn write_beside(path: &Path, text: &str) -> io::Result<()> {
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
    let flags = i32::try_from(flags.bits()).expect("flags of open fit in an int");
    let mut options = OpenOptions::new();
    let opened = options.write(true).create(true).truncate(true).custom_flags(flags).open(path);
    opened?.write_all(text.as_bytes())
}

/// The first line with its end, if it is no longer than `most` bytes, and the last `most`
/// bytes of a file.
pub(super) fn ends(file: &mut File, most: u64) -> io::Result<(Option<Vec<u8>>, Vec<u8>)> {
    let mut first = Vec::new();
    file.seek(SeekFrom::Start(0))?;
    file.take(most).read_to_end(&mut first)?;
    let line = first.iter().position(|byte| *byte == b'\n').map(|end| first[..=end].to_vec());
    let length = file.seek(SeekFrom::End(0))?;
    file.seek(SeekFrom::Start(length.saturating_sub(most)))?;
    let mut last = Vec::new();
    file.take(most).read_to_end(&mut last)?;
    Ok((line, last))
}

/// Whether two files hold the same bytes; not, when one cannot be read.
pub(super) fn same(one: &Path, other: &Path) -> bool {
    let (Ok((one, of_one)), Ok((other, of_other))) = (open(one), open(other)) else { return false };
    let (mut one, mut other) = (io::BufReader::new(one).bytes(), io::BufReader::new(other).bytes());
    of_one.bytes == of_other.bytes
        && loop {
            match (one.next(), other.next()) {
                (None, None) => break true,
                (Some(Ok(one)), Some(Ok(other))) if one == other => {}
                _ => break false,
            }
        }
}

/// Makes a directory of ours in one that others write; a link in its place is not taken.
pub(super) fn make_directory(path: &Path) -> Result<(), String> {
    let failed = |what: String| format!("{}: {what}", path.display());
    match std::fs::create_dir(path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
            return Err(failed(error.to_string()));
        }
        _ => {}
    }
    let seen = std::fs::symlink_metadata(path).map_err(|error| failed(error.to_string()))?;
    if seen.file_type().is_dir() {
        return Ok(());
    }
    Err(failed("it is no directory".to_owned()))
}
