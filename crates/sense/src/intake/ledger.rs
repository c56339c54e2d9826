//! What intake has to say about sources, frames, rejects and strangers: gathered in
//! memory, written as working state in batches, so that a frame costs no row.
//!
//! Everything here is bounded. What does not fit is counted and said in the log.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use base::{Id, Timestamp};
use host::space::Room;
use host::{Lane, Result, Tx, World};

use crate::held::{self, Held};
use crate::person_file::{self, PersonFile};
use crate::point;
use crate::protocol::{Definition, Protocol, Why};
use crate::reject::{self, Rejected};
use crate::source::recent::{Due, Frames, Recent};
use crate::source::{self, FrameNote, Omitted, Tally, minute_of};
use crate::station::{self, ClockSample, Contact, StationId};
use crate::taken_file::{self, TakenFile};
use crate::waiting::{self, Knock};

/// Rows per command, so that each takes the writer a few milliseconds.
const PIECE: usize = 200;
/// Rejects gathered between two batches; beyond it they are counted only.
const MOST_REJECTS: usize = 512;
/// Unknown devices gathered between two batches.
const MOST_KNOCKS: usize = 1_000;
/// Points that hosts define, between two batches.
const MOST_DEFINITIONS: usize = 20_000;
/// Frames of one station that wait for a sensor, or name persons, between two batches.
const MOST_HELD: usize = 256;
/// What makes a sample of a clock worth writing anew within its minute.
const A_SECOND_MS: i64 = 1_000;
/// Elements of all stations that became no reading, between two batches.
const MOST_OMISSIONS: usize = 10_000;

/// Gathers until it is written.
pub(crate) struct Ledger {
    pending: Mutex<Pending>,
    /// Of each registered station that was heard, what was written of its clock last.
    clocks: Mutex<HashMap<StationId, ClockSample>>,
    /// Of frames.
    recent: Arc<Recent>,
    /// Batches on their way to the writer.
    under_way: Arc<AtomicU64>,
    numbers: AtomicU64,
    /// Sets the ids of this process apart from those of the one before.
    nonce: [u8; 4],
}

#[derive(Debug, Default)]
struct Pending {
    contacts: HashMap<StationId, Contact>,
    clocks: HashMap<(StationId, i64), ClockSample>,
    tallies: HashMap<(StationId, i64), Tally>,
    omissions: HashMap<(StationId, String, Why), Omitted>,
    definitions: HashMap<(StationId, String), (Definition, Timestamp)>,
    held: HashMap<StationId, VecDeque<Held>>,
    released: Vec<Id>,
    person_files: HashMap<StationId, VecDeque<PersonFile>>,
    taken_files: HashMap<StationId, VecDeque<(TakenFile, Timestamp)>>,
    knocks: HashMap<(Protocol, String), Knock>,
    rejects: Vec<Rejected>,
    lost_rejects: u64,
}

impl Ledger {
    pub fn new(recent: Arc<Recent>) -> Ledger {
        let mut nonce = [0; 4];
        getrandom::fill(&mut nonce).expect("the operating system gives random bytes");
        Ledger {
            pending: Mutex::default(),
            clocks: Mutex::default(),
            recent,
            under_way: Arc::default(),
            numbers: AtomicU64::new(0),
            nonce,
        }
    }

    /// An id that sorts by `received`, and then in the order it was asked for.
    pub fn new_id(&self, received: Timestamp) -> Id {
        let number = self.numbers.fetch_add(1, Ordering::Relaxed).to_be_bytes();
        let mut bytes = [0; 10];
        bytes[..4].copy_from_slice(&self.nonce);
        bytes[4..].copy_from_slice(&number[2..]);
        Id::new(received, bytes)
    }

