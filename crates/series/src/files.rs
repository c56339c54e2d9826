//! What queries keep at hand between blocks: open files, pages, decoders.

use std::collections::{HashMap, VecDeque};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock};

use crate::SeriesError;
use crate::block::{Entry, Kind};
use crate::chunk::Decoder;
use crate::disk::{Disk, DiskFile};
use crate::locks::lock;

/// Open block files, so many and no more.
pub(crate) struct Files {
    pub disk: Arc<dyn Disk>,
    limit: usize,
    open: Mutex<OpenFiles>,
    pages: Mutex<PageCache>,
    /// Those not in use.
    decoders: Mutex<Vec<Decoder>>,
}

#[derive(Default)]
struct OpenFiles {
    by_number: HashMap<FileKey, Arc<dyn DiskFile>>,
    /// In the order they were opened.
    order: VecDeque<FileKey>,
}

/// Pages lately used, the oldest dropped first.
#[derive(Default)]
struct PageCache {
    by_place: HashMap<Place, Arc<Page>>,
    order: VecDeque<Place>,
    bytes: usize,
}

/// A block's kind and number.
pub(crate) type FileKey = (Kind, u64);

/// A page's block, and its place in the block.
pub(crate) type Place = (Kind, u64, usize);

/// A page of a block, and the chunks it speaks of once more than one was asked for.
pub(crate) struct Page {
    pub entries: Box<[Entry]>,
    asked: AtomicBool,
    chunks: OnceLock<Box<[u8]>>,
}

/// Bytes of pages and their chunks kept in all.
const CACHED_BYTES: usize = 16 << 20;

impl Page {
    pub fn new(entries: Vec<Entry>) -> Page {
        let entries = entries.into_boxed_slice();
        Page { entries, asked: AtomicBool::new(false), chunks: OnceLock::new() }
    }

    /// The bytes from its first chunk on, when they are at hand.
    pub fn chunks(&self) -> Option<&[u8]> {
        self.chunks.get().map(|bytes| &**bytes)
    }

    /// Whether a chunk of it was asked for before: then others are likely to be.
    pub fn is_asked_again(&self) -> bool {
        self.asked.swap(true, Ordering::Relaxed)
    }

    fn bytes(&self) -> usize {
        self.entries.len() * size_of::<Entry>() + self.chunks().map_or(0, <[u8]>::len)
    }
}

impl PageCache {
    fn insert(&mut self, place: Place, page: Arc<Page>) {
        self.bytes += page.bytes();
        if let Some(twin) = self.by_place.insert(place, page) {
            // Another query read the same page at the same time.
            self.bytes -= twin.bytes();
        } else {
            self.order.push_back(place);
        }
        self.shrink();
    }

    fn shrink(&mut self) {
        while self.bytes > CACHED_BYTES {
            let Some(oldest) = self.order.pop_front() else { break };
            self.bytes -= self.by_place.remove(&oldest).map_or(0, |page| page.bytes());
        }
    }
}

impl Files {
    pub fn new(disk: Arc<dyn Disk>, limit: usize) -> Arc<Files> {
        Arc::new(Files {
            disk,
            limit: limit.max(1),
            open: Mutex::default(),
            pages: Mutex::default(),
            decoders: Mutex::default(),
        })
    }

    pub fn file(&self, number: FileKey, path: &Path) -> Result<Arc<dyn DiskFile>, SeriesError> {
        let mut open = lock(&self.open);
        if let Some(file) = open.by_number.get(&number) {
            return Ok(file.clone());
        }
        let file = self.disk.open(path).map_err(|error| SeriesError::disk("open", path, &error))?;
        if open.order.len() == self.limit
            && let Some(oldest) = open.order.pop_front()
        {
            open.by_number.remove(&oldest);
        }
        open.by_number.insert(number, file.clone());
        open.order.push_back(number);
        Ok(file)
    }

    /// Closes a file that goes away.
    pub fn forget(&self, key: FileKey) {
        let mut open = lock(&self.open);
        if open.by_number.remove(&key).is_some() {
            open.order.retain(|other| *other != key);
        }
    }

    /// A page; `read` reads the entries of one that is not at hand.
    pub fn page(
        &self,
        place: Place,
        read: impl FnOnce() -> Result<Vec<Entry>, SeriesError>,
    ) -> Result<Arc<Page>, SeriesError> {
        if let Some(page) = lock(&self.pages).by_place.get(&place) {
            return Ok(page.clone());
        }
        let page = Arc::new(Page::new(read()?));
        lock(&self.pages).insert(place, page.clone());
        Ok(page)
    }

    /// Keeps the bytes of a page's chunks with it.
    pub fn keep(&self, place: Place, page: &Arc<Page>, chunks: Vec<u8>) {
        // Under the lock, so that what is dropped weighs what it was counted as.
        let mut pages = lock(&self.pages);
        let length = chunks.len();
        let is_first = page.chunks.set(chunks.into()).is_ok();
        let is_held = pages.by_place.get(&place).is_some_and(|held| Arc::ptr_eq(held, page));
        if is_first && is_held {
            pages.bytes += length;
            pages.shrink();
        }
    }

    pub fn decoder(&self) -> std::io::Result<Decoder> {
        let idle = lock(&self.decoders).pop();
        idle.map_or_else(Decoder::new, Ok)
    }

    pub fn give_back(&self, decoder: Decoder) {
        lock(&self.decoders).push(decoder);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::memory::MemoryDisk;

    #[test]
    fn pages_and_their_chunks_stay_within_their_bytes() {
        let files = Files::new(Arc::new(MemoryDisk::new()), 1);
        let page = |number| {
            files.page((Kind::Fresh, number, 0), || Ok(Vec::new())).expect("nothing is read")
        };
        let early = page(0);
        for number in 1..40 {
            let page = page(number);
            files.keep((Kind::Fresh, number, 0), &page, vec![0; 1 << 20]);
            // Another query had read them at the same time.
            files.keep((Kind::Fresh, number, 0), &page, vec![0; 1 << 20]);
        }
        files.keep((Kind::Fresh, 0, 0), &early, vec![0; 1 << 20]);
        let pages = lock(&files.pages);
        let held: usize = pages.by_place.values().map(|page| page.bytes()).sum();
        assert_eq!(pages.bytes, held);
        assert_eq!((held, pages.order.len()), (CACHED_BYTES, 16));
        assert_eq!(early.chunks().map(<[u8]>::len), Some(1 << 20), "whoever holds it may read it");
    }
}
