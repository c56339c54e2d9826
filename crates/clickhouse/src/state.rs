//! The mirror's own memory: one small file beside the world's other files.
//!
//! It is in no backup. A node that was restored therefore finds none, and knows that what
//! it stores from now on is another history than that which ClickHouse may hold.
//!
//! ```text
//! fengsui clickhouse 1
//! token UUID
//! began_after POSITION
//! fill POSITION SERIES FROM TO        (only while something has to be filled)
//! ```

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use base::{Id, Timestamp};
use series::{Fill, Position};

use crate::ClickHouseError;

const HEAD: &str = "fengsui clickhouse 1";

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct State {
    /// Names this history of the store.
    pub token: Id,
    /// The last position that this history has in common with the one before it.
    pub began_after: Position,
    /// What has to be read out of blocks, because the log did not keep it.
    pub fill: Option<Fill>,
}

impl State {
    /// # Errors
    /// [`ClickHouseError::State`] when there is a file that is not one of these.
    pub fn load(path: &Path) -> Result<Option<State>, ClickHouseError> {
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(failed(path, error.to_string())),
        };
        let what = "it is not what a mirror wrote; without it everything is filled anew";
        parse(&text).map(Some).ok_or_else(|| failed(path, what.to_owned()))
    }

    /// Durable when it returns; a crash leaves the old one or this.
    pub fn save(&self, path: &Path) -> Result<(), ClickHouseError> {
        let draft = draft(path);
        let write = || {
            let mut file = File::create(&draft)?;
            file.write_all(self.text().as_bytes())?;
            file.sync_all()?;
            fs::rename(&draft, path)?;
            path.parent().map_or(Ok(()), |parent| File::open(parent)?.sync_all())
        };
        write().map_err(|error: io::Error| failed(path, error.to_string()))
    }

    fn text(&self) -> String {
        let mut text =
            format!("{HEAD}\ntoken {}\nbegan_after {}\n", self.token, self.began_after.0);
        if let Some(Fill { position, next, from, to }) = self.fill {
            let (from, to) = (from.as_millis(), to.as_millis());
            text.push_str(&format!("fill {} {next} {from} {to}\n", position.0));
        }
        text
    }
}

/// Removes the file; that it is not there is no failure.
pub(crate) fn remove(path: &Path) -> Result<(), ClickHouseError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(failed(path, error.to_string()))
        }
        _ => Ok(()),
    }
}

fn failed(path: &Path, what: String) -> ClickHouseError {
    ClickHouseError::State { file: path.display().to_string(), what }
}

fn draft(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".tmp");
    name.into()
}

fn parse(text: &str) -> Option<State> {
    let mut lines = text.lines();
    let fields = |line: Option<&str>, key: &str| -> Option<Vec<String>> {
        let rest = line?.strip_prefix(key)?.strip_prefix(' ')?;
        Some(rest.split(' ').map(str::to_owned).collect())
    };
    (lines.next() == Some(HEAD)).then_some(())?;
    let token = fields(lines.next(), "token")?.first()?.parse().ok()?;
    let began_after = Position(fields(lines.next(), "began_after")?.first()?.parse().ok()?);
    let fill = match lines.next() {
        None => None,
        line => {
            let fields = fields(line, "fill")?;
            let [position, next, from, to] = fields.as_slice() else { return None };
            Some(Fill {
                position: Position(position.parse().ok()?),
                next: next.parse().ok()?,
                from: Timestamp::from_millis(from.parse().ok()?),
                to: Timestamp::from_millis(to.parse().ok()?),
            })
        }
    };
    lines.next().is_none().then_some(State { token, began_after, fill })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_anything_else_is_refused() {
        let plain = State { token: Id::from_u128(7), began_after: Position(9), fill: None };
        assert_eq!(parse(&plain.text()), Some(plain.clone()));
        let fill = Fill { next: 4, ..Fill::everything(Position(3)) };
        let filling = State { fill: Some(fill), ..plain };
        assert_eq!(parse(&filling.text()), Some(filling.clone()));
        for cut in 0..filling.text().len() - 1 {
            let read = parse(&filling.text()[..cut]);
            assert!(read.is_none_or(|read| read != filling), "{cut}");
        }
        assert_eq!(parse(&format!("{}more\n", filling.text())), None);
        assert_eq!(parse(""), None);
    }
}
