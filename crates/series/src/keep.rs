//! Keeping: for how long readings and their sums are kept, and what is held longer.
//!
//! File `retention` ([`crate::file`]): `FSRT`, version 1, classes (count u8, each `code
//! u8 · name · days of readings, minutes, hours u32 each, of which the greatest means
//! for ever · floors (count u8, each `days u32 · source`)`), holds (count u32, each
//! `name · from i64 · to i64 · series count u32, of which the greatest means all · series
//! u32 each`), series (count u32, each `series u32 · class u8`). Names and sources are
//! `length u16 · UTF-8`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use base::Timestamp;

use crate::bytes::Reader;
use crate::core::Core;
use crate::disk::Disk;
use crate::file::{self, Format};
use crate::locks::{read, write};
use crate::{SeriesError, SeriesNo};

pub(crate) const FORMAT: Format = Format { magic: *b"FSRT", version: 1 };
/// Each has blocks of its own, so there are few.
const MAX_CLASSES: usize = 15;
const MAX_NAME: usize = 200;

/// For how long the series of a class are kept. What is kept of a day goes whole, after
/// so many days, in UTC; `None` means for ever.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Class {
    pub name: String,
    pub readings_days: Option<u32>,
    /// Sums by minute; at least as long as readings.
    pub minutes_days: Option<u32>,
    /// Sums by hour; at least as long as those by minute.
    pub hours_days: Option<u32>,
    /// What readings must be kept for at least.
    pub floors: Vec<Floor>,
}

/// A rule that forbids to keep readings for less.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Floor {
    pub days: u32,
    /// Which rule, with clause and how sure we are of it.
    pub source: String,
}

/// A range of readings that stays, whatever its class says: an incident's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    pub name: String,
    /// `None` for all series.
    pub series: Option<BTreeSet<SeriesNo>>,
    pub from: Timestamp,
    pub to: Timestamp,
}

/// The minima that a law or standard sets, as data: give them to the classes they bind.
/// An official text may replace them.
pub const LEGAL_FLOORS: &[(&str, u32, &str)] = &[
    (
        "hazchem",
        30,
        "AQ 3035/AQ 3036: monitoring of major hazard sources is recorded for at least 30 days; \
         read in a copy of the text",
    ),
    (
        "enterprise",
        30,
        "records of enterprises: at least 30 days of readings; inferred from AQ 3035/AQ 3036",
    ),
];

impl Floor {
    /// A floor of [`LEGAL_FLOORS`], by its code.
    pub fn legal(code: &str) -> Option<Floor> {
        let (_, days, source) = LEGAL_FLOORS.iter().find(|(known, ..)| *known == code)?;
        Some(Floor { days: *days, source: (*source).to_owned() })
    }
}

/// All that is said about keeping.
#[derive(Debug, Clone, Default)]
pub(crate) struct Keep {
    /// By code; 0 is that of series without a class, which are kept for ever.
    pub classes: BTreeMap<u8, Class>,
    /// Codes by series; none beyond the end.
    of: Vec<u8>,
    pub holds: BTreeMap<String, Held>,
}

impl Class {
    fn check(&self) -> Result<(), SeriesError> {
        let refuse = |reason: String| Err(SeriesError::Class { name: self.name.clone(), reason });
        if self.name.is_empty() || self.name.len() > MAX_NAME {
            return refuse(format!("its name is not 1 to {MAX_NAME} bytes long"));
        }
        let days = |days: Option<u32>| days.unwrap_or(u32::MAX);
        if days(self.readings_days) == 0 {
            return refuse("readings are to be kept for 0 days, expected at least 1".to_owned());
        }
        let order = [self.readings_days, self.minutes_days, self.hours_days].map(days);
        if !order.is_sorted() {
            let [readings, minutes, hours] = order;
            return refuse(format!(
                "readings are to be kept for {readings} days, minutes for {minutes} and hours \
                 for {hours}, expected each as long as the one before"
            ));
        }
        for floor in &self.floors {
            if days(self.readings_days) < floor.days {
                let (asked, floor) = (days(self.readings_days), floor.clone());
                return Err(SeriesError::BelowFloor { name: self.name.clone(), asked, floor });
            }
        }
        Ok(())
    }
}

impl Keep {
    pub fn open(disk: &dyn Disk, dir: &Path, exists: bool) -> Result<Keep, SeriesError> {
        if !exists {
            return Ok(Keep::default());
        }
        let payload = file::load(disk, &path(dir), FORMAT)?;
        file::parse(&path(dir), &payload, "classes and holds", parse)
    }

    pub fn class_of(&self, series: SeriesNo) -> u8 {
        self.of.get(series.index()).copied().unwrap_or(0)
    }

    /// The file as it is on disk; `None` when nothing was ever said.
    pub fn file(&self) -> Option<Vec<u8>> {
        let is_empty = self.classes.is_empty() && self.holds.is_empty();
        (!is_empty).then(|| file::whole(FORMAT, &self.payload()))
    }

    fn code(&self, name: &str) -> Option<u8> {
        self.classes.iter().find(|(_, class)| class.name == name).map(|(code, _)| *code)
    }

    fn set_classes(&mut self, classes: &[Class]) -> Result<(), SeriesError> {
        for class in classes {
            class.check()?;
            let refuse = |reason: &str| SeriesError::Class {
                name: class.name.clone(),
                reason: reason.to_owned(),
            };
            let code = match self.code(&class.name) {
                Some(code) => code,
                None => (1..=MAX_CLASSES as u8)
                    .find(|code| !self.classes.contains_key(code))
                    .ok_or_else(|| refuse("there are 15 classes, expected at most that"))?,
            };
            self.classes.insert(code, class.clone());
        }
        Ok(())
    }

