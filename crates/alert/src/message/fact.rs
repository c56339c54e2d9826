//! What can happen to a message: it is made, and that is all.

use base::Timestamp;
use host::{Entry, Summary};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::WarningId;

host::facts! {
    /// What can happen to a message. The subject is the message.
    pub enum MessageFact {
        "message.made" v 1 => Made(Made),
    }
}

/// A public warning became a message, or a later word on it did.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Made {
    pub warning: WarningId,
    /// The warning's.
    pub title: String,
    /// 文号.
    pub number: Option<String>,
    /// `Alert`, `Update` or `Cancel`.
    pub msg_type: String,
    /// `Actual`, `Exercise` or `Test`.
    pub status: String,
    pub sender: String,
    pub identifier: String,
    /// To the second, as the message says it.
    pub sent: Timestamp,
    /// When what it says ends.
    pub ends: Option<Timestamp>,
    /// The message itself, CAP 1.2, as every subscriber gets it.
    pub xml: String,
}

pub(crate) fn summary(_: &Entry, fact: &MessageFact) -> Summary {
    let MessageFact::Made(body) = fact;
    let what = match body.msg_type.as_str() {
        "Alert" => "发布",
        "Update" => "变更",
        _ => "解除",
    };
    let mark = match body.status.as_str() {
        "Actual" => "",
        "Exercise" => "（演练）",
        _ => "（测试）",
    };
    let title = format!("生成 CAP {what}消息{mark} {}：{}", body.identifier, body.title);
    let data = json!({
        "title": body.title, "warning": body.warning, "msg_type": body.msg_type,
        "status": body.status, "identifier": body.identifier,
    });
    Summary::new(title, data)
}
