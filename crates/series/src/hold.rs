//! Holds: the store's files, to be copied while it is written.
//!
//! A copy is taken in three steps. [`Store::hold`](crate::Store::hold) keeps the log
//! from being cut. Then whoever derives something from the readings writes down
//! what it has. Then [`Hold::files`] names the files: they hold everything that was
//! on disk at that moment, and all of the log since the hold began; so a consumer
//! whose position was written down in between finds every batch after it in the copy.
//!
//! The files lean on each other, so each is looked at after what leans on it: the
//! state knows of no block that is not there, the blocks end where the log goes on
//! or later, and every series of theirs is in the dictionary. The consumers are
//! those of the beginning: what was released since may be needed by the copy.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use crate::block::{Block, Kind};
use crate::disk::{Disk, DiskFile};
use crate::layout::Layout;
use crate::locks::{lock, read};
use crate::store::Handle;
use crate::{Position, SeriesError, dictionary, state};

/// Keeps the log until dropped; a restart of the process ends it too.
pub struct Hold {
    handle: Arc<Handle>,
    number: u64,
    /// The file of the consumers when the hold began.
    consumers: Vec<u8>,
}

/// One file of a copy.
pub struct HeldFile {
    /// Relative to the store's directory, with `/` between.
    pub name: String,
    /// So many bytes of it belong to the copy, from the start.
    pub bytes: u64,
    content: Content,
}

enum Content {
    Memory(Vec<u8>),
    File {
        disk: Arc<dyn Disk>,
        path: PathBuf,
    },
    /// Its file stays for as long as somebody has the block.
    Block {
        disk: Arc<dyn Disk>,
        block: Arc<Block>,
    },
}

/// Everything of a copy.
pub struct HeldFiles {
    pub files: Vec<HeldFile>,
    /// The last batch in it.
    pub position: Position,
}

impl Hold {
    pub(crate) fn new(handle: &Arc<Handle>) -> Hold {
        let core = &handle.core;
        let (number, consumers) = lock(&core.consumers).hold(core.wal.oldest());
        Hold { handle: handle.clone(), number, consumers }
    }

    /// The files as they are now, in the order in which they are to be copied.
    ///
    /// # Errors
    /// Those of the disk while the state is read.
    pub fn files(&self) -> Result<HeldFiles, SeriesError> {
        let core = &self.handle.core;
        let memory = |name: &str, content: Vec<u8>| HeldFile {
            name: name.to_owned(),
            bytes: content.len() as u64,
            content: Content::Memory(content),
        };
        let file = |folder: &str, path: PathBuf, bytes: u64| {
            let last = path.file_name().unwrap_or_default().to_string_lossy();
            let content = Content::File { disk: core.disk.clone(), path: path.clone() };
            HeldFile { name: format!("{folder}{last}"), bytes, content }
        };
        let mut files = vec![memory("consumers", self.consumers.clone())];
        let (state, layout) = self.state_and_layout()?;
        files.extend(state.map(|bytes| memory("state", bytes)));
        files.extend(layout.manifest().map(|bytes| memory("manifest", bytes)));
        files.extend(read(&core.keep).file().map(|bytes| memory("retention", bytes)));
        for block in layout.blocks() {
            let folder = if block.kind == Kind::Fresh { "blocks/" } else { "merged/" };
            let last = block.path.file_name().unwrap_or_default().to_string_lossy();
            let (disk, block) = (core.disk.clone(), block.clone());
            files.push(HeldFile {
                name: format!("{folder}{last}"),
                bytes: block.bytes,
                content: Content::Block { disk, block },
            });
        }
        let (log, position) = core.wal.durable_files();
        files.extend(log.into_iter().map(|(path, bytes)| file("wal/", path, bytes)));
        let path = dictionary::path(&core.dir);
        files.push(file("", path, read(&core.dictionary).durable_bytes()));
        Ok(HeldFiles { files, position })
    }

    /// A state and blocks that go together: it knows of no block that is not there, and
    /// of all that were merged.
    fn state_and_layout(&self) -> Result<(Option<Vec<u8>>, Arc<Layout>), SeriesError> {
        let core = &self.handle.core;
        loop {
            let state = state::bytes(&*core.disk, &core.dir)?;
            let layout = read(&core.tables).layout.clone();
            match state {
                None if layout.merged_upto == Position::START => return Ok((None, layout)),
                Some((bytes, mark)) if layout.merged_upto <= mark => {
                    return Ok((Some(bytes), layout));
                }
                // Blocks were sealed and merged in between; the state is newer by now.
                _ => {}
            }
        }
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        lock(&self.handle.core.consumers).end_hold(self.number);
        // What was held is cut with the next block.
    }
}

impl HeldFile {
    /// Reads the file's part of the copy from its start.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn open(&self) -> io::Result<Box<dyn io::Read + '_>> {
        Ok(match &self.content {
            Content::Memory(bytes) => Box::new(bytes.as_slice()),
            Content::File { disk, path } => {
                Box::new(Part { file: disk.open(path)?, at: 0, end: self.bytes })
            }
            Content::Block { disk, block } => {
                Box::new(Part { file: disk.open(&block.path)?, at: 0, end: self.bytes })
            }
        })
    }
}

/// A file's bytes from `at` to `end`.
struct Part {
    file: Arc<dyn DiskFile>,
    at: u64,
    end: u64,
}

impl io::Read for Part {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.end - self.at).unwrap_or(usize::MAX);
        let count = buffer.len().min(left);
        self.file.read_at(self.at, &mut buffer[..count])?;
        self.at += count as u64;
        Ok(count)
    }
}
