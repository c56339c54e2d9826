//! Bytes of a file read.

use std::collections::HashMap;

use base::Timestamp;

use super::dialect::{self, Dialect};
use super::file::{BadRecord, File, FileError, Header, Limits, Note};
use super::kind::Kind;
use super::name::FileName;
use super::record::time;
use super::text::{self, Encoding};

/// Characters of a refused record that are kept.
const KEPT: usize = 1000;

/// Reads a file.
///
/// - `name`: what its name says; mine and type come from there.
/// - `now`: the receiver's time, against headers of tomorrow.
///
/// # Errors
/// [`FileError`]; then nothing of the file counts. Records that cannot be read alone are
/// no error up to a fifth of all: they are in [`File::bad`].
pub fn parse(
    name: &FileName,
    bytes: &[u8],
    now: Timestamp,
    limits: Limits,
) -> Result<File, FileError> {
    if bytes.len() > limits.bytes {
        return Err(FileError::Size { got: bytes.len(), limit: limits.bytes });
    }
    if !ends_whole(bytes) {
        return Err(FileError::Incomplete);
    }
    let (text, encoding) = text::decode(bytes)?;
    // Hosts that put breaks after segments put them inside as well.
    let has_breaks = text.contains(['\r', '\n']);
    let text = if has_breaks { text.replace(['\r', '\n'], "").into() } else { text };
    let framed = Framed::of(&text)?;
    let kind = Kind(name.kind.clone());
    let mut notes = framed.notes(encoding, has_breaks);
    let header = header(framed.header, &kind, &mut notes)?;
    if header.mine != name.mine {
        let name = name.mine.clone();
        return Err(FileError::OtherMine { header: header.mine, name });
    }
    let ahead = header.uploaded.since(now);
    if ahead > limits.ahead {
        let (ahead_s, limit_s) = (ahead.as_millis() / 1000, limits.ahead.as_millis() / 1000);
        return Err(FileError::Future { uploaded: header.uploaded, ahead_s, limit_s });
    }
    if name.made.as_millis() / 1000 != header.uploaded.as_millis() / 1000 {
        notes.push(Note::NameTime);
    }
    body(framed.body, kind, header, limits).map(|file| {
        notes.extend(file.notes);
        File { encoding, notes, ..file }
    })
}

/// Whether bytes end as a whole file does, as far as that shows without reading them: a
/// file that does not is still being written, and is looked at again.
pub fn ends_whole(bytes: &[u8]) -> bool {
    let blank = |byte: &u8| byte.is_ascii_whitespace();
    let end = bytes.iter().rposition(|byte| !blank(byte)).map_or(0, |last| last + 1);
    let bare = bytes[..end].strip_suffix(b"\"").unwrap_or(&bytes[..end]);
    let end = bare.iter().rposition(|byte| !blank(byte)).map_or(0, |last| last + 1);
    bare[..end].ends_with(b"||") || bare[..end].ends_with(b"]]]")
}

/// The parts of a whole file's text.
pub(super) struct Framed<'a> {
    pub quoted: bool,
    /// Without the `~` after it.
    pub header: &'a str,
    /// From after the header's `~` to the end mark.
    pub body: &'a str,
    /// Bytes before the header and from the end mark on, in the text.
    pub start: usize,
    pub end: usize,
}

