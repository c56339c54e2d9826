//! The layout: which blocks there are, fresh and merged.
//!
//! File `manifest` ([`crate::file`]): `FSMF`, version 1, last fresh number that was
//! merged u64 · last position in merged blocks u64 · next number u64 · fresh blocks
//! that stayed although later ones were merged (count u32, number u64 each) · merged
//! blocks (count u32, each `number u64 · day i64 · class u8 · what is there u8`, of which
//! 1 the readings, 2 the minutes, 4 the hours).
//!
//! A file that it does not name, and that is not a later fresh block, was being written
//! or was replaced when the power went; opening removes it. Without a manifest nothing
//! was merged yet.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::block::{self, Block, Kind};
use crate::bytes::Reader;
use crate::disk::Disk;
use crate::file::{self, Format};
use crate::files::Files;
use crate::row::Grain;
use crate::{Position, SeriesError};

const FORMAT: Format = Format { magic: *b"FSMF", version: 1 };

/// Readings of one day and class, or scattered over days, and their sums. What
/// retention has dropped is gone; the sums outlive the readings.
#[derive(Clone)]
pub(crate) struct Merged {
    pub number: u64,
    pub day: i64,
    pub class: u8,
    pub readings: Option<Arc<Block>>,
    pub minutes: Option<Arc<Block>>,
    pub hours: Option<Arc<Block>>,
}

/// All blocks; a query keeps the one it began with.
#[derive(Clone, Default)]
pub(crate) struct Layout {
    /// By number.
    pub merged: Vec<Arc<Merged>>,
    /// Oldest first.
    pub fresh: Vec<Arc<Block>>,
    /// Fresh blocks up to this number are merged, but for those that stayed.
    pub fresh_upto: u64,
    /// The last batch of which something was merged.
    pub merged_upto: Position,
    /// The number of the next merged block.
    pub next: u64,
    /// Files that a repair set aside, below the store's directory.
    pub set_aside: Vec<String>,
}

/// What the name of a file ends with that a repair set aside.
pub(crate) const DAMAGED: &str = ".damaged";

impl Merged {
    pub fn sums(&self, grain: Grain) -> Option<&Arc<Block>> {
        match grain {
            Grain::Minute => self.minutes.as_ref(),
            Grain::Hour => self.hours.as_ref(),
        }
    }

    pub fn blocks(&self) -> impl Iterator<Item = &Arc<Block>> {
        [&self.readings, &self.minutes, &self.hours].into_iter().flatten()
    }

    fn open(
        files: &Arc<Files>,
        dir: &Path,
        (number, day, class, has): (u64, i64, u8, u8),
    ) -> Result<Merged, SeriesError> {
        let block = |bit: u8, kind: Kind| match has & bit {
            0 => Ok(None),
            _ => Block::open(files, dir, kind, number).map(|block| Some(Arc::new(block))),
        };
        Ok(Merged {
            number,
            day,
            class,
            readings: block(1, Kind::Merged)?,
            minutes: block(2, Kind::Sums(Grain::Minute))?,
            hours: block(4, Kind::Sums(Grain::Hour))?,
        })
    }

    fn has(&self) -> u8 {
        let bit = |block: &Option<Arc<Block>>, bit: u8| if block.is_some() { bit } else { 0 };
        bit(&self.readings, 1) | bit(&self.minutes, 2) | bit(&self.hours, 4)
    }
}

impl Layout {
    /// Every block of readings.
    pub fn readings(&self) -> impl DoubleEndedIterator<Item = &Arc<Block>> {
        let merged = self.merged.iter().filter_map(|merged| merged.readings.as_ref());
        merged.chain(&self.fresh)
    }

    /// Every block.
    pub fn blocks(&self) -> impl Iterator<Item = &Arc<Block>> {
        self.merged.iter().flat_map(|merged| merged.blocks()).chain(&self.fresh)
    }

    /// The last batch that is in a block.
    pub fn sealed_upto(&self) -> Position {
        let fresh = self.fresh.last().map_or(Position::START, |block| block.last());
        fresh.max(self.merged_upto)
    }

    /// The number of the next fresh block.
    pub fn next_fresh(&self) -> u64 {
        let last = self.fresh.last().map_or(0, |block| block.number);
        last.max(self.fresh_upto) + 1
    }

    /// Versions in blocks.
    pub fn versions(&self) -> u64 {
        self.readings().map(|block| block.versions).sum()
    }

