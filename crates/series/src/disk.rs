//! All disk access of the store, small enough to have a twin.
//!
//! Files are written by appending only. What is written may vanish in a power
//! cut until [`DiskFile::sync`] has returned, and a new, renamed or removed name
//! until [`Disk::sync_dir`] has.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::Arc;

/// A place for files. The real one is [`RealDisk`]; its twin is
/// [`MemoryDisk`](crate::MemoryDisk).
pub trait Disk: Send + Sync {
    /// Makes the directory and its parents, durably; it may exist.
    fn create_dir(&self, dir: &Path) -> io::Result<()>;

    /// Takes an exclusive lock named by a file, held until the guard is dropped
    /// or the process ends. `None` when somebody else holds it.
    fn lock(&self, file: &Path) -> io::Result<Option<Box<dyn LockGuard>>>;

    /// Opens an existing file.
    fn open(&self, file: &Path) -> io::Result<Arc<dyn DiskFile>>;

    /// Makes an empty file; one of the same name is replaced.
    fn create(&self, file: &Path) -> io::Result<Arc<dyn DiskFile>>;

    /// Gives a file another name within its directory, replacing what had it.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;

    fn remove(&self, file: &Path) -> io::Result<()>;

    /// Names of the files in a directory, sorted.
    fn list(&self, dir: &Path) -> io::Result<Vec<String>>;

    /// Returns when the names in the directory are on disk.
    fn sync_dir(&self, dir: &Path) -> io::Result<()>;
}

/// An open file; reads and appends may come from any thread.
pub trait DiskFile: Send + Sync {
    /// Writes at the end, whole or with an error; after an error a part may be there.
    fn append(&self, bytes: &[u8]) -> io::Result<()>;

    /// Fills `bytes` from `offset`; `UnexpectedEof` when the file ends before.
    fn read_at(&self, offset: u64, bytes: &mut [u8]) -> io::Result<()>;

    fn len(&self) -> io::Result<u64>;

    fn is_empty(&self) -> io::Result<bool> {
        self.len().map(|len| len == 0)
    }

    /// Cuts the file to `len` bytes.
    fn truncate(&self, len: u64) -> io::Result<()>;

    /// Returns when the content is on disk.
    fn sync(&self) -> io::Result<()>;
}

/// Holds a lock until dropped.
pub trait LockGuard: Send + Sync {}

/// The machine's own file system.
#[derive(Debug, Clone, Copy, Default)]
pub struct RealDisk;

struct RealFile(File);

struct RealLock(#[expect(dead_code, reason = "held for its lock, which ends with it")] File);

impl LockGuard for RealLock {}

impl Disk for RealDisk {
    fn create_dir(&self, dir: &Path) -> io::Result<()> {
        if dir.is_dir() {
            return Ok(());
        }
        let parent = match dir.parent() {
            Some(parent) if parent != Path::new("") => parent,
            _ => Path::new("."),
        };
        self.create_dir(parent)?;
        match fs::create_dir(dir) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
            _ => self.sync_dir(parent),
        }
    }

    fn lock(&self, file: &Path) -> io::Result<Option<Box<dyn LockGuard>>> {
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(file)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Box::new(RealLock(file)))),
            Err(fs::TryLockError::WouldBlock) => Ok(None),
            Err(fs::TryLockError::Error(error)) => Err(error),
        }
    }

    fn open(&self, file: &Path) -> io::Result<Arc<dyn DiskFile>> {
        Ok(Arc::new(RealFile(OpenOptions::new().read(true).append(true).open(file)?)))
    }

    fn create(&self, file: &Path) -> io::Result<Arc<dyn DiskFile>> {
        match fs::remove_file(file) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let file = OpenOptions::new().read(true).append(true).create_new(true).open(file)?;
        Ok(Arc::new(RealFile(file)))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    fn remove(&self, file: &Path) -> io::Result<()> {
        fs::remove_file(file)
    }

    fn list(&self, dir: &Path) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in fs::read_dir(dir)? {
            let entry = entry?;
            if entry.file_type()?.is_file() {
                names.push(entry.file_name().to_string_lossy().into_owned());
            }
        }
        names.sort_unstable();
        Ok(names)
    }

    fn sync_dir(&self, dir: &Path) -> io::Result<()> {
        File::open(dir)?.sync_all()
    }
}

impl DiskFile for RealFile {
    fn append(&self, bytes: &[u8]) -> io::Result<()> {
        (&self.0).write_all(bytes)
    }

    fn read_at(&self, offset: u64, bytes: &mut [u8]) -> io::Result<()> {
        self.0.read_exact_at(bytes, offset)
    }

    fn len(&self) -> io::Result<u64> {
        Ok(self.0.metadata()?.len())
    }

    fn truncate(&self, len: u64) -> io::Result<()> {
        self.0.set_len(len)
    }

    fn sync(&self) -> io::Result<()> {
        self.0.sync_data()
    }
}
