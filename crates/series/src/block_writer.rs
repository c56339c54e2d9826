//! Writing blocks: see [`crate::block`] for the format.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::block::{Entry, FOOT_MAGIC, Kind};
use crate::bytes::{put_signed, put_varint};
use crate::chunk::{Encoder, Lane, MAX_VERSIONS, QUICK, Version};
use crate::disk::{Disk, DiskFile};
use crate::file;
use crate::heads::Heads;
use crate::row::{Grain, Row};
use crate::{Position, SeriesError, SeriesNo, rows};

/// A page ends with the series that brings it to this many entries.
const PAGE_ENTRIES: usize = 128;

/// What the head of a block says.
#[derive(Debug, Clone)]
pub(crate) struct Label {
    pub kind: Kind,
    pub number: u64,
    pub positions: Range<Position>,
    pub day: i64,
    pub class: u8,
}

/// A block on its way to disk, under its draft's name.
pub(crate) struct BlockWriter {
    kind: Kind,
    file: Arc<dyn DiskFile>,
    draft: PathBuf,
    path: PathBuf,
    /// So many bytes are handed to the disk at once.
    at_once: usize,
    buffer: Vec<u8>,
    written: u64,
    /// Entries of the page being filled.
    entries: Vec<Entry>,
    /// Full pages, written after the chunks.
    pages: Vec<(SeriesNo, Vec<u8>)>,
    versions: u64,
    bounds: [(i64, i64); 2],
}

/// Writes heads as a fresh block, durably, under its own name or not at all.
pub(crate) fn write_heads(
    disk: &dyn Disk,
    store: &Path,
    number: u64,
    positions: &Range<Position>,
    heads: &Heads,
) -> Result<(), SeriesError> {
    let label = Label { kind: Kind::Fresh, number, positions: positions.clone(), day: 0, class: 0 };
    let mut writer = BlockWriter::create(disk, store, &label, 1 << 20)?;
    match heads_into(&mut writer, heads) {
        Ok(()) => writer.publish(disk),
        Err(error) => {
            writer.give_up(disk);
            Err(error)
        }
    }
}

fn heads_into(writer: &mut BlockWriter, heads: &Heads) -> Result<(), SeriesError> {
    let mut encoder = writer.encoder(QUICK)?;
    let mut versions = Vec::new();
    for series in heads.series() {
        for lane in [Lane::Punctual, Lane::Aside] {
            versions.clear();
            heads.collect_lane(series, lane, i64::MIN..i64::MAX, &mut versions);
            for run in versions.chunks(MAX_VERSIONS) {
                writer.chunk(series, lane, run, &mut encoder)?;
            }
        }
        writer.end_series();
    }
    writer.finish()
}

impl BlockWriter {
    pub fn create(
        disk: &dyn Disk,
        store: &Path,
        label: &Label,
        at_once: usize,
    ) -> Result<BlockWriter, SeriesError> {
        let path = label.kind.path(store, label.number);
        let ending = path.extension().unwrap_or_default().to_string_lossy();
        let draft = path.with_extension(format!("{ending}.tmp"));
        let file =
            disk.create(&draft).map_err(|error| SeriesError::disk("create", &draft, &error))?;
        let mut buffer = Vec::with_capacity(at_once + (64 << 10));
        let mut head = label.kind.format().head();
        if label.kind == Kind::Fresh {
            // As it was when there were no others, so that nothing has to change.
            head[4] = 1;
        }
        buffer.extend_from_slice(&head);
        let (first, last) = (label.positions.start.0, label.positions.end.0 - 1);
        for number in [label.number, first, last] {
            buffer.extend_from_slice(&number.to_le_bytes());
        }
        match label.kind {
            Kind::Fresh => {}
            Kind::Merged | Kind::Sums(_) => {
                buffer.extend_from_slice(&label.day.to_le_bytes());
                buffer.push(label.class);
                buffer.push(if let Kind::Sums(grain) = label.kind { grain.code() } else { 0 });
            }
        }
        buffer.extend_from_slice(&crc32fast::hash(&buffer).to_le_bytes());
        Ok(BlockWriter {
            kind: label.kind,
            file,
            draft,
            path,
            at_once,
            buffer,
            written: 0,
            entries: Vec::new(),
            pages: Vec::new(),
            versions: 0,
            bounds: [(i64::MAX, i64::MIN); 2],
        })
    }

    pub fn encoder(&self, level: i32) -> Result<Encoder, SeriesError> {
        Encoder::new(level).map_err(|error| self.cannot_pack(&error))
    }

    fn cannot_pack(&self, error: &std::io::Error) -> SeriesError {
        SeriesError::disk("compress a chunk of", &self.draft, error)
    }

