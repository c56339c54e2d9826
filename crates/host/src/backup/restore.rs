//! Restoring a backup into a directory where no node is.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::check::check;
use super::fact::{NodeFact, Restored as RestoredFact};
use super::files::{self, failed};
use super::manifest::{Kind, Manifest, WorldRecord};
use super::take::Progress;
use crate::clock::Clock;
use crate::db::{Database, Durability, Source, copy};
use crate::error::{Error, Result};
use crate::home::Home;
use crate::part::Kit;
use crate::tx::Record;
use crate::world::{CLOSED, DRILL, Lane, World, WorldConfig};

/// Where a restore works until all is there; a node does not start beside it.
const DRAFT: &str = ".restoring";

/// What is restored, and where to.
pub struct Plan<'a> {
    pub from: &'a Path,
    /// The node's directory: absent or empty, but for the lock that is held on it.
    pub to: &'a Path,
    /// Where the real world's log and tables go, whatever they came from.
    pub database: Database,
    pub kit: Arc<Kit>,
    /// The keys of personal data: the directory they were copied to, or the one file
    /// of the real world. Without them what they sealed stays closed.
    pub keys: Option<&'a Path>,
    /// Heads of this node's log that others hold, `origin:seq:sm3`.
    pub witnesses: &'a [String],
    /// Done in the restored world before anybody can use it.
    pub first: &'a dyn Fn(&World) -> Result<()>,
}

/// What came of it.
#[derive(Debug)]
pub struct Restored {
    pub manifest: Manifest,
    /// This origin's last entry in the backup: what others hold beyond it is lost here.
    pub origin_seq: i64,
    /// Whether the real world got its keys.
    pub has_keys: bool,
}

/// Whether a restore into this directory did not come to its end.
pub fn was_interrupted(directory: &Path) -> bool {
    directory.join(DRAFT).exists()
}

/// Checks a backup, and makes a node of it.
///
/// The first new entry of the log is `node.restored`; what the log says is destroyed
/// is destroyed in the keys, however old they are.
///
/// # Errors
/// [`Error::Conflict`]: `not-empty`, `database-not-empty`, `backup-damaged` with what
/// is wrong, `others-hold-more` when a witness knows entries that the backup lacks.
/// Nothing is left but an empty directory.
pub fn restore(plan: &Plan<'_>, tell: &mut dyn FnMut(Progress) -> Result<()>) -> Result<Restored> {
    refuse_what_is_there(plan.to)?;
    let manifest = sound(plan, tell)?;
    let draft = plan.to.join(DRAFT);
    if draft.exists() {
        // Of a restore that was interrupted.
        std::fs::remove_dir_all(&draft).map_err(|error| failed("remove", &draft, &error))?;
    }
    files::make_dir(&draft)?;
    let made = fill(plan, &manifest, &draft, tell);
    let removed = std::fs::remove_dir_all(&draft);
    let restored = made?;
    removed.map_err(|error| failed("remove", &draft, &error))?;
    files::sync_dir(plan.to)?;
    Ok(restored)
}

fn refuse_what_is_there(to: &Path) -> Result<()> {
    files::make_dir(to)?;
    for entry in std::fs::read_dir(to).map_err(|error| failed("list", to, &error))? {
        let name = entry.map_err(|error| failed("list", to, &error))?.file_name();
        if name != "lock" && name != DRAFT {
            let detail = format!(
                "{} holds {:?}, expected an empty directory",
                to.display(),
                name.to_string_lossy()
            );
            return Err(Error::conflict("not-empty", detail));
        }
    }
    Ok(())
}

/// The manifest of a backup in which nothing is wrong.
fn sound(plan: &Plan<'_>, tell: &mut dyn FnMut(Progress) -> Result<()>) -> Result<Manifest> {
    let checked = check(plan.from, &[], tell)?;
    if !checked.is_sound() {
        let books = checked.reports.iter().flat_map(|(world, reports)| {
            reports.iter().flat_map(|report| &report.faults).map(move |fault| {
                format!("worlds/{world}/facts.db: seq {}: {}", fault.seq, fault.what)
            })
        });
        let faults: Vec<String> = checked.faults.iter().cloned().chain(books).take(10).collect();
        return Err(Error::conflict("backup-damaged", faults.join("; ")));
    }
    let manifest = checked.manifest;
    if plan.witnesses.is_empty() {
        return Ok(manifest);
    }
    let real = plan.from.join(manifest.real()?.folder()).join("facts.db");
    let reports = crate::verify::file(&real, plan.witnesses)?;
    match reports.iter().flat_map(|report| &report.faults).next() {
        None => Ok(manifest),
        Some(fault) => {
            let (origin, seq, what) = (&fault.origin, fault.origin_seq, &fault.what);
            Err(Error::conflict("others-hold-more", format!("{origin} #{seq}: {what}")))
        }
    }
}

