//! Backups: a node's records copied while it serves, and put back elsewhere.
//!
//! A backup is one directory: `manifest.json`, `SHA256SUMS` (for `sha256sum -c`),
//! and per world its database as an SQLite file, its series and its documents. Keys
//! of personal data are not in it, or a key that was destroyed would come back with
//! it; they are copied elsewhere, when asked for, and only the newest is kept.
//!
//! Its parts are copied in the order in which they lean on each other: the log of
//! the series is held, then the database is read at one moment, then the series and
//! the documents are copied as they are by then. So whatever the database names is
//! there, and the readings that its rules had not judged are in the copied log.
//! Nothing here goes through a world's writer: nobody waits.
//!
//! Out: `node.restored`; in the trail `backup.taken`. Decision in ADR 0007.

mod check;
mod fact;
mod files;
mod manifest;
mod restore;
mod subject;
mod take;

#[cfg(test)]
mod tests;

pub use check::{Checked, check};
pub(crate) use fact::part;
pub use fact::{NodeFact, Restored as RestoredFact, note};
pub use manifest::{Kind, Manifest, is_backup};
pub use restore::{Plan, Restored, restore, was_interrupted};
pub(crate) use subject::own_origin;
pub use subject::{Subject, at_rest, of_node};
pub use take::{Order, Progress, Taken, take};
