//! Numbers and states as devices write them.

use std::fmt;

/// What stands where a number should be.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Number(Number),
    /// Nothing, `""` or `null`: no value, and never 0.
    Empty,
    /// What it is instead: `NaN`, `Infinity`, `0x1F`, `断线`.
    Bad(Box<str>),
}

/// A finite decimal number with the digits it was written with.
#[derive(Debug, Clone, PartialEq)]
pub struct Number {
    /// Of `[+-]digits[.digits][e[+-]digits]`.
    text: Box<str>,
    value: f64,
}

/// The state of a point, one bit each (0 is normal).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Status(pub u8);

impl Value {
    /// Reads text; blanks around a number are passed over.
    pub fn parse(text: &str) -> Value {
        let trimmed = text.trim();
        match Number::parse(trimmed) {
            _ if trimmed.is_empty() => Value::Empty,
            Some(number) => Value::Number(number),
            None => Value::Bad(text.chars().take(LONGEST).collect()),
        }
    }

    pub fn number(&self) -> Option<f64> {
        match self {
            Value::Number(number) => Some(number.value),
            Value::Empty | Value::Bad(_) => None,
        }
    }
}

/// Characters of a number or of what stands in its place.
const LONGEST: usize = 64;

impl Number {
    /// `None` for anything but a finite decimal number of at most 64 characters.
    pub fn parse(text: &str) -> Option<Number> {
        if LONGEST < text.len() {
            return None;
        }
        let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
        let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => {
                (mantissa, Some(exponent.strip_prefix(['+', '-']).unwrap_or(exponent)))
            }
            None => (unsigned, None),
        };
        let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit());
        let is_decimal = match mantissa.split_once('.') {
            None => is_digits(mantissa),
            Some((whole, part)) => is_digits(whole) && is_digits(part),
        };
        if !is_decimal || !exponent.is_none_or(is_digits) {
            return None;
        }
        let value: f64 = text.parse().ok().filter(|value: &f64| value.is_finite())?;
        Some(Number { text: text.into(), value })
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    pub fn value(&self) -> f64 {
        self.value
    }
}

impl Status {
    pub const ALARM: u8 = 1;
    pub const CUT: u8 = 1 << 1;
    pub const CALIBRATION: u8 = 1 << 2;
    pub const OVER_RANGE: u8 = 1 << 3;
    pub const SUBSTATION: u8 = 1 << 4;
    pub const UNPOLLED: u8 = 1 << 5;
    pub const SUSPENDED: u8 = 1 << 6;
    pub const SENSOR: u8 = 1 << 7;

    /// Eight characters of 0 and 1 are bits; anything else is a decimal number up to
    /// 255. `None` when it is neither.
    pub fn parse(text: &str) -> Option<Status> {
        let is_bits = text.len() == 8 && text.bytes().all(|byte| matches!(byte, b'0' | b'1'));
        match is_bits {
            true => u8::from_str_radix(text, 2).ok().map(Status),
            false if text.bytes().all(|byte| byte.is_ascii_digit()) => {
                text.parse().ok().map(Status)
            }
            false => None,
        }
    }

    /// Alarm and cut say something of the world, the other bits of the instrument.
    pub fn is_usable(self) -> bool {
        self.0 & !(Status::ALARM | Status::CUT) == 0
    }

    /// What is set, in words.
    pub fn words(self) -> Vec<&'static str> {
        STATES.iter().filter(|(bit, _)| self.0 & bit != 0).map(|(_, word)| *word).collect()
    }
}

/// The bits of the coal format, which names the same eight; for this one they are inferred.
const STATES: [(u8, &str); 8] = [
    (Status::ALARM, "报警"),
    (Status::CUT, "断电"),
    (Status::CALIBRATION, "标校"),
    (Status::OVER_RANGE, "超量程"),
    (Status::SUBSTATION, "分站故障"),
    (Status::UNPOLLED, "不巡检"),
    (Status::SUSPENDED, "暂停"),
    (Status::SENSOR, "传感器故障"),
];

impl fmt::Debug for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08b}", self.0)
    }
}

/// The eight characters.
impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08b}", self.0)
    }
}
