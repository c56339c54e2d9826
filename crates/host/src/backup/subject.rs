//! What is backed up: worlds that are served, and worlds at rest.

use std::io::Read;
use std::path::{Path, PathBuf};

use super::files::{self, failed};
use super::manifest::Kind;
use crate::db::{Conn, Database, Durability, Source, Sqlite};
use crate::error::{Error, Result};
use crate::node::Node;
use crate::world::{CLOSED, DRILL, World};

/// One world to be backed up.
pub enum Subject {
    /// This process serves it.
    Open(World),
    /// Nobody does, for the lock of the node's directory is held.
    AtRest(AtRest),
}

/// A world that nobody serves.
pub struct AtRest {
    name: String,
    kind: Kind,
    origin: String,
    directory: PathBuf,
    database: Database,
}

/// A part of a world's files, at a moment.
pub(super) struct Piece {
    /// Relative to the world's directory, with `/` between.
    pub path: String,
    pub bytes: u64,
    content: Content,
}

enum Content {
    Held(series::HeldFile),
    File(PathBuf),
}

impl Piece {
    pub fn open(&self) -> std::io::Result<Box<dyn Read + '_>> {
        match &self.content {
            Content::Held(file) => file.open(),
            Content::File(path) => Ok(Box::new(std::fs::File::open(path)?)),
        }
    }

    fn of_file(folder: &str, path: PathBuf, bytes: u64) -> Piece {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        Piece { path: format!("{folder}/{name}"), bytes, content: Content::File(path.clone()) }
    }
}

impl Subject {
    pub fn name(&self) -> &str {
        match self {
            Subject::Open(world) => world.name(),
            Subject::AtRest(world) => &world.name,
        }
    }

    pub fn kind(&self) -> Kind {
        match self {
            Subject::Open(world) if world.is_real() => Kind::Real,
            Subject::Open(_) => Kind::Drill,
            Subject::AtRest(world) => world.kind,
        }
    }

    pub fn origin(&self) -> &str {
        match self {
            Subject::Open(world) => world.origin(),
            Subject::AtRest(world) => &world.origin,
        }
    }

    pub(super) fn directory(&self) -> &Path {
        match self {
            Subject::Open(world) => world.directory(),
            Subject::AtRest(world) => &world.directory,
        }
    }

    /// A connection to its database that only reads.
    pub(super) fn reader(&self) -> Result<Conn> {
        match self {
            Subject::Open(world) => world.own_reader(),
            Subject::AtRest(world) => {
                let (directory, name) = (&world.directory, &world.name);
                let source = Source::new(&world.database, directory, name, Durability::Full)?;
                Ok(source.reader()?)
            }
        }
    }

    /// Writes back what the database's own log gathered while a long read kept it, so
    /// that no command of the world has to.
    pub(super) fn tidy(&self) -> Result<()> {
        let path = self.directory().join("facts.db");
        match self {
            Subject::Open(_) if path.is_file() => Ok(Sqlite::write_back(&path)?),
            _ => Ok(()),
        }
    }

    /// Keeps the log of its series, if somebody may cut it.
    pub(super) fn hold(&self) -> Option<series::Hold> {
        match self {
            Subject::Open(world) => Some(world.series().hold()),
            Subject::AtRest(_) => None,
        }
    }

    /// Its series as they are now, in the order in which they are to be copied.
    pub(super) fn series(&self, hold: Option<&series::Hold>) -> Result<Vec<Piece>> {
        let Some(hold) = hold else { return self.on_disk("series") };
        let broken = |error| Error::conflict("disk-refused", format!("series: {error}"));
        let held = hold.files().map_err(broken)?;
        let piece = |file: series::HeldFile| Piece {
            path: format!("series/{}", file.name),
            bytes: file.bytes,
            content: Content::Held(file),
        };
        Ok(held.files.into_iter().map(piece).collect())
    }

    /// Its documents as they are now.
    pub(super) fn documents(&self) -> Result<Vec<Piece>> {
        let Subject::Open(world) = self else { return self.on_disk("documents") };
        let packs = world.documents().packs();
        let packs = packs.map_err(|error| failed("list", world.directory(), &error))?;
        Ok(packs.into_iter().map(|(path, n)| Piece::of_file("documents", path, n)).collect())
    }

