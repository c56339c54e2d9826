//! The drop folder: files that OpenSSH, an FTP server or a copy leaves on this machine,
//! in `inbox/<mine>/`, as deep as `inbox/<mine>/jxry/<mine>/`.
//!
//! In: whole files of mines. Out: arrivals at `intake`; a file goes when what it says is
//! on disk, and not before. What is not wanted lies in `quarantine/<mine>/` with its
//! reason beside it. How it is set up: `docs/how-to/receive-coal-files.md`.
//!
//! A file is looked at when it ends as a whole one does, taken out of the sender's reach by
//! one rename, and read there; after a crash what was taken is read again, and the series
//! drop what they have. What is not whole stays for ten minutes after its last change.
//! Senders are trusted with nothing: names say what they say, links are never followed,
//! and a file in the wrong mine's folder is nobody's.

mod candidate;
pub(crate) mod disk;

use std::collections::{HashMap, HashSet, VecDeque};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use base::Timestamp;
use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, unbounded};
use host::world::wall_clock;
use wire::coal42::{FileName, Limits, NameRule, ends_whole};
use wire::session::Outcome;

use self::candidate::{Candidate, candidates};
use self::disk::{Folder, Move, Seen};
use crate::intake::budget::{Holder, Share};
use crate::intake::{Arrival, Intake, Refuse, Verdict};
use crate::protocol::{Coal42, Dialect as _, Listed as _, MineFile, Protocol, Refusal};

/// Where the folder is, and how it is watched; all in machine time.
#[derive(Debug, Clone)]
pub struct Config {
    /// Holds `inbox`, `taken` and `quarantine`, which are made when they are missing.
    pub directory: PathBuf,
    /// How often the inbox is looked at. Default 250 ms.
    pub look_every: Duration,
    /// How long a file may stay incomplete, or of a mine that is not registered, after
    /// its last change. Default 10 min.
    pub patience: Duration,
    /// How soon a file of a mine that nobody has registered is tried again. Default 30 s.
    pub again: Duration,
}

impl Config {
    pub fn new(directory: PathBuf) -> Config {
        let (look_every, patience) = (Duration::from_millis(250), Duration::from_secs(600));
        Config { directory, look_every, patience, again: Duration::from_secs(30) }
    }
}

/// Holds a folder for each mine.
const INBOX: &str = "inbox";
/// Mines of one inbox.
const MINES: usize = 10_000;
/// Files that are taken together.
const BATCH: usize = 512;
/// Files that are taken and wait to be read; more stay with their senders.
const READY: usize = 20_000;
/// Files that intake has and has not settled.
const IN_FLIGHT: usize = 256;
/// Characters of a sender's name that are kept, of up to four bytes each.
const LONGEST_NAME: usize = 50;
/// How soon what could not be taken is tried again.
const AGAIN: Duration = Duration::from_secs(2);

/// Watches a drop folder until the world is closed; returns where the mines' folders are.
///
/// # Errors
/// When its folders cannot be made or opened.
pub fn watch(intake: &Intake, config: Config) -> io::Result<PathBuf> {
    let root = Folder::root(&config.directory)?;
    let inbox = std::path::absolute(&config.directory)?.join(INBOX);
    let (settled, verdicts) = unbounded();
    let watch = Watch {
        intake: intake.clone(),
        inbox: root.make(INBOX)?,
        taken: root.make("taken")?,
        quarantine: root.make("quarantine")?,
        config,
        settled,
        verdicts,
        ready: VecDeque::new(),
        flights: HashMap::new(),
        serial: 0,
        waiting: HashMap::new(),
        later: Vec::new(),
    };
    tracing::info!(directory = %watch.config.directory.display(), "files of mines are awaited");
    intake.world().spawn("drop-folder", move || watch.serve());
    Ok(inbox)
}

