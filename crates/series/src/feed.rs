//! A feed: all that a store has, piece by piece, for a copy of it elsewhere.
//!
//! In: the log, and the blocks for what the log no longer has. Out: [`Piece`]s; each is
//! given again until it is confirmed, also after a restart, so a copy gets everything at
//! least once and drops what it has by its key.
//!
//! While a copy does not answer, the log is held for it until it has grown to a limit.
//! Then it is let go: what was in it stays in the blocks, which are held, and is given
//! out of them, series by series.
//!
//! What a copy has confirmed is remembered by the feed's owner ([`Feed::confirmed`],
//! [`Feed::fill`]), who calls [`Feed::release`] after it is written.

use base::Timestamp;

use crate::{Consumer, Held, Position, Reading, SeriesError, SeriesNo, Store, Stored, Stream};

/// What a copy gets out of the blocks, because the log did not keep it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fill {
    /// The last position before it.
    pub position: Position,
    /// The series before this number are done.
    pub next: u32,
    pub from: Timestamp,
    pub to: Timestamp,
}

/// Before and after every time that a reading can have.
const ALL: (Timestamp, Timestamp) =
    (Timestamp::from_millis(i64::MIN), Timestamp::from_millis(i64::MAX));

impl Fill {
    /// Everything that was stored up to a position.
    pub fn everything(position: Position) -> Fill {
        Fill { position, next: 0, from: ALL.0, to: ALL.1 }
    }

    /// What has to be filled for either.
    fn with(self, other: Fill) -> Fill {
        Fill {
            position: self.position.min(other.position),
            next: 0,
            from: self.from.min(other.from),
            to: self.to.max(other.to),
        }
    }
}

/// What is to be confirmed together.
#[derive(Debug)]
pub enum Piece {
    /// The next batches of the log; at least one.
    Log(Vec<Stored>),
    /// Out of the blocks: all versions of keys, in the order of their arrival.
    Blocks {
        fill: Fill,
        readings: Vec<(SeriesNo, Vec<Reading>)>,
        /// The series before this number are done with it.
        next: u32,
    },
}

/// See the head of this module.
pub struct Feed {
    store: Store,
    consumer: Consumer,
    log_bytes: u64,
    confirmed: Position,
    fill: Option<Fill>,
    /// The walk through the first series that is not done.
    walk: Option<Stream>,
}

impl Feed {
    /// Begins, or goes on, to hold a log for a copy.
    ///
    /// - `name`: of the consumer and of the range that is held.
    /// - `log_bytes`: what the log may grow to while nothing is confirmed.
    /// - `known`: what the owner remembers; `None` for a copy that has nothing yet.
    ///
    /// # Errors
    /// Those of the store.
    pub fn open(
        store: Store,
        name: &str,
        log_bytes: u64,
        known: Option<(Position, Option<Fill>)>,
    ) -> Result<Feed, SeriesError> {
        let consumer = store.consumer(name)?;
        let released = consumer.released();
        let (confirmed, fill) = match known {
            Some((confirmed, fill)) => (confirmed.max(released), fill),
            // Behind everything that the log will give; nothing, if that is all there is.
            None => {
                let fill = (released != Position::START).then(|| Fill::everything(released));
                (released, fill)
            }
        };
        let feed = Feed { store, consumer, log_bytes, confirmed, fill, walk: None };
        if let Some(fill) = &feed.fill {
            feed.hold(fill)?;
        }
        Ok(feed)
    }

    /// Ends what an earlier configuration began: the log is held for the copy no longer.
    ///
    /// # Errors
    /// Those of the store.
    pub fn forget(store: &Store, name: &str) -> Result<(), SeriesError> {
        if store.held_ranges().iter().any(|held| held.name == name) {
            store.release_range(name)?;
        }
        if store.consumers().iter().any(|(known, _)| known == name) {
            store.forget_consumer(name)?;
        }
        Ok(())
    }

    /// All batches up to this position are confirmed, but for what has to be filled.
    pub fn confirmed(&self) -> Position {
        self.confirmed
    }

    pub fn fill(&self) -> Option<Fill> {
        self.fill
    }

    /// The next piece of the log, of about so many readings; `None` when all of it is
    /// confirmed.
    ///
    /// # Errors
    /// Those of the store. Asked again, it begins where this piece did.
    pub fn out_of_log(&self, readings: usize) -> Result<Option<Piece>, SeriesError> {
        let mut batches = self.consumer.read_after(self.confirmed)?;
        let (mut piece, mut count) = (Vec::new(), 0);
        while count < readings
            && let Some(stored) = batches.next_stored()
        {
            let stored = stored?;
            count += stored.readings.len();
            piece.push(stored);
        }
        Ok(Some(Piece::Log(piece)).filter(|_| 0 < count))
    }

