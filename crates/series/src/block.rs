//! Blocks: chunks sorted by series, never changed again.
//!
//! | file | what | letters |
//! |---|---|---|
//! | `blocks/<number, 10 digits>.block` | fresh: sealed heads | `FSBK` 1 |
//! | `merged/<number>.block` | merged: one day of one class, or what is scattered over days | `FSBK` 2 |
//! | `merged/<number>.minutes`, `.hours` | sums of the merged block of that number | `FSRU` 1 |
//!
//! ```text
//! head:   letters · version · number u64 · first position u64 · last position u64
//!         · [not when fresh: day i64 · class u8 · grain u8] · crc32
//! chunks: see [`crate::chunk`], [`crate::rows`]; by series; in fresh blocks the punctual first
//! pages:  count varint · offset of the first chunk u64 · entries · crc32
//!         entry: series − previous · lane u8 · versions · length · crc32 of the chunk
//!                · least time signed, as difference · span   (varints, unless said)
//! directory: per page first series u32 · offset u64 · length u32
//! foot:   directory offset u64 · pages u32 · crc32 of the directory · versions u64
//!         · per lane least and greatest time i64 · crc32 · "FSBE"
//! ```
//!
//! The positions of a fresh block say which batches are inside, so that a kill between
//! writing it and cutting the log makes no batch count twice. Those of a merged one
//! span the batches of which it holds a part. The grain is 0 for readings, else
//! minutes; a day counts from 1970 in UTC, and [`SCATTERED`] says that it is none.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::bytes::Reader;
use crate::chunk::{Decoder, Lane, Version};
use crate::file::{self, Format, HEAD};
use crate::files::{self, Files, Place};
use crate::row::{Grain, Row};
use crate::{Position, SeriesError, SeriesNo, rows};

pub(crate) const READINGS: Format = Format { magic: *b"FSBK", version: 2 };
pub(crate) const SUMS: Format = Format { magic: *b"FSRU", version: 1 };
pub(crate) const FOOT_MAGIC: [u8; 4] = *b"FSBE";
const FRESH_HEAD: usize = HEAD + 3 * 8 + 4;
const MERGED_HEAD: usize = FRESH_HEAD + 8 + 1 + 1;
const FOOT: usize = 8 + 4 + 4 + 8 + 4 * 8 + 4 + 4;
/// The day of a merged block whose readings lie on many days.
pub(crate) const SCATTERED: i64 = i64::MIN;
/// The longest run of a page's chunks that is read for the sake of one, in bytes.
const READ_ALONG: u64 = 64 << 10;

/// Which of the kinds of block a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Kind {
    Fresh,
    Merged,
    Sums(Grain),
}

impl Kind {
    pub fn format(self) -> Format {
        match self {
            Kind::Fresh | Kind::Merged => READINGS,
            Kind::Sums(_) => SUMS,
        }
    }

    pub fn path(self, store: &Path, number: u64) -> PathBuf {
        match self {
            Kind::Fresh => store.join(format!("blocks/{number:010}.block")),
            Kind::Merged => store.join(format!("merged/{number:010}.block")),
            Kind::Sums(Grain::Minute) => store.join(format!("merged/{number:010}.minutes")),
            Kind::Sums(Grain::Hour) => store.join(format!("merged/{number:010}.hours")),
        }
    }

    /// The kind and number that the name of a file in `merged` says.
    pub fn of_merged(name: &str) -> Option<(Kind, u64)> {
        let (number, ending) = name.split_once('.')?;
        let kind = match ending {
            "block" => Kind::Merged,
            "minutes" => Kind::Sums(Grain::Minute),
            "hours" => Kind::Sums(Grain::Hour),
            _ => return None,
        };
        Some((kind, number.parse().ok()?))
    }
}

