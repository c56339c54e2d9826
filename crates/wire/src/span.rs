//! Bytes with a name: what every codec's `layout` gives.

/// A range of bytes with a stable name and what it says.
///
/// Names are shared by all codecs where they mean the same (`start`, `station`,
/// `password`, `function`, `length`, `serial`, `sent`, `element`, `data`, `checksum`,
/// `end`, `unread`, `after`); each `layout` says which it uses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    pub start: usize,
    pub len: usize,
    pub name: &'static str,
    pub text: String,
}