    fn classify(&mut self, series: &[(SeriesNo, &str)]) -> Result<(), SeriesError> {
        for (series, name) in series {
            let code = self.code(name).ok_or_else(|| SeriesError::Class {
                name: (*name).to_owned(),
                reason: "there is no class of this name".to_owned(),
            })?;
            if self.of.len() <= series.index() {
                self.of.resize(series.index() + 1, 0);
            }
            self.of[series.index()] = code;
        }
        Ok(())
    }

    fn payload(&self) -> Vec<u8> {
        let mut out = vec![self.classes.len() as u8];
        for (code, class) in &self.classes {
            out.push(*code);
            put_text(&mut out, &class.name);
            for days in [class.readings_days, class.minutes_days, class.hours_days] {
                out.extend_from_slice(&days.unwrap_or(u32::MAX).to_le_bytes());
            }
            out.push(class.floors.len() as u8);
            for floor in &class.floors {
                out.extend_from_slice(&floor.days.to_le_bytes());
                put_text(&mut out, &floor.source);
            }
        }
        out.extend_from_slice(&(self.holds.len() as u32).to_le_bytes());
        for held in self.holds.values() {
            put_text(&mut out, &held.name);
            out.extend_from_slice(&held.from.as_millis().to_le_bytes());
            out.extend_from_slice(&held.to.as_millis().to_le_bytes());
            let count = held.series.as_ref().map_or(u32::MAX, |series| series.len() as u32);
            out.extend_from_slice(&count.to_le_bytes());
            for series in held.series.iter().flatten() {
                out.extend_from_slice(&series.0.to_le_bytes());
            }
        }
        let classed = self.of.iter().zip(0u32..).filter(|(code, _)| **code != 0);
        out.extend_from_slice(&(classed.clone().count() as u32).to_le_bytes());
        for (code, series) in classed {
            out.extend_from_slice(&series.to_le_bytes());
            out.push(*code);
        }
        out
    }
}

fn put_text(out: &mut Vec<u8>, text: &str) {
    out.extend_from_slice(&(text.len() as u16).to_le_bytes());
    out.extend_from_slice(text.as_bytes());
}

fn text(reader: &mut Reader<'_>) -> Option<String> {
    let length = u16::from_le_bytes([reader.u8()?, reader.u8()?]);
    String::from_utf8(reader.take(usize::from(length))?.to_vec()).ok()
}

fn parse(reader: &mut Reader<'_>) -> Option<Keep> {
    let mut keep = Keep::default();
    for _ in 0..reader.u8()? {
        let (code, name) = (reader.u8()?, text(reader)?);
        let mut days = || reader.u32().map(|days| (days != u32::MAX).then_some(days));
        let (readings_days, minutes_days, hours_days) = (days()?, days()?, days()?);
        let mut floors = Vec::new();
        for _ in 0..reader.u8()? {
            floors.push(Floor { days: reader.u32()?, source: text(reader)? });
        }
        let class = Class { name, readings_days, minutes_days, hours_days, floors };
        keep.classes.insert(code, class);
    }
    for _ in 0..reader.u32()? {
        let name = text(reader)?;
        let (from, to) = (reader.i64()?, reader.i64()?);
        let (from, to) = (Timestamp::from_millis(from), Timestamp::from_millis(to));
        let series = match reader.u32()? {
            u32::MAX => None,
            count => Some((0..count).map(|_| reader.u32().map(SeriesNo)).collect::<Option<_>>()?),
        };
        keep.holds.insert(name.clone(), Held { name, series, from, to });
    }
    for _ in 0..reader.u32()? {
        let (series, code) = (SeriesNo(reader.u32()?), reader.u8()?);
        let name = keep.classes.get(&code)?.name.clone();
        keep.classify(&[(series, &name)]).ok()?;
    }
    Some(keep)
}

pub(crate) fn path(dir: &Path) -> PathBuf {
    dir.join("retention")
}

impl Core {
    /// Changes what is said about keeping, durably or not at all.
    fn change_keep(
        &self,
        change: impl FnOnce(&mut Keep) -> Result<(), SeriesError>,
    ) -> Result<(), SeriesError> {
        self.check()?;
        let mut keep = write(&self.keep);
        let mut next = keep.clone();
        change(&mut next)?;
        self.guard(file::replace(&*self.disk, &path(&self.dir), FORMAT, &next.payload()))?;
        *keep = next;
        Ok(())
    }

    pub fn set_classes(&self, classes: &[Class]) -> Result<(), SeriesError> {
        self.change_keep(|keep| keep.set_classes(classes))
    }

    pub fn classify(&self, series: &[(SeriesNo, &str)]) -> Result<(), SeriesError> {
        let known = read(&self.dictionary).len();
        if let Some((series, _)) = series.iter().find(|(series, _)| known <= series.index()) {
            return Err(SeriesError::UnknownSeries { series: series.0, known });
        }
        self.change_keep(|keep| keep.classify(series))
    }

    pub fn hold_range(&self, held: Held) -> Result<(), SeriesError> {
        if held.name.is_empty() || held.name.len() > MAX_NAME {
            return Err(SeriesError::HoldName(held.name.chars().take(80).collect()));
        }
        self.change_keep(|keep| {
            keep.holds.insert(held.name.clone(), held);
            Ok(())
        })
    }

    pub fn release_range(&self, name: &str) -> Result<(), SeriesError> {
        self.change_keep(|keep| match keep.holds.remove(name) {
            Some(_) => Ok(()),
            None => Err(SeriesError::HoldName(name.to_owned())),
        })
    }
}
