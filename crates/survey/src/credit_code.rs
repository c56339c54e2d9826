//! The unified social credit code, 统一社会信用代码.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, de::Error as _};

/// 18 characters that name a legal person or organisation (GB 32100-2015): authority,
/// kind, division (6), organisation code (9, GB 11714), check character.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct CreditCode(String);

/// Why a text is not a credit code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CreditCodeError {
    #[error("credit code has {0} characters, expected 18")]
    Length(usize),
    #[error(
        "character {at} of the credit code is {seen:?}, expected a digit or a letter but I, O, S, V, Z"
    )]
    Character { at: usize, seen: char },
    #[error("check character of the credit code is {seen:?}, the others give {expected:?}")]
    Check { seen: char, expected: char },
}

/// The alphabet: digits, and letters that are not taken for digits (5.4).
const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";

impl CreditCode {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The division of the registering authority, GB/T 2260, six digits.
    pub fn division(&self) -> &str {
        &self.0[2..8]
    }
}

/// The check character over the first 17: weights are powers of 3 modulo 31 (annex B).
fn check_character(body: &[usize]) -> char {
    let mut weight = 1;
    let mut sum = 0;
    for value in body {
        sum += value * weight;
        weight = weight * 3 % 31;
    }
    char::from(ALPHABET[(31 - sum % 31) % 31])
}

impl FromStr for CreditCode {
    type Err = CreditCodeError;

    fn from_str(text: &str) -> Result<CreditCode, CreditCodeError> {
        let length = text.chars().count();
        if length != 18 {
            return Err(CreditCodeError::Length(length));
        }
        let values = text.chars().enumerate().map(|(index, seen)| {
            let known = u8::try_from(seen).ok();
            let value = known.and_then(|byte| ALPHABET.iter().position(|known| *known == byte));
            value.ok_or(CreditCodeError::Character { at: index + 1, seen })
        });
        let values = values.collect::<Result<Vec<usize>, _>>()?;
        let expected = check_character(&values[..17]);
        let seen = char::from(ALPHABET[values[17]]);
        if seen == expected {
            Ok(CreditCode(text.to_owned()))
        } else {
            Err(CreditCodeError::Check { seen, expected })
        }
    }
}

impl fmt::Display for CreditCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for CreditCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for CreditCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<CreditCode, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_in_public_use_checks_and_one_wrong_character_does_not() {
        // The example that goes round with descriptions of the standard; from memory.
        let code: CreditCode = "91350100M000100Y43".parse().expect("a sound code");
        assert_eq!(code.division(), "350100");
        let error = "91350100M000100Y42".parse::<CreditCode>();
        assert_eq!(error, Err(CreditCodeError::Check { seen: '2', expected: '3' }));
        let error = "91350100M0O0100Y43".parse::<CreditCode>();
        assert_eq!(error, Err(CreditCodeError::Character { at: 11, seen: 'O' }));
        assert_eq!("9135".parse::<CreditCode>(), Err(CreditCodeError::Length(4)));
        assert!("９1350100M000100Y43".parse::<CreditCode>().is_err(), "a full-width digit");
    }

    #[test]
    fn every_single_wrong_character_is_found() {
        let good = "91350100M000100Y43";
        for at in 0..18 {
            for other in ALPHABET.iter().map(|byte| char::from(*byte)) {
                let mut text: Vec<char> = good.chars().collect();
                if std::mem::replace(&mut text[at], other) == other {
                    continue;
                }
                let text: String = text.into_iter().collect();
                assert!(text.parse::<CreditCode>().is_err(), "{text}");
            }
        }
    }

    #[test]
    fn json_refuses_what_parsing_refuses() {
        assert!(serde_json::from_str::<CreditCode>("\"91350100M000100Y43\"").is_ok());
        assert!(serde_json::from_str::<CreditCode>("\"91350100M000100Y44\"").is_err());
    }
}
