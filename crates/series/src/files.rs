//! What queries keep at hand between blocks: open files, pages, decoders.

use std::collections::{HashMap, VecDeque};
use std::path::Path;
use std::sync::{Arc, Mutex};

use crate::SeriesError;
use crate::block::Entry;
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
    by_number: HashMap<u64, Arc<dyn DiskFile>>,
    /// In the order they were opened.
    order: VecDeque<u64>,
}

/// Pages lately used, the oldest dropped first.
#[derive(Default)]
struct PageCache {
    by_place: HashMap<(u64, usize), Arc<[Entry]>>,
    order: VecDeque<(u64, usize)>,
    entries: usize,
}

/// Entries kept in all: 4 MB.
const CACHED_ENTRIES: usize = 1 << 16;

impl PageCache {
    fn insert(&mut self, place: (u64, usize), entries: Arc<[Entry]>) {
        self.entries += entries.len();
        if let Some(twin) = self.by_place.insert(place, entries) {
            // Another query read the same page at the same time.
            self.entries -= twin.len();
        } else {
            self.order.push_back(place);
        }
        while self.entries > CACHED_ENTRIES {
            let Some(oldest) = self.order.pop_front() else { break };
            self.entries -= self.by_place.remove(&oldest).map_or(0, |page| page.len());
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

    pub fn file(&self, number: u64, path: &Path) -> Result<Arc<dyn DiskFile>, SeriesError> {
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

    /// The entries of a page, by block number and place in the block; `read` reads
    /// those that are not at hand.
    pub fn page(
        &self,
        place: (u64, usize),
        read: impl FnOnce() -> Result<Vec<Entry>, SeriesError>,
    ) -> Result<Arc<[Entry]>, SeriesError> {
        if let Some(entries) = lock(&self.pages).by_place.get(&place) {
            return Ok(entries.clone());
        }
        let entries: Arc<[Entry]> = read()?.into();
        lock(&self.pages).insert(place, entries.clone());
        Ok(entries)
    }

    pub fn decoder(&self) -> std::io::Result<Decoder> {
        let idle = lock(&self.decoders).pop();
        idle.map_or_else(Decoder::new, Ok)
    }

    pub fn give_back(&self, decoder: Decoder) {
        lock(&self.decoders).push(decoder);
    }
}
