//! Segments as files, for one-way gateways (单向网闸): an outbox for each neighbour, and
//! an inbox.
//!
//! In: the configuration's directories; the log that grows; files that somebody carries.
//! Out: segment files, as errands of the effect `segment.write`; entries of other nodes;
//! notes in the trail of what people gave and brought by hand.
//! Tables: `segment_sent`, `segment_taken`, working state. Screens: `/api/segments/exchange`,
//! the health page. Decision in ADR 21.
//!
//! Nobody answers through such a gateway. So a file's name says whose entries it holds,
//! which and for whom; writing it twice is harmless, and so is taking it twice. What got
//! lost on the way shows at the other end as a file that waits for the one before it.

mod file;
pub(crate) mod inbox;
mod name;
mod note;
pub(crate) mod outbox;
mod routes;
mod upload;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use base::Timestamp;
use crossbeam_channel::{Receiver, RecvTimeoutError};
use schemars::JsonSchema;
use serde::Serialize;

use crate::db::Read;
use crate::error::Result;
use crate::params;
use crate::part::Part;
use crate::tx::Tx;
use crate::world::World;

pub use file::write_whole;
pub use inbox::{InboxState, LeftFile, WaitingFile};
pub use name::file_name;

/// Where segments go out and come in as files.
#[derive(Debug, Clone)]
pub struct Config {
    /// A directory for each neighbour. It must be there: a gateway that is not mounted is
    /// no directory of ours.
    pub outboxes: BTreeMap<String, PathBuf>,
    pub inbox: Option<PathBuf>,
    /// Between two looks, and between two files for one neighbour. Without it nothing goes
    /// out and nothing is looked at by itself: for stories that do it by hand.
    pub every: Option<Duration>,
    /// How long a file may stay without its end and without a change before it counts as
    /// cut off.
    pub half_after: Duration,
}

impl Default for Config {
    fn default() -> Config {
        Config {
            outboxes: BTreeMap::new(),
            inbox: None,
            every: Some(Duration::from_secs(10)),
            half_after: Duration::from_secs(600),
        }
    }
}

/// The exchange of a node: its configuration, and what its inbox last looked like.
#[derive(Debug, Clone, Default)]
pub struct Exchange(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    config: Config,
    inbox: Mutex<InboxState>,
    uploads: upload::Places,
}

impl Exchange {
    pub fn new(config: Config) -> Exchange {
        Exchange(Arc::new(Inner { config, ..Inner::default() }))
    }

    fn config(&self) -> &Config {
        &self.0.config
    }

    /// What the inbox was like when it was last looked at.
    pub fn inbox(&self) -> InboxState {
        self.0.inbox.lock().expect("no holder panics").clone()
    }

    fn show(&self, state: InboxState) {
        *self.0.inbox.lock().expect("no holder panics") = state;
    }

    /// Starts writing and taking, for a world that has a way out; it ends with the world.
    pub(crate) fn start(&self, world: &World) {
        let Some(every) = self.config().every else { return };
        if !self.config().outboxes.is_empty() {
            let (ticks, world_of_thread) = (world.ticks(), world.clone());
            world.spawn("outbox", move || outbox::serve(&world_of_thread, every, &ticks));
        }
        if let Some(directory) = self.config().inbox.clone() {
            let (ticks, world_of_thread) = (world.ticks(), world.clone());
            world.spawn("inbox", move || inbox::serve(&world_of_thread, &directory, every, &ticks));
        }
    }
}

/// The host gives it to every program.
pub(crate) fn part() -> Part {
    Part {
        name: "exchange",
        routes: routes::routes(),
        notes: vec![note::notes()],
        effects: vec![Arc::new(outbox::WriteSegment)],
        ..Part::default()
    }
}

/// Sleeps for `span` of machine time; `false` when the world has closed meanwhile.
fn sleep(ticks: &Receiver<()>, span: Duration) -> bool {
    let until = Instant::now() + span;
    loop {
        match ticks.recv_timeout(until.saturating_duration_since(Instant::now())) {
            Ok(()) => {}
            Err(RecvTimeoutError::Timeout) => return true,
            Err(RecvTimeoutError::Disconnected) => return false,
        }
    }
}

/// `$1` neighbour, `$2` the last of this node's entries that it was sent, `$3` now.
pub(crate) const NOTE_SENT: &str = "insert into segment_sent (neighbour, last, ordered_at) \
    values ($1, $2, $3) on conflict (neighbour) do update \
    set last = excluded.last, ordered_at = excluded.ordered_at";

/// Up to which of this node's entries segments for a neighbour were ordered; 0 for none.
///
/// # Errors
/// [`crate::Error::Db`] when the database does not answer.
pub fn sent(db: &mut dyn Read, neighbour: &str) -> Result<i64> {
    let row = db.row("select last from segment_sent where neighbour = $1", params![neighbour])?;
    Ok(row.map_or(Ok(0), |row| row.get("last"))?)
}

/// Notes that a neighbour was given this node's entries up to `last`, and in the trail that
/// somebody said so; a smaller number has what follows it written once more.
///
/// # Errors
/// [`crate::Error::Invalid`] for an entry that this node does not have yet;
/// [`crate::Error::Conflict`] `reading-undecided`.
pub fn set_sent(tx: &mut Tx<'_>, neighbour: &str, last: i64) -> Result<()> {
    crate::neighbour::reading(tx, neighbour)?;
    let origin = tx.origin.to_owned();
    let newest = crate::segment::position(tx, &origin)?;
    if !(0..=newest).contains(&last) {
        let expected = format!("0 to {newest}, the newest entry of {origin}");
        return Err(crate::Error::invalid("last", last, expected));
    }
    let (before, now) = (sent(tx, neighbour)?, tx.machine_now());
    tx.work().run(NOTE_SENT, params![neighbour, last, now])?;
    let set = note::SentSet { neighbour: neighbour.to_owned(), before, last };
    note::put(tx, note::SegmentNote::SentSet(set))
}

/// What the exchange waits for, in numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Counts {
    /// Files of the inbox that wait: for the one before them, for their end, for a key
    /// that somebody trusts.
    pub waiting: usize,
    /// Files of the inbox that cannot be read, or are none.
    pub left: usize,
    /// Why the inbox itself could not be looked at.
    pub trouble: Option<String>,
    /// When the inbox was last looked at.
    pub looked_at: Option<Timestamp>,
    /// Own entries that no file was ordered for yet, for the neighbour that is behind most.
    pub unsent: i64,
}

/// What waits in `world`: nothing in a drill or in the past, which exchange no files.
///
/// # Errors
/// [`crate::Error::Db`] when the database does not answer.
pub fn counts(world: &World, db: &mut dyn Read) -> Result<Counts> {
    if !world.is_real() {
        return Ok(Counts::default());
    }
    let exchange = &world.kit().exchange;
    let inbox = exchange.inbox();
    let newest = crate::segment::position(db, world.origin())?;
    let mut unsent = 0;
    for neighbour in exchange.config().outboxes.keys() {
        unsent = unsent.max(newest - sent(db, neighbour)?);
    }
    Ok(Counts {
        waiting: inbox.waiting_count,
        left: inbox.left_count,
        trouble: inbox.trouble,
        looked_at: inbox.looked_at,
        unsent,
    })
}
