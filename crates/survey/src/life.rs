//! The life of an enterprise or a site: planned, operating, suspended, closed.

use base::{Date, Timestamp};
use host::web::text;
use host::{Error, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::field;

/// Where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "RegisterState")]
pub enum State {
    /// 拟建或在建
    Planned,
    /// 在产、在用
    Operating,
    /// 停产、停用: it may start again
    Suspended,
    /// 关闭、注销、闭库: for good
    Closed,
}

/// What changes the state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    Start,
    Suspend,
    Close,
}

/// A step of its life, as a fact says it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "RegisterTurn")]
pub struct Turn {
    /// What it was called then.
    pub name: String,
    /// Since which day, in Beijing.
    pub since: Date,
    pub reason: String,
}

/// It works, or works again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Started(pub Turn);

/// It stands still.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Suspended(pub Turn);

/// It is closed for good.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Closed(pub Turn);

/// What a person says of a step.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub(crate) struct TurnDetails {
    /// Since which day: up to today, and not before the state that it ends.
    pub since: String,
    /// 2 to 200 characters; the decision it rests on, if there is one.
    pub reason: String,
}

impl State {
    pub const ALL: [State; 4] = [State::Planned, State::Operating, State::Suspended, State::Closed];

    pub fn code(self) -> &'static str {
        match self {
            State::Planned => "planned",
            State::Operating => "operating",
            State::Suspended => "suspended",
            State::Closed => "closed",
        }
    }

    pub fn word(self) -> &'static str {
        match self {
            State::Planned => "在建",
            State::Operating => "在用",
            State::Suspended => "停用",
            State::Closed => "关闭",
        }
    }

    /// Where a step leads. What is closed stays closed: whoever works there again is
    /// registered anew, and the old record keeps its own history.
    pub(crate) fn after(self, step: Step) -> Option<State> {
        match (self, step) {
            (State::Planned | State::Suspended, Step::Start) => Some(State::Operating),
            (State::Planned | State::Operating, Step::Suspend) => Some(State::Suspended),
            (State::Planned | State::Operating | State::Suspended, Step::Close) => {
                Some(State::Closed)
            }
            (State::Operating, Step::Start)
            | (State::Suspended, Step::Suspend)
            | (State::Closed, _) => None,
        }
    }
}

impl std::str::FromStr for State {
    type Err = Error;

    fn from_str(text: &str) -> Result<State> {
        let found = State::ALL.into_iter().find(|state| state.code() == text);
        found.ok_or_else(|| Error::invalid("state", text, "a state of the register"))
    }
}

impl Step {
    pub fn word(self) -> &'static str {
        match self {
            Step::Start => "投用",
            Step::Suspend => "停用",
            Step::Close => "关闭",
        }
    }
}

impl TurnDetails {
    /// Decides a step of something that is called `name` and has been in `state` since a day.
    ///
    /// # Errors
    /// [`Error::Conflict`] `wrong-state`; [`Error::Invalid`] that names the field.
    pub fn decide(
        &self,
        step: Step,
        name: &str,
        (state, since): (State, Date),
        now: Timestamp,
    ) -> Result<Turn> {
        if state.after(step).is_none() {
            let text = format!("{name} is {}: {} leads nowhere", state.code(), step.word());
            return Err(Error::conflict("wrong-state", text));
        }
        let day = field::day_until("since", &self.since, now)?;
        if day < since {
            return Err(Error::invalid("since", day, format!("a day from {since} on")));
        }
        Ok(Turn {
            name: name.to_owned(),
            since: day,
            reason: text("reason", &self.reason, 2, 200)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_closed_stays_closed_and_no_step_leads_where_one_is() {
        for step in [Step::Start, Step::Suspend, Step::Close] {
            assert_eq!(State::Closed.after(step), None);
        }
        assert_eq!(State::Operating.after(Step::Start), None);
        assert_eq!(State::Suspended.after(Step::Start), Some(State::Operating));
        assert_eq!(State::Suspended.after(Step::Suspend), None);
        assert_eq!(State::Planned.after(Step::Close), Some(State::Closed));
        for state in State::ALL {
            assert_eq!(state.code().parse::<State>().expect("its own"), state);
        }
    }

    #[test]
    fn a_step_is_of_a_day_between_the_state_before_and_today() {
        let now = Timestamp::from_beijing([2026, 8, 3], [8, 0, 0]).expect("a minute");
        let said = |since: &str| TurnDetails {
            since: since.to_owned(),
            reason: "汛期停产".to_owned(),
        };
        let begun = Date::new(2026, 6, 1).expect("a day");
        let decide = |since: &str| {
            said(since).decide(Step::Suspend, "虚构矿", (State::Operating, begun), now)
        };
        assert_eq!(decide("2026-06-01").expect("the same day").since, begun);
        assert!(decide("2026-05-31").is_err());
        assert!(decide("2026-08-04").is_err());
        let again =
            said("2026-08-01").decide(Step::Start, "虚构矿", (State::Operating, begun), now);
        assert!(matches!(again, Err(Error::Conflict { code: "wrong-state", .. })));
    }
}
