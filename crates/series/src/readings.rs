//! Readings: what may be asked of stored readings, whoever keeps them.

use base::Timestamp;

use crate::{Bucket, Reading, SeriesError, SeriesNo, Store, Superseded};

/// Readings of a range by time, in pieces of bounded size.
pub type Pieces = Box<dyn Iterator<Item = Result<Vec<Reading>, SeriesError>> + Send>;

/// Who can be asked what is stored: the [`Store`], or one that keeps a copy of it. Two
/// that hold the same give the same answers, to the bit; each call means what it means
/// for the [`Store`]. All of them may wait for a disk or a network.
///
/// # Errors
/// Those of the [`Store`]; [`SeriesError::Elsewhere`] when what was asked for is kept
/// elsewhere, and that cannot be reached or does not hold all of it yet.
pub trait Readings: Send + Sync {
    fn stream(
        &self,
        series: SeriesNo,
        from: Timestamp,
        to: Timestamp,
        as_of: Option<Timestamp>,
    ) -> Result<Pieces, SeriesError>;

    fn range(
        &self,
        series: SeriesNo,
        from: Timestamp,
        to: Timestamp,
        as_of: Option<Timestamp>,
    ) -> Result<Vec<Reading>, SeriesError> {
        let mut readings = Vec::new();
        for piece in self.stream(series, from, to, as_of)? {
            readings.extend(piece?);
        }
        Ok(readings)
    }

    fn downsample(
        &self,
        series: SeriesNo,
        from: Timestamp,
        to: Timestamp,
        buckets: usize,
        as_of: Option<Timestamp>,
    ) -> Result<Vec<Bucket>, SeriesError>;

    fn superseded(
        &self,
        series: SeriesNo,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<Superseded>, SeriesError>;

    /// How the copy is that is asked too, if there is one.
    fn copy(&self) -> Option<CopyStatus> {
        None
    }
}

/// How a copy of a store is, for health pages and metrics.
#[derive(Debug, Clone, Default)]
pub struct CopyStatus {
    /// Whether it answered the last time it was asked.
    pub answers: bool,
    /// Since when it has not; kept while attempts go on.
    pub failing_since: Option<Timestamp>,
    /// What the last failure was; kept after it is over.
    pub last_error: Option<String>,
    pub last_error_at: Option<Timestamp>,
    /// When the newest reading that it has confirmed reached this node.
    pub confirmed_received: Option<Timestamp>,
    /// Batches of the log that it has not confirmed.
    pub behind: u64,
    /// Bytes of the log on disk, whoever needs them.
    pub log_bytes: u64,
    /// Where the log is let go.
    pub log_limit: u64,
    /// What is being read out of blocks: series done, of how many.
    pub filling: Option<(u32, u64)>,
    /// Rows inserted since the start of the process.
    pub rows: u64,
    /// Failed attempts since the start of the process.
    pub failures: u64,
    /// How often the log was let go since the start of the process.
    pub let_go: u64,
    /// Questions that it was asked since the start of the process, and those among them
    /// that it failed to answer.
    pub questions: u64,
    pub unanswered: u64,
}

impl Readings for Store {
    fn stream(
        &self,
        series: SeriesNo,
        from: Timestamp,
        to: Timestamp,
        as_of: Option<Timestamp>,
    ) -> Result<Pieces, SeriesError> {
        Ok(Box::new(Store::stream(self, series, from, to, as_of)?))
    }

    fn range(
        &self,
        series: SeriesNo,
        from: Timestamp,
        to: Timestamp,
        as_of: Option<Timestamp>,
    ) -> Result<Vec<Reading>, SeriesError> {
        Store::range(self, series, from, to, as_of)
    }

    fn downsample(
        &self,
        series: SeriesNo,
        from: Timestamp,
        to: Timestamp,
        buckets: usize,
        as_of: Option<Timestamp>,
    ) -> Result<Vec<Bucket>, SeriesError> {
        Store::downsample(self, series, from, to, buckets, as_of)
    }

    fn superseded(
        &self,
        series: SeriesNo,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<Superseded>, SeriesError> {
        Store::superseded(self, series, from, to)
    }
}
