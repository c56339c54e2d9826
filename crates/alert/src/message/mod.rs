//! Messages: a public warning as CAP 1.2, as it was told and never otherwise.
//!
//! In: a warning that is issued, extended or lifted. Out: `message.made`.
//! Tables: `message`, `message_reach`. Screens: the CAP panel of `ui/src/alert/warning`,
//! and the feed `/feeds/cap.atom`, for whoever subscribes.
//! Source: OASIS CAP 1.2; RFC 4287, RFC 9110 §13; decision in ADR 40.

mod apply;
mod compose;
mod fact;
mod feed;
mod make;
mod routes;
mod store;
mod words;

use host::{Permission, Routes, Slice, Table};

pub use fact::{Made, MessageFact};
pub use make::Publication;

pub(crate) use make::{Act, Office, publish};

base::typed_id!(MessageId, "A message that a public warning became.");
host::db_id!(MessageId);

/// Whoever reads warnings reads what was told of them.
const READ: Permission = crate::warning::READ;

const TABLES: &[Table] = &[Table::subjects("message"), Table::facts("message_reach")];

pub(crate) fn slice() -> Slice {
    Slice::new::<MessageFact>("message", 1, TABLES, READ, apply::apply, fact::summary)
}

pub(crate) fn routes(office: &std::sync::Arc<Office>) -> Routes {
    routes::routes(office).merge(feed::routes(office))
}

#[cfg(test)]
mod tests;
