//! Which bytes of a frame say what, and which of them are hidden.

use schemars::JsonSchema;
use serde::Serialize;

/// Bytes of a frame that say one thing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Span {
    /// The first byte.
    pub start: usize,
    /// Bytes.
    pub len: usize,
    /// A stable name: `station`, `element`, `checksum`.
    pub name: &'static str,
    /// What they say.
    pub text: String,
}

impl From<wire::Span> for Span {
    fn from(span: wire::Span) -> Span {
        let wire::Span { start, len, name, text } = span;
        Span { start, len, name, text }
    }
}

impl Span {
    /// The name of bytes that are shown only to who may register stations.
    pub const PASSWORD: &'static str = "password";
    /// The name of the check over a frame, its password included.
    pub(crate) const CHECK: &'static str = "checksum";

    /// What it says is hidden.
    pub(crate) fn hide(&mut self) {
        self.text = "****".to_owned();
    }
}
