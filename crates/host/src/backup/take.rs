//! Taking a backup.

use std::fs::File;
use std::path::{Path, PathBuf};

use base::Timestamp;

use super::files::{self, failed};
use super::manifest::{self, BookRecord, FileRecord, Manifest, SliceRecord, WorldRecord};
use super::subject::{self, Piece, Subject};
use crate::db::{Read as _, copy};
use crate::error::{Error, Result};
use crate::part::Kit;
use crate::space::Lines;
use crate::verify::Fault;
use crate::{migration, verify};

/// What is to be backed up, and where.
pub struct Order<'a> {
    /// The real world first.
    pub subjects: Vec<Subject>,
    pub kit: &'a Kit,
    /// The directory that backups stand in.
    pub to: &'a Path,
    /// Another directory, for the keys of personal data; without it they are not copied.
    pub keys_to: Option<&'a Path>,
    /// How many backups of this node stay in that directory: older ones are removed
    /// after a sound one is there. `None` keeps all.
    pub keep: Option<usize>,
    /// What stays free of the target's disk.
    pub lines: Lines,
    /// The program's version.
    pub version: &'a str,
    /// Machine time.
    pub now: Timestamp,
}

/// How far it is.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Progress {
    /// `real: readings`
    pub what: String,
    /// Of what is under way: bytes or pages.
    pub done: u64,
    pub of: u64,
}

/// A backup that is there.
#[derive(Debug, Clone)]
pub struct Taken {
    pub directory: PathBuf,
    pub manifest: Manifest,
    /// Where the keys went.
    pub keys: Option<PathBuf>,
    /// Older backups that were removed.
    pub removed: Vec<String>,
    /// Entries that do not verify, by world: they are copied as they are.
    pub faults: Vec<(String, Fault)>,
}

/// Whoever waits is told how far it is; a refusal gives the backup up.
type Tell<'a> = &'a mut dyn FnMut(Progress) -> Result<()>;

/// Takes a backup: written under a name that no backup has, synced, renamed last.
///
/// # Errors
/// [`Error::Conflict`]: `backup-running` when this node is at it already, `no-room`
/// when the target is too small, `disk-refused` when a disk fails. Nothing is left
/// that looks like a backup.
pub fn take(order: Order<'_>, tell: Tell<'_>) -> Result<Taken> {
    let origin = order.subjects.first().map(Subject::origin).unwrap_or_default().to_owned();
    if let Some(keys_to) = order.keys_to {
        refuse_keys_beside(keys_to, order.to)?;
    }
    files::make_dir(order.to)?;
    let _lock = lock(order.to, &origin)?;
    clear_drafts(order.to, &origin)?;
    let name = format!("{origin}-{}", compact(order.now));
    let directory = order.to.join(&name);
    if directory.exists() {
        let detail = format!("{} is there already", directory.display());
        return Err(Error::conflict("backup-exists", detail));
    }
    check_room(&order)?;
    let mut draft =
        Draft::begin(order.to, Manifest::new(name, origin.clone(), order.now, order.version))?;
    let mut faults = Vec::new();
    for subject in &order.subjects {
        let found = draft.world(subject, order.kit, tell)?;
        faults.extend(found.into_iter().map(|fault| (subject.name().to_owned(), fault)));
    }
    let keys = match order.keys_to {
        // After the databases: a key is made before what it seals is recorded.
        Some(keys_to) => Some(copy_keys(&order.subjects, keys_to)?),
        None => None,
    };
    let manifest = draft.finish(&directory)?;
    let removed = match order.keep {
        Some(keep) if faults.is_empty() => remove_old(order.to, &origin, keep.max(1))?,
        _ => Vec::new(),
    };
    Ok(Taken { directory, manifest, keys, removed, faults })
}

/// A backup that is being written.
struct Draft {
    path: PathBuf,
    manifest: Manifest,
    finished: bool,
}

impl Draft {
    fn begin(to: &Path, manifest: Manifest) -> Result<Draft> {
        let path = to.join(draft_name(&manifest.name));
        files::make_dir(&path)?;
        Ok(Draft { path, manifest, finished: false })
    }

    fn world(&mut self, subject: &Subject, kit: &Kit, tell: Tell<'_>) -> Result<Vec<Fault>> {
        let folder = format!("worlds/{}", subject.name());
        files::make_dir(&self.path.join(&folder))?;
        // First of all: what the database has not derived from the readings yet must
        // still be in their log when they are copied.
        let hold = subject.hold();
        let database = self.path.join(&folder).join("facts.db");
        self.database(subject, &database, kit, tell)?;
        self.pieces(subject, &folder, "readings", subject.series(hold.as_ref())?, tell)?;
        drop(hold);
        self.pieces(subject, &folder, "documents", subject.documents()?, tell)?;
        let (record, faults) = describe(subject, &database)?;
        self.manifest.worlds.push(record);
        Ok(faults)
    }

