//! Documents: immutable bytes, named by their hash.
//!
//! Small ones (raw frames above all) are appended to packs, so that a thousand
//! frames a second are one file and one sync. A record in a pack carries whose
//! it is and when it came; opening reads the newest pack's records again, which
//! is the index. A torn record at the tail is cut: it was never acknowledged.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, VecDeque};
use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use base::{Id, Timestamp};
use sha2::{Digest as _, Sha256};

/// A new pack is begun beyond this size, in bytes.
const PACK_BYTES: u64 = 64 << 20;
/// The largest small document, in bytes.
pub const LARGEST: usize = 64 << 10;
/// How many of the newest documents are found without being named: some ten megabytes.
pub const RECENT: usize = 50_000;
/// marker 4 · length 4 · subject 16 · received 8 · hash 32, little-endian.
const RECORD_HEAD: usize = 64;
const MARKER: [u8; 4] = *b"FSD1";

/// Where a document is and what it must hash to (SHA-256, hex).
#[derive(
    Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
)]
pub struct DocumentRef {
    pub hash: String,
    pub pack: u32,
    pub offset: u64,
    pub length: u32,
}

/// A document to be kept.
pub struct NewDocument<'a> {
    pub subject: Id,
    pub received: Timestamp,
    pub bytes: &'a [u8],
}

/// The document store of one world.
pub struct Documents {
    directory: PathBuf,
    durable: bool,
    state: Mutex<State>,
}

struct State {
    pack: u32,
    file: Box<dyn PackFile>,
    end: u64,
    /// A failed write could not be cut off: nothing is taken any more.
    broken: bool,
    recent: Recent,
}

/// A pack that is written to; its twin in the tests fails where it is told to.
trait PackFile: Send {
    /// Writes at `offset`, whole or with an error; after an error a part may be there.
    fn write_at(&self, offset: u64, bytes: &[u8]) -> io::Result<()>;

    /// Returns when the content is on disk.
    fn sync(&self) -> io::Result<()>;

    /// Cuts the file to `length` bytes, on disk too.
    fn cut(&self, length: u64) -> io::Result<()>;
}

impl PackFile for File {
    fn write_at(&self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        self.write_all_at(bytes, offset)
    }

    fn sync(&self) -> io::Result<()> {
        self.sync_data()
    }

    fn cut(&self, length: u64) -> io::Result<()> {
        self.set_len(length)?;
        self.sync_all()
    }
}

impl Documents {
    /// Opens or makes the store.
    ///
    /// # Errors
    /// Any I/O error; a pack that is damaged before its tail is an error too.
    pub fn open(directory: &Path, durable: bool) -> io::Result<Documents> {
        std::fs::create_dir_all(directory)?;
        let mut packs = Vec::new();
        for entry in std::fs::read_dir(directory)? {
            let name = entry?.file_name();
            let number = name.to_str().and_then(|name| name.strip_suffix(".pack"));
            packs.extend(number.and_then(|number| number.parse::<u32>().ok()));
        }
        packs.sort_unstable();
        let newest = packs.last().copied().unwrap_or(1);
        let mut recent = Recent::default();
        let mut end = 0;
        // The last two packs are enough for "recent" across a change of pack.
        for pack in packs.iter().rev().take(2).rev() {
            end = scan(directory, *pack, *pack == newest, &mut recent)?;
        }
        let path = pack_path(directory, newest);
        let mut options = OpenOptions::new();
        let file = options.create(true).truncate(false).read(true).write(true).open(&path)?;
        file.set_len(end)?;
        if durable {
            file.sync_all()?;
            File::open(directory)?.sync_all()?;
        }
        let file = Box::new(file);
        let state = Mutex::new(State { pack: newest, file, end, broken: false, recent });
        Ok(Documents { directory: directory.to_owned(), durable, state })
    }

