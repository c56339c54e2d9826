//! What a slice runs on: the world, its log, its one writer, and the doors.
//!
//! A slice is decisions (pure), facts (what happened), `apply` (the only writer
//! of its tables), loads and lists (within a scope), and doors for people, for
//! facts and for time. This crate gives each of those its seam and nothing of
//! the domain. The modules are in reading order.

pub mod db;
pub mod fact;
pub mod home;
pub mod log;
pub mod part;
pub mod tables;
pub mod tx;

pub mod clock;
pub mod document;
pub mod effect;
pub mod job;
pub mod line;
pub mod live;
mod memo;
pub mod migration;
mod moved;
pub mod reaction;
pub mod sealed;
pub mod space;
pub mod trail;
pub mod view;
pub mod world;
mod writer;

pub mod door;
pub mod error;
mod inside;
pub mod node;
pub mod scope;
pub mod sight;
pub mod web;

pub mod backup;
pub mod custody;
pub mod drill;
pub mod exchange;
pub mod fold;
pub mod heard;
pub mod import;
pub mod neighbour;
pub mod request;
pub mod segment;
pub mod signing;
pub mod snapshot;
pub mod town;
pub mod unapplied;
pub mod verify;

pub use clock::Clock;
pub use db::{Read, Row, Value};
pub use effect::Effect;
pub use error::{Error, Result};
pub use fact::{Fact, Slice, Summary, Table, TableKind};
pub use home::{Class, Home};
pub use job::{Due, Job};
pub use log::{Actor, Entry};
pub use node::Node;
pub use part::Part;
pub use reaction::Reaction;
pub use scope::{Caller, Permission, Scope};
pub use sealed::Sealed;
pub use sight::Sight;
pub use tables::Tables;
pub use tx::{Record, Recorded, Tx};
pub use view::{View, ViewTable, ViewTables, Viewed};
pub use web::{Idempotency, Page, Reply, Routes};
pub use world::{Lane, World};

#[cfg(test)]
mod tests;
