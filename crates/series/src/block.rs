//! Blocks: sealed heads, sorted by series, never changed again.
//!
//! File `blocks/<number, 10 digits>.block`:
//!
//! ```text
//! head:   "FSBK" · version 1 · number u64 · first position u64 · last position u64 · crc32
//! chunks: see [`crate::chunk`], by series, the punctual before the others
//! pages:  count varint · offset of the first chunk u64 · entries · crc32
//!         entry: series − previous · lane u8 · versions · length · crc32 of the chunk
//!                · least time signed, as difference · span   (varints, unless said)
//! directory: per page first series u32 · offset u64 · length u32
//! foot:   directory offset u64 · pages u32 · crc32 of the directory · versions u64
//!         · per lane least and greatest time i64 · crc32 · "FSBE"
//! ```
//!
//! The positions say which batches are inside, so that a kill between writing a
//! block and cutting the log makes no batch count twice.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::bytes::{Reader, put_signed, put_varint};
use crate::chunk::{Encoder, Lane, MAX_VERSIONS, Version};
use crate::disk::{Disk, DiskFile};
use crate::file::{self, Format, HEAD};
use crate::files::{self, Files, Place};
use crate::heads::Heads;
use crate::{Position, SeriesError, SeriesNo};

const FORMAT: Format = Format { magic: *b"FSBK", version: 1 };
const FOOT_MAGIC: [u8; 4] = *b"FSBE";
const BLOCK_HEAD: usize = HEAD + 3 * 8 + 4;
const FOOT: usize = 8 + 4 + 4 + 8 + 4 * 8 + 4 + 4;
/// A page ends with the series that brings it to this many entries.
const PAGE_ENTRIES: usize = 128;
/// The longest run of a page's chunks that is read for the sake of one, in bytes.
const READ_ALONG: u64 = 64 << 10;
/// The writer hands so many bytes to the disk at once.
const WRITE_BYTES: usize = 1 << 20;

/// An immutable file of chunks; only its directory is in memory.
pub(crate) struct Block {
    pub number: u64,
    /// Batches inside, half open.
    pub positions: Range<Position>,
    pub versions: u64,
    pub bytes: u64,
    path: PathBuf,
    files: Arc<Files>,
    pages: Vec<Page>,
    /// Least and greatest time per lane; empty lanes have least > greatest.
    bounds: [(i64, i64); 2],
}

struct Page {
    first: SeriesNo,
    offset: u64,
    length: u32,
}

/// Where a chunk lies and what is in it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Entry {
    pub series: SeriesNo,
    pub lane: Lane,
    pub offset: u64,
    length: usize,
    versions: usize,
    crc: u32,
    least: i64,
    greatest: i64,
}

/// The chunks of a series in one block; nothing when the block has none.
pub(crate) struct Found(Option<Run>);

/// Some entries of a page, and the times that are asked for.
struct Run {
    place: Place,
    page: Arc<files::Page>,
    entries: Range<usize>,
    span: Range<i64>,
}

impl Found {
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.0.iter().flat_map(|run| {
            let inside = |e: &&Entry| e.least < run.span.end && run.span.start <= e.greatest;
            run.page.entries[run.entries.clone()].iter().filter(inside)
        })
    }
}

impl Block {
    /// Opens a block and checks head, foot and directory.
    pub fn open(files: &Arc<Files>, dir: &Path, number: u64) -> Result<Block, SeriesError> {
        let path = path(dir, number);
        let file =
            files.disk.open(&path).map_err(|error| SeriesError::disk("open", &path, &error))?;
        let bytes = file.len().map_err(|error| SeriesError::disk("measure", &path, &error))?;
        if bytes < (BLOCK_HEAD + FOOT) as u64 {
            return Err(SeriesError::damaged(
                &path,
                bytes,
                "the file is shorter than head and foot",
            ));
        }
        let head = file::read_part(&*file, &path, 0, BLOCK_HEAD as u64)?;
        FORMAT.check(&path, &head)?;
        check_crc(&path, 0, &head)?;
        let mut reader = Reader(&head[HEAD..]);
        let mut next = || reader.u64().expect("the head has three numbers");
        let (seen, first, last) = (next(), next(), next());
        if seen != number {
            let what = format!("it says it is block {seen}");
            return Err(SeriesError::damaged(&path, HEAD as u64, what));
        }
        let foot_at = bytes - FOOT as u64;
        let foot = file::read_part(&*file, &path, foot_at, FOOT as u64)?;
        if foot[FOOT - 4..] != FOOT_MAGIC {
            return Err(SeriesError::damaged(&path, foot_at, "the foot is missing"));
        }
        check_crc(&path, foot_at, &foot[..FOOT - 4])?;
        let mut reader = Reader(&foot);
        let (directory_at, count, crc, versions, bounds) =
            parse_foot(&mut reader).expect("the foot has its fixed length");
        let length = u64::from(count) * 16;
        if directory_at.checked_add(length) != Some(foot_at) {
            return Err(SeriesError::damaged(
                &path,
                foot_at,
                "the directory does not end at the foot",
            ));
        }
        let directory = file::read_part(&*file, &path, directory_at, length)?;
        if crc32fast::hash(&directory) != crc {
            return Err(SeriesError::damaged(
                &path,
                directory_at,
                "the directory fails its checksum",
            ));
        }
        let mut reader = Reader(&directory);
        let mut pages = Vec::with_capacity(count as usize);
        while let (Some(first), Some(offset), Some(length)) =
            (reader.u32(), reader.u64(), reader.u32())
        {
            if offset.checked_add(u64::from(length)).is_none_or(|end| end > directory_at) {
                return Err(SeriesError::damaged(&path, directory_at, "a page lies outside"));
            }
            pages.push(Page { first: SeriesNo(first), offset, length });
        }
        if first == 0 || last < first || last == u64::MAX {
            let what = format!("it says it holds positions {first} to {last}");
            return Err(SeriesError::damaged(&path, HEAD as u64, what));
        }
        let positions = Position(first)..Position(last + 1);
        let files = files.clone();
        Ok(Block { number, positions, versions, bytes, path, files, pages, bounds })
    }