    /// Keeps documents, all under one sync; they are on disk when this returns.
    ///
    /// # Errors
    /// Any I/O error; one longer than [`LARGEST`] is [`io::ErrorKind::InvalidInput`].
    pub fn put_all(&self, documents: &[NewDocument<'_>]) -> io::Result<Vec<DocumentRef>> {
        if documents.is_empty() {
            return Ok(Vec::new());
        }
        let mut state = self.state.lock().expect("no holder panics");
        if PACK_BYTES <= state.end {
            self.begin_pack(&mut state)?;
        }
        let mut buffer = Vec::new();
        let mut kept = Vec::with_capacity(documents.len());
        for document in documents {
            if LARGEST < document.bytes.len() {
                return Err(io::Error::new(
                    io::ErrorKind::InvalidInput,
                    format!("document has {} bytes, at most {LARGEST}", document.bytes.len()),
                ));
            }
            let hash: [u8; 32] = Sha256::digest(document.bytes).into();
            let length = document.bytes.len() as u32;
            let offset = state.end + buffer.len() as u64;
            buffer.extend_from_slice(&MARKER);
            buffer.extend_from_slice(&length.to_le_bytes());
            buffer.extend_from_slice(&document.subject.as_u128().to_le_bytes());
            buffer.extend_from_slice(&document.received.as_millis().to_le_bytes());
            buffer.extend_from_slice(&hash);
            buffer.extend_from_slice(document.bytes);
            let hash = hex::encode(hash);
            kept.push(DocumentRef { hash, pack: state.pack, offset, length });
        }
        if state.broken {
            return Err(io::Error::other("the document pack could not be mended after a failure"));
        }
        let end = state.end;
        let written = state.file.write_at(end, &buffer);
        let kept_on_disk = written.and_then(|()| match self.durable {
            true => state.file.sync(),
            false => Ok(()),
        });
        if let Err(error) = kept_on_disk {
            // Half a group must not stand behind what comes next: it is cut, or
            // nothing more is taken.
            state.broken = state.file.cut(end).is_err();
            return Err(error);
        }
        state.end += buffer.len() as u64;
        for (document, reference) in documents.iter().zip(&kept) {
            state.recent.remember(document.subject, document.received, reference.clone());
        }
        Ok(kept)
    }

    /// Every pack with the length up to which it is whole, oldest first: what a copy
    /// takes. Packs only grow.
    ///
    /// # Errors
    /// Any I/O error.
    pub(crate) fn packs(&self) -> io::Result<Vec<(PathBuf, u64)>> {
        let state = self.state.lock().expect("no holder panics");
        let mut packs = Vec::new();
        for entry in std::fs::read_dir(&self.directory)? {
            let path = entry?.path();
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            let number = name.strip_suffix(".pack").and_then(|number| number.parse::<u32>().ok());
            match number {
                Some(number) if number == state.pack => packs.push((path, state.end)),
                Some(number) if number < state.pack => {
                    let bytes = path.metadata()?.len();
                    packs.push((path, bytes));
                }
                _ => {}
            }
        }
        packs.sort();
        Ok(packs)
    }

    fn begin_pack(&self, state: &mut State) -> io::Result<()> {
        let pack = state.pack + 1;
        let path = pack_path(&self.directory, pack);
        let file = OpenOptions::new().create_new(true).read(true).write(true).open(path)?;
        state.file = Box::new(file);
        if self.durable {
            File::open(&self.directory)?.sync_all()?;
        }
        state.pack = pack;
        state.end = 0;
        Ok(())
    }

    /// A document's bytes; their hash is checked.
    ///
    /// # Errors
    /// [`io::ErrorKind::InvalidData`] when the bytes are not those that were kept.
    pub fn read(&self, reference: &DocumentRef) -> io::Result<Vec<u8>> {
        let mut file = File::open(pack_path(&self.directory, reference.pack))?;
        file.seek(SeekFrom::Start(reference.offset + RECORD_HEAD as u64))?;
        let mut bytes = vec![0; (reference.length as usize).min(LARGEST)];
        file.read_exact(&mut bytes)?;
        if hex::encode(Sha256::digest(&bytes)) != reference.hash {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                format!("document {} is not what its hash says", reference.hash),
            ));
        }
        Ok(bytes)
    }

    /// A document by its name, the hash: facts name documents so, since places change.
    ///
    /// It reads the heads of packs, the newest first: about a third of a second for
    /// each pack of small frames. The newest of a subject are in [`Documents::recent`].
    ///
    /// # Errors
    /// Any I/O error; [`io::ErrorKind::InvalidData`] when the bytes are not the hash's.
    pub fn find(&self, hash: &str) -> io::Result<Option<Vec<u8>>> {
        let newest = {
            let state = self.state.lock().expect("no holder panics");
            let known = state.recent.of.values().flatten().find(|(_, known)| known.hash == hash);
            if let Some((_, known)) = known {
                let known = known.clone();
                drop(state);
                return self.read(&known).map(Some);
            }
            state.pack
        };
        for pack in (1..=newest).rev() {
            let Ok(file) = File::open(pack_path(&self.directory, pack)) else { continue };
            let mut reader = io::BufReader::new(file);
            let mut offset = 0;
            let mut head = [0; RECORD_HEAD];
            while reader.read_exact(&mut head).is_ok() && head[..4] == MARKER {
                let length = u32::from_le_bytes(head[4..8].try_into().expect("four bytes"));
                if hex::encode(&head[32..64]) == hash {
                    let hash = hash.to_owned();
                    return self.read(&DocumentRef { hash, pack, offset, length }).map(Some);
                }
                reader.seek_relative(i64::from(length))?;
                offset += RECORD_HEAD as u64 + u64::from(length);
            }
        }
        Ok(None)
    }

    /// The newest documents of a subject, newest first, at most `limit`: as far as they
    /// are among the newest [`RECENT`] of all subjects.
    pub fn recent(&self, subject: Id, limit: usize) -> Vec<(Timestamp, DocumentRef)> {
        let state = self.state.lock().expect("no holder panics");
        let recent = state.recent.of.get(&subject).map(|recent| recent.iter().rev().take(limit));
        recent.map(|recent| recent.cloned().collect()).unwrap_or_default()
    }
}

