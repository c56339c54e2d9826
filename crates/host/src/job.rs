//! Jobs: what a slice does because a moment has come.
//!
//! Due times are rows. Each job says when its next one is and what to do then;
//! the world's one scheduler sleeps until the earliest, and runs it with the
//! clock *at* the due time, so a drill at ×60 and a replay see the same moments. After
//! five failures a subject is parked, where a person finds it on the health page, and
//! the others get their turn.

use std::time::Instant;

use base::{Id, Timestamp};
use crossbeam_channel::{Receiver, RecvTimeoutError};

use crate::db::Read;
use crate::error::{Error, Result};
use crate::params;
use crate::tx::Tx;
use crate::world::{Lane, Outcome, World};
use crate::writer::Context;

/// Due work of one slice.
#[derive(Clone)]
pub struct Job {
    /// Unique, and stable: what is parked goes by it.
    pub name: &'static str,
    /// The earliest that is due, from the slice's own rows, those that [`waiting`] keeps.
    pub next: fn(&mut dyn Read) -> Result<Option<Due>>,
    /// Does what is due for one subject; afterwards `next` must not answer it again, or
    /// that counts as a failure.
    pub run: fn(&mut Tx<'_>, &Due) -> Result<()>,
}

/// That something has to be done for a subject at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    pub at: Timestamp,
    pub subject: Id,
}

impl Due {
    /// The first row of a statement that gives `at` and `id`, the earliest first.
    ///
    /// # Errors
    /// [`Error::Db`] when the database does not answer.
    pub fn first(db: &mut dyn Read, sql: &str) -> Result<Option<Due>> {
        let row = db.row(sql, &[])?;
        row.map(|row| Ok(Due { at: row.get("at")?, subject: row.get("id")? })).transpose()
    }
}

/// A condition on a table with `id` and `origin`: subjects that this world acts for, its
/// own and those it took over.
pub fn owned(table: &str) -> String {
    let owner = owner(table);
    format!("exists (select 1 from owned_origin where owned_origin.origin = {owner})")
}

/// The node that owns a row of a table with `id` and `origin`.
fn owner(table: &str) -> String {
    format!(
        "coalesce( \
         (select owner from custody_subject where custody_subject.subject = {table}.id), \
         (select owner from custody_origin where custody_origin.origin = {table}.origin), \
         {table}.origin)"
    )
}

/// An expression for the node that owns a row of a table with `id` and `origin`, null
/// when this world acts for it: who reads it knows whether it can be changed here.
pub fn owner_elsewhere(table: &str) -> String {
    format!("case when {} then null else {} end", owned(table), owner(table))
}

/// [`owned`], and not given up by this job: what its statements look for. Every job's
/// statement carries it, or a province would expire its counties' warnings.
pub fn waiting(job: &str, table: &str) -> String {
    format!("{} and {}", owned(table), not_parked(job, table))
}

/// The second half of [`waiting`], for working state, which is nobody else's.
pub fn not_parked(job: &str, table: &str) -> String {
    format!(
        "not exists (select 1 from job_failure where job_failure.job = '{job}' \
         and job_failure.subject = {table}.id and job_failure.parked_at is not null)"
    )
}

const FAILURES_BEFORE_PARKING: i64 = 5;
/// Subjects of one job and one moment that share a command: a flood's thousand notices
/// cost some dozens of commits, and none of those keeps an alarm waiting for long.
const TOGETHER: usize = 16;
/// The longest sleep: somebody may have moved the clock meanwhile.
const LONGEST_SLEEP: std::time::Duration = std::time::Duration::from_millis(500);

/// Waits after a failure: an outage of seconds parks nothing, and keeps no warning in
/// force for a minute.
const PAUSES: [std::time::Duration; 4] = [
    std::time::Duration::from_millis(50),
    std::time::Duration::from_millis(200),
    std::time::Duration::from_secs(1),
    std::time::Duration::from_secs(3),
];

