//! What a crate gives to the binary: a plain struct, folded by `server`.
//!
//! Banks are upstream of the river and never name it. What a bank must show of
//! the river (permissions in the role editor, facts in the audit, routes in the
//! API), the river registers here.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use base::{AdminCode, Id};

use crate::db::Read;
use crate::effect::Effect;
use crate::error::Result;
use crate::exchange::{self, Exchange};
use crate::fact::{Slice, Table, TableKind};
use crate::import::{self, Register};
use crate::job::Job;
use crate::reaction::Reaction;
use crate::request::RequestKind;
use crate::scope::Permission;
use crate::space::Space;
use crate::trail::Notes;
use crate::view::View;
use crate::web::Routes;
use crate::world::World;

/// One stage or bank.
#[derive(Default)]
pub struct Part {
    pub name: &'static str,
    pub slices: Vec<Slice>,
    /// What its slices write into the trail.
    pub notes: Vec<Notes>,
    pub reactions: Vec<Reaction>,
    /// Tables for reading, folded from any kinds; they lag.
    pub views: Vec<View>,
    pub jobs: Vec<Job>,
    /// What its slices do outside.
    pub effects: Vec<Arc<dyn Effect>>,
    /// What other nodes may ask of its slices.
    pub requests: Vec<RequestKind>,
    /// Its registers that take rows of tables which people bring.
    pub registers: Vec<Register>,
    /// Started once per world when it opens: consumers of readings.
    pub taps: Vec<fn(&World) -> Result<()>>,
    pub routes: Routes,
    pub permissions: Vec<Permission>,
    /// Set by the part that knows the configuration: where segments are files.
    pub exchange: Option<crate::exchange::Config>,
    /// Set by the part that keeps people.
    pub names: Option<Names>,
    /// Set by the part that knows the configuration: the node's own division.
    pub region: Option<AdminCode>,
}

/// Names of people by their ids; who is not known is not in the map.
pub type Names = fn(&mut dyn Read, &[Id]) -> Result<HashMap<Id, String>>;

/// The parts of a program, folded: what a world needs to run.
pub struct Kit {
    pub slices: Vec<Slice>,
    pub notes: Vec<Notes>,
    pub reactions: Vec<Reaction>,
    pub views: Vec<View>,
    pub jobs: Vec<Job>,
    pub effects: Vec<Arc<dyn Effect>>,
    pub requests: Vec<RequestKind>,
    pub registers: Vec<Register>,
    pub taps: Vec<fn(&World) -> Result<()>>,
    pub permissions: Vec<Permission>,
    names: Option<Names>,
    /// The node's own division; a town of tests may have none.
    pub region: Option<AdminCode>,
    /// Segments as files, of the world that has a way out.
    pub exchange: Exchange,
    /// Room on the disk that all worlds of this kit are on.
    pub space: Space,
    /// Statements run after the migrations: tables of slices that exist in tests only.
    pub(crate) tables_of_tests: String,
    by_kind: BTreeMap<&'static str, usize>,
    /// The place in `notes` of each kind of the trail.
    by_note: BTreeMap<&'static str, usize>,
    tables: BTreeMap<&'static str, (TableKind, Option<usize>)>,
}

