//! From bytes to the text of an XML document: marks, encodings, characters, ends of line.
//!
//! Source: XML 1.0, fifth edition, §2.2 (characters), §2.11 (ends of line), appendix F
//! (detection); labels of encodings as browsers read them (WHATWG Encoding).

use std::borrow::Cow;

use encoding_rs::{DecoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE};

use super::ReadError;

/// How far into a document its declaration may reach.
const DECLARATION: usize = 256;

/// A document as text, with the name of the encoding it came in.
#[derive(Debug)]
pub(super) struct Document<'a> {
    pub text: Cow<'a, str>,
    pub encoding: &'static str,
}

/// Decodes a document; what its first bytes show goes before what it says of itself.
///
/// # Errors
/// [`ReadError::Encoding`], [`ReadError::Bytes`], [`ReadError::Character`].
pub(super) fn decode(bytes: &[u8]) -> Result<Document<'_>, ReadError> {
    let (encoding, bytes) = encoding(bytes)?;
    let text = if encoding == UTF_8 {
        let text = std::str::from_utf8(bytes);
        Cow::Borrowed(text.map_err(|error| not_of(encoding, error.valid_up_to(), bytes))?)
    } else {
        Cow::Owned(converted(encoding, bytes)?)
    };
    if let Some((at, seen)) = text.char_indices().find(|(_, it)| !is_allowed(*it)) {
        return Err(ReadError::Character { code: u32::from(seen), line: line_at(&text, at) });
    }
    let text = if text.contains('\r') {
        Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n"))
    } else {
        text
    };
    Ok(Document { text, encoding: encoding.name() })
}

/// Whether XML may have this character at all, also as a reference.
pub(super) fn is_allowed(character: char) -> bool {
    match character {
        '\t' | '\n' | '\r' => true,
        '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => false,
        _ => true,
    }
}

/// The line of a byte, from 1.
pub(super) fn line_at(text: &str, at: usize) -> u32 {
    let before = &text.as_bytes()[..at.min(text.len())];
    let lines = before.iter().filter(|byte| **byte == b'\n').count();
    u32::try_from(lines).unwrap_or(u32::MAX).saturating_add(1)
}

/// The encoding, and the bytes behind its mark.
fn encoding(bytes: &[u8]) -> Result<(&'static Encoding, &[u8]), ReadError> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return Ok((encoding, &bytes[mark..]));
    }
    match bytes {
        [b'<', 0, ..] => return Ok((UTF_16LE, bytes)),
        [0, b'<', ..] => return Ok((UTF_16BE, bytes)),
        _ => {}
    }
    let Some(label) = declared(bytes) else { return Ok((UTF_8, bytes)) };
    let said = || String::from_utf8_lossy(&label[..label.len().min(40)]).into_owned();
    let encoding = Encoding::for_label_no_replacement(label)
        .ok_or_else(|| ReadError::Encoding { said: said() })?;
    if encoding == UTF_16LE || encoding == UTF_16BE {
        // It could be read so far as to say this, so it is not.
        return Err(ReadError::Encoding { said: said() });
    }
    Ok((encoding, bytes))
}

/// What `<?xml … encoding="…"?>` says.
fn declared(bytes: &[u8]) -> Option<&[u8]> {
    let head = bytes.trim_ascii_start();
    let head = &head[..head.len().min(DECLARATION)];
    let head = head.strip_prefix(b"<?xml")?;
    let end = head.windows(2).position(|pair| pair == b"?>")?;
    let head = &head[..end];
    let word = b"encoding";
    let at = head.windows(word.len()).position(|it| it == word)? + word.len();
    let rest = head[at..].trim_ascii_start().strip_prefix(b"=")?.trim_ascii_start();
    let (quote, rest) = rest.split_first()?;
    let end = rest.iter().position(|byte| byte == quote)?;
    matches!(quote, b'"' | b'\'').then(|| &rest[..end])
}

fn converted(encoding: &'static Encoding, bytes: &[u8]) -> Result<String, ReadError> {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let room = decoder.max_utf8_buffer_length_without_replacement(bytes.len());
    let mut text = String::with_capacity(room.unwrap_or(0));
    match decoder.decode_to_string_without_replacement(bytes, &mut text, true) {
        (DecoderResult::InputEmpty, _) => Ok(text),
        (DecoderResult::Malformed(wrong, after), read) => {
            let at = read.saturating_sub(usize::from(wrong) + usize::from(after));
            Err(not_of(encoding, at, bytes))
        }
        (DecoderResult::OutputFull, read) => Err(not_of(encoding, read, bytes)),
    }
}

fn not_of(encoding: &'static Encoding, at: usize, bytes: &[u8]) -> ReadError {
    let seen = bytes.get(at).copied().unwrap_or(0);
    ReadError::Bytes { encoding: encoding.name(), at, seen }
}
