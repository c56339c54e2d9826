//! CAS registry numbers: which substance a name means.

use std::fmt;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};

/// A number of the CAS registry: 2 to 7 digits, two digits, and a check digit.
///
/// Where name and number of a substance disagree the number decides: names differ from
/// table to table (氨, 液氨, 无水氨 are all 7664-41-7).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Cas(String);

/// Why a text is no CAS number.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CasError {
    #[error("CAS number is {0:?}, expected such as 7664-41-7")]
    Form(String),
    #[error("check digit of the CAS number is {seen}, the others give {expected}")]
    Check { seen: u32, expected: u32 },
}

impl Cas {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Cas {
    type Err = CasError;

    /// The check digit is the sum of the others, each times its place from the right,
    /// modulo 10 (CAS, "Check Digit Verification of CAS Registry Numbers").
    fn from_str(text: &str) -> Result<Cas, CasError> {
        let form = || CasError::Form(text.chars().take(32).collect());
        let parts: Vec<&str> = text.splitn(4, '-').collect();
        let [first, second, check] = parts[..] else { return Err(form()) };
        let lengths = (2..=7).contains(&first.len()) && second.len() == 2 && check.len() == 1;
        let digits = [first, second, check].concat();
        let all_digits = digits.bytes().all(|byte| byte.is_ascii_digit());
        if !lengths || !all_digits || first.starts_with('0') {
            return Err(form());
        }
        let digits: Vec<u32> = digits.bytes().map(|byte| u32::from(byte - b'0')).collect();
        let (seen, others) = digits.split_last().ok_or_else(form)?;
        let sum: u32 = others.iter().rev().zip(1..).map(|(digit, place)| digit * place).sum();
        let (seen, expected) = (*seen, sum % 10);
        if seen == expected {
            Ok(Cas(text.to_owned()))
        } else {
            Err(CasError::Check { seen, expected })
        }
    }
}

impl fmt::Display for Cas {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Cas {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Cas {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Cas, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(D::Error::custom)
    }
}

impl JsonSchema for Cas {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Cas".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        schemars::json_schema!({ "type": "string", "pattern": "^[1-9][0-9]{1,6}-[0-9]{2}-[0-9]$" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_dangerous_substances_check() {
        // Numbers of GB 18218-2018, table 1; each has a check digit of its own.
        for known in [
            "7664-41-7",
            "7783-41-7",
            "10102-44-0",
            "7446-09-5",
            "75-44-5",
            "50-00-0",
            "7782-50-5",
            "26471-62-5",
            "86290-81-5",
            "68476-85-7",
            "9004-70-0",
            "52583-42-3",
            "71-43-2",
        ] {
            assert!(known.parse::<Cas>().is_ok(), "{known}");
        }
    }

    #[test]
    fn every_single_wrong_digit_is_found() {
        let good = "7664-41-7";
        for (at, was) in good.char_indices().filter(|(_, c)| c.is_ascii_digit()) {
            for other in ('0'..='9').filter(|other| *other != was) {
                let wrong = format!("{}{other}{}", &good[..at], &good[at + 1..]);
                let read = wrong.parse::<Cas>();
                // A digit at a place of weight 10 or 5 could hide; these weights are 1 to 6,
                // and 5 and 2, 4, 6 share factors with 10.
                let weight = good[at..].chars().filter(|c| c.is_ascii_digit()).count() - 1;
                let difference = i64::from(u32::from(other)) - i64::from(u32::from(was));
                let hides = weight > 0 && (difference * weight as i64).rem_euclid(10) == 0;
                assert_eq!(read.is_ok(), hides, "{wrong}");
            }
        }
    }

    #[test]
    fn another_form_is_refused() {
        let form = |text: &str| Err(CasError::Form(text.to_owned()));
        for text in ["", "7664417", "7664-41", "７664-41-7", "1-41-7", "07-44-5", "7664-41-7-1"] {
            assert_eq!(text.parse::<Cas>(), form(text), "{text}");
        }
        assert_eq!("7664-41-8".parse::<Cas>(), Err(CasError::Check { seen: 8, expected: 7 }));
    }
}
