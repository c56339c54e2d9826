//! The disk's twin: in memory, and forgetful when the power goes.

use std::collections::{BTreeMap, HashSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::disk::{Disk, DiskFile, LockGuard};

/// A [`Disk`] in memory that can lose power, fail and fill up.
///
/// Clones share the same content, as two processes share a disk.
#[derive(Clone, Default)]
pub struct MemoryDisk(Arc<Mutex<Content>>);

#[derive(Default)]
struct Content {
    /// Names as a program sees them.
    names: BTreeMap<PathBuf, Arc<Mutex<Inode>>>,
    /// Names as they are on the platter.
    durable: BTreeMap<PathBuf, Arc<Mutex<Inode>>>,
    /// Changes of names not yet on the platter, in the order they were made.
    pending: Vec<Change>,
    locks: HashSet<PathBuf>,
    /// Counts power cycles, so that the dead leave the living's locks alone.
    boot: u64,
    operations: u64,
    looks: u64,
    power_cut_at: Option<u64>,
    dark: bool,
    fail_next: Vec<Operation>,
    capacity: Option<u64>,
    used: u64,
}

#[derive(Default)]
struct Inode {
    bytes: Vec<u8>,
    /// How many of `bytes` are on the platter.
    synced: usize,
    /// What stood on the platter behind `bytes` before an unsynced truncation.
    cut: Vec<u8>,
}

enum Change {
    Link(PathBuf, Arc<Mutex<Inode>>),
    Rename(PathBuf, PathBuf),
    Remove(PathBuf),
}

/// A kind of disk operation that changes something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    Create,
    Append,
    Truncate,
    Sync,
    SyncDir,
    Rename,
    Remove,
}

/// What a power cut leaves of what was not synced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Survival {
    /// Nothing at all.
    Nothing,
    /// By chance, repeatably for a seed: per file a prefix, or all of it with a
    /// sector of zeros inside; per directory the first few changes of names.
    Chance(u64),
    /// Everything, as after a kill of the process.
    Everything,
}

impl MemoryDisk {
    pub fn new() -> MemoryDisk {
        MemoryDisk::default()
    }

    /// How many changing operations were asked for so far.
    pub fn operations(&self) -> u64 {
        self.content().operations
    }

    /// How often bytes of a file, or its length, were asked for so far.
    pub fn looks(&self) -> u64 {
        self.content().looks
    }

    /// Cuts the power at the `n`-th changing operation from now (1 is the next):
    /// it and everything after it fails until [`MemoryDisk::restart`].
    pub fn cut_power_at(&self, n: u64) {
        let mut content = self.content();
        content.power_cut_at = Some(content.operations + n);
    }

    /// Lets the next operation of this kind fail once, with nothing done.
    pub fn fail_next(&self, operation: Operation) {
        self.content().fail_next.push(operation);
    }

    /// Holds at most so many bytes from now on; `None` for no limit.
    pub fn set_capacity(&self, bytes: Option<u64>) {
        self.content().capacity = bytes;
    }

    /// Bytes of all named files.
    pub fn used(&self) -> u64 {
        self.content().names.values().map(|inode| lock(inode).bytes.len() as u64).sum()
    }

    /// Cuts the power if it is still on, and switches on again with what survived.
    /// All locks are free; open files of the time before fail.
    pub fn restart(&self, survival: Survival) {
        let mut content = self.content();
        let mut chance = Chance(match survival {
            Survival::Chance(seed) => seed,
            Survival::Nothing | Survival::Everything => 0,
        });
        let kept = match survival {
            Survival::Nothing => 0,
            Survival::Everything => content.pending.len(),
            Survival::Chance(_) => chance.below(content.pending.len() + 1),
        };
        let pending = std::mem::take(&mut content.pending);
        for change in pending.into_iter().take(kept) {
            content.persist(change);
        }
        let survivors: Vec<_> = content
            .durable
            .iter()
            .map(|(path, inode)| (path.clone(), lock(inode).after_power_cut(survival, &mut chance)))
            .collect();
        content.durable = survivors
            .into_iter()
            .map(|(path, bytes)| {
                let inode = Inode { synced: bytes.len(), bytes, cut: Vec::new() };
                (path, Arc::new(Mutex::new(inode)))
            })
            .collect();
        content.names = content.durable.clone();
        content.locks.clear();
        content.boot += 1;
        content.power_cut_at = None;
        content.dark = false;
        content.fail_next.clear();
        drop(content);
        let used = self.used();
        self.content().used = used;
    }

