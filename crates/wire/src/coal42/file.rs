//! A whole file: header, records, and what was noticed.

use base::Timestamp;

use super::kind::Kind;
use super::record::Fault;
use super::records::Content;
use super::text::{Encoding, TextError};
use super::{Dialect, NameError};

/// A file that was read, or is to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    pub kind: Kind,
    pub header: Header,
    /// Good records. Of two with one key only the later is here.
    pub content: Content,
    pub encoding: Encoding,
    /// What is not as the annex has it and was read all the same.
    pub notes: Vec<Note>,
    /// Refused records, the first [`Limits::kept`] of them.
    pub bad: Vec<BadRecord>,
    /// How many records were refused.
    pub bad_count: usize,
    /// Numbers of records that a later one with the same key stands for.
    pub repeated: Vec<u32>,
}

/// The first segment of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// 12 digits; 9 to 11 from hosts before the annex.
    pub mine: String,
    pub mine_name: String,
    /// What stands between name and time: see [`Kind::header`].
    pub more: Vec<String>,
    pub uploaded: Timestamp,
}

/// What a file had that the annex does not have; it was read all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Note {
    /// UTF-8 with a mark, or GB 18030.
    Encoding,
    /// Line breaks or blanks around segments.
    LineBreaks,
    /// One pair of double quotes around everything.
    Quoted,
    /// The last record has no `~` of its own.
    OpenRecord,
    /// Records or the header end with one separator too many.
    TrailingSeparator,
    /// The name's time is not the header's.
    NameTime,
}

impl Note {
    pub fn code(self) -> &'static str {
        match self {
            Note::Encoding => "ENCODING",
            Note::LineBreaks => "LINE_BREAKS",
            Note::Quoted => "QUOTED",
            Note::OpenRecord => "OPEN_RECORD",
            Note::TrailingSeparator => "TRAILING_SEPARATOR",
            Note::NameTime => "NAME_TIME",
        }
    }
}

/// A record that was refused alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadRecord {
    /// Its place in the file, from 1 on; blank segments do not count.
    pub number: u32,
    pub fault: Fault,
    /// What stood there, at most 1000 characters. It may be about a person.
    pub text: String,
}

/// How much of a file is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes.
    pub bytes: usize,
    /// Records; the largest file known has some thousands.
    pub records: usize,
    /// Refused records that are kept with their text.
    pub kept: usize,
    /// How far ahead of the receiver a header's time may be.
    pub ahead: base::Duration,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            bytes: 20 * 1024 * 1024,
            records: 100_000,
            kept: 200,
            ahead: base::Duration::from_mins(5),
        }
    }
}

/// Why nothing of a file is taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    #[error("file has {got} bytes, the limit is {limit}")]
    Size { got: usize, limit: usize },
    /// Still being written, or cut off: worth another look.
    #[error("file does not end with ||: it is not complete")]
    Incomplete,
    #[error("{0}")]
    Text(#[from] TextError),
    #[error("{0}")]
    Name(#[from] NameError),
    #[error("header begins with {got:?}, expected a mine's code of 12 digits: {dialect}")]
    Dialect { dialect: Dialect, got: String },
    #[error("{after} characters follow the end mark ||")]
    AfterEnd { after: usize },
    #[error("header has a full-width separator `；`, expected `;`")]
    HeaderSeparator,
    #[error("header has {got} segments, expected {want}")]
    HeaderSegments { got: usize, want: usize },
    #[error("header is of mine {header}, the name of mine {name}")]
    OtherMine { header: String, name: String },
    #[error("header's time is {got:?}, expected yyyy-MM-dd HH:mm:ss")]
    HeaderTime { got: String },
    #[error(
        "header's time {uploaded} is {ahead_s} s ahead of the receiver, the limit is {limit_s} s"
    )]
    Future { uploaded: Timestamp, ahead_s: i64, limit_s: i64 },
    #[error("file has more than {limit} records")]
    TooManyRecords { limit: usize },
    /// More than a fifth: the format may have changed as a whole.
    #[error("{bad} of {total} records cannot be read, at most 20 % may be bad")]
    TooManyBad { bad: usize, total: usize, first: Vec<BadRecord> },
}

impl FileError {
    /// A stable code, for screens and counters.
    pub fn code(&self) -> &'static str {
        match self {
            FileError::Size { .. } => "SIZE",
            FileError::Incomplete => "INCOMPLETE",
            FileError::Text(TextError::Binary { .. }) => "NOT_TEXT",
            FileError::Text(_) => "ENCODING",
            FileError::Name(_) => "NAME",
            FileError::Dialect { .. } => "DIALECT_UNSUPPORTED",
            FileError::AfterEnd { .. } => "AFTER_END",
            FileError::HeaderSeparator => "FULL_WIDTH_SEPARATOR",
            FileError::HeaderSegments { .. } => "HEADER_SEGMENTS",
            FileError::OtherMine { .. } => "OTHER_MINE",
            FileError::HeaderTime { .. } => "HEADER_TIME",
            FileError::Future { .. } => "FUTURE",
            FileError::TooManyRecords { .. } => "TOO_MANY_RECORDS",
            FileError::TooManyBad { .. } => "TOO_MANY_BAD",
        }
    }
}
