//! The next segment for a neighbour: where it begins, where it ends, what is open in it.

use super::Outgoing;
use crate::db::Read;
use crate::error::Result;
use crate::{neighbour, params};

/// Entries of one segment at most: a file is written and read in about a second.
const MOST_ENTRIES: i64 = 1_000;
/// Characters of its headers and bodies at most. Written as JSON, of bytes up to four each,
/// it stays far below the largest segment that a node takes.
const MOST_CHARACTERS: i64 = 16 << 20;

/// What follows entry `after` of this node's own log, as far as one segment goes, by what
/// the neighbour may read; `None` when there is nothing new.
///
/// # Errors
/// [`crate::Error::Conflict`] `reading-undecided`.
pub(crate) fn next_for(
    db: &mut dyn Read,
    origin: &str,
    neighbour: &str,
    after: i64,
) -> Result<Option<Outgoing>> {
    let reading = neighbour::reading(db, neighbour)?;
    let rows = db.rows(
        "select origin_seq, cast(length(header) + coalesce(length(body), 0) as bigint) as size \
         from log where origin = $1 and $2 < origin_seq order by origin_seq limit $3",
        params![origin, after, MOST_ENTRIES],
    )?;
    let (mut limit, mut characters) = (0, 0);
    for row in &rows {
        characters += row.get::<i64>("size")?;
        if 0 < limit && MOST_CHARACTERS < characters {
            break;
        }
        limit += 1;
    }
    let (openness, scope) = (reading.openness, reading.scope());
    Ok((0 < limit).then_some(Outgoing { after, limit, openness, scope }))
}
