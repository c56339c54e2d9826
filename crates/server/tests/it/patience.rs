//! Waiting for what happens by itself: asked again and again, never slept through.

use std::time::{Duration, Instant};

/// Asks until there is an answer.
#[track_caller]
pub fn until<T>(what: &str, limit: Duration, mut ask: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + limit;
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(Instant::now() < deadline, "after {limit:?} still not: {what}");
        // Each question costs the node something too.
        std::thread::park_timeout(Duration::from_millis(10));
    }
}
