//! 文号: the numbers of what goes out.

use base::{AdminCode, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A number of one series (`Y` warnings, `T` notices), region and Beijing day.
///
/// Serials of a day begin at 1 and have no gaps. The text leaves out the year, so
/// a number is unique together with its [`Number::day`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Number {
    /// As it is printed: `Y-220282-0803-02`.
    pub text: String,
    /// The Beijing day as `yyyymmdd`: 20260803.
    pub day: i64,
    /// From 1, by region and day.
    pub serial: i64,
}

impl Number {
    /// - `last`: the serial given last in this region on the day of `now`; 0 for none.
    pub fn after(last: i64, series: char, region: &AdminCode, now: Timestamp) -> Number {
        let ([_, month, date], _) = now.beijing_fields();
        let serial = last + 1;
        let text = format!("{series}-{region}-{month:02}{date:02}-{serial:02}");
        Number { text, day: day_of(now), serial }
    }
}

/// The Beijing day of a moment as `yyyymmdd`.
pub(crate) fn day_of(now: Timestamp) -> i64 {
    let ([year, month, date], _) = now.beijing_fields();
    i64::from(year) * 10_000 + i64::from(month) * 100 + i64::from(date)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_counts_by_the_beijing_day() {
        let region: AdminCode = "220282".parse().expect("a code");
        let late = Timestamp::from_beijing([2026, 8, 3], [23, 59, 59]).expect("a real second");
        let number = Number::after(1, 'Y', &region, late);
        assert_eq!(number.text, "Y-220282-0803-02");
        assert_eq!((number.day, number.serial), (20_260_803, 2));
        let next = late + base::Duration::from_secs(1);
        assert_eq!(Number::after(0, 'Y', &region, next).text, "Y-220282-0804-01");
        assert_eq!(Number::after(99, 'T', &region, late).text, "T-220282-0803-100");
    }
}
