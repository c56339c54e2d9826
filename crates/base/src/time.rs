//! Time: a moment in UTC milliseconds, shown in Beijing time.

use std::fmt;
use std::ops::{Add, Sub};
use std::str::FromStr;

use jiff::tz::Offset;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// A moment, in whole milliseconds since 1970-01-01T00:00:00Z.
///
/// JSON form is RFC 3339 in UTC with milliseconds (`2026-08-03T03:14:26.000Z`);
/// database form is the number. The range is the years 1 to 9999 but for the last
/// 26 hours, which not every zone's calendar has; what lies outside is refused when
/// it is parsed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

/// A span of time in whole milliseconds; negative when it points back.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(transparent)]
#[schemars(inline)]
pub struct Duration(i64);

/// Why a text is not a moment.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("time is {0:?}, expected RFC 3339 such as 2026-08-03T03:14:26Z")]
pub struct TimeError(String);

impl Timestamp {
    /// The first millisecond of the year 1, UTC.
    pub const MIN: Timestamp = Timestamp(-62_135_596_800_000);
    /// 9999-12-30T22:00:00Z: the last moment that every zone has a day for.
    pub const MAX: Timestamp = Timestamp(253_402_207_200_000);

    /// Clamps to [`Timestamp::MIN`]`..=`[`Timestamp::MAX`].
    pub const fn from_millis(millis: i64) -> Timestamp {
        if millis < Self::MIN.0 {
            Self::MIN
        } else if millis > Self::MAX.0 {
            Self::MAX
        } else {
            Timestamp(millis)
        }
    }

    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// The moment of a Beijing wall clock (UTC+8, no summer time since 1992).
    ///
    /// `None` when the fields name no day or minute of the calendar.
    pub fn from_beijing(
        [year, month, day]: [i16; 3],
        [hour, minute, second]: [i8; 3],
    ) -> Option<Timestamp> {
        let (month, day) = (i8::try_from(month).ok()?, i8::try_from(day).ok()?);
        let civil = jiff::civil::DateTime::new(year, month, day, hour, minute, second, 0).ok()?;
        let millis = BEIJING.to_timestamp(civil).ok()?.as_millisecond();
        Some(Timestamp::from_millis(millis))
    }

    /// `2026-08-03 11:14:26` in Beijing time, as screens and documents show it.
    pub fn to_beijing(self) -> String {
        self.civil().strftime("%Y-%m-%d %H:%M:%S").to_string()
    }

    /// Year, month, day, hour, minute, second in Beijing time.
    pub fn beijing_fields(self) -> ([i16; 3], [i8; 3]) {
        let civil = self.civil();
        (
            [civil.year(), i16::from(civil.month()), i16::from(civil.day())],
            [civil.hour(), civil.minute(), civil.second()],
        )
    }

    /// The span from `earlier` to `self`.
    pub fn since(self, earlier: Timestamp) -> Duration {
        Duration(self.0 - earlier.0)
    }

    fn civil(self) -> jiff::civil::DateTime {
        let stamp = jiff::Timestamp::from_millisecond(self.0)
            .expect("the constructor clamps to years that jiff covers");
        BEIJING.to_datetime(stamp)
    }
}

const BEIJING: Offset = Offset::constant(8);

impl Duration {
    pub const ZERO: Duration = Duration(0);

    pub const fn from_millis(millis: i64) -> Duration {
        Duration(millis)
    }

    pub const fn from_secs(secs: i64) -> Duration {
        Duration(secs.saturating_mul(1_000))
    }

    pub const fn from_mins(mins: i64) -> Duration {
        Duration(mins.saturating_mul(60_000))
    }

    pub const fn from_hours(hours: i64) -> Duration {
        Duration(hours.saturating_mul(3_600_000))
    }

    pub const fn as_millis(self) -> i64 {
        self.0
    }
}

impl Add<Duration> for Timestamp {
    type Output = Timestamp;

    fn add(self, span: Duration) -> Timestamp {
        Timestamp::from_millis(self.0.saturating_add(span.0))
    }
}

impl Sub<Duration> for Timestamp {
    type Output = Timestamp;

    fn sub(self, span: Duration) -> Timestamp {
        Timestamp::from_millis(self.0.saturating_sub(span.0))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let stamp = jiff::Timestamp::from_millisecond(self.0)
            .expect("the constructor clamps to years that jiff covers");
        write!(f, "{stamp:.3}")
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Timestamp {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Timestamp, TimeError> {
        text.parse::<jiff::Timestamp>()
            .map(|stamp| Timestamp::from_millis(stamp.as_millisecond()))
            .map_err(|_| TimeError(text.chars().take(64).collect()))
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(D::Error::custom)
    }
}

impl JsonSchema for Timestamp {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Timestamp".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        schemars::json_schema!({ "type": "string", "format": "date-time" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_beijing_wall_clock_is_eight_hours_ahead_of_utc() {
        let moment = Timestamp::from_beijing([2024, 8, 1], [8, 0, 0]).expect("a real minute");
        assert_eq!(moment.to_string(), "2024-08-01T00:00:00.000Z");
        assert_eq!(moment.to_beijing(), "2024-08-01 08:00:00");
    }

    #[test]
    fn a_day_that_does_not_exist_is_no_moment() {
        assert_eq!(Timestamp::from_beijing([2023, 2, 29], [0, 0, 0]), None);
        assert_eq!(Timestamp::from_beijing([2024, 13, 1], [0, 0, 0]), None);
        assert_eq!(Timestamp::from_beijing([2024, 1, 1], [24, 0, 0]), None);
    }

    #[test]
    fn text_round_trips_to_the_millisecond() {
        let moment: Timestamp = "2026-08-03T03:14:26.123Z".parse().expect("RFC 3339");
        assert_eq!(moment.to_string().parse(), Ok(moment));
        let offset: Timestamp = "2026-08-03T11:14:26.123+08:00".parse().expect("RFC 3339");
        assert_eq!(offset, moment);
        assert!("03:14".parse::<Timestamp>().is_err());
    }

    #[test]
    fn the_ends_of_the_calendar_can_be_shown() {
        assert_eq!(Timestamp::MAX.to_string(), "9999-12-30T22:00:00.000Z");
        assert_eq!(Timestamp::MAX.to_beijing(), "9999-12-31 06:00:00");
        assert_eq!(Timestamp::MIN.to_beijing(), "0001-01-01 08:00:00");
        assert_eq!(Timestamp::from_millis(i64::MAX).to_string().parse(), Ok(Timestamp::MAX));
    }

    #[test]
    fn arithmetic_saturates_at_the_ends_of_the_calendar() {
        assert_eq!(Timestamp::MAX + Duration::from_hours(1), Timestamp::MAX);
        assert_eq!(Timestamp::MIN - Duration::from_millis(i64::MAX), Timestamp::MIN);
        assert_eq!(Timestamp::from_millis(i64::MAX), Timestamp::MAX);
    }
}
