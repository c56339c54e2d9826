//! How far a number that came as data can be relied on.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How far a threshold, a limit or a factor can be relied on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    /// Read in the text of a standard or an official document.
    Official,
    /// Laid down by the station's own authority.
    Local,
    /// Worked out and checked against another source.
    Checked,
    /// From memory: a default, to be replaced.
    Memory,
    /// Invented for a demonstration.
    Demo,
}
