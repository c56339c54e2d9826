//! Repairing: damaged blocks are set aside, and what reads of them is kept.
//!
//! Nothing is deleted: a block that does not read keeps its bytes, under its name with
//! `.damaged` after it, and its chunks that do read go into new blocks. The dictionary,
//! the log, and what is said about consumers and keeping have no second copy here: for
//! those there is the backup.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use crate::block::{self, Block, Kind};
use crate::dictionary::Dictionary;
use crate::disk::Disk;
use crate::files::Files;
use crate::keep::Keep;
use crate::layout::{self, DAMAGED, Parsed};
use crate::merge::Merge;
use crate::verify::{Report, alone, verify};
use crate::{Position, SeriesError, SeriesNo, dictionary, file, state, wal};

/// What a repair did.
#[derive(Debug)]
pub struct Repaired {
    /// What was found before it.
    pub before: Report,
    /// Files set aside, by their new names.
    pub set_aside: Vec<PathBuf>,
    /// Versions of these that read and were kept.
    pub saved: u64,
    /// What is found now.
    pub after: Report,
}

/// Sets aside what is damaged in a store that nobody has open, so that it opens. With
/// nothing to mend it changes nothing; interrupted, it is run again.
///
/// # Errors
/// [`SeriesError::Locked`] when somebody has it open; [`SeriesError::Damaged`] for what
/// only a backup brings back, before anything was changed.
pub fn repair(dir: &Path, disk: Arc<dyn Disk>) -> Result<Repaired, SeriesError> {
    let before = verify(dir, disk.clone())?;
    if let Some(damage) = before.damages.iter().find(|damage| !damage.is_mendable) {
        return Err(SeriesError::damaged(&damage.file, damage.offset, damage.what.clone()));
    }
    let damaged: BTreeSet<PathBuf> = before.damages.iter().map(|it| it.file.clone()).collect();
    let mut repaired = Repaired { after: before.clone(), before, set_aside: Vec::new(), saved: 0 };
    if damaged.is_empty() {
        return Ok(repaired);
    }
    {
        let lock = alone(&*disk, dir)?;
        let mut mender = Mender { dir, disk: disk.clone(), repaired: &mut repaired };
        mender.mend(&damaged)?;
        drop(lock);
    }
    repaired.after = verify(dir, disk)?;
    Ok(repaired)
}

struct Mender<'a> {
    dir: &'a Path,
    disk: Arc<dyn Disk>,
    repaired: &'a mut Repaired,
}

