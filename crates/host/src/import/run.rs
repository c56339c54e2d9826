//! The engine: looks through what was brought, and takes what was confirmed.
//!
//! One thread for each world, one import at a time. Reading and parsing are its own;
//! the writer gets rows that are ready, a few in a command of the ordinary lane.

use std::collections::hash_map::Entry;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError};

use super::sheet::{self, Cell, Line};
use super::store::{self, Counts, Run, Sample, State};
use super::{Cells, Change, Fault, Item, Keys, ROWS_TOGETHER, Register, note};
use crate::db::Read;
use crate::error::{Error, Result};
use crate::params;
use crate::tx::Tx;
use crate::world::{Lane, World};
use crate::writer::Context;

/// Rows that are looked at between two words about how far it is.
const LOOKED_TOGETHER: usize = 128;
/// Changes that are shown before they are confirmed.
const SAMPLES: usize = 50;
/// How long the rows of one command may hold the writer: the row that passes it is the
/// last. An alarm may wait 20 ms (DESIGN, the writer), and most of that is the commit's.
const HOLD: Duration = Duration::from_millis(6);
/// Rows whose faults are thrown away in one command.
const THROWN_TOGETHER: i64 = 200;
/// How often the engine looks for something to do: what only changes working state, as
/// bringing a file does, is told to nobody.
const LOOK: Duration = Duration::from_millis(250);
/// Between two tries, when the database did not answer.
const PAUSE: Duration = Duration::from_secs(1);
/// After so many an import is given up.
const TRIES: u32 = 5;

/// Starts the engine of a world.
pub(super) fn start(world: &World) -> Result<()> {
    // Here and not on the thread: no door is open yet by which a file could come in.
    if let Err(error) = sweep(world) {
        tracing::warn!(%error, "files of imports that nobody knows stay where they are");
    }
    let ticks = world.ticks();
    let own = world.clone();
    world.spawn("imports", move || serve(&own, &ticks));
    Ok(())
}

fn serve(world: &World, ticks: &Receiver<()>) {
    let mut tries = 0;
    loop {
        let worked = match world.read_now(store::next) {
            Ok(Some(run)) => work(world, &run).map(|()| true).or_else(|error| {
                tries += 1;
                tracing::warn!(import.id = %run.id, tries, %error, "an import did not go on");
                give_up(world, &run, &error, tries)
            }),
            Ok(None) => Ok(false),
            Err(error) => Err(error),
        };
        let wait = match worked {
            Ok(true) => {
                tries = 0;
                continue;
            }
            Ok(false) => LOOK,
            Err(Error::Busy(_)) => return,
            Err(error) => {
                tracing::warn!(%error, "the imports are looked for again in a moment");
                PAUSE
            }
        };
        if ticks.recv_timeout(wait) == Err(RecvTimeoutError::Disconnected) {
            return;
        }
    }
}

/// Throws away files that came in while the process ended, before anybody was told.
fn sweep(world: &World) -> Result<()> {
    let Ok(entries) = std::fs::read_dir(store::directory(world)) else { return Ok(()) };
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let known = world.read_now(|db| {
            Ok(db.row("select 1 as one from import_run where id = $1", params![&name])?.is_some())
        })?;
        if !known {
            // Left behind at worst, until the next start.
            let _ = std::fs::remove_file(entry.path());
        }
    }
    Ok(())
}

/// After some tries, or at once for what no further try mends, the import ends with what
/// was in its way.
fn give_up(world: &World, run: &Run, error: &Error, tries: u32) -> Result<bool> {
    let passes = matches!(error, Error::Db(_) | Error::Busy(_) | Error::DiskFull);
    if passes && tries < TRIES {
        return Err(error.clone());
    }
    let (problem, run) = (error.to_string(), run.clone());
    world.run(Lane::Ordinary, "import", move |tx| {
        let now = tx.machine_now();
        tx.work().run(
            "update import_run set state = 'failed', problem = $2, updated_at = $3 \
             where id = $1 and state in ('reading', 'running')",
            params![run.id, problem, now],
        )?;
        Ok(true)
    })
}

