//! What there is of each class, for whoever looks after the disk.

use std::collections::BTreeMap;

use base::Timestamp;

use crate::block::SCATTERED;
use crate::core::Core;
use crate::layout::Merged;
use crate::locks::read;
use crate::merge::times_of;

/// What there is of one class in merged blocks; what was not merged yet is of none.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Kept {
    /// Its name; "" of those without one.
    pub class: String,
    /// Series that are of it now.
    pub series: u64,
    /// Readings, those that were replaced by others too.
    pub readings: u64,
    pub readings_bytes: u64,
    /// Of sums by minute and by hour.
    pub sums_bytes: u64,
    /// The beginning of the oldest day of which there are readings. Of what is scattered
    /// over many days nobody says how old it is: a clock may have been wrong.
    pub oldest_readings: Option<Timestamp>,
    pub oldest_sums: Option<Timestamp>,
}

/// So many series at most have to have reached a time.
const MOST_WITNESSES: usize = 20;
/// Of so many series one has to.
const OF_WHICH_ONE: usize = 20;

impl Core {
    pub fn reached(&self) -> Option<Timestamp> {
        let latest = read(&self.tables).latest.clone();
        let mut times: Vec<Timestamp> = latest.iter().flatten().map(|it| it.time).collect();
        let witnesses = (times.len() / OF_WHICH_ONE).clamp(1, MOST_WITNESSES);
        let before = times.len().checked_sub(witnesses)?;
        Some(*times.select_nth_unstable(before).1)
    }

    pub fn kept(&self) -> Vec<Kept> {
        let layout = read(&self.tables).layout.clone();
        let keep = read(&self.keep);
        let known = read(&self.dictionary).len();
        let mut by_class: BTreeMap<u8, Kept> = BTreeMap::from([(0, Kept::default())]);
        for (code, class) in &keep.classes {
            by_class.insert(*code, Kept { class: class.name.clone(), ..Kept::default() });
        }
        for series in 0..known as u32 {
            by_class.entry(keep.class_of(crate::SeriesNo(series))).or_default().series += 1;
        }
        for merged in &layout.merged {
            by_class.entry(merged.class).or_default().add(merged);
        }
        by_class.into_values().collect()
    }
}

impl Kept {
    fn add(&mut self, merged: &Merged) {
        let day =
            (merged.day != SCATTERED).then(|| Timestamp::from_millis(times_of(merged.day).start));
        let older = |known: Option<Timestamp>| known.into_iter().chain(day).min();
        if let Some(block) = &merged.readings {
            self.readings += block.versions;
            self.readings_bytes += block.bytes;
            self.oldest_readings = older(self.oldest_readings);
        }
        for block in [&merged.minutes, &merged.hours].into_iter().flatten() {
            self.sums_bytes += block.bytes;
            self.oldest_sums = older(self.oldest_sums);
        }
    }
}
