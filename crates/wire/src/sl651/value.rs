//! Values: BCD and text on the wire, exact decimals inside.

use std::fmt;
use std::str::FromStr;

use base::Timestamp;

/// An exact decimal number: `mantissa` · 10^−`decimals`.
///
/// Two decimals are equal when they are written alike: 1.0 is not 1.00.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Decimal {
    pub mantissa: i64,
    /// 0–18.
    pub decimals: u8,
}

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

/// Why a text is not a decimal number.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("number is {0:?}, expected digits, at most one point and at most 18 digits")]
pub struct DecimalError(String);

const POWERS: [f64; 19] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18,
];

impl Decimal {
    pub const fn new(mantissa: i64, decimals: u8) -> Decimal {
        Decimal { mantissa, decimals }
    }

    /// The nearest binary number; exact decimals of up to 15 digits come back
    /// from [`Decimal::from_f64`] unchanged.
    pub fn to_f64(self) -> f64 {
        self.mantissa as f64 / POWERS[usize::from(self.decimals.min(18))]
    }

    /// Rounds half away from zero; `None` when it is not finite, needs more
    /// than 18 digits, or `decimals` is above 18.
    pub fn from_f64(value: f64, decimals: u8) -> Option<Decimal> {
        let scaled = (value * POWERS.get(usize::from(decimals))?).round();
        (scaled.abs() < 1e18).then_some(Decimal { mantissa: scaled as i64, decimals })
    }

    /// The same number with other decimals; `None` when digits would be lost.
    pub fn rescale(self, decimals: u8) -> Option<Decimal> {
        let mantissa = match decimals.checked_sub(self.decimals) {
            Some(more) => self.mantissa.checked_mul(10_i64.checked_pow(u32::from(more))?)?,
            None => {
                let divisor = 10_i64.checked_pow(u32::from(self.decimals - decimals))?;
                (self.mantissa % divisor == 0).then(|| self.mantissa / divisor)?
            }
        };
        Some(Decimal { mantissa, decimals })
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.mantissa < 0 { "-" } else { "" };
        let decimals = usize::from(self.decimals);
        let digits = format!("{:0width$}", self.mantissa.unsigned_abs(), width = decimals + 1);
        let (whole, part) = digits.split_at(digits.len() - decimals);
        let point = if decimals == 0 { "" } else { "." };
        write!(f, "{sign}{whole}{point}{part}")
    }
}

impl FromStr for Decimal {
    type Err = DecimalError;

    fn from_str(text: &str) -> Result<Decimal, DecimalError> {
        let refused = || DecimalError(text.chars().take(32).collect());
        let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
        let (whole, part) = unsigned.split_once('.').unwrap_or((unsigned, ""));
        let digits = || whole.bytes().chain(part.bytes());
        if digits().count() == 0 || !digits().all(|byte| byte.is_ascii_digit()) {
            return Err(refused());
        }
        let mantissa = digits()
            .try_fold(0_i64, |number, byte| {
                let next = number.checked_mul(10)?.checked_add(i64::from(byte - b'0'))?;
                (next < 1_000_000_000_000_000_000).then_some(next)
            })
            .ok_or_else(refused)?;
        let decimals = u8::try_from(part.len()).ok().filter(|count| *count <= 18);
        let mantissa = if text.starts_with('-') { -mantissa } else { mantissa };
        Ok(Decimal { mantissa, decimals: decimals.ok_or_else(refused)? })
    }
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