impl<'a> Framed<'a> {
    pub(super) fn of(text: &'a str) -> Result<Framed<'a>, FileError> {
        let outer = text.trim_matches(is_blank);
        let unquoted = outer.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        let inner = unquoted.unwrap_or(outer).trim_matches(is_blank);
        let start = text.len() - text.trim_start_matches(is_blank).len();
        let unsupported = |dialect, header: &str| {
            let got = bare(header.split(';').next().unwrap_or_default());
            FileError::Dialect { dialect, got: got.chars().take(40).collect() }
        };
        if inner.ends_with("]]]") {
            let header = inner.split('^').next().unwrap_or_default();
            return Err(unsupported(Dialect::Caret, header));
        }
        if !inner.ends_with("||") || !inner.contains('~') {
            return Err(FileError::Incomplete);
        }
        let (header, _) = segments(inner).next().unwrap_or_default();
        if header.contains('；') {
            return Err(FileError::HeaderSeparator);
        }
        let mine = bare(header.split(';').next().unwrap_or_default());
        if let Some(dialect) = dialect::of_header(mine) {
            return Err(unsupported(dialect, header));
        }
        let whole = &inner[..inner.len() - 2];
        if let Some(at) = whole.find("||") {
            return Err(FileError::AfterEnd { after: inner[at + 2..].chars().count() });
        }
        let body = whole.get(header.len() + 1..).unwrap_or_default();
        // Where the inner text begins and ends in the whole one.
        let start = start + usize::from(unquoted.is_some());
        let start = start + text[start..].len() - text[start..].trim_start_matches(is_blank).len();
        let end = start + whole.len();
        Ok(Framed { quoted: unquoted.is_some(), header, body, start, end })
    }

    fn notes(&self, encoding: Encoding, has_breaks: bool) -> Vec<Note> {
        let noted = [
            (encoding != Encoding::Utf8, Note::Encoding),
            (has_breaks, Note::LineBreaks),
            (self.quoted, Note::Quoted),
        ];
        noted.into_iter().filter(|(is_so, _)| *is_so).map(|(_, note)| note).collect()
    }
}

/// Segments with whether a `~` ends each.
pub(super) fn segments(text: &str) -> impl Iterator<Item = (&str, bool)> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let here = rest?;
        match here.split_once('~') {
            Some((segment, after)) => {
                rest = Some(after);
                Some((segment, true))
            }
            None => {
                rest = None;
                Some((here, false))
            }
        }
    })
}

/// Without what hosts put around texts: blanks, and marks in the middle of a file.
pub(super) fn bare(text: &str) -> &str {
    text.trim_matches(is_blank)
}

pub(super) fn is_blank(letter: char) -> bool {
    letter.is_whitespace() || letter == '\u{FEFF}'
}

fn header(text: &str, kind: &Kind, notes: &mut Vec<Note>) -> Result<Header, FileError> {
    let got = text.split(';').count();
    // Of a type that nobody knows only the ends of its header are known.
    let want = if kind.info().is_some() { kind.header().len() } else { got.clamp(3, 16) };
    let mut parts: Vec<&str> = text.split(';').take(want + 2).map(bare).collect();
    if parts.len() == want + 1 && parts[want].is_empty() {
        parts.pop();
        notes.push(Note::TrailingSeparator);
    }
    let [mine, mine_name, more @ .., uploaded] = &parts[..] else {
        return Err(FileError::HeaderSegments { got, want });
    };
    if parts.len() != want {
        return Err(FileError::HeaderSegments { got, want });
    }
    let wrong = || FileError::HeaderTime { got: uploaded.chars().take(40).collect() };
    Ok(Header {
        mine: (*mine).to_owned(),
        mine_name: (*mine_name).to_owned(),
        more: more.iter().map(|part| (*part).to_owned()).collect(),
        uploaded: time(uploaded).ok_or_else(wrong)?,
    })
}

fn body(text: &str, kind: Kind, header: Header, limits: Limits) -> Result<File, FileError> {
    let shape = kind.shape();
    let mut content = shape.empty();
    let (mut notes, mut repeated) = (Vec::new(), Vec::new());
    let (mut bad, mut bad_count, mut total) = (Vec::new(), 0, 0);
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut trails = false;
    for (segment, closed) in segments(text) {
        let record = bare(segment);
        if record.is_empty() {
            continue;
        }
        if total == limits.records {
            return Err(FileError::TooManyRecords { limit: limits.records });
        }
        total += 1;
        let number = u32::try_from(total).unwrap_or(u32::MAX);
        if !closed {
            notes.push(Note::OpenRecord);
        }
        let read = shape.cut(record).and_then(|(fields, trailing)| {
            trails |= trailing;
            content.push(number, record, &fields, &header.mine)
        });
        if let Err(fault) = read {
            bad_count += 1;
            if bad.len() < limits.kept {
                let text = record.chars().take(KEPT).collect();
                bad.push(BadRecord { number, fault, text });
            }
            continue;
        }
        let last = content.len() - 1;
        let Some(key) = content.key(last) else { continue };
        if let Some(earlier) = places.get(&key) {
            repeated.push(content.replace(*earlier));
        } else {
            places.insert(key, last);
        }
    }
    if trails {
        notes.push(Note::TrailingSeparator);
    }
    if bad_count * 5 > total {
        return Err(FileError::TooManyBad { bad: bad_count, total, first: bad });
    }
    let encoding = Encoding::Utf8;
    Ok(File { kind, header, content, encoding, notes, bad, bad_count, repeated })
}
