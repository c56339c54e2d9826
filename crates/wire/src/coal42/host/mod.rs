//! A simulated mine's host: which files it writes at which time, and how they go wrong.
//!
//! Pure: the same mine, time and fault give the same bytes. Everything in it is made up;
//! names of persons are put together from lists, and no card is anybody's.

mod chance;
mod faults;
mod people;
mod points;
mod sites;

use base::{Duration, Timestamp};

use super::file::{File, Header};
use super::kind::{KINDS, Kind, KindInfo};
use super::text::Encoding;
use super::write::write;

pub use faults::{Expected, Fault, spoil};

/// What a mine is like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MineConfig {
    /// 12 digits.
    pub code: String,
    pub name: String,
    /// Two mines with one seed measure the same.
    pub seed: u64,
    /// Measuring points of safety monitoring, at most 9999.
    pub points: usize,
    /// Persons with a card, at most 99 999; about a third are underground at a time.
    pub persons: usize,
}

/// A mine, and what is wrong in it.
#[derive(Debug, Clone)]
pub struct Mine {
    pub config: MineConfig,
    /// Points that show what they are told to, in hundredths: `(index, value)`.
    pub told: Vec<(usize, i64)>,
    /// Points that go through a course of their own.
    pub courses: Vec<(usize, Course)>,
}

/// What a point shows from a moment on: on a straight line from each turn to the next, and
/// the last one's value from then on. Before the first turn it shows what is usual.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Course {
    /// Times that rise, each with hundredths of the point's unit.
    pub turns: Vec<(Timestamp, i64)>,
}

impl Course {
    fn value(&self, at: Timestamp) -> Option<i64> {
        let next = self.turns.iter().position(|(time, _)| at < *time).unwrap_or(self.turns.len());
        let (since, from) = *self.turns.get(next.checked_sub(1)?)?;
        let Some((until, to)) = self.turns.get(next) else { return Some(from) };
        let part = at.since(since).as_millis() as f64 / until.since(since).as_millis() as f64;
        Some(from + ((to - from) as f64 * part).round() as i64)
    }
}

/// A file as it lies in the drop folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drop {
    pub name: String,
    pub bytes: Vec<u8>,
    /// What a receiver that does right makes of it.
    pub expected: Expected,
}

impl Mine {
    pub fn new(config: MineConfig) -> Mine {
        Mine { config, told: Vec::new(), courses: Vec::new() }
    }

    /// Lets a point show a value, in hundredths of its unit, until told otherwise.
    pub fn tell(&mut self, point: usize, hundredths: i64) {
        self.told.retain(|(index, _)| *index != point);
        self.told.push((point, hundredths));
    }

    /// What a point of safety monitoring is called in the mine's files.
    pub fn point(&self, index: usize) -> String {
        points::code(self, index)
    }

    /// The file of one type at a time; `None` for a type that the mine does not write.
    ///
    /// Of events that is what is open, or ended within their last minute; there may be none.
    pub fn file(&self, kind: &str, at: Timestamp) -> Option<File> {
        let kind = Kind(kind.to_owned());
        let shape = kind.info()?.shape;
        let rows = match kind.code() {
            "CDDY" | "CDSS" | "TJSJ" | "YCBJ" | "KGBH" | "FZDY" | "FZSS" => {
                points::rows(self, kind.code(), at)
            }
            "RYXX" | "RYQY" | "RYJZ" | "RYSS" | "JZSS" | "RYCS" | "RYCY" | "RYQJ" | "RYXZ" => {
                people::rows(self, kind.code(), at)
            }
            code => sites::rows(self, code, at)?,
        };
        let mut content = shape.empty();
        for (number, row) in (1..).zip(&rows) {
            let fields: Vec<&str> = row.iter().map(String::as_str).collect();
            content
                .push(number, &row.join(";"), &fields, &self.config.code)
                .expect("a simulated mine keeps to the tables");
        }
        let more = match kind.code() {
            "CDDY" => vec!["KJ90X", "煤矿安全监控系统", "样例厂家", "2030-01-01"],
            "RYXX" => vec!["500", "KJ251", "人员位置监测系统", "样例厂家", "2030-01-01"],
            _ => vec![],
        };
        let header = Header {
            mine: self.config.code.clone(),
            mine_name: self.config.name.clone(),
            more: more.into_iter().map(str::to_owned).collect(),
            uploaded: at,
        };
        let (notes, bad, repeated) = (Vec::new(), Vec::new(), Vec::new());
        let encoding = Encoding::Utf8;
        Some(File { kind, header, content, encoding, notes, bad, bad_count: 0, repeated })
    }

    /// A whole file of one type, as it lies in the drop folder.
    pub fn drop(&self, kind: &str, at: Timestamp) -> Option<Drop> {
        let file = self.file(kind, at)?;
        let bytes = write(&file).expect("a simulated mine's texts hold no separators");
        Some(Drop { name: file.name().to_string(), bytes, expected: Expected::Taken })
    }

    /// Everything that is due after `since` and not after `until`, the oldest first;
    /// definitions before values of the same second.
    pub fn due(&self, since: Timestamp, until: Timestamp) -> Vec<Drop> {
        let mut moments: Vec<(Timestamp, usize)> = Vec::new();
        for (place, info) in KINDS.iter().enumerate() {
            let period = Duration::from_secs(i64::from(period(info))).as_millis();
            let first = since.as_millis().div_euclid(period) + 1;
            for count in first..=until.as_millis().div_euclid(period) {
                moments.push((Timestamp::from_millis(count * period), place));
            }
        }
        moments.sort_by_key(|(at, place)| (*at, KINDS[*place].purpose as u8, *place));
        let drops = moments.into_iter().filter_map(|(at, place)| {
            let info = &KINDS[place];
            let is_empty_event = info.period == 0
                && self.file(info.code, at).is_some_and(|file| file.content.is_empty());
            if is_empty_event { None } else { self.drop(info.code, at) }
        });
        drops.collect()
    }
}

/// Events are looked at once a minute.
fn period(info: &KindInfo) -> u32 {
    if info.period == 0 { 60 } else { info.period }
}

/// `1.25` of 125 hundredths.
fn hundredths(value: i64) -> String {
    let sign = if value < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", value.abs() / 100, value.abs() % 100)
}

/// The texts of a row.
macro_rules! row {
    ($($field:expr),+ $(,)?) => { vec![$($field.to_string()),+] };
}
use row;
