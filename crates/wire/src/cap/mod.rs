//! CAP, the Common Alerting Protocol: warnings as they go from system to system.
//!
//! In: messages of CAP 1.0, 1.1 and 1.2, and Atom, RSS and EDXL-DE documents that point to
//! them or carry them. Out: messages of CAP 1.2 and Atom feeds.
//! Strict for what is written ([`write`]: every rule, or all faults), lenient for what is
//! read ([`parse`]: what can be understood, with all its faults).
//! Source: OASIS Standard CAP-V1.2, 1 July 2010; RFC 4287. README beside this file says
//! what was read and what is from memory.

mod text;
mod tree;

mod fault;
mod value;
mod word;

mod alert;

mod check;
mod read;
mod write;

mod chain;
mod feed;
mod profile;

mod describe;

pub use alert::{Alert, Area, Info, Pair, Resource, Version};
pub use chain::{ChainError, in_force, references};
pub use check::{check, is_name};
pub use describe::{DescriptionError, describe, describe_feed, from_description};
pub use fault::{Fault, Faults, ReadError, Rule};
pub use feed::{Entry, Feed, FeedKind, Header, Item, Stamp, parse_feed, write_feed};
pub use profile::{Confidence, IdentifierError, Origin, Profile, ProfileError};
pub use read::{Foreign, Message, SIGNATURES, parse};
pub use value::{
    Circle, List, ListError, Point, Polygon, Reference, ReferenceError, References, ShapeError,
    Time,
};
pub use word::{
    Category, Certainty, MsgType, ResponseType, Scope, Severity, Status, Urgency, Word,
};
pub use write::{write, write_as_is};

/// How much of a document is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the whole.
    pub bytes: usize,
    /// Elements inside each other.
    pub depth: usize,
    /// Elements in all.
    pub elements: usize,
    /// Attributes of one element.
    pub attributes: usize,
}

impl Default for Limits {
    /// 4 MiB, 32 deep, 100 000 elements, 32 attributes: ours, the standard has none.
    fn default() -> Limits {
        Limits { bytes: 4 << 20, depth: 32, elements: 100_000, attributes: 32 }
    }
}

#[cfg(test)]
mod tests;
