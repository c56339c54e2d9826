//! Filling: what the log does not hold is read out of the store, series by series.

use series::{Reading, SeriesError, SeriesNo, Store, Stream};

use crate::mirror::ROWS;
use crate::row::{self, FILLED, Place};
use crate::state::Fill;

/// A walk over all series; begun anew with its first unfinished one.
pub(crate) struct Filling {
    fill: Fill,
    epoch: u32,
    stream: Option<Stream>,
}

impl Filling {
    pub fn new(fill: Fill, epoch: u32) -> Filling {
        Filling { fill, epoch, stream: None }
    }

    /// The series before this number have been given whole.
    pub fn next(&self) -> u32 {
        self.fill.next
    }

    pub fn is_done(&self, store: &Store) -> bool {
        store.counts().series <= u64::from(self.fill.next)
    }

    /// The next rows, about [`ROWS`] of them; none when all series have been given.
    pub fn rows(&mut self, store: &Store) -> Result<Vec<u8>, SeriesError> {
        let mut rows = Vec::new();
        while rows.len() < ROWS * row::BYTES {
            let series = SeriesNo(self.fill.next);
            let Some(sensor) = store.sensor_of(series) else { break };
            let stream = match &mut self.stream {
                Some(stream) => stream,
                None => self.stream.insert(store.history(series, self.fill.from, self.fill.to)?),
            };
            let Some(piece) = stream.next() else {
                self.stream = None;
                self.fill.next += 1;
                continue;
            };
            for key in piece?.chunk_by(|a, b| a.time == b.time) {
                self.put(&mut rows, sensor, key);
            }
        }
        Ok(rows)
    }

    /// All versions of a key, in the order of their arrival.
    fn put(&self, rows: &mut Vec<u8>, sensor: base::Id, key: &[Reading]) {
        for (ordinal, reading) in (FILLED..).zip(key) {
            let place = Place { epoch: self.epoch, position: self.fill.position.0, ordinal };
            row::put(rows, sensor, reading, place);
        }
    }
}
