//! Folders by handle: no path is walked twice, and no link is followed.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::os::fd::{AsRawFd as _, OwnedFd};
use std::path::Path;
use std::sync::Arc;
use std::thread;

use base::Timestamp;
use rustix::fs::{
    AtFlags, CWD, Dir, FileType, Mode, OFlags, fsync, mkdirat, openat, renameat, statat, unlinkat,
};

/// An open folder.
pub struct Folder(OwnedFd);

/// Something in a folder.
#[derive(Debug, Clone)]
pub struct Entry {
    pub name: String,
    pub is_folder: bool,
    /// An ordinary file: no link, no device, no pipe.
    pub is_file: bool,
    pub seen: Seen,
}

/// How a file was when it was looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    pub length: u64,
    pub changed: Timestamp,
}

const FOLDER: OFlags =
    OFlags::DIRECTORY.union(OFlags::NOFOLLOW).union(OFlags::RDONLY).union(OFlags::CLOEXEC);

impl Folder {
    /// Opens a folder that the configuration names, links and all; makes it when it is
    /// missing.
    pub fn root(path: &Path) -> io::Result<Folder> {
        std::fs::create_dir_all(path)?;
        let flags = OFlags::DIRECTORY | OFlags::RDONLY | OFlags::CLOEXEC;
        Ok(Folder(openat(CWD, path, flags, Mode::empty())?))
    }

    pub fn open(&self, name: &str) -> io::Result<Folder> {
        Ok(Folder(openat(&self.0, name, FOLDER, Mode::empty())?))
    }

    /// Opens a folder inside, made when it is missing, for nobody else; a new one outlives
    /// a power cut.
    pub fn make(&self, name: &str) -> io::Result<Folder> {
        match mkdirat(&self.0, name, Mode::RWXU) {
            Ok(()) => {
                self.sync()?;
                self.open(name)
            }
            Err(rustix::io::Errno::EXIST) => self.open(name),
            Err(error) => Err(error.into()),
        }
    }

    /// What its names are is on disk when this returns.
    fn sync(&self) -> io::Result<()> {
        fsync(&self.0)?;
        trace::synced_folder(self);
        Ok(())
    }

    /// Names of folders inside, at most so many, in order.
    pub fn folders(&self, most: usize) -> io::Result<Vec<String>> {
        let entries = self.entries(most)?.into_iter().filter(|entry| entry.is_folder);
        let mut names: Vec<String> = entries.map(|entry| entry.name).collect();
        names.sort();
        Ok(names)
    }

    /// What is inside, at most so much; names that are no text are passed over.
    pub fn entries(&self, most: usize) -> io::Result<Vec<Entry>> {
        let mut entries = Vec::new();
        for found in Dir::read_from(&self.0)? {
            let found = found?;
            let Ok(name) = found.file_name().to_str() else { continue };
            if matches!(name, "." | "..") {
                continue;
            }
            if entries.len() == most {
                break;
            }
            // Gone since.
            let Ok(stat) = statat(&self.0, name, AtFlags::SYMLINK_NOFOLLOW) else { continue };
            let kind = FileType::from_raw_mode(stat.st_mode);
            let changed = stat.st_mtime.saturating_mul(1000);
            entries.push(Entry {
                name: name.to_owned(),
                is_folder: kind == FileType::Directory,
                is_file: kind == FileType::RegularFile,
                seen: Seen {
                    length: u64::try_from(stat.st_size).unwrap_or(0),
                    changed: Timestamp::from_millis(changed),
                },
            });
        }
        Ok(entries)
    }

    /// Opens an ordinary file; a pipe in its place is not waited for.
    fn file(&self, name: &str) -> io::Result<File> {
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let file = File::from(openat(&self.0, name, flags, Mode::empty())?);
        match file.metadata()?.is_file() {
            true => Ok(file),
            false => Err(io::Error::other("it is no ordinary file")),
        }
    }

    /// The last bytes of a file, at most so many.
    pub fn tail(&self, name: &str, most: u64) -> io::Result<Vec<u8>> {
        let mut file = self.file(name)?;
        let length = file.metadata()?.len();
        file.seek(SeekFrom::Start(length.saturating_sub(most)))?;
        let mut bytes = Vec::new();
        file.take(most).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// # Errors
    /// Also when it has more bytes than `most`.
    pub fn read(&self, name: &str, most: usize) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.file(name)?.take(most as u64 + 1).read_to_end(&mut bytes)?;
        match bytes.len() <= most {
            true => Ok(bytes),
            false => Err(io::Error::other(format!("file has more than {most} bytes"))),
        }
    }

    /// What is in a file is on disk when this returns. A link or a device has nothing of
    /// ours in it.
    fn sync_file(&self, name: &str) -> io::Result<()> {
        if let Ok(file) = self.file(name) {
            file.sync_all()?;
            trace::synced_file(self, name);
        }
        Ok(())
    }

    /// Removes a file. One that is there again after a power cut is read again, and says
    /// nothing new, so nobody waits for the disk.
    pub fn remove(&self, name: &str) -> io::Result<()> {
        unlinkat(&self.0, name, AtFlags::empty())?;
        trace::removed(self, name);
        Ok(())
    }

