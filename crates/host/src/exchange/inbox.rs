//! The inbox: files that somebody carried here, each taken in whole or not at all.
//!
//! What is in a file decides, never its name. It is taken once its last line is there; one
//! that comes before its time waits for the one before it. No file keeps another from being
//! looked at, and nothing of the directory is followed anywhere else.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use base::Timestamp;
use crossbeam_channel::Receiver;
use schemars::JsonSchema;
use serde::Serialize;

use super::file::{self, Mark};
use super::{name, sleep};
use crate::clock::machine_now;
use crate::error::{Error, Result};
use crate::segment::{self, SegmentHead, Taken};
use crate::world::{Lane, World};
use crate::{neighbour, params};

/// What was taken, and what was refused, in the inbox's own directory.
pub(super) const DONE: &str = "done";
pub(super) const REFUSED: &str = "refused";
/// Beside a refused file, and named after it.
const REASON: &str = ".reason.txt";

/// Names looked at in one round; of more, the first by name.
const MOST_FILES: usize = 100_000;
/// Lines of a state that is shown.
const MOST_SHOWN: usize = 200;
/// The longest first line, and how much of a file's end is read for its last one.
const LONGEST_HEAD: u64 = 64 << 10;
/// How long what was taken or refused is kept.
const KEPT_DAYS: i64 = 30;
/// Between two removals of what is older.
const TIDY_EVERY: Duration = Duration::from_secs(3_600);
/// With room for what is put behind it; names of files go up to 255 bytes.
const LONGEST_NAME: usize = 200;

/// What an inbox was like when it was last looked at.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
pub struct InboxState {
    pub looked_at: Option<Timestamp>,
    /// Why it could not be looked at.
    pub trouble: Option<String>,
    /// Files that wait, in the order of their logs; at most 200.
    pub waiting: Vec<WaitingFile>,
    pub waiting_count: usize,
    /// What was left where it is: links, directories, what cannot be read, names that are
    /// no segment's; at most 200.
    pub left: Vec<LeftFile>,
    pub left_count: usize,
}

/// A file that is taken in later by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct WaitingFile {
    pub file: String,
    /// Whose it says it is; empty while its beginning does not read.
    pub origin: String,
    pub first: Option<i64>,
    pub last: Option<i64>,
    /// `gap`: what comes before it is not here. `half`: its end is not there yet.
    /// `untrusted`: nobody here trusts its key. `trouble`: this node could not take it.
    pub why: Why,
    pub detail: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    Gap,
    Half,
    Untrusted,
    Trouble,
}

/// What is in the inbox and is not touched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct LeftFile {
    pub file: String,
    pub reason: String,
}

/// Takes in what comes until the world closes.
pub(super) fn serve(world: &World, directory: &Path, every: Duration, ticks: &Receiver<()>) {
    let exchange = world.kit().exchange.clone();
    let mut inbox = Inbox::new(directory, exchange.config().half_after);
    let mut known_trouble = None;
    loop {
        let mut state = inbox.round(world);
        if world.is_closing() {
            return;
        }
        if state.trouble != known_trouble {
            if let Some(trouble) = &state.trouble {
                tracing::error!(directory = %directory.display(), trouble, "the inbox could not be looked at");
            }
            known_trouble.clone_from(&state.trouble);
        }
        state.looked_at = Some(machine_now());
        exchange.show(state);
        if !sleep(ticks, every) {
            return;
        }
    }
}

/// An inbox, and what is known of the files in it.
pub(crate) struct Inbox {
    directory: PathBuf,
    half_after: Duration,
    seen: HashMap<OsString, Seen>,
    tidied: Option<Instant>,
}

/// A file as it was when it was last opened.
struct Seen {
    mark: Mark,
    since: Instant,
    says: Says,
}

/// What a file says of itself, before anything of it is verified.
#[derive(Clone)]
enum Says {
    Whole(SegmentHead),
    /// Its last line is not there.
    Half,
    /// It is too large, or does not begin as a segment does.
    Nothing,
}

