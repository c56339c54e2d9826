//! Where a world's snapshots stand: what is there, what is sound, what may go.

use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard};

use base::{Duration, Timestamp};
use sha2::{Digest as _, Sha256};

use super::{Snapshot, hash_at};
use crate::db::{Conn, Durability, Read, Sqlite};
use crate::error::{Error, Result};
use crate::fold::{Plan, Target, Until};

/// The last of each of so many days is kept: whatever went wrong is usually seen, and
/// the world of that day opened, within a week.
const DAYS_KEPT: i64 = 7;
/// And the last of each of so many weeks: an inquiry looks back a season, and then
/// folds at most a week's facts.
const WEEKS_KEPT: i64 = 12;
/// Damaged ones kept for whoever looks into it; they may be large.
const DAMAGED_KEPT: usize = 3;

const DAY: i64 = 86_400_000;
/// The description of a snapshot is a few kilobytes; more is none of ours.
const LONGEST_DESCRIPTION: u64 = 4 << 20;
const DAMAGED: &str = ".damaged";
const MAKING: &str = "making.db";

/// The directory of a world's snapshots.
pub struct Shelf {
    directory: PathBuf,
    /// Held while one is made: one at a time.
    making: Mutex<()>,
    /// Held while files are taken or change their place.
    files: Mutex<()>,
}

impl Shelf {
    /// Nothing is created before the first snapshot is made.
    pub(crate) fn new(directory: PathBuf) -> Shelf {
        Shelf { directory, making: Mutex::new(()), files: Mutex::new(()) }
    }

    /// The snapshots that are there, newest first. A description that does not read is
    /// set aside.
    pub fn list(&self) -> Vec<Snapshot> {
        let mut seqs: Vec<i64> = self.names().iter().filter_map(|name| seq_of(name)).collect();
        seqs.sort_unstable_by(|one, other| other.cmp(one));
        seqs.into_iter().filter_map(|seq| self.read(seq)).collect()
    }

    /// The newest snapshot.
    pub fn newest(&self) -> Option<Snapshot> {
        self.list().into_iter().next()
    }

    /// How many were set aside because they were damaged.
    pub fn damaged(&self) -> usize {
        let is_damaged = |name: &&String| name.ends_with(&format!(".json{DAMAGED}"));
        self.names().iter().filter(is_damaged).count()
    }

    fn names(&self) -> Vec<String> {
        // No directory: no snapshot yet.
        let entries = std::fs::read_dir(&self.directory).into_iter().flatten().flatten();
        entries.filter_map(|entry| entry.file_name().into_string().ok()).collect()
    }

    fn file(&self, seq: i64) -> PathBuf {
        self.directory.join(format!("{seq}.db"))
    }

    fn description(&self, seq: i64) -> PathBuf {
        self.directory.join(format!("{seq}.json"))
    }

    fn read(&self, seq: i64) -> Option<Snapshot> {
        let mut text = String::new();
        let limited = File::open(self.description(seq)).map(|file| file.take(LONGEST_DESCRIPTION));
        let read = limited.and_then(|mut file| file.read_to_string(&mut text));
        let fault = match read {
            // Gone since its name was read.
            Err(error) if error.kind() == io::ErrorKind::NotFound => return None,
            Err(error) if error.kind() == io::ErrorKind::InvalidData => error.to_string(),
            Err(error) => {
                tracing::error!(seq, %error, "the description of a snapshot cannot be read");
                return None;
            }
            Ok(_) => match serde_json::from_str::<Snapshot>(&text) {
                Ok(snapshot) if snapshot.seq == seq => return Some(snapshot),
                Ok(snapshot) => format!("it describes entry {}", snapshot.seq),
                Err(error) => error.to_string(),
            },
        };
        self.set_aside(seq, &fault);
        None
    }

    /// The snapshot nearest before the end of a fold, and a copy of its database in
    /// `target`. One that is damaged or of another log is set aside and not used.
    ///
    /// # Errors
    /// [`Error::Db`] when the log does not answer, [`Error::Internal`] when the copy
    /// cannot be written.
    pub(crate) fn nearest(
        &self,
        target: &Target<'_>,
        source: &mut dyn Read,
        plan: &Plan<'_>,
        until: Until,
    ) -> Result<Option<(Snapshot, Conn)>> {
        let _files = self.hold();
        for snapshot in self.list() {
            if !snapshot.serves(plan, until) {
                continue;
            }
            match hash_at(source, snapshot.seq)? {
                Some(hash) if hash == snapshot.hash => {}
                Some(_) => {
                    self.set_aside(snapshot.seq, "the log holds another entry at its end");
                    continue;
                }
                // The log was cut back to an older copy; it may grow past this again.
                None => continue,
            }
            if let Err(fault) = self.check(&snapshot) {
                self.set_aside(snapshot.seq, &fault);
                continue;
            }
            let file = self.file(snapshot.seq);
            let conn = match target {
                Target::Scratch => Sqlite::scratch_of(&file)?,
                Target::File(path) => {
                    std::fs::copy(&file, path).map_err(failed(path))?;
                    Sqlite::open_writer(path, Durability::Never)?
                }
            };
            return Ok(Some((snapshot, Conn::Sqlite(conn))));
        }
        Ok(None)
    }