    /// The last batch inside.
    pub fn last(&self) -> Position {
        Position(self.positions.end.0 - 1)
    }

    /// The chunks of one series that have times in `span`, punctual ones first.
    pub fn find(&self, series: SeriesNo, span: &Range<i64>) -> Result<Found, SeriesError> {
        let any =
            self.bounds.iter().any(|&(least, greatest)| least < span.end && span.start <= greatest);
        let after = self.pages.partition_point(|page| page.first <= series);
        let Some(page) = after.checked_sub(1).filter(|_| any) else {
            return Ok(Found(None));
        };
        let place = (self.number, page);
        let page = self.files.page(place, || self.page(&self.pages[page]))?;
        let start = page.entries.partition_point(|entry| entry.series < series);
        let of_series = page.entries[start..].iter().take_while(|entry| entry.series == series);
        let end = start + of_series.count();
        Ok(Found(Some(Run { place, page, entries: start..end, span: span.clone() })))
    }

    /// Calls `each` with every chunk's entry and versions.
    pub fn scan(&self, mut each: impl FnMut(&Entry, &[Version])) -> Result<(), SeriesError> {
        let mut versions = Vec::new();
        for page in &self.pages {
            for entry in self.page(page)? {
                versions.clear();
                self.read(&entry, &mut versions)?;
                each(&entry, &versions);
            }
        }
        Ok(())
    }

    /// Appends the versions of a chunk that was found. When another of its page was
    /// asked for before, those around it are read along: pages hold neighbours, and
    /// who asks for many series asks for neighbours.
    pub fn read_found(
        &self,
        found: &Found,
        entry: &Entry,
        out: &mut Vec<Version>,
    ) -> Result<(), SeriesError> {
        let Some(Run { place, page, .. }) = &found.0 else { return self.read(entry, out) };
        let (first, last) = (&page.entries[0], &page.entries[page.entries.len() - 1]);
        let end = last.offset + last.length as u64;
        let is_small = end - first.offset <= READ_ALONG;
        if page.chunks().is_none() && is_small && page.is_asked_again() {
            let bytes = self.bytes(first.offset, end - first.offset)?;
            self.files.keep(*place, page, bytes);
        }
        let Some(chunks) = page.chunks() else { return self.read(entry, out) };
        let start = (entry.offset - first.offset) as usize;
        self.unpack(entry, &chunks[start..start + entry.length], out)
    }

    /// Appends the versions of a chunk.
    pub fn read(&self, entry: &Entry, out: &mut Vec<Version>) -> Result<(), SeriesError> {
        self.unpack(entry, &self.bytes(entry.offset, entry.length as u64)?, out)
    }

    fn bytes(&self, offset: u64, length: u64) -> Result<Vec<u8>, SeriesError> {
        let file = self.files.file(self.number, &self.path)?;
        file::read_part(&*file, &self.path, offset, length)
    }

    fn unpack(
        &self,
        entry: &Entry,
        bytes: &[u8],
        out: &mut Vec<Version>,
    ) -> Result<(), SeriesError> {
        let damaged = |what: String| SeriesError::damaged(&self.path, entry.offset, what);
        if crc32fast::hash(bytes) != entry.crc {
            return Err(damaged("the chunk fails its checksum".to_owned()));
        }
        let start = out.len();
        let mut decoder = self
            .files
            .decoder()
            .map_err(|error| SeriesError::disk("unpack a chunk of", &self.path, &error))?;
        let decoded = decoder.decode(bytes, out);
        self.files.give_back(decoder);
        decoded.map_err(damaged)?;
        if out.len() - start != entry.versions {
            let (seen, want) = (out.len() - start, entry.versions);
            return Err(damaged(format!("the chunk has {seen} versions, its entry says {want}")));
        }
        Ok(())
    }

