//! `segment`: files of a node's log for its neighbours, written, checked and shown.
//!
//! Only the node's records are read, whether it serves or not. What moves a neighbour's
//! number is done by whoever holds the directory's lock, as with backups.

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Subcommand};
use host::db::Database;
use host::exchange::{file_name, write_whole};
use host::segment::{Contents, Stored, contents, contents_of};
use host::signing::PublicKey;
use serde_json::{Value as Json, json};

use crate::backup::words;
use crate::config::Config;
use crate::{console, serve};

/// Writes, checks and shows segment files: stretches of a node's log on their way to another.
#[derive(Args)]
pub struct Options {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Writes what is new for a neighbour, by what it may read, as files into a directory.
    Write(Write),
    /// Verifies files without taking them in: against a key, or against a node's records.
    Check(Check),
    /// Says what is in files, for people.
    Show(Show),
}

#[derive(Args)]
struct Write {
    #[command(flatten)]
    records: Records,
    /// The neighbour's name in the log.
    #[arg(long, value_name = "NODE")]
    to: String,
    /// The directory that the files are written into.
    #[arg(long, value_name = "DIR")]
    into: PathBuf,
    /// From the entry after this one on, as a copy: the neighbour's number stays. Without
    /// it, from what it was sent last, and its number moves on.
    #[arg(long, value_name = "SEQ")]
    after: Option<i64>,
    /// Prints one JSON document.
    #[arg(long)]
    json: bool,
}