    /// Opens every block, and removes what was not finished or was replaced.
    pub fn open(
        disk: &dyn Disk,
        files: &Arc<Files>,
        dir: &Path,
        has_manifest: bool,
    ) -> Result<Layout, SeriesError> {
        let mut layout = Layout { next: 1, ..Layout::default() };
        let mut stayed = Vec::new();
        if has_manifest {
            let parsed = load(disk, dir)?;
            for entry in parsed.merged {
                layout.merged.push(Arc::new(Merged::open(files, dir, entry)?));
            }
            layout.fresh_upto = parsed.fresh_upto;
            layout.merged_upto = parsed.merged_upto;
            layout.next = parsed.next;
            stayed = parsed.stayed;
        }
        for name in list_without_drafts(disk, &dir.join("merged"))? {
            if name.ends_with(DAMAGED) {
                layout.set_aside.push(format!("merged/{name}"));
            }
            let Some((kind, number)) = Kind::of_merged(&name) else { continue };
            let is_named =
                layout.blocks().any(|block| (block.kind, block.number) == (kind, number));
            if !is_named {
                if !has_manifest {
                    let what = format!("it is missing, and there is merged/{name}");
                    return Err(SeriesError::damaged(&path(dir), 0, what));
                }
                remove(disk, &kind.path(dir, number))?;
            }
        }
        let names = list_without_drafts(disk, &dir.join("blocks"))?;
        let aside = names.iter().filter(|name| name.ends_with(DAMAGED));
        layout.set_aside.extend(aside.map(|name| format!("blocks/{name}")));
        let mut numbers: Vec<u64> =
            names.iter().filter_map(|name| block::number_of(name)).collect();
        numbers.sort_unstable();
        for number in numbers {
            if number <= layout.fresh_upto && !stayed.contains(&number) {
                remove(disk, &Kind::Fresh.path(dir, number))?;
            } else {
                let block = Block::open(files, dir, Kind::Fresh, number)?;
                layout.fresh.push(Arc::new(block));
            }
        }
        layout.check(dir, &stayed, has_manifest)?;
        Ok(layout)
    }

    /// Checks that no fresh block is missing.
    fn check(&self, dir: &Path, stayed: &[u64], has_manifest: bool) -> Result<(), SeriesError> {
        for number in stayed {
            if !self.fresh.iter().any(|block| block.number == *number) {
                let path = Kind::Fresh.path(dir, *number);
                return Err(SeriesError::damaged(&path, 0, "the manifest names it, it is gone"));
            }
        }
        let mut before = (self.fresh_upto, self.merged_upto);
        let mut is_known = has_manifest;
        for block in self.fresh.iter().filter(|block| block.number > self.fresh_upto) {
            let (number, end) = before;
            let is_next = number + 1 == block.number && end.next() == block.positions.start;
            if is_known && !is_next {
                let what = format!(
                    "it starts with position {} after block {number} that ends with {}",
                    block.positions.start.0, end.0
                );
                return Err(SeriesError::damaged(&block.path, 0, what));
            }
            (before, is_known) = ((block.number, block.last()), true);
        }
        Ok(())
    }

    /// Writes the manifest.
    pub fn save(&self, disk: &dyn Disk, dir: &Path) -> Result<(), SeriesError> {
        self.said().save(disk, dir)
    }

    /// The file `manifest` of this layout; `None` when it needs none.
    pub fn manifest(&self) -> Option<Vec<u8>> {
        let needs = self.next > 1 || self.fresh_upto > 0;
        needs.then(|| file::whole(FORMAT, &self.said().payload()))
    }

    fn said(&self) -> Parsed {
        let numbers = self.fresh.iter().map(|block| block.number);
        let merged = self.merged.iter().map(|it| (it.number, it.day, it.class, it.has()));
        Parsed {
            fresh_upto: self.fresh_upto,
            merged_upto: self.merged_upto,
            next: self.next,
            stayed: numbers.filter(|&number| number <= self.fresh_upto).collect(),
            merged: merged.collect(),
        }
    }
}

/// What a manifest says.
#[derive(Debug, Clone, Default)]
pub(crate) struct Parsed {
    pub fresh_upto: u64,
    pub merged_upto: Position,
    pub next: u64,
    pub stayed: Vec<u64>,
    /// Number, day, class, and what is there.
    pub merged: Vec<(u64, i64, u8, u8)>,
}

