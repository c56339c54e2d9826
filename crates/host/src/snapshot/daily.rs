//! The thread that makes a snapshot a day, by the world's clock.
//!
//! Not a `Job`: a job is a command, and holds the writer while it runs. This only
//! reads the log, for as long as it takes, and writes a file of its own.

use std::time::{Duration as Wait, Instant};

use base::{Duration, Timestamp};
use crossbeam_channel::{Receiver, RecvTimeoutError};

use crate::error::{Error, Result};
use crate::log::{self, Book};
use crate::world::World;

/// Beijing hour from which the day's snapshot is due: the desk is quiet, and the
/// morning's people see the result.
const HOUR: i64 = 3;
/// The longest sleep: a clock may have been moved, or nothing recorded all night.
const LONGEST_SLEEP: Wait = Wait::from_secs(60);
/// How long after a failure it is tried again: a full disk is not mended sooner.
const HELD_BACK: Wait = Wait::from_secs(3_600);

/// Makes the snapshots of a world until it closes. `advanced` ticks at each commit.
pub(crate) fn serve(world: &World, advanced: &Receiver<()>) {
    let mut since = None;
    let mut not_before = Instant::now();
    loop {
        if not_before <= Instant::now() {
            match due(world, &mut since).and_then(|due| due.then(|| world.snapshot()).transpose()) {
                Ok(None) => {}
                Ok(Some(snapshot)) => {
                    tracing::info!(snapshot.seq, snapshot.size, "the day's snapshot is made");
                }
                // It stands on another world, and always will; or it is closed.
                Err(Error::Conflict { code: "not-the-whole-log", .. } | Error::Busy(_)) => return,
                Err(error) => {
                    tracing::error!(?error, "the day's snapshot is not made");
                    not_before = Instant::now() + HELD_BACK;
                }
            }
        }
        if advanced.recv_timeout(LONGEST_SLEEP) == Err(RecvTimeoutError::Disconnected) {
            return;
        }
    }
}

/// Whether the day's snapshot is to be made. `since` remembers the moment after which
/// one is due, so that a busy world is not asked at each commit.
fn due(world: &World, since: &mut Option<Timestamp>) -> Result<bool> {
    let hour = last_hour(world.clock().now());
    if since.is_some_and(|since| hour <= since) || world.last_seq() == 0 {
        return Ok(false);
    }
    let newest = world.shelf().newest();
    *since = match &newest {
        Some(newest) => Some(newest.made),
        None => {
            let first = world.read_now(|db| Ok(log::after(db, Book::Log, 0, 1)?))?;
            first.first().map(|entry| entry.arrived)
        }
    };
    let is_newer = newest.is_none_or(|newest| newest.seq < world.last_seq());
    Ok(is_newer && since.is_some_and(|since| since < hour))
}

/// The last [`HOUR`] that has come by `now`.
fn last_hour(now: Timestamp) -> Timestamp {
    const DAY: i64 = 86_400_000;
    // Beijing is eight hours ahead of UTC, all year.
    let ahead = Duration::from_hours(8 - HOUR);
    let days = (now + ahead).as_millis().div_euclid(DAY);
    Timestamp::from_millis(days * DAY) - ahead
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hour_is_that_of_the_same_day_or_of_the_day_before() {
        let beijing = |day, hour, minute| {
            Timestamp::from_beijing([2026, 8, day], [hour, minute, 0]).expect("a minute")
        };
        for (now, expected) in [
            (beijing(3, 8, 0), beijing(3, 3, 0)),
            (beijing(3, 3, 0), beijing(3, 3, 0)),
            (beijing(3, 2, 59), beijing(2, 3, 0)),
            (beijing(4, 0, 0), beijing(3, 3, 0)),
        ] {
            assert_eq!(last_hour(now), expected, "{now}");
        }
    }
}