    fn database(
        &mut self,
        subject: &Subject,
        path: &Path,
        kit: &Kit,
        tell: Tell<'_>,
    ) -> Result<()> {
        // Made here, so that it is its owner's only.
        drop(files::make_file(path)?);
        let what = format!("{}: database", subject.name());
        let mut reader = subject.reader()?;
        reader.begin_snapshot()?;
        // The moment that the copy shows is that of its first read.
        reader.rows("select book, seq from log_head order by book", &[])?;
        let file = File::options().write(true).open(path);
        let file = file.map_err(|error| failed("open", path, &error))?;
        let synced = |()| file.sync_data().map_err(|error| failed("synchronise", path, &error));
        copy::out(&mut reader, path, kit, &mut |done, of| {
            tell(Progress { what: what.clone(), done, of }).and_then(synced)
        })?;
        reader.rollback()?;
        subject.tidy()?;
        synced(())?;
        let what = format!("{}: digest of the database", subject.name());
        let of = path.metadata().map_or(0, |data| data.len());
        let mut done = 0;
        let (bytes, sha256) = files::digest(path, &mut |count| {
            done += count;
            tell(Progress { what: what.clone(), done, of })
        })?;
        let path = format!("worlds/{}/facts.db", subject.name());
        self.manifest.files.push(FileRecord { path, bytes, sha256 });
        Ok(())
    }

    fn pieces(
        &mut self,
        subject: &Subject,
        folder: &str,
        what: &str,
        pieces: Vec<Piece>,
        tell: Tell<'_>,
    ) -> Result<()> {
        let what = format!("{}: {what}", subject.name());
        let of = pieces.iter().map(|piece| piece.bytes).sum();
        let mut done = 0;
        for piece in pieces {
            let path = format!("{folder}/{}", piece.path);
            let target = self.path.join(&path);
            files::make_dir(target.parent().expect("it lies in the draft"))?;
            let mut reader = piece.open().map_err(|error| failed("read for", &target, &error))?;
            let sha256 = files::copy(&mut reader, piece.bytes, &target, &mut |count| {
                done += count;
                tell(Progress { what: what.clone(), done, of })
            })?;
            self.manifest.files.push(FileRecord { path, bytes: piece.bytes, sha256 });
        }
        Ok(())
    }

    /// Writes down what is there, makes all of it durable, and gives it its name.
    fn finish(mut self, directory: &Path) -> Result<Manifest> {
        self.manifest.files.sort_by(|a, b| a.path.cmp(&b.path));
        let text = self.manifest.to_text()?;
        let path = self.path.join(manifest::FILE);
        files::write(&path, &text)?;
        let (_, sha256) = files::digest(&path, &mut |_| Ok(()))?;
        files::write(&self.path.join(manifest::SUMS), &self.manifest.sums(&sha256))?;
        files::sync_tree(&self.path)?;
        std::fs::rename(&self.path, directory)
            .map_err(|error| failed("rename to", directory, &error))?;
        self.finished = true;
        files::sync_dir(directory.parent().unwrap_or(Path::new(".")))?;
        Ok(self.manifest.clone())
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if !self.finished {
            // Whoever comes next clears what is left; it never looks like a backup.
            let _ = std::fs::remove_dir_all(&self.path);
        }
    }
}

/// What the copied database says of itself, every hash made again from its bytes.
fn describe(subject: &Subject, database: &Path) -> Result<(WorldRecord, Vec<Fault>)> {
    let reports = verify::file(database, &[])?;
    let mut reader = subject::reader(database)?;
    let migration = migration::at(&mut reader)?;
    let rows = reader.rows("select slice, version from slice_version order by slice", &[])?;
    let slice = |row: &crate::Row| {
        Ok(SliceRecord { slice: row.get("slice")?, version: row.get("version")? })
    };
    let record = WorldRecord {
        name: subject.name().to_owned(),
        kind: subject.kind(),
        origin: subject.origin().to_owned(),
        migration,
        slices: rows.iter().map(slice).collect::<Result<_>>()?,
        books: reports.iter().map(BookRecord::of).collect(),
    };
    Ok((record, reports.into_iter().flat_map(|report| report.faults).collect()))
}

