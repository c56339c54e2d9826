//! One record: its fields read and written, and why one is refused.

use base::Timestamp;

use crate::Decimal;

/// One kind of record, cut as its table says.
pub trait Record: Sized {
    /// In the order of the wire.
    const FIELDS: &'static [FieldInfo];
    /// Fields at least; hosts leave the last ones of some records out.
    const LEAST: usize;

    /// - `fields`: at least [`Record::LEAST`] and at most as many as [`Record::FIELDS`].
    /// - `mine`: the code of the header, which codes inside must begin with.
    ///
    /// # Errors
    /// [`Fault`] of the first field that cannot be read.
    fn read(fields: &[&str], mine: &str) -> Result<Self, Fault>;

    /// As many texts as [`Record::FIELDS`].
    fn texts(&self) -> Vec<String>;

    /// What is said about once in a file: a later record with the same key goes before.
    fn key(&self) -> String;
}

/// A field of a record's table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FieldInfo {
    /// Stable: in descriptions, in layouts, in problems.
    pub name: &'static str,
    pub kind: FieldKind,
}

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldKind {
    Text,
    Code,
    Number,
    Time,
    /// A word of a small closed set.
    Word,
    /// About a person: a name, a card, where somebody was.
    Personal,
}

/// What can stand in a field.
pub(super) trait Field: Sized {
    const KIND: FieldKind;

    /// - `text`: without blanks around it.
    fn read(text: &str, mine: &str) -> Result<Self, Fault>;
    fn text(&self) -> String;
}

/// Why a record is refused, as a stable code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Reason {
    FieldCount,
    FullWidthSeparator,
    Missing,
    CodeLength,
    CodeForm,
    OtherMine,
    Number,
    Time,
    Word,
}

impl Reason {
    pub const ALL: [Reason; 9] = [
        Reason::FieldCount,
        Reason::FullWidthSeparator,
        Reason::Missing,
        Reason::CodeLength,
        Reason::CodeForm,
        Reason::OtherMine,
        Reason::Number,
        Reason::Time,
        Reason::Word,
    ];

    pub fn code(self) -> &'static str {
        match self {
            Reason::FieldCount => "FIELD_COUNT",
            Reason::FullWidthSeparator => "FULL_WIDTH_SEPARATOR",
            Reason::Missing => "MISSING",
            Reason::CodeLength => "CODE_LENGTH",
            Reason::CodeForm => "CODE_FORM",
            Reason::OtherMine => "OTHER_MINE",
            Reason::Number => "NUMBER",
            Reason::Time => "TIME",
            Reason::Word => "WORD",
        }
    }
}

/// What was seen in a field and what was expected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{got:?}, expected {want}")]
pub struct Fault {
    pub reason: Reason,
    /// The field's name; empty for the whole record.
    pub field: &'static str,
    /// At most 80 characters. Of a personal field only how many there were.
    pub got: String,
    pub want: &'static str,
}

impl Fault {
    pub(super) fn new(reason: Reason, got: &str, want: &'static str) -> Fault {
        Fault { reason, field: "", got: got.chars().take(80).collect(), want }
    }

    /// Names the field; what stood in a personal one is not repeated.
    pub(super) fn of(mut self, info: FieldInfo) -> Fault {
        self.field = info.name;
        if info.kind == FieldKind::Personal && !self.got.is_empty() {
            self.got = format!("{} characters", self.got.chars().count());
        }
        self
    }
}

/// A state as hosts write it: a bit field in decimal, or eight binary digits.
///
/// 0 normal; 1 alarm; 2 power cut; 4 calibration; 8 over range; 16 substation fault;
/// 32 not polled; 64 suspended; 128 sensor fault. Bits combine.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PointState(pub String);

impl PointState {
    pub const ALARM: u8 = 1;
    pub const CUT: u8 = 2;
    pub const CALIBRATION: u8 = 4;
    /// Bits with which a value says nothing about the place.
    pub const UNUSABLE: u8 = 4 | 8 | 16 | 32 | 64 | 128;
    /// Chinese words of the bits, the lowest first.
    pub const WORDS: [&'static str; 8] =
        ["报警", "断电", "标校", "超量程", "分站故障", "不巡检", "暂停", "传感器故障"];

    /// The bits; `None` when it is neither form, which makes the value's quality bad.
    ///
    /// Exactly eight characters of 0 and 1 are binary, so `00000010` is two; anything
    /// else is decimal from 0 to 255.
    pub fn bits(&self) -> Option<u8> {
        let text = self.0.as_str();
        if text.len() == 8 && text.bytes().all(|byte| matches!(byte, b'0' | b'1')) {
            return u8::from_str_radix(text, 2).ok();
        }
        let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| text.parse().ok()).flatten()
    }

    /// Whether a value with it may be judged: an alarm or a cut does not spoil a value.
    pub fn is_usable(&self) -> bool {
        self.bits().is_some_and(|bits| bits & PointState::UNUSABLE == 0)
    }
}

/// Where a person is (RYSS, the third field).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Presence {
    /// 0: at the shaft's mouth.
    Mouth,
    /// 1.
    Underground,
    /// 2: came out; stays in the list for a while.
    Out,
}

/// Text about a person: a name, a job. Not repeated in problems.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Personal(pub String);

