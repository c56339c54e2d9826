//! What can happen to a notice.

use base::{AdminCode, Hazard, Id, Level, Timestamp};
use host::{Entry, Summary};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::limit::Step;
use super::model::{Side, Verdict};
use crate::number::Number;

host::facts! {
    /// What can happen to a notice. The subject is the notice.
    ///
    /// What is older reads as it is: an acknowledgement without `verify_by` was taken and
    /// answered in one step, and what is overdue without a `step` was not acknowledged.
    pub enum NoticeFact {
        "notice.sent" v 3 => Sent(Sent),
        "notice.acknowledged" v 2 => Acknowledged(Acknowledged),
        "notice.overdue" v 2 => Overdue(Overdue),
        "notice.escalated" v 1 => Escalated(Escalated),
        "notice.checked" v 1 => Checked(Checked),
        "notice.closed" v 1 => Closed(Closed),
    } upcast host::fact::less;
}

/// A finding was told to the duty desk of its region, by itself.
///
/// The unit that sends is the node, the entry's origin; the minute is the entry's. It is at
/// home where the finding is, so the organisation whose station it is sees it too.
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

/// The duty desk took it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Acknowledged {
    pub title: String,
    /// Who took it, by name at that time.
    pub by: String,
    /// What they do about it, if they said so at once.
    pub feedback: Option<String>,
    /// By when it is to be verified. `None` of one that was answered in one step.
    pub verify_by: Option<Timestamp>,
}

/// A step was not done in time.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Overdue {
    pub title: String,
    pub due_at: Timestamp,
    #[serde(default)]
    pub step: Step,
}

/// It went up to the division above. The home says so too: it reaches that one from now on.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Escalated {
    pub title: String,
    pub from: AdminCode,
    /// As it is called now.
    pub from_name: String,
    /// `None`: there is no division above.
    pub to: Option<AdminCode>,
    pub to_name: String,
    /// What was not done in time.
    pub why: Step,
    /// Whether this node serves the division above. Where it does not, nobody there was
    /// told by it.
    pub told: bool,
    /// When it goes further up; `None` when this node can take it no further.
    pub next_at: Option<Timestamp>,
}

/// Somebody said what was found on looking.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Checked {
    pub title: String,
    pub side: Side,
    pub verdict: Verdict,
    pub words: String,
    /// Who said it, by name at that time.
    pub by: String,
}

/// The finding is over, and the desk has said finally what it was.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Closed {
    pub title: String,
    pub verdict: Verdict,
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
            match &taken.feedback {
                Some(feedback) => format!("签收风险通知：{}（{feedback}）", taken.title),
                None => format!("签收风险通知：{}", taken.title),
            },
            json!({
                "state": "acknowledged", "title": taken.title, "verify_by": taken.verify_by,
            }),
        ),
        NoticeFact::Overdue(overdue) => Summary::new(
            format!("风险通知{}：{}", overdue.step.missed(), overdue.title),
            json!({
                "state": match overdue.step {
                    Step::Acknowledge => "overdue",
                    Step::Verify => "unverified",
                },
                "title": overdue.title, "due_at": overdue.due_at,
            }),
        ),
        NoticeFact::Escalated(up) => Summary::new(
            escalation(up),
            json!({
                "title": up.title, "from": up.from, "to": up.to, "to_name": up.to_name,
                "why": up.why, "told": up.told,
            }),
        ),
        NoticeFact::Checked(checked) => Summary::new(
            format!(
                "{}：{}，{}（{}）",
                match checked.side {
                    Side::Desk => "核实风险通知",
                    Side::Enterprise => "企业反馈风险通知",
                },
                checked.title,
                checked.verdict.word(),
                checked.words
            ),
            json!({ "title": checked.title, "side": checked.side, "verdict": checked.verdict }),
        ),
        NoticeFact::Closed(closed) => Summary::new(
            format!("风险通知办结：{}（{}，险情已解除）", closed.title, closed.verdict.word()),
            json!({ "state": "closed", "title": closed.title, "verdict": closed.verdict }),
        ),
    }
}

fn escalation(up: &Escalated) -> String {
    let why = up.why.missed();
    match (&up.to, up.told) {
        (None, _) => format!("风险通知{why}，{}以上没有上级区划：{}", up.from_name, up.title),
        (Some(_), true) => {
            format!("风险通知{why}，由{}升级至{}：{}", up.from_name, up.to_name, up.title)
        }
        (Some(_), false) => format!(
            "风险通知{why}，应升级至{}，本节点不服务该区划、未能告知，请电话报告：{}",
            up.to_name, up.title
        ),
    }
}