/// What came of a file.
enum Fate {
    Away,
    Waits(Why, String),
    /// As it is, it cannot be read.
    Left(String),
}

impl Inbox {
    pub(crate) fn new(directory: &Path, half_after: Duration) -> Inbox {
        let directory = directory.to_owned();
        Inbox { directory, half_after, seen: HashMap::new(), tidied: None }
    }

    /// Looks at every file once, in the order of their logs.
    pub(crate) fn round(&mut self, world: &World) -> InboxState {
        let mut state = InboxState::default();
        if let Err(trouble) = self.look_at_all(world, &mut state) {
            state.trouble = Some(trouble);
        }
        state
    }

    fn look_at_all(
        &mut self,
        world: &World,
        state: &mut InboxState,
    ) -> std::result::Result<(), String> {
        for ours in [DONE, REFUSED] {
            file::make_directory(&self.directory.join(ours))?;
        }
        self.tidy();
        let names = self.names(state)?;
        self.seen.retain(|name, _| names.contains(name));
        for name in &names {
            if let Err(reason) = self.open_if_new(name) {
                self.seen.remove(name);
                state.leave(name, reason);
            }
        }
        let mut order: Vec<(String, i64, OsString)> = Vec::with_capacity(self.seen.len());
        for (name, seen) in &self.seen {
            let (origin, first) = match &seen.says {
                Says::Whole(head) => (head.origin.clone(), head.first),
                Says::Half | Says::Nothing => (String::new(), 0),
            };
            order.push((origin, first, name.clone()));
        }
        order.sort();
        let mut positions = BTreeMap::new();
        for (_, _, name) in order {
            if world.is_closing() {
                return Ok(());
            }
            let Some(seen) = self.seen.get(&name) else { continue };
            let fate = match self.decide(world, &name, seen, &mut positions) {
                Ok(fate) => fate,
                // Of the node, not of this file: the others would fare no better.
                Err(error @ (Error::Db(_) | Error::Busy(_) | Error::DiskFull)) => {
                    state.wait(&name, seen, Why::Trouble, error.to_string());
                    return Err(error.to_string());
                }
                Err(error) => Fate::Waits(Why::Trouble, error.to_string()),
            };
            match fate {
                Fate::Away => drop(self.seen.remove(&name)),
                Fate::Waits(why, detail) => state.wait(&name, seen, why, detail),
                Fate::Left(reason) => state.leave(&name, reason),
            }
        }
        Ok(())
    }

    /// Names of segments, the first ones in their order; what else is there is left.
    fn names(&self, state: &mut InboxState) -> std::result::Result<BTreeSet<OsString>, String> {
        let failed = |error: std::io::Error| format!("{}: {error}", self.directory.display());
        let mut names = BTreeSet::new();
        for entry in std::fs::read_dir(&self.directory).map_err(failed)? {
            let name = entry.map_err(failed)?.file_name();
            let bytes = name.as_bytes();
            if bytes == DONE.as_bytes() || bytes == REFUSED.as_bytes() {
                continue;
            }
            if bytes.starts_with(b".") || !bytes.ends_with(name::ENDING.as_bytes()) {
                // Drafts of whoever writes here begin with a dot, and come and go.
                if !bytes.starts_with(b".") {
                    state.leave(&name, format!("its name does not end in {}", name::ENDING));
                }
                continue;
            }
            names.insert(name);
            if MOST_FILES < names.len() {
                names.pop_last();
            }
        }
        Ok(names)
    }

