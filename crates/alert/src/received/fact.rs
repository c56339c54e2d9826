//! What can happen to a message that comes from outside.

use base::{Level, Timestamp};
use host::document::DocumentRef;
use host::{Entry, Summary};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

host::facts! {
    /// What can happen to a received message. The subject is the message.
    pub enum ReceivedFact {
        "received.taken" v 1 => Taken(Taken),
        "received.expired" v 1 => Expired(Expired),
    }
}

host::facts! {
    /// What can happen to what came and is no message. The subject is what came.
    pub enum RejectFact {
        "received_reject.refused" v 1 => Refused(Refused),
    }
}

/// A message came that nobody had brought before.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Taken {
    /// Which way it came: who brought it.
    pub source: String,
    pub sender: String,
    pub identifier: String,
    pub sent: Timestamp,
    /// As the message writes it.
    pub sent_text: String,
    /// Words of CAP, or what stands in their place; empty for none.
    pub status: String,
    pub scope: String,
    pub msg_type: String,
    /// The authority: `senderName`, or else the sender.
    pub sender_name: String,
    pub event: String,
    pub headline: String,
    pub area: String,
    /// The colour of the most severe info, when it has one.
    pub level: Option<Level>,
    pub severity: Option<String>,
    pub urgency: Option<String>,
    pub certainty: Option<String>,
    pub begins: Option<Timestamp>,
    /// When all that it says is over.
    pub ends: Option<Timestamp>,
    /// It was over when it came.
    pub was_over: bool,
    /// A warning in earnest and for everybody: no exercise, test or draft, and not for some.
    pub is_real: bool,
    pub references: Vec<Named>,
    /// What is wrong with it, the first ones.
    pub faults: Vec<String>,
    pub more_faults: u32,
    #[serde(flatten)]
    pub original: Original,
    /// The original is a feed that carries this message and perhaps others.
    pub in_feed: bool,
}

/// What names a message.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Named {
    pub sender: String,
    pub identifier: String,
    pub sent: Timestamp,
}

/// The bytes that came.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Original {
    /// SHA-256 of all of them, hex.
    pub hash: String,
    /// Where they are, piece by piece.
    pub documents: Vec<DocumentRef>,
    pub bytes: u64,
}

/// Something came that is no message, or another one under a name that is taken.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Refused {
    pub source: String,
    /// What was seen and what was expected.
    pub reason: String,
    #[serde(flatten)]
    pub original: Original,
}

/// All that it says is over.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Expired {
    pub headline: String,
    pub sender_name: String,
    pub ends: Timestamp,
}

pub(crate) fn summary(_: &Entry, fact: &ReceivedFact) -> Summary {
    match fact {
        ReceivedFact::Taken(body) => {
            let mark = if body.is_real { "" } else { "（非正式）" };
            let title = format!("收到 {}{mark}：{}", body.sender_name, body.headline);
            let data = json!({
                "title": body.headline, "sender_name": body.sender_name, "level": body.level,
                "msg_type": body.msg_type, "is_real": body.is_real, "ends": body.ends,
            });
            Summary::new(title, data)
        }
        ReceivedFact::Expired(body) => Summary::new(
            format!("{} 的预警到期：{}", body.sender_name, body.headline),
            json!({ "title": body.headline, "ends": body.ends }),
        ),
    }
}

pub(crate) fn summary_of_reject(_: &Entry, fact: &RejectFact) -> Summary {
    let RejectFact::Refused(body) = fact;
    let title = format!("拒收外部预警（{}）：{}", body.source, body.reason);
    Summary::new(title, json!({ "reason": body.reason }))
}