    /// The files of a folder in which nobody writes.
    fn on_disk(&self, folder: &str) -> Result<Vec<Piece>> {
        let directory = self.directory().join(folder);
        if !directory.is_dir() {
            return Ok(Vec::new());
        }
        let mut pieces = Vec::new();
        for name in files::list(&directory)? {
            // A lock is the process's, and a draft was never anybody's.
            if name == "lock" || name.ends_with(".tmp") {
                continue;
            }
            let path = directory.join(&name);
            let bytes = path.metadata().map_err(|error| failed("measure", &path, &error))?.len();
            let content = Content::File(path);
            pieces.push(Piece { path: format!("{folder}/{name}"), bytes, content });
        }
        Ok(pieces)
    }

    /// Copies the keys of its personal data into a new file; `false` when it has none.
    pub(super) fn copy_keys(&self, path: &Path) -> Result<bool> {
        match self {
            Subject::Open(world) => world.keys().copy_to(path)?,
            Subject::AtRest(world) => {
                let keys = world.directory.join("keys.db");
                if !keys.is_file() {
                    return Ok(false);
                }
                crate::sealed::copy_file(&keys, path)?;
            }
        }
        Ok(true)
    }
}

/// All worlds of a running node that keep a record: the real one, and drills, open
/// and closed. What looks into the past has none of its own.
///
/// # Errors
/// [`Error::Conflict`] when its directory cannot be listed.
pub fn of_node(node: &Node) -> Result<Vec<Subject>> {
    let real = node.world("real");
    let real = real.ok_or_else(|| Error::Internal("a node without a real world".to_owned()))?;
    let folder = real.directory().parent();
    // First the disk: what is opened or closed after that is among those left out.
    let mut closed = folder.map_or(Ok(Vec::new()), |worlds| drills(worlds, real.origin()))?;
    let (open, changing) = node.worlds_and_changing();
    let mut subjects = Vec::new();
    for world in open {
        if !world.is_real() && world.as_of().is_none() {
            subjects.push(Subject::Open(world));
        }
    }
    let open: Vec<&str> = subjects.iter().map(Subject::name).collect();
    closed.retain(|drill| !open.contains(&&*drill.name) && !changing.contains(&drill.name));
    subjects.insert(0, Subject::Open(real));
    subjects.extend(closed.into_iter().map(Subject::AtRest));
    Ok(subjects)
}

/// All worlds in the directory of a node that does not run. Whoever asks holds the
/// directory's lock.
///
/// # Errors
/// [`Error::Conflict`] when no node was ever here; [`Error::Db`] when its database
/// does not answer.
pub fn at_rest(directory: &Path, database: &Database) -> Result<Vec<Subject>> {
    let worlds = directory.join("worlds");
    let real = worlds.join("real");
    let absent = || {
        let detail = format!("{} holds no node's records", directory.display());
        Error::conflict("no-node", detail)
    };
    let embedded = matches!(database, Database::Embedded);
    if !real.is_dir() || embedded && !real.join("facts.db").is_file() {
        return Err(absent());
    }
    let mut reader = Source::new(database, &real, "real", Durability::Full)?.reader()?;
    let origin = own_origin(&mut reader)?.ok_or_else(absent)?;
    let kind = Kind::Real;
    let name = "real".to_owned();
    let database = database.clone();
    let world = AtRest { name, kind, origin: origin.clone(), directory: real, database };
    let drills = drills(&worlds, &origin)?.into_iter().map(Subject::AtRest);
    Ok([Subject::AtRest(world)].into_iter().chain(drills).collect())
}

/// The name that a real world's node has in the log.
pub(crate) fn own_origin(db: &mut Conn) -> Result<Option<String>> {
    use crate::db::Read as _;
    let row = db.row("select origin from owned_origin", &[])?;
    Ok(row.map(|row| row.get("origin")).transpose()?)
}

fn drills(worlds: &Path, origin: &str) -> Result<Vec<AtRest>> {
    let unreadable = |error: std::io::Error| failed("list", worlds, &error);
    let mut drills = Vec::new();
    for entry in std::fs::read_dir(worlds).map_err(unreadable)? {
        let directory = entry.map_err(unreadable)?.path();
        let name = directory.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if !directory.join(DRILL).exists() || !directory.join("facts.db").is_file() {
            continue;
        }
        let closed = directory.join(CLOSED).exists();
        let kind = if closed { Kind::ClosedDrill } else { Kind::Drill };
        let origin = format!("{origin}.{name}");
        drills.push(AtRest { name, kind, origin, directory, database: Database::Embedded });
    }
    drills.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(drills)
}

/// Opens a database file for reading only.
pub(super) fn reader(path: &Path) -> Result<Conn> {
    Ok(Conn::Sqlite(Sqlite::open_reader(path)?))
}