    /// The next piece of what has to be filled, of about so many readings; `None` when
    /// nothing has to be. The log goes first, as far as there is any: it is newer.
    ///
    /// # Errors
    /// Those of the store. [`Feed::again`] begins with the first series that is not done.
    pub fn out_of_blocks(&mut self, readings: usize) -> Result<Option<Piece>, SeriesError> {
        let Some(fill) = self.fill else { return Ok(None) };
        let (mut piece, mut count, mut next) = (Vec::new(), 0, fill.next);
        while count < readings && u64::from(next) < self.store.counts().series {
            let walk = match &mut self.walk {
                Some(walk) => walk,
                None => {
                    let walk = self.store.history(SeriesNo(next), fill.from, fill.to)?;
                    self.walk.insert(walk)
                }
            };
            match walk.next() {
                Some(part) => {
                    let part = part?;
                    count += part.len();
                    piece.push((SeriesNo(next), part));
                }
                None => {
                    self.walk = None;
                    next += 1;
                }
            }
        }
        Ok(Some(Piece::Blocks { fill, readings: piece, next }))
    }

    /// The copy has a piece. It is to be remembered, and then [`Feed::release`]d.
    pub fn confirm(&mut self, piece: &Piece) {
        match piece {
            Piece::Log(batches) => {
                let last = batches.last().map_or(self.confirmed, |stored| stored.position);
                self.confirmed = self.confirmed.max(last);
            }
            Piece::Blocks { fill, next, .. } => {
                let is_done = self.store.counts().series <= u64::from(*next);
                self.fill = Some(Fill { next: *next, ..*fill }).filter(|_| !is_done);
            }
        }
    }

    /// The copy has not what it was given last out of the blocks: it is given again, from
    /// the beginning of the series.
    pub fn again(&mut self) {
        self.walk = None;
    }

    /// Lets the log go when it has grown to its limit; says whether it did. What was in it
    /// is filled out of the blocks from now on: to be remembered, and then released.
    ///
    /// # Errors
    /// Those of the store; nothing is let go then.
    pub fn let_go_if_due(&mut self) -> Result<bool, SeriesError> {
        let (confirmed, position) = (self.confirmed, self.store.position());
        if self.store.counts().wal_bytes <= self.log_bytes || position <= confirmed {
            return Ok(false);
        }
        let is_held_by_others = self
            .store
            .consumers()
            .iter()
            .any(|(name, upto)| name != self.consumer.name() && *upto < confirmed);
        if is_held_by_others {
            // Letting go would not make it smaller.
            return Ok(false);
        }
        // The readings' own times decide what has to be read again.
        let (mut least, mut greatest, mut upto) = (i64::MAX, i64::MIN, confirmed);
        for batch in self.consumer.read_after(confirmed)? {
            let batch = batch?;
            for sample in &*batch.samples {
                least = least.min(sample.time.as_millis());
                greatest = greatest.max(sample.time.as_millis());
            }
            upto = batch.position;
            if position <= upto {
                break;
            }
        }
        let missing = Fill {
            position: confirmed,
            next: 0,
            from: Timestamp::from_millis(least),
            to: Timestamp::from_millis(greatest.saturating_add(1)),
        };
        let fill = self.fill.map_or(missing, |fill| fill.with(missing));
        self.hold(&fill)?;
        (self.fill, self.walk, self.confirmed) = (Some(fill), None, upto);
        Ok(true)
    }

    /// Says to the store what is not needed again, after its owner has written down what
    /// is confirmed.
    ///
    /// # Errors
    /// Those of the store.
    pub fn release(&self) -> Result<(), SeriesError> {
        let name = self.consumer.name();
        if self.fill.is_none() && self.store.held_ranges().iter().any(|held| held.name == name) {
            self.store.release_range(name)?;
        }
        self.consumer.release(self.confirmed)
    }

    /// What is neither with the copy nor in the log must stay in the store.
    fn hold(&self, fill: &Fill) -> Result<(), SeriesError> {
        let name = self.consumer.name().to_owned();
        self.store.hold_range(Held { name, series: None, from: fill.from, to: fill.to })
    }
}
