//! What is wrong with a message that can still be understood, and why one cannot.

use std::fmt;

use super::value::short;

/// Why bytes are no message at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    #[error("it has {got} bytes, expected at most {most}")]
    Large { got: usize, most: usize },
    #[error(
        "it says its encoding is {said:?}, expected one that it is in and that is known \
         (UTF-8, UTF-16 with its mark, GB18030, GBK, ISO-8859-1 …)"
    )]
    Encoding { said: String },
    #[error("byte {at} is {seen:#04x}, which is no {encoding} there")]
    Bytes { encoding: &'static str, at: usize, seen: u8 },
    #[error("line {line}: character U+{code:04X}, which XML has not")]
    Character { code: u32, line: u32 },
    #[error("line {line}: a document type, expected none: entities are not expanded")]
    Doctype { line: u32 },
    #[error("line {line}: {said}, expected one of &amp; &lt; &gt; &quot; &apos; or a number")]
    Entity { line: u32, said: String },
    #[error("line {line}: not well formed: {said}")]
    Xml { line: u32, said: String },
    #[error("line {line}: elements stand deeper than {most}")]
    Deep { line: u32, most: usize },
    #[error("line {line}: more than {most} elements")]
    Many { line: u32, most: usize },
    #[error("line {line}: more than {most} attributes or namespaces")]
    Attributes { line: u32, most: usize },
    #[error("line {line}: element is {saw}, expected {expected}")]
    Root { line: u32, saw: String, expected: &'static str },
    #[error("line {line}: alert has no {name}, without which it cannot be named")]
    Nameless { line: u32, name: &'static str },
}

impl ReadError {
    /// A stable word for counts and scripts.
    pub fn code(&self) -> &'static str {
        match self {
            ReadError::Large { .. } => "LARGE",
            ReadError::Encoding { .. } => "ENCODING",
            ReadError::Bytes { .. } => "BYTES",
            ReadError::Character { .. } => "CHARACTER",
            ReadError::Doctype { .. } => "DOCTYPE",
            ReadError::Entity { .. } => "ENTITY",
            ReadError::Xml { .. } => "XML",
            ReadError::Deep { .. } => "DEEP",
            ReadError::Many { .. } => "MANY",
            ReadError::Attributes { .. } => "ATTRIBUTES",
            ReadError::Root { .. } => "ROOT",
            ReadError::Nameless { .. } => "NAMELESS",
        }
    }
}

macro_rules! rules {
    ($($(#[$doc:meta])* $name:ident, $code:literal, $clause:literal, $expected:literal;)+) => {
        /// A rule of the standard, or of feeds, that something breaks.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Rule { $($(#[$doc])* $name,)+ }

        impl Rule {
            pub const ALL: &'static [Rule] = &[$(Rule::$name),+];

            /// A stable word for counts and scripts.
            pub fn code(self) -> &'static str {
                match self { $(Rule::$name => $code,)+ }
            }

            /// Where it stands.
            pub fn clause(self) -> &'static str {
                match self { $(Rule::$name => $clause,)+ }
            }

            pub fn expected(self) -> &'static str {
                match self { $(Rule::$name => $expected,)+ }
            }
        }
    };
}

