//! What an owner may set; the defaults suit the two-core box.

use base::Duration;

/// Sizes and ages; all bounds are soft by one append.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// A file of the write-ahead log is closed at this size. Default 64 MiB.
    pub segment_bytes: u64,
    /// Samples in memory before they are sealed into a block; twice as many are
    /// held while one block is being written, then appends wait. Default 4 million.
    pub head_points: usize,
    /// Samples are sealed at the latest when newer ones have been received so much
    /// later. Default one hour.
    pub head_age: Duration,
    /// Samples that may wait for the disk. Default 1 million.
    pub queue_samples: usize,
    /// Samples that are synchronised together at most. Default 100 000.
    pub group_samples: usize,
    /// So many blocks written from memory are merged into blocks by day. Default 16.
    pub merge_fresh: usize,
    /// Block files kept open. Default 512.
    pub open_blocks: usize,
    /// Retention writes so many bytes of blocks anew before it leaves the rest to its
    /// next pass. Default 256 MiB.
    pub retain_bytes: u64,
}

impl Default for Config {
    fn default() -> Config {
        Config {
            segment_bytes: 64 << 20,
            head_points: 4_000_000,
            head_age: Duration::from_hours(1),
            queue_samples: 1_000_000,
            group_samples: 100_000,
            merge_fresh: 16,
            open_blocks: 512,
            retain_bytes: 256 << 20,
        }
    }
}
