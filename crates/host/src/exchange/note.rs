//! What the trail says of segments that people give and bring: bodies of facts left the
//! node, or came in, at somebody's hand.

use base::Id;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::outbox;
use crate::error::Result;
use crate::home::Home;
use crate::trail::{Notes, Said};
use crate::tx::{Record, Tx};

crate::facts! {
    /// What people can do with segments.
    pub enum SegmentNote {
        "segment.given" v 1 => Given(Given),
        "segment.sent_set" v 1 => SentSet(SentSet),
        "segment.uploaded" v 1 => Uploaded(Uploaded),
    }
}

/// A segment for a neighbour was asked for, and is about to leave through the door.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Given {
    pub neighbour: String,
    /// Of this node's entries, both included.
    pub first: i64,
    pub last: i64,
}

/// Somebody said up to which entry a neighbour was given this node's log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SentSet {
    pub neighbour: String,
    /// What it was.
    pub before: i64,
    pub last: i64,
}

/// Another node's segment was brought through the door, and taken in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Uploaded {
    pub origin: String,
    /// Of that node's entries, both included.
    pub first: i64,
    pub last: i64,
    /// How many of them were new here.
    pub new: u64,
}

pub(super) fn notes() -> Notes {
    Notes::new::<SegmentNote>("segment", |note| {
        Said::new(match note {
            SegmentNote::Given(given) => json!({
                "neighbour": given.neighbour,
                "first": given.first,
                "last": given.last,
            }),
            SegmentNote::SentSet(set) => json!({
                "neighbour": set.neighbour,
                "before": set.before,
                "last": set.last,
            }),
            SegmentNote::Uploaded(uploaded) => json!({
                "origin": uploaded.origin,
                "first": uploaded.first,
                "last": uploaded.last,
                "new": uploaded.new,
            }),
        })
    })
}

/// Writes a note into the trail, about the other node.
pub(super) fn put(tx: &mut Tx<'_>, note: SegmentNote) -> Result<()> {
    let neighbour: Id = outbox::subject(match &note {
        SegmentNote::Given(given) => &given.neighbour,
        SegmentNote::SentSet(set) => &set.neighbour,
        SegmentNote::Uploaded(uploaded) => &uploaded.origin,
    });
    tx.note(Record::first(neighbour, Home::node(), note))
}