impl Kit {
    /// Folds the parts and takes their routes out.
    ///
    /// # Panics
    /// When two slices claim one fact, one note of the trail or one table, two permissions share a code, or a
    /// view folds what no slice claims: a mistake in the program's wiring, found at its first start.
    pub fn fold(parts: Vec<Part>) -> (Kit, Routes) {
        let mut kit = Kit {
            slices: Vec::new(),
            notes: Vec::new(),
            reactions: Vec::new(),
            views: Vec::new(),
            jobs: Vec::new(),
            effects: Vec::new(),
            requests: Vec::new(),
            registers: Vec::new(),
            taps: Vec::new(),
            permissions: vec![crate::scope::SEE_SENSITIVE],
            names: None,
            region: None,
            exchange: Exchange::default(),
            space: Space::default(),
            tables_of_tests: String::new(),
            by_kind: BTreeMap::new(),
            by_note: BTreeMap::new(),
            tables: BTreeMap::new(),
        };
        for Table { name, kind, .. } in HOST_TABLES {
            kit.tables.insert(name, (*kind, None));
        }
        let mut routes = Routes::new();
        let own = [
            crate::sealed::part(),
            crate::drill::part(),
            crate::backup::part(),
            crate::neighbour::part(),
            crate::request::part(),
            crate::custody::part(),
            crate::segment::part(),
            crate::effect::part(),
            exchange::part(),
            import::part(),
        ];
        for part in own.into_iter().chain(parts) {
            for slice in part.slices {
                let at = kit.slices.len();
                for kind in slice.kinds {
                    let before = kit.by_kind.insert(kind.name, at);
                    assert!(before.is_none(), "two slices claim the fact {}", kind.name);
                }
                for table in slice.tables {
                    let before = kit.tables.insert(table.name, (table.kind, Some(at)));
                    assert!(before.is_none(), "two slices claim the table {}", table.name);
                }
                kit.slices.push(slice);
            }
            for notes in part.notes {
                for kind in notes.kinds {
                    let before = kit.by_note.insert(kind.name, kit.notes.len());
                    assert!(before.is_none(), "two slices claim {} in the trail", kind.name);
                }
                kit.notes.push(notes);
            }
            for reaction in part.reactions {
                let known = kit.reactions.iter().any(|other| other.name == reaction.name);
                assert!(!known, "two reactions share the cursor {}", reaction.name);
                kit.reactions.push(reaction);
            }
            for view in part.views {
                let known = kit.views.iter().any(|other| other.name == view.name);
                assert!(!known, "two views share the cursor {}", view.name);
                for name in view.tables.iter().flat_map(|table| table.slots) {
                    let before = kit.tables.insert(name, (TableKind::View, None));
                    assert!(before.is_none(), "two views claim the table {name}");
                }
                kit.views.push(view);
            }
            for job in part.jobs {
                let known = kit.jobs.iter().any(|other| other.name == job.name);
                assert!(!known, "two jobs are called {}", job.name);
                kit.jobs.push(job);
            }
            for effect in part.effects {
                let known = kit.effects.iter().any(|other| other.name() == effect.name());
                assert!(!known, "two effects are called {}", effect.name());
                kit.effects.push(effect);
            }
            for request in part.requests {
                let known = kit.requests.iter().any(|other| other.name == request.name);
                assert!(!known, "two slices answer the request {}", request.name);
                kit.requests.push(request);
            }
            for register in part.registers {
                let known = kit.registers.iter().any(|other| other.name == register.name);
                assert!(!known, "two registers are called {}", register.name);
                kit.registers.push(register);
            }
            kit.taps.extend(part.taps);
            for permission in part.permissions {
                let known = kit.permissions.iter().any(|other| other.code == permission.code);
                assert!(!known, "two parts claim the permission {}", permission.code);
                kit.permissions.push(permission);
            }
            assert!(part.names.is_none() || kit.names.is_none(), "two parts name people");
            kit.names = kit.names.or(part.names);
            kit.region = kit.region.or(part.region);
            if let Some(config) = part.exchange {
                kit.exchange = Exchange::new(config);
            }
            routes = routes.merge(part.routes);
        }
        for kind in kit.by_note.keys() {
            let both = kit.by_kind.contains_key(kind);
            assert!(!both, "{kind} is a fact of the log and a note of the trail");
        }
        for view in &kit.views {
            for kind in view.kinds {
                let claimed = kit.slice_of(kind).is_some();
                assert!(claimed, "the view {} folds {kind}, which no slice claims", view.name);
            }
        }
        (kit, routes)
    }

    /// The names of people, as they are now.
    ///
    /// # Errors
    /// [`crate::Error::Db`] when the database does not answer.
    pub fn names(&self, db: &mut dyn Read, people: &[Id]) -> Result<HashMap<Id, String>> {
        match self.names {
            Some(names) if !people.is_empty() => names(db, people),
            _ => Ok(HashMap::new()),
        }
    }

    /// The slice that a kind of fact belongs to.
    pub fn slice_of(&self, kind: &str) -> Option<&Slice> {
        self.by_kind.get(kind).map(|at| &self.slices[*at])
    }

    /// The notes that a kind of the trail belongs to.
    pub fn notes_of(&self, kind: &str) -> Option<&Notes> {
        self.by_note.get(kind).map(|at| &self.notes[*at])
    }

    /// The place in `slices` of the one that a kind of fact belongs to.
    pub(crate) fn slice_at(&self, kind: &str) -> Option<usize> {
        self.by_kind.get(kind).copied()
    }

    /// The place in `slices` of the one that a table belongs to.
    pub(crate) fn owner_of(&self, table: &str) -> Option<usize> {
        self.tables.get(table).and_then(|(_, owner)| *owner)
    }

    /// What kind of state a table holds, and whose it is (`None`: the host's own).
    pub fn table(&self, name: &str) -> Option<(TableKind, Option<&Slice>)> {
        let (kind, owner) = self.tables.get(name)?;
        Some((*kind, owner.map(|at| &self.slices[at])))
    }

    /// Every table with its kind, by name.
    pub fn tables(&self) -> impl Iterator<Item = (&'static str, TableKind)> + '_ {
        self.tables.iter().map(|(name, (kind, _))| (*name, *kind))
    }
}

/// Tables of the host itself.
const HOST_TABLES: &[Table] = &[
    Table::facts("log"),
    Table::facts("log_reach"),
    Table::facts("trail"),
    Table::working("log_head"),
    Table::working("log_origin"),
    Table::working("reaction_cursor"),
    Table::working("reaction_kind"),
    Table::working("reaction_parked"),
    Table::working("job_failure"),
    Table::working("view_build"),
    Table::working("idempotency"),
    Table::working("slice_version"),
    Table::working("migration"),
    Table::working("owned_origin"),
    Table::working("base_subject"),
];
