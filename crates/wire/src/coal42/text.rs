//! Bytes to text, before anything is cut: GBK has `~` and `|` as second bytes.

use std::borrow::Cow;

use encoding_rs::{Encoding as Table, GB18030};

/// How a file's text stands in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Encoding {
    /// As the annex has it, without a mark.
    #[default]
    Utf8,
    /// UTF-8 with the mark EF BB BF before it.
    Utf8Marked,
    /// GB 18030, of which GBK and GB 2312 are parts.
    Gb18030,
}

impl Encoding {
    pub const ALL: [Encoding; 3] = [Encoding::Utf8, Encoding::Utf8Marked, Encoding::Gb18030];

    /// A stable word.
    pub fn word(self) -> &'static str {
        match self {
            Encoding::Utf8 => "utf-8",
            Encoding::Utf8Marked => "utf-8-bom",
            Encoding::Gb18030 => "gb18030",
        }
    }

    /// The bytes of `text`; `None` when they would be read as another text.
    pub fn encode(self, text: &str) -> Option<Vec<u8>> {
        let bytes = match self {
            Encoding::Utf8 => text.as_bytes().to_vec(),
            Encoding::Utf8Marked => [MARK, text.as_bytes()].concat(),
            Encoding::Gb18030 => GB18030.encode(text).0.into_owned(),
        };
        let is_same = decode(&bytes).is_ok_and(|(back, _)| back == text);
        is_same.then_some(bytes)
    }
}

/// Why bytes are no text that this standard could be written in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    #[error("bytes are neither UTF-8 (wrong at byte {at}) nor GB 18030")]
    Encoding { at: usize },
    #[error("byte {at} is {byte:#04x}, expected text: this is a binary file")]
    Binary { at: usize, byte: u8 },
    #[error("text is UTF-16, expected UTF-8 or GB 18030")]
    Utf16,
}

pub(super) const MARK: &[u8] = b"\xEF\xBB\xBF";

/// The text of `bytes` without its mark, and how it stood.
///
/// UTF-8 goes before GB 18030: Chinese text in the one is almost never valid in the
/// other. The exception are a few words whose GBK bytes are UTF-8 of two bytes each;
/// such a file has no character of three bytes, which Chinese in UTF-8 always has.
pub(super) fn decode(bytes: &[u8]) -> Result<(Cow<'_, str>, Encoding), TextError> {
    let control = |byte: &u8| *byte < 0x20 && !matches!(byte, b'\t' | b'\r' | b'\n');
    if bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF") {
        return Err(TextError::Utf16);
    }
    // No trail byte of UTF-8 or GB 18030 is below 0x30, so this needs no decoding.
    if let Some(at) = bytes.iter().position(control) {
        return Err(TextError::Binary { at, byte: bytes[at] });
    }
    if let Some(rest) = bytes.strip_prefix(MARK) {
        return match std::str::from_utf8(rest) {
            Ok(text) => Ok((text.into(), Encoding::Utf8Marked)),
            Err(error) => Err(TextError::Encoding { at: MARK.len() + error.valid_up_to() }),
        };
    }
    let at = match std::str::from_utf8(bytes) {
        Ok(text) if !looks_like_gbk(text) => return Ok((text.into(), Encoding::Utf8)),
        Ok(_) => 0,
        Err(error) => error.valid_up_to(),
    };
    match without_replacement(GB18030, bytes) {
        Some(text) => Ok((text, Encoding::Gb18030)),
        None => Err(TextError::Encoding { at }),
    }
}

fn without_replacement<'a>(table: &'static Table, bytes: &'a [u8]) -> Option<Cow<'a, str>> {
    table.decode_without_bom_handling_and_without_replacement(bytes)
}

/// Whether valid UTF-8 has Latin or Arabic letters as GBK would make them, and nothing
/// Chinese. Signs of units (`³`, `°`, `μ`) are no letters of that kind.
fn looks_like_gbk(text: &str) -> bool {
    let mut suspect = false;
    for letter in text.chars().filter(|letter| !letter.is_ascii()) {
        match letter {
            '\u{80}'..='\u{FF}' | '\u{370}'..='\u{3FF}' => {}
            '\u{100}'..='\u{7FF}' => suspect = true,
            _ => return false,
        }
    }
    suspect
}

/// How many bytes the characters of `text` have where they stand, one after the other.
///
/// - `raw`: from the first of them on.
pub(super) fn width(encoding: Encoding, raw: &[u8], text: &str) -> usize {
    if encoding != Encoding::Gb18030 {
        return text.len();
    }
    let mut at = 0;
    for _ in text.chars() {
        at += match (raw.get(at), raw.get(at + 1)) {
            (Some(0x81..=0xFE), Some(0x30..=0x39)) => 4,
            (Some(0x81..=0xFE), _) => 2,
            _ => 1,
        };
    }
    at
}