/// How a job has fared.
#[derive(Default, Clone)]
struct Fared {
    held_until: Option<Instant>,
    failures: usize,
    /// How many more subjects go alone, because one among them fails.
    alone: usize,
}

impl Fared {
    fn fail(&mut self) {
        let pause = PAUSES[self.failures.min(PAUSES.len() - 1)];
        self.held_until = Some(Instant::now() + pause);
        self.failures += 1;
    }
}

/// Runs a world's jobs until the world closes. `advanced` ticks at each commit.
pub(crate) fn serve(world: &World, advanced: &Receiver<()>) {
    let mut fared = vec![Fared::default(); world.kit().jobs.len()];
    loop {
        let wait = match run_due(world, &mut fared) {
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

/// The earliest due work of the jobs that are not held, with the place of its job. They
/// are all asked in one read: of one moment, and one connection however many they are.
fn earliest(world: &World, fared: &mut [Fared]) -> Option<(Due, usize)> {
    let jobs = &world.kit().jobs;
    let now = Instant::now();
    let is_free = |at: &usize| fared[*at].held_until.is_none_or(|until| until <= now);
    let asked: Vec<usize> = (0..jobs.len()).filter(is_free).collect();
    let together = world
        .read_now(|db| asked.iter().map(|at| (jobs[*at].next)(db)).collect::<Result<Vec<_>>>());
    let answers: Vec<Result<Option<Due>>> = match together {
        Ok(dues) => dues.into_iter().map(Ok).collect(),
        // One job that cannot say what is due stops no other: each by itself shows which.
        Err(_) => asked.iter().map(|at| world.read_now(jobs[*at].next)).collect(),
    };
    let mut earliest: Option<(Due, usize)> = None;
    for (at, answer) in asked.into_iter().zip(answers) {
        match answer {
            Ok(Some(due)) if earliest.is_none_or(|(other, _)| due.at < other.at) => {
                earliest = Some((due, at));
            }
            Ok(_) => {}
            Err(error) => {
                tracing::error!(job.name = jobs[at].name, %error, "a job could not say what is due");
                fared[at].fail();
            }
        }
    }
    earliest
}

/// Runs the earliest due job, if its moment has come; answers how long to sleep.
fn run_due(world: &World, fared: &mut [Fared]) -> Result<std::time::Duration> {
    let jobs = &world.kit().jobs;
    let Some((due, index)) = earliest(world, fared) else { return Ok(LONGEST_SLEEP) };
    match world.clock().until(due.at) {
        Some(wait) if wait.is_zero() => {}
        Some(wait) => return Ok(wait.min(LONGEST_SLEEP)),
        None => return Ok(LONGEST_SLEEP),
    }
    let (job, fared) = (&jobs[index], &mut fared[index]);
    let (name, next, run) = (job.name, job.next, job.run);
    let is_alone = 0 < fared.alone;
    let most = if is_alone { 1 } else { TOGETHER };
    let context = Context { now: Some(due.at), ..Context::system("job") };
    let started = world.start(Lane::Urgent, context, move |tx| {
        let mut due = due;
        for _ in 0..most {
            run(tx, &due)?;
            tx.host_work().send(
                "delete from job_failure where job = $1 and subject = $2",
                params![name, due.subject],
            )?;
            let after = next(tx)?;
            // Or it would run for ever, and its facts with it.
            if after == Some(due) {
                let left = "due work leaves its due time where it was";
                return Err(Error::Internal(left.to_owned()));
            }
            match after.filter(|after| after.at == due.at) {
                Some(after) => due = after,
                None => break,
            }
        }
        Ok(())
    });
    let outcome = match started {
        Err(closed @ Error::Busy(_)) => return Err(closed),
        started => started.and_then(Outcome::wait),
    };
    match outcome {
        Ok(()) => *fared = Fared { alone: fared.alone.saturating_sub(1), ..Fared::default() },
        // Which of them it was shows when each goes alone.
        Err(error) if !is_alone && !is_trouble(&error) => fared.alone = TOGETHER,
        Err(error) => {
            fared.fail();
            tracing::warn!(name, due.subject = %due.subject, due.at = %due.at, %error, "due work failed");
            if !is_trouble(&error) {
                let parked = note_failure(world, name, due, error)?;
                // The next subject has done nothing wrong yet.
                if parked {
                    *fared = Fared::default();
                }
            }
        }
    }
    Ok(std::time::Duration::ZERO)
}

/// Trouble of the database or the disk, which is not the subject's.
fn is_trouble(error: &Error) -> bool {
    matches!(error, Error::Db(_) | Error::Busy(_) | Error::DiskFull)
}

/// Counts a failure; at the fifth the job gives this subject up, and goes on to others.
/// Answers whether it did.
fn note_failure(world: &World, job: &'static str, due: Due, error: Error) -> Result<bool> {
    let noted = world.start(Lane::Urgent, Context::system("job"), move |tx| {
        let sql = "select failures from job_failure where job = $1 and subject = $2";
        let row = tx.row(sql, params![job, due.subject])?;
        let failures = row.map_or(Ok(0), |row| row.get::<i64>("failures"))? + 1;
        let now = tx.machine_now();
        let parked_at = (FAILURES_BEFORE_PARKING <= failures).then_some(now);
        tx.host_work().run(
            "insert into job_failure (job, subject, due_at, failures, error, parked_at) \
             values ($1, $2, $3, $4, $5, $6) on conflict (job, subject) do update set \
             due_at = excluded.due_at, failures = excluded.failures, error = excluded.error, \
             parked_at = excluded.parked_at",
            params![job, due.subject, due.at, failures, error.to_string(), parked_at],
        )?;
        Ok(parked_at.is_some())
    })?;
    noted.wait()
}

/// Due work that was given up for a subject.
#[derive(Debug, Clone, PartialEq, serde::Serialize, schemars::JsonSchema)]
pub struct ParkedWork {
    pub job: String,
    pub subject: Id,
    pub due_at: Timestamp,
    pub error: String,
    pub parked_at: Timestamp,
}

/// What is given up in this world, newest first, for the health page.
///
/// # Errors
/// [`Error::Db`] when the database does not answer.
pub fn parked(db: &mut dyn Read) -> Result<Vec<ParkedWork>> {
    let rows = db.rows(
        "select job, subject, due_at, error, parked_at from job_failure \
         where parked_at is not null order by parked_at desc, job, subject limit 200",
        &[],
    )?;
    rows.iter()
        .map(|row| {
            Ok(ParkedWork {
                job: row.get("job")?,
                subject: row.get("subject")?,
                due_at: row.get("due_at")?,
                error: row.get("error")?,
                parked_at: row.get("parked_at")?,
            })
        })
        .collect()
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
    fn trouble_of_the_database_holds_due_work_back_for_a_moment_and_parks_nothing() {
        fn next(_: &mut dyn Read) -> Result<Option<Due>> {
            match (ASKED.fetch_add(1, Ordering::SeqCst), RUN.load(Ordering::SeqCst)) {
                (0, _) => Err(outage()),
                (_, 0 | 1) => {
                    Ok(Some(Due { at: Timestamp::from_millis(1), subject: Id::from_u128(1) }))
                }
                _ => Ok(None),
            }
        }
        fn run(_: &mut Tx<'_>, _: &Due) -> Result<()> {
            match RUN.fetch_add(1, Ordering::SeqCst) {
                0 => Err(outage()),
                _ => Ok(()),
            }
        }
        let jobs = vec![Job { name: "test.due", next, run }];
        let town = Town::new(vec![Part { name: "test", jobs, ..Part::default() }]);
        let began = std::time::Instant::now();
        town.until(|_| RUN.load(Ordering::SeqCst) == 2);
        // A faulty job was once held back for a minute.
        assert!(began.elapsed().as_secs() < 59, "{:?}", began.elapsed());
        assert_eq!(town.world.read_now(parked).expect("answers"), []);
    }
}
