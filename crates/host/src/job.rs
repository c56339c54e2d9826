//! Jobs: what a slice does because a moment has come.
//!
//! Due times are rows. Each job says when its next one is and what to do then;
//! the world's one scheduler sleeps until the earliest, and runs it with the
//! clock *at* the due time, so a drill at ×60 and a replay see the same moments.

use base::Timestamp;
use crossbeam_channel::{Receiver, RecvTimeoutError};

use crate::db::Read;
use crate::error::{Error, Result};
use crate::tx::Tx;
use crate::world::{Lane, World};
use crate::writer::Context;

/// Due work of one slice.
#[derive(Clone)]
pub struct Job {
    pub name: &'static str,
    /// The earliest moment that something is due, from the slice's own rows.
    pub next: fn(&mut dyn Read) -> Result<Option<Timestamp>>,
    /// Does what is due at `due`; afterwards `next` must answer a later moment,
    /// or the job is held back for a minute of machine time.
    pub run: fn(&mut Tx<'_>, due: Timestamp) -> Result<()>,
}

/// A condition on `table.origin`: subjects that this world acts for. Every job's
/// statements carry it, or a province would expire its counties' warnings.
pub fn owned(table: &str) -> String {
    format!("exists (select 1 from owned_origin where owned_origin.origin = {table}.origin)")
}

const HELD_BACK: std::time::Duration = std::time::Duration::from_secs(60);
/// Pauses after trouble of the database, which is not the job's: an outage of seconds
/// must not keep a warning in force for a minute.
const TROUBLE: [std::time::Duration; 4] = [
    std::time::Duration::from_millis(200),
    std::time::Duration::from_secs(1),
    std::time::Duration::from_secs(5),
    HELD_BACK,
];
/// The longest sleep: somebody may have moved the clock meanwhile.
const LONGEST_SLEEP: std::time::Duration = std::time::Duration::from_millis(500);

/// Runs a world's jobs until the world closes. `advanced` ticks at each commit.
pub(crate) fn serve(world: &World, advanced: &Receiver<()>) {
    let jobs = &world.kit().jobs;
    let mut standings = vec![Standing::default(); jobs.len()];
    loop {
        let wait = match run_due(world, &mut standings) {
            Ok(wait) => wait,
            Err(Error::Busy(_)) => return,
            Err(error) => {
                tracing::error!(%error, "the scheduler could not ask what is due");
                LONGEST_SLEEP
            }
        };
        match advanced.recv_timeout(wait) {
            Ok(()) | Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}

/// How a job is doing.
#[derive(Clone, Copy, Default)]
struct Standing {
    held_until: Option<std::time::Instant>,
    /// The due time that it ran at last.
    last_run: Option<Timestamp>,
    /// How often in a row the database did not answer.
    troubles: usize,
}

impl Standing {
    fn is_held(&self) -> bool {
        self.held_until.is_some_and(|until| std::time::Instant::now() < until)
    }

    fn hold_back(&mut self, error: &Error) {
        let pause = match error {
            Error::Db(_) | Error::Busy(_) => TROUBLE[self.troubles.min(TROUBLE.len() - 1)],
            _ => HELD_BACK,
        };
        self.troubles += 1;
        self.held_until = Some(std::time::Instant::now() + pause);
    }
}

/// Runs the earliest due job, if any has come; answers how long to sleep.
fn run_due(world: &World, standings: &mut [Standing]) -> Result<std::time::Duration> {
    let jobs = &world.kit().jobs;
    let mut earliest: Option<(Timestamp, usize)> = None;
    for (at, job) in jobs.iter().enumerate() {
        if standings[at].is_held() {
            continue;
        }
        match world.read_now(job.next) {
            Ok(Some(due)) => {
                if earliest.is_none_or(|(other, _)| due < other) {
                    earliest = Some((due, at));
                }
            }
            Ok(None) => standings[at].troubles = 0,
            // One job that cannot say what is due stops no other.
            Err(error) => {
                tracing::error!(job.name, %error, "a job could not say what is due");
                standings[at].hold_back(&error);
            }
        }
    }
    let Some((due, at)) = earliest else { return Ok(LONGEST_SLEEP) };
    match world.clock().until(due) {
        Some(wait) if wait.is_zero() => {}
        Some(wait) => return Ok(wait.min(LONGEST_SLEEP)),
        None => return Ok(LONGEST_SLEEP),
    }
    let job = &jobs[at];
    let run = job.run;
    let context = Context { now: Some(due), ..Context::system("job") };
    let outcome = world.start(Lane::Urgent, context, move |tx| run(tx, due))?.wait();
    let standing = &mut standings[at];
    match outcome {
        Err(error) => {
            tracing::error!(job.name, %due, %error, "due work failed and is tried again");
            standing.hold_back(&error);
        }
        Ok(()) if standing.last_run == Some(due) => {
            tracing::error!(job.name, %due, "due work leaves its due time where it was");
            standing.held_until = Some(std::time::Instant::now() + HELD_BACK);
        }
        Ok(()) => *standing = Standing { last_run: Some(due), ..Standing::default() },
    }
    Ok(std::time::Duration::ZERO)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;
    use crate::Part;
    use crate::db::DbError;
    use crate::town::Town;

    static ASKED: AtomicU32 = AtomicU32::new(0);
    static RUN: AtomicU32 = AtomicU32::new(0);

    fn outage() -> Error {
        DbError::Engine("the connection was lost".to_owned()).into()
    }

    #[test]
    fn trouble_of_the_database_holds_due_work_back_for_a_moment_and_not_for_a_minute() {
        fn next(_: &mut dyn Read) -> Result<Option<Timestamp>> {
            match (ASKED.fetch_add(1, Ordering::SeqCst), RUN.load(Ordering::SeqCst)) {
                (0, _) => Err(outage()),
                (_, 0 | 1) => Ok(Some(Timestamp::from_millis(1))),
                _ => Ok(None),
            }
        }
        fn run(_: &mut Tx<'_>, _: Timestamp) -> Result<()> {
            match RUN.fetch_add(1, Ordering::SeqCst) {
                0 => Err(outage()),
                _ => Ok(()),
            }
        }
        let jobs = vec![Job { name: "test.due", next, run }];
        let town = Town::new(vec![Part { name: "test", jobs, ..Part::default() }]);
        // Its patience is shorter than the minute that a faulty job is held back for.
        town.until(|_| RUN.load(Ordering::SeqCst) == 2);
    }
}