    /// Turns over one bit of a stored byte, as a bad sector does.
    ///
    /// # Panics
    /// When there is no such file or byte.
    pub fn flip_bit(&self, file: &Path, offset: usize) {
        lock(&self.content().names[file]).bytes[offset] ^= 0x10;
    }

    /// The content of a file, `None` when there is none of this name.
    pub fn content_of(&self, file: &Path) -> Option<Vec<u8>> {
        self.content().names.get(file).map(|inode| lock(inode).bytes.clone())
    }

    /// All file names, sorted.
    pub fn files(&self) -> Vec<PathBuf> {
        self.content().names.keys().cloned().collect()
    }

    fn content(&self) -> MutexGuard<'_, Content> {
        lock(&self.0)
    }
}

impl Content {
    /// Counts an operation that changes something, and lets it fail when told to.
    fn begin(&mut self, operation: Operation) -> io::Result<()> {
        self.operations += 1;
        if self.power_cut_at.is_some_and(|at| self.operations >= at) {
            self.dark = true;
        }
        self.power()?;
        if let Some(at) = self.fail_next.iter().position(|&wanted| wanted == operation) {
            self.fail_next.remove(at);
            return Err(io::Error::other(format!("{operation:?} was told to fail")));
        }
        Ok(())
    }

    fn power(&self) -> io::Result<()> {
        if self.dark { Err(io::Error::other("the power is off")) } else { Ok(()) }
    }

    fn persist(&mut self, change: Change) {
        match change {
            Change::Link(path, inode) => {
                self.durable.insert(path, inode);
            }
            Change::Rename(from, to) => {
                if let Some(inode) = self.durable.remove(&from) {
                    self.durable.insert(to, inode);
                }
            }
            Change::Remove(path) => {
                self.durable.remove(&path);
            }
        }
    }
}

impl Change {
    fn dir(&self) -> Option<&Path> {
        match self {
            Change::Link(path, _) | Change::Rename(path, _) | Change::Remove(path) => path.parent(),
        }
    }
}

impl Inode {
    fn after_power_cut(&self, survival: Survival, chance: &mut Chance) -> Vec<u8> {
        match survival {
            Survival::Everything => self.bytes.clone(),
            Survival::Nothing => {
                let mut bytes = self.bytes[..self.synced].to_vec();
                bytes.extend_from_slice(&self.cut);
                bytes
            }
            Survival::Chance(_) if !self.cut.is_empty() && chance.below(2) == 0 => {
                [&self.bytes[..self.synced], &self.cut].concat()
            }
            Survival::Chance(_) => {
                let unsynced = self.bytes.len() - self.synced;
                if unsynced > 0 && chance.below(3) == 0 {
                    // All of the length, but one sector never reached the platter.
                    let mut bytes = self.bytes.clone();
                    let at = self.synced + chance.below(unsynced);
                    let sector = at / SECTOR * SECTOR;
                    let hole = sector.max(self.synced)..(sector + SECTOR).min(bytes.len());
                    bytes[hole].fill(0);
                    bytes
                } else {
                    self.bytes[..self.synced + chance.below(unsynced + 1)].to_vec()
                }
            }
        }
    }
}

const SECTOR: usize = 512;

/// xorshift64*: enough chance for a test, and the same for the same seed.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= 0x9e37_79b9_7f4a_7c15;
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % bound
    }
}

struct MemoryFile {
    disk: MemoryDisk,
    boot: u64,
    inode: Arc<Mutex<Inode>>,
}

impl MemoryFile {
    /// The disk's content, if this file was opened since the power came on.
    fn content(&self) -> io::Result<MutexGuard<'_, Content>> {
        let content = self.disk.content();
        if content.boot == self.boot {
            Ok(content)
        } else {
            Err(io::Error::other("the file was opened before the power was cut"))
        }
    }

    fn look(&self) -> io::Result<()> {
        let mut content = self.content()?;
        content.looks += 1;
        content.power()
    }
}

struct MemoryLock {
    disk: MemoryDisk,
    boot: u64,
    file: PathBuf,
}

impl LockGuard for MemoryLock {}

impl Drop for MemoryLock {
    fn drop(&mut self) {
        let mut content = self.disk.content();
        if content.boot == self.boot {
            content.locks.remove(&self.file);
        }
    }
}

impl Disk for MemoryDisk {
    fn create_dir(&self, _dir: &Path) -> io::Result<()> {
        self.content().power()
    }

    fn lock(&self, file: &Path) -> io::Result<Option<Box<dyn LockGuard>>> {
        let mut content = self.content();
        content.power()?;
        if !content.locks.insert(file.to_owned()) {
            return Ok(None);
        }
        let guard = MemoryLock { disk: self.clone(), boot: content.boot, file: file.to_owned() };
        Ok(Some(Box::new(guard)))
    }

