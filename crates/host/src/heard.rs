//! How far other nodes' logs are here, and how fresh.

use base::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use crate::db::Read;
use crate::error::Result;
use crate::params;

/// What is here of another node's log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Heard {
    pub origin: String,
    /// The number of its last entry that is here.
    pub position: i64,
    /// When that entry was recorded there.
    pub last_at: Option<Timestamp>,
    /// When it came in here.
    pub arrived_at: Option<Timestamp>,
    /// Entries of it that are kept and not applied.
    pub unapplied: i64,
    /// Entries of it about what it does not own.
    pub conflicts: i64,
}

/// Every other node of which something is here, by name.
///
/// # Errors
/// [`crate::Error::Db`] when the database does not answer.
pub fn list(db: &mut dyn Read, own: &str) -> Result<Vec<Heard>> {
    let rows = db.rows(
        "select o.origin, o.origin_seq as position, l.at, l.arrived, \
         (select count(*) from log u where u.unapplied is not null and u.origin = o.origin) \
         as unapplied, \
         (select count(*) from log c where c.conflict is not null and c.origin = o.origin) \
         as conflicts \
         from log_origin o \
         left join log l on l.origin = o.origin and l.origin_seq = o.origin_seq \
         where o.book = 'log' and o.origin <> $1 order by o.origin",
        params![own],
    )?;
    rows.iter()
        .map(|row| {
            Ok(Heard {
                origin: row.get("origin")?,
                position: row.get("position")?,
                last_at: row.get("at")?,
                arrived_at: row.get("arrived")?,
                unapplied: row.get("unapplied")?,
                conflicts: row.get("conflicts")?,
            })
        })
        .collect()
}