/// Makes everything below `draft`, and moves it to its place as the last thing.
fn fill(
    plan: &Plan<'_>,
    manifest: &Manifest,
    draft: &Path,
    tell: &mut dyn FnMut(Progress) -> Result<()>,
) -> Result<Restored> {
    copy_files(plan.from, manifest, draft, tell)?;
    let mut has_keys = false;
    for world in &manifest.worlds {
        let directory = draft.join(world.folder());
        let marks: &[&str] = match world.kind {
            Kind::Real => &[],
            Kind::Drill => &[DRILL],
            Kind::ClosedDrill => &[DRILL, CLOSED],
        };
        for mark in marks {
            files::write(&directory.join(mark), "")?;
        }
        if let Some(keys) = keys_of(plan.keys, world)? {
            let target = directory.join("keys.db");
            drop(files::make_file(&target)?);
            crate::sealed::copy_file(&keys, &target)?;
            has_keys |= world.kind == Kind::Real;
        }
    }
    let real = manifest.real()?;
    let directory = draft.join(real.folder());
    let origin_seq = begin_again(plan, manifest, real, &directory)?;
    let mut server = match &plan.database {
        Database::Embedded => None,
        Database::Postgres(_) => Some(move_to_server(plan, &directory, tell)?),
    };
    let placed = place(draft, plan.to);
    if placed.is_err()
        && let Some(server) = &mut server
    {
        copy::clear(server)?;
    }
    placed?;
    Ok(Restored { manifest: manifest.clone(), origin_seq, has_keys })
}

fn copy_files(
    from: &Path,
    manifest: &Manifest,
    draft: &Path,
    tell: &mut dyn FnMut(Progress) -> Result<()>,
) -> Result<()> {
    let (of, mut done) = (manifest.bytes(), 0);
    for record in &manifest.files {
        let (source, target) = (from.join(&record.path), draft.join(&record.path));
        files::make_dir(target.parent().expect("it lies in the draft"))?;
        let mut file =
            std::fs::File::open(&source).map_err(|error| failed("read", &source, &error))?;
        let sha256 = files::copy(&mut file, record.bytes, &target, &mut |count| {
            done += count;
            tell(Progress { what: "files".to_owned(), done, of })
        })?;
        if sha256 != record.sha256 {
            // Sound a moment ago.
            let detail = format!("{}: is not what the manifest says", record.path);
            return Err(Error::conflict("backup-damaged", detail));
        }
    }
    Ok(())
}

/// The file that holds a world's keys, if there is one among those given.
fn keys_of(keys: Option<&Path>, world: &WorldRecord) -> Result<Option<PathBuf>> {
    let Some(keys) = keys else { return Ok(None) };
    let path = match keys.is_dir() {
        true => keys.join(format!("{}.keys.db", world.origin)),
        false if world.kind == Kind::Real => keys.to_owned(),
        false => return Ok(None),
    };
    if path.is_file() {
        return Ok(Some(path));
    }
    match world.kind {
        Kind::Real => {
            let detail =
                format!("{} is not there: expected the keys of {}", path.display(), world.origin);
            Err(Error::conflict("no-keys", detail))
        }
        // A drill may have been opened after the keys were copied.
        Kind::Drill | Kind::ClosedDrill => Ok(None),
    }
}

/// Opens the real world once: migrations run, keys honour the log, and the log says
/// that it begins again. Answers this origin's last entry before that.
fn begin_again(
    plan: &Plan<'_>,
    manifest: &Manifest,
    real: &WorldRecord,
    directory: &Path,
) -> Result<i64> {
    let config = WorldConfig {
        name: real.name.clone(),
        origin: real.origin.clone(),
        directory: directory.to_owned(),
        database: Database::Embedded,
        clock: Clock::machine(),
        durable: true,
    };
    let world = World::prepare(config, Arc::clone(&plan.kit))?;
    let head = real.head(&real.origin);
    let origin_seq = head.map_or(0, |head| head.origin_seq);
    let fact = NodeFact::Restored(RestoredFact {
        backup: manifest.name.clone(),
        taken: manifest.taken,
        origin_seq,
        hash: head.map(|head| head.sm3.clone()).unwrap_or_default(),
    });
    let begun = world
        .run(Lane::Ordinary, "restore", move |tx| {
            let subject: base::Id = tx.new_id();
            tx.record(Record::first(subject, Home::node(), fact)).map(|_| ())
        })
        .and_then(|()| (plan.first)(&world));
    world.close();
    begun.map(|()| origin_seq)
}

/// Takes the real world's database out of its file and into the server.
fn move_to_server(
    plan: &Plan<'_>,
    directory: &Path,
    tell: &mut dyn FnMut(Progress) -> Result<()>,
) -> Result<crate::db::Conn> {
    let source = Source::new(&plan.database, directory, "real", Durability::Full)?;
    let mut server = source.writer()?;
    let path = directory.join("facts.db");
    let mut beat = |done, of| tell(Progress { what: "tables".to_owned(), done, of });
    copy::into_server(&path, &mut server, &plan.kit, &mut beat)?;
    for name in ["facts.db", "facts.db-wal", "facts.db-shm"] {
        match std::fs::remove_file(directory.join(name)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(failed("remove", &path, &error));
            }
            _ => {}
        }
    }
    Ok(server)
}

/// From here on it is a node's directory.
fn place(draft: &Path, to: &Path) -> Result<()> {
    let (made, target) = (draft.join("worlds"), to.join("worlds"));
    files::sync_tree(&made)?;
    std::fs::rename(&made, &target).map_err(|error| failed("rename to", &target, &error))?;
    files::sync_dir(to)
}
