//! Keeping: for how long readings and their sums are kept, and what is held longer.
//!
//! File `retention` ([`crate::file`]): `FSRT`, version 2, classes (count u8, each `code
//! u8 · name · days of readings, minutes, hours u32 each, of which the greatest means
//! for ever · floors (count u8, each `days u32 · source`)`), holds (count u32, each
//! `name · from i64 · to i64 · series count u32, of which the greatest means all · series
//! u32 each`), series (count u32, each `series u32 · class u8`), what moved (count u8,
//! each `from u8 · to u8 · upto u64`), what was let go (count u8, each `class u8 · day
//! i64`), and of series that moved since (count u32, each `series u32 · day i64`). Names
//! and sources are `length u16 · UTF-8`. Version 1 ends with the series; any of its
//! blocks may hold series of any class.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use base::Timestamp;

use crate::bytes::Reader;
use crate::core::Core;
use crate::disk::Disk;
use crate::file::{self, Format};
use crate::heads::NEVER;
use crate::locks::{read, write};
use crate::merge::MOST_MADE;
use crate::{SeriesError, SeriesNo};

pub(crate) const FORMAT: Format = Format { magic: *b"FSRT", version: 2 };
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
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Keep {
    /// By code; 0 is that of series without a class, which are kept for ever.
    pub classes: BTreeMap<u8, Class>,
    /// Codes by series; none beyond the end.
    of: Vec<u8>,
    pub holds: BTreeMap<String, Held>,
    /// Of two classes, the last merged block of the first that may hold series which are
    /// of the second by now.
    moved: BTreeMap<(u8, u8), u64>,
    /// By class, the day before which readings were let go of.
    let_go: BTreeMap<u8, i64>,
    /// The same of series that were of another class then.
    lost: BTreeMap<SeriesNo, i64>,
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

    /// - `upto`: no merged block has a greater number, of the series for which `is_stored`.
    fn classify(
        &mut self,
        series: &[(SeriesNo, &str)],
        is_stored: &dyn Fn(SeriesNo) -> bool,
        upto: u64,
    ) -> Result<(), SeriesError> {
        for &(series, name) in series {
            let code = self.code(name).ok_or_else(|| SeriesError::Class {
                name: name.to_owned(),
                reason: "there is no class of this name".to_owned(),
            })?;
            let before = self.class_of(series);
            if before == code {
                continue;
            }
            if is_stored(series) {
                if let Some(day) = self.let_go_before(series) {
                    self.lost.insert(series, day);
                }
                self.note_move(before, code, upto);
            }
            if self.of.len() <= series.index() {
                self.of.resize(series.index() + 1, 0);
            }
            self.of[series.index()] = code;
        }
        Ok(())
    }

    /// Blocks in which a series of one class may lie may hold some of another from now on.
    fn note_move(&mut self, from: u8, to: u8, upto: u64) {
        let via = self.moved.iter().filter(|((_, via), _)| *via == from);
        let mut mixed: Vec<_> = via.map(|((first, _), upto)| (*first, *upto)).collect();
        mixed.push((from, upto));
        for (first, upto) in mixed.into_iter().filter(|(first, _)| *first != to) {
            let known = self.moved.entry((first, to)).or_default();
            *known = upto.max(*known);
        }
    }

    /// Classes beside its own of which a merged block may hold series.
    pub fn others_in(&self, class: u8, number: u64) -> impl Iterator<Item = u8> + '_ {
        let moved = self.moved.range((class, 0)..=(class, u8::MAX));
        moved.filter(move |(_, upto)| number <= **upto).map(|((_, other), _)| *other)
    }

    /// The day before which readings of a series were let go of; held ones may be there.
    pub fn let_go_before(&self, series: SeriesNo) -> Option<i64> {
        let of_class = self.let_go.get(&self.class_of(series));
        of_class.into_iter().chain(self.lost.get(&series)).max().copied()
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
        out.push(self.moved.len() as u8);
        for ((from, to), upto) in &self.moved {
            out.extend_from_slice(&[*from, *to]);
            out.extend_from_slice(&upto.to_le_bytes());
        }
        out.push(self.let_go.len() as u8);
        for (code, day) in &self.let_go {
            out.push(*code);
            out.extend_from_slice(&day.to_le_bytes());
        }
        out.extend_from_slice(&(self.lost.len() as u32).to_le_bytes());
        for (series, day) in &self.lost {
            out.extend_from_slice(&series.0.to_le_bytes());
            out.extend_from_slice(&day.to_le_bytes());
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
        keep.classify(&[(series, &name)], &|_| false, 0).ok()?;
    }
    if reader.0.is_empty() {
        let codes: Vec<u8> = keep.classes.keys().copied().chain([0]).collect();
        let pairs = codes.iter().flat_map(|from| codes.iter().map(move |to| (*from, *to)));
        keep.moved = pairs.filter(|(from, to)| from != to).map(|pair| (pair, u64::MAX)).collect();
        return Some(keep);
    }
    for _ in 0..reader.u8()? {
        keep.moved.insert((reader.u8()?, reader.u8()?), reader.u64()?);
    }
    for _ in 0..reader.u8()? {
        keep.let_go.insert(reader.u8()?, reader.i64()?);
    }
    for _ in 0..reader.u32()? {
        keep.lost.insert(SeriesNo(reader.u32()?), reader.i64()?);
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
        if next == *keep {
            return Ok(());
        }
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
        self.change_keep(|keep| {
            // Whoever merges what is stored after this asks for the class after this too.
            let tables = read(&self.tables);
            let is_stored = |series: SeriesNo| {
                tables.greatest.get(series.index()).is_some_and(|greatest| *greatest != NEVER)
            };
            keep.classify(series, &is_stored, tables.layout.next.saturating_add(MOST_MADE))
        })
    }

    /// Notes which readings are let go of now.
    ///
    /// - `days`: by class, the first that is kept.
    pub fn note_let_go(&self, days: &[(u8, i64)]) -> Result<(), SeriesError> {
        self.change_keep(|keep| {
            for (code, day) in days {
                let known = keep.let_go.entry(*code).or_insert(*day);
                *known = day.max(known).to_owned();
            }
            Ok(())
        })
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

#[cfg(test)]
mod tests {
    use super::*;

    fn class(name: &str) -> Class {
        let days = Some(5);
        Class {
            name: name.to_owned(),
            readings_days: days,
            minutes_days: days,
            hours_days: None,
            floors: vec![Floor { days: 1, source: "a law".to_owned() }],
        }
    }

    fn parsed(payload: &[u8]) -> Keep {
        let mut reader = Reader(payload);
        let keep = parse(&mut reader).expect("reads");
        assert!(reader.0.is_empty());
        keep
    }

    #[test]
    fn all_that_is_said_comes_back_and_an_older_file_knows_of_no_order() {
        let mut keep = Keep::default();
        keep.set_classes(&[class("a"), class("b")]).expect("sensible");
        keep.classify(&[(SeriesNo(3), "b")], &|_| false, 0).expect("known");
        let mut old = keep.payload();
        let added = 1 + 1 + 4; // three counts of nothing
        old.truncate(old.len() - added);
        assert_eq!(parsed(&old).others_in(1, 7).collect::<Vec<_>>(), [0, 2]);

        keep.let_go.insert(2, 40);
        keep.classify(&[(SeriesNo(3), "a")], &|_| true, 9).expect("known");
        assert_eq!(keep.let_go_before(SeriesNo(3)), Some(40), "by the class that it had");
        let again = parsed(&keep.payload());
        assert_eq!(again, keep);
        assert_eq!(again.others_in(2, 9).collect::<Vec<_>>(), [1]);
        assert_eq!(again.others_in(2, 10).count(), 0, "made after it moved");
    }

    #[test]
    fn a_series_that_moves_twice_may_lie_where_it_was_first() {
        let mut keep = Keep::default();
        keep.set_classes(&[class("a"), class("b")]).expect("sensible");
        keep.classify(&[(SeriesNo(0), "a")], &|_| true, 5).expect("known");
        keep.classify(&[(SeriesNo(0), "b")], &|_| true, 8).expect("known");
        assert_eq!(keep.others_in(0, 5).collect::<Vec<_>>(), [1, 2]);
        assert_eq!(keep.others_in(0, 6).count(), 0);
        assert_eq!(keep.others_in(1, 8).collect::<Vec<_>>(), [2]);
    }
}
