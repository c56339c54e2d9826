//! The node: its worlds, its doorkeeper, and what it says of itself.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::{Arc, RwLock};

use base::AdminCode;
use base::place::Tier;

use crate::door::Door;
use crate::error::{Error, Result};
use crate::scope::Permission;
use crate::web::Doorkeeper;
use crate::world::World;

/// Each drill and each look into the past keeps a copy of all state on the disk.
pub const MOST_BRANCHES: usize = 4;

/// The health page: what the node itself is doing, and what it gave up on.
pub const HEALTH: Permission = Permission::new("node.health", "查看系统健康");

/// What a node says of itself to anybody who reaches its port.
#[derive(Debug, Clone)]
pub struct NodeInfo {
    /// 桦甸市应急管理局
    pub name: String,
    pub region: AdminCode,
    pub tier: Tier,
    /// Demonstration data: every page says so.
    pub demo: bool,
    pub version: &'static str,
}

/// The state behind every handler; cheap to clone.
#[derive(Clone)]
pub struct Node(Arc<Inner>);

struct Inner {
    info: NodeInfo,
    doorkeeper: Arc<dyn Doorkeeper>,
    worlds: RwLock<Worlds>,
    doors: RwLock<Vec<Arc<Door>>>,
    /// Folders that files are left in, by what watches them.
    folders: RwLock<BTreeMap<&'static str, PathBuf>>,
}

struct Worlds {
    open: BTreeMap<String, World>,
    /// Names of those that are being opened or closed.
    changing: BTreeSet<String>,
}

impl Node {
    pub fn new(info: NodeInfo, doorkeeper: Arc<dyn Doorkeeper>, real: World) -> Node {
        let open = BTreeMap::from([(real.name().to_owned(), real)]);
        let worlds = RwLock::new(Worlds { open, changing: BTreeSet::new() });
        let (doors, folders) = (RwLock::default(), RwLock::default());
        Node(Arc::new(Inner { info, doorkeeper, worlds, doors, folders }))
    }

    /// Makes a listener's door known, so that its counts are shown.
    pub fn add_door(&self, door: Arc<Door>) {
        self.0.doors.write().expect("no holder panics").push(door);
    }

    /// The doors of this node, in the order they were opened.
    pub fn doors(&self) -> Vec<Arc<Door>> {
        self.0.doors.read().expect("no holder panics").clone()
    }

    /// Makes a folder known that files are left in for this node.
    pub fn add_folder(&self, of: &'static str, folder: PathBuf) {
        self.0.folders.write().expect("no holder panics").insert(of, folder);
    }

    /// The folder that files of a kind are left in, if one is watched.
    pub fn folder(&self, of: &str) -> Option<PathBuf> {
        self.0.folders.read().expect("no holder panics").get(of).cloned()
    }

    pub fn info(&self) -> &NodeInfo {
        &self.0.info
    }

    pub fn doorkeeper(&self) -> &dyn Doorkeeper {
        &*self.0.doorkeeper
    }

    pub fn world(&self, name: &str) -> Option<World> {
        self.0.worlds.read().expect("no holder panics").open.get(name).cloned()
    }

    /// All worlds of this node, by name.
    pub fn worlds(&self) -> Vec<World> {
        self.worlds_and_changing().0
    }

    /// Adds a world under its own name, which nobody opens at the moment: those of the
    /// start.
    ///
    /// # Errors
    /// [`Error::Conflict`] when a world of that name is open.
    pub fn add_world(&self, world: World) -> Result<()> {
        let mut worlds = self.worlds_mut();
        worlds.check_free(world.name())?;
        worlds.open.insert(world.name().to_owned(), world);
        Ok(())
    }

    /// Opens a world beside the real one, by `make`. One at a time, since each copies
    /// what the log folds to, and at most [`MOST_BRANCHES`] of either kind.
    ///
    /// # Errors
    /// [`Error::Conflict`]: `world-exists`, `world-changing` while another is opened or
    /// closed, `worlds-full`; what `make` refuses.
    pub fn open_branch(
        &self,
        name: &str,
        is_past: bool,
        make: impl FnOnce() -> Result<World>,
    ) -> Result<World> {
        {
            let mut worlds = self.worlds_mut();
            worlds.check_free(name)?;
            if let Some(other) = worlds.changing.first() {
                let detail = format!("{other} is being opened or closed; one at a time");
                return Err(Error::conflict("world-changing", detail));
            }
            let of_kind = |world: &&World| world.as_of().is_some() == is_past;
            // The real world is a branch of nothing.
            let open = worlds.open.values().filter(of_kind).count() - usize::from(!is_past);
            if MOST_BRANCHES <= open {
                let detail = format!("{open} of its kind are open, expected fewer than that");
                return Err(Error::conflict("worlds-full", detail));
            }
            worlds.changing.insert(name.to_owned());
        }
        // Given back also when `make` panics.
        let changing = Changing { node: self, name };
        let world = make()?;
        let mut worlds = self.worlds_mut();
        worlds.open.insert(name.to_owned(), world.clone());
        worlds.changing.remove(name);
        drop(worlds);
        drop(changing);
        Ok(world)
    }

    /// Closes a drill or a look into the past for good. Whoever holds it may still
    /// finish reading.
    ///
    /// # Errors
    /// [`Error::NotFound`] when no such world is open, [`Error::Conflict`] for the real
    /// one, [`Error::Internal`] when its directory cannot be marked or removed.
    pub fn close_branch(&self, name: &str) -> Result<()> {
        if name == "real" {
            let detail = "the real world is not closed by a request";
            return Err(Error::conflict("real-world", detail));
        }
        let world = {
            let mut worlds = self.worlds_mut();
            let world = worlds.open.remove(name).ok_or(Error::not_found("world"))?;
            worlds.changing.insert(name.to_owned());
            world
        };
        let _changing = Changing { node: self, name };
        world.retire()
    }

    /// The worlds that are open, and the names of those that are being opened or
    /// closed: of one moment.
    pub(crate) fn worlds_and_changing(&self) -> (Vec<World>, BTreeSet<String>) {
        let worlds = self.0.worlds.read().expect("no holder panics");
        (worlds.open.values().cloned().collect(), worlds.changing.clone())
    }

    fn worlds_mut(&self) -> std::sync::RwLockWriteGuard<'_, Worlds> {
        self.0.worlds.write().expect("no holder panics")
    }
}

impl Worlds {
    fn check_free(&self, name: &str) -> Result<()> {
        if self.open.contains_key(name) || self.changing.contains(name) {
            return Err(Error::conflict("world-exists", format!("{name} is open already")));
        }
        Ok(())
    }
}

/// A name that is taken while its world is opened or closed.
struct Changing<'a> {
    node: &'a Node,
    name: &'a str,
}

impl Drop for Changing<'_> {
    fn drop(&mut self) {
        self.node.worlds_mut().changing.remove(self.name);
    }
}

/// Runs blocking or heavy work off the threads that serve requests.
///
/// # Errors
/// Whatever `work` answers; [`Error::Internal`] when it panics.
pub async fn off_the_loop<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| Error::Internal(format!("work panicked: {error}")))?
}
