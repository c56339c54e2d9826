//! Checks of what is said in a form or in a row of a table; each names the field.

use base::{AdminCode, Date, Located, Timestamp};
use host::web::text;
use host::{Error, Read, Result};

/// The region as the register has it, and a place that can be in it.
pub(crate) fn check_region(
    db: &mut dyn Read,
    code: &AdminCode,
    place: Option<&Located>,
) -> Result<()> {
    let region = atlas::region::find(db, code)?;
    let region =
        region.ok_or_else(|| Error::invalid("region", code, "a region of /api/regions"))?;
    place.map_or(Ok(()), |place| region.check_place(place))
}

/// A text that may be left out; blanks alone are left out too.
pub(crate) fn text_opt(field: &str, value: Option<&str>, most: usize) -> Result<Option<String>> {
    value
        .filter(|value| !value.trim().is_empty())
        .map(|value| text(field, value, 1, most))
        .transpose()
}

/// A number inside a range, its ends included. `unit` is for the refusal.
pub(crate) fn number(
    field: &str,
    value: f64,
    range: std::ops::RangeInclusive<f64>,
    unit: &str,
) -> Result<f64> {
    if value.is_finite() && range.contains(&value) {
        return Ok(value);
    }
    let expected = format!("{} to {} {unit}", range.start(), range.end());
    Err(Error::invalid(field, value, expected.trim_end()))
}

pub(crate) fn number_opt(
    field: &str,
    value: Option<f64>,
    range: std::ops::RangeInclusive<f64>,
    unit: &str,
) -> Result<Option<f64>> {
    value.map(|value| number(field, value, range, unit)).transpose()
}

/// How many there are, 0 to `most`.
pub(crate) fn count_opt(field: &str, value: Option<u32>, most: u32) -> Result<Option<u32>> {
    match value {
        Some(count) if most < count => Err(Error::invalid(field, count, format!("0 to {most}"))),
        other => Ok(other),
    }
}

/// A code of ASCII letters, digits and hyphens, upper case.
pub(crate) fn code(field: &str, value: &str, least: usize, most: usize) -> Result<String> {
    let value = value.trim().to_ascii_uppercase();
    let fits = value.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if fits && (least..=most).contains(&value.len()) {
        return Ok(value);
    }
    let expected = format!("{least} to {most} letters, digits and hyphens");
    Err(Error::invalid(field, value, expected))
}

/// Exactly so many digits.
pub(crate) fn digits(field: &str, value: &str, length: usize) -> Result<String> {
    let value = value.trim();
    if value.len() == length && value.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(value.to_owned());
    }
    Err(Error::invalid(field, value, format!("{length} digits")))
}

/// A day of the calendar, as people write it.
pub(crate) fn day(field: &str, value: &str) -> Result<Date> {
    Date::read(value).map_err(|_| Error::invalid(field, value, "a day such as 2026-08-03"))
}

pub(crate) fn day_opt(field: &str, value: Option<&str>) -> Result<Option<Date>> {
    let value = value.filter(|value| !value.trim().is_empty());
    value.map(|value| day(field, value)).transpose()
}

/// The same, and no later than today.
pub(crate) fn day_until(field: &str, value: &str, now: Timestamp) -> Result<Date> {
    let (day, today) = (day(field, value)?, Date::of(now));
    if day <= today {
        return Ok(day);
    }
    Err(Error::invalid(field, day, format!("a day up to today, {today}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_one_of_the_calendar_and_not_to_come() {
        let now = Timestamp::from_beijing([2026, 8, 3], [0, 30, 0]).expect("a minute");
        let today = day_until("since", " 2026/8/3 ", now).expect("today");
        assert_eq!(today.to_string(), "2026-08-03");
        for wrong in ["2026-08-04", "2026-02-29", "昨天", ""] {
            let refused = day_until("since", wrong, now).expect_err(wrong);
            assert!(matches!(refused, Error::Invalid { field, .. } if field == "since"), "{wrong}");
        }
        assert_eq!(day_opt("since", Some(" ")).expect("nothing"), None);
    }

    #[test]
    fn a_number_outside_its_range_or_none_at_all_is_refused_with_the_range() {
        assert_eq!(number("height_m", 0.5, 0.5..=400.0, "m").expect("the end counts"), 0.5);
        for wrong in [0.4, 400.1, f64::NAN, f64::INFINITY, -1.0] {
            let refused = number("height_m", wrong, 0.5..=400.0, "m").expect_err("refused");
            assert!(refused.to_string().ends_with("expected 0.5 to 400 m"), "{refused}");
        }
    }

    #[test]
    fn a_code_is_of_plain_letters() {
        assert_eq!(code("code", " wk-0001a ", 4, 32).expect("fits"), "WK-0001A");
        assert!(code("code", "尾矿库01", 4, 32).is_err());
        assert!(code("code", "wk", 4, 32).is_err());
        assert!(digits("code", "22010000000", 12).is_err());
        assert!(digits("code", "２２０１００００００", 12).is_err());
        assert_eq!(digits("code", "220100000001", 12).expect("twelve"), "220100000001");
    }
}
