//! Audit: the log and the trail, for those who may read them; nobody may change them.
//!
//! Out (into the trail): `session.opened`, `.closed`, `.refused`,
//! `access.refused`, `password.changed`. Repeats from one source are collapsed per
//! minute: the first is written at once, the others as one entry with their count.

mod collapse;
mod routes;
mod window;

use base::Id;
use host::trail::{Notes, Said};
use host::{Caller, Home, Permission, Record, Result, Slice, Tx};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

pub(crate) use collapse::Collapse;
pub(crate) use routes::{log_routes, trail_routes};

pub const READ_LOG: Permission = Permission::new("log.read", "查阅事实日志");
pub const READ_TRAIL: Permission = Permission::new("trail.read", "查阅审计轨迹");

host::facts! {
    /// What the trail holds. Nothing of it is applied.
    pub enum TrailFact {
        "session.opened" v 1 => SignedIn(SignedIn),
        "session.closed" v 1 => SignedOut(SignedOut),
        "session.refused" v 1 => SignInRefused(SignInRefused),
        "access.refused" v 1 => AccessRefused(AccessRefused),
        "password.changed" v 1 => PasswordChanged(PasswordChanged),
    }
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct SignedIn {
    pub account: String,
    pub source: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct SignedOut {}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct SignInRefused {
    /// The account, or the mark of a name that is none: what was typed may be a
    /// password. Of several names from one source within a minute, the first.
    pub account: String,
    pub source: String,
    pub reason: String,
    /// How many this entry stands for.
    pub count: u64,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct AccessRefused {
    pub account: String,
    pub route: String,
    pub code: String,
    pub count: u64,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct PasswordChanged {}

pub(crate) fn slice() -> Slice {
    Slice::without_facts("audit", &[], READ_TRAIL)
}

/// What the trail's line shows of each note.
pub(crate) fn notes() -> Notes {
    Notes::new::<TrailFact>("audit", |note| match note {
        TrailFact::SignedIn(note) => {
            Said::new(json!({})).about("account").account(&note.account).source(&note.source)
        }
        TrailFact::SignInRefused(note) => Said::new(json!({ "reason": note.reason }))
            .account(&note.account)
            .source(&note.source)
            .times(note.count),
        TrailFact::AccessRefused(note) => {
            Said::new(json!({ "route": note.route, "code": note.code }))
                .about("person")
                .account(&note.account)
                .times(note.count)
        }
        TrailFact::SignedOut(_) | TrailFact::PasswordChanged(_) => {
            Said::new(json!({})).about("person")
        }
    })
}

pub(crate) fn note_signed_in(tx: &mut Tx<'_>, account: Id, name: &str, source: &str) -> Result<()> {
    let fact = SignedIn { account: name.to_owned(), source: source.to_owned() };
    tx.note(Record::first(account, Home::node(), TrailFact::SignedIn(fact)))
}

pub(crate) fn note_signed_out(tx: &mut Tx<'_>, caller: &Caller) -> Result<()> {
    tx.note(Record::first(caller.person, Home::node(), TrailFact::SignedOut(SignedOut {})))
}

pub(crate) fn note_password_changed(tx: &mut Tx<'_>, caller: &Caller) -> Result<()> {
    tx.note(Record::first(
        caller.person,
        Home::node(),
        TrailFact::PasswordChanged(PasswordChanged {}),
    ))
}