struct Watch {
    intake: Intake,
    config: Config,
    inbox: Folder,
    taken: Folder,
    quarantine: Folder,
    settled: Sender<(u64, Verdict)>,
    verdicts: Receiver<(u64, Verdict)>,
    /// What was taken and is not read yet, in order.
    ready: VecDeque<Taken>,
    /// What intake has and has not settled.
    flights: HashMap<u64, Flight>,
    serial: u64,
    /// What is not whole yet, by its place, as it was when it was looked at.
    waiting: HashMap<PathBuf, Seen>,
    /// What was taken and is to be tried again.
    later: Vec<(Instant, Taken)>,
}

/// A file that was taken: out of its sender's reach.
struct Taken {
    mine: String,
    /// As its sender named it.
    name: String,
    /// Its name in the mine's folder of what is taken.
    held_as: String,
    changed: Timestamp,
}

struct Flight {
    taken: Taken,
    note_since: Instant,
    _share: Share,
}

impl Watch {
    fn serve(mut self) {
        self.resume();
        while self.intake.world().is_open() {
            if let Err(error) = self.round() {
                tracing::error!(%error, "the drop folder could not be looked at");
            }
            self.work_until(Instant::now() + self.config.look_every);
        }
    }

    /// What was taken before a stop or a crash is read again.
    fn resume(&mut self) {
        let mines = self.taken.folders(MINES).unwrap_or_default();
        for mine in mines {
            let entries = self.taken.open(&mine).and_then(|folder| folder.entries(usize::MAX));
            for entry in entries.unwrap_or_default() {
                let name = entry.name.split_once('+').map_or(entry.name.as_str(), |it| it.1);
                let (name, held_as) = (name.to_owned(), entry.name.clone());
                let serial = entry.name.split('+').next().and_then(|it| it.parse().ok());
                self.serial = self.serial.max(serial.unwrap_or(0));
                let changed = entry.seen.changed;
                let taken = Taken { mine: mine.clone(), name, held_as, changed };
                self.ready.push_back(taken);
            }
        }
        self.ready.make_contiguous().sort_by(|one, other| one.name.cmp(&other.name));
    }

