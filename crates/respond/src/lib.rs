//! Respond: what is done about it. Warning → incident → task, and the duty desk.
//!
//! - An **incident** is opened by an officer, from a warning or from a call; its time
//!   line is the log, read by its thread.
//! - An **intake** is a call that is being taken down; who called stays in its row.
//! - A **task** is somebody's, until a limit, and they say yes or no.
//! - **Response times** are counted from the facts of all of them, by a view.
//! - The **duty desk** keeps nothing but who took what; all else it asks the others.
//! - A **handover** is the sheet by which the desk changes hands, with two signatures.
//!
//! Inside this stage incident and task ask each other: an incident counts its tasks,
//! a task stands in an incident. Nobody outside sees that.

pub mod duty;
pub mod handover;
pub mod incident;
pub mod intake;
pub mod response_time;
pub mod task;

mod person;

pub use person::Person;

/// What this stage gives to the binary.
pub fn part() -> host::Part {
    host::Part {
        name: "respond",
        slices: vec![
            incident::slice(),
            intake::slice(),
            task::slice(),
            duty::slice(),
            handover::slice(),
        ],
        notes: vec![intake::notes()],
        views: vec![response_time::view()],
        jobs: vec![incident::job(), intake::job(), task::job()],
        requests: vec![task::REQUEST_KIND],
        routes: incident::routes()
            .merge(intake::routes())
            .merge(task::routes())
            .merge(duty::routes())
            .merge(handover::routes())
            .merge(response_time::routes()),
        permissions: vec![
            incident::READ,
            incident::OPEN,
            incident::NOTE,
            incident::CLOSE,
            intake::WRITE,
            intake::READ,
            task::READ,
            task::ASSIGN,
            task::DO,
            task::REQUEST,
            duty::READ,
            handover::READ,
            handover::WRITE,
            response_time::READ,
        ],
        ..host::Part::default()
    }
}

#[cfg(test)]
mod tests;
