//! Codes: mines, measuring points, substations, cards, areas, base stations.

use super::name::is_digits;
use super::record::{Fault, Field, FieldKind, Reason};

/// The code of a measuring point of safety monitoring: `22010000000101MN0001011A08`.
///
/// Mine, two digits of the system, two letters of the kind of value, four digits of the
/// sensor's type, and up to eight characters of the host's own.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PointCode {
    code: String,
    /// Digits of the mine at its front.
    mine: usize,
}

/// A point of a water or ground system: the mine, and what the host likes.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SiteCode(String);

/// A substation: the mine, and what the host likes.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SubstationCode(String);

/// A person's card: the mine and five digits, 17 in all. Personal.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CardCode(String);

/// An area underground: the mine and four digits, 16 in all.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AreaCode(String);

/// A positioning base station: its area and six digits, 22 in all.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StationCode(String);

/// Characters of the host's own after a point's structure.
const OWN: std::ops::RangeInclusive<usize> = 1..=8;
/// Characters after the mine where the annex gives no structure; the longest seen has 16.
const LOOSE: std::ops::RangeInclusive<usize> = 1..=28;

impl PointCode {
    /// # Errors
    /// [`Fault`] when it is not of `mine`, or not cut as the annex has it.
    pub fn parse(code: &str, mine: &str) -> Result<PointCode, Fault> {
        let rest = own(code, mine)?;
        if rest.len() < 9 || !OWN.contains(&(rest.len() - 8)) {
            return Err(Fault::new(Reason::CodeLength, code, "21 to 28 characters"));
        }
        let form = rest.is_ascii()
            && is_digits(&rest[..2])
            && rest[2..4].bytes().all(|byte| byte.is_ascii_uppercase())
            && is_digits(&rest[4..8])
            && rest[8..].bytes().all(|byte| byte.is_ascii_alphanumeric());
        if !form {
            let want = "mine, system (2 digits), MN|KG|LJ|DT, type (4 digits), own code";
            return Err(Fault::new(Reason::CodeForm, code, want));
        }
        Ok(PointCode { code: code.to_owned(), mine: mine.len() })
    }

    pub fn as_str(&self) -> &str {
        &self.code
    }

    pub fn mine(&self) -> &str {
        &self.code[..self.mine]
    }

    /// `01` safety monitoring, `02` gas drainage.
    pub fn system(&self) -> &str {
        &self.code[self.mine..self.mine + 2]
    }

    /// `MN` analogue, `KG` switch, `LJ` total, `DT` several states.
    pub fn value_type(&self) -> &str {
        &self.code[self.mine + 2..self.mine + 4]
    }

    /// Four digits of [`super::SENSOR_TYPES`]; names differ by host, this does not.
    pub fn sensor_type(&self) -> &str {
        &self.code[self.mine + 4..self.mine + 8]
    }

    /// What the host calls it.
    pub fn own(&self) -> &str {
        &self.code[self.mine + 8..]
    }
}

/// What stands after the mine.
fn own<'a>(code: &'a str, mine: &str) -> Result<&'a str, Fault> {
    if code.is_empty() {
        return Err(Fault::new(Reason::Missing, code, "a code"));
    }
    match code.strip_prefix(mine) {
        Some(rest) => Ok(rest),
        None if is_digits(code.get(..mine.len()).unwrap_or_default()) => {
            Err(Fault::new(Reason::OtherMine, code, "a code of the file's own mine"))
        }
        None => Err(Fault::new(Reason::CodeForm, code, "the mine's code first")),
    }
}

fn loose(code: &str, mine: &str) -> Result<String, Fault> {
    let rest = own(code, mine)?;
    if !LOOSE.contains(&rest.len()) {
        return Err(Fault::new(Reason::CodeLength, code, "1 to 28 characters after the mine"));
    }
    if !rest.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(Fault::new(Reason::CodeForm, code, "letters and digits"));
    }
    Ok(code.to_owned())
}

/// All digits, and `more` of them after a mine.
fn digits(code: &str, mine: &str, more: usize, want: &'static str) -> Result<String, Fault> {
    if code.is_empty() {
        return Err(Fault::new(Reason::Missing, code, want));
    }
    if code.len() != mine.len() + more {
        return Err(Fault::new(Reason::CodeLength, code, want));
    }
    if !is_digits(code) {
        return Err(Fault::new(Reason::CodeForm, code, want));
    }
    Ok(code.to_owned())
}

impl Field for PointCode {
    const KIND: FieldKind = FieldKind::Code;

    fn read(text: &str, mine: &str) -> Result<PointCode, Fault> {
        PointCode::parse(text, mine)
    }

    fn text(&self) -> String {
        self.code.clone()
    }
}

macro_rules! codes {
    ($($Name:ident($text:ident, $mine:ident) $kind:ident = $read:expr;)+) => {$(
        impl $Name {
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl Field for $Name {
            const KIND: FieldKind = FieldKind::$kind;

            fn read($text: &str, $mine: &str) -> Result<$Name, Fault> {
                $read.map($Name)
            }

            fn text(&self) -> String {
                self.0.clone()
            }
        }
    )+};
}

codes! {
    SiteCode(text, mine) Code = loose(text, mine);
    SubstationCode(text, mine) Code = loose(text, mine);
    // A visitor's card may be another mine's; areas and stations are always one's own.
    CardCode(text, mine) Personal = digits(text, mine, 5, "17 digits: a mine and 5 more");
    AreaCode(text, mine) Code = own(text, mine)
        .and_then(|_| digits(text, mine, 4, "16 digits: the mine and 4 more"));
    StationCode(text, mine) Code = own(text, mine)
        .and_then(|_| digits(text, mine, 10, "22 digits: the area and 6 more"));
}

impl StationCode {
    /// The area that it stands in.
    pub fn area(&self) -> &str {
        &self.0[..self.0.len() - 6]
    }
}