    /// Takes what is whole out of the senders' reach, however much of it waits to be read.
    fn round(&mut self) -> io::Result<()> {
        let due = |(at, _): &(Instant, Taken)| *at <= Instant::now();
        let (now, later): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.later).into_iter().partition(due);
        self.later = later;
        self.ready.extend(now.into_iter().map(|(_, taken)| taken));
        let candidates = candidates(&self.inbox)?;
        let places: HashSet<&Path> =
            candidates.iter().map(|candidate| candidate.place.as_path()).collect();
        self.waiting.retain(|place, _| places.contains(place.as_path()));
        let room = READY.saturating_sub(self.ready.len());
        let mut whole = Vec::new();
        for candidate in candidates {
            // The others wait with their senders, and are not looked into each round.
            if room <= whole.len() {
                break;
            }
            match self.consider(&candidate) {
                Ok(true) => whole.push(candidate),
                Ok(false) => {}
                // Gone since, most likely; the next round sees what there is.
                Err(error) => {
                    tracing::debug!(%error, place = %candidate.place.display(), "a file was not taken");
                }
            }
        }
        for batch in whole.chunks(BATCH) {
            let taken = self.take(batch);
            self.ready.extend(taken);
        }
        Ok(())
    }

    /// Whether a file is whole; puts it away when it never can be.
    fn consider(&mut self, candidate: &Candidate) -> io::Result<bool> {
        let Candidate { folder, place, entry, .. } = candidate;
        let seen = entry.seen;
        let is_old = self.is_old(seen.changed);
        if self.waiting.get(place) == Some(&seen) && !is_old {
            return Ok(false);
        }
        if !entry.is_file {
            let reason = "it is a link or a device, expected a file";
            return self.put_away(candidate, "NOT_A_FILE", reason);
        }
        let limit = Limits::default().bytes as u64;
        if limit < seen.length {
            let reason = format!("file has {} bytes, the limit is {limit}", seen.length);
            return self.put_away(candidate, "SIZE", &reason);
        }
        if let Err(error) = FileName::parse(&entry.name, NameRule::Tolerant) {
            return self.put_away(candidate, "NAME", &error.to_string());
        }
        if !ends_whole(&folder.tail(&entry.name, 64)?) {
            if is_old {
                let reason = "file does not end with || and has not changed for too long";
                return self.put_away(candidate, "INCOMPLETE", reason);
            }
            self.waiting.insert(place.clone(), seen);
            return Ok(false);
        }
        self.waiting.remove(place);
        Ok(true)
    }

    fn is_old(&self, changed: Timestamp) -> bool {
        let age = wall_clock().since(changed).as_millis();
        i64::try_from(self.config.patience.as_millis()).is_ok_and(|patience| patience <= age)
    }

    /// One rename each, and the sender has them no more; the disk is waited for once for
    /// all of them. What could not be renamed is left out, and looked at again.
    fn take(&mut self, batch: &[Candidate]) -> Vec<Taken> {
        let mut folders: HashMap<&str, Arc<Folder>> = HashMap::new();
        let (mut moves, mut takes) = (Vec::new(), Vec::new());
        for Candidate { mine, folder, entry, .. } in batch {
            let into = match folders.get(mine.as_str()) {
                Some(into) => Arc::clone(into),
                None => match self.taken.make(mine).map(Arc::new) {
                    Ok(into) => Arc::clone(folders.entry(mine).or_insert(into)),
                    Err(error) => {
                        tracing::error!(%error, %mine, "there is no folder for what is taken");
                        continue;
                    }
                },
            };
            self.serial += 1;
            // With its number and the ending of a reason no longer than a name may be.
            let short: String = entry.name.chars().take(LONGEST_NAME).collect();
            let held_as = format!("{:012}+{short}", self.serial);
            let (mine, name, changed) = (mine.clone(), entry.name.clone(), entry.seen.changed);
            moves.push(Move { from: folder, name: &entry.name, into, as_name: held_as.clone() });
            takes.push(Taken { mine, name, held_as, changed });
        }
        let moved = disk::rename_all(&moves);
        let mut taken = Vec::with_capacity(takes.len());
        for (take, moved) in takes.into_iter().zip(moved) {
            match moved {
                Ok(()) => taken.push(take),
                Err(error) => tracing::debug!(%error, name = %take.name, "a file was not taken"),
            }
        }
        taken
    }

    fn deliver(&mut self, taken: Taken) {
        let mine = Holder::sender(Protocol::Coal42, &taken.mine);
        let mut share = self.intake.budget().share(mine);
        if !share.may_read() || !self.intake.world().is_open() {
            self.later.push((Instant::now() + AGAIN, taken));
            return;
        }
        let read = self
            .taken
            .open(&taken.mine)
            .and_then(|folder| folder.read(&taken.held_as, Limits::default().bytes));
        let bytes = match read {
            Ok(bytes) => bytes,
            Err(error) => {
                tracing::warn!(%error, name = %taken.name, "a file that was taken cannot be read");
                self.quarantine(&taken, "NOT_A_FILE", &error.to_string());
                return;
            }
        };
        share.take(bytes.len());
        let received = self.intake.world().clock().now();
        let source: Arc<str> = format!("file:{}", taken.name).into();
        match MineFile::of_folder(&taken.mine, &taken.name, &bytes, received) {
            Ok(message) => {
                self.serial += 1;
                let (flight, settled) = (self.serial, self.settled.clone());
                let raw = message.kept(&bytes);
                let arrival = Arrival {
                    source,
                    sender: Coal42::sender(&message),
                    received,
                    raw,
                    message: Coal42::wrap(message),
                    // After the end of the world nobody waits for it.
                    settle: Box::new(move |verdict| drop(settled.send((flight, verdict)))),
                };
                let (note_since, _share) = (Instant::now(), share);
                self.flights.insert(flight, Flight { taken, note_since, _share });
                self.intake.deliver(arrival);
            }
            Err(refusal) if refusal.is_incomplete() && !self.is_old(taken.changed) => {
                // Its last bytes looked like an end and were half a character.
                self.later.push((Instant::now() + AGAIN, taken));
            }
            Err(refusal) => self.refuse(&taken, refusal, &bytes, source, received),
        }
    }

    /// What can be made nothing of: kept here, and shown among what was refused.
    fn refuse(
        &self,
        taken: &Taken,
        refusal: Refusal,
        bytes: &[u8],
        source: Arc<str>,
        received: Timestamp,
    ) {
        let reason = format!("{}: {}", refusal.code, refusal.reason);
        self.quarantine(taken, refusal.code, &refusal.reason);
        let raw = refusal.evidence(bytes);
        let (protocol, suspects) = (Protocol::Coal42, vec![taken.mine.clone()]);
        self.intake.refuse(Refuse { source, received, protocol, raw, reason, suspects });
    }

    /// Hands on what was taken and carries out verdicts, until then or until the world is
    /// closed.
    fn work_until(&mut self, then: Instant) {
        loop {
            while self.flights.len() < IN_FLIGHT
                && Instant::now() < then
                && let Some(taken) = self.ready.pop_front()
            {
                self.deliver(taken);
            }
            let left = then.saturating_duration_since(Instant::now());
            match self.verdicts.recv_timeout(left) {
                Ok((flight, verdict)) => self.settle(flight, verdict),
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    fn settle(&mut self, flight: u64, verdict: Verdict) {
        let Some(Flight { taken, note_since, .. }) = self.flights.remove(&flight) else { return };
        match verdict.outcome {
            Outcome::Stored => {
                let gone = self.taken.open(&taken.mine).and_then(|it| it.remove(&taken.held_as));
                if let Err(error) = gone {
                    // It is read again after a restart, and stored once all the same.
                    tracing::error!(%error, name = %taken.name, "a stored file could not be removed");
                }
                if let Some(note) = verdict.note {
                    self.intake.keep(note.acknowledged(note_since.elapsed()));
                }
                return;
            }
            Outcome::Busy => self.later.push((Instant::now() + AGAIN, taken)),
            Outcome::Refused(reason) | Outcome::Unreadable(reason) => {
                // Who registers the mine meanwhile takes in what waits.
                if verdict.is_stranger && !self.is_old(taken.changed) {
                    self.later.push((Instant::now() + self.config.again, taken));
                } else {
                    self.quarantine(&taken, "REFUSED", &reason);
                }
            }
        }
        if let Some(note) = verdict.note {
            self.intake.keep(note);
        }
    }

    /// Never to be taken in: kept aside, and shown among what was refused.
    fn put_away(
        &mut self,
        candidate: &Candidate,
        code: &'static str,
        reason: &str,
    ) -> io::Result<bool> {
        self.waiting.remove(&candidate.place);
        for taken in self.take(std::slice::from_ref(candidate)) {
            let received = self.intake.world().clock().now();
            let source: Arc<str> = format!("file:{}", taken.name).into();
            let (reason, mine) = (reason.to_owned(), Some(taken.mine.clone()));
            // Its bytes are not read at all.
            let refusal = Refusal { code, reason, mine, is_personal: true };
            self.refuse(&taken, refusal, &[], source, received);
        }
        Ok(false)
    }

    fn quarantine(&self, taken: &Taken, code: &str, reason: &str) {
        tracing::warn!(name = %taken.name, mine = %taken.mine, code, reason, "a file was put away");
        let moved = || -> io::Result<()> {
            let from = self.taken.open(&taken.mine)?;
            let into = Arc::new(self.quarantine.make(&taken.mine)?);
            let (name, as_name) = (taken.held_as.as_str(), taken.held_as.clone());
            // Serial numbers keep files of one name apart. The file first: after a stop
            // between the two it lies there without a reason, and not a reason without it.
            let one = Move { from: &from, name, into: Arc::clone(&into), as_name };
            disk::rename_all(&[one]).into_iter().collect::<io::Result<()>>()?;
            into.write(&format!("{}.reason.txt", taken.held_as), &format!("{code}: {reason}\n"))
        };
        if let Err(error) = moved() {
            tracing::error!(%error, name = %taken.name, "a file could not be put away");
        }
    }
}