    /// Opens a file that is new or has changed, and reads its two ends.
    fn open_if_new(&mut self, name: &OsStr) -> std::result::Result<(), String> {
        let path = self.directory.join(name);
        let mark = file::look(&path)?;
        if self.seen.get(name).is_some_and(|seen| seen.mark == mark) {
            return Ok(());
        }
        let (mut opened, mark) = file::open(&path)?;
        let says = if segment::LARGEST < mark.bytes {
            Says::Nothing
        } else {
            let ends = file::ends(&mut opened, LONGEST_HEAD);
            let (first, last) = ends.map_err(|error| format!("it cannot be read: {error}"))?;
            says(first.as_deref(), &last, mark.bytes)
        };
        self.seen.insert(name.to_owned(), Seen { mark, since: Instant::now(), says });
        Ok(())
    }

    fn decide(
        &self,
        world: &World,
        name: &OsStr,
        seen: &Seen,
        positions: &mut BTreeMap<String, i64>,
    ) -> Result<Fate> {
        let head = match &seen.says {
            Says::Half if seen.since.elapsed() < self.half_after => {
                let detail = format!(
                    "its last line is not there; {} bytes so far, expected a signature at its end",
                    seen.mark.bytes
                );
                return Ok(Fate::Waits(Why::Half, detail));
            }
            Says::Half | Says::Nothing => return self.take(world, name, seen, positions),
            Says::Whole(head) => head,
        };
        if head.origin == world.origin() {
            return self.take(world, name, seen, positions);
        }
        let believed = world.read_now(|db| {
            if !positions.contains_key(&head.origin) {
                positions.insert(head.origin.clone(), segment::position(db, &head.origin)?);
            }
            neighbour::believes(db, &head.origin, &head.key, &head.endorsements)
        });
        match believed {
            Ok(_) => {}
            Err(Error::Conflict { code: "unknown-origin" | "unknown-key", detail }) => {
                return Ok(Fate::Waits(Why::Untrusted, detail));
            }
            // It is refused with its reason.
            Err(Error::Conflict { .. }) => {}
            Err(error) => return Err(error),
        }
        let here = positions.get(&head.origin).copied().unwrap_or(0);
        if here + 1 < head.first {
            return Ok(Fate::Waits(Why::Gap, gap(head, here)));
        }
        self.take(world, name, seen, positions)
    }

    /// Takes a file in, and puts it where it belongs after that.
    fn take(
        &self,
        world: &World,
        name: &OsStr,
        seen: &Seen,
        positions: &mut BTreeMap<String, i64>,
    ) -> Result<Fate> {
        let path = self.directory.join(name);
        let (mut opened, mark) = match file::open(&path) {
            Ok(opened) => opened,
            Err(reason) => return Ok(Fate::Left(reason)),
        };
        if mark != seen.mark {
            return Ok(Fate::Waits(Why::Half, "it is being changed".to_owned()));
        }
        let taken = if segment::LARGEST < mark.bytes {
            // Without copying what is not read.
            Err(Error::invalid("file", format!("{} bytes", mark.bytes), at_most()))
        } else {
            if segment::room_for(world, mark.bytes).is_err() {
                return Ok(Fate::Waits(Why::Trouble, no_room(mark.bytes)));
            }
            segment::take_in_with_head(world, &mut opened)
        };
        match taken {
            Ok((head, taken)) => {
                positions.remove(&head.origin);
                note_taken(world, name, &head, taken)?;
                self.put_away(name, &mark, DONE, None)
            }
            Err(Error::Conflict { code: "unknown-origin" | "unknown-key", detail }) => {
                Ok(Fate::Waits(Why::Untrusted, detail))
            }
            Err(
                error @ (Error::Conflict { .. } | Error::Invalid { .. } | Error::TooLarge { .. }),
            ) => self.put_away(name, &mark, REFUSED, Some(&error.to_string())),
            Err(error) => Err(error),
        }
    }