    /// Whether a snapshot's file is the one that was made.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn check(&self, snapshot: &Snapshot) -> Result<(), String> {
        let (size, sha256) =
            digest(&self.file(snapshot.seq)).map_err(|error| format!("its file: {error}"))?;
        if size != snapshot.size {
            return Err(format!("its file has {size} bytes, {} were written", snapshot.size));
        }
        if sha256 != snapshot.sha256 {
            return Err("its file is not what its digest says".to_owned());
        }
        Ok(())
    }

    /// Removes the snapshots at `seq` and after: what they folded is not so any more.
    ///
    /// # Errors
    /// [`Error::Internal`] when one cannot be removed.
    pub(crate) fn drop_from(&self, seq: i64) -> Result<()> {
        let _files = self.hold();
        let stale = self.list().into_iter().filter(|snapshot| seq <= snapshot.seq);
        for path in stale.flat_map(|it| [self.description(it.seq), self.file(it.seq)]) {
            match std::fs::remove_file(&path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    return Err(failed(&path)(error));
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn set_aside(&self, seq: i64, fault: &str) {
        tracing::error!(seq, fault, "a snapshot is damaged: set aside, and not used");
        for path in [self.file(seq), self.description(seq)] {
            let mut aside = path.clone().into_os_string();
            aside.push(DAMAGED);
            match std::fs::rename(&path, aside) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    tracing::error!(seq, %error, "a damaged snapshot cannot be set aside");
                }
                _ => {}
            }
        }
    }

    /// Waits until no other snapshot is being made.
    pub(super) fn making(&self) -> MutexGuard<'_, ()> {
        // Whoever panicked left a file that the next one clears.
        self.making.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn hold(&self) -> MutexGuard<'_, ()> {
        self.files.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Makes room for a new file, and says where it is to be.
    pub(super) fn clear_for_making(&self) -> Result<PathBuf> {
        std::fs::create_dir_all(&self.directory).map_err(failed(&self.directory))?;
        for name in self.names().iter().filter(|name| name.starts_with(MAKING)) {
            let path = self.directory.join(name);
            std::fs::remove_file(&path).map_err(failed(&path))?;
        }
        Ok(self.directory.join(MAKING))
    }

    /// Puts a finished file in its place, its description after it, and removes what
    /// need not be kept any more.
    pub(super) fn publish(&self, made: &Path, snapshot: &Snapshot) -> Result<()> {
        let _files = self.hold();
        let (file, description) = (self.file(snapshot.seq), self.description(snapshot.seq));
        // One of the same seq is no snapshot any more, before its file is another.
        match std::fs::remove_file(&description) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(failed(&description)(error));
            }
            _ => {}
        }
        std::fs::rename(made, &file).map_err(failed(&file))?;
        let unfinished = self.directory.join(format!("{MAKING}.json"));
        let text = serde_json::to_string_pretty(snapshot)
            .map_err(|error| Error::Internal(format!("snapshot: {error}")))?;
        let write = || {
            let mut out = File::create(&unfinished)?;
            out.write_all(text.as_bytes())?;
            out.sync_all()?;
            std::fs::rename(&unfinished, &description)?;
            File::open(&self.directory)?.sync_all()
        };
        write().map_err(failed(&description))?;
        self.tidy(snapshot.made);
        Ok(())
    }

    /// Removes what is not kept: see the constants above, and files without a
    /// description. What cannot be removed is said and tried again with the next.
    fn tidy(&self, now: Timestamp) {
        let made: Vec<(i64, Timestamp)> =
            self.list().iter().map(|snapshot| (snapshot.seq, snapshot.made)).collect();
        let kept = kept(&made, now);
        let mut superfluous: Vec<PathBuf> = Vec::new();
        let mut damaged = Vec::new();
        for name in self.names() {
            if let Some(seq) = name.strip_suffix(".json").and_then(|seq| seq.parse().ok()) {
                // The description goes first: from then on it is no snapshot.
                if !kept.contains(&seq) && made.iter().any(|(other, _)| *other == seq) {
                    superfluous.extend([self.description(seq), self.file(seq)]);
                }
            } else if let Some(seq) = name.strip_suffix(".db").and_then(|seq| seq.parse().ok()) {
                if !made.iter().any(|(other, _)| *other == seq) {
                    superfluous.push(self.file(seq));
                }
            } else if let Some(rest) = name.strip_suffix(DAMAGED) {
                damaged.extend(rest.split_once('.').and_then(|(seq, _)| seq.parse::<i64>().ok()));
            }
        }
        damaged.sort_unstable_by(|one, other| other.cmp(one));
        damaged.dedup();
        for seq in damaged.into_iter().skip(DAMAGED_KEPT) {
            for kind in ["db", "json"] {
                superfluous.push(self.directory.join(format!("{seq}.{kind}{DAMAGED}")));
            }
        }
        for path in superfluous {
            match std::fs::remove_file(&path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    tracing::error!(path = %path.display(), %error, "an old snapshot stays");
                }
                _ => {}
            }
        }
    }
}

