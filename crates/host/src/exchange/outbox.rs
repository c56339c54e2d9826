//! The outbox: what is new in the log becomes an errand, and the errand a file.
//!
//! Ordering moves the neighbour's number in the same transaction. No fact is recorded about
//! a file that went out: it would be a new entry, and so the reason for the next file.

use std::io::BufReader;
use std::path::PathBuf;
use std::time::Duration;

use base::Id;
use crossbeam_channel::Receiver;
use serde::{Deserialize, Serialize};

use super::file::{self, WriteError};
use super::{name, sent, sleep};
use crate::db::Read;
use crate::effect::{self, Attempt, Effect, Found, Order, Outcome, Patience, WayOut};
use crate::error::{Error, Result};
use crate::segment::{self, Outgoing};
use crate::tx::Tx;
use crate::world::{Lane, World};
use crate::{neighbour, params};

/// Errands go by it.
pub(crate) const EFFECT: &str = "segment.write";

/// Entries of this node for a neighbour: what an errand names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Stretch {
    neighbour: String,
    first: i64,
    last: i64,
}

/// What errands about a neighbour's files are about.
pub(crate) fn subject(neighbour: &str) -> Id {
    neighbour::subject("neighbour", neighbour)
}

/// Orders what is new for each neighbour until the world closes.
pub(super) fn serve(world: &World, every: Duration, ticks: &Receiver<()>) {
    let exchange = world.kit().exchange.clone();
    loop {
        for neighbour in exchange.config().outboxes.keys() {
            match order(world, neighbour) {
                Ok(_) => {}
                Err(Error::Busy(_)) if world.is_closing() => return,
                // The list of outboxes says so.
                Err(Error::Conflict { code: "reading-undecided", .. }) => {}
                Err(error) => tracing::error!(neighbour, %error, "no segment could be ordered"),
            }
        }
        if !sleep(ticks, every) {
            return;
        }
    }
}

/// Orders a file of what is new for a neighbour, unless one before it has not come to its
/// end; answers up to which entry it goes.
pub(crate) fn order(world: &World, neighbour: &str) -> Result<Option<i64>> {
    // Asked outside first: most of the time there is nothing to write.
    if world.read_now(|db| next(db, world.origin(), neighbour))?.is_none() {
        return Ok(None);
    }
    let neighbour = neighbour.to_owned();
    world.run(Lane::Ordinary, "exchange", move |tx| order_next(tx, &neighbour))
}

fn order_next(tx: &mut Tx<'_>, neighbour: &str) -> Result<Option<i64>> {
    let origin = tx.origin.to_owned();
    let Some(wanted) = next(tx, &origin, neighbour)? else { return Ok(None) };
    let (first, last) = (wanted.after + 1, wanted.after + wanted.limit);
    let stretch = Stretch { neighbour: neighbour.to_owned(), first, last };
    let title = format!("向节点 {neighbour} 写出数据段 {first}–{last}");
    let payload = serde_json::to_value(&stretch)
        .map_err(|error| Error::Internal(format!("a stretch is no JSON: {error}")))?;
    tx.send_out(Order::new(EFFECT, subject(neighbour), title, payload))?;
    let now = tx.machine_now();
    tx.work().run(super::NOTE_SENT, params![neighbour, last, now])?;
    Ok(Some(last))
}

/// What is to be written next; `None` while something is still to be written, or waits for
/// a person because it could not be, or because nobody knows whether it was: a mount that
/// hangs would hold one thread more with every file.
fn next(db: &mut dyn Read, origin: &str, neighbour: &str) -> Result<Option<Outgoing>> {
    let after = sent(db, neighbour)?;
    if segment::position(db, origin)? <= after || effect::is_open(db, EFFECT, subject(neighbour))? {
        return Ok(None);
    }
    segment::next_for(db, origin, neighbour, after)
}

/// Writes a segment file into a neighbour's outbox.
pub(crate) struct WriteSegment;

impl WriteSegment {
    /// The directory and the names of an attempt: the file's, and the draft's.
    fn place(
        way_out: &WayOut,
        attempt: &Attempt,
    ) -> std::result::Result<(Stretch, PathBuf, [String; 2]), String> {
        let stretch: Stretch = serde_json::from_value(attempt.payload.clone())
            .map_err(|error| format!("the errand does not read: {error}"))?;
        let world = way_out.world();
        let directory = world.kit().exchange.config().outboxes.get(&stretch.neighbour).cloned();
        let directory = directory
            .ok_or_else(|| format!("the configuration has no outbox for {}", stretch.neighbour))?;
        let name = name::file_name(world.origin(), stretch.first, stretch.last, &stretch.neighbour);
        let draft = format!(".{name}.{}.part", attempt.number);
        Ok((stretch, directory, [name, draft]))
    }

    fn bytes(world: &World, stretch: &Stretch) -> Result<Vec<u8>> {
        let reading = world.read_now(|db| neighbour::reading(db, &stretch.neighbour))?;
        let wanted = Outgoing {
            after: stretch.first - 1,
            limit: stretch.last - stretch.first + 1,
            openness: reading.openness,
            scope: reading.scope(),
        };
        let mut bytes = Vec::new();
        match segment::write(world, &wanted, &mut bytes)? {
            Some(head) if head.last == stretch.last => Ok(bytes),
            head => {
                let ends = head.map_or(0, |head| head.last);
                let detail = format!("the log ends at #{ends}, expected #{}", stretch.last);
                Err(Error::conflict("gap", detail))
            }
        }
    }
}

impl Effect for WriteSegment {
    fn name(&self) -> &'static str {
        EFFECT
    }

    fn act(&self, way_out: &WayOut, attempt: &Attempt) -> Outcome {
        let (stretch, directory, [name, draft]) = match Self::place(way_out, attempt) {
            Ok(place) => place,
            Err(why) => return Outcome::Refused(why),
        };
        let bytes = match Self::bytes(way_out.world(), &stretch) {
            Ok(bytes) => bytes,
            Err(error) => return Outcome::Failed(error.to_string()),
        };
        match file::write_whole(&directory, &name, &draft, &bytes) {
            Ok(()) => Outcome::Done(name),
            Err(WriteError::Before(error)) => {
                Outcome::Failed(format!("{}: {error}", directory.display()))
            }
            Err(WriteError::After(error)) => {
                Outcome::Uncertain(format!("{name} is there, but a power cut may take it: {error}"))
            }
        }
    }

    /// A file that is there and whole was written; while its draft is there, it was not. If
    /// neither is, the gateway may have carried it away, and nobody here knows.
    fn find_out(&self, way_out: &WayOut, attempt: &Attempt) -> Found {
        let Ok((stretch, directory, [name, draft])) = Self::place(way_out, attempt) else {
            return Found::Unknown;
        };
        if let Ok((file, _)) = file::open(&directory.join(&name)) {
            let read = segment::contents(&mut BufReader::new(file));
            return match read {
                Ok(contents)
                    if (contents.first, contents.last) == (stretch.first, stretch.last) =>
                {
                    Found::WentOut(name)
                }
                _ => Found::DidNot,
            };
        }
        match std::fs::remove_file(directory.join(draft)) {
            Ok(()) => Found::DidNot,
            Err(_) => Found::Unknown,
        }
    }

    fn patience(&self) -> Patience {
        Patience { answer_within: Duration::from_secs(120), ..Patience::default() }
    }
}