fn work(world: &World, run: &Run) -> Result<()> {
    match run.state {
        State::Expired => throw_away(world, run),
        State::Reading => look(world, run),
        _ => take(world, run),
    }
}

fn register<'a>(world: &'a World, run: &Run) -> Result<&'a Register> {
    let found = world.kit().registers.iter().find(|register| register.name == run.register);
    found.ok_or(Error::conflict("no-register", "this program has no such register any more"))
}

/// A row as it reads.
struct Seen {
    number: u32,
    item: Result<Box<dyn Item>, Vec<Fault>>,
}

/// Reads a row; a key that a row before has had is a fault.
fn read(register: &Register, run: &Run, fixed: &[Cell], keys: &mut Keys, line: &Line) -> Seen {
    let mut cells = Cells::new(register.columns, &line.cells, &run.layout.places, fixed);
    let item = (register.read)(&mut cells);
    let faults = cells.into_faults();
    let number = line.number;
    let item = match item {
        Some(item) if faults.is_empty() => match keys.rows.entry(item.key()) {
            Entry::Vacant(free) => {
                free.insert(number);
                Ok(item)
            }
            Entry::Occupied(taken) => {
                let first = taken.get();
                let seen = format!("{}, row {first}", item.key());
                Err(vec![Fault::new("", "duplicate", seen, "each once in the file")])
            }
        },
        _ if faults.is_empty() => Err(vec![Fault::new("", "value", "", "a row of this register")]),
        _ => Err(faults),
    };
    Seen { number, item }
}

/// Looks through the whole file and writes nothing but what is wrong with which row.
fn look(world: &World, run: &Run) -> Result<()> {
    throw_faults(world, run)?;
    let register = register(world, run)?;
    let fixed = run.layout.fixed_cells();
    let (mut keys, mut counts, mut sample) = (Keys::default(), Counts::default(), Vec::new());
    let mut batch: Vec<Seen> = Vec::new();
    let is_wanted = each_row(world, run, &mut |line| {
        batch.push(read(register, run, &fixed, &mut keys, line));
        if batch.len() < LOOKED_TOGETHER {
            return Ok(true);
        }
        let rows = std::mem::take(&mut batch);
        look_at(world, run, rows, &mut keys, &mut counts, &mut sample, State::Reading)
    })?;
    if is_wanted {
        look_at(world, run, batch, &mut keys, &mut counts, &mut sample, State::Ready)?;
    }
    Ok(())
}

/// Plans some rows and notes the faults; answers whether the import is still wanted.
fn look_at(
    world: &World,
    run: &Run,
    rows: Vec<Seen>,
    keys: &mut Keys,
    counts: &mut Counts,
    sample: &mut Vec<Sample>,
    then: State,
) -> Result<bool> {
    let faults: Vec<(u32, Vec<Fault>)> = world.read_now(|db| {
        let mut faults = Vec::new();
        for Seen { number, item } in rows {
            counts.seen += 1;
            let planned = match item {
                Ok(item) => match item.plan(db, &run.reach, keys) {
                    Ok(change) => Ok((item, change)),
                    Err(error) => Err(vec![Fault::of(error)?]),
                },
                Err(faults) => Err(faults),
            };
            match planned {
                Ok((item, change)) => {
                    counts.add(change);
                    if change != Change::Same && sample.len() < SAMPLES {
                        let change = if change == Change::New { "new" } else { "changed" };
                        let (row, change) = (number, change.to_owned());
                        sample.push(Sample { row, key: item.key(), change });
                    }
                    keys.names.insert(item.name());
                }
                Err(found) => {
                    counts.refused += 1;
                    faults.push((number, found));
                }
            }
        }
        Ok(faults)
    })?;
    let (id, counts) = (run.id, *counts);
    for some in faults.chunks(ROWS_TOGETHER) {
        let some = some.to_vec();
        world.run(Lane::Ordinary, "import", move |tx| {
            some.iter().try_for_each(|(row, faults)| store::put_faults(tx, id, *row, faults))
        })?;
    }
    let sample = serde_json::to_string(sample)
        .map_err(|error| Error::Internal(format!("a sample is no JSON: {error}")))?;
    world.run(Lane::Ordinary, "import", move |tx| {
        let now = tx.machine_now();
        let moved = tx.work().run(
            "update import_run set rows = $2, rows_seen = $2, added = $3, changed = $4, same = $5, \
             refused = $6, sample = $7, state = $8, updated_at = $9 \
             where id = $1 and state = 'reading'",
            params![
                id,
                counts.seen,
                counts.added,
                counts.changed,
                counts.same,
                counts.refused,
                sample,
                then.code(),
                now,
            ],
        )?;
        Ok(moved == 1)
    })
}