/// The newest documents of all subjects together: so much memory, however many there are.
#[derive(Default)]
struct Recent {
    /// Oldest first, of each subject.
    of: HashMap<Id, VecDeque<(Timestamp, DocumentRef)>>,
    /// Whose documents came, oldest first.
    order: VecDeque<Id>,
}

impl Recent {
    fn remember(&mut self, subject: Id, received: Timestamp, reference: DocumentRef) {
        if self.order.len() == RECENT
            && let Some(oldest) = self.order.pop_front()
            && let Entry::Occupied(mut of) = self.of.entry(oldest)
        {
            of.get_mut().pop_front();
            if of.get().is_empty() {
                of.remove();
            }
        }
        self.order.push_back(subject);
        self.of.entry(subject).or_default().push_back((received, reference));
    }
}

/// Reads a pack's records into the index; answers where the last whole one ends.
fn scan(directory: &Path, pack: u32, newest: bool, recent: &mut Recent) -> io::Result<u64> {
    let path = pack_path(directory, pack);
    let mut reader = io::BufReader::new(File::open(&path)?);
    let size = reader.get_ref().metadata()?.len();
    let mut at = 0;
    while at < size {
        let mut head = [0; RECORD_HEAD];
        let whole = at + RECORD_HEAD as u64 <= size;
        if whole {
            reader.read_exact(&mut head)?;
        }
        let length = u32::from_le_bytes(head[4..8].try_into().expect("four bytes"));
        let end = at + RECORD_HEAD as u64 + u64::from(length);
        let sound = whole && head[..4] == MARKER && length as usize <= LARGEST && end <= size;
        let mut bytes = vec![0; if sound { length as usize } else { 0 }];
        if sound {
            reader.read_exact(&mut bytes)?;
        }
        if !sound || Sha256::digest(&bytes)[..] != head[32..64] {
            if newest && !whole_record_after(&path, at)? {
                tracing::warn!(pack, at, "the tail of a document pack was torn and is cut");
                return Ok(at);
            }
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                format!("{} is damaged at byte {at}", path.display()),
            ));
        }
        let subject = Id::from_u128(u128::from_le_bytes(head[8..24].try_into().expect("16")));
        let received = i64::from_le_bytes(head[24..32].try_into().expect("eight bytes"));
        let hash = hex::encode(&head[32..64]);
        let reference = DocumentRef { hash, pack, offset: at, length };
        recent.remember(subject, Timestamp::from_millis(received), reference);
        at = end;
    }
    Ok(at)
}

/// Whether a sound record stands after `at`: then it is no torn tail, but damage.
fn whole_record_after(path: &Path, at: u64) -> io::Result<bool> {
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start(at + 1))?;
    let mut rest = Vec::new();
    file.read_to_end(&mut rest)?;
    let starts = rest.windows(MARKER.len()).enumerate().filter(|(_, bytes)| *bytes == MARKER);
    Ok(starts.map(|(start, _)| &rest[start..]).any(|record| {
        let Some(head) = record.get(..RECORD_HEAD) else { return false };
        let length = u32::from_le_bytes(head[4..8].try_into().expect("four bytes")) as usize;
        let bytes = record.get(RECORD_HEAD..RECORD_HEAD.saturating_add(length));
        bytes.is_some_and(|bytes| Sha256::digest(bytes)[..] == head[32..64])
    }))
}

fn pack_path(directory: &Path, pack: u32) -> PathBuf {
    directory.join(format!("{pack:08}.pack"))
}

#[cfg(test)]
mod tests;