/// A day, or a moment where hosts write one in its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day {
    pub at: Timestamp,
    pub has_time: bool,
}

impl Field for String {
    const KIND: FieldKind = FieldKind::Text;

    fn read(text: &str, _: &str) -> Result<String, Fault> {
        Ok(text.to_owned())
    }

    fn text(&self) -> String {
        self.clone()
    }
}

impl Field for Personal {
    const KIND: FieldKind = FieldKind::Personal;

    fn read(text: &str, _: &str) -> Result<Personal, Fault> {
        Ok(Personal(text.to_owned()))
    }

    fn text(&self) -> String {
        self.0.clone()
    }
}

impl Field for PointState {
    const KIND: FieldKind = FieldKind::Text;

    fn read(text: &str, _: &str) -> Result<PointState, Fault> {
        Ok(PointState(text.to_owned()))
    }

    fn text(&self) -> String {
        self.0.clone()
    }
}

impl Field for Decimal {
    const KIND: FieldKind = FieldKind::Number;

    /// Digits, a sign and one point: no exponent, no NaN, no hexadecimal digits.
    fn read(text: &str, _: &str) -> Result<Decimal, Fault> {
        text.parse().map_err(|_| Fault::new(Reason::Number, text, "a decimal number"))
    }

    fn text(&self) -> String {
        self.to_string()
    }
}

impl Field for Timestamp {
    const KIND: FieldKind = FieldKind::Time;

    fn read(text: &str, _: &str) -> Result<Timestamp, Fault> {
        time(text).ok_or_else(|| match text.is_empty() {
            true => Fault::new(Reason::Missing, text, "yyyy-MM-dd HH:mm:ss"),
            false => Fault::new(Reason::Time, text, "yyyy-MM-dd HH:mm:ss"),
        })
    }

    fn text(&self) -> String {
        self.to_beijing()
    }
}

impl Field for Day {
    const KIND: FieldKind = FieldKind::Time;

    fn read(text: &str, _: &str) -> Result<Day, Fault> {
        let whole = time(text).map(|at| Day { at, has_time: true });
        let day = || match text.len() {
            10 => time(&format!("{text} 00:00:00")).map(|at| Day { at, has_time: false }),
            _ => None,
        };
        whole.or_else(day).ok_or_else(|| Fault::new(Reason::Time, text, "yyyy-MM-dd"))
    }

    fn text(&self) -> String {
        let text = self.at.to_beijing();
        if self.has_time { text } else { text[..10].to_owned() }
    }
}

impl Field for Presence {
    const KIND: FieldKind = FieldKind::Word;

    fn read(text: &str, _: &str) -> Result<Presence, Fault> {
        match text {
            "0" => Ok(Presence::Mouth),
            "1" => Ok(Presence::Underground),
            "2" => Ok(Presence::Out),
            "" => Err(Fault::new(Reason::Missing, text, "0, 1 or 2")),
            _ => Err(Fault::new(Reason::Word, text, "0, 1 or 2")),
        }
    }

    fn text(&self) -> String {
        (*self as u8).to_string()
    }
}

impl Field for bool {
    const KIND: FieldKind = FieldKind::Word;

    fn read(text: &str, _: &str) -> Result<bool, Fault> {
        match text {
            "0" => Ok(false),
            "1" => Ok(true),
            _ => Err(Fault::new(Reason::Word, text, "0 or 1")),
        }
    }

    fn text(&self) -> String {
        u8::from(*self).to_string()
    }
}

impl Field for u32 {
    const KIND: FieldKind = FieldKind::Number;

    fn read(text: &str, _: &str) -> Result<u32, Fault> {
        let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
        let number = is_number.then(|| text.parse().ok()).flatten();
        number.ok_or_else(|| Fault::new(Reason::Number, text, "a whole number"))
    }

    fn text(&self) -> String {
        self.to_string()
    }
}

/// Empty is nothing said, never zero. Hosts of the field write `null` for the same.
impl<T: Field> Field for Option<T> {
    const KIND: FieldKind = T::KIND;

    fn read(text: &str, mine: &str) -> Result<Option<T>, Fault> {
        match text {
            "" | "null" => Ok(None),
            text => T::read(text, mine).map(Some),
        }
    }

    fn text(&self) -> String {
        self.as_ref().map(T::text).unwrap_or_default()
    }
}

/// `yyyy-MM-dd HH:mm:ss` in Beijing time, exactly; the years are 1970 to 2099, since
/// anything else is a clock that was never set.
pub(super) fn time(text: &str) -> Option<Timestamp> {
    let bytes: &[u8; 19] = text.as_bytes().try_into().ok()?;
    let marks = [(4, b'-'), (7, b'-'), (10, b' '), (13, b':'), (16, b':')];
    if !marks.iter().all(|(at, mark)| bytes[*at] == *mark) {
        return None;
    }
    let digit = |at: usize| bytes[at].is_ascii_digit().then(|| i16::from(bytes[at] - b'0'));
    let two = |at: usize| Some(digit(at)? * 10 + digit(at + 1)?);
    let year = two(0)? * 100 + two(2)?;
    if !(1970..2100).contains(&year) {
        return None;
    }
    let clock = [two(11)? as i8, two(14)? as i8, two(17)? as i8];
    Timestamp::from_beijing([year, two(5)?, two(8)?], clock)
}
