//! What reports to some roots, as sets: read once for all live screens that look from there.
//!
//! They are kept as long as a screen holds them and no commit moved a division or an
//! organisation. Whoever holds one notes [`World::insides_moved`] before asking for it.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, Weak};

use base::{AdminCode, Id};

use crate::error::Result;
use crate::home::Home;
use crate::params;
use crate::scope::Place;
use crate::world::World;

/// The tables that say what reports to what.
const TABLES: &[&str] = &["region_within", "org_within"];

/// The divisions and organisations that report to some roots, the roots themselves with
/// them where they are known.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Inside {
    regions: HashSet<AdminCode>,
    orgs: HashSet<Id>,
}

impl Inside {
    /// Whether a thing is at home here, or reaches into it. Its class is not asked.
    pub(crate) fn holds(&self, home: &Home) -> bool {
        let mut regions = home.region.iter().chain(&home.reach);
        regions.any(|region| self.regions.contains(region))
            || home.org.is_some_and(|org| self.orgs.contains(&org))
    }

    fn read(world: &World, roots: &[Place]) -> Result<Inside> {
        world.read_now(|db| {
            let mut inside = Inside::default();
            for root in roots {
                match root {
                    Place::Region(root) => {
                        let sql =
                            "select region from region_within where ancestor = $1 order by region";
                        for row in db.rows(sql, params![root])? {
                            inside.regions.insert(row.parse("region")?);
                        }
                    }
                    Place::Org(root) => {
                        let sql = "select org from org_within where ancestor = $1 order by org";
                        for row in db.rows(sql, params![*root])? {
                            inside.orgs.insert(row.get("org")?);
                        }
                    }
                }
            }
            Ok(inside)
        })
    }
}

/// The sets of one world that somebody holds.
#[derive(Default)]
pub(crate) struct Insides(Mutex<HashMap<Vec<Place>, Kept>>);

struct Kept {
    set: Weak<Inside>,
    /// [`World::insides_moved`] before it was read.
    as_of: u64,
}

impl Kept {
    fn held(&self) -> Option<(Arc<Inside>, u64)> {
        Some((self.set.upgrade()?, self.as_of))
    }
}

impl Insides {
    fn kept(&self, roots: &[Place]) -> Option<(Arc<Inside>, u64)> {
        self.0.lock().expect("no holder panics").get(roots).and_then(Kept::held)
    }

    /// Keeps what was read, unless the one that is kept says the same or was read later.
    fn keep(&self, roots: &[Place], read: Inside, as_of: u64) -> Arc<Inside> {
        let mut all = self.0.lock().expect("no holder panics");
        all.retain(|_, kept| 0 < kept.set.strong_count());
        let (set, as_of) = match all.get(roots).and_then(Kept::held) {
            Some((set, was)) if as_of < was || *set == read => (set, was.max(as_of)),
            _ => (Arc::new(read), as_of),
        };
        all.insert(roots.to_vec(), Kept { set: Arc::downgrade(&set), as_of });
        set
    }
}

impl World {
    /// A number that is another one after each commit that may have changed what
    /// reports to what.
    pub(crate) fn insides_moved(&self) -> u64 {
        self.moved(TABLES)
    }

    /// What reports to these roots now; `roots` are sorted, and each once. Screens of
    /// the same roots hold the same set, also across moves that leave it as it was.
    ///
    /// # Errors
    /// [`crate::Error::Db`] when the tables have to be read and cannot be.
    pub(crate) fn inside(&self, roots: &[Place]) -> Result<Arc<Inside>> {
        // Before reading: what is committed meanwhile makes it old at once.
        let as_of = self.insides_moved();
        if let Some((set, was)) = self.insides().kept(roots)
            && was == as_of
        {
            return Ok(set);
        }
        // Nobody waits for another's reading: several may read it, and one is kept.
        let read = Inside::read(self, roots)?;
        Ok(self.insides().keep(roots, read, as_of))
    }
}
