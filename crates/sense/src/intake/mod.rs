//! Intake: the one place where all doors deliver, and from where they hear what
//! may be acknowledged.
//!
//! In: [`Arrival`]s of every door. Out: raw frames as documents, readings in the
//! series, and a [`Verdict`] for each arrival.
//! Tables: none of its own; it fills those of `station`, `source`, `waiting`, `reject`.
//!
//! An arrival of a registered station is answered [`Outcome::Stored`] only when its
//! raw bytes *and* its readings are on disk, in that order, so that every reading
//! has its frame. A group of arrivals shares one synchronisation of each. The same
//! frame again is stored too: its readings are there already, and the station
//! must hear so.

pub(crate) mod budget;
mod desk;
mod find;
mod ledger;
mod replay;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use base::{Id, Timestamp};
use crossbeam_channel::{Sender, unbounded};
use host::World;
use host::document::DocumentRef;
use wire::session::Outcome;

use self::budget::Budget;
use self::ledger::Ledger;
use crate::gateway::Lines;
use crate::protocol::{Gist, Message, Protocol, Why};
use crate::reject::Rejected;
use crate::source::FrameNote;
use crate::station::StationId;
use crate::station::command::{self, SendCommand};
use crate::taken_file::Recent;

/// One message as a door delivers it.
pub struct Arrival {
    /// The peer's address.
    pub source: Arc<str>,
    /// The code of the station that sent it, in its protocol's one form.
    pub sender: String,
    /// By the world's clock, when its last byte was read.
    pub received: Timestamp,
    /// As it was on the wire, all packets of a message in order.
    pub raw: Vec<u8>,
    /// What it says; the protocol is part of it.
    pub message: Message,
    /// Called once, from any thread, with what became of it.
    pub settle: Box<dyn FnOnce(Verdict) + Send>,
}

/// What became of an arrival.
pub struct Verdict {
    pub outcome: Outcome,
    /// Nobody was registered under the sender's code when it was judged; somebody may be
    /// since. What is heard of it is the same as of a wrong key.
    pub is_stranger: bool,
    /// What it said, once that is stored.
    pub gist: Option<Gist>,
    /// To be handed to [`Intake::keep`] once the acknowledgement is out.
    pub note: Option<Note>,
}

/// What will be said of a frame of a registered station; boxed, because the channel of a
/// connection keeps room for thirty verdicts, and ten thousand idle ones have one each.
pub struct Note(Box<FrameNote>);

impl Note {
    /// Where its bytes are kept.
    pub fn documents(&self) -> Vec<DocumentRef> {
        self.0.documents.clone()
    }

    /// The acknowledgement was written so long after the frame was read.
    pub fn acknowledged(mut self, after: Duration) -> Note {
        self.0.acknowledged_ms = i64::try_from(after.as_millis()).ok();
        self
    }
}

/// An answer to a command that nobody waits for any more, or that names it itself.
pub struct Answer {
    pub protocol: Protocol,
    /// The code of the station that answers, which is proved.
    pub station: String,
    pub command: Id,
    pub said: Option<serde_json::Value>,
    /// Its bytes.
    pub documents: Vec<DocumentRef>,
}

/// Bytes that a door could make nothing of.
pub struct Refuse {
    pub source: Arc<str>,
    pub received: Timestamp,
    pub protocol: Protocol,
    pub raw: Vec<u8>,
    pub reason: String,
    /// Who they may be from, by their codes: who the bytes name, or who was heard last.
    pub suspects: Vec<String>,
}

/// How much intake holds and how often it writes what it counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// Bytes in flight, all doors together. Default 64 MiB.
    pub bytes_in_flight: usize,
    /// How often contacts, counts and rejects are written. Default 500 ms.
    pub write_every: Duration,
}

impl Default for Config {
    fn default() -> Config {
        Config { bytes_in_flight: 64 << 20, write_every: Duration::from_millis(500) }
    }
}

/// What intake has done since it was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Messages delivered by doors.
    pub delivered: u64,
    /// Of them on disk and acknowledged, duplicates included.
    pub stored: u64,
    /// Of `stored`: nothing in them was new.
    pub duplicates: u64,
    /// Of unknown stations, with a wrong password, or unreadable.
    pub refused: u64,
    /// There was no room or no disk; the station sends them again.
    pub busy: u64,
    /// Pieces of bytes that were no message.
    pub rejected: u64,
    /// Readings stored.
    pub readings: u64,
}

/// Bytes of a refused message that are kept as evidence: whoever sends files of 20 MiB
/// with a wrong key must not fill the tables.
const EVIDENCE: usize = 64 << 10;

/// A handle on a world's intake; cheap to clone.
#[derive(Clone)]
pub struct Intake(Arc<Inner>);

struct Inner {
    world: World,
    config: Config,
    budget: Arc<Budget>,
    ledger: Ledger,
    lines: Lines,
    files: Recent,
    inbox: Sender<Parcel>,
    counters: Counters,
}

