//! Reading kept frames anew: after points were mapped, or when a person asks.
//!
//! It is the desk's own work, a few frames at a time between two groups of arrivals, so
//! that no device waits for it. What comes of it is received now, so that a look into
//! the past shows what was known then; what is there already is dropped by the series.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;

use base::{Id, Timestamp};
use host::document::{DocumentRef, RECENT};
use host::sealed::{Opened, is_sealed};
use host::{Error, Lane, Result};
use series::Sample;

use super::Inner;
use super::find::{Found, Origin};
use crate::held::{self, Held};
use crate::protocol::{Message, Protocol};
use crate::register::{Known, Register};
use crate::station::StationId;

/// Frames that are read anew between two groups.
const AT_ONCE: usize = 32;
/// Held frames that are fetched together.
const FETCHED: i64 = 64;
/// What is to be read anew.
#[derive(Default)]
pub(super) struct Replays {
    /// Stations whose held frames are looked at.
    due: HashSet<StationId>,
    /// Where the look at a station's held frames goes on.
    after: HashMap<StationId, Id>,
    frames: VecDeque<Held>,
}

impl Replays {
    /// Finds out what has become due; called with each batch of counts.
    pub fn look(&mut self, intake: &Inner, register: &mut Register) {
        if let Err(error) = self.find(intake, register) {
            tracing::error!(%error, "what is to be read anew could not be found out");
        }
    }

    fn find(&mut self, intake: &Inner, register: &mut Register) -> Result<()> {
        register.catch_up(&intake.world)?;
        // Frames come to be held in batches, and a change may overtake one: whoever is due
        // is asked for again until all that was held before is written.
        let is_written = intake.ledger.has_written_held();
        for station in register.changed() {
            self.due.insert(station);
            self.after.remove(&station);
        }
        for (station, since) in intake.world.read_now(held::asked)? {
            self.due.insert(station);
            self.after.remove(&station);
            if let Some(since) = since {
                self.frames.extend(recent(intake, station, since));
            }
            intake.world.run(Lane::Ordinary, "intake", move |tx| held::begun(tx, station))?;
        }
        let mut done = Vec::new();
        for station in &self.due {
            let after = self.after.get(station).copied();
            let frames = intake.world.read_now(|db| held::after(db, *station, after, FETCHED))?;
            match frames.last() {
                // Who has one batch may have more.
                Some(last) => _ = self.after.insert(*station, last.id),
                None if is_written => done.push(*station),
                None => {}
            }
            self.frames.extend(frames);
        }
        for station in done {
            self.due.remove(&station);
            self.after.remove(&station);
        }
        Ok(())
    }

    /// Reads a few frames anew.
    pub fn go_on(&mut self, intake: &Arc<Inner>, register: &Register) {
        for _ in 0..AT_ONCE {
            let Some(frame) = self.frames.pop_front() else { return };
            let (station, received) = (frame.station, frame.received);
            if let Err(error) = again(intake, register, frame) {
                tracing::warn!(%error, %station, %received, "a kept frame was not read anew");
            }
        }
    }
}

/// The frames of a station that are still at hand, as far back as asked, oldest first.
fn recent(intake: &Inner, station: StationId, since: Timestamp) -> Vec<Held> {
    let pieces = intake.world.documents().recent(station.into(), RECENT);
    let mut frames: Vec<Held> = Vec::new();
    for (received, document) in pieces.into_iter().rev().filter(|(at, _)| since <= *at) {
        match frames.last_mut() {
            // A long message was kept in pieces.
            Some(last) if last.received == received => last.documents.push(document),
            _ => frames.push(Held {
                id: Id::from_u128(0),
                station,
                received,
                source: String::new(),
                documents: vec![document],
            }),
        }
    }
    frames
}

fn again(intake: &Arc<Inner>, register: &Register, frame: Held) -> Result<()> {
    let Some((protocol, station)) = register.by_id(frame.station) else { return Ok(()) };
    let mut found = Found::default();
    for raw in messages(intake, &frame)? {
        let Some(message) = opened(*protocol, station, &raw) else { continue };
        let Ok(said) = message.read(frame.received) else { continue };
        let (source, received) = (frame.source.as_str(), frame.received);
        let from = Origin { protocol: *protocol, source, received, raw: &[] };
        let more = from.find(register, station, said, None);
        found.samples.extend(more.samples);
        found.is_held |= more.is_held;
    }
    append(intake, found, frame.id);
    Ok(())
}

fn append(intake: &Arc<Inner>, found: Found, frame: Id) {
    let Found { samples, is_held } = found;
    let asked = Arc::clone(intake);
    let done = move |result: std::result::Result<series::Appended, series::SeriesError>| {
        match result {
            Ok(_) if !is_held => asked.ledger.release(frame),
            // Something of it waits for its sensor still.
            Ok(_) => {}
            Err(error) => tracing::warn!(%error, "a frame that was read anew was not stored"),
        }
    };
    if samples.is_empty() {
        if !is_held {
            intake.ledger.release(frame);
        }
        return;
    }
    let samples: Vec<Sample> = samples;
    intake.world.series().append_then(intake.world.clock().now(), samples, Box::new(done));
}

/// The bytes that were kept; two messages of one instant may be taken for one.
fn messages(intake: &Inner, frame: &Held) -> Result<Vec<Vec<u8>>> {
    let mut pieces = Vec::with_capacity(frame.documents.len());
    for document in &frame.documents {
        pieces.push(piece(intake, document)?);
    }
    let holder = Id::from(frame.station);
    if pieces.first().is_some_and(|first| is_sealed(first)) {
        let whole = intake.world.unseal_for_work(holder, &pieces.concat())?;
        return Ok(match whole {
            Opened::Open(bytes) => vec![bytes],
            Opened::Destroyed | Opened::Closed => Vec::new(),
        });
    }
    let is_one = pieces.len() == 1 || frame.id != Id::from_u128(0);
    Ok(if is_one { vec![pieces.concat()] } else { [vec![pieces.concat()], pieces].concat() })
}

fn piece(intake: &Inner, document: &DocumentRef) -> Result<Vec<u8>> {
    let read = intake.world.documents().read(document);
    read.map_err(|error| Error::Internal(format!("raw frame: {error}")))
}

/// The message, opened by any key that its station ever had.
fn opened(protocol: Protocol, station: &Known, raw: &[u8]) -> Option<Message> {
    if !protocol.needs_key() {
        return protocol.again(&station.code, raw);
    }
    // Each key is tried on the message as it came.
    station.keys.iter().find_map(|key| {
        let mut message = protocol.again(&station.code, raw)?;
        message.reopens(&key.key).then_some(message)
    })
}
