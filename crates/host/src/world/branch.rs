//! What branches off a world: looks into its past, and the directories of drills.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicI64};
use std::sync::{Arc, Mutex, RwLock};

use super::readers::Readers;
use super::{Inner, SNAPSHOTS, World};
use crate::clock::Clock;
use crate::db::{Durability, Read, Source};
use crate::error::{Error, Result};
use crate::inside::Insides;
use crate::live::Live;
use crate::log::{Book, Entry};
use crate::memo::Memo;
use crate::moved::Moved;
use crate::snapshot::Shelf;
use crate::{fold, log, view};

/// Marks of a branch's directory: what looks into the past, what practises, and
/// what was closed.
pub(crate) const PAST: &str = "past";
/// Written first and taken away last: what carries it never came to stand.
pub(crate) const OPENING: &str = "opening";
pub(crate) const DRILL: &str = "drill";
pub(crate) const CLOSED: &str = "closed";

impl World {
    /// This world as it was: its log folded up to `until`, its readings as they were
    /// known then, read-only, under another name.
    ///
    /// # Errors
    /// [`Error::Db`] when the log cannot be folded; [`Error::Invalid`] when nothing
    /// had been recorded by then.
    pub fn past(&self, name: &str, until: fold::Until) -> Result<World> {
        self.check_room()?;
        let claim = self.claim_directory(name)?;
        let path = claim.directory.join("facts.db");
        let kit = Arc::clone(&self.0.kit);
        let fold = |db: &mut dyn Read| {
            fold::fold_past(&path, db, &kit, self.origin(), until, self.shelf())
        };
        let (seq, views) = self.read_now(fold)?;
        let last =
            self.read_now(|db| log::after(db, Book::Log, seq - 1, 1).map_err(Error::from))?;
        let recorded = last.first().map(Entry::at);
        let moment = match until {
            fold::Until::Moment(moment) => Some(moment),
            fold::Until::Seq(_) | fold::Until::End => recorded,
        };
        let Some(moment) = moment.filter(|_| 0 < seq) else {
            return Err(Error::invalid("until", until, "a moment after the first fact"));
        };
        let directory = claim.stand(PAST)?;
        Ok(World(Arc::new(Inner {
            name: name.to_owned(),
            origin: self.0.origin.clone(),
            durable: self.0.durable,
            clock: Clock::still(moment),
            moved: Moved::new(&kit),
            kit,
            writer: RwLock::new(None),
            readers: Readers::new(Source::Sqlite { path, durability: Durability::Never }),
            series: self.0.series.clone(),
            readings: self.0.readings.clone(),
            documents: Arc::clone(&self.0.documents),
            keys: self.0.keys.clone(),
            shelf: Shelf::new(directory.join(SNAPSHOTS)),
            past: Some(moment),
            live: Live::default(),
            insides: Insides::default(),
            memos: Memo::default(),
            views: view::Board::new(views),
            last_seq: AtomicI64::new(seq),
            threads: Mutex::new(Vec::new()),
            told: Mutex::new(Vec::new()),
            errands: Mutex::new(Vec::new()),
            closing: AtomicBool::new(false),
            directory,
        })))
    }

    /// A branch and a snapshot copy what the log folds to; what room is left after
    /// that is for readings and facts.
    ///
    /// # Errors
    /// [`Error::Conflict`], `disk-low`.
    pub(crate) fn check_room(&self) -> Result<()> {
        // Folded on from the newest snapshot, with its write-ahead log beside it.
        let bytes = self.shelf().newest().map_or(0, |newest| 2 * newest.size);
        if self.space().has_room_for(bytes) {
            return Ok(());
        }
        let detail = format!("the disk has no room to spare for {} MiB", bytes >> 20);
        Err(Error::conflict("disk-low", detail))
    }

    /// Makes the directory of a branch beside this world's; it goes again unless it
    /// comes to stand.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a name that is no plain word, [`Error::Conflict`] for
    /// one that is taken: nothing that exists is ever touched.
    pub(crate) fn claim_directory(&self, name: &str) -> Result<Claim> {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if name.is_empty() || 40 < name.len() || !name.chars().all(plain) {
            let expected = "1 to 40 lower-case letters, digits or hyphens";
            return Err(Error::invalid("name", name, expected));
        }
        let directory = self.0.directory.with_file_name(name);
        match std::fs::create_dir(&directory) {
            Ok(()) => {}
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
                return Err(Error::conflict("world-exists", format!("{name} is there already")));
            }
            Err(error) => return Err(Error::Internal(format!("{name}: {error}"))),
        }
        let claim = Claim { directory, stands: false };
        std::fs::write(claim.directory.join(OPENING), "")
            .map_err(|error| Error::Internal(format!("{name}: {error}")))?;
        Ok(claim)
    }

    /// Closes a branch for good: a look into the past leaves nothing, a drill keeps
    /// its record and does not come back by itself.
    ///
    /// # Errors
    /// [`Error::Internal`] when its directory cannot be marked or removed.
    pub fn retire(&self) -> Result<()> {
        self.close();
        let directory = &self.0.directory;
        let done = if directory.join(PAST).exists() {
            std::fs::remove_dir_all(directory)
        } else {
            std::fs::write(directory.join(CLOSED), "")
        };
        done.map_err(|error| Error::Internal(format!("{}: {error}", self.0.name)))
    }
}

/// The directory of a branch that is being opened. Dropped before it stands, it takes
/// the directory away; what a killed process leaves, the next start does
/// ([`crate::drill::resume`]).
pub(crate) struct Claim {
    pub directory: PathBuf,
    stands: bool,
}

impl Claim {
    /// The branch is whole and may be opened again: it carries its mark from now on.
    pub(crate) fn stand(mut self, mark: &str) -> Result<PathBuf> {
        let marked = std::fs::write(self.directory.join(mark), "")
            .and_then(|()| std::fs::remove_file(self.directory.join(OPENING)))
            .and_then(|()| std::fs::File::open(&self.directory)?.sync_all());
        marked
            .map_err(|error| Error::Internal(format!("{}: {error}", self.directory.display())))?;
        self.stands = true;
        Ok(std::mem::take(&mut self.directory))
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        if !self.stands
            && let Err(error) = std::fs::remove_dir_all(&self.directory)
        {
            let directory = self.directory.display();
            tracing::error!(%directory, %error, "half a branch stays until the next start");
        }
    }
}
