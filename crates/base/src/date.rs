//! A day of the civil calendar, which in this country is a day of Beijing time.

use std::fmt;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use crate::time::Timestamp;

/// A day of the years 1 to 9999; `2026-08-03` as text.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(jiff::civil::Date);

/// Why a text is not a day.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("date is {0:?}, expected a day of the calendar such as 2026-08-03")]
pub struct DateError(String);

impl Date {
    /// `None` when the calendar has no such day, or the year is not 1 to 9999.
    pub fn new(year: i16, month: i8, day: i8) -> Option<Date> {
        let date = jiff::civil::Date::new(year, month, day).ok()?;
        (1 <= year).then_some(Date(date))
    }

    /// The day that a clock in Beijing shows at a moment.
    pub fn of(moment: Timestamp) -> Date {
        let ([year, month, day], _) = moment.beijing_fields();
        let day = i8::try_from(month).ok().zip(i8::try_from(day).ok());
        let date = day.and_then(|(month, day)| Date::new(year, month, day));
        date.expect("a clock shows a day of the calendar")
    }

    /// The last day there is.
    pub const LAST: Date = Date(jiff::civil::Date::constant(9999, 12, 31));

    /// Its first moment, midnight in Beijing.
    pub fn start(self) -> Timestamp {
        // The first day of all begins before the first moment.
        Timestamp::from_beijing(self.fields(), [0; 3]).unwrap_or(Timestamp::MIN)
    }

    pub fn year(self) -> i16 {
        self.0.year()
    }

    pub fn month(self) -> i8 {
        self.0.month()
    }

    pub fn day(self) -> i8 {
        self.0.day()
    }

    /// `None` after the last day and before the first.
    pub fn add_days(self, days: i32) -> Option<Date> {
        let date = self.0.checked_add(jiff::Span::new().try_days(days).ok()?).ok()?;
        (1 <= date.year()).then_some(Date(date))
    }

    /// Saturday or Sunday.
    pub fn is_weekend(self) -> bool {
        use jiff::civil::Weekday::{Saturday, Sunday};
        matches!(self.0.weekday(), Saturday | Sunday)
    }

    /// A day as people and spreadsheets write it: `2026-08-03`, `2026/8/3`, `2026.8.3`,
    /// `2026年8月3日`, `20260803`; full-width digits too, and a midnight behind it.
    ///
    /// Year first always: `3/8/2026` may be two days, and is refused.
    ///
    /// # Errors
    /// [`DateError`] with what was seen.
    pub fn read(text: &str) -> Result<Date, DateError> {
        let broken = || DateError(text.chars().take(32).collect());
        let plain: String = text.trim().chars().take(64).map(narrow).collect();
        let day = plain.split(['T', ' ']).next().unwrap_or_default();
        let after = plain[day.len()..].trim_start_matches(['T', ' ']);
        if !matches!(after, "" | "00:00" | "0:00" | "00:00:00" | "0:00:00") {
            return Err(broken());
        }
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let fields: Vec<&str> = if day.len() == 8 && digits(day) {
            vec![&day[..4], &day[4..6], &day[6..]]
        } else {
            let day = day.strip_suffix('日').unwrap_or(day);
            day.split(['-', '/', '.', '年', '月']).collect()
        };
        let [year, month, day] = fields[..] else { return Err(broken()) };
        let short = |text: &str| matches!(text.len(), 1 | 2) && digits(text);
        if year.len() != 4 || !digits(year) || !short(month) || !short(day) {
            return Err(broken());
        }
        let date = match (year.parse(), month.parse(), day.parse()) {
            (Ok(year), Ok(month), Ok(day)) => Date::new(year, month, day),
            _ => None,
        };
        date.ok_or_else(broken)
    }

    fn fields(self) -> [i16; 3] {
        [self.0.year(), i16::from(self.0.month()), i16::from(self.0.day())]
    }
}

/// A text with the ASCII form of its full-width characters, which input methods leave in
/// codes and numbers.
pub fn narrow_text(text: &str) -> String {
    text.chars().map(narrow).collect()
}

/// The ASCII form of a full-width character (U+FF01 to U+FF5E, and the wide blank).
fn narrow(wide: char) -> char {
    match wide {
        '！'..='～' => char::from_u32(u32::from(wide) - 0xFEE0).unwrap_or(wide),
        '　' => ' ',
        other => other,
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [year, month, day] = self.fields();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl fmt::Debug for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The one form `2026-08-03`; [`Date::read`] takes what people write.
impl FromStr for Date {
    type Err = DateError;

    fn from_str(text: &str) -> Result<Date, DateError> {
        Date::read(text)
            .ok()
            .filter(|date| date.to_string() == text)
            .ok_or_else(|| DateError(text.chars().take(32).collect()))
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Date, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(D::Error::custom)
    }
}

impl JsonSchema for Date {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Date".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        schemars::json_schema!({ "type": "string", "format": "date" })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(year: i16, month: i8, day: i8) -> Date {
        Date::new(year, month, day).expect("a day")
    }

    #[test]
    fn a_day_begins_at_midnight_in_beijing() {
        let moment: Timestamp = "2026-08-02T16:00:00Z".parse().expect("a moment");
        assert_eq!(Date::of(moment), day(2026, 8, 3));
        assert_eq!(Date::of(Timestamp::from_millis(moment.as_millis() - 1)), day(2026, 8, 2));
        assert_eq!(day(2026, 8, 3).start(), moment);
        assert_eq!(Date::of(Timestamp::MAX), Date::LAST);
    }

    #[test]
    fn what_people_write_is_read_and_what_may_be_two_days_is_not() {
        for text in [
            "2026-08-03",
            "2026-8-3",
            "2026/8/3",
            "2026.08.03",
            "2026年8月3日",
            "20260803",
            "２０２６年８月３日",
            " 2026-08-03 ",
            "2026-08-03 00:00:00",
            "2026-08-03T00:00",
        ] {
            assert_eq!(Date::read(text), Ok(day(2026, 8, 3)), "{text}");
        }
        for text in [
            "",
            "3/8/2026",
            "26-08-03",
            "2026-13-01",
            "2023-02-29",
            "2026-8",
            "2026-08-03 14:00",
            "2026-08-003",
            "二〇二六年八月三日",
            "2026-08-03-04",
            "0000-01-01",
            "+026-01-01",
        ] {
            assert!(Date::read(text).is_err(), "{text}");
        }
        assert!("2026-8-3".parse::<Date>().is_err(), "one form between programs");
    }

    #[test]
    fn days_are_counted_over_the_ends_of_years_and_stop_at_the_ends_of_time() {
        assert_eq!(day(2024, 2, 28).add_days(2), Some(day(2024, 3, 1)));
        assert_eq!(day(2026, 1, 1).add_days(-1), Some(day(2025, 12, 31)));
        assert_eq!(Date::LAST.add_days(1), None);
        assert_eq!(day(1, 1, 1).add_days(-1), None);
        assert_eq!(day(2026, 1, 1).add_days(i32::MAX), None);
        assert!(day(2026, 8, 1).is_weekend() && !day(2026, 8, 3).is_weekend());
    }

    proptest! {
        #[test]
        fn any_text_is_a_day_or_refused(text in "\\PC*") {
            if let Ok(date) = Date::read(&text) {
                prop_assert_eq!(date.to_string().parse(), Ok(date));
            }
        }
    }
}