/// Copies the keys of every world, each in place of what was copied before.
fn copy_keys(subjects: &[Subject], to: &Path) -> Result<PathBuf> {
    files::make_dir(to)?;
    for subject in subjects {
        let path = to.join(format!("{}.keys.db", subject.origin()));
        let draft = to.join(format!(".{}.keys.partial", subject.origin()));
        // Left behind by a power cut at worst.
        let _ = std::fs::remove_file(&draft);
        drop(files::make_file(&draft)?);
        let copied = subject.copy_keys(&draft).and_then(|there| {
            if !there {
                return std::fs::remove_file(&draft).map_err(|e| failed("remove", &draft, &e));
            }
            File::open(&draft)
                .and_then(|file| file.sync_all())
                .and_then(|()| std::fs::rename(&draft, &path))
                .map_err(|error| failed("write", &path, &error))
        });
        copied.inspect_err(|_| drop(std::fs::remove_file(&draft)))?;
    }
    files::sync_dir(to)?;
    Ok(to.to_owned())
}

/// Keys next to what they open would be no secret.
fn refuse_keys_beside(keys_to: &Path, to: &Path) -> Result<()> {
    let whole = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let (keys, backups) = (whole(keys_to), whole(to));
    if keys.starts_with(&backups) || backups.starts_with(&keys) {
        let detail = format!("keys would go to {}, beside what they open", keys.display());
        return Err(Error::conflict("keys-beside-backup", detail));
    }
    Ok(())
}

/// One backup of a node at a time, whoever takes it.
fn lock(to: &Path, origin: &str) -> Result<File> {
    let path = to.join(format!(".{origin}.lock"));
    let file = File::create(&path).map_err(|error| failed("create", &path, &error))?;
    file.try_lock().map_err(|_| {
        let detail = format!("a backup of {origin} is being written in {}", to.display());
        Error::conflict("backup-running", detail)
    })?;
    Ok(file)
}

fn draft_name(name: &str) -> String {
    format!(".{name}.partial")
}

/// Removes what an interrupted backup of this node left; nobody writes there now.
fn clear_drafts(to: &Path, origin: &str) -> Result<()> {
    let unreadable = |error: std::io::Error| failed("list", to, &error);
    for entry in std::fs::read_dir(to).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let moment = name
            .strip_prefix(&format!(".{origin}-"))
            .and_then(|rest| rest.strip_suffix(".partial"));
        if moment.is_some_and(|moment| moment.bytes().all(|b| b.is_ascii_alphanumeric())) {
            std::fs::remove_dir_all(&path).map_err(|error| failed("remove", &path, &error))?;
        }
    }
    Ok(())
}

/// Removes all but the newest backups of a node; what it cannot read it leaves alone.
fn remove_old(to: &Path, origin: &str, keep: usize) -> Result<Vec<String>> {
    let unreadable = |error: std::io::Error| failed("list", to, &error);
    let mut backups = Vec::new();
    for entry in std::fs::read_dir(to).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        let named = |manifest: &Manifest| path.file_name() == Some(manifest.name.as_ref());
        if let Ok(manifest) = Manifest::read(&path)
            && manifest.origin == origin
            && named(&manifest)
        {
            backups.push((manifest.taken, manifest.name));
        }
    }
    backups.sort();
    backups.truncate(backups.len().saturating_sub(keep));
    for (_, name) in &backups {
        // Half of one must not look like a whole one either.
        let (path, going) = (to.join(name), to.join(draft_name(name)));
        std::fs::rename(&path, &going)
            .and_then(|()| std::fs::remove_dir_all(&going))
            .map_err(|error| failed("remove", &path, &error))?;
    }
    Ok(backups.into_iter().map(|(_, name)| name).collect())
}

/// Refuses what would not fit, before anything is written: a full disk hurts the
/// node, too, when it stands on it.
fn check_room(order: &Order<'_>) -> Result<()> {
    let room = rustix::fs::statvfs(order.to)
        .map_err(|error| failed("measure", order.to, &std::io::Error::from(error)))?;
    let (free, all) = (room.f_bavail * room.f_frsize, room.f_blocks * room.f_frsize);
    // On a server the database is not known; here it may still be in its own log.
    let needed: u64 = order.subjects.iter().map(|it| files::weigh(it.directory())).sum();
    let reserve = order.lines.reserve(all);
    if free < needed + reserve {
        let mib = |bytes: u64| bytes >> 20;
        let detail = format!(
            "{} has {} MiB free; the backup needs {} MiB and leaves {} MiB free",
            order.to.display(),
            mib(free),
            mib(needed),
            mib(reserve)
        );
        return Err(Error::conflict("no-room", detail));
    }
    Ok(())
}

/// `20261124T093000123Z`
fn compact(moment: Timestamp) -> String {
    moment.to_string().chars().filter(char::is_ascii_alphanumeric).collect()
}
