//! What can happen to a notice.

use base::{Hazard, Id, Level, Timestamp};
use host::{Entry, Summary};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::number::Number;

host::facts! {
    /// What can happen to a notice. The subject is the notice.
    pub enum NoticeFact {
        "notice.sent" v 3 => Sent(Sent),
        "notice.acknowledged" v 1 => Acknowledged(Acknowledged),
        "notice.overdue" v 1 => Overdue(Overdue),
    } upcast host::fact::less;
}

/// A finding was told to the duty desk of its region, by itself.
///
/// The unit that sends is the node, the entry's origin; the minute is the entry's.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Sent {
    pub number: Number,
    pub finding: Id,
    /// `None` of a county that an earthquake shook.
    pub station: Option<Id>,
    /// What the station is called, or the county.
    pub station_name: String,
    pub hazard: Hazard,
    pub level: Level,
    pub title: String,
    pub text: String,
    /// The rule in whose name it went out, with its version.
    pub signer: String,
    /// When it is overdue.
    pub due_at: Timestamp,
}

/// The duty desk took it and says what it does about it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Acknowledged {
    pub title: String,
    /// Who took it, by name at that time.
    pub by: String,
    pub feedback: String,
}

/// Nobody took it in time.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Overdue {
    pub title: String,
    pub due_at: Timestamp,
}

pub(crate) fn summary(_: &Entry, fact: &NoticeFact) -> Summary {
    match fact {
        NoticeFact::Sent(sent) => Summary::new(
            format!("自动发出风险通知 {}：{}", sent.number.text, sent.title),
            json!({
                "state": "sent", "level": sent.level, "title": sent.title,
                "number": sent.number.text, "finding": sent.finding, "station": sent.station,
                "due_at": sent.due_at,
            }),
        ),
        NoticeFact::Acknowledged(taken) => Summary::new(
            format!("签收风险通知：{}（{}）", taken.title, taken.feedback),
            json!({ "state": "acknowledged", "title": taken.title }),
        ),
        NoticeFact::Overdue(overdue) => Summary::new(
            format!("风险通知逾期未签收：{}", overdue.title),
            json!({ "state": "overdue", "title": overdue.title, "due_at": overdue.due_at }),
        ),
    }
}
