mod descriptions;
mod files;
mod framing;
mod hosts;
mod names;
mod pictures;
mod random;
mod shapes;

use base::Timestamp;

use super::{File, FileError, FileName, Limits, NameRule, parse};

const MINE: &str = "220100000001";
const UPLOADED: &str = "2019-08-01 08:00:00";

/// A moment of Beijing time.
fn at(text: &str) -> Timestamp {
    super::record::time(text).expect("a time")
}

fn name(kind: &str) -> FileName {
    let name = format!("{MINE}_{kind}_20190801080000.txt");
    FileName::parse(&name, NameRule::Strict).expect("a name")
}

/// Reads bytes as a file of `kind` a second after they were made.
fn read(kind: &str, bytes: &[u8]) -> Result<File, FileError> {
    parse(&name(kind), bytes, at("2019-08-01 08:00:01"), Limits::default())
}

/// A file with the usual header.
fn file(records: &str) -> String {
    format!("{MINE};样例煤矿;{UPLOADED}~{records}||")
}

/// What became of bytes, in a line that a person can read.
fn said(kind: &str, bytes: &[u8]) -> String {
    match read(kind, bytes) {
        Err(error) => format!("{}: {error}", error.code()),
        Ok(file) => {
            let mut said = vec![format!("{} good", file.content.len())];
            said.extend(file.notes.iter().map(|note| note.code().to_owned()));
            said.extend(file.repeated.iter().map(|number| format!("{number} is repeated")));
            said.extend(file.bad.iter().map(|bad| {
                let (number, fault) = (bad.number, &bad.fault);
                format!("{number} is {} in {:?}: {fault}", fault.reason.code(), fault.field)
            }));
            said.join("; ")
        }
    }
}
