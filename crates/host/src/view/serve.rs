//! Views catch up: the one thread of a world that folds what is new into them.

use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError};

use super::build::{Build, Known, ParkedView, show};
use super::{Slot, View};
use crate::db::{Conn, DbError, Read};
use crate::error::{Error, Result};
use crate::log::{COLUMNS, Entry};
use crate::params;
use crate::part::Kit;
use crate::scope::bind;
use crate::world::{Lane, World};
use crate::writer::Context;

/// Entries applied in one command at most.
const PIECE: i64 = 128;
/// A command that took so long ends with the entry it is at: an alarm waits behind it.
const PIECE_TIME: Duration = Duration::from_millis(10);
/// Entries of the log looked through by one read.
const WINDOW: i64 = 5_000;
const FAILURES_BEFORE_PARKING: i64 = 5;
/// Waits after a failure, so that an outage of seconds parks nothing.
const PAUSES: [Duration; 4] = [
    Duration::from_millis(50),
    Duration::from_millis(200),
    Duration::from_secs(1),
    Duration::from_secs(3),
];

/// How a view fared in this process.
#[derive(Debug, Clone, Copy, Default)]
struct Fared {
    held_until: Option<Instant>,
    failures: usize,
    /// One of the entries before this seq failed: they go one by one, to find it.
    alone_to: i64,
}

impl Fared {
    fn fail(&mut self) {
        self.held_until = Some(Instant::now() + PAUSES[self.failures.min(PAUSES.len() - 1)]);
        self.failures += 1;
    }
}

/// Keeps a world's views up with its log until the world closes.
pub(crate) fn serve(world: &World, advanced: &Receiver<()>) {
    let mut fared = vec![Fared::default(); world.kit().views.len()];
    loop {
        let mut busy = false;
        for (at, fared) in fared.iter_mut().enumerate() {
            if fared.held_until.is_some_and(|until| Instant::now() < until) {
                continue;
            }
            fared.held_until = None;
            match step(world, at, fared) {
                Ok(more) => busy |= more,
                Err(_) if !world.is_open() => return,
                Err(error) => {
                    tracing::error!(view = world.kit().views[at].name, %error, "a view could not go on");
                    fared.fail();
                }
            }
        }
        if busy {
            continue;
        }
        let told = match fared.iter().filter_map(|fared| fared.held_until).min() {
            Some(until) => advanced.recv_timeout(until.saturating_duration_since(Instant::now())),
            None => advanced.recv().map_err(|_| RecvTimeoutError::Disconnected),
        };
        if told == Err(RecvTimeoutError::Disconnected) {
            return;
        }
    }
}

/// Takes a view one piece further; answers whether there may be more.
fn step(world: &World, at: usize, fared: &mut Fared) -> Result<bool> {
    let view = &world.kit().views[at];
    let known = world.views().of(at);
    let Some(build) = known.growing().filter(|build| build.parked.is_none()) else {
        return Ok(false);
    };
    let most = if known.looked < fared.alone_to { 1 } else { PIECE };
    let found = world.read_now(|db| {
        Ok(pending(db, world.kit(), view, world.origin(), (known.looked, i64::MAX), most)?)
    })?;
    let Some(first) = found.entries.first() else {
        world.views().change(at, |known| known.looked = found.looked);
        if found.more || known.next.is_none() {
            return Ok(found.more);
        }
        swap(world, at, build)?;
        fared.failures = 0;
        return Ok(true);
    };
    let (first, last) = (first.seq, found.entries.last().map_or(first.seq, |entry| entry.seq));
    match apply(world, view, build, found.entries) {
        Ok(seq) => {
            *fared = Fared { alone_to: fared.alone_to, ..Fared::default() };
            world.views().change(at, |known| {
                known.looked = if seq == last { found.looked } else { seq };
                if let Some(growing) = growing(known) {
                    growing.seq = seq;
                }
            });
            Ok(true)
        }
        Err(trouble @ (Error::Busy(_) | Error::DiskFull)) => Err(trouble),
        // Which of them it was shows when each goes alone.
        Err(_) if first != last => {
            fared.alone_to = last;
            Ok(true)
        }
        Err(error) => {
            tracing::warn!(view = view.name, seq = first, %error, "a view failed");
            fared.fail();
            if let Some(parked) = note_failure(world, view, build.slot, first, error)? {
                world.views().change(at, |known| {
                    if let Some(growing) = growing(known) {
                        growing.parked = Some(parked);
                    }
                });
            }
            Ok(false)
        }
    }
}

fn growing(known: &mut Known) -> Option<&mut Build> {
    known.next.as_mut().or(known.live.as_mut())
}

/// What a view has not folded yet.
pub(super) struct Pending {
    /// In order, so many and no more.
    pub entries: Vec<Entry>,
    /// How far the log holds no others.
    pub looked: i64,
    /// The log goes on after that.
    pub more: bool,
}

