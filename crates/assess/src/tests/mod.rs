//! Stories of the stage, told through its doors.

pub(crate) mod bridge;
mod property;
mod proposal;
mod quakes;
mod rules;
mod shelving;
mod silence;
mod story;