    /// Moves the file that was looked at into one of our directories. If another has taken
    /// its place meanwhile, that one stays in the inbox.
    fn put_away(&self, name: &OsStr, mark: &Mark, into: &str, why: Option<&str>) -> Result<Fate> {
        let path = self.directory.join(name);
        if file::look(&path).ok().as_ref() != Some(mark) {
            // Whoever carries it here writes over it: what was read was not all of it.
            return Ok(Fate::Waits(Why::Half, "it was changed while it was read".to_owned()));
        }
        let failed =
            |error: std::io::Error| Ok(Fate::Waits(Why::Trouble, format!("{into}: {error}")));
        let directory = self.directory.join(into);
        // The same name again may be other bytes: of a wider reading, or of another origin.
        let (mut place, newest) = free(&directory, name);
        if let Some(newest) = newest.filter(|newest| why.is_none() && file::same(newest, &path)) {
            // What a gateway brings again and again is kept once.
            place = newest;
        }
        if let Some(why) = why {
            let mut beside = place.clone().into_os_string();
            beside.push(REASON);
            let text = format!(
                "文件 / file: {}\n原因 / reason: {why}\n时间 / at: {}\n",
                name.display(),
                machine_now().to_beijing()
            );
            if let Err(error) = file::write_beside(Path::new(&beside), &text) {
                return failed(error);
            }
        }
        if let Err(error) = std::fs::rename(&path, &place) {
            return failed(error);
        }
        match file::look(&place) {
            Ok(moved) if moved.is_file_of(mark) => Ok(Fate::Away),
            _ => {
                let back = std::fs::rename(&place, &path);
                back.map_or_else(failed, |()| {
                    Ok(Fate::Waits(Why::Half, "another file took its place".to_owned()))
                })
            }
        }
    }

    /// Removes what was put away long ago.
    fn tidy(&mut self) {
        if self.tidied.is_some_and(|at| at.elapsed() < TIDY_EVERY) {
            return;
        }
        self.tidied = Some(Instant::now());
        let oldest = machine_now().as_millis() / 1_000 - KEPT_DAYS * 86_400;
        for directory in [DONE, REFUSED] {
            let Ok(entries) = std::fs::read_dir(self.directory.join(directory)) else { continue };
            for entry in entries.flatten() {
                let Ok(seen) = std::fs::symlink_metadata(entry.path()) else { continue };
                // Since when it is there, whatever its sender's clock said of it.
                if seen.file_type().is_file() && seen.ctime() < oldest {
                    // Left for the next time at worst.
                    let _ = std::fs::remove_file(entry.path());
                }
            }
        }
    }
}

impl InboxState {
    fn leave(&mut self, name: &OsStr, reason: String) {
        self.left_count += 1;
        if self.left.len() < MOST_SHOWN {
            self.left.push(LeftFile { file: name.display().to_string(), reason });
        }
    }

    fn wait(&mut self, name: &OsStr, seen: &Seen, why: Why, detail: String) {
        self.waiting_count += 1;
        if self.waiting.len() == MOST_SHOWN {
            return;
        }
        let head = match &seen.says {
            Says::Whole(head) => Some(head),
            Says::Half | Says::Nothing => None,
        };
        self.waiting.push(WaitingFile {
            file: name.display().to_string(),
            origin: head.map(|head| head.origin.chars().take(64).collect()).unwrap_or_default(),
            first: head.map(|head| head.first),
            last: head.map(|head| head.last),
            why,
            detail,
        });
    }
}

fn at_most() -> String {
    format!("at most {}", segment::LARGEST)
}

/// Why a file is not copied: asked first, so that no part of it is.
fn no_room(bytes: u64) -> String {
    format!("the disk has no room for a copy of its {bytes} bytes beside what facts need")
}

/// Why a segment does not continue what is here.
fn gap(head: &SegmentHead, here: i64) -> String {
    format!("{} #{} came, #{} is next", head.origin, head.first, here + 1)
}

/// What a file says of itself by its first line and its end.
fn says(first: Option<&[u8]>, last: &[u8], bytes: u64) -> Says {
    let Some(first) = first else {
        // A first line that is longer than any head is no head.
        return if bytes < LONGEST_HEAD { Says::Half } else { Says::Nothing };
    };
    let head = std::str::from_utf8(first).ok().and_then(|text| segment::head_of(text).ok());
    let Some(head) = head else { return Says::Nothing };
    if segment::ends_with_seal(last) { Says::Whole(head) } else { Says::Half }
}