/// Looks for what a view folds among the next entries after `from`, up to `upto`.
pub(super) fn pending(
    db: &mut dyn Read,
    kit: &Kit,
    view: &View,
    origin: &str,
    (from, upto): (i64, i64),
    most: i64,
) -> Result<Pending, DbError> {
    let row = db.row("select max(seq) as last from log", &[])?;
    let last = row.map_or(Ok(None), |row| row.get::<Option<i64>>("last"))?.unwrap_or(0).min(upto);
    let end = from.saturating_add(WINDOW).min(last).max(from);
    let mut params = vec![from.into(), end.into(), most.into()];
    let kinds = bind(view.kinds.iter().map(|kind| (*kind).into()).collect(), &mut params);
    let own = if view.foreign {
        String::new()
    } else {
        params.push(origin.into());
        format!("and origin = ${}", params.len())
    };
    // Not the bare column: a planner that sees an index of kinds sorts all of history
    // for each piece, where a walk from the cursor ends with the window.
    let rows = db.rows(
        &format!(
            "select {COLUMNS} from log where seq > $1 and seq <= $2 and (kind || '') in ({kinds}) \
             and conflict is null and unapplied is null {own} order by seq limit $3"
        ),
        &params,
    )?;
    let entries: Vec<Entry> = rows.into_iter().map(Entry::from_row).collect::<Result<_, _>>()?;
    let looked = match entries.last() {
        Some(entry) if entries.len() as i64 == most => entry.seq,
        _ => end,
    };
    // Another node's authority changes nothing here.
    let applies = |entry: &Entry| {
        kit.slice_of(entry.kind()).is_some_and(|slice| slice.applies(&entry.header.origin, origin))
    };
    let entries = entries.into_iter().filter(applies).collect();
    Ok(Pending { entries, looked, more: looked < last })
}

/// Applies entries and moves the cursor with them; answers the last that was reached.
fn apply(world: &World, view: &View, build: &Build, entries: Vec<Entry>) -> Result<i64> {
    let (view, slot) = (view.clone(), build.slot);
    let outcome = world.start(Lane::Ordinary, Context::system("view"), move |tx| {
        let started = Instant::now();
        let mut seq = 0;
        for entry in &entries {
            view.apply_to(tx.conn, slot, entry)?;
            seq = entry.seq;
            if PIECE_TIME < started.elapsed() {
                break;
            }
        }
        tx.conn.send(
            "update view_build set seq = $3, failures = 0 where name = $1 and slot = $2",
            params![view.name, slot.name(), seq],
        )?;
        Ok(seq)
    })?;
    outcome.wait()
}

/// Puts a build that holds the whole log in the place of the one that is shown.
fn swap(world: &World, at: usize, build: &Build) -> Result<()> {
    let view = world.kit().views[at].clone();
    let name = view.name;
    let mut live = build.clone();
    live.live = true;
    let (shown, slot) = (live.clone(), live.slot);
    let outcome = world.start(Lane::Ordinary, Context::system("view"), move |tx| {
        // Its name is locked while somebody reads by it, and the writer waits for no
        // reader: it comes back later.
        let is_server = matches!(tx.conn, Conn::Postgres(_));
        if is_server {
            tx.conn.run("set local lock_timeout = '100ms'", &[])?;
        }
        show(tx.conn, &view, Some(slot))?;
        if is_server {
            tx.conn.run("set local lock_timeout = 0", &[])?;
        }
        Build::forget(tx.conn, view.name, slot.other())?;
        live.save(tx.conn, view.name)?;
        Ok(())
    })?;
    outcome.wait()?;
    world.views().change(at, |known| {
        known.live = Some(shown);
        known.next = None;
    });
    tracing::info!(view = name, "a view was built anew from the log");
    Ok(())
}

/// Counts a failure; at the fifth the view stops at this entry until the next start.
///
/// The count is in the database: what fails because that does not answer is not counted.
fn note_failure(
    world: &World,
    view: &View,
    slot: Slot,
    seq: i64,
    error: Error,
) -> Result<Option<ParkedView>> {
    let name = view.name;
    let outcome = world.start(Lane::Ordinary, Context::system("view"), move |tx| {
        let row = tx.row(
            "select failures from view_build where name = $1 and slot = $2",
            params![name, slot.name()],
        )?;
        let failures = row.map_or(Ok(0), |row| row.get::<i64>("failures"))? + 1;
        let now = tx.machine_now();
        let parked_at = (FAILURES_BEFORE_PARKING <= failures).then_some(now);
        tx.conn.run(
            "update view_build set failures = $3, failed_seq = $4, error = $5, parked_at = $6 \
             where name = $1 and slot = $2",
            params![name, slot.name(), failures, seq, error.to_string(), parked_at],
        )?;
        Ok(parked_at.map(|at| ParkedView { seq, error: error.to_string(), at }))
    })?;
    outcome.wait()
}
