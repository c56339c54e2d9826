//! What can happen while people are told. Each body carries the title, so that a line of
//! the duty log is whole by itself.

use base::{Hazard, Id, Level, Timestamp};
use host::{Entry, Summary};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use trust::contact::ContactId;

use super::CallState;
use crate::ladder::{Channel, LadderId};

host::facts! {
    /// What can happen to a calling. The subject is the calling.
    pub enum CallingFact {
        "calling.begun" v 1 => Begun(Begun),
        "calling.stepped" v 1 => Stepped(Stepped),
        "calling.told" v 1 => Told(Told),
        "calling.answered" v 1 => Answered(Answered),
        "calling.refused" v 1 => Refused(Refused),
        "calling.missed" v 1 => Missed(Missed),
        "calling.exhausted" v 1 => Exhausted(Exhausted),
        "calling.ended" v 1 => Ended(Ended),
    }
}

/// What people are told of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "CallingAbout")]
pub struct About {
    /// `notice` or `warning`.
    pub noun: String,
    pub id: Id,
}

/// The ladder that is climbed, as it was then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "CallingLadder")]
pub struct LadderRef {
    pub id: LadderId,
    pub name: String,
    pub revision: i64,
}

/// Somebody of a step, as they were called then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ToldOne {
    pub contact: ContactId,
    pub name: String,
    pub duty: String,
    /// Whose account tells them inside.
    pub person: Option<Id>,
    #[serde(default)]
    pub has_email: bool,
    /// They had been retired, or were not known here.
    pub gone: bool,
}

/// A step as it was when the calling began.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "CallingRung")]
pub struct Rung {
    pub people: Vec<ToldOne>,
    pub channels: Vec<Channel>,
    /// Seconds until the next step when nobody answers.
    pub wait_s: i64,
}

/// People are to be told of something, by a ladder.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "CallingBegun")]
pub struct Begun {
    pub about: About,
    pub title: String,
    pub text: String,
    pub hazard: Hazard,
    pub level: Level,
    pub ladder: LadderRef,
    pub steps: Vec<Rung>,
}

/// The calling went one step further: these are told now.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "CallingStepped")]
pub struct Stepped {
    pub title: String,
    /// 1 for the first.
    pub step: u32,
    pub of: u32,
    pub calls: Vec<NewCall>,
    /// When the next step comes if nobody answers.
    pub due_at: Timestamp,
}

/// One person by one channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NewCall {
    pub contact: ContactId,
    pub name: String,
    pub duty: String,
    pub person: Option<Id>,
    pub channel: Channel,
    /// Why they cannot be told by it at all.
    pub unreachable: Option<String>,
}

/// What came of a message to one person by one channel.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "CallingTold")]
pub struct Told {
    pub title: String,
    pub step: u32,
    pub contact: ContactId,
    pub name: String,
    pub channel: Channel,
    /// `attempted`, `delivered`, `failed`, `uncertain`, `suppressed` or `withdrawn`.
    pub state: CallState,
    /// The receipt, or why not: of machines, never of people.
    pub said: Option<String>,
    /// When it is tried again.
    pub again_at: Option<Timestamp>,
}

/// Somebody takes it, by name.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "CallingAnswered")]
pub struct Answered {
    pub title: String,
    pub step: u32,
    pub contact: ContactId,
    /// Who answered, by name.
    pub name: String,
    pub channel: Channel,
    /// What they said, if anything.
    pub words: String,
    /// Who recorded it, by name, when they did not answer themselves.
    pub recorded_by: Option<String>,
}

/// Somebody says no.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "CallingRefused")]
pub struct Refused {
    pub title: String,
    pub step: u32,
    pub contact: ContactId,
    pub name: String,
    pub channel: Channel,
    pub words: String,
    pub recorded_by: Option<String>,
}

/// An officer phoned, and nobody answered.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "CallingMissed")]
pub struct Missed {
    pub title: String,
    pub step: u32,
    pub contact: ContactId,
    pub name: String,
    pub words: String,
    pub recorded_by: String,
}