rules! {
    Namespace, "NAMESPACE", "CAP 1.2 §3.4", "the namespace of CAP 1.0, 1.1 or 1.2";
    Unknown, "UNKNOWN", "CAP 1.2 §3.4", "elements of the standard alone";
    Order, "ORDER", "CAP 1.2 §3.4", "the order of the schema";
    Twice, "TWICE", "CAP 1.2 §3.2", "once; the first counts";
    Required, "REQUIRED", "CAP 1.2 §3.2", "it to be there and not empty";
    Word, "WORD", "CAP 1.2 §3.2", "a word of its list";
    Deprecated, "DEPRECATED", "CAP 1.2 §3.2.2", "\"Likely\", which it is read as";
    Name, "NAME", "CAP 1.2 §3.2.1", "no blanks, commas, '<' or '&'";
    Time, "TIME", "CAP 1.2 §3.3.2", "a time as 2026-08-03T11:14:26+08:00: an offset in digits, no Z";
    Expired, "EXPIRED", "CAP 1.2 §3.2.2", "a time after sent, effective and onset";
    ReferencesNeeded, "REFERENCES_NEEDED", "CAP 1.2 §3.2.1",
        "references, because of Update, Cancel, Ack or Error";
    References, "REFERENCES", "CAP 1.2 §3.2.1", "sender,identifier,sent with blanks between them";
    NoteNeeded, "NOTE_NEEDED", "CAP 1.2 §3.2.1", "a note that says why, because of Error";
    RestrictionNeeded, "RESTRICTION_NEEDED", "CAP 1.2 §3.2.1", "a restriction, because of Restricted";
    AddressesNeeded, "ADDRESSES_NEEDED", "CAP 1.2 §3.2.1", "addresses, because of Private";
    List, "LIST", "CAP 1.2 §3.2.1", "items with blanks between them, in quotes if blanks are inside";
    Language, "LANGUAGE", "CAP 1.2 §3.2.2", "a code as zh-CN (RFC 3066)";
    Polygon, "POLYGON", "CAP 1.2 §3.2.4", "at least 4 pairs lat,lon, the last as the first";
    Circle, "CIRCLE", "CAP 1.2 §3.2.4", "lat,lon and a radius in kilometres";
    Number, "NUMBER", "CAP 1.2 §3.2", "a decimal number";
    Ceiling, "CEILING", "CAP 1.2 §3.2.4", "an altitude below it";
    Uri, "URI", "CAP 1.2 §3.2.2, §3.2.3", "an absolute URI";
    Base64, "BASE64", "CAP 1.2 §3.2.3", "Base64";
    Digest, "DIGEST", "CAP 1.2 §3.2.3", "40 hex digits of SHA-1";
    Character, "CHARACTER", "XML 1.0 §2.2", "characters that XML has";
    Edition, "EDITION", "CAP 1.2 §3.4", "a message of CAP 1.2 (what is older is upgraded first)";
    Id, "FEED_ID", "RFC 4287 §4.1.1, §4.1.2; RSS 2.0", "an id (Atom), a guid (RSS)";
    Title, "FEED_TITLE", "RFC 4287 §4.1.1, §4.1.2; RSS 2.0", "a title";
    Updated, "FEED_UPDATED", "RFC 4287 §3.3, §4.1.2; RSS 2.0", "a time (RFC 3339, in RSS RFC 822)";
    Link, "FEED_LINK", "RFC 4287 §4.1.2; RSS 2.0", "a link to a message, or the message itself";
}

/// One thing that is wrong, with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    pub rule: Rule,
    /// `info[2].area[1].polygon[1]`, counted from 1; empty for the whole.
    pub path: String,
    /// In the text that was read; `None` of a message that was made here.
    pub line: Option<u32>,
    /// What stands there, or why it has not its form.
    pub saw: String,
}

impl Fault {
    pub(super) fn new(rule: Rule, path: impl Into<String>, saw: &str) -> Fault {
        Fault { rule, path: path.into(), line: None, saw: short(saw) }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(f, "line {line}: ")?;
        }
        let path = if self.path.is_empty() { "alert" } else { &self.path };
        let saw = if self.saw.is_empty() { "nothing" } else { &self.saw };
        write!(f, "{path}: {saw}, expected {} ({})", self.rule.expected(), self.rule.clause())
    }
}

/// Faults of one document, so many that a sender cannot fill a memory with them.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Faults {
    /// The first ones, at most [`Faults::MOST`].
    pub list: Vec<Fault>,
    /// How many there are beyond those.
    pub more: usize,
}

impl Faults {
    pub const MOST: usize = 100;

    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    pub(super) fn push(&mut self, fault: Fault) {
        if self.list.len() < Faults::MOST {
            self.list.push(fault);
        } else {
            self.more = self.more.saturating_add(1);
        }
    }
}