    /// Writes `1..=MAX_VERSIONS` versions, sorted by time. Series come ascending, each
    /// lane of one in order of time.
    pub fn chunk(
        &mut self,
        series: SeriesNo,
        lane: Lane,
        run: &[Version],
        encoder: &mut Encoder,
    ) -> Result<(), SeriesError> {
        let start = self.buffer.len();
        let ranked = self.kind == Kind::Merged && lane == Lane::Aside;
        let encoded = match ranked {
            true => encoder.encode_ranked(run, &mut self.buffer),
            false => encoder.encode(run, &mut self.buffer),
        };
        encoded.map_err(|error| self.cannot_pack(&error))?;
        self.entry(series, lane, start, run.len(), (run[0].time, run[run.len() - 1].time))
    }

    /// Writes `1..=MAX_VERSIONS` rows, ascending.
    pub fn rows(
        &mut self,
        series: SeriesNo,
        grain: Grain,
        run: &[Row],
        encoder: &mut Encoder,
    ) -> Result<(), SeriesError> {
        let start = self.buffer.len();
        rows::encode(run, grain, encoder, &mut self.buffer)
            .map_err(|error| self.cannot_pack(&error))?;
        let ends = (run[0].start, run[run.len() - 1].start);
        self.entry(series, Lane::Punctual, start, run.len(), ends)
    }

    fn entry(
        &mut self,
        series: SeriesNo,
        lane: Lane,
        start: usize,
        versions: usize,
        (least, greatest): (i64, i64),
    ) -> Result<(), SeriesError> {
        let bytes = &self.buffer[start..];
        let (length, crc) = (bytes.len(), crc32fast::hash(bytes));
        let offset = self.written + start as u64;
        self.entries.push(Entry { series, lane, offset, length, versions, crc, least, greatest });
        let bounds = &mut self.bounds[usize::from(lane.code())];
        *bounds = (bounds.0.min(least), bounds.1.max(greatest));
        self.versions += versions as u64;
        if self.buffer.len() >= self.at_once { self.flush() } else { Ok(()) }
    }

    /// Says that no chunk of this series follows; a page holds whole series.
    pub fn end_series(&mut self) {
        if self.entries.len() >= PAGE_ENTRIES {
            self.end_page();
        }
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

    /// Writes pages, directory and foot, and synchronises the draft.
    pub fn finish(&mut self) -> Result<(), SeriesError> {
        self.end_page();
        let mut directory = Vec::with_capacity(self.pages.len() * 16);
        for (first, page) in std::mem::take(&mut self.pages) {
            let offset = self.written + self.buffer.len() as u64;
            directory.extend_from_slice(&first.0.to_le_bytes());
            directory.extend_from_slice(&offset.to_le_bytes());
            directory.extend_from_slice(&(page.len() as u32).to_le_bytes());
            self.buffer.extend_from_slice(&page);
            if self.buffer.len() >= self.at_once {
                self.flush()?;
            }
        }
        let directory_at = self.written + self.buffer.len() as u64;
        let mut foot = directory_at.to_le_bytes().to_vec();
        foot.extend_from_slice(&((directory.len() / 16) as u32).to_le_bytes());
        foot.extend_from_slice(&crc32fast::hash(&directory).to_le_bytes());
        foot.extend_from_slice(&self.versions.to_le_bytes());
        for (least, greatest) in self.bounds {
            foot.extend_from_slice(&least.to_le_bytes());
            foot.extend_from_slice(&greatest.to_le_bytes());
        }
        foot.extend_from_slice(&crc32fast::hash(&foot).to_le_bytes());
        foot.extend_from_slice(&FOOT_MAGIC);
        self.buffer.extend_from_slice(&directory);
        self.buffer.extend_from_slice(&foot);
        self.flush()?;
        self.file.sync().map_err(|error| SeriesError::disk("synchronise", &self.draft, &error))
    }

    fn flush(&mut self) -> Result<(), SeriesError> {
        self.file
            .append(&self.buffer)
            .map_err(|error| SeriesError::disk("write", &self.draft, &error))?;
        self.written += self.buffer.len() as u64;
        self.buffer.clear();
        Ok(())
    }

    /// Gives the draft its name, durably. It is finished.
    pub fn publish(self, disk: &dyn Disk) -> Result<(), SeriesError> {
        file::publish(disk, &self.draft, &self.path)
    }

    /// Gives the room back; a leftover would be removed at the next opening.
    pub fn give_up(self, disk: &dyn Disk) {
        let _ = disk.remove(&self.draft);
    }
}
