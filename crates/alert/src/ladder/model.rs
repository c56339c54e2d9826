//! What a ladder says, and what it must be to be good.

use std::collections::BTreeSet;

use base::Level;
use host::web::text;
use host::{Error, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use trust::contact::ContactId;

/// By what somebody is told.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "CallChannel")]
pub enum Channel {
    /// On the screen of their own account.
    InApp,
    /// An officer dials, and records what came of it.
    Phone,
    /// An e-mail to their address.
    Mail,
    /// A request to the program that this node is told of, which knows how to reach them.
    Webhook,
}

impl Channel {
    pub const ALL: [Channel; 4] = [Channel::InApp, Channel::Phone, Channel::Mail, Channel::Webhook];

    pub fn code(self) -> &'static str {
        match self {
            Channel::InApp => "in_app",
            Channel::Phone => "phone",
            Channel::Mail => "mail",
            Channel::Webhook => "webhook",
        }
    }

    pub fn word(self) -> &'static str {
        match self {
            Channel::InApp => "系统内",
            Channel::Phone => "电话",
            Channel::Mail => "邮件",
            Channel::Webhook => "外部接口",
        }
    }

    /// What carries it out of this node; `None` for what stays inside, or a person does.
    pub fn effect(self) -> Option<&'static str> {
        match self {
            Channel::InApp | Channel::Phone => None,
            Channel::Mail => Some("mail.send"),
            Channel::Webhook => Some("webhook.send"),
        }
    }
}

impl std::str::FromStr for Channel {
    type Err = Error;

    fn from_str(text: &str) -> Result<Channel> {
        let found = Channel::ALL.into_iter().find(|channel| channel.code() == text);
        found.ok_or_else(|| Error::invalid("channel", text, "by what somebody is told"))
    }
}

/// Who is told at one time, by what, and how long they have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "LadderStep")]
pub struct Step {
    /// 1 to 20, each once.
    pub contacts: Vec<ContactId>,
    /// At least one, each once.
    pub channels: Vec<Channel>,
    /// Minutes until the next step when nobody answers, 1 to 120.
    pub wait_minutes: u16,
}

/// What a ladder says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "LadderPlan")]
pub struct Plan {
    /// 1 to 60 characters.
    pub name: String,
    /// The levels that it is climbed for: at least one, each once.
    pub levels: Vec<Level>,
    /// 1 to 8, in their order.
    pub steps: Vec<Step>,
}

const STEPS: std::ops::RangeInclusive<usize> = 1..=8;
const CONTACTS: std::ops::RangeInclusive<usize> = 1..=20;
const WAIT_MINUTES: std::ops::RangeInclusive<u16> = 1..=120;

impl Plan {
    /// The plan in one form: levels from the most severe on.
    ///
    /// # Errors
    /// [`Error::Invalid`] that names the field.
    pub fn checked(mut self) -> Result<Plan> {
        self.name = text("name", &self.name, 1, 60)?;
        self.levels.sort_by_key(|level| level.rank());
        self.levels.dedup();
        if self.levels.is_empty() {
            return Err(Error::invalid("levels", "none", "at least one level"));
        }
        if !STEPS.contains(&self.steps.len()) {
            return Err(Error::invalid("steps", self.steps.len(), "1 to 8 steps"));
        }
        for step in &mut self.steps {
            let people: BTreeSet<ContactId> = step.contacts.iter().copied().collect();
            if people.len() != step.contacts.len() || !CONTACTS.contains(&people.len()) {
                let expected = "1 to 20 people, each once in a step";
                return Err(Error::invalid("contacts", step.contacts.len(), expected));
            }
            step.channels.sort();
            step.channels.dedup();
            if step.channels.is_empty() {
                return Err(Error::invalid("channels", "none", "at least one channel"));
            }
            if !WAIT_MINUTES.contains(&step.wait_minutes) {
                return Err(Error::invalid("wait_minutes", step.wait_minutes, "1 to 120 minutes"));
            }
        }
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(change: impl FnOnce(&mut Plan)) -> Result<Plan> {
        let step = Step {
            contacts: vec![ContactId(base::Id::from_u128(1))],
            channels: vec![Channel::Phone, Channel::InApp],
            wait_minutes: 5,
        };
        let levels = vec![Level::Orange, Level::Red, Level::Orange];
        let mut plan = Plan { name: " 桦甸 ".to_owned(), levels, steps: vec![step] };
        change(&mut plan);
        plan.checked()
    }

    #[test]
    fn a_plan_is_kept_in_one_form() {
        let plan = plan(|_| {}).expect("it is good");
        assert_eq!(
            (plan.name.as_str(), &plan.levels[..]),
            ("桦甸", &[Level::Red, Level::Orange][..])
        );
        assert_eq!(plan.steps[0].channels, [Channel::InApp, Channel::Phone]);
    }

    #[test]
    fn what_nobody_could_climb_is_refused_by_its_field() {
        let refused = |change: fn(&mut Plan)| plan(change).expect_err("refused").to_string();
        for (field, told) in [
            ("name", refused(|plan| plan.name.clear())),
            ("levels", refused(|plan| plan.levels.clear())),
            ("steps", refused(|plan| plan.steps.clear())),
            ("steps", refused(|plan| plan.steps = vec![plan.steps[0].clone(); 9])),
            ("contacts", refused(|plan| plan.steps[0].contacts.clear())),
            (
                "contacts",
                refused(|plan| plan.steps[0].contacts.push(ContactId(base::Id::from_u128(1)))),
            ),
            ("channels", refused(|plan| plan.steps[0].channels.clear())),
            ("wait_minutes", refused(|plan| plan.steps[0].wait_minutes = 0)),
            ("wait_minutes", refused(|plan| plan.steps[0].wait_minutes = 121)),
        ] {
            assert!(told.contains(field), "{field}: {told}");
        }
    }
}
