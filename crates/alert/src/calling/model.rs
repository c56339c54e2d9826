//! What a calling is, and what may become of it.

use base::{AdminCode, Duration, Hazard, Id, Level, Timestamp};
use host::{Error, Home, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use trust::contact::ContactId;

use super::CallingId;
use super::fact::{
    About, Answered, Because, Ended, Exhausted, LadderRef, Missed, NewCall, Refused, Rung, Stepped,
};
use crate::ladder::Channel;

/// A calling, as it stands.
#[derive(Debug, Clone)]
pub struct Calling {
    pub id: CallingId,
    pub home: Home,
    pub correlation: Id,
    pub about: About,
    pub title: String,
    pub text: String,
    pub hazard: Hazard,
    pub level: Level,
    pub ladder: LadderRef,
    pub steps: Vec<Rung>,
    pub state: State,
    /// How many steps have been taken.
    pub step: u32,
    /// When the next comes.
    pub due_at: Option<Timestamp>,
    pub begun_at: Timestamp,
    /// Who answered first.
    pub answer: Option<Answer>,
    pub ended: Option<End>,
}

impl Calling {
    pub fn region(&self) -> Option<&AdminCode> {
        self.home.region.as_ref()
    }
}

/// Who answered first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "CallingAnswer")]
pub struct Answer {
    pub contact: ContactId,
    pub name: String,
    pub step: u32,
    pub channel: Channel,
    pub words: String,
    pub recorded_by: Option<String>,
    pub at: Timestamp,
}

/// How it ended without an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "CallingEnd")]
pub struct End {
    pub because: Because,
    pub by: Option<String>,
    pub reason: Option<String>,
    pub at: Timestamp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "CallingState")]
pub enum State {
    /// Somebody has time to answer.
    Calling,
    Answered,
    /// Nobody answered on any step. It still wants its answer.
    Exhausted,
    /// Nobody needs to answer any more.
    Ended,
}

/// What can happen to a calling.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Event {
    Step,
    Exhaust,
    Answer,
    End,
}

impl State {
    pub const ALL: [State; 4] = [State::Calling, State::Answered, State::Exhausted, State::Ended];

    /// Where a calling goes from here; `None` when the event makes no sense.
    pub(crate) fn next(self, event: Event) -> Option<State> {
        match (self, event) {
            (State::Calling, Event::Step) => Some(State::Calling),
            (State::Calling, Event::Exhaust) => Some(State::Exhausted),
            // A second answer is one more line of the ledger.
            (State::Calling | State::Exhausted | State::Answered, Event::Answer) => {
                Some(State::Answered)
            }
            (State::Calling | State::Exhausted, Event::End) => Some(State::Ended),
            (State::Answered | State::Exhausted, Event::Step | Event::Exhaust)
            | (State::Answered, Event::End)
            | (State::Ended, _) => None,
        }
    }

    pub fn code(self) -> &'static str {
        match self {
            State::Calling => "calling",
            State::Answered => "answered",
            State::Exhausted => "exhausted",
            State::Ended => "ended",
        }
    }

    pub fn from_code(code: &str) -> Option<State> {
        State::ALL.into_iter().find(|state| state.code() == code)
    }
}

/// How it stands with one person by one channel on one step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "CallState")]
pub enum CallState {
    /// It stands on their screen; whether they look, nobody knows.
    Placed,
    /// Somebody is to dial.
    ToDial,
    /// A message is to go out.
    Queued,
    /// It is going out.
    Attempted,
    /// Outside has it, and says so; whether it was read, nobody knows.
    Delivered,
    /// It did not go out; `why` says whether it will be tried again.
    Failed,
    /// Whether it went out nobody here knows, until a person says so.
    Uncertain,
    /// This world sends nothing out.
    Suppressed,
    /// Somebody had answered before it went out.
    Withdrawn,
    /// It was phoned, and nobody answered.
    Missed,
    /// By this they cannot be told at all.
    Unreachable,
    Answered,
    Refused,
}

impl CallState {
    pub const ALL: [CallState; 13] = [
        CallState::Placed,
        CallState::ToDial,
        CallState::Queued,
        CallState::Attempted,
        CallState::Delivered,
        CallState::Failed,
        CallState::Uncertain,
        CallState::Suppressed,
        CallState::Withdrawn,
        CallState::Missed,
        CallState::Unreachable,
        CallState::Answered,
        CallState::Refused,
    ];

    /// Where a call begins.
    pub(crate) fn first(channel: Channel) -> CallState {
        match channel {
            Channel::InApp => CallState::Placed,
            Channel::Phone => CallState::ToDial,
            Channel::Mail | Channel::Webhook => CallState::Queued,
        }
    }

    pub fn word(self) -> &'static str {
        match self {
            CallState::Placed => "待签收",
            CallState::ToDial => "待拨打",
            CallState::Queued => "待发送",
            CallState::Attempted => "发送中",
            CallState::Delivered => "已送达",
            CallState::Failed => "发送失败",
            CallState::Uncertain => "发送结果不明",
            CallState::Suppressed => "演练中不外发",
            CallState::Withdrawn => "已有人应答，未发送",
            CallState::Missed => "无人接听",
            CallState::Unreachable => "无法叫应",
            CallState::Answered => "应答",
            CallState::Refused => "拒绝",
        }
    }

    pub fn code(self) -> &'static str {
        match self {
            CallState::Placed => "placed",
            CallState::ToDial => "to_dial",
            CallState::Queued => "queued",
            CallState::Attempted => "attempted",
            CallState::Delivered => "delivered",
            CallState::Failed => "failed",
            CallState::Uncertain => "uncertain",
            CallState::Suppressed => "suppressed",
            CallState::Withdrawn => "withdrawn",
            CallState::Missed => "missed",
            CallState::Unreachable => "unreachable",
            CallState::Answered => "answered",
            CallState::Refused => "refused",
        }
    }

    pub fn from_code(code: &str) -> Option<CallState> {
        CallState::ALL.into_iter().find(|state| state.code() == code)
    }
}

