//! Folders by handle: no path is walked twice, and no link is followed.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::os::fd::OwnedFd;
use std::path::Path;

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

    /// Opens a folder inside, made when it is missing, for nobody else.
    pub fn make(&self, name: &str) -> io::Result<Folder> {
        match mkdirat(&self.0, name, Mode::RWXU) {
            Ok(()) | Err(rustix::io::Errno::EXIST) => self.open(name),
            Err(error) => Err(error.into()),
        }
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

    /// Moves a file, or a link itself, into a folder on the same disk.
    pub fn rename(&self, name: &str, into: &Folder, as_name: &str) -> io::Result<()> {
        renameat(&self.0, name, &into.0, as_name)?;
        fsync(&into.0)?;
        Ok(())
    }

    pub fn remove(&self, name: &str) -> io::Result<()> {
        unlinkat(&self.0, name, AtFlags::empty())?;
        Ok(())
    }

    /// Writes a small new file.
    pub fn write(&self, name: &str, text: &str) -> io::Result<()> {
        let flags =
            OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let file = openat(&self.0, name, flags, Mode::RUSR | Mode::WUSR)?;
        File::from(file).write_all(text.as_bytes())
    }
}
