//! Response times (处置时效): how long each step took, from the proposal to the end.
//!
//! In: the facts of warnings, incidents and tasks, by a view.
//! Out: nothing; it is for reading.
//! Tables: `response_time`, `response_task`. Screens: `ui/src/respond/response_time`.

mod model;
mod routes;
mod store;
mod summary;
mod view;

use host::Permission;

pub use model::{Moments, ResponseTime, Step};
pub use summary::{Spread, Summary};

pub(crate) use routes::routes;
pub(crate) use view::view;

pub const READ: Permission = Permission::new("response.read", "查看处置时效");

/// The view's name, by which it is read.
const VIEW: &str = "response_time";
