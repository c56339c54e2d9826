//! How far a command is.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

base::typed_id!(CommandId, "A command to a station.");
host::db_id!(CommandId);

/// Where a command stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "CommandState")]
pub enum AskState {
    /// It waits for its station, or for those before it.
    Asked,
    /// It is going out, or is out and waits for its answer.
    Sent,
    /// The client has it; what it says comes later, if it does.
    Delivered,
    Answered,
    /// Sent as often as is allowed, and no answer came.
    TimedOut,
    /// Nobody knows whether it was carried out: the line or this node ended.
    Uncertain,
    /// The protocol or its session does not take it: it did not go out.
    Refused,
    /// The station was on no line in its time: it did not go out.
    Expired,
    /// A person took it back before it went out.
    Cancelled,
    /// A drill asks nobody.
    Suppressed,
    /// A person knows that it was carried out.
    Confirmed,
    /// A person gave it up when nobody knew.
    GivenUp,
}

impl AskState {
    pub const ALL: [AskState; 12] = [
        AskState::Asked,
        AskState::Sent,
        AskState::Delivered,
        AskState::Answered,
        AskState::TimedOut,
        AskState::Uncertain,
        AskState::Refused,
        AskState::Expired,
        AskState::Cancelled,
        AskState::Suppressed,
        AskState::Confirmed,
        AskState::GivenUp,
    ];

    pub fn code(self) -> &'static str {
        match self {
            AskState::Asked => "asked",
            AskState::Sent => "sent",
            AskState::Delivered => "delivered",
            AskState::Answered => "answered",
            AskState::TimedOut => "timed_out",
            AskState::Uncertain => "uncertain",
            AskState::Refused => "refused",
            AskState::Expired => "expired",
            AskState::Cancelled => "cancelled",
            AskState::Suppressed => "suppressed",
            AskState::Confirmed => "confirmed",
            AskState::GivenUp => "given_up",
        }
    }

    pub fn word(self) -> &'static str {
        match self {
            AskState::Asked => "等待下发",
            AskState::Sent => "已下发，等待应答",
            AskState::Delivered => "已送达",
            AskState::Answered => "已应答",
            AskState::TimedOut => "无应答",
            AskState::Uncertain => "是否执行未知",
            AskState::Refused => "未能下发",
            AskState::Expired => "过期未下发",
            AskState::Cancelled => "已撤回",
            AskState::Suppressed => "演练中不下发",
            AskState::Confirmed => "已人工确认执行",
            AskState::GivenUp => "已放弃",
        }
    }

    /// Whether an answer may still come of it. What did not go out is answered by nobody.
    pub fn may_be_answered(self) -> bool {
        matches!(
            self,
            AskState::Sent
                | AskState::Delivered
                | AskState::TimedOut
                | AskState::Uncertain
                | AskState::Confirmed
                | AskState::GivenUp
        )
    }

    /// Whether it is under way.
    pub fn is_open(self) -> bool {
        matches!(self, AskState::Asked | AskState::Sent)
    }
}

impl std::str::FromStr for AskState {
    type Err = host::Error;

    fn from_str(text: &str) -> Result<AskState, host::Error> {
        let found = AskState::ALL.into_iter().find(|state| state.code() == text);
        found.ok_or_else(|| host::Error::invalid("state", text, "a state of a command"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_states_code_is_what_json_and_the_database_hold() {
        for state in AskState::ALL {
            assert_eq!(serde_json::to_value(state).expect("a word"), state.code());
            assert_eq!(state.code().parse::<AskState>().expect("its own"), state);
            assert!(!(state.is_open() && state.word().is_empty()));
        }
    }
}