impl Mender<'_> {
    fn mend(&mut self, damaged: &BTreeSet<PathBuf>) -> Result<(), SeriesError> {
        let manifest = layout::path(self.dir);
        let names = self.list("")?;
        let mut parsed = match names.iter().any(|name| name == "manifest") {
            true if damaged.contains(&manifest) => self.found()?,
            true => layout::load(&*self.disk, self.dir)?,
            false => Parsed { next: 1, ..Parsed::default() },
        };
        let mut blocks = Vec::new();
        for (folder, is_fresh) in [("blocks", true), ("merged", false)] {
            for name in self.list(folder)? {
                let key = match is_fresh {
                    true => block::number_of(&name).map(|number| (Kind::Fresh, number)),
                    false => Kind::of_merged(&name),
                };
                blocks.extend(key.filter(|key| damaged.contains(&key.0.path(self.dir, key.1))));
            }
        }
        if blocks.iter().any(|(kind, _)| *kind == Kind::Fresh) {
            self.leave_gap(&mut parsed)?;
        }
        // New blocks first, then the manifest that names them and not the old ones.
        for &(kind, number) in &blocks {
            self.save(kind, number, &mut parsed)?;
            parsed.forget(kind, number);
        }
        for (kind, number) in parsed.merged_files() {
            if damaged.contains(&kind.path(self.dir, number)) {
                parsed.forget(kind, number);
            }
        }
        parsed.save(&*self.disk, self.dir)?;
        for (kind, number) in blocks {
            self.set_aside(&kind.path(self.dir, number))?;
        }
        if damaged.contains(&state::path(self.dir)) {
            self.set_aside(&state::path(self.dir))?;
        }
        Ok(())
    }

    fn list(&self, folder: &str) -> Result<Vec<String>, SeriesError> {
        let dir = self.dir.join(folder);
        match self.disk.list(&dir) {
            Ok(names) => Ok(names),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
            Err(error) => Err(SeriesError::disk("list", &dir, &error)),
        }
    }

    /// A manifest of all that is there. A block that another had replaced may be among
    /// it; then its versions are there twice, which changes nothing that is served.
    fn found(&self) -> Result<Parsed, SeriesError> {
        let files = Files::new(self.disk.clone(), 8);
        let mut parsed = Parsed { next: 1, ..Parsed::default() };
        for name in self.list("merged")? {
            let Some((kind, number)) = Kind::of_merged(&name) else { continue };
            parsed.next = parsed.next.max(number + 1);
            // One that does not open is set aside next.
            let Ok(block) = Block::open(&files, self.dir, kind, number) else { continue };
            parsed.merged_upto = parsed.merged_upto.max(block.last());
            parsed.learn(&block);
        }
        for name in self.list("blocks")? {
            let Some(number) = block::number_of(&name) else { continue };
            parsed.fresh_upto = parsed.fresh_upto.max(number);
            parsed.stayed.push(number);
            if let Ok(block) = Block::open(&files, self.dir, Kind::Fresh, number) {
                parsed.merged_upto = parsed.merged_upto.max(block.last());
            }
        }
        Ok(parsed)
    }

    /// Puts what reads of a block of readings into new blocks.
    fn save(&mut self, kind: Kind, number: u64, parsed: &mut Parsed) -> Result<(), SeriesError> {
        let files = Files::new(self.disk.clone(), 8);
        let block = match Block::open(&files, self.dir, kind, number) {
            Ok(block) if !matches!(kind, Kind::Sums(_)) => Arc::new(block),
            _ => return Ok(()),
        };
        let path = dictionary::path(self.dir);
        let dictionary = Dictionary::open(&*self.disk, path, true)?;
        let has_keep = self.list("")?.iter().any(|name| name == "retention");
        let keep = Keep::open(&*self.disk, self.dir, has_keep)?;
        let series = |series: SeriesNo| {
            let kind = dictionary.entry(series).map(|(_, kind)| kind);
            (kind.unwrap_or(base::quantity::SeriesKind::Gauge), keep.class_of(series))
        };
        let merge = Merge {
            disk: &*self.disk,
            files: &files,
            dir: self.dir,
            inputs: std::slice::from_ref(&block),
            own: BTreeSet::from([block.day]),
            series: &series,
            classes: keep.classes.len() + 1,
            next: parsed.next,
            stop: &AtomicBool::new(false),
            skips_damage: true,
        };
        for merged in merge.run()? {
            for block in merged.blocks() {
                parsed.learn(block);
            }
            self.repaired.saved += merged.readings.as_ref().map_or(0, |block| block.versions);
            parsed.next = parsed.next.max(merged.number + 1);
        }
        parsed.merged_upto = parsed.merged_upto.max(block.last());
        Ok(())
    }

    /// Fresh blocks follow on each other, and the log on the last. Where one is set aside
    /// the manifest names those that stay, and how far all of them went.
    fn leave_gap(&self, parsed: &mut Parsed) -> Result<(), SeriesError> {
        let files = Files::new(self.disk.clone(), 8);
        let numbers = self.list("blocks")?;
        for number in numbers.iter().filter_map(|name| block::number_of(name)) {
            let is_live = parsed.names(Kind::Fresh, number);
            parsed.fresh_upto = parsed.fresh_upto.max(number);
            if let Ok(block) = Block::open(&files, self.dir, Kind::Fresh, number) {
                parsed.merged_upto = parsed.merged_upto.max(block.last());
            }
            if is_live && !parsed.stayed.contains(&number) {
                parsed.stayed.push(number);
            }
        }
        if let Ok(Some((_, mark))) = state::bytes(&*self.disk, self.dir) {
            parsed.merged_upto = parsed.merged_upto.max(mark);
        }
        let first = self.list("wal")?.iter().filter_map(|name| wal::first_of(name)).min();
        let before = first.map_or(0, |first| first.0 - 1);
        parsed.merged_upto = parsed.merged_upto.max(Position(before));
        Ok(())
    }

    fn set_aside(&mut self, path: &Path) -> Result<(), SeriesError> {
        let mut name = path.as_os_str().to_owned();
        name.push(DAMAGED);
        let aside = PathBuf::from(name);
        self.disk
            .rename(path, &aside)
            .map_err(|error| SeriesError::disk("set aside", path, &error))?;
        file::sync_parent(&*self.disk, path)?;
        self.repaired.set_aside.push(aside);
        Ok(())
    }
}
