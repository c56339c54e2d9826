//! Which byte says what: the map for showing a file beside what was read.

use super::kind::Kind;
use super::name::FileName;
use super::parse::{Framed, bare, segments};
use super::record::FieldKind;
use super::records::Shape;
use super::text::{self, Encoding, MARK};
use super::{FileError, guess_name};
use crate::Span;

/// Records whose fields are named; what comes after them is one range.
const DETAILED: usize = 200;
/// Fields of a segment that are named; no type has as many.
const PIECES: usize = 64;

/// Names every byte of `raw`, in order and without overlap; a separator belongs to what
/// it ends.
///
/// - `name`: the file's, or what the bytes look like when it is not at hand.
///
/// One of: `bom`, `space`, `quote`, the names of [`Kind::header`], those of the fields of
/// [`super::Shape::fields`], `field` where they are not known, `rejected` for a record that is
/// refused, `records` for those after the first 200, `end`, `after`, `unread`.
pub fn layout(name: Option<&FileName>, raw: &[u8]) -> Vec<Span> {
    layout_marked(name, raw).into_iter().map(|(span, _)| span).collect()
}

/// As [`layout`], and which ranges are about persons.
pub fn layout_marked(name: Option<&FileName>, raw: &[u8]) -> Vec<(Span, bool)> {
    let unread = |error: FileError| {
        let text = error.to_string();
        let span = Span { start: 0, len: raw.len(), name: "unread", text };
        // What cannot be read may be about anybody.
        if raw.is_empty() { Vec::new() } else { vec![(span, true)] }
    };
    let (text, encoding) = match text::decode(raw) {
        Ok(decoded) => decoded,
        Err(error) => return unread(error.into()),
    };
    let framed = match Framed::of(&text) {
        Ok(framed) => framed,
        Err(error) => return unread(error),
    };
    let guessed = name.cloned().or_else(|| guess_name(raw));
    let kind = guessed.map(|name| Kind(name.kind));
    let mut map = Map { raw, encoding, text: &text, at: 0, read: 0, spans: Vec::new() };
    if encoding == Encoding::Utf8Marked {
        map.push(MARK.len(), "bom", String::new(), false);
    }
    if framed.quoted {
        let quote = text.find('"').unwrap_or(0);
        map.upto(quote, "space", String::new(), false);
        map.upto(quote + 1, "quote", String::new(), false);
    }
    map.upto(framed.start, "space", String::new(), false);
    map.header(framed.header, kind.as_ref());
    map.body(framed.body, kind.as_ref());
    map.upto(framed.end, "space", String::new(), false);
    map.upto(framed.end + 2, "end", String::new(), false);
    map.upto(text.len(), "after", String::new(), false);
    map.spans
}

struct Map<'a> {
    raw: &'a [u8],
    encoding: Encoding,
    text: &'a str,
    /// Bytes of `raw` that have a name.
    at: usize,
    /// The same in `text`.
    read: usize,
    spans: Vec<(Span, bool)>,
}

impl Map<'_> {
    fn push(&mut self, len: usize, name: &'static str, text: String, personal: bool) {
        if len > 0 {
            self.spans.push((Span { start: self.at, len, name, text }, personal));
            self.at += len;
        }
    }

    /// Names what stands before byte `end` of the text.
    fn upto(&mut self, end: usize, name: &'static str, said: String, personal: bool) {
        let whole = self.text;
        let piece = whole.get(self.read..end).unwrap_or_default();
        let len = text::width(self.encoding, &self.raw[self.at..], piece);
        self.read += piece.len();
        self.push(len, name, said, personal);
    }

    /// Names one piece of a segment that ends at byte `limit` of the text, with the
    /// separator after it.
    fn piece(&mut self, piece: &str, limit: usize, name: &'static str, personal: bool) {
        let end = (self.read + piece.len() + 1).min(limit);
        self.upto(end, name, said(piece), personal);
    }

    fn header(&mut self, header: &str, kind: Option<&Kind>) {
        let names = kind.map_or(&[][..], Kind::header);
        let limit = self.read + header.len() + 1;
        let count = header.split(';').count();
        for (index, piece) in header.split(';').take(PIECES).enumerate() {
            let name = match names.get(index) {
                Some(name) => name,
                None if index + 1 == count => "uploaded",
                None => ["mine", "mine_name"].get(index).copied().unwrap_or("field"),
            };
            self.piece(piece, limit, name, false);
        }
        self.upto(limit, "field", String::new(), false);
    }

    fn body(&mut self, body: &str, kind: Option<&Kind>) {
        let shape = kind.map_or(Shape::Raw, Kind::shape);
        let fields = shape.fields();
        let is_personal = kind.is_none_or(Kind::is_personal);
        let begin = self.read;
        let mut end = begin;
        for (index, (segment, closed)) in segments(body).enumerate() {
            if index == DETAILED {
                let rest = segments(&body[end - begin..]);
                let count = rest.filter(|(text, _)| !bare(text).is_empty()).count();
                let name = if count > 0 { "records" } else { "space" };
                self.upto(begin + body.len(), name, format!("{count} records"), is_personal);
                return;
            }
            end += segment.len() + usize::from(closed);
            let is_cut = shape.cut(bare(segment)).is_ok();
            if bare(segment).is_empty() {
                self.upto(end, "space", String::new(), false);
            } else if !is_cut {
                self.upto(end, "rejected", said(segment), is_personal);
            } else {
                for (place, piece) in segment.split(';').take(PIECES).enumerate() {
                    let (name, personal) = match fields.get(place) {
                        Some(info) => (info.name, info.kind == FieldKind::Personal),
                        None => ("field", is_personal),
                    };
                    self.piece(piece, end, name, personal);
                }
                self.upto(end, "field", String::new(), is_personal);
            }
        }
    }
}

fn said(text: &str) -> String {
    bare(text).chars().take(200).collect()
}
