//! Callings 叫应: people are told of one notice or warning, step by step, until one answers.
//!
//! In: `notice.sent`, `.acknowledged`; `warning.issued`, `.lifted`, `.expired`, `.superseded`;
//! the clock, and whoever answers, or records that somebody did.
//! Out: `calling.begun`, `.stepped`, `.told`, `.answered`, `.refused`, `.missed`, `.exhausted`, `.ended`.
//! Tables: `calling`, `calling_call`. Screens: `ui/src/alert/calling`.
//! Source: ADR 42.
//!
//! The steps are those of the [ladder](crate::ladder) as it was when the calling began.
//! Each person and channel of a step that was reached is a row of the ledger, and stays one.

mod fact;
mod model;
mod store;

mod act;
mod apply;
mod effect;
mod jobs;
mod mail;
mod react;
mod routes;
mod view;
mod webhook;

pub use effect::{Message, Tell, Way};
pub use fact::{
    About, Answered, Because, Begun, CallingFact, Ended, Exhausted, LadderRef, Missed, NewCall,
    Refused, Rung, Stepped, Told, ToldOne,
};
pub use mail::Mail;
pub use model::{Call, CallState, Calling, State};
pub use store::load;
pub use webhook::Webhook;

pub(crate) use effect::effects;
pub(crate) use jobs::jobs;
pub(crate) use react::reaction;
pub(crate) use routes::routes;

use host::{Permission, Slice, Table};

base::typed_id!(CallingId, "People being told of one notice or warning.");
host::db_id!(CallingId);

pub const READ: Permission = Permission::new("calling.read", "查看叫应");
pub const RECORD: Permission = Permission::new("calling.record", "记录电话叫应与结束叫应");

const TABLES: &[Table] = &[Table::subjects("calling"), Table::facts("calling_call")];

pub(crate) fn slice() -> Slice {
    Slice::new::<CallingFact>("calling", 1, TABLES, READ, apply::apply, fact::summary)
}

#[cfg(test)]
mod tests;
