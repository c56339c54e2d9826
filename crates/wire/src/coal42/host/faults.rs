//! What goes wrong with files between a mine and its platform.

use base::Duration;

use super::super::file::File;
use super::super::name::FileName;
use super::super::text::Encoding;
use super::super::write::write;
use super::Drop;

/// One thing that goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fault {
    /// The upload stopped in the middle.
    Half,
    /// GB 18030 instead of UTF-8, with `魚` and `億` in the name of the mine.
    Gb18030,
    /// A mark before the text.
    Marked,
    /// CRLF after each segment and at the end.
    Breaks,
    /// Double quotes around everything.
    Quoted,
    /// Another mine's code in the name and in the header.
    OtherMine,
    /// Another mine's code in the header alone.
    OtherHeader,
    /// The host's clock is six minutes ahead.
    Future,
    /// The host's clock is four minutes ahead, which is borne.
    Ahead,
    /// At most a fifth of the records cannot be read.
    FewBad,
    /// More than a fifth of the records cannot be read.
    ManyBad,
    /// Full-width separators in the header.
    FullWidth,
    /// The older provincial form.
    Dialect,
    /// An archive under the name of a text.
    Binary,
    /// A type that no table has.
    UnknownType,
}

/// What a receiver that does right makes of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Expected {
    Taken,
    /// Taken but for records that cannot be read.
    TakenInPart,
    /// Looked at again, and put away after a while.
    Waits,
    /// Put away with [`super::super::FileError::code`].
    Refused(&'static str),
}

impl Fault {
    pub const ALL: [Fault; 15] = [
        Fault::Half,
        Fault::Gb18030,
        Fault::Marked,
        Fault::Breaks,
        Fault::Quoted,
        Fault::OtherMine,
        Fault::OtherHeader,
        Fault::Future,
        Fault::Ahead,
        Fault::FewBad,
        Fault::ManyBad,
        Fault::FullWidth,
        Fault::Dialect,
        Fault::Binary,
        Fault::UnknownType,
    ];

    /// A stable word, for command lines.
    pub fn word(self) -> &'static str {
        match self {
            Fault::Half => "half",
            Fault::Gb18030 => "gb18030",
            Fault::Marked => "bom",
            Fault::Breaks => "crlf",
            Fault::Quoted => "quoted",
            Fault::OtherMine => "other-mine",
            Fault::OtherHeader => "other-header",
            Fault::Future => "future",
            Fault::Ahead => "ahead",
            Fault::FewBad => "few-bad",
            Fault::ManyBad => "many-bad",
            Fault::FullWidth => "full-width",
            Fault::Dialect => "dialect",
            Fault::Binary => "binary",
            Fault::UnknownType => "unknown-type",
        }
    }
}

/// A mine that is nobody's here.
const STRANGER: &str = "990000000009";

/// The file with the fault in it.
///
/// - `file`: as [`super::Mine::file`] gives it.
pub fn spoil(mut file: File, fault: Fault) -> Drop {
    let name = file.name();
    match fault {
        Fault::Gb18030 => {
            file.encoding = Encoding::Gb18030;
            file.header.mine_name = "魚億煤矿".to_owned();
        }
        Fault::Marked => file.encoding = Encoding::Utf8Marked,
        Fault::Future => file.header.uploaded = file.header.uploaded + Duration::from_mins(6),
        Fault::Ahead => file.header.uploaded = file.header.uploaded + Duration::from_mins(4),
        _ => {}
    }
    let whole = write(&file).expect("a simulated mine's texts hold no separators");
    let of_text = |change: &dyn Fn(&str) -> String| {
        let text = String::from_utf8(whole.clone()).expect("written as UTF-8");
        change(&text).into_bytes()
    };
    let mine = file.header.mine.as_str();
    let bytes = match fault {
        Fault::Gb18030 | Fault::Marked | Fault::Future | Fault::Ahead => whole,
        // Characters of three bytes are cut as well.
        Fault::Half => whole[..whole.len() / 2].to_vec(),
        Fault::Breaks => of_text(&|text| text.replace('~', "~\r\n") + "\r\n"),
        Fault::Quoted => of_text(&|text| format!("\"{text}\"")),
        Fault::OtherMine | Fault::OtherHeader => of_text(&|text| text.replace(mine, STRANGER)),
        Fault::FewBad => of_text(&|text| with_bad(text, file.content.len(), 19)),
        Fault::ManyBad => of_text(&|text| with_bad(text, file.content.len(), 21)),
        Fault::FullWidth => of_text(&|text| text.replacen(';', "；", 2)),
        Fault::Dialect => {
            let time = file.header.uploaded.to_beijing();
            format!("KJ251A;人员位置监测系统;样例厂家;{time};2~1;甲~2;乙~||").into_bytes()
        }
        Fault::Binary => [b"PK\x03\x04\x14\0\0\0\x08\0".as_slice(), &whole, b"||"].concat(),
        Fault::UnknownType => of_text(&|text| text.to_owned()),
    };
    let name = match fault {
        Fault::OtherMine => FileName { mine: STRANGER.to_owned(), ..name },
        Fault::UnknownType => FileName { kind: "XXYZ".to_owned(), ..name },
        _ => name,
    };
    let expected = match fault {
        Fault::Half => Expected::Waits,
        Fault::OtherMine | Fault::OtherHeader => Expected::Refused("OTHER_MINE"),
        Fault::Future => Expected::Refused("FUTURE"),
        Fault::FewBad if few(file.content.len(), 19) == 0 => Expected::Taken,
        Fault::FewBad => Expected::TakenInPart,
        Fault::ManyBad => Expected::Refused("TOO_MANY_BAD"),
        Fault::FullWidth => Expected::Refused("FULL_WIDTH_SEPARATOR"),
        Fault::Dialect => Expected::Refused("DIALECT_UNSUPPORTED"),
        Fault::Binary => Expected::Refused("NOT_TEXT"),
        _ => Expected::Taken,
    };
    Drop { name: name.to_string(), bytes, expected }
}

/// Adds so many records without form that they are `percent` of all, rounded away from 20.
fn with_bad(text: &str, good: usize, percent: usize) -> String {
    let bad = if percent > 20 { many(good, percent) } else { few(good, percent) };
    let body = text.strip_suffix("||").unwrap_or(text);
    format!("{body}{}||", "坏记录;1~".repeat(bad))
}

/// How many among how many good ones are at most so much of all.
fn few(good: usize, percent: usize) -> usize {
    good * percent / (100 - percent)
}

/// How many among how many good ones are at least so much of all.
fn many(good: usize, percent: usize) -> usize {
    (good * percent).div_ceil(100 - percent).max(1)
}
