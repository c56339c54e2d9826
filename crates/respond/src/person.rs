//! A person as facts and screens of this stage name one.

use base::Id;
use host::Caller;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A person, with the name of that moment: a later change of name does not
/// rewrite what was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Person {
    pub person: Id,
    pub name: String,
}

impl Person {
    pub(crate) fn of(caller: &Caller) -> Person {
        Person { person: caller.person, name: caller.name.clone() }
    }
}