    fn open(&self, file: &Path) -> io::Result<Arc<dyn DiskFile>> {
        let content = self.content();
        content.power()?;
        let inode = content.names.get(file).ok_or(io::ErrorKind::NotFound)?.clone();
        Ok(Arc::new(MemoryFile { disk: self.clone(), boot: content.boot, inode }))
    }

    fn create(&self, file: &Path) -> io::Result<Arc<dyn DiskFile>> {
        let mut content = self.content();
        content.begin(Operation::Create)?;
        let inode = Arc::new(Mutex::new(Inode::default()));
        if let Some(before) = content.names.insert(file.to_owned(), inode.clone()) {
            content.used -= lock(&before).bytes.len() as u64;
        }
        content.pending.push(Change::Link(file.to_owned(), inode.clone()));
        Ok(Arc::new(MemoryFile { disk: self.clone(), boot: content.boot, inode }))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut content = self.content();
        content.begin(Operation::Rename)?;
        let inode = content.names.remove(from).ok_or(io::ErrorKind::NotFound)?;
        if let Some(before) = content.names.insert(to.to_owned(), inode) {
            content.used -= lock(&before).bytes.len() as u64;
        }
        content.pending.push(Change::Rename(from.to_owned(), to.to_owned()));
        Ok(())
    }

    fn remove(&self, file: &Path) -> io::Result<()> {
        let mut content = self.content();
        content.begin(Operation::Remove)?;
        let inode = content.names.remove(file).ok_or(io::ErrorKind::NotFound)?;
        content.used -= lock(&inode).bytes.len() as u64;
        content.pending.push(Change::Remove(file.to_owned()));
        Ok(())
    }

    fn list(&self, dir: &Path) -> io::Result<Vec<String>> {
        let content = self.content();
        content.power()?;
        let inside = content.names.keys().filter(|path| path.parent() == Some(dir));
        Ok(inside
            .filter_map(|path| path.file_name())
            .map(|name| name.to_string_lossy().into_owned())
            .collect())
    }

    fn sync_dir(&self, dir: &Path) -> io::Result<()> {
        let mut content = self.content();
        content.begin(Operation::SyncDir)?;
        let pending = std::mem::take(&mut content.pending);
        for change in pending {
            if change.dir() == Some(dir) {
                content.persist(change);
            } else {
                content.pending.push(change);
            }
        }
        Ok(())
    }
}

impl DiskFile for MemoryFile {
    fn append(&self, bytes: &[u8]) -> io::Result<()> {
        let mut content = self.content()?;
        content.begin(Operation::Append)?;
        let room = content.capacity.map_or(u64::MAX, |limit| limit.saturating_sub(content.used));
        let fits = bytes.len().min(usize::try_from(room).unwrap_or(usize::MAX));
        content.used += fits as u64;
        lock(&self.inode).bytes.extend_from_slice(&bytes[..fits]);
        if fits < bytes.len() { Err(io::ErrorKind::StorageFull.into()) } else { Ok(()) }
    }

    fn read_at(&self, offset: u64, bytes: &mut [u8]) -> io::Result<()> {
        self.look()?;
        let inode = lock(&self.inode);
        let start = usize::try_from(offset).unwrap_or(usize::MAX);
        let source = start.checked_add(bytes.len()).and_then(|end| inode.bytes.get(start..end));
        bytes.copy_from_slice(source.ok_or(io::ErrorKind::UnexpectedEof)?);
        Ok(())
    }

    fn len(&self) -> io::Result<u64> {
        self.look()?;
        Ok(lock(&self.inode).bytes.len() as u64)
    }

    fn truncate(&self, len: u64) -> io::Result<()> {
        let mut content = self.content()?;
        content.begin(Operation::Truncate)?;
        let mut inode = lock(&self.inode);
        let len = usize::try_from(len).unwrap_or(usize::MAX).min(inode.bytes.len());
        content.used -= (inode.bytes.len() - len) as u64;
        if len < inode.synced {
            let tail = inode.bytes[len..inode.synced].to_vec();
            inode.cut.splice(0..0, tail);
            inode.synced = len;
        }
        inode.bytes.truncate(len);
        Ok(())
    }

    fn sync(&self) -> io::Result<()> {
        let mut content = self.content()?;
        content.begin(Operation::Sync)?;
        let mut inode = lock(&self.inode);
        inode.synced = inode.bytes.len();
        inode.cut.clear();
        Ok(())
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
