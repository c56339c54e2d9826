//! Stories of the stage, told through its doors.

pub(crate) mod bridge;
mod property;
mod rules;
mod silence;
mod story;
