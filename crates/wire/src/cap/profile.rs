//! What a country adds to CAP, as data: colours, and how identifiers are made.
//!
//! The data stands in `profile_cn.json`, each part with its source and how sure it is;
//! a text of the standard replaces data, not code.

use base::{Level, Timestamp};
use serde::Deserialize;

use super::alert::{Info, Pair};
use super::word::{Severity, Word};

const CHINA: &str = include_str!("profile_cn.json");

/// How sure a part of a profile is.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    /// The text was read.
    High,
    /// An excerpt or a second hand.
    Medium,
    /// A custom or memory.
    Low,
    /// This project's own.
    Own,
}

/// A profile of CAP.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    pub name: String,
    severity: Severities,
    colour: ColourParameter,
    identifier: IdentifierForm,
}

/// Where a part of a profile is from: `severity`, `colour` or `identifier`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin<'a> {
    pub part: &'static str,
    pub source: &'a str,
    pub confidence: &'a Confidence,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Severities {
    source: String,
    confidence: Confidence,
    rows: Vec<SeverityRow>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct SeverityRow {
    level: Level,
    severity: Severity,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct ColourParameter {
    source: String,
    confidence: Confidence,
    value_name: String,
    words: std::collections::BTreeMap<Level, String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct IdentifierForm {
    source: String,
    confidence: Confidence,
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
enum Part {
    /// A separator.
    Text { text: String },
    /// So many digits; what stands there when nobody says.
    Digits { name: String, digits: usize, otherwise: Option<String> },
    /// `YYYYMMDDhhmmss` on China's clock.
    Time { name: String, time: bool },
}

const TIME_DIGITS: usize = 14;

/// Why a text is no profile.
#[derive(Debug, thiserror::Error)]
pub enum ProfileError {
    #[error("profile: {0}")]
    Json(#[from] serde_json::Error),
    #[error("profile: {what} is {saw}, expected {expected}")]
    Data { what: &'static str, saw: String, expected: &'static str },
}

/// Why there is no identifier, or why a text is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdentifierError {
    #[error("{part} of the identifier is {saw:?}, expected {digits} digits")]
    Digits { part: String, saw: String, digits: usize },
    #[error("identifier has {saw:?} at {at}, expected {expected:?}")]
    Text { at: usize, saw: String, expected: String },
    #[error("identifier has {got} characters, expected {want}")]
    Length { got: usize, want: usize },
    #[error("sent of the identifier is {saw:?}, expected a moment as 20260803111426")]
    Time { saw: String },
    #[error("identifier has no part {0:?}")]
    Unknown(String),
}

impl Profile {
    /// China's, as far as it is known (`profile_cn.json`).
    pub fn china() -> Profile {
        Profile::parse(CHINA).expect("the profile beside this file is one, a test reads it")
    }

    /// Reads a profile and holds it against itself: all four colours, once each, on four
    /// severities.
    ///
    /// # Errors
    /// [`ProfileError`].
    pub fn parse(json: &str) -> Result<Profile, ProfileError> {
        let profile: Profile = serde_json::from_str(json)?;
        let rows = &profile.severity.rows;
        for level in Level::ALL {
            let count = rows.iter().filter(|row| row.level == level).count();
            if count != 1 || !profile.colour.words.contains_key(&level) {
                let (what, expected) = ("level", "each of the four with a severity and a word");
                return Err(ProfileError::Data { what, saw: format!("{level:?}"), expected });
            }
        }
        for row in rows {
            let count = rows.iter().filter(|other| other.severity == row.severity).count();
            if count != 1 || !row.severity.is_known() {
                let saw = row.severity.as_str().to_owned();
                let (what, expected) = ("severity", "one of CAP, for one level");
                return Err(ProfileError::Data { what, saw, expected });
            }
        }
        for part in &profile.identifier.parts {
            let is_good = match part {
                Part::Text { text } => super::is_name(text),
                Part::Time { time, .. } => *time,
                Part::Digits { digits, otherwise, .. } => {
                    (1..=20).contains(digits)
                        && otherwise.as_ref().is_none_or(|text| is_digits(text, *digits))
                }
            };
            if !is_good {
                let (what, expected) = ("part", "a separator, 1 to 20 digits, or the time");
                return Err(ProfileError::Data { what, saw: format!("{part:?}"), expected });
            }
        }
        Ok(profile)
    }

    /// Where each part is from.
    pub fn sources(&self) -> [Origin<'_>; 3] {
        let Profile { severity, colour, identifier, .. } = self;
        [
            Origin { part: "severity", source: &severity.source, confidence: &severity.confidence },
            Origin { part: "colour", source: &colour.source, confidence: &colour.confidence },
            Origin {
                part: "identifier",
                source: &identifier.source,
                confidence: &identifier.confidence,
            },
        ]
    }

    pub fn severity(&self, level: Level) -> &Severity {
        let row = self.severity.rows.iter().find(|row| row.level == level);
        &row.expect("parse has seen every level").severity
    }

    /// Puts a colour into what is said: severity, and the parameter that names it.
    pub fn put_level(&self, info: &mut Info, level: Level) {
        info.severity = Some(self.severity(level).clone());
        info.parameter.retain(|pair| pair.value_name != self.colour.value_name);
        let value_name = self.colour.value_name.clone();
        let value = self.colour.words.get(&level).cloned().unwrap_or_default();
        info.parameter.push(Pair { value_name, value });
    }

    /// The colour of what is said: by its parameter, or else by its severity.
    ///
    /// `None` when it has neither, or a severity that is no colour's.
    pub fn level(&self, info: &Info) -> Option<Level> {
        let named = info.parameter.iter().find(|pair| pair.value_name == self.colour.value_name);
        let by_word = named.and_then(|pair| {
            self.colour.words.iter().find(|(_, word)| **word == pair.value).map(|(it, _)| *it)
        });
        by_word.or_else(|| {
            let severity = info.severity.as_ref()?;
            self.severity.rows.iter().find(|row| row.severity == *severity).map(|row| row.level)
        })
    }

    /// Makes an identifier.
    ///
    /// - `values`: names and digits of its parts; those that the profile has a default for
    ///   may be left out.
    ///
    /// # Errors
    /// [`IdentifierError`].
    pub fn identifier(
        &self,
        values: &[(&str, &str)],
        sent: Timestamp,
    ) -> Result<String, IdentifierError> {
        let is_part = |name: &str| {
            self.identifier
                .parts
                .iter()
                .any(|it| matches!(it, Part::Digits { name: n, .. } if n == name))
        };
        if let Some((name, _)) = values.iter().find(|(name, _)| !is_part(name)) {
            return Err(IdentifierError::Unknown((*name).to_owned()));
        }
        let mut text = String::new();
        for part in &self.identifier.parts {
            match part {
                Part::Text { text: fixed } => text.push_str(fixed),
                Part::Time { .. } => {
                    text.extend(sent.to_beijing().chars().filter(char::is_ascii_digit))
                }
                Part::Digits { name, digits, otherwise } => {
                    let given = values.iter().find(|(it, _)| it == name).map(|(_, value)| *value);
                    let value = given.or(otherwise.as_deref()).unwrap_or_default();
                    if !is_digits(value, *digits) {
                        let (part, saw) = (name.clone(), super::value::short(value));
                        return Err(IdentifierError::Digits { part, saw, digits: *digits });
                    }
                    text.push_str(value);
                }
            }
        }
        Ok(text)
    }

    /// The parts of an identifier, by name, in their order.
    ///
    /// # Errors
    /// [`IdentifierError`] for one of another form: others' identifiers mostly are.
    pub fn read_identifier(&self, text: &str) -> Result<Vec<(String, String)>, IdentifierError> {
        let length = |part: &Part| match part {
            Part::Text { text } => text.len(),
            Part::Digits { digits, .. } => *digits,
            Part::Time { .. } => TIME_DIGITS,
        };
        let want = self.identifier.parts.iter().map(length).sum();
        if text.len() != want {
            return Err(IdentifierError::Length { got: text.len(), want });
        }
        let mut parts = Vec::new();
        let mut at = 0;
        for part in &self.identifier.parts {
            let end = at + length(part);
            // `None` cuts a character in two: no digit, and no separator.
            let seen = text.get(at..end).unwrap_or("\u{fffd}");
            match part {
                Part::Text { text: expected } if seen != expected => {
                    let (saw, expected) = (seen.to_owned(), expected.clone());
                    return Err(IdentifierError::Text { at, saw, expected });
                }
                Part::Text { .. } => {}
                Part::Digits { name, digits, .. } if !is_digits(seen, *digits) => {
                    let (part, saw) = (name.clone(), seen.to_owned());
                    return Err(IdentifierError::Digits { part, saw, digits: *digits });
                }
                Part::Time { .. } if !is_moment(seen) => {
                    return Err(IdentifierError::Time { saw: seen.to_owned() });
                }
                Part::Digits { name, .. } | Part::Time { name, .. } => {
                    parts.push((name.clone(), seen.to_owned()));
                }
            }
            at = end;
        }
        Ok(parts)
    }
}

fn is_digits(text: &str, digits: usize) -> bool {
    text.len() == digits && text.bytes().all(|it| it.is_ascii_digit())
}

fn is_moment(text: &str) -> bool {
    if !is_digits(text, TIME_DIGITS) {
        return false;
    }
    let two = |at: usize| text[at..at + 2].parse::<i8>().unwrap_or(-1);
    let year = text[..4].parse().unwrap_or(-1);
    let day = [year, i16::from(two(4)), i16::from(two(6))];
    Timestamp::from_beijing(day, [two(8), two(10), two(12)]).is_some()
}