#[derive(Args)]
struct Records {
    /// The node's directory (`node.directory` of its configuration).
    #[arg(long, value_name = "DATA", default_value = "data", conflicts_with = "config")]
    directory: PathBuf,
    /// The node's configuration file; needed when its records are on a database server.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

#[derive(Args)]
struct Check {
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// The key that signs them, or that endorsed the one that does: 64 hex digits.
    #[arg(long, value_name = "HEX", group = "against")]
    fingerprint: Option<String>,
    /// The same as a file: what `GET /api/node/key` of the other node gives.
    #[arg(long, value_name = "FILE", group = "against")]
    key: Option<PathBuf>,
    /// The directory of the node that is to take them in: its trust, and what it has.
    #[arg(long, value_name = "DATA", group = "against")]
    directory: Option<PathBuf>,
    /// The same, as its configuration names it.
    #[arg(long, value_name = "FILE", group = "against")]
    config: Option<PathBuf>,
    /// Prints one JSON document a file.
    #[arg(long)]
    json: bool,
}

#[derive(Args)]
struct Show {
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Prints one JSON document a file.
    #[arg(long)]
    json: bool,
}

/// Exit 0 when it was done, or all files are sound; 1 otherwise.
pub fn command(options: &Options) -> ExitCode {
    let done = match &options.action {
        Action::Write(write) => write.carry_out().map(|()| true),
        Action::Check(check) => check.carry_out(),
        Action::Show(show) => Ok(show.carry_out()),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("fengsui: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Where a node's records are.
fn place(directory: &Path, config: Option<&Path>) -> Result<(PathBuf, Database), String> {
    #[allow(clippy::disallowed_methods, reason = "configuration is read here, once")]
    let loaded = Config::load(config, std::env::vars())?;
    let database = Database::from_url(&loaded.database.url)
        .map_err(|error| format!("database.url: {error}"))?;
    let directory = if config.is_some() { loaded.node.directory } else { directory.to_owned() };
    Ok((directory, database))
}

impl Write {
    fn carry_out(&self) -> Result<(), String> {
        let (directory, database) = place(&self.records.directory, self.records.config.as_deref())?;
        let stored = Stored::open(&directory, &database).map_err(words)?;
        // Held while this process moves the number; else a running node does it.
        let lock = serve::try_lock(&directory)?;
        let mut after = match self.after {
            Some(after) if after < 0 => {
                return Err(format!("--after is {after}, expected 0 or the number of an entry"));
            }
            Some(after) => after,
            None => stored.sent(&self.to).map_err(words)?,
        };
        let begun_after = after;
        let mut written: Vec<Json> = Vec::new();
        loop {
            let mut bytes = Vec::new();
            let head = stored.write(&self.to, after, &mut bytes).map_err(words)?;
            let Some(head) = head else { break };
            let name = file_name(stored.origin(), head.first, head.last, &self.to);
            write_whole(&self.into, &name, &format!(".{name}.part"), &bytes)
                .map_err(|error| format!("{}: {error}", self.into.join(&name).display()))?;
            if self.after.is_none() {
                // After each file: whoever is interrupted has at worst one of them twice.
                match &lock {
                    Some(_) => Stored::note_sent(&directory, &database, &self.to, head.last)
                        .map_err(words)?,
                    None => console::note_sent(&directory, &self.to, head.last)?,
                }
            }
            after = head.last;
            if !self.json {
                println!("{}", self.into.join(&name).display());
            }
            written.push(json!({ "file": self.into.join(&name), "first": head.first,
                "last": head.last, "bytes": bytes.len() }));
        }
        if self.json {
            println!(
                "{}",
                json!({ "origin": stored.origin(), "to": self.to, "after": begun_after,
                    "last": after, "files": written })
            );
        } else if written.is_empty() {
            println!("nothing is new for {} after #{begun_after}", self.to);
        }
        Ok(())
    }
}

impl Check {
    fn carry_out(&self) -> Result<bool, String> {
        let against = self.against()?;
        let mut all_sound = true;
        for file in &self.files {
            let checked = open(file).and_then(|mut file| against.check(&mut file));
            all_sound &= checked.is_ok();
            match (checked, self.json) {
                (Ok(found), true) => {
                    let mut line = json!({ "file": file, "sound": true });
                    if let (Json::Object(line), Json::Object(found)) = (&mut line, found.json) {
                        line.extend(found);
                    }
                    println!("{line}");
                }
                (Ok(found), false) => println!("{}: {}", file.display(), found.text),
                (Err(error), json) => tell_error(file, &error, json),
            }
        }
        Ok(all_sound)
    }

    fn against(&self) -> Result<Against, String> {
        let directory = match (&self.directory, &self.config) {
            (None, None) => None,
            (directory, config) => {
                let directory = directory.clone().unwrap_or_default();
                Some(place(&directory, config.as_deref())?)
            }
        };
        if let Some((directory, database)) = directory {
            return Ok(Against::Records(Stored::open(&directory, &database).map_err(words)?));
        }
        match (&self.fingerprint, &self.key) {
            (Some(fingerprint), _) => Ok(Against::Key(fingerprint.clone())),
            (None, Some(path)) => Ok(Against::Key(key_of(path)?.fingerprint())),
            (None, None) => {
                Err("a key or a node is missing, expected one of --fingerprint, --key, \
                     --directory, --config"
                    .to_owned())
            }
        }
    }
}

/// What a file is checked against.
enum Against {
    /// By its fingerprint.
    Key(String),
    Records(Stored),
}

/// What a check found.
struct Found {
    text: String,
    json: Json,
}

impl Against {
    fn check(&self, file: &mut BufReader<File>) -> Result<Found, host::Error> {
        match self {
            Against::Key(fingerprint) => {
                let it = contents_of(file, fingerprint)?;
                let text = format!(
                    "sound, {} #{} to #{}, signed with {}",
                    plain(&it.origin),
                    it.first,
                    it.last,
                    plain(&it.fingerprint)
                );
                Ok(Found { text, json: json!(it) })
            }
            Against::Records(stored) => {
                let (head, regions, new) = stored.check(file)?;
                let list: Vec<String> = regions.iter().map(ToString::to_string).collect();
                let text = format!(
                    "sound, {} #{} to #{}, {new} new for {}; its key speaks for {}",
                    plain(&head.origin),
                    head.first,
                    head.last,
                    stored.origin(),
                    list.join(", ")
                );
                let json = json!({ "origin": head.origin, "first": head.first,
                    "last": head.last, "new": new, "regions": list,
                    "fingerprint": head.key.fingerprint() });
                Ok(Found { text, json })
            }
        }
    }
}

/// A public key as the other node's API gives it, alone or with its name around it.
fn key_of(path: &Path) -> Result<PublicKey, String> {
    let text =
        std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let mut json: Json = serde_json::from_str(&text).unwrap_or_default();
    if json["key"].is_object() {
        json = json["key"].take();
    }
    serde_json::from_value(json).map_err(|error| {
        let expected = "expected JSON with sm2 and ed25519, as GET /api/node/key gives it";
        format!("{}: {error}, {expected}", path.display())
    })
}

impl Show {
    fn carry_out(&self) -> bool {
        let mut all_sound = true;
        for file in &self.files {
            let shown = open(file).and_then(|mut file| contents(&mut file));
            all_sound &= shown.is_ok();
            match (shown, self.json) {
                (Ok(contents), true) => {
                    let mut line = json!(contents);
                    line["file"] = json!(file);
                    println!("{line}");
                }
                (Ok(contents), false) => print!("{}", told(file, &contents)),
                (Err(error), json) => tell_error(file, &error, json),
            }
        }
        all_sound
    }
}

/// A text of a stranger's file as it may stand at a terminal: what would steer it, turn its
/// line around or end it is written out instead.
fn plain(text: &str) -> String {
    let steers = |letter: char| {
        letter.is_control()
            || matches!(letter, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
                | '\u{2066}'..='\u{2069}')
    };
    let mut plain = String::with_capacity(text.len());
    for letter in text.chars() {
        match steers(letter) {
            true => plain.extend(letter.escape_unicode()),
            false => plain.push(letter),
        }
    }
    plain
}

fn told(file: &Path, it: &Contents) -> String {
    let time = |moment: Option<base::Timestamp>| moment.map(base::Timestamp::to_beijing);
    let mut text = format!(
        "{}\n  origin    {}\n  entries   {}, #{} to #{}\n  from, to  {}, {} (Beijing)\n  closed    \
         {} bodies are withheld; open as far as {}\n  signed    {}, whose signature verifies; \
         whether it is believed was not asked\n",
        file.display(),
        plain(&it.origin),
        it.entries,
        it.first,
        it.last,
        time(it.from).unwrap_or_default(),
        time(it.to).unwrap_or_default(),
        it.closed,
        it.openness.code(),
        plain(&it.fingerprint)
    );
    for endorsing in &it.endorsed_by {
        text.push_str(&format!("  names     {} as a key before it\n", plain(endorsing)));
    }
    for (what, counts) in [("kinds", &it.kinds), ("regions", &it.regions)] {
        text.push_str(&format!("  {what}\n"));
        for (name, count) in counts {
            text.push_str(&format!("    {count:>7}  {}\n", plain(name)));
        }
    }
    text
}

fn open(path: &Path) -> Result<BufReader<File>, host::Error> {
    let file = File::open(path).and_then(|file| {
        let kind = file.metadata()?.file_type();
        if kind.is_dir() { Err(std::io::ErrorKind::IsADirectory.into()) } else { Ok(file) }
    });
    file.map(BufReader::new).map_err(|error| host::Error::Internal(error.to_string()))
}

fn tell_error(file: &Path, error: &host::Error, json: bool) {
    if json {
        let (_, code) = error.status();
        let reason = words(error.clone());
        println!("{}", json!({ "file": file, "sound": false, "code": code, "reason": reason }));
    } else {
        eprintln!("{}: {}", file.display(), plain(&words(error.clone())));
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn nothing_in_a_strangers_file_steers_the_terminal() {
        let bad = "county\u{1b}]0;owned\u{7}\r\n\u{9b}31m\u{202e}";
        let counts = BTreeMap::from([(format!("lamp.lit{bad}"), 1)]);
        let contents = Contents {
            origin: bad.to_owned(),
            first: 1,
            last: 1,
            entries: 1,
            closed: 0,
            openness: host::Class::Internal,
            kinds: counts.clone(),
            regions: counts,
            from: None,
            to: None,
            fingerprint: bad.to_owned(),
            endorsed_by: vec![bad.to_owned()],
        };
        let told = told(Path::new("a.segment"), &contents);
        let escaped = r"county\u{1b}]0;owned\u{7}\u{d}\u{a}\u{9b}31m\u{202e}";
        assert!(told.contains(&format!("origin    {escaped}\n")), "{told}");
        assert_eq!(told.matches(escaped).count(), 5, "{told}");
        let steers = |letter: char| (letter.is_control() && letter != '\n') || letter == '\u{202e}';
        assert!(!told.contains(steers), "{told:?}");
        assert_eq!(plain("花甸县 huadian"), "花甸县 huadian");
    }
}
