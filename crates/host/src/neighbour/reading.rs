//! What another node may read of this one's log: by region, as far as a class.

use base::{AdminCode, Timestamp};
use schemars::JsonSchema;
use serde::Serialize;

use super::{MOST_REGIONS, NeighbourFact, ReadingSet, decide, named};
use crate::db::{Read, Row};
use crate::error::{Error, Result};
use crate::scope::{Ground, Place};
use crate::{Class, Scope, Tx, params};

/// What the security officer lets a node read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Reading {
    pub origin: String,
    /// Bodies at home in these and in what reports to them are open to it; of the rest
    /// what is public.
    pub regions: Vec<AdminCode>,
    /// Bodies above this class are closed to it.
    pub openness: Class,
    pub decided_by: String,
    pub decided_at: Timestamp,
}

impl Reading {
    /// Where bodies are open to it, beside public ones.
    pub fn scope(&self) -> Scope {
        let ground = |region: &AdminCode| Ground {
            place: Place::Region(region.clone()),
            openness: self.openness,
        };
        Scope::within(self.regions.iter().map(ground).collect())
    }

    fn from_row(row: &Row) -> Result<Reading> {
        Ok(Reading {
            origin: row.get("origin")?,
            regions: row.json("regions")?,
            openness: row.parse("openness")?,
            decided_by: row.get("decided_by")?,
            decided_at: row.get("decided_at")?,
        })
    }
}

/// Lets `origin` read from now on what is at home in `regions`, as far as `openness`.
/// Without a region it reads what is public, and the chain.
///
/// # Errors
/// [`Error::Invalid`] for no name of a node or too many regions, [`Error::Conflict`] for
/// this node's own name.
pub fn set_reading(
    tx: &mut Tx<'_>,
    origin: &str,
    regions: &[AdminCode],
    openness: Class,
    by: &str,
) -> Result<()> {
    if origin == tx.origin {
        return Err(Error::conflict("own-origin", "a node sends itself nothing"));
    }
    let origin = named(origin)?;
    if MOST_REGIONS < regions.len() {
        return Err(Error::invalid("regions", regions.len(), format!("at most {MOST_REGIONS}")));
    }
    let (regions, by) = (regions.to_vec(), by.to_owned());
    let set = ReadingSet { origin: origin.clone(), regions, openness, by };
    decide(tx, &origin, NeighbourFact::ReadingSet(set))
}

const COLUMNS: &str = "origin, regions, openness, decided_by, decided_at";

/// What `origin` may read of this node's log.
///
/// # Errors
/// [`Error::Conflict`] `reading-undecided` when nobody has said; then nothing is sent.
pub fn reading(db: &mut dyn Read, origin: &str) -> Result<Reading> {
    let sql = format!("select {COLUMNS} from neighbour_reading where origin = $1");
    match db.row(&sql, params![origin])? {
        Some(row) => Reading::from_row(&row),
        None => {
            let detail = format!("nobody here has said what {origin} may read of this node's log");
            Err(Error::conflict("reading-undecided", detail))
        }
    }
}

/// What each node may read, by node.
pub(super) fn all(db: &mut dyn Read) -> Result<Vec<Reading>> {
    let sql = format!("select {COLUMNS} from neighbour_reading order by origin");
    db.rows(&sql, &[])?.iter().map(Reading::from_row).collect()
}