const KINDS: [(u8, Kind); 3] =
    [(1, Kind::Merged), (2, Kind::Sums(Grain::Minute)), (4, Kind::Sums(Grain::Hour))];

impl Parsed {
    pub fn names(&self, kind: Kind, number: u64) -> bool {
        match kind {
            Kind::Fresh => self.fresh_upto < number || self.stayed.contains(&number),
            _ => self.merged_files().contains(&(kind, number)),
        }
    }

    /// Every file of merged blocks.
    pub fn merged_files(&self) -> Vec<(Kind, u64)> {
        let files = self.merged.iter().flat_map(|&(number, _, _, has)| {
            KINDS.into_iter().filter(move |(bit, _)| has & bit != 0).map(move |it| (it.1, number))
        });
        files.collect()
    }

    /// Names a block that is there.
    pub fn learn(&mut self, block: &Block) {
        let bits = KINDS.into_iter().find(|(_, kind)| *kind == block.kind);
        let Some((bit, _)) = bits else { return };
        match self.merged.iter_mut().find(|(number, ..)| *number == block.number) {
            Some((.., has)) => *has |= bit,
            None => self.merged.push((block.number, block.day, block.class, bit)),
        }
    }

    /// Names a block no more.
    pub fn forget(&mut self, kind: Kind, number: u64) {
        self.stayed.retain(|stayed| kind != Kind::Fresh || *stayed != number);
        for (bit, _) in KINDS.into_iter().filter(|(_, other)| *other == kind) {
            let mine = self.merged.iter_mut().filter(|(other, ..)| *other == number);
            mine.for_each(|(.., has)| *has &= !bit);
        }
        self.merged.retain(|(.., has)| *has != 0);
    }

    pub fn save(&self, disk: &dyn Disk, dir: &Path) -> Result<(), SeriesError> {
        file::replace(disk, &path(dir), FORMAT, &self.payload())
    }

    fn payload(&self) -> Vec<u8> {
        let mut out = Vec::new();
        for number in [self.fresh_upto, self.merged_upto.0, self.next] {
            out.extend_from_slice(&number.to_le_bytes());
        }
        out.extend_from_slice(&(self.stayed.len() as u32).to_le_bytes());
        self.stayed.iter().for_each(|number| out.extend_from_slice(&number.to_le_bytes()));
        out.extend_from_slice(&(self.merged.len() as u32).to_le_bytes());
        for (number, day, class, has) in &self.merged {
            out.extend_from_slice(&number.to_le_bytes());
            out.extend_from_slice(&day.to_le_bytes());
            out.extend_from_slice(&[*class, *has]);
        }
        out
    }
}

pub(crate) fn load(disk: &dyn Disk, dir: &Path) -> Result<Parsed, SeriesError> {
    let payload = file::load(disk, &path(dir), FORMAT)?;
    file::parse(&path(dir), &payload, "a manifest", parse)
}

fn parse(reader: &mut Reader<'_>) -> Option<Parsed> {
    let (fresh_upto, upto, next) = (reader.u64()?, reader.u64()?, reader.u64()?);
    let count = reader.u32()?;
    let stayed = (0..count).map(|_| reader.u64()).collect::<Option<_>>()?;
    let count = reader.u32()?;
    let entry = |_| Some((reader.u64()?, reader.i64()?, reader.u8()?, reader.u8()?));
    let merged = (0..count).map(entry).collect::<Option<_>>()?;
    Some(Parsed { fresh_upto, merged_upto: Position(upto), next, stayed, merged })
}

pub(crate) fn path(dir: &Path) -> PathBuf {
    dir.join("manifest")
}

/// Lists a directory and removes files whose writing was interrupted.
pub(crate) fn list_without_drafts(disk: &dyn Disk, dir: &Path) -> Result<Vec<String>, SeriesError> {
    let names = disk.list(dir).map_err(|error| SeriesError::disk("list", dir, &error))?;
    let (drafts, names): (Vec<_>, Vec<_>) =
        names.into_iter().partition(|name| name.ends_with(".tmp"));
    for name in drafts {
        remove(disk, &dir.join(name))?;
    }
    Ok(names)
}

fn remove(disk: &dyn Disk, path: &Path) -> Result<(), SeriesError> {
    disk.remove(path).map_err(|error| SeriesError::disk("remove", path, &error))
}
