//! Assess: what readings mean. Series in, findings out.
//!
//! A rule is data: a line, with its source. The engine holds every reading against
//! the rules of its sensor; what it comes to is a finding, from which notices,
//! warnings and all that follows take their thread.

pub mod finding;
pub mod rule;
pub mod silence;

pub mod shaking;

pub mod engine;

mod column;
mod station;

pub use engine::Engine;

/// What this stage gives to the binary.
///
/// Stories that want the engine in their own hand take `taps` out and drive an
/// [`Engine`] themselves.
pub fn part() -> host::Part {
    host::Part {
        name: "assess",
        slices: vec![
            rule::slice(),
            finding::slice(),
            silence::slice(),
            shaking::slice(),
            engine::slice(),
        ],
        reactions: finding::reactions().into_iter().chain(shaking::reactions()).collect(),
        jobs: vec![rule::job()],
        taps: vec![engine::start, silence::start],
        routes: rule::routes()
            .merge(finding::routes())
            .merge(silence::routes())
            .merge(shaking::routes()),
        permissions: vec![rule::READ, rule::PROPOSE, rule::PUBLISH, rule::SHELVE, finding::READ],
        ..host::Part::default()
    }
}

#[cfg(test)]
mod tests;
