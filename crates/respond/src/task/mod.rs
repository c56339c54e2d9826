//! Tasks: who is to do what until when, and whether they said yes.
//!
//! In: an officer who assigns, the person who does it, and the clock.
//! Out: `task.assigned`, `.accepted`, `.declined`, `.finished`, `.cancelled`, `.overdue`.
//! Tables: `task`, `task_reach`. Screens: `ui/src/respond/task`.
//! Source: mockup 07; research notes §2.5.

mod apply;
mod assign;
mod fact;
mod jobs;
mod model;
mod request;
mod routes;
mod store;

use host::{Job, Permission, Slice, Table};

pub use fact::{Accepted, Assigned, Cancelled, Declined, Finished, Limit, Overdue, TaskFact};
pub use model::{Action, Task, TaskId, TaskState};
pub use store::{Tally, Viewer, Wanted, WantedState, ended_since, list, load, open_by_limit, see};

pub(crate) use request::KIND as REQUEST_KIND;
pub(crate) use routes::routes;
pub(crate) use store::{tallies, tally};

pub const READ: Permission = Permission::new("task.read", "查看任务");
pub const ASSIGN: Permission = Permission::new("task.assign", "派任务");
/// Of officers above: the incident, its people and the task are another node's.
pub const REQUEST: Permission = Permission::new("task.request", "向下级节点请求派任务");
pub const DO: Permission = Permission::new("task.do", "接受与办理任务");

const TABLES: &[Table] = &[Table::subjects("task"), Table::facts("task_reach")];

pub(crate) fn slice() -> Slice {
    Slice::new::<TaskFact>("task", 1, TABLES, READ, apply::apply, fact::summary)
}

pub(crate) fn job() -> Job {
    jobs::job()
}