/// A line of the ledger: one person by one channel on one step.
#[derive(Debug, Clone)]
pub struct Call {
    pub step: u32,
    pub contact: ContactId,
    pub channel: Channel,
    pub name: String,
    pub duty: String,
    pub person: Option<Id>,
    pub state: CallState,
    /// Since when it stands so.
    pub at: Timestamp,
    /// How often it was tried.
    pub times: i64,
    pub why: Option<String>,
    pub words: Option<String>,
    /// Who recorded it, or answered in their stead.
    pub by: Option<String>,
}

/// What comes next when nobody has answered.
#[derive(Debug, Clone)]
pub(crate) enum Turn {
    Step(Stepped),
    Exhausted(Exhausted),
}

/// What somebody says of it, by name.
#[derive(Debug, Clone)]
pub(crate) struct Said {
    pub step: u32,
    pub contact: ContactId,
    pub name: String,
    pub channel: Channel,
    pub words: String,
    pub recorded_by: Option<String>,
}

impl Calling {
    /// The next step, or that there is none. `now` is when it is taken.
    pub(crate) fn climb(&self, now: Timestamp) -> Option<Turn> {
        let of = count(self.steps.len());
        let Some(rung) = self.steps.get(self.step as usize) else {
            self.state.next(Event::Exhaust)?;
            return Some(Turn::Exhausted(Exhausted { title: self.title.clone(), of }));
        };
        self.state.next(Event::Step)?;
        let calls: Vec<NewCall> = rung
            .people
            .iter()
            .flat_map(|one| rung.channels.iter().map(move |channel| (one, *channel)))
            .map(|(one, channel)| NewCall {
                contact: one.contact,
                name: one.name.clone(),
                duty: one.duty.clone(),
                person: one.person,
                channel,
                unreachable: one.unreachable(channel),
            })
            .collect();
        // A step that reaches nobody is not waited for.
        let reaches = calls.iter().any(|call| call.unreachable.is_none());
        let wait_s = if reaches { rung.wait_s } else { 0 };
        Some(Turn::Step(Stepped {
            title: self.title.clone(),
            step: self.step + 1,
            of,
            calls,
            due_at: now + Duration::from_secs(wait_s),
        }))
    }

    /// Somebody takes it.
    ///
    /// # Errors
    /// Conflict `calling-ended` when nobody needs to any more.
    pub(crate) fn answer(&self, said: Said) -> Result<Answered> {
        self.require(Event::Answer)?;
        let Said { step, contact, name, channel, words, recorded_by } = said;
        let title = self.title.clone();
        Ok(Answered { title, step, contact, name, channel, words, recorded_by })
    }

    /// Somebody says no.
    ///
    /// # Errors
    /// As [`Calling::answer`].
    pub(crate) fn refuse(&self, said: Said) -> Result<Refused> {
        self.require(Event::Answer)?;
        let Said { step, contact, name, channel, words, recorded_by } = said;
        let title = self.title.clone();
        Ok(Refused { title, step, contact, name, channel, words, recorded_by })
    }

    /// Nobody picked up.
    ///
    /// # Errors
    /// As [`Calling::answer`].
    pub(crate) fn miss(&self, said: Said, recorded_by: String) -> Result<Missed> {
        self.require(Event::Answer)?;
        let Said { step, contact, name, words, .. } = said;
        Ok(Missed { title: self.title.clone(), step, contact, name, words, recorded_by })
    }

    /// Nobody needs to answer; `None` when somebody has, or it has ended.
    pub(crate) fn end(
        &self,
        because: Because,
        by: Option<String>,
        reason: Option<String>,
    ) -> Option<Ended> {
        self.state.next(Event::End)?;
        Some(Ended { title: self.title.clone(), because, by, reason })
    }

    fn require(&self, event: Event) -> Result<()> {
        let refused = || Error::conflict("calling-ended", "nobody needs to answer it any more");
        self.state.next(event).map(|_| ()).ok_or_else(refused)
    }
}

/// Whether everybody of a step has said no: then the next need not wait.
pub(crate) fn is_refused_by_all(calls: &[Call], step: u32) -> bool {
    let mut of_step = calls.iter().filter(|call| call.step == step).peekable();
    of_step.peek().is_some()
        && of_step.all(|call| {
            let of_one = |other: &&Call| other.step == step && other.contact == call.contact;
            let mut all = calls.iter().filter(of_one);
            let is_gone = calls.iter().filter(of_one).all(|it| it.state == CallState::Unreachable);
            is_gone || all.any(|it| it.state == CallState::Refused)
        })
}

impl super::fact::ToldOne {
    /// Why they cannot be told by a channel at all.
    fn unreachable(&self, channel: Channel) -> Option<String> {
        if self.gone {
            return Some("已移出通讯录".to_owned());
        }
        match channel {
            Channel::InApp if self.person.is_none() => Some("没有本系统账号".to_owned()),
            Channel::Mail if !self.has_email => Some("没有登记邮箱".to_owned()),
            Channel::InApp | Channel::Phone | Channel::Mail | Channel::Webhook => None,
        }
    }
}

fn count(of: usize) -> u32 {
    u32::try_from(of).unwrap_or(u32::MAX)
}
