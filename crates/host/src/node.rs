//! The node: its worlds, its doorkeeper, and what it says of itself.

use std::collections::BTreeMap;
use std::sync::{Arc, RwLock};

use base::AdminCode;
use base::place::Tier;

use crate::door::Door;
use crate::web::Doorkeeper;
use crate::world::World;

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
    worlds: RwLock<BTreeMap<String, World>>,
    doors: RwLock<Vec<Arc<Door>>>,
}

impl Node {
    pub fn new(info: NodeInfo, doorkeeper: Arc<dyn Doorkeeper>, real: World) -> Node {
        let worlds = BTreeMap::from([(real.name().to_owned(), real)]);
        let (worlds, doors) = (RwLock::new(worlds), RwLock::default());
        Node(Arc::new(Inner { info, doorkeeper, worlds, doors }))
    }

    /// Makes a listener's door known, so that its counts are shown.
    pub fn add_door(&self, door: Arc<Door>) {
        self.0.doors.write().expect("no holder panics").push(door);
    }

    /// The doors of this node, in the order they were opened.
    pub fn doors(&self) -> Vec<Arc<Door>> {
        self.0.doors.read().expect("no holder panics").clone()
    }

    pub fn info(&self) -> &NodeInfo {
        &self.0.info
    }

    pub fn doorkeeper(&self) -> &dyn Doorkeeper {
        &*self.0.doorkeeper
    }

    pub fn world(&self, name: &str) -> Option<World> {
        self.0.worlds.read().expect("no holder panics").get(name).cloned()
    }

    /// All worlds of this node, by name.
    pub fn worlds(&self) -> Vec<World> {
        self.0.worlds.read().expect("no holder panics").values().cloned().collect()
    }

    /// Adds a world under its own name: a drill, a look into the past.
    ///
    /// # Errors
    /// [`crate::Error::Conflict`] when a world of that name is open.
    pub fn add_world(&self, world: World) -> crate::Result<()> {
        let mut worlds = self.0.worlds.write().expect("no holder panics");
        match worlds.entry(world.name().to_owned()) {
            std::collections::btree_map::Entry::Vacant(free) => {
                free.insert(world);
                Ok(())
            }
            std::collections::btree_map::Entry::Occupied(taken) => {
                let detail = format!("{} is open already", taken.key());
                Err(crate::Error::conflict("world-exists", detail))
            }
        }
    }

    /// Takes a world away; whoever holds it may still finish reading.
    pub fn remove_world(&self, name: &str) -> Option<World> {
        self.0.worlds.write().expect("no holder panics").remove(name)
    }
}

/// Runs blocking or heavy work off the threads that serve requests.
///
/// # Errors
/// Whatever `work` answers; [`crate::Error::Internal`] when it panics.
pub async fn off_the_loop<T: Send + 'static>(
    work: impl FnOnce() -> crate::Result<T> + Send + 'static,
) -> crate::Result<T> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| crate::Error::Internal(format!("work panicked: {error}")))?
}
