//! The working calendar of the country: weekends, holidays, and the days of work
//! that make up for them (调休).
//!
//! Which days those are is said year by year by a notice of the State Council's
//! office, in the autumn before. The notices that are known are data beside this
//! file; an administrator loads a new one as such a file ([`Notice::parse`]).
//! A year without a notice is provisional: weekends, and the days of rest that the
//! law itself fixes. Every answer says which it is.
//!
//! # Source
//! 全国年节及纪念日放假办法 (State Council, in force since 2025-01-01), art. 2: New
//! Year 1 day, Labour Day 2 days (May 1–2), National Day 3 days (October 1–3); the
//! others go by the moon or the sun and are not computed here. From memory.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use crate::date::Date;

mod notice;
#[cfg(test)]
mod tests;

pub use notice::{Notice, NoticeError, Span, SpanKind};

/// The notices that are known, and what follows from them for each day.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Calendar {
    notices: BTreeMap<i16, Notice>,
}

/// What a day is, and whether a notice says so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "CalendarDay")]
pub struct Day {
    pub date: Date,
    pub is_workday: bool,
    pub why: Why,
    /// No notice is known that could say otherwise.
    pub provisional: bool,
}

/// Why a day is one of work or of rest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    Weekday,
    Weekend,
    /// A notice gives it free; the holiday's name.
    Holiday(String),
    /// A notice makes it one of work, for a holiday.
    MakeUp(String),
    /// The law itself fixes it, and no notice is known yet.
    ByLaw(&'static str),
}

/// A day found by counting, and whether a provisional one was counted on the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Counted<T> {
    pub value: T,
    pub provisional: bool,
}

impl Calendar {
    /// The notices that this program carries: 2019 to 2026.
    ///
    /// # Panics
    /// When a carried table does not read, which a test excludes.
    pub fn carried() -> Calendar {
        const TABLES: [&str; 8] = [
            include_str!("notice/2019.csv"),
            include_str!("notice/2020.csv"),
            include_str!("notice/2021.csv"),
            include_str!("notice/2022.csv"),
            include_str!("notice/2023.csv"),
            include_str!("notice/2024.csv"),
            include_str!("notice/2025.csv"),
            include_str!("notice/2026.csv"),
        ];
        let mut calendar = Calendar::default();
        for table in TABLES {
            calendar.load(Notice::parse(table).expect("a carried table reads; a test says so"));
        }
        calendar
    }

    /// Takes up a notice, in place of another of the same year.
    pub fn load(&mut self, notice: Notice) {
        self.notices.insert(notice.year(), notice);
    }

    /// The notices, by year.
    pub fn notices(&self) -> impl Iterator<Item = &Notice> {
        self.notices.values()
    }

    /// What a day is.
    pub fn day(&self, date: Date) -> Day {
        let year = date.year();
        // The last days of December may belong to the New Year of the coming notice.
        let said = self.said_by(year.saturating_add(1), date).or_else(|| self.said_by(year, date));
        if let Some(span) = said {
            let (is_workday, why) = match span.kind {
                SpanKind::Rest => (false, Why::Holiday(span.holiday.clone())),
                SpanKind::Work => (true, Why::MakeUp(span.holiday.clone())),
            };
            return Day { date, is_workday, why, provisional: false };
        }
        let provisional = !self.notices.contains_key(&year)
            || (is_before_new_year(date) && !self.notices.contains_key(&(year.saturating_add(1))));
        let by_law = if self.notices.contains_key(&year) { None } else { by_law(date) };
        let (is_workday, why) = match by_law {
            Some(holiday) => (false, Why::ByLaw(holiday)),
            None if date.is_weekend() => (false, Why::Weekend),
            None => (true, Why::Weekday),
        };
        Day { date, is_workday, why, provisional }
    }

    pub fn is_workday(&self, date: Date) -> bool {
        self.day(date).is_workday
    }

    /// The `count`-th working day after a day, or before it when `count` is negative;
    /// the day itself when it is 0. `None` beyond the ends of the calendar.
    ///
    /// The day from which a period runs is not counted (民法典 art. 201), and periods in
    /// working days leave out all days of rest (行政许可法 art. 82).
    pub fn add_workdays(&self, from: Date, count: i32) -> Option<Counted<Date>> {
        let step = count.signum();
        let (mut date, mut left, mut provisional) = (from, count.unsigned_abs(), false);
        while 0 < left {
            date = date.add_days(step)?;
            let day = self.day(date);
            provisional |= day.provisional;
            left -= u32::from(day.is_workday);
        }
        Some(Counted { value: date, provisional })
    }

    /// The first working day that is not before a day: where a period ends that would
    /// end on a day of rest (民法典 art. 203). `None` beyond the end of the calendar.
    pub fn next_workday(&self, from: Date) -> Option<Counted<Date>> {
        let day = self.day(from);
        if day.is_workday {
            return Some(Counted { value: from, provisional: day.provisional });
        }
        let next = self.add_workdays(from, 1)?;
        Some(Counted { value: next.value, provisional: next.provisional || day.provisional })
    }

    /// The working days after `from`, up to and with `to`; negative when `to` is before.
    ///
    /// What [`Calendar::add_workdays`] added, this finds again.
    pub fn workdays_between(&self, from: Date, to: Date) -> Counted<i32> {
        let step: i32 = if from <= to { 1 } else { -1 };
        let (mut date, mut counted) = (from, Counted { value: 0, provisional: false });
        while date != to {
            // `to` is a day of the calendar, so none is missing on the way.
            let Some(next) = date.add_days(step) else { break };
            date = next;
            let day = self.day(date);
            counted.provisional |= day.provisional;
            counted.value += step * i32::from(day.is_workday);
        }
        counted
    }

    fn said_by(&self, year: i16, date: Date) -> Option<&Span> {
        self.notices.get(&year)?.spans().iter().find(|span| span.holds(date))
    }
}

/// Whether the notice of the coming year may speak of this day. The earliest so far
/// was December 29 (2018 and 2007).
fn is_before_new_year(date: Date) -> bool {
    date.month() == 12 && 25 <= date.day()
}

/// The days of rest that need no notice.
fn by_law(date: Date) -> Option<&'static str> {
    match (date.month(), date.day()) {
        (1, 1) => Some("元旦"),
        (5, 1 | 2) => Some("劳动节"),
        (10, 1..=3) => Some("国庆节"),
        _ => None,
    }
}