/// What goes to the intake's thread.
enum Parcel {
    Arrival(Arrival),
    Refuse(Refuse),
}

#[derive(Default)]
struct Counters {
    delivered: AtomicU64,
    stored: AtomicU64,
    duplicates: AtomicU64,
    refused: AtomicU64,
    busy: AtomicU64,
    rejected: AtomicU64,
    readings: AtomicU64,
}

impl Intake {
    /// Starts the intake of a world; its thread ends when the world is closed.
    pub fn open(world: &World, config: Config) -> Intake {
        let (inbox, parcels) = unbounded();
        let inner = Arc::new(Inner {
            world: world.clone(),
            budget: Budget::new(config.bytes_in_flight),
            config,
            ledger: Ledger::new(world.memo()),
            // The effect gives its commands to the doors of this world, where it has one.
            lines: world.effect::<SendCommand>().map_or_else(Lines::default, |it| it.lines()),
            files: Recent::default(),
            inbox,
            counters: Counters::default(),
        });
        let desk = Arc::clone(&inner);
        world.spawn("intake", move || desk::serve(&desk, &parcels));
        Intake(inner)
    }

    /// Takes a message. Never waits: doors hold back by their share of the budget.
    pub fn deliver(&self, arrival: Arrival) {
        add(&self.0.counters.delivered, 1);
        if let Err(error) = self.0.inbox.send(Parcel::Arrival(arrival))
            && let Parcel::Arrival(arrival) = error.into_inner()
        {
            self.0.settle(arrival.settle, Outcome::Busy, None);
        }
    }

    /// Takes bytes that are no message, as evidence.
    pub fn refuse(&self, refuse: Refuse) {
        // After the end of the world nobody looks at evidence.
        let _ = self.0.inbox.send(Parcel::Refuse(refuse));
    }

    /// Notes a settled frame, with or without its acknowledgement.
    pub fn keep(&self, note: Note) {
        self.0.ledger.frame(*note.0);
    }

    /// Writes down what a station answers to a command. Never waits.
    pub fn answered(&self, answer: Answer) {
        command::answered(&self.0.world, answer);
    }

    /// A station for which a command waits is on a line. Never waits.
    pub fn reached(&self, protocol: Protocol, station: &str) {
        command::hasten(&self.0.world, protocol, station.to_owned());
    }

    /// On which connections its stations were heard.
    pub fn lines(&self) -> &Lines {
        &self.0.lines
    }

    /// Where it stores.
    pub fn world(&self) -> &World {
        &self.0.world
    }

    pub(crate) fn budget(&self) -> &Arc<Budget> {
        &self.0.budget
    }

    /// Bytes in flight now.
    pub fn bytes_in_flight(&self) -> usize {
        self.0.budget.used()
    }

    pub fn counts(&self) -> Counts {
        let counters = &self.0.counters;
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Counts {
            delivered: read(&counters.delivered),
            stored: read(&counters.stored),
            duplicates: read(&counters.duplicates),
            refused: read(&counters.refused),
            busy: read(&counters.busy),
            rejected: read(&counters.rejected),
            readings: read(&counters.readings),
        }
    }

    /// Writes what was counted, now. Not for async code.
    ///
    /// # Errors
    /// [`host::Error`] of the writer.
    pub fn write_now(&self) -> host::Result<()> {
        self.0.ledger.write_now(&self.0.world)
    }
}

impl Inner {
    fn settle(
        &self,
        settle: Box<dyn FnOnce(Verdict) + Send>,
        outcome: Outcome,
        note: Option<FrameNote>,
    ) {
        let note = note.map(Box::new).map(Note);
        let verdict = Verdict { outcome, is_stranger: false, gist: None, note };
        self.judged(settle, verdict);
    }

    fn judged(&self, settle: Box<dyn FnOnce(Verdict) + Send>, verdict: Verdict) {
        let counter = match &verdict.outcome {
            Outcome::Stored => &self.counters.stored,
            Outcome::Refused(_) | Outcome::Unreadable(_) => &self.counters.refused,
            Outcome::Busy => &self.counters.busy,
        };
        add(counter, 1);
        settle(verdict);
    }

    fn reject(&self, mut rejected: Rejected) {
        rejected.hex.truncate(2 * EVIDENCE);
        add(&self.counters.rejected, 1);
        if let Some((station, _)) = &rejected.station {
            self.ledger.tally(*station, rejected.received, |tally| tally.rejected += 1);
        }
        self.ledger.reject(rejected);
    }

    fn omit(&self, station: StationId, element: String, why: Why, seen: (Timestamp, String)) {
        self.ledger.omission(station, element, why, seen);
    }
}

fn add(counter: &AtomicU64, more: u64) {
    counter.fetch_add(more, Ordering::Relaxed);
}
