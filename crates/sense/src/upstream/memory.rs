//! What the node above has answered for: one small file beside the world's other files.
//!
//! It is in no backup: a node that was restored gives again what it may have given.
//!
//! ```text
//! fengsui upstream 1
//! to CODE URL
//! confirmed POSITION
//! fill POSITION SERIES FROM TO        (only while something comes out of the blocks)
//! ```

use std::fs;
use std::io;
use std::path::Path;

use base::Timestamp;
use host::exchange::write_whole;
use series::{Fill, Position};

use super::Config;

const HEAD: &str = "fengsui upstream 1";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Memory {
    pub confirmed: Position,
    pub fill: Option<Fill>,
}

impl Memory {
    /// `None` when nothing was ever handed on to this node above as this station.
    ///
    /// # Errors
    /// When there is a file that is not one of these.
    pub fn load(path: &Path, config: &Config) -> Result<Option<Memory>, String> {
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(failed(path, &error)),
        };
        let what = "is not what a node wrote; without it everything is handed on anew";
        parse(&text, config).ok_or_else(|| failed(path, &what))
    }

    /// Durable when it returns; a crash leaves the old one or this.
    pub fn save(&self, path: &Path, config: &Config) -> Result<(), String> {
        let name = path.file_name().and_then(|name| name.to_str());
        let (Some(directory), Some(name)) = (path.parent(), name) else {
            return Err(failed(path, &"is no name of a file"));
        };
        let draft = format!(".{name}.draft");
        write_whole(directory, name, &draft, self.text(config).as_bytes())
            .map_err(|error| failed(path, &error))
    }

    fn text(&self, config: &Config) -> String {
        let mut text = format!("{HEAD}\n{}\nconfirmed {}\n", to(config), self.confirmed.0);
        if let Some(Fill { position, next, from, to }) = self.fill {
            let (from, to) = (from.as_millis(), to.as_millis());
            text.push_str(&format!("fill {} {next} {from} {to}\n", position.0));
        }
        text
    }
}

fn to(config: &Config) -> String {
    format!("to {} {}", config.code, config.url)
}

/// Removes the file; that it is not there is no failure.
pub(super) fn remove(path: &Path) -> Result<(), String> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(failed(path, &error)),
        _ => Ok(()),
    }
}

fn failed(path: &Path, what: &dyn std::fmt::Display) -> String {
    format!("upstream: {} {what}", path.display())
}

/// `None` for what is no such file; `Some(None)` for one of another node above.
fn parse(text: &str, config: &Config) -> Option<Option<Memory>> {
    let mut lines = text.strip_suffix('\n')?.lines();
    (lines.next() == Some(HEAD)).then_some(())?;
    let target = lines.next().filter(|line| line.starts_with("to "))?;
    let confirmed = Position(lines.next()?.strip_prefix("confirmed ")?.parse().ok()?);
    let fill = match lines.next() {
        None => None,
        Some(line) => {
            let fields: Vec<&str> = line.strip_prefix("fill ")?.split(' ').collect();
            let [position, next, from, to] = fields.as_slice() else { return None };
            Some(Fill {
                position: Position(position.parse().ok()?),
                next: next.parse().ok()?,
                from: Timestamp::from_millis(from.parse().ok()?),
                to: Timestamp::from_millis(to.parse().ok()?),
            })
        }
    };
    if lines.next().is_some() {
        return None;
    }
    Some((target == to(config)).then_some(Memory { confirmed, fill }))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn config(url: &str) -> Config {
        let second = Duration::from_secs(1);
        Config {
            url: url.to_owned(),
            code: "220282".to_owned(),
            key: "correct-horse".to_owned(),
            above: "city".to_owned(),
            log_bytes: 1 << 30,
            every: second,
            retry: second,
            timeout: second,
        }
    }

    #[test]
    fn what_is_written_is_read_and_anything_else_is_refused() {
        let here = config("http://127.0.0.1:1/ingest/json");
        let plain = Memory { confirmed: Position(9), fill: None };
        assert_eq!(parse(&plain.text(&here), &here), Some(Some(plain)));
        let fill = Fill { next: 4, ..Fill::everything(Position(3)) };
        let filling = Memory { fill: Some(fill), ..plain };
        let text = filling.text(&here);
        assert_eq!(parse(&text, &here), Some(Some(filling)));
        assert!(!text.contains("correct-horse"), "{text}");
        assert_eq!(parse(&text, &config("http://127.0.0.1:2/ingest/json")), Some(None));
        for cut in 0..text.len() {
            assert_ne!(parse(&text[..cut], &here), Some(Some(filling)), "{cut}");
        }
        assert_eq!(parse(&format!("{text}more\n"), &here), None);
        assert_eq!(parse("", &here), None);
    }
}
