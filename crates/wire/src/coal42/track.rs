//! Lists inside one field: where somebody went, and whose cards.

use base::Timestamp;

use super::parse::bare;
use super::record::time;

/// A base station that somebody passed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stop<'a> {
    pub station: &'a str,
    pub at: Option<Timestamp>,
}

/// The stops of a track, in the order of the field.
///
/// The annex joins station and time by `&`. Between stops hosts were seen with `&` as
/// well, and with `,`: a piece that is a time belongs to the station before it.
pub fn stops(track: &str) -> impl Iterator<Item = Stop<'_>> {
    let mut pieces = items(track).peekable();
    std::iter::from_fn(move || {
        let station = pieces.next()?;
        let at = pieces.peek().and_then(|next| time(next));
        if at.is_some() {
            pieces.next();
        }
        Some(Stop { station, at })
    })
}

/// The items of a list, without empty ones.
pub fn items(list: &str) -> impl Iterator<Item = &str> {
    list.split(['&', ',']).map(bare).filter(|item| !item.is_empty())
}