    fn with<R>(&self, change: impl FnOnce(&mut Pending) -> R) -> R {
        change(&mut self.pending.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub fn contact(&self, station: StationId, contact: Contact) {
        self.with(|pending| {
            let before = pending.contacts.get(&station);
            let delay_ms = contact.delay_ms.or(before.and_then(|contact| contact.delay_ms));
            let is_cut = contact.is_cut.or(before.and_then(|contact| contact.is_cut));
            pending.contacts.insert(station, Contact { delay_ms, is_cut, ..contact });
        });
    }

    /// What a message says of its sender's clock: written when it is the first of its
    /// minute, or is less late by a second than what was written of it.
    pub fn clock(&self, station: StationId, sample: ClockSample) {
        let mut known = self.clocks.lock().unwrap_or_else(PoisonError::into_inner);
        match known.get(&station) {
            Some(before)
                if before.minute == sample.minute
                    && sample.ahead_ms < before.ahead_ms.saturating_add(A_SECOND_MS) => {}
            _ => {
                known.insert(station, sample);
                self.with(|pending| pending.clocks.insert((station, sample.minute), sample));
            }
        }
    }

    pub fn tally(&self, station: StationId, at: Timestamp, add: impl FnOnce(&mut Tally)) {
        let minute = minute_of(at);
        self.with(|pending| add(pending.tallies.entry((station, minute)).or_default()));
    }

    pub fn frame(&self, note: FrameNote) {
        self.recent.add(note);
    }

    pub fn omission(
        &self,
        station: StationId,
        element: String,
        why: Why,
        seen: (Timestamp, String),
    ) {
        self.with(|pending| {
            let key = (station, element, why);
            if MOST_OMISSIONS <= pending.omissions.len() && !pending.omissions.contains_key(&key) {
                return;
            }
            let (last_seen, last_value) = seen;
            let times = pending.omissions.get(&key).map_or(0, |omitted| omitted.times) + 1;
            pending.omissions.insert(key, Omitted { times, last_seen, last_value });
        });
    }

    /// A point as its host defines it.
    pub fn definition(&self, station: StationId, definition: Definition, seen: Timestamp) {
        self.with(|pending| {
            let key = (station, definition.element.clone());
            if MOST_DEFINITIONS <= pending.definitions.len()
                && !pending.definitions.contains_key(&key)
            {
                return;
            }
            pending.definitions.insert(key, (definition, seen));
        });
    }

    /// A stored frame of which something found no sensor.
    pub fn hold(&self, held: Held) {
        self.with(|pending| {
            let frames = pending.held.entry(held.station).or_default();
            if frames.len() == MOST_HELD {
                frames.pop_front();
            }
            frames.push_back(held);
        });
    }

    /// A stored message that names persons.
    pub fn person_file(&self, file: PersonFile) {
        self.with(|pending| {
            let files = pending.person_files.entry(file.station).or_default();
            if files.len() == MOST_HELD {
                files.pop_front();
            }
            files.push_back(file);
        });
    }

    /// A file that was stored.
    pub fn taken_file(&self, station: StationId, file: TakenFile, received: Timestamp) {
        self.with(|pending| {
            let files = pending.taken_files.entry(station).or_default();
            if files.len() == MOST_HELD {
                files.pop_front();
            }
            files.push_back((file, received));
        });
    }

    /// Whether every frame that was held is written.
    pub fn has_written_held(&self) -> bool {
        let is_empty = self.with(|pending| pending.held.is_empty());
        is_empty && self.under_way.load(Ordering::Acquire) == 0
    }

    /// A held frame was read anew, whole.
    pub fn release(&self, frame: Id) {
        self.with(|pending| pending.released.push(frame));
    }

    pub fn knock(&self, protocol: Protocol, code: String, source: &str, at: Timestamp, raw: &[u8]) {
        self.with(|pending| {
            let key = (protocol, code);
            if MOST_KNOCKS <= pending.knocks.len() && !pending.knocks.contains_key(&key) {
                return;
            }
            let knock = pending.knocks.entry(key).or_insert_with(|| Knock {
                source: String::new(),
                first_seen: at,
                last_seen: at,
                frames: 0,
                last_hex: String::new(),
            });
            knock.source.clear();
            knock.source.push_str(source);
            knock.last_seen = at;
            knock.frames += 1;
            knock.last_hex = hex::encode_upper(&raw[..raw.len().min(LONGEST_HEX)]);
        });
    }

    pub fn reject(&self, rejected: Rejected) {
        self.with(|pending| match pending.rejects.len() < MOST_REJECTS {
            true => pending.rejects.push(rejected),
            false => pending.lost_rejects += 1,
        });
    }

    /// Sends what has gathered to the writer and does not wait, unless the last
    /// batch is still on its way.
    pub fn write(&self, world: &World) {
        // On a full disk what was counted waits here, where it is bounded.
        if self.under_way.load(Ordering::Acquire) != 0 || world.space().room() == Room::ReadOnly {
            return;
        }
        for piece in self.pieces(Due::Now) {
            self.under_way.fetch_add(1, Ordering::AcqRel);
            let under_way = Arc::clone(&self.under_way);
            let done = move |result: Result<()>| {
                under_way.fetch_sub(1, Ordering::AcqRel);
                if let Err(error) = result {
                    tracing::error!(%error, "what intake counted was not written");
                }
            };
            let sent = world.run_then(Lane::Ordinary, "intake", move |tx| piece.save(tx), done);
            if sent.is_err() {
                // The world was closed meanwhile: nobody reads these counts any more.
                self.under_way.fetch_sub(1, Ordering::AcqRel);
                return;
            }
        }
    }

    /// Writes what has gathered and waits for it. Not for async code.
    pub fn write_now(&self, world: &World) -> Result<()> {
        for piece in self.pieces(Due::All) {
            world.run(Lane::Ordinary, "intake", move |tx| piece.save(tx))?;
        }
        Ok(())
    }

    fn pieces(&self, due: Due) -> Vec<Piece> {
        let Pending {
            contacts,
            clocks,
            tallies,
            omissions,
            definitions,
            held,
            released,
            person_files,
            taken_files,
            knocks,
            rejects,
            lost_rejects,
        } = self.with(std::mem::take);
        if lost_rejects != 0 {
            tracing::warn!(
                kept = rejects.len(),
                lost = lost_rejects,
                "more was rejected than is kept; the rest is counted only"
            );
        }
        let mut pieces = Vec::new();
        pieces.extend(chunks(contacts).map(Piece::Contacts));
        let clocks = clocks.into_iter().map(|((station, _), sample)| (station, sample));
        let mut clocks: Vec<(StationId, ClockSample)> = clocks.collect();
        clocks.sort_unstable_by_key(|(_, sample)| sample.at);
        pieces.extend(chunks(clocks).map(Piece::Clocks));
        pieces.extend(chunks(tallies).map(Piece::Tallies));
        pieces.extend(self.recent.take(due, PIECE).into_iter().map(Piece::Frames));
        pieces.extend(chunks(omissions).map(Piece::Omissions));
        pieces.extend(chunks(definitions).map(Piece::Definitions));
        for (station, frames) in held {
            pieces.extend(chunks(frames).map(|frames| Piece::Held(station, frames)));
        }
        pieces.extend(chunks(released).map(Piece::Released));
        for (station, files) in person_files {
            pieces.extend(chunks(files).map(|files| Piece::PersonFiles(station, files)));
        }
        for (station, files) in taken_files {
            pieces.extend(chunks(files).map(|files| Piece::TakenFiles(station, files)));
        }
        pieces.extend(chunks(knocks).map(Piece::Knocks));
        pieces.extend(chunks(rejects).map(Piece::Rejects));
        pieces
    }
}

/// The longest frame that the waiting room shows, in bytes.
const LONGEST_HEX: usize = 4_112;

/// What one command writes.
enum Piece {
    Contacts(Vec<(StationId, Contact)>),
    Clocks(Vec<(StationId, ClockSample)>),
    Tallies(Vec<((StationId, i64), Tally)>),
    Frames(Frames),
    Omissions(Vec<((StationId, String, Why), Omitted)>),
    Definitions(Vec<point::Defined>),
    Held(StationId, Vec<Held>),
    Released(Vec<Id>),
    PersonFiles(StationId, Vec<PersonFile>),
    TakenFiles(StationId, Vec<(TakenFile, Timestamp)>),
    Knocks(Vec<((Protocol, String), Knock)>),
    Rejects(Vec<Rejected>),
}

impl Piece {
    fn save(&self, tx: &mut Tx<'_>) -> Result<()> {
        match self {
            Piece::Contacts(contacts) => station::save_contacts(tx, contacts),
            Piece::Clocks(samples) => station::save_clocks(tx, samples),
            Piece::Tallies(tallies) => source::save_tallies(tx, tallies),
            Piece::Frames(frames) => source::save_frames(tx, frames),
            Piece::Omissions(omissions) => source::save_omissions(tx, omissions),
            Piece::Definitions(definitions) => point::save(tx, definitions),
            Piece::Held(station, frames) => held::save(tx, *station, frames),
            Piece::Released(frames) => held::release(tx, frames),
            Piece::PersonFiles(station, files) => person_file::save(tx, *station, files),
            Piece::TakenFiles(station, files) => taken_file::save(tx, *station, files),
            Piece::Knocks(knocks) => waiting::save(tx, knocks),
            Piece::Rejects(rejects) => reject::save(tx, rejects),
        }
    }
}

fn chunks<T>(items: impl IntoIterator<Item = T>) -> impl Iterator<Item = Vec<T>> {
    let mut items = items.into_iter();
    std::iter::from_fn(move || {
        let chunk: Vec<T> = items.by_ref().take(PIECE).collect();
        (!chunk.is_empty()).then_some(chunk)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_one_millisecond_sort_in_the_order_they_were_asked_for() {
        let ledger = Ledger::new(Arc::default());
        let at = Timestamp::from_millis(1_000_000);
        let ids: Vec<Id> = (0..1_000).map(|_| ledger.new_id(at)).collect();
        assert!(ids.is_sorted());
        assert!(ids.last() < Some(&ledger.new_id(Timestamp::from_millis(1_000_001))));
    }

    #[test]
    fn what_a_flood_brings_between_two_batches_is_bounded() {
        let ledger = Ledger::new(Arc::default());
        let at = Timestamp::from_millis(1_000_000);
        for number in 0..5_000 {
            ledger.knock(Protocol::Sl651, format!("{number:010}"), "peer", at, b"raw");
            ledger.reject(Rejected {
                id: ledger.new_id(at),
                protocol: Protocol::Sl651,
                source: "peer".to_owned(),
                received: at,
                hex: "7E".to_owned(),
                reason: "noise".to_owned(),
                offset: None,
                station: None,
            });
        }
        let (knocks, rejects, lost) = ledger
            .with(|pending| (pending.knocks.len(), pending.rejects.len(), pending.lost_rejects));
        assert_eq!((knocks, rejects), (MOST_KNOCKS, MOST_REJECTS));
        assert_eq!(lost, 5_000 - MOST_REJECTS as u64);
    }
}