/// A name in `directory` that nothing has yet, and the one before it, if there is one. They
/// are counted on; a file that comes back all day is found by few looks.
fn free(directory: &Path, name: &OsStr) -> (PathBuf, Option<PathBuf>) {
    let place = |number: u64| {
        let behind = if number == 1 { String::new() } else { format!(".{number}") };
        directory.join(shortened(name, &behind))
    };
    let is_taken = |number| std::fs::symlink_metadata(place(number)).is_ok();
    let (mut taken, mut free) = (0, 1);
    while is_taken(free) {
        (taken, free) = (free, free * 2);
    }
    while taken + 1 < free {
        let middle = taken.midpoint(free);
        if is_taken(middle) { taken = middle } else { free = middle }
    }
    (place(free), (0 < taken).then(|| place(taken)))
}

fn shortened(name: &OsStr, behind: &str) -> OsString {
    let mut bytes = name.as_bytes().to_vec();
    bytes.truncate(LONGEST_NAME);
    bytes.extend_from_slice(behind.as_bytes());
    OsString::from_vec(bytes)
}

/// Notes the newest file of an origin that brought something.
fn note_taken(world: &World, name: &OsStr, head: &SegmentHead, taken: Taken) -> Result<()> {
    if taken.new == 0 {
        return Ok(());
    }
    let fresh = i64::try_from(taken.new).unwrap_or(i64::MAX);
    // No database keeps a NUL character, and no name has one.
    let file: String = name.display().to_string();
    let (origin, first, last) = (head.origin.clone(), head.first, head.last);
    world.run(Lane::Ordinary, "exchange", move |tx| {
        let now = tx.machine_now();
        tx.work().run(
            "insert into segment_taken (origin, file, first, last, fresh, taken_at) \
             values ($1, $2, $3, $4, $5, $6) on conflict (origin) do update \
             set file = excluded.file, first = excluded.first, last = excluded.last, \
             fresh = excluded.fresh, taken_at = excluded.taken_at",
            params![&origin, &file, first, last, fresh, now],
        )?;
        Ok(())
    })
}

/// A file that was refused, with its reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub(super) struct RefusedFile {
    file: String,
    reason: String,
    refused_at: Timestamp,
}

/// The newest files that were refused; a hundred at most.
pub(super) fn refused_files(directory: &Path) -> Vec<RefusedFile> {
    let Ok(entries) = std::fs::read_dir(directory.join(REFUSED)) else { return Vec::new() };
    let mut newest = BTreeSet::new();
    for entry in entries.flatten() {
        let name = entry.file_name();
        if name.as_bytes().ends_with(REASON.as_bytes()) {
            continue;
        }
        let Ok(seen) = std::fs::symlink_metadata(entry.path()) else { continue };
        newest.insert((seen.ctime(), seen.ctime_nsec(), name));
        if 100 < newest.len() {
            newest.pop_first();
        }
    }
    let told = |(seconds, nanos, name): (i64, i64, OsString)| {
        let mut beside = directory.join(REFUSED).join(&name).into_os_string();
        beside.push(REASON);
        let text = file::open(Path::new(&beside)).ok().and_then(|(file, _)| {
            let mut text = String::new();
            std::io::Read::read_to_string(&mut std::io::Read::take(file, 16 << 10), &mut text)
                .ok()?;
            text.lines().find_map(|line| Some(line.split_once("reason: ")?.1.to_owned()))
        });
        RefusedFile {
            file: name.display().to_string(),
            reason: text.unwrap_or_else(|| "no reason is beside it".to_owned()),
            refused_at: Timestamp::from_millis(seconds * 1_000 + nanos / 1_000_000),
        }
    };
    newest.into_iter().rev().map(told).collect()
}
