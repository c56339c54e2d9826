//! Intake: a call that is being taken down, saved at each key.
//!
//! Who called, from which number and in which words are personal data: they live in
//! this working row alone, sealed under the call's own key, never in a fact and never in
//! the trail. Its taker opens them; a colleague within reach does too, and the trail says
//! so. Lists and the incident show them masked. When the row is forgotten or thrown
//! away its key is destroyed, so no backup gives them back.
//!
//! In: the officer at the telephone. Out: `incident.opened` by [`crate::incident`],
//! `key.destroyed`; into the trail `intake.viewed`.
//! Tables: `intake`. Screens: `ui/src/respond/intake`.
//! Source: 突发事件应对法 (2024) art. 85; fields of a telephone report: research
//! notes §3.3.

mod jobs;
mod mask;
mod model;
mod routes;
mod store;

use base::Id;
use host::sealed::Keys;
use host::{Caller, Job, Permission, Read, Result, Slice, Table};

use crate::incident::CallerShown;

pub use model::{Call, Intake, IntakeId, IntakeLine};
pub use store::{Desk, IntakeState, list};

pub(crate) use routes::{notes, routes};

pub const WRITE: Permission = Permission::new("intake.write", "登记接报");
pub const READ: Permission = Permission::new("intake.read", "查看接报与报告人");

const TABLES: &[Table] = &[Table::working("intake")];

pub(crate) fn slice() -> Slice {
    Slice::without_facts("intake", TABLES, READ)
}

pub(crate) fn job() -> Job {
    jobs::job()
}

/// Who called, masked, if the caller at the door may know it and it is still kept.
pub(crate) fn caller_shown(
    db: &mut dyn Read,
    keys: &Keys,
    caller: &Caller,
    id: Id,
) -> Result<Option<CallerShown>> {
    let Ok(desk) = Desk::of(caller) else { return Ok(None) };
    let Some(call) = store::find(db, &desk, IntakeId(id))? else { return Ok(None) };
    let shown = keys.open_masked(&call.words)?.value();
    Ok(shown.map(|shown| CallerShown { name: shown.caller, phone: shown.phone }))
}
