//! File names: `220100000001_CDSS_20190801080000.txt`.

use std::fmt;

use base::Timestamp;

/// What a file's name says: whose it is, what is in it, and when it was made.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct FileName {
    /// 9 to 12 digits; 12 in the strict form.
    pub mine: String,
    /// Two digits between mine and type, which some hosts write; not in the strict form.
    pub system: Option<String>,
    /// `CDSS`: capital letters.
    pub kind: String,
    pub made: Timestamp,
    /// Whether the time stands with milliseconds (17 digits); not in the strict form.
    pub has_millis: bool,
}

/// How much of the forms seen in the field a name may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum NameRule {
    /// `<12 digits>_<TYPE>_<yyyyMMddHHmmss>.txt`, as two readers of the annex have it.
    Strict,
    /// Also mines of 9 to 11 digits, a system of two digits, milliseconds, and `.TXT`.
    #[default]
    Tolerant,
}

/// Why a name is not one of this standard.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    #[error("file name has a folder in it, expected the name alone")]
    Folder,
    #[error("file name begins with a point: a hidden or half-sent file")]
    Hidden,
    #[error("file name is {got:?}, expected {want}")]
    Form { got: String, want: &'static str },
}

/// Characters of a type: the shortest seen is `ZKYL`, the longest `DBCXCDDY`.
const KIND_LETTERS: std::ops::RangeInclusive<usize> = 4..=8;

impl FileName {
    /// # Errors
    /// [`NameError`] says what was expected; nothing of a refused name is to be trusted,
    /// least of all as a path.
    pub fn parse(name: &str, rule: NameRule) -> Result<FileName, NameError> {
        if name.contains(['/', '\\', '\0']) || name == ".." {
            return Err(NameError::Folder);
        }
        if name.starts_with('.') {
            return Err(NameError::Hidden);
        }
        let wrong = |want| NameError::Form { got: name.chars().take(80).collect(), want };
        let stem = match rule {
            NameRule::Strict => name.strip_suffix(".txt"),
            NameRule::Tolerant => name
                .split_at_checked(name.len().saturating_sub(4))
                .and_then(|(stem, end)| end.eq_ignore_ascii_case(".txt").then_some(stem)),
        };
        let stem = stem.ok_or_else(|| wrong("an ending .txt"))?;
        let parts: Vec<&str> = stem.split('_').collect();
        let (mine, system, kind, stamp) = match (rule, &parts[..]) {
            (_, [mine, kind, stamp]) => (*mine, None, *kind, *stamp),
            (NameRule::Tolerant, [mine, system, kind, stamp]) => {
                (*mine, Some(*system), *kind, *stamp)
            }
            _ => return Err(wrong("<mine>_<TYPE>_<time>.txt")),
        };
        let shortest = if rule == NameRule::Strict { 12 } else { 9 };
        if !(is_digits(mine) && (shortest..=12).contains(&mine.len())) {
            return Err(wrong("a mine of 12 digits first"));
        }
        if system.is_some_and(|system| system.len() != 2 || !is_digits(system)) {
            return Err(wrong("a system of two digits after the mine"));
        }
        let letters = kind.bytes().all(|byte| byte.is_ascii_uppercase());
        if !letters || !KIND_LETTERS.contains(&kind.len()) {
            return Err(wrong("a type of 4 to 8 capital letters"));
        }
        let made = time_of(stamp).filter(|_| rule == NameRule::Tolerant || stamp.len() == 14);
        Ok(FileName {
            mine: mine.to_owned(),
            system: system.map(str::to_owned),
            kind: kind.to_owned(),
            made: made.ok_or_else(|| wrong("a time of 14 digits last"))?,
            has_millis: stamp.len() == 17,
        })
    }

    /// A name in the strict form.
    pub fn new(mine: &str, kind: &str, made: Timestamp) -> FileName {
        let (mine, kind) = (mine.to_owned(), kind.to_owned());
        FileName { mine, system: None, kind, made, has_millis: false }
    }
}

impl fmt::Display for FileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}_", self.mine)?;
        if let Some(system) = &self.system {
            write!(f, "{system}_")?;
        }
        let ([year, month, day], [hour, minute, second]) = self.made.beijing_fields();
        write!(f, "{}_{year:04}{month:02}{day:02}{hour:02}{minute:02}{second:02}", self.kind)?;
        if self.has_millis {
            write!(f, "{:03}", self.made.as_millis().rem_euclid(1000))?;
        }
        f.write_str(".txt")
    }
}

/// `yyyyMMddHHmmss`, or with milliseconds.
fn time_of(stamp: &str) -> Option<Timestamp> {
    if !is_digits(stamp) || !matches!(stamp.len(), 14 | 17) {
        return None;
    }
    let number = |from: usize, to: usize| stamp[from..to].parse::<i16>().ok();
    let two = |from: usize| number(from, from + 2).map(|number| number as i8);
    let day = [number(0, 4)?, number(4, 6)?, number(6, 8)?];
    let second = Timestamp::from_beijing(day, [two(8)?, two(10)?, two(12)?])?;
    let millis = if stamp.len() == 17 { number(14, 17)? } else { 0 };
    Some(second + base::Duration::from_millis(i64::from(millis)))
}

pub(super) fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}