    /// Writes a small new file; it is on disk when this returns.
    pub fn write(&self, name: &str, text: &str) -> io::Result<()> {
        let flags =
            OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let mut file = File::from(openat(&self.0, name, flags, Mode::RUSR | Mode::WUSR)?);
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        self.sync()
    }
}

/// A file, or a link itself, that goes into another folder on the same disk.
pub struct Move<'a> {
    pub from: &'a Folder,
    pub name: &'a str,
    pub into: Arc<Folder>,
    pub as_name: String,
}

impl Move<'_> {
    fn rename(&self) -> io::Result<()> {
        renameat(&self.from.0, self.name, &self.into.0, &self.as_name)?;
        trace::renamed((self.from, self.name), (&self.into, &self.as_name));
        Ok(())
    }
}

/// Moves files; says of each whether it was. All of them are there whole after a power
/// cut: what is in them first, then their new names, then that the old ones are gone.
/// The disk is asked for many at a time, since it writes what it is asked for together.
pub fn rename_all(moves: &[Move<'_>]) -> Vec<io::Result<()>> {
    let synced = side_by_side(moves, |it| it.from.sync_file(it.name));
    let renamed = moves.iter().zip(synced).map(|(it, synced)| synced.and_then(|()| it.rename()));
    let renamed: Vec<io::Result<()>> = renamed.collect();
    let done = || moves.iter().zip(&renamed).filter(|it| it.1.is_ok()).map(|it| it.0);
    let into: BTreeMap<_, _> = done().map(|it| (it.into.0.as_raw_fd(), &*it.into)).collect();
    let from: BTreeMap<_, _> = done().map(|it| (it.from.0.as_raw_fd(), it.from)).collect();
    for folders in [into, from] {
        let folders: Vec<&Folder> = folders.into_values().collect();
        for synced in side_by_side(&folders, |folder| folder.sync()) {
            // What was moved is read all the same: that makes it safe elsewhere.
            if let Err(error) = synced {
                tracing::error!(%error, "a folder could not be synchronised");
            }
        }
    }
    renamed
}

/// As many threads as ask the disk at once.
const ASKING: usize = 16;

/// What the work says of each, in order.
fn side_by_side<T: Sync>(
    items: &[T],
    work: impl Fn(&T) -> io::Result<()> + Sync,
) -> Vec<io::Result<()>> {
    let all = |part: &[T]| part.iter().map(&work).collect::<Vec<_>>();
    let mut parts = items.chunks(items.len().div_ceil(ASKING).max(1));
    let mine = parts.next().unwrap_or_default();
    thread::scope(|scope| {
        let theirs: Vec<_> = parts
            .map(|part| (part, thread::Builder::new().spawn_scoped(scope, move || all(part))))
            .collect();
        let mut said = all(mine);
        for (part, thread) in theirs {
            // Where there is no thread to be had, or none that ended well, it is done here.
            let done = thread.ok().and_then(|thread| thread.join().ok());
            said.extend(done.unwrap_or_else(|| all(part)));
        }
        said
    })
}

/// What was asked of the disk, in order, for the story of the power cut; nothing outside
/// tests.
#[cfg(not(test))]
mod trace {
    use super::Folder;

    pub fn synced_file(_: &Folder, _: &str) {}
    pub fn synced_folder(_: &Folder) {}
    pub fn renamed(_: (&Folder, &str), _: (&Folder, &str)) {}
    pub fn removed(_: &Folder, _: &str) {}
}

#[cfg(test)]
pub mod trace {
    use std::sync::Mutex;

    use rustix::fs::fstat;

    use super::Folder;

    /// Device and number of a folder.
    pub type Id = (u64, u64);

    #[derive(Debug, Clone, PartialEq, Eq)]
    pub enum Call {
        SyncFile(Id, String),
        SyncFolder(Id),
        /// From a folder by a name, into a folder under a name.
        Rename((Id, String), (Id, String)),
        Remove(Id, String),
    }

    static CALLS: Mutex<Vec<Call>> = Mutex::new(Vec::new());

    fn id(folder: &Folder) -> Id {
        let stat = fstat(&folder.0).expect("an open folder");
        (stat.st_dev, stat.st_ino)
    }

    fn told(call: Call) {
        CALLS.lock().expect("nobody panics with it").push(call);
    }

    pub fn synced_file(folder: &Folder, name: &str) {
        told(Call::SyncFile(id(folder), name.to_owned()));
    }

    pub fn synced_folder(folder: &Folder) {
        told(Call::SyncFolder(id(folder)));
    }

    pub fn renamed(from: (&Folder, &str), into: (&Folder, &str)) {
        let at = |(folder, name): (&Folder, &str)| (id(folder), name.to_owned());
        told(Call::Rename(at(from), at(into)));
    }

    pub fn removed(folder: &Folder, name: &str) {
        told(Call::Remove(id(folder), name.to_owned()));
    }

    /// Every call of every test so far, in order.
    pub fn calls() -> Vec<Call> {
        CALLS.lock().expect("nobody panics with it").clone()
    }
}
