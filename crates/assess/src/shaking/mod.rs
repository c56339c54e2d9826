//! Shaking: what an earthquake shook, as far as that can be estimated; and what of it
//! raises a finding.
//!
//! In: `earthquake.reported`, `.revised`, `.withdrawn`, `.merged`.
//! Out: `shaking.estimated`, `.withheld`; through `finding` a finding for each county that
//! has reached a line. A revision says all anew, and what was said stays as superseded.
//! Tables: `shaking`, `shaking_reach`, `shaking_result`. Screens: `ui/src/sense/quake`.
//! Source: `science::earthquake`; `definition.json`; decision in ADR 41.
//!
//! Sites and stations are looked up when somebody asks, within what they may see: no fact
//! of a province tells a county what lies in another.

mod definition;
mod estimate;
mod fact;

mod apply;
mod store;

mod exposed;
mod react;
mod routes;

use host::{Slice, Table};
use sense::quake::READ;

pub use fact::{Estimated, Felt, ShakingFact, Why, Withheld};
pub(crate) use react::reactions;
pub(crate) use routes::routes;

base::typed_id!(ShakingId, "What an earthquake shook.");
host::db_id!(ShakingId);

const TABLES: &[Table] =
    &[Table::subjects("shaking"), Table::facts("shaking_reach"), Table::facts("shaking_result")];

pub(crate) fn slice() -> Slice {
    Slice::new::<ShakingFact>("shaking", 1, TABLES, READ, apply::apply, fact::summary)
}
