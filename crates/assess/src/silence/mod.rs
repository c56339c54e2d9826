//! Silences: that a sensor, a station or a whole door says nothing for longer than it may.
//!
//! In: when each was heard last, and for how long it may say nothing
//! (`sense::station::silence`, data). Out: `silence.found`, `.grew`, `.ended`.
//! A silence has no level and raises no warning by itself: it says that we do not know.
//! Tables: `silence`, `silence_reach`, `silence_member`. Screens: `ui/src/assess/silence`.
//! ADR 32.

mod fact;
mod model;

mod apply;
mod store;

mod routes;
mod watch;

use host::{Slice, Table};

pub use fact::{Because, Ended, Found, Grew, Member, SilenceFact, What};
pub(crate) use routes::routes;
pub use store::{Silence, State, list};
pub use watch::Watch;
pub(crate) use watch::start;

use crate::finding::READ;

base::typed_id!(SilenceId, "A silence of sensors, of a station or of a door.");
host::db_id!(SilenceId);

const TABLES: &[Table] =
    &[Table::subjects("silence"), Table::facts("silence_reach"), Table::facts("silence_member")];

pub(crate) fn slice() -> Slice {
    Slice::new::<SilenceFact>("silence", 1, TABLES, READ, apply::apply, fact::summary)
}