/// Takes the rows that have not been dealt with.
fn take(world: &World, run: &Run) -> Result<()> {
    if run.row_next == 0 {
        throw_faults(world, run)?;
    }
    let register = register(world, run)?;
    let fixed = run.layout.fixed_cells();
    let mut keys = Keys::default();
    let mut next = run.row_next;
    let mut batch: Vec<Seen> = Vec::new();
    let is_wanted = each_row(world, run, &mut |line| {
        let row = read(register, run, &fixed, &mut keys, line);
        // Rows that were dealt with before have keys all the same.
        if i64::from(row.number) < next {
            return Ok(true);
        }
        batch.push(row);
        if batch.len() < ROWS_TOGETHER {
            return Ok(true);
        }
        take_some(world, run, std::mem::take(&mut batch), &mut next)
    })?;
    if is_wanted && (batch.is_empty() || take_some(world, run, batch, &mut next)?) {
        end(world, run)?;
    }
    Ok(())
}

/// Takes some rows, as many in a command as [`HOLD`] allows, and each alone when one of
/// them cannot be taken after all; answers whether the import is still wanted.
fn take_some(world: &World, run: &Run, rows: Vec<Seen>, next: &mut i64) -> Result<bool> {
    let rows = Arc::new(rows);
    let mut done = 0;
    let mut together = rows.len();
    while done < rows.len() {
        let some = done..rows.len().min(done + together);
        match command(world, run, Arc::clone(&rows), some, *next) {
            Ok(Some(taken)) => {
                done += taken.rows;
                *next = taken.next;
            }
            Ok(None) => return Ok(false),
            Err(error) => {
                let fault = Fault::of(error)?;
                if 1 < together {
                    together = 1;
                    continue;
                }
                let number = rows[done].number;
                let refused = Arc::new(vec![Seen { number, item: Err(vec![fault]) }]);
                let Some(taken) = command(world, run, refused, 0..1, *next)? else {
                    return Ok(false);
                };
                done += 1;
                *next = taken.next;
            }
        }
    }
    Ok(true)
}

/// What a command came to.
struct Taken {
    rows: usize,
    /// The first row that has not been dealt with, by its number in the file.
    next: i64,
}

/// One command: plans, takes, notes faults, and moves the place in the file. It ends when
/// it has held the writer for [`HOLD`]. `None` when the import is no longer running.
fn command(
    world: &World,
    run: &Run,
    rows: Arc<Vec<Seen>>,
    some: std::ops::Range<usize>,
    next: i64,
) -> Result<Option<Taken>> {
    let context = Context {
        actor: run.actor.clone(),
        actor_name: Some(run.person_name.clone()),
        ..Context::system("import")
    };
    let (id, reach) = (run.id, run.reach.clone());
    let started = world.start(Lane::Ordinary, context, move |tx| {
        let began = Instant::now();
        if !is_at(tx, id, next)? {
            return Ok(None);
        }
        let (mut counts, mut taken) = (Counts::default(), Taken { rows: 0, next });
        for Seen { number, item } in &rows[some] {
            counts.seen += 1;
            taken = Taken { rows: taken.rows + 1, next: i64::from(*number) + 1 };
            let planned = match item {
                Ok(item) => match item.plan(tx, &reach, &Keys::default()) {
                    Ok(change) => Ok((item, change)),
                    Err(error) => Err(vec![Fault::of(error)?]),
                },
                Err(faults) => Err(faults.clone()),
            };
            match planned {
                Ok((item, change)) => {
                    counts.add(change);
                    if change != Change::Same {
                        item.take(tx, &reach)?;
                    }
                }
                Err(faults) => {
                    counts.refused += 1;
                    store::put_faults(tx, id, *number, &faults)?;
                }
            }
            if HOLD <= began.elapsed() {
                break;
            }
        }
        let now = tx.machine_now();
        let held = i64::try_from(began.elapsed().as_micros()).unwrap_or(i64::MAX);
        tx.work().run(
            "update import_run set row_next = $2, rows_seen = rows_seen + $3, \
             added = added + $4, changed = changed + $5, same = same + $6, \
             refused = refused + $7, updated_at = $8, \
             longest_us = case when longest_us < $9 then $9 else longest_us end where id = $1",
            params![
                id,
                taken.next,
                counts.seen,
                counts.added,
                counts.changed,
                counts.same,
                counts.refused,
                now,
                held,
            ],
        )?;
        Ok(Some(taken))
    })?;
    started.wait()
}

