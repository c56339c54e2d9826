//! Committing: the one thread through which every sample passes.
//!
//! It takes what waits in the queue, sorts it, writes it to the log, synchronises
//! once for all, shows it in the tables, hands it to the taps and answers.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::PoisonError;
use std::sync::atomic::Ordering;

use crate::core::Core;
use crate::locks::{lock, read, write};
use crate::queue::{Done, Job};
use crate::sorter::Sorter;
use crate::wal::{MAX_SAMPLES, Record, Refusal, Writer};
use crate::{Appended, Batch, SeriesError};

/// What the commit thread does until the queue is closed and empty.
pub(crate) fn run(core: &Core, mut writer: Writer) {
    let _ = core.commit_thread.set(std::thread::current().id());
    let mut sorter = Sorter::new(&read(&core.tables));
    while let Some(jobs) = core.queue.take(core.config.group_samples) {
        let commit = || commit(core, &mut writer, &mut sorter, jobs);
        if catch_unwind(AssertUnwindSafe(commit)).is_err() {
            core.fail("the commit thread met a bug; its message is on standard error");
        }
    }
}

/// An append on its way through a group.
struct Passing {
    appended: Appended,
    done: Done,
}

fn commit(core: &Core, writer: &mut Writer, sorter: &mut Sorter, jobs: Vec<Job>) {
    if let Err(error) = core.check().and_then(|()| wait_for_room(core)) {
        jobs.into_iter().for_each(|job| answer(job.done, Err(error.clone())));
        return;
    }
    sorter.begin();
    let mut group: Vec<Record> = Vec::with_capacity(jobs.len());
    let mut passing = Vec::with_capacity(jobs.len());
    let mut position = core.wal.durable();
    for job in jobs {
        if job.samples.len() > MAX_SAMPLES {
            let (samples, limit) = (job.samples.len(), MAX_SAMPLES);
            answer(job.done, Err(SeriesError::TooLarge { samples, limit }));
            continue;
        }
        match sorter.sort(core, &group, (job.received, job.requalified), job.samples) {
            Ok(mut sorted) => {
                if !sorted.samples.is_empty() {
                    position = position.next();
                    let samples = sorted.samples.into();
                    let batch = Batch { position, received: job.received, samples };
                    group.push(Record { batch, lanes: sorted.lanes });
                }
                sorted.appended.position = position;
                passing.push(Passing { appended: sorted.appended, done: job.done });
            }
            Err(error) => {
                sorter.reset(core, &group);
                answer(job.done, Err(error));
            }
        }
    }
    if let Err(error) = store(core, writer, sorter, &group) {
        passing.into_iter().for_each(|append| answer(append.done, Err(error.clone())));
        return;
    }
    for append in passing {
        core.counters.count(&append.appended);
        answer(append.done, Ok(append.appended));
    }
}

/// Puts a group on disk, then in the tables, then to the taps.
fn store(
    core: &Core,
    writer: &mut Writer,
    sorter: &mut Sorter,
    group: &[Record],
) -> Result<(), SeriesError> {
    let Some(last) = group.last() else { return Ok(()) };
    match writer.write(group) {
        Ok(()) => {}
        Err(Refusal::Unchanged(error)) => {
            sorter.reset(core, &[]);
            return Err(error);
        }
        Err(Refusal::Uncertain(error)) => return Err(core.fail(error.to_string())),
    }
    core.counters.synced.fetch_add(1, Ordering::Relaxed);
    core.merges.newest.fetch_max(last.batch.received.as_millis(), Ordering::Relaxed);
    let is_due = {
        let mut tables = write(&core.tables);
        group.iter().for_each(|record| tables.apply(record));
        let age = tables.heads.since.map(|since| last.batch.received.since(since));
        let is_due = tables.heads.points >= core.config.head_points
            || age.is_some_and(|age| age >= core.config.head_age);
        if is_due && tables.frozen.is_none() {
            tables.freeze();
        }
        is_due
    };
    if is_due {
        core.want_seal();
    }
    let taps = core.taps();
    for record in group {
        for tap in &*taps {
            // A tap's panic is its own; its message is on standard error.
            let _ = catch_unwind(AssertUnwindSafe(|| tap(&record.batch)));
        }
    }
    Ok(())
}

fn answer(done: Done, result: Result<Appended, SeriesError>) {
    let _ = catch_unwind(AssertUnwindSafe(|| done(result)));
}

/// Waits while memory is full and a block is still being written.
fn wait_for_room(core: &Core) -> Result<(), SeriesError> {
    let is_full = || {
        let tables = read(&core.tables);
        tables.frozen.is_some() && tables.heads.points >= core.config.head_points
    };
    if !is_full() {
        return Ok(());
    }
    let signals = lock(&core.seals.signals);
    let mut signals = core
        .seals
        .changed
        .wait_while(signals, |signals| {
            !signals.stop && signals.full.is_none() && core.check().is_ok() && is_full()
        })
        .unwrap_or_else(PoisonError::into_inner);
    core.check()?;
    match signals.full.clone() {
        Some(error) if is_full() => {
            // The next append finds out whether there is room by then.
            signals.wanted = true;
            core.seals.changed.notify_all();
            Err(error)
        }
        _ => Ok(()),
    }
}