/// The last step is over and nobody has answered. It stays open.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "CallingExhausted")]
pub struct Exhausted {
    pub title: String,
    pub of: u32,
}

/// Why nobody needs to answer any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "CallingBecause")]
pub enum Because {
    /// The duty desk took the notice.
    Acknowledged,
    Lifted,
    Expired,
    Superseded,
    /// An officer says so.
    Person,
}

impl Because {
    fn word(self) -> &'static str {
        match self {
            Because::Acknowledged => "通知已签收",
            Because::Lifted => "预警已解除",
            Because::Expired => "预警已到期",
            Because::Superseded => "预警已被替代",
            Because::Person => "人工结束",
        }
    }
}

/// Nobody needs to answer any more.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "CallingEnded")]
pub struct Ended {
    pub title: String,
    pub because: Because,
    /// Who ended it, by name, when a person did.
    pub by: Option<String>,
    pub reason: Option<String>,
}

pub(crate) fn summary(_: &Entry, fact: &CallingFact) -> Summary {
    match fact {
        CallingFact::Begun(it) => Summary::new(
            format!("开始叫应：{}（{}，{} 级）", it.title, it.ladder.name, it.steps.len()),
            json!({ "state": "calling", "level": it.level, "title": it.title, "about": it.about }),
        ),
        CallingFact::Stepped(it) => Summary::new(
            format!("叫应第 {} 级（共 {} 级）：{}：{}", it.step, it.of, it.title, names(&it.calls)),
            json!({ "state": "calling", "title": it.title, "step": it.step, "due_at": it.due_at }),
        ),
        CallingFact::Told(it) => {
            let said = it.said.as_deref().map_or(String::new(), |said| format!("：{said}"));
            let (name, channel) = (&it.name, it.channel.word());
            let state = it.state.word();
            Summary::new(
                format!("叫应{state}：{}：{name}（{channel}）{said}", it.title),
                json!({ "title": it.title }),
            )
        }
        CallingFact::Answered(it) => Summary::new(
            said("应答", &it.title, (&it.name, it.channel), &it.words, it.recorded_by.as_deref()),
            json!({ "state": "answered", "title": it.title }),
        ),
        CallingFact::Refused(it) => Summary::new(
            said("拒绝", &it.title, (&it.name, it.channel), &it.words, it.recorded_by.as_deref()),
            json!({ "title": it.title }),
        ),
        CallingFact::Missed(it) => Summary::new(
            said(
                "无人接听",
                &it.title,
                (&it.name, Channel::Phone),
                &it.words,
                Some(&it.recorded_by),
            ),
            json!({ "title": it.title }),
        ),
        CallingFact::Exhausted(it) => Summary::new(
            format!("叫应 {} 级均无人应答：{}", it.of, it.title),
            json!({ "state": "exhausted", "title": it.title }),
        ),
        CallingFact::Ended(it) => {
            let by = it.by.as_deref().map_or(String::new(), |by| format!("，{by}"));
            let why = it.reason.as_deref().map_or(String::new(), |why| format!("：{why}"));
            Summary::new(
                format!("结束叫应：{}（{}{by}）{why}", it.title, it.because.word()),
                json!({ "state": "ended", "title": it.title }),
            )
        }
    }
}

fn said(
    what: &str,
    title: &str,
    (name, channel): (&str, Channel),
    words: &str,
    by: Option<&str>,
) -> String {
    let by = by.map_or(String::new(), |by| format!("，{by} 记录"));
    let words = if words.is_empty() { String::new() } else { format!("：{words}") };
    format!("叫应{what}：{title}：{name}（{}{by}）{words}", channel.word())
}

/// Each of a step once.
fn names(calls: &[NewCall]) -> String {
    let mut names: Vec<&str> = calls.iter().map(|call| call.name.as_str()).collect();
    names.dedup();
    names.join("、")
}