/// Whether the import is running and is where we think: then nobody else takes its rows.
fn is_at(tx: &mut Tx<'_>, id: base::Id, next: i64) -> Result<bool> {
    let row = tx.row("select state, row_next from import_run where id = $1", params![id])?;
    let Some(row) = row else { return Ok(false) };
    Ok(row.get::<String>("state")? == State::Running.code() && row.get::<i64>("row_next")? == next)
}

fn end(world: &World, run: &Run) -> Result<()> {
    let run = run.clone();
    let context = Context {
        actor: run.actor.clone(),
        actor_name: Some(run.person_name.clone()),
        ..Context::system("import")
    };
    let started = world.start(Lane::Ordinary, context, move |tx| {
        if store::turn(tx, run.id, State::Running, State::Done)? {
            note_end(tx, &run, true)?;
        }
        Ok(())
    })?;
    started.wait()
}

/// Says in the trail what came of an import.
pub(super) fn note_end(tx: &mut Tx<'_>, run: &Run, whole: bool) -> Result<()> {
    let now = store::load(tx, run.person, run.id)?;
    let ended = note::Ended {
        register: now.register,
        digest: now.digest,
        added: now.counts.added,
        changed: now.counts.changed,
        refused: now.counts.refused,
        whole,
    };
    note::put(tx, run.id, ended)
}

/// Hands over the rows below the header; answers `false` when they were not wanted to
/// the last, because somebody stopped the import.
fn each_row(world: &World, run: &Run, take: &mut dyn FnMut(&Line) -> Result<bool>) -> Result<bool> {
    let path = store::file(world, run.id);
    let mut ended = Ok(true);
    let read = sheet::rows(&path, run.layout.sheet(), &mut |line| {
        if line.number <= run.layout.header_row {
            return ControlFlow::Continue(());
        }
        let wanted =
            if world.is_closing() { Err(Error::Busy("the world is closed")) } else { take(&line) };
        match wanted {
            Ok(true) => ControlFlow::Continue(()),
            not => {
                ended = not;
                ControlFlow::Break(())
            }
        }
    });
    if ended.is_ok() {
        read.map_err(super::layout::refused)?;
    }
    ended
}

fn throw_faults(world: &World, run: &Run) -> Result<()> {
    let id = run.id;
    loop {
        let left = world.run(Lane::Ordinary, "import", move |tx| {
            let row = tx.row(
                "select position from import_fault where run = $1 \
                 order by position, place limit 1 offset $2",
                params![id, THROWN_TOGETHER],
            )?;
            let upto = row.map_or(Ok(i64::MAX), |row| row.get::<i64>("position"))?;
            let thrown = tx.work().run(
                "delete from import_fault where run = $1 and position <= $2",
                params![id, upto],
            )?;
            Ok(0 < thrown && upto < i64::MAX)
        })?;
        if !left {
            return Ok(());
        }
    }
}

/// The file first: a row without its file would be an import that cannot be read.
fn throw_away(world: &World, run: &Run) -> Result<()> {
    match std::fs::remove_file(store::file(world, run.id)) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            return Err(Error::Internal(format!("the file of an import: {error}")));
        }
        _ => {}
    }
    throw_faults(world, run)?;
    let id = run.id;
    world.run(Lane::Ordinary, "import", move |tx| {
        tx.work().run("delete from import_run where id = $1", params![id])?;
        Ok(())
    })
}