/// An immutable file of chunks; only its directory is in memory.
pub(crate) struct Block {
    pub kind: Kind,
    pub number: u64,
    /// Batches inside, half open.
    pub positions: Range<Position>,
    /// Of merged blocks and sums; [`SCATTERED`] for others.
    pub day: i64,
    pub class: u8,
    /// Versions, or rows.
    pub versions: u64,
    pub bytes: u64,
    pub path: PathBuf,
    files: Arc<Files>,
    pages: Vec<Page>,
    /// Least and greatest time per lane; empty lanes have least > greatest.
    bounds: [(i64, i64); 2],
    /// Set when another took its place: the file goes with the last who reads it.
    replaced: AtomicBool,
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
    pub length: usize,
    pub versions: usize,
    pub crc: u32,
    pub least: i64,
    pub greatest: i64,
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
    pub fn open(
        files: &Arc<Files>,
        store: &Path,
        kind: Kind,
        number: u64,
    ) -> Result<Block, SeriesError> {
        let path = kind.path(store, number);
        let file =
            files.disk.open(&path).map_err(|error| SeriesError::disk("open", &path, &error))?;
        let bytes = file.len().map_err(|error| SeriesError::disk("measure", &path, &error))?;
        let head_bytes = if kind == Kind::Fresh { FRESH_HEAD } else { MERGED_HEAD };
        if bytes < (head_bytes + FOOT) as u64 {
            return Err(SeriesError::damaged(
                &path,
                bytes,
                "the file is shorter than head and foot",
            ));
        }
        let head = file::read_part(&*file, &path, 0, head_bytes as u64)?;
        kind.format().check(&path, &head)?;
        check_crc(&path, 0, &head)?;
        let mut reader = Reader(&head[HEAD..]);
        let mut next = || reader.u64().expect("the head has its fixed length");
        let (seen, first, last) = (next(), next(), next());
        let (mut day, mut class, mut grain) = (SCATTERED, 0, 0);
        if kind != Kind::Fresh {
            day = reader.i64().expect("the head has its fixed length");
            class = reader.u8().expect("the head has its fixed length");
            grain = reader.u8().expect("the head has its fixed length");
        }
        let want = if let Kind::Sums(grain) = kind { grain.code() } else { 0 };
        if (seen, grain) != (number, want) {
            let what = format!("it says it is block {seen} of grain {grain}");
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
        Ok(Block {
            kind,
            number,
            positions,
            day,
            class,
            versions,
            bytes,
            path,
            files: files.clone(),
            pages,
            bounds,
            replaced: AtomicBool::new(false),
        })
    }

    /// Least and greatest time of all inside, `None` when it is empty.
    pub fn times(&self) -> Option<(i64, i64)> {
        let filled = self.bounds.iter().filter(|(least, greatest)| least <= greatest);
        filled.copied().reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))
    }

    /// Says that others hold all that is in here: the file goes with the last reader.
    pub fn replace(&self) {
        self.replaced.store(true, Ordering::Relaxed);
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
        let place = (self.kind, self.number, page);
        let page = self.files.page(place, || self.page(page))?;
        let start = page.entries.partition_point(|entry| entry.series < series);
        let of_series = page.entries[start..].iter().take_while(|entry| entry.series == series);
        let end = start + of_series.count();
        Ok(Found(Some(Run { place, page, entries: start..end, span: span.clone() })))
    }

    /// Calls `each` with every chunk's entry and versions.
    pub fn scan(&self, mut each: impl FnMut(&Entry, &[Version])) -> Result<(), SeriesError> {
        let mut versions = Vec::new();
        for page in 0..self.pages.len() {
            for entry in self.page(page)? {
                versions.clear();
                self.read(&entry, &mut versions)?;
                each(&entry, &versions);
            }
        }
        Ok(())
    }

    /// The series inside, ascending.
    pub fn series(&self) -> Result<Vec<SeriesNo>, SeriesError> {
        let mut series = Vec::new();
        for page in 0..self.pages.len() {
            series.extend(self.page(page)?.iter().map(|entry| entry.series));
        }
        series.dedup();
        Ok(series)
    }

    /// The first series of a page.
    pub fn first_of(&self, page: usize) -> SeriesNo {
        self.pages[page].first
    }

    /// Checks that a chunk reads.
    pub fn check_chunk(&self, entry: &Entry) -> Result<(), SeriesError> {
        match self.kind {
            Kind::Sums(_) => self.read_rows(entry, &mut Vec::new()),
            _ => self.read(entry, &mut Vec::new()),
        }
    }

    pub fn page_count(&self) -> usize {
        self.pages.len()
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

    pub fn bytes(&self, offset: u64, length: u64) -> Result<Vec<u8>, SeriesError> {
        let file = self.files.file((self.kind, self.number), &self.path)?;
        file::read_part(&*file, &self.path, offset, length)
    }

    /// Checks and unpacks the rows of a chunk of sums.
    pub fn read_rows(&self, entry: &Entry, out: &mut Vec<Row>) -> Result<(), SeriesError> {
        let Kind::Sums(grain) = self.kind else { return Ok(()) };
        let bytes = self.bytes(entry.offset, entry.length as u64)?;
        self.unpacked(entry, &bytes, |decoder| rows::decode(decoder, &bytes, grain, out))
    }

    /// Checks and unpacks a chunk of versions.
    pub fn unpack(
        &self,
        entry: &Entry,
        bytes: &[u8],
        out: &mut Vec<Version>,
    ) -> Result<(), SeriesError> {
        let start = out.len();
        self.unpacked(entry, bytes, |decoder| {
            decoder.decode(bytes, out)?;
            Ok(out.len() - start)
        })?;
        if self.kind == Kind::Fresh && entry.lane == Lane::Aside {
            let rank = self.positions.start.0;
            out[start..].iter_mut().for_each(|version| version.rank = rank);
        }
        Ok(())
    }

    /// Runs `decode` over a chunk that passed its checksum; it says how many it found.
    fn unpacked(
        &self,
        entry: &Entry,
        bytes: &[u8],
        decode: impl FnOnce(&mut Decoder) -> Result<usize, String>,
    ) -> Result<(), SeriesError> {
        let damaged = |what: String| SeriesError::damaged(&self.path, entry.offset, what);
        if crc32fast::hash(bytes) != entry.crc {
            return Err(damaged("the chunk fails its checksum".to_owned()));
        }
        let mut decoder = self
            .files
            .decoder()
            .map_err(|error| SeriesError::disk("unpack a chunk of", &self.path, &error))?;
        let decoded = decode(&mut decoder);
        self.files.give_back(decoder);
        let (seen, want) = (decoded.map_err(damaged)?, entry.versions);
        if seen != want {
            return Err(damaged(format!("the chunk has {seen} of them, its entry says {want}")));
        }
        Ok(())
    }

    /// The entries of a page; a series has all of its own in one.
    pub fn page(&self, page: usize) -> Result<Vec<Entry>, SeriesError> {
        let page = &self.pages[page];
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

/// The number in a fresh block's name.
pub(crate) fn number_of(name: &str) -> Option<u64> {
    name.strip_suffix(".block")?.parse().ok()
}

impl Drop for Block {
    fn drop(&mut self) {
        if *self.replaced.get_mut() {
            self.files.forget((self.kind, self.number));
            // What stays is removed at the next opening: the manifest does not name it.
            let _ = self.files.disk.remove(&self.path);
        }
    }
}
