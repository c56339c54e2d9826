//! Why the copy cannot be written or read.

use base::Id;
use series::SeriesError;

/// Why the copy cannot be written or read.
#[derive(Debug, thiserror::Error)]
pub enum ClickHouseError {
    #[error("clickhouse: {0}")]
    Config(String),
    #[error("ClickHouse does not answer: {0}")]
    Unreachable(String),
    #[error("ClickHouse refused with status {status}: {said}")]
    Refused { status: u16, said: String },
    /// The answer is not what such a question is answered with.
    #[error("ClickHouse answered with something else: {0}")]
    Answer(String),
    #[error("column {column} of table {table} is {seen}, expected {expected}")]
    Schema { table: String, column: String, seen: String, expected: String },
    #[error("the database belongs to node {owner}, expected {expected} or an empty one")]
    Foreign { owner: Id, expected: Id },
    #[error(
        "epoch {newest} was begun by another copy of this node; this one stands at epoch {own}"
    )]
    Overtaken { own: u32, newest: u32 },
    #[error("{file}: {what}")]
    State { file: String, what: String },
    #[error(transparent)]
    Series(#[from] SeriesError),
}
