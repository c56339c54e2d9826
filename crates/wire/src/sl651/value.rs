//! Values: BCD and text on the wire, exact decimals inside.

use base::Timestamp;

use crate::Decimal;

/// What the data of an element say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Value {
    Number(Decimal),
    /// All F in BCD, `M` in ASCII: the station has no value for that time.
    Missing,
    /// `HH.mm`, in minutes.
    Minutes(u32),
    /// Status bits of table 58.
    Bits(u32),
    Step(Step),
    /// Twelve values five minutes apart.
    Group(Group),
    /// Data that cannot be read this way; the bytes are still in the element.
    Invalid,
}

/// Twelve values of one hour, five minutes apart; `None` where the station said invalid.
///
/// A value is `values[i]` · 10^−`decimals`: rain in mm with one decimal, levels
/// in m with two. Rain above the largest value is carried into the next five
/// minutes, so hourly sums are right and single peaks are not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Group {
    pub values: [Option<u16>; 12],
    pub decimals: u8,
}

/// A time step: at most one field is not zero; all zero announces a [`Group`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Step {
    pub days: u8,
    pub hours: u8,
    pub minutes: u8,
}

impl Step {
    /// The step in minutes; 0 announces a group of an hour.
    pub fn as_minutes(self) -> u32 {
        (u32::from(self.days) * 24 + u32::from(self.hours)) * 60 + u32::from(self.minutes)
    }

    pub fn is_zero(self) -> bool {
        self == Step::default()
    }
}

/// Reads BCD data: a leading FF is a minus sign, all F is missing (§6.6.3.3, §6.6.4.4 d).
///
/// Returns [`Value::Invalid`] for other non-decimal digits and for more than 18
/// significant digits.
pub(super) fn number_from_bcd(data: &[u8], decimals: u8) -> Value {
    let (negative, digits) = match data {
        [] => return Value::Invalid,
        all if all.iter().all(|byte| *byte == 0xFF) => return Value::Missing,
        [0xFF, digits @ ..] => (true, digits),
        digits => (false, digits),
    };
    let mut mantissa = 0_i64;
    for byte in digits {
        let Some(pair) = pair_from_bcd(*byte) else { return Value::Invalid };
        if mantissa >= 10_000_000_000_000_000 {
            return Value::Invalid;
        }
        mantissa = mantissa * 100 + i64::from(pair);
    }
    Value::Number(Decimal::new(if negative { -mantissa } else { mantissa }, decimals))
}

/// Writes BCD data of `bytes` bytes, the sign's included; `None` when it does not fit.
pub(super) fn number_to_bcd(mantissa: i64, bytes: usize) -> Option<Vec<u8>> {
    let mut data = vec![0; bytes];
    let mut rest = mantissa.unsigned_abs();
    let room = match mantissa < 0 {
        true => {
            let (sign, room) = data.split_first_mut()?;
            *sign = 0xFF;
            room
        }
        false => &mut data[..],
    };
    for byte in room.iter_mut().rev() {
        *byte = pair_to_bcd((rest % 100) as u8);
        rest /= 100;
    }
    (rest == 0 && bytes > 0).then_some(data)
}

/// Two decimal digits in one byte.
pub(super) fn pair_from_bcd(byte: u8) -> Option<u8> {
    let (high, low) = (byte >> 4, byte & 0x0F);
    (high < 10 && low < 10).then_some(high * 10 + low)
}

/// The inverse of [`pair_from_bcd`] for 0–99.
pub(super) fn pair_to_bcd(pair: u8) -> u8 {
    ((pair / 10) << 4) | (pair % 10)
}

/// A Beijing time from YY MM DD HH, and mm and SS where present; two-digit years are 2000–2099.
///
/// `None` when a digit is not decimal or the calendar has no such minute.
pub(super) fn time_from_bcd(data: &[u8]) -> Option<Timestamp> {
    let mut fields = [0_u8; 6];
    for (field, byte) in fields.iter_mut().zip(data) {
        *field = pair_from_bcd(*byte)?;
    }
    time_from_fields(fields)
}

/// As [`time_from_bcd`], from decimal digits.
pub(super) fn time_from_digits(text: &str) -> Option<Timestamp> {
    let mut fields = [0_u8; 6];
    for (field, pair) in fields.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
        if !pair.iter().all(u8::is_ascii_digit) {
            return None;
        }
        *field = (pair[0] - b'0') * 10 + (pair[1] - b'0');
    }
    time_from_fields(fields)
}

fn time_from_fields([year, month, day, hour, minute, second]: [u8; 6]) -> Option<Timestamp> {
    Timestamp::from_beijing(
        [2000 + i16::from(year), i16::from(month), i16::from(day)],
        [hour as i8, minute as i8, second as i8],
    )
}

/// Year, month, day, hour, minute, second of Beijing, two digits each; `None`
/// outside the years 2000–2099.
pub(super) fn time_to_fields(moment: Timestamp) -> Option<[u8; 6]> {
    let ([year, month, day], [hour, minute, second]) = moment.beijing_fields();
    let year = u8::try_from(year - 2000).ok().filter(|year| *year < 100)?;
    Some([year, month as u8, day as u8, hour as u8, minute as u8, second as u8])
}