    fn page(&self, page: &Page) -> Result<Vec<Entry>, SeriesError> {
        let bytes = self.bytes(page.offset, u64::from(page.length))?;
        check_crc(&self.path, page.offset, &bytes)?;
        let mut reader = Reader(&bytes[..bytes.len() - 4]);
        let entries = parse_page(&mut reader).filter(|_| reader.0.is_empty());
        let inside = |entry: &Entry| {
            let end = entry.offset.checked_add(entry.length as u64);
            end.is_some_and(|end| end <= page.offset)
        };
        entries
            .filter(|entries| entries.iter().all(inside))
            .ok_or_else(|| SeriesError::damaged(&self.path, page.offset, "the page makes no sense"))
    }
}

type Foot = (u64, u32, u32, u64, [(i64, i64); 2]);

fn parse_foot(reader: &mut Reader<'_>) -> Option<Foot> {
    let (at, pages, crc, versions) = (reader.u64()?, reader.u32()?, reader.u32()?, reader.u64()?);
    let bounds = [(reader.i64()?, reader.i64()?), (reader.i64()?, reader.i64()?)];
    Some((at, pages, crc, versions, bounds))
}

fn parse_page(reader: &mut Reader<'_>) -> Option<Vec<Entry>> {
    let count = reader.size()?;
    let mut offset = reader.u64()?;
    let mut entries = Vec::with_capacity(count.min(reader.0.len()));
    let (mut series, mut least) = (0u32, 0i64);
    for _ in 0..count {
        series = series.checked_add(u32::try_from(reader.varint()?).ok()?)?;
        let lane = Lane::from_code(reader.u8()?)?;
        let (versions, length, crc) = (reader.size()?, reader.size()?, reader.u32()?);
        least = least.checked_add(reader.signed()?)?;
        let greatest = least.checked_add_unsigned(reader.varint()?)?;
        let series = SeriesNo(series);
        entries.push(Entry { series, lane, offset, length, versions, crc, least, greatest });
        offset = offset.checked_add(length as u64)?;
    }
    Some(entries)
}

/// Checks the crc32 that ends `bytes`.
fn check_crc(path: &Path, offset: u64, bytes: &[u8]) -> Result<(), SeriesError> {
    match bytes.split_last_chunk() {
        Some((body, crc)) if crc32fast::hash(body) == u32::from_le_bytes(*crc) => Ok(()),
        _ => Err(SeriesError::damaged(path, offset, "it fails its checksum")),
    }
}

pub(crate) fn path(dir: &Path, number: u64) -> PathBuf {
    dir.join(format!("{number:010}.block"))
}

/// The number in a block file's name.
pub(crate) fn number_of(name: &str) -> Option<u64> {
    name.strip_suffix(".block")?.parse().ok()
}

/// Writes heads as block `number`, durably, under its own name or not at all.
pub(crate) fn write(
    disk: &dyn Disk,
    dir: &Path,
    number: u64,
    positions: &Range<Position>,
    heads: &Heads,
) -> Result<(), SeriesError> {
    let path = path(dir, number);
    let draft = file::temporary(&path);
    let fail = |action| {
        let draft = draft.clone();
        move |error| SeriesError::disk(action, &draft, &error)
    };
    let file = disk.create(&draft).map_err(fail("create"))?;
    let mut writer = BlockWriter {
        file: &*file,
        path: &draft,
        buffer: Vec::with_capacity(WRITE_BYTES + (64 << 10)),
        written: 0,
        entries: Vec::new(),
        pages: Vec::new(),
        directory: Vec::new(),
        page_count: 0,
        versions: 0,
        bounds: [(i64::MAX, i64::MIN); 2],
    };
    if let Err(error) = writer.write(number, positions, heads) {
        // Give the room back; a leftover would be removed at the next opening.
        let _ = disk.remove(&draft);
        return Err(error);
    }
    file.sync().map_err(fail("synchronise"))?;
    file::publish(disk, &draft, &path)
}

struct BlockWriter<'a> {
    file: &'a dyn DiskFile,
    path: &'a Path,
    buffer: Vec<u8>,
    written: u64,
    /// Entries of the page being filled.
    entries: Vec<Entry>,
    /// Full pages, written after the chunks.
    pages: Vec<(SeriesNo, Vec<u8>)>,
    directory: Vec<u8>,
    page_count: u32,
    versions: u64,
    bounds: [(i64, i64); 2],
}

