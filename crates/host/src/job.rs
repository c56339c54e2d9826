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
/// The longest sleep: somebody may have moved the clock meanwhile.
const LONGEST_SLEEP: std::time::Duration = std::time::Duration::from_millis(500);

/// Runs a world's jobs until the world closes. `advanced` ticks at each commit.
pub(crate) fn serve(world: &World, advanced: &Receiver<()>) {
    let jobs = &world.kit().jobs;
    let mut held_until = vec![None::<std::time::Instant>; jobs.len()];
    let mut last_run: Vec<Option<Timestamp>> = vec![None; jobs.len()];
    loop {
        let wait = match run_due(world, &mut held_until, &mut last_run) {
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

/// Runs the earliest due job, if any has come; answers how long to sleep.
fn run_due(
    world: &World,
    held_until: &mut [Option<std::time::Instant>],
    last_run: &mut [Option<Timestamp>],
) -> Result<std::time::Duration> {
    let jobs = &world.kit().jobs;
    let mut earliest: Option<(Timestamp, usize)> = None;
    for (at, job) in jobs.iter().enumerate() {
        if held_until[at].is_some_and(|until| std::time::Instant::now() < until) {
            continue;
        }
        match world.read_now(job.next) {
            Ok(Some(due)) if earliest.is_none_or(|(other, _)| due < other) => {
                earliest = Some((due, at));
            }
            Ok(_) => {}
            // One job that cannot say what is due stops no other.
            Err(error) => {
                tracing::error!(job.name, %error, "a job could not say what is due");
                held_until[at] = Some(std::time::Instant::now() + HELD_BACK);
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
    let stuck = outcome.is_ok() && last_run[at] == Some(due);
    last_run[at] = Some(due);
    if let Err(error) = &outcome {
        tracing::error!(job.name, %due, %error, "due work failed and is tried again in a minute");
    } else if stuck {
        tracing::error!(job.name, %due, "due work leaves its due time where it was");
    }
    held_until[at] = (outcome.is_err() || stuck).then(|| std::time::Instant::now() + HELD_BACK);
    Ok(std::time::Duration::ZERO)
}
