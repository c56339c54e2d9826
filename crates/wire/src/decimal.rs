//! Numbers as devices write them: exact, with the decimals they came with.

use std::fmt;
use std::str::FromStr;

/// An exact decimal number: `mantissa` · 10^−`decimals`.
///
/// Two decimals are equal when they are written alike: 1.0 is not 1.00.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Decimal {
    pub mantissa: i64,
    /// 0–18.
    pub decimals: u8,
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