impl BlockWriter<'_> {
    fn write(
        &mut self,
        number: u64,
        positions: &Range<Position>,
        heads: &Heads,
    ) -> Result<(), SeriesError> {
        self.buffer.extend_from_slice(&FORMAT.head());
        for number in [number, positions.start.0, positions.end.0 - 1] {
            self.buffer.extend_from_slice(&number.to_le_bytes());
        }
        self.buffer.extend_from_slice(&crc32fast::hash(&self.buffer).to_le_bytes());
        let pack = |error| SeriesError::disk("compress a chunk of", self.path, &error);
        let mut encoder = Encoder::new().map_err(pack)?;
        let mut versions = Vec::new();
        for series in heads.series() {
            for lane in [Lane::Punctual, Lane::Aside] {
                versions.clear();
                heads.collect_lane(series, lane, i64::MIN..i64::MAX, &mut versions);
                for run in versions.chunks(MAX_VERSIONS) {
                    self.chunk(series, lane, run, &mut encoder)?;
                }
            }
            if self.entries.len() >= PAGE_ENTRIES {
                self.end_page();
            }
        }
        self.end_page();
        self.finish()
    }

    fn chunk(
        &mut self,
        series: SeriesNo,
        lane: Lane,
        run: &[Version],
        encoder: &mut Encoder,
    ) -> Result<(), SeriesError> {
        let start = self.buffer.len();
        encoder
            .encode(run, &mut self.buffer)
            .map_err(|error| SeriesError::disk("compress a chunk of", self.path, &error))?;
        let bytes = &self.buffer[start..];
        let entry = Entry {
            series,
            lane,
            offset: self.written + start as u64,
            length: bytes.len(),
            versions: run.len(),
            crc: crc32fast::hash(bytes),
            least: run[0].time,
            greatest: run[run.len() - 1].time,
        };
        let bounds = &mut self.bounds[usize::from(lane.code())];
        *bounds = (bounds.0.min(entry.least), bounds.1.max(entry.greatest));
        self.versions += run.len() as u64;
        self.entries.push(entry);
        if self.buffer.len() >= WRITE_BYTES { self.flush() } else { Ok(()) }
    }

    fn end_page(&mut self) {
        let Some(first) = self.entries.first() else { return };
        let mut page = Vec::with_capacity(self.entries.len() * 20);
        put_varint(&mut page, self.entries.len() as u64);
        page.extend_from_slice(&first.offset.to_le_bytes());
        let (mut series, mut least) = (0, 0);
        for entry in &self.entries {
            put_varint(&mut page, u64::from(entry.series.0 - series));
            page.push(entry.lane.code());
            put_varint(&mut page, entry.versions as u64);
            put_varint(&mut page, entry.length as u64);
            page.extend_from_slice(&entry.crc.to_le_bytes());
            put_signed(&mut page, entry.least - least);
            put_varint(&mut page, entry.greatest.abs_diff(entry.least));
            (series, least) = (entry.series.0, entry.least);
        }
        page.extend_from_slice(&crc32fast::hash(&page).to_le_bytes());
        self.pages.push((first.series, page));
        self.entries.clear();
    }

    fn finish(&mut self) -> Result<(), SeriesError> {
        for (first, page) in std::mem::take(&mut self.pages) {
            let offset = self.written + self.buffer.len() as u64;
            self.directory.extend_from_slice(&first.0.to_le_bytes());
            self.directory.extend_from_slice(&offset.to_le_bytes());
            self.directory.extend_from_slice(&(page.len() as u32).to_le_bytes());
            self.page_count += 1;
            self.buffer.extend_from_slice(&page);
            if self.buffer.len() >= WRITE_BYTES {
                self.flush()?;
            }
        }
        let directory_at = self.written + self.buffer.len() as u64;
        let mut foot = directory_at.to_le_bytes().to_vec();
        foot.extend_from_slice(&self.page_count.to_le_bytes());
        foot.extend_from_slice(&crc32fast::hash(&self.directory).to_le_bytes());
        foot.extend_from_slice(&self.versions.to_le_bytes());
        for (least, greatest) in self.bounds {
            foot.extend_from_slice(&least.to_le_bytes());
            foot.extend_from_slice(&greatest.to_le_bytes());
        }
        foot.extend_from_slice(&crc32fast::hash(&foot).to_le_bytes());
        foot.extend_from_slice(&FOOT_MAGIC);
        self.buffer.extend_from_slice(&self.directory);
        self.buffer.extend_from_slice(&foot);
        self.flush()
    }

    fn flush(&mut self) -> Result<(), SeriesError> {
        self.file
            .append(&self.buffer)
            .map_err(|error| SeriesError::disk("write", self.path, &error))?;
        self.written += self.buffer.len() as u64;
        self.buffer.clear();
        Ok(())
    }
}