/// The seq in the name of a description.
fn seq_of(name: &str) -> Option<i64> {
    name.strip_suffix(".json")?.parse().ok()
}

/// Which snapshots are kept: the newest, the last of each of the last
/// [`DAYS_KEPT`] days, and the last of each of the [`WEEKS_KEPT`] weeks before.
///
/// `made` is newest first. Days are Beijing days; what a clock that was set back calls
/// the future is of today.
fn kept(made: &[(i64, Timestamp)], now: Timestamp) -> Vec<i64> {
    let day = |moment: Timestamp| (moment + Duration::from_hours(8)).as_millis().div_euclid(DAY);
    let today = day(now);
    let mut taken = std::collections::BTreeSet::new();
    let mut kept = Vec::new();
    for (at, (seq, moment)) in made.iter().enumerate() {
        let day = day(*moment).min(today);
        let age = today - day;
        let place = if age < DAYS_KEPT {
            Some(("day", day))
        } else if age < DAYS_KEPT + 7 * WEEKS_KEPT {
            Some(("week", day.div_euclid(7)))
        } else {
            None
        };
        if at == 0 || place.is_some_and(|place| !taken.contains(&place)) {
            kept.push(*seq);
        }
        taken.extend(place);
    }
    kept
}

/// Syncs a finished file; answers its size in bytes and its SHA-256.
pub(super) fn seal(path: &Path) -> Result<(u64, String)> {
    File::open(path).and_then(|file| file.sync_all()).map_err(failed(path))?;
    digest(path).map_err(failed(path))
}

fn digest(path: &Path) -> io::Result<(u64, String)> {
    let mut file = File::open(path)?;
    let mut hash = Sha256::new();
    let mut piece = vec![0; 1 << 16];
    let mut size = 0;
    loop {
        let read = file.read(&mut piece)?;
        if read == 0 {
            return Ok((size, hex::encode(hash.finalize())));
        }
        size += read as u64;
        hash.update(&piece[..read]);
    }
}

fn failed(path: &Path) -> impl Fn(io::Error) -> Error + '_ {
    move |error| Error::Internal(format!("{}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_week_of_days_and_a_season_of_weeks_are_kept() {
        let now = Timestamp::from_beijing([2026, 8, 3], [3, 0, 0]).expect("a minute");
        // One a day for 200 days, seq 200 today; and two more of today.
        let mut made: Vec<(i64, Timestamp)> =
            (0..200).map(|age| (200 - age, now - Duration::from_hours(24 * age))).collect();
        let kept_of = |made: &[(i64, Timestamp)]| kept(made, now);
        let once = kept_of(&made);
        assert_eq!(once[..7], [200, 199, 198, 197, 196, 195, 194]);
        let weeks = &once[7..];
        assert!((12..=13).contains(&weeks.len()), "{weeks:?}");
        assert!(weeks[1..].windows(2).all(|pair| pair[0] - pair[1] == 7), "{weeks:?}");
        assert!(200 - 7 - 84 < *weeks.last().expect("some"), "{weeks:?}");
        // Thinned out day by day, what is kept of each week is its last day still.
        made.retain(|(seq, _)| once.contains(seq));
        assert_eq!(kept_of(&made), once);
        // Two of one day: the later. One that a clock set back calls the future: today's.
        let ahead = now + Duration::from_hours(72);
        assert_eq!(kept(&[(9, now), (8, now), (7, ahead), (6, ahead)], now), [9]);
        assert!(kept(&[], now).is_empty());
        // The newest is kept, however long ago.
        assert_eq!(kept(&[(3, now - Duration::from_hours(24 * 400))], now), [3]);
    }
}
